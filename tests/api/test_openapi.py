"""The schema is valid and complete, its examples are true, and every answer has the shape that it says.

REWRITE_EXAMPLES=1 pytest tests/api/test_openapi.py    takes the examples' answers as they are now
"""

import json
import os
from io import StringIO
from typing import Any, NamedTuple

import pytest
import yaml
from django.core.management import call_command
from jsonschema import Draft202012Validator

from policybuilder.api.openapi import EXAMPLES, schema
from policybuilder.api.urls import urlpatterns
from tests.builders import ECS, OTHER_SERVICES, catalog_of_files, real_catalog
from tests.sweeps import sweep

ATTACHING = "ecs/disk-management/attaching-a-disk-to-an-ecs"

described = schema()
operations = {
    operation["operationId"]: (path, method, operation)
    for path, methods in described["paths"].items()
    for method, operation in methods.items()
}


def content(place):
    return place["content"]["application/json"]


class Example(NamedTuple):
    """`request` is "METHOD address"; `body` is None where there is none."""

    operation: str
    name: str
    request: str
    body: Any
    status: int
    answer: Any


def read_examples():
    for id_, (_, _, operation) in operations.items():
        bodies = content(operation["requestBody"])["examples"] if "requestBody" in operation else {}
        for status, answer in operation["responses"].items():
            for name, example in content(answer).get("examples", {}).items():
                body = bodies.get(name, {}).get("value")
                yield Example(id_, name, example["summary"], body, int(status), example["value"])


examples = list(read_examples())
taking_a_body = [id_ for id_, (_, _, operation) in operations.items() if "requestBody" in operation]


def send(api, request, body):
    method, address = request.split(" ", 1)
    address = address.removeprefix(api.root)
    return api.get(address) if method == "GET" else api.post(address, body)


def assert_as_described(id_, response):
    """The answer is one that the schema names for this operation, and has its shape."""
    answers = operations[id_][2]["responses"]
    assert str(response.status_code) in answers
    validate(content(answers[str(response.status_code)])["schema"], response.json())


def validate(node, value):
    Draft202012Validator({**node, "components": described["components"]}).validate(value)


def test_schema_is_valid_and_generated_without_a_warning():
    call_command("spectacular", validate=True, fail_on_warn=True, stdout=StringIO())


def test_schema_has_every_address_but_the_docs():
    named = {pattern.name for pattern in urlpatterns if pattern.name}

    assert sorted(f"{method} {path}" for path, method, _ in operations.values()) == [
        "get /api/v1/actions/",
        "get /api/v1/categories/",
        "get /api/v1/operations/",
        "get /api/v1/operations/{service}/{category}/{operation}/",
        "get /api/v1/rules/",
        "get /api/v1/schema/",
        "get /api/v1/services/",
        "get /api/v1/system-policies/",
        "get /api/v1/templates/",
        "post /api/v1/check/",
        "post /api/v1/compact/",
        "post /api/v1/compare/",
        "post /api/v1/compile/",
        "post /api/v1/evaluate/",
        "post /api/v1/explain/",
        "post /api/v1/split/",
    ]
    assert len(named) == len(operations) + 1


def test_everything_in_the_schema_is_explained():
    for path, method, operation in operations.values():
        assert operation["summary"], (path, method)
        assert operation["description"], (path, method)
        assert all(parameter["description"] for parameter in operation.get("parameters", ())), (path, method)
        assert all(answer["description"] for answer in operation["responses"].values()), (path, method)


def test_every_operation_but_the_schema_itself_has_an_example():
    assert {example.operation for example in examples if example.status == 200} == {*operations} - {"show_schema"}


@pytest.mark.parametrize("id_", taking_a_body)
def test_every_example_of_a_body_has_its_answer(id_):
    bodies = content(operations[id_][2]["requestBody"])["examples"]

    assert set(bodies) == {example.name for example in examples if example.operation == id_}


@sweep("example", examples)
def test_example_is_true(api, example):
    response = send(api, example.request, example.body)

    assert (response.status_code, response.json()) == (example.status, example.answer)
    assert_as_described(example.operation, response)


@sweep("example", [e for e in examples if e.operation in taking_a_body and e.status == 200])
def test_example_of_a_body_has_the_described_shape(example):
    validate(content(operations[example.operation][2]["requestBody"])["schema"], example.body)


