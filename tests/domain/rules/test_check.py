import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policybuilder.domain.catalog.action_names import matches, service_of
from policybuilder.domain.catalog.known_actions import MOST_MATCHES, KnownActions
from policybuilder.domain.catalog.scope import Verdict
from policybuilder.domain.findings import Severity
from policybuilder.domain.jsontext.source import read
from policybuilder.domain.policy.document import Size
from policybuilder.domain.rules import iam_policy, own_policy
from policybuilder.domain.rules.check import (
    MOST_FINDINGS,
    MOST_PLACE_CHARACTERS,
    MOST_POLICIES,
    RULES,
    check,
    run_rules,
)
from policybuilder.domain.rules.rule import MOST_STATEMENTS
from policybuilder.domain.rules.table import table
from tests.builders import real_catalog
from tests.domain.policy_cases import CLEAN, LIST, SMALL, SYSTEM_POLICIES, allow, checked, deny, found, policy, role
from tests.domain.strategies import law


def test_rules_are_those_of_iam_and_ours_each_once():
    assert (*iam_policy.RULES, *own_policy.RULES) == RULES
    assert len({rule.code for rule in RULES}) == len(RULES)


def errors(text, *of):
    return [each.finding.code for each in checked(text, *of).findings if each.finding.severity is Severity.ERROR]


@pytest.mark.parametrize("name", SYSTEM_POLICIES)
def test_system_policy_has_no_error(name):
    text = json.dumps({"Version": "1.1", "Statement": [allow(*SYSTEM_POLICIES[name])]}, indent=4)

    assert errors(text, real_catalog()) == []


def test_action_of_services_that_ecs_needs_only_in_part_is_no_error():
    assert errors(policy(allow("evs:*:get", "vpc:floatingIps:*", "evs:snapshots:rollback"))) == []


def test_what_iam_answers_beside_a_policy_is_no_finding():
    """Source: IAM API reference, "Listing Custom Policies" and "Querying Custom Policy Details"."""
    links = {"self": "https://iam.example.com/v3/roles/r", "previous": None, "next": None}
    answered = {
        "domain_id": "d",
        "references": 0,
        "updated_time": "1579229246886",
        "created_time": "1579229246886",
        "description_cn": None,
        "catalog": "CUSTOMED",
        "name": "custom_d_0",
        "description": "Lists servers",
        "links": links,
        "id": "r",
        "display_name": "list-servers",
        "type": "XA",
        "flag": "fine_grained",
        "policy": {"Version": "1.1", "Statement": [allow("ecs:cloudServers:list")]},
    }

    for value in ({"role": answered}, {"roles": [answered, answered], "links": links, "total_number": 2}):
        assert found(json.dumps(value), real_catalog()) == []


def test_clean_policy_of_the_real_catalogue_has_no_finding():
    names = [
        "ecs:cloudServers:list",
        "ecs:cloudServers:get",
        "ecs:cloudServers:reboot",
        "ecs:cloudServers:createServers",
    ]

    assert found(policy(allow(*names), deny("ecs:cloudServers:migrate")), real_catalog()) == []


def test_check_gives_document_size_and_scope():
    text = policy(allow(LIST, "ecs:disks:attach", "no action"))
    (only,) = checked(text).policies

    assert only.document.actions() == (LIST, "ecs:disks:attach")
    assert only.size == Size(len(json.dumps(json.loads(text), separators=(",", ":"))), 1, 3)
    assert (only.scope.verdict, only.scope.iam_only, only.scope.total) == (
        Verdict.IAM_ONLY,
        ("ecs:disks:attach",),
        2,
    )


# What of each name was not checked: "" for nothing, "part" or "all".
UNCHECKED = {
    LIST: "",
    "ecs:servers:nothing": "",  # IAM.1036: ECS is known whole, so it is known that there is none
    "ecs:cloudServers:put": "",  # an older name, of which PB012 speaks
    "ecs:*:*": "",
    "ecs:nothing*:*": "all",
    "evs:volumes:get": "",
    "evs:volumes:nothing": "all",
    "evs:*:get": "part",
    "evs:nothing*:*": "all",
    "obs:bucket:get": "all",
    "obs:*:*": "all",
    "*:*:*": "part",
    "*:nothing:*": "all",
    "ECS:servers:list": "all",  # PB013: whether IAM takes it is not known
    "ECS:servers": "",  # IAM.1036
}


