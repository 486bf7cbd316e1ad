import pytest
from hypothesis import given
from hypothesis import strategies as st

from policybuilder.domain.access.conditions import Context
from policybuilder.domain.access.evaluation import GrantedPolicy, Project, Request, evaluate
from policybuilder.domain.access.group_warnings import (
    ADDS_NOTHING,
    BROKEN,
    BROKEN_OPERATIONS,
    CAN_BE_VOID,
    IS_VOID,
    MOST_POLICIES,
    MOST_STATEMENTS,
    NEEDLESS,
    SEVERITIES,
    VOID_DENY,
    find_warnings,
)
from policybuilder.domain.findings import fill
from policybuilder.domain.policy.document import Condition, Document, Effect, Statement
from policybuilder.domain.rules.table import table
from tests.builders import catalog, operation, option, published, real_catalog
from tests.domain.evaluation_cases import built, cases
from tests.domain.strategies import law

IAM, ENTERPRISE = Project.IAM, Project.ENTERPRISE
GET, LIST, ATTACH, USE = "ecs:servers:get", "ecs:servers:list", "ecs:disks:attach", "evs:volumes:use"
MFA = (Condition("Bool", "g:MFAPresent", ("true",)),)
SMALL = catalog(
    operation("ecs/a/get", GET),
    operation("ecs/a/list", LIST, enterprise="no"),
    operation("ecs/a/attach", ATTACH, needs=[USE]),
    operation("ecs/a/create", "ecs:servers:create", options=[option("new", needs=["vpc:ips:create"]), option("old")]),
    actions=[published(USE, "yes"), published("vpc:ips:create", "yes")],
)


def allow(*names, **more):
    return Statement(Effect.ALLOW, names, **more)


def deny(*names, **more):
    return Statement(Effect.DENY, names, **more)


def group(*policies):
    """Each as (where it is granted, statements …), called a, b, c …"""
    return [
        GrantedPolicy("abcdefghijklmnopqrstu"[at], Document(tuple(statements)), where)
        for at, (where, *statements) in enumerate(policies)
    ]


def found(*policies, of=SMALL, code=None, **context):
    """(code, policy, place) of each warning; keys of the context are those of MFA."""
    known = Context.of({f"g:{key}": [value] for key, value in context.items()})
    warnings = find_warnings(of, group(*policies), known)
    return [(w.finding.code, w.policy, w.finding.place) for w in warnings if code is None or w.finding.code == code]


def test_codes_and_severities_are_those_of_the_table():
    listed = {entry.code: entry.severity for entry in table()}

    assert {code: listed[code] for code in SEVERITIES} == SEVERITIES


def test_no_policies_no_warning():
    assert find_warnings(SMALL, []) == ()


# An Allow in the IAM project voids a Deny in Enterprise Management


def test_void_deny_names_statements_and_actions():
    (warning,) = find_warnings(
        SMALL, group((IAM, allow(LIST), allow("ecs:servers:g*")), (ENTERPRISE, allow(USE), deny(GET, USE)))
    )

    assert (warning.finding.code, warning.policy, warning.because, warning.actions) == (
        VOID_DENY,
        1,
        ((0, 1),),
        (GET,),
    )
    assert warning.finding.place == "Statement[1]"
    assert (warning.finding.wording, warning.finding.values) == (
        IS_VOID,
        {"statement": 2, "policy": "b", "actions": GET, "allowing": "“a”", "n": 1},
    )


@pytest.mark.parametrize(
    ("denied", "listed"),
    [
        ([ATTACH], ATTACH),
        ([ATTACH, GET], f"{ATTACH} and {GET}"),
        ([ATTACH, GET, USE], f"{ATTACH}, {GET} and 1 more"),
        ([ATTACH, GET, USE, "vpc:ips:create"], f"{ATTACH}, {GET} and 2 more"),
    ],
)
def test_warning_lists_two_actions_and_counts_the_others(denied, listed):
    policies = group((IAM, allow("ecs:*:*", "evs:*:*", "vpc:*:*")), (ENTERPRISE, deny(*denied)))

    (warning,) = [w for w in find_warnings(SMALL, policies) if w.finding.code == VOID_DENY]

    assert warning.actions == tuple(denied)
    assert warning.finding.values["actions"] == listed


