"""Pages for what goes wrong: in our design, with the way out, and the right status."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import path

from policybuilder.errors import (
    CHECK_THE_ADDRESS,
    DAMAGED_REQUEST,
    DRAFT_IS_KEPT,
    NO_SUCH_PAGE,
    OTHER_HOST,
    OUR_FAULT,
    SEND_LESS,
    STILL_THERE,
    TOO_MUCH_AT_ONCE,
    UNREADABLE_REQUEST,
)
from policybuilder.urls import handler400, handler404, handler500  # noqa: F401
from policybuilder.urls import urlpatterns as real_urlpatterns
from tests.pages.tab import HTMX, parse, words
from tests.pages.test_security import PAGES as ALL_PAGES
from tests.sweeps import sweep


def broken(request):
    raise RuntimeError("a fault of ours, with a secret in it")


# This module is the URL conf of some tests: the real one, and pages that fail.
urlpatterns = [path("broken/", broken), *real_urlpatterns]

with_pages_that_fail = override_settings(ROOT_URLCONF=__name__)
ONLY_FORMS = ["/check/policy.json", "/draft.json", "/draft/"]


def expect_our_page(response, status: int, title: str, message: str) -> None:
    assert response.status_code == status
    page = parse(response)
    assert page.title.string == f"{title} · Policy Builder"
    if way_back := page.select_one("#way-back a"):
        assert (words(page.main), words(way_back)) == (f"{title} {message}", "Back to the draft")
        assert way_back["href"] == page.select_one("header .brand")["href"] == "/?draft=1abc"
    else:
        assert words(page.main) == f"{title} {message} Open the builder"
        assert page.main.select_one("a.button")["href"] == page.select_one("header .brand")["href"] == "/"
    assert page.select_one("link[rel=stylesheet]")["href"].startswith("/static/css/app.")


@pytest.mark.parametrize("where", ["/nowhere/", "/operations/", "/actions/", "/policy.json/", "/%00", "/%ff"])
def test_404_for_an_address_that_nothing_has(visitor, where):
    expect_our_page(visitor.get(where), 404, NO_SUCH_PAGE, CHECK_THE_ADDRESS)


def test_address_without_its_slash_leads_to_the_one_with_it(visitor):
    response = visitor.get("/split?draft=1abc")

    assert (response.status_code, response["Location"]) == (301, "/split/?draft=1abc")


def test_404_does_not_repeat_the_address(visitor):
    assert b"alert(1)" not in visitor.get("/<script>alert(1)</script>/").content


FORMS = ["/", "/shorten/", "/refused/", "/check/", "/access/", "/compare/", "/policy.json", *ONLY_FORMS]
URLENCODED = "application/x-www-form-urlencoded"
BODIES = {
    "262,144 bytes of text": [
        (URLENCODED, "text=" + "x" * 300_000),
        (URLENCODED, "o=" * 140_000),
        (MULTIPART_CONTENT, encode_multipart(BOUNDARY, {"text": "x" * 300_000})),
    ],
    "5,000 fields": [
        (URLENCODED, "&".join(f"f{number}=1" for number in range(5_001))),
        (MULTIPART_CONTENT, encode_multipart(BOUNDARY, {f"f{number}": "1" for number in range(5_001)})),
    ],
    "100 files": [
        (MULTIPART_CONTENT, encode_multipart(BOUNDARY, {f"f{at}": SimpleUploadedFile("x", b"x") for at in range(101)})),
    ],
    "1,500,000 bytes": [
        (URLENCODED, "text=" + "x" * 1_500_000),
        (MULTIPART_CONTENT, encode_multipart(BOUNDARY, {"file": SimpleUploadedFile("x.json", b"x" * 1_500_000)})),
    ],
}
# Each body for the builder, and one of each limit for the other pages: what reads them does not know the page.
TOO_MUCH = [
    (where, limit, *body)
    for where in FORMS
    for limit, bodies in BODIES.items()
    for body in (bodies if where == "/" else bodies[:1])
]


def test_every_page_that_takes_a_form_is_there(visitor):
    pages = {where for where in [*ALL_PAGES.values(), *FORMS] if not where.startswith("/api/")}
    answers = {where: visitor.post(where).status_code for where in pages}

    assert {where for where, status in answers.items() if status not in {404, 405}} == set(FORMS)


@sweep(("where", "limit", "content_type", "body"), TOO_MUCH)
def test_413_names_the_limit_and_the_way_out(visitor, where, limit, content_type, body):
    message = f"At most {limit} are read at once; IAM takes 6,144 characters in a policy. "
    for headers, way_out in (
        ({}, SEND_LESS),
        (HTMX, STILL_THERE),
    ):
        response = visitor.generic("POST", where, body, content_type, headers=headers)
        expect_our_page(response, 413, TOO_MUCH_AT_ONCE, message + way_out)


@pytest.mark.parametrize("kind", ["application/json", URLENCODED, MULTIPART_CONTENT, "text/plain"])
def test_413_of_the_api_has_its_shape(visitor, kind):
    response = visitor.generic("POST", "/api/v1/check/", "x" * 1_500_001, kind)

    assert (response.status_code, response.json()["error"]["code"]) == (413, "too_large")


@sweep("where", [*FORMS, "/api/v1/check/"])
@sweep("length", ["many", "-5", "1e3", "1_0", "+5", " 5", "\u0665", "5, 5"])
def test_400_for_a_length_that_is_no_number(visitor, where, length):
    for kind in (URLENCODED, MULTIPART_CONTENT, "application/json"):
        assert visitor.generic("POST", where, b"x=1", kind, CONTENT_LENGTH=length).status_code == 400


@sweep("where", [*FORMS, "/api/v1/check/"])
@sweep("length", ["1500001", "9" * 20, "9" * 5_000])
def test_413_for_a_length_without_end_before_anything_is_read(visitor, where, length):
    for kind in (URLENCODED, MULTIPART_CONTENT, "application/json"):
        response = visitor.generic("POST", where, b"-", kind, CONTENT_LENGTH=length, **{"wsgi.input": Broken()})
        assert response.status_code == 413


@sweep("where", [*FORMS, "/api/v1/check/"])
@sweep("length", [None, "", "0", "5", "100000"])
def test_length_that_is_wrong_or_missing_is_no_fault_of_ours(visitor, where, length):
    for kind in (URLENCODED, MULTIPART_CONTENT, "application/json"):
        given = {} if length is None else {"CONTENT_LENGTH": length}
        environment = {"wsgi.input": io.BytesIO(b"text=abc&do=explain"), "HTTP_TRANSFER_ENCODING": "chunked"}
        assert visitor.generic("POST", where, b"-", kind, **environment, **given).status_code < 500


class Broken(io.RawIOBase):
    """The connection of a client that went away."""

    def read(self, size=-1):
        raise ConnectionResetError


@pytest.mark.parametrize("where", [*FORMS, "/api/v1/check/"])
def test_400_for_a_body_that_ends_with_the_connection(visitor, where):
    for kind in (URLENCODED, MULTIPART_CONTENT) if where in FORMS else ("application/json",):
        body = {"CONTENT_LENGTH": "100", "wsgi.input": Broken()}
        assert visitor.generic("POST", where, b"-", kind, **body).status_code == 400


DAMAGED = DAMAGED_REQUEST


@sweep("content_type", ["multipart/form-data", "multipart/form-data; boundary=é"])
@sweep("where", FORMS)
def test_400_for_a_form_that_is_damaged(visitor, where, content_type):
    response = visitor.post(where, "no boundary", content_type=content_type)

    expect_our_page(response, 400, UNREADABLE_REQUEST, DAMAGED)


def test_400_for_an_address_of_too_many_parts(visitor):
    expect_our_page(visitor.get("/?" + "&" * 5_001), 400, UNREADABLE_REQUEST, DAMAGED)


def test_400_for_a_host_that_is_not_ours(visitor):
    expect_our_page(
        visitor.get("/", headers={"Host": "elsewhere.example"}),
        400,
        UNREADABLE_REQUEST,
        OTHER_HOST,
    )


KNOWN_PAGES = [where for name, where in ALL_PAGES.items() if not name.startswith("api") and where != "/nowhere/"]


def methods_of(where):
    return [*([] if where in ONLY_FORMS else ["GET", "HEAD"]), *(["POST"] if where in FORMS else [])]


@sweep("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"])
@sweep("where", KNOWN_PAGES)
def test_405_has_a_page_and_names_what_is_allowed(method, where):
    allowed = methods_of(where)
    if method in allowed:
        return

    response = Client().generic(method, where)
    assert (response.status_code, response["Allow"]) == (405, ", ".join(allowed))
    page = parse(response)
    assert page.title.string == "This page cannot be used like that · Policy Builder"
    assert words(page.main.p) == f"{method} is not among the methods of this address: {', '.join(allowed)}."
    assert page.main.select_one("a.button")["href"] == "/"


@sweep("where", KNOWN_PAGES)
def test_what_is_said_to_be_allowed_is_and_nothing_else(where):
    client = Client()
    allowed = methods_of(where)

    for method in ("GET", "HEAD", "POST"):
        status = client.generic(method, where).status_code
        assert status in ({200, 303, 422} if method in allowed else {405})


@with_pages_that_fail
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_500_tells_nothing_about_the_fault(visitor, headers):
    response = visitor.get("/broken/", headers=headers)

    expect_our_page(response, 500, OUR_FAULT, DRAFT_IS_KEPT)
    assert b"secret" not in response.content
