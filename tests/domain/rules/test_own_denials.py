"""PB053: a Deny that leaves open another operation of the same job. The laws hold for each operation that has one."""

import json

import pytest

from policybuilder.domain.access.decisions import Answer
from policybuilder.domain.access.evaluation import Evaluator, GrantedPolicy, Project, Request
from policybuilder.domain.building.compiler import compile_selection
from policybuilder.domain.building.selection import Selection
from policybuilder.domain.catalog.scope import Goal
from policybuilder.domain.jsontext.source import read
from policybuilder.domain.policy.document import MAX_ACTIONS, Effect
from policybuilder.domain.rules import own_denials
from policybuilder.domain.rules.check import check
from tests.builders import catalog, operation, whole_catalog
from tests.domain.policy_cases import allow, deny, policy

WHOLE = whole_catalog()
DELETE, NATIVE = "ecs:cloudServers:deleteServers", "ecs:servers:delete"
NO_MFA = {"Bool": {"g:MFAPresent": ["false"]}}
BY_ANNA = {"StringEquals": {"g:UserName": ["anna"]}}
BUCKET, OBJECT = "OBS:*:*:bucket:a", "OBS:*:*:object:a"


def found(text, of=WHOLE):
    return [each for each in check(of, read(text)).findings if each.finding.code == "PB053"]


def said(*statements):
    return [(each.finding.place, each.finding.values["actions"]) for each in found(policy(*statements))]


def denied(text, id_):
    """Whether the policy refuses the call, though everything is allowed beside it."""
    everything = GrantedPolicy.of("all", read(policy(allow("*:*:*"))).root, Project.IAM)
    evaluator = Evaluator(WHOLE, [everything, GrantedPolicy.of("denies", read(text).root, Project.IAM)])
    return evaluator.evaluate(Request(id_, Project.IAM)).decision is Answer.DENIED


def test_deny_of_one_way_names_the_others_and_one_click_denies_them_all():
    """Where the same action denies the other way as well, there is nothing to report."""
    silent = []
    for id_, ways in WHOLE.needs.other_ways.items():
        text = policy(deny(*WHOLE.operation(id_).all_actions()))
        left = [way for way in ways if not denied(text, way)]
        if not left:
            silent.append(id_)
            assert found(text) == [], id_
            continue
        (finding,) = found(text)
        named = {WHOLE.titles.operation_name(WHOLE.operation(way)) for way in left}
        assert named <= set(finding.finding.values["ways"]), id_

        after = finding.fix.apply(text)

        assert found(after) == [], id_
        assert [way for way in (id_, *ways) if not denied(after, way)] == [], id_
    assert len(WHOLE.needs.other_ways) - len(silent) == 135


def test_deny_of_every_way_is_quiet():
    for id_, ways in WHOLE.needs.other_ways.items():
        names = {name for each in (id_, *ways) for name in WHOLE.operation(each).all_actions()}
        assert [
            each
            for each in found(policy(deny(*sorted(names))))
            if WHOLE.titles.operation_name(WHOLE.operation(id_)) in each.finding.values["denied"]
        ] == []


def test_drafts_report_the_same_as_their_text():
    for id_ in WHOLE.needs.other_ways:
        compiled = compile_selection(WHOLE, Selection(frozenset([id_])), Effect.DENY)
        drafts = [each.finding for each in compiled.findings if each.finding.code == "PB053"]
        assert drafts == [each.finding for each in found(compiled.text)], id_


@pytest.mark.parametrize(("denies", "allows"), [(DELETE, NATIVE), (NATIVE, DELETE)])
def test_message_names_both_ways_whatever_the_policy_allows(denies, allows):
    plain, native = "Deleting ECSs (ECS)", "Deleting an ECS (native OpenStack API) (ECS)"
    here, there = (plain, native) if denies == DELETE else (native, plain)
    for statements in ([deny(denies)], [allow(allows), deny(denies)], [allow("*:*:*"), deny(denies)]):
        (each,) = found(policy(*statements))
        assert (each.finding.place, each.finding.wording, each.fix.template, each.fix.certain) == (
            f"Statement[{len(statements) - 1}].Action[0]",
            own_denials.ONE_JOB_OPEN,
            own_denials.DENY_EVERY_WAY,
            False,
        )
        assert (each.finding.values["ways"], each.finding.values["denied"]) == ([there], [here])
        assert list(each.finding.values["actions"]) == [allows]


OPEN = [("Statement[0].Action[0]", (NATIVE,))]
BESIDE = [
    (deny(NATIVE), []),
    (deny("ecs:servers:*"), []),
    (deny("*:*:*"), []),
    ({"Effect": "Deny", "NotAction": ["iam:*:*"]}, []),
    ({"Effect": "Deny", "NotAction": ["ecs:*:delete"]}, OPEN),
    (deny("ecs:servers:get"), OPEN),
    (deny(NATIVE, Condition=NO_MFA), OPEN),
    (deny(NATIVE, Resource=[BUCKET]), OPEN),
    (deny("ECS:servers:delete"), OPEN),  # PB013: not certain to deny anything
    (allow(NATIVE), OPEN),
]


