"""The system-defined policies and the templates of tasks that are shipped: what they mean."""

import re

import pytest

from policybuilder.catalog_files.judged_starting_points import (
    compiled_templates,
    find_template,
    judged_policies,
    known_templates,
    left_out,
    starting_services,
    starting_tasks,
    variants_at,
)
from policybuilder.catalog_files.starting_points import (
    SERVICE_RIGHTS,
    Kind,
    Rule,
    Template,
    Variant,
    current_system_policies,
    find_system_policy,
    system_policies,
    system_policy_names,
    templates,
)
from policybuilder.domain.access.evaluation import Project
from policybuilder.domain.building.compiler import compile_selection
from policybuilder.domain.building.selection import Selection
from policybuilder.domain.catalog.action_names import action_key
from policybuilder.domain.catalog.entries import Access, Support
from policybuilder.domain.catalog.rights import Rights, operations_with
from policybuilder.domain.catalog.scope import Goal, Verdict, has_effect, works_at
from policybuilder.domain.findings import Severity
from policybuilder.domain.policy.document import MAX_CHARACTERS, to_data
from tests.builders import catalog, operation, option, whole_catalog
from tests.domain.policy_cases import SYSTEM_POLICIES
from tests.sweeps import sweep

CATALOG = whole_catalog()
COMPILED = compiled_templates(CATALOG)
LISTED = [found for found in COMPILED if found.template.rule is None]
BY_NAME = {(found.template.slug, found.variant.project): found for found in COMPILED}
# Dependencies of these tasks allow more than the task, and their descriptions say so.
WITH_DEPENDENCIES = {
    *("create-servers", "create-servers-existing-addresses", "everything-but-delete"),
    *("manage-disks", "manage-security-groups", "create-images", "create-images-native"),
}
# IMS depends on actions of BMS and of ECS's native API, which only IAM projects have.
WITH_DEPENDENCIES_OF_IAM_PROJECTS = {"create-images"}
TEN_SERVICES = {"ecs", "vpc", "eip", "evs", "obs", "ims", "elb", "rds", "cce", "iam"}
every_variant = pytest.mark.parametrize("found", COMPILED, ids=lambda f: f"{f.template.slug}-{f.variant.project}")
every_listed = pytest.mark.parametrize("found", LISTED, ids=lambda f: f"{f.template.slug}-{f.variant.project}")
both_projects = pytest.mark.parametrize("project", Project)
# The vendor's table gives it the action of seven operations that read; the catalogue states that the action reads.
ODD_ROW = "dms/user-management/resetting-a-user-password"
READING_RIGHTS = frozenset({Rights.READ, Rights.AUDIT})
# Actions that open private keys, contents or user data, by the vendor's pages.
NOT_FOR_AUDITORS = {
    *("obs:object:GetObject", "cci:namespaceSubResource:Get", "rds:backup:download", "dds:backup:download"),
    *("elb:certificates:get", "elb:certificates:list", "waf:certificate:get", "cce:cluster:get"),
    *("apig:apps:get", "apig:apps:list", "apig:signs:list", "apig:appCodes:get", "apig:appCodes:list"),
    *("dli:table:select", "dli:column:select", "aom:log:list", "rds:log:list", "as:configs:get", "as:configs:list"),
    *("ecs:cloudServers:showServer", "ecs:cloudServers:list", "dms:instance:get", "dcs:migrationTask:get"),
}
DELETING = ("delet", "remov")
NOT_OPERATING = (
    *DELETING,
    "creat",
    "add",
    "releas",
    "clear",
    "reset",
    "password",
    "token",
    "permission",
    "specification",
)
SEEING = {
    "ecs/lifecycle-management/querying-details-about-ecss",
    "ecs/lifecycle-management/querying-details-about-a-specific-ecs",
}


def allowed_by(found):
    """The operations that the policy allows: those asked for and the others."""
    return [CATALOG.operation(id_) for id_ in CATALOG.operations if id_ in found.policy.operations.allowed]


def writing(found):
    return [operation.id for operation in allowed_by(found) if operation.access is Access.WRITE]


def deletes(operation):
    return any(word in operation.title.lower() for word in DELETING)


# System-defined policies


def test_system_policies_are_as_published():
    found = {policy.name: policy for policy in system_policies()}

    assert len(found) == 19
    for name, actions in SYSTEM_POLICIES.items():
        assert sorted(found[name].document.actions()) == sorted(actions)
    assert {policy.data["Version"] for policy in found.values() if policy.older_form} == {"1.0"}
    assert [p.name for p in found.values() if p.older_form and p.kind is Kind.POLICY] == []
    assert found["Server Administrator"].kind is Kind.ROLE
    assert found["ECS FullAccess"].source.url == (
        "https://docs.otc.t-systems.com/elastic-cloud-server/umn/service_overview/permissions.html"
    )


