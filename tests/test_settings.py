"""What a deployment sets, and what it is told when that is wrong. Each case is a process, as at a real start."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings

STRONG_KEY = "0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOPQRSTUVWXYZ"
VARIABLES = {"DEBUG", "SECRET_KEY", "ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "DATABASE_URL", "HTTPS", "ADMIN"}
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
    process = run_python("-c", print_settings, **{"SECRET_KEY": STRONG_KEY} | variables)
    assert process.stderr == ""
    return json.loads(process.stdout)


def refusal(**variables):
    """What a process that has these variables only says on stderr, where it must stop."""
    process = run_python("-c", "from policybuilder import settings", **variables)
    assert (process.returncode, process.stdout) == (1, "")
    return process.stderr


def test_defaults_serve_this_machine_only():
    assert load_settings("DEBUG", "ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "SESSION_COOKIE_SECURE") == [
        False,
        ["localhost", "127.0.0.1", "[::1]"],
        [],
        False,
    ]


def test_default_database_is_a_file_of_this_checkout_that_connecting_does_not_make():
    [databases] = load_settings("DATABASES")
    assert (databases["default"]["ENGINE"], databases["default"]["NAME"]) == (
        "django.db.backends.sqlite3",
        f"{(settings.BASE_DIR / 'var' / 'policybuilder.sqlite3').as_uri()}?mode=rw",
    )


def test_values_are_read():
    assert load_settings(
        "DEBUG",
        "ALLOWED_HOSTS",
        "CSRF_TRUSTED_ORIGINS",
        DEBUG="on",
        SECRET_KEY="short",
        ALLOWED_HOSTS="policies.example.com, .example.org,*,10.0.0.1",
        CSRF_TRUSTED_ORIGINS="https://policies.example.com,http://[::1]:8000,https://*.example.org",
    ) == [
        True,
        ["policies.example.com", ".example.org", "*", "10.0.0.1"],
        ["https://policies.example.com", "http://[::1]:8000", "https://*.example.org"],
    ]


def test_postgresql_address_is_read():
    [databases] = load_settings("DATABASES", DATABASE_URL="postgresql://me:p%40ss@db.example.com:5433/policies")
    read = {name: databases["default"][name] for name in ("ENGINE", "USER", "PASSWORD", "HOST", "PORT", "NAME")}
    assert read == {
        "ENGINE": "django.db.backends.postgresql",
        "USER": "me",
        "PASSWORD": "p@ss",
        "HOST": "db.example.com",
        "PORT": 5433,
        "NAME": "policies",
    }


@pytest.mark.parametrize(
    ("query", "options"),
    [
        ("", {"connect_timeout": 3, "tcp_user_timeout": 5000}),
        (
            "?connect_timeout=10&sslmode=require",
            {"connect_timeout": 10, "tcp_user_timeout": 5000, "sslmode": "require"},
        ),
    ],
)
def test_postgresql_that_does_not_answer_is_given_up(query, options):
    [databases] = load_settings("DATABASES", DATABASE_URL=f"postgresql://me@db.example.com/policies{query}")
    assert (databases["default"]["OPTIONS"], databases["default"]["CONN_MAX_AGE"]) == (options, 0)


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("DEBUG", "maybe", "1 or 0"),
        ("ADMIN", "yes please", "1 or 0"),
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
        (
            "CSRF_TRUSTED_ORIGINS",
            "https://policies.example.com,policies.example.org",
            "origins separated by commas, each scheme://host, such as https://policies.example.com",
        ),
        (
            "CSRF_TRUSTED_ORIGINS",
            "https://policies.example.com/",
            "origins separated by commas, each scheme://host, such as https://policies.example.com",
        ),
    ],
)
def test_wrong_value_is_refused_with_its_name(name, value, expected):
    assert refusal(**{"SECRET_KEY": STRONG_KEY, name: value}) == (
        f"Policy Builder does not start: {name} is {value!r}. Expected: {expected}.\n"
    )


KEY_EXPECTED = (
    "Expected: at least 50 random characters, "
    "such as python -c 'import secrets; print(secrets.token_urlsafe(64))' prints.\n"
)


def test_missing_key_is_refused():
    assert refusal() == f"Policy Builder does not start: SECRET_KEY is not set. {KEY_EXPECTED}"


@pytest.mark.parametrize("key", ["", "too short", "a" * 50, "django-insecure-" + STRONG_KEY])
def test_weak_key_is_refused_and_not_shown(key):
    assert refusal(SECRET_KEY=key) == (
        "Policy Builder does not start: SECRET_KEY is not usable (its value is kept out of this message). "
        f"{KEY_EXPECTED}"
    )


@pytest.mark.parametrize(
    "url",
    [
        "",
        "hunter2",
        "mysql://me:hunter2@localhost/policies",
        "postgresql://me:hunter2@localhost:port/policies",
        "postgresql://me:hunter2@localhost/",
        "sqlite://",
        "sqlite://:memory:",
        "sqlite:///hunter2%00",
        "postgresql://localhost/hunter2%00",
    ],
)
def test_wrong_database_is_refused_and_not_shown(url):
    assert refusal(SECRET_KEY=STRONG_KEY, DATABASE_URL=url) == (
        "Policy Builder does not start: DATABASE_URL is not usable (its value is kept out of this message). "
        "Expected: sqlite:///path/to/file or postgresql://user:password@host:port/name.\n"
    )


def test_https_redirects_and_marks_cookies():
    assert load_settings(
        "SECURE_SSL_REDIRECT",
        "SECURE_PROXY_SSL_HEADER",
        "SECURE_HSTS_SECONDS",
        "SESSION_COOKIE_SECURE",
        "CSRF_COOKIE_SECURE",
        HTTPS="1",
    ) == [True, ["HTTP_X_FORWARDED_PROTO", "https"], 31536000, True, True]


@pytest.mark.django_db
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
