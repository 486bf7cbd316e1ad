"""Check, compact, split and rules: what they answer about policies of any origin, and what they refuse."""

import json
import random

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from policybuilder.domain.findings import Severity
from policybuilder.domain.jsontext.source import MAX_BYTES, read
from policybuilder.domain.policy.document import MAX_CHARACTERS, MAX_STATEMENTS
from policybuilder.domain.rewriting.shorten import compact_policy
from policybuilder.domain.rewriting.split_by_scope import COMPANION, ENTERPRISE
from policybuilder.domain.rules.check import check
from policybuilder.domain.rules.table import table
from tests.api.caller import Api, details
from tests.api.test_any_input import any_json, any_text, assert_no_fault, known
from tests.api.test_openapi import assert_as_described
from tests.builders import real_catalog
from tests.domain.policy_cases import SYSTEM_POLICIES, allow, deny
from tests.domain.whole_policies import node_of, policies, reached
from tests.laws import tried
from tests.sweeps import sweep

law = tried(60, suppress_health_check=[HealthCheck.function_scoped_fixture])

LIST, GET, NATIVE = "ecs:cloudServers:list", "ecs:cloudServers:get", "ecs:servers:start"
NOTHING_KNOWN = {"verdict": "unknown", "iam_only": [], "varies": [], "unknown": []}
NO_SIZE = {"characters": 0, "statements": 0, "largest_statement": 0}
MARKUP = "<script>alert(1)</script>"
IDS = {"check/": "check_policy", "compact/": "compact_policy", "split/": "split_policy"}


def policy(*statements, **more):
    return {"Version": "1.1", "Statement": list(statements), **more}


def answer(api, address, **body):
    """The answer of a call that succeeds, in the shape that the schema describes."""
    response = api.post(address, body)
    assert response.status_code == 200, response.content
    assert_as_described(IDS[address], response)
    return response.json()


def codes(found):
    return [(finding["code"], finding["place"]) for finding in found["findings"]]


def positions(found):
    return [(finding["line"], finding["column"]) for finding in found["findings"]]


# Check


def test_check_of_a_document_tells_what_is_in_it(api):
    found = answer(api, "check/", policy=policy(allow(LIST, NATIVE)))

    assert found["policy"] == policy(allow(LIST, NATIVE))
    assert codes(found) == [("PB002", "")]
    assert found["repairs"] == []
    assert found["scope"] == {"verdict": "iam_only", "iam_only": [NATIVE], "varies": [], "unknown": []}
    assert found["size"] == {
        "characters": len(json.dumps(policy(allow(LIST, NATIVE)), separators=(",", ":"))),
        "statements": 1,
        "largest_statement": 2,
    }


@pytest.mark.parametrize("name", SYSTEM_POLICIES)
def test_check_answers_what_the_domain_says(api, name):
    text = json.dumps(policy(allow(*SYSTEM_POLICIES[name])), indent=4)
    source = read(text)
    expected = check(real_catalog(), source).findings

    found = answer(api, "check/", text=text)

    assert [(f["code"], f["severity"], f["place"], f["message"], f["hint"]) for f in found["findings"]] == [
        (f.finding.code, f.finding.severity, f.finding.place, f.finding.message, f.finding.hint) for f in expected
    ]
    assert positions(found) == [tuple(source.position(f.start)) for f in expected]


def test_check_gives_places_in_a_text_only(api):
    wrong = policy(allow("ecs:cloudServers:fly"))
    in_text = answer(api, "check/", text=json.dumps(wrong, indent=1))
    in_document = answer(api, "check/", policy=wrong)

    assert codes(in_text) == codes(in_document) == [("IAM.1036", "Statement[0].Action[0]"), ("PB003", "")]
    assert positions(in_text) == [(7, 5), (1, 1)]
    assert all({"line", "column"}.isdisjoint(finding) for finding in in_document["findings"])
    assert {key: in_text[key] for key in ("policy", "scope", "size")} == {
        key: in_document[key] for key in ("policy", "scope", "size")
    }