def test_documents_of_system_policies_hold_all_that_is_published():
    found = {p.slug: (to_data(p.document), p.data) for p in current_system_policies() if p.slug != "apig-fullaccess"}

    for slug, (read, published) in found.items():
        assert {"Depends": [], **read} == {"Depends": [], **published}, slug


def test_system_policies_are_judged_by_what_they_allow():
    found = {judged.policy.slug: judged for judged in judged_policies(CATALOG)}
    reading = [CATALOG.operation(id_) for id_ in found["ecs-readonlyaccess"].operations]

    assert {j.scope.verdict for j in found.values() if j.scope} == {Verdict.IAM_ONLY}
    assert "ecs/lifecycle-management/deleting-ecss" in found["ecs-fullaccess"].operations
    assert "ecs/lifecycle-management/deleting-ecss" not in found["ecs-commonoperations"].operations
    assert "ecs/ecs-status-management/starting-an-ecs-native" in found["ecs-commonoperations"].operations
    assert {o.id for o in reading if o.access is Access.WRITE and o.service == "ecs"} == {
        "ecs/ecs-group-management/creating-an-ecs-group-native",
        "ecs/ecs-group-management/deleting-an-ecs-group-native",
    }
    assert found["ecs-readonlyaccess"].size.largest_statement == len(SYSTEM_POLICIES["ECS ReadOnlyAccess"])


def test_nothing_is_said_of_what_has_no_certain_meaning():
    unjudged = {judged.policy.name: judged for judged in judged_policies(CATALOG) if judged.scope is None}
    older = [policy.name for policy in system_policies() if policy.older_form]

    assert sorted(unjudged) == sorted(["APIG FullAccess", *older])
    assert len(older) == 8
    assert all("Version 1.0" in unjudged[name].obstacle for name in older)
    assert "FunctionGraph" in unjudged["APIG FullAccess"].obstacle
    assert all(judged.operations == () and judged.obstacle for judged in unjudged.values())
    assert all(judged.obstacle == "" for judged in judged_policies(CATALOG) if judged.scope)


def test_roles_of_the_older_form_can_be_neither_compared_nor_evaluated():
    assert [p.name for p in current_system_policies() if p.older_form] == []
    assert find_system_policy("tenant-guest") is None
    assert find_system_policy("ecs-fullaccess").name == "ECS FullAccess"


def test_names_are_read_with_what_is_published_of_them():
    found = {name.name: (each.service, name) for each in system_policy_names() for name in each.policies}
    service, policy = found["EVS FullAccess"]

    assert (service, policy.kind, policy.scope) == ("Elastic Volume Service (EVS)", Kind.POLICY, "")
    assert policy.source.title == "Open Telekom Cloud, EVS User Guide: Permissions"
    assert found["OBS Administrator"][1].kind is None
    assert found["VPC FullAccess"][1].scope == "Region-specific projects"


def test_starting_points_are_read_and_judged_once():
    assert system_policies() is system_policies()
    assert templates() is templates()
    assert judged_policies(CATALOG) is judged_policies(CATALOG)
    assert compiled_templates(CATALOG) is compiled_templates(CATALOG)


# Templates


def test_every_template_is_known_to_the_shipped_catalogue_whole():
    assert [t.slug for t in starting_tasks(CATALOG)] == [t.slug for t in templates()]
    for template in (t for t in templates() if t.rule is None):
        assert set(template.console) <= set(CATALOG.operations), template.slug
        assert template.service in CATALOG.services_by_slug, template.slug


def test_each_of_the_ten_most_used_services_has_tasks():
    listed = [template for template in starting_tasks(CATALOG) if template.rule is None]

    assert {template.service for template in listed} >= TEN_SERVICES
    for template in listed:
        known = {operation.id for operation in CATALOG.services_by_slug[template.service].operations}
        assert known & set(template.variants[0].operations), template.slug


def test_variants_have_what_the_console_needs_as_far_as_it_takes_effect():
    for template in (t for t in starting_tasks(CATALOG) if t.console):
        needed = [CATALOG.operation(id_) for id_ in template.console]
        assert {row.id for row in needed} <= set(template.variant(Project.IAM).operations), template.slug
        if variant := template.variant(Project.ENTERPRISE):
            missing = [row.scope.enterprise_project for row in needed if row.id not in variant.operations]
            assert set(missing) <= {Support.NO, Support.UNKNOWN}, template.slug


