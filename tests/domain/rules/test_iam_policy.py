import json

import pytest

from policybuilder.domain.findings import Severity
from policybuilder.domain.jsontext.source import read
from policybuilder.domain.policy.condition_terms import GLOBAL_KEYS
from policybuilder.domain.policy.service_terms import SERVICE_TERMS
from policybuilder.domain.rules import iam_actions, iam_conditions, iam_policy, iam_resources
from policybuilder.domain.rules.check import check
from policybuilder.domain.rules.iam_policy import NOT_APPLICABLE
from tests.domain.policy_cases import (
    CLEAN,
    GET,
    LIST,
    SMALL,
    Case,
    allow,
    checked,
    deny,
    fixed,
    found,
    policy,
    role,
    where,
)

OBS = "OBS:*:*:bucket:team"


def resources(*uris, action="obs:bucket:GetBucketAcl"):
    return policy(allow(action, Resource=list(uris)))


UNCHECKED = ("PB022", "Statement[0].Action[0]")  # the small catalogue does not have OBS
UNKNOWN_SCOPE = ("PB003", "")
URI = "Statement[0].Resource[0]"
KAFKA = "DMS:*:*:kafka:team*"
RESOURCES = resources(KAFKA, action="dms:instance:get")
OBS_NOTES = [UNKNOWN_SCOPE, UNCHECKED]
KEYS = {name: ["false"] for name in (*GLOBAL_KEYS, "dms:ssl", "dms:publicIP", "g:username")}
VALUE = 'Statement[0].Condition.StringEquals["g:UserName"]'

