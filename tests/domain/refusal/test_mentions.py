import pytest

from policybuilder.domain.catalog.known_actions import KnownActions
from policybuilder.domain.refusal.mentions import Said, mentions
from tests.builders import real_catalog

KNOWN = KnownActions(real_catalog())
REFUSED, NAMED, GRANTED = Said.REFUSED, Said.NAMED, Said.GRANTED


def said(text, **more):
    """The verbs of the actions that are named, with what is said of each."""
    return [(mention.name.rpartition(":")[2], mention.said) for mention in mentions(text, KNOWN, **more)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ecs:servers:list ecs:servers:get", [("list", NAMED), ("get", NAMED)]),
        (
            "we granted ecs:servers:list and ecs:servers:get but got: ecs:servers:start",
            [("list", GRANTED), ("get", GRANTED), ("start", NAMED)],
        ),
        (
            "We granted ecs:servers:list, ecs:servers:get. Policy doesn't allow ecs:servers:start to be performed.",
            [("list", GRANTED), ("get", GRANTED), ("start", REFUSED)],
        ),
        ("Policy doesn't allow ecs:servers:start\nto be performed", [("start", REFUSED)]),
        ("no permission for action:ecs:servers:start", [("start", REFUSED)]),
        ("You are not authorized to perform ecs:servers:start", [("start", REFUSED)]),
        ("ecs:servers:start: 403 Forbidden\necs:servers:list: 200 OK", [("start", REFUSED), ("list", GRANTED)]),
        (
            "ecs:servers:list, ecs:servers:get are denied, ecs:servers:start works",
            [("list", REFUSED), ("get", REFUSED), ("start", GRANTED)],
        ),
        (
            "denied: ecs:servers:list, ecs:servers:get (granted: ecs:servers:start)",
            [("list", REFUSED), ("get", REFUSED), ("start", GRANTED)],
        ),
        (
            "granted: ecs:servers:list, ecs:servers:get, missing: ecs:servers:start, ecs:servers:stop",
            [("list", GRANTED), ("get", GRANTED), ("start", REFUSED), ("stop", REFUSED)],
        ),
        ("ecs:servers:list is allowed, ecs:servers:get is not", [("list", GRANTED), ("get", GRANTED)]),
        (
            "Granted:\n- ecs:servers:list\n- ecs:servers:get\nMissing:\n- ecs:servers:start\n\necs:servers:stop",
            [("list", GRANTED), ("get", GRANTED), ("start", REFUSED), ("stop", NAMED)],
        ),
        ("ecs:servers:denied ecs:granted:list", [("denied", NAMED), ("list", NAMED)]),
        ("urn:smn:eu-de:0123:ecs:servers", []),
        ("", []),
    ],
)
def test_what_the_words_around_a_name_say_of_it(text, expected):
    assert said(text) == expected


def test_answer_to_a_refused_call_refuses_what_it_names_unless_it_says_so_itself():
    assert said("ecs:servers:start", plain=REFUSED) == [("start", REFUSED)]
    assert said("Policy doesn't allow ecs:servers:start to be performed. Role: ecs:servers:get", plain=REFUSED) == [
        ("start", REFUSED),
        ("get", NAMED),
    ]
