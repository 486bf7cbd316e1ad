import random
from itertools import pairwise

import pytest

from policybuilder.domain.access.comparison import Comparison, Difference, compare
from policybuilder.domain.access.conditions import Context
from policybuilder.domain.access.decisions import Answer
from policybuilder.domain.access.doubts import Doubt
from policybuilder.domain.access.evaluation import Evaluator, GrantedPolicy, Project, Request
from policybuilder.domain.access.new_access import NewAccess, Witness
from policybuilder.domain.jsontext.source import read
from policybuilder.domain.policy.document import Document, Effect
from policybuilder.domain.policy.reading import to_document
from policybuilder.domain.work import Work, WorkSpentError
from tests.builders import catalog, operation, option, real_catalog
from tests.domain.evaluation_cases import NAMES, random_catalog, random_context, random_statement
from tests.domain.policy_cases import SYSTEM_POLICIES, allow, deny, policy
from tests.laws import examples
from tests.sweeps import sweep

GET, LIST, STOP = "ecs:servers:get", "ecs:servers:list", "ecs:servers:stop"
SMALL = catalog(
    operation("ecs/a/get", GET),
    operation("ecs/a/list", LIST, needs=["evs:volumes:get"]),
    operation("ecs/a/stop", STOP, options=[option("new", needs=["evs:volumes:use"]), option("old", needs=[LIST])]),
    operation("ecs/a/mount", "ecs:disks:mount", needs=["evs:*:use"]),
)
MFA = {"Bool": {"g:MFAPresent": ["true"]}}
OPS = {"StringEquals": {"g:UserName": ["anna", "bert"]}}
SAME_OPS = {"StringEquals": {"G:Username": ["bert", "anna", "bert"]}}
SERVER = ["ecs:*:*:server:x"]


def where(test, effect=allow, *more):
    """GET under these conditions: {operator: {key: values}}, or {operator: values} of one key."""
    tests = {name: below if isinstance(below, dict) else {"x:k": below} for name, below in test.items()}
    return effect(GET, *more, Condition=tests)


def on(*uris, effect=allow):
    return effect(GET, Resource=list(uris))


def one_way(before, after):
    return [(before, after, True), (after, before, False)]


def both_ways(one, other):
    return [(one, other, True), (other, one, True)]


def narrower(wide, narrow):
    """A test that passes whatever another passes: of an Allow it takes something away, of a Deny it adds."""
    allowed, denied = ([where(test)] for test in (wide, narrow)), ([allow(GET), where(t, deny)] for t in (narrow, wide))
    return [*one_way(*allowed), *one_way(*denied)]


