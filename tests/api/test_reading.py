"""Query strings and bodies are taken exactly or refused, with every place that is wrong."""

import json

import pytest

from policybuilder.api.errors import NOT_DECLARED, TOO_LARGE
from policybuilder.api.parsers import NO_JSON
from tests.api.caller import details
from tests.sweeps import sweep

CREATING = "ecs/lifecycle-management/creating-ecss-pay-per-use"
DELETING = "ecs/lifecycle-management/deleting-ecss"


@sweep(
    ("address", "wrong"),
    [
        ("services/?page=1", [("page", "unknown_parameter")]),
        ("categories/?service=esc", [("service", "unknown_value")]),
        ("categories/?services=ecs", [("services", "unknown_parameter")]),
        ("operations/?service=ECS", [("service", "unknown_value")]),
        ("operations/?category=disk", [("category", "unknown_value")]),
        ("operations/?service=evs&category=disk-management", [("category", "unknown_value")]),
        ("operations/?service=esc&category=disk-management", [("service", "unknown_value")]),
        ("operations/?access=reading", [("access", "unknown_value")]),
        ("operations/?enterprise_project=true", [("enterprise_project", "unknown_value")]),
        ("operations/?action=ecs:servers", [("action", "malformed_action")]),
        ("operations/?action=ECS:servers:get", [("action", "malformed_action")]),
        ("operations/?q=%00", [("q", "null_characters_not_allowed")]),
        (f"operations/?q={'a' * 201}", [("q", "max_length")]),
        ("operations/?page=0", [("page", "unknown_value")]),
        ("operations/?page=3", [("page", "unknown_value")]),
        ("operations/?page=-1", [("page", "unknown_value")]),
        ("operations/?page=1.0", [("page", "unknown_value")]),
        ("operations/?page=%201", [("page", "unknown_value")]),
        ("operations/?page=%D9%A1", [("page", "unknown_value")]),
        ("operations/?page=1_0", [("page", "unknown_value")]),
        ("operations/?page=last", [("page", "unknown_value")]),
        (f"operations/?page={'9' * 5000}", [("page", "unknown_value")]),
        ("operations/?page_size=0", [("page_size", "unknown_value")]),
        ("operations/?page_size=201", [("page_size", "unknown_value")]),
        ("operations/?access=read&access=read", [("access", "repeated_parameter")]),
        ("operations/?Access=read&page=0", [("Access", "unknown_parameter"), ("page", "unknown_value")]),
        (f"operations/{CREATING}/?page=1", [("page", "unknown_parameter")]),
        ("actions/?category=disk-management", [("category", "unknown_parameter")]),
        ("actions/?service=obs", [("service", "unknown_value")]),
        ("schema/?format=xml", [("format", "unknown_value")]),
        ("schema/?lang=en", [("lang", "unknown_parameter")]),
        ("docs/?format=json", [("format", "unknown_parameter")]),
    ],
)
def test_wrong_parameter_is_refused_with_its_place(api, address, wrong):
    response = api.get(address)

    assert (response.status_code, response.json()["error"]["code"]) == (400, "invalid_input")
    assert details(response) == wrong


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("operations/?access=x", "'x' is not known here. Allowed: read, write."),
        ("operations/?enterprise_project=x", "'x' is not known here. Allowed: yes, no, varies, unknown."),
        ("operations/?service=x", "'x' is no service of the catalogue. Allowed: ecs, evs, ims, vpc."),
        ("operations/?service=ims&category=x", "'x' is no category of 'ims' of the catalogue. Allowed: none."),
        ("operations/?page=5", "There is no page 5. Allowed: 1 to 2."),
        ("operations/?page=x", "'x' is not allowed. Allowed: whole numbers from 1 on."),
        ("operations/?page_size=1000", "'1000' is not allowed. Allowed: whole numbers from 1 to 200."),
        ("actions/?x=1", "'x' is no parameter of this address. Allowed: page, page_size, service, q."),
        ("services/?x=1", "'x' is no parameter of this address. None is taken here."),
    ],
)
def test_refusal_says_what_is_allowed(api, address, message):
    assert [detail["message"] for detail in api.get(address).json()["error"]["details"]] == [message]


