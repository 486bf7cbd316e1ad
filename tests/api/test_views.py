"""What the endpoints answer about the shipped catalogue and about selections of it."""

import json
from dataclasses import replace

import pytest

from policybuilder.answers import catalog as entries
from policybuilder.domain.building.compiler import compile_selection
from policybuilder.domain.building.selection import Dependencies, Selection
from policybuilder.domain.policy.document import Effect, to_data
from tests.builders import catalog_of_services, category, operation, real_catalog, service

CREATING = "ecs/lifecycle-management/creating-ecss-pay-per-use"
DELETING = "ecs/lifecycle-management/deleting-ecss"
ATTACHING = "ecs/disk-management/attaching-a-disk-to-an-ecs"
STARTING = "ecs/ecs-status-management/starting-an-ecs-native"
LOCKING = "ecs/ecs-status-management/locking-an-ecs-native"


def ids(response):
    return [entry["id"] for entry in response.json()["results"]]


def names(response):
    return [entry["name"] for entry in response.json()["results"]]


def test_services_count_what_they_hold(api):
    counts = {service["slug"]: service["counts"] for service in api.get("services/").json()}

    nothing = {"categories": 0, "operations": 0, "actions": 0, "dependencies": 0}
    assert counts == {
        "ecs": {"categories": 17, "operations": 91, "actions": 66, "dependencies": 36},
        "evs": nothing,
        "ims": nothing,
        "vpc": nothing,
    }


def test_categories_come_in_the_vendors_order(api):
    found = api.get("categories/?service=ecs").json()

    assert [(category["slug"], category["operation_count"]) for category in found] == [
        ("lifecycle-management", 11),
        ("ecs-status-management", 11),
        ("batch-operations", 3),
        ("network-management", 1),
        ("image-management", 1),
        ("security-group-management", 3),
        ("specifications-query", 2),
        ("nic-management", 7),
        ("disk-management", 13),
        ("metadata-management", 7),
        ("tenant-quota-management", 3),
        ("ssh-key-management", 4),
        ("password-management", 2),
        ("ecs-group-management", 10),
        ("ecs-management-through-console", 1),
        ("az-management", 1),
        ("tag-management", 11),
    ]


def test_categories_of_a_service_without_any_are_none(api):
    assert api.get("categories/?service=evs").json() == []


def test_operations_are_all_91_in_the_catalogues_order(api):
    first, second = api.get("operations/"), api.get("operations/?page=2")

    assert [first.json()["count"], second.json()["count"]] == [91, 91]
    assert ids(first) + ids(second) == list(real_catalog().operations)


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("service=ecs", lambda o: True),
        ("service=evs", lambda o: False),
        ("category=disk-management", lambda o: o.category == "disk-management"),
        ("service=ecs&category=nic-management", lambda o: o.category == "nic-management"),
        ("access=read", lambda o: o.access == "read"),
        ("access=write&enterprise_project=yes", lambda o: (o.access, o.scope.enterprise_project) == ("write", "yes")),
        ("enterprise_project=no", lambda o: o.scope.enterprise_project == "no"),
        ("enterprise_project=varies", lambda o: False),
        ("action=ecs:cloudServers:attach", lambda o: o.id == ATTACHING),
        ("action=ecs:CLOUDservers:ATTACH", lambda o: o.id == ATTACHING),
        ("action=evs:volumes:use", lambda o: False),
        ("action=*:*:*attach*", lambda o: any("attach" in name.split(":")[2].lower() for name in o.all_actions())),
        ("q=nothing-like-this", lambda o: False),
        ("q=DISC+attahc", lambda o: "disk" in o.title.lower() and "attach" in f"{o.title}{o.actions}".lower()),
        ("q=DISK+attach", lambda o: "disk" in o.title.lower() and "attach" in f"{o.title}{o.actions}".lower()),
        ("service=&category=&q=&action=&access=&enterprise_project=", lambda o: True),
    ],
)
def test_operations_pass_every_filter(api, query, wanted):
    response = api.get(f"operations/?page_size=200&{query}")

    assert ids(response) == [o.id for o in real_catalog().operations.values() if wanted(o)]


def test_search_words_in_calls_must_share_one_call(api):
    found = api.get("operations/?page_size=200&q=POST+/v2.1/{project_id}/servers").json()["results"]

    assert found
    assert all(
        any(call["method"] == "POST" and call["path"].startswith("/v2.1/{project_id}/servers") for call in one["calls"])
        for one in found
    )


def test_operation_shows_the_same_as_the_list(api):
    for listed in api.get("operations/?page_size=200").json()["results"]:
        assert api.get(f"operations/{listed['id']}/").json() == listed


