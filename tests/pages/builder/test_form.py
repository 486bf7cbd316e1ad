"""What a browser sends becomes a draft and a view: by the boxes, by the command, and whatever else it sends."""

from dataclasses import dataclass, replace

import pytest
from django.http import QueryDict
from django.utils.http import urlencode
from hypothesis import given
from hypothesis import strategies as st

from policybuilder.domain.building.blocks import Block
from policybuilder.domain.building.closure import prune
from policybuilder.domain.building.only_reading import only_reading
from policybuilder.domain.building.selection import Dependencies, Selection
from policybuilder.domain.catalog.action_names import NO_ACTION, TOO_LONG
from policybuilder.domain.catalog.entries import Access
from policybuilder.domain.searching.search import Filter
from policybuilder.drafts.addresses import View
from policybuilder.drafts.draft import MAX_NAME, Draft
from policybuilder.drafts.link import decode, encode
from policybuilder.drafts.reading import read_view
from policybuilder.drafts.selection_commands import NO_CATEGORY, NO_OPERATION, NOT_IN_CATALOGUE, TYPE_AN_ACTION
from policybuilder.drafts.statement_commands import DraftChange
from policybuilder.pages.builder.commands import NO_COMMAND, NO_SERVICE, NOTHING_SEARCHED, carry_out
from policybuilder.pages.builder.form import Boxes, read_submission
from policybuilder.web.uploads import MAX_VALUES
from tests.builders import catalog, catalog_of_services, category, operation, option, real_catalog, service
from tests.laws import tried
from tests.pages.builder.answers import answer, names
from tests.sweeps import sweep

LIST, CREATE, DELETE = "ecs/servers/list", "ecs/servers/create", "ecs/servers/delete"
ATTACH, ATTACH_NATIVE = "ecs/disks/attach", "ecs/disks/attach-native"
VOLUMES, USE = "evs/volumes/list", "evs/volumes/use"

SMALL = catalog(
    operation(LIST, "ecs:servers:list", access="read"),
    operation(
        CREATE,
        "ecs:servers:create",
        needs=["ecs:servers:list", "evs:volumes:use"],
        options=[option("new-eip", needs=["vpc:eips:create"]), option("old-eip", needs=["vpc:eips:use"])],
    ),
    operation(DELETE, "ecs:servers:delete", needs=["ecs:servers:list"]),
    operation(ATTACH, "ecs:disks:attach", needs=["evs:volumes:use"]),
    operation(
        ATTACH_NATIVE,
        "ecs:disks:attachNative",
        needs=["evs:volumes:list"],
        options=[option("by-name", needs=["ecs:servers:list"])],
        enterprise="no",
        native=True,
        alternative=ATTACH,
    ),
    operation(VOLUMES, "evs:volumes:list", access="read"),
    operation(USE, "evs:volumes:use", needs=["evs:volumes:list"]),
)
NEW, OLD, BY_NAME = (CREATE, "new-eip"), (CREATE, "old-eip"), (ATTACH_NATIVE, "by-name")
VOLUME_USE, SERVER_LIST = "evs:volumes:use", "ecs:servers:list"

EIPS = "eip/rows/list"
# A service that publishes two rows of another one with its own.
TWINS = catalog_of_services(
    *(owner for owner in SMALL.services if owner.categories),
    replace(
        service("eip"),
        categories=(
            category("eip/rows", operation(EIPS, "eip:eips:list"), SMALL.operations[CREATE], SMALL.operations[DELETE]),
        ),
    ),
)

law = tried(200)


def boxes_of(*operations: str) -> frozenset[tuple[str, str]]:
    """Those in the operations' own tables."""
    return frozenset((id_.rpartition("/")[0], id_) for id_ in operations)


def chosen(*operations, options_off=(), actions=(), without=(), **rest) -> Selection:
    return Selection(frozenset(operations), frozenset(options_off), frozenset(actions), frozenset(without), **rest)


def form(before: Selection = Selection(), *, shown=("ecs/servers", "ecs/disks", "evs/volumes"), **fields) -> QueryDict:
    """A submitted form: `shown`, `o` and `p` are lists. Without `o`, it is one that has no boxes."""
    pairs = [("draft", encode(Draft.of(before)))]
    if "o" in fields:
        pairs += [("shown", value) for value in shown]
    for name, value in fields.items():
        pairs += [(name, each) for each in ([value] if isinstance(value, str) else value)]
    return QueryDict(urlencode(pairs))


def submitted(of, data: QueryDict) -> DraftChange:
    return carry_out(of, read_submission(of, data))


def after(*args, **fields) -> Selection:
    """What the form makes of the selection, with nothing to complain about."""
    submission = submitted(SMALL, form(*args, **fields))
    assert submission.problems == ()
    return submission.draft.selection


def refusal(*args, **fields) -> str:
    """What the form is refused with; the draft stays as it was."""
    data = form(*args, **fields)
    submission = submitted(SMALL, data)
    assert submission.draft == read_submission(SMALL, data).before
    (problem,) = submission.problems
    return problem


# The view


