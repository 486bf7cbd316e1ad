"""Work that runs out ends a question. As long as it lasts, it changes no answer; the same question takes as much."""

import random

import pytest

from policybuilder.domain.access.comparison import compare
from policybuilder.domain.access.conditions import Context
from policybuilder.domain.access.evaluation import Project, Request, evaluate, matrix
from policybuilder.domain.access.group_warnings import find_warnings
from policybuilder.domain.access.operations import what_allows
from policybuilder.domain.work import Work, WorkSpentError
from tests.domain.evaluation_cases import NAMES, PATTERNS, built, random_catalog, random_context, random_policies
from tests.laws import examples

MUCH = 10**9


def questions(chance):
    """Each asks the same of any work."""
    of, policies = random_catalog(chance), built(random_policies(chance))
    context = Context.of(random_context(chance))
    requests = [Request(name, project, context) for name in chance.sample(PATTERNS, 4) for project in Project]
    documents = [policy.document for policy in (*policies, *built(random_policies(chance)))]
    return [
        lambda work: evaluate(of, policies, requests, work),
        lambda work: matrix(of, policies, context, work),
        lambda work: find_warnings(of, policies, context, work),
        lambda work: [what_allows(of, document, work=work) for document in documents],
        lambda work: [compare(of, document, documents[0], work) for document in documents],
    ]


def test_work_changes_no_answer_and_ends_where_it_is_spent():
    chance = random.Random(21)
    for _ in range(examples(60)):
        for ask in questions(chance):
            work = Work(MUCH)
            answer = ask(work)
            needed = MUCH - work.left

            enough = Work(needed)
            assert (ask(enough), enough.left, enough.spent) == (answer, 0, False)
            if needed:
                less = Work(chance.randrange(needed))
                with pytest.raises(WorkSpentError):
                    ask(less)
                assert less.spent


def test_without_work_the_answer_is_the_same():
    chance = random.Random(22)
    for _ in range(examples(40)):
        of, policies = random_catalog(chance), built(random_policies(chance))
        requests = [Request(name, project) for name in NAMES for project in Project]
        assert evaluate(of, policies, requests) == evaluate(of, policies, requests, Work(MUCH))
        assert find_warnings(of, policies) == find_warnings(of, policies, work=Work(MUCH))