CASES = [
    Case("IAM.1001", role(name="list servers"), [("IAM.1001", "display_name")], role()),
    Case("IAM.1002", role(name="n" * 65), [("IAM.1002", "display_name")], role(name="n" * 64)),
    Case("IAM.1003", role(name="list\u0007"), [("IAM.1003", "display_name")], role(name="read-all_2")),
    Case("IAM.1004", role(level=""), [("IAM.1004", "type")], role()),
    Case("IAM.1009", role(level="xa"), [("IAM.1009", "type")], role(level="XA")),
    Case(
        "IAM.1018", role(description=5), [("IAM.1018", "description")], role(description="Lists servers, all of them.")
    ),
    Case("IAM.1020", '"policy"', [("IAM.1020", "")], CLEAN),
    Case(
        "IAM.1021",
        policy(where(StringEquals={"g:UserName": ["n" * 1000] * 7})),
        [("IAM.1021", "")],
        policy(where(StringEquals={"g:UserName": ["n" * 1000] * 5})),
    ),
    Case("IAM.1024", CLEAN.replace('"1.1"', "1.1"), [("IAM.1024", "Version")], CLEAN),
    Case("IAM.1025", policy(allow(LIST), Depends=[]), [("IAM.1025", "Depends")], CLEAN),
    Case(
        "IAM.1027",
        '{"Version": "1.1", "Statement": {"Effect": "Allow", "Action": ["ecs:servers:list"]}}',
        [("IAM.1027", "Statement")],
        CLEAN,
    ),
    Case(
        "IAM.1028",
        policy(*(where(StringEquals={"g:UserName": [str(number)]}) for number in range(9))),
        [("IAM.1028", "Statement")],
        policy(*(where(StringEquals={"g:UserName": [str(number)]}) for number in range(8))),
    ),
    Case("IAM.1029", CLEAN.replace("Allow", "Permit"), [("IAM.1029", "Statement[0].Effect")], CLEAN),
    Case("IAM.1030", policy({"Effect": "Allow", "Action": LIST}), [("IAM.1030", "Statement[0].Action")], CLEAN),
    Case(
        "IAM.1031",
        policy(allow(LIST), deny(GET, NotAction=[LIST])),
        [("IAM.1031", "Statement[1].NotAction")],
        policy(allow(LIST), {"Effect": "Deny", "NotAction": [LIST]}),
    ),
    Case(
        "IAM.1033",
        policy(allow(*["iam:users:list"] * 101)),
        [("IAM.1033", "Statement[0].Action")] + [("PB014", f"Statement[0].Action[{at}]") for at in range(1, 101)],
        policy(allow("iam:users:list")),
    ),
    Case("IAM.1034", policy(allow("ecs:servers:" + "l" * 117)), [("IAM.1034", "Statement[0].Action[0]")], CLEAN),
    Case("IAM.1035", policy(allow("ecs:servers:list ")), [("IAM.1035", "Statement[0].Action[0]")], CLEAN),
    Case(
        "IAM.1036",
        policy(allow(LIST, "ecs:servers:lists")),
        [("IAM.1036", "Statement[0].Action[1]"), UNKNOWN_SCOPE],
        policy(allow(LIST, "ecs:SERVERS:Get")),
    ),
    Case(
        "IAM.1037",
        resources(*[OBS] * 21),
        [("IAM.1037", "Statement[0].Resource"), *OBS_NOTES],
        resources(*[KAFKA] * 20, action="dms:instance:get"),
    ),
    Case(
        "IAM.1040",
        policy(allow(LIST, Resource={"uri": []})),
        [("IAM.1040", "Statement[0].Resource.uri")],
        RESOURCES,
    ),
    Case("IAM.1041", resources("OBS:*:*:bucket:a b"), [("IAM.1041", URI), *OBS_NOTES], RESOURCES),
    Case("IAM.1042", resources(OBS + "a" * 1500), [("IAM.1042", URI), *OBS_NOTES], RESOURCES),
    Case("IAM.1043", resources("OBS::*:bucket:team"), [("IAM.1043", URI), *OBS_NOTES], RESOURCES),
    Case("IAM.1044", resources("OBS:eu/de:*:bucket:team"), [("IAM.1044", URI), *OBS_NOTES], RESOURCES),
    Case("IAM.1045", resources("O.B:*:*:bucket:team"), [("IAM.1045", URI), *OBS_NOTES], RESOURCES),
    Case("IAM.1046", resources("OBS:*:*"), [("IAM.1046", URI), *OBS_NOTES], RESOURCES),
    Case("IAM.1047", resources("OBS:*:*:bucket:\u0007"), [("IAM.1047", URI), *OBS_NOTES], RESOURCES),
    Case("IAM.1049", policy(allow(LIST, Resource=5)), [("IAM.1049", "Statement[0].Resource")], RESOURCES),
    Case(
        "IAM.1050",
        policy(where()),
        [("IAM.1050", "Statement[0].Condition")],
        policy(where(StringEquals={"g:UserName": ["anna"]})),
    ),
    Case(
        "IAM.1051",
        policy(where(StringEquals=None)),
        [("IAM.1051", "Statement[0].Condition.StringEquals")],
        policy(where(StringEquals={"g:UserName": ["anna"]})),
    ),
    Case(
        "IAM.1052",
        policy(where(StringEquals={"g:User": ["anna"]})),
        [("IAM.1052", 'Statement[0].Condition.StringEquals["g:User"]')],
        policy(allow("dms:instance:get", Condition={"Bool": {"dms:ssl": ["true"], "g:MFAPresent": ["true"]}})),
    ),
    Case(
        "IAM.1053",
        policy(where(StringEquals={"g:UserName": "anna"})),
        [("IAM.1053", VALUE)],
        policy(where(StringEquals={"g:UserName": ["anna"]})),
    ),
    Case(
        "IAM.1054",
        policy(allow("dms:instance:get", Condition={"Null": KEYS})),
        [("IAM.1054", "Statement[0].Condition.Null"), ("PB056", 'Statement[0].Condition.Null["g:username"]')],
        policy(allow("dms:instance:get", Condition={"Null": dict(list(KEYS.items())[:10])})),
    ),
    Case(
        "IAM.1055",
        policy(where(StringEquals={"g:MFAPresent": ["true"]})),
        [("IAM.1055", 'Statement[0].Condition.StringEquals["g:MFAPresent"]')],
        policy(where(Bool={"g:MFAPresent": ["true"]}, Null={"g:UserName": ["false"]})),
    ),
    Case("IAM.1056", policy(where(StringEquals={"g:UserName": [""]})), [("IAM.1056", f"{VALUE}[0]")], CLEAN),
    Case("IAM.1057", policy(where(StringEquals={"g:UserName": ["\u0007"]})), [("IAM.1057", f"{VALUE}[0]")], CLEAN),
    Case("IAM.1059", policy(allow(LIST), Comment="x"), [("IAM.1059", "Comment")], CLEAN),
    Case("IAM.1060", policy(allow(LIST, 5)), [("IAM.1060", "Statement[0].Action[1]")], CLEAN),
]