def test_operation_names_the_services_that_publish_it_its_own_first():
    row = operation("vpc/eip/assign", "vpc:eips:assign")
    tables = {slug: replace(service(slug), categories=(category(f"{slug}/eip", row),)) for slug in ("eip", "vpc")}

    assert entries.operation(catalog_of_services(*tables.values()), row)["services"] == ["vpc", "eip"]
    assert entries.operation(catalog_of_services(tables["eip"]), row)["services"] == ["eip"]


def test_actions_are_66_that_authorise_and_36_dependencies(api):
    found = api.get("actions/?page_size=200").json()

    authorising = [action for action in found["results"] if action["operations"]]
    assert (found["count"], len(authorising), found["count"] - len(authorising)) == (102, 66, 36)
    assert {action["name"].partition(":")[0] for action in authorising} == {"ecs"}


def test_actions_of_a_service_are_those_with_its_prefix(api):
    assert names(api.get("actions/?service=ims&page_size=200")) == [
        name for name in real_catalog().action_index.actions if name.startswith("ims:")
    ]


def test_actions_are_searched_by_name_title_and_call(api):
    assert names(api.get("actions/?q=volumes:ATT")) == ["evs:volumes:attach"]
    assert names(api.get("actions/?q=create+disk+SNAPSHOT")) == ["evs:snapshots:create"]
    assert names(api.get('actions/?q=POST+action="os-reserve"')) == ["evs:volumes:attach"]
    assert names(api.get('actions/?q=DELETE+action="os-reserve"')) == []


def test_pages_lead_through_the_whole_list(api):
    seen, address = [], "operations/?category=tag-management&page_size=4"
    while address:
        page = api.get(address).json()
        seen.append([entry["id"] for entry in page["results"]])
        address = page["next"] and page["next"].removeprefix("http://localhost:8000/api/v1/")

    tags = real_catalog().categories["ecs/tag-management"].operations
    assert seen == [[o.id for o in tags[at : at + 4]] for at in (0, 4, 8)]
    assert page["previous"] == "http://localhost:8000/api/v1/operations/?category=tag-management&page_size=4&page=2"


def test_empty_list_has_one_empty_page(api):
    assert api.get("operations/?q=nothing-like-this").json() == {
        "count": 0,
        "next": None,
        "previous": None,
        "results": [],
    }


@pytest.mark.parametrize(
    ("body", "selection", "effect"),
    [
        ({}, Selection(), Effect.ALLOW),
        ({"operations": [ATTACHING]}, Selection(frozenset([ATTACHING])), Effect.ALLOW),
        ({"operations": [CREATING]}, Selection(frozenset([CREATING])), Effect.ALLOW),
        (
            {"operations": [CREATING], "options": {CREATING: []}},
            Selection(
                frozenset([CREATING]),
                options_off=frozenset([(CREATING, "assigning-a-new-eip"), (CREATING, "using-an-existing-eip")]),
            ),
            Effect.ALLOW,
        ),
        (
            {"operations": [CREATING], "options": {CREATING: ["assigning-a-new-eip"]}},
            Selection(frozenset([CREATING]), options_off=frozenset([(CREATING, "using-an-existing-eip")])),
            Effect.ALLOW,
        ),
        (
            {"actions": ["ecs:*:get*", "evs:volumes:get"], "dependencies": "direct"},
            Selection(actions=frozenset(["ecs:*:get*", "evs:volumes:get"])),
            Effect.ALLOW,
        ),
        (
            {"operations": [ATTACHING], "without": ["evs:volumes:use"], "dependencies": "all"},
            Selection(frozenset([ATTACHING]), without=frozenset(["evs:volumes:use"]), dependencies=Dependencies.ALL),
            Effect.ALLOW,
        ),
        ({"actions": ["*:*:*"]}, Selection(actions=frozenset(["*:*:*"])), Effect.ALLOW),
        ({"operations": [ATTACHING], "effect": "Deny"}, Selection(frozenset([ATTACHING])), Effect.DENY),
        (
            {"operations": sorted(real_catalog().operations), "dependencies": "all"},
            Selection(frozenset(real_catalog().operations), dependencies=Dependencies.ALL),
            Effect.ALLOW,
        ),
    ],
)
def test_compile_answers_what_the_domain_says(api, body, selection, effect):
    answer = api.compile(**body)

    policy = compile_selection(real_catalog(), selection, effect)
    assert answer["policy"] == to_data(policy.document)
    assert [(g["action"], g["selected"], tuple(g["needed_by"])) for g in answer["actions"]] == [
        (g.action, g.selected, g.needed_by) for g in policy.grants
    ]
    assert answer["scope"] == {
        "verdict": policy.scope.verdict,
        "iam_only": list(policy.scope.iam_only),
        "varies": list(policy.scope.varies),
        "unknown": list(policy.scope.unknown),
    }
    assert answer["operations"] == {
        "selected": [id_ for id_ in real_catalog().operations if id_ in selection.operations],
        "also_allowed": list(policy.operations.also_allowed),
        "incomplete": [{"id": one.id, "missing": list(one.missing)} for one in policy.operations.incomplete],
    }
    assert answer["size"] == {
        "characters": policy.size.characters,
        "statements": policy.size.statements,
        "largest_statement": policy.size.largest_statement,
    }
    assert [(f["code"], f["severity"], f["place"]) for f in answer["findings"]] == [
        (each.finding.code, each.finding.severity, each.finding.place) for each in policy.findings
    ]


