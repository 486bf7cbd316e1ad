"""What a deployment sets, and what it is told when that is wrong. One case of each kind is a process, as at a start."""

import json
import os
import runpy
import subprocess
import sys
from unittest.mock import patch

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


def run_settings(**variables):
    """The settings of a process that has these variables only."""
    with patch.dict(os.environ, OTHER_VARIABLES | variables, clear=True):
        return runpy.run_path(str(settings.BASE_DIR / "policybuilder" / "settings.py"))


def load_settings(*names, **variables):
    found = run_settings(**variables)
    return json.loads(json.dumps([found[name] for name in names]))


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
    with pytest.raises(SystemExit) as stopped:
        run_settings(**{name: value})

    assert stopped.value.code.endswith(f"{name} is {value!r}. Expected: {expected}.")


def test_wrong_value_ends_the_process_with_one_line():
    process = run_python("-c", "from policybuilder import settings", DEBUG="maybe")

    (line,) = process.stderr.splitlines()
    assert (process.returncode, process.stdout, "DEBUG is 'maybe'" in line) == (1, "", True)


def test_right_values_say_nothing():
    process = run_python("-c", "from policybuilder import settings; print(settings.DEBUG)", DEBUG="on")

    assert (process.returncode, process.stdout, process.stderr) == (0, "True\n", "")


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

    assert process.returncode == 1
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
