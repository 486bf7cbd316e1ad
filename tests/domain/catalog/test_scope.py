from itertools import combinations

import pytest
from hypothesis import given

from policybuilder.domain.catalog.entries import Support
from policybuilder.domain.catalog.scope import PolicyScope, Verdict, judge
from policybuilder.domain.policy.document import Document, Effect, Statement
from tests.builders import catalog, published, real_catalog
from tests.domain.strategies import cases, law

SMALL = catalog(actions=[published(f"ecs:{support}:use", support) for support in Support])


def verdict_of(supports):
    """DESIGN's "first that holds", said once more."""
    if Support.NO in supports:
        return Verdict.IAM_ONLY
    if Support.UNKNOWN in supports:
        return Verdict.UNKNOWN
    return Verdict.VARIES if Support.VARIES in supports else Verdict.IAM_AND_ENTERPRISE


@pytest.mark.parametrize(
    "supports", [chosen for count in range(len(Support) + 1) for chosen in combinations(Support, count)]
)
def test_verdict_is_the_first_that_holds(supports):
    scope = judge(SMALL, [f"ecs:{support}:use" for support in supports])

    assert scope == PolicyScope(
        verdict=verdict_of(supports),
        iam_only=("ecs:no:use",) if Support.NO in supports else (),
        varies=("ecs:varies:use",) if Support.VARIES in supports else (),
        unknown=("ecs:unknown:use",) if Support.UNKNOWN in supports else (),
        total=len(supports),
    )


def test_wildcard_counts_for_every_action_that_it_matches():
    assert judge(SMALL, ["ecs:*:use", "ecs:YES:use"]) == PolicyScope(
        Verdict.IAM_ONLY, ("ecs:no:use",), ("ecs:varies:use",), ("ecs:unknown:use",), 4
    )


@pytest.mark.parametrize("name", ["evs:*:*", "ecs:servers:fly"])
def test_what_matches_no_action_of_the_catalogue_is_unknown(name):
    assert judge(SMALL, ["ecs:yes:use", name]) == PolicyScope(Verdict.UNKNOWN, (), (), (name,), 2)


def test_actions_of_each_kind_are_sorted():
    assert judge(SMALL, ["evs:z:get", "evs:b:get", "evs:a:get"]).unknown == ("evs:a:get", "evs:b:get", "evs:z:get")


@pytest.mark.parametrize(
    ("names", "expected"),
    [([], False), (["ecs:no:use"], True), (["ecs:no:use", "ecs:varies:use"], False), (["ecs:yes:use"], False)],
)
def test_none_in_enterprise_when_all_actions_are_iam_only(names, expected):
    assert judge(SMALL, names).none_in_enterprise is expected


def test_scope_of_published_actions():
    names = ["ecs:servers:list", "ecs:cloudServers:list", "evs:volumes:get", "vpc:publicIps:create"]

    assert judge(real_catalog(), names) == PolicyScope(
        Verdict.IAM_ONLY, ("ecs:servers:list",), ("evs:volumes:get",), (), 4
    )


@law
@given(cases())
def test_scope_counts_every_action_once(case):
    of, selection = case
    names = [name for id_ in selection.operations for name in of.operation(id_).names()]
    document = Document((Statement(Effect.ALLOW, tuple(names)), Statement(Effect.DENY, tuple(reversed(names)))))

    scope = judge(of, document.actions())

    covered = {known for name in names for known in of.action_index.expand(name) or (name,)}
    listed = (*scope.iam_only, *scope.varies, *scope.unknown)
    supports = [
        of.action_index.actions[name].scope.enterprise_project if name in of.action_index.actions else Support.UNKNOWN
        for name in covered
    ]
    assert scope.total == len(covered)
    assert len(set(listed)) == len(listed) == scope.total - supports.count(Support.YES)
    assert scope.verdict is verdict_of(supports)
