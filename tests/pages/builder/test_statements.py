"""Several statements on the builder's page: Allow and Deny, conditions, resources, and what no tick box can say.

What each button makes of a draft is in test_statement_commands.py.
"""

import json
import re

import pytest

from policybuilder.domain.building.blocks import Block
from policybuilder.domain.catalog.entries import Access
from policybuilder.domain.findings import Finding, Severity
from policybuilder.domain.policy.document import Condition, Effect
from policybuilder.drafts.addresses import View, address
from policybuilder.drafts.conditions import HALF_TYPED, NO_OPERATOR, NOT_DENIED
from policybuilder.drafts.draft import Draft
from policybuilder.drafts.selection_commands import NEVER
from policybuilder.drafts.statement_commands import FINISH_FIRST, NOT_COMPLETE_YET, RESOURCE_HAS_SPACES, WOULD_BE_LOST
from policybuilder.pages.builder.view import NO_ALLOW_TO_SPLIT
from policybuilder.web.element_ids import element_id
from policybuilder.web.wording import chosen_in_words
from tests.pages.tab import (
    ATTACH,
    CATALOG,
    DETACH,
    HTMX,
    LIFECYCLE,
    QUERY,
    Tab,
    address_of,
    ids,
    parse,
    selection,
    texts,
    words,
)

DELETE = f"{LIFECYCLE}/deleting-ecss"
DELETE_NATIVE = f"{LIFECYCLE}/deleting-an-ecs-native"  # IAM-only; DELETE does its job in enterprise projects
ALLOWED_BY_LIST = [
    o.id for o in CATALOG.needs.operations_by_action["ecs:cloudservers:list"] if not o.all_dependencies()
]
KEPT = '{"Effect":"Deny","NotAction":["ecs:*:*"]}'
ALLOW_ATTACH = Block(selection(ATTACH))
DENY_DELETE = Block(selection(DELETE), Effect.DENY)
BROKEN = """{
    “Version”: "1.1",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": [
                "ecs:cloudServers:list",
                "ecs:cloudServers:deleteServers"
                "ecs:servers:fly",
            ]
        },
        {"Effect": "Deny", "NotAction": ["ecs:*:*"]},
    ]
}
"""


def opened(visitor, *blocks: Block, extra: str = "", at: int = 0) -> Tab:
    return Tab(visitor, address(Draft(blocks, "", extra), View(at=at)))


def statements(tab: Tab) -> list[dict]:
    """The policy as it is shown."""
    return json.loads(tab.json())["Statement"]


def effects(tab: Tab) -> list[str]:
    return [each["Effect"] for each in statements(tab)]


def lines(tab: Tab) -> list[str]:
    return tab.texts("#statement-list > .statement")


def with_htmx(tab: Tab, command: str | None = None) -> Tab:
    tab.send(command)
    return tab


def plainly(tab: Tab, command: str = "search") -> Tab:
    return tab.send_plainly(command)


both_ways = pytest.mark.parametrize("send", [with_htmx, plainly])


@both_ways
def test_tree_says_what_the_whole_policy_means(visitor, send):
    tab = send(Tab(visitor, address_of(selection(DELETE, QUERY))), "add-statement:Deny")
    assert re.findall(r"\d+", tab.text("hits")) == ["2", "91"]
    assert (tab.boxes("o", ticked=True), tab.state(DELETE)) == ([], "Selected in statement 1")

    tab = send(tab.tick(DELETE))

    assert tab.texts("#totals .totals-line") == [
        "2 statements, 2 actions allowed, 1 action denied1 of the allowed can change something"
    ]
    state, other = tab.find(f"state-{element_id(DELETE)}"), CATALOG.operation(DELETE_NATIVE).title
    assert words(state).startswith("Denied by statement 2 Selected in statement 1 ")
    assert [(words(b), b["value"]) for b in state.select(".ways-open button")] == [
        (f"Also deny “{other}”", f"also-deny:{DELETE}")
    ]
    assert "“Deleting ECSs” is selected but will be refused" in tab.text("findings")
    assert statements(tab) == [
        {"Effect": "Allow", "Action": ["ecs:cloudServers:deleteServers", "ecs:cloudServers:list"]},
        {"Effect": "Deny", "Action": ["ecs:cloudServers:deleteServers"]},
    ]
    tab = send(tab, "statement:1")
    assert sorted(tab.boxes("o", ticked=True)) == sorted([DELETE, QUERY])
    assert tab.state(DELETE) == "Denied by statement 2"


