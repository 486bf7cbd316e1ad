import json

import pytest

from policybuilder.domain.findings import Severity
from policybuilder.domain.rules import iam_conditions, iam_policy, own_actions, own_conditions, own_policy, own_whole
from policybuilder.domain.rules.check import RULES
from tests.builders import real_catalog
from tests.domain.policy_cases import CLEAN, GET, LIST, Case, allow, checked, deny, fixed, found, policy, role, where

ACTION = "Statement[0].Action[0]"
SECOND = "Statement[0].Action[1]"
TAG = "ecs:cloudServers:batchSetServerTags"
UNKNOWN_SCOPE = ("PB003", "")
LONG = where(StringEquals={"g:UserName": ["n" * 1000] * 5})
MFA = {"Bool": {"g:MFAPresent": ["true"]}, "NumberLessThan": {"g:MFAAge": ["3600"]}}
WILDCARD = policy(allow("ecs:servers:*"))

DAY = {
    "DateGreaterThan": {"g:CurrentTime": ["2026-01-31T08:00Z"]},
    "DateLessThan": {"g:CurrentTime": ["2026-02-01T08:00Z"]},
}
CASES = [
    Case("PB002", policy(allow("ecs:disks:attach")), [("PB002", "")], CLEAN),
    Case("PB003", policy(allow("evs:types:get")), [("PB003", "")], CLEAN),
    Case("PB004", policy(allow("evs:volumes:list")), [("PB004", "")], CLEAN),
    Case("PB005", policy(deny(LIST)), [("PB005", "Statement")], policy(allow(LIST), deny(GET))),
    Case(
        "PB006",
        policy(LONG, allow(LIST, Condition={"StringEquals": {"g:UserId": ["n" * 500]}})),
        [("PB006", "")],
        policy(LONG),
    ),
    Case(
        "PB007", policy(allow(LIST), allow("iam:users:list")), [("PB007", "Statement")], policy(allow("iam:users:list"))
    ),
    Case(
        "PB048",
        policy(allow(LIST), deny("ecs:*:attach", GET)),
        [("PB048", "")],
        policy(allow(LIST), deny(GET)),
    ),
    Case("PB008", CLEAN.replace("{", '{"Version": "1.1", ', 1), [("PB008", "Version")], CLEAN),
    Case("PB009", policy(allow(LIST), "ecs:servers:get"), [("PB009", "Statement[1]")], CLEAN),
    Case("PB010", policy(allow(LIST), allow()), [("PB010", "Statement[1].Action")], CLEAN),
    Case(
        "PB011",
        policy(allow(LIST), deny("ecs:cloudServers:delete")),
        [("PB011", "Statement[1].Action[0]")],
        policy(allow(LIST), deny(GET)),
    ),
    Case("PB012", policy(allow("ecs:cloudServers:put")), [UNKNOWN_SCOPE, ("PB012", ACTION)], policy(allow(TAG))),
    Case("PB013", policy(allow("ECS:servers:list")), [("PB013", ACTION)], CLEAN),
    Case("PB014", policy(allow(LIST, "ecs:Servers:LIST")), [("PB014", SECOND)], policy(allow(LIST), allow(GET, LIST))),
    Case("PB015", policy(allow("ecs:servers:*", LIST)), [("PB015", SECOND)], policy(allow("ecs:servers:*", TAG))),
    Case(
        "PB016",
        policy(allow(LIST), deny("ecs:*:list")),
        [("PB016", "Statement[0]")],
        policy(allow(LIST, GET), deny(GET)),
    ),
    Case(
        "PB017",
        policy(allow(LIST, GET), {"Action": [GET, LIST], "Effect": "Allow"}),
        [("PB017", "Statement[1]")],
        policy(allow(LIST), where(Bool={"g:MFAPresent": ["true"]})),
    ),
    Case("PB018", policy(allow("ecs:server:*")), [UNKNOWN_SCOPE, ("PB018", ACTION)], WILDCARD),
    Case("PB019", policy(allow("iam:*:*")), [("PB019", ACTION)], policy(allow("iam:*:list"))),
    Case(
        "PB020",
        policy(allow("ia*:users:list")),
        [("PB020", ACTION), ("PB022", ACTION)],
        policy(allow("iam:users:list")),
    ),
    Case(
        "PB021",
        policy({"Effect": "Allow", "NotAction": [LIST]}),
        [("PB002", ""), ("PB021", "Statement[0].NotAction")],
        policy(allow(LIST), {"Effect": "Deny", "NotAction": [LIST]}),
    ),
    Case(
        "PB022",
        policy(allow("evs:*:snap*")),
        [UNKNOWN_SCOPE, ("PB022", ACTION)],
        policy(allow("evs:volumes:get")),
    ),
    Case(
        "PB049",
        policy(allow("evs:snapshots:get")),
        [UNKNOWN_SCOPE, ("PB049", ACTION)],
        policy(allow("evs:volumes:get")),
    ),
    Case(
        "PB023",
        policy(where(StringIs={"g:UserName": ["anna"]})),
        [("PB023", "Statement[0].Condition.StringIs")],
        policy(where(StringEqualsIfExists={"g:UserName": ["anna"]})),
    ),
    Case(
        "PB024",
        policy(where(StringLike={"g:UserName": ["anna"]})),
        [("PB024", "Statement[0].Condition.StringLike")],
        policy(where(StringMatch={"g:UserName": ["anna*"]})),
    ),
    Case(
        "PB025",
        policy(where(**{"ForAnyValue:StringEquals": {"g:UserName": ["anna"]}})),
        [("PB025", 'Statement[0].Condition["ForAnyValue:StringEquals"]["g:UserName"]')],
        policy(allow("dms:instance:get", Condition={"ForAnyValue:Bool": {"dms:ssl": ["true"]}})),
    ),
    Case(
        "PB026",
        policy(where(IpAddress={"ecs:SourceIp": ["10.0.0.0/8"]})),
        [
            ("PB023", "Statement[0].Condition.IpAddress"),
            ("PB026", "Statement[0].Condition.IpAddress"),
            ("PB056", 'Statement[0].Condition.IpAddress["ecs:SourceIp"]'),
        ],
        CLEAN,
    ),
    Case(
        "PB027",
        policy(where(DateLessThan={"g:CurrentTime": ["tomorrow"]})),
        [("PB027", 'Statement[0].Condition.DateLessThan["g:CurrentTime"][0]')],
        policy(where(DateLessThan={"g:CurrentTime": ["2026-01-31T08:00:00Z"]})),
    ),
    Case(
        "PB028",
        policy(where(NumberLessThan=MFA["NumberLessThan"])),
        [("PB028", 'Statement[0].Condition.NumberLessThan["g:MFAAge"]')],
        policy(where(**MFA)),
    ),
    Case("PB029", policy(LONG).replace("[", "[" + " " * 1000), [("PB029", "")], policy(LONG)),
    Case(
        "PB030",
        policy(allow(LIST, Resource=["ECS:*:*:server:web"])),
        [("PB030", "Statement[0].Resource"), ("PB057", "Statement[0].Resource[0]")],
        policy(allow("dms:instance:get", Resource=["DMS:*:*:rocketmq:web"])),
    ),
    Case("PB031", role(description="d" * 257), [("PB031", "description")], role(description="d" * 256)),
    Case("PB032", role(level="AX"), [("PB032", "type")], role(level="XA")),
    Case(
        "PB044",
        policy(where(StringEquals={"g:ProjectName": ["eu-de*"]})),
        [("PB044", 'Statement[0].Condition.StringEquals["g:ProjectName"][0]')],
        policy(where(StringMatch={"g:ProjectName": ["eu-de*"]}, StringEquals={"g:UserName": ["anna"]})),
    ),
    Case(
        "PB045",
        policy(where(DateLessThan=DAY["DateGreaterThan"], DateGreaterThan=DAY["DateLessThan"])),
        [("PB045", 'Statement[0].Condition.DateGreaterThan["g:CurrentTime"]')],
        policy(where(**DAY)),
    ),
    Case(
        "PB046",
        policy(where(DateLessThan={"g:CurrentTime": ["2026-01-31T18:00Z"]}, DateGreaterThan=DAY["DateGreaterThan"])),
        [("PB046", 'Statement[0].Condition.DateLessThan["g:CurrentTime"]')],
        policy(where(**DAY)),
    ),
    Case(
        "PB055",
        policy(where(Bool={"dms:ssl": ["true"]})),
        [("PB055", 'Statement[0].Condition.Bool["dms:ssl"]')],
        policy(allow("dms:instance:get", Condition={"Bool": {"dms:ssl": ["true"]}})),
    ),
    Case(
        "PB056",
        policy(where(StringEquals={"ecs:foo": ["a"]})),
        [("PB056", 'Statement[0].Condition.StringEquals["ecs:foo"]')],
        policy(where(StringEquals={"g:UserName": ["a"]})),
    ),
    Case(
        "PB057",
        policy(allow("dms:instance:get", Resource=["DMS:nowhere:*:kafka:a"])),
        [("PB057", "Statement[0].Resource[0]")],
        policy(allow("dms:instance:get", Resource=["DMS:*:*:kafka:a"])),
    ),
    Case("PB058", role(name='a<>/"'), [("PB058", "display_name")], role(name="a-_1")),
]


