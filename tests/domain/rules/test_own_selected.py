"""What is said of a policy that was made of a selection: about the policy as a whole, and without a place in a text."""

from dataclasses import replace

import pytest

from policybuilder.domain.access.openings import Opening
from policybuilder.domain.access.operations import Incomplete, what_allows, what_concerns
from policybuilder.domain.catalog.entries import Level
from policybuilder.domain.catalog.scope import judge
from policybuilder.domain.findings import Finding, Severity
from policybuilder.domain.jsontext.source import read
from policybuilder.domain.policy.document import Condition, Document, Effect, Statement, dump, measure
from policybuilder.domain.rules import iam_policy, own_selected, own_whole
from policybuilder.domain.rules.check import RULES, PolicyFinding, check, run_rules
from policybuilder.domain.rules.rule import Selected
from tests.builders import catalog, operation, published

LIST, ATTACH = "ecs/servers/list", "ecs/disks/attach"

SMALL = catalog(
    operation(LIST, "ecs:servers:list", title="Querying ECSs"),
    operation(ATTACH, "ecs:disks:attach", title="Attaching a disk", needs=["evs:volumes:get", "evs:volumes:use"]),
    operation("iam/users/list", "iam:users:list"),
    actions=[
        published("evs:volumes:get", "yes"),
        published("evs:volumes:use", "no"),
        published("evs:volumes:list", "varies"),
        published("evs:types:get", "unknown"),
    ],
    levels={"iam": Level.AX},
)


def allow(*actions, **rest):
    return Statement(Effect.ALLOW, actions, **rest)


def deny(*actions):
    return Statement(Effect.DENY, actions)


def sized(characters: int) -> Statement:
    """A statement whose policy has so many characters without optional space."""
    bare = measure(Document((allow("ecs:servers:list", conditions=(Condition("StringEquals", "ecs:Key", ("",)),)),)))
    text = "n" * (characters - bare.characters)
    return allow("ecs:servers:list", conditions=(Condition("StringEquals", "ecs:Key", (text,)),))


def found(*statements: Statement, selected=()) -> list[Finding]:
    """What is said about the policy as a whole."""
    document = Document(statements)
    denied = dict.fromkeys(what_concerns(SMALL, (s for s in statements if s.effect is Effect.DENY)), (0,))
    of = Selected(what_allows(SMALL, document, selected), denied, judge(SMALL, document.actions()))
    findings = run_rules(SMALL, read(dump(document)), RULES, of)
    return [each.finding for each in findings if each == PolicyFinding(each.finding, 0, None, None)]


FIRES = [
    ([sized(6145)], [], ("IAM.1021", Severity.ERROR, ""), iam_policy.SELECTED_IS_LONG, {"n": 6145, "over": 1}),
    ([], [], ("IAM.1028", Severity.ERROR, "Statement"), iam_policy.NOTHING_IS_SELECTED, {}),
    (
        [allow("ecs:servers:list")] * 9,
        [],
        ("IAM.1028", Severity.ERROR, "Statement"),
        iam_policy.SELECTED_ARE_MANY,
        {"n": 9},
    ),
    (
        [allow("ecs:servers:list"), allow("iam:*:*")],
        [],
        ("PB007", Severity.ERROR, "Statement"),
        own_whole.MIXED_LEVELS,
        {},
    ),
    (
        [allow("ecs:disks:attach", "ecs:servers:list")],
        [LIST, ATTACH],
        ("PB001", Severity.WARNING, ""),
        own_selected.NOT_GRANTED,
        {"operation": "Attaching a disk (ECS)", "names": ["evs:volumes:get", "evs:volumes:use"]},
    ),
    (
        [deny("ecs:servers:list"), allow("ecs:servers:list")],
        [LIST],
        ("PB001", Severity.WARNING, ""),
        own_selected.OPERATION_DENIED,
        {"operation": "Querying ECSs (ECS)", "blocks": [1]},
    ),
    ([allow("evs:volumes:use")], [], ("PB002", Severity.WARNING, ""), own_whole.NONE_IN_ENTERPRISE, {}),
    (
        [allow("evs:volumes:use", "ecs:servers:list", "evs:types:get")],
        [],
        ("PB002", Severity.WARNING, ""),
        own_whole.IAM_ONLY,
        {"n": 1, "total": 3},
    ),
    (
        [allow("evs:types:get", "evs:volumes:list", "ecs:servers:list")],
        [],
        ("PB003", Severity.WARNING, ""),
        own_whole.SCOPE_UNKNOWN,
        {"unknown": 1, "total": 3},
    ),
    (
        [allow("evs:volumes:list", "ecs:servers:list")],
        [],
        ("PB004", Severity.NOTE, ""),
        own_whole.SCOPE_VARIES,
        {"varying": 1, "total": 2},
    ),
    ([deny("ecs:servers:list")], [], ("PB005", Severity.WARNING, "Statement"), own_whole.ONLY_DENIES, {}),
    (
        [sized(5530)],
        [],
        ("PB006", Severity.NOTE, ""),
        own_whole.LIMIT_IS_NEAR,
        {"characters": 5530, "most": 6144, "left": 614},
    ),
]

