"""Slugs, access, and the scopes that other documentations state."""

import pytest

from policybuilder.reference.access import row_access
from policybuilder.reference.naming import is_native, row_slugs, slug
from policybuilder.reference.scopes import ScopeFile

from .made_pages import grid, page, read


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Creating ECSs (pay-per-use)", "creating-ecss-pay-per-use"),
        ("Querying an ECS (native OpenStack API)", "querying-an-ecs-native"),
        ("Adding tags / Deleting tags", "adding-tags-deleting-tags"),
        (" ".join(["many"] * 30), "-".join(["many"] * 20)),
    ],
)
def test_slug(title: str, expected: str) -> None:
    assert slug(title) == expected


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([("GET /v1/tags", "a:b:c"), ("GET /v2.1/tags", "a:b:c")], ["v1", "v2-1"]),
        ([("GET /v1/x/tags", "a:b:c"), ("GET /v2/y/tags", "a:b:c")], ["v1", "v2"]),
        ([("GET /v1/x", "a:b:c"), ("GET /y", "a:b:c")], ["v1-x", "y"]),
        ([("GET /v1/x/{id}/tags", "a:b:c"), ("GET /v1/y/{id}/tags", "a:b:c")], ["x", "y"]),
        ([("PUT /v1/x", "a:b:start"), ("PUT /v1/x", "a:b:stop")], ["b-start", "b-stop"]),
        ([("PUT /v1/x", "a:b:c"), ("POST /v1/x", "a:b:c")], ["put-v1-x", "post-v1-x"]),
    ],
)
def test_rows_of_one_title_are_told_apart_by_what_differs(rows: list[tuple[str, str]], expected: list[str]) -> None:
    text = page("Tags", grid(("Permission", "API", "Action"), *(("Tag", *row) for row in rows)))

    assert row_slugs(read(text, "a")) == [f"tag-{ending}" for ending in expected]


def test_rows_that_nothing_tells_apart_have_no_slug() -> None:
    row = ("Tag", "GET /v1/x", "a:b:c")

    assert row_slugs(read(page("Tags", grid(("Permission", "API", "Action"), row, row)), "a")) == ["", ""]


@pytest.mark.parametrize(
    ("title", "call", "action", "expected"),
    [
        ("Creating", "GET /v1/x", "a:b:create", "read"),
        ("Querying by tag", "POST /v1/x/action", "a:b:list", "read"),
        ("Obtaining an address", "POST /v1/x", "a:b:vnc", "write"),
        ("Anything", "``-``", "a:b:GetThing", "read"),
        ("Anything", "``-``", "a:b:PutThing", "write"),
        ("Querying", "``-``", "None", "read"),
    ],
)
def test_access(title: str, call: str, action: str, expected: str) -> None:
    (row,) = read(page("Tags", grid(("Permission", "API", "Action"), (title, call, action))), "a")

    assert row_access(row) == expected


def test_native_operations() -> None:
    assert is_native("Querying (native OpenStack)", "Disks", ())
    assert is_native("Querying", "Port (OpenStack Neutron API)", ())
    assert is_native("Querying", "Disks", ["https://docs.example/api-ref/native_openstack_nova_apis/a.html"])
    assert not is_native("Querying", "Disks", ["https://docs.example/api-ref/apis/a.html"])


def entry(call: str, **more: str) -> dict[str, object]:
    return {"action": "a:b:c", "calls": [call] if call else [], "source": "s", **more}


STATED = ScopeFile(
    scopes={
        "a:b:c": (
            entry("GET /v1/{project}/x", iam_project="yes", enterprise_project="yes"),
            entry("GET /v2/x", iam_project="yes", enterprise_project="no"),
        ),
        "a:b:d": (entry("", enterprise_project="yes"),),
    }
)


@pytest.mark.parametrize(
    ("actions", "calls", "expected"),
    [
        (["A:b:C"], ["get /v1/{project_id}/x?limit=1"], ("yes", "yes", "inferred")),
        (["a:b:c"], ["GET /v2/x"], ("yes", "no", "inferred")),
        (["a:b:c"], ["GET /v3/x"], ("yes", None, "inferred")),  # what all its entries say
        (["a:b:c", "a:b:d"], ["GET /v2/x"], (None, "no", "inferred")),  # one no is enough
        (["a:b:d", "a:b:e"], [], (None, None, None)),  # of the other nothing is stated
        (["a:b:e"], ["GET /v1/x"], (None, None, None)),
    ],
)
def test_scopes_that_others_state(
    actions: list[str], calls: list[str], expected: tuple[str | None, str | None, str | None]
) -> None:
    found = STATED.of(actions, calls)

    assert (found.get("iam_project"), found.get("enterprise_project"), found.get("evidence")) == expected
