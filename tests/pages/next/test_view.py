"""What now: the steps differ by where the policy is granted, and by how many there are."""

from dataclasses import replace

import pytest
from django.template.loader import render_to_string

from policybuilder.domain.catalog.scope import Goal
from policybuilder.drafts.addresses import View, address
from policybuilder.drafts.carrying import Carried
from policybuilder.drafts.draft import Draft
from policybuilder.drafts.link import encode
from policybuilder.pages.builder.page import BuilderPage
from policybuilder.web.catalogue import current_catalog
from tests.elements import read_elements
from tests.pages.tab import ATTACH, CATALOG, START, parse, selection, texts, words

DRAFT = Draft.of(selection(ATTACH, START), "disk-team")
AT = {goal: replace(DRAFT, goal=goal) for goal in Goal}
IAM, ENTERPRISE = "For an IAM project", "For an enterprise project"


def get(visitor, draft: Draft):
    response = visitor.get(address(draft, name="next"))
    assert response.status_code == 200
    return parse(response)


@pytest.mark.parametrize(
    ("goal", "places", "undecided"),
    [
        (Goal.UNDECIDED, [IAM, ENTERPRISE], True),
        (Goal.IAM_PROJECT, [IAM], False),
        (Goal.ENTERPRISE_PROJECT, [ENTERPRISE], False),
    ],
)
def test_policy_is_granted_where_the_draft_says_and_first_decided_where_it_does_not(visitor, goal, places, undecided):
    page = get(visitor, AT[goal])

    assert texts(page, ".step h3") == places
    assert (texts(page, "#goal h2") == ["First decide where it is granted"]) is undecided
    assert {link["href"] for link in page.select("#goal > p > a, #goal li > a")} == {
        address(AT[other], name="next") for other in (Goal.IAM_PROJECT, Goal.ENTERPRISE_PROJECT) if other is not goal
    }
    assert [link["href"] for link in page.select(".step label a")] == [
        address(AT[goal], name="download"),
        address(AT[goal], name="sheet"),
        address(AT[goal], name="refused"),
    ]


def test_what_has_no_effect_in_an_enterprise_project_is_told_with_the_way_out(visitor):
    warning = get(visitor, AT[Goal.ENTERPRISE_PROJECT]).select_one(".step-warning")

    assert "2 actions have no effect there: ecs:servers:list, ecs:servers:start." in words(warning)
    assert warning.a["href"] == address(AT[Goal.ENTERPRISE_PROJECT], name="split")
    assert not get(visitor, AT[Goal.IAM_PROJECT]).select(".step-warning")


def test_two_levels_are_two_policies_and_global_services_are_granted_in_iam(two_levels):
    page = get(two_levels, Draft.of(selection(ATTACH, actions=["ims:images:get"]), "team"))

    assert texts(page, ".step h3") == [
        *("Project-level services", "Global services"),
        *("For an IAM project", "For an enterprise project", "For global services"),
    ]
    assert texts(page, ".step code") == ["team", "team-global", "team", "team", "team-global"]


@pytest.mark.parametrize(
    ("goal", "said"),
    [
        (Goal.UNDECIDED, "Grant it to a user group: in IAM for the region’s project, or in Enterprise Management"),
        (Goal.IAM_PROJECT, "In IAM: User Groups, Authorize. Grant it for the region’s project."),
        (Goal.ENTERPRISE_PROJECT, "In Enterprise Management: the project, Permissions, Authorize User Group."),
    ],
)
def test_short_list_in_the_builder_says_where_and_leads_to_the_steps(goal, said):
    token = encode(AT[goal])
    page = BuilderPage(CATALOG, AT[goal], View())
    shown = read_elements(render_to_string("next/what_now.html", {"page": page, "carried": Carried.of(token)}))

    assert texts(shown, "li")[1].startswith(said)
    assert [link["href"] for link in shown.select("a")] == [address(AT[goal], name="next")]


@pytest.mark.parametrize("goal", Goal)
def test_global_services_are_granted_as_such_wherever_the_rest_is(two_levels, goal):
    """And whoever thinks of one enterprise project is told that they are not."""
    images, both = (
        replace(Draft.of(chosen, "team"), goal=goal)
        for chosen in (selection(actions=["ims:images:get"]), selection(ATTACH, actions=["ims:images:get"]))
    )
    shown = [
        texts(read_elements(render_to_string("next/what_now.html", {"page": page, "carried": Carried.of("")})), "li")[1]
        for page in (BuilderPage(current_catalog(), draft, View()) for draft in (images, both))
    ]

    assert shown[0] == "In IAM: User Groups, Authorize. Grant it for global services."
    assert shown[1].endswith("The other one: in IAM, for global services.")
    told = "not for one enterprise project alone" in words(get(two_levels, images).select_one("#grant-global"))
    assert told is (goal is Goal.ENTERPRISE_PROJECT)


def test_nothing_to_create_is_told(visitor):
    assert texts(get(visitor, Draft()), ".nothing") == ["Nothing is selected yet, so there is no policy to create."]


def test_sources_are_pages_of_the_vendor(visitor):
    links = [link["href"] for link in get(visitor, DRAFT).select(".sources a")]

    pages = [link for link in links if link.startswith("https://docs.otc.t-systems.com/") and link.endswith(".html")]
    assert len(pages) == len(links) - 1  # and the guide
    assert len(pages) > 5