NOT_GET = {"NotAction": [GET]}
JUNE, JULY = "2026-06-01T00:00:00Z", "2026-07-01"
NARROWER = [
    # Values
    *narrower({"StringEquals": ["a", "b"]}, {"StringEquals": ["b"]}),
    *narrower({"StringNotEquals": ["a"]}, {"StringNotEquals": ["a", "b"]}),
    *narrower({"StringMatch": ["a*"]}, {"StringEquals": ["a", "ab"]}),
    *narrower({"StringMatch": ["a*"]}, {"StringMatch": ["a?*c", "ab*"]}),
    *narrower({"StringMatch": ["*b*", "a*"]}, {"StringStartWith": ["a", "xb"]}),
    *narrower({"StringEndWith": ["b"]}, {"StringMatch": ["*ab"]}),
    *narrower({"StringEqualsIgnoreCase": ["A"]}, {"StringEquals": ["a", "A"]}),
    *narrower({"StringNotMatch": ["ab*"]}, {"StringNotMatch": ["a*"]}),
    *narrower({"StringNotEquals": ["a"]}, {"StringNotEqualsIgnoreCase": ["A"]}),
    *narrower({"NumberLessThan": ["5"]}, {"NumberLessThan": ["3", "4.9"]}),
    *narrower({"NumberLessThanEquals": ["5"]}, {"NumberLessThan": ["5.0"]}),
    *narrower({"NumberGreaterThan": ["5"]}, {"NumberEquals": ["6", "7"]}),
    *narrower({"DateLessThan": [JULY]}, {"DateLessThan": [JUNE]}),
    *narrower({"DateGreaterThanEquals": [JUNE]}, {"DateGreaterThan": [JULY]}),
    *both_ways([where({"DateLessThan": ["2026-06-01"]})], [where({"DateLessThan": ["2026-06-01T02:00:00+02:00"]})]),
    *both_ways([where({"Bool": ["true"]})], [where({"Bool": ["TRUE"]})]),
    # Absent keys, and keys of several values
    *narrower({"StringEqualsIfExists": ["a"]}, {"StringEquals": ["a"]}),
    *narrower({"Null": ["false"]}, {"StringEquals": ["a"]}),
    *narrower({"StringNotEqualsIfExists": ["a"]}, {"Null": ["true"]}),
    *both_ways([allow(GET)], [where({"Null": ["true"]}), where({"Null": ["false"]})]),
    ([], [where({"Null": {"x:k": ["true"], "X:K": ["false"]}})], True),
    # No page says whether a negated operator holds where the key is absent.
    ([where({"StringNotEquals": ["a"]})], [where({"Null": ["true"]})], False),
    ([where({"Null": ["true"]})], [where({"StringNotEquals": ["a"]})], False),
    *narrower({"ForAllValues:StringEquals": ["a", "b"]}, {"ForAllValues:StringEquals": ["a"]}),
    *narrower({"StringEquals": ["a"]}, {"ForAllValues:StringEquals": ["a"], "Null": ["false"]}),
    ([where({"ForAllValues:StringEquals": ["a"]})], [where({"ForAnyValue:StringEquals": ["a"]})], False),
    ([where({"ForAnyValue:StringEquals": ["a"]})], [where({"ForAllValues:StringEquals": ["a"]})], False),
    *both_ways([where({"StringEquals": ["a"]})], [where({"ForAnyValue:StringEquals": ["a"]})]),
    # A value of another type passes neither of them.
    ([where({"NumberLessThan": ["5"]}), where({"NumberGreaterThanEqualsIfExists": ["5"]})], [allow(GET)], False),
    # Resources
    *one_way([on("obs:*:*:bucket:*")], [on("obs:*:*:bucket:a")]),
    *one_way([on("obs:*:*:bucket:a", "obs:*:*:bucket:b")], [on("obs:*:*:bucket:b")]),
    *one_way([on("obs:*:*:object:a/*")], [on("obs:eu-de:*:object:a/b/*", "obs:*:*:object:a/c")]),
    *one_way([allow(GET), on("obs:*:*:bucket:a", effect=deny)], [allow(GET), on("obs:*:*:bucket:*", effect=deny)]),
    ([on("obs:eu*:*:bucket:a")], [on("obs:eu-de:*:bucket:a")], False),  # a star of only a part of a position
    ([on("obs:*:*:*")], [on("obs:*:*:*:*")], False),
    *both_ways([on("/iam/a", "/iam/b")], [allow(GET, Resource={"uri": ["/iam/b", "/iam/a"]})]),
    *one_way([allow(GET, Resource={"uri": ["/iam/a", "/iam/b"]})], [on("/iam/b")]),
    # In several statements, or merged
    *both_ways([where({"StringEquals": ["a", "b"]})], [where({"StringEquals": ["a"]}), where({"StringEquals": ["b"]})]),
    *both_ways([on("/a", "/b")], [on("/a"), on("/b")]),
    *both_ways([where({"StringEqualsIfExists": ["a"]})], [where({"StringEquals": ["a"]}), where({"Null": ["true"]})]),
    *both_ways(
        [allow(GET)],
        [where({"StringMatch": ["a*"]}), where({"ForAnyValue:StringNotMatch": ["a*"]}), where({"Null": ["true"]})],
    ),
    *both_ways(
        [where({"DateLessThan": [JULY]})],
        [where({"DateLessThan": [JUNE]}), where({"DateGreaterThanEquals": [JUNE], "DateLessThan": [JULY]})],
    ),
    *both_ways([allow(GET, LIST, Condition=MFA)], [allow(GET, Condition=MFA), allow(LIST, Condition=MFA)]),
    *both_ways(
        [allow(GET), where({"StringEquals": ["a", "b"]}, deny)],
        [allow(GET), where({"StringEquals": ["a"]}, deny), where({"StringEquals": ["b"]}, deny)],
    ),
    ([where({"StringEquals": ["a"]}), where({"StringEquals": ["b"]})], [where({"StringEquals": ["a", "c"]})], False),
    # What never holds allows nothing, and what is denied all the same is not allowed.
    ([], [where({"StringEquals": ["a"], "StringNotMatch": ["a*"]})], True),
    ([], [where({"StringEquals": ["a"]}), where({"StringMatch": ["a*"]}, deny)], True),
    ([], [where({"StringMatch": ["a*"]}), where({"StringEquals": ["a"]}, deny)], False),
    (
        [where({"StringEquals": ["b"]})],
        [where({"StringEquals": ["a", "b"]}), where({"StringEquals": ["a"]}, deny)],
        True,
    ),
    # NotAction
    *both_ways([{"Effect": "Allow", **NOT_GET}], [allow("*:*:*"), deny(GET)]),
    *both_ways([{"Effect": "Allow", "NotAction": [GET, LIST]}], [allow("*:*:*"), deny(GET), deny(LIST)]),
    *both_ways([{"Effect": "Allow", "NotAction": ["ecs:*:*"]}], [allow("*:*:*"), deny("ecs:*:*")]),
    *both_ways([allow(GET)], [allow("*:*:*"), {"Effect": "Deny", **NOT_GET}]),
    *both_ways([allow("*:*:*")], [{"Effect": "Allow", **NOT_GET}, allow(GET)]),
    *one_way([{"Effect": "Allow", **NOT_GET}], [allow("*:*:*"), deny(GET, LIST)]),
    *one_way([allow("*:*:*"), deny(GET, Condition=MFA)], [{"Effect": "Allow", **NOT_GET}]),
]