@both_ways
def test_what_is_also_allowed_under_conditions_is_counted_and_named(visitor, send):
    tab = Tab(visitor, address_of(selection(QUERY)))
    beyond = set(ALLOWED_BY_LIST) - {QUERY}
    assert (tab.text("tally-also"), len(beyond)) == ("2", 2)
    tab.type("condition-key", "g:MFAPresent").choose("condition-operator", "Bool").type("condition-values", "true")

    tab = send(tab, "condition-done")

    assert tab.text("tally-also") == "2"
    assert {tab.state(id_) for id_ in beyond} == {"Also allowed under conditions"}
    assert tab.state(QUERY) == "Allowed under conditions"
    assert sorted(tab.texts("#also li")) == sorted(
        f"{CATALOG.operations[id_].access.verb} {CATALOG.operations[id_].title} Under conditions" for id_ in beyond
    )
    assert sum(text.endswith("+1 also allowed") for text in tab.texts("#tree .branch .count")) == 2


def test_line_of_a_statement_names_three_services_and_counts_more(visitor):
    three = ("ecs:servers:get", "evs:volumes:get", "vpc:ports:get")
    tab = opened(visitor, Block(selection(actions=three)), Block(selection(actions=(*three, "ims:images:get"))))

    assert tab.texts("#statement-list .statement-what") == ["3 ECS, EVS and VPC actions", "4 actions of 4 services"]


def test_wildcard_counts_as_what_it_matches(visitor):
    """One action of which one can change something, beside the 53 operations of it that write, would be untrue."""
    service = Block(selection(actions=["ecs:*:*"]))
    own = [action for action in CATALOG.action_index.actions.values() if action.name.startswith("ecs:")]
    number, writing = len(own), sum(action.access is Access.WRITE for action in own)
    tab = opened(visitor, service)
    assert tab.text("status") == f"{number} actions (1 wildcard): {chosen_in_words(number, 0)}"
    assert tab.text("totals").startswith(f"{tab.text('status')}{writing} can change something")
    assert tab.text("tally-grants") == str(number)
    assert tab.texts("#statement-list .statement-what") == [f"{number} ECS actions (1 wildcard)"]

    tab = opened(visitor, service, Block(selection(actions=["ecs:*:delete*", "evs:volumes:delete"]), Effect.DENY), at=1)
    denied = len([action for action in own if ":delete" in action.name]) + 1
    assert tab.text("status") == (
        f"2 statements, {number} actions (1 wildcard) allowed, {denied} actions (1 wildcard) denied"
    )
    assert tab.text("tally-grants") == str(denied)
    assert tab.texts("#statement-list .statement-what")[1] == f"{denied} ECS and EVS actions (1 wildcard)"


def test_kept_statement_counts_as_what_it_means(visitor):
    but_one = '{"Effect":"Allow","NotAction":["ecs:cloudServers:list"]}'

    tab = opened(visitor, Block(kept=but_one), Block())

    assert tab.text("status") == f"1 statement, {len(CATALOG.action_index.actions) - 1} actions allowed"


@both_ways
def test_row_in_a_deny_offers_to_deny_the_other_way_too(visitor, send):
    """A swap would take what is denied out of the Deny."""
    tab = send(opened(visitor, ALLOW_ATTACH, Block(selection(), Effect.DENY), at=1).tick(DELETE_NATIVE))
    assert "“Deleting ECSs” does the same job and is not denied." in tab.state(DELETE_NATIVE)
    assert [each for each in tab.commands() if each.startswith(("swap", "complete", "leave-out"))] == []

    tab = send(tab, f"also-deny:{DELETE_NATIVE}")

    assert sorted(tab.boxes("o", ticked=True)) == sorted([DELETE_NATIVE, DELETE])
    assert statements(tab)[-1] == {
        "Effect": "Deny",
        "Action": ["ecs:cloudServers:deleteServers", "ecs:servers:delete"],
    }
    assert tab.state(DELETE_NATIVE) == "Denied by statement 2"
    assert [each for each in tab.commands() if each.startswith("also-deny")] == []