def test_check_repairs_what_was_pasted_and_tells(api):
    found = answer(
        api, "check/", text="{“Version”: “1.1”,\n“Statement”: [{'Effect': 'Allow', 'Action': ['" + LIST + "',]}]"
    )

    assert found["policy"] == policy(allow(LIST))
    assert codes(found) == []
    assert [(repair["line"], repair["column"]) for repair in found["repairs"]] == [(1, 2), (2, 16), (2, 69), (2, 73)]
    assert {repair["needs_consent"] for repair in found["repairs"]} == {False}


def test_check_takes_a_policy_out_of_what_it_is_wrapped_in(api):
    document = policy(allow(LIST, "ecs:none:none"))
    role = json.dumps({"display_name": "n", "type": "XA", "policy": json.dumps(document)})
    line = f"curl -d '{role}' x"

    found = answer(api, "check/", text=f"Hi,\n\n{line}\n")

    assert found["policy"] == document
    assert [(each["line"], each["column"], each["needs_consent"]) for each in found["repairs"]] == [
        (3, 1, False),
        (3, line.index('"{') + 1, False),
    ]
    unknown = next(each for each in found["findings"] if each["code"] == "IAM.1036")
    assert (unknown["line"], unknown["column"]) == (3, line.index('\\"ecs:none') + 1)


def test_check_proposes_what_is_in_text_that_may_say_something(api):
    found = answer(api, "check/", text=f"not {LIST}:\n{json.dumps(policy(allow(LIST)))}")

    assert (found["policy"], found["proposal"]) == (None, policy(allow(LIST)))
    assert (codes(found), positions(found)) == ([("PB036", "")], [(1, 5)])


# What needs consent: the text, the place of its fault and of the repair, and the document in its likeliest reading.
UNCLEAR = {
    "cut off": (json.dumps(policy(allow(LIST)))[:-4], (1, 88), policy(allow(LIST))),
    "a broken value": (
        json.dumps(policy(allow(LIST, Resource=["Anna|Berg"]))).replace("|", "\n    "),
        (1, 104),
        policy(allow(LIST, Resource=["Anna Berg"])),
    ),
    "a bracket missing in the middle": (
        json.dumps(policy(allow(LIST))).replace("]}]}", "}]}"),
        (1, 88),
        policy(allow(LIST)),
    ),
}


@pytest.mark.parametrize(("text", "place", "proposal"), UNCLEAR.values(), ids=UNCLEAR)
def test_what_can_be_meant_in_several_ways_is_proposed_and_not_adopted(api, text, place, proposal):
    found = answer(api, "check/", text=text)

    assert (found["policy"], found["proposal"]) == (None, proposal)
    assert (codes(found), positions(found)) == ([("PB036", "")], [place])
    assert [(each["line"], each["column"], each["needs_consent"]) for each in found["repairs"]] == [(*place, True)]
    assert (found["scope"], found["size"]) == (NOTHING_KNOWN, NO_SIZE)
    assert answer(api, "check/", policy=found["proposal"])["policy"] == proposal


def test_a_broken_value_is_told_in_both_readings(api):
    text, _, _ = UNCLEAR["a broken value"]

    assert [each["hint"] for each in answer(api, "check/", text=text)["findings"]] == [
        "Write it on one line, as “Anna Berg” or “AnnaBerg”."
    ]


def test_certain_repairs_are_told_beside_the_one_that_needs_consent(api):
    text = json.dumps(policy(allow(LIST)))[:-4].replace('"Effect"', "'Effect'")

    found = answer(api, "check/", text=text)

    assert [each["needs_consent"] for each in found["repairs"]] == [False, True]
    assert found["proposal"] == policy(allow(LIST))


@pytest.mark.parametrize(
    "text",
    ['{"Version": "1.1"} x', '{"a": [1}, @', '[{"Version": "1.1"}, {}', "[[]", json.dumps(policy(allow(LIST)))[:-6]],
)
def test_where_no_policy_is_likely_there_is_no_proposal(api, text):
    found = answer(api, "check/", text=text)

    assert (found["policy"], found["proposal"]) == (None, None)


def test_nothing_is_proposed_for_what_is_read(api):
    assert answer(api, "check/", text=json.dumps(policy(allow(LIST)))[:-1])["proposal"] is None
    assert answer(api, "check/", policy=policy(allow(LIST)))["proposal"] is None


