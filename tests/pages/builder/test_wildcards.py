"""Wildcards that operations depend on, on the builder's page: before they are needed, and what is chosen of them."""

import re
from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string

from policybuilder.domain.building.blocks import Block
from policybuilder.domain.building.selection import Selection
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.policy.document import Effect
from policybuilder.drafts.addresses import View
from policybuilder.drafts.draft import Draft
from policybuilder.drafts.link import encode
from policybuilder.pages.builder.commands import carry_out
from policybuilder.pages.builder.form import read_submission
from policybuilder.pages.builder.page import BuilderPage
from policybuilder.pages.builder.verdict import NOW_IAM_ONLY
from policybuilder.pages.builder.wildcards import IN_ITS_PLACE, NOTHING_IN_ITS_PLACE, UNKNOWN
from tests.builders import catalog, operation, option, published, service
from tests.elements import Element, read_elements

SHARE, ADMIN, LIST = "sfs/shares/create", "sfs/shares/admin", "vpc/ports/list"

CATALOG = catalog(
    operation(SHARE, "sfs:shares:create", needs=["vpc:*:*", "obs:*:*"], title="Creating a share"),
    operation(
        ADMIN,
        "sfs:admin:*",
        title="Administering",
        options=[option("with a port", needs=["vpc:*:list"])],
        enterprise="no",
    ),
    operation(LIST, "vpc:ports:list", access="read", title="Listing ports"),
    operation("vpc/ports/delete", "vpc:ports:delete", title="Deleting a port"),
    actions=[published("vpc:vpcs:delete")],
)


def ticked(*ids, **rest) -> Selection:
    return Selection(frozenset(ids), **{name: frozenset(values) for name, values in rest.items()})


def page(selection: Selection, previous: Selection | None = None, of: Catalog = CATALOG) -> BuilderPage:
    return BuilderPage(of, Draft.of(selection), View(), None if previous is None else Draft.of(previous))


def drawn(of: BuilderPage, part: str) -> Element:
    return read_elements(render_to_string(f"builder/{part}", {"page": of}))


def texts(of: Element, css: str) -> list[str]:
    return [" ".join(element.text.split()) for element in of.select(css)]


def buttons(of: Element, css: str = ".ways button") -> list[tuple[str, str]]:
    return [(button["value"], button["aria-pressed"]) for button in of.select(css)]


def pressed(before: Selection, command: str) -> Selection:
    data = {"draft": encode(Draft.of(before)), "do": command}
    return carry_out(CATALOG, read_submission(CATALOG, QueryDict(urlencode(data)))).draft.selection


def test_row_tells_what_a_wildcard_opens_before_it_is_ticked():
    rows = drawn(page(Selection()), "tree.html#tree")
    said = texts(rows, ".opens")

    assert texts(rows, ".opens code") == ["vpc:*:*", "obs:*:*", "sfs:admin:*", "vpc:*:list"]
    assert [text.startswith("With a port: ") for text in said] == [False, False, False, True]
    assert [re.findall(r"\d+", text) for text in said] == [["3", "2", "2"], [], [], ["1", "1"]]
    assert [UNKNOWN in text for text in said] == [False, True, True, False]


def test_row_says_that_there_may_be_more_where_nothing_states_that_this_is_all():
    row = operation(SHARE, "sfs:shares:create", needs=["vpc:*:*"])
    names = ["vpc:*:*", "vpc:ports:list", "sfs:shares:create"]
    partly = Catalog([service("sfs", row), service("vpc")], [published(name) for name in names])

    [said] = texts(drawn(page(Selection(), of=partly), "tree.html#tree"), ".opens")
    assert "at least 1 action" in said


def test_each_wildcard_that_is_needed_has_its_choices():
    selection = ticked(SHARE, ADMIN, only_reading={"vpc:*:*"}, without={"vpc:*:list"})
    shown = drawn(page(selection), "wildcards.html#wildcards")

    assert texts(shown, "li code") == ["obs:*:*", "vpc:*:*", "vpc:*:list"]
    assert buttons(shown) == [
        *[("put-back:obs:*:*", "true"), ("only-reading:obs:*:*", "false"), ("leave-out:obs:*:*", "false")],
        *[("put-back:vpc:*:*", "false"), ("only-reading:vpc:*:*", "true"), ("leave-out:vpc:*:*", "false")],
        *[("put-back:vpc:*:list", "false"), ("only-reading:vpc:*:list", "false"), ("leave-out:vpc:*:list", "true")],
    ]
    needed = ["Creating a share (SFS)", "Creating a share (SFS)", "Administering (SFS)"]
    granted = ["", IN_ITS_PLACE.format(n=1), NOTHING_IN_ITS_PLACE]
    for said, by, instead in zip(texts(shown, ".wildcard-why"), needed, granted, strict=True):
        assert said == f"Needed by {by}. {instead}".strip()
    assert drawn(page(selection), "granted.html#left-out").select("li") == []


