"""What the alarm and the verdict say in words of a change that makes the policy IAM-only.

That the alarm is raised, and what answers it, is in test_view.py; that it is seen and heard, in tests/browser.
"""

import pytest

from tests.pages.tab import (
    ATTACH,
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

    assert tab.texts("#alarm .alarm-head") == ["The policy is now IAM-only"]
    assert tab.texts("#verdict .verdict-line") == ["IAM-only: 1 of 3 actions has no effect in an enterprise project"]


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

    assert tab.texts("#alarm .culprits li > div") == [
        "Starting an ECS (native OpenStack API) brings ecs:servers:list, ecs:servers:start"
    ]


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_all_causes_are_shown_on_request(visitor, tab, headers):
    tab.send(f"all:{STATUS}")
    (link,) = [link for link in tab.page.select("#verdict a, #causes a") if "What makes it IAM-only" in str(link)]

    assert len(texts(parse(visitor.get(link["href"], headers=headers)), ".culprit-title")) == 7


def test_swap_all_leaves_what_has_no_alternative(visitor):
    tab = Tab(visitor, address_of(selection(START, LOCK)))
    assert "Swap 1 for its alternative" in tab.texts("#causes button, #verdict button")

    tab.send("swap-all:")

    assert tab.text("verdict").startswith("IAM-only: 3 of 4 actions have no effect in an enterprise project")
    assert [command for command in tab.commands() if command.startswith("swap")] == []


@pytest.mark.parametrize("command", ["remove:ecs:servers:list", "undo"])
def test_single_action_can_be_the_culprit(tab, command):
    tab.tick(ATTACH).send()
    tab.type("action", "ecs:servers:list").send("add")

    assert tab.texts("#alarm .alarm-why") == ["The action ecs:servers:list was added."]
    assert tab.texts("#alarm .culprits li > div") == ["ecs:servers:list was added individually"]

    tab.send(command)
    assert tab.json() == json_of(selection(ATTACH))
    assert (tab.text("verdict"), tab.text("alarm")) == ("Works in IAM and enterprise projects", "")
