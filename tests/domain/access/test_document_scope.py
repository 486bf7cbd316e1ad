"""The verdict over a document: only Allows decide, a pattern and NotAction count as what they stand for."""

import fnmatch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policybuilder.domain.access.document_scope import denied_without_effect, judge_document
from policybuilder.domain.catalog.known_actions import KnownActions
from policybuilder.domain.catalog.scope import Verdict
from policybuilder.domain.policy.document import Document, Effect, Statement
from tests.builders import catalog, operation, published, real_catalog
from tests.domain.strategies import UNKNOWN, WILDCARDS, catalogs, law

OWN, NATIVE, VARIES = "ecs:own:use", "ecs:native:use", "evs:disks:use"
SMALL = catalog(
    operation("ecs/a/own", OWN),
    operation("ecs/a/native", NATIVE, enterprise="no"),
    actions=[published(VARIES, "varies")],
)


def allow(*names, but=()):
    return Statement(Effect.ALLOW, names, tuple(but))


def deny(*names, but=()):
    return Statement(Effect.DENY, names, tuple(but))


def judged(*statements, of=SMALL):
    return judge_document(KnownActions(of), Document(statements))


@pytest.mark.parametrize(
    ("statements", "verdict", "iam_only", "total"),
    [
        ([allow(but=["ecs:own:list"])], Verdict.IAM_ONLY, [NATIVE], 3),
        ([allow(but=["ecs:*:*"])], Verdict.VARIES, [], 1),
        ([allow(but=["ecs:*:*"]), allow(but=[VARIES, OWN])], Verdict.IAM_ONLY, [NATIVE], 2),
        ([allow(but=["ecs:*:*", VARIES])], Verdict.IAM_AND_ENTERPRISE, [], 0),
        ([allow("*:*:*")], Verdict.IAM_ONLY, [NATIVE], 3),
        ([allow(OWN), deny(NATIVE)], Verdict.IAM_AND_ENTERPRISE, [], 1),
        ([allow(OWN), deny("x:y:z", but=["ecs:own:list"])], Verdict.IAM_AND_ENTERPRISE, [], 1),
        # what is allowed decides, whether it is denied again or not
        ([allow(OWN, NATIVE), deny(NATIVE)], Verdict.IAM_ONLY, [NATIVE], 2),
        # without an Allow, what is denied decides
        ([deny(NATIVE)], Verdict.IAM_ONLY, [NATIVE], 1),
        ([deny(but=[NATIVE])], Verdict.VARIES, [], 2),
        ([allow(), deny(NATIVE)], Verdict.IAM_AND_ENTERPRISE, [], 0),
    ],
)
def test_verdict_is_over_what_allows_grant(statements, verdict, iam_only, total):
    scope = judged(*statements)

    assert (scope.verdict, list(scope.iam_only), scope.total) == (verdict, iam_only, total)


def test_all_but_one_action_of_the_catalogue_is_iam_only():
    scope = judged(allow(but=["ecs:servers:list"]), of=real_catalog())

    assert (scope.verdict, scope.total) == (Verdict.IAM_ONLY, len(real_catalog().action_index.actions) - 1)


def test_denied_actions_without_effect_are_told_beside_an_allow_only():
    of = KnownActions(SMALL)

    assert denied_without_effect(of, Document((allow(OWN), deny("ecs:*:use")))).iam_only == (NATIVE,)
    assert denied_without_effect(of, Document((deny("ecs:*:use"),))) is None
    assert denied_without_effect(of, Document((allow(OWN),))) is None


@law
@given(st.data())
def test_numbers_are_those_of_the_actions_one_by_one(data):
    of = data.draw(catalogs())
    names = st.lists(st.sampled_from([*of.action_index.actions, *WILDCARDS, *UNKNOWN]), max_size=4).map(tuple)
    kinds = st.builds(Statement, st.sampled_from(Effect), names) | st.builds(
        Statement, st.sampled_from(Effect), st.just(()), names.filter(len)
    )
    statements = data.draw(st.lists(kinds, max_size=4))

    scope = judged(*statements, of=of)

    deciding = [s for s in statements if s.effect is Effect.ALLOW] or statements

    def speaks(statement, name):
        named = statement.not_actions or statement.actions
        return any(fnmatch.fnmatchcase(name.lower(), each.lower()) for each in named) != bool(statement.not_actions)

    granted = {
        name: a.scope.enterprise_project
        for name, a in of.action_index.actions.items()
        if any(speaks(s, name) for s in deciding)
    }
    assert set(scope.iam_only) == {name for name, support in granted.items() if support == "no"}
    assert set(scope.varies) == {name for name, support in granted.items() if support == "varies"}
    assert {name for name, support in granted.items() if support == "unknown"} <= set(scope.unknown)