@pytest.mark.parametrize("case", CASES, ids=[case.code for case in CASES])
def test_rule_fires(case):
    assert found(case.fires) == case.found


@pytest.mark.parametrize("case", CASES, ids=[case.code for case in CASES])
def test_rule_is_quiet(case):
    assert found(case.quiet) == []


def test_every_rule_has_its_pair():
    assert [case.code for case in CASES] == [rule.code for rule in iam_policy.RULES]


def test_every_rule_is_an_error():
    assert {rule.severity for rule in iam_policy.RULES} == {Severity.ERROR}


def test_codes_between_are_accounted_for():
    wanted = {*range(1001, 1006), 1009, 1018, 1020, 1021, *range(1024, 1061)}
    codes = {rule.code for rule in iam_policy.RULES}

    assert {f"IAM.{number}" for number in wanted} == codes | set(NOT_APPLICABLE)
    assert codes.isdisjoint(NOT_APPLICABLE)


MORE = [
    (role(name=5), [("IAM.1001", "display_name")]),
    (role(name=""), [("IAM.1001", "display_name")]),
    (role().replace('"display_name": "list-servers", ', ""), [("IAM.1001", "display_name")]),
    (role().replace(', "type": "XA"', ""), [("IAM.1004", "type")]),
    ('{"role": {"display_name": "a", "type": "XA"}}', [("IAM.1020", "policy")]),
    (role(level="admin"), [("IAM.1009", "type")]),
    (role(level=7), [("IAM.1004", "type")]),
    (role(description="a\u0000b"), [("IAM.1018", "description")]),
    ('{"Statement": [{"Effect": "Allow", "Action": ["ecs:servers:list"]}]}', [("IAM.1024", "")]),
    ('{"Version": "1.1"}', [("IAM.1028", "")]),
    ('{"Version": "1.1", "Statement": []}', [("IAM.1028", "Statement")]),
    ('{"Version": "1.1", "Statement": "x"}', [("IAM.1027", "Statement")]),
    (policy({"Action": [LIST]}), [("IAM.1029", "Statement[0]")]),
    (policy(allow(LIST), {"Effect": "Allow"}), [("IAM.1030", "Statement[1]")]),
    (
        policy({"Effect": "Deny", "NotAction": LIST}),
        [("IAM.1030", "Statement[0].NotAction"), ("PB002", ""), ("PB005", "Statement")],
    ),
    (policy(allow("ecs:servers", "*", "", "a:b:c:d")), [("IAM.1036", f"Statement[0].Action[{at}]") for at in range(4)]),
    (policy(allow(LIST, Resource={})), [("IAM.1040", "Statement[0].Resource")]),
    (policy(allow(LIST, Resource={"uri": [""]})), [("IAM.1041", "Statement[0].Resource.uri[0]")]),
    (policy(allow(LIST, Resource={"uri": [7]})), [("IAM.1060", "Statement[0].Resource.uri[0]")]),
    (policy(allow(LIST, Condition=[])), [("IAM.1050", "Statement[0].Condition")]),
    (policy(where(StringEquals={})), [("IAM.1054", "Statement[0].Condition.StringEquals")]),
    (policy(where(StringEquals={"g:UserName": []})), [("IAM.1051", VALUE)]),
    (policy(where(StringEquals={"UserName": ["a"]})), [("IAM.1052", "Statement[0].Condition.StringEquals.UserName")]),
    (policy(where(StringEquals={"g:UserName": ["a" * 1025]})), [("IAM.1056", f"{VALUE}[0]")]),
    (policy(where(StringEquals={"g:UserName": [5, None]})), [("IAM.1060", f"{VALUE}[0]"), ("IAM.1060", f"{VALUE}[1]")]),
    (
        policy(allow(LIST, Sid="x", Principal="*")),
        [("IAM.1059", f"Statement[0].{key}") for key in ("Sid", "Principal")] + [("PB026", "Statement[0].Sid")],
    ),
]


