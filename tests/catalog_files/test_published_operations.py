"""The vendor's table of common operations per system-defined policy, beside what the evaluator decides.

Source: ECS user manual, "Permissions", table 3 (opentelekomcloud-docs/elastic-cloud-server,
umn/source/service_overview/permissions.rst). docs/system-policies.md explains every difference.
"""

from policybuilder.catalog_files.starting_points import system_policies
from policybuilder.domain.access.decisions import Answer
from policybuilder.domain.access.evaluation import Evaluator, GrantedPolicy, Project, Request
from tests.builders import ROOT, real_catalog

POLICIES = ("ECS FullAccess", "ECS CommonOperations", "ECS ReadOnlyAccess")
ALL, COMMON, FULL = (True, True, True), (True, True, False), (True, False, False)
# What the table names, the row of our catalogue that does it, and by which of the policies the table supports it.
PUBLISHED = (
    ("Creating an ECS", "lifecycle-management/creating-ecss-pay-per-use", FULL),
    (
        "Remotely logging in to an ECS on the management console",
        "ecs-management-through-console/obtaining-the-address-for-logging-in-to-the-console-using-vnc",
        COMMON,
    ),
    ("Querying an ECS list", "lifecycle-management/querying-details-about-ecss", ALL),
    ("Querying ECS details", "lifecycle-management/querying-details-about-a-specific-ecs", ALL),
    ("Modifying ECS details", "lifecycle-management/modifying-ecs-details", FULL),
    ("Starting an ECS", "batch-operations/starting-ecss-in-a-batch", COMMON),
    ("Stopping an ECS", "batch-operations/stopping-ecss-in-a-batch", COMMON),
    ("Restarting an ECS", "batch-operations/restarting-ecss-in-a-batch", COMMON),
    ("Deleting an ECS", "lifecycle-management/deleting-ecss", FULL),
    ("Reinstalling an ECS OS", "ecs-status-management/reinstalling-an-ecs-os", FULL),
    ("Changing an ECS OS", "ecs-status-management/changing-an-ecs-os", FULL),
    ("Attaching a disk to an ECS", "disk-management/attaching-a-disk-to-an-ecs", FULL),
    ("Detaching a disk from an ECS", "disk-management/detaching-a-disk-from-an-ecs", FULL),
    ("Querying a disk list", "disk-management/querying-details-about-disks-attached-to-an-ecs", ALL),
    ("Attaching a NIC to an ECS", "nic-management/adding-nics-to-an-ecs-in-a-batch", FULL),
    ("Detaching a NIC from an ECS", "nic-management/deleting-nics-from-an-ecs-in-a-batch", FULL),
    ("Querying a NIC list", "nic-management/querying-nics-of-an-ecs", ALL),
    (
        "Adding tags to an ECS",
        "tag-management/adding-tags-to-an-ecs-in-a-batch-deleting-tags-from-an-ecs-in-a-batch",
        COMMON,
    ),
    ("Modifying ECS specifications", "ecs-status-management/modifying-ecs-specifications-pay-per-use", FULL),
    (
        "Querying the ECS flavor list",
        "specifications-query/querying-details-about-flavors-and-extended-flavor-information",
        ALL,
    ),
    ("Querying ECS groups", "ecs-group-management/querying-ecs-groups", ALL),
)
# Where the policies, as published, do not allow what the table says.
DIFFERENCES = {
    ("Querying ECS details", "ECS CommonOperations"): ("ecs:cloudServers:showServer",),
    ("Querying ECS details", "ECS ReadOnlyAccess"): ("ecs:cloudServers:showServer",),
    ("Adding tags to an ECS", "ECS CommonOperations"): ("ecs:cloudServers:batchSetServerTags",),
}


def test_evaluator_agrees_with_the_published_table_or_the_difference_is_explained():
    catalog = real_catalog()
    documents = {policy.name: policy.document for policy in system_policies()}
    differences = {}
    for position, name in enumerate(POLICIES):
        evaluator = Evaluator(catalog, [GrantedPolicy(name, documents[name], Project.IAM)])
        for title, operation, supported in PUBLISHED:
            decision = evaluator.evaluate(Request(f"ecs/{operation}", Project.IAM))
            if (decision.decision is Answer.ALLOWED) != supported[position]:
                differences[title, name] = decision.missing_actions

    assert differences == DIFFERENCES


def test_docs_explain_every_difference():
    page = (ROOT / "docs/system-policies.md").read_text(encoding="utf-8")
    rows = [[cell.strip(" `") for cell in line.split("|")[1:-1]] for line in page.splitlines() if line.startswith("| ")]

    assert [row[:3] for row in rows[2:]] == [
        [title, policy, ", ".join(missing)] for (title, policy), missing in DIFFERENCES.items()
    ]