@pytest.mark.parametrize(("other", "expected"), BESIDE)
def test_other_statement_denies_the_other_way_or_does_not(other, expected):
    places = [each for each in said(deny(DELETE), other) if each[0].startswith("Statement[0]")]

    assert places == expected


LIMITS = [
    ({"Condition": NO_MFA}, {"Condition": NO_MFA}, True),
    ({"Condition": NO_MFA}, {}, True),
    ({"Condition": {**NO_MFA, **BY_ANNA}}, {"Condition": NO_MFA}, True),
    ({"Condition": NO_MFA}, {"Condition": {**NO_MFA, **BY_ANNA}}, False),
    ({"Condition": NO_MFA}, {"Condition": {"Bool": {"g:MFAPresent": ["true"]}}}, False),
    ({"Condition": {"Bool": "x"}}, {"Condition": {"Bool": "y"}}, False),  # nobody can read them
    ({"Condition": {"Bool": "x"}}, {}, True),
    ({"Resource": [BUCKET]}, {"Resource": [BUCKET, OBJECT]}, True),
    ({"Resource": [BUCKET, OBJECT]}, {"Resource": [BUCKET]}, False),
    ({}, {"Resource": [BUCKET]}, False),
]


@pytest.mark.parametrize(("here", "there", "closed"), LIMITS)
def test_other_way_counts_as_denied_wherever_the_deny_applies(here, there, closed):
    places = [place for place, _ in said(deny(DELETE, **here), deny(NATIVE, **there))]

    assert ("Statement[0].Action[0]" not in places) is closed


def test_wildcard_counts_as_what_it_matches():
    (each,) = found(policy(deny("ecs:servers:get", "ecs:cloudServers:delete*", "ecs:cloudServers:showServer")))

    assert each.finding.place == "Statement[0].Action[1]"
    assert each.finding.wording == own_denials.SEVERAL_JOBS_OPEN_CLOSING_MORE
    assert each.finding.values["actions"] == ("ecs:serverGroups:manage", "ecs:servers:delete")
    assert each.finding.values["more"] == [
        "Creating an ECS group (native OpenStack API) (ECS)",
        "Querying ECS groups (native OpenStack API) (ECS)",
        "Querying details about an ECS group (native OpenStack API) (ECS)",
    ]


def test_deny_that_lists_its_exceptions_or_means_a_whole_service_is_quiet():
    assert said({"Effect": "Deny", "NotAction": [NATIVE]}) == []
    assert said(deny("ecs:*:*")) == []


def test_action_of_two_jobs_is_explained_by_the_one_that_is_denied_whole():
    use, add, remove = "ecs:serverInterfaces:use", "ecs:cloudServers:addNics", "ecs:cloudServerNics:delete"

    assert [actions for _, actions in said(deny(use))] == [(remove, add)]
    assert said(deny(use, add)) == said(deny(use, remove)) == []


def test_fewest_actions_deny_the_other_ways():
    """The Cinder call needs evs:volumes:get besides: a Deny of it would deny reading disks."""
    of = catalog(
        operation("ecs/disks/delete", "ecs:disks:delete", same_job=["evs/disks/delete", "evs/disks/delete-cinder"]),
        operation("evs/disks/delete-cinder", "evs:disks:delete", "evs:disks:get"),
        operation("evs/disks/delete", "evs:disks:delete"),
        operation("evs/disks/get", "evs:disks:get", access="read"),
    )
    (each,) = found(policy(deny("ecs:disks:delete")), of)

    assert each.finding.values["actions"] == ("evs:disks:delete",)
    assert found(policy(deny("evs:disks:get")), of) == []  # reading disks: nothing says that deleting was meant


@pytest.mark.parametrize(("number", "fixable"), [(MAX_ACTIONS - 1, True), (MAX_ACTIONS, False)])
def test_click_is_offered_within_the_limit_of_a_statement(number, fixable):
    names = [DELETE, *(f"obs:bucket:Own{at}" for at in range(number - 1))]

    assert [each.fix is not None for each in found(policy(deny(*names)))] == [fixable]


def test_action_outside_of_a_list_is_reported_without_a_click():
    (each,) = found(json.dumps({"Version": "1.1", "Statement": [{"Effect": "Deny", "Action": DELETE}]}))

    assert (each.finding.place, each.fix) == ("Statement[0].Action", None)


@pytest.mark.parametrize(
    ("goal", "expected"), [(Goal.UNDECIDED, 1), (Goal.IAM_PROJECT, 1), (Goal.ENTERPRISE_PROJECT, 0)]
)
def test_way_without_effect_where_the_policy_is_granted_is_not_open_there(goal, expected):
    """In an enterprise project the native call is never allowed by a policy that is granted there."""
    delete = Selection(frozenset(["ecs/lifecycle-management/deleting-ecss"]))

    findings = compile_selection(WHOLE, delete, Effect.DENY, goal).findings

    assert len([each for each in findings if each.finding.code == "PB053"]) == expected


def test_work_is_bounded_and_says_so():
    wide = [f"{service}*:*:*{end}" for service in "acdegiknoprstv" for end in "edtlgs"]
    statements = [deny(*wide, Condition={"StringEquals": {"g:UserName": [str(at)]}}) for at in range(8)]

    assert "PB034" in [each.finding.code for each in check(WHOLE, read(policy(*statements))).findings]