@pytest.mark.parametrize(
    ("policies", "voided"),
    [
        ([(IAM, allow(GET)), (ENTERPRISE, deny(GET))], True),
        ([(IAM, allow("ecs:*:*")), (ENTERPRISE, deny("ecs:servers:*"))], True),
        ([(IAM, allow("obs:*:*")), (ENTERPRISE, deny("obs:bucket:delete"))], True),  # of no catalogue
        ([(IAM, allow("*:*:*")), (ENTERPRISE, deny("obs:bucket:*"))], True),
        ([(IAM, allow(LIST)), (ENTERPRISE, deny(LIST))], True),  # IAM-only: it is allowed there all the same
        ([(IAM, allow(GET, conditions=MFA)), (ENTERPRISE, deny(GET))], True),  # it can be
        ([(IAM, allow(LIST)), (ENTERPRISE, deny(GET))], False),
        ([(IAM, allow(GET)), (IAM, deny(GET))], False),
        ([(ENTERPRISE, allow(GET)), (ENTERPRISE, deny(GET))], False),
        ([(IAM, allow(GET), deny(GET)), (ENTERPRISE, deny(GET))], False),  # denied in the IAM project already
        ([(ENTERPRISE, deny(GET))], False),
    ],
)
def test_deny_in_enterprise_management_is_void_where_the_iam_project_allows(policies, voided):
    assert (found(*policies, code=VOID_DENY) != []) is voided


@pytest.mark.parametrize(("value", "said"), [(None, [CAN_BE_VOID]), ("true", [IS_VOID]), ("false", [])])
def test_conditions_of_the_allow_count(value, said):
    context = {} if value is None else {"MFAPresent": value}
    policies = [(IAM, allow(GET, conditions=MFA)), (ENTERPRISE, deny(GET))]
    known = Context.of({f"g:{key}": [given] for key, given in context.items()})

    findings = [warning.finding for warning in find_warnings(SMALL, group(*policies), known)]

    assert [each.wording for each in findings if each.code == VOID_DENY] == said


def test_deny_whose_condition_fails_is_not_void():
    policies = [(IAM, allow(GET)), (ENTERPRISE, deny(GET, conditions=MFA))]

    assert found(*policies, code=VOID_DENY, MFAPresent="false") == []
    assert found(*policies, code=VOID_DENY, MFAPresent="true") == [(VOID_DENY, 1, "Statement[0]")]


# A Deny of a dependency


@pytest.mark.parametrize(
    ("policies", "broken"),
    [
        ([(IAM, allow(ATTACH, USE)), (IAM, deny(USE))], True),
        ([(IAM, allow("*:*:*"), deny("evs:*:*"))], True),
        ([(IAM, allow(ATTACH)), (IAM, deny(USE))], False),  # not allowed without the Deny either
        ([(IAM, allow(ATTACH, USE)), (IAM, deny(USE, ATTACH))], False),  # the operation itself is denied
        ([(IAM, allow(ATTACH, USE)), (IAM, deny(USE, conditions=MFA))], False),  # not certain
        ([(IAM, allow(ATTACH, USE)), (ENTERPRISE, deny(USE))], False),  # void
        ([(IAM, allow("ecs:*:*", "vpc:*:*")), (IAM, deny("vpc:ips:create"))], False),  # the other option works
    ],
)
def test_deny_of_a_dependency_breaks_an_allowed_operation(policies, broken):
    assert (found(*policies, code=BROKEN_OPERATIONS) != []) is broken


def test_broken_operation_is_named_with_where():
    policies = group((IAM, allow(ATTACH)), (ENTERPRISE, allow(USE), deny("evs:*:*")), (IAM, deny(GET)))

    (warning,) = [w for w in find_warnings(SMALL, policies) if w.finding.code == BROKEN_OPERATIONS]

    assert (warning.policy, warning.actions, warning.operations) == (1, (USE,), ("ecs/a/attach",))
    assert (warning.finding.wording, warning.finding.values) == (
        BROKEN[(Project.ENTERPRISE,)],
        {"statement": 2, "policy": "b", "actions": USE, "operations": "“Attach”", "n": 1},
    )


def test_each_wording_has_its_own_plural():
    values = {"statement": 2, "policy": "b", "actions": "x", "allowing": "y", "operations": "z"}
    wordings = [IS_VOID, NEEDLESS, *BROKEN.values()]
    texts = [fill(each.message, values | {"n": n}) for each in wordings for n in (1, 2)]

    assert len(set(texts)) == len(texts)


# A policy that adds nothing


