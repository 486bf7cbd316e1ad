"""The browser of these tests, and what fails each of them: an error in the console (a violation of the
Content-Security-Policy is one), an uncaught exception, a request to another host.

`page` and `new_context` are pytest-playwright's. Their addresses are relative to the live server: page.goto("/").
"""

import os
import shutil
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.looks import WIDE
from tests.browser.screen import Builder

# How long a page may take before it counts as broken. It costs nothing where it does not, and a machine that is busy
# with something else is no fault of the page.
PATIENCE = 30_000  # ms
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """The browser that `make test` found, else the system's, else the one that Playwright installed."""
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    return {**browser_type_launch_args, "executable_path": path}


@pytest.fixture(scope="session")
def base_url(live_server):
    return live_server.url


@pytest.fixture
def complaints():
    """What the browser complained about so far. A test that provokes a complaint checks it and clears this list."""
    return []


@pytest.fixture
def new_context(new_context, live_server, complaints):
    """pytest-playwright's factory of browser contexts, whose pages must not complain."""
    own_host = urlsplit(live_server.url).netloc

    def on_console(message):
        # A form that comes back with its errors has status 422, and Chromium reports that as a failure.
        if message.type == "error" and "status of 422" not in message.text:
            complaints.append(f"console: {message.text}")

    def on_request(request):
        address = urlsplit(request.url)
        if address.scheme not in {"data", "blob"} and address.netloc != own_host:
            complaints.append(f"request to another host: {request.url}")

    def watched_context(**options):
        context = new_context(**options)
        context.set_default_timeout(PATIENCE)
        context.on("console", on_console)
        context.on("request", on_request)
        context.on("weberror", lambda error: complaints.append(f"exception: {error.error}"))
        return context

    yield watched_context
    assert complaints == []


@pytest.fixture
def calm_page(new_context):
    """A wide page on which nothing moves, for those who look closely."""
    return new_context(viewport={"width": WIDE, "height": 900}, reduced_motion="reduce").new_page()


@pytest.fixture
def plain_page(new_context):
    """A page of a browser without JavaScript."""
    return new_context(java_script_enabled=False).new_page()


@pytest.fixture
def builder(page):
    """The empty builder, opened."""
    return Builder(page).open()