@pytest.mark.parametrize(
    ("query", "view"),
    [
        ("", View()),
        ("q=Disk+ecs:", View("Disk ecs:", Filter(words=("disk", "ecs:")))),
        ("q=++a%00b%0A++", View("a b", Filter(words=("a", "b")))),
        ("q=a+A", View("a A", Filter(words=("a",)))),
        ("reading=1", View(wanted=Filter(reading=True))),
        ("reading=0&enterprise=yes&selected=", View()),
        ("enterprise=1&selected=1", View(wanted=Filter(enterprise=True, selected=True))),
        ("api=own", View(wanted=Filter(native=False))),
        ("api=native", View(wanted=Filter(native=True))),
        ("api=", View()),
        ("api=both", View()),
        ("open=a/b&open=c/d&open=a/b", View(opened=frozenset({"a/b", "c/d"}))),
        ("service=vpc&all=1", View(service="vpc", all=True)),
        ("service=VPC", View(service="vpc")),
        ("draft=x&unknown=1", View()),
        (f"q={'ab+' * 40}", View(" ".join(["ab"] * 33), Filter(words=("ab",)))),  # no word in part
    ],
)
def test_view_of_an_address(query, view):
    assert read_view(SMALL, QueryDict(query)) == view


@law
@given(
    st.text(max_size=150),
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.sampled_from(["", "own", "native"]),
    st.sets(st.text(max_size=20), max_size=5),
    st.text(max_size=20),
)
def test_address_of_a_view_shows_that_view(query, reading, enterprise, selected, api, opened, service):
    pairs = [("q", query), ("api", api), ("service", service), *(("open", id_) for id_ in opened)]
    flags = {"reading": reading, "enterprise": enterprise, "selected": selected}
    view = read_view(SMALL, QueryDict(urlencode(pairs + [(name, "1") for name, on in flags.items() if on])))

    assert read_view(SMALL, QueryDict(view.encoded())) == view


def test_view_keeps_no_more_opened_categories_than_an_address_holds():
    assert len(read_view(SMALL, QueryDict("&".join(f"open={n}" for n in range(500)))).opened) == 50


# Boxes


def test_ticked_box_selects_its_operation_with_all_options():
    assert after(o=[CREATE]) == chosen(CREATE)


def test_box_that_is_not_ticked_any_more_takes_its_operation_and_its_options_out():
    before = chosen(CREATE, LIST, options_off=[(CREATE, "new-eip")])

    assert after(before, o=[LIST]) == chosen(LIST)


def test_ticking_again_turns_all_options_on_again():
    off = chosen(CREATE, options_off=[(CREATE, "new-eip")])
    gone = after(off, o=[])

    assert after(gone, o=[CREATE]) == chosen(CREATE)


@pytest.mark.parametrize(
    ("ticked", "off"),
    [
        (["new-eip", "old-eip"], []),
        (["new-eip"], ["old-eip"]),
        (["old-eip"], ["new-eip"]),
        ([], ["new-eip", "old-eip"]),
    ],
)
def test_options_of_a_selected_operation_are_as_their_boxes(ticked, off):
    options = [f"{CREATE}#{slug}" for slug in ticked]

    assert after(chosen(CREATE), o=[CREATE], p=options) == chosen(CREATE, options_off=[(CREATE, s) for s in off])


def test_operation_ticked_together_with_one_option_has_that_option():
    assert after(o=[CREATE], p=[f"{CREATE}#old-eip"]) == chosen(CREATE, options_off=[(CREATE, "new-eip")])


def test_option_ticked_by_itself_selects_its_operation_with_that_option():
    assert after(o=[], p=[f"{CREATE}#old-eip"]) == chosen(CREATE, options_off=[(CREATE, "new-eip")])


def test_operation_that_was_unticked_goes_although_its_options_are_still_ticked():
    options = [f"{CREATE}#new-eip", f"{CREATE}#old-eip"]

    assert after(chosen(CREATE), o=[], p=options) == chosen()


def test_operations_without_a_box_on_the_page_stay_as_they_are():
    before = chosen(LIST, ATTACH, CREATE, options_off=[(CREATE, "new-eip")])

    assert after(before, shown=["ecs/disks"], o=[]) == chosen(LIST, CREATE, options_off=[(CREATE, "new-eip")])
    assert after(before, shown=["ecs/servers list"], o=[]) == chosen(ATTACH, CREATE, options_off=[(CREATE, "new-eip")])


def test_form_without_boxes_leaves_the_selection_alone():
    before = chosen(LIST, CREATE, options_off=[(CREATE, "new-eip")], actions=["evs:volumes:list"])

    assert after(before) == before


def test_boxes_are_reported_as_the_browser_shows_them():
    data = form(shown=["ecs/disks", "ecs/servers create delete"], o=[CREATE, VOLUMES], p=[f"{CREATE}#new-eip"])

    assert read_submission(SMALL, data).boxes == Boxes(
        shown=boxes_of(ATTACH, ATTACH_NATIVE, CREATE, DELETE, VOLUMES),
        ticked=boxes_of(CREATE, VOLUMES),
        options=frozenset({("ecs/servers", CREATE, "new-eip")}),
    )


def test_boxes_of_a_row_in_the_table_of_another_service_are_told_from_its_own():
    data = form(
        shown=["ecs/servers", f"eip/rows list {CREATE}"], o=[f"{CREATE} eip/rows"], p=[f"{CREATE}#new-eip eip/rows"]
    )

    assert read_submission(TWINS, data).boxes == Boxes(
        shown=boxes_of(LIST, CREATE, DELETE) | {("eip/rows", CREATE), ("eip/rows", EIPS)},
        ticked=frozenset({("eip/rows", CREATE)}),
        options=frozenset({("eip/rows", CREATE, "new-eip")}),
    )


