import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policybuilder.domain.access.conditions import NOTHING_KNOWN, Outcome, holds
from policybuilder.domain.jsontext.nodes import find, to_python
from policybuilder.domain.jsontext.source import read
from policybuilder.domain.policy.condition_words import in_words
from policybuilder.domain.policy.document import Condition, Document, Effect, Size, Statement
from policybuilder.domain.policy.reading import (
    compact_characters,
    find_policies,
    measure_body,
    read_conditions,
    statements,
    to_document,
    value,
)
from tests.domain.strategies import law

DOCUMENT = '{"Version": "1.1", "Statement": [{"Effect": "Allow", "Action": ["ecs:servers:list"]}]}'
ROLE = f'{{"display_name": "name", "type": "XA", "description": "text", "policy": {DOCUMENT}}}'


def policies(text):
    return find_policies(read(text).root)


@pytest.mark.parametrize(
    ("text", "bases"),
    [
        (DOCUMENT, [""]),
        (ROLE, ["policy"]),
        (f'{{"role": {ROLE}}}', ["role.policy"]),
        (f'{{"role": {DOCUMENT}}}', ["role"]),
        (f'[{DOCUMENT}, {{"role": {ROLE}}}, {ROLE}]', ["[0]", "[1].role.policy", "[2].policy"]),
        (f'{{"roles": [{ROLE}, {ROLE}]}}', ["roles[0].policy", "roles[1].policy"]),
        ('{"Version": "1.1", "role": 5}', [""]),
        ("5", [""]),
        ("{}", [""]),
        ("[]", []),
    ],
)
def test_policies_are_found_with_their_base(text, bases):
    root = read(text).root

    assert [found.base for found in find_policies(root)] == bases
    assert [find(root, found.base) for found in find_policies(root)] == [found.body for found in find_policies(root)]


def test_role_tells_name_level_and_description():
    (found,) = policies(f'{{"role": {ROLE}}}')

    assert [to_python(node) for node in (found.name, found.level, found.description)] == ["name", "XA", "text"]
    assert to_python(found.body) == json.loads(DOCUMENT)
    assert to_python(found.role) == json.loads(ROLE)


def test_bare_document_tells_none():
    (found,) = policies(DOCUMENT)

    assert (found.role, found.name, found.level, found.description) == (None, None, None, None)


def test_role_without_policy_has_no_body():
    (found,) = policies('{"role": {"display_name": "name"}}')

    assert (found.body, found.base) == (None, "role")


def test_only_so_many_are_found_as_asked_for():
    assert len(find_policies(read("[1, 2, 3]").root, most=2)) == 2


def test_key_is_found_in_another_case_where_it_is_not_there_as_it_should_be():
    node = read('{"effect": 1, "EFFECT": 2, "Action": 3, "action": 4}').root

    assert [to_python(value(node, key)) for key in ("Effect", "Action")] == [2, 3]
    assert value(node, "Resource") is None
    assert value(None, "Resource") is None


def test_document_holds_what_can_be_understood():
    body = read(
        json.dumps(
            {
                "Version": "1.1",
                "Statement": [
                    {"Effect": "Allow", "Action": ["ecs:servers:list", "ECS:servers", 5, "ecs:*:*", ""]},
                    "no statement",
                    {"Effect": "Permit", "Action": ["ecs:servers:list"]},
                    {"effect": "deny", "Action": "ecs:servers:get", "Condition": {}},
                    {"Effect": "Deny", "NotAction": ["ecs:servers:list"]},
                ],
            }
        )
    ).root

    assert to_document(body) == Document(
        (
            Statement(Effect.ALLOW, ("ecs:servers:list", "ecs:*:*")),
            Statement(Effect.DENY, ("ecs:servers:get",), conditions=(Condition("", "", ()),)),
            Statement(Effect.DENY, (), not_actions=("ecs:servers:list",)),
        )
    )
    assert [view.index for view in statements(body)] == [0, 2, 3, 4]


