"""What the search finds among all that the project ships: everyday queries, and laws over every title and action."""

import re
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from policybuilder.catalog_files.searching import search_of
from policybuilder.domain.catalog.entries import Operation
from policybuilder.domain.searching.index import STOP_WORDS
from policybuilder.domain.searching.search import Filter, Search, split_words
from tests.builders import whole_catalog
from tests.laws import tried

CATALOG = whole_catalog()
SEARCH = search_of(CATALOG)
QUERIES = yaml.safe_load(Path(__file__).with_name("queries.yaml").read_text(encoding="utf-8"))
FIRST = 3
LONGEST = 100  # characters that are kept of a search
DELETION = re.compile(r"\b(?:delet|remov|releas|unset|drop)(?:e|es|ed|ing|ion)?\b", re.IGNORECASE)


def found(text: str, **more) -> tuple[Operation, ...]:
    return SEARCH.operations(Filter(split_words(text)), frozenset(), **more)


def accepted(entry: str) -> set[str]:
    """The ids of the operations that "service | title" means, or the name of a single action."""
    slug, bar, title = entry.partition(" | ")
    if not bar:
        assert any(action.name == entry for action in CATALOG.action_index.single_actions), entry
        return {entry}
    ids = {row.id for row in CATALOG.services_by_slug[slug].operations if row.title == title}
    assert ids, entry
    return ids


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("strat server", "start server"),  # which a part of strategy meets
        ("flaoting", "floating"),  # several slips are as near; this one finds more
        *[("star", ""), ("snapsh", "")],  # begun, and found so
        *[("start", ""), ("umbenennen", ""), ("no such thing", ""), ("atach", "")],  # as good as it gets
    ],
)
def test_slip_that_finds_little_may_mean_a_word_that_finds_more(text, meant):
    assert SEARCH.meant(split_words(text)) == meant


def test_everyday_queries_have_what_is_meant_among_the_first_three():
    missed = {}
    for query, *entries in QUERIES:
        operations = [row.id for row in found(query)[:FIRST]]
        actions = SEARCH.single_actions(Filter(split_words(query)), frozenset())[:FIRST]
        wanted = set().union(*map(accepted, entries))
        if wanted.isdisjoint([*operations, *(action.name for action in actions)]):
            missed[query] = operations

    assert missed == {}
    assert len(QUERIES) >= 150


def test_whole_title_finds_its_operation_first():
    titles = dict.fromkeys(row.title for row in CATALOG.operations.values() if len(row.title) <= LONGEST)

    assert [title for title in titles if found(title)[0].title.casefold() != title.casefold()] == []


def test_name_of_an_action_finds_what_it_authorises_first():
    wrong = {}
    for name, action in CATALOG.action_index.actions.items():
        if action.operations and len(
            set(action.operations) & {row.id for row in found(name)[: len(action.operations)]}
        ) < len(action.operations):
            wrong[name] = [row.id for row in found(name)[: len(action.operations)]]

    assert wrong == {}


@pytest.mark.parametrize("word", ["delete", "löschen", "Entfernen", "removal"])
def test_every_deletion_is_found(word):
    rows = {row.id for row in found(word)}
    alone = {action.name for action in SEARCH.single_actions(Filter(split_words(word)), frozenset())}

    assert [row.title for row in CATALOG.operations.values() if DELETION.search(row.title) and row.id not in rows] == []
    assert {"dli/tables/clearing-a-table"} <= rows  # its action is to truncate
    assert [
        action.name
        for action in CATALOG.action_index.single_actions
        if (DELETION.search(action.title) or ":delete" in action.name) and action.name not in alone
    ] == []


def test_words_that_somebody_types_by_chance_find_no_other_service():
    assert {row.service for row in found("nat")} == {"nat"}
    assert {row.service for row in found("object storage")} == {"obs"}
    assert "native" not in SEARCH.marks(Filter(("nat",)))


queries = st.sampled_from([query for query, *_ in QUERIES])


