"""What stands beside the tree: the verdict where it is known where the policy goes, its actions in groups, the way to a
shorter one, and what of the JSON the last change touched."""

from dataclasses import replace

import pytest

from policybuilder.domain.building.blocks import Block
from policybuilder.domain.catalog.entries import Access, Support
from policybuilder.domain.catalog.scope import Goal
from policybuilder.domain.policy.document import Effect
from policybuilder.drafts.addresses import View, address
from policybuilder.drafts.draft import Draft
from policybuilder.drafts.link import encode
from policybuilder.pages.builder.page import BuilderPage
from policybuilder.pages.builder.verdict import (
    NONE_HAS_EFFECT,
    NOW_WITHOUT_EFFECT,
    SOME_WITHOUT_EFFECT,
    WORKS_AT,
    WORKS_IN_PART,
    WORKS_THERE,
)
from policybuilder.web.wording import IN_BOTH
from tests.builders import catalog, operation
from tests.pages.tab import ATTACH, CATALOG, DETACH, EVERYTHING, LOCK, START, Tab, address_of, selection, texts

ENTERPRISE = "enterprise projects"
ECS_ACTIONS = [name for name in CATALOG.action_index.actions if name.startswith("ecs:")]


def opened(visitor, goal, wanted, before):
    """The page after the change, as a browser without JavaScript opens it."""
    was, now = (replace(Draft.of(each), goal=goal) for each in (before, wanted))
    return Tab(visitor, address(now, **{"from": encode(was)}))


@pytest.mark.parametrize(
    ("goal", "wanted", "kind", "line", "short", "alarm"),
    [
        (
            *(Goal.UNDECIDED, (ATTACH,), "iam_and_enterprise"),
            *(IN_BOTH, IN_BOTH, []),
        ),
        (
            *(Goal.IAM_PROJECT, (ATTACH, LOCK), "iam_and_enterprise"),
            *(WORKS_AT.format(place="IAM projects"), WORKS_THERE, []),
        ),
        (
            *(Goal.ENTERPRISE_PROJECT, (ATTACH,), "iam_and_enterprise"),
            *(WORKS_AT.format(place=ENTERPRISE), WORKS_THERE, []),
        ),
        (
            *(Goal.ENTERPRISE_PROJECT, (ATTACH, LOCK), "iam_only"),
            SOME_WITHOUT_EFFECT.format(n=3, total=5, place=ENTERPRISE),
            *("3 actions without effect", [NOW_WITHOUT_EFFECT]),
        ),
        (
            *(Goal.ENTERPRISE_PROJECT, (START,), "iam_only"),
            NONE_HAS_EFFECT.format(total=2, place=ENTERPRISE),
            *("2 actions without effect", [NOW_WITHOUT_EFFECT]),
        ),
    ],
)
def test_verdict_and_alarm_are_about_the_goal(visitor, goal, wanted, kind, line, short, alarm):
    tab = opened(visitor, goal, selection(*wanted), selection())

    assert tab.texts("#verdict .verdict-line, #alarm .alarm-head") == [*alarm, line]
    assert f"verdict-{kind}" in tab.find("verdict")["class"]
    assert bool(tab.texts("#verdict a, #causes a")) == bool(alarm)
    assert tab.texts("#findings .finding-code") == []  # the verdict has said it
    assert tab.text("bar-verdict").removesuffix(tab.text("status")) == short


def test_goal_that_makes_it_iam_only_raises_the_alarm_once(visitor):
    tab = Tab(visitor, address(replace(Draft.of(selection(LOCK)), goal=Goal.IAM_PROJECT)))

    tab.aim("enterprise_project").send()
    assert [ENTERPRISE in why for why in tab.texts("#alarm .alarm-why")] == [True]

    tab.aim("undecided").send()
    assert tab.text("alarm") == ""


def test_operation_without_effect_of_which_the_verdict_says_nothing_is_told():
    one, other = operation("ecs/a/one", "ecs:a:b", enterprise="no"), operation("ecs/a/other", "ecs:a:b")
    draft = replace(Draft.of(selection(one.id)), goal=Goal.ENTERPRISE_PROJECT)

    page = BuilderPage(catalog(one, other), draft, View())

    assert page.verdict.line == WORKS_IN_PART.format(n=1, total=1, place=ENTERPRISE)
    assert [shown.finding.code for shown in page.findings] == ["PB052"]


@pytest.mark.parametrize("effect", Effect)
def test_what_has_no_effect_in_iam_projects_is_not_said_to_work_there(effect):
    one = operation("obs/a/one", "obs:a:b")
    one = replace(one, scope=replace(one.scope, iam_project=Support.NO))
    draft = Draft((Block(selection(one.id), effect),), goal=Goal.IAM_PROJECT)

    line = BuilderPage(catalog(one), draft, View()).verdict.line

    assert line == NONE_HAS_EFFECT.format(total=1, place="IAM projects")


def test_actions_are_grouped_and_long_groups_folded(visitor):
    tab = Tab(visitor, address_of(EVERYTHING))
    groups = {group["id"]: group.has_attr("open") for group in tab.page.select("details.grants-group")}
    reads = {action.name for action in CATALOG.action_index.actions.values() if action.access is Access.READ}

    assert groups == {"group-chosen": False, "group-dependencies": False, "group-conditional": True}
    assert texts(tab.find("grants-conditional"), "code") == ["vpc:publicIps:create", "vpc:publicIps:update"]
    listed = set(tab.texts("#granted .grant-head code"))
    assert set(tab.texts("#granted .grant.only-reads .grant-head code")) == listed & reads != set()

    tab.send("leave-out:vpc:publicIps:create")
    assert texts(tab.find("group-left"), "h3, .tally, code") == ["Left out", "1", "vpc:publicIps:create"]


def test_action_that_is_added_moves_to_what_is_chosen(visitor):
    tab = Tab(visitor, address_of(selection(ATTACH, actions=ECS_ACTIONS)))
    assert (tab.texts("#grants-dependencies code"), tab.text("tally-dependencies")) == (["evs:volumes:use"], "1")

    tab.type("action", "evs:volumes:use").send("add")

    assert (tab.texts("#grants-dependencies code"), tab.text("tally-dependencies")) == ([], "0")
    assert tab.texts("#grants-chosen .grant-head code")[-1] == "evs:volumes:use"
    assert tab.text("tally-chosen") == str(len(ECS_ACTIONS) + 1)


@pytest.mark.parametrize(("number", "offered"), [(49, False), (50, True)])
def test_shorter_policy_is_offered_from_half_of_a_limit_on(visitor, number, offered):
    assert Tab(visitor, address_of(selection(actions=ECS_ACTIONS[:number]))).has("shorten") == offered


def touched(tab):
    """The lines of the JSON that are marked."""
    marks = tab.find("touched").get_text().split("\n")
    return [line.strip() for line, mark in zip(tab.json().split("\n"), marks, strict=False) if mark]


def test_lines_that_the_last_change_touched_are_marked_until_the_next(visitor):
    tab = Tab(visitor, address_of(selection(ATTACH)))
    assert touched(tab) == []

    tab.tick(DETACH).send()
    assert touched(tab) == ['"ecs:cloudServers:detachVolume"']
    assert tab.find("touched")["aria-hidden"] == "true"
    plain = tab.tick(LOCK).send_plainly()
    assert touched(plain) == ['"ecs:servers:get",', '"ecs:servers:list",', '"ecs:servers:lock"']

    tab.tick(LOCK).type("name", "other").send()
    assert touched(tab) == []