@pytest.mark.parametrize(
    ("before", "ticked", "options", "expected"),
    [
        (chosen(), [f"{DELETE} eip/rows"], [], chosen(DELETE)),
        (chosen(), [DELETE, f"{DELETE} eip/rows"], [], chosen(DELETE)),
        (chosen(DELETE), [DELETE], [], chosen()),
        (chosen(DELETE), [f"{DELETE} eip/rows"], [], chosen()),
        (chosen(DELETE), [DELETE, f"{DELETE} eip/rows"], [], chosen(DELETE)),
        (chosen(), [f"{CREATE} eip/rows"], [], chosen(CREATE)),
        (chosen(), [], [f"{CREATE}#new-eip eip/rows"], chosen(CREATE, options_off=[OLD])),
        (
            chosen(CREATE),
            [CREATE, f"{CREATE} eip/rows"],
            [f"{CREATE}#new-eip", f"{CREATE}#old-eip", f"{CREATE}#new-eip eip/rows"],
            chosen(CREATE, options_off=[OLD]),
        ),
        (
            chosen(CREATE, options_off=[OLD]),
            [CREATE, f"{CREATE} eip/rows"],
            [f"{CREATE}#new-eip", f"{CREATE}#new-eip eip/rows", f"{CREATE}#old-eip eip/rows"],
            chosen(CREATE),
        ),
    ],
)
def test_of_two_boxes_for_one_operation_the_one_that_was_turned_counts(before, ticked, options, expected):
    data = form(before, shown=["ecs/servers", "eip/rows"], o=ticked, p=options)

    assert submitted(TWINS, data).draft.selection == expected


def test_all_of_a_service_are_its_rows_in_other_tables_too():
    assert submitted(TWINS, form(do="all:eip")).draft.selection == chosen(CREATE, DELETE, EIPS)


@pytest.mark.parametrize(
    "fields",
    [
        {"o": ["ecs/servers/fly", "", "ecs", "ecs/servers/list "]},
        {"p": [CREATE, f"{CREATE}#", f"{CREATE}#none", "ecs/servers/fly#new-eip", "#", f"{LIST}#new-eip"]},
        {"shown": ["ecs", "ecs/nowhere", "", " ", "ecs/servers nothing", "ecs/nowhere list"]},
    ],
)
def test_boxes_that_the_catalogue_does_not_have_mean_nothing(fields):
    assert after(chosen(LIST), **{**fields, "o": [LIST, *fields.get("o", ())]}) == chosen(LIST)


# Fields


@pytest.mark.parametrize(("value", "switch"), [("all", "all"), ("direct", "direct"), ("", "direct"), ("x", "direct")])
def test_switch_of_dependencies(value, switch):
    assert after(dependencies=value).dependencies is Dependencies(switch)


def test_switch_that_is_not_sent_is_off():
    assert after(chosen(dependencies=Dependencies.ALL)).dependencies is Dependencies.DIRECT


@pytest.mark.parametrize(
    ("typed", "name"),
    [("team-a", "team-a"), ("  a\tb\0 ", "a b"), ("", ""), ("\r\n", ""), ("x" * 300, "x" * MAX_NAME)],
)
def test_name_is_kept_as_it_was_typed_without_control_characters(typed, name):
    assert submitted(SMALL, form(name=typed)).draft.name == name


def test_name_that_is_not_sent_stays():
    data = QueryDict(urlencode({"draft": encode(Draft(name="kept"))}))

    assert submitted(SMALL, data).draft == Draft(name="kept")


def test_field_that_is_sent_twice_counts_once():
    data = QueryDict("name=a&name=b&dependencies=all&dependencies=direct&do=all:ecs&do=reset")

    assert submitted(SMALL, data).draft == Draft(name="b")


