"""What the manuals list about keys, resources and names, and what a check counts as not checked.

The tables and patterns here are written from the pages, apart from the project's own.
"""

import json
import re
from collections import Counter
from random import Random

from policybuilder.domain.findings import Severity
from policybuilder.domain.jsontext.nodes import String
from policybuilder.domain.policy.reading import statements
from policybuilder.domain.policy.service_terms import SERVICE_KEYS
from policybuilder.domain.rules import documented
from policybuilder.domain.rules.iam_conditions import uses_of
from policybuilder.domain.rules.iam_resources import uris
from policybuilder.domain.rules.outcome import Outcome
from tests.builders import catalog, published, whole_catalog
from tests.domain.policy_cases import LIST, allow, checked, found, policy, role
from tests.domain.policy_mutations import documents
from tests.laws import examples

LISTING, PUTTING = "obs:bucket:ListBucket", "obs:object:PutObject"
QUEUE, AGENCY = "dli:queue:submitJob", "iam:agencies:assume"
INSTANCES, FUNCTIONS = "dds:instance:list", "functiongraph:function:list"
OF = catalog(
    actions=[
        published(name, "yes")
        for name in (LIST, LISTING, PUTTING, QUEUE, AGENCY, INSTANCES, FUNCTIONS, "dms:instance:get", "kms:cmk:get")
    ]
)


def state(text, **labels):
    """("not checked", its lists without the actions), or ("refused", codes) or ("accepted", ())."""
    result = checked(text, OF, **labels)
    errors = tuple(each.finding.code for each in result.findings if each.finding.severity is Severity.ERROR)
    missed = result.policies[0].not_checked
    listed = (*missed.condition_keys, *missed.resources, *missed.names, *missed.descriptions, *missed.role_keys)
    assert missed.actions == ()
    assert (result.outcome in {Outcome.ACCEPTED, Outcome.CLEAN}) is (not errors and not listed)
    return ("refused", errors) if errors else ("not checked", listed) if listed else ("accepted", ())


KEYS = [  # action, operator, key, value, codes of errors; None: not checked
    (LISTING, "StringEquals", "obs:prefix", "public", ()),
    (LISTING, "StringMatch", "obs:prefix", "public/*", ()),
    (LISTING, "NumberEqualsIfExists", "obs:max-keys", "100", ()),
    (LISTING, "Bool", "obs:SecureTransport", "true", ()),
    (PUTTING, "StringEquals", "obs:acl", "private", ()),
    (LISTING, "StringEquals", "g:UserName", "anna", ()),
    (LIST, "StringEquals", "g:UserName", "anna@example.com", ()),
    (LIST, "DateLessThan", "g:CurrentTime", "2026-01-31T08:00:00Z", ()),
    (LIST, "Null", "g:MFAPresent", "true", ()),
    ("dms:instance:get", "Bool", "dms:ssl", "true", ()),
    (LISTING, "StringEquals", "obs:foo", "a", ("IAM.1052",)),
    (LIST, "StringEquals", "obs:foo", "a", ("IAM.1052",)),
    (QUEUE, "StringEquals", "dli:foo", "a", ("IAM.1052",)),
    (LISTING, "Bool", "obs:prefix", "true", ("IAM.1055",)),
    ("dms:instance:get", "StringEquals", "dms:ssl", "true", ("IAM.1055",)),
    (LISTING, "StringEquals", "obs:prefix", "a b", ("IAM.1057",)),
    (LISTING, "StringEquals", "g:UserName", "a<b", ("IAM.1057",)),
    (LIST, "StringEquals", "ecs:foo", "a", None),
    (LIST, "StringEquals", "obs:prefix", "a", None),
    (PUTTING, "StringEquals", "obs:prefix", "a", None),
    (LISTING, "StringEquals", "obs:acl", "private", None),
    (LISTING, "StringEquals", "obs:SourceIp", "10.0.0.1", None),
    (LISTING, "StringEquals", "obs:PREFIX", "a", None),
    (LIST, "StringEquals", "g:username", "anna", None),
    (LIST, "StringEquals", "g:UserName", "a<b", None),
    (LIST, "StringEquals", "g:UserName", "jürgen", None),
    (LIST, "NumberLessThan", "dms:foo", "5", None),
    (LIST, "DateLessThan", "g:CurrentTime", "tomorrow", None),
    (LIST, "ForAllValues:Null", "g:UserName", "true", None),
    (LISTING, "ForAnyValue:Null", "obs:prefix", "true", None),
]


