from dataclasses import FrozenInstanceError, replace
from functools import cached_property

import pytest

from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import (
    Access,
    Action,
    ApiCall,
    CatalogError,
    Category,
    Evidence,
    Level,
    Problem,
    PublishedAction,
    Scope,
    Source,
    Support,
    UnknownOperation,
    combine,
)
from tests.builders import SOURCE, catalog, catalog_of_services, category, operation, option, published, scope, service

YES, NO, VARIES, UNKNOWN = Support.YES, Support.NO, Support.VARIES, Support.UNKNOWN


def problems_of(*services, actions=()):
    with pytest.raises(CatalogError) as error:
        Catalog(services, actions)
    assert str(error.value) == "\n".join(f"{problem.place}: {problem.message}" for problem in error.value.problems)
    return [(problem.place, problem.message) for problem in error.value.problems]


def test_catalog_finds_its_entries_by_name():
    start = operation("ecs/servers/start", "ecs:servers:start", needs=["evs:volumes:use"])
    attach = operation("ecs/disks/attach", "ecs:disks:attach")
    ecs = service("ecs", start, attach)

    found = Catalog(
        [ecs, service("evs")], [published(name) for name in ("evs:volumes:use", *start.actions, *attach.actions)]
    )

    assert found.services == (ecs, service("evs"))
    assert list(found.categories.items()) == [
        ("ecs/servers", Category("ecs/servers", "ecs", "servers", "Servers", SOURCE, (start,))),
        ("ecs/disks", Category("ecs/disks", "ecs", "disks", "Disks", SOURCE, (attach,))),
    ]
    assert list(found.operations.items()) == [("ecs/servers/start", start), ("ecs/disks/attach", attach)]
    assert list(found.action_index.actions) == ["ecs:disks:attach", "ecs:servers:start", "evs:volumes:use"]
    assert found.operation("ecs/servers/start") is start
    assert list(ecs.operations) == [start, attach]


def test_look_ups_are_built_before_threads_share_a_catalogue():
    known = catalog(operation("ecs/servers/start", "ecs:servers:start", needs=["ecs:servers:*"]))

    for each in (known, known.action_index.names, known.action_index.known_names):
        derived = {name for name, value in vars(type(each)).items() if isinstance(value, cached_property)}
        assert derived - vars(each).keys() == set()


def test_operation_that_does_not_exist_is_named():
    with pytest.raises(UnknownOperation) as error:
        catalog().operation("ecs/servers/fly")

    assert error.value.operation_id == "ecs/servers/fly"
    assert str(error.value) == "There is no operation 'ecs/servers/fly' in the catalogue."


def test_action_is_found_whatever_its_case():
    of = catalog(operation("ecs/servers/show", "ecs:cloudServers:showServer"))

    assert (
        of.action_index.action("ecs:CloudServers:SHOWSERVER") is of.action_index.actions["ecs:cloudServers:showServer"]
    )
    assert [of.action_index.action(name) for name in ("ecs:cloudServers:*", "ecs:servers:fly", "no action")] == [
        None,
        None,
        None,
    ]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("ecs:servers:GET", ("ecs:servers:get",)),
        ("ecs:servers:fly", ()),
        ("ecs:servers:*", ("ecs:servers:get", "ecs:servers:list")),
        ("*:*:get", ("ecs:servers:get", "evs:volumes:get")),
        ("vpc:*:*", ()),
    ],
)
def test_expand_gives_the_actions_that_a_name_covers(name, found):
    of = catalog(
        operation("ecs/servers/list", "ecs:servers:list", needs=["evs:volumes:get", "ecs:servers:get", "vpc:*:*"])
    )

    assert of.action_index.expand(name) == found


def test_level_is_that_of_the_service_with_the_prefix():
    of = catalog(
        operation("config/rules/list", "rms:rules:list"), prefixes={"config": "rms"}, levels={"config": Level.AX}
    )

    assert [of.prefixes.level_of(name) for name in ("rms:rules:list", "rms:*:*", "config:rules:list")] == [
        Level.AX,
        Level.AX,
        None,
    ]
    assert of.action_index.actions["rms:rules:list"].level is Level.AX