@sweep(
    ("body", "wrong"),
    [
        (None, [("", "wrong_type")]),
        (True, [("", "wrong_type")]),
        (5, [("", "wrong_type")]),
        ("text", [("", "wrong_type")]),
        ([], [("", "wrong_type")]),
        ([{"operations": []}], [("", "wrong_type")]),
        ({"operation": []}, [("operation", "unknown_key")]),
        ({"": 1}, [("", "unknown_key")]),
        ({"operations": None}, [("operations", "wrong_type")]),
        ({"operations": CREATING}, [("operations", "wrong_type")]),
        ({"operations": {CREATING: True}}, [("operations", "wrong_type")]),
        (
            {"operations": [CREATING, 5, True, None, [], {}, 1.5, ""]},
            [
                *((f"operations[{at}]", "wrong_type") for at in (1, 2, 3, 4, 5, 6)),
                ("operations[7]", "blank"),
            ],
        ),
        ({"operations": ["a" * 401]}, [("operations[0]", "max_length")]),
        (
            {"actions": ["a" * 129], "without": ["a" * 129]},
            [("actions[0]", "max_length"), ("without[0]", "max_length")],
        ),
        ({"operations": ["a\0b"]}, [("operations[0]", "null_characters_not_allowed")]),
        ({"operations": ["\ud800"]}, [("operations[0]", "surrogate_characters_not_allowed")]),
        ({"operations": [""] * 5001}, [("operations", "too_many")]),
        ({"options": {str(at): [] for at in range(5001)}}, [("options", "too_many")]),
        ({"options": []}, [("options", "wrong_type")]),
        ({"options": {CREATING: None}}, [(f"options.{CREATING}", "wrong_type")]),
        ({"options": {CREATING: "all"}}, [(f"options.{CREATING}", "wrong_type")]),
        ({"options": {CREATING: ["using-an-existing-eip", 1]}}, [(f"options.{CREATING}[1]", "wrong_type")]),
        ({"dependencies": "ALL"}, [("dependencies", "unknown_value")]),
        ({"dependencies": True}, [("dependencies", "wrong_type")]),
        ({"dependencies": None}, [("dependencies", "wrong_type")]),
        ({"effect": "allow"}, [("effect", "unknown_value")]),
        ({"effect": ["Allow"]}, [("effect", "wrong_type")]),
        (
            {"effect": 1, "x": 1, "actions": 1},
            [("x", "unknown_key"), ("actions", "wrong_type"), ("effect", "wrong_type")],
        ),
    ],
)
def test_wrong_body_is_refused_with_its_place(api, body, wrong):
    response = api.post("compile/", body)

    assert (response.status_code, response.json()["error"]["code"]) == (400, "invalid_input")
    assert details(response) == wrong


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (b"", "it is empty, or came without a Content-Length."),
        (b" ", "Expecting value at line 1, column 2."),
        (b"{", "Expecting property name enclosed in double quotes at line 1, column 2."),
        (b'{"operations": NaN}', "NaN is no JSON value."),
        (b"[-Infinity]", "-Infinity is no JSON value."),
        (
            b'{"effect": "Allow", "effect": "Deny"}',
            "the key 'effect' stands twice in one object.",
        ),
        (b'{"options": {"a": [], "a": []}}', "the key 'a' stands twice in one object."),
        (b"[" * 100_000, "it is nested too deeply."),
        (b'{"a":' * 40_000, "it is nested too deeply."),
        (b"9" * 5000, "a number has too many digits."),
        (b'{"operations": ["\xff"]}', "byte 17 is not UTF-8."),
        ('{"effect": "Allow"}'.encode("utf-16"), "byte 0 is not UTF-8."),
    ],
)
def test_body_that_is_no_json_is_refused(api, body, fault):
    response = api.post("compile/", body)

    assert (response.status_code, response.json()) == (
        400,
        {"error": {"code": "malformed_json", "message": NO_JSON.format(fault=fault), "details": []}},
    )


def test_largest_body_is_read_and_a_larger_one_refused(api):
    body = json.dumps({"operations": [DELETING]}).encode()
    limit = 256 * 1024

    assert api.post("compile/", body.ljust(limit)).status_code == 200
    refused = api.post("compile/", body.ljust(limit + 1))
    assert (refused.status_code, refused.json()) == (
        413,
        {"error": {"code": "too_large", "message": TOO_LARGE.format(most=256), "details": []}},
    )


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/xml",
        "json",
    ],
)
def test_body_that_is_not_declared_as_json_is_refused(api, content_type):
    response = api.post("compile/", b'{"operations": []}', content_type)

    assert (response.status_code, response.json()) == (
        415,
        {
            "error": {
                "code": "unsupported_media_type",
                "message": NOT_DECLARED,
                "details": [],
            }
        },
    )


@pytest.mark.parametrize("content_type", ["application/json", "application/json; charset=utf-8", "APPLICATION/JSON"])
def test_json_is_json_with_or_without_a_charset(api, content_type):
    assert api.post("compile/", b'{"operations": []}', content_type).status_code == 200


def test_query_string_of_compile_is_refused(api):
    assert details(api.post("compile/?effect=Deny", {})) == [("effect", "unknown_parameter")]


def test_only_the_first_twenty_faults_are_listed_but_all_are_counted(api):
    response = api.post("compile/", {"operations": [5] * 300})

    assert details(response) == [(f"operations[{at}]", "wrong_type") for at in range(20)]
    assert response.json()["error"]["message"] == (
        "300 things are wrong. The first: operations[0]: This is a number; a text was expected."
    )


def test_unprintable_characters_come_back_escaped(api):
    response = api.post("compile/", {"a\n\u202e\ud83d": 1})

    assert response.json()["error"]["details"] == [
        {
            "place": "a\\n\\u202e\\ud83d",
            "code": "unknown_key",
            "message": "'a\\n\\u202e\\ud83d' is not known here. "
            "Known: operations, options, actions, without, only_reading, dependencies, effect, goal.",
        }
    ]
