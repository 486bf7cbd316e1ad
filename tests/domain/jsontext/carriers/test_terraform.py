"""Policies in Terraform: what is taken out of it, and what is not known there."""

import json

import pytest

from policybuilder.domain.findings import Plural
from policybuilder.domain.jsontext.carriers import hcl, terraform
from policybuilder.domain.jsontext.carriers import state as state_file
from policybuilder.domain.jsontext.carriers.hcl import read_hcl
from policybuilder.domain.jsontext.carriers.hcl_json import content
from policybuilder.domain.jsontext.nodes import to_python
from policybuilder.domain.jsontext.passage import Passage
from policybuilder.domain.jsontext.source import read

ALLOW = {"Effect": "Allow", "Action": ["ecs:*:list*"]}
BARE = {"Version": "1.1", "Statement": [ALLOW]}
STATEMENT = 'statement {\n    effect = "Allow"\n    action = ["ecs:*:list*"]\n  }'
ROLE = f"""resource "opentelekomcloud_identity_role_v3" "servers" {{
  display_name  = "servers"
  description   = "Lists servers"
  display_layer = "project"
  {STATEMENT}
}}
"""
ROLE_READ = {"display_name": "servers", "type": "XA", "description": "Lists servers", "policy": BARE}


def role(*attributes: str) -> str:
    lines = "\n".join(attributes)
    return f'resource "opentelekomcloud_identity_role_v3" "x" {{\n{lines}\n}}\n'


def statement(*attributes: str) -> str:
    return role("statement {", *attributes, "}")


def other_role(policy: str) -> str:
    return f'resource "huaweicloud_identity_role" "x" {{\n  name = "n"\n  type = "AX"\n  policy = {policy}\n}}\n'


def local(value: str) -> str:
    return f"locals {{\n  policy = {value}\n}}\n"


ENCODED = 'jsonencode({ Version = "1.1", Statement = [{ Effect = "Allow", Action = ["ecs:*:list*"] }] })'
OTHER_READ = {"display_name": "n", "type": "AX", "policy": BARE}