SILENT = [
    [sized(5529)],
    [allow("ecs:servers:list")] * 8,
    [allow("ecs:servers:list", "evs:volumes:get", "obs:*:*"), deny("obs:bucket:get")],
    [allow("iam:users:list")],
    [deny("ecs:servers:list"), allow("evs:volumes:get")],
]


@pytest.mark.parametrize(("statements", "selected", "located", "wording", "values"), FIRES)
def test_said_of_the_policy_as_a_whole(statements, selected, located, wording, values):
    (finding,) = (each for each in found(*statements, selected=selected) if each.wording == wording)

    assert (finding.code, finding.severity, finding.place) == located
    assert values.items() <= finding.values.items()


@pytest.mark.parametrize("statements", SILENT)
def test_nothing_is_said_where_nothing_is_wrong(statements):
    assert [finding for finding in found(*statements) if finding.code != "PB003"] == []


def test_limit_is_named_up_to_the_limit():
    assert [(finding.code, finding.values["left"]) for finding in found(sized(6144))] == [("PB006", 0)]


def test_what_an_operation_lacks_is_told_by_the_reason():
    """It may work with a part of each wildcard that it needs, and not while another action is lacking as a whole."""
    get, use, wild = "evs:volumes:get", "evs:volumes:use", "evs:types:*"
    for missing, in_part, denied, wordings in (
        ((get,), (), (), [own_selected.NOT_GRANTED]),
        ((get,), (), (get,), [own_selected.DENIED]),
        ((wild,), (wild,), (), [own_selected.PERHAPS_NOT_GRANTED_AS_A_WHOLE]),
        ((wild,), (wild,), (wild,), [own_selected.PERHAPS_DENIED_IN_PART]),
        ((wild, get), (wild,), (), [own_selected.NOT_GRANTED, own_selected.NOT_GRANTED_AS_A_WHOLE]),
        (
            (wild, get, use),
            (wild,),
            (wild, use),
            [own_selected.NOT_GRANTED, own_selected.DENIED, own_selected.DENIED_IN_PART],
        ),
    ):
        document = Document((allow("ecs:disks:attach"),))
        lacking = replace(what_allows(SMALL, document, [ATTACH]), incomplete=(Incomplete(ATTACH, missing, in_part),))
        of = Selected(lacking, {}, judge(SMALL, document.actions()), missing_denied_by=dict.fromkeys(denied, (0,)))
        findings = [each.finding for each in run_rules(SMALL, read(dump(document)), RULES, of)]

        assert [each.wording for each in findings if each.code == "PB001"] == wordings


def test_only_what_was_asked_for_is_called_incomplete():
    """The policy holds the action of attaching a disk, but nobody selected that."""
    assert [finding.code for finding in found(allow("ecs:disks:attach"), selected=[LIST])] == []
    assert [finding.code for finding in found(allow("ecs:disks:attach"), selected=[ATTACH])] == ["PB001"]


def test_operation_that_works_is_not_called_refused():
    whole = allow("ecs:*:*", "evs:*:*")

    assert "PB001" not in {finding.code for finding in found(whole, selected=[ATTACH])}
    assert "PB001" not in {finding.code for finding in found(whole, deny("ecs:disks:attach"), selected=[LIST])}


def test_wildcard_that_opens_more_than_was_selected_is_told_where_it_stands():
    """And not as well that it opens a whole service."""
    wild = Document((allow("ecs:disks:attach"), allow("evs:*:*", "evs:volumes:*")))
    opening = Opening("evs:*:*", (ATTACH,), (LIST,))

    def said(document, *openings):
        of = Selected(what_allows(SMALL, document, [ATTACH]), {}, judge(SMALL, document.actions()), openings)
        codes = {"PB019", "PB050"}
        return [f for f in run_rules(SMALL, read(dump(document)), RULES, of) if f.finding.code in codes]

    (found,) = said(wild, opening)
    assert (found.finding.code, found.finding.severity) == ("PB050", Severity.WARNING)
    assert found.finding.place == "Statement[1].Action[0]"
    assert [each.finding.code for each in said(wild)] == ["PB019"]
    assert said(Document((allow("ecs:disks:attach"),)), opening) == []


def test_gravest_comes_first():
    worst = [deny("ecs:disks:attach", "evs:volumes:list", "iam:users:list"), *[deny("ecs:disks:attach")] * 8]

    assert [(finding.code, finding.severity) for finding in found(*worst, selected=[ATTACH])] == [
        ("IAM.1028", Severity.ERROR),
        ("PB007", Severity.ERROR),
        ("PB001", Severity.WARNING),
        ("PB005", Severity.WARNING),
        ("PB004", Severity.NOTE),
    ]


def test_pasted_policy_is_told_where_and_nothing_of_a_selection():
    text = dump(Document((deny("ecs:disks:attach", "evs:volumes:list"),)))

    findings = check(SMALL, read(text)).findings

    assert [(each.finding.code, each.finding.place, each.start is None) for each in findings] == [
        ("PB005", "Statement", False),
        ("PB004", "", False),
    ]
