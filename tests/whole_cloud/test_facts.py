"""Laws over everything that the shipped catalogue says, and what it says of some rows that were wrong before."""

import json
import re
from collections import Counter

import pytest

from policybuilder.catalog_files.searching import search_of
from policybuilder.domain.building.compiler import compile_selection
from policybuilder.domain.building.selection import Selection
from policybuilder.domain.catalog.action_names import is_wildcard
from policybuilder.domain.catalog.entries import Access, Evidence, Level, Support
from policybuilder.domain.catalog.scope import Verdict, judge
from policybuilder.domain.jsontext.source import MAX_BYTES
from policybuilder.domain.refusal.explain import explain
from policybuilder.domain.searching.search import Filter
from policybuilder.drafts.draft import Draft
from policybuilder.drafts.link import decode, encode
from policybuilder.reference.decisions import read_decisions
from tests.builders import WHOLE, catalog_of_files, whole_catalog
from tests.sweeps import sweep

CATALOG = whole_catalog()
OPERATIONS = list(CATALOG.operations.values())
SERVICES = [service for service in CATALOG.services if service.categories]
files = pytest.mark.parametrize("path", sorted(WHOLE.glob("*.yaml")), ids=lambda path: path.stem)


def test_services_are_those_that_publish_actions_ecs_first():
    assert CATALOG.services[0].slug == "ecs"
    assert len(SERVICES) == 36
    assert len(list(WHOLE.glob("*.yaml"))) == 41
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
        assert service.endpoints or not any(row.calls for row in service.operations), service.slug


def test_same_jobs_are_those_that_were_decided_on():
    jobs = read_decisions(WHOLE.parent / "decisions.yaml").same_jobs
    pairs = {(one, other) for job in jobs for one in job.operations for other in job.operations if one != other}

    assert {(row.id, other) for row in OPERATIONS for other in row.same_job} == pairs
    assert [job.operations for job in jobs if not (job.page.startswith("https://") and job.reason)] == []
    levels = {id_: CATALOG.services_by_slug[id_.partition("/")[0]].level for pair in pairs for id_ in pair}
    assert [pair for pair in pairs if levels[pair[0]] is not levels[pair[1]]] == []  # one policy can deny both
    rows = CATALOG.operations
    assert [pair for pair in pairs if rows[pair[0]].access is not rows[pair[1]].access] == []


@files
def test_every_file_loads_alone_with_the_operations_that_it_has_among_all(path):
    alone = catalog_of_files(path)

    assert alone.operations.keys() == {row.id for row in CATALOG.services_by_slug[path.stem].operations}
    assert alone.action_index.actions.keys() <= CATALOG.action_index.actions.keys()


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
        assert len(policy.documents) == (2 if CATALOG.prefixes.mixes_levels(policy.document.actions()) else 1), row.id


def test_every_operation_can_be_in_a_link():
    everything = Selection(frozenset(CATALOG.operations))

    assert decode(CATALOG, encode(Draft.of(everything))).draft.blocks[0].selection == everything


@pytest.mark.parametrize("name", ["vpc:vpcs:get", "obs:object:GetObject", "vpc:subnets:get", "vpc:publicIps:list"])
def test_action_that_reads_is_not_called_writing_for_the_rows_it_shares(name):
    assert CATALOG.action_index.actions[name].access is Access.READ


def test_reading_verbs_write_only_where_a_row_of_their_own_writes():
    writing = [
        action
        for action in CATALOG.action_index.actions.values()
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


def test_names_tell_every_operation_and_category_from_all_others():
    names = Counter(map(CATALOG.titles.operation_name, OPERATIONS))
    names.update(map(CATALOG.titles.category_name, CATALOG.categories.values()))

    assert [name for name, count in names.items() if count > 1] == []


def test_draft_of_everything_is_checked_though_it_is_longer_than_a_text_that_somebody_pastes():
    policy = compile_selection(CATALOG, Selection(frozenset(CATALOG.operations)))

    assert len(policy.text) > MAX_BYTES
    assert {"IAM.1021", "IAM.1028"} <= {each.finding.code for each in policy.documents[0].findings}
    assert [each.finding.code for each in policy.shared_findings] == ["PB002"]


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


@sweep("prefix", sorted(CATALOG.prefixes.services_by_prefix))
def test_every_action_is_found_by_the_beginning_of_its_name(prefix):
    """With the operations that it authorises, or by itself."""
    wanted = Filter(words=(f"{prefix}:",))
    authorised = {
        name for operation in search_of(CATALOG).operations(wanted, frozenset()) for name in operation.all_actions()
    }
    alone = {action.name for action in search_of(CATALOG).single_actions(wanted, frozenset())}

    assert [name for name in CATALOG.action_index.expand(f"{prefix}:*:*") if name not in authorised | alone] == []


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.slug)
def test_every_call_of_an_operation_is_explained_at_its_host(service):
    """A law over many, in one test a service: a text for each is a test too many."""
    for row in service.operations:
        for call in row.calls:
            path = re.sub(r"\{\?[^}]*\}", "", call.path)  # its parameters
            if not call.method:  # named only
                continue
            host = service.endpoints[0].replace("{region}", "eu-de")
            found = explain(CATALOG, f"{call.method} https://{host}{re.sub(r'{[^}]*}', '0123456789abcdef', path)}")
            assert row.id in found.operations, call
            assert set(row.all_actions()) <= set(found.actions), call
            free = any("needs no authorization" in finding.message for finding in found.findings)
            assert free is (not found.actions), call


TOKENS = "https://iam.eu-de.otc.t-systems.com/v3/auth/tokens"


@pytest.mark.parametrize(
    ("method", "status", "operations", "code"),
    [
        ("assume_role", 403, ("iam/token-management/obtaining-an-agency-token",), ""),
        ("password", 403, (), "PB037"),
        ("password", 401, (), "PB054"),
        ("assume_role", 401, (), "PB054"),
    ],
)
def test_only_a_refused_request_to_assume_a_role_needs_the_action_of_agency_tokens(method, status, operations, code):
    body = json.dumps({"auth": {"identity": {"methods": [method], method: {}}}})
    found = explain(CATALOG, f"curl -X POST {TOKENS} -d '{body}'\nHTTP/1.1 {status}\n")

    assert found.operations == operations
    assert [finding.code for finding in found.findings if finding.severity != "note"] == [code] * bool(code)


@pytest.mark.parametrize(
    "answer",
    [
        "",
        " 403",
        ' 403\n{"error": {"message": "You may not.", "code": 403, "title": "Forbidden"}}',
        ' 403\n{"message": "no"}',
    ],
)
def test_request_for_a_token_without_its_body_is_one_of_an_agency_only_perhaps(answer):
    found = explain(CATALOG, f"POST {TOKENS}{answer}")

    assert found.actions == ("iam:tokens:assume",)
    assert [(finding.code, finding.message) for finding in found.findings] == [
        (
            "PB038",
            "The call “POST /v3/auth/tokens” in eu-de needs iam:tokens:assume only with “assume_role” in its body, "
            "which the text does not show.",
        )
    ]