@pytest.mark.parametrize("key", ["Action", "NotAction"])
@pytest.mark.parametrize(("name", "said"), UNCHECKED.items())
def test_it_is_told_which_actions_were_not_checked(name, said, key):
    text = policy(allow(LIST), {"Effect": "Deny", key: [name, name]})
    result = checked(text)

    assert [("part" if each.in_part else "all", each.name) for each in result.policies[0].not_checked.actions] == (
        [(said, name)] if said else []
    )
    assert result.whole is not bool(said)


names = st.builds(
    "{}:{}:{}".format,
    st.sampled_from(["ecs", "evs", "iam", "obs", "e*", "*"]),
    st.sampled_from(["servers", "volumes", "users", "nothing", "*", "*s", "n*"]),
    st.sampled_from(["list", "get", "nothing", "*", "get*", "n*"]),
)


@law
@given(st.lists(names, min_size=1, max_size=6))
def test_checked_as_a_whole_is_only_what_the_catalogue_knows_all_about(given_names):
    """Told from the names themselves: ECS and IAM are known whole, so only there a wildcard can be."""

    def known_whole(name):
        if "*" not in name:
            return name in SMALL.action_index.actions or service_of(name) in ("ecs", "iam")
        return service_of(name) in ("ecs", "iam") and any(matches(name, known) for known in SMALL.action_index.actions)

    assert checked(policy(allow(*given_names))).whole is all(map(known_whole, given_names))


def test_what_is_not_looked_at_was_not_checked_as_a_whole():
    assert checked(json.dumps([json.loads(CLEAN)] * (MOST_POLICIES + 1))).whole is False
    assert checked(json.dumps([json.loads(CLEAN)] * MOST_POLICIES)).whole is True
    assert checked(policy(*[{}] * 1001)).whole is False
    assert checked("").whole is False


def test_findings_come_gravest_first_then_in_the_order_of_the_text():
    text = policy(allow("ecs:servers:*", LIST), allow("ecs:servers:x", "ecs:servers:y"), allow(LIST, LIST))
    found_here = checked(text).findings
    severities = list(Severity)
    order = [(severities.index(each.finding.severity), each.start) for each in found_here]

    assert order == sorted(order)
    assert len(order) == 5


def test_several_policies_each_have_their_findings():
    text = f"[{CLEAN}, {role(name='a b')}, 5]"

    assert [(each.policy, each.finding.code, each.finding.place) for each in checked(text).findings] == [
        (1, "IAM.1001", "display_name"),
        (2, "IAM.1020", ""),
    ]


def test_unreadable_text_is_one_error_with_its_place():
    result = checked('{"Version": "1.1", "Statement": [5 5]}')

    assert [(each.finding.code, each.start) for each in result.findings] == [("PB036", 34)]
    assert result.policies == ()
    assert found(" " * 40_000) == [("IAM.1101", "")]
    assert found("[]") == [("PB036", "")]


def test_single_rules_find_the_faults_of_a_text_that_cannot_be_read():
    for text in ("", "{", '{"Version": "1.1", "Statement": [5 5]}', " " * 40_000):
        assert run_rules(SMALL, read(text), RULES) == run_rules(SMALL, read(text), ()) == checked(text).findings != ()


def test_key_that_stands_twice_is_a_finding_of_its_own_policy():
    twice, plain = CLEAN.replace("{", '{"Version": "1.1", ', 1), role()
    cases = [
        ("Version", f"[{twice}, {plain}]", 0),
        ("Version", f"[{CLEAN}, {twice}, {CLEAN}]", 1),
        ("type", f"[{plain}, {CLEAN}]".replace('"type"', '"type": "XA", "type"'), 0),
        ("type", f"[{CLEAN}, {plain}]".replace('"type"', '"type": "XA", "type"'), 1),
    ]
    for key, text, at in cases:
        assert [(e.policy, e.finding.code, e.finding.place) for e in checked(text).findings] == [(at, "PB008", key)]