def test_operations_for_the_console_need_no_action_that_writes():
    rows = {CATALOG.operation(id_) for template in templates() for id_ in template.console}
    actions = {each for row in rows for name in row.names() for each in CATALOG.action_index.expand(name)}

    assert {row.access for row in rows} == {Access.READ}
    assert {CATALOG.action_index.actions[name].access for name in actions} == {Access.READ}


def test_every_template_has_both_variants_or_says_why_not():
    for template in starting_tasks(CATALOG):
        assert template.variant(Project.IAM) is not None
        assert (template.variant(Project.ENTERPRISE) is None) == bool(template.impossible), template.slug
        assert template.description.endswith("."), template.slug
        assert not template.title.endswith("."), template.slug


def test_titles_are_told_apart():
    assert len({template.title for template in templates()}) == len(templates())


@pytest.mark.parametrize("template", [t for t in templates() if t.impossible], ids=lambda template: template.slug)
def test_what_is_impossible_in_enterprise_projects_is(template):
    """No operation of the task that writes, or of one that only reads no operation at all, is published to take effect
    there. What does its job there, if anything, another task has."""
    operations = [CATALOG.operation(id_) for id_ in template.variants[0].operations if id_ not in SEEING]
    deciding = [row for row in operations if row.access is Access.WRITE] or operations
    elsewhere = {id_ for found in COMPILED if found.template != template for id_ in found.variant.operations}

    supports = {row.scope.enterprise_project for row in deciding}
    assert supports in ({Support.NO}, {Support.UNKNOWN})
    assert ("published" in template.impossible) == (supports == {Support.UNKNOWN})
    assert {row.enterprise_alternative for row in deciding} <= {None} | elsewhere


@every_listed
def test_template_makes_a_policy_that_iam_accepts_and_that_works(found):
    policy = found.policy
    findings = [each.finding for each in policy.findings]
    refused = [f.code for f in findings if f.severity is Severity.ERROR or f.code == "PB001"]

    assert refused == (["PB007"] if policy.divided else [])  # such a selection makes two policies
    assert policy.size.characters < MAX_CHARACTERS / 2
    assert set(found.variant.operations) <= policy.operations.allowed


@every_variant
def test_template_fits_its_project(found):
    """Each operation works there. An action may work through some APIs only; a rule leaves those out."""
    rows = [CATALOG.operation(id_) for id_ in found.variant.operations if not CATALOG.operation(id_).free]
    if found.variant.project is Project.IAM and found.template.rule is None:
        expected = Support.UNKNOWN if found.template.service == "iam" else Support.YES
        assert {row.scope.iam_project for row in rows} == {expected}
    elif found.variant.project is Project.ENTERPRISE:
        verdicts = {Verdict.IAM_AND_ENTERPRISE} if found.template.rule else {Verdict.IAM_AND_ENTERPRISE, Verdict.VARIES}
        assert {row.scope.enterprise_project for row in rows} == {Support.YES}
        assert found.policy.scope.verdict in verdicts or found.template.slug in WITH_DEPENDENCIES_OF_IAM_PROJECTS


# What does the job in enterprise projects is not among the operations of ECS.
OF_ANOTHER_SERVICE = {"ims/image-management/creating-an-image"}


@pytest.mark.parametrize("goal", [Goal.IAM_PROJECT, Goal.ENTERPRISE_PROJECT])
def test_no_operation_of_a_variant_is_without_effect_where_it_is_for(goal):
    """In enterprise projects nothing that it needs is either. Of what is left out, what does the same job is in it."""
    services = [template for each in starting_services(CATALOG) for template in each.templates]
    for template in (*starting_tasks(CATALOG), *services):
        for variant in variants_at(CATALOG, template, goal):
            operations = [CATALOG.operation(id_) for id_ in variant.operations]
            names = [name for o in operations for name in o.names() if goal is Goal.ENTERPRISE_PROJECT]
            without = template.slug in WITH_DEPENDENCIES_OF_IAM_PROJECTS
            scopes = [scope for name in names if not without for scope in CATALOG.action_index.scopes(name)]
            gone = [CATALOG.operation(id_) for id_ in left_out(template, variant)]
            missing = {row.enterprise_alternative for row in gone} - {None, *OF_ANOTHER_SERVICE}

            assert all(works_at(each, goal) for each in operations), template.slug
            assert all(has_effect(scope, goal) for scope in scopes), template.slug
            assert missing <= set(variant.operations), template.slug


