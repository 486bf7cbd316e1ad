"""The builder's page as values: what it says of a draft, apart from how it is drawn."""

from dataclasses import replace

import pytest
from django.http import QueryDict
from django.template.loader import get_template, render_to_string
from django.utils.http import urlencode
from hypothesis import example, given
from hypothesis import strategies as st

from policybuilder.catalog_files.searching import search_of
from policybuilder.domain.building.blocks import Block
from policybuilder.domain.building.causes import Culprit
from policybuilder.domain.building.operation_states import NO_STATE, OperationState
from policybuilder.domain.building.selection import Dependencies, Selection
from policybuilder.domain.catalog.entries import Support
from policybuilder.domain.policy.document import Effect
from policybuilder.domain.searching.search import Filter
from policybuilder.drafts.addresses import View, address
from policybuilder.drafts.draft import Draft
from policybuilder.drafts.link import MAX_LINK, encode
from policybuilder.drafts.reading import read_view
from policybuilder.pages.builder.form import read_submission
from policybuilder.pages.builder.found import FOUND_AT_ONCE
from policybuilder.pages.builder.granted import ServiceHead
from policybuilder.pages.builder.page import BuilderPage
from policybuilder.pages.builder.parts import OF_THE_DRAFT, OF_THE_SCREEN, WITHIN, Part, changed_parts
from policybuilder.pages.builder.tree import MOST_ROWS, ROWS_AT_ONCE, Counts
from policybuilder.pages.builder.verdict import Alarm, describe_change
from policybuilder.web.element_ids import element_id
from policybuilder.web.wording import (
    ALL_IAM_ONLY,
    IN_BOTH,
    IN_PART,
    NAME_TOO_LONG,
    NAME_WITH_SPACES,
    NOTHING_GRANTED,
    SCOPE_UNKNOWN,
    SCOPE_VARIES,
    SOME_IAM_ONLY,
    file_name,
)
from tests.builders import catalog, operation, option, published, real_catalog
from tests.domain.strategies import cases
from tests.laws import tried
from tests.pages.builder.answers import names, values_of

LIST, GET, CREATE = "ecs/servers/list", "ecs/servers/get", "ecs/servers/create"
START, START_BATCH, LOCK = "ecs/status/start", "ecs/status/start-batch", "ecs/status/lock"
IMAGES = "ims/images/list"

CATALOG = catalog(
    operation(LIST, "ecs:servers:list", access="read", title="Listing servers", calls=["GET /v1/servers"]),
    operation(GET, "ecs:servers:get", "ecs:servers:list", access="read", title="Querying a server"),
    operation(
        CREATE,
        "ecs:servers:create",
        needs=["ecs:servers:list"],
        options=[option("new-eip", needs=["vpc:eips:create"]), option("old-eip", needs=["vpc:eips:use"])],
        title="Creating a server",
    ),
    operation(
        START,
        "ecs:servers:start",
        needs=["ecs:servers:list"],
        enterprise="no",
        title="Starting a server",
        alternative=START_BATCH,
    ),
    operation(START_BATCH, "ecs:batch:start", title="Starting servers"),
    operation(
        LOCK, "ecs:servers:lock", "ecs:servers:audit", needs=["ims:images:list"], enterprise="no", title="Locking"
    ),
    operation(IMAGES, "ims:images:list", access="read", title="Listing images"),
    actions=[published("vpc:eips:create", "varies"), published("vpc:eips:use", "unknown", "write")],
)


def chosen(*operations, options_off=(), actions=(), without=(), **rest) -> Selection:
    return Selection(frozenset(operations), frozenset(options_off), frozenset(actions), frozenset(without), **rest)


def page(*operations, view=View(), before=None, name="", of=CATALOG, **rest) -> BuilderPage:  # noqa: B008
    return BuilderPage(
        of, Draft.of(chosen(*operations, **rest), name), view, None if before is None else Draft.of(before)
    )


