import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policybuilder.domain.building.scope_division import TOO_LARGE
from policybuilder.domain.catalog.entries import Level
from policybuilder.domain.catalog.scope import judge
from policybuilder.domain.policy.both_levels import CORRECT_FIRST, KEY_FIRST
from policybuilder.domain.policy.document import MAX_ACTIONS, MAX_CHARACTERS, MAX_STATEMENTS
from policybuilder.domain.policy.reading import measure_body, to_document
from policybuilder.domain.rewriting.parts import MIXED
from policybuilder.domain.rewriting.split_by_limits import (
    BEYOND_LIMITS,
    MOST_COPIES,
    NO_ROOM,
    PART_BEYOND_LIMITS,
    PARTS_OF_SERVICES,
    WITHIN_LIMITS,
    split_by_limits,
)
from tests.builders import catalog, operation, real_catalog
from tests.domain.policy_cases import allow, deny
from tests.domain.strategies import catalogs, law
from tests.domain.whole_policies import ODD, data_of, named, node_of, policies

SMALL = catalog(
    operation("ecs/a/list", "ecs:servers:list"),
    operation("ecs/a/disks", "ecs:disks:attach", enterprise="no"),
    operation("iam/a/list", "iam:users:list"),
    levels={"iam": Level.AX},
)
MFA = {"Bool": {"g:MFAPresent": ["true"]}}
PLAIN = '{"Version":"1.1","Statement":[]}'


def some(count, service="ecs", length=0):
    """So many different actions, each of `length` characters at least."""
    return [f"{service}:servers:{at:04}".ljust(length, "x") for at in range(count)]


def limited(actions, value_length):
    """A statement with a condition of about that many characters."""
    return allow(*actions, Condition={"StringEquals": {"g:UserName": ["n" * value_length]}})


def split(*statements, of=SMALL, **more):
    return split_by_limits(of, node_of({"Version": "1.1", "Statement": list(statements), **more}))


def written(parts):
    return [data_of(part.body)["Statement"] for part in parts]


def fits(size):
    return (
        size.characters <= MAX_CHARACTERS
        and size.statements <= MAX_STATEMENTS
        and size.largest_statement <= MAX_ACTIONS
    )


@pytest.mark.parametrize(
    "policy",
    [
        {"Version": "1.1", "Statement": [allow("ecs:servers:list"), deny("ecs:disks:*"), *ODD[:6]]},
        {"Version": "1.1", "Statement": []},
        {"Version": "1.1", "Statement": allow("ecs:servers:list")},
        {"statement": [allow("ecs:servers:list")]},
        {},
    ],
)
def test_policy_within_the_limits_is_one_part_and_the_same_body(policy):
    body = node_of(policy)
    (only,) = split_by_limits(SMALL, body)

    assert only.body is body
    assert only.purpose == WITHIN_LIMITS


def test_parts_tell_purpose_scope_and_size():
    first, second = split(
        *(allow(f"ecs:disks:x{at}", Resource=["*"]) for at in range(8)), allow("ecs:disks:attach", Resource=["*"])
    )

    assert first.purpose == "Part 1 of 2: ecs."
    assert second.purpose == "Part 2 of 2: ecs."
    assert second.size == measure_body(second.body)
    assert second.scope == judge(SMALL, ["ecs:disks:attach"])


def test_levels_come_apart_and_names_of_neither_go_with_the_first():
    statements = [allow("iam:users:list", "ecs:servers:list", "obs:a:b"), deny("iam:*:*"), deny("x:y:z")]
    parts = split(*statements)

    assert written(parts) == [
        [allow("ecs:servers:list", "obs:a:b"), deny("x:y:z")],
        [allow("iam:users:list"), deny("iam:*:*")],
    ]
    assert [part.purpose for part in parts] == [
        PARTS_OF_SERVICES[Level.XA].format(n=1, total=2, services="ecs, obs, x"),
        PARTS_OF_SERVICES[Level.AX].format(n=2, total=2, services="iam"),
    ]


def test_statements_stay_whole_where_that_takes_no_more_parts():
    long = [some(90, service, 40) for service in ("a", "b")]

    assert written(split(*(allow(*names) for names in long))) == [[allow(*names)] for names in long]


def test_short_statements_fill_up_what_long_ones_leave():
    one, other, third, fourth = ([limited(some(1), length)] for length in (3500, 3400, 2300, 2200))

    parts = split(*one, *other, *third, *fourth)

    assert written(parts) == [[*one, *third], [*other, *fourth]]