UNCHANGED = Comparison(Difference((), ()), Difference((), ()), (), NewAccess.NO)


def document(*statements):
    return to_document(read(policy(*statements)).root)


def changed(before, after, of=SMALL):
    return compare(of, document(*before), document(*after))


def test_gained_and_lost_are_told_by_operation_and_action():
    assert changed(
        [allow(GET, "ecs:servers:fly")], [allow(LIST, "evs:volumes:get", "ecs:SERVERS:start")]
    ) == Comparison(
        gained=Difference(("ecs/a/list",), ("ecs:SERVERS:start", LIST, "evs:volumes:get")),
        lost=Difference(("ecs/a/get",), ("ecs:servers:fly", GET)),
        no_longer_denied=(),
        new_access=NewAccess.YES,
        witness=Witness(LIST, True, Project.IAM),
    )


def test_wildcard_counts_for_the_actions_that_it_matches_and_for_itself():
    found = changed([allow(GET), allow("ecs:servers:fly")], [allow("ecs:servers:*")])

    assert found.gained == Difference(("ecs/a/stop",), ("ecs:servers:*", LIST, STOP))
    assert found.lost.actions == ()
    assert not found.no_new_access


def test_operation_is_gained_with_the_last_action_that_it_needs():
    assert changed([allow(LIST)], [allow(LIST), allow("evs:volumes:get")]).gained == Difference(
        ("ecs/a/list",), ("evs:volumes:get",)
    )
    assert changed([], [allow(LIST)]).gained == Difference((), (LIST,))
    assert changed([allow("ecs:disks:mount")], [allow("ecs:disks:*", "evs:*:*")]).gained.operations == ("ecs/a/mount",)


def test_operation_that_worked_anyway_is_not_gained_by_another_option():
    before = [allow(STOP, LIST)]

    assert changed(before, [*before, allow("evs:volumes:use")]).gained == Difference((), ("evs:volumes:use",))


