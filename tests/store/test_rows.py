"""Rows become the domain's catalogue, and each process notices when they change."""

import json
import logging
import os
import shlex
import subprocess
import sys
from dataclasses import replace

import pytest
from django.conf import settings

from policybuilder.domain.access.operations import Incomplete
from policybuilder.domain.building.closure import Grant, close
from policybuilder.domain.building.compiler import compile_selection
from policybuilder.domain.building.selection import Selection
from policybuilder.domain.catalog.entries import (
    Access,
    CatalogError,
    Category,
    Evidence,
    Level,
    Option,
    Page,
    Problem,
    Scope,
    Service,
    Source,
    Support,
)
from policybuilder.domain.catalog.scope import Verdict
from policybuilder.models import (
    CATALOG_MODELS,
    ActionRecord,
    CatalogStateRecord,
    OperationRecord,
)
from policybuilder.store import rows as catalog_loader
from policybuilder.store.files import load_files
from policybuilder.store.rows import CatalogMissing, build_catalog, current_catalog, save_entries
from tests.builders import ECS, OTHER_SERVICES, catalog_of_files, operation, real_catalog

BIND, UPDATE, UPDATE_NATIVE = (
    f"eip/floating-ips/{slug}" for slug in ("binding-a-floating-ip", "updating-an-eip", "updating-a-floating-ip")
)
LIST, AGGREGATED = (f"config/resource-query/{slug}" for slug in ("listing-resources", "listing-aggregated-resources"))
TOKEN = "iam/tokens/obtaining-a-token"

YES, NO, UNKNOWN = Support.YES, Support.NO, Support.UNKNOWN


@pytest.fixture(autouse=True)
def new_process(monkeypatch):
    """Holds no catalogue yet: the database of each test begins empty, and its versions at nought."""
    monkeypatch.setattr(catalog_loader, "_held", catalog_loader.Held())


@pytest.fixture(scope="module")
def other_services():
    """The catalogue with services whose tables have shapes that ECS's have not, as it loads (the first test of it)."""
    return catalog_of_files(ECS, OTHER_SERVICES)


ENTRY = {
    "service": "ecs",
    "title": "Servers",
    "level": "XA",
    "complete": "all of it",
    "sources": {"table": {"title": "A table", "url": "https://vendor.example/table"}},
    "categories": [
        {
            "category": "a",
            "title": "A",
            "source": "table",
            "operations": [
                {
                    "operation": "start",
                    "title": "Start",
                    "access": "write",
                    "calls": ["POST /a"],
                    "actions": ["ecs:a:start"],
                    "options": [{"option": "now", "title": "now"}],
                    "scope": {"iam_project": "yes", "enterprise_project": "no"},
                    "pages": [{"title": "Starting", "url": "https://vendor.example/start"}],
                },
                {
                    "operation": "stop",
                    "title": "Stop",
                    "access": "write",
                    "scope": {"iam_project": "yes", "enterprise_project": "no"},
                },
            ],
        }
    ],
    "actions": [{"action": "ecs:a:use", "title": "Using it"}],
}


def create_rows():
    """Some rows of each kind. The two operations."""
    save_entries([ENTRY])
    CatalogStateRecord.count_up()
    return OperationRecord.objects.all()


def retitled(row, title):
    row.entry = json.dumps({**json.loads(row.entry), "title": title})
    return row


def same(one, other):
    return (one.services, one.actions) == (other.services, other.actions)


def ticked(*ids, **rest):
    return Selection(frozenset(ids), **{name: frozenset(values) for name, values in rest.items()})


# --- What a process holds ----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_empty_database_has_no_catalogue():
    assert build_catalog().operations == {}
    with pytest.raises(CatalogMissing):
        current_catalog()


@pytest.mark.django_db
def test_rows_become_the_catalogue():
    create_rows()

    unknown = Scope(YES, NO, Evidence.MISSING, None)
    start = replace(
        operation("ecs/a/start", "ecs:a:start", calls=["POST /a"], options=[Option("now", "now", (), ())]),
        scope=unknown,
        pages=(Page("Starting", "https://vendor.example/start"),),
    )
    table = Source("table", "A table", "https://vendor.example/table", "", "")
    rows = (start, replace(operation("ecs/a/stop"), scope=unknown))
    category = Category("ecs/a", "ecs", "a", "A", table, rows)
    assert build_catalog().services == (Service("ecs", "Servers", ("ecs",), Level.XA, "all of it", (category,)),)
    assert {name: action.title for name, action in build_catalog().actions.items()} == {
        "ecs:a:start": "",
        "ecs:a:use": "Using it",
    }


@pytest.mark.django_db
@pytest.mark.parametrize(("seconds_between_looks", "looks"), [(3600, 0), (0, 1)])
def test_catalogue_is_held_as_long_as_nothing_changes(
    monkeypatch, django_assert_num_queries, seconds_between_looks, looks
):
    monkeypatch.setattr(catalog_loader, "BETWEEN_LOOKS", seconds_between_looks)
    create_rows()
    first = current_catalog()

    with django_assert_num_queries(looks):
        assert current_catalog() is first