def test_long_statements_come_first_where_that_keeps_them_whole():
    short, other_short, long, other_long = (
        allow(*some(count, service, 40)) for count, service in ((40, "a"), (41, "b"), (80, "c"), (81, "d"))
    )

    parts = split(short, other_short, long, other_long)

    assert written(parts) == [[short, long], [other_short, other_long]]


def test_malformed_actions_stay_with_the_services_beside_them():
    malformed = [name.removeprefix("obs:") for name in some(20, "obs", 100)]

    parts = split(allow(*malformed, "iam:users:list"), allow(*some(90, "ecs", 60)))

    assert written(parts) == [[allow(*some(90, "ecs", 60))], [allow(*malformed, "iam:users:list")]]


@pytest.mark.parametrize(
    ("statements", "first"),
    [
        ([allow("ecs:servers:list", "iam:users:list", Foo=1)], KEY_FIRST.format(keys="“Foo”", n=1)),
        (
            [allow("ecs:servers:list"), deny("iam:*:*", "ecs:*:*", NotAction=[])],
            KEY_FIRST.format(keys="“NotAction”", n=2),
        ),
        ([allow("ecs:servers:list"), allow("iam:*:*"), deny("iam:a:b", Foo=1)], KEY_FIRST.format(keys="“Foo”", n=3)),
        (
            [{**allow("ecs:servers:list", "iam:*:*"), "Effect": "allow"}],
            CORRECT_FIRST.format(n=1),
        ),
        (
            [{"Effect": "Deny", "Action": ["iam:*:*", "ecs:*:*", 5]}],
            CORRECT_FIRST.format(n=1),
        ),
    ],
)
def test_levels_that_cannot_be_divided_are_said_to_be_the_reason_with_what_to_do_first(statements, first):
    (whole,) = split(*statements)

    assert data_of(whole.body)["Statement"] == statements
    assert whole.purpose.startswith(f"The whole policy. {MIXED}")
    assert first in whole.mixed
    assert whole.purpose.endswith(whole.mixed)


def test_service_that_is_not_known_counts_as_one_of_projects():
    assert written(split(allow("new:*:*", "iam:*:*"))) == [[allow("new:*:*")], [allow("iam:*:*")]]


def test_wildcard_of_every_service_is_in_the_policies_of_both_levels_and_a_deny_at_the_level_it_names():
    parts = split(
        allow("ecs:servers:*", "iam:users:*"),
        deny("*:*:get", "iam:users:list"),
        allow("*:*:x", Condition=MFA),
        deny("ecs:*:x"),
        {"Effect": "Allow", "NotAction": ["ecs:*:*"]},
    )

    everywhere = [allow("*:*:x", Condition=MFA), {"Effect": "Allow", "NotAction": ["ecs:*:*"]}]
    assert [sorted(part, key=json.dumps) for part in written(parts)] == [
        sorted(part, key=json.dumps)
        for part in (
            [allow("ecs:servers:*"), deny("*:*:get"), deny("ecs:*:x"), *everywhere],
            [allow("iam:users:*"), deny("*:*:get", "iam:users:list"), *everywhere],
        )
    ]
    assert [part.level for part in parts] == [Level.XA, Level.AX]


def test_levels_are_divided_even_where_a_part_of_one_is_too_long():
    parts = split(limited(["iam:*:*", "ecs:*:*"], 7000))

    assert written(parts) == [[limited(["ecs:*:*"], 7000)], [limited(["iam:*:*"], 7000)]]
    assert all(part.purpose.endswith(PART_BEYOND_LIMITS) for part in parts)


@pytest.mark.parametrize("statements", [[allow("*:*:*")], [allow("*:*:*", "ecs:a:b"), deny("*:*:get")]])
def test_policy_that_names_services_of_one_level_is_not_given_to_the_other(statements):
    """It already has one level, which nobody widens."""
    (only,) = split(*statements)

    assert (data_of(only.body)["Statement"], only.level) == (statements, None)


def test_list_of_actions_is_cut_exactly_where_it_no_longer_fits():
    condition = {"StringEquals": {"g:UserName": [""]}}
    around = len(
        json.dumps({"Version": "1.1", "Statement": [allow("", "", Condition=condition)]}, separators=(",", ":"))
    )
    fitting = "x" * (MAX_CHARACTERS - around - 10)

    assert len(written(split(allow("y" * 10, fitting, Condition=condition)))) == 1
    assert len(written(split(allow("y" * 10, f"{fitting}x", Condition=condition)))) == 2