# text, what is read, and how many policies were taken and other blocks left out
TAKEN = {
    "a role": (ROLE, ROLE_READ, (1, 0)),
    "a role of global services": (
        role('display_name = "n"', 'display_layer = "domain"', STATEMENT),
        {"display_name": "n", "type": "AX", "policy": BARE},
        (1, 0),
    ),
    "a role whose layer is none": (
        role('display_layer = "region"', STATEMENT),
        {"type": "region", "policy": BARE},
        (1, 0),
    ),
    "statements between attributes, and what is no part of the policy": (
        role(
            "count = var.enabled ? 1 : 0",
            STATEMENT,
            'description = "d" # as agreed',
            "provider = opentelekomcloud.global",
            'statement { effect = "Deny" }',
            "tags = merge(local.tags, { a = 1 })",
            "lifecycle {\n prevent_destroy = true\n }",
            'display_name = "n" // its name',
        ),
        {
            "display_name": "n",
            "description": "d",
            "policy": {"Version": "1.1", "Statement": [ALLOW, {"Effect": "Deny"}]},
        },
        (1, 0),
    ),
    "a statement with resources and a condition": (
        statement(
            'effect = "Allow"',
            'action = ["obs:object:GetObject", /* and */ "obs:object:PutObject",]',
            'resource = ["OBS:*:*:object:b/*"]',
            'condition = jsonencode({ Bool = { "g:MFAPresent" = ["true"] } })',
        ),
        {
            "policy": {
                "Version": "1.1",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Action": ["obs:object:GetObject", "obs:object:PutObject"],
                        "Resource": ["OBS:*:*:object:b/*"],
                        "Condition": {"Bool": {"g:MFAPresent": ["true"]}},
                    }
                ],
            }
        },
        (1, 0),
    ),
    "a condition as a heredoc, and nulls": (
        statement('effect = "Allow"', "resource = null", "condition = <<-EOT", '  {"Bool": {"a": ["true"]}}', "  EOT"),
        {"policy": {"Version": "1.1", "Statement": [{"Effect": "Allow", "Condition": {"Bool": {"a": ["true"]}}}]}},
        (1, 0),
    ),
    "a condition as a string, and a key that is unknown": (
        statement('condition = "{\\"Bool\\": {}}"', 'sid = "x"'),
        {"policy": {"Version": "1.1", "Statement": [{"Condition": {"Bool": {}}, "sid": "x"}]}},
        (1, 0),
    ),
    "a role without statements": (role('display_name = "n"'), {"display_name": "n"}, (1, 0)),
    "jsonencode": (other_role(ENCODED), OTHER_READ, (1, 0)),
    "jsonencode over lines, with keys of all sorts": (
        other_role(
            'jsonencode(\n{\n  Version = "1.1"\n  "Statement" : [\n    {\n      Effect = "Allow", # yes\n'
            '      "Action" = [\n        "ecs:*:list*",\n      ],\n    },\n  ]\n}\n)'
        ),
        OTHER_READ,
        (1, 0),
    ),
    "a heredoc": (other_role(f"<<EOF\n{json.dumps(BARE)}\nEOF"), OTHER_READ, (1, 0)),
    "an indented heredoc": (
        other_role(f"<<-POLICY\n    {json.dumps(BARE)}\n    POLICY"),
        OTHER_READ,
        (1, 0),
    ),
    "a string": (other_role(json.dumps(json.dumps(BARE))), OTHER_READ, (1, 0)),
    "a local": (local(ENCODED), BARE, (1, 0)),
    "an object": (
        local('{\n Version = "1.1"\n Statement = []\n}'),
        {"Version": "1.1", "Statement": []},
        (1, 0),
    ),
    "a variable's value": (f"policy = {ENCODED}\n", BARE, (1, 0)),
    "no more than the call": (ENCODED, BARE, (1, 0)),
    "a default in a block": (f'variable "p" {{\n  default = {ENCODED}\n}}', BARE, (1, 0)),
    "a map of policies": (
        local(f"{{\n a = {ENCODED}\n b = [{ENCODED}, 1]\n}}"),
        [BARE, BARE],
        (2, 0),
    ),
    "several, and other blocks": (
        f'terraform {{\n  required_version = ">= 1"\n}}\n{ROLE}\nprovider "x" {{}}\nmodule "m" {{\n p = {ENCODED}\n}}',
        [ROLE_READ, BARE],
        (2, 2),
    ),
    "a block between": (
        f'data "x" "y" {{\n a = var.b\n}}\n{ROLE}',
        ROLE_READ,
        (1, 1),
    ),
    "signs that stand for themselves": (
        other_role(
            'jsonencode({ Statement = [], A = "$${x} %%{y} $x 5% \\"q\\" \\\\ \\u00e9\\U0001F600\\t", "$${k}" = "\t" })'
        ),
        {
            "display_name": "n",
            "type": "AX",
            "policy": {"Statement": [], "A": '${x} %{y} $x 5% "q" \\ é😀\t', "${k}": "\t"},
        },
        (1, 0),
    ),
    "signs in a heredoc": (
        local('<<EOF\n{"Statement": [], "A": "$${x} \\\\ %%{y}"}\nEOF'),
        {"Statement": [], "A": "${x} \\ %{y}"},
        (1, 0),
    ),
    "signs in a string": (
        local('"{\\"Statement\\": [], \\"A\\": \\"$${x}\\\\n\\"}"'),
        {"Statement": [], "A": "${x}\n"},
        (1, 0),
    ),
    "a description of lines": (
        role("description = <<-EOT", "    two", "      lines", "    EOT", STATEMENT),
        {"description": "two\n  lines\n", "policy": BARE},
        (1, 0),
    ),
    "values of all sorts": (
        local("{ Statement = [], a = 1, b = -2.5e3, c = true, d = false, e = null, f = [], g = {} }"),
        {"Statement": [], "a": 1, "b": -2500.0, "c": True, "d": False, "e": None, "f": [], "g": {}},
        (1, 0),
    ),
    "Windows": (ROLE.replace("\n", "\r\n"), ROLE_READ, (1, 0)),
    "prose around it": (f"Hi Anna,\n\nthis is it:\n{ROLE}\nBye", ROLE_READ, (1, 0)),
}