# (before, after, is it proven that nothing is new)
@sweep(
    ("before", "after", "proven"),
    [
        ([], [], True),
        ([allow(GET)], [], True),
        ([allow("ecs:*:g*")], [allow("ecs:servers:GET"), allow("ecs:servers:get*")], True),
        ([allow("*:*:*")], [allow("ecs:*:*", "evs:a*:b")], True),
        ([allow("ecs:servers:*")], [allow("ecs:*:*")], False),
        # All of today's actions are not all of tomorrow's.
        ([allow(GET, LIST, STOP)], [allow("ecs:servers:*")], False),
        ([allow("ecs:a*:*", "ecs:*:*")], [allow("ecs:a*:x", "ecs:b:*")], True),
        # NotAction
        ([{"Effect": "Allow", "NotAction": [GET]}], [allow("ecs:servers:l*", "evs:*:*")], True),
        ([{"Effect": "Allow", "NotAction": [GET]}], [allow("ecs:servers:g*")], False),
        ([{"Effect": "Allow", "NotAction": [GET]}], [{"Effect": "Allow", "NotAction": ["ecs:servers:*"]}], True),
        ([{"Effect": "Allow", "NotAction": ["ecs:servers:*"]}], [{"Effect": "Allow", "NotAction": [GET]}], False),
        ([allow("ecs:*:*", "evs:*:*")], [{"Effect": "Allow", "NotAction": [GET]}], False),
        ([allow("*:*:*")], [{"Effect": "Allow", "NotAction": [GET]}], True),
        ([], [{"Effect": "Allow", "NotAction": ["*:*:*"]}], True),
        # Deny
        ([allow("ecs:*:*"), deny(GET)], [allow(LIST)], True),
        ([allow("ecs:*:*"), deny(GET)], [allow(GET)], False),
        ([allow("ecs:*:*"), deny(GET)], [allow("ecs:*:*"), deny("ecs:servers:*")], True),
        ([allow("ecs:*:*"), deny("ecs:servers:*")], [allow("ecs:*:*"), deny(GET)], False),
        ([allow("ecs:*:*"), deny("ecs:servers:*")], [allow("ecs:servers:get"), deny(GET)], True),
        ([], [allow(GET), deny("ecs:servers:g*")], True),
        ([], [allow("ecs:servers:g*"), deny(GET)], False),
        ([allow("ecs:*:*"), {"Effect": "Deny", "NotAction": [GET]}], [allow(GET)], True),
        ([allow("ecs:*:*"), {"Effect": "Deny", "NotAction": [GET]}], [allow(GET, LIST)], False),
        # Conditions
        ([allow(GET)], [allow(GET, Condition=MFA)], True),
        ([allow(GET, Condition=MFA)], [allow(GET)], False),
        ([allow(GET, Condition=OPS)], [allow(GET, Condition=SAME_OPS)], True),
        ([allow(GET, Condition=OPS)], [allow(GET, Condition=OPS | MFA)], True),
        ([allow(GET, Condition=OPS | MFA)], [allow(GET, Condition=OPS)], False),
        ([allow(GET, Condition=OPS)], [allow(GET, Condition=MFA)], False),
        ([allow(GET), deny(GET, Condition=MFA)], [allow(GET), deny(GET)], True),
        ([allow(GET), deny(GET)], [allow(GET), deny(GET, Condition=MFA)], False),
        ([allow(GET), deny(GET, Condition=MFA)], [allow(GET), deny(GET, Condition=MFA | OPS)], False),
        ([allow(GET), deny(GET, Condition=MFA)], [allow(GET, Condition=OPS), deny(GET, Condition=MFA | OPS)], True),
        ([allow("ecs:*:*"), deny("ecs:*:get", Condition=MFA)], [allow(GET), deny(GET, Condition=MFA)], True),
        ([], [allow(GET, Condition=MFA), deny(GET, Condition=MFA)], True),
        ([], [allow(GET, Condition=MFA), deny(GET, Condition=OPS)], False),
        # Resources
        ([allow(GET)], [allow(GET, Resource=SERVER)], True),
        ([allow(GET, Resource=SERVER)], [allow(GET)], False),
        ([allow(GET, Resource=SERVER)], [allow(GET, Resource=SERVER, Condition=MFA)], True),
        ([allow(GET, Resource=SERVER)], [allow(GET, Resource=["ecs:*:*:server:y"])], False),
        ([allow(GET), deny(GET, Resource=SERVER)], [allow(GET), deny(GET)], True),
        # Conditions that take a part of others, and several that share it.
        *NARROWER,
        # What cannot be read is not known to be the same, even where it looks it.
        ([allow(GET, Condition="x")], [allow(GET, Condition="x")], False),
        ([allow(GET, Resource="x")], [allow(GET, Resource="y")], False),
        ([allow(GET)], [allow(GET, Condition="x")], True),
        ([allow(GET), deny(GET, Condition="x")], [allow(GET), deny(GET)], True),
        ([allow(GET), deny(GET, Condition="x")], [allow(GET), deny(GET, Condition="x")], False),
    ],
)
def test_no_new_access_is_proven_or_not(before, after, proven):
    assert changed(before, after).no_new_access is proven


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ([allow(GET)], [allow(GET, Condition=MFA)], "no"),
        ([allow(LIST)], [allow(GET)], "yes"),
        ([allow(GET), deny(GET)], [allow(GET, LIST), deny(LIST)], "yes"),
        ([], [allow("ecs:servers:*")], "yes"),
        ([], [allow(GET, Condition=MFA)], "yes"),
        ([allow(GET, Condition=MFA)], [allow(GET)], "yes"),
        ([allow(GET), deny(GET, Condition=MFA)], [allow(GET)], "yes"),
        ([where({"StringEquals": ["a", "b"]})], [where({"StringEquals": ["a", "b", "c"]})], "yes"),
        ([where({"NumberLessThan": ["5"]})], [where({"NumberLessThan": ["6"]})], "yes"),
        ([where({"StringEquals": ["a"]})], [where({"StringEqualsIfExists": ["a"]})], "yes"),
        ([where({"DateLessThan": [JUNE]})], [where({"DateLessThan": [JULY]})], "yes"),
        ([where({"DateLessThan": {"g:CurrentTime": [JUNE]}})], [allow(GET)], "yes"),
        # New: the values between the two bounds that the conditions set.
        (
            [where({"NumberLessThanEqualsIfExists": ["5"]}), where({"NumberGreaterThanEqualsIfExists": ["6"]})],
            [allow(GET)],
            "yes",
        ),
        (
            [
                where({"DateLessThanEquals": {"g:CurrentTime": [JUNE]}}),
                where({"DateGreaterThanEquals": {"g:CurrentTime": [JULY]}}),
            ],
            [allow(GET)],
            "yes",
        ),
        # Every request has a time.
        (
            [where({"DateLessThan": {"g:CurrentTime": [JUNE]}})],
            [where({"DateLessThanIfExists": {"g:currenttime": [JUNE]}})],
            "no",
        ),
        # Nothing that is known today is new.
        ([allow(GET, LIST, STOP)], [allow("ecs:servers:*")], "not_proven"),
        ([], [allow("never:known:*")], "not_proven"),
        # Who honours resources is documented for some services only; what cannot be read has no certain meaning.
        ([on("obs:*:*:bucket:a")], [allow(GET)], "not_proven"),
        ([], [on("obs:*:*:bucket:a")], "not_proven"),
        ([allow(GET, Condition="x")], [allow(GET)], "not_proven"),
        # Covered by both together, which is not proven, and so no request shows the contrary.
        (
            [where({"NumberLessThan": ["5"]}), where({"NumberGreaterThanEqualsIfExists": ["5"]})],
            [where({"StringNotEqualsIfExists": ["x"]})],
            "not_proven",
        ),
    ],
)
def test_new_access_is_a_yes_only_where_a_request_shows_it(before, after, expected):
    found = changed(before, after)

    assert found.new_access == expected
    assert found.no_new_access is (expected == "no") is (not found.gained.actions)