def test_plain_statements_are_joined_where_that_takes_fewer_parts():
    alone = [allow(name) for name in some(20)]

    assert written(split(*alone)) == [[allow(*some(20))]]
    assert written(split(*alone, *map(deny, some(3)))) == [[allow(*some(20)), *map(deny, some(3))]]
    assert written(split(*alone, *map(deny, some(10)))) == [[allow(*some(20)), deny(*some(10))]]


def test_plain_actions_fill_every_part_where_that_takes_fewer():
    whole = [limited(some(1), length) for length in (4000, 4000)]
    plain = some(60, "evs", 60)  # as one statement it fits beside neither

    parts = split(*whole, allow(*plain))

    assert len(parts) == 2
    assert all(fits(part.size) for part in parts)
    assert [name for part in written(parts) for each in part if "Condition" not in each for name in each["Action"]] == (
        plain
    )


def test_long_list_of_actions_is_cut_and_each_part_repeats_what_limits_it():
    parts = split(allow(*some(230), Condition=MFA, Resource=["*"]))

    assert written(parts) == [[allow(*some(230)[at : at + 100], Condition=MFA, Resource=["*"]) for at in (0, 100, 200)]]
    (first, second) = written(split(limited(some(100, length=60), 1000)))
    assert [each["Condition"] for each in (first[0], second[0])] == [limited([], 1000)["Condition"]] * 2
    assert [*first[0]["Action"], *second[0]["Action"]] == some(100, length=60)


@pytest.mark.parametrize(
    "statement",
    [
        {"Effect": "Allow", "NotAction": some(101)},
        {"Effect": "Allow", "Action": some(101), "Sid": "1"},
        {"Effect": "Allow", "Action": [*some(101), 5]},
        limited(some(101), 7000),
        limited(some(MOST_COPIES + 1, length=90), 5_950),
    ],
)
def test_statement_that_cannot_be_divided_is_left_whole(statement):
    parts = split(allow("ecs:servers:list"), statement, *[limited(some(1), 2000)] * 3)

    assert [part.count(statement) for part in written(parts) if statement in part] == [1]
    told = [PART_BEYOND_LIMITS in part.purpose for part in parts]
    assert told == [not fits(part.size) for part in parts]
    assert sum(told) == 1


def test_statement_that_is_too_long_has_a_part_of_its_own():
    statement = limited(some(2), 7000)

    parts = split(allow("ecs:servers:list"), statement, allow("ecs:servers:get"))

    assert written(parts) == [[allow("ecs:servers:list"), allow("ecs:servers:get")], [statement]]


def test_action_that_is_too_long_has_a_part_of_its_own():
    parts = split(allow("ecs:servers:list", "x" * 7000, "ecs:servers:get"))

    assert written(parts) == [[allow("ecs:servers:list"), allow("ecs:servers:get")], [allow("x" * 7000)]]


def test_what_stands_around_the_statements_stands_in_every_part():
    parts = split(*[limited(some(1), 3000)] * 2, x=[1.5])

    assert [data_of(part.body)["x"] for part in parts] == [[1.5], [1.5]]


def test_policy_with_too_much_around_its_statements_is_left_whole():
    body = node_of({"Statement": [allow(*some(200, length=40))], "x": "x" * 4000})
    (only,) = split_by_limits(SMALL, body)

    assert only.body is body
    assert only.purpose == BEYOND_LIMITS


def test_policy_of_exactly_the_limit_is_one_part():
    room = MAX_CHARACTERS - len(PLAIN) - len(json.dumps(limited(some(1), 0), separators=(",", ":")))

    assert len(split(limited(some(1), room))) == 1
    assert split(limited(some(1), room))[0].size.characters == MAX_CHARACTERS
    (over,) = split(limited(some(1), room + 1))
    assert over.purpose == BEYOND_LIMITS


@st.composite
def large_policies(draw, of):
    """Beyond one limit or several."""
    policy = draw(policies(of))
    for _ in range(draw(st.integers(0, 4))):
        service = draw(st.sampled_from(["ecs", "evs", "iam", "obs"]))
        names = some(draw(st.integers(1, 160)), service, draw(st.sampled_from([0, 30, 60])))
        policy["Statement"].append(
            draw(st.sampled_from([allow(*names), deny(*names), allow(*names, Condition=MFA), limited(names, 900)]))
        )
    policy["Statement"] += [allow(name) for name in some(draw(st.integers(0, 12)), "vpc")]
    return policy


