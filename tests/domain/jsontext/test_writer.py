import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policybuilder.domain.jsontext.nodes import Node
from policybuilder.domain.jsontext.source import read
from policybuilder.domain.jsontext.writer import write, write_compact
from policybuilder.domain.policy.document import Document, Effect, Statement, dump, measure
from policybuilder.domain.policy.reading import compact_characters

TEXTS = st.text(max_size=8)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4))


def parsed(text: str) -> Node:
    root = read(text).root
    assert root is not None
    return root


def test_a_policy_is_written_as_the_console_prints_it():
    text = '{"Statement":[{"Action":["a:b:c","a:b:d"],"Effect":"Allow"}],"Version":"1.1"}'

    assert write(parsed(text)) == (
        '{\n    "Version": "1.1",\n    "Statement": [\n        {\n            "Effect": "Allow",\n'
        '            "Action": [\n                "a:b:c",\n                "a:b:d"\n            ]\n        }\n    ]\n}'
    )


def test_our_own_documents_are_written_as_they_are():
    document = Document((Statement(Effect.ALLOW, ("ecs:servers:list",)), Statement(Effect.DENY, ("evs:volumes:get",))))

    root = parsed(dump(document))

    assert write(root) + "\n" == dump(document)
    assert len(write_compact(root)) == measure(document).characters


def test_unknown_keys_follow_the_known_ones_in_their_own_order():
    assert write_compact(parsed('{"z":1,"Condition":{},"a":2,"Effect":"Deny"}')) == (
        '{"Effect":"Deny","Condition":{},"z":1,"a":2}'
    )


def test_the_keys_of_a_role_come_in_the_order_of_the_reference():
    text = '{"role":{"policy":{},"type":"XA","display_name":"p","description":""}}'

    assert write_compact(parsed(text)) == '{"role":{"display_name":"p","type":"XA","description":"","policy":{}}}'


@pytest.mark.parametrize("text", ["[]", "{}", '{"a":[]}', "[1.10,1e5,-0]", '{"a":1,"a":2}', "[true,false,null]"])
def test_nothing_is_lost_or_respelt(text: str):
    assert write_compact(parsed(text)) == text


@given(VALUES)
def test_writing_keeps_the_meaning_and_the_bytes_from_the_second_time_on(value: object):
    for write_node in (write, write_compact):
        written = write_node(parsed(json.dumps(value)))

        assert json.loads(written) == value
        assert write_node(parsed(written)) == written


@given(VALUES)
def test_the_compact_form_has_the_characters_that_are_counted(value: object):
    root = parsed(json.dumps(value))

    assert len(write_compact(root)) == compact_characters(root)
