import re
from itertools import product

import pytest

from policybuilder.domain.catalog.action_names import (
    TOO_LONG,
    ActionName,
    ActionNameError,
    action_key,
    is_wildcard,
    matches,
    overlap,
    parse_action,
    service_of,
)

EXPECTED = "Expected service:resourceType:verb, e.g. ecs:servers:list."


def texts(alphabet, longest):
    return ["".join(text) for length in range(1, longest + 1) for text in product(alphabet, repeat=length)]


def languages(patterns, names):
    """Each pattern -> all of `names` that it stands for, by the regular expression that says what a star is."""
    return {
        pattern: frozenset(name for name in names if re.fullmatch(pattern.replace("*", ".*"), name))
        for pattern in patterns
    }


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("ecs:servers:list", ActionName("ecs", "servers", "list")),
        ("ecs:cloudServers:showServer", ActionName("ecs", "cloudServers", "showServer")),
        ("ecs:*:get*", ActionName("ecs", "*", "get*")),
        ("*:*:*", ActionName("*", "*", "*")),
        ("a-b_1:c-d_2:e-f_3", ActionName("a-b_1", "c-d_2", "e-f_3")),
        ("ecs:servers:" + "x" * 116, ActionName("ecs", "servers", "x" * 116)),
    ],
)
def test_parse_action_splits_a_name_into_its_parts(name, parts):
    assert parse_action(name) == parts


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("", f"'' is not an action. {EXPECTED}"),
        ("ecs", f"'ecs' is not an action. {EXPECTED}"),
        ("ecs:servers", f"'ecs:servers' is not an action. {EXPECTED}"),
        ("ecs:servers:list:all", f"'ecs:servers:list:all' is not an action. {EXPECTED}"),
        ("ecs::list", f"'ecs::list' is not an action. {EXPECTED}"),
        (":servers:list", f"':servers:list' is not an action. {EXPECTED}"),
        ("ecs:servers:", f"'ecs:servers:' is not an action. {EXPECTED}"),
        (" ecs:servers:list", f"' ecs:servers:list' is not an action. {EXPECTED}"),
        ("ecs:servers:list\n", f"'ecs:servers:list\\n' is not an action. {EXPECTED}"),
        ("ecs:sérvers:list", f"'ecs:sérvers:list' is not an action. {EXPECTED}"),
        ("ecs:servers:l?st", f"'ecs:servers:l?st' is not an action. {EXPECTED}"),
        ("ECS:servers:list", "'ECS:servers:list' is not an action. Its service must be in lower case: 'ecs'."),
        ("ecs:servers:" + "x" * 117, TOO_LONG.format(most=128, n=129)),
    ],
)
def test_parse_action_refuses_with_what_it_found_and_expected(name, message):
    with pytest.raises(ActionNameError) as error:
        parse_action(name)

    assert str(error.value) == message


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("ecs:cloudServers:showServer", "ecs:cloudservers:showserver"),
        ("ecs:CLOUDSERVERS:SHOWSERVER", "ecs:cloudservers:showserver"),
        ("ecs:*:Get*", "ecs:*:get*"),
    ],
)
def test_action_key_ignores_the_case_of_the_last_two_parts(name, key):
    assert action_key(name) == key


def test_service_of_is_the_first_part():
    assert service_of("vpc:publicIps:create") == "vpc"


@pytest.mark.parametrize(("name", "expected"), [("ecs:servers:get", False), ("ecs:servers:*", True), ("*:*:*", True)])
def test_is_wildcard_looks_for_a_star(name, expected):
    assert is_wildcard(name) is expected


@pytest.mark.parametrize(
    ("pattern", "name", "expected"),
    [
        ("ecs:servers:get", "ecs:servers:get", True),
        ("ecs:SERVERS:get", "ecs:servers:GET", True),
        ("ecs:servers:get", "ecs:servers:getTags", False),
        ("ecs:servers:get*", "ecs:servers:getTags", True),
        ("ecs:servers:get*", "ecs:servers:get", True),
        ("ecs:servers:*Tags", "ecs:servers:getTags", True),
        ("ecs:servers:g*t*s", "ecs:servers:getTags", True),
        ("ecs:servers:getT*Tags", "ecs:servers:getTags", False),
        ("ecs:*:get", "ecs:servers:get", True),
        ("ecs:*:get", "ecs:servers:list", False),
        ("ecs:*", "ecs:servers:get", None),
        ("ecs:*:*", "evs:volumes:get", False),
        ("*:*:*", "evs:volumes:get", True),
        ("e*s:*:*", "evs:volumes:get", True),
        ("ecs:*:get", "ecs:*:get", True),
        ("ecs:*:get", "ecs:*:get*", False),
        ("ecs:*:get*", "ecs:*:get", True),
        ("ecs:servers:get", "ecs:servers:*", False),
        ("*:*:*", "evs:volumes:*", True),
    ],
)
def test_matches_covers_names_within_each_part(pattern, name, expected):
    if expected is None:  # a star never reaches over a ":", so this is no pattern at all
        with pytest.raises(ActionNameError):
            matches(pattern, name)
    else:
        assert matches(pattern, name) is expected


def test_matches_agrees_with_brute_force():
    """All pairs of patterns of up to five characters; "c" stands in no pattern, as most letters do not."""
    patterns = texts("ab*", 5)
    covered = languages(patterns, texts("abc", 5))

    wrong = [
        (pattern, name)
        for pattern, name in product(patterns, patterns)
        if matches(f"s:{pattern}:v", f"s:{name}:v") is not (covered[name] <= covered[pattern])
    ]

    assert wrong == []


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("ecs:*:get", "ecs:servers:*", True),
        ("ecs:*:get", "ecs:servers:list", False),
        ("ecs:*:get", "evs:*:get", False),
        ("ecs:servers:GET", "ecs:*:get", True),
        ("ecs:servers:get*", "ecs:servers:list*", False),
        ("ecs:servers:*get", "ecs:servers:*list", False),
        ("ecs:servers:get*", "ecs:servers:*list", True),
    ],
)
def test_overlap_asks_for_a_name_that_both_cover(one, other, expected):
    assert overlap(one, other) is expected


def test_overlap_agrees_with_brute_force():
    patterns = texts("ab*", 3)
    covered = languages(patterns, texts("ab", 4))  # a common name is never longer than the fixed letters of both

    wrong = [
        (one, other)
        for one, other in product(patterns, patterns)
        if overlap(f"s:{one}:v", f"s:{other}:v") is not bool(covered[one] & covered[other])
    ]

    assert wrong == []
