"""The one amount of work of a request: what is taken, what is refused, and what is written."""

import pytest

from policybuilder.domain.work import CHARACTERS_A_STEP, Work, WorkSpentError


def test_what_is_refused_takes_nothing_and_is_remembered():
    work = Work(10)

    assert (work.take(10), work.left, work.spent) == (True, 0, False)
    assert (work.take(1), work.left, work.spent) == (False, 0, True)


def test_text_is_written_as_long_as_it_can_be_paid_for():
    work, text = Work(2), "x" * CHARACTERS_A_STEP

    assert [work.write(text), work.write(text)] == [text, text]
    with pytest.raises(WorkSpentError):
        work.write(text)
