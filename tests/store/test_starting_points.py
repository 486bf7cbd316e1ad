"""The system-defined policies and the templates of tasks that are shipped: what they mean."""

import pytest

from policybuilder.domain.access.evaluation import Project
from policybuilder.domain.building.selection import Selection
from policybuilder.domain.catalog.entries import Access, Support
from policybuilder.domain.catalog.scope import Verdict
from policybuilder.domain.findings import Severity
from policybuilder.domain.policy.document import MAX_CHARACTERS, Effect
from policybuilder.store.judged_starting_points import compiled_templates, judged_policies, known_templates
from policybuilder.store.starting_points import Kind, Template, Variant, system_policies, templates
from tests.builders import catalog, operation, option, real_catalog
from tests.domain.policy_cases import SYSTEM_POLICIES

CATALOG = real_catalog()
COMPILED = compiled_templates(CATALOG)
BY_NAME = {(found.template.slug, found.variant.project): found for found in COMPILED}
every_variant = pytest.mark.parametrize("found", COMPILED, ids=lambda f: f"{f.template.slug}-{f.variant.project}")
both_projects = pytest.mark.parametrize("project", Project)
DELETING = ("delet", "remov")
SEEING = {
    "ecs/lifecycle-management/querying-details-about-ecss",
    "ecs/lifecycle-management/querying-details-about-a-specific-ecs",
}


def allowed(found):
    """The operations that the policy allows: those asked for and the others."""
    return [CATALOG.operation(id_) for id_ in CATALOG.operations if id_ in found.policy.operations.allowed]


def writing(found):
    return [operation.slug for operation in allowed(found) if operation.access is Access.WRITE]


def deletes(operation):
    return any(word in operation.title.lower() for word in DELETING)


# System-defined policies


def test_system_policies_are_as_published():
    found = {policy.name: policy for policy in system_policies()}

    assert {name: sorted(policy.document.actions()) for name, policy in found.items()} == {
        name: sorted(actions) for name, actions in SYSTEM_POLICIES.items()
    }
    assert all([s.effect for s in policy.document.statements] == [Effect.ALLOW] for policy in found.values())
    assert {name: policy.kind for name, policy in found.items()} == {
        "ECS FullAccess": Kind.POLICY,
        "ECS CommonOperations": Kind.POLICY,
        "ECS ReadOnlyAccess": Kind.POLICY,
        "Server Administrator": Kind.ROLE,
    }
    assert {policy.slug for policy in found.values()} == {name.lower().replace(" ", "-") for name in found}
    assert {policy.source.url for policy in found.values()} == {
        "https://docs.otc.t-systems.com/elastic-cloud-server/umn/service_overview/permissions.html"
    }


def test_system_policies_are_judged_by_what_they_allow():
    found = {judged.policy.slug: judged for judged in judged_policies(CATALOG)}
    reading = [CATALOG.operation(id_) for id_ in found["ecs-readonlyaccess"].operations]

    assert {slug: judged.scope.verdict for slug, judged in found.items()} == dict.fromkeys(found, Verdict.IAM_ONLY)
    assert "ecs/lifecycle-management/deleting-ecss" in found["ecs-fullaccess"].operations
    assert "ecs/lifecycle-management/deleting-ecss" not in found["ecs-commonoperations"].operations
    assert "ecs/ecs-status-management/starting-an-ecs-native" in found["ecs-commonoperations"].operations
    assert {o.id for o in reading if o.access is Access.WRITE} == {
        "ecs/ecs-group-management/creating-an-ecs-group-native",
        "ecs/ecs-group-management/deleting-an-ecs-group-native",
    }
    assert found["ecs-readonlyaccess"].size.largest_statement == len(SYSTEM_POLICIES["ECS ReadOnlyAccess"])


def test_starting_points_are_read_and_judged_once():
    assert system_policies() is system_policies()
    assert templates() is templates()
    assert judged_policies(CATALOG) is judged_policies(CATALOG)
    assert compiled_templates(CATALOG) is compiled_templates(CATALOG)


# Templates


