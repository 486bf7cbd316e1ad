import random

import pytest

from policybuilder.domain.access.conditions import Context
from policybuilder.domain.access.decisions import Answer
from policybuilder.domain.access.evaluation import Evaluator, Project, Request, matrix
from policybuilder.domain.access.operations import what_allows
from tests.builders import real_catalog
from tests.domain import plain_evaluator
from tests.domain.evaluation_cases import (
    NAMES,
    WILDCARDS,
    built,
    cases,
    decide_all,
    granted,
    lowered,
    random_catalog,
    random_context,
    random_policies,
    random_statement,
)
from tests.domain.policy_cases import deny
from tests.laws import examples

ALLOWED, DENIED, NOT_ALLOWED, DEPENDS = Answer.ALLOWED, Answer.DENIED, Answer.NOT_ALLOWED, Answer.DEPENDS
IAM, ENTERPRISE = Project.IAM, Project.ENTERPRISE


def test_actions_agree_with_a_plain_evaluator():
    chance = random.Random(11)
    of = [random_catalog(chance) for _ in range(20)]
    asked = [*NAMES, "ecs:Servers:GET", "obs:a:get", "obs:b:get"]
    for _ in range(examples(2_500)):
        catalog_, policies, context = chance.choice(of), random_policies(chance), random_context(chance)
        evaluator = Evaluator(catalog_, built(policies))
        for name, project in zip(chance.sample(asked, 4), chance.choices(list(Project), k=4), strict=True):
            known = catalog_.action_index.action(name)
            support = "unknown" if known is None else known.scope.enterprise_project.value
            expected = plain_evaluator.answers(policies, name, project, support, lowered(context))

            found = evaluator.evaluate(Request(name, project, Context.of(context)))

            assert found.decision == plain_evaluator.in_words(expected), (policies, name, project, context)
            if all(
                plain_evaluator.applies(s, lowered(context)) is not None
                for _, statements in policies
                for s in statements
            ):
                assert set(found.because) == set().union(*expected.values()), (policies, name, project, context)


def test_operations_agree_with_a_plain_evaluator():
    chance = random.Random(12)
    of = [random_catalog(chance) for _ in range(20)]
    for _ in range(examples(600)):
        catalog_, policies, context = chance.choice(of), random_policies(chance), random_context(chance, given=0.85)
        supports = {name: catalog_.action_index.actions[name].scope.enterprise_project.value for name in NAMES}
        supports |= {wildcard: plain_evaluator.together(wildcard, supports) for wildcard in WILDCARDS}
        found = matrix(catalog_, built(policies), Context.of(context))
        for id_, row in catalog_.operations.items():
            expected = [
                plain_evaluator.operation_decision(policies, row, supports, project, lowered(context))
                for project in ("iam_project", "enterprise_project")
            ]
            assert [found[id_].iam_project.decision, found[id_].enterprise_project.decision] == expected, (
                policies,
                row,
            )


# Laws.


def test_without_policies_nothing_is_allowed_and_nothing_denied():
    for id_, found in matrix(real_catalog(), []).items():
        expected = NOT_ALLOWED if real_catalog().operation(id_).all_actions() else ALLOWED
        assert (found.iam_project.decision, found.enterprise_project.decision) == (expected, expected)


@pytest.mark.parametrize(("stage", "project"), [(IAM, IAM), (IAM, ENTERPRISE)])
def test_deny_wins_in_its_stage(stage, project):
    for _, catalog_, policies, context, _, _ in cases(1, examples(300)):
        everything = granted(deny("*:*:*"), at=stage)
        for name in NAMES:
            found = decide_all(catalog_, [*built(policies), everything], [name], project, context)
            assert [each.decision for each in found] == [DENIED]