def test_names_to_choose_from_come_with_what_they_mean():
    of = catalog(
        operation(LIST, "ecs:servers:list", title="Listing servers"),
        operation(GET, "ecs:servers:list", "ecs:servers:get", title="Querying a server", needs=["vpc:ports:get"]),
        actions=[replace(published("hss:hosts:list"), title="Listing hosts")],
    )

    assert list(page(of=of).few_names) == [
        ("ecs:servers:get", "Querying a server"),
        ("ecs:servers:list", f"{CATALOG.operations[LIST].title} and 1 more"),
        ("hss:hosts:list", "Listing hosts"),
        ("vpc:ports:get", ""),
    ]


# States of rows and counters


def test_states_say_what_the_document_means_for_each_operation():
    states = page(GET, START, LOCK, without=["ims:images:list"]).states

    assert states == {
        GET: OperationState(selected=True, allowed=True, needed_by=(START,)),
        LIST: OperationState(allowed=True, also_allowed=True, needed_by=(START,)),
        START: OperationState(selected=True, allowed=True),
        LOCK: OperationState(selected=True, missing=("ims:images:list",)),
    }


def test_state_of_an_operation_that_needs_no_authorization_is_selected_alone():
    free = catalog(operation("ecs/servers/free"), operation(LIST, "ecs:servers:list"))

    assert page("ecs/servers/free", of=free).states == {"ecs/servers/free": OperationState(selected=True, allowed=True)}
    assert page(of=free).states == {}


def test_operation_needs_itself_for_nothing():
    circle = catalog(operation(LIST, "ecs:servers:list", needs=["ecs:servers:list"]))

    assert page(LIST, of=circle).states[LIST].needed_by == ()


def shown(service: str, **more) -> View:
    return View(service=service, **more)


def test_counts_of_a_category_and_a_service():
    pages = [page(GET, START, view=shown(slug)) for slug in ("ecs", "ims")]
    trunks = [trunk for each in pages for trunk in each.tree.trunks]

    assert {branch.category.id: branch.counts for trunk in trunks for branch in trunk.branches} == {
        "ecs/servers": Counts(3, 1, 1),
        "ecs/status": Counts(3, 1, 0),
        "ims/images": Counts(1, 0, 0),
    }
    assert {trunk.service.slug: trunk.counts for trunk in trunks} == {"ecs": Counts(6, 2, 1), "ims": Counts(1, 0, 0)}


@pytest.mark.parametrize(
    ("counts", "state"),
    [
        (Counts(4, 0, 0), "none"),
        (Counts(4, 1, 2), "mixed"),
        (Counts(4, 4, 0), "all"),
        (Counts(0, 0, 0), "none"),
    ],
)
def test_state_of_counts(counts, state):
    assert counts.state == state


# The tree


def rows(shown: BuilderPage) -> dict[str, list[str] | None]:
    return {
        branch.category.id: None if branch.rows is None else [row.operation.slug for row in branch.rows]
        for trunk in shown.tree.trunks
        for branch in trunk.branches
    }


def test_tree_holds_one_service():
    ecs = {"ecs/servers": ["list", "get", "create"], "ecs/status": ["start", "start-batch", "lock"]}

    assert rows(page()) == ecs
    assert rows(page(IMAGES, view=shown("ecs"))) == ecs
    assert rows(page(view=shown("ims"))) == {"ims/images": ["list"]}


@pytest.mark.parametrize(
    ("operations", "named", "service", "in_address"),
    [
        ([], "", "ecs", ""),
        ([IMAGES], "", "ims", "ims"),
        ([IMAGES, LIST], "", "ecs", ""),
        ([IMAGES], "ecs", "ecs", "ecs"),
        ([], "ims", "ims", "ims"),
        ([LIST], "vpc", "ecs", ""),  # it has no operations
    ],
)
def test_service_that_is_shown_is_the_named_one_or_the_first_in_use_or_the_first(
    operations, named, service, in_address
):
    found = page(*operations, view=shown(named))

    assert (found.tree.service.slug, found.view.service) == (service, service)
    assert QueryDict(found.links.here.partition("?")[2]).get("service", "") == in_address
    assert (
        page(*operations, view=read_view(CATALOG, QueryDict(found.links.here.partition("?")[2]))).view.service
        == service
    )