@pytest.mark.parametrize("case", CASES, ids=[case.code for case in CASES])
def test_rule_fires(case):
    assert found(case.fires) == case.found


@pytest.mark.parametrize("case", CASES, ids=[case.code for case in CASES])
def test_rule_is_quiet(case):
    assert found(case.quiet) == []


def test_every_rule_has_its_pair():
    # test_own_selected.py, test_goal.py, test_own_denials.py, test_own_manual.py
    elsewhere = {"PB001", "PB050", "PB051", "PB052", "PB053", "PB059", "PB060"}
    codes = [rule.code for rule in own_policy.RULES]

    assert [case.code for case in CASES] == [code for code in codes if code not in elsewhere]


def test_rules_are_those_of_iam_and_ours_each_once():
    assert (*iam_policy.RULES, *own_policy.RULES) == RULES
    assert len({rule.code for rule in RULES}) == len(RULES)


CONDITIONS = [
    ("stringequals", ["anna"], own_conditions.OPERATOR_IS_MISSPELT, "StringEquals"),
    ("NumericEquals", ["1"], own_conditions.OPERATOR_OF_BUCKETS, "NumberEquals"),
    ("DateEquals", ["2026-01-31"], own_conditions.OPERATOR_OF_BUCKETS_ALONE, ""),
    ("NullIfExists", ["true"], own_conditions.NULL_IF_EXISTS, None),
    ("StringEqual", ["anna"], own_conditions.OPERATOR_IS_NEAR, ["StringEquals", "StringNotEquals"]),
    (
        "StringEqualsIfExsits",
        ["anna"],
        own_conditions.OPERATOR_IS_NEAR,
        ["StringEqualsIfExists", "StringNotEqualsIfExists"],
    ),
    (
        "ForAnyvalue:StringEqualsIfexists",
        ["anna"],
        own_conditions.OPERATOR_IS_MISSPELT,
        "ForAnyValue:StringEqualsIfExists",
    ),
    ("ForAnyValu:Bol", ["true"], own_conditions.OPERATOR_IS_NEAR, ["ForAnyValue:Bool"]),
    ("ForSome:Bool", ["true"], own_conditions.OPERATOR_IS_NEAR, ["ForAllValues:Bool", "ForAnyValue:Bool"]),
    ("NumericLessThanIfExists", ["1"], own_conditions.OPERATOR_OF_BUCKETS, "NumberLessThanIfExists"),
    ("ForAnyValue:StringNotLike", ["a"], own_conditions.OPERATOR_OF_BUCKETS, "ForAnyValue:StringNotMatch"),
    ("IpAddressIfExists", ["10.0.0.0/8"], own_conditions.OPERATOR_OF_BUCKETS_ALONE, ""),
    ("Something", ["a"], own_conditions.OPERATOR_IS_UNKNOWN, None),
]