def test_operations_by_action_holds_each_row_once_per_action():
    either = operation(
        "ecs/a/either", options=[option("old", actions=["ecs:a:Use"]), option("new", actions=["ecs:a:Use"])]
    )
    both = operation("ecs/a/both", "ecs:a:Use", "ecs:b:use")

    assert catalog(either, both).needs.operations_by_action == {"ecs:a:use": (either, both), "ecs:b:use": (both,)}


def test_names_of_an_operation_are_those_of_its_options_too():
    row = operation(
        "ecs/a/row",
        "ecs:a:own",
        needs=["ecs:a:need"],
        options=[option("way", actions=["ecs:b:own"], needs=["ecs:b:need"])],
    )

    assert row.all_actions() == ("ecs:a:own", "ecs:b:own")
    assert row.all_dependencies() == ("ecs:a:need", "ecs:b:need")
    assert row.names() == ("ecs:a:own", "ecs:b:own", "ecs:a:need", "ecs:b:need")
    assert row.category_id == "ecs/a"


def test_shared_dependencies_are_those_of_all_rows_and_all_their_options():
    of = catalog(
        operation("ecs/a/one", "ecs:a:use", needs=["evs:a:get", "evs:b:get", "vpc:*:*"]),
        operation(
            "ecs/a/two",
            "ecs:a:use",
            needs=["evs:a:get", "vpc:*:*"],
            options=[option("old", needs=["evs:b:get", "evs:c:get"]), option("new", needs=["evs:b:get"])],
        ),
        operation("ecs/a/other", "ecs:b:use", needs=["evs:d:get"]),
        operation("ecs/a/bare", "ecs:b:use"),
    )

    assert of.needs.shared_dependencies("ecs:A:use") == {"evs:a:get", "evs:b:get", "vpc:*:*"}
    assert [of.needs.shared_dependencies(name) for name in ("ecs:b:use", "evs:a:get", "vpc:*:*")] == [frozenset()] * 3


def test_action_is_described_by_its_rows():
    of = catalog(
        operation("ecs/a/show", "ecs:a:use", enterprise="yes", access="read", calls=["GET /a/{id}", "GET /a"]),
        operation("ecs/a/drop", "ecs:a:use", enterprise="no", access="write", calls=["GET /a", "DELETE /a/{id}"]),
    )

    assert of.action_index.actions["ecs:a:use"] == Action(
        name="ecs:a:use",
        title="",
        access=Access.WRITE,
        scope=scope("varies"),
        calls=(ApiCall("GET", "/a/{id}"), ApiCall("GET", "/a"), ApiCall("DELETE", "/a/{id}")),
        operations=("ecs/a/show", "ecs/a/drop"),
        level=Level.XA,
    )


def test_action_is_described_by_what_is_published_of_it_and_by_its_rows():
    page = Source("manual", "A manual", "https://vendor.example/manual", "", "")
    told = PublishedAction("ecs:a:use", "Use A", Access.READ, scope("no"), (ApiCall("GET", "/a", NO),), page)
    of = catalog(operation("ecs/a/drop", "ecs:a:use", access="write", calls=["DELETE /a"]), actions=[told])

    assert of.action_index.actions["ecs:a:use"] == Action(
        "ecs:a:use",
        "Use A",
        Access.READ,
        scope("varies"),
        (ApiCall("GET", "/a", NO),),
        ("ecs/a/drop",),
        Level.XA,
        page,
    )


@pytest.mark.parametrize(
    ("own", "verb", "told", "access"),
    [
        # A row that needs something else too tells nothing of it: copying an object reads one and writes another.
        ((("get",), "read"), "get", None, "read"),
        ((("get", "create"), "write"), "get", None, "read"),
        ((("get", "create"), "write"), "create", None, "write"),
        ((("use", "create"), "write"), "use", "read", "read"),
        # DMS: one odd row that writes does not make an action write that is stated to read.
        ((("get",), "write"), "get", "read", "read"),
        ((("get",), "read"), "get", "write", "write"),
    ],
)
def test_access_is_the_stated_one_or_that_of_the_rows_which_an_action_authorises_alone(own, verb, told, access):
    verbs, row_access = own
    row = operation("ecs/a/row", *(f"ecs:a:{each}" for each in verbs), access=row_access)

    assert (
        catalog(row, actions=[published(f"ecs:a:{verb}", access=told)]).action_index.actions[f"ecs:a:{verb}"].access
        == access
    )


