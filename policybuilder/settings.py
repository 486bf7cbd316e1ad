"""All settings. What differs between deployments is an environment variable, and is read here and nowhere else.

    DEBUG                 1 or 0; 0 unless set
    SECRET_KEY            required; at least 50 characters unless DEBUG is on
    ALLOWED_HOSTS         host names, separated by commas; this machine's own names unless set
    CSRF_TRUSTED_ORIGINS  origins such as https://policies.example.com, separated by commas; none unless set
    DATABASE_URL          sqlite:///path or postgresql://user:password@host:port/name; SQLite in var/ unless set
    HTTPS                 1 behind a proxy that ends TLS and sets X-Forwarded-Proto; 0 unless set
    ADMIN                 1 for Django's admin at /admin/, with accounts and sessions; 0 unless set

A variable that is missing or wrong stops the start with one line that names it. The variables of the server itself
(PORT, BIND, WORKERS) are read in gunicorn.conf.py.
"""

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

from csp.constants import NONE, SELF
from dj_database_url import DBConfig
from environs import Env, EnvError

BASE_DIR = Path(__file__).resolve().parent.parent


# --- The environment ---------------------------------------------------------------------------------------------

env = Env()

Value = TypeVar("Value")

HOST = r"([a-zA-Z0-9]([a-zA-Z0-9.-]*[a-zA-Z0-9])?|\[[0-9a-fA-F:.]+\])"


def read_variable(
    parse: Callable[..., Value],
    name: str,
    *,
    expected: str,
    valid: Callable[[Value], bool] = lambda value: True,
    secret: bool = False,
    **options: Any,
) -> Value:
    """The parsed variable `name`. Stops the process with one line when it is missing or not `valid`."""
    try:
        value = parse(name, **options)
        if valid(value):
            return value
    except EnvError:
        pass
    if name not in os.environ:
        state = "is not set"
    elif secret:
        state = "is not usable (its value is kept out of this message)"
    else:
        state = f"is {os.environ[name]!r}"
    raise SystemExit(f"Policy Builder does not start: {name} {state}. Expected: {expected}.")


def all_match(pattern: str) -> Callable[[list[str]], bool]:
    return lambda values: all(re.fullmatch(pattern, value) for value in values)


def is_strong(key: str) -> bool:
    # Django's own deployment check (security.W009) asks for the same, but only warns.
    return len(key) >= 50 and len(set(key)) >= 5 and not key.startswith("django-insecure-")


def is_supported(database: DBConfig) -> bool:
    # SQLite in memory is refused too: every connection would see an empty database of its own.
    engine, name = database["ENGINE"].removeprefix("django.db.backends."), database["NAME"]
    return engine in {"sqlite3", "postgresql"} and name not in {"", ":memory:"} and "\0" not in name


DEBUG = read_variable(env.bool, "DEBUG", default=False, expected="1 or 0")

HTTPS = read_variable(env.bool, "HTTPS", default=False, expected="1 or 0")

ADMIN = read_variable(env.bool, "ADMIN", default=False, expected="1 or 0")

SECRET_KEY = read_variable(
    env.str,
    "SECRET_KEY",
    valid=bool if DEBUG else is_strong,
    expected="at least 50 random characters, such as python -c 'import secrets; print(secrets.token_urlsafe(64))' "
    "prints",
    secret=True,
)

ALLOWED_HOSTS = read_variable(
    env.list,
    "ALLOWED_HOSTS",
    default=["localhost", "127.0.0.1", "[::1]"],
    subcast=str.strip,
    valid=lambda hosts: bool(hosts) and all_match(rf"\*|\.?{HOST}")(hosts),
    expected="host names separated by commas, without scheme and port, such as policies.example.com",
)

CSRF_TRUSTED_ORIGINS = read_variable(
    env.list,
    "CSRF_TRUSTED_ORIGINS",
    default=[],
    subcast=str.strip,
    valid=all_match(rf"https?://(\*\.)?{HOST}(:[0-9]+)?"),
    expected="origins separated by commas, each scheme://host, such as https://policies.example.com",
)

SQLITE_FILE = BASE_DIR / "var" / "policybuilder.sqlite3"

DATABASES = {
    "default": read_variable(
        env.dj_db_url,
        "DATABASE_URL",
        default=f"sqlite:///{quote(str(SQLITE_FILE))}",
        valid=is_supported,
        expected="sqlite:///path/to/file or postgresql://user:password@host:port/name",
        secret=True,  # it can hold a password
        # Closed after each request. Pages look into the database once a second at most, and each client would have
        # a connection of its own that stays open.
        conn_max_age=0,
    )
}


# --- The database ------------------------------------------------------------------------------------------------

_database = DATABASES["default"]

if _database["ENGINE"] == "django.db.backends.sqlite3":
    # mode=rw: a file that is missing is an error. SQLite would make an empty one; only `migrate` does that here.
    _database["NAME"] = f"{Path(_database['NAME']).absolute().as_uri()}?mode=rw"
    _database["OPTIONS"] = {
        "init_command": "; ".join(
            [
                # Whoever connects reads the file, and a server that waited for another program's lock would answer
                # nobody meanwhile. Milliseconds.
                "PRAGMA busy_timeout = 500",
                # Write-ahead log: readers do not wait for the one writer. NORMAL is as safe as FULL with it, short of
                # the last transactions before a power cut.
                "PRAGMA journal_mode = WAL",
                "PRAGMA synchronous = NORMAL",
                # How long a writer waits for the one before it.
                "PRAGMA busy_timeout = 10000",
            ]
        ),
        # A transaction takes the write lock when it begins. One that took it later, after it had read, would fail at
        # once with "database is locked" when another process wrote in between, whatever the timeout.
        "transaction_mode": "IMMEDIATE",
    }