@pytest.mark.django_db
def test_load_of_this_process_is_seen_at_once(monkeypatch):
    monkeypatch.setattr(catalog_loader, "BETWEEN_LOOKS", 3600)
    create_rows()
    current_catalog()

    load_files([ECS])

    assert same(current_catalog(), real_catalog())


@pytest.mark.django_db
def test_catalogue_that_is_loaded_later_is_found():
    with pytest.raises(CatalogMissing):
        current_catalog()

    load_files([ECS])

    assert same(current_catalog(), real_catalog())


@pytest.mark.parametrize(
    "change",
    [
        lambda row: retitled(row, "Begin").save(),
        lambda row: row.delete(),
        lambda row: ActionRecord.objects.create(
            service_id="ecs", name="ecs:a:new", position=1, entry='{"action": "ecs:a:new"}'
        ),
        lambda row: ActionRecord.objects.all().delete(),
    ],
    ids=["save", "delete", "create", "delete many"],
)
@pytest.mark.django_db
def test_change_of_a_row_is_noticed(change):
    start, _ = create_rows()
    before, version = current_catalog(), CatalogStateRecord.current()

    change(start)

    assert CatalogStateRecord.current() > version
    assert not same(current_catalog(), before)
    assert same(current_catalog(), build_catalog())


@pytest.mark.django_db
def test_every_kind_of_row_counts_the_version_up():
    create_rows()

    for model in CATALOG_MODELS:
        version = CatalogStateRecord.current()
        model.objects.first().save()
        assert CatalogStateRecord.current() == version + 1, model


@pytest.mark.django_db
def test_catalogue_that_was_held_does_not_change():
    start, _ = create_rows()
    before = current_catalog()

    start.delete()

    assert list(before.operations) == ["ecs/a/start", "ecs/a/stop"]
    assert list(current_catalog().operations) == ["ecs/a/stop"]


@pytest.mark.django_db
def test_rows_that_are_not_valid_leave_the_last_good_catalogue(caplog):
    start, _ = create_rows()
    good = current_catalog()

    retitled(start, "").save()

    assert current_catalog() is good
    assert [(record.levelno, record.getMessage()) for record in caplog.records] == [
        (
            logging.ERROR,
            f"The catalogue, version {CatalogStateRecord.current()}, is not valid; the last good one stays in use.\n"
            "ecs/a/start: title: is blank; leave it out or say something",
        )
    ]
    caplog.clear()
    assert current_catalog() is good
    assert caplog.records == []  # said once, not with every request

    retitled(start, "Starting it").save()

    assert current_catalog().operation("ecs/a/start").title == "Starting it"


@pytest.mark.django_db
def test_rows_that_never_were_valid_are_no_catalogue(caplog):
    for row in create_rows():
        retitled(row, " ").save()

    with pytest.raises(CatalogMissing):
        current_catalog()

    assert len(caplog.records) == 1
    with pytest.raises(CatalogError) as error:
        build_catalog()
    blank = "is blank; leave it out or say something"
    assert error.value.problems == (Problem("ecs/a/start: title", blank), Problem("ecs/a/stop: title", blank))


@pytest.mark.django_db
def test_catalogue_is_built_in_a_query_for_each_table(django_assert_num_queries):
    load_files([ECS, OTHER_SERVICES])

    with django_assert_num_queries(len(CATALOG_MODELS)):
        build_catalog()


# Two that go on as long as they are asked something. The first does commands, the second looks.
MANAGE = """
import io, shlex, sys
import django
from django.core.management import call_command
django.setup()
for line in sys.stdin:
    call_command(*shlex.split(line), verbosity=0, stdout=io.StringIO())
    print("done", flush=True)
"""
HOLD = """
import sys
import django
django.setup()
from policybuilder.store import rows
rows.BETWEEN_LOOKS = 0
for line in sys.stdin:
    catalog = rows.current_catalog()
    print(len(catalog.operations), catalog.services[0].title, flush=True)
"""


def test_another_process_notices_a_load(tmp_path):
    """A process that holds the catalogue, a second that loads other files, and the first looks again."""
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "policybuilder.settings",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'catalog.sqlite3'}",
    }
    changed = tmp_path / "changed.yaml"
    changed.write_text(ECS.read_text().replace("title: Elastic Cloud Server\n", "title: Virtual Machines\n"))

    def process(program):
        command = [sys.executable, "-c", program]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        return subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment, **pipes)

    def ask(other, *words):
        other.stdin.write(f"{shlex.join(words)}\n")
        other.stdin.flush()
        return other.stdout.readline()

    with process(MANAGE) as loader, process(HOLD) as holder:
        assert ask(loader, "migrate") == "done\n"
        assert ask(loader, "load_catalog", str(ECS)) == "done\n"
        assert ask(holder, "look") == "91 Elastic Cloud Server\n"

        assert ask(loader, "load_catalog", str(changed), str(OTHER_SERVICES)) == "done\n"
        assert ask(holder, "look") == "97 Virtual Machines\n"

        loader.stdin.close()
        holder.stdin.close()