@pytest.mark.parametrize(("operator", "values", "wording", "meant"), CONDITIONS)
def test_unknown_operator_says_what_to_write(operator, values, wording, meant):
    text = policy(where(**{operator: {"ecs:Key": values}}))

    (finding,) = (each.finding for each in checked(text).findings if each.finding.code == "PB023")
    assert finding.wording == wording
    assert (list(finding.values["meant"]) if isinstance(meant, list) else finding.values.get("meant")) == meant


READABLE = [
    ("NumberEquals", "-1.5", True),
    ("NumberEquals", "1e5", False),
    ("NumberEquals", "٣", False),
    ("Bool", "TRUE", True),
    ("Bool", "yes", False),
    ("Null", "1", False),
    ("DateLessThan", "2026-01-31", True),
    ("DateLessThan", "2026-01-31T08:00+01:00", True),
    ("DateLessThan", "2026-02-30", False),
    ("DateLessThan", "31.01.2026", False),
    ("StringEquals", "anything", True),
]


@pytest.mark.parametrize(("operator", "text", "readable"), READABLE)
def test_value_is_read_by_the_operators_type(operator, text, readable):
    codes = [code for code, _ in found(policy(where(**{operator: {"ecs:Key": [text]}}))) if code != "PB056"]

    assert codes == ([] if readable else ["PB027"])