def test_line_break_counts_once_as_for_the_field_that_it_was_typed_in():
    """Browsers send two characters for each."""
    values = "abcde\n" * (MAX_VALUES // 6)
    data = QueryDict(urlencode({"condition-values": values.replace("\n", "\r\n")}))

    assert read_submission(SMALL, data).fields.typed.condition.values == values


# Commands


@sweep(
    ("before", "command", "expected"),
    [
        (chosen(), "all:ecs/servers", chosen(LIST, CREATE, DELETE)),
        (chosen(VOLUMES), "all:ecs", chosen(VOLUMES, LIST, CREATE, DELETE, ATTACH, ATTACH_NATIVE)),
        (chosen(), "all:vpc", chosen()),
        (
            chosen(CREATE, options_off=[NEW]),
            "all:ecs/servers",
            chosen(LIST, CREATE, DELETE, options_off=[NEW]),
        ),
        (chosen(LIST, CREATE, ATTACH, options_off=[NEW]), "none:ecs/servers", chosen(ATTACH)),
        (chosen(LIST, ATTACH, VOLUMES, actions=[VOLUME_USE]), "none:ecs", chosen(VOLUMES, actions=[VOLUME_USE])),
        (chosen(DELETE), "reading:ecs", chosen(DELETE, LIST)),
        (chosen(), "reading:ecs/disks", chosen()),
        (chosen(LIST, CREATE), "untick:ecs/servers/create", chosen(LIST)),
        (chosen(LIST), "untick:ecs/servers/create", chosen(LIST)),
        (chosen(ATTACH_NATIVE, LIST, options_off=[BY_NAME]), f"swap:{ATTACH_NATIVE}", chosen(ATTACH, LIST)),
        (chosen(ATTACH_NATIVE, ATTACH), f"swap:{ATTACH_NATIVE}", chosen(ATTACH)),
        (chosen(LIST), f"swap:{LIST}", chosen(LIST)),
        (chosen(LIST), f"swap:{ATTACH_NATIVE}", chosen(LIST)),
        (chosen(ATTACH_NATIVE, LIST), "swap-all:", chosen(ATTACH, LIST)),
        (chosen(DELETE), "leave-out:ecs:servers:list", chosen(DELETE, without=[SERVER_LIST])),
        (chosen(DELETE), "leave-out:ecs:SERVERS:LIST", chosen(DELETE, without=[SERVER_LIST])),
        (chosen(DELETE, without=[SERVER_LIST]), "put-back:ecs:servers:list", chosen(DELETE)),
        (chosen(DELETE, actions=[VOLUME_USE]), "remove:evs:volumes:use", chosen(DELETE)),
        (chosen(DELETE), "remove:evs:volumes:use", chosen(DELETE)),
        (chosen(DELETE), "complete:ecs/disks/attach", chosen(DELETE, ATTACH)),
        (chosen(DELETE, ATTACH, without=[VOLUME_USE]), f"complete:{ATTACH}", chosen(DELETE, ATTACH)),
        (
            chosen(CREATE, options_off=[NEW, OLD], without=[SERVER_LIST]),
            f"complete:{CREATE}",
            chosen(CREATE),
        ),
        (
            chosen(CREATE, options_off=[NEW], without=["vpc:eips:use"]),
            f"complete:{CREATE}",
            chosen(CREATE, options_off=[NEW]),
        ),
        (chosen(LIST, CREATE, actions=[VOLUME_USE]), "reset", chosen()),
        (chosen(LIST), "search", chosen(LIST)),
        (chosen(LIST), "open:ecs/disks", chosen(LIST)),
        (chosen(LIST), "clear:", chosen(LIST)),
    ],
)  # fmt: skip
def test_command(before, command, expected):
    assert after(before, do=command) == expected


def test_command_about_a_category_leaves_one_with_a_longer_name_alone():
    of = catalog(operation("ecs/disk/a", "ecs:disk:a"), operation("ecs/disks/b", "ecs:disks:b"))

    assert submitted(of, QueryDict("do=all:ecs/disk")).draft.selection == chosen("ecs/disk/a")


def test_command_comes_after_the_boxes():
    assert after(chosen(LIST), o=[DELETE], do="all:ecs/disks") == chosen(DELETE, ATTACH, ATTACH_NATIVE)
    assert after(chosen(LIST), o=[DELETE], do="none:ecs/servers") == chosen()


def test_left_out_action_that_nothing_needs_any_more_is_forgotten():
    before = chosen(DELETE, ATTACH, without=["ecs:servers:list", "evs:volumes:use"])

    assert after(before, o=[ATTACH]) == chosen(ATTACH, without=["evs:volumes:use"])
    assert after(before, do="leave-out:evs:volumes:list") == before  # needed by nothing: it does not even begin


def test_reset_keeps_the_name():
    submission = submitted(SMALL, form(chosen(LIST, dependencies=Dependencies.ALL), name="kept", do="reset"))

    assert submission.draft == Draft(name="kept")


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("all:ecs/servers", [LIST, CREATE]),
        ("all:ecs", [LIST, CREATE]),
        ("all:evs", [CREATE, VOLUMES]),
        ("all:found", [LIST, CREATE, VOLUMES]),
        ("none:ecs/servers", [CREATE]),
        ("none:ecs", [CREATE]),
        ("none:found", [CREATE]),
        ("reading:ecs", [LIST, CREATE]),
        ("reading:found", [LIST, CREATE, VOLUMES]),
    ],
)
def test_under_a_filter_commands_reach_only_what_it_lets_through(command, expected):
    """LIST and VOLUMES are in sight, CREATE is selected and hidden, DELETE is hidden."""
    before = chosen(CREATE)
    shown = ["ecs/servers list", "evs/volumes list"]

    assert after(before, shown=shown, o=[], view="reading=1", do=command) == chosen(*expected)


@pytest.mark.parametrize("command", ["all", "none", "reading"])
def test_what_was_found_is_nothing_without_a_search_or_filter(command):
    assert refusal(chosen(LIST), do=f"{command}:found", q="list") == NOTHING_SEARCHED


def test_without_a_filter_commands_reach_rows_that_are_not_filled_in_too():
    assert after(chosen(), shown=["ecs/servers"], o=[], do="all:ecs/disks") == chosen(ATTACH, ATTACH_NATIVE)
    assert after(chosen(), shown=["ecs/servers"], o=[], view="open=ecs%2Fdisks", do="all:evs") == chosen(VOLUMES, USE)


def test_filter_that_is_only_just_chosen_does_not_limit_commands():
    """The rows on the page are those that the filters before let through."""
    assert after(chosen(), o=[], view="", q="volumes", do="all:ecs/disks") == chosen(ATTACH, ATTACH_NATIVE)


def test_row_that_was_unticked_and_is_still_on_the_screen_is_among_what_is_selected_there():
    before, shown = chosen(CREATE), ["ecs/servers list create"]

    assert after(before, shown=shown, o=[], view="selected=1", do="all:ecs") == chosen(LIST, CREATE)


