#!/bin/sh
# Prints the path of a Chromium for the browser tests; installs one where there is none.
#
# Usage: chromium.sh PYTHON, a Python that has Playwright. CHROMIUM in the environment, if set, is the answer.
#
# The system's browser comes first: Playwright's own is a large download and lacks libraries on many systems. Where there
# is a choice, it is the one without a window, which Debian packages by itself and which takes half the time.

python=$1

runs() {
    "$1" --version >/dev/null 2>&1
}

system_chromium() {
    for name in chromium-headless-shell chromium chromium-browser google-chrome google-chrome-stable; do
        path=$(command -v "$name") && runs "$path" && echo "$path" && return
    done
    return 1
}

playwright_chromium() {
    path=$("$python" -c '
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    print(playwright.chromium.executable_path)
') && runs "$path" && echo "$path"
}

apt_install() {
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 1
    echo "Installing Chromium with apt-get" >&2
    apt-get update >&2
    for package in chromium-headless-shell chromium; do
        DEBIAN_FRONTEND=noninteractive apt-get install -y $package >&2 && return
    done
    return 1
}

playwright_install() {
    echo "Installing Chromium with Playwright" >&2
    "$python" -m playwright install chromium >&2
}

if [ -n "$CHROMIUM" ]; then
    runs "$CHROMIUM" && echo "$CHROMIUM" && exit
    echo "CHROMIUM is '$CHROMIUM', which does not run. Expected: the path of a Chromium or Chrome." >&2
    exit 1
fi

system_chromium && exit
playwright_chromium && exit
apt_install && system_chromium && exit
playwright_install && playwright_chromium && exit

echo "The browser tests need Chromium, and it could not be installed. Install chromium or google-chrome, or set" >&2
echo "CHROMIUM to the path of one, then run this again." >&2
exit 1