@pytest.mark.parametrize("template", [t for t in starting_tasks(CATALOG) if not t.impossible], ids=lambda t: t.slug)
def test_variant_for_iam_projects_does_no_less(template):
    iam, enterprise = (set(template.variant(project).operations) for project in Project)

    assert enterprise <= iam


def test_template_allows_nothing_that_writes_and_was_not_asked_for_but_by_dependencies():
    """Operations that need only actions of the task itself are its other APIs, or are named in its description."""
    writing = [
        (found.template.slug, operation)
        for found in COMPILED
        for operation in map(CATALOG.operation, found.policy.operations.also_allowed)
        if operation.access is Access.WRITE and not set(operation.actions) <= own_actions(found)
    ]

    assert {row.id for _, row in writing if row.service == "ecs"} == {
        f"ecs/disk-management/{verb}-a-disk-native" for verb in ("creating", "deleting")
    }
    assert {slug for slug, row in writing if row.service == "ecs"} == {"create-images"}
    assert {slug for slug, _ in writing} == WITH_DEPENDENCIES | {"read-everything"}
    assert [row.id for slug, row in writing if slug == "read-everything"] == [ODD_ROW] * 2
    assert {t.slug for t in templates() if "dependencies also allow" in t.description} == WITH_DEPENDENCIES


def own_actions(found):
    """What the operations of a task need of themselves, without their dependencies."""
    if found.template.rule:
        return set()
    return {name for id_ in found.variant.operations for name in CATALOG.operation(id_).all_actions()}


@sweep("found", [f for f in LISTED if f.template.service == "ecs" and f.template.slug != "everything-but-delete"])
def test_servers_can_be_seen_where_they_are_worked_with(found):
    assert found.template.slug == "manage-ssh-keys" or set(found.variant.operations) >= SEEING


@both_projects
def test_read_everything_reads_all_services_and_grants_nothing_that_writes(project):
    found = BY_NAME["read-everything", project]
    reading = {id_ for id_, operation in CATALOG.operations.items() if operation.access is Access.READ}
    left_out = [CATALOG.operation(id_) for id_ in reading - set(found.variant.operations)]

    assert writing(found) == [ODD_ROW]
    assert [
        g.action for g in found.policy.grants if CATALOG.action_index.actions[g.action].access is Access.WRITE
    ] == []
    for row in left_out:
        needed = [
            CATALOG.action_index.actions[each] for name in row.names() for each in CATALOG.action_index.expand(name)
        ]
        needs_writing = any(action.access is Access.WRITE for action in needed)
        supports = {row.scope.enterprise_project, *(action.scope.enterprise_project for action in needed)}
        no_effect = not has_effect(row.scope, Goal(project.value))
        assert needs_writing or no_effect or (project is Project.ENTERPRISE and supports != {Support.YES}), row.id


def test_no_reading_start_grants_an_action_that_changes_anything():
    """Every variant of the tasks and of each service. A wildcard counts as the actions that it matches."""
    templates_that_read = [
        *(template for template in starting_tasks(CATALOG) if template.rule and template.rule.rights in READING_RIGHTS),
        *(template for each in starting_services(CATALOG) if (template := each.template(Rights.READ))),
    ]
    tried = 0
    for template in templates_that_read:
        for variant in template.variants:
            for grant in compile_selection(CATALOG, variant.selection(CATALOG)).grants:
                covered = CATALOG.action_index.expand(grant.action)
                assert covered, (template.slug, grant.action)
                assert {CATALOG.action_index.actions[name].access for name in covered} == {Access.READ}, (
                    template.slug,
                    grant.action,
                )
                tried += 1
    assert {template.slug for template in templates_that_read} > {"auditor", "read-everything", "ecs-read", "dms-read"}
    assert tried > 1000


@pytest.mark.parametrize("slug", ["auditor", "network-operator", "database-operator", "storage-operator"])
def test_tasks_open_no_response_that_is_known_to_reveal_contents_or_secrets(slug):
    """But for operations that the task lists by name."""
    found = [each for each in COMPILED if each.template.slug == slug]
    also = {id_ for each in found for id_ in each.template.rule.also}
    granted = {name for each in found for name in each.policy.document.actions()}
    opened = {
        row.id
        for each in found
        for id_ in each.policy.operations.allowed
        for row in [CATALOG.operation(id_)]
        if row.hands_out
    }

    assert {name for name in granted if "*" in name} == set()
    assert opened - also == set()
    if slug == "auditor":
        assert not granted & NOT_FOR_AUDITORS


def test_audit_has_no_operation_whose_action_opens_contents_or_secrets():
    for row in operations_with(CATALOG, Rights.AUDIT):
        for name in row.names():
            for each in CATALOG.action_index.expand(name):
                opened = CATALOG.needs.operations_by_action.get(action_key(each), ())
                assert [other.id for other in opened if other.hands_out] == [], row.id


def test_what_operators_do_besides_reading_is_what_their_descriptions_say():
    allowed = {
        slug: {id_.rpartition("/")[2] for id_ in writing(BY_NAME[slug, Project.IAM])}
        for slug in ("dns-operator", "backup-operator")
    }

    assert allowed == {
        "dns-operator": {
            *("create-a-record-set", "modify-a-record-set", "delete-a-record-set"),
            *("create-a-ptr-record", "modify-a-ptr-record", "unset-a-ptr-record", "unset-ptr-records-in-batches"),
            *("modify-a-zone", "associate-a-private-zone-with-a-vpc", "disassociate-a-vpc-from-a-private-zone"),
        },
        "backup-operator": {"associating-resources", "creating-a-restore-point", "restoring-from-a-backup"},
    }
    for slug in ("network-operator", "database-operator", "storage-operator"):
        found = BY_NAME[slug, Project.IAM]
        titles = [operation.title for operation in allowed_by(found) if operation.access is Access.WRITE]
        assert [t for t in titles if any(word in t.lower() for word in (*DELETING, "password", "security group"))] == []


@both_projects
def test_everything_but_delete_deletes_nothing(project):
    found = BY_NAME["everything-but-delete", project]
    granted = {grant.action for grant in found.policy.grants}
    changing = {name for name in granted if CATALOG.action_index.actions[name].access is Access.WRITE}
    deleting = [operation for operation in CATALOG.operations.values() if deletes(operation)]

    assert [operation.id for operation in allowed_by(found) if deletes(operation)] == []
    assert [operation.id for operation in deleting if changing & set(operation.all_actions())] == []
    assert [name for name in granted if any(word in name.lower() for word in (*DELETING, "rebuild", "changeos"))] == []


@both_projects
def test_everything_but_delete_leaves_out_only_what_it_says(project):
    found = BY_NAME["everything-but-delete", project]
    deleting = {name for o in CATALOG.operations.values() if deletes(o) for name in o.all_actions()}
    for row in CATALOG.services_by_slug["ecs"].operations:
        if row.id in found.variant.operations or (project is Project.ENTERPRISE and not works_there(row)):
            continue
        words = any(word in name.lower() for name in row.names() for word in (*DELETING, "rebuild", "changeos"))
        assert deletes(row) or words or deleting & set(row.names()), row.id


def works_there(row):
    return row.scope.enterprise_project is Support.YES


# The actions that write of each listed task, in IAM projects: nothing else can be changed with it.
GRANTED = {
    "start-stop-restart": (
        "ecs:cloudServers:reboot ecs:cloudServers:start ecs:cloudServers:stop ecs:servers:reboot ecs:servers:start "
        "ecs:servers:stop"
    ),
    "create-servers": "ecs:cloudServers:createServers vpc:publicIps:create vpc:publicIps:update",
    "create-servers-existing-addresses": "ecs:cloudServers:createServers vpc:publicIps:update",
    "delete-servers": "ecs:cloudServers:deleteServers ecs:servers:delete",
    "resize-servers": "ecs:cloudServers:resize ecs:cloudServers:start ecs:cloudServers:stop",
    "replace-operating-system": (
        "ecs:cloudServers:changeOS ecs:cloudServers:rebuild ecs:cloudServers:start ecs:cloudServers:stop"
    ),
    "manage-disks": (
        "ecs:cloudServers:attach ecs:cloudServers:detachVolume ecs:serverVolumeAttachments:create "
        "ecs:serverVolumeAttachments:delete ecs:serverVolumes:use evs:volumes:attach evs:volumes:detach "
        "evs:volumes:manage evs:volumes:update evs:volumes:use"
    ),
    "manage-network-cards": "ecs:cloudServerNics:delete ecs:cloudServers:addNics",
    "manage-security-groups": (
        "ecs:diskConfigs:use ecs:securityGroups:use ecs:serverVolumes:use vpc:ports:update "
        "vpc:securityGroups:create vpc:securityGroups:delete vpc:securityGroups:update"
    ),
    "manage-tags": "ecs:cloudServers:batchSetServerTags ecs:servers:setTags",
    "manage-metadata": "ecs:cloudServers:updateMetadata ecs:servers:setMetadata",
    "manage-server-groups": (
        "ecs:cloudServers:addServerGroupMember ecs:cloudServers:createServerGroup "
        "ecs:cloudServers:deleteServerGroup ecs:cloudServers:deleteServerGroupMember ecs:serverGroups:manage"
    ),
    "log-in-by-console": "ecs:servers:createConsole",
    "manage-ssh-keys": "ecs:serverKeypairs:create ecs:serverKeypairs:delete",
    "windows-passwords": "ecs:serverPasswords:manage",
    "lock-servers": "ecs:servers:lock ecs:servers:unlock",
    "everything-but-delete": (
        "ecs:cloudServers:addNics ecs:cloudServers:addServerGroupMember ecs:cloudServers:attach "
        "ecs:cloudServers:createServerGroup ecs:cloudServers:createServers ecs:cloudServers:detachVolume "
        "ecs:cloudServers:migrate ecs:cloudServers:reboot ecs:cloudServers:resize ecs:cloudServers:start "
        "ecs:cloudServers:stop ecs:cloudServers:updateMetadata ecs:cloudServers:updateServer "
        "ecs:serverKeypairs:create ecs:servers:createConsole ecs:servers:lock ecs:servers:reboot ecs:servers:start "
        "ecs:servers:stop ecs:servers:unlock ecs:servers:update evs:volumes:use vpc:publicIps:create "
        "vpc:publicIps:update"
    ),
    "manage-networks": (
        "vpc:routeTables:associate vpc:routeTables:create vpc:routeTables:delete vpc:routeTables:update "
        "vpc:subnets:create vpc:subnets:delete vpc:subnets:update vpc:vpcs:create vpc:vpcs:delete vpc:vpcs:update"
    ),
    "change-security-group-rules": (
        "vpc:securityGroupRules:create vpc:securityGroupRules:delete vpc:securityGroupRules:update"
    ),
    "manage-vpc-security-groups": (
        "vpc:securityGroupRules:create vpc:securityGroupRules:delete vpc:securityGroupRules:update "
        "vpc:securityGroups:create vpc:securityGroups:delete vpc:securityGroups:update"
    ),
    "bind-addresses": "vpc:publicIps:update",
    "manage-addresses": "vpc:bandwidths:update vpc:publicIps:create vpc:publicIps:delete vpc:publicIps:update",
    "create-disks": "evs:volumes:create evs:volumes:extend",
    "take-snapshots": "evs:snapshots:create",
    "manage-disks-and-snapshots": (
        "evs:snapshots:create evs:snapshots:delete evs:snapshots:update evs:volumes:create evs:volumes:delete "
        "evs:volumes:extend evs:volumes:update"
    ),
    "download-objects": "",
    "upload-objects": "obs:object:AbortMultipartUpload obs:object:PutObject",
    "manage-objects": "obs:object:AbortMultipartUpload obs:object:DeleteObject obs:object:PutObject",
    "create-buckets": (
        "obs:bucket:CreateBucket obs:bucket:PutBucketQuota obs:bucket:PutBucketStoragePolicy "
        "obs:bucket:PutBucketTagging obs:bucket:PutBucketVersioning obs:bucket:PutEncryptionConfiguration"
    ),
    "create-images": ("ecs:serverVolumes:use evs:volumes:* ims:serverImages:create kms:*:* obs:bucket:* obs:object:*"),
    "create-images-native": (
        "ecs:servers:createImage evs:snapshots:create ims:images:create ims:images:delete ims:images:update"
    ),
    "manage-images": "ims:images:delete ims:images:update",
    "share-images": "ims:images:share",
    "run-load-balancers": (
        "elb:healthmonitor:delete elb:healthmonitors:create elb:healthmonitors:put elb:l7policies:create "
        "elb:l7policies:delete elb:l7policies:put elb:l7rules:create elb:l7rules:delete elb:l7rules:put "
        "elb:listeners:create elb:listeners:delete elb:listeners:put elb:members:create elb:members:delete "
        "elb:members:put elb:pools:create elb:pools:delete elb:pools:put"
    ),
    "create-load-balancers": "elb:loadbalancers:create elb:loadbalancers:delete elb:loadbalancers:put",
    "manage-certificates": "elb:certificates:create elb:certificates:delete elb:certificates:put",
    "create-databases": "rds:instance:create",
    "scale-databases": "rds:instance:extendSpace rds:instance:modifySpec rds:instance:singleToHa",
    "back-up-databases": "rds:backup:create",
    "use-clusters": "cce:kubernetes:*",
    "manage-nodes": "cce:node:create cce:node:delete cce:node:update",
    "create-clusters": "cce:cluster:create",
    "review-rights": "",
    "manage-users": "iam:users:createUser iam:users:deleteUser",
    "manage-group-members": "iam:permissions:addUserToGroup iam:permissions:removeUserFromGroup",
    "manage-nat-rules": "nat:dnatRules:create nat:dnat_rules:delete nat:snatRules:create nat:snatRules:delete",
    "use-keys": "kms:cmk:crypto kms:cmk:generate kms:dek:create kms:dek:crypto",
    "manage-keys": (
        "kms:cmk:create kms:cmk:disable kms:cmk:disableRotation kms:cmk:enable kms:cmk:enableRotation "
        "kms:cmk:updateRotation"
    ),
    "manage-alarms": "ces:alarms:create ces:alarms:delete ces:alarmsOnOff:put",
}
OPERATED = ("network", "dns", "database", "backup", "storage")
# Each claim: the singular of what stays as it is -> the stem of a word in titles of operations.
STEMS = {"created": "creat", "deleted": "delet", "ordered": "assign", "released": "releas", "changed": "(modif|updat)"}
NAMES_IN_TITLES = {"public address": "eip", "gateway": "nat gateway", "key": "(key|cmk)"}
OTHER_THINGS = "(?! rule| tag| sharing| from)"  # "Deleting a Security Group Rule" deletes no security group
NO_THING = re.compile(r"\b[Nn]o ([a-z ]+?) (?:is|are) ([a-z ,]+?)(?:[.;]|$| and )")
NEITHER = re.compile(r"([A-Z][a-z ]+?)s(?: themselves)? are neither (created) nor (deleted)")