@pytest.mark.parametrize("command", ["all:found", "all:ecs"])
def test_commands_reach_what_was_found_and_is_not_on_the_screen_yet(command):
    rows = [f"ecs/{'ab'[at % 2]}/{'cd'[at % 3 == 0]}-{at}" for at in range(200)]
    large = catalog(*(operation(id_, f"ecs:things:op{at}") for at, id_ in enumerate(rows)))
    found = [id_ for id_ in rows if "/c-" in id_]
    data = form(o=[], shown=[" ".join(["", *found[:60]])], q="C-", view="q=C-", do=command)

    assert submitted(large, data).draft.selection.operations == set(found)


# Commands about the view


def test_view_changes_with_the_fields_of_the_search():
    same = form(q="disk", reading="1", view="q=disk&reading=1")
    other = form(q="disk", view="q=disk&reading=1")

    wanted = Filter(words=("disk",))
    assert submitted(SMALL, same).view == View("disk", replace(wanted, reading=True), service="ecs")
    assert "tree" not in names(answer(SMALL, same))
    assert submitted(SMALL, other).view == View("disk", wanted, service="ecs")
    assert "tree" in names(answer(SMALL, other))


@pytest.mark.parametrize(
    ("before", "shown", "command", "service"),
    [
        ([], "", "", "ecs"),
        ([VOLUMES], "", "", "evs"),
        ([LIST, VOLUMES], "", "", "ecs"),
        ([LIST], "evs", "", "evs"),
        ([LIST], "evs", "reset", "evs"),
        ([VOLUMES], "", f"untick:{VOLUMES}", "evs"),  # though without being named it would be the first now
        ([], "ecs", "service:evs", "evs"),
        ([LIST], "nope", "", "ecs"),
    ],
)
def test_service_that_is_shown_stays_until_another_one_is_chosen(before, shown, command, service):
    assert submitted(SMALL, form(chosen(*before), view=f"service={shown}", do=command)).view.service == service


def test_choosing_a_service_leaves_the_search_and_keeps_the_filters():
    asked = form(chosen(LIST), q="x", reading="1", view="q=x&reading=1&open=all&all=1", do="service:evs")

    assert submitted(SMALL, asked).view == View(wanted=Filter(reading=True), service="evs")
    assert {"tree", "search-field"} <= names(answer(SMALL, asked))


def test_choosing_a_service_leaves_what_is_selected_of_all():
    asked = form(chosen(LIST), selected="1", view="selected=1", do="service:evs")

    assert submitted(SMALL, asked).view == View(service="evs")
    assert "find" in names(answer(SMALL, asked))


@pytest.mark.parametrize("slug", ["", "vpc", "nope"])
def test_service_without_operations_is_named(slug):
    assert refusal(chosen(LIST), do=f"service:{slug}") == NO_SERVICE.format(slug=slug)


def test_choosing_a_category_shows_its_service_with_the_category_open():
    change = submitted(SMALL, form(q="x", view="q=x&open=all", do="category:evs/volumes"))

    assert change.view == View(service="evs", opened=frozenset({"evs/volumes"}))
    assert refusal(do="category:evs/nope") == NO_CATEGORY.format(subject="evs/nope")


def test_other_words_are_searched_under_the_same_filters():
    asked = form(q="sever", reading="1", view="q=sever&reading=1", do="find:Server list")

    wanted = Filter(words=("server", "list"), reading=True)
    assert submitted(SMALL, asked).view == View("Server list", wanted, service="ecs")
    assert {"tree", "search-field"} <= names(answer(SMALL, asked))


@pytest.mark.parametrize(("query", "all_listed"), [("disk", True), ("disks", False)])
def test_all_that_was_found_is_listed_until_something_else_is_searched(query, all_listed):
    listed = submitted(SMALL, form(q="disk", view="q=disk", do="list-all:")).view

    assert listed.all
    assert submitted(SMALL, form(q=query, view=listed.encoded())).view.all is all_listed


@pytest.mark.parametrize(("typed", "reduced"), [("disk", False), (" disk  a ", False), ("x" * MAX_NAME + "y", True)])
def test_search_of_which_only_a_part_counts_is_put_back(typed, reduced):
    assert ("search-field" in names(answer(SMALL, form(q=typed)))) is reduced


def test_open_adds_a_category_to_the_view():
    asked = form(open="ecs/disks", view="open=ecs%2Fdisks", do="open:evs/volumes")

    assert submitted(SMALL, asked).view == View(opened=frozenset({"ecs/disks", "evs/volumes"}), service="ecs")
    assert "tree" in names(answer(SMALL, asked))


def test_clear_shows_everything():
    asked = form(chosen(LIST), q="x", reading="1", view="q=x&reading=1", do="clear:")
    submission = submitted(SMALL, asked)

    assert submission.view == View(service="ecs")
    assert {"tree", "find"} <= names(answer(SMALL, asked))
    assert submission.draft.selection == chosen(LIST)


# Undo


def test_undo_returns_to_the_draft_before():
    previous = Draft.of(chosen(LIST, actions=["ecs:servers:list"], dependencies=Dependencies.ALL), "old")
    asked = form(chosen(DELETE), name="new", previous=encode(previous), do="undo")
    submission = submitted(SMALL, asked)

    assert (submission.draft, submission.problems) == (previous, ())
    assert {"name-field", "switch", "fields"} <= names(answer(SMALL, asked))