# --- Other services, as they are published ------------------------------------------------------------------------


@pytest.mark.django_db
def test_other_services_load_beside_ecs(other_services):
    assert same(load_files([ECS, OTHER_SERVICES]), other_services)
    assert [(service.slug, service.prefixes, service.level) for service in other_services.services] == [
        ("ecs", ("ecs",), Level.XA),
        ("eip", ("vpc",), Level.XA),
        ("config", ("rms",), Level.AX),
        ("iam", ("iam",), Level.AX),
        *((slug, (slug,), Level.XA) for slug in ("evs", "ims", "vpc")),
    ]
    assert list(other_services.operations)[91:] == [BIND, UPDATE, UPDATE_NATIVE, LIST, AGGREGATED, TOKEN]


def test_operation_without_actions_needs_no_authorization(other_services):
    policy = compile_selection(other_services, ticked(TOKEN))

    assert policy.grants == ()
    assert (policy.operations.selected, policy.operations.allowed) == ((TOKEN,), frozenset({TOKEN}))
    assert other_services.operation(TOKEN).scope == Scope(UNKNOWN, UNKNOWN, Evidence.MISSING, None)


def test_several_actions_and_a_wildcard_are_needed_together(other_services):
    policy = compile_selection(other_services, ticked(BIND))

    assert other_services.operation(BIND).calls == ()
    assert policy.grants == (
        Grant("vpc:*:list", False, (BIND,)),
        Grant("vpc:floatingIps:bind", True, ()),
        Grant("vpc:floatingIps:create", True, ()),
    )
    assert policy.scope.verdict is Verdict.IAM_ONLY
    assert policy.scope.iam_only == ("vpc:floatingIps:bind", "vpc:floatingIps:create")
    assert policy.scope.unknown == ("vpc:*:list",)  # no list action of the prefix is known
    assert policy.operations.allowed == {BIND}

    without = compile_selection(other_services, ticked(BIND, without={"vpc:*:list"}))
    assert without.operations.incomplete == (Incomplete(BIND, ("vpc:*:list",)),)


def test_action_of_two_services_and_of_rows_of_different_scope(other_services):
    shared, mixed = other_services.actions["vpc:publicIps:update"], other_services.actions["vpc:bandwidths:use"]

    assert shared.operations == (UPDATE,)
    assert shared.scope.enterprise_project is YES  # published for the action itself
    assert mixed.operations == (UPDATE, UPDATE_NATIVE)
    assert mixed.scope.enterprise_project is Support.VARIES
    assert mixed.access is Access.WRITE
    assert [call.path for call in mixed.calls] == ["/v1/{project_id}/publicips/{publicip_id}"]
    assert compile_selection(other_services, ticked(UPDATE)).scope.verdict is Verdict.VARIES
    assert compile_selection(other_services, ticked(UPDATE)).operations.also_allowed == (UPDATE_NATIVE,)


def test_alternatives_of_actions_are_options(other_services):
    assert other_services.operation(LIST).options == (
        Option("one-by-one", "one by one", ("rms:resources:list",), ("iam:agencies:get",)),
        Option("as-a-summary", "as a summary", ("rms:resources:summarize",), ("iam:agencies:list",)),
    )
    policy = compile_selection(other_services, ticked(LIST, options_off={(LIST, "as-a-summary")}))

    assert policy.grants == (Grant("iam:agencies:get", False, (LIST,)), Grant("rms:resources:list", True, ()))
    assert policy.operations.allowed == {LIST}
    assert policy.scope.verdict is Verdict.UNKNOWN
    assert [action.level for action in map(other_services.action, policy.document.actions())] == [Level.AX, Level.AX]


def test_alternatives_of_dependencies_are_options(other_services):
    policy = compile_selection(other_services, ticked(AGGREGATED, options_off={(AGGREGATED, "of-one-account")}))

    assert policy.grants == (Grant("iam:agencies:list", False, (AGGREGATED,)), Grant("rms:aggregators:list", True, ()))
    assert policy.operations.allowed == {AGGREGATED}
    assert policy.findings[0].finding.code == "PB003"


def test_services_of_both_levels_do_not_go_into_one_policy(other_services):
    policy = compile_selection(other_services, ticked(LIST, UPDATE))

    assert [each.finding.code for each in policy.findings] == ["PB007", "PB003"]


def test_prefix_of_two_services_is_one_statement(other_services):
    create = "ecs/lifecycle-management/creating-ecss-pay-per-use"

    document = compile_selection(other_services, ticked(create, UPDATE)).document

    assert [statement.actions for statement in document.statements] == [
        ("ecs:cloudServers:createServers",),
        ("vpc:bandwidths:use", "vpc:publicIps:create", "vpc:publicIps:update"),
    ]
    assert close(other_services, ticked(create, UPDATE))[-1] == Grant("vpc:publicIps:update", True, (create,))
