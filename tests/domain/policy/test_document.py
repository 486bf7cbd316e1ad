import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policybuilder.domain.policy.document import Document, Effect, Size, Statement, dump, lay_out, measure, to_data
from tests.domain.strategies import law

DOCUMENT = Document(
    (Statement(Effect.ALLOW, ("ecs:servers:get", "ecs:servers:list")), Statement(Effect.DENY, ("evs:volumes:delete",)))
)


def names(service, count, first=0):
    return [f"{service}:r:v{at:03}" for at in range(first, first + count)]


def shape(document):
    """How many actions of which service each statement holds."""
    return [
        {service: len(found) for service in "abcdefghijklmnop" if (found := [a for a in s.actions if a[0] == service])}
        for s in document.statements
    ]


def test_document_lists_its_actions_in_order():
    assert DOCUMENT.actions() == ("ecs:servers:get", "ecs:servers:list", "evs:volumes:delete")


def test_dump_writes_what_the_console_prints():
    assert (
        dump(DOCUMENT)
        == """\
{
    "Version": "1.1",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": [
                "ecs:servers:get",
                "ecs:servers:list"
            ]
        },
        {
            "Effect": "Deny",
            "Action": [
                "evs:volumes:delete"
            ]
        }
    ]
}
"""
    )


def test_measure_counts_the_json_without_optional_space():
    compact = (
        '{"Version":"1.1","Statement":[{"Effect":"Allow","Action":["ecs:servers:get","ecs:servers:list"]},'
        '{"Effect":"Deny","Action":["evs:volumes:delete"]}]}'
    )

    assert measure(DOCUMENT) == Size(len(compact), 2, 2)
    assert measure(Document(())) == Size(len('{"Version":"1.1","Statement":[]}'), 0, 0)


def test_lay_out_makes_one_sorted_statement_per_service():
    actions = [
        "vpc:ports:get",
        "ecs:servers:list",
        "ecs:Zones:get",
        "ecs-x:a:use",
        "evs:volumes:use",
        "ecs:servers:Get",
    ]

    assert lay_out(Effect.DENY, actions) == Document(
        (
            Statement(Effect.DENY, ("ecs:servers:Get", "ecs:servers:list", "ecs:Zones:get")),
            Statement(Effect.DENY, ("ecs-x:a:use",)),
            Statement(Effect.DENY, ("evs:volumes:use",)),
            Statement(Effect.DENY, ("vpc:ports:get",)),
        )
    )


def test_lay_out_of_nothing_has_no_statement():
    assert lay_out(Effect.ALLOW, []) == Document(())


@pytest.mark.parametrize(
    ("services", "expected"),
    [
        ({"a": 100}, [{"a": 100}]),
        ({"a": 101}, [{"a": 100}, {"a": 1}]),
        ({"a": 250, "b": 1}, [{"a": 100}, {"a": 100}, {"a": 50}, {"b": 1}]),
        (dict.fromkeys("abcdefgh", 1), [{service: 1} for service in "abcdefgh"]),
        # Nine services: the two smallest statements share one, which stands where the first of its services does.
        (
            dict.fromkeys("abcdefghi", 2) | {"c": 1, "g": 1},
            [{s: 2} for s in "ab"] + [{"c": 1, "g": 1}] + [{s: 2} for s in "defhi"],
        ),
        (dict.fromkeys("abcdefghi", 50), [{"a": 50, "b": 50}] + [{service: 50} for service in "cdefghi"]),
        # No two statements fit into one: all are cut anew, whatever their service.
        (
            dict.fromkeys("abcdefghi", 60),
            [
                {"a": 60, "b": 40},
                {"b": 20, "c": 60, "d": 20},
                {"d": 40, "e": 60},
                {"f": 60, "g": 40},
                {"g": 20, "h": 60, "i": 20},
                {"i": 40},
            ],
        ),
        ({"a": 801}, [{"a": 100}] * 8 + [{"a": 1}]),
    ],
)
def test_lay_out_stays_within_the_limits_as_long_as_it_can(services, expected):
    actions = [name for service, count in services.items() for name in names(service, count)]

    assert shape(lay_out(Effect.ALLOW, actions)) == expected


@law
@given(st.lists(st.integers(1, 160), max_size=14), st.randoms(use_true_random=False))
def test_lay_out_keeps_every_action_within_the_limits(counts, random):
    actions = [
        name for service, count in zip("abcdefghijklmnop", counts, strict=False) for name in names(service, count)
    ]
    shuffled = random.sample(actions, len(actions))

    document = lay_out(Effect.ALLOW, shuffled)

    assert sorted(document.actions()) == actions
    assert all(1 <= len(statement.actions) <= 100 for statement in document.statements)
    assert len(document.statements) <= max(8, -(-len(actions) // 100))
    assert dump(document) == dump(lay_out(Effect.ALLOW, actions))


@law
@given(st.lists(st.tuples(st.sampled_from(Effect), st.lists(st.sampled_from(names("a", 9)), max_size=5))))
def test_text_says_the_same_as_the_document(statements):
    document = Document(tuple(Statement(effect, tuple(actions)) for effect, actions in statements))

    assert (
        json.loads(dump(document))
        == to_data(document)
        == {
            "Version": "1.1",
            "Statement": [{"Effect": effect, "Action": actions} for effect, actions in statements],
        }
    )
    assert measure(document).characters == len("".join(dump(document).split()))