def test_undo_of_the_first_change_returns_to_nothing():
    assert after(chosen(LIST), previous="", do="undo") == chosen()


def test_undo_with_a_damaged_draft_says_so():
    token = encode(Draft.of(chosen(LIST, DELETE)))[:-1]
    submission = submitted(SMALL, form(chosen(LIST), previous=token, do="undo"))

    assert submission.draft.selection == chosen(DELETE)
    assert submission.problems == decode(SMALL, token).problems
    assert len(submission.problems) == 1


# Single actions


@pytest.mark.parametrize(
    ("typed", "added"),
    [
        ("ecs:servers:list", "ecs:servers:list"),
        ("  ecs:servers:list \n", "ecs:servers:list"),
        ("ecs:SERVERS:List", "ecs:servers:list"),
        ("ecs:servers:*", "ecs:servers:*"),
        ("ecs:Servers:*", "ecs:Servers:*"),
        ("*:*:list", "*:*:list"),
    ],
)
def test_action_is_added_as_the_catalogue_spells_it(typed, added):
    assert after(action=typed, do="add") == chosen(actions=[added])
    assert "action-field" in names(answer(SMALL, form(action=typed, do="add")))


@pytest.mark.parametrize("typed", ["ecs:servers:fly", "obs:buckets:*", "ecs:serverz:*"])
def test_action_that_the_catalogue_does_not_have_is_refused(typed):
    assert refusal(action=typed, do="add") == NOT_IN_CATALOGUE.format(name=typed)


@pytest.mark.parametrize(
    "typed", ["servers", "ecs:servers", "ecs:servers:list:all", "ecs:ser vers:list", "<b>", "é:é:é"]
)
def test_text_that_is_no_action_is_refused_with_what_was_expected(typed):
    assert refusal(action=typed, do="add") == NO_ACTION.format(name=typed)


def test_action_that_is_too_long_is_refused():
    assert refusal(action="ecs:servers:" + "x" * 200, do="add") == TOO_LONG.format(most=128, n=212)


@pytest.mark.parametrize("fields", [{}, {"action": ""}, {"action": "  "}])
def test_no_action_is_refused_with_an_example(fields):
    assert refusal(do="add", **fields) == TYPE_AN_ACTION


def test_return_in_the_field_of_the_action_adds_it():
    """A browser without JavaScript presses the form's first button then, which is that of the search."""
    assert after(action="ecs:servers:list", do="search") == chosen(actions=["ecs:servers:list"])


def test_action_is_not_added_while_something_else_is_pressed():
    assert after(action="ecs:servers:list", do="all:vpc") == chosen()
    assert after(action="ecs:servers:list") == chosen()


def test_action_that_is_there_already_is_not_added():
    asked = form(chosen(actions=["ecs:servers:list"]), action="ecs:servers:list", do="add")

    assert submitted(SMALL, asked).draft.selection == chosen(actions=["ecs:servers:list"])
    assert "action-field" not in names(answer(SMALL, asked))


# What cannot be done


@pytest.mark.parametrize("command", ["fly", "ALL:ecs", "__class__:x", "<b>", "all ecs", ":", ":ecs"])
def test_unknown_command_is_named(command):
    named = command.partition(":")[0]
    if not named:
        assert after(chosen(LIST), do=command) == chosen(LIST)
        return

    problem = refusal(chosen(LIST), do=command)

    assert problem == NO_COMMAND.format(name=named)


def test_long_command_is_named_in_part():
    assert refusal(do="x" * 9999) == NO_COMMAND.format(name="x" * 50)


@pytest.mark.parametrize("command", ["all", "none", "reading"])
@pytest.mark.parametrize("subject", ["", "ecs/", "ecs/serv", "obs", LIST, "x" * 5000])
def test_unknown_category_is_named(command, subject):
    assert refusal(chosen(LIST), do=f"{command}:{subject}") == NO_CATEGORY.format(subject=subject[:200])


@pytest.mark.parametrize("command", ["untick", "swap", "complete"])
@pytest.mark.parametrize("subject", ["", "ecs/servers", "ecs/servers/fly", f"{LIST} ", "x" * 5000])
def test_unknown_operation_is_named(command, subject):
    assert refusal(chosen(LIST), do=f"{command}:{subject}") == NO_OPERATION.format(subject=subject[:200])


def test_unknown_action_to_leave_out_is_named():
    assert refusal(chosen(LIST), do="leave-out:ecs:servers:fly") == NOT_IN_CATALOGUE.format(name="ecs:servers:fly")


def test_problems_of_the_draft_come_with_those_of_the_command():
    data = QueryDict(urlencode({"draft": "nonsense", "do": "fly"}))

    assert submitted(SMALL, data).problems == (
        *decode(SMALL, "nonsense").problems,
        NO_COMMAND.format(name="fly"),
    )


def test_refused_command_lets_the_boxes_count():
    submission = submitted(SMALL, form(chosen(LIST), o=[LIST, DELETE], do="untick:ecs/servers/fly"))

    assert (submission.draft.selection, len(submission.problems)) == (chosen(LIST, DELETE), 1)


# Laws