@pytest.mark.parametrize(
    ("policies", "needless"),
    [
        ([(IAM, allow("ecs:*:*")), (IAM, allow(GET))], [1]),
        ([(IAM, allow(GET)), (IAM, allow(GET))], [0, 1]),
        ([(IAM, allow(GET)), (IAM, allow(LIST))], []),
        ([(IAM, allow("ecs:*:*")), (ENTERPRISE, allow(GET))], [1]),
        ([(ENTERPRISE, allow(GET)), (IAM, allow(GET))], [0]),  # the IAM project itself needs the second
        ([(ENTERPRISE, allow(LIST))], [0]),  # IAM-only: of no effect there
        ([(IAM, allow(GET)), (IAM, deny(GET))], [0]),  # denied, with or without the Allow
        ([(IAM, allow(GET)), (IAM, deny(LIST))], []),
        ([(IAM,)], [0]),
        # Beyond the catalogue.
        ([(IAM, allow(USE)), (IAM, allow("evs:*:*"))], [0]),
        ([(IAM, allow("ecs:*:*")), (IAM, allow("obs:bucket:get"))], []),
        ([(IAM, allow("*:*:*")), (IAM, allow("obs:bucket:get"))], [1]),
        ([(IAM, deny(USE), allow("ecs:*:*")), (IAM, deny("evs:*:*"))], []),
        ([(IAM, allow("*:*:*")), (IAM, Statement(Effect.ALLOW, (), (GET,)))], []),
        # The catalogue has one action of EVS. Only a statement of the same effect and without limits covers the others.
        ([(IAM, allow("evs:v*:*")), (IAM, allow("evs:*:*"))], [0]),
        ([(IAM, allow("evs:v*:*")), (IAM, allow(USE), allow("evs:*:*", conditions=MFA))], []),
        ([(IAM, allow("evs:v*:*")), (IAM, allow(USE), allow("evs:*:*", resources=("evs:*:*:volume:*",)))], []),
        ([(IAM, deny("evs:v*:*")), (IAM, allow("evs:*:*"), deny(USE))], []),
        # Under conditions.
        ([(IAM, allow(GET, conditions=MFA)), (IAM, allow(GET, conditions=MFA))], [0, 1]),
        ([(IAM, allow(GET)), (IAM, allow(GET, conditions=MFA))], [1]),
        ([(IAM, allow(GET, conditions=MFA)), (IAM, allow(GET, resources=("ecs:*:*:server:*",)))], []),
    ],
)
def test_policy_that_adds_nothing(policies, needless):
    assert found(*policies, code=ADDS_NOTHING) == [(ADDS_NOTHING, at, "") for at in needless]


def test_values_of_the_context_tell_what_adds_something():
    policies = [(IAM, allow(GET, conditions=MFA)), (IAM, allow(GET, LIST))]

    assert found(*policies, code=ADDS_NOTHING, MFAPresent="true") == [(ADDS_NOTHING, 0, "")]
    assert found(*policies, code=ADDS_NOTHING, MFAPresent="false") == [(ADDS_NOTHING, 0, "")]


@law
@given(st.integers(0, 10_000))
def test_without_what_adds_nothing_every_decision_stays(seed):
    """For random groups and contexts, over all actions and operations: also where nothing was said of a key."""
    for _, catalog_, policies, context, _, _ in cases(seed, 3):
        known, granted = Context.of(context), built(policies)
        requests = [
            Request(name, where, known)
            for name in (*catalog_.action_index.actions, *catalog_.operations)
            for where in Project
        ]
        before = [decision.decision for decision in evaluate(catalog_, granted, requests)]
        for warning in find_warnings(catalog_, granted, known):
            if warning.finding.code == ADDS_NOTHING:
                others = [policy for at, policy in enumerate(granted) if at != warning.policy]
                after = [decision.decision for decision in evaluate(catalog_, others, requests)]
                assert after == before


@law
@given(st.integers(0, 10_000))
def test_void_deny_is_of_what_is_allowed_and_broken_operations_are_denied(seed):
    for _, catalog_, policies, context, _, _ in cases(seed, 3):
        known, granted = Context.of(context), built(policies)
        for warning in find_warnings(catalog_, granted, known):
            if warning.finding.code == VOID_DENY:
                asked = [Request(name, ENTERPRISE, known) for name in warning.actions]
                assert {d.decision for d in evaluate(catalog_, granted, asked)} <= {"allowed", "depends"}
            elif warning.finding.code == BROKEN_OPERATIONS:
                asked = [Request(id_, where, known) for id_ in warning.operations for where in Project]
                assert "denied" in {d.decision for d in evaluate(catalog_, granted, asked)}


def test_hostile_groups_are_answered():
    """Without bounds on what is compared, the first takes minutes."""
    names = [[f"*a{at}{number}*:*:b*" for number in range(600)] for at in range(MOST_POLICIES)]
    wild = [(IAM, deny(*listed) if at % 2 else allow(*listed)) for at, listed in enumerate(names)]
    excepting = [
        (ENTERPRISE if at else IAM, *([Statement(Effect.DENY if at else Effect.ALLOW, (), (GET,))] * MOST_STATEMENTS))
        for at in range(MOST_POLICIES)
    ]

    assert found(*wild, of=real_catalog()) == []
    assert len(found(*excepting, of=real_catalog(), code=VOID_DENY)) == (MOST_POLICIES - 1) * MOST_STATEMENTS
