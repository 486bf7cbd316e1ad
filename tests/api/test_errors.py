"""Whatever goes wrong below /api/v1/ is answered in one shape."""

import logging

import pytest
from django.core.exceptions import DisallowedHost
from django.http import Http404
from django.urls import include, path
from rest_framework.decorators import api_view

from policybuilder.answers.suggest import MEANT, NO_OPERATION
from policybuilder.api.errors import (
    NOTHING_AT,
    NOTHING_HERE,
    NOTHING_WITHOUT_SLASH,
    OUR_FAULT,
    UNREADABLE,
    error_response,
    flatten,
)
from tests.api.caller import details
from tests.sweeps import sweep

DELETING = "ecs/lifecycle-management/deleting-ecss"
POLICY = {"policy": {"Version": "1.1", "Statement": []}}
TAKING_A_BODY = {
    "compile/": {},
    "check/": POLICY,
    "compact/": POLICY,
    "split/": POLICY | {"by": "limits"},
    "explain/": {"text": ""},
}


@api_view(["GET"])
def fault(request):
    raise RuntimeError("a secret of ours")


@api_view(["GET"])
def missing(request):
    raise Http404("No Secret matches the given query.")


urlpatterns = [
    path("api/v1/fault/", fault),
    path("api/v1/missing/", missing),
    path("", include("policybuilder.urls")),
]


def refusal(code, message):
    return {"error": {"code": code, "message": message, "details": []}}


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("", NOTHING_HERE.format(path="/api/v1/")),
        ("nothing/", NOTHING_HERE.format(path="/api/v1/nothing/")),
        ("services", NOTHING_WITHOUT_SLASH.format(path="/api/v1/services")),
        ("operations/ecs/x/", NOTHING_HERE.format(path="/api/v1/operations/ecs/x/")),
        ("a%0Ab/", NOTHING_HERE.format(path="/api/v1/a\nb/")),
        (
            "operations/ecs/lifecycle-management/deleting-ecs/",
            NO_OPERATION.format(id="ecs/lifecycle-management/deleting-ecs")
            + MEANT.format(
                near=f"{DELETING}, ecs/lifecycle-management/deleting-an-ecs-native, "
                "ecs/lifecycle-management/creating-an-ecs-native"
            ),
        ),
    ],
)
def test_unknown_address_is_not_found(api, address, message):
    response = api.get(address)

    assert (response.status_code, response.json()) == (404, refusal("not_found", message))


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_unknown_address_is_not_found_by_any_method(api, method):
    assert api.client.generic(method, "/api/v1/nothing/").status_code == 404


@sweep(
    ("method", "address"),
    [
        *(("POST", a) for a in ("services/", "categories/", "operations/", f"operations/{DELETING}/", "actions/")),
        *((method, a) for a in TAKING_A_BODY for method in ("GET", "PUT", "PATCH", "DELETE")),
        ("POST", "rules/"),
        ("POST", "system-policies/"),
        ("POST", "templates/"),
        ("DELETE", "schema/"),
        ("POST", "docs/"),
        ("PROPFIND", "services/"),
        ("PROPFIND", "nothing/"),
    ],
)
def test_method_that_is_not_taken_is_refused(api, method, address):
    response = api.client.generic(method, f"/api/v1/{address}")

    assert (response.status_code, response.json()) == (
        405,
        refusal("method_not_allowed", f'Method "{method}" not allowed.'),
    )
    assert method not in response["Allow"].split(", ")


@pytest.mark.urls(__name__)
@pytest.mark.parametrize("debug", [False, True])
def test_fault_of_ours_is_recorded_and_not_shown(api, settings, caplog, debug):
    settings.DEBUG = debug
    with caplog.at_level(logging.ERROR, logger="policybuilder"):
        response = api.get("fault/")

    assert (response.status_code, response.json()) == (
        500,
        refusal("server_error", OUR_FAULT),
    )
    assert [str(record.exc_info[1]) for record in caplog.records if record.exc_info] == ["a secret of ours"]


@pytest.mark.urls(__name__)
def test_djangos_own_404_has_the_shape(api):
    response = api.get("missing/")

    assert (response.status_code, response.json()) == (
        404,
        refusal("not_found", NOTHING_AT.format(path="/api/v1/missing/")),
    )


def test_forged_host_is_refused(api):
    response = api.get("services/", headers={"Host": "evil.example"})

    assert (response.status_code, response.json()) == (400, refusal("bad_request", UNREADABLE))


def test_too_many_parameters_are_refused(api):
    response = api.get("operations/?" + "&".join(["q=a"] * 6000))

    assert (response.status_code, details(response)) == (400, [])


def test_the_shape_can_be_had_outside_of_a_view():
    response = error_response(DisallowedHost("Invalid HTTP_HOST header: 'evil.example'."))

    assert response.status_code == 400


@pytest.mark.parametrize(
    ("errors", "places"),
    [
        ({"a": ["x"]}, ["a"]),
        ({"a": {2: ["x"], 5: ["y"]}}, ["a[2]", "a[5]"]),
        ({"a": {"b/c": {0: ["x"]}}}, ["a.b/c[0]"]),
        ({"a": [{}, {"b": ["x"]}]}, ["a[1].b"]),
        ({"non_field_errors": ["x"]}, [""]),
        ({"a": {"non_field_errors": ["x", "y"]}}, ["a", "a"]),
    ],
)
def test_places_count_from_0(errors, places):
    assert [detail.place for detail in flatten(errors)] == places
