"""What is kept for the next time weighs no more than it may, and is what the function says."""

import gc
import weakref

from hypothesis import given
from hypothesis import strategies as st

from policybuilder.domain.remembering import remembered
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