@tried(100)
@given(queries, st.randoms(use_true_random=False))
def test_order_of_words_changes_nothing_but_the_order(query, random):
    words = query.split()
    random.shuffle(words)

    assert {row.id for row in found(" ".join(words))} == {row.id for row in found(query)}


@tried(100)
@given(queries)
def test_case_and_umlauts_do_not_count(query):
    plain = query.translate(str.maketrans("äöüÄÖÜ", "aouAOU"))
    spelt = query.translate(str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ö": "Oe"}))

    assert found(query.upper()) == found(query) == found(plain) == found(spelt)


@tried(100)
@given(queries, st.booleans(), st.sampled_from([None, True, False]))
def test_what_is_found_passes_the_filters_and_keeps_its_order(query, reading, native):
    wanted = Filter(split_words(query), reading=reading, native=native)
    unfiltered = found(query)

    assert SEARCH.operations(wanted, frozenset()) == tuple(
        row for row in unfiltered if (not reading or row.access == "read") and (native is None or row.native is native)
    )
    assert all(SEARCH.meets(row, wanted.words) for row in unfiltered)


PLAIN = Search(CATALOG)  # without synonyms, by which two words together can mean what neither does


@tried(100)
@given(st.sampled_from([*CATALOG.operations.values()]), st.data())
def test_more_words_find_less(row, data):
    words = [word for word in split_words(row.title) if word not in STOP_WORDS]
    more = data.draw(st.lists(st.sampled_from(words), min_size=1, unique=True))
    fewer = data.draw(st.lists(st.sampled_from(more), min_size=1, unique=True))

    less, all_ = ({one.id for one in PLAIN.operations(Filter(tuple(each)), frozenset())} for each in (more, fewer))
    assert row.id in less <= all_


@tried(200)
@given(st.text(max_size=60) | st.text("ab/:{}*.\"' -äß", max_size=60))
def test_any_text_is_searched(text):
    wanted = Filter(split_words(text))

    assert len(SEARCH.operations(wanted, frozenset())) <= len(CATALOG.operations)
    assert all(mark == mark.lower() for mark in SEARCH.marks(wanted))
    assert len(SEARCH.nearest(wanted.words)) <= 5


@pytest.mark.parametrize(
    ("words", "text", "told"),
    [
        (("disk",), "Manage disks of existing servers", True),
        (("mana", "disks"), "Manage a disk", True),
        (("löschen",), "Deleting a disk", True),
        (("access",), "ECS FullAccess", True),
        (("ecs:servers:",), "ecs:servers:list", True),
        (("thing",), "Read everything", False),
        (("disk", "network"), "Manage disks", False),
        ((), "Manage disks", True),
    ],
)
def test_texts_are_told_by_the_same_words(words, text, told):
    assert SEARCH.teller(words)(text) is told


@pytest.mark.parametrize("word", ["secrurty", "sicherunk", "qqqqqq", "thing"])
def test_words_that_are_offered_find_something(word):
    nearest = SEARCH.nearest((word,))

    assert word not in nearest
    assert all(SEARCH.operations(Filter(split_words(each)), frozenset()) for each in nearest)


@pytest.mark.parametrize(
    ("word", "other"),
    [("subscribe", "unsubscribe"), ("associate", "disassociate"), ("billing", "killing"), ("terminal", "delete")],
)
def test_words_that_mean_something_else_are_no_slips(word, other):
    """Whoever asks for one, and ticks what is found, must not have granted its opposite."""
    of_other = SEARCH.operations(Filter((other,)), frozenset())
    found = SEARCH.operations(Filter((word,)), frozenset())

    assert not {operation.id for operation in found[:3]} & {operation.id for operation in of_other[:10]}


def test_words_that_are_not_met_together_are_offered_one_by_one():
    assert SEARCH.operations(Filter(("topic", "subscription")), frozenset()) == ()
    assert SEARCH.nearest(("topic", "subscription")) == ("subscription", "topic")


def test_words_with_a_slash_between_them_are_words():
    def found(text):
        return SEARCH.operations(Filter(split_words(text)), frozenset())

    assert set(found("ak/sk")) == set(found("ak sk")) != set()