def test_tree_under_a_filter_leaves_out_what_is_empty():
    found = page(view=View(wanted=Filter(reading=True)))

    assert rows(found) == {"ecs/servers": ["list", "get"]}
    assert [branch.shown_value for trunk in found.tree.trunks for branch in trunk.branches] == ["ecs/servers list get"]
    assert [trunk.counts.total for trunk in found.tree.trunks] == [6]  # what there is, not what is shown
    assert found.search.in_words == "2 operations of ECS found, 3 in all services"


def test_service_of_which_nothing_passes_the_filters_keeps_its_heading():
    found = page(view=View(wanted=Filter(native=True)))

    assert [(trunk.service.slug, trunk.branches) for trunk in found.tree.trunks] == [("ecs", ())]


def test_filter_for_what_is_selected_shows_it_service_by_service():
    found = page(LIST, IMAGES, view=View(wanted=Filter(selected=True)))

    assert rows(found) == {"ecs/servers": ["list"], "ims/images": ["list"]}
    assert (found.tree.service, found.search.in_words) == (None, "2 operations found")


def test_search_lists_rows_of_all_services():
    found = page(view=View(wanted=Filter(words=("list",))))
    wanted = search_of(CATALOG).operations(Filter(words=("list",)), frozenset())

    assert (found.tree.trunks, found.tree.service, found.search.others) == ((), None, 0)
    assert [row.operation for row in found.search.first.rows] == list(wanted)
    assert found.search.first.shown_value == " ".join(["", *(operation.id for operation in wanted)])


def test_rail_counts_what_passes_the_filters():
    def numbers(view: View) -> list[tuple[str, int]]:
        return [(each.service.slug, each.number) for group in page(view=view).tree.groups for each in group.services]

    assert numbers(View()) == [("ecs", 6), ("ims", 1)]
    assert numbers(View(wanted=Filter(words=("list",)))) == [("ecs", 2), ("ims", 1)]
    assert numbers(View(wanted=Filter(native=True))) == [("ecs", 0), ("ims", 0)]


def test_services_in_use_are_those_of_any_statement():
    blocks = (Block(chosen(LIST, GET)), Block(chosen(IMAGES), Effect.DENY))
    tree = BuilderPage(CATALOG, Draft(blocks), View(at=0)).tree

    assert [(each.service.slug, each.selected, each.total) for each in tree.used] == [("ecs", 2, 6), ("ims", 1, 1)]


def test_boxes_of_a_whole_category_are_named_by_its_id():
    assert [branch.shown_value for trunk in page().tree.trunks for branch in trunk.branches] == [
        "ecs/servers",
        "ecs/status",
    ]


@pytest.mark.parametrize(
    ("shown", "opened"),
    [
        (page(), ["ecs/servers"]),  # somewhere to begin
        (page(view=shown("ims")), ["ims/images"]),
        (page(START_BATCH), ["ecs/status"]),
        (page(START), ["ecs/servers", "ecs/status"]),  # LIST is allowed with it
        (page(START_BATCH, view=View(opened=frozenset({"ecs/servers"}))), ["ecs/servers", "ecs/status"]),
        (page(view=View(opened=frozenset({"all"}))), ["ecs/servers", "ecs/status"]),
        (page(view=View(wanted=Filter(reading=True))), ["ecs/servers"]),
        (page(actions=["vpc:eips:use"]), []),
    ],
)
def test_branches_are_open_where_something_is_to_be_seen(shown, opened):
    assert [b.category.id for trunk in shown.tree.trunks for b in trunk.branches if b.open] == opened


def large() -> dict[str, object]:
    ids = [f"ecs/category-{at // 50}/operation-{at}" for at in range(ROWS_AT_ONCE + 50)]
    return {"of": catalog(*(operation(id_, f"ecs:things:op{at}") for at, id_ in enumerate(ids)))}


def test_large_service_is_filled_in_where_it_is_opened_or_selected():
    wanted = View(opened=frozenset({"ecs/category-1"}))
    found = page("ecs/category-2/operation-110", view=wanted, **large())

    assert [id_ for id_, slugs in rows(found).items() if slugs is not None] == ["ecs/category-1", "ecs/category-2"]
    assert [b.category.id for trunk in found.tree.trunks for b in trunk.branches if b.open] == [
        "ecs/category-1",
        "ecs/category-2",
    ]


