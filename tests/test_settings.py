"""What a deployment sets, and what it is told when that is wrong. Each case is a process, as at a real start."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings

from tests.builders import ECS

VARIABLES = {"DEBUG", "ALLOWED_HOSTS", "CATALOGUE", "HTTPS"}
OTHER_VARIABLES = {name: value for name, value in os.environ.items() if name not in VARIABLES} | {
    "DJANGO_SETTINGS_MODULE": "policybuilder.settings"  # not those of the tests
}


def run_python(*arguments, **variables):
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=settings.BASE_DIR,
        env=OTHER_VARIABLES | variables,
        capture_output=True,
        text=True,
        timeout=60,
    )


def load_settings(*names, **variables):
    """The settings `names` of a process that has these variables only."""
    print_settings = (
        "import json; from policybuilder import settings; "
        f"print(json.dumps([getattr(settings, name) for name in {names!r}]))"
    )
    process = run_python("-c", print_settings, **variables)
    assert process.stderr == ""
    return json.loads(process.stdout)


def refusal(**variables):
    """What a process that has these variables only says on stderr, where it must stop."""
    process = run_python("-c", "from policybuilder import settings", **variables)
    assert (process.returncode, process.stdout) == (1, "")
    return process.stderr


def test_defaults_serve_this_machine_only():
    assert load_settings("DEBUG", "ALLOWED_HOSTS", "HTTPS") == [
        False,
        ["localhost", "127.0.0.1", "[::1]"],
        False,
    ]


def test_values_are_read():
    assert load_settings(
        "DEBUG",
        "ALLOWED_HOSTS",
        DEBUG="on",
        ALLOWED_HOSTS="policies.example.com, .example.org,*,10.0.0.1",
    ) == [
        True,
        ["policies.example.com", ".example.org", "*", "10.0.0.1"],
    ]


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("DEBUG", "maybe", "1 or 0"),
        ("CATALOGUE", "no/such/folder", "a folder of catalogue files, or one file"),
        ("DEBUG", "", "1 or 0"),
        ("HTTPS", "https", "1 or 0"),
        (
            "ALLOWED_HOSTS",
            "https://policies.example.com",
            "host names separated by commas, without scheme and port, such as policies.example.com",
        ),
        (
            "ALLOWED_HOSTS",
            "localhost:8000",
            "host names separated by commas, without scheme and port, such as policies.example.com",
        ),
        (
            "ALLOWED_HOSTS",
            "",
            "host names separated by commas, without scheme and port, such as policies.example.com",
        ),
    ],
)
def test_wrong_value_is_refused_with_its_name(name, value, expected):
    assert refusal(**{name: value}) == (f"Policy Builder does not start: {name} is {value!r}. Expected: {expected}.\n")


def test_https_redirects():
    assert load_settings("SECURE_SSL_REDIRECT", "SECURE_PROXY_SSL_HEADER", "SECURE_HSTS_SECONDS", HTTPS="1") == [
        True,
        ["HTTP_X_FORWARDED_PROTO", "https"],
        31536000,
    ]


SERVERS = [["-c", "import policybuilder.wsgi"], ["manage.py", "runserver", "--noreload", "127.0.0.1:0"]]


@pytest.mark.parametrize("command", SERVERS, ids=["WSGI", "runserver"])
def test_catalogue_with_an_error_stops_the_start_and_the_error_has_its_place(tmp_path, command):
    catalogue = tmp_path / "ecs.yaml"
    catalogue.write_text(ECS.read_text().replace("access: read", "access: look", 1))
    line = 1 + catalogue.read_text().partition("access: look")[0].count("\n")

    process = run_python(*command, CATALOGUE=str(catalogue), DEBUG="1")

    assert (process.returncode, process.stderr.splitlines()[0]) == (
        1,
        "Policy Builder does not start: the catalogue has errors.",
    )
    assert process.stderr.splitlines()[1].startswith(f"{catalogue}:{line}: ")
    assert process.stderr.splitlines()[1].endswith(": access: 'look' is none of read, write")


def test_every_page_carries_the_security_headers(client):
    headers = client.get("/there-is-no-such-page").headers

    assert set(headers["Content-Security-Policy"].split("; ")) == {
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    }
    names = (
        "Cross-Origin-Opener-Policy",
        "Permissions-Policy",
        "Referrer-Policy",
        "X-Content-Type-Options",
        "X-Frame-Options",
    )
    assert {name: headers[name] for name in names} == {
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": "camera=(), clipboard-read=(), clipboard-write=(self), geolocation=(), "
        "microphone=(), payment=()",
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }
