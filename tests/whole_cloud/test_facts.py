"""Laws over everything that the shipped catalogue says, and what it says of some rows that were wrong before."""

from collections import Counter

import pytest

from policybuilder.domain.building.compiler import compile_selection
from policybuilder.domain.building.selection import Selection
from policybuilder.domain.catalog.action_names import is_wildcard
from policybuilder.domain.catalog.entries import Access, Evidence, Level, Support
from policybuilder.domain.catalog.scope import Verdict, judge
from policybuilder.domain.catalog.search import Filter, find, find_single_actions
from policybuilder.drafts.draft import Draft
from policybuilder.drafts.link import decode, encode
from tests.builders import WHOLE, catalog_of_files, whole_catalog

CATALOG = whole_catalog()
OPERATIONS = list(CATALOG.operations.values())
SERVICES = [service for service in CATALOG.services if service.categories]
files = pytest.mark.parametrize("path", sorted(WHOLE.glob("*.yaml")), ids=lambda path: path.stem)


def test_services_are_those_that_publish_actions_ecs_first():
    assert CATALOG.services[0].slug == "ecs"
    assert len(SERVICES) == 35
    assert len(list(WHOLE.glob("*.yaml"))) == 39
    assert [service.slug for service in CATALOG.services if service.complete] == ["ecs"]
    assert {service.slug for service in CATALOG.services if service.level is Level.AX} == {
        "config",
        "eps",
        "iam",
        "obs",
        "tms",
    }
    for service in SERVICES:
        assert service.short, service.slug
        assert service.group, service.slug
        assert service.endpoints, service.slug


@files
def test_every_file_loads_alone_with_the_operations_that_it_has_among_all(path):
    alone = catalog_of_files(path)

    assert alone.operations.keys() == {row.id for row in CATALOG.services_by_slug[path.stem].operations}
    assert alone.actions.keys() <= CATALOG.actions.keys()


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.slug)
def test_scope_of_a_row_and_the_verdict_about_its_actions_agree(service):
    """One derivation: no row says that its scope is unknown, or that it stays in IAM, while its policy is green."""
    for row in service.operations:
        names = [name for name in row.actions if not is_wildcard(name)]
        if not names or row.options:
            continue
        verdict, told = judge(CATALOG, names).verdict, row.scope.enterprise_project
        if verdict is Verdict.IAM_AND_ENTERPRISE:
            assert told is Support.YES, row.id
        if verdict is Verdict.IAM_ONLY:
            assert told is not Support.YES, row.id
        if told is Support.NO:
            assert verdict is not Verdict.IAM_AND_ENTERPRISE, row.id


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.slug)
def test_every_operation_makes_a_policy_that_allows_it(service):
    for row in service.operations:
        policy = compile_selection(CATALOG, Selection(frozenset({row.id})))

        assert row.id in policy.operations.allowed, row.id
        assert len(policy.documents) == (2 if CATALOG.mixes_levels(policy.document.actions()) else 1), row.id


def test_every_operation_can_be_in_a_link():
    everything = Selection(frozenset(CATALOG.operations))

    assert decode(CATALOG, encode(Draft.of(everything))).draft.blocks[0].selection == everything


@pytest.mark.parametrize("name", ["vpc:vpcs:get", "obs:object:GetObject", "vpc:subnets:get", "vpc:publicIps:list"])
def test_action_that_reads_is_not_called_writing_for_the_rows_it_shares(name):
    assert CATALOG.actions[name].access is Access.READ


def test_reading_verbs_write_only_where_a_row_of_their_own_writes():
    writing = [
        action
        for action in CATALOG.actions.values()
        if action.access is Access.WRITE and action.name.rpartition(":")[2].lower().startswith(("get", "list", "show"))
    ]

    for action in writing:
        rows = [CATALOG.operation(id_) for id_ in action.operations]
        assert any(row.access is Access.WRITE and len(row.all_actions()) == 1 for row in rows), action.name


def test_rows_without_an_action_say_that_none_is_required():
    """What is “included in the Tenant Guest permissions” is no operation that everybody may do, but a note."""
    tms = CATALOG.services_by_slug["tms"]

    assert [row.id for row in tms.operations if not row.all_actions()] == []
    assert any("Tenant Guest" in note for note in tms.notes)


def test_rows_of_two_services_are_one_operation():
    shared = {row.id for row in OPERATIONS if len(CATALOG.categories_by_operation[row.id]) > 1}

    assert len(shared) == 17
    assert Counter(tuple(each.slug for each in CATALOG.services_of(CATALOG.operation(id_))) for id_ in shared) == {
        ("vpc", "eip"): 17
    }


def test_what_sister_documentations_state_is_marked_as_inferred():
    assign = CATALOG.operation("vpc/eip/assigning-an-eip")

    assert assign.scope.enterprise_project is Support.YES
    assert assign.scope.evidence is Evidence.INFERRED
    assert assign.scope.source is not None
    unknown = Counter(row.service for row in OPERATIONS if row.scope.enterprise_project is Support.UNKNOWN)
    assert unknown["iam"] == 103


def test_names_of_object_storage_are_calls_by_name():
    (call, *_) = CATALOG.operation("obs/bucket-actions/listing-all-buckets").calls

    assert (call.method, str(call)) == ("", call.path)


def test_tables_that_stand_in_several_sets_tell_which():
    sections = {service.slug: {category.section for category in service.categories} for service in SERVICES}

    assert len(sections["elb"]) == 2
    assert len(sections["vpc"]) == 3
    assert sections["ecs"] == {""}


@pytest.mark.parametrize("prefix", sorted(CATALOG.services_by_prefix))
def test_every_action_is_found_by_the_beginning_of_its_name(prefix):
    """With the operations that it authorises, or by itself."""
    wanted = Filter(words=(f"{prefix}:",))
    authorised = {name for operation in find(CATALOG, wanted, frozenset()) for name in operation.all_actions()}
    alone = {action.name for action in find_single_actions(CATALOG, wanted, frozenset())}

    assert [name for name in CATALOG.expand(f"{prefix}:*:*") if name not in authorised | alone] == []
