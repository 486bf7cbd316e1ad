import json

import pytest

from policybuilder.domain.jsontext.nodes import to_python
from policybuilder.domain.jsontext.source import read
from policybuilder.domain.policy.reading import view_statement
from policybuilder.domain.policy.rebuilding import (
    action_texts,
    characters_of,
    in_statements,
    is_divisible,
    is_plain,
    statement_list,
    with_actions,
    with_statements,
)
from tests.domain.policy_cases import allow, deny


def view(text):
    return view_statement(read(text).root)


@pytest.mark.parametrize(
    ("text", "divisible", "plain"),
    [
        ('{"Effect": "Allow", "Action": ["a:b:c"]}', True, True),
        ('{"Action": ["A:b:c", ""], "Effect": "Deny"}', True, True),
        ('{"Effect": "Allow", "Action": ["a:b:c"], "Condition": 5}', True, False),
        ('{"Effect": "Allow", "Action": ["a:b:c"], "Resource": []}', True, False),
        ('{"Effect": "allow", "Action": ["a:b:c"]}', False, False),
        ('{"effect": "Allow", "Action": ["a:b:c"]}', False, False),
        ('{"Effect": "Allow", "action": ["a:b:c"]}', False, False),
        ('{"Effect": "Allow", "Action": "a:b:c"}', False, False),
        ('{"Effect": "Allow", "Action": []}', False, False),
        ('{"Effect": "Allow", "Action": ["a:b:c", 5]}', False, False),
        ('{"Effect": "Allow", "Action": ["a:b:c"], "NotAction": []}', False, False),
        ('{"Effect": "Allow", "Action": ["a:b:c"], "Sid": "1"}', False, False),
        ('{"Effect": "Allow", "Effect": "Allow", "Action": ["a:b:c"]}', False, False),
        ('{"Effect": "Allow", "Action": ["a:b:c"], "Action": ["a:b:d"]}', False, False),
        ('{"Effect": 1, "Action": ["a:b:c"]}', False, False),
        ('{"Action": ["a:b:c"]}', False, False),
    ],
)
def test_statement_is_divisible_where_copies_of_it_mean_the_same(text, divisible, plain):
    assert (is_divisible(view(text)), is_plain(view(text))) == (divisible, plain)


def test_nothing_is_not_divisible():
    assert (is_divisible(None), is_plain(None)) == (False, False)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('{"Statement": [1]}', [1]),
        ('{"Statement": []}', []),
        ('{"statement": [1]}', None),
        ('{"Statement": [1], "statement": [2]}', None),
        ('{"Statement": [1], "Statement": [2]}', None),
        ('{"Statement": {}}', None),
        ("{}", None),
        ("[1]", None),
    ],
)
def test_statement_list_is_what_can_only_be_meant(text, found):
    listed = statement_list(read(text).root)

    assert (None if listed is None else to_python(listed)) == found


def test_copies_keep_all_but_what_is_replaced():
    statement = read(json.dumps(allow("a:b:c", "no action", Resource=["*"]))).root
    body = read('{"x": 1.10, "Statement": [], "Version": null}').root

    assert action_texts(view_statement(statement)) == ("a:b:c", "no action")
    assert to_python(with_actions(statement, ["d:e:f"])) == allow("d:e:f", Resource=["*"])
    assert to_python(with_statements(body, [statement])) == {
        "x": 1.1,
        "Statement": [allow("a:b:c", "no action", Resource=["*"])],
        "Version": None,
    }


def test_actions_are_dealt_out_among_statements_of_100():
    statement = read(json.dumps(deny("a:b:c"))).root
    names = [str(at) for at in range(201)]

    made = in_statements(statement, names)

    assert list(map(to_python, made)) == [deny(*names[:100]), deny(*names[100:200]), deny("200")]
    assert in_statements(statement, []) == []
    assert characters_of(made) == sum(len(json.dumps(to_python(one), separators=(",", ":"))) + 1 for one in made)
