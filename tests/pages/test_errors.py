"""Pages for what goes wrong: in our design, with the way out, and the right status."""

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.test import override_settings
from django.urls import path

from policybuilder.models import CATALOG_MODELS
from policybuilder.store import rows as catalog_loader
from policybuilder.urls import handler400, handler403, handler404, handler500  # noqa: F401
from policybuilder.urls import urlpatterns as real_urlpatterns
from tests.builders import ECS
from tests.pages.tab import ATTACH, HTMX, parse, words


def broken(request):
    raise RuntimeError("a fault of ours, with a secret in it")


def forbidden(request):
    raise PermissionDenied("a secret")


# This module is the URL conf of some tests: the real one, and pages that fail.
urlpatterns = [path("broken/", broken), path("forbidden/", forbidden), *real_urlpatterns]

with_pages_that_fail = override_settings(ROOT_URLCONF=__name__)
TOO_MANY = {f"field-{number}": "1" for number in range(5001)}


def expect_our_page(response, status: int, title: str, message: str) -> None:
    assert response.status_code == status
    page = parse(response)
    assert page.title.string == f"{title} · Policy Builder"
    assert words(page.main) == f"{title} {message} Open the builder"
    assert page.main.select_one("a.button")["href"] == "/"
    assert page.select_one("header .brand")["href"] == "/"
    assert page.select_one("link[rel=stylesheet]")["href"].startswith("/static/css/app.")


@pytest.mark.parametrize("where", ["/nowhere/", "/operations/", "/actions/", "/policy.json/", "/%00", "/%ff"])
def test_404_for_an_address_that_nothing_has(visitor, where):
    expect_our_page(visitor.get(where), 404, "There is no such page", "Check the address, or start from the builder.")


def test_address_without_its_slash_leads_to_the_one_with_it(visitor):
    response = visitor.get("/split?draft=1abc")

    assert (response.status_code, response["Location"]) == (301, "/split/?draft=1abc")


def test_404_does_not_repeat_the_address(visitor):
    assert b"alert(1)" not in visitor.get("/<script>alert(1)</script>/").content


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_400_for_a_form_with_too_many_fields(visitor, headers):
    expect_our_page(
        visitor.post("/", TOO_MANY, headers=headers),
        400,
        "This request could not be read",
        "It was damaged or too large. Go back and try again.",
    )


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/x-www-form-urlencoded", "name=" + "x" * 300_000),
        ("application/x-www-form-urlencoded", "o=" * 140_000),
        ("multipart/form-data; boundary=x", f'--x\r\nContent-Disposition: form-data; name="q"\r\n\r\n{"x" * 300_000}'),
        ("multipart/form-data", "no boundary"),
    ],
)
def test_400_for_a_form_that_is_too_large_or_damaged(visitor, content_type, body):
    expect_our_page(
        visitor.post("/", body, content_type=content_type),
        400,
        "This request could not be read",
        "It was damaged or too large. Go back and try again.",
    )


def test_400_for_a_host_that_is_not_ours(visitor):
    expect_our_page(
        visitor.get("/", headers={"Host": "elsewhere.example"}),
        400,
        "This request could not be read",
        "It was damaged or too large. Go back and try again.",
    )


@with_pages_that_fail
def test_403(visitor):
    expect_our_page(
        visitor.get("/forbidden/"), 403, "You may not do this", "Log in with an account that has the permission."
    )


@pytest.mark.parametrize("method", ["post", "put", "delete", "options"])
@pytest.mark.parametrize("where", ["/split/", "/policy.json", "/actions/ecs:servers:get/"])
def test_405_has_a_page_and_names_what_is_allowed(visitor, method, where):
    response = getattr(visitor, method)(where)

    assert (response.status_code, response["Allow"]) == (405, "GET")
    page = parse(response)
    assert page.title.string.endswith(" · Policy Builder")
    assert page.main.select_one("a.button")["href"] == "/"


@with_pages_that_fail
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_500_tells_nothing_about_the_fault(visitor, headers):
    response = visitor.get("/broken/", headers=headers)

    expect_our_page(
        response, 500, "Something went wrong on our side", "Your draft is in the address: reload, or go back to it."
    )
    assert b"secret" not in response.content


# Without a catalogue


@pytest.fixture
def no_catalog(db, monkeypatch):
    """A process that has just begun, and rows of nothing."""
    for model in reversed(CATALOG_MODELS):
        model.objects.all().delete()
    monkeypatch.setattr(catalog_loader, "_held", catalog_loader.Held())


PAGES = [
    "/",
    "/?draft=1abc&q=x",
    "/split/",
    "/policy.json",
    "/causes/",
    f"/operations/{ATTACH}/",
    "/actions/ecs:servers:get/",
    "/categories/ecs/disk-management/",
]


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize("where", PAGES)
def test_503_without_a_catalogue_names_the_way_out(no_catalog, visitor, where, headers):
    expect_our_page(
        visitor.get(where, headers=headers),
        503,
        "No catalogue is loaded yet",
        "Load it with: python manage.py load_catalog fixtures/*.yaml",
    )


def test_503_for_a_submitted_form_too(no_catalog, visitor):
    assert visitor.post("/", {"do": "all:ecs"}).status_code == 503


def test_catalogue_that_is_loaded_later_is_found(no_catalog, visitor):
    assert visitor.get("/").status_code == 503
    call_command("load_catalog", str(ECS), verbosity=0)

    assert visitor.get("/").status_code == 200


def test_what_needs_no_catalogue_works_without(no_catalog, visitor):
    assert visitor.get("/api/v1/docs/").status_code == 200
    assert visitor.get("/nowhere/").status_code == 404
