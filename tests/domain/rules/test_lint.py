from dataclasses import replace

import pytest

from policybuilder.domain.access.operations import what_allows
from policybuilder.domain.catalog.catalog import Level
from policybuilder.domain.catalog.scope import judge
from policybuilder.domain.findings import Finding, Severity
from policybuilder.domain.policy.document import Document, Effect, Size, Statement, measure
from policybuilder.domain.rules.lint import (
    RULES,
    Subject,
    incomplete_selection,
    lint,
    mixed_levels,
    near_limit,
    only_denies,
    scope_verdict,
    statement_count,
    too_long,
)
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


def subject(*statements, selected=()):
    document = Document(tuple(statements))
    return Subject(
        SMALL, document, judge(SMALL, document.actions()), what_allows(SMALL, document, selected), measure(document)
    )


def allow(*actions):
    return Statement(Effect.ALLOW, actions)


def deny(*actions):
    return Statement(Effect.DENY, actions)


def sized(characters=100, statements=1):
    return replace(subject(allow("ecs:servers:list")), size=Size(characters, statements, 1))


FIRES = [
    (
        too_long,
        sized(characters=6145),
        Finding(
            "IAM.1021",
            Severity.ERROR,
            "",
            "The policy has 6,145 characters, 1 more than IAM's limit of 6,144.",
            "Select fewer operations, or put them into two policies.",
        ),
    ),
    (
        statement_count,
        subject(),
        Finding(
            "IAM.1028",
            Severity.ERROR,
            "Statement",
            "The policy has no statement: nothing is granted yet.",
            "Select at least one operation.",
        ),
    ),
    (
        statement_count,
        sized(statements=9),
        Finding(
            "IAM.1028",
            Severity.ERROR,
            "Statement",
            "The policy needs 9 statements; IAM takes 8 of 100 actions each.",
            "Select fewer operations, or put them into two policies.",
        ),
    ),
    (
        mixed_levels,
        subject(allow("ecs:servers:list"), allow("iam:*:*")),
        Finding(
            "PB007",
            Severity.ERROR,
            "Statement",
            "The policy mixes services of a region's projects with global services; IAM takes one kind per policy.",
            "Put the global services into a policy of their own.",
        ),
    ),
    (
        incomplete_selection,
        subject(allow("ecs:disks:attach", "ecs:servers:list"), selected=[LIST, ATTACH]),
        Finding(
            "PB001",
            Severity.WARNING,
            "",
            "“Attaching a disk” is selected but will be refused: evs:volumes:get, evs:volumes:use is not granted.",
            "Put back what was left out or switched off, or untick the operation.",
        ),
    ),
    (
        scope_verdict,
        subject(allow("evs:volumes:use")),
        Finding(
            "PB002",
            Severity.WARNING,
            "",
            "IAM-only: the policy cannot be applied in Enterprise Management, none of its actions has an effect there.",
            "Apply it in IAM, or swap operations for the ones that support enterprise projects.",
        ),
    ),
    (
        scope_verdict,
        subject(allow("evs:volumes:use", "ecs:servers:list", "evs:types:get")),
        Finding(
            "PB002",
            Severity.WARNING,
            "",
            "IAM-only: 1 of 3 actions have no effect in an enterprise project.",
            "Swap operations for the ones that support enterprise projects, or split the policy in two.",
        ),
    ),
    (
        scope_verdict,
        subject(allow("evs:types:get", "evs:volumes:list", "ecs:servers:list")),
        Finding(
            "PB003",
            Severity.WARNING,
            "",
            "It is not known whether 1 of 3 actions work in enterprise projects.",
            "Try the policy before relying on it there.",
        ),
    ),
    (
        scope_verdict,
        subject(allow("evs:volumes:list", "ecs:servers:list")),
        Finding(
            "PB004",
            Severity.NOTE,
            "",
            "1 of 2 actions work in enterprise projects for some of their calls only.",
            "See the calls of each action; grant the policy in IAM as well where the others are needed.",
        ),
    ),
    (
        only_denies,
        subject(deny("ecs:servers:list")),
        Finding(
            "PB005",
            Severity.WARNING,
            "Statement",
            "The policy only denies: it has an effect only beside one that allows.",
            "Give the same user group a policy that allows the rest.",
        ),
    ),
    (
        near_limit,
        sized(characters=5530),
        Finding(
            "PB006",
            Severity.NOTE,
            "",
            "The policy has 5,530 of 6,144 characters; 614 are left.",
            "Plan for a second policy before adding more.",
        ),
    ),
]

SILENT = [
    (too_long, sized(characters=6144)),
    (statement_count, sized(statements=1)),
    (statement_count, sized(statements=8)),
    (mixed_levels, subject(allow("ecs:servers:list", "evs:volumes:get", "obs:bucket:get"))),
    (mixed_levels, subject(allow("iam:users:list"))),
    (incomplete_selection, subject(allow("ecs:disks:attach"), selected=[LIST])),  # incomplete, but nobody asked for it
    (incomplete_selection, subject(allow("ecs:*:*", "evs:*:*"), selected=[ATTACH])),
    (scope_verdict, subject(allow("ecs:servers:list", "evs:volumes:get"))),
    (scope_verdict, subject()),
    (only_denies, subject(deny("ecs:servers:list"), allow("evs:volumes:get"))),
    (only_denies, subject()),
    (near_limit, sized(characters=5529)),
    (near_limit, sized(characters=6145)),
]


@pytest.mark.parametrize(("rule", "fires", "finding"), FIRES)
def test_rule_finds_what_it_is_for(rule, fires, finding):
    assert list(rule(fires)) == [finding]
    assert finding in lint(fires)


@pytest.mark.parametrize(("rule", "silent"), SILENT)
def test_rule_finds_nothing_where_nothing_is_wrong(rule, silent):
    assert list(rule(silent)) == []


def test_every_rule_has_a_document_that_fires_it_and_one_that_does_not():
    assert {rule for rule, _, _ in FIRES} == {rule for rule, _ in SILENT} == set(RULES)


def test_near_limit_goes_up_to_the_limit():
    assert [finding.message for finding in near_limit(sized(characters=6144))] == [
        "The policy has 6,144 of 6,144 characters; 0 are left."
    ]


def test_lint_names_the_gravest_first():
    worst = replace(
        subject(deny("ecs:disks:attach", "evs:volumes:list", "iam:users:list"), selected=[ATTACH]),
        size=Size(6145, 9, 1),
    )

    assert [(finding.code, finding.severity) for finding in lint(worst)] == [
        ("IAM.1021", Severity.ERROR),
        ("IAM.1028", Severity.ERROR),
        ("PB007", Severity.ERROR),
        ("PB005", Severity.WARNING),
        ("PB004", Severity.NOTE),
    ]


def test_lint_of_a_sound_policy_finds_nothing():
    assert lint(subject(allow("ecs:servers:list"), allow("evs:volumes:get"), selected=[LIST])) == ()