@pytest.mark.parametrize(
    ("labels", "place"),
    [({"name": "a b"}, "name"), ({"level": "XX"}, "level"), ({"description": "\x07"}, "description")],
)
@pytest.mark.parametrize("role", [False, True])
def test_what_is_given_beside_the_policy_is_checked_and_has_no_place_in_the_text(api, labels, place, role):
    sent = (
        {"role": {"display_name": "ok", "type": "XA", "policy": policy(allow(LIST))}} if role else policy(allow(LIST))
    )

    beside_text = answer(api, "check/", text=json.dumps(sent), **labels)
    beside_document = answer(api, "check/", policy=sent, **labels)

    assert [place for _, place in codes(beside_text)] == [place]
    assert positions(beside_text) == [(None, None)]
    assert codes(beside_document) == codes(beside_text)
    assert beside_text["policy"] == policy(allow(LIST))


def test_check_of_a_role_looks_at_its_name_and_gives_its_document(api):
    role = {"display_name": "a b", "type": "XA", "policy": policy(allow(LIST))}

    for sent in (role, {"role": role}, {"roles": [role]}):
        found = answer(api, "check/", policy=sent)
        assert (found["policy"], codes(found)) == (policy(allow(LIST)), [("IAM.1001", "display_name")])


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"text": "Allow everything"}, "PB036"),
        ({"text": ""}, "PB036"),
        ({"text": "[]"}, "PB036"),
        ({"text": "5"}, "IAM.1020"),
        ({"text": "[5]"}, "IAM.1020"),
        ({"text": "[" * 1000}, "PB036"),
        ({"text": '{"Statement": \x00}'}, "PB036"),
        ({"text": " " * (MAX_BYTES + 1)}, "IAM.1101"),
        ({"policy": {"x": "x" * MAX_BYTES}}, "IAM.1101"),
        ({"policy": {"role": {"display_name": "a", "type": "XA"}}}, "IAM.1020"),
        ({"policy": {"role": {"display_name": "a", "type": "XA", "policy": 5}}}, "IAM.1020"),
    ],
)
def test_what_is_no_policy_is_a_finding_and_nothing_is_known_of_it(api, body, code):
    found = answer(api, "check/", **body)

    assert found["policy"] is None
    assert code in [code for code, _ in codes(found)]
    assert (found["scope"], found["size"]) == (NOTHING_KNOWN, NO_SIZE)


def test_check_of_many_faults_is_bounded(api):
    found = answer(api, "check/", policy=policy(*(allow("ecs:cloudServers:fly") for _ in range(600))))

    assert 200 <= len(found["findings"]) <= 203
    assert found["size"]["statements"] == 600


def test_numbers_in_a_policy_stay_what_they_are(api):
    odd = policy(allow(LIST), x=[1, 1.5, -0.25, 10**30, True, None])

    assert answer(api, "check/", policy=odd)["policy"] == odd
    assert answer(api, "compact/", policy=odd)["policy"] == odd


# Compact


def test_compact_answers_what_the_domain_says(api):
    sent = policy(allow(*SYSTEM_POLICIES["ECS CommonOperations"]), deny(GET), deny(LIST, "x:y:z"))
    expected = compact_policy(real_catalog(), node_of(sent))

    found = answer(api, "compact/", policy=sent)

    assert reached(real_catalog(), node_of(found["policy"]), of=node_of(sent)) == reached(
        real_catalog(), node_of(sent), of=node_of(sent)
    )
    assert found["after"]["characters"] == len(json.dumps(found["policy"], separators=(",", ":")))
    assert found["before"]["characters"] == len(json.dumps(sent, separators=(",", ":")))
    assert (found["before"]["statements"], found["after"]["statements"]) == (3, 2)
    assert found["after"]["characters"] == expected.after.characters < found["before"]["characters"]


def test_compact_gives_back_what_cannot_be_shorter(api):
    sent = policy(allow("ecs:*:*", Condition={"Bool": {"g:MFAPresent": ["true"]}}), {"Effect": "Deny", "NotAction": []})
    found = answer(api, "compact/", policy=sent)

    assert found["policy"] == sent
    assert found["before"] == found["after"]


def test_compact_takes_a_role_and_gives_its_document(api):
    role = {"display_name": "ok", "type": "XA", "policy": policy(allow(LIST), allow(GET))}

    assert answer(api, "compact/", policy={"role": role})["policy"] == policy(allow(GET, LIST))


# Split