@sweep(
    ("before", "reasons"),
    [
        ([on("obs:*:*:bucket:a")], [Doubt.RESOURCE_SUPPORT]),
        ([on("x")], [Doubt.RESOURCE_SUPPORT]),
        ([where({"StringNotEquals": ["a"]}), where({"StringEquals": ["a"]})], [Doubt.ABSENT_KEY]),
        ([where({"StringIs": ["a"]})], [Doubt.OPERATOR_MEANING]),
        ([where({"ForAnyValue:Null": ["true"]})], [Doubt.OPERATOR_MEANING]),
        ([where({"StringEquals": {"g:MFAAge": ["5"]}})], [Doubt.OPERATOR_MEANING]),
        ([where({"NumberEquals": {"G:MFAPRESENT": ["5"]}})], [Doubt.OPERATOR_MEANING]),
        ([where({"NumberEquals": ["5", "five"]})], [Doubt.UNREADABLE]),
        ([where({"StringEquals": []})], [Doubt.UNREADABLE]),
        ([allow(GET, Condition="x")], [Doubt.UNREADABLE]),
        ([where({"StringIs": ["a"]}), allow(GET, Condition="x")], [Doubt.OPERATOR_MEANING, Doubt.UNREADABLE]),
        ([where({"NumberLessThan": ["5"]}), where({"NumberGreaterThanEqualsIfExists": ["5"]})], [Doubt.MIXED_TYPES]),
    ],
)
def test_reasons_name_each_doubt_of_the_statements_before(before, reasons):
    found = changed(before, [allow(GET)])

    assert (found.new_access, found.reasons) == (NewAccess.NOT_PROVEN, tuple(reasons))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ([deny(GET)], [], (GET,)),
        ([allow(GET, LIST), deny(GET)], [allow(LIST)], (GET,)),
        ([deny("ecs:servers:*")], [deny(GET, STOP)], ("ecs:servers:*", LIST)),
        ([deny(GET)], [deny(GET, Condition=MFA)], (GET,)),
        ([deny(GET, Condition=MFA)], [deny(GET)], ()),
        ([deny(GET, LIST)], [deny("ecs:*:*")], ()),
        ([{"Effect": "Deny", "NotAction": ["ecs:*:*", "evs:*:get"]}], [deny("evs:volumes:use")], ("*:*:*",)),
    ],
)
def test_deny_that_goes_is_told_apart(before, after, expected):
    assert changed(before, after).no_longer_denied == expected


