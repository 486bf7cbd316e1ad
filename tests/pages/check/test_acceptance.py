"""Where the page says that IAM accepts a policy, and what the API reports for the same text."""

import json
from random import Random

from policybuilder.pages.check import verdict
from tests.domain.policy_cases import allow, policy, role, where
from tests.domain.policy_mutations import documents
from tests.laws import examples
from tests.pages.tab import HTMX, parse, texts, words

LIST = "ecs:cloudServers:list"
NONE = {"actions": [], "condition_keys": [], "resources": [], "name": []}
FOUND = f"N{verdict.UNCHECKED[1:].format(unchecked='')}not checked: "


def headline(visitor, text):
    page = parse(visitor.post("/check/", {"text": text, "do": "check"}, headers=HTMX))
    return words(page.find(id="headline"))


def answer(visitor, text):
    response = visitor.post("/api/v1/check/", json.dumps({"text": text}), "application/json")
    assert response.status_code == 200
    return response.json()


def listed(**operators):
    return policy({**where(**operators), "Action": [LIST]})


def resource(*uris):
    return policy(allow(LIST, Resource=list(uris)))


NOT_CHECKED = [
    (listed(StringEquals={"ecs:foo": ["a"]}), "1 condition key", {"condition_keys": ["ecs:foo"]}),
    (listed(StringEquals={"obs:prefix": ["a"]}), "1 condition key", {"condition_keys": ["obs:prefix"]}),
    (resource("zzz:*:*:bucket:a"), "1 resource", {"resources": ["zzz:*:*:bucket:a"]}),
    (resource("kms:*:*:frob:a", "kms:*:*:frob:b"), "2 resources", {"resources": ["kms:*:*:frob:a", "kms:*:*:frob:b"]}),
    (resource("obs:nowhere:*:bucket:a"), "1 resource", {"resources": ["obs:nowhere:*:bucket:a"]}),
    (policy(allow(LIST), allow()), "1 empty action list", {"actions": ["Statement[1].Action"]}),
    (
        policy(allow(LIST, Resource=["zzz:*:*:a:b"], Condition={"Bool": {"ecs:a": ["true"], "ecs:b": ["true"]}})),
        "2 condition keys, 1 resource",
        {"condition_keys": ["ecs:a", "ecs:b"], "resources": ["zzz:*:*:a:b"]},
    ),
    (
        role(name='a<>/"', policy={"Version": "1.1", "Statement": [allow(LIST)]}),
        "1 name",
        {"name": ['a<>/"']},
    ),
]


def test_what_was_not_checked_is_counted_on_the_page_and_listed_in_the_api(visitor):
    for text, counts, lists in NOT_CHECKED:
        said = headline(visitor, text)

        assert (text, said.partition(" (")[0]) == (text, FOUND + counts)
        assert answer(visitor, text)["not_checked"] == NONE | lists


def test_characters_and_types_that_the_manual_of_obs_rules_out_are_refused(visitor):
    for uri, code in (('obs:*:*:bucket:a<b{}"', "IAM.1047"), ("obs:*:*:frob:a", "IAM.1046")):
        assert headline(visitor, resource(uri)).startswith(verdict.REFUSED)
        assert code in [each["code"] for each in answer(visitor, resource(uri))["findings"]]


def test_a_name_of_plain_characters_is_accepted(visitor):
    text = role(policy={"Version": "1.1", "Statement": [allow(LIST)]})

    assert headline(visitor, text) == f"{verdict.ACCEPTED}: {verdict.CLEAN}"
    assert answer(visitor, text)["not_checked"] == NONE


CONDITIONS = [
    *[
        {"StringEquals": {"g:UserName": ["anna"]}},
        {"Bool": {"g:MFAPresent": ["true"]}},
        {"Null": {"g:UserId": ["true"]}},
    ],
    *[{"StringEquals": {"ecs:foo": ["a"]}}, {"StringEquals": {"g:UserName": ["a<b"]}}, {"Bool": {"g:username": ["a"]}}],
]
STATEMENTS = [
    *[allow(LIST), allow("ecs:cloudServers:list*"), allow("ecs:*:get"), {"Effect": "Deny", "NotAction": [LIST]}] * 2,
    *[allow(LIST, Condition=condition) for condition in CONDITIONS],
    *[{"Effect": "Deny", "Action": ["ecs:cloudServers:delete"]}, allow("vpc:*:get"), allow("ecs:foo:bar"), allow()],
    *[allow(LIST, Resource=[uri]) for uri in ("zzz:*:*:a:b", "OBS:*:*:bucket:a", "x")],
]


def nearly_valid(seed, number):
    random = Random(seed)
    for _ in range(number):
        body = {"Version": "1.1", "Statement": random.choices(STATEMENTS, k=random.randint(1, 2))}
        named = role(name=random.choice(["plain", "plain", "a<b", "a b"]), policy=body)
        yield random.choice([policy(*body["Statement"]), named, f"[{named}, {policy(allow(LIST))}]"])


def test_headline_says_accepts_where_the_api_has_no_error_and_empty_lists(visitor):
    """Of several policies: where it is so of each."""
    seen = set()
    for text in (*nearly_valid(3, examples(150)), *documents(7, examples(50))):
        found = answer(visitor, text)
        policies = found.get("policies", [found])
        if not text.strip() or any(each["repairs"] for each in policies):
            continue  # the API refuses a likely reading that the page asks about, and the page says how to begin
        accepted = [
            not any(each["severity"] == "error" for each in one["findings"]) and not any(one["not_checked"].values())
            for one in policies
        ]
        page = parse(visitor.post("/check/", {"text": text, "do": "check"}, headers=HTMX))

        assert (text, words(page.find(id="headline")).startswith("IAM accepts")) == (text, all(accepted))
        cards = texts(page, ".card-outcome") or [""]
        claimed = [at for at, said in enumerate(cards) if "IAM accepts" in said]
        assert (text, [at for at in claimed if not accepted[at]]) == (text, [])
        seen.add(all(accepted))

    assert seen == {True, False}
