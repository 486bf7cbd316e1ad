"""What is reading and operating, by title and by what an operation needs. What it comes to: tests/catalog_files."""

import pytest

from policybuilder.domain.catalog.rights import Rights, operations_with
from tests.builders import catalog, operation, published


def within(rights, *operations, actions=()):
    return [o.slug for o in operations_with(catalog(*operations, actions=actions), rights)]


def read(slug="list", title="Querying servers", *actions, **more):
    return operation(f"ecs/a/{slug}", *(actions or (f"ecs:a:{slug}",)), title=title, access="read", **more)


def write(slug, title, *actions, **more):
    return operation(f"ecs/a/{slug}", *(actions or (f"ecs:a:{slug}",)), title=title, **more)


@pytest.mark.parametrize(
    "title",
    [
        *("Starting an ECS", "Stopping ECSs in a batch", "Restart a queue", "Enabling or disabling an AS group"),
        *("Attach an EVS disk", "Updating a route table", "Modifying a listener", "Performing a manual switchover"),
    ],
)
def test_running_what_is_there_is_operating(title):
    assert within(Rights.OPERATE, write("it", title)) == ["it"]
    assert within(Rights.READ, write("it", title)) == []


@pytest.mark.parametrize(
    "title",
    [
        *("Creating a VPC", "Deleting ECSs", "Updating or deleting a tag", "Changing an ECS OS"),
        *("Restarting an instance or clearing instance data", "Modifying ECS specifications", "Resetting a password"),
        *("Changing the password of a database user", "Updating a signature key", "Updating AppCodes of an app"),
        *("Modifying a custom policy", "Updating a security group", "Binding an EIP", "Modifying a vault"),
    ],
)
def test_what_destroys_costs_or_lets_in_is_not(title):
    assert within(Rights.OPERATE, write("it", title)) == []
    assert within(Rights.EVERYTHING, write("it", title)) == ["it"]


def test_nothing_that_writes_in_iam_is_operating():
    assert within(Rights.OPERATE, operation("iam/a/it", "iam:a:it", title="Updating a mapping")) == []


def test_what_needs_something_that_writes_does_not_only_read():
    reading, needing = read(), read("disks", "Querying disks", needs=["evs:volumes:delete"])

    assert within(Rights.READ, reading, needing) == ["list"]
    assert within(Rights.OPERATE, reading, needing) == ["list"]


def test_wildcard_reads_where_all_that_it_covers_does():
    needing = read("disks", "Querying disks", needs=["evs:*:get*", "evs:*:*"])
    only_reading = read("more", "Querying more", needs=["evs:*:get*"])
    known = [published("evs:a:get"), published("evs:a:delete")]

    assert within(Rights.READ, needing, only_reading, actions=known) == ["more"]
    assert within(Rights.READ, only_reading) == []  # it covers nothing that is known


def test_action_that_does_more_than_to_run_something_is_not_for_operating():
    starting = write("start", "Starting an ECS", "ecs:a:manage")
    stopping = write("stop", "Stopping an ECS", "ecs:a:stop", needs=["evs:volumes:detach"])
    other = write("delete", "Deleting an ECS", "ecs:a:manage")

    assert within(Rights.OPERATE, starting, stopping, other) == ["stop"]


def test_audit_leaves_out_operations_that_reveal_contents_or_secrets_and_operations_that_share_an_action_with_them():
    content = read("content", "Obtaining an object", "ecs:a:get", reveals=["content"])
    metadata = read("metadata", "Obtaining object metadata", "ecs:a:get", reveals=[])
    listing = read()
    starting = write("start", "Starting an ECS")

    assert within(Rights.AUDIT, content, metadata, listing, starting) == ["list"]
    assert within(Rights.RUN, content, metadata, listing, starting) == ["list", "start"]
    assert within(Rights.READ, content, metadata, listing, starting) == ["content", "metadata", "list"]


@pytest.mark.parametrize(
    ("reveals", "slugs"),
    [(None, ["it"]), ([], ["it"]), (["personal"], ["it"]), (["secret"], []), (["personal", "content"], [])],
)
def test_audit_goes_by_the_facts_about_a_response_and_never_by_its_title(reveals, slugs):
    row = read("it", "Downloading the secret content of a certificate", reveals=reveals)

    assert within(Rights.AUDIT, row) == slugs
    assert within(Rights.READ, row) == ["it"]


def test_what_needs_no_authorization_is_read_as_well():
    assert within(Rights.READ, operation("ecs/a/free", title="Querying versions", access="read")) == ["free"]
