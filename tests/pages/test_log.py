"""What is written to the log, by the configuration that production has: a line for what a client did wrong, a traceback
for what we did, and nothing of who sent it."""

import io
import logging
import re

import pytest
from django.conf import settings
from django.test import Client, override_settings
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import path
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.decorators import api_view

from policybuilder.urls import handler400, handler404, handler500  # noqa: F401
from policybuilder.urls import urlpatterns as real_urlpatterns
from policybuilder.web.log_lines import MAX_LINE
from tests.pages.builder.strategies import law_of_pages
from tests.pages.test_errors import FORMS, URLENCODED, Broken
from tests.pages.test_security import PAGES

FORGED = "x\r\n2026-01-01 00:00:00,000 ERROR django.request: forged\x1b[2J\x9b31m\u2028\u202e"
SENDER = "203.0.113.77"
LINE = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} [A-Z]+ [\w.]+: .*")


def broken(request, where=""):
    raise RuntimeError(FORGED)


urlpatterns = [
    path("broken/<path:where>", broken),
    path("api/v1/broken/<path:where>", api_view(["GET"])(broken)),
    *real_urlpatterns,
]


@pytest.fixture
def log():
    """What goes to stderr. Its one handler is that of our settings, as Django set it up."""
    assert settings.LOGGING["root"]["handlers"] == ["stderr"]
    (handler,) = [each for each in logging.getLogger().handlers if type(each) is logging.StreamHandler]
    stream = io.StringIO()
    before = handler.setStream(stream)
    yield stream
    handler.setStream(before)


def lines_of(stream: io.StringIO) -> list[str]:
    """What was written since, in lines as a terminal or a collector of logs may break them."""
    text = stream.getvalue()
    stream.seek(0)
    stream.truncate()
    assert text.replace("\n", "").isprintable()
    assert text == "" or text.endswith("\n")
    assert SENDER not in text
    return text.splitlines()


REFUSED = {
    "forged host": ("GET", "/", {"HTTP_HOST": "elsewhere.example"}, "Invalid HTTP_HOST header: 'elsewhere.example'."),
    "host that writes lines": ("GET", "/", {"HTTP_HOST": FORGED}, "Invalid HTTP_HOST header: "),
    "host of the API": ("GET", "/api/v1/services/", {"HTTP_HOST": FORGED}, "Invalid HTTP_HOST header: "),
    "unknown address": ("GET", f"/{FORGED}", {}, "Not Found: /x"),
    "unknown address of the API": ("GET", f"/api/v1/{FORGED}", {}, "Not Found: /api/v1/x"),
    "wrong method": ("POST", "/split/", {}, "Method Not Allowed (POST): /split/"),
    "method that writes lines": (FORGED, "/split/", {}, "Method Not Allowed ("),
    "wrong method of the API": ("PUT", "/api/v1/check/", {}, "Method Not Allowed: /api/v1/check/"),
    "length that is no number": ("POST", "/", {"CONTENT_LENGTH": FORGED}, "Content-Length is no number: /"),
    "too long": ("POST", "/check/", {"CONTENT_LENGTH": "9" * 9}, "Request body exceeded 1,500,000 bytes."),
    "too long for the API": ("POST", "/api/v1/check/", {"CONTENT_LENGTH": "9" * 9}, "Request body exceeded "),
    "connection that ends": (
        "POST",
        "/",
        {"CONTENT_LENGTH": "10", "CONTENT_TYPE": URLENCODED, "wsgi.input": Broken()},
        "The connection ended before the body did: /",
    ),
    "form without boundary": (
        "POST",
        "/",
        {"CONTENT_LENGTH": "1", "CONTENT_TYPE": "multipart/form-data"},
        "Bad request (Unable to parse request body): /",
    ),
}