@pytest.mark.parametrize("view", [View(), View(all=True)])
def test_search_that_finds_many_lists_the_first_and_then_the_others(view):
    shown = page(view=replace(view, wanted=Filter(words=("things",))), **large())
    tree, search = shown.tree, shown.search

    first = len(tree.found) if view.all else FOUND_AT_ONCE
    assert [row.operation for row in search.first.rows] == list(tree.found[:first])
    assert search.others == len(tree.found) - first
    assert [row.operation for row in search.other(frozenset()).rows] == list(tree.found[FOUND_AT_ONCE:])


def test_tick_since_repeats_none_of_the_others_and_leaves_none_out():
    ids = [f"{slug}/things/operation-{at}" for slug in ("ecs", "vpc") for at in range(FOUND_AT_ONCE)]
    services = catalog(*(operation(id_, f"{id_[:3]}:things:op") for id_ in ids))
    view = View(wanted=Filter(words=("things",)))
    drawn, ticked = page(of=services, view=view), page(ids[-1], of=services, view=view)

    others = ticked.search.other(frozenset(used.service.slug for used in drawn.tree.used))
    assert ticked.tree.found != drawn.tree.found
    assert [row.operation for row in (*drawn.search.first.rows, *others.rows)] == list(drawn.tree.found)
    assert [row.operation.id for row in others.rows if row.state.selected] == ids[-1:]


def crowd() -> dict[str, object]:
    ids = [f"ecs/category-{at // 50}/operation-{at}" for at in range(MOST_ROWS + 50)]
    return {"of": catalog(*(operation(id_, f"ecs:things:op{at}") for at, id_ in enumerate(ids)))}


def test_search_that_finds_too_many_lists_the_first_and_says_how_many_more_there_are():
    search = page(view=View(wanted=Filter(words=("things",)), all=True), **crowd()).search

    assert (len(search.first.rows), len(search.other(frozenset()).rows)) == (
        MOST_ROWS,
        MOST_ROWS - FOUND_AT_ONCE,
    )
    assert (search.others, search.unlisted) == (0, 50)


@pytest.mark.parametrize("opened", [frozenset(), frozenset({"all"})])
def test_too_much_that_is_selected_is_filled_in_where_it_is_opened(opened):
    of = crowd()["of"]
    view = View(wanted=Filter(selected=True), opened=opened | {"ecs/category-3"})
    found = page(*of.operations, of=of, view=view)

    assert found.tree.crowded
    assert [id_ for id_, slugs in rows(found).items() if slugs is not None] == ["ecs/category-3"]


def test_row_marks_what_was_searched():
    row = page(view=View(wanted=Filter(words=("listing", "v1")))).tree.row(CATALOG.operations[LIST])

    for html in (row.html, render_to_string("builder/tree.html#row", {"row": row})):
        assert "><mark>Listing</mark> servers</label>" in html
        assert ">ecs:servers:<mark>list</mark></code>" in html
        assert "><mark>GET</mark> /<mark>v1</mark>/servers</code>" in html


@pytest.mark.parametrize(
    ("shown", "on"),
    [
        (page(), []),
        (page(CREATE), ["new-eip", "old-eip"]),
        (page(CREATE, options_off=[(CREATE, "new-eip")]), ["old-eip"]),
        (page(options_off=[(CREATE, "new-eip")]), []),
    ],
)
def test_options_are_on_only_with_their_operation(shown, on):
    row = shown.tree.row(CATALOG.operations[CREATE])

    assert [each.slug for each, is_on in row.options if is_on] == on
    assert [each.slug for each, _ in row.options] == ["new-eip", "old-eip"]


@pytest.mark.parametrize(
    ("name", "id_"),
    [(LIST, "ecs--servers--list"), ("ecs:servers:get", "ecs__servers__get"), ("ecs:*:get*", "ecs___all__get_all")],
)
def test_dom_id(name, id_):
    assert element_id(name) == id_


def test_dom_ids_of_the_catalogue_are_all_different_and_hold_no_white_space():
    of = real_catalog()
    names = [*of.operations, *of.categories, *of.action_index.actions, *(service.slug for service in of.services)]

    assert len({element_id(name) for name in names}) == len(names)
    assert [name for name in names if set(element_id(name)) & set(" \t/:.#*'\"")] == []