@pytest.mark.skipif("REWRITE_EXAMPLES" not in os.environ, reason="only on demand")
def test_rewrite_examples(api):
    kept = json.loads(EXAMPLES.read_text(encoding="utf-8"))
    for example in kept:
        request = example["request"]
        response = send(api, f"{request['method']} {request['url']}", request.get("body"))
        example |= {"status": response.status_code, "answer": response.json()}
    EXAMPLES.write_text(json.dumps(kept, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


@sweep(
    ("id_", "address"),
    [
        ("list_services", "services/"),
        ("list_services", "services/?x=1"),
        ("list_categories", "categories/"),
        ("list_categories", "categories/?service=x"),
        ("list_operations", "operations/?page_size=200"),
        ("list_operations", "operations/?page_size=10&page=3"),
        ("list_operations", "operations/?access=x"),
        ("show_operation", "operations/ecs/x/y/"),
        ("show_operation", "operations/ecs/x/y/?z=1"),
        ("list_actions", "actions/?page_size=200"),
        ("list_actions", "actions/?page=x"),
        ("list_rules", "rules/"),
        ("list_rules", "rules/?x=1"),
        ("list_system_policies", "system-policies/"),
        ("list_system_policies", "system-policies/?x=1"),
        ("list_templates", "templates/"),
        ("list_templates", "templates/?project=enterprise_project"),
        ("list_templates", "templates/?slug=x"),
        ("show_schema", "schema/?format=json"),
        ("show_schema", "schema/?format=xml"),
    ],
)
def test_answer_has_the_described_shape(api, id_, address):
    assert_as_described(id_, api.get(address))


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"operations": list(real_catalog().operations)},
        {"operations": list(real_catalog().operations), "dependencies": "all"},
        {"operations": list(real_catalog().operations), "effect": "Deny"},
        {"operations": [ATTACHING], "without": ["evs:volumes:use"]},
        {"actions": ["*:*:*"]},
        {"actions": ["x"]},
        [],
        b"{",
        b" " * 300_000,
    ],
)
def test_answer_of_compile_has_the_described_shape(api, body):
    assert_as_described("compile_selection", api.post("compile/", body))


def test_answers_about_what_other_services_publish_have_the_described_shape(api, ecs_and_other_services):
    ecs_and_other_services()
    catalog = catalog_of_files(ECS, OTHER_SERVICES)
    needed = {name for o in catalog.operations.values() for name in o.all_dependencies()}

    for id_, address in (
        ("list_services", "services/"),
        ("list_categories", "categories/"),
        ("list_operations", "operations/?page_size=200"),
        ("list_actions", "actions/?page_size=200"),
    ):
        assert_as_described(id_, api.get(address))
    for id_ in catalog.operations:
        assert_as_described("show_operation", api.get(f"operations/{id_}/"))
        assert_as_described("compile_selection", api.post("compile/", {"operations": [id_]}))
    answer = api.compile(operations=list(catalog.operations), without=sorted(needed))
    assert [grant["action"] for grant in answer["actions"] if grant["needed_by"]] == []
    narrowed = api.compile(operations=["eip/floating-ips/binding-a-floating-ip"], only_reading=["vpc:*:list"])
    assert "vpc:*:list" not in {grant["action"] for grant in narrowed["actions"]}


def test_answer_to_a_body_of_another_type_has_the_described_shape(api):
    assert_as_described("compile_selection", api.post("compile/", b"{}", "text/plain"))


@pytest.mark.parametrize(
    ("query", "accept", "media_type"),
    [
        ("", "*/*", "application/json"),
        ("", "application/json", "application/json"),
        ("", "application/vnd.oai.openapi+json", "application/json"),
        ("", "text/html,application/xhtml+xml,*/*;q=0.8", "application/json"),
        ("", "text/html", "application/json"),
        ("", "application/yaml", "application/yaml"),
        ("", "application/vnd.oai.openapi", "application/yaml"),
        ("", "application/json;q=0.5, application/yaml", "application/yaml"),
        ("?format=json", "application/yaml", "application/json"),
        ("?format=yaml", "*/*", "application/yaml"),
    ],
)
def test_schema_comes_as_json_or_yaml(api, query, accept, media_type):
    response = api.get(f"schema/{query}", headers={"Accept": accept})

    read = json.loads if media_type == "application/json" else yaml.safe_load
    assert (response.status_code, response["Content-Type"]) == (200, media_type)
    assert "Accept" in response["Vary"]
    assert read(response.content) == json.loads(json.dumps(described))