@both_ways
@pytest.mark.parametrize("denied", [DELETE, DELETE_NATIVE])
def test_finding_denies_every_way_with_one_click(visitor, send, denied):
    tab = send(opened(visitor, ALLOW_ATTACH, Block(selection(), Effect.DENY), at=1).tick(denied))
    (command,) = (each for each in tab.commands() if each.startswith("fix:PB053@"))
    assert "Warning PB053" in tab.text("findings")

    tab = send(tab, command)

    assert statements(tab)[-1] == {
        "Effect": "Deny",
        "Action": ["ecs:cloudServers:deleteServers", "ecs:servers:delete"],
    }
    assert sorted(tab.boxes("o", ticked=True)) == sorted([DELETE_NATIVE, DELETE])
    assert "PB053" not in tab.text("findings")
    assert [tab.state(id_) for id_ in (DELETE, DELETE_NATIVE)] == ["Denied by statement 2"] * 2


def test_other_way_that_another_statement_denies_is_offered_only_under_other_limits(visitor):
    plain, with_mfa = Block(selection(DELETE_NATIVE), Effect.DENY), Condition("Bool", "g:MFAPresent", ("false",))
    limited = Block(selection(DELETE), Effect.DENY, conditions=(with_mfa,))

    assert "Also deny" not in opened(visitor, ALLOW_ATTACH, plain, limited, at=2).state(DELETE)
    assert "Also deny" in opened(visitor, ALLOW_ATTACH, plain, limited, at=1).state(DELETE_NATIVE)


@both_ways
def test_alternative_that_a_wildcard_denies_is_not_offered(visitor, send):
    block = Block(selection(DELETE_NATIVE, actions=["ecs:cloudServers:delete*"]), Effect.DENY)
    tab = send(opened(visitor, ALLOW_ATTACH, block, at=1))

    assert [each for each in tab.commands() if each.startswith(("also-deny", "expand"))] == []


@both_ways
def test_swap_that_arrives_for_a_deny_is_refused(visitor, send):
    tab = opened(visitor, ALLOW_ATTACH, Block(selection(DELETE_NATIVE), Effect.DENY), at=1)
    was = tab.json()
    tab.find("undo")["value"] = f"swap:{DELETE_NATIVE}"  # a page that is older than this
    del tab.find("undo")["disabled"]

    tab = send(tab, f"swap:{DELETE_NATIVE}")

    assert tab.texts("#problems li") == [NEVER["swap"][Effect.DENY]]
    assert tab.json() == was


def test_deny_has_no_dependencies_to_leave_out_or_to_follow(visitor):
    left = Block(selection(ATTACH, without=["evs:volumes:use"], dependencies="all"), Effect.DENY)
    tab = opened(visitor, ALLOW_ATTACH, left, at=1)

    assert tab.text("left-out") == ""
    assert tab.page.select("#cascade-preview .cascade-names") == []


def test_policy_that_only_denies_what_is_iam_only_is_not_split_and_nothing_is_swapped(visitor):
    tab = opened(visitor, Block(selection(DELETE_NATIVE), Effect.DENY))
    causes = parse(visitor.get(address(Draft((Block(selection(DELETE_NATIVE), Effect.DENY),)), name="causes")))
    split = parse(visitor.get(address(Draft((Block(selection(DELETE_NATIVE), Effect.DENY),)), name="split")))

    assert [button["value"] for button in causes.select(".culprit-ways button")] == [
        f"also-deny:{DELETE_NATIVE}",
        f"untick:{DELETE_NATIVE}",
    ]
    assert tab.page.select("#verdict a") == []
    assert texts(split, ".nothing") == [NO_ALLOW_TO_SPLIT]


def test_causes_are_those_of_the_statement_that_is_shown(visitor):
    """What their buttons do is done there."""
    tab = opened(visitor, ALLOW_ATTACH, Block(selection(DELETE_NATIVE)), at=1)
    (link,) = tab.page.select("#more-causes")

    causes = parse(visitor.get(link["href"]))
    pressed = {field["name"]: field["value"] for field in causes.select("form#builder input")}
    answer = visitor.post("/", pressed | {"do": causes.select_one(".culprit-ways button")["value"]})

    assert texts(causes, ".culprit-title") == [CATALOG.operation(DELETE_NATIVE).title]
    assert statements(Tab(visitor, answer["Location"]))[-1]["Action"] == ["ecs:cloudServers:deleteServers"]


