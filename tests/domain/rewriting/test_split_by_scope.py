from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policybuilder.domain.access.evaluation import Project
from policybuilder.domain.access.operations import what_allows
from policybuilder.domain.building.compiler import compile_selection
from policybuilder.domain.building.scope_division import (
    BOTH,
    CORRECT_FIRST,
    LIST_ACTIONS_FIRST,
    ONE_LIST,
    ONLY_DENIES,
    ONLY_IAM,
    TAKE_OUT_FIRST,
    TOO_LARGE,
    UNDIVIDED,
)
from policybuilder.domain.building.selection import Dependencies
from policybuilder.domain.building.selection_split import split_by_scope as split_selection
from policybuilder.domain.catalog.action_names import action_key
from policybuilder.domain.catalog.entries import Level
from policybuilder.domain.catalog.scope import Verdict, judge
from policybuilder.domain.policy.document import to_data
from policybuilder.domain.policy.reading import measure_body, to_document
from policybuilder.domain.rewriting import split_by_scope as document_scope_split
from policybuilder.domain.rewriting.split_by_scope import COMPANION, ENTERPRISE, split_by_scope
from tests.builders import catalog, operation, option, published, real_catalog, whole_catalog
from tests.domain.policy_cases import SYSTEM_POLICIES, allow, deny
from tests.domain.strategies import cases, catalogs, law
from tests.domain.whole_policies import ODD, data_of, divisible, node_of, policies, reached

OWN, NATIVE, VARIES, YES = "ecs:own:use", "ecs:native:use", "evs:varies:use", "evs:yes:use"

OPENS_MOST = {"Effect": "Allow", "NotAction": ["ecs:servers:get", "ecs:servers:list"]}  # of ODD

# ECS whole; of EVS only what ECS needs.
SMALL = catalog(
    operation("ecs/a/own", OWN, needs=[VARIES]),
    operation("ecs/a/native", NATIVE, enterprise="no", needs=[VARIES]),
    operation("ecs/a/needs-native", "ecs:own:set", needs=[NATIVE, YES]),
    operation("ecs/a/way", "ecs:own:get", options=[option("own"), option("native", needs=["evs:no:use"])]),
    operation("ecs/a/by-other-calls", "ecs:own:list", enterprise="no", needs=[YES]),
    operation("ecs/a/listed", "ecs:own:list"),
    operation("ecs/a/wild", "ecs:native:list", enterprise="no", needs=["evs:yes:*"]),
    actions=[published(f"evs:{support}:use", support) for support in ("yes", "no", "varies", "unknown")],
)


def split(*statements, of=SMALL):
    return split_by_scope(of, node_of({"Version": "1.1", "Statement": list(statements)}))


def written(*statements, of=SMALL):
    return [data_of(part.body)["Statement"] for part in split(*statements, of=of)]


@pytest.mark.parametrize(
    ("statements", "enterprise", "companion"),
    [
        ([allow(OWN, NATIVE)], [allow(OWN)], [allow(NATIVE)]),
        # what works in IAM projects only keeps what it needs; nothing else is there
        ([allow(OWN, VARIES, NATIVE, YES)], [allow(OWN, VARIES, YES)], [allow(VARIES, NATIVE)]),
        ([allow("ecs:own:set", NATIVE, YES)], [allow("ecs:own:set", YES)], [allow("ecs:own:set", NATIVE, YES)]),
        # not what could not be done before either
        ([allow("ecs:own:set", YES, "evs:no:use")], [allow("ecs:own:set", YES)], [allow("evs:no:use")]),
        ([allow("ecs:own:get", "evs:no:use")], [allow("ecs:own:get")], [allow("ecs:own:get", "evs:no:use")]),
        ([allow("ecs:own:list", YES)], [allow("ecs:own:list", YES)], [allow("ecs:own:list", YES)]),
        (
            [allow("ecs:native:list", "evs:yes:*", "evs:varies:*")],
            [allow("evs:yes:*", "evs:varies:*")],
            [allow("ecs:native:list", YES, "evs:yes:*", VARIES)],
        ),
        # names that nobody knows, and those of which nobody knows where they work
        (
            [allow(OWN, "x:y:z", "evs:unknown:use", "no action")],
            [allow(OWN)],
            [allow("x:y:z", "evs:unknown:use", "no action")],
        ),
        # some calls of an action work in IAM projects only, which no operation is known to need
        ([allow(YES, VARIES)], [allow(YES, VARIES)], [allow(VARIES)]),
        ([allow(OWN, VARIES, "evs:no:use")], [allow(OWN, VARIES)], [allow("evs:no:use")]),
        # a wildcard of both kinds is written out, and stays as it is in the companion: nobody knows all that it matches
        ([allow("ecs:*:use")], [allow(OWN)], [allow("ecs:*:use")]),
        ([allow("ecs:*:use", VARIES)], [allow(OWN, VARIES)], [allow("ecs:*:use", VARIES)]),
        ([allow("evs:*:use", OWN)], [allow(VARIES, YES, OWN)], [allow("evs:*:use")]),
        ([allow("*:*:use")], [allow(OWN, VARIES, YES)], [allow("*:*:use")]),
    ],
)
def test_split_by_scope_gives(statements, enterprise, companion):
    assert written(*statements) == [enterprise, companion]