def test_slip_in_a_key_or_a_boolean_is_asked_about():
    """In the editor of a condition as well."""
    slips = [
        ("StringEquals", "g:UserNmae", "a", iam_conditions.GLOBAL_KEY_IS_MISSPELT, "g:UserName"),
        ("StringEquals", "username", "a", iam_conditions.KEY_IS_MISSPELT, "g:UserName"),
        ("StringEquals", "g:Colour", "a", iam_conditions.GLOBAL_KEY_IS_UNKNOWN, None),
        ("StringEquals", "obs:UserName", "a", iam_conditions.SERVICE_KEY_IS_MISSPELT, "g:UserName"),
        ("StringEquals", "dli:UserName", "a", iam_conditions.SERVICE_KEY_IS_MISSPELT, "g:UserName"),
        ("Bool", "ecs:Key", "ture", own_conditions.NEARLY_A_BOOLEAN, "true"),
        ("Null", "ecs:Key", "No", own_conditions.NEARLY_A_BOOLEAN, "false"),
        ("Bool", "ecs:Key", "maybe", own_conditions.NO_BOOLEAN, None),
    ]
    for operator, key, value, wording, meant in slips:
        each, *_ = checked(policy(where(**{operator: {key: [value]}}))).findings
        assert (each.finding.wording, each.finding.values.get("meant")) == (wording, meant)


def test_type_that_does_not_fit_is_said_with_whose_actions_they_are():
    for action, level, wording in (
        (LIST, "AX", own_policy.ACTIONS_OF_PROJECTS),
        ("iam:users:list", "XA", own_policy.ACTIONS_OF_GLOBAL_SERVICES),
    ):
        (each,) = checked(policy(allow(action)), level=level).findings
        assert (each.finding.code, each.finding.wording) == ("PB032", wording)


def test_iam_honours_resources():
    text = policy(allow("iam:users:list", Resource=["IAM:*:*:user:a"]))

    assert found(text) == [("PB057", "Statement[0].Resource[0]")]


def test_older_name_in_not_action_is_judged_by_what_it_keeps_shut():
    older = "ecs:cloudServers:delete"
    codes = [
        [code for code, _ in found(policy({"Effect": effect, "NotAction": [older]})) if code in {"PB011", "PB012"}]
        for effect in ("Allow", "Deny")
    ]

    assert codes == [["PB011"], ["PB012"]]


def test_older_name_that_is_still_an_action_is_no_finding():
    assert found(policy(allow("ecs:cloudServers:get")), real_catalog()) == []


def test_deny_with_condition_or_resource_covers_nothing():
    conditional = deny(LIST, Condition={"Bool": {"g:MFAPresent": ["false"]}})

    assert found(policy(allow(LIST), conditional)) == []
    assert found(policy(allow(LIST), deny(LIST, Resource=["ECS:*:*:*:*"]))) == [("PB057", "Statement[1].Resource[0]")]


def test_of_two_wildcards_that_cover_each_other_only_the_later_is_covered():
    assert found(policy(allow("ecs:servers:*", "ecs:servers:**"))) == [("PB015", SECOND)]
    assert found(policy(allow("ecs:servers:**", "ecs:servers:*"))) == [("PB015", SECOND)]


def test_covered_action_that_alone_gives_the_level_stays():
    """Without it, the wildcard would count for the services of both levels."""
    statement = allow("*:servers:list", LIST)

    assert "PB015" not in dict(found(policy(statement)))
    assert "PB015" in dict(found(role(policy={"Version": "1.1", "Statement": [statement]})))
    assert "PB015" in dict(found(policy(allow("*:servers:list", LIST, TAG))))