def told(taken: Plural, left_out: Plural, policies: int, others: int) -> str:
    return taken.format(n=policies) + (f" {left_out.format(n=others)}" if others else "")


@pytest.mark.parametrize(("text", "value", "taken"), TAKEN.values(), ids=TAKEN)
def test_policies_are_taken_out_of_terraform(text, value, taken):
    source = read(text)

    assert source.faults == ()
    assert to_python(source.root) == value
    said = told(terraform.TAKEN, terraform.BLOCKS_LEFT_OUT, *taken)
    assert [repair.message for repair in source.repairs if repair.kind == "terraform"] == [said]
    assert {repair.kind for repair in source.repairs} <= {"terraform", "comments"}
    again = read(source.repaired_text)
    assert (again.repairs, to_python(again.root)) == ((), value)


def test_a_role_is_laid_out_over_lines():
    assert read(ROLE).repaired_text == (
        '{\n    "display_name": "servers",\n    "type": "XA",\n    "description": "Lists servers",\n    "policy": {\n'
        '        "Version": "1.1",\n        "Statement": [\n            {\n                "Effect": "Allow",\n'
        '                "Action": ["ecs:*:list*"]\n            }\n        ]\n    }\n}'
    )


def test_what_stands_in_terraform_keeps_its_place():
    source = read(f"# first\n{ROLE}")

    action = source.root.get("policy").get("Statement").items[0].get("Action").items[0]
    assert source.position_of(action) == (8, 15)
    assert source.position_of(source.root.get("display_name")) == (3, 19)


def test_slips_in_a_heredoc_are_repaired_in_their_places():
    source = read(local("<<EOF\n{\n  'Statement': [1,]\n}\nEOF"))

    assert [(repair.id, repair.line, repair.column) for repair in source.repairs] == [
        ("terraform-20", 2, 12),
        ("single-quotes", 4, 3),
        ("trailing-comma-45", 4, 18),
    ]