def test_each_statement_is_divided_by_itself_and_keeps_what_limits_it():
    more = {"Condition": {"Bool": {"g:MFAPresent": ["true"]}}, "Resource": ["*"]}

    assert written(allow(OWN, NATIVE, **more), allow(VARIES), allow("evs:yes:*")) == [
        [allow(OWN, **more), allow(VARIES), allow("evs:yes:*")],
        [allow(NATIVE, **more), allow(VARIES)],
    ]


def test_deny_stands_as_it_is_written_where_it_touches_something_and_in_both_where_it_touches_nothing():
    both, first, second, none = deny("ecs:*:use", Resource=["*"]), deny(OWN), deny(NATIVE, "x:y:z"), deny("obs:a:b")

    assert written(both, first, second, none, allow(OWN, NATIVE)) == [
        [both, first, none, allow(OWN)],
        [both, second, none, allow(NATIVE)],
    ]


def test_denied_operation_needs_nothing():
    assert written(deny(NATIVE), allow(OWN, NATIVE, VARIES)) == [[allow(OWN, VARIES)], [deny(NATIVE), allow(NATIVE)]]
    limited = deny(NATIVE, Condition={"Bool": {"g:MFAPresent": ["false"]}})
    assert written(limited, allow(OWN, NATIVE, VARIES))[1] == [limited, allow(NATIVE, VARIES)]


def undivided(remedy, **values):
    return f"{UNDIVIDED} {remedy.format(**values)}"


@pytest.mark.parametrize(
    ("statements", "purpose"),
    [
        ([allow(OWN, "evs:yes:*")], BOTH),
        ([deny("ecs:own:list"), allow(OWN, VARIES)], BOTH),
        ([], BOTH),
        ([deny(OWN)], ONLY_DENIES),
        ([deny(OWN, NATIVE)], ONLY_DENIES),
        ([allow(NATIVE), deny(OWN)], ONLY_IAM),
        ([allow("x:y:z")], ONLY_IAM),
        ([{**allow(NATIVE), "Foo": 1}, deny(OWN)], ONLY_IAM),
        ([{**allow(OWN), "Foo": 1}, allow(OWN)], BOTH),
        (
            [{"Effect": "Allow", "NotAction": [NATIVE]}],
            undivided(LIST_ACTIONS_FIRST, n=1),
        ),
        (
            [allow(OWN, NATIVE), {**allow(OWN), "Foo": 1, "Sid": "1"}],
            undivided(TAKE_OUT_FIRST, n=2, keys="“Foo”, “Sid”"),
        ),
        ([allow(NATIVE), {**allow("*:own:*"), "effect": "Allow"}], undivided(TAKE_OUT_FIRST, n=2, keys="“effect”")),
        ([allow(NATIVE), {"Effect": "Allow", "Action": OWN}], undivided(CORRECT_FIRST, n=2)),
    ],
)
def test_policy_that_is_not_to_be_split_is_one_part_and_the_same_body(statements, purpose):
    body = node_of({"Version": "1.1", "Statement": statements})
    (only,) = split_by_scope(SMALL, body)

    assert (only.body, only.purpose) == (body, purpose)


@pytest.mark.parametrize("policy", [{}, {"Statement": allow(OWN, NATIVE)}, {"statement": [allow(OWN, NATIVE)]}])
def test_body_without_a_list_of_statements_is_one_part(policy):
    body = node_of(policy)

    assert [(part.body, part.purpose) for part in split_by_scope(SMALL, body)] == [(body, f"{UNDIVIDED} {ONE_LIST}")]


@pytest.mark.parametrize("statement", [each for each in ODD if each != OPENS_MOST])
def test_what_cannot_be_divided_and_has_no_effect_there_is_in_the_companion_and_what_may_deny_in_both(statement):
    enterprise, companion = written(allow(OWN, NATIVE, "ecs:servers:get"), statement)
    touches = isinstance(statement, dict) and (
        not statement or (statement["Effect"] == "Deny" and "NotAction" in statement)
    )

    assert companion == [allow(NATIVE, "ecs:servers:get"), statement]
    assert enterprise == ([allow(OWN), statement] if touches else [allow(OWN)])


def test_parts_tell_purpose_scope_and_size():
    parts = split(allow("ecs:*:use"))

    assert [part.purpose for part in parts] == [ENTERPRISE, COMPANION]
    assert [part.size for part in parts] == [measure_body(part.body) for part in parts]
    assert [part.scope for part in parts] == [judge(SMALL, [OWN]), judge(SMALL, [OWN, NATIVE])]
    assert [part.granted_in for part in parts] == [Project.ENTERPRISE, Project.IAM]