@pytest.mark.parametrize("slug", GRANTED)
def test_task_grants_no_more_actions_that_write_than_its_title_and_description_say(slug):
    granted = {project: changing_actions(BY_NAME[slug, project]) for project in Project if (slug, project) in BY_NAME}

    assert granted[Project.IAM] == GRANTED[slug].split()
    assert set(granted.get(Project.ENTERPRISE, [])) <= set(granted[Project.IAM])
    assert bool(granted.get(Project.ENTERPRISE, granted[Project.IAM])) == bool(granted[Project.IAM])


def changing_actions(found):
    """The granted names that do not only read, sorted."""
    return sorted(g.action for g in found.policy.grants if not only_reads(g.action))


def only_reads(name):
    return {CATALOG.action_index.actions[each].access for each in CATALOG.action_index.expand(name)} == {Access.READ}


def test_every_task_is_looked_at():
    by_rule = {"read-everything", "auditor", *(f"{what}-operator" for what in OPERATED)}
    assert {template.slug for template in templates()} == {*GRANTED, *by_rule}


def claims(description):
    """What a description says is not created, deleted, ordered, released or changed: (thing, verb)."""
    for thing, verbs in NO_THING.findall(description):
        yield from ((each, verb) for each in thing.split(" and no ") for verb in re.findall(r"[a-z]+", verbs))
    for thing, *verbs in NEITHER.findall(description):
        yield from ((thing.lower(), verb) for verb in verbs)


def test_claims_are_read():
    assert list(
        claims("No security group is created or deleted. Zones themselves are neither created nor deleted.")
    ) == [
        *(("security group", verb) for verb in ("created", "or", "deleted")),
        *(("zone", verb) for verb in ("created", "deleted")),
    ]


def test_no_template_grants_what_its_description_rules_out():
    tried = 0
    for found in LISTED:
        titles = [row.title.lower() for row in allowed_by(found) if row.access is Access.WRITE]
        for thing, verb in claims(found.template.description):
            if verb in STEMS:
                named = NAMES_IN_TITLES.get(thing, thing)
                ruled_out = re.compile(rf"{STEMS[verb]}\w*( an?| the)?( ecs| evs| manual)? {named}s?\b{OTHER_THINGS}")
                assert [t for t in titles if ruled_out.search(t)] == [], (found.template.slug, thing, verb)
                tried += 1
        if "Nothing can be changed" in found.template.description:
            assert titles == []
        if "Nothing is deleted" in found.template.description:
            assert [t for t in titles if any(word in t for word in DELETING)] == []
    assert tried > 20


def test_servers_without_new_addresses_order_none():
    actions = {
        slug: {grant.action for grant in BY_NAME[slug, Project.ENTERPRISE].policy.grants}
        for slug in ("create-servers", "create-servers-existing-addresses")
    }

    assert actions["create-servers"] - actions["create-servers-existing-addresses"] == {"vpc:publicIps:create"}


# Services as a whole


