"""What of a log counts as refused: laws over logs in every form that tools write, and each form as people paste it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policybuilder.domain.refusal.explain import explain
from tests.builders import real_catalog
from tests.domain.refusal.logs import FORMATS, HOST, KEYS, PROJECT, REASONS, Call, calls_by_key, har, refused
from tests.laws import tried

SERVER = "9f2e1b34-8a6d-4c6c-9d55-0c1d4a4ff2b1"
START = "ecs/ecs-status-management/starting-an-ecs-native"
WORDS = ("", "We granted ecs:servers:delete last week.\n", "\n\nHello,\nthis is what she gets, see below:\n\n")

calls = st.builds(
    Call,
    st.sampled_from([operation for same in calls_by_key().values() for operation in same]),
    st.integers(1, 2),
    st.sampled_from([*REASONS, None]),
)


def found(text):
    result = explain(real_catalog(), text)
    return list(result.actions), [id_.rpartition("/")[2] for id_ in result.operations]


def left_out(text):
    return [finding.message for finding in explain(real_catalog(), text).findings if finding.code == "PB049"]


def test_every_shared_call_has_its_key():
    shared = [operation.slug for same in calls_by_key().values() if len(same) > 1 for operation in same]

    assert sorted(shared) == sorted(KEYS)


@tried(200)
@given(st.lists(st.tuples(calls, st.sampled_from(FORMATS), st.sampled_from(WORDS)), max_size=8))
def test_exactly_what_was_refused_is_found_in_a_log(entries):
    text = "".join(words + written(call) for call, written, words in entries)

    assert set(explain(real_catalog(), text).operations) == refused([call for call, _, _ in entries]) or not entries, (
        text
    )


@tried(100)
@given(st.lists(calls, min_size=1, max_size=8), st.sampled_from([None, 2]))
def test_exactly_what_was_refused_is_found_in_a_har_file(entries, indent):
    assert set(explain(real_catalog(), har(*entries, indent=indent)).operations) == refused(entries)