def test_condition_key_is_accepted_as_the_manuals_list_it():
    for action, operator, key, value, errors in KEYS:
        text = policy(allow(action, Condition={operator: {key: [value]}}))

        expected = ("not checked", (key,)) if errors is None else ("refused", errors) if errors else ("accepted", ())
        assert (key, value, state(text)) == (key, value, expected)


LISTS, PUTS = {"bucket:ListBucket", "bucket:ListBucketVersions"}, {"object:PutObject"}
TAKEN_BY = {  # keys of OBS that go with some actions only
    "obs:prefix": LISTS,
    "obs:delimiter": LISTS,
    "obs:max-keys": LISTS,
    "obs:acl": {"bucket:PutBucketAcl", "object:PutObject", "object:PutObjectAcl", "object:PutObjectVersionAcl"},
    "obs:copy-source": PUTS,
    "obs:metadata-directive": PUTS,
    "obs:server-side-encryption": PUTS,
    "obs:versionId": {
        *("object:GetObjectVersion", "object:GetObjectVersionAcl"),
        *("object:PutObjectVersionAcl", "object:DeleteObjectVersion"),
    },
}


def test_key_of_some_actions_goes_with_these_and_no_others():
    for action in {action for taken in TAKEN_BY.values() for action in taken}:
        for key, taken in TAKEN_BY.items():
            text = policy(allow(f"obs:{action}", Condition={"Null": {key: ["false"]}}))
            missed = checked(text, whole_catalog()).policies[0].not_checked.condition_keys

            assert (action, missed) == (action, () if action in taken else (key,))


def test_character_of_a_value_is_ruled_out_only_where_the_manuals_of_all_services_list_the_characters():
    cases = [
        ([LISTING], True),
        ([LISTING, PUTTING], True),
        ([LISTING, QUEUE], False),
        ([LIST, LISTING], False),
        ([QUEUE], False),
        ([LISTING, "*:*:*"], False),
        ([LISTING, "no action"], False),
        ([], False),
    ]
    for names, ruled_out in cases:
        result = checked(policy(allow(*names, Condition={"StringEquals": {"g:UserName": ["a<b"]}})), OF)
        assert ("IAM.1057" in {each.finding.code for each in result.findings}) is ruled_out, names
        assert result.policies[0].not_checked.condition_keys == (() if ruled_out else ("g:UserName",)), names


def test_key_without_its_actions_comes_with_those_that_take_it():
    cases = [
        (PUTTING, "obs:prefix", documented.KEY_OF_ACTIONS, "OBS"),
        (LISTING, "obs:acl", documented.KEY_OF_ACTIONS, "OBS"),
        (LIST, "obs:UserAgent", documented.KEY_OF_SERVICE, "OBS"),
        (LISTING, "dms:ssl", documented.KEY_OF_SERVICE, "DMS"),
    ]
    for action, key, wording, service in cases:
        findings = checked(policy(allow(action, Condition={"Null": {key: ["false"]}})), OF).findings
        assert [(each.finding.wording, each.finding.values) for each in findings if each.finding.code == "PB055"] == [
            (wording, {"key": key, "actions": SERVICE_KEYS[key].actions, "service": service})
        ]


def test_statement_without_known_actions_takes_the_keys_of_every_service():
    prefix = {"StringEquals": {"obs:prefix": ["a"]}}

    for statement in (allow("obs:*:List*"), allow("*:*:*"), {"Effect": "Deny", "NotAction": [LIST]}):
        result = checked(policy({**statement, "Condition": prefix}), OF)
        assert result.policies[0].not_checked.condition_keys == ()