@pytest.mark.parametrize(
    ("own", "row", "action"),
    [
        (["yes"], "yes", "yes"),
        (["no"], "no", "no"),
        (["yes", "no"], "no", "yes"),
        (["yes", "unknown"], "unknown", "yes"),
        (["varies"], "unknown", "varies"),
        ([None], "unknown", "unknown"),
        ([], "unknown", None),
    ],
)
def test_row_whose_table_states_no_scope_has_that_of_its_actions(own, row, action):
    """One derivation: nothing says that the scope is unknown while the verdict over the same actions is green."""
    actions = [published(f"ecs:a:do{at}", told) for at, told in enumerate(own)]
    of = catalog(operation("ecs/a/row", *(each.name for each in actions), enterprise="unknown"), actions=actions)

    derived = of.operation("ecs/a/row").scope
    assert (derived.enterprise_project, derived.evidence is Evidence.INFERRED) == (row, row != "unknown")
    if actions:
        assert of.action_index.actions["ecs:a:do0"].scope.enterprise_project == action


@pytest.mark.parametrize(
    ("verb", "access"),
    [
        ("get", "read"),
        ("listTags", "read"),
        ("ShowServer", "read"),
        ("use", "write"),
        ("create", "write"),
        ("forget", "write"),
    ],
)
def test_action_without_a_row_reads_when_its_verb_plainly_does(verb, access):
    action = catalog(actions=[published(f"ecs:a:{verb}")]).action_index.actions[f"ecs:a:{verb}"]

    assert (action.access, action.scope, action.calls) == (access, Scope(UNKNOWN, UNKNOWN, Evidence.MISSING, None), ())


@pytest.mark.parametrize(
    ("evidences", "expected"),
    [
        (("stated", "stated"), "stated"),
        (("stated", "inferred"), "inferred"),
        (("inferred", "missing"), "missing"),
    ],
)
def test_action_is_known_as_badly_as_the_worst_of_its_rows(evidences, expected):
    rows = [
        replace(operation(f"ecs/a/{at}", "ecs:a:use"), scope=replace(scope("yes"), evidence=Evidence(evidence)))
        for at, evidence in enumerate(evidences)
    ]

    assert catalog(*rows).action_index.actions["ecs:a:use"].scope == replace(scope("yes"), evidence=Evidence(expected))


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([], UNKNOWN),
        ([YES], YES),
        ([NO, NO], NO),
        ([VARIES], VARIES),
        ([UNKNOWN, UNKNOWN], UNKNOWN),
        ([YES, NO], VARIES),
        ([YES, VARIES], VARIES),
        ([NO, VARIES], VARIES),
        ([UNKNOWN, VARIES], VARIES),
        ([YES, UNKNOWN], UNKNOWN),
        ([NO, UNKNOWN], UNKNOWN),
        ([YES, NO, UNKNOWN], VARIES),
    ],
)
def test_combine_support_of_several_rows(values, expected):
    assert combine(values) is expected
    assert combine(reversed(values)) is expected


def test_catalog_refuses_an_id_that_stands_twice():
    row = operation("ecs/a/row")
    ecs = service("ecs", row, row)

    assert problems_of(ecs, ecs, actions=[published("ecs:a:get"), published("ecs:a:GET")]) == [
        ("ecs", "duplicate service: the id stands 2 times"),
        ("ecs/a", "duplicate category: the id stands 2 times"),
        ("ecs/a/row", "duplicate operation: the id stands 2 times"),
        ("ecs/a/row", "duplicate operation: the id stands 2 times"),
        ("ecs:a:GET", "duplicate of the action 'ecs:a:get'"),
    ]


def test_catalog_refuses_an_empty_title():
    row = operation("ecs/a/row", title=" ", options=[replace(option("way"), title="")])
    untitled = service("ecs", row, title="")
    bad = replace(untitled, categories=tuple(replace(category, title="\t") for category in untitled.categories))

    assert problems_of(bad) == [
        ("ecs", "the title is empty"),
        ("ecs/a", "the title is empty"),
        ("ecs/a/row", "the title is empty"),
        ("ecs/a/row#way", "the title is empty"),
    ]