@pytest.mark.parametrize("command", ["statement:2", "duplicate:1", "delete:1"])
def test_other_statement_comes_with_all_that_is_said_of_it(visitor, command):
    """Its heading over the actions of another statement would be untrue."""
    tab = opened(visitor, ALLOW_ATTACH, DENY_DELETE)

    tab.send(command)

    shown = Tab(visitor, tab.address)
    for id_ in ("heading-grants", "tally-grants", "granted", "statement-list", "cascade-preview", "totals"):
        assert tab.text(id_) == shown.text(id_)


@both_ways
def test_statements_are_named_moved_copied_and_deleted_and_deleting_can_be_undone(visitor, send):
    tab = send(opened(visitor, ALLOW_ATTACH, DENY_DELETE, at=1).type("label", "no deleting"))
    assert ["no deleting" in line for line in lines(tab)] == [False, True]
    tab = send(tab, "up:2")
    assert ["no deleting" in line for line in lines(tab)] == [True, False]
    assert effects(tab) == ["Deny", "Allow", "Allow"]
    tab = send(tab, "duplicate:1")
    assert len(lines(tab)) == 3
    tab = send(tab, "delete:3")
    assert (len(lines(tab)), effects(tab)) == (2, ["Deny", "Deny"])

    tab = send(tab, "undo")

    assert (len(lines(tab)), effects(tab)) == (3, ["Deny", "Deny", "Allow", "Allow"])


def test_ninth_statement_is_not_offered(visitor):
    commands = opened(visitor, *[DENY_DELETE] * 8).commands()

    assert "delete:8" in commands
    assert [each for each in commands if each.startswith(("add-statement:", "duplicate:"))] == []


# Conditions


def answer(visitor, **fields: str):
    """The answer to htmx while a condition is filled in."""
    data = {"condition-listed": fields["key"]} | {f"condition-{name}": value for name, value in fields.items()}
    return parse(visitor.post("/", data, headers=HTMX))


def said(visitor, **fields: str):
    """What is said of it."""
    return answer(visitor, **fields).find(id="condition-said")


def test_condition_is_said_in_plain_words_and_checked_while_it_is_filled_in(visitor):
    page = said(visitor, key="g:MFAAge", operator="NumberLessThan", values="soon")
    assert "are less than soon" in words(page.select_one(".condition-words"))
    assert "“soon” cannot be read as a number" in " ".join(texts(page, ".finding-warning"))

    page = said(visitor, key="g:MFAAge", operator="NumberLessThan", values="3600")
    [condition] = texts(page, ".condition-words")
    assert condition.endswith("are less than 3600.")
    assert "cannot be read" not in " ".join(texts(page, ".finding"))


def test_field_for_a_value_goes_with_the_type(visitor):
    """A time is a field of UTC, sent on as IAM takes it; yes and no are choices; what fits in neither is text."""
    page = answer(visitor, key="g:currenttime", type="string")
    assert page.find(id="condition-values")["type"] == "datetime-local"
    assert answer(visitor, key="g:CurrentTime", type="date").find(id="condition-value") is None
    assert texts(answer(visitor, key="g:MFAPresent", type="string"), "#condition-values option") == [
        "Choose",
        "yes",
        "no",
    ]
    page = answer(visitor, key="g:MFAPresent", type="string", operator="Bool", values="ture")
    assert page.find(id="condition-values").get_text() == "ture"

    tab = plainly(opened(visitor, ALLOW_ATTACH).choose("condition-about", "g:CurrentTime"))
    tab = plainly(tab.choose("condition-operator", "DateLessThanEquals").type("condition-values", "2027-01-31T18:00"))

    assert condition_of(tab)[0] == {"DateLessThanEquals": {"g:CurrentTime": ["2027-01-31T18:00:00Z"]}}
    assert tab.find("condition-values")["value"] == "2027-01-31T18:00:00"


