import pytest
from hypothesis import given
from hypothesis import strategies as st

from policybuilder.domain.policy.condition_terms import GLOBAL_KEYS, OPERATORS, SET_PREFIXES, KeyType
from policybuilder.domain.policy.condition_words import OPERATOR_WORDS, in_words, operators_for
from policybuilder.domain.policy.document import Condition
from tests.domain.strategies import law
from tests.sweeps import sweep

PATTERN = "(* stands for any characters, ? for one)"


@sweep(
    ("operator", "key", "values", "words"),
    [
        ("StringEquals", "g:UserName", ["anna"], "only for users whose name is “anna”"),
        ("StringEquals", "G:username", ["anna", "bob"], "only for users whose name is “anna” or “bob”"),
        ("StringEquals", "g:UserId", ["1", "2", "3"], "only for users whose ID is “1”, “2” or “3”"),
        ("StringNotEquals", "g:DomainName", ["x"], "only for accounts whose name is not “x”"),
        ("StringNotEquals", "g:ServiceName", ["x", "y"], "only for services whose name is not “x” nor “y”"),
        (
            "StringEqualsIgnoreCase",
            "g:ProjectName",
            ["eu-de"],
            "only in projects whose name is “eu-de” (upper or lower case)",
        ),
        (
            "StringNotEqualsIgnoreCase",
            "g:ProjectName",
            ["a"],
            "only in projects whose name is not “a” (upper or lower case)",
        ),
        ("StringMatch", "g:UserName", ["a*", "b?"], f"only for users whose name is like “a*” or “b?” {PATTERN}"),
        ("StringLike", "g:UserName", ["a*"], f"only for users whose name is like “a*” {PATTERN}"),
        ("StringNotMatch", "g:UserName", ["a*", "b"], f"only for users whose name is not like “a*” nor “b” {PATTERN}"),
        ("StringStartWith", "g:UserName", ["ops-"], "only for users whose name starts with “ops-”"),
        ("StringEndWith", "g:UserName", ["-ops"], "only for users whose name ends with “-ops”"),
        ("StringEquals", "obs:prefix", ["a"], "only when obs:prefix is “a”"),
        ("StringEquals", "g:UserName", [], "only for users whose name is …"),
        (
            "StringEqualsIfExists",
            "g:UserName",
            ["a"],
            "only for users whose name is “a”, or when the request does not say",
        ),
        (
            "ForAllValues:StringEquals",
            "ecs:tag",
            ["a", "b"],
            "only when each value of ecs:tag is “a” or “b”",
        ),
        (
            "ForAllValues:StringEqualsIfExists",
            "ecs:tag",
            ["a"],
            "only when each value of ecs:tag is “a”, or when the request does not say",
        ),
        ("ForAnyValue:StringEquals", "ecs:tag", ["a"], "only when at least one value of ecs:tag is “a”"),
        (
            "ForAnyValue:StringNotEqualsIfExists",
            "ecs:tag",
            ["a"],
            "only when at least one value of ecs:tag is not “a”, or when the request does not say",
        ),
        ("Bool", "g:MFAPresent", ["true"], "only for logins with multi-factor authentication"),
        ("Bool", "g:mfapresent", ["False"], "only for logins without multi-factor authentication"),
        (
            "ForAllValues:Bool",
            "g:MFAPresent",
            ["false"],
            "only when each value of g:MFAPresent is false",
        ),
        (
            "ForAnyValue:DateLessThan",
            "g:CurrentTime",
            ["2027"],
            "only when at least one value of g:CurrentTime is before 2027",
        ),
        ("ForAnyValue:NumberLessThan", "g:MFAAge", ["60"], "only when at least one value of g:MFAAge is less than 60"),
        ("Bool", "g:MFAPresent", ["true", "false"], "only when g:MFAPresent is true or false"),
        ("Bool", "g:MFAPresent", ["maybe"], "only when g:MFAPresent is maybe"),
        ("Bool", "g:MFAPresent", [], "only when g:MFAPresent is …"),
        ("StringNotEquals", "g:MFAPresent", ["true"], "only when g:MFAPresent is not “true”"),
        ("Bool", "ecs:encrypted", ["true"], "only when ecs:encrypted is true"),
        (
            "NumberLessThan",
            "g:MFAAge",
            ["3600"],
            "only when the seconds since the login with multi-factor authentication are less than 3600",
        ),
        (
            "NumberGreaterThanEqualsIfExists",
            "g:MFAAge",
            ["60"],
            "only when the seconds since the login with multi-factor authentication are 60 at least, "
            "or when the request does not say",
        ),
        ("NumberEquals", "ecs:size", ["1", "2"], "only when ecs:size is 1 or 2"),
        ("NumberNotEquals", "ecs:size", ["1", "2"], "only when ecs:size is not 1 nor 2"),
        ("NumberLessThanEquals", "ecs:size", ["1"], "only when ecs:size is 1 at most"),
        ("NumberGreaterThan", "ecs:size", ["1"], "only when ecs:size is more than 1"),
        ("DateLessThan", "g:CurrentTime", ["2027-01-31"], "only before 2027-01-31"),
        ("DateLessThanEquals", "g:CurrentTime", ["2027-01-31"], "only until 2027-01-31"),
        ("DateGreaterThan", "g:CurrentTime", ["2027-01-31"], "only after 2027-01-31"),
        ("DateGreaterThanEquals", "g:CurrentTime", ["2027-01-31"], "only from 2027-01-31 on"),
        ("StringEquals", "g:CurrentTime", ["2027"], "only when g:CurrentTime is “2027”"),
        ("DateLessThan", "ecs:created", ["2027-01-31"], "only when ecs:created is before 2027-01-31"),
        (
            "ForAnyValue:DateGreaterThan",
            "ecs:dates",
            ["2027"],
            "only when at least one value of ecs:dates is after 2027",
        ),
        ("Null", "g:UserName", ["true"], "only when the request does not say g:UserName"),
        ("Null", "ecs:tag", ["false"], "only when the request says ecs:tag"),
        ("Null", "g:MFAPresent", ["False"], "only when the request says g:MFAPresent"),
        ("Null", "ecs:tag", ["true", "false"], "only when “ecs:tag is missing from the request” is true or false"),
        ("Null", "ecs:tag", ["maybe"], "only when “ecs:tag is missing from the request” is maybe"),
        ("ForAnyValue:Null", "ecs:tag", ["true"], "only under “ForAnyValue:Null” of ecs:tag, which is not documented"),
        ("stringEquals", "g:UserName", ["a"], "only under “stringEquals” of g:UserName, which is no operator"),
        ("NullIfExists", "g:UserName", ["true"], "only under “NullIfExists” of g:UserName, which is no operator"),
        ("All:Bool", "g:MFAPresent", ["true"], "only under “All:Bool” of g:MFAPresent, which is no operator"),
    ],
)
def test_condition_in_words(operator, key, values, words):
    assert in_words(Condition(operator, key, tuple(values))) == words