def test_wide_wildcard_tells_how_many_operations_write():
    def opens(name):
        (finding,) = [each.finding for each in checked(policy(allow(name))).findings if each.finding.code == "PB019"]
        return finding.wording, finding.values["n"]

    assert opens("ecs:*:*") == (own_actions.OPENS_WHOLE_SERVICE, 3)
    assert opens("evs:*:*") == (own_actions.OPENS_UNKNOWN_SERVICE, 0)
    assert opens("*:*:*") == (own_actions.OPENS_EVERY_SERVICE, 3)


def test_unchecked_actions_are_one_note_a_service_with_names_that_were_perhaps_meant():
    text = policy(allow("obs:bucket:get", "evs:volumes:delet", "obs:*:list", "esc:servers:list"))
    notes = [each.finding for each in checked(text).findings if each.finding.code == "PB022"]

    assert [(note.place, note.wording) for note in notes] == [
        (ACTION, own_actions.SERVICE_UNKNOWN),
        ("Statement[0].Action[3]", own_actions.SERVICE_UNKNOWN_BUT_NEAR),
    ]
    assert [note.values for note in notes] == [
        {"service": "obs", "names": ["obs:bucket:get", "obs:*:list"], "near": []},
        {"service": "esc", "names": ["esc:servers:list"], "near": ["ecs:servers:list"]},
    ]


def test_what_the_catalogue_may_lack_is_one_note_a_service_that_says_so_and_not_that_there_is_none():
    text = policy(allow("evs:volumes:delet", "evs:fly:up"), deny("evs:volumes:delet"))
    (note,) = (each.finding for each in checked(text).findings if each.finding.code in ("PB049", "IAM.1036"))

    assert (note.code, note.severity, note.place) == ("PB049", Severity.NOTE, ACTION)
    assert note.wording == own_actions.DENIED_ACTION_MAY_EXIST_BUT_NEAR
    assert note.values["names"] == ["evs:volumes:delet", "evs:fly:up"]
    assert note.values["near"] == ["evs:volumes:delete"]


def test_what_was_checked_in_part_is_noted_apart():
    text = policy(allow("evs:*:get", "evs:volumes:delet", "evs:*:nothing*", "*:*:get*", "z*:z:z"))
    notes = [each.finding for each in checked(text).findings if each.finding.code == "PB022"]

    assert [(note.place, note.wording, note.values["names"]) for note in notes] == [
        (ACTION, own_actions.SERVICE_CHECKED_IN_PART, ["evs:*:get"]),
        ("Statement[0].Action[2]", own_actions.ACTIONS_UNKNOWN, ["evs:*:nothing*"]),
        ("Statement[0].Action[3]", own_actions.ALL_SERVICES_IN_PART, ["*:*:get*"]),
        ("Statement[0].Action[4]", own_actions.ALL_SERVICES_UNCHECKED, ["z*:z:z"]),
    ]


# What stands for ecs:cloudServers:delete today.
DELETED = [f"ecs:cloudServers:{verb}" for verb in ("deleteServerGroup", "deleteServerGroupMember", "deleteServers")]

FIXES = [
    ("PB008", CLEAN.replace("{", '{"Version": "1.1", ', 1), '"Version": "1.1", "Version": "1.1"', '"Version": "1.1"'),
    (
        "PB011",
        policy(allow(LIST), deny("ecs:cloudServers:put")),
        '"ecs:cloudServers:put"',
        f'"ecs:cloudServers:put", "{TAG}"',
    ),
    ("PB012", policy(allow("ecs:cloudServers:put")), "ecs:cloudServers:put", TAG),
    ("PB012", policy(allow("ecs:cloudServers:put", TAG)), '"ecs:cloudServers:put", ', ""),
    ("PB013", policy(allow("ECS:Servers:list")), "ECS:", "ecs:"),
    ("PB014", policy(allow(LIST, GET, LIST)), f', "{LIST}"]', "]"),
    ("PB015", policy(allow(LIST, "ecs:servers:*")), f'"{LIST}", ', ""),
    ("PB017", policy(allow(LIST), allow(LIST)), ', {"Effect": "Allow", "Action": ["ecs:servers:list"]}', ""),
    ("PB023", policy(where(stringEquals={"g:UserName": ["a"]})), "stringEquals", "StringEquals"),
]


