"""The index answers as asking one entry after the other does; a budget bounds the work and changes no answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policybuilder.domain.catalog.action_names import ActionNameError, action_key, is_wildcard, matches, overlap
from policybuilder.domain.catalog.name_index import Looks, NameIndex, uncovered
from policybuilder.domain.work import Work, WorkSpentError
from tests.domain.strategies import law

SERVICES = ("ecs", "evs", "e*", "*")
TYPES = ("servers", "Servers", "serverGroups", "server*", "*s", "*")
VERBS = ("get", "GET", "getTags", "get*", "*et*", "*")
NAMES = st.builds(lambda *parts: ":".join(parts), *map(st.sampled_from, (SERVICES, TYPES, VERBS)))
LISTS = st.lists(NAMES, max_size=12)


@law
@given(LISTS, NAMES)
def test_index_agrees_with_asking_each_entry(names, asked):
    index = NameIndex(enumerated := [(name, number) for number, name in enumerate(names)])

    assert sorted(index.covering(asked)) == [number for name, number in enumerated if matches(name, asked)]
    assert sorted(index.overlapping(asked)) == [number for name, number in enumerated if overlap(name, asked)]
    assert sorted(index.covered(asked)) == [
        number for name, number in enumerated if not is_wildcard(name) and matches(asked, name)
    ]
    assert (asked in index) is any(matches(name, asked) for name in names)
    assert index.overlaps(asked) is any(overlap(name, asked) for name in names)


@law
@given(LISTS, st.lists(NAMES, min_size=1, max_size=6), st.integers(0, 30))
def test_budget_ends_the_search_and_changes_no_answer(names, asked, amount):
    index, budget = NameIndex.of(names), Work(amount)
    paid, looks = NameIndex.of(names, budget), Looks(budget)
    for name in asked:
        for search, found in (
            (paid.covering, index.covering(name)),
            (paid.overlapping, index.overlapping(name)),
            (lambda name: index.covered(name, looks), index.covered(name)),
        ):
            try:
                assert list(search(name)) == list(found)
            except WorkSpentError:
                assert budget.spent
    assert budget.left >= 0


def test_what_was_compared_is_paid_for_once():
    index = NameIndex.of(f"ecs:{kind}:get" for kind in ("servers", "disks", "nics"))
    budget = Work(5)
    looks = Looks(budget)

    assert list(index.covered("ecs:*s:get", looks)) == ["ecs:servers:get", "ecs:disks:get", "ecs:nics:get"]
    assert (budget.left, budget.spent) == (2, False)
    assert list(index.covered("ecs:*s:get", looks)) == ["ecs:servers:get", "ecs:disks:get", "ecs:nics:get"]
    assert (budget.left, budget.spent) == (1, False)
    with pytest.raises(WorkSpentError):
        list(index.covered("ecs:s*:get", looks))
    assert (budget.left, budget.spent) == (1, True)


def test_long_names_take_more_work_than_short_ones():
    def work(names):
        spent = Work()
        looks = Looks(spent)
        list(NameIndex.of(names).covered("ecs:*x*:get", looks))
        return Work().left - spent.left

    assert work(f"ecs:{'s' * 100}{at:03}:get" for at in range(100)) > 2 * work(f"ecs:{at}:get" for at in range(100))


def test_names_are_found_whatever_their_case_and_come_as_they_were_given():
    index = NameIndex.of(["ecs:Servers:get", "ecs:servers:GET", "evs:volumes:list"])

    assert list(index.covering("ecs:SERVERS:Get")) == ["ecs:Servers:get", "ecs:servers:GET"]
    assert list(index.covered("*:*:*")) == ["ecs:Servers:get", "ecs:servers:GET", "evs:volumes:list"]


@pytest.mark.parametrize("name", ["ecs:servers", "ECS:servers:get", ""])
def test_text_that_is_no_action_is_refused(name):
    index = NameIndex.of(["ecs:servers:get"])

    for ask in (index.covering, index.overlapping, index.covered):
        with pytest.raises(ActionNameError):
            list(ask(name))
    with pytest.raises(ActionNameError):
        NameIndex.of([name])


@pytest.mark.parametrize(
    ("names", "left"),
    [
        (["ecs:servers:get", "ecs:*:get*", "evs:volumes:get"], ["ecs:*:get*", "evs:volumes:get"]),
        (["ecs:SERVERS:get", "ecs:servers:*"], ["ecs:servers:*"]),
        (["ecs:*:get", "*:*:*", "ecs:*:*"], ["*:*:*"]),
        (["ecs:*:GET", "ecs:*:get"], ["ecs:*:GET"]),
        (["ecs:servers:get", "evs:*:*"], ["ecs:servers:get", "evs:*:*"]),
        ([], []),
    ],
)
def test_uncovered_leaves_what_no_wildcard_covers(names, left):
    assert uncovered(names) == left
    assert uncovered(reversed(names)) == left[::-1]


@law
@given(LISTS)
def test_uncovered_names_cover_what_all_of_them_did_and_none_is_needless(names):
    left = NameIndex.of(uncovered(names))

    assert all(name in left for name in names)
    assert not any(
        matches(wildcard, name) for wildcard in left.values for name in left.values if action_key(wildcard) != name
    )