def test_condition_that_is_edited_stays_as_it_is_written(visitor):
    """Choices and fields for times would write some of it in another way."""
    conditions = (
        Condition("Bool", "g:mfapresent", ("True",)),
        Condition("DateLessThan", "g:CurrentTime", ("2027-01-31",)),
    )
    block = Block(selection(DETACH), conditions=conditions)
    for at in (0, 1):
        tab = Tab(visitor, address(Draft((block,)), View(condition=at)))
        was = condition_of(tab)
        tab.tick(QUERY).send()
        assert condition_of(tab) == was


def test_what_cannot_be_expressed_is_said_beside_the_conditions(visitor):
    assert opened(visitor, ALLOW_ATTACH).find("limits").select("#no-hours")


@both_ways
def test_common_condition_is_one_button(visitor, send):
    tab = send(opened(visitor, ALLOW_ATTACH, DENY_DELETE, at=1), "condition-preset:mfa")
    tab = send(tab, "condition-preset:no-mfa")
    assert condition_of(tab)[-1] == {"BoolIfExists": {"g:MFAPresent": ["false"]}}
    assert NOT_DENIED.format(key="g:MFAPresent") not in tab.text("condition-said")
    tab = send(tab.turn(tab.find("condition-if-exists")))
    assert condition_of(tab)[-1] == {"Bool": {"g:MFAPresent": ["false"]}}
    assert NOT_DENIED.format(key="g:MFAPresent") in tab.text("condition-said")

    tab = send(send(tab, "condition-done"), "condition-preset:user")

    assert len(tab.texts("#condition-said .condition-state")) == 1
    assert "g:UserName" not in tab.json()
    tab = send(tab.type("condition-values", "ops-"))
    assert condition_of(tab)[-1]["StringStartWith"] == {"g:UserName": ["ops-"]}


def test_preset_does_not_lose_what_is_typed(visitor):
    tab = opened(visitor, ALLOW_ATTACH).type("condition-values", "half a va")

    tab.send("condition-preset:mfa")

    assert tab.texts("#problems li") == [FINISH_FIRST.format(unfinished=HALF_TYPED)]
    assert tab.find("condition-values").get_text() == "half a va"


@pytest.mark.parametrize(
    ("fields", "offered", "condition"),
    [
        (
            {"key": "g:UserNmae", "operator": "StringEquals", "values": "anna"},
            ": g:UserName",
            {"StringEquals": {"g:UserName": ["anna"]}},
        ),
        (
            {"key": "mfapresent", "operator": "Bool", "values": "ture"},
            ": g:MFAPresent, true",
            {"Bool": {"g:MFAPresent": ["true"]}},
        ),
        ({"key": "obs:prefix", "operator": "StringEquals", "values": "ture"}, "", None),
    ],
)
def test_slip_in_a_key_or_a_value_is_asked_about_and_mended(visitor, fields, offered, condition):
    tab = typing(plainly(opened(visitor, Block(selection(DETACH)))), **fields)
    tab.send()
    assert "".join(tab.texts("#condition-meant .sr")) == offered
    if condition is None:
        return

    tab.send("condition-meant")

    assert condition_of(tab) == [condition]
    assert not tab.page.select("#condition-meant")


def test_time_of_day_is_refused_as_a_date_in_words(visitor):
    page = said(visitor, key="g:CurrentTime", operator="DateLessThan", values="18:00Z")

    (text,) = texts(page, ".finding")
    assert "“18:00Z” is a time of day without a date" in text
    assert "“Every day from 8 to 18” cannot be expressed" in text


def test_what_is_said_of_a_condition_holds_for_either_effect(visitor):
    page = said(visitor, key="g:ProjectName", operator="StringEquals", values="eu-de*")

    (text,) = texts(page, ".finding")
    assert text.startswith("Warning PB044")
    assert "allows" not in text


def test_key_decides_which_operators_there_are(visitor):
    page = answer(visitor, key="g:MFAAge", listed="")

    groups = [group["label"] for group in page.select("#condition-operators optgroup")]
    assert groups == ["Number", "Whether it is there"]
    assert page.find(id="condition-operators")["hx-swap-oob"] == "true"
    assert answer(visitor, key="g:MFAAge", operator="NumberLessThan").find(id="condition-operators") is None


