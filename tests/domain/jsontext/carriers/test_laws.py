"""What holds for every policy in every wrapping, and for whatever is made of it."""

import json
import random
from functools import reduce
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from policybuilder.domain.jsontext.nodes import to_python
from policybuilder.domain.jsontext.repair_kinds import RepairKind
from policybuilder.domain.jsontext.source import MAX_BYTES, TOO_MUCH, read
from policybuilder.domain.work import MOST_STEPS, Work
from tests.laws import examples, tried

from .wrapped import PLAIN, WRAPPINGS, fenced, greeted, in_source_of_a_page, quoted_mail

# Without the signs that put a value for something: a shell and Terraform have other ways to write those. And without
# the two for which JSON has a letter and Terraform has none.
words = st.text(st.characters(codec="utf-8", exclude_characters="$%`\b\f"), max_size=12)
actions = st.sampled_from(["ecs:cloudServers:list", "ecs:*:get*", "evs:volumes:use"])
statements = st.fixed_dictionaries(
    {"Effect": st.sampled_from(["Allow", "Deny"]), "Action": st.lists(actions, max_size=3)},
    optional={"Condition": st.dictionaries(words, st.lists(words, max_size=2), max_size=2)},
)
documents = st.fixed_dictionaries(
    {"Version": st.just("1.1"), "Statement": st.lists(statements, min_size=1, max_size=3)}
)
OUTER = (quoted_mail, fenced, greeted, in_source_of_a_page)


def hold(text, source):
    for found in (*source.faults, *source.repairs):
        assert 0 <= found.offset <= len(text)
        assert source.position(found.offset) == (found.line, found.column)
        assert found.message.isprintable()
    assert (source.root is None) == (len(source.faults) == 1)
    if source.root is not None:
        again = read(source.repaired_text)
        assert (again.repairs, again.faults, again.repaired_text) == ((), (), source.repaired_text)
        assert to_python(again.root) == to_python(source.root) == json.loads(source.repaired_text)


@tried(200)
@given(
    documents,
    st.sampled_from(list(WRAPPINGS.values())),
    st.lists(st.sampled_from(OUTER), max_size=3),
    st.sampled_from([None, 2]),
)
def test_a_wrapped_policy_says_what_it_says_without(document, wrap, outer, indent):
    assume([wrap, *outer].count(in_source_of_a_page) < 2)  # nobody shows the source of a source
    plain = json.dumps(document, indent=indent)
    text = reduce(lambda text, each: each(text), outer, wrap(plain))

    source = read(text)

    hold(text, source)
    assert to_python(source.root) == document
    assert source.repairs != ()


@tried(200)
@given(
    st.lists(documents | st.fixed_dictionaries({"role": documents}), max_size=3)
    | st.fixed_dictionaries({"description": st.text(max_size=40), "policy": documents}),
    st.booleans(),
)
def test_json_of_policies_is_left_exactly_as_it_is(value, ensure_ascii):
    text = json.dumps(value, ensure_ascii=ensure_ascii)

    assert (read(text).repairs, read(text).repaired_text) == ((), text)


SPLINTERS = [
    *"{}[],:\"'\n \\/#$%&;>`~-=()<@0a",
    *[
        "<<EOF\n",
        "\nEOF\n",
        "${",
        "$${",
        "jsonencode(",
        "\n```\n",
        "curl -d '",
        "&quot;",
        "> ",
        '\\"',
        "//",
        "/*",
        "*/",
    ],
    *['resource "a" "b" {\n', "statement {\n", '"Statement"', "ecs:a:b", "\ufeff", "\r"],
]


def damaged(text, chance):
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(text) + 1)
        text = text[:at] + chance.choice(["", *SPLINTERS]) + text[at + chance.randint(0, 3) :]
    return text


@pytest.mark.parametrize("wrap", WRAPPINGS.values(), ids=WRAPPINGS)
def test_damaged_wrappings_are_answered(wrap):
    """Each repair that can be made can be refused, and is then the fault in its place."""
    chance = random.Random(wrap.__name__)
    for _ in range(examples(250)):
        text = damaged(wrap(PLAIN), chance)
        assert len(text.encode()) < MAX_BYTES

        source = read(text)

        hold(text, source)
        for repair in source.repairs:
            refused = read(text, without={repair.id})
            assert [fault.offset for fault in refused.faults] == [repair.offset]
            assert repair.id not in {each.id for each in refused.repairs}
        for reading in (reading for fault in source.faults for reading in fault.readings):
            taken = read(reading.apply(text))
            assert [fault.message for fault in taken.faults] != [source.faults[0].message] or taken.text != text
        kinds = {repair.kind for repair in source.repairs}
        assert RepairKind.AROUND_UNCLEAR not in kinds


def layered(levels, number=2_000):
    """Objects that need repairs, then a string in a string: every layer that goes has all of them read again."""
    inside = '{"Statement":1}'
    for _ in range(levels):
        inside = json.dumps(inside)[1:-1]
    return "[" + "{a:'b'}," * number + inside + "]"


def spent(text):
    work = Work(10**9)
    read(text, work=work)
    return 10**9 - work.left


def test_each_layer_and_each_repair_is_paid_for():
    by_layer = [spent(layered(levels)) for levels in range(4)]
    steps = [more - less for less, more in pairwise(by_layer)]

    assert min(steps) > by_layer[0] / 2
    assert spent(layered(2, 4_000)) > 1.9 * spent(layered(2, 2_000))
    assert spent(PLAIN) < MOST_STEPS / 100


def test_text_that_takes_more_work_than_there_is_has_a_fault_and_claims_nothing():
    text = layered(8, 3_900)
    source = read(text)
    work = Work(spent(layered(1)) - 1)

    assert (source.root, [fault.wording for fault in source.faults]) == (None, [TOO_MUCH])
    assert read(layered(1), work=work).faults[0].wording == TOO_MUCH
    assert work.spent