@pytest.mark.parametrize(("text", "expected"), MORE)
def test_other_ways_to_fire(text, expected):
    assert found(text) == expected


WORDINGS = [
    (role().replace('"display_name": "list-servers", ', ""), iam_policy.NAME_IS_MISSING),
    (role(name=None), iam_policy.NAME_IS_NO_TEXT),
    (role(name=""), iam_policy.NAME_IS_EMPTY),
    (role(name=" "), iam_policy.NAME_HAS_SPACES),
    (role().replace(', "type": "XA"', ""), iam_policy.TYPE_IS_MISSING),
    (role(level=["XA"]), iam_policy.TYPE_IS_NO_TEXT),
    (role(level=" "), iam_policy.TYPE_IS_EMPTY),
    (role(level="admin"), iam_policy.TYPE_IS_UNKNOWN),
    (role(description=5), iam_policy.DESCRIPTION_IS_NO_TEXT),
    (role(description="\u0007"), iam_policy.DESCRIPTION_HAS_INVISIBLE),
    ('{"role": {"display_name": "a", "type": "XA"}}', iam_policy.ROLE_HAS_NO_POLICY),
    (role(policy=[]), iam_policy.POLICY_IS_NO_OBJECT),
    (CLEAN.replace('"Version": "1.1", ', ""), iam_policy.VERSION_IS_MISSING),
    (CLEAN.replace("1.1", "1.0"), iam_policy.VERSION_IS_WRONG),
    (CLEAN.replace('"1.1"', "1.1"), iam_policy.VERSION_IS_WRONG),
    ('{"Version": "1.1"}', iam_policy.STATEMENT_IS_MISSING),
    ('{"Version": "1.1", "Statement": []}', iam_policy.STATEMENT_IS_EMPTY),
    (policy({"Action": [LIST]}), iam_actions.EFFECT_IS_MISSING),
    (policy({"Action": [LIST], "Effect": 5}), iam_actions.EFFECT_IS_UNKNOWN),
    (policy({"Action": [LIST], "Effect": "allow"}), iam_actions.EFFECT_IS_MISSPELT),
    (policy(allow("")), iam_actions.ACTION_IS_EMPTY),
    (policy(allow("*")), iam_actions.ACTION_IS_A_STAR),
    (policy(allow("ecs:servers")), iam_actions.ACTION_LACKS_A_PART),
    (policy(allow("ecs")), iam_actions.ACTION_IS_NONE),
    (policy(allow("ecs:servers:list:all")), iam_actions.ACTION_IS_NONE),
    (policy(allow("ecs:servers:lst")), iam_actions.ALLOWED_IS_MISSPELT),
    (policy(allow("ecs:zebra:xyz")), iam_actions.ALLOWED_IS_UNKNOWN),
    (policy(allow(LIST), deny("ecs:servers:lst")), iam_actions.DENIED_IS_MISSPELT),
    (policy(allow(LIST), deny("ecs:zebra:xyz")), iam_actions.DENIED_IS_UNKNOWN),
    (policy(allow(LIST, Resource={})), iam_resources.OBJECT_HAS_NO_LIST),
    (policy(allow(LIST, Resource={"uri": "/a"})), iam_resources.OBJECT_HAS_NO_LIST),
    (policy(allow(LIST, Resource={"uri": []})), iam_resources.OBJECT_URIS_ARE_WRONG_IN_NUMBER),
    (policy(allow(LIST, Resource=[])), iam_resources.URIS_ARE_WRONG_IN_NUMBER),
    (resources(""), iam_resources.URI_IS_EMPTY),
    (resources(" "), iam_resources.URI_HAS_SPACES),
    (resources("OBS:*"), iam_resources.TYPE_IS_MISSING),
    (resources("OBS:*:"), iam_resources.TYPE_IS_MISSING),
    (resources("OBS:*:*"), iam_resources.TYPE_IS_MISSING),
    (resources("OBS:*:*:"), iam_resources.TYPE_IS_INVALID),
    (resources("OBS:*:*:a/b:team"), iam_resources.TYPE_IS_INVALID),
    (resources("OBS:*:*:frob"), iam_resources.TYPE_IS_UNKNOWN),
    (resources("OBS:*:*:frob:team"), iam_resources.TYPE_IS_UNKNOWN),
    (resources("OBS"), iam_resources.REGION_IS_MISSING),
    (resources("OBS::"), iam_resources.REGION_IS_MISSING),
    (resources("OBS:*:*:bucket:<"), iam_resources.PATH_IS_STRANGE),
    (resources("OBS:*:*:bucket:\u0007"), iam_resources.URI_HAS_INVISIBLE),
    (policy(allow(LIST, Condition=[])), iam_conditions.CONDITION_IS_NO_OBJECT),
    (policy(where()), iam_conditions.CONDITION_IS_EMPTY),
    (policy(where(StringEquals=[])), iam_conditions.OPERATOR_HAS_NO_KEY),
    (policy(where(StringEquals={"g:UserName": []})), iam_conditions.KEY_HAS_NO_VALUE),
    (policy(where(StringEquals={})), iam_conditions.OPERATOR_IS_EMPTY),
    (policy(where(StringEquals={"x": ["a"]})), iam_conditions.KEY_IS_INVALID),
    (policy(where(StringEquals={"obs:foo": ["a"]})), iam_conditions.SERVICE_KEY_IS_UNKNOWN),
    (policy(where(StringEquals={"dli:foo": ["a"]})), iam_conditions.SERVICE_HAS_NO_KEYS),
    (policy(where(StringEquals={"g:UserName": ["\u0007"]})), iam_conditions.VALUE_HAS_INVISIBLE),
    (policy(allow("obs:a:b", Condition={"StringEquals": {"g:UserName": ["<"]}})), iam_conditions.VALUE_IS_STRANGE),
]