def test_calls_may_be_refused_where_a_part_of_a_wildcard_is_granted():
    def told(denied=(), **rest):
        blocks = Block(ticked(SHARE, **rest)), Block(ticked(actions=denied), Effect.DENY)
        row = drawn(BuilderPage(CATALOG, Draft(blocks), View()), "tree.html#tree").select_one(".missing-selected")
        certain = "may be refused" not in " ".join(row.text.split())
        return texts(row, "code"), certain, [button["value"] for button in row.select("button")]

    assert told(only_reading={"vpc:*:*"}) == (["vpc:*:*"], False, [f"complete:{SHARE}"])
    assert told(denied={"vpc:ports:delete"}) == (["vpc:*:*", "vpc:*:*"], False, [])  # a part of it is denied
    assert told(without={"vpc:*:*"}) == (["vpc:*:*"], True, [f"complete:{SHARE}"])


def test_nothing_is_shown_where_no_wildcard_is_needed_or_it_is_asked_for():
    for selection in (ticked(LIST), ticked(SHARE, actions={"vpc:*:*", "obs:*:*"})):
        assert texts(drawn(page(selection), "wildcards.html#wildcards"), "h3") == []
    denying = Draft((Block(ticked(SHARE), Effect.DENY),))
    assert BuilderPage(CATALOG, denying, View()).dependencies.wildcards == ()


@pytest.mark.parametrize(
    ("before", "command", "after"),
    [
        (ticked(SHARE), "only-reading:vpc:*:*", ticked(SHARE, only_reading={"vpc:*:*"})),
        (ticked(SHARE, without={"vpc:*:*"}), "only-reading:vpc:*:*", ticked(SHARE, only_reading={"vpc:*:*"})),
        (ticked(SHARE, only_reading={"vpc:*:*"}), "leave-out:vpc:*:*", ticked(SHARE, without={"vpc:*:*"})),
        (ticked(SHARE, only_reading={"vpc:*:*"}), "put-back:vpc:*:*", ticked(SHARE)),
        (ticked(SHARE, only_reading={"vpc:*:*", "obs:*:*"}), f"complete:{SHARE}", ticked(SHARE)),
        (ticked(SHARE), "leave-out:obs:*:*", ticked(SHARE, without={"obs:*:*"})),
        (ticked(SHARE), "only-reading:vpc:ports:list", ticked(SHARE)),
        (ticked(SHARE), "only-reading:vpc", ticked(SHARE)),
        (ticked(SHARE, only_reading={"vpc:*:*"}), f"untick:{SHARE}", Selection()),
    ],
)
def test_button_chooses_what_is_granted_of_a_wildcard(before, command, after):
    assert pressed(before, command) == after


def test_alarm_names_the_wildcard_that_lets_in_what_nobody_selected_with_its_choices():
    alarm = drawn(page(ticked(SHARE), ticked(LIST)), "alarm.html#alarm")

    assert alarm.select(".alarm-iam-only") == []
    assert texts(alarm, ".culprits li > div") == [
        "“Creating a share (SFS)” needs “vpc:*:*”, which also allows 1 operation of VPC "
        "that can change something and that nobody selected."
    ]
    assert [value for value, _ in buttons(alarm)] == ["put-back:vpc:*:*", "only-reading:vpc:*:*", "leave-out:vpc:*:*"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, ticked(SHARE)),
        (ticked(SHARE), ticked(SHARE, LIST)),
        (ticked(LIST), ticked(SHARE, only_reading={"vpc:*:*"})),
        (ticked(LIST), ticked(SHARE, "vpc/ports/delete")),
    ],
)
def test_alarm_is_for_the_change_that_opens_something_alone(before, after):
    assert texts(drawn(page(after, before), "alarm.html#alarm"), ".alarm-head") == []


def test_alarm_tells_both_where_a_change_does_both():
    alarm = drawn(page(ticked(SHARE, ADMIN), ticked()), "alarm.html#alarm")
    first, second = texts(alarm, ".alarm-head strong")
    assert first == NOW_IAM_ONLY != second
    assert "put-back:vpc:*:*" in [value for value, _ in buttons(alarm)]


def test_finding_has_the_choices_where_the_statement_that_is_shown_can_make_them():
    share, other = Block(ticked(SHARE)), Block(ticked(LIST))

    def choices(at: int) -> list[str]:
        shown = BuilderPage(CATALOG, Draft((share, other)), View(at=at))
        return [value for value, _ in buttons(drawn(shown, "policy.html#findings"))]

    assert choices(0) == ["put-back:vpc:*:*", "only-reading:vpc:*:*", "leave-out:vpc:*:*"]
    assert choices(1) == []


def test_wildcard_that_a_table_publishes_is_not_said_to_be_unknown():
    rows = {row.grant.action: row for row in page(ticked(ADMIN, actions={"sfs:none*:*"})).granted.rows}

    assert [rows[name].unknown for name in ("sfs:admin:*", "vpc:*:list", "sfs:none*:*")] == [False, False, True]
    assert rows["sfs:admin:*"].support == "no"


def test_operation_is_a_culprit_for_the_wildcard_that_it_needs():
    of = catalog(
        operation(SHARE, "sfs:shares:create", needs=["vpc:*:*"]), operation(LIST, "vpc:ports:list", enterprise="no")
    )
    (culprit,) = page(ticked(SHARE), of=of).causes.culprits

    assert (culprit.operation.id, culprit.actions) == (SHARE, ("vpc:*:*",))