@pytest.mark.parametrize(("code", "text", "before", "after"), FIXES)
def test_fix_removes_its_finding_and_changes_nothing_else(code, text, before, after):
    repaired = fixed(text, code)

    assert repaired == text.replace(before, after)
    assert code not in [code for code, _ in found(repaired)]


@pytest.mark.parametrize(
    ("excepted", "whole", "unknown"),
    [
        (["ecs:servers:list"], False, 1),
        (["ecs:*:*"], True, 0),
        (["ecs:*:*", "ecs:servers:list", "ecs:*:list*", "ecs:tomorrow:get", "no action"], True, 2),
        (["q:*:*"], False, 1),
    ],
)
def test_wildcard_in_not_action_counts_as_the_actions_it_matches(excepted, whole, unknown):
    of = real_catalog()
    known = sum(name.startswith("ecs:") for name in of.action_index.actions) if whole else 0

    findings = checked(policy({"Effect": "Allow", "NotAction": excepted}), of).findings

    assert [each.finding.values["n"] for each in findings if each.finding.code == "PB021"] == [known + unknown]


@pytest.mark.parametrize(
    ("beside", "added"),
    [([], DELETED), (DELETED[1:], DELETED[:1]), (["ecs:cloudServers:*Server*"], []), (DELETED, [])],
)
@pytest.mark.parametrize("keeping_shut", [("Deny", "Action"), ("Allow", "NotAction")])
def test_what_replaced_an_older_name_is_kept_shut_beside_it(keeping_shut, beside, added):
    effect, key = keeping_shut

    def written(names):
        return json.dumps(json.loads(policy(allow(LIST), {"Effect": effect, key: names})), indent=4)

    before = written(["ecs:cloudServers:delete", *beside])
    fixes = [each.fix for each in checked(before, real_catalog()).findings if each.finding.code == "PB011"]

    assert [list(fix.values["names"]) for fix in fixes] == [added] * bool(added)
    assert [fix.apply(before) for fix in fixes] == [
        written(["ecs:cloudServers:delete", *added, *beside]) for _ in fixes
    ]


def test_older_name_that_nothing_replaced_stays_denied():
    (finding,) = [f.finding for f in checked(policy(deny("ecs:cloudServerPorts:modify"))).findings if "PB011" in str(f)]

    assert finding.wording == own_actions.UNREPLACED_IN_DENY


def test_fix_takes_the_line_of_a_repeated_action_out():
    text = json.dumps({"Version": "1.1", "Statement": [allow(LIST, GET, LIST)]}, indent=4)

    assert fixed(text, "PB014") == json.dumps({"Version": "1.1", "Statement": [allow(LIST, GET)]}, indent=4)


def test_no_fix_where_it_is_not_certain():
    several = policy(allow("ecs:cloudServers:create"))
    none = policy(allow("ecs:cloudServerPorts:modify"))
    other_value = CLEAN.replace("{", '{"Version": "1.0", ', 1)

    assert [each.fix for text in (several, none, other_value) for each in checked(text).findings] == [None] * 5


def test_covered_action_that_stands_twice_is_taken_out_only_when_it_stands_once():
    text = policy(allow(LIST, LIST.upper().replace("ECS", "ecs"), "ecs:servers:*"))
    twice, covered = checked(text).findings

    assert [(each.finding.code, each.fix is None) for each in (twice, covered)] == [("PB014", False), ("PB015", True)]
    assert fixed(fixed(text, "PB014"), "PB015") == policy(allow("ecs:servers:*"))


def test_service_of_no_known_level_counts_as_one_of_projects_and_that_is_said():
    (mixed,) = (
        each.finding
        for each in checked(policy(allow("new:*:get", "iam:users:list"))).findings
        if each.finding.code == "PB007"
    )

    assert (mixed.wording, mixed.values["others"]) == (own_whole.MIXED_LEVELS_BY_UNKNOWN, ["new"])


@pytest.mark.parametrize("service", ["obs", "dli", "dms", "dds", "functiongraph", "kms", "iam"])
def test_service_whose_manual_limits_policies_to_resources_takes_them(service):
    text = policy(allow(f"{service}:a:b", Resource=[f"{service}:*:*:a:b"]))

    assert "PB030" not in {code for code, _ in found(text)}