# The policy


def test_grants_say_why_and_name_each_service_once():
    shown = page(LIST, CREATE, START, actions=["ims:images:list"])

    assert [(row.grant.action, row.single, row.needed_by) for row in shown.granted.rows] == [
        ("ecs:servers:create", False, ()),
        ("ecs:servers:list", False, ("Creating a server (ECS)", "Starting a server (ECS)")),
        ("ecs:servers:start", False, ()),
        ("ims:images:list", True, ()),
        ("vpc:eips:create", False, ("Creating a server (ECS)",)),
        ("vpc:eips:use", False, ("Creating a server (ECS)",)),
    ]
    listed = {
        group.slug: [item.title if isinstance(item, ServiceHead) else item.grant.action for item in group.items]
        for group in shown.granted.groups
    }
    assert listed == {
        "chosen": ["ECS", "ecs:servers:create", "ecs:servers:list", "ecs:servers:start", "IMS", "ims:images:list"],
        "dependencies": [],
        "conditional": ["VPC", "vpc:eips:create", "vpc:eips:use"],
    }
    assert [group.count for group in shown.granted.groups] == [4, 0, 2]
    assert [row.support for row in shown.granted.rows] == [
        Support.YES,
        Support.YES,
        Support.NO,
        Support.YES,
        Support.VARIES,
        Support.UNKNOWN,
    ]
    assert (shown.summary.totals, shown.summary.writing) == (
        "6 actions: 4 chosen, 2 added as dependencies",
        "4 can change something",
    )


def test_wildcard_is_granted_without_an_action_of_its_own():
    (row,) = page(actions=["ecs:servers:*"]).granted.rows

    assert (row.action, row.single, row.support, row.element_id) == (None, True, Support.VARIES, "ecs__servers___all")


@pytest.mark.parametrize(
    ("shown", "text"),
    [
        (page(), "No actions yet"),
        (page(START_BATCH), "1 action: 1 chosen, 0 added as dependencies"),
        (page(CREATE), "4 actions: 1 chosen, 3 added as dependencies"),
        (page(LIST, CREATE), "4 actions: 2 chosen, 2 added as dependencies"),
    ],
)
def test_totals(shown, text):
    assert shown.summary.totals == text


@pytest.mark.parametrize(
    ("shown", "short", "line"),
    [
        (page(), NOTHING_GRANTED, NOTHING_GRANTED),
        (page(LIST), IN_BOTH, IN_BOTH),
        (page(actions=["ecs:servers:lock"]), "IAM-only", ALL_IAM_ONLY),
        (page(START), "IAM-only", SOME_IAM_ONLY.format(n=1, total=2)),
        (page(LOCK), "IAM-only", SOME_IAM_ONLY.format(n=2, total=3)),
        (page(CREATE), "Scope unknown", SCOPE_UNKNOWN.format(n=1, total=4)),
        (
            page(CREATE, options_off=[(CREATE, "old-eip")]),
            IN_PART,
            SCOPE_VARIES.format(n=1, total=3),
        ),
    ],
)
def test_verdict(shown, short, line):
    assert (shown.verdict.short, shown.verdict.line) == (short, line)
    assert shown.causes.iam_only is line.startswith("IAM-only")


def test_findings_leave_out_what_the_page_says_elsewhere():
    assert page().findings == ()
    assert page(START).findings == ()
    assert page(CREATE).findings == ()
    assert [shown.finding.code for shown in page(LOCK, without=["ims:images:list"]).findings] == ["PB001"]


def test_left_out_actions_come_with_the_operations_that_need_them():
    shown = page(CREATE, START, without=["ecs:servers:list", "vpc:eips:use", "ims:images:list"])

    assert shown.dependencies.left_out == [
        ("ecs:servers:list", "ecs__servers__list", ["Creating a server (ECS)", "Starting a server (ECS)"]),
        ("vpc:eips:use", "vpc__eips__use", ["Creating a server (ECS)"]),
    ]