RESOURCES = [  # actions, resource, code of the error; "" for accepted, None: not checked
    ([LISTING], "obs:*:*:bucket:a", ""),
    ([LISTING, PUTTING], "OBS:*:*:object:my-bucket/my-object/*", ""),
    ([LISTING], f"obs:*:{'0123456789abcdef' * 2}:*:*", ""),
    ([QUEUE], "DLI:*:*:queue:queues.*", ""),
    (["dms:instance:get"], "DMS:*:*:rocketmq:*", ""),
    (["kms:cmk:get"], "KMS:*:*:KeyId:0123", ""),
    ([INSTANCES], "DDS:*:*:instanceName:a", ""),
    ([FUNCTIONS], "FUNCTIONGRAPH:*:*:function:a", ""),
    ([INSTANCES], "DDS:*:*:function:a", None),
    ([FUNCTIONS], "FUNCTIONGRAPH:*:*:KeyId:a", None),
    ([LISTING, QUEUE], "obs:*:*:bucket:a", ""),
    ([LISTING], 'obs:*:*:bucket:a<b{}"', "IAM.1047"),
    ([LISTING], "obs:*:*:object:a/b:c", "IAM.1047"),
    ([LISTING], "obs:*:*:frob:a", "IAM.1046"),
    ([LISTING], "obs:*:*:frob", "IAM.1046"),
    ([QUEUE], "dli:*:*:frob:a", "IAM.1046"),
    ([LISTING], "obs::*:bucket:a", "IAM.1043"),
    ([LISTING], "zzz:*:*:bucket:a", None),
    (["kms:cmk:get"], "kms:*:*:frob:a", None),
    (["dms:instance:get"], "dms:*:*:frob:a", None),
    ([LISTING], "obs:nowhere:*:bucket:a", None),
    ([LISTING], "obs:eu-de:*:bucket:a", None),
    ([LISTING], "obs:*:anna:bucket:a", None),
    ([LISTING], "obs:*:*:BUCKET:a", None),
    ([LISTING], "obs:*:*:buck*:a", None),
    ([LISTING], "Obs:*:*:bucket:a", None),
    ([LISTING], "*:*:*:bucket:a", None),
    ([LISTING], "obs:*:*:bucket", None),
    ([LISTING], "obs:*:*:bucket:", None),
    ([QUEUE], "dli:*:*:queue:a<b", None),
    ([LIST], "obs:*:*:bucket:a", None),
    ([LIST, LISTING], "obs:*:*:bucket:a", None),
    ([QUEUE], "obs:*:*:bucket:a", None),
]


def test_resource_is_accepted_as_the_manuals_list_it():
    for actions, uri, code in RESOURCES:
        text = policy(allow(*actions, Resource=[uri]))

        expected = ("not checked", (uri,)) if code is None else ("refused", (code,)) if code else ("accepted", ())
        assert (uri, state(text)) == (uri, expected)


def test_refused_resource_does_not_count_as_not_checked():
    """Of a service whose resources no manual lists as well."""
    faulty = {
        "IAM.1041": ["", " ", "zzz:*:*:bucket:a b", "zzz:*:*:bucket:a\tb"],
        "IAM.1042": ["zzz:*:*:bucket:" + "a" * 1486],
        "IAM.1043": ["zzz", "zzz::*:bucket:a"],
        "IAM.1044": ["zzz:eu/de:*:bucket:a"],
        "IAM.1045": [":*:*:bucket:a", "z.z:*:*:bucket:a"],
        "IAM.1046": ["zzz:*", "zzz:*:*", "zzz:*:*::a", "zzz:*:*:a/b:a"],
        "IAM.1047": ["zzz:*:*:bucket:\u0007"],
    }
    paths = {
        "IAM.1041": ["", "/iam/agencies/a b"],
        "IAM.1042": ["/iam/agencies/" + "a" * 1487],
        "IAM.1047": ["/iam/agencies/\u0007"],
    }
    cases = [(code, [uri]) for code, texts in faulty.items() for uri in texts]
    cases += [(code, {"uri": [uri]}) for code, texts in paths.items() for uri in texts]
    for code, resource in cases:
        text = policy(allow(LISTING, Resource=resource))
        assert (resource, state(text)) == (resource, ("refused", (code,)))
        assert (resource, checked(text, OF).policies[0].not_checked.resources) == (resource, ())
    for uri in ("zzz:*:*:bucket:" + "a" * 1485, "zzz:*:*:bucket"):
        assert state(policy(allow(LISTING, Resource=[uri]))) == ("not checked", (uri,))


def test_resource_object_is_that_of_an_agency():
    def of_agency(uri, *actions):
        return state(policy(allow(*actions, Resource={"uri": [uri]})))

    uri = "/iam/agencies/07805acaba800fdd4fbdc00b8f888c7c"
    assert of_agency(uri, AGENCY) == ("accepted", ())
    assert of_agency(uri, LIST) == ("not checked", (uri,))
    assert of_agency(f"/iam/agencies/{'a' * 114}", AGENCY) == ("accepted", ())
    assert of_agency(f"/iam/agencies/{'a' * 115}", AGENCY) == ("not checked", (f"/iam/agencies/{'a' * 115}",))
    assert of_agency("OBS:*:*:bucket:a", AGENCY) == ("not checked", ("OBS:*:*:bucket:a",))
    assert of_agency("/iam/agencies/a b", AGENCY) == ("refused", ("IAM.1041",))