@law
@given(
    prefix=st.sampled_from(["", *(f"{name}:" for name in SET_PREFIXES)]),
    base=st.sampled_from(list(OPERATORS)),
    suffix=st.sampled_from(["", "IfExists"]),
    key=st.sampled_from([*GLOBAL_KEYS, "svc:key"]),
    values=st.lists(st.sampled_from(["value-1", "true"]), min_size=1, max_size=3),
)
def test_every_operator_has_words_for_every_key(prefix, base, suffix, key, values):
    words = in_words(Condition(f"{prefix}{base}{suffix}", key, tuple(values)))

    assert words.startswith("only ")
    assert "{" not in words
    if base not in ("Null", "Bool"):
        assert all(value in words for value in values)


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("svc:key", list(OPERATORS)),
        ("", list(OPERATORS)),
        ("g:MFAPresent", ["Bool", "Null"]),
        ("G:MFAPRESENT", ["Bool", "Null"]),
        (
            "g:CurrentTime",
            ["DateLessThan", "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals", "Null"],
        ),
        ("g:MFAAge", [name for name in OPERATORS if name.startswith("Number")] + ["Null"]),
        ("g:UserName", [name for name, kind in OPERATORS.items() if kind is KeyType.STRING] + ["Null"]),
    ],
)
def test_operators_for_a_key_are_those_of_its_type(key, expected):
    assert operators_for(key) == tuple(expected)


def test_words_in_which_an_operator_is_offered_are_those_of_the_sentence():
    for name in ("StringEquals", "StringNotEquals", "StringStartWith", "StringEndWith", "NumberEquals", "Bool"):
        assert in_words(Condition(name, "ecs:key", ("1",))).startswith(f"only when ecs:key {OPERATOR_WORDS[name]} ")
    for name in ("DateLessThan", "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals"):
        assert in_words(Condition(name, "g:CurrentTime", ("2027",))).startswith(f"only {OPERATOR_WORDS[name]} 2027")


def test_no_two_operators_of_a_type_read_the_same():
    for type_ in KeyType:
        words = [OPERATOR_WORDS[name] for name, of in OPERATORS.items() if of is type_]
        assert len(set(words)) == len(words)