def test_cascade_is_previewed_whether_it_is_on_or_off():
    deep = catalog(
        operation(START, "ecs:servers:start", needs=["ecs:servers:list"]),
        operation(LIST, "ecs:servers:list", needs=["evs:disks:get", "evs:disks:use"]),
    )
    off, on = page(START, of=deep), page(START, of=deep, dependencies=Dependencies.ALL)

    assert (off.dependencies.cascades, on.dependencies.cascades) == (False, True)
    assert off.dependencies.cascade == on.dependencies.cascade
    assert (off.dependencies.cascade.actions, off.dependencies.cascade.writing) == (
        ("evs:disks:get", "evs:disks:use"),
        1,
    )
    assert [len(each.policy.blocks[each.at].grants) for each in (off, on)] == [2, 4]


# Culprits and the alarm


def test_culprits_are_the_operations_that_bring_iam_only_actions_those_with_an_alternative_first():
    shown = page(LOCK, START, LIST)
    of = CATALOG.operations

    assert shown.causes.culprits == (
        Culprit("Starting a server (ECS)", of[START], ("ecs:servers:start",), f"“{of[START_BATCH].title}”"),
        Culprit("Locking (ECS)", of[LOCK], ("ecs:servers:audit", "ecs:servers:lock"), ""),
    )
    assert (shown.causes.swappable, shown.causes.singles) == (1, ())


def test_dependency_makes_its_operation_a_culprit():
    of = catalog(
        operation(LIST, "ecs:servers:list", needs=["evs:disks:get"]), actions=[published("evs:disks:get", "no")]
    )

    assert page(LIST, of=of).causes.culprits == (Culprit("List", of.operations[LIST], ("evs:disks:get",), ""),)


def test_single_action_is_its_own_culprit():
    shown = page(LIST, actions=["ecs:servers:lock", "ecs:servers:list"])

    assert (shown.causes.culprits, shown.causes.singles, shown.causes.swappable) == ((), ("ecs:servers:lock",), 0)


def test_wildcard_is_its_own_culprit():
    """When something that it matches is IAM-only, removing it is the way out."""
    shown = page(actions=["ecs:servers:*", "ims:*:list"])

    assert (shown.causes.iam_only, shown.causes.singles) == (True, ("ecs:servers:*",))


@pytest.mark.parametrize(
    ("before", "after", "raised"),
    [
        (None, chosen(START), False),
        (chosen(), chosen(START), True),
        (chosen(LIST), chosen(LIST, START), True),
        (chosen(CREATE), chosen(CREATE, LOCK), True),
        (chosen(LOCK), chosen(LOCK, START), False),
        (chosen(START), chosen(LIST), False),
        (chosen(), chosen(LIST), False),
        (chosen(START), chosen(START), False),
    ],
)
def test_alarm_is_raised_by_the_change_to_iam_only_alone(before, after, raised):
    shown = BuilderPage(CATALOG, Draft.of(after), View(), None if before is None else Draft.of(before))

    assert (shown.alarm is not None) is raised
    assert shown.undoable is (before is not None and before != after)


def test_alarm_names_the_change_and_the_first_culprits():
    many = [f"ecs/status/op-{at}" for at in range(5)]
    of = catalog(*(operation(id_, f"ecs:ops:op{at}", enterprise="no") for at, id_ in enumerate(many)))

    assert page(*many, of=of, before=chosen()).alarm == Alarm(
        changes=(
            "“Op-0” was chosen",
            "“Op-1” was chosen",
            "“Op-2” was chosen",
            "2 more operations were chosen",
        ),
        culprits=tuple(
            Culprit(f"Op-{at}", of.operations[id_], (f"ecs:ops:op{at}",), "") for at, id_ in enumerate(many[:2])
        ),
        more=3,
    )


