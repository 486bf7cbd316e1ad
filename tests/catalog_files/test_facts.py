"""What the shipped catalogue says, counted once more: a slip in 6,000 lines of facts shows here."""

from collections import Counter

import pytest

from policybuilder.domain.catalog.entries import Access, Evidence, Level, Support
from tests.builders import real_catalog
from tests.sweeps import sweep

CATALOG = real_catalog()
ECS = CATALOG.services[0]
OPERATIONS = list(CATALOG.operations.values())

CATEGORIES = {  # in the vendor's order, with the number of rows
    "Lifecycle Management": 11,
    "ECS Status Management": 11,
    "Batch Operations": 3,
    "Network Management": 1,
    "Image Management": 1,
    "Security Group Management": 3,
    "Specifications Query": 2,
    "NIC Management": 7,
    "Disk Management": 13,
    "Metadata Management": 7,
    "Tenant Quota Management": 3,
    "SSH Key Management": 4,
    "Password Management": 2,
    "ECS Group Management": 10,
    "ECS Management Through Console": 1,
    "AZ Management": 1,
    "Tag Management": 11,
}

DEPENDENCY_ACTIONS = {  # that no ECS row authorises -> whether they work in enterprise projects
    "ecs:diskConfigs:use": "no",
    "evs:snapshots:create": "varies",
    "evs:volumes:attach": "no",
    "evs:volumes:create": "varies",
    "evs:volumes:delete": "varies",
    "evs:volumes:detach": "no",
    "evs:volumes:get": "varies",
    "evs:volumes:list": "varies",
    "evs:volumes:manage": "no",
    "evs:volumes:update": "varies",
    "evs:volumes:use": "yes",
    "ims:images:create": "no",
    "ims:images:delete": "varies",
    "ims:images:get": "varies",
    "ims:images:list": "varies",
    "ims:images:update": "varies",
    "ims:quotas:get": "yes",
    "vpc:networks:create": "no",
    "vpc:networks:get": "no",
    "vpc:networks:update": "no",
    "vpc:ports:create": "varies",
    "vpc:ports:delete": "varies",
    "vpc:ports:get": "varies",
    "vpc:ports:update": "varies",
    "vpc:publicIps:create": "yes",
    "vpc:publicIps:update": "yes",
    "vpc:routers:get": "no",
    "vpc:routers:update": "no",
    "vpc:securityGroupRules:get": "varies",
    "vpc:securityGroups:create": "varies",
    "vpc:securityGroups:delete": "varies",
    "vpc:securityGroups:get": "varies",
    "vpc:securityGroups:update": "varies",
    "vpc:subnets:create": "varies",
    "vpc:subnets:get": "varies",
    "vpc:subnets:update": "varies",
}


def test_services_are_ecs_and_those_that_it_depends_on():
    assert [(service.slug, service.prefixes, service.level) for service in CATALOG.services] == [
        (slug, (slug,), Level.XA) for slug in ("ecs", "evs", "ims", "vpc")
    ]


def test_only_ecs_is_said_to_be_complete():
    assert [service.slug for service in CATALOG.services if service.complete] == ["ecs"]
    assert [service.slug for service in CATALOG.services if CATALOG.prefixes.is_complete(service.slug)] == ["ecs"]


def test_categories_are_those_of_the_vendor_in_their_order():
    assert [(category.title, len(category.operations)) for category in ECS.categories] == list(CATEGORIES.items())
    assert len(CATEGORIES) == 17


