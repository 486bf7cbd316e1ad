"""The docs page says all that the schema says, and lines for curl that do what is said of them."""

import json
import re
import shlex

import pytest

from policybuilder.api.docs import DocumentedField, endpoints
from policybuilder.api.openapi import schema
from tests.elements import read_elements


@pytest.fixture
def page(api):
    return read_elements(api.get("docs/").content.decode())


def test_page_has_an_entry_for_every_endpoint(page):
    ids = [operation["operationId"] for methods in schema()["paths"].values() for operation in methods.values()]

    assert [heading["id"] for heading in page.select("article h2")] == ids
    assert [link["href"] for link in page.select(".endpoint-list a")] == [f"#{id_}" for id_ in ids]


def test_page_names_every_parameter_and_key(page):
    shown = {code.get_text() for code in page.select("tbody th code")}

    assert {"page_size", "enterprise_project", "options", "without", "effect"} <= shown
    assert {
        "results[].category.slug",
        "results[].calls[].path",
        "policy.Statement[].Action",
        "findings[].hint",
    } <= shown


def test_page_shows_every_example_and_its_answer(page):
    answers = [json.loads(pre.get_text()) for pre in page.select("pre.answer")]
    expected = [
        example["value"]
        for methods in schema()["paths"].values()
        for operation in methods.values()
        for answer in operation["responses"].values()
        for example in answer["content"]["application/json"].get("examples", {}).values()
    ]

    assert answers == expected


def test_lines_for_curl_give_the_answers_shown(api, page):
    for example in page.select("article details:has(pre.request)"):
        command, address, *options = shlex.split(example.select_one("pre.request").get_text())
        address = address.removeprefix("http://localhost:8000/api/v1/")
        if options:
            assert options[:3] == ["-H", "Content-Type: application/json", "-d"]
            response = api.post(address, options[3].encode())
        else:
            response = api.get(address)

        assert command == "curl"
        assert response.json() == json.loads(example.select_one("pre.answer").get_text())
        assert str(response.status_code) == example.select_one("summary code").get_text()


def test_page_needs_nothing_inline_and_nothing_from_elsewhere(api, page):
    assert page.select("script, style, [style], iframe") == []
    assert [tag for tag in page.find_all() if any(name.startswith("on") for name in tag.attrs)] == []
    sources = [tag.get("src") or tag.get("href") for tag in page.select("[src], link[href]")]
    assert [source for source in sources if not re.match("/[^/]", source)] == []


def test_ids_are_unique_and_tables_are_labelled(page):
    ids = [tag["id"] for tag in page.select("[id]")]

    assert len(ids) == len(set(ids))
    assert all(region.get("aria-label") for region in page.select(".table-scroll"))


def test_fields_are_read_through_references_lists_and_null():
    described = {
        "paths": {
            "/x/": {
                "get": {
                    "operationId": "x",
                    "summary": "X",
                    "responses": {
                        "200": {
                            "description": "Success.",
                            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/X"}}},
                        }
                    },
                }
            }
        },
        "components": {
            "schemas": {
                "X": {
                    "type": "object",
                    "properties": {
                        "rows": {"type": "array", "items": {"$ref": "#/components/schemas/Row"}, "description": "All."},
                        "of": {"oneOf": [{"$ref": "#/components/schemas/Enum"}, {"$ref": "#/components/schemas/Null"}]},
                    },
                },
                "Row": {"type": "object", "properties": {"name": {"type": ["string", "null"], "default": "a"}}},
                "Enum": {"type": "string", "enum": ["yes", "no"]},
                "Null": {"type": "null"},
            }
        },
    }

    (endpoint,) = endpoints(described, "http://localhost")

    assert endpoint.answer == (
        DocumentedField("rows", "list of objects", "All."),
        DocumentedField("rows[].name", "string or null", "", default="a"),
        DocumentedField("of", "string or null", "", allowed=("yes", "no")),
    )