@pytest.mark.parametrize(
    ("before", "after", "clauses"),
    [
        (chosen(), chosen(), []),
        (chosen(START), chosen(), []),
        (chosen(), chosen(LOCK, START), ["“Starting a server (ECS)” was chosen", "“Locking (ECS)” was chosen"]),
        (chosen(), chosen(*list(CATALOG.operations)[:4]), [
            "“Listing servers (ECS)” was chosen",
            "“Querying a server (ECS)” was chosen",
            "“Creating a server (ECS)” was chosen",
            "1 more operation was chosen",
        ]),
        (chosen(CREATE, options_off=[(CREATE, "new-eip")]), chosen(CREATE), ["the option “New-eip” was switched on"]),
        (chosen(CREATE), chosen(CREATE, options_off=[(CREATE, "new-eip")]), []),
        (chosen(), chosen(actions=["b:b:b", "a:a:a"]), ["the action a:a:a was added", "the action b:b:b was added"]),
        (chosen(LOCK, without=["ims:images:list"]), chosen(LOCK), ["ims:images:list was put back"]),
        (chosen(), chosen(dependencies=Dependencies.ALL), ["dependencies of dependencies were switched on"]),
        (chosen(dependencies=Dependencies.ALL), chosen(), []),
    ],
)  # fmt: skip
def test_change_in_words(before, after, clauses):
    assert list(describe_change(CATALOG, Draft.of(before), Draft.of(after))) == clauses


# Names and addresses


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("", ""),
        ("x" * 64, ""),
        ("x" * 65, NAME_TOO_LONG.format(most=64, n=65)),
        ("two words", NAME_WITH_SPACES),
    ],
)
def test_name_problem(name, problem):
    assert page(name=name).summary.name_problem == problem


@tried(200)
@given(st.text())
@example("x" * 200)
def test_file_name_is_plain_whatever_the_name(name):
    stem = file_name(name).removesuffix(".json")

    assert stem.isascii()
    assert 0 < len(stem) <= 64
    assert set(stem) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")
    assert stem[0] not in "-."


def test_addresses_of_a_draft():
    shown = page(LIST, name="a", view=View("disk", Filter(words=("disk",))), before=chosen(GET))
    draft = f"?draft={shown.links.token}"

    assert shown.links.here == f"/{draft}&q=disk"
    assert shown.links.here_from == f"/{draft}&q=disk&from={shown.links.previous_token}"
    assert shown.links.download_of(None) == f"/policy.json{draft}"
    assert page(LIST).links.here_from == page(LIST).links.here
    assert page(LIST, before=chosen()).links.here_from == f"{page(LIST).links.here}&from="
    assert (page().links.here, address(Draft())) == ("/", "/")


def test_draft_that_no_address_holds_is_not_linked():
    ids = [f"ecs/category/{'0123456789abcdef'[at % 16]}{hash_of(at)}" for at in range(1000)]
    of = catalog(*(operation(id_, f"ecs:things:op{at}") for at, id_ in enumerate(ids)))
    shown = page(*ids, of=of)

    assert (len(shown.links.token) > MAX_LINK, shown.links.linkable) == (True, False)
    assert page(*ids[:10], of=of).links.linkable


def hash_of(number: int) -> str:
    """Digits that do not shrink when they are packed."""
    return format(pow(3, number + 64, 2**127 - 1), "x")


# What a change did


HELD = ["ecs servers status"]


def update(before: Selection, after: Selection, sent: Selection, *, options=None, rows=CATALOG.operations, held=HELD):
    """The rows with another state, the rows that are sent whole, and the counters, of a page that the form of a browser
    led to: it shows `before` with the boxes of `sent`. `options` are the ticked ones, those of `sent` unless named."""
    ticked = [id_ for id_ in rows if id_ in sent.operations]
    operations = [CATALOG.operations[id_] for id_ in ticked]
    chosen_ones = [f"{each.id}#{option.slug}" for each in operations for option in sent.chosen_options(each)]
    pairs = [("draft", encode(Draft.of(before))), ("shown", " ".join(["", *rows])), *[("held", each) for each in held]]
    pairs += [("o", id_) for id_ in ticked] + [("p", each) for each in (chosen_ones if options is None else options)]
    page = BuilderPage(CATALOG, Draft.of(after), View(), Draft.of(before))
    return changed_parts(page, read_submission(CATALOG, QueryDict(urlencode(pairs))))


def told(parts: list[Part]) -> tuple:
    return (
        [row.operation.id for row in values_of(parts, "state")],
        [row.operation.id for row in values_of(parts, "row")],
        [(counter.element_id, counter.in_rail) for counter in values_of(parts, "counter")],
    )