UNKNOWN = "What Terraform puts for {} is not known here."
# text, and what its fault is about: the place is where that stands
NOT_KNOWN = {
    "a variable as an effect": (statement("effect = var.effect"), "var.effect", None),
    "a variable in a list": (statement('action = ["ecs:*:*", var.more]'), "var.more", None),
    "a list that is called for": (statement('action = concat(["a:b:c"], local.x)'), "concat(", 'concat(["a:b:c"'),
    "a variable within a text": (statement('action = ["${var.service}:*:*"]'), "${var.service}", None),
    "a condition of Terraform's": (statement('effect = var.a ? "Allow" : "Deny"'), "var.a", None),
    "a condition of values": (statement('effect = true ? "Allow" : "Deny"'), "true", None),
    "a sum": (local('jsonencode({ Statement = [], A = "a" + "b" })'), '"a" + "b"', '"a"'),
    "an index": (local('jsonencode({ Statement = ["a"][0] })'), '["a"][0]', '["a"'),
    "a loop": (local("jsonencode({ Statement = [for s in var.s : s] })"), "[for s in", "[for"),
    "a loop over keys": (local("jsonencode({ Statement = { for s in var.s : s => 1 } })"), "{ for", "{"),
    "brackets": (local('jsonencode({ Statement = ("a") })'), '("a")', '("a"'),
    "another call": (local('jsonencode({ Statement = [], A = file("a") })'), "file(", 'file("a"'),
    "a call around a policy": (local(f"merge({ENCODED}, {{}})"), "merge(", "merge(jsonencode({"),
    "a choice of policies": (local(f"var.a ? {ENCODED} : null"), "var.a", None),
    "a key that is worked out": (local("jsonencode({ Statement = [], (var.k) = 1 })"), "(var.k)", None),
    "a template in a heredoc": (local('<<EOF\n{"Statement": ["${var.a}"]}\nEOF'), "${var.a}", None),
    "a directive in a heredoc": (local('<<EOF\n{"Statement": [%{ if x }1%{ endif }]}\nEOF'), "%{ if x }", None),
    "a template in a string": (local('"{\\"Statement\\": \\"${a["b"]}\\"}"'), '${a["b"]}', "${a["),
    "a name that is put together": (role('display_name = "${var.a}-b"', STATEMENT), "${var.a}", None),
    "a policy of a file": (other_role('file("policy.json")'), "file(", 'file("policy.json"'),
    "a policy that is somewhere else": (other_role("local.policy"), "local.policy", None),
    "a dynamic block": (role('dynamic "statement" {', "for_each = var.x", "}"), "dynamic", None),
    "a block in a statement": (statement("condition {", "}"), "condition", None),
    "an attribute that stands twice": (statement('effect = "Deny"', 'effect = "Allow"'), 'effect = "Allow"', None),
    "a policy and statements": (role("policy = jsonencode({})", STATEMENT), "resource", None),
    "a character that there is not": (local('"{\\"Statement\\": \\"\\UFFFFFFFF\\"}"'), "\\UFFFFFFFF", None),
    "half of a character": (local('"{\\"Statement\\": \\"\\ud83d\\"}"'), "\\ud83d", None),
    "an escape that is none": (local('jsonencode({ Statement = "\\q" })'), "\\q", None),
    "half of a policy in a heredoc": (other_role('<<EOF\n{"Statement": [\nEOF'), "EOF\n}", None),
    "a policy and more in a heredoc": (other_role("<<EOF\n{}, {}\nEOF"), ", {}", None),
    "a policy without its last bracket": (other_role('<<EOF\n{"Version": 1, "Statement": []\nEOF'), "EOF\n}", None),
    "a list in a heredoc": (other_role("<<EOF\n[1]\nEOF"), "[1]", None),
    "no Terraform in a role": (role("display_name: x", STATEMENT), "display_name:", None),
    "a missing comma": (local('jsonencode({ Statement = ["a" "b"] })'), '"b"]', None),
    "a quote that is never closed": (local('jsonencode({ Statement = ["a] })'), '"a]', None),
    "a block that is never closed": (ROLE.removesuffix("}\n"), "{\n  display_name", None),
    "no policy": ('resource "a" "b" {\n  c = 1\n}\n', "resource", None),
}


@pytest.mark.parametrize(("text", "about", "shown"), NOT_KNOWN.values(), ids=NOT_KNOWN)
def test_what_is_not_certain_in_terraform_is_a_fault_in_its_place(text, about, shown):
    source = read(text)

    assert source.root is None
    fault = source.faults[0]
    assert text[fault.offset :].startswith(about)
    if shown or fault.message.startswith("What Terraform"):
        assert fault.message == UNKNOWN.format(f"“{shown or about}”")


@pytest.mark.parametrize(
    "text",
    [
        "I have no resource for this, only {braces}.",
        'resource "a" "b"\n{"a": 1}',
        "Statement == nothing",
        "jsonencode is what you need",
    ],
)
def test_what_is_no_terraform_is_not_read_as_such(text):
    assert not any("Terraform" in fault.message for fault in read(text).faults)


# The state and the plan

PROVIDED = {
    "catalog": "CUSTOMED",
    "description": "Lists servers",
    "display_layer": "project",
    "display_name": "servers",
    "domain_id": "d",
    "id": "i",
    "name": "custom_d_0",
    "statement": [{"action": ["ecs:*:list*"], "condition": "", "effect": "Allow", "resource": None}],
}
CONDITIONAL = {"action": [], "effect": "Deny", "resource": [], "condition": '{"Bool": {"a": ["true"]}}'}


def state(*instances, kind="opentelekomcloud_identity_role_v3", mode="managed"):
    resource = {"mode": mode, "type": kind, "name": "x", "instances": [{"attributes": each} for each in instances]}
    return {"version": 4, "terraform_version": "1.9.0", "serial": 1, "lineage": "l", "resources": [resource]}