@pytest.mark.parametrize(("effect", "kept"), [("Allow", 1), ("Deny", 0)])
def test_goal_adds_what_has_no_effect_there_and_changes_no_policy(api, effect, kept):
    selection = {"operations": [STARTING, LOCKING, ATTACHING], "actions": ["ecs:*:get*"], "effect": effect}
    plain = api.compile(**selection)
    nothing = {"operations": [], "actions": []}
    assert (plain["goal"], plain["excluded"]) == ("undecided", nothing)

    iam = api.compile(**selection, goal="iam_project")
    assert iam == {**plain, "goal": "iam_project"}

    found = api.compile(**selection, goal="enterprise_project")
    added = ("goal", "excluded", "findings")
    assert {k: v for k, v in found.items() if k not in added} == {k: v for k, v in plain.items() if k not in added}
    assert found["findings"][: len(plain["findings"])] == [f for f in found["findings"] if f["code"] != "PB052"]
    reason = "No support for enterprise projects: inferred from “Huawei Cloud, ECS API Reference: ECS Status Management”."
    rows = [
        {"id": STARTING, "reason": reason, "alternative": "ecs/batch-operations/starting-ecss-in-a-batch"},
        {"id": LOCKING, "reason": reason, "alternative": None},
    ]
    assert found["excluded"]["operations"] == rows * kept
    assert found["excluded"]["actions"] == plain["scope"]["iam_only"] * kept


def test_compile_of_nothing_is_a_policy_that_iam_refuses(api):
    answer = api.compile()

    assert answer["policy"] == {"Version": "1.1", "Statement": []}
    assert [(finding["code"], finding["severity"]) for finding in answer["findings"]] == [("IAM.1028", "error")]


def test_compile_does_not_mind_order_repeats_and_case(api):
    one = api.post("compile/", {"operations": [ATTACHING, DELETING], "actions": ["evs:volumes:get", "ecs:*:list"]})
    other = api.post(
        "compile/",
        {
            "operations": [DELETING, ATTACHING, DELETING],
            "actions": ["ecs:*:list", "evs:VOLUMES:Get", "evs:volumes:get"],
        },
    )

    assert one.content == other.content


def test_compile_gives_a_wildcard_the_scope_of_all_that_it_matches(api):
    answer = api.compile(actions=["evs:volumes:*", "ecs:cloudServers:attach"])

    assert {grant["action"]: grant["scope"] for grant in answer["actions"]} == {
        "evs:volumes:*": {"iam_project": "yes", "enterprise_project": "varies"},
        "ecs:cloudServers:attach": {"iam_project": "yes", "enterprise_project": "yes"},
    }


def test_compile_ignores_a_left_out_action_that_nothing_needs(api):
    assert api.compile(operations=[DELETING], without=["evs:volumes:use"]) == api.compile(operations=[DELETING])


@pytest.mark.parametrize("address", ["services/", "operations/", "actions/", "schema/", "docs/"])
def test_head_is_answered_like_get_without_a_body(api, address):
    response = api.client.head(api.root + address)

    assert (response.status_code, response.content) == (200, b"")


def test_answers_do_not_depend_on_the_accept_header(api):
    for accept in ("text/html", "application/xml", "application/json; indent=4", "nonsense", ""):
        response = api.get("services/", headers={"Accept": accept})
        assert (response.status_code, response["Content-Type"]) == (200, "application/json")
        assert json.loads(response.content)[0]["slug"] == "ecs"


def test_body_may_begin_with_a_byte_order_mark(api):
    assert api.post("compile/", b'\xef\xbb\xbf{"operations": []}').status_code == 200
