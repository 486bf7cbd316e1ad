"""What is kept for the next time weighs no more than it may, and is what the function says."""

import gc
import sys
import weakref
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from random import Random
from threading import Barrier

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policybuilder.domain.remembering import built_once, remembered
from tests.laws import tried


class Result:
    """Something that a weak reference can be held to."""

    def __init__(self, text: str):
        self.text = text


@tried(30)
@given(st.lists(st.text("ab", max_size=12), max_size=40))
def test_results_are_right_and_what_is_kept_weighs_no_more_than_it_may(texts):
    made: list[weakref.ref[Result]] = []

    @remembered(40, weigh=lambda result, text: len(text))
    def result_of(text: str) -> Result:
        result = Result(text)
        made.append(weakref.ref(result))
        return result

    for text in texts:
        assert result_of(text).text == text
    gc.collect()
    kept = [result.text for made_one in made if (result := made_one()) is not None]
    assert sum(map(len, kept)) <= 40
    assert all(len(text) <= 10 for text in kept)
    assert len(kept) == len(set(kept))


def test_latest_results_are_kept():
    calls = []

    @remembered(10, weigh=lambda result, text, *, double=False: len(text))
    def shout(text: str, *, double: bool = False) -> str:
        calls.append((text, double))
        return text.upper() * (2 if double else 1)

    assert [shout("ab"), shout("ab"), shout("ab", double=True)] == ["AB", "AB", "ABAB"]
    assert calls == [("ab", False), ("ab", True)]
    for text in ("cd", "ef", "gh"):
        shout(text)
    shout("ab", double=True)  # asked for lately: it stays
    shout("ij")
    shout("ab", double=True)
    assert calls[2:] == [("cd", False), ("ef", False), ("gh", False), ("ij", False)]
    shout("ab")
    assert calls[-1] == ("ab", False)


def test_what_is_asked_for_is_hashed_once_whether_it_is_kept_or_not():
    hashed: list[str] = []

    class Draft:
        def __hash__(self) -> int:
            hashed.append("draft")
            return 1

    @remembered(40, weigh=lambda result, draft: 1)
    def result_of(draft: Draft) -> str:
        return "policy"

    draft = Draft()
    assert [result_of(draft), len(hashed), result_of(draft), len(hashed)] == ["policy", 1, "policy", 2]


# In threads

THREADS = 4


@pytest.fixture
def impatient():
    """Threads interrupt each other after a few steps each."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def side_by_side(work: Callable[[int], object]) -> list[object]:
    start = Barrier(THREADS, timeout=60)

    def begin(thread: int) -> object:
        start.wait()
        return work(thread)

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(begin, range(THREADS)))


@pytest.mark.usefixtures("impatient")
def test_threads_get_right_results_and_keep_no_more_than_one_does():
    """Few places and many keys: each thread throws out what another one is about to look up."""
    made: list[weakref.ref[Result]] = []

    class Draft:
        """One that takes many steps to compare, so that threads are interrupted meanwhile."""

        def __init__(self, number: int):
            self.number = number

        def __eq__(self, other: object) -> bool:
            return isinstance(other, Draft) and all(self.number == other.number for _ in range(200))

        def __hash__(self) -> int:
            return self.number

    @remembered(40, weigh=lambda result, draft: 10)
    def result_of(draft: Draft) -> Result:
        result = Result(str(draft.number))
        made.append(weakref.ref(result))
        return result

    def work(thread: int) -> bool:
        numbers = Random(thread).choices(range(6), k=1_000)
        return all(result_of(Draft(number)).text == str(number) for number in numbers)

    assert side_by_side(work) == [True] * THREADS
    gc.collect()
    kept = [result.text for made_one in made if (result := made_one()) is not None]
    assert len(kept) == len(set(kept)) == 4


@pytest.mark.usefixtures("impatient")
def test_large_result_is_built_by_one_thread_while_the_others_wait_for_it():
    built: list[int] = []

    @built_once
    def index() -> list[int]:
        found = [at for at in range(50_000) if at]
        built.append(len(found))
        return found

    first, *others = side_by_side(lambda _: index())

    assert built == [49_999]
    assert all(each is first for each in others)


def test_large_result_is_built_anew_for_another_argument():
    built: list[str] = []

    @built_once
    def index(catalog: str) -> str:
        built.append(catalog)
        return catalog.upper()

    assert [index("a"), index("a"), index("b"), index("a")] == ["A", "A", "B", "A"]
    assert built == ["a", "b", "a"]