def test_one_more_deny_never_allows_more():
    for chance, catalog_, policies, context, target, _ in cases(2, examples(1_500)):
        denies = [random_statement(chance) | {"Effect": "Deny"} for _ in range(2)]
        (before,) = decide_all(catalog_, built(policies), [target], IAM, context)
        (after,) = decide_all(catalog_, [*built(policies), granted(*denies)], [target], IAM, context)

        assert after.decision is not ALLOWED or before.decision is ALLOWED
        assert after.decision is not DEPENDS or before.decision is not DENIED


def test_order_of_policies_does_not_matter():
    for chance, catalog_, policies, context, target, project in cases(3, examples(1_500)):
        numbers = list(range(len(policies)))
        chance.shuffle(numbers)
        (found,) = decide_all(catalog_, built(policies), [target], project, context)
        (other,) = decide_all(catalog_, built([policies[n] for n in numbers]), [target], project, context)

        assert other.decision == found.decision
        assert other.missing_keys == found.missing_keys
        assert other.missing_actions == found.missing_actions
        assert other.reasons == found.reasons
        assert sorted((numbers[at], statement) for at, statement in other.because) == list(found.because)


def test_what_does_not_depend_is_the_same_whatever_is_missing():
    decided = 0
    for chance, catalog_, policies, context, target, project in cases(4, examples(2_500)):
        context = {key: values for key, values in context.items() if chance.random() < 0.5}
        (found,) = decide_all(catalog_, built(policies), [target], project, context)
        if found.decision is DEPENDS:
            continue
        decided += 1
        for _ in range(3):
            completed = random_context(chance, given=1) | context
            (whole,) = decide_all(catalog_, built(policies), [target], project, completed)
            assert whole.decision is found.decision, (policies, target, project, context, completed)
    assert decided > examples(1_000)


def test_given_the_missing_keys_no_key_is_missing():
    for _, catalog_, policies, context, target, project in cases(5, examples(2_000)):
        (found,) = decide_all(catalog_, built(policies), [target], project, context)
        assert not {key.lower() for key in found.missing_keys} & set(lowered(context))

        completed = context | {key: [] for key in found.missing_keys}
        (whole,) = decide_all(catalog_, built(policies), [target], project, completed)

        assert whole.missing_keys == ()
        assert whole.decision is not DEPENDS or found.decision is DEPENDS


def test_decision_that_depends_says_on_what_and_no_other_key_changes_it():
    depending = others = 0
    for chance, catalog_, policies, context, target, project in cases(7, examples(2_500)):
        context = {key: values for key, values in context.items() if chance.random() < 0.5}
        (found,) = decide_all(catalog_, built(policies), [target], project, context)
        assert (found.decision is DEPENDS) == bool(found.missing_keys or found.reasons)
        depending += found.decision is DEPENDS
        missing = {key.lower() for key in found.missing_keys} | set(lowered(context))
        for key, values in random_context(chance, given=1).items():
            if key.lower() not in missing:
                others += 1
                (whole,) = decide_all(catalog_, built(policies), [target], project, context | {key: values})
                assert (whole.decision, whole.missing_keys) == (found.decision, found.missing_keys), (policies, key)
    assert depending > examples(200)
    assert others > examples(1_000)


def test_operations_agree_with_what_a_document_allows():
    chance = random.Random(6)
    for _ in range(examples(150)):
        statements = [
            statement for statement in (random_statement(chance) for _ in range(4)) if "Condition" not in statement
        ]
        statements = [{key: part for key, part in s.items() if key != "Resource"} for s in statements]
        catalog_, of = random_catalog(chance), granted(*statements)
        allows = what_allows(catalog_, of.document)
        found = {id_: each.iam_project for id_, each in matrix(catalog_, [of]).items()}
        needing = {  # in each of its ways
            id_
            for id_, row in catalog_.operations.items()
            if row.actions or (row.options and all(way.actions for way in row.options))
        }

        assert {id_ for id_, each in found.items() if each.decision is ALLOWED} & needing == allows.allowed & needing
        for incomplete in allows.incomplete:
            assert found[incomplete.id].missing_actions == incomplete.missing
            assert (found[incomplete.id].decision is DEPENDS) == incomplete.may_work