else:
    # A host that does not answer, or vanishes, is given up after 3 s and 5 s; the system's own limits are minutes.
    _database["OPTIONS"] = {"connect_timeout": 3, "tcp_user_timeout": 5000} | _database.get("OPTIONS", {})

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"


# --- The application ---------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "policybuilder.apps.PolicyBuilderConfig",
    "whitenoise.runserver_nostatic",  # before staticfiles: WhiteNoise serves under runserver as well
    "policybuilder.apps.NeededStaticFiles",
    "django_htmx",
    "template_partials",
    "csp",
    "rest_framework",
    "drf_spectacular",
]

MIDDLEWARE = [
    "policybuilder.middleware.head_without_body",
    # Before all that refuses or redirects: a probe comes by address and without TLS.
    "policybuilder.health.probes",
    # Before those that give answers of their own: they send addresses with drafts on to others.
    "policybuilder.middleware.private_drafts",
    "django.middleware.security.SecurityMiddleware",
    # Answers for static files itself. They are compressed already, hence before GZipMiddleware.
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Pages shrink to about a tenth. An attacker cannot measure the CSRF token out of a compressed page (BREACH):
    # Django masks it differently in every response, and this middleware adds a random length.
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "policybuilder.web.response_headers.permissions_policy",
    "django.middleware.common.CommonMiddleware",
    "policybuilder.middleware.RequestBody",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "policybuilder.middleware.method_page",
    "policybuilder.middleware.AnswerLimits",
    "policybuilder.middleware.PartialDraftMiddleware",
    "policybuilder.middleware.UnavailableMiddleware",
]

ROOT_URLCONF = "policybuilder.urls"

WSGI_APPLICATION = "policybuilder.wsgi.application"

_context_processors = [
    "django.template.context_processors.request",
    "policybuilder.drafts.carrying.carried_draft",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["template_partials.templatetags.partials"],
            "context_processors": _context_processors,
        },
    },
]

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True


# --- The admin, where it is switched on --------------------------------------------------------------------------

# Accounts and sessions are there for the admin alone. Without it nobody can log in, and no table holds anything secret.
if ADMIN:
    INSTALLED_APPS += [
        "django.contrib.admin",
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.messages",
    ]
    _after_csrf = MIDDLEWARE.index("django.middleware.csrf.CsrfViewMiddleware") + 1
    MIDDLEWARE[_after_csrf:_after_csrf] = [
        "policybuilder.middleware.no_null_for_the_admin",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
    ]
    _context_processors += [
        "django.contrib.auth.context_processors.auth",
        "django.contrib.messages.context_processors.messages",
    ]

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]


# --- Static files ------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "var" / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        # In production a name holds the hash of its content, so that browsers may keep the file for ever.
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "policybuilder.web.static_files.StaticFiles"
    },
}

WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_ALLOW_ALL_ORIGINS = False  # no page of another site needs them


# --- Security ----------------------------------------------------------------------------------------------------

# The page itself, its scripts and its styles come from this host, and nothing is inline.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

# A draft lives in the address, and an address must not travel to the vendor's pages that we link to.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = HTTPS
CSRF_FAILURE_VIEW = "policybuilder.errors.form_refused"

if HTTPS:
    SECURE_SSL_REDIRECT = True
    # The proxy must set this header itself on every request, and drop one that the browser sent.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    # HSTS for this host only. Whether its subdomains and the browsers' preload lists follow is for the owner of the
    # domain to decide, at the proxy, since other services may live there.
    SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]

# The largest input is a pasted policy. IAM's own limit for one is 6,144 characters.
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
# One field per ticked box, and room for a catalogue of some thousand operations.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000


# --- The API -----------------------------------------------------------------------------------------------------

# JSON in, JSON out, no account: it keeps nothing on the server and serves everybody alike.
REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["policybuilder.api.parsers.StrictJSONParser"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "policybuilder.api.negotiation.FirstRenderer",
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "UNAUTHENTICATED_USER": None,
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "policybuilder.api.errors.exception_handler",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}

SPECTACULAR_SETTINGS = {
    "TITLE": "Policy Builder API",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SORT_OPERATIONS": False,
    "SORT_OPERATION_PARAMETERS": False,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "ENUM_NAME_OVERRIDES": {
        "Support": "policybuilder.domain.catalog.entries.Support",
        "Project": "policybuilder.domain.access.evaluation.Project",
        "Level": "policybuilder.domain.catalog.entries.Level",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "policybuilder.api.openapi.complete",
    ],
}


# --- Logging -----------------------------------------------------------------------------------------------------

# Warnings and errors to stderr, in DEBUG or not. Django names the path of a failed request and never who sent it. What
# a client did wrong is one line, a fault of ours has its traceback.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "policybuilder.web.log_lines.LineFormatter",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    # Empties Django's own handlers, which mail errors to administrators and print only in DEBUG.
    "loggers": {"django": {"handlers": []}},
}