@law
@given(st.data())
def test_parts_hold_what_the_policy_does_and_are_within_the_limits(data):
    of = data.draw(catalogs() | st.just(SMALL))
    policy = data.draw(large_policies(of))
    body = node_of(policy)

    parts = split_by_limits(of, body)

    assert named(*(part.body for part in parts)) == named(body)
    assert split_by_limits(of, body) == parts
    if [part.body for part in parts] == [body]:
        return
    for part in parts:
        assert fits(part.size)
        assert not of.prefixes.mixes_levels(to_document(part.body).actions())
        assert part.size == measure_body(part.body)
        assert part.size.statements > 0


# Denies

LONG_DENY = deny(*some(60, "ecs", 90))  # 5,600 characters


def test_every_part_keeps_the_denies_that_touch_what_it_allows():
    allows = [allow(*some(70, service, 60)) for service in ("ecs", "evs", "vpc")]
    denies = [deny("ecs:*:0001*", Condition=MFA), deny("e*:servers:*2x*"), deny("vpc:none:here"), deny("obs:a:b")]

    assert written(split(*allows, *denies)) == [
        [allows[0], denies[0], denies[1], denies[2], denies[3]],
        [allows[1], denies[1]],
        [allows[2]],
    ]


def test_deny_that_cannot_be_read_stands_in_every_part():
    allows = [allow(*some(70, service, 60)) for service in ("ecs", "evs")]
    unclear = {"Effect": "deny", "Action": ["ecs:servers:get", 5]}

    assert [part.count(unclear) for part in written(split(*allows, unclear))] == [1, 1]


@pytest.mark.parametrize(
    ("statements", "said"),
    [
        # each of the two fits, both do not
        ([allow(*some(1, "ecs", 60), Resource=["x" * 700]), LONG_DENY], None),
        (
            [limited(["ecs:servers:*"], 700), LONG_DENY, allow("evs:a:b")],
            NO_ROOM.partition("{characters")[0].format(n=1, statements="statement 2") + "5,6",
        ),
        ([allow("*:*:*"), *(deny(name, Condition=MFA) for name in some(8))], "statements 2, 3, 4, 5, 6, 7, 8 and 9"),
        ([allow("ecs:servers:list"), {"Effect": "Deny", "NotAction": some(100, length=100)}], "statement 2, which"),
        # it could be divided, but for a Deny that leaves no room for more than an action at a time
        ([allow(*some(60, "ecs", 120)), deny("ecs:*:*", Resource=["x" * 5_900])], "statement 2, which denies some"),
    ],
)
def test_what_has_no_room_beside_its_denies_is_not_divided_and_it_is_said_why(statements, said):
    parts = split(*statements, *[limited(some(1, "obs"), 2000)] * 3)

    if said is None:
        assert len(parts) > 1
    else:
        assert [data_of(part.body)["Statement"] for part in parts] == [
            [*statements, *[limited(some(1, "obs"), 2000)] * 3]
        ]
        assert said in parts[0].purpose
        assert parts[0].purpose.startswith(BEYOND_LIMITS)


def test_deny_of_two_levels_is_divided_since_iam_takes_it_in_no_policy():
    parts = split(allow("ecs:servers:list", "iam:users:list"), deny("ecs:servers:get", "iam:*:get"))

    assert written(parts) == [
        [allow("ecs:servers:list"), deny("ecs:servers:get")],
        [allow("iam:users:list"), deny("iam:*:get")],
    ]


def test_policy_that_is_too_large_to_be_divided_at_once_says_so():
    wildcards = [[f"{name}*" for name in some(50, f"a{at}")] for at in range(7)]

    (only,) = split(*(make(*names) for names in wildcards for make in (allow, deny)))

    assert only.purpose == TOO_LARGE


@law
@given(st.data())
def test_policy_of_plain_statements_is_split_into_the_fewest(data):
    names = some(data.draw(st.integers(1, 500)), "ecs", data.draw(st.sampled_from([0, 20, 50])))
    at = sorted(data.draw(st.lists(st.integers(1, len(names)), max_size=20)))
    blocks = [names[start:end] for start, end in zip([0, *at], [*at, len(names)], strict=True) if start < end]

    parts = split(*(allow(*block) for block in blocks), of=real_catalog())

    actions = len(json.dumps(names, separators=(",", ":"))) - 1
    room = MAX_CHARACTERS - len('{"Version":"1.1","Statement":[{"Effect":"Allow","Action":[]}]}')
    most = -(-actions // room) + 1  # cuts and the statements of 100 actions each cost a little
    assert len(parts) <= most
    assert sorted(name for part in written(parts) for each in part for name in each["Action"]) == names