@pytest.mark.parametrize("effect", Effect)
@pytest.mark.parametrize(
    ("listed", "actions", "not_actions"),
    [
        ({"Action": ["ecs:servers:list", "KMS:*:*"]}, ("ecs:servers:list", "kms:*:*"), ()),
        ({"NotAction": ["ecs:servers:list", "Kms:*:*"]}, (), ("ecs:servers:list",)),
        ({"NotAction": ["KMS:*:*"]}, ("*:*:*",), ()),
    ],
)
def test_nothing_is_certain_where_a_service_is_not_in_lower_case(effect, listed, actions, not_actions):
    """All that it can come to is in it, under a condition of which nobody knows whether it holds."""
    condition = {"Bool": {"g:MFAPresent": ["true"]}}
    body = read(json.dumps({"Statement": [{"Effect": effect.value, **listed, "Condition": condition}]})).root

    (statement,) = to_document(body).statements

    known, doubt = statement.conditions
    assert (statement.effect, statement.actions, statement.not_actions) == (effect, actions, not_actions)
    assert known == Condition("Bool", "g:MFAPresent", ("true",))
    assert in_words(doubt) == "only if IAM takes a service that is not in lower case"
    assert holds(doubt, NOTHING_KNOWN) == Outcome(
        None, reasons=frozenset({"Whether IAM takes a service that is not in lower case is not certain."})
    )


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (
            {"Bool": {"g:MFAPresent": ["true"]}, "StringEquals": {"g:UserName": ["b", "a"], "g:UserId": []}},
            (
                Condition("Bool", "g:MFAPresent", ("true",)),
                Condition("StringEquals", "g:UserName", ("b", "a")),
                Condition("StringEquals", "g:UserId", ()),
            ),
        ),
        ({"Equals": {"no key": ["x"]}}, (Condition("Equals", "no key", ("x",)),)),
        ({}, ()),
        ({"Bool": {}}, None),
        ({"Bool": {}, "Null": {"g:UserId": ["true"]}}, None),
        ({"Bool": 5}, None),
        ({"Bool": {"g:MFAPresent": "true"}}, None),
        ({"Bool": {"g:MFAPresent": [True]}}, None),
        ([], None),
    ],
)
def test_conditions_are_read_whole_or_not_at_all(condition, expected):
    assert read_conditions(read(json.dumps(condition)).root) == expected


NOBODY_KNOWS = Condition("", "", ())


@pytest.mark.parametrize(
    ("limits", "conditions", "resources"),
    [
        ({}, (), ()),
        ({"Resource": ["a", "b"]}, (), ("a", "b")),
        ({"Resource": []}, (), ("",)),
        ({"Resource": {"uri": ["/iam/x"]}}, (), ("/iam/x",)),
        ({"Resource": {"uri": ["/iam/x"], "url": ["/iam/y"]}}, (), ("",)),
        ({"Resource": {"uri": "/iam/x"}}, (), ("",)),
        ({"Resource": {}}, (), ("",)),
        ({"Resource": ["a", 5]}, (), ("",)),
        ({"Condition": {"Null": {"g:UserId": ["true"]}}}, (Condition("Null", "g:UserId", ("true",)),), ()),
        ({"Condition": {}}, (NOBODY_KNOWS,), ()),
        ({"condition": 5, "RESOURCE": "a"}, (NOBODY_KNOWS,), ("",)),
    ],
)
def test_what_limits_a_statement_is_read_or_stands_as_unknown(limits, conditions, resources):
    body = read(json.dumps({"Statement": [{"Effect": "Allow", "Action": ["ecs:servers:list"], **limits}]})).root

    (statement,) = to_document(body).statements

    assert statement == Statement(Effect.ALLOW, ("ecs:servers:list",), conditions=conditions, resources=resources)
    assert statement.limited is bool(limits)


@pytest.mark.parametrize("text", ["5", "{}", '{"Statement": 5}', '{"Statement": []}', '{"Statement": [[]]}'])
def test_document_of_anything_else_is_empty(text):
    assert to_document(read(text).root) == Document(())


def test_a_lone_statement_counts_as_a_list_of_it():
    body = read('{"Statement": {"Effect": "Allow", "Action": ["ecs:servers:list"]}}').root

    assert to_document(body) == Document((Statement(Effect.ALLOW, ("ecs:servers:list",)),))


def test_size_counts_what_stands_there():
    text = '{"Statement":[{"Action":[1,2]},{"NotAction":["a:b:c","x","y"]},5,{"Action":"a"}]}'

    assert measure_body(read(text).root) == Size(len(text), 4, 3)
    assert measure_body(None) == Size(0, 0, 0)


def test_numbers_count_as_they_are_spelt():
    assert compact_characters(read(' [ 1.50 , "ä\\u00e4\\n" , true, null ] ').root) == len('[1.50,"ää\\n",true,null]')


@law
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    )
)
def test_size_is_that_of_the_json_without_optional_space(value):
    root = read(json.dumps(value, indent=4)).root

    assert compact_characters(root) == len(json.dumps(value, separators=(",", ":"), ensure_ascii=False))
