"""All settings. What differs between deployments is an environment variable, and is read here and nowhere else.

    DEBUG          1 or 0; 0 unless set
    ALLOWED_HOSTS  host names, separated by commas; this machine's own names unless set
    CATALOGUE      a folder of catalogue files, or one file; fixtures/catalogue/ unless set
    HTTPS          1 behind a proxy that ends TLS and sets X-Forwarded-Proto; 0 unless set

A wrong value stops the start with one line that names it. The variables of the server itself
(PORT, BIND, THREADS) are read in management/commands/serve.py.
"""

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from csp.constants import NONE, SELF
from environs import Env, EnvError

from policybuilder.catalog_files import CATALOGUE as OWN_CATALOGUE

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
    **options: Any,
) -> Value:
    """The parsed variable `name`, or its default. Stops the process with one line where the value is not `valid`."""
    try:
        value = parse(name, **options)
        if valid(value):
            return value
    except EnvError:
        pass
    raise SystemExit(f"Policy Builder does not start: {name} is {os.environ[name]!r}. Expected: {expected}.")


def all_match(pattern: str) -> Callable[[list[str]], bool]:
    return lambda values: all(re.fullmatch(pattern, value) for value in values)


DEBUG = read_variable(env.bool, "DEBUG", default=False, expected="1 or 0")

HTTPS = read_variable(env.bool, "HTTPS", default=False, expected="1 or 0")

ALLOWED_HOSTS = read_variable(
    env.list,
    "ALLOWED_HOSTS",
    default=["localhost", "127.0.0.1", "[::1]"],
    subcast=str.strip,
    valid=lambda hosts: bool(hosts) and all_match(rf"\*|\.?{HOST}")(hosts),
    expected="host names separated by commas, without scheme and port, such as policies.example.com",
)

CATALOGUE = read_variable(
    env.path,
    "CATALOGUE",
    default=OWN_CATALOGUE,
    valid=Path.exists,
    expected="a folder of catalogue files, or one file",
)


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
    # Pages shrink to about a tenth. No page holds a secret that its compressed length could betray (BREACH).
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "policybuilder.web.response_headers.permissions_policy",
    "django.middleware.common.CommonMiddleware",
    "policybuilder.middleware.RequestBody",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "policybuilder.middleware.method_page",
    "policybuilder.middleware.AnswerLimits",
    "policybuilder.middleware.PartialDraftMiddleware",
]

ROOT_URLCONF = "policybuilder.urls"

WSGI_APPLICATION = "policybuilder.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["template_partials.templatetags.partials", "policybuilder.web.marked_html"],
            "context_processors": [
                "django.template.context_processors.request",
                "policybuilder.drafts.carrying.carried_draft",
            ],
        },
    },
]

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True


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
# The application is at the root of its host. Django would take a prefix for its addresses from SCRIPT_NAME, which some
# servers fill from a header of the client: redirects and links would lead to another host.
FORCE_SCRIPT_NAME = ""
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# There are no accounts, sessions or stored data: no form needs a CSRF token, and nothing is signed with a key.
SILENCED_SYSTEM_CHECKS = ["security.W003", "security.W009"]

if HTTPS:
    SECURE_SSL_REDIRECT = True
    # The proxy must set this header itself on every request, and drop one that the browser sent.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    # HSTS for this host only. Whether its subdomains and the browsers' preload lists follow is for the owner of the
    # domain to decide, at the proxy, since other services may live there.
    SILENCED_SYSTEM_CHECKS += ["security.W005", "security.W021"]

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