def test_every_service_can_be_read_and_given_whole():
    found = starting_services(CATALOG)

    assert [each.service.slug for each in found] == [s.slug for s in CATALOG.services if s.categories]
    assert len(found) == 36
    for each in found:
        read, operate, everything = (each.template(rights) for rights in SERVICE_RIGHTS)
        ids = [operation.id for operation in each.service.operations]
        assert sorted(everything.variants[0].operations) == sorted(ids)
        assert set(read.variants[0].operations) < set(ids)
        assert operate is None or set(read.variants[0].operations) < set(operate.variants[0].operations)


def test_every_start_of_a_service_fits_its_project_and_grants_no_more_than_its_rights():
    for template in (template for each in starting_services(CATALOG) for template in each.templates):
        for variant in template.variants:
            policy = compile_selection(CATALOG, variant.selection(CATALOG))
            rows = [CATALOG.operation(id_) for id_ in policy.operations.allowed]
            written = [row.title.lower() for row in rows if row.access is Access.WRITE]

            assert set(variant.operations) == set(policy.operations.selected) <= policy.operations.allowed
            if variant.project is Project.ENTERPRISE:
                assert policy.scope.verdict is Verdict.IAM_AND_ENTERPRISE, template.slug
            if template.slug in ("dms-read", "dms-operate"):
                written.remove("resetting a user password")  # the odd row
            if template.slug.endswith("-read"):
                assert written == [], template.slug
            if template.slug.endswith("-operate"):
                assert [t for t in written if any(word in t for word in NOT_OPERATING)] == [], template.slug


def test_slugs_of_starting_points_are_told_apart():
    slugs = [
        *(template.slug for template in starting_tasks(CATALOG)),
        *(template.slug for each in starting_services(CATALOG) for template in each.templates),
        *(policy.slug for policy in system_policies()),
    ]

    assert len(set(slugs)) == len(slugs)
    assert find_template(CATALOG, "vpc-read").title == "Read VPC"
    assert find_template(CATALOG, "start-stop-restart").title == "Start, stop and restart servers"
    assert find_template(CATALOG, "ecs-fullaccess") is None


# Other catalogues

SMALL = catalog(
    operation("ecs/a/list", "ecs:a:list", access="read"),
    operation(
        "ecs/a/create",
        "ecs:a:create",
        options=[option("new", needs=["vpc:ips:create"]), option("old", needs=["vpc:ips:use"])],
    ),
)
LISTING = Variant(Project.IAM, ("ecs/a/list",))
CREATING = Variant(Project.ENTERPRISE, ("ecs/a/list", "ecs/a/create"), (("ecs/a/create", ("old",)),))
GONE = Variant(Project.IAM, ("ecs/a/list", "ecs/a/gone"))
ODD = Variant(Project.IAM, ("ecs/a/create",), (("ecs/a/create", ("gone",)),))


def task(*variants):
    return Template("task", "A task", "Does it.", variants)


def test_templates_are_left_out_where_the_catalogue_does_not_have_their_operations():
    found = known_templates(SMALL, [task(LISTING, CREATING), task(GONE, CREATING), task(GONE), task(ODD)])

    assert list(found) == [task(LISTING, CREATING), task(CREATING)]
    assert [found.template.slug for found in compiled_templates(SMALL)] == ["read-everything"] * 2 + ["auditor"] * 2


def test_rule_is_left_out_where_the_catalogue_does_not_have_what_it_names():
    reading = ("ecs/a/list",)

    assert Rule(Rights.READ, ("ecs",)).variants(SMALL) == (
        Variant(Project.IAM, reading),
        Variant(Project.ENTERPRISE, reading),
    )
    assert Rule(Rights.READ, ("ecs", "dns")).variants(SMALL) == ()
    assert Rule(Rights.READ, (), ("ecs/a/gone",)).variants(SMALL) == ()
    assert Rule(Rights.READ, (), ("ecs/a/create",)).variants(SMALL)[0].operations == ("ecs/a/list", "ecs/a/create")


def test_variant_is_a_selection():
    assert LISTING.selection(SMALL) == Selection(operations=frozenset(["ecs/a/list"]))
    assert CREATING.selection(SMALL) == Selection(
        operations=frozenset(["ecs/a/list", "ecs/a/create"]), options_off=frozenset([("ecs/a/create", "new")])
    )
    assert task(LISTING).variant(Project.ENTERPRISE) is None


def test_system_policies_are_judged_by_the_catalogue_there_is():
    assert [len(judged.operations) for judged in judged_policies(SMALL)][:4] == [1, 1, 1, 1]