@both_ways
def test_condition_is_added_edited_and_removed(visitor, send):
    tab = opened(visitor, ALLOW_ATTACH).type("condition-key", "g:MFAAge").type("condition-values", "3600")
    tab = plainly(tab)  # without a script, this brings the operators of the key
    assert tab.find("condition-values").get_text() == "3600"
    assert tab.texts("#condition-operator option")[:2] == ["Choose", "is"]
    tab = send(tab.choose("condition-operator", "NumberLessThan"), "condition-done")
    assert "are less than 3600" in lines(tab)[0]
    assert tab.state(ATTACH) == "Allowed under conditions"
    assert [each["Condition"] for each in statements(tab)] == [{"NumberLessThan": {"g:MFAAge": ["3600"]}}] * 2

    tab = send(tab, "condition-edit:1")
    assert tab.find("condition-values").get_text() == "3600"
    tab = send(tab.type("condition-values", "60"), "condition-done")
    assert [each["Condition"] for each in statements(tab)] == [{"NumberLessThan": {"g:MFAAge": ["60"]}}] * 2

    tab = send(tab, "condition-remove:1")
    assert [each.keys() for each in statements(tab)] == [{"Effect", "Action"}] * 2


@both_ways
def test_condition_that_is_not_complete_is_refused_and_nothing_typed_is_lost(visitor, send):
    tab = send(opened(visitor, ALLOW_ATTACH).type("condition-key", "obs:prefix"), "condition-done")

    assert tab.texts("#problems li") == [
        NOT_COMPLETE_YET.format(error=Finding("", Severity.ERROR, "operator", NO_OPERATOR))
    ]
    assert tab.find("condition-key")["value"] == "obs:prefix"


def test_tick_leaves_a_half_typed_condition_alone(visitor):
    tab = opened(visitor, ALLOW_ATTACH).type("condition-values", "half a va")
    response = tab.tick(DETACH).send()

    assert not {"limits", "condition-editor", "condition-key", "condition-values", "condition-operators"} & ids(
        response
    )
    assert "ecs:cloudServers:detachVolume" in tab.json()
    assert tab.text("unfinished").startswith(HALF_TYPED)


def condition_of(tab: Tab) -> list[dict]:
    return [each.get("Condition") for each in statements(tab)]


def typing(tab: Tab, **fields: str) -> Tab:
    for name, text in fields.items():
        if name == "operator":
            tab.choose("condition-operator", text)
        else:
            tab.type(f"condition-{name}", text)
    return tab


@both_ways
def test_condition_is_in_the_policy_as_soon_as_it_is_complete(visitor, send):
    tab = plainly(typing(opened(visitor, Block(selection(DETACH))), key="g:UserName"))
    assert condition_of(tab) == [None]

    tab = typing(tab, operator="StringEquals", values="anna")
    if send is with_htmx:
        tab.send()
    else:
        tab = tab.send_plainly("search")

    assert condition_of(tab) == [{"StringEquals": {"g:UserName": ["anna"]}}]
    assert tab.text("unfinished") == ""
    assert tab.text("condition-legend") == "Condition 1"
    assert tab.find("condition-values").get_text() == "anna"
    assert tab.address.endswith("condition=1") or "condition=1&" in tab.address

    tab = send(typing(tab, values="anna\nbob"), "condition-done")

    assert condition_of(tab) == [{"StringEquals": {"g:UserName": ["anna", "bob"]}}]
    chosen = tab.find("condition-about").select("option[selected]")
    assert (tab.text("condition-legend"), chosen) == ("Add a condition", [])


def test_condition_that_becomes_incomplete_stays_in_the_policy_as_it_was_and_that_is_said(visitor):
    anna = Condition("StringEquals", "g:UserName", ("anna",))
    tab = Tab(visitor, address(Draft((Block(selection(DETACH), conditions=(anna,)),)), View(condition=0)))
    typing(tab, values="").send()

    assert condition_of(tab) == [{"StringEquals": {"g:UserName": ["anna"]}}]
    assert len(tab.texts("#condition-said .condition-state")) == 1
    assert tab.text("unfinished").startswith(HALF_TYPED)

    tab.send("condition-discard")

    assert (tab.text("unfinished"), tab.text("condition-legend")) == ("", "Add a condition")
    assert condition_of(tab) == [{"StringEquals": {"g:UserName": ["anna"]}}]