def test_key_of_a_role_is_accepted_if_a_manual_lists_it():
    answered = ["id", "name", "domain_id", "references", "catalog", "description_cn", "links", "created_time"]
    assert state(role(**dict.fromkeys(answered, "x"))) == ("accepted", ())
    for key in ("foo", "Type", "Policy", "DISPLAY_NAME"):
        assert state(role(**{key: "x"})) == ("not checked", (key,))
        assert ("PB058", key) in found(role(**{key: "x"}), OF)


def test_second_spelling_of_a_role_key_is_not_checked():
    """The first one can become “type”, and IAM.1059 names it."""
    text = json.dumps({"display_name": "a", "Type": "XA", "TYPE": "AX", "policy": {"Version": "1.1", "Statement": []}})

    assert checked(text, OF).policies[0].not_checked.role_keys == ("TYPE",)


def test_name_and_description_are_accepted_with_the_characters_of_published_examples():
    for name in ("IAMCloudServicePolicy", "custom_role", "my-custom-policy", "n" * 64):
        assert state(policy(allow(LIST)), name=name) == ("accepted", ())
    for name in ('a<>/"', "Lesen-für-alle", "a.b"):
        assert state(policy(allow(LIST)), name=name) == state(role(name=name)) == ("not checked", (name,))
    for name, code in (("a b", "IAM.1001"), ("", "IAM.1001"), ("n" * 65, "IAM.1002"), ("a\u0007<", "IAM.1003")):
        assert state(role(name=name)) == ("refused", (code,))
    for description in ("d" * 257, "ä" * 257):
        assert state(role(description=description)) == ("not checked", (description,))
    assert state(role(description="Vulnerability Scan Service administrator of tasks and reports."))[0] == "accepted"
    assert state(role(description="<b>")) == ("not checked", ("<b>",))
    assert state(role(name="a<", description="<b>")) == ("not checked", ("a<", "<b>"))


def test_empty_list_of_actions_was_not_checked():
    for key, effect in (("Action", "Allow"), ("Action", "Deny"), ("NotAction", "Deny")):
        result = checked(policy(allow(LIST), {"Effect": effect, key: []}))

        assert [each.name for each in result.policies[0].not_checked.actions] == [f"Statement[1].{key}"]
        assert result.outcome is Outcome.UNCHECKED
        assert ("PB010", f"Statement[1].{key}") in found(policy(allow(LIST), {"Effect": effect, key: []}))


def test_no_action_was_checked_where_the_work_was_not_enough():
    names = [f"ecs:*{letter}{number}:*" for letter in "abcd" for number in range(100)]
    result = checked(policy(*(allow(*names[at : at + 100]) for at in range(0, 400, 100)), allow("a:b:c", LIST)))

    assert result.policies[0].gave_up
    assert [each.name for each in result.policies[0].not_checked.actions] == [*names, "a:b:c", LIST]


def test_actions_of_every_key_are_in_the_catalogue():
    names = {name for key in SERVICE_KEYS.values() for name in key.actions}

    assert [name for name in sorted(names) if whole_catalog().action_index.action(name) is None] == []


ACTIONS = [LIST, LISTING, PUTTING, QUEUE, "obs:bucket:*", "ecs:*:*", "zzz:a:b", "ECS:servers:list", "a b", ""]
PIECES = {
    "keys": [key for _, _, key, _, _ in KEYS] + ["g:Foo", "x", "", "obs:\u0007", "g:CurrentTime"],
    "operators": ["StringEquals", "Bool", "NumberLessThan", "DateLessThan", "Null", "ForAnyValue:StringMatch", "Foo"],
    "values": ["a", "true", "5", "2026-01-31T08:00:00Z", "a<b", "ü", "", "\u0007", "n" * 1025, 5],
    "resources": [uri for _, uri, _ in RESOURCES] + ["", "a b", "x", "obs:*:*:bucket:\u0007", 5, "obs:*:*:bucket:ü"],
    "names": ["plain", "a<b", "a b", "", "ü", "n" * 65, "\u0007"],
}


