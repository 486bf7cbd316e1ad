"""The builder over the whole cloud: services, searches and filters come and go, and what was ticked stays."""

from hypothesis import given
from hypothesis import strategies as st

from policybuilder.drafts.link import decode
from policybuilder.pages.builder.tree import ROWS_AT_ONCE
from tests.builders import whole_catalog
from tests.pages.builder.strategies import law_of_pages
from tests.pages.tab import Tab, contents, ids

CATALOG = whole_catalog()
# Of a service with more rows the browser has those that were opened, which no address says.
SMALL = [s.slug for s in CATALOG.services if s.categories and len(list(s.operations)) <= ROWS_AT_ONCE]
ATTACH, CREATE_VPC = "ecs/disk-management/attaching-a-disk-to-an-ecs", "vpc/vpc/creating-a-vpc"
SEARCHES = ["", "snapshot", "eip bandwidth", "bucket", "no such thing"]


def chosen(tab: Tab) -> frozenset[str]:
    return decode(CATALOG, tab.find("draft")["value"]).draft.selection.operations


def found(tab: Tab) -> set[str]:
    return {button["value"] for button in tab.page.select("#tree button[value$=':found']")}


def act(tab: Tab, data: st.DataObject) -> frozenset[str]:
    """Somebody does one thing. What must be selected then."""
    was = chosen(tab)
    kind = data.draw(st.sampled_from(["tick", "tick", "service", "search", "filter", "found", "place"]))
    if kind == "tick" and (boxes := [box for box in tab.boxes("o") if " " not in box]):
        ticked = data.draw(st.lists(st.sampled_from(boxes), min_size=1, max_size=2, unique=True))
        tab.tick(*ticked).send()
        return was.symmetric_difference(ticked)
    if kind == "service":
        tab.send(f"service:{data.draw(st.sampled_from(SMALL))}")
    elif kind == "search":
        tab.type("q", data.draw(st.sampled_from(SEARCHES))).send()
    elif kind == "filter":
        tab.filter(data.draw(st.sampled_from(["reading", "enterprise", "selected"]))).send()
    elif kind == "found" and "all:found" in found(tab):
        listed = set(tab.boxes("o"))
        command = data.draw(st.sampled_from(["all:found", "none:found"]))
        tab.send(command)
        return was | listed if command == "all:found" else was - listed
    elif kind == "place" and (places := tab.page.select(".found-place button")):
        near = [button["value"] for button in places if button["value"].partition(":")[2].partition("/")[0] in SMALL]
        tab.send(data.draw(st.sampled_from(near))) if near else None
    return was


def seen(tab: Tab) -> dict[str, str]:
    """The page; under "Selected" without the rows, and under a search without their order: both are those of the moment
    when it was asked for."""
    tab.find("action").attrs.pop("value", None)
    apart = {"history", "alarm", "problems", "omitted", "touched", "touched-xa", "touched-ax"}
    if "selected=1" in tab.address:
        return contents(tab.page, without=apart | {"tree", "rail-body"})
    if "q=" in tab.address:
        return {id_: text for id_, text in contents(tab.page, without=apart).items() if id_ != "tree"}
    return contents(tab.page, without=apart)


@law_of_pages
@given(st.data())
def test_what_was_ticked_survives_other_services_searches_and_filters(visitor, data):
    tab = Tab(visitor, data.draw(st.sampled_from(["/", "/?service=nat", "/?service=evs&reading=1", "/?q=snapshot"])))
    for _ in range(data.draw(st.integers(2, 6))):
        selected = act(tab, data)

        assert chosen(tab) == selected
    fresh = Tab(visitor, tab.address)
    assert (chosen(fresh), seen(fresh)) == (selected, seen(tab))


def test_tick_sends_its_counters_and_none_of_other_services(visitor):
    tab = Tab(visitor)
    tab.tick(ATTACH).send()
    assert tab.text("rail-used") == "In use ECS, 1/ of 91 selected"

    sent = ids(tab.tick(ATTACH.replace("attaching", "detaching").replace("-to-", "-from-")).send())

    counts = {id_ for id_ in sent if id_.startswith(("count-", "rail-", "used-", "show-"))}
    assert counts == {"count-ecs", "count-ecs--disk-management", "rail-ecs--disk-management", "used-ecs"}
    assert tab.text("used-ecs") == ", 2/ of 91 selected"


def test_service_that_is_shown_is_in_every_address_but_where_it_is_the_first(visitor):
    tab = Tab(visitor)
    tab.send("service:vpc")
    assert tab.address == "/?service=vpc"

    tab.tick(CREATE_VPC).send()
    assert tab.address.endswith("&service=vpc")
    tab.type("q", "disk").send()
    assert tab.address.endswith("&q=disk&service=vpc")
    tab.tick(ATTACH).send()
    tab.type("q", "").send()
    assert [h2["id"] for h2 in tab.page.select("#tree h2")] == ["title-vpc"]

    tab.send("service:ecs")
    assert "service=" not in tab.address
    assert Tab(visitor, tab.address).boxes("o", ticked=True) == [ATTACH]