@both_ways
@pytest.mark.parametrize("command", ["add-statement:Deny", "statement:2", "reset"])
def test_nothing_typed_is_lost_by_leaving_the_statement(visitor, send, command):
    tab = opened(visitor, ALLOW_ATTACH, DENY_DELETE).type("condition-key", "obs:prefix").type("resource", "obs:*:*:b")

    tab = send(tab, command)

    assert tab.texts("#problems li") == [WOULD_BE_LOST.format(unfinished=HALF_TYPED)]
    assert [tab.find(id_)["value"] for id_ in ("condition-key", "resource")] == ["obs:prefix", "obs:*:*:b"]
    assert len(lines(tab)) == 2
    assert tab.find("statement-1").get("aria-current") == "true"


def test_undo_keeps_what_is_typed(visitor):
    tab = opened(visitor, ALLOW_ATTACH)
    tab.tick(DETACH).send()
    tab.type("condition-key", "obs:prefix").send("undo")

    assert "detachVolume" not in tab.json()
    assert tab.find("condition-key")["value"] == "obs:prefix"


# Resources


@both_ways
def test_resources_are_a_list(visitor, send):
    tab = send(opened(visitor, ALLOW_ATTACH).type("resource", "obs:*:*:bucket:a b"), "resource-add")
    assert tab.texts("#problems li") == [RESOURCE_HAS_SPACES]
    assert tab.find("resource")["value"] == "obs:*:*:bucket:a b"

    tab = send(tab.type("resource", "obs:*:*:bucket:reports"), "resource-add")

    assert tab.find("resource").get("value", "") == ""
    assert "only for 1 resource" in lines(tab)[0]
    assert [each["Resource"] for each in statements(tab)] == [["obs:*:*:bucket:reports"]] * 2


# What is not ticked


def test_what_no_box_can_say_is_listed_and_written_unchanged(visitor):
    tab = opened(visitor, ALLOW_ATTACH, Block(kept=KEPT), extra='{"Depends":[{"a":1}]}')

    assert "Kept as it is" in lines(tab)[1]
    assert json.loads(tab.page.select_one("#statement-list pre").get_text()) == json.loads(KEPT)
    assert "Depends" in tab.texts(".statement-extra")[0]
    assert statements(tab)[-1] == json.loads(KEPT)
    assert json.loads(tab.json())["Depends"] == [{"a": 1}]


def test_wildcard_shows_what_it_matches_and_can_be_put_into_words(visitor):
    tab = Tab(visitor, address_of(selection(ATTACH, actions=["ecs:cloudServers:list*"])))
    (wildcard,) = [row for row in tab.page.select(".grant") if words(row).startswith("ecs:cloudServers:list*")]
    assert texts(wildcard, "summary") == ["Matches 3 actions today"]

    tab.send("expand:ecs:cloudServers:list*")

    assert "*" not in tab.json()
    assert set(texts(wildcard, "li")) <= {name for each in statements(tab) for name in each["Action"]}


def test_finding_names_its_line(visitor):
    tab = opened(visitor, Block(selection(actions=["evs:volumes:list", "ecs:servers:lst"])))
    finding = tab.page.select_one("#findings .finding")

    assert "ecs:servers:lst" in words(finding)
    line = finding.select_one(".finding-line")["href"].removeprefix("#")
    assert "ecs:servers:lst" in tab.text(line)


def test_broken_policy_is_repaired_opened_changed_and_taken_away(visitor):
    assert len(parse(visitor.post("/check/", {"text": BROKEN})).select(".repair")) == 4
    tab = Tab(visitor, visitor.post("/check/", {"text": BROKEN, "do": "open:0"})["Location"])

    assert len(lines(tab)) == 2
    assert sorted(tab.boxes("o", ticked=True)) == sorted([DELETE, *ALLOWED_BY_LIST])
    (unknown,) = [row for row in tab.page.select(".grant") if "ecs:servers:fly" in words(row)]
    assert "Not in the catalogue" in texts(unknown, ".badge")
    tab.tick(DELETE).send()
    assert visitor.get(tab.find("download")["href"]).json() == {
        "Version": "1.1",
        "Statement": [
            {"Effect": "Allow", "Action": ["ecs:cloudServers:list", "ecs:servers:fly"]},
            {"Effect": "Deny", "NotAction": ["ecs:*:*"]},
        ],
    }
