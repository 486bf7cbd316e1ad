"""The access page over a catalogue with more rows than it holds at once."""

from dataclasses import replace

import pytest

from policybuilder.domain.searching.search import Filter
from policybuilder.domain.work import Work
from policybuilder.pages.access.commands import carry_out
from policybuilder.pages.access.form import AccessSubmission, PolicyEntry, Shown
from policybuilder.pages.access.matrix import ROWS_AT_ONCE
from policybuilder.pages.access.page import AccessPage
from policybuilder.web.commands import Command
from tests.builders import catalog, operation

LARGE = catalog(
    *(operation(f"ecs/a/do-{at}", f"ecs:a:do{at}", access="read") for at in range(ROWS_AT_ONCE)),
    operation("ecs/b/last", "ecs:b:last"),
)
ALLOWING = AccessSubmission(entries=(PolicyEntry(text='{"Statement": [{"Effect": "Allow", "Action": ["ecs:a:*"]}]}'),))


def page_of(submission, of=LARGE):
    work = Work()
    return AccessPage(of, submission, carry_out(of, submission, work), work)


def branches(submission, of=LARGE):
    """(category, number of rows or None, whether it is open)"""
    page = page_of(submission, of)
    return [
        (branch.category.id, None if branch.rows is None else len(branch.rows), branch.open)
        for trunk in page.trunks
        for branch in trunk.branches
    ]


def test_categories_of_a_large_catalogue_are_filled_in_when_they_are_opened():
    opened = replace(ALLOWING, command=Command("open", "ecs/b"))

    assert branches(ALLOWING) == [("ecs/a", None, False), ("ecs/b", None, False)]
    assert branches(opened) == [("ecs/a", None, False), ("ecs/b", 1, True)]
    assert branches(replace(ALLOWING, shown=Shown(opened=frozenset({"ecs/b"})))) == branches(opened)
    assert branches(replace(ALLOWING, command=Command("open", "ecs/none"))) == branches(ALLOWING)


@pytest.mark.parametrize(
    ("shown", "found"),
    [
        (Shown(wanted=Filter(reading=True)), [("ecs/a", ROWS_AT_ONCE, True)]),
        (Shown(decision="not_allowed"), [("ecs/b", 1, True)]),
        (Shown(decision="denied"), []),
    ],
)
def test_what_a_filter_lets_through_is_filled_in_and_open(shown, found):
    assert branches(replace(ALLOWING, shown=shown)) == found


def test_bars_count_whatever_is_shown():
    page = page_of(replace(ALLOWING, shown=Shown(decision="denied")))
    iam, enterprise = page.coverages

    assert [(bar.title, bar.allowed, bar.total, bar.allowed_share) for bar in iam.bars] == [
        ("Read", ROWS_AT_ONCE, ROWS_AT_ONCE, "100"),
        ("Change", 0, 1, "0"),
    ]
    assert (enterprise.allowed, enterprise.others) == (ROWS_AT_ONCE, "1 not allowed")