def test_every_template_is_known_to_the_shipped_catalogue_whole():
    assert tuple(known_templates(CATALOG, templates())) == templates()
    assert len(COMPILED) == sum(len(template.variants) for template in templates())


def test_every_template_has_both_variants_or_says_why_not():
    for template in templates():
        assert template.variant(Project.IAM) is not None
        assert (template.variant(Project.ENTERPRISE) is None) == bool(template.impossible), template.slug
        assert template.description.endswith("."), template.slug
        assert not template.title.endswith("."), template.slug


def test_titles_are_told_apart():
    assert len({template.title for template in templates()}) == len(templates())


@pytest.mark.parametrize("template", [t for t in templates() if t.impossible], ids=lambda template: template.slug)
def test_what_is_impossible_in_enterprise_projects_is(template):
    """Of what it adds to seeing servers, nothing takes effect there, and nothing else does the job."""
    operations = [CATALOG.operation(id_) for id_ in template.variants[0].operations if id_ not in SEEING]

    assert {operation.scope.enterprise_project for operation in operations} == {Support.NO}
    assert {operation.enterprise_alternative for operation in operations} == {None}


@every_variant
def test_template_makes_a_policy_that_iam_accepts_and_that_works(found):
    policy = found.policy
    findings = [each.finding for each in policy.findings]

    assert [f for f in findings if f.severity is Severity.ERROR or f.code == "PB001"] == []
    assert policy.size.characters < MAX_CHARACTERS / 2
    assert set(found.variant.operations) <= policy.operations.allowed


@every_variant
def test_template_fits_its_project(found):
    if found.variant.project is Project.ENTERPRISE:
        assert found.policy.scope.verdict is Verdict.IAM_AND_ENTERPRISE
    else:
        supports = {CATALOG.operation(id_).scope.iam_project for id_ in found.variant.operations}
        assert supports == {Support.YES}


@pytest.mark.parametrize("template", [t for t in templates() if not t.impossible], ids=lambda template: template.slug)
def test_variant_for_iam_projects_does_no_less(template):
    iam, enterprise = (set(template.variant(project).operations) for project in Project)

    assert enterprise <= iam


@every_variant
def test_template_allows_nothing_that_writes_and_was_not_asked_for(found):
    surprises = [CATALOG.operation(id_) for id_ in found.policy.operations.also_allowed]

    assert [operation.id for operation in surprises if operation.access is Access.WRITE] == []


@pytest.mark.parametrize("found", [f for f in COMPILED if f.template.slug != "everything-but-delete"])
def test_servers_can_be_seen_where_they_are_worked_with(found):
    assert found.template.slug == "manage-ssh-keys" or set(found.variant.operations) >= SEEING


@both_projects
def test_read_everything_grants_nothing_that_writes(project):
    found = BY_NAME["read-everything", project]
    reading = {id_ for id_, operation in CATALOG.operations.items() if operation.access is Access.READ}
    left_out = [CATALOG.operation(id_) for id_ in reading - set(found.variant.operations)]

    assert writing(found) == []
    assert [g.action for g in found.policy.grants if CATALOG.actions[g.action].access is Access.WRITE] == []
    for row in left_out:
        needs_writing = any(CATALOG.actions[name].access is Access.WRITE for name in row.names())
        out_of_reach = project is Project.ENTERPRISE and row.scope.enterprise_project is Support.NO
        assert needs_writing or out_of_reach, row.id


@both_projects
def test_everything_but_delete_deletes_nothing(project):
    found = BY_NAME["everything-but-delete", project]
    granted = {grant.action for grant in found.policy.grants}
    deleting = [operation for operation in CATALOG.operations.values() if deletes(operation)]

    assert [operation.id for operation in allowed(found) if deletes(operation)] == []
    assert [operation.id for operation in deleting if granted & set(operation.all_actions())] == []
    assert [name for name in granted if any(word in name.lower() for word in (*DELETING, "rebuild", "changeos"))] == []