def test_conditions_that_differ_may_be_gained_and_lost():
    found = changed([allow(GET, Condition=MFA)], [allow(GET, Condition=OPS)])

    assert found.gained == found.lost == Difference(("ecs/a/get",), (GET,))


def test_spelling_does_not_depend_on_the_side():
    found = changed([allow("ecs:x:One", "ecs:X:*")], [allow("ecs:x:ONE")])

    assert found.lost == Difference((), ("ecs:X:*",))
    assert changed([], [allow("ecs:SERVERS:get")]).gained.actions == (GET,)


def test_system_policies_compared():
    full, common, reading = (
        document(allow(*SYSTEM_POLICIES[name]))
        for name in ("ECS FullAccess", "ECS CommonOperations", "ECS ReadOnlyAccess")
    )

    less = compare(real_catalog(), full, common)
    assert less.gained == Difference((), ("evs:*:get*", "evs:*:list*", "vpc:*:get*", "vpc:*:list*"))
    assert "ecs/lifecycle-management/deleting-ecss" in less.lost.operations
    assert compare(real_catalog(), common, reading).gained.actions == (
        "ims:*:get*",
        "ims:*:list*",
        "ims:quotas:get",
    )
    assert compare(real_catalog(), common, common) == UNCHANGED


def test_too_much_to_compare_is_refused():
    names = [f"ecs:*{number}*:*" for number in range(800)]

    with pytest.raises(WorkSpentError):
        changed([allow(*names)], [allow(*(f"{name}x" for name in names))])


def test_each_exception_of_a_not_action_adds_to_the_work():
    def spent(exceptions):
        work = Work(10**9)
        names = [f"new:a{number}:get" for number in range(exceptions)]
        compare(real_catalog(), document(), document({"Effect": "Allow", "NotAction": names}), work)
        return 10**9 - work.left

    few, many = spent(10), spent(20)
    assert many - few > 10 * len(real_catalog().action_index.actions)


def test_many_short_patterns_can_be_compared():
    """The work for a pattern depends on its length."""
    patterns = [f"{kind}*" for kind in "abcdefghijklmnopqrst"]
    longer = [f"{pattern}-{number}" for pattern in patterns for number in range(5)]
    texts = [f"z{number}" for number in range(100)]

    for before, after in (
        ([where({"StringNotMatch": longer})], [where({"StringNotMatch": patterns})]),
        ([], [where({"StringEquals": texts, "ForAllValues:StringMatch": patterns})]),
    ):
        assert changed(before, after).new_access is NewAccess.NO


