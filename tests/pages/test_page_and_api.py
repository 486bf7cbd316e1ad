"""The page and the API give the same answer for the same selection."""

import json

from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from policybuilder.domain.building.selection import Dependencies, Selection
from policybuilder.drafts.draft import Draft
from policybuilder.drafts.link import encode
from tests.builders import real_catalog
from tests.elements import read_elements
from tests.laws import examples

CATALOG = real_catalog()


@st.composite
def selections(draw):
    operations = draw(st.sets(st.sampled_from(sorted(CATALOG.operations)), max_size=20))
    pairs = [(id_, option.slug) for id_ in operations for option in CATALOG.operations[id_].options]
    needed = sorted({name for id_ in operations for name in CATALOG.operations[id_].all_dependencies()})
    return Selection(
        frozenset(operations),
        frozenset(draw(st.sets(st.sampled_from(pairs)))) if pairs else frozenset(),
        frozenset(draw(st.sets(st.sampled_from(sorted(CATALOG.action_index.actions)), max_size=3))),
        frozenset(draw(st.sets(st.sampled_from(needed), max_size=3))) if needed else frozenset(),
        draw(st.sampled_from(Dependencies)),
    )


def from_page(selection: Selection) -> dict:
    html = Client().get("/", {"draft": encode(Draft.of(selection))}).content.decode()
    page = read_elements(html)
    text = page.find(id="json")
    kind = next(name for name in page.find(id="verdict")["class"] if name.startswith("verdict-"))
    size, largest = page.select("#totals meter")
    return {
        "policy": json.loads(text.text) if text else None,
        "verdict": kind.removeprefix("verdict-"),
        "actions": sorted(
            (
                item.select_one("code").text,
                group["id"] == "grants-chosen",
                next(n for n in item.select_one(".scope")["class"] if n.startswith("scope-")).removeprefix("scope-"),
            )
            for group in page.select("#granted-list .grants")
            for item in group.select(".grant")
        ),
        "selected": [box["value"] for box in page.select(".row > input[name=o][checked]")],
        "also_allowed": [
            row.select_one("input")["value"] for row in page.select(".row") if row.select_one(".badge-also")
        ],
        "incomplete": [
            row.select_one("input")["value"] for row in page.select(".row") if row.select_one(".badge-incomplete")
        ],
        "size": (int(size["value"]), int(largest["value"])),
    }


def from_api(selection: Selection) -> dict:
    options = {
        id_: [o.slug for o in selection.chosen_options(CATALOG.operations[id_])]
        for id_ in selection.operations
        if CATALOG.operations[id_].options
    }
    body = {
        "operations": sorted(selection.operations),
        "options": options,
        "actions": sorted(selection.actions),
        "without": sorted(selection.without),
        "dependencies": selection.dependencies.value,
    }
    response = Client().post("/api/v1/compile/", json.dumps(body), content_type="application/json")
    answer = response.json()
    assert response.status_code == 200, answer
    granted = bool(answer["actions"])
    return {
        "policy": answer["policy"] if granted else None,
        "verdict": answer["scope"]["verdict"] if granted else "empty",
        "actions": sorted(
            (action["action"], action["selected"], action["scope"]["enterprise_project"])
            for action in answer["actions"]
        ),
        "selected": answer["operations"]["selected"],
        "also_allowed": answer["operations"]["also_allowed"],
        "incomplete": [entry["id"] for entry in answer["operations"]["incomplete"]],
        "size": (answer["size"]["characters"], answer["size"]["largest_statement"]),
    }


@settings(max_examples=examples(30))
@given(selections())
def test_page_and_api_give_the_same_answer(selection):
    assert from_page(selection) == from_api(selection)