@dataclass
class Model:
    """A selection as somebody sees it: which options are on, by the operation that they belong to."""

    on: dict[str, set[str]]
    actions: set[str]
    without: set[str]
    cascade: bool

    @classmethod
    def of(cls, of, selection: Selection) -> "Model":
        on = {
            id_: {s for s in options(of, id_) if (id_, s) not in selection.options_off} for id_ in selection.operations
        }
        return cls(on, set(selection.actions), set(selection.without), selection.dependencies == "all")

    def selection(self, of) -> Selection:
        return chosen(
            *self.on,
            options_off=[(id_, slug) for id_, on in self.on.items() for slug in options(of, id_) - on],
            actions=self.actions,
            without=self.without,
            dependencies=Dependencies.ALL if self.cascade else Dependencies.DIRECT,
        )


def options(of, id_: str) -> set[str]:
    return {option.slug for option in of.operations[id_].options}


def look(of, model: Model, boxes: Boxes) -> None:
    """The page shows these boxes, and they are as they are; of several, the one that was turned counts."""
    for id_ in of.operations:
        tables = {category for category, shown in boxes.shown if shown == id_}
        was, had = id_ in model.on, model.on.get(id_, set())
        turned = {slug for slug in had if any((table, id_, slug) not in boxes.options for table in tables)}
        ticked = (had - turned) | {slug for _, owner, slug in boxes.options if owner == id_ and slug not in had}
        on = {(table, id_) in boxes.ticked for table in tables}
        if on == {True} or (True in on and not was) or (ticked and not was):
            model.on[id_] = ticked if was or ticked else options(of, id_)
        elif tables and was:
            del model.on[id_]


def press(of, model: Model, command: str, subject: str, in_sight: set[str]) -> None:
    """A button is pressed that the page has."""
    if command in {"all", "reading", "none"}:
        press_above_rows(of, model, command, subject, in_sight)
    elif command in {"swap", "swap-all"}:
        swap(of, model, subject)
    elif command == "untick":
        model.on.pop(subject, None)
    elif command == "complete":
        if not model.on.get(subject):
            model.on[subject] = options(of, subject)
        model.without -= set(of.operations[subject].all_dependencies())
    elif command == "reset":
        model.on, model.actions, model.without, model.cascade = {}, set(), set(), False
    elif command != "":
        press_beside_action(model, command, subject)


def press_above_rows(of, model: Model, command: str, subject: str, in_sight: set[str]) -> None:
    reading = only_reading(of, Block(model.selection(of)))
    for row in of.operations.values():
        tables = {of_row.id for of_row in of.categories_by_operation[row.id]}
        if not any(f"{table}/".startswith(f"{subject}/") for table in tables) or row.id not in in_sight:
            continue
        if command == "none":
            model.on.pop(row.id, None)
        elif command == "all" or row.id in reading:
            model.on.setdefault(row.id, options(of, row.id))


def swap(of, model: Model, subject: str) -> None:
    pairs = {id_: of.operations[id_].enterprise_alternative for id_ in model.on if subject in {id_, ""}}
    for id_ in [id_ for id_, other in pairs.items() if other]:
        del model.on[id_]
    for other in filter(None, pairs.values()):
        model.on.setdefault(other, options(of, other))


def press_beside_action(model: Model, command: str, subject: str) -> None:
    change = {
        "leave-out": model.without.add,
        "put-back": model.without.discard,
        "add": model.actions.add,
        "remove": model.actions.discard,
    }.get(command)
    if change:
        change(subject)


@st.composite
def selections(draw, of):
    ids = draw(st.frozensets(st.sampled_from(list(of.operations)), max_size=8))
    pairs = [(id_, slug) for id_ in sorted(ids) for slug in sorted(options(of, id_))]
    needs = sorted({name for id_ in ids for name in of.operations[id_].all_dependencies()})
    return Selection(
        ids,
        draw(st.frozensets(st.sampled_from(pairs))) if pairs else frozenset(),
        draw(st.frozensets(st.sampled_from(list(of.action_index.actions)), max_size=2)),
        draw(st.frozensets(st.sampled_from(needs), max_size=3)) if needs else frozenset(),
        draw(st.sampled_from(Dependencies)),
    )


def where(table: str, id_: str) -> str:
    return "" if id_.startswith(f"{table}/") else f" {table}"