def test_policy_with_too_many_actions_to_write_stays_whole(monkeypatch):
    monkeypatch.setattr(document_scope_split, "MOST_WRITTEN", 2)
    statements = [allow("ecs:*:use"), allow("ecs:**:use")]

    (only,) = split(*statements)
    assert (data_of(only.body)["Statement"], only.purpose) == (statements, TOO_LARGE)


def test_operation_that_needs_another_level_is_allowed_in_neither_part():
    """The level of the policy is XA, so its wildcard has no effect for the object of OBS."""
    of = catalog(
        operation("ecs/a/own", OWN, needs=["obs:objects:get"]),
        actions=[published("obs:objects:get", "yes")],
        levels={"obs": Level.AX},
    )

    assert written(allow(OWN, "*:objects:*"), of=of) == [[allow(OWN)], [allow("*:objects:*")]]


@pytest.mark.parametrize("names", [[f"*:*:w{at}*" for at in range(40)], [f"*:w{at}*:*" for at in range(99)]])
def test_policy_with_more_wildcards_than_can_be_looked_at_stays_whole(names):
    """A wildcard that was not looked at may allow actions in enterprise projects."""
    for statement in (allow(*names, "ecs:*:*"), allow(*names, "ecs:*:*", Foo="x")):
        statements = [statement, allow("vpc:vpcs:list", "ecs:servers:start")]
        (only,) = split(*statements, of=whole_catalog())
        assert (data_of(only.body)["Statement"], only.purpose) == (statements, TOO_LARGE)


def test_expanded_wildcard_is_written_in_statements_that_iam_takes():
    of = catalog(
        *(operation(f"ecs/a/{at}", f"ecs:a{at:03}:use") for at in range(150)),
        operation("ecs/a/native", NATIVE, enterprise="no"),
    )

    assert [len(each["Action"]) for each in written(allow("ecs:*:use"), of=of)[0]] == [100, 50]


def operations(of, body):
    found = what_allows(of, to_document(body))
    return found.allowed | found.conditional


@pytest.mark.parametrize("name", SYSTEM_POLICIES)
def test_published_policy_is_split(name):
    enterprise, companion = split(allow(*SYSTEM_POLICIES[name]), of=real_catalog())

    assert enterprise.scope.verdict in {Verdict.VARIES, Verdict.IAM_AND_ENTERPRISE}
    assert companion.scope.verdict is Verdict.IAM_ONLY


@law
@given(st.data())
def test_parts_mean_together_what_the_policy_does(data):
    of = data.draw(catalogs())
    policy = data.draw(policies(of))
    body = node_of(policy)

    parts = split_by_scope(of, body)

    assert reached(of, *(part.body for part in parts), of=body) == reached(of, body, of=body)
    assert split_by_scope(of, body) == parts


@law
@given(st.data())
def test_part_for_enterprise_projects_is_never_iam_only_and_loses_nothing_there(data):
    of = data.draw(catalogs())
    body = node_of(data.draw(policies(of, odd=False)))

    parts = split_by_scope(of, body)

    if len(parts) == 2:
        enterprise = parts[0]
        works = {
            action_key(name)
            for name, action in of.action_index.actions.items()
            if action.scope.enterprise_project in ("yes", "varies")
        }
        assert enterprise.scope.verdict in {Verdict.VARIES, Verdict.IAM_AND_ENTERPRISE}
        expected = {key: names & works for key, names in reached(of, body, of=body).items() if "Allow" in key}
        found = {key: names & works for key, names in reached(of, enterprise.body, of=body).items() if "Allow" in key}
        assert {key: names for key, names in found.items() if names} == {
            key: names for key, names in expected.items() if names
        }


@law
@given(cases(leave_out=False))
def test_no_operation_is_lost(case):
    of, selection = case
    policy = compile_selection(of, selection)
    body = node_of(to_data(policy.document))

    parts = split_by_scope(of, body)

    before = operations(of, body)
    kept = [operations(of, part.body) for part in parts]
    assert frozenset().union(*kept) == before
    if len(parts) == 2:
        works = {id_ for id_ in before if id_ not in kept[0]}
        assert works <= kept[1]
        assert all(divisible(each) for part in parts for each in data_of(part.body)["Statement"])


@law
@given(cases(leave_out=False, single=False))
def test_parts_hold_what_those_of_the_selection_do(case):
    of, selection = case
    selection = replace(selection, dependencies=Dependencies.DIRECT)
    halves = split_selection(of, selection)
    parts = split_by_scope(of, node_of(to_data(compile_selection(of, selection).document)))

    if len(parts) == 2:
        for half, part in ((halves.enterprise, parts[0]), (halves.iam, parts[1])):
            expected = compile_selection(of, half).operations.allowed & {
                id_ for id_ in half.operations if of.operations[id_].all_actions()
            }
            assert expected <= operations(of, part.body)