def test_all_statements_up_to_the_limit_are_looked_at():
    for number in (MOST_STATEMENTS - 1, MOST_STATEMENTS, MOST_STATEMENTS + 1):
        result = checked(policy(*[{}] * number))
        too_many = number > MOST_STATEMENTS
        assert result.policies[0].gave_up is too_many
        assert ("PB034" in {each.finding.code for each in result.findings}) is too_many


def test_findings_are_bounded_and_the_rest_is_counted():
    text = policy(allow(*(f"ecs:x:y{number}" for number in range(300))))
    result = checked(text).findings

    assert len(result) == MOST_FINDINGS + 1
    assert (result[-1].finding.code, result[-1].finding.message) == (
        "PB033",
        "There are at least 3 more findings, none of them graver than these.",
    )


def test_policies_of_a_list_are_bounded():
    result = checked(f"[{','.join(['5'] * (MOST_POLICIES + 1))}]")

    assert len(result.policies) == MOST_POLICIES
    assert [each.finding.code for each in result.findings] == ["IAM.1020"] * MOST_POLICIES + ["PB035"]


def test_too_many_wildcards_are_not_all_compared_and_that_is_said():
    text = policy(allow(*(f"ecs:s*{number}:l*" for number in range(1000))))

    assert ("PB034", "") in found(text)


def test_wildcards_in_services_are_paid_for_as_well():
    known = KnownActions(SMALL)
    found_names = [known.expand(f"e*{number}:*:*") for number in range(MOST_MATCHES)]

    assert (found_names[0], found_names[-1]) == ((), None)
    assert known.budget.spent


def test_messages_and_places_are_bounded_and_have_utf8():
    key = "\\ud800" + "k" * 5_000
    text = policy(allow(LIST, "x" * 5_000)).replace('"Effect"', f'"{key}": ["{key}"], "Effect"')
    for each in checked(text).findings:
        words = (each.finding.place, each.finding.message, each.finding.hint)
        assert max(map(len, words)) <= MOST_PLACE_CHARACTERS
        assert "".join(words).encode()


def test_table_has_every_code_that_is_reported_once():
    codes = [entry.code for entry in table()]

    assert codes == sorted(set(codes))
    assert {rule.code for rule in RULES} < set(codes)
    assert {f"PB{number:03}" for number in range(1, 61)} == {code for code in codes if code.startswith("PB")}
    assert {entry.code for entry in table() if entry.severity is None} == set(iam_policy.NOT_APPLICABLE)
    assert all(entry.title and entry.source for entry in table())


PIECES = st.sampled_from(
    [
        *("Version", "Statement", "Effect", "Action", "NotAction", "Resource", "Condition", "role", "policy", "roles"),
        *("display_name", "type", "description", "Allow", "deny", LIST, "ECS:servers:list", "*:*:*", "ecs:*:*", "uri"),
        *("StringEquals", "Bool", "NumberEquals", "g:MFAAge", "g:UserName", "1.1", "XA", "", "\x00", "\ud800", "a:b:c"),
    ]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | PIECES | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(PIECES | st.text(), inner, max_size=5),
    max_leaves=25,
)


def assert_sound(text):
    """What holds of any answer: places that can be shown, fixes that leave a readable text."""
    source = read(text)
    result = check(SMALL, source)
    for each in result.findings:
        assert each.finding.place.encode() is not None
        assert each.finding.message.encode()
        assert each.finding.hint
        assert each.start is None or 0 <= each.start <= each.end <= len(text)
        if each.fix:
            assert read(each.fix.apply(text)).root is not None


@law
@given(VALUES)
def test_any_value_is_checked(value):
    assert_sound(json.dumps(value))


@law
@given(st.recursive(PIECES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(PIECES, inner, max_size=4)))
def test_any_statement_is_checked(value):
    assert_sound(json.dumps({"Version": "1.1", "Statement": [value, {"Effect": "Allow", "Action": value}]}))