def generated(seed, number):
    random = Random(seed)

    def some(kind, most):
        return [random.choice(PIECES[kind]) for _ in range(random.randint(0, most))]

    def condition():
        return {each: {key: some("values", 2) for key in some("keys", 2)} for each in some("operators", 2)}

    def statement():
        made = {"Effect": "Allow", random.choice(["Action", "Action", "NotAction"]): random.sample(ACTIONS, 2)}
        made |= {"Condition": condition()} if random.random() < 0.6 else {}
        uris = some("resources", 3)
        return made | random.choice([{}, {"Resource": uris}, {"Resource": uris}, {"Resource": {"uri": uris}}])

    for _ in range(number):
        body = {"Version": "1.1", "Statement": [statement() for _ in range(random.randint(1, 3))]}
        yield role(name=random.choice(PIECES["names"]), policy=body)


GLOBAL = ["CurrentTime", "DomainName", "MFAPresent", "MFAAge", "ProjectName", "ServiceName", "UserId", "UserName"]
VALID_KEY = re.compile(
    rf"g:({'|'.join(GLOBAL)})|dms:(ssl|publicIP)|obs:(CurrentTime|EpochTime|SecureTransport|UserAgent|Referer|prefix|"
    "delimiter|max-keys|acl|copy-source|metadata-directive|server-side-encryption|versionId)"
)
VALID_VALUE = re.compile(r"[A-Za-z0-9,./_@#$%&*?-]{1,1024}|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)
VALID_RESOURCE = re.compile(
    r"(obs|OBS|dli|DLI|dms|DMS|kms|KMS):\*:(\*|[0-9a-f]{32}):(bucket|object|queue|kafka|rocketmq|KeyId|\*):"
    r"[A-Za-z0-9_*./\\-]+",
    re.ASCII,
)


def elements(body):
    """Actions, keys and resources: the list that may name one, its nodes, and whether a page lists it as valid."""
    for view in statements(body):
        for each in (*view.actions, *view.not_actions):
            yield "actions", [each.node], OF.action_index.action(each.spelling) is not None
        for use in uses_of(view):
            texts = [node.value for node in use.values if isinstance(node, String)]
            valid = VALID_KEY.fullmatch(use.attribute.value) and all(map(VALID_VALUE.fullmatch, texts))
            yield "condition_keys", [use.attribute, use.values_node, *use.values, use.operator_node], valid
        for node in uris(view):
            yield "resources", [node], isinstance(node, String) and VALID_RESOURCE.fullmatch(node.value)


def unaccounted(result):
    """The elements that no error names, that are in no list of NotChecked, and that no page lists."""
    (only,) = result.policies
    missed = {
        "actions": {each.name for each in only.not_checked.actions},
        "condition_keys": set(only.not_checked.condition_keys),
        "resources": set(only.not_checked.resources),
    }
    errors = {(each.start, each.end) for each in result.findings if each.finding.severity is Severity.ERROR}
    for kind, nodes, valid in elements(only.found.body):
        refused = any((node.start, node.end) in errors for node in nodes)
        listed = isinstance(nodes[0], String) and nodes[0].value in missed[kind]
        if not (valid or refused or listed):
            yield kind, nodes[0]


def test_every_element_is_valid_refused_or_not_checked():
    outcomes = Counter()
    for text in generated(4, examples(2_000)):
        result = checked(text, OF)
        outcomes[result.outcome] += 1
        assert (text, list(unaccounted(result))) == (text, [])

    assert {Outcome.REFUSED, Outcome.UNCHECKED} <= outcomes.keys()


def test_nothing_is_both_refused_and_not_checked():
    """Of a key's errors, those about the key itself. A text in two places can be refused in one of them."""
    for text in generated(5, examples(1_000)):
        result = checked(text, OF)
        (only,) = result.policies
        named = {
            text[each.start : each.end]
            for each in result.findings
            if each.finding.severity is Severity.ERROR and each.start is not None and each.finding.code != "IAM.1055"
        }
        missed = {json.dumps(each) for each in (*only.not_checked.condition_keys, *only.not_checked.resources)}
        assert (text, {each for each in named & missed if text.count(each) == 1}) == (text, set())


def test_accepted_is_only_what_has_no_error_and_nothing_that_was_not_checked():
    for text in (*documents(23, examples(600)), *generated(6, examples(600))):
        result = checked(text)
        errors = [each for each in result.findings if each.finding.severity is Severity.ERROR]
        missed = [each for each in result.policies if each.not_checked or each.gave_up]

        accepted = result.outcome in {Outcome.ACCEPTED, Outcome.CLEAN}
        kept_open = result.outcome is Outcome.OPEN
        assert accepted or kept_open or errors or missed or result.left_out or not result.policies
        assert not (accepted and (errors or missed))
