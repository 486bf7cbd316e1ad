"""What the alarm and the verdict say in words of a change that makes the policy IAM-only.

That the alarm is raised, and what answers it, is in test_view.py; that it is seen and heard, in tests/browser.
"""

import pytest

from policybuilder.pages.builder.verdict import NOW_IAM_ONLY
from policybuilder.web import wording
from tests.pages.tab import (
    ATTACH,
    CATALOG,
    HTMX,
    LIFECYCLE,
    LOCK,
    START,
    STATUS,
    Tab,
    address_of,
    json_of,
    parse,
    selection,
    texts,
)

DELETE_NATIVE = f"{LIFECYCLE}/deleting-an-ecs-native"


def test_alarm_tells_how_many_actions_have_no_effect(tab):
    tab.tick(ATTACH).send()
    assert tab.text("alarm") == ""

    tab.tick(DELETE_NATIVE).send()

    assert tab.texts("#alarm .alarm-head") == [NOW_IAM_ONLY]
    assert tab.texts("#verdict .verdict-line") == [wording.SOME_IAM_ONLY.format(n=1, total=3)]


def test_alarm_of_many_operations_names_the_first_and_counts_the_rest(tab):
    tab.send(f"all:{STATUS}")

    assert tab.texts("#alarm .alarm-why") == [
        "“Changing an ECS OS” was chosen. “Reinstalling an ECS OS” was chosen."
        " “Modifying ECS specifications (pay-per-use)” was chosen. 8 more operations were chosen."
    ]
    assert len(tab.texts("#alarm .culprit-title")) == 2
    assert "And 5 more operations" in tab.text("alarm")


def test_alarm_tells_what_a_culprit_brings(tab):
    tab.tick(START).send()

    [culprit] = tab.page.select("#alarm .culprits li > div")
    assert texts(culprit, ".culprit-title") == [CATALOG.operations[START].title]
    assert texts(culprit, ".culprit-brings code") == ["ecs:servers:list", "ecs:servers:start"]


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_all_causes_are_shown_on_request(visitor, tab, headers):
    tab.send(f"all:{STATUS}")
    (link,) = [link for link in tab.page.select("#verdict a, #causes a") if "What makes it IAM-only" in str(link)]

    assert len(texts(parse(visitor.get(link["href"], headers=headers)), ".culprit-title")) == 7


def test_swap_all_leaves_what_has_no_alternative(visitor):
    tab = Tab(visitor, address_of(selection(START, LOCK)))
    assert "swap-all:" in tab.commands()

    tab.send("swap-all:")

    assert tab.text("verdict").startswith(wording.SOME_IAM_ONLY.format(n=3, total=4))
    assert [command for command in tab.commands() if command.startswith("swap")] == []


@pytest.mark.parametrize("command", ["remove:ecs:servers:list", "undo"])
def test_single_action_can_be_the_culprit(tab, command):
    tab.tick(ATTACH).send()
    tab.type("action", "ecs:servers:list").send("add")

    [why] = tab.texts("#alarm .alarm-why")
    assert "ecs:servers:list" in why
    assert tab.texts("#alarm .culprits li > div") == ["ecs:servers:list was added individually"]

    tab.send(command)
    assert tab.json() == json_of(selection(ATTACH))
    assert (tab.text("verdict"), tab.text("alarm")) == (wording.IN_BOTH, "")