def test_operations_are_counted_by_their_kinds():
    assert len(OPERATIONS) == 91
    assert Counter(row.scope.enterprise_project for row in OPERATIONS) == {Support.YES: 31, Support.NO: 60}
    assert Counter(row.scope.iam_project for row in OPERATIONS) == {Support.YES: 91}
    assert Counter(row.scope.evidence for row in OPERATIONS) == {Evidence.INFERRED: 91}
    assert Counter(row.access for row in OPERATIONS) == {Access.WRITE: 53, Access.READ: 38}
    assert Counter(row.native for row in OPERATIONS) == {True: 58, False: 33}
    assert Counter(row.by_instance for row in OPERATIONS) == {Support.NO: 73, Support.YES: 16, Support.UNKNOWN: 2}
    assert Counter(row.by_tag for row in OPERATIONS) == {Support.NO: 72, Support.YES: 17, Support.UNKNOWN: 2}
    assert Counter(len(row.actions) for row in OPERATIONS) == {1: 90, 2: 1}


def test_native_operations_work_in_iam_projects_only():
    assert [row.id for row in OPERATIONS if row.native and row.scope.enterprise_project is not Support.NO] == []


def test_actions_of_rows_are_those_of_ecs():
    own = {name for row in OPERATIONS for name in row.all_actions()}

    assert len(own) == 66
    assert {name.partition(":")[0] for name in own} == {"ecs"}
    assert len(CATALOG.action_index.actions) == 66 + 36


def test_dependency_actions_tell_whether_they_work_in_enterprise_projects():
    found = {
        name: action.scope.enterprise_project
        for name, action in CATALOG.action_index.actions.items()
        if not action.operations
    }

    assert found == DEPENDENCY_ACTIONS
    assert len(found) == 36
    assert set(found) <= {name for row in OPERATIONS for name in row.all_dependencies()}


def test_action_that_varies_has_calls_of_both_kinds():
    """Or, where a row of ECS authorises it, rows of both kinds."""
    varies = [
        action for action in CATALOG.action_index.actions.values() if action.scope.enterprise_project is Support.VARIES
    ]

    assert {action.name for action in varies} == {name for name, told in DEPENDENCY_ACTIONS.items() if told == "varies"}
    for action in varies:
        assert {Support.YES, Support.NO} <= {call.enterprise_project for call in action.calls}, action.name


@sweep("row", OPERATIONS)
def test_operation_has_its_source_and_the_vendors_page(row):
    assert row.scope.source is not None
    assert row.scope.source.url.startswith("https://")
    assert row.pages
    for page in row.pages:
        assert page.title
        assert page.url.startswith("https://docs.otc.t-systems.com/elastic-cloud-server/api-ref/")
    assert row.calls
    for call in row.calls:
        assert call.method in {"DELETE", "GET", "POST", "PUT"}
        assert call.path.startswith("/v")


@pytest.mark.parametrize("category", ECS.categories, ids=lambda category: category.slug)
def test_category_has_its_published_table(category):
    assert category.source.url == (
        "https://docs.otc.t-systems.com/elastic-cloud-server/api-ref/permissions_and_supported_actions/"
        f"{category.slug.replace('-', '_')}.html"
    )
    assert category.source.revision
    assert category.source.date == "2026-07-02"


def test_enterprise_alternatives_do_the_job_in_enterprise_projects():
    swaps = [row for row in OPERATIONS if row.enterprise_alternative]

    assert len(swaps) == 34
    for row in swaps:
        alternative = CATALOG.operation(row.enterprise_alternative)
        assert row.scope.enterprise_project is Support.NO
        assert (alternative.scope.enterprise_project, alternative.access) == (Support.YES, row.access), row.id


def test_creating_an_ecs_has_one_way_per_kind_of_eip():
    with_options = {row.id: row.options for row in OPERATIONS if row.options}

    assert {
        id_: [(option.title, option.actions, option.dependencies) for option in options]
        for id_, options in with_options.items()
    } == {
        "ecs/lifecycle-management/creating-ecss-pay-per-use": [
            ("assigning a new EIP", (), ("vpc:publicIps:create",)),
            ("using an existing EIP", (), ("vpc:publicIps:update",)),
        ]
    }


def test_using_disks_lists_deleting_them():
    """The row for which dependencies do not cascade by default."""
    assert "evs:volumes:delete" in CATALOG.needs.shared_dependencies("ecs:serverVolumes:use")