def test_error_names_which_of_the_faults_of_its_code_it_is():
    for text, wording in WORDINGS:
        errors = [each.finding for each in checked(text).findings if each.finding.severity is Severity.ERROR]
        assert (text, [each.wording for each in errors]) == (text, [wording])


def test_unknown_key_or_resource_type_of_a_service_comes_with_those_that_there_are():
    obs, dli = SERVICE_TERMS["obs"], SERVICE_TERMS["dli"]
    keys = tuple(key.name for key in obs.keys)
    cases = [
        (where(StringEquals={"obs:foo": ["a"]}), {"service": "OBS", "key": "obs:foo", "keys": keys}),
        (where(StringEquals={"DLI:foo": ["a"]}), {"service": "DLI", "key": "DLI:foo", "keys": ()}),
        (allow(LIST, Resource=["obs:*:*:Frob"]), {"service": "OBS", "type": "Frob", "types": sorted(obs.types)}),
        (allow(LIST, Resource=["dli:*:*:frob:a"]), {"service": "DLI", "type": "frob", "types": sorted(dli.types)}),
    ]
    for statement, values in cases:
        (error,) = (e.finding for e in checked(policy(statement)).findings if e.finding.severity is Severity.ERROR)
        assert error.values == values


def test_name_level_and_description_given_apart():
    labels = {"name": "a b", "level": "project", "description": "\u0000"}

    assert found(CLEAN, **labels) == [("IAM.1001", "name"), ("IAM.1009", "level"), ("IAM.1018", "description")]
    assert found(role(name="a b", level=""), name="a", level="XA") == []
    assert [(each.start, each.end) for each in checked(CLEAN, name="").findings] == [(None, None)]


def test_misspelt_keys_of_a_role_are_found_by_the_name_that_they_have():
    text = role(level="xa").replace('"type"', '"Type"').replace("}}", '}, "links": {}, "Description": 5}')

    assert found(text) == [
        ("IAM.1059", "Type"),
        ("IAM.1009", "Type"),
        ("IAM.1059", "Description"),
        ("IAM.1018", "Description"),
    ]
    assert fixed(text, "IAM.1059") == text.replace('"Type"', '"type"')