def test_catalog_refuses_names_without_an_entry():
    row = operation(
        "ecs/a/row",
        "ecs:a:get",
        "ecs:a:list",
        needs=["evs:a:get", "ecs:*:get"],
        options=[option("way", actions=["ecs:b:get"], needs=["ecs:a:get", "ecs:b:list"])],
    )

    assert problems_of(service("ecs", row), actions=[published("ecs:a:get")]) == [
        ("ecs/a/row: actions[1]", "action 'ecs:a:list' has no entry among the actions"),
        ("ecs/a/row: dependencies[0]", "dependency 'evs:a:get' has no entry among the actions"),
        ("ecs/a/row: dependencies[1]", "dependency 'ecs:*:get' has no entry among the actions"),
        ("ecs/a/row: options[way].actions[0]", "action 'ecs:b:get' has no entry among the actions"),
        ("ecs/a/row: options[way].dependencies[1]", "dependency 'ecs:b:list' has no entry among the actions"),
    ]


def test_row_of_two_services_is_one_operation():
    """It is in both tables, its own first; where its own is not here, it is in the other's."""
    row, more = operation("vpc/ips/show", "vpc:ips:get"), operation("eip/ips/list", "vpc:ips:list")
    vpc, eip = service("vpc", row), service("eip", more, prefix="vpc")
    both = replace(eip, categories=(replace(eip.categories[0], operations=(row, more)),))
    actions = [published("vpc:ips:get"), published("vpc:ips:list")]

    of, alone = Catalog([both, vpc], actions), Catalog([both], actions)

    assert list(of.operations) == ["vpc/ips/show", "eip/ips/list"]
    assert [category.id for category in of.categories_by_operation[row.id]] == ["vpc/ips", "eip/ips"]
    assert [each.slug for each in of.services_of(row)] == ["vpc", "eip"]
    assert (of.category_of(row).id, alone.category_of(row).id) == ("vpc/ips", "eip/ips")
    assert of.needs.operations_by_action["vpc:ips:get"] == (row,)
    other = replace(both.categories[0], operations=(replace(row, title="Other"), more))
    assert problems_of(replace(both, categories=(other,)), vpc, actions=actions) == [
        ("vpc/ips/show", "it is another one in vpc/ips than elsewhere")
    ]


def test_catalog_takes_a_wildcard_as_an_own_action_and_as_a_dependency_if_it_has_an_entry():
    row = operation("ecs/a/row", "ecs:*:get", needs=["ecs:*:list"])

    assert Catalog([service("ecs", row)], map(published, ["ecs:*:get", "ecs:*:list"])).operations == {row.id: row}
    assert problems_of(service("ecs", row), actions=[published("ecs:*:list")]) == [
        ("ecs/a/row: actions[0]", "action 'ecs:*:get' has no entry among the actions")
    ]


def test_catalog_refuses_actions_that_belong_to_no_service():
    assert problems_of(
        service("config", prefix="rms"), actions=[published("config:a:get"), published("get it"), published("")]
    ) == [
        ("config:a:get", "no service has the action prefix 'config'"),
        ("get it", "'get it' is not an action. Expected service:resourceType:verb, e.g. ecs:servers:list."),
        ("action", "'' is not an action. Expected service:resourceType:verb, e.g. ecs:servers:list."),
    ]


def test_catalog_refuses_one_prefix_with_two_levels():
    assert problems_of(service("vpc"), service("eip", prefix="vpc", level=Level.AX)) == [
        ("eip", "another service of prefix 'vpc' has another level")
    ]


def test_catalog_refuses_an_id_that_is_not_made_of_its_parts():
    row = replace(operation("ecs/a/row"), slug="other")

    assert problems_of(service("ecs", row)) == [("ecs/a/row", "the id is not service/category/operation")]


def test_catalog_refuses_alternatives_that_are_none():
    nowhere = operation("ecs/a/nowhere", alternative="ecs/a/fly")
    itself = operation("ecs/a/itself", alternative="ecs/a/itself")

    assert problems_of(service("ecs", nowhere, itself)) == [
        ("ecs/a/nowhere: enterprise_alternative", "there is no operation 'ecs/a/fly'"),
        ("ecs/a/itself: enterprise_alternative", "an operation is no alternative to itself"),
    ]


