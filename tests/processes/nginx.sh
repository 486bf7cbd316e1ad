#!/bin/sh
# Installs nginx and openssl where they are missing and apt-get is there. Without them, test_proxy.py is skipped.

PATH="$PATH:/usr/sbin"
command -v nginx >/dev/null && command -v openssl >/dev/null && exit
[ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || exit 0
echo "Installing nginx with apt-get" >&2
apt-get update >&2
DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends nginx openssl >&2 ||
    echo "nginx could not be installed: the tests of deploy/nginx.conf are skipped." >&2