def test_split_by_limits_gives_policies_that_iam_takes(api):
    names = [f"ecs:cloudServers:action{at:03}" for at in range(300)]
    parts = answer(api, "split/", policy=policy(allow(*names)), by="limits")["policies"]

    assert [part["purpose"] for part in parts] == [
        f"Part {at} of {len(parts)}: ecs." for at in range(1, len(parts) + 1)
    ]
    assert [name for part in parts for each in part["policy"]["Statement"] for name in each["Action"]] == names
    for part in parts:
        characters = len(json.dumps(part["policy"], separators=(",", ":")))
        assert part["size"]["characters"] == characters <= MAX_CHARACTERS
        assert part["size"]["statements"] == len(part["policy"]["Statement"]) <= MAX_STATEMENTS
        assert part["scope"]["verdict"] == "unknown"


def test_split_by_scope_gives_a_part_for_enterprise_projects_and_its_companion(api):
    sent = policy(allow("ecs:*:*"), deny("ecs:*:delete*"))
    enterprise, companion = answer(api, "split/", policy=sent, by="scope")["policies"]
    bodies = [node_of(part["policy"]) for part in (enterprise, companion)]

    assert [enterprise["purpose"], companion["purpose"]] == [ENTERPRISE, COMPANION]
    assert enterprise["scope"]["verdict"] == "iam_and_enterprise"
    assert companion["scope"]["verdict"] == "iam_only"
    assert reached(real_catalog(), *bodies, of=node_of(sent)) == reached(
        real_catalog(), node_of(sent), of=node_of(sent)
    )


@pytest.mark.parametrize("by", ["limits", "scope"])
def test_split_of_a_policy_that_needs_none_gives_it_back(api, by):
    (only,) = answer(api, "split/", policy=policy(allow(LIST), x=5), by=by)["policies"]

    assert only["policy"] == policy(allow(LIST), x=5)


# Rules


def test_rules_are_those_of_the_check(api):
    found = api.get("rules/").json()

    assert [tuple(rule.values()) for rule in found] == [
        (entry.code, entry.severity, entry.title, entry.source, entry.note) for entry in table()
    ]
    assert {rule["severity"] for rule in found} == {*map(str, Severity), None}


# Several policies, and what is read of a text only


def test_repair_belongs_to_its_policy_in_a_mail_too(api):
    first = json.dumps(policy(allow(LIST))).replace("]", ",]", 1)
    text = f"{'Hello, ' * 40}\n\n{first}\n{json.dumps(policy(allow(LIST)))}\n"

    found = answer(api, "check/", text=text)["policies"]

    assert ["Removed the comma before ]." in [r["message"] for r in each["repairs"]] for each in found] == [True, False]


def test_each_of_several_policies_has_an_answer_of_its_own(api):
    role = {"display_name": "second", "type": "XA", "policy": policy(allow("ecs:cloudServers:nothing"))}
    first = json.dumps(policy(allow(LIST))).replace("]}]}", "],}]}")

    found = answer(api, "check/", text=f"{first}\n{json.dumps(role)}")

    assert list(found) == ["policies"]
    assert [each["name"] for each in found["policies"]] == [None, "second"]
    assert [each["policy"] for each in found["policies"]] == [policy(allow(LIST)), role["policy"]]
    assert [
        [(f["code"], f["line"]) for f in each["findings"] if f["severity"] == "error"] for each in found["policies"]
    ] == [
        [],
        [("IAM.1036", 2)],
    ]
    assert [[repair["message"][:18] for repair in each["repairs"]] for each in found["policies"]] == [
        ["Removed the comma "],
        ["Made a list of the"],
    ]
    single = answer(api, "check/", text=json.dumps(policy(allow(LIST))))
    assert {*found["policies"][0]} == {*single, "name"}
    listed = answer(api, "check/", policy={"roles": [role, role]})
    assert [(each["name"], each["repairs"]) for each in listed["policies"]] == [("second", [])] * 2


def test_a_document_is_read_as_it_stands_and_a_text_as_people_paste_it(api):
    both = policy(allow(f"{LIST} {LIST}"))

    sent, pasted = answer(api, "check/", policy=both), answer(api, "check/", text=json.dumps(both))

    assert (sent["policy"], sent["repairs"]) == (both, [])
    assert "IAM.1035" in [finding["code"] for finding in sent["findings"]]
    assert pasted["policy"] == policy(allow(LIST, LIST))
    assert [repair["message"] for repair in pasted["repairs"]] == [
        f"Wrote each action of a text in quotes of its own: {LIST}, {LIST}."
    ]