def test_catalog_refuses_two_options_of_one_name():
    row = operation("ecs/a/row", options=[option("way"), option("way")])

    assert problems_of(service("ecs", row)) == [("ecs/a/row#way", "duplicate option: the id stands 2 times")]


def test_catalog_entries_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        catalog(operation("ecs/a/row")).operation("ecs/a/row").title = "Other"


def test_problem_and_call_read_as_one_line():
    assert str(Problem("ecs.yaml:3: ecs", "the title is empty")) == "ecs.yaml:3: ecs: the title is empty"
    assert str(ApiCall("GET", "/v1/{id}")) == "GET /v1/{id}"


@pytest.mark.parametrize(("first", "second", "whole"), [(True, True, True), (True, False, False), (False, True, False)])
def test_services_that_share_a_prefix_are_complete_when_each_is(first, second, whole):
    services = [replace(service(slug, prefix="vpc"), complete=c) for slug, c in (("vpc", first), ("eip", second))]
    known = Catalog(services, ())

    assert (known.prefixes.is_complete("vpc"), known.prefixes.is_complete("obs")) == (whole, False)


EIP = operation("vpc/eip/assign", "vpc:publicIps:create", title="Assigning an EIP")
DISK = operation("evs/lifecycle-management/create", "evs:volumes:create", title="Creating Disks")
VPC = replace(service("vpc"), title="Virtual Private Cloud", short="VPC")
EVS = replace(service("evs", DISK), short="EVS")


def with_tables(owner, *tables):
    return replace(owner, categories=tables)


def test_names_tell_whose_they_are_where_several_services_have_operations():
    tables = with_tables(VPC, category("vpc/eip", EIP, title="EIP", section="API v1"))

    alone, both = catalog_of_services(tables), catalog_of_services(tables, EVS)

    assert [alone.titles.category_name(alone.categories["vpc/eip"]), alone.titles.operation_name(EIP)] == [
        "API v1: EIP",
        "Assigning an EIP",
    ]
    assert [both.titles.category_name(table) for table in both.categories.values()] == [
        "VPC: API v1: EIP",
        "EVS: Lifecycle-management",
    ]
    assert [
        both.titles.operation_name(EIP),
        both.titles.operation_name(EIP, "vpc"),
        both.titles.operation_name(EIP, "evs"),
    ] == [
        "Assigning an EIP (VPC)",
        "Assigning an EIP",
        "Assigning an EIP (VPC)",
    ]


def test_row_of_two_services_has_the_name_of_its_own_or_of_the_one_that_is_there():
    guest = with_tables(replace(service("eip"), short="EIP"), category("eip/ips", EIP))
    own = with_tables(VPC, category("vpc/eip", EIP))

    assert catalog_of_services(guest, own, EVS).titles.operation_name(EIP) == "Assigning an EIP (VPC)"
    assert catalog_of_services(guest, EVS).titles.operation_name(EIP) == "Assigning an EIP (EIP)"


def test_operations_by_category_stand_once_each_and_apart_where_titles_are_the_same():
    release = operation("eip/lifecycle/release", "vpc:publicIps:delete")
    tables = {
        "eip": [category("eip/lifecycle", EIP, release, title="Lifecycle Management")],
        "vpc": [category("vpc/eip", EIP, title="Lifecycle Management")],
    }
    found = catalog_of_services(*(with_tables(service(slug), *inside) for slug, inside in tables.items()), EVS)

    grouped = found.by_category([DISK, EIP, release, EIP])

    assert [(table.id, [row.id for row in rows]) for table, rows in grouped] == [
        ("eip/lifecycle", [release.id]),
        ("vpc/eip", [EIP.id]),
        ("evs/lifecycle-management", [DISK.id]),
    ]


def test_action_by_itself_reads_if_its_verb_plainly_reads():
    reading = ("get", "listAll", "showDetails", "query", "Describe", "headObject", "search")
    of = catalog(actions=[published(f"ecs:things:{verb}") for verb in (*reading, "create", "use", "relist")])

    assert {
        name.rpartition(":")[2] for name, each in of.action_index.actions.items() if each.access is Access.READ
    } == set(reading)