def planned(key, *modules):
    resources = [
        {"address": "a", "mode": "managed", "type": "huaweicloud_identity_role", "name": "x", "values": values}
        for values in modules
    ]
    module = {"resources": resources[:1], "child_modules": [{"resources": resources[1:], "address": "module.m"}]}
    return {"format_version": "1.0", "terraform_version": "1.9.0", key: {"root_module": module}}


OTHER = {"name": "n", "type": "AX", "description": None, "policy": json.dumps(BARE)}
IN_JSON = {
    "a state": (state(PROVIDED), ROLE_READ, (1, 0)),
    "a condition in a state": (
        state({"statement": [CONDITIONAL]}),
        {
            "policy": {
                "Version": "1.1",
                "Statement": [{"Action": [], "Effect": "Deny", "Condition": {"Bool": {"a": ["true"]}}}],
            }
        },
        (1, 0),
    ),
    "several instances": (state(PROVIDED, PROVIDED), [ROLE_READ, ROLE_READ], (2, 0)),
    "a policy of another resource": (
        state({"a": 1, "json": json.dumps(BARE)}, {"b": 2}, kind="a_b"),
        BARE,
        (1, 1),
    ),
    "terraform show": (planned("values", OTHER), OTHER_READ, (1, 0)),
    "a plan with modules": (
        planned("planned_values", OTHER, OTHER),
        [OTHER_READ, OTHER_READ],
        (2, 0),
    ),
}


@pytest.mark.parametrize(("data", "value", "taken"), IN_JSON.values(), ids=IN_JSON)
@pytest.mark.parametrize("indent", [None, 2])
def test_policies_are_taken_out_of_terraforms_json(data, value, taken, indent):
    source = read(json.dumps(data, indent=indent))

    assert source.faults == ()
    assert to_python(source.root) == value
    said = told(state_file.TAKEN, state_file.RESOURCES_LEFT_OUT, *taken)
    assert [repair.message for repair in source.repairs] == [said]
    assert read(source.repaired_text).repairs == ()


@pytest.mark.parametrize(
    "data",
    [
        state(),
        {**state(PROVIDED), "Statement": []},
        state(PROVIDED, mode="data"),
        {"resources": [{"type": "x_identity_role", "instances": [{"attributes": PROVIDED}]}]},
        {"values": {"root_module": {"resources": "none"}}},
        {"values": [], "planned_values": None, "lineage": "l"},
    ],
)
def test_json_that_holds_no_policy_of_terraform_is_left_as_it_is(data):
    text = json.dumps(data)

    assert (read(text).repairs, read(text).repaired_text) == ((), text)


@pytest.mark.parametrize(
    "attributes",
    [
        {"statement": ["Allow"]},
        {"policy": '{"Statement": [}'},
        {"policy": "{}", "statement": [{"effect": "Allow"}]},
        {"statement": [{"condition": "always"}]},
    ],
)
def test_a_role_of_a_state_that_is_not_certain_is_a_fault(attributes):
    source = read(json.dumps(state(attributes)))

    assert (source.root, len(source.faults)) == (None, 1)


def test_an_escape_in_a_string_means_the_same_as_in_terraform():
    meanings = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\", "u00e4": "ä", "U0001F600": "😀"}
    for escape, meaning in meanings.items():
        text = f'a = "x\\{escape}y"'
        (attribute,) = read_hcl(text)

        assert Passage(text).rebuilt(tuple(content(text, attribute.value))).text == f"x{meaning}y", escape


@pytest.mark.parametrize("key", ["Statement", "policy", "role", "roles"])
def test_each_key_of_a_policy_tells_that_an_encoded_object_is_one(key):
    source = read(f'locals {{\n  p = jsonencode({{ "{key}" = [] }})\n}}\n')

    assert (source.faults, to_python(source.root)) == ((), {key: []})


@pytest.mark.parametrize("second", ["name", '"text"', "<<EOF\nx\nEOF\n", "12", "{ b = 1 }"])
def test_a_value_behind_another_lacks_what_parts_them(second):
    (attribute, *_) = read_hcl(f"a = 1 {second}")

    assert (attribute.value.why, attribute.value.at) == (hcl.NOTHING_BETWEEN, 6)