def test_box_that_the_browser_ticked_itself_is_not_sent_back():
    before, after = chosen(), chosen(START)

    assert told(update(before, after, after)) == (
        [LIST, START],
        [],
        [("ecs--servers", True), ("ecs--status", True), ("ecs", False)],
    )


def test_box_that_a_command_ticked_is_sent():
    assert told(update(chosen(), chosen(START), chosen()))[:2] == ([LIST], [START])


def test_options_that_a_tick_turned_on_are_sent_with_their_row():
    assert told(update(chosen(), chosen(CREATE), chosen(CREATE), options=[]))[:2] == ([LIST], [CREATE])


def test_option_that_means_nothing_is_turned_off_again():
    parts = update(chosen(), chosen(), chosen(), options=[f"{CREATE}#new-eip"])

    assert told(parts) == ([], [CREATE], [])


def test_rows_that_are_not_on_the_page_are_not_sent():
    rows = [id_ for id_ in CATALOG.operations if id_ != LIST]

    assert told(update(chosen(), chosen(START), chosen(START), rows=rows))[:2] == ([START], [])


def test_counters_are_sent_for_the_places_that_the_browser_has():
    parts = update(chosen(), chosen(START), chosen(START), held=["ecs status", "ims images"])

    assert [counter.element_id for counter in values_of(parts, "counter")] == ["ecs--status", "ecs"]


@pytest.mark.parametrize(
    ("before", "after", "used", "others"),
    [
        (chosen(START), chosen(START, LIST), ["ecs"], False),
        (chosen(START), chosen(LIST), [], False),
        (chosen(), chosen(LIST), [], True),
        (chosen(LIST, IMAGES), chosen(LIST), [], True),
        (chosen(LIST), chosen(LIST, actions=["vpc:eips:use"]), [], False),
    ],
)
def test_only_the_services_in_use_whose_counts_changed_are_sent(before, after, used, others):
    parts = update(before, after, after)

    assert [each.service.slug for each in values_of(parts, "used-count")] == used
    assert ("rail-used" in names(parts)) is others


def test_nothing_changed_is_nothing_sent():
    parts = update(chosen(START), chosen(START), chosen(START))

    assert names(parts) == {"place", "status"}  # what could not be done, and how many there are, is said each time


def test_every_part_is_a_template():
    for name in (*OF_THE_DRAFT, *OF_THE_SCREEN, *WITHIN, *WITHIN.values()):
        get_template(name)


# Laws


@tried(60)
@given(cases())
def test_page_agrees_with_itself(case):
    of, selection = case
    shown = BuilderPage(of, Draft.of(selection), View())
    states, found = shown.states, shown.policy.operations
    counts = [shown.tree.counts(of.operations_by_service[service.slug]) for service in shown.tree.services]

    assert {id_ for id_, state in states.items() if state.selected} == selection.operations
    assert {id_ for id_, state in states.items() if state.also_allowed} == set(found.also_allowed)
    assert {id_: state.missing for id_, state in states.items() if state.missing} == {
        row.id: row.missing for row in found.incomplete
    }
    assert NO_STATE not in states.values()
    assert sum(each.selected for each in counts) == len(selection.operations)
    assert sum(each.also for each in counts) == len(found.also_allowed)
    culprits = {name for culprit in shown.causes.culprits for name in culprit.actions}
    assert all(
        set(shown.policy.scope.iam_only).intersection((name, *of.action_index.expand(name))) for name in culprits
    )


@tried(60)
@given(cases(leave_out=False))
def test_every_cause_of_iam_only_has_a_culprit(case):
    """A wildcard where it matches one, and all that is granted by its name."""
    of, selection = case
    selection = replace(
        selection, actions=frozenset(name for name in selection.actions if name in of.action_index.actions)
    )
    shown = BuilderPage(of, Draft.of(selection), View())
    iam_only = set(shown.policy.scope.iam_only)
    granted = {row.grant.action for row in shown.granted.rows}

    named = {name for culprit in shown.causes.culprits for name in culprit.actions} | set(shown.causes.singles)
    assert named == {name for name in granted if iam_only.intersection((name, *of.action_index.expand(name)))}