@st.composite
def submissions(draw, of):
    """A catalogue's page as somebody left it: the draft, the boxes, what is pressed, and the fields that say so."""
    before = draw(selections(of))
    filtered = draw(st.booleans())
    shown, fields = set(), []
    for table in draw(st.lists(st.sampled_from(list(of.categories.values())), unique_by=lambda c: c.id)):
        rows = {row.id for row in table.operations}
        if filtered:
            rows = draw(st.sets(st.sampled_from(sorted(rows)), min_size=1))
            slugs = (id_.removeprefix(f"{table.id}/") for id_ in sorted(rows))
            fields.append(("shown", " ".join([table.id, *slugs])))
        else:
            fields.append(("shown", table.id))
        shown |= {(table.id, id_) for id_ in rows}
    ticked = draw(st.frozensets(st.sampled_from(sorted(shown)))) if shown else frozenset()
    pairs = [(*box, slug) for box in sorted(shown) for slug in sorted(options(of, box[1]))]
    on = draw(st.frozensets(st.sampled_from(pairs))) if pairs else frozenset()
    subjects = {
        ("all", "none", "reading"): [*of.categories, *(service.slug for service in of.services)],
        ("untick", "swap", "complete"): list(of.operations),
        ("leave-out", "put-back", "add", "remove"): list(of.action_index.actions),
        ("swap-all", "reset", "search", ""): [""],
    }
    kinds = {command: values for commands, values in subjects.items() for command in commands}
    command = draw(st.sampled_from(sorted(kinds)))
    subject = draw(st.sampled_from(kinds[command]))
    cascade = draw(st.booleans())
    fields += [("draft", encode(Draft.of(before, "x"))), ("name", "x"), ("view", "reading=1" if filtered else "")]
    fields += [("o", f"{id_}{where(table, id_)}") for table, id_ in ticked]
    fields += [("p", f"{id_}#{slug}{where(table, id_)}") for table, id_, slug in on]
    fields += [("dependencies", "all")] * cascade
    fields += [("action", subject), ("do", command)] if command == "add" else [("do", f"{command}:{subject}")]
    reading = {row.id for row in of.operations.values() if row.access is Access.READ}
    in_sight = reading | {id_ for _, id_ in shown} if filtered else set(of.operations)
    return (
        before,
        Boxes(frozenset(shown), ticked, on),
        cascade,
        (command, subject, in_sight),
        draw(st.permutations(fields)),
    )


@pytest.mark.parametrize("of", [TWINS, real_catalog()], ids=["twins", "real"])
def test_form_means_what_somebody_sees_on_the_page(of):
    @law
    @given(submissions(of))
    def holds(submission):
        before, boxes, cascade, pressed, fields = submission
        model = Model.of(of, before)
        look(of, model, boxes)
        model.cascade = cascade
        press(of, model, *pressed)

        sent = read_submission(of, QueryDict(urlencode(fields)))
        change = carry_out(of, sent)

        assert (sent.before, sent.boxes, change.problems) == (Draft.of(before, "x"), boxes, ())
        assert change.draft == Draft.of(prune(of, model.selection(of)), "x")

    holds()


@law
@given(selections(SMALL), st.data())
def test_boxes_as_the_page_shows_them_change_nothing(before, data):
    """What is on the page without a tick more or less, sent again, is the draft: whichever part of it is shown."""
    shown = data.draw(st.lists(st.sampled_from(list(SMALL.categories)), unique=True))
    rows = [o.id for id_ in shown for o in SMALL.categories[id_].operations if o.id in before.operations]
    on = [f"{id_}#{slug}" for id_ in rows for slug in options(SMALL, id_) if (id_, slug) not in before.options_off]
    switch = ["all"] * (before.dependencies is Dependencies.ALL)

    assert after(before, shown=shown, o=rows, p=on, dependencies=switch) == prune(SMALL, before)


def texts_for(of) -> dict[str, st.SearchStrategy[str]]:
    """For each field of the form what it can hold, and what it cannot."""
    ids = st.sampled_from(
        [*of.operations, *of.categories, *of.action_index.actions, "ecs", "", "*:*:*", "ecs:*:*", "x/y/z"]
    )
    token = st.builds(lambda s, cut: encode(Draft.of(s))[: cut or None], selections(of), st.integers(0, 60))
    pair = st.builds("{}#{}".format, ids, st.sampled_from(["new-eip", "old-eip", "", "x"]))
    words = st.sampled_from(["all", "none", "reading", "undo", "open", "clear", "add", "search", "swap-all", "reset"])
    command = words | st.builds("{}:{}".format, words | st.sampled_from(["untick", "swap", "complete"]), ids)
    command |= st.builds("{}:{}".format, st.sampled_from(["leave-out", "put-back", "remove"]), ids)
    view = st.sampled_from(["q=disk", "reading=1&api=own", "selected=1", "open=all", "&&=", "%00=%ff"])
    known = {
        "draft": token, "previous": token, "o": ids, "p": pair, "shown": st.builds("{} {}".format, ids, st.text()),
        "do": command, "action": ids, "view": view, "name": st.text(), "q": st.text(), "api": st.text(),
        "dependencies": st.just("all"), "reading": st.just("1"), "selected": st.just("1"), "open": ids,
    }  # fmt: skip
    return {name: values | st.text() for name, values in known.items()}


@pytest.mark.parametrize("of", [SMALL, real_catalog()], ids=["small", "real"])
def test_whatever_is_sent_becomes_a_draft_of_the_catalogue(of):
    known = texts_for(of)
    fields = st.one_of(*(st.tuples(st.just(name), values) for name, values in known.items()))

    @law
    @given(st.lists(fields, max_size=12))
    def holds(pairs):
        sent = read_submission(of, QueryDict(urlencode(pairs)))
        after = carry_out(of, sent).draft
        selection = after.selection

        assert selection.operations <= of.operations.keys()
        assert {id_ for id_, _ in selection.options_off} <= selection.operations
        assert all(slug in options(of, id_) for id_, slug in selection.options_off)
        assert all(of.action_index.expand(name) for name in selection.actions | selection.without)
        assert decode(of, encode(after)).draft == after  # its link opens as what is shown
        assert sent.boxes.ticked <= sent.boxes.shown
        assert {id_ for _, id_ in sent.boxes.shown} <= of.operations.keys()
        assert prune(of, selection) == selection

    holds()


def test_view_of_a_thousand_fields_is_no_reason_to_fail():
    submitted(SMALL, QueryDict(urlencode({"view": "a&" * 9999, "name": "x"})))