# What is refused


@sweep(
    ("address", "body", "wrong"),
    [
        ("check/", {}, [("", "required")]),
        ("check/", {"name": "a"}, [("", "required")]),
        ("check/", {"policy": {}, "text": "{}"}, [("", "one_of_two")]),
        ("check/", {"policy": {}, "text": None}, [("text", "wrong_type")]),
        ("check/", {"policy": []}, [("policy", "wrong_type")]),
        ("check/", {"policy": None}, [("policy", "wrong_type")]),
        ("check/", {"policy": "{}"}, [("policy", "wrong_type")]),
        ("check/", {"text": {}}, [("text", "wrong_type")]),
        ("check/", {"text": "{}", "name": 5, "level": None}, [("name", "wrong_type"), ("level", "wrong_type")]),
        ("check/", {"text": "{}", "polcy": {}}, [("polcy", "unknown_key")]),
        ("compact/", {}, [("policy", "required")]),
        ("compact/", {"text": "{}"}, [("text", "unknown_key"), ("policy", "required")]),
        ("compact/", {"policy": 5}, [("policy", "wrong_type")]),
        ("compact/", {"policy": {}}, [("policy", "no_statements")]),
        ("compact/", {"policy": {"Statement": {}}}, [("policy", "no_statements")]),
        ("compact/", {"policy": {"role": {"display_name": "a"}}}, [("policy", "no_statements")]),
        ("compact/", {"policy": {"roles": []}}, [("policy", "no_statements")]),
        ("compact/", {"policy": {"roles": [{}, {}]}}, [("policy", "several_policies")]),
        ("compact/", {"policy": {"Statement": ["x" * MAX_BYTES]}}, [("policy", "unreadable")]),
        ("split/", {"policy": policy()}, [("by", "required")]),
        ("split/", {"policy": policy(), "by": "Limits"}, [("by", "unknown_value")]),
        ("split/", {"policy": policy(), "by": ["limits"]}, [("by", "wrong_type")]),
        ("split/", {"policy": {}, "by": "scope"}, [("policy", "no_statements")]),
    ],
)
def test_wrong_body_is_refused_with_its_place(api, address, body, wrong):
    response = api.post(address, body)

    assert (response.status_code, response.json()["error"]["code"]) == (400, "invalid_input")
    assert sorted(details(response)) == sorted(wrong)
    assert_as_described(IDS[address], response)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "-1e400", "9" * 5000])
@pytest.mark.parametrize("address", IDS)
def test_number_that_is_none_is_malformed(api, address, number):
    response = api.post(address, f'{{"policy": {{"Statement": [{number}]}}, "by": "scope"}}'.encode())

    assert (response.status_code, response.json()["error"]["code"]) == (400, "malformed_json")


KNOWN = list(real_catalog().action_index.actions)
CHOSEN = random.Random(7)
HOSTILE = {
    "lone surrogates": policy(allow("\ud800", LIST, **{"\udfff": "\ud83d"})),
    "lone surrogates in a condition": policy(allow(LIST, Condition={"\ud800": {"\ud801": ["\ud802"]}})),
    "control characters": policy(allow("\x00\x07\x1b[0m", LIST, Condition={"\x00": {"\r\n": ["\u2028"]}})),
    "markup": policy(allow(MARKUP, LIST, **{MARKUP: MARKUP}), {"Effect": MARKUP, "Action": [MARKUP]}),
    "a thousand statements": policy(*(allow(LIST) for _ in range(600)), *(5 for _ in range(400))),
    "a thousand kinds": policy(*({"Effect": "Deny", "NotAction": [str(at)]} for at in range(700))),
    "many actions": policy(allow(*(f"ecs:x:{at}" for at in range(2_000)))),
    "many wildcards": policy(allow(*(f"ecs:*{at}*:*" for at in range(1_800)))),
    "wildcards of all": policy(*(allow("*:*:*", Resource=[str(at)]) for at in range(400))),
    "any known": policy(*(allow(*CHOSEN.sample(KNOWN, 40), Resource=[str(at)]) for at in range(15))),
    "a megabyte": policy(allow("x" * 200_000)),
    "another megabyte": {"x" * 200_000: 1},
    "deep": {"Statement": [json.loads("[" * 60 + "]" * 60)]},
    "long numbers": policy(allow(LIST), x=10**4000, y=1e300),
}