# Laws.


def random_document(chance):
    return document(*(random_statement(chance) for _ in range(chance.randint(0, 3))))


def less(chance, of):
    """The document with one more Deny, perhaps without one of its Allows."""
    statements = list(of.statements)
    if statements and chance.random() < 0.6:
        at = chance.randrange(len(statements))
        if statements[at].effect is Effect.ALLOW:
            del statements[at]
    return Document((*statements, *document(random_statement(chance) | {"Effect": "Deny"}).statements))


def related(chance):
    """Two documents that are often near each other, in either order."""
    before = random_document(chance)
    after = random_document(chance) if chance.random() < 0.5 else less(chance, before)
    return chance.sample([before, after], 2)


def test_no_new_access_is_a_no_and_nothing_else():
    chance = random.Random(4)
    said = set()
    for _ in range(examples(300)):
        found = compare(SMALL, *related(chance))
        said.add(found.new_access)

        assert found.no_new_access is (found.new_access is NewAccess.NO) is (not found.gained.actions)
    assert said == set(NewAccess)


def test_document_is_no_change_of_itself():
    chance = random.Random(1)
    for _ in range(examples(300)):
        one = random_document(chance)
        shuffled = Document(tuple(chance.sample(one.statements, len(one.statements))))

        assert compare(SMALL, one, shuffled) == UNCHANGED


def test_the_way_back_swaps_gained_and_lost():
    chance = random.Random(2)
    for _ in range(examples(300)):
        catalog_ = random_catalog(chance)
        before, after = related(chance)
        there, back = compare(catalog_, before, after), compare(catalog_, after, before)

        assert (there.gained, there.lost) == (back.lost, back.gained)
        assert there.gained.actions or not there.gained.operations


def test_no_new_access_is_transitive():
    chance = random.Random(3)
    chains = 0
    for _ in range(examples(2_500)):
        documents = [random_document(chance)]
        for _ in range(2):
            documents.append(less(chance, documents[-1]) if chance.random() < 0.8 else random_document(chance))
        if all(compare(SMALL, one, other).no_new_access for one, other in pairwise(documents)):
            chains += 1
            assert compare(SMALL, documents[0], documents[2]).no_new_access, documents
    assert chains > examples(300)


def test_without_new_access_what_is_allowed_after_was_allowed_before():
    chance = random.Random(4)
    names = [*NAMES, "obs:a:get", "evs:never:known", "vpc:servers:get"]
    proven = allowed = 0
    for _ in range(examples(3_000)):
        catalog_ = random_catalog(chance)
        before, after = related(chance)
        if not compare(catalog_, before, after).no_new_access:
            continue
        proven += 1
        for where in Project:
            was, is_ = (Evaluator(catalog_, [GrantedPolicy("", each, where)]) for each in (before, after))
            context = Context.of(random_context(chance))
            for target in [*names, *catalog_.operations]:
                request = Request(target, where, context)
                if is_.evaluate(request).decision is Answer.ALLOWED:
                    allowed += 1
                    assert was.evaluate(request).decision is Answer.ALLOWED, (before, after, request)
    assert proven > examples(1_000)
    assert allowed > examples(4_000)


def test_what_is_newly_allowed_is_gained():
    chance = random.Random(5)
    for _ in range(examples(1_000)):
        catalog_ = random_catalog(chance)
        before, after = related(chance)
        was, is_ = (Evaluator(catalog_, [GrantedPolicy("", each, Project.IAM)]) for each in (before, after))
        gained = compare(catalog_, before, after).gained
        context = Context.of(random_context(chance, given=1))
        for target in [*NAMES, *catalog_.operations]:
            request = Request(target, Project.IAM, context)
            if is_.evaluate(request).decision is Answer.ALLOWED and was.evaluate(request).decision in (
                Answer.DENIED,
                Answer.NOT_ALLOWED,
            ):
                assert target in (*gained.operations, *gained.actions), (before, after, target)