@both_projects
def test_everything_but_delete_leaves_out_only_what_it_says(project):
    found = BY_NAME["everything-but-delete", project]
    deleting = {name for o in CATALOG.operations.values() if deletes(o) for name in o.all_actions()}
    for id_ in set(BY_NAME["everything", project].variant.operations) - set(found.variant.operations):
        row = CATALOG.operation(id_)
        words = any(word in name.lower() for name in row.names() for word in (*DELETING, "rebuild", "changeos"))
        assert deletes(row) or words or deleting & set(row.names()), id_


def test_everything_is_everything():
    assert list(BY_NAME["everything", Project.IAM].variant.operations) == list(CATALOG.operations)
    assert list(BY_NAME["everything", Project.ENTERPRISE].variant.operations) == [
        id_ for id_, operation in CATALOG.operations.items() if operation.scope.enterprise_project is Support.YES
    ]


BATCH = [f"{verb}-ecss-in-a-batch" for verb in ("stopping", "restarting", "starting")]
CHANGING = "modifying-ecs-specifications-pay-per-use"
WRITING = {  # what of a task writes in an enterprise project, or in an IAM project where there is no other
    "start-stop-restart": BATCH,
    "create-servers": ["creating-ecss-pay-per-use"],
    "create-servers-existing-addresses": ["creating-ecss-pay-per-use"],
    "delete-servers": ["deleting-ecss"],
    "resize-servers": [CHANGING, BATCH[0], BATCH[2]],
    "replace-operating-system": ["changing-an-ecs-os", "reinstalling-an-ecs-os", BATCH[0], BATCH[2]],
    "manage-disks": ["detaching-a-disk-from-an-ecs", "attaching-a-disk-to-an-ecs"],
    "manage-network-cards": ["deleting-nics-from-an-ecs-in-a-batch", "adding-nics-to-an-ecs-in-a-batch"],
    "manage-security-groups": ["adding-an-ecs-to-a-security-group-native", "removing-a-security-group-native"],
    "manage-tags": ["adding-tags-to-an-ecs-in-a-batch-deleting-tags-from-an-ecs-in-a-batch"],
    "manage-metadata": ["updating-ecs-metadata"],
    "manage-server-groups": [
        "deleting-an-ecs-group",
        "creating-an-ecs-group",
        "adding-an-ecs-to-an-ecs-group",
        "removing-an-ecs-from-an-ecs-group",
    ],
    "log-in-by-console": ["obtaining-the-address-for-logging-in-to-the-console-using-vnc"],
    "manage-ssh-keys": ["creating-and-importing-an-ssh-key-pair-native", "deleting-an-ssh-key-pair-native"],
    "windows-passwords": ["deleting-the-password-for-logging-in-to-a-windows-ecs-native-openstack"],
    "create-images": ["creating-an-image-native"],
    "lock-servers": ["locking-an-ecs-native", "unlocking-an-ecs-native"],
    "read-everything": [],
}


@pytest.mark.parametrize("slug", WRITING)
def test_task_lets_people_do_what_its_title_says(slug):
    found = BY_NAME.get((slug, Project.ENTERPRISE)) or BY_NAME[slug, Project.IAM]

    assert writing(found) == WRITING[slug]


def test_every_task_is_looked_at():
    assert {template.slug for template in templates()} == {*WRITING, "everything", "everything-but-delete"}


def test_servers_without_new_addresses_order_none():
    actions = {
        slug: {grant.action for grant in BY_NAME[slug, Project.ENTERPRISE].policy.grants}
        for slug in ("create-servers", "create-servers-existing-addresses")
    }

    assert actions["create-servers"] - actions["create-servers-existing-addresses"] == {"vpc:publicIps:create"}


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
    assert compiled_templates(SMALL) == ()


def test_variant_is_a_selection():
    assert LISTING.selection(SMALL) == Selection(operations=frozenset(["ecs/a/list"]))
    assert CREATING.selection(SMALL) == Selection(
        operations=frozenset(["ecs/a/list", "ecs/a/create"]), options_off=frozenset([("ecs/a/create", "new")])
    )
    assert task(LISTING).variant(Project.ENTERPRISE) is None


def test_system_policies_are_judged_by_the_catalogue_there_is():
    assert [len(judged.operations) for judged in judged_policies(SMALL)] == [1, 1, 1, 1]