@sweep("case", HOSTILE)
@sweep(
    ("address", "more"), [("check/", {}), ("compact/", {}), ("split/", {"by": "limits"}), ("split/", {"by": "scope"})]
)
def test_hostile_policy_is_answered_in_the_described_shape(api, case, address, more):
    sent = HOSTILE[case]
    response = api.post(address, {"policy": sent} | more)

    assert response.status_code in (200, 400)
    assert_as_described(IDS[address], response)
    if address == "check/":
        assert response.json().get("policy") in (None, sent)


@sweep("depth", [10, 31, 32, 33, 100, 500, 900, 990, 2_000, 20_000, 100_000])
@sweep("address", IDS)
def test_deep_nesting_is_answered_or_refused(api, address, depth):
    deep = f'{{"policy": {{"Statement": {"[" * depth}{"]" * depth}}}}}'.encode()
    if address == "split/":
        deep = deep[:-1] + b', "by": "limits"}'

    response = api.post(address, deep)

    assert response.status_code in (200, 400)
    assert_as_described(IDS[address], response)
    assert api.post("check/", {"text": deep.decode()[:MAX_BYTES]}).status_code == 200


@pytest.mark.parametrize("address", IDS)
def test_body_of_a_megabyte_is_too_large(api, address):
    response = api.post(address, {"text": "x" * 1_000_000})

    assert (response.status_code, response.json()["error"]["code"]) == (413, "too_large")


@pytest.mark.parametrize(
    "body",
    [
        rb'{"policy": {"Version": "\ud800", "Statement": []}}',
        rb'{"policy": {"\udfff": "1.1", "Statement": []}}',
        rb'{"text": "{\"Version\": \"\ud83d\"}", "name": "\ud83d", "level": "\ud83d", "description": "\ud83d"}',
    ],
)
def test_half_of_a_character_is_a_finding(api, body):
    response = api.post("check/", body)

    assert response.status_code == 200
    assert [finding["code"] for finding in response.json()["findings"]] == ["PB036"]
    assert response.json()["policy"] is None
    assert response.content.decode("utf-8")


def test_messages_are_readable_where_nothing_has_to_be_escaped(api):
    assert "“ecs:x:y”" in api.post("check/", {"policy": policy(allow("ecs:x:y"))}).content.decode()


texts = any_text | st.sampled_from([json.dumps(policy(allow(LIST))), "{", "[" * 40, "```json\n{}\n```", "“"])
bodies = st.fixed_dictionaries(
    {},
    optional={
        "policy": policies(real_catalog()) | any_json,
        "text": texts | any_json,
        "name": any_text | any_json,
        "description": any_text,
        "level": known | any_text,
        "by": st.sampled_from(["limits", "scope"]) | any_json,
    },
)


@law
@given(address=st.sampled_from([*IDS]), body=any_json | bodies)
def test_any_json_is_answered_or_refused(address, body):
    response = Api().post(address, json.dumps(body).encode())

    assert_no_fault(response)
    assert_as_described(IDS[address], response)


@law
@given(text=texts | st.builds("{}{}".format, texts, texts), name=any_text)
def test_any_text_is_checked(text, name):
    response = Api().post("check/", {"text": text, "name": name})

    assert response.status_code in (200, 400)
    assert_as_described("check_policy", response)


@law
@given(sent=policies(real_catalog()), by=st.sampled_from(["limits", "scope"]))
def test_whatever_is_answered_means_what_was_sent(sent, by):
    before = reached(real_catalog(), node_of(sent), of=node_of(sent))
    shorter = answer(Api(), "compact/", policy=sent)["policy"]
    parts = answer(Api(), "split/", policy=sent, by=by)["policies"]

    assert answer(Api(), "check/", policy=sent)["policy"] == sent
    assert reached(real_catalog(), node_of(shorter), of=node_of(sent)) == before
    assert reached(real_catalog(), *(node_of(part["policy"]) for part in parts), of=node_of(sent)) == before
