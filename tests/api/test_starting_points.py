"""The system-defined policies and the templates: what is answered fits what compile and check say of the same."""

import pytest
import yaml

from policybuilder.catalog_files.judged_starting_points import starting_tasks
from policybuilder.catalog_files.starting_points import system_policies
from policybuilder.domain.access.evaluation import Project
from tests.api.caller import details
from tests.api.test_openapi import assert_as_described
from tests.builders import ECS, real_catalog

LOCKING = "ecs/ecs-status-management/locking-an-ecs-native"


def answer(api, address, id_):
    response = api.get(address)
    assert response.status_code == 200, response.content
    assert_as_described(id_, response)
    return response.json()


def listed(api, query=""):
    found = answer(api, f"templates/{query}", "list_templates")
    return [(entry["slug"], entry["project"]) for entry in found]


def test_system_policies_are_listed_as_published(api):
    found = answer(api, "system-policies/", "list_system_policies")

    assert [(entry["slug"], entry["name"], entry["kind"], entry["policy"]) for entry in found] == [
        (policy.slug, policy.name, policy.kind, policy.data) for policy in system_policies()
    ]
    assert answer(api, "system-policies/?slug=guest", "list_system_policies") == [
        entry for entry in found if entry["slug"] == "guest"
    ]
    assert found[0]["source"] == {
        "title": "Open Telekom Cloud, ECS User Guide: Permissions",
        "url": "https://docs.otc.t-systems.com/elastic-cloud-server/umn/service_overview/permissions.html",
        "date": "2026-07-02",
    }


def test_system_policies_are_judged_as_check_does(api):
    for entry in answer(api, "system-policies/", "list_system_policies"):
        checked = api.post("check/", {"policy": entry["policy"]}).json()
        assert entry["size"] == checked["size"]
        assert entry["scope"] in (None, checked["scope"])


def test_nothing_is_said_of_roles_of_the_older_form(api):
    for entry in answer(api, "system-policies/", "list_system_policies"):
        silent = (entry["scope"], entry["operation_count"]) == (None, None)
        assert silent == bool(entry["not_judged"]) == (entry["policy"]["Version"] == "1.0" or "apig" in entry["slug"])


def test_system_policies_tell_how_many_operations_they_allow(api):
    found = answer(api, "system-policies/", "list_system_policies")
    counts = {entry["slug"]: entry["operation_count"] for entry in found}

    for entry in found[:4]:
        compiled = api.compile(actions=entry["policy"]["Statement"][0]["Action"][:1])
        assert len(compiled["operations"]["also_allowed"]) <= counts[entry["slug"]] <= 91
    assert counts["ecs-readonlyaccess"] < counts["ecs-commonoperations"] < counts["ecs-fullaccess"]


def test_templates_are_what_compile_makes_of_their_operations(api):
    for entry in answer(api, "templates/", "list_templates"):
        compiled = api.compile(operations=entry["operations"], options=entry["options"])
        assert entry["policy"] == compiled["policy"]
        assert entry["action_count"] == len(compiled["actions"])
        assert entry["verdict"] == compiled["scope"]["verdict"]


def test_every_task_is_listed_with_its_projects(api):
    known = starting_tasks(real_catalog())
    expected = [(template.slug, variant.project) for template in known for variant in template.variants]

    assert listed(api) == expected
    assert listed(api, "?project=iam_project") == [entry for entry in expected if entry[1] == Project.IAM]
    assert listed(api, "?slug=manage-disks") == [
        ("manage-disks", "iam_project"),
        ("manage-disks", "enterprise_project"),
    ]
    assert listed(api, "?slug=lock-servers&project=enterprise_project") == []


def test_service_can_be_asked_for_as_a_whole(api):
    reading, enterprise = answer(api, "templates/?slug=ecs-read", "list_templates")

    assert (reading["title"], reading["project"]) == ("Read ECS", "iam_project")
    assert set(enterprise["operations"]) < set(reading["operations"])
    assert (
        len(answer(api, "templates/?slug=ecs-everything&project=iam_project", "list_templates")[0]["operations"]) == 91
    )


def test_task_without_a_policy_for_enterprise_projects_says_why(api):
    (entry,) = answer(api, "templates/?slug=lock-servers", "list_templates")

    assert entry["impossible_in_enterprise_projects"].startswith("The operations that lock are native ones")


@pytest.mark.parametrize(
    ("address", "wrong"),
    [
        ("templates/?slug=lock-server", [("slug", "unknown_value")]),
        ("templates/?project=IAM", [("project", "unknown_value")]),
        ("templates/?slug=ecs-write", [("slug", "unknown_value")]),
        ("templates/?x=1", [("x", "unknown_parameter")]),
        ("system-policies/?slug=ecs", [("slug", "unknown_value")]),
        ("system-policies/?x=1", [("x", "unknown_parameter")]),
    ],
)
def test_wrong_parameters_are_refused(api, address, wrong):
    response = api.get(address)

    assert (response.status_code, details(response)) == (400, wrong)


def test_templates_follow_the_catalogue(api, settings, tmp_path):
    assert ("lock-servers", "iam_project") in listed(api)

    services = yaml.safe_load(ECS.read_text())
    for category in services["categories"]:
        category["operations"] = [row for row in category["operations"] if row["operation"] not in LOCKING]
    settings.CATALOGUE = tmp_path / "ecs.yaml"
    settings.CATALOGUE.write_text(yaml.safe_dump(services))

    assert ("lock-servers", "iam_project") not in listed(api)
    assert details(api.get("templates/?slug=lock-servers")) == [("slug", "unknown_value")]


def test_templates_are_there_beside_other_services(api, ecs_and_other_services):
    before = listed(api)
    ecs_and_other_services()

    assert listed(api) == before