@pytest.mark.parametrize(("method", "where", "environment", "said"), REFUSED.values(), ids=REFUSED)
def test_what_a_client_did_wrong_is_one_line(log, method, where, environment, said):
    client = Client(REMOTE_ADDR=SENDER, HTTP_X_FORWARDED_FOR=SENDER)
    response = client.generic(method, "/", **{"PATH_INFO": where.encode().decode("latin-1"), **environment})

    assert 400 <= response.status_code < 500
    (line,) = lines_of(log)
    assert LINE.fullmatch(line)
    assert said in line


@pytest.mark.parametrize("where", [*FORMS, "/api/v1/check/"])
def test_request_that_is_too_large_is_one_line(visitor, log, where):
    for kind, body in (
        (URLENCODED, "text=" + "x" * 300_000),
        (URLENCODED, "&" * 5_001),
        (MULTIPART_CONTENT, encode_multipart(BOUNDARY, {"text": "x" * 300_000})),
        ("application/json", "x" * 300_000),
    ):
        response = visitor.generic("POST", where, body, kind)
        assert len(lines_of(log)) == (1 if response.status_code >= 400 else 0)


def test_long_address_is_a_line_of_its_beginning(visitor, log):
    visitor.get("/" + "x" * 8_000)

    (line,) = lines_of(log)
    assert (len(line), line[-2:]) == (MAX_LINE, "x…")


LATIN = st.text(st.characters(max_codepoint=255), max_size=30)  # as servers hand on what was sent
TEXTS = LATIN | st.sampled_from([FORGED.encode().decode("latin-1"), "%", "%s", "{message}", "localhost", "x" * 3_000])


@law_of_pages
@given(
    st.sampled_from(["GET", "HEAD", "POST", "PUT", "OPTIONS"]) | TEXTS.filter(str.strip),
    st.sampled_from([*PAGES.values()]) | TEXTS.map("/{}".format) | TEXTS.map("/api/v1/{}".format),
    st.dictionaries(
        st.sampled_from(["HTTP_HOST", "CONTENT_TYPE", "CONTENT_LENGTH", "HTTP_COOKIE", "HTTP_REFERER", "HTTP_ORIGIN"])
        | st.sampled_from(["HTTP_HX_REQUEST", "HTTP_ACCEPT", "HTTP_X_FORWARDED_FOR", "HTTP_TRANSFER_ENCODING"]),
        TEXTS | st.sampled_from([URLENCODED, MULTIPART_CONTENT, "application/json", "3", "0"]),
    ),
    st.binary(max_size=50),
)
def test_no_request_at_all_is_more_than_a_line(log, method, where, headers, body):
    client = Client(raise_request_exception=False)
    environment = {"PATH_INFO": where, "wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body)), **headers}
    status = client.generic(method, "/", b"-", URLENCODED, **environment).status_code

    found = lines_of(log)
    assert status < 500
    assert len(found) == (status >= 400)
    assert all(LINE.fullmatch(line) for line in found)


@override_settings(ROOT_URLCONF=__name__)
@pytest.mark.parametrize("where", ["/broken/", "/api/v1/broken/"])
def test_fault_of_ours_keeps_its_traceback(visitor, log, where):
    environment = {"PATH_INFO": where + FORGED.replace("\n", "").encode().decode("latin-1"), "REMOTE_ADDR": SENDER}
    assert visitor.generic("GET", "/", **environment).status_code == 500

    found = lines_of(log)
    assert [line for line in found if not line.startswith("    ") and not LINE.fullmatch(line)] == []
    assert [line for line in found if "ERROR" in line and where in line and LINE.fullmatch(line)] != []
    assert "    Traceback (most recent call last):" in found
    assert any(line.startswith("    RuntimeError: x\\r") for line in found)
    assert [line for line in found if line.startswith("2026-01-01")] == []


def test_what_is_answered_is_no_line(visitor, log):
    for where in PAGES.values():
        if visitor.get(where).status_code == 200:
            visitor.head(where)
            assert lines_of(log) == []
        lines_of(log)
