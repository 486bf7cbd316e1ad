"""The builder's form sent without a script: boxes count when a button is pressed, and no button forgets them."""

import pytest

from policybuilder.drafts.link import decode
from policybuilder.pages.builder.verdict import NOW_IAM_ONLY
from tests.pages.tab import (
    ATTACH,
    BATCH,
    CATALOG,
    CREATE,
    EIP_EXISTING,
    EIP_NEW,
    QUERY,
    START,
    START_BATCH,
    Tab,
    json_of,
    parse,
    selection,
)

IN_BATCH = [operation.id for operation in CATALOG.categories[BATCH].operations]
METADATA = "ecs/metadata-management/obtaining-ecs-metadata-with-a-specified-key-native"
APPLY = "search"
NEW, EXISTING = (tuple(pair.split("#")) for pair in (EIP_NEW, EIP_EXISTING))


def expect_selection(tab: Tab, wanted) -> None:
    """The draft behind the form, the policy and the boxes are those of this selection."""
    assert decode(CATALOG, tab.find("draft")["value"]).draft.selection == wanted
    assert tab.json() == json_of(wanted)
    assert sorted(tab.boxes("o", ticked=True)) == sorted(wanted.operations)


def test_options_of_a_fresh_tick_are_all_on_or_those_ticked(tab):
    tab = tab.tick(CREATE).send_plainly(APPLY)
    expect_selection(tab, selection(CREATE))
    assert {EIP_NEW, EIP_EXISTING} <= set(tab.boxes("p", ticked=True))

    tab = tab.tick(CREATE).send_plainly(APPLY)
    assert tab.boxes("p", ticked=True) == []
    tab = tab.tick(CREATE).option(EIP_EXISTING).send_plainly(APPLY)

    expect_selection(tab, selection(CREATE, options_off=[NEW]))


def test_option_ticked_by_itself_selects_its_operation_that_way(tab):
    expect_selection(tab.option(EIP_NEW).send_plainly(APPLY), selection(CREATE, options_off=[EXISTING]))


def test_buttons_take_the_ticks_along(tab):
    """A button that forgot what was ticked and not yet applied would lose work without a word."""
    tab = tab.tick(ATTACH).send_plainly(f"all:{BATCH}")
    expect_selection(tab, selection(ATTACH, *IN_BATCH))

    expect_selection(tab.tick(QUERY).send_plainly(f"none:{BATCH}"), selection(ATTACH, QUERY))


def test_search_takes_the_ticks_along(tab):
    tab = tab.tick(QUERY).type("q", "disk").send_plainly("search")
    assert tab.text("hits") == "14 operations and 12 single actions found"
    assert len(tab.boxes("o")) == 14
    assert tab.json() == json_of(selection(QUERY))
    assert tab.texts("#tree mark")[0] == "disk"

    tab = tab.tick(ATTACH).type("q", "").send_plainly("search")
    assert len(tab.boxes("o")) == 91
    expect_selection(tab, selection(QUERY, ATTACH))


def test_single_action_is_added_from_the_search(tab):
    tab = tab.tick(QUERY).type("q", "evs:volumes").send_plainly("search").send_plainly("add:evs:volumes:get")
    assert tab.json() == json_of(selection(QUERY, actions=["evs:volumes:get"]))

    tab = tab.send_plainly("remove:evs:volumes:get")
    assert tab.json() == json_of(selection(QUERY))


def test_filters_and_show_everything(tab):
    tab = tab.tick(ATTACH).type("q", "no such thing").filter("reading").send_plainly(APPLY)
    assert tab.text("hits") == "0 operations found"

    tab = tab.send_plainly("clear:")
    assert (len(tab.boxes("o")), tab.find("q")["value"]) == (91, "")
    expect_selection(tab, selection(ATTACH))


def test_undo_and_clear(tab):
    tab = tab.tick(ATTACH).send_plainly(APPLY).tick(QUERY).send_plainly(APPLY)
    expect_selection(tab, selection(ATTACH, QUERY))

    tab = tab.send_plainly("undo")
    expect_selection(tab, selection(ATTACH))
    tab = tab.send_plainly("reset")
    assert (tab.boxes("o", ticked=True), tab.texts("#totals .totals-line")) == ([], ["No actions yet"])
    expect_selection(tab.send_plainly("undo"), selection(ATTACH))


@pytest.mark.parametrize(
    ("command", "after"), [(f"swap:{START}", [START_BATCH]), ("undo", []), (f"untick:{START}", [])]
)
def test_alarm_is_answered_with_a_button(tab, command, after):
    tab = tab.tick(START).send_plainly(APPLY)
    assert tab.text("alarm").startswith(NOW_IAM_ONLY)

    tab = tab.send_plainly(command)
    assert sorted(tab.boxes("o", ticked=True)) == after
    assert tab.text("alarm") == ""


def test_leaving_out_putting_back_and_single_actions(tab):
    tab = tab.tick(ATTACH).send_plainly(APPLY).send_plainly("leave-out:evs:volumes:use")
    expect_selection(tab, selection(ATTACH, without=["evs:volumes:use"]))
    tab = tab.send_plainly("put-back:evs:volumes:use")
    expect_selection(tab, selection(ATTACH))
    tab = tab.type("action", "ecs:cloudServers:list").send_plainly("add")
    expect_selection(tab, selection(ATTACH, actions=["ecs:cloudServers:list"]))


def test_dependencies_of_dependencies_and_the_name(tab):
    tab = tab.tick(METADATA).type("name", "meta").turn(tab.find("dependencies")).send_plainly(APPLY)

    expect_selection(tab, selection(METADATA, dependencies="all"))
    assert tab.find("name")["value"] == "meta"


def test_split_and_download(visitor, tab):
    tab = tab.tick(ATTACH, START).send_plainly(APPLY)
    assert visitor.get(tab.find("download")["href"]).content.decode() == json_of(selection(ATTACH, START))

    split = parse(visitor.get(tab.find("verdict").find("a", string="Split in two policies")["href"]))
    halves = [code.get_text() for code in split.select("pre code")]
    assert halves == [json_of(selection(ATTACH)), json_of(selection(START))]