def test_unknown_action_names_the_nearest():
    finding = checked(policy(allow("ecs:server:lst"))).findings[0].finding

    assert (finding.code, finding.hint) == (
        "IAM.1036",
        "Perhaps meant: ecs:servers:list, ecs:servers:get, ecs:servers:delete.",
    )


def test_finding_knows_its_place_in_the_text():
    text = policy(allow(LIST), {**allow(GET), "Effekt": 1})
    (key,) = checked(text).findings

    assert text[key.start : key.end] == '"Effekt"'


STATEMENT = json.dumps(allow(LIST))
FIXES = [
    ("IAM.1009", role(level="xa"), '"xa"', '"XA"'),
    ("IAM.1024", CLEAN.replace('"1.1"', "1.1"), "1.1", '"1.1"'),
    ("IAM.1024", CLEAN.replace('"1.1"', '"2012-10-17"'), "2012-10-17", "1.1"),
    ("IAM.1024", '{\n  "Statement": [ ]}', '  "Statement"', '  "Version": "1.1",\n  "Statement"'),
    ("IAM.1024", "{ }", "{ }", '{"Version": "1.1" }'),
    ("IAM.1027", policy().replace("[]", STATEMENT), STATEMENT, f"[{STATEMENT}]"),
    ("IAM.1029", CLEAN.replace("Allow", "aLLOW"), "aLLOW", "Allow"),
    ("IAM.1030", policy({"Effect": "Allow", "Action": LIST}), f'"{LIST}"', f'["{LIST}"]'),
    ("IAM.1035", policy(allow(f" {LIST} ")), f" {LIST} ", LIST),
    ("IAM.1035", policy(allow("ecs\uff1aservers:list")), "ecs\uff1a", "ecs:"),
    ("IAM.1036", policy(allow(LIST, "")), ', ""', ""),
    ("IAM.1049", policy(allow(LIST, Resource=OBS)), f'"{OBS}"', f'["{OBS}"]'),
    ("IAM.1053", policy(where(StringEquals={"g:UserName": "anna"})), '"anna"', '["anna"]'),
    ("IAM.1053", policy(where(NumberEquals={"g:MFAAge": 5})), "5", "[5]"),
    ("IAM.1059", policy({"effect": "Allow", "Action": [LIST]}), '"effect"', '"Effect"'),
    ("IAM.1059", policy(allow(LIST, Sid="x")), ', "Sid": "x"', ""),
    ("IAM.1060", policy(where(Bool={"g:MFAPresent": [True]})), "[true]", '["true"]'),
    ("IAM.1060", policy(where(NumberLessThan={"ecs:Count": [1.50]})).replace("1.5", "1.50"), "1.50", '"1.50"'),
]


@pytest.mark.parametrize(("code", "text", "before", "after"), FIXES)
def test_fix_removes_its_finding_and_changes_nothing_else(code, text, before, after):
    repaired = fixed(text, code)

    assert repaired == text.replace(before, after)
    assert code not in [code for code, _ in found(repaired)]


def test_no_fix_where_it_is_not_certain():
    twice = '{"Version": "1.1", "Statement": [], "statement": []}'

    assert [each.fix for each in checked(twice).findings if each.finding.code == "IAM.1059"] == [None]
    faulty = [
        ("IAM.1036", policy(allow(""))),
        ("IAM.1029", CLEAN.replace("Allow", "Permit")),
        ("IAM.1027", '{"Version": "1.1", "Statement": "x"}'),
        ("IAM.1030", policy({"Effect": "Allow", "Action": {"a": LIST}})),
        ("IAM.1049", policy(allow(LIST, Resource=5))),
        ("IAM.1053", policy(where(StringEquals={"g:UserName": {"a": "anna"}}))),
        ("IAM.1060", policy(where(StringEquals={"g:UserName": [None]}))),
    ]
    for code, text in faulty:
        assert (text, [(e.finding.code, e.fix) for e in checked(text).findings][:1]) == (text, [(code, None)])


def test_no_fix_while_the_text_needs_repair():
    text = CLEAN.replace("Allow", "allow").replace("]}]}", "],}]}")
    source = read(text)

    (finding,) = check(SMALL, source).findings
    (again,) = check(SMALL, read(source.repaired_text)).findings

    assert finding.fix is None
    assert again.fix is not None
