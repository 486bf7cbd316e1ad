"""The page of a group, in a browser: from nothing to a matrix, by mouse and by keyboard.

What the matrix says, and what each button does, is in tests/pages/access.
"""

import json

import pytest
from playwright.sync_api import expect

from policybuilder.web.element_ids import element_id
from tests.browser.looks import faults
from tests.browser.screen import ATTACH, DISKS, address_of, expect_no_answer, selection

OWN, NEEDED = "ecs:cloudServers:attach", "evs:volumes:use"
MFA = {"Bool": {"g:MFAPresent": ["true"]}}


def policy(*statements) -> str:
    return json.dumps({"Version": "1.1", "Statement": list(statements)}, indent=4)


OURS = policy({"Effect": "Allow", "Action": [OWN, NEEDED]})
LIMITED = policy({"Effect": "Deny", "Action": [OWN], "Condition": MFA})
BOTH = f"[{OURS}, {LIMITED}]"


class Access:
    """What somebody sees and works on the page. Locators wait, so nothing here has to."""

    def __init__(self, page):
        self.page = page
        self.text = page.get_by_label("Paste a policy, or a list of them")
        self.members = page.locator(".member")
        self.name = page.get_by_label("Name of policy 1")
        self.problems = page.locator("#problems li")
        self.hits = page.locator("#hits")
        self.search = page.get_by_role("searchbox")
        self.value = page.get_by_label("g:MFAPresent true or false")

    def open(self, where: str = "/access/") -> "Access":
        self.page.goto(where)
        return self

    def add(self, text: str) -> None:
        self.text.fill(text)
        self.page.locator("#add").click()

    def choose(self, name: str, text: str) -> None:
        file = {"name": name, "mimeType": "application/json", "buffer": text.encode()}
        self.page.get_by_label("Or a file").set_input_files(file)

    def branch(self, category: str):
        return self.page.locator(f"#branch-{element_id(category)}")

    def cells(self, operation: str):
        return self.page.locator(f"#row-{element_id(operation)} .cell-label")

    def expect_cells(self, operation: str, *labels: str) -> None:
        expect(self.cells(operation)).to_have_text(list(labels))


@pytest.fixture
def access(page):
    return Access(page).open()


@pytest.fixture
def disks(page):
    """A draft of the builder, taken over as the only policy."""
    return Access(page).open(address_of(selection(ATTACH), name="disks", page="access"))


def test_group_is_put_together_and_looked_at(access):
    access.choose("disk team.json", OURS)
    access.add("")
    expect(access.members).to_have_count(1)
    expect(access.name).to_have_value("disk team")
    access.add(LIMITED)
    expect(access.members).to_have_count(2)
    expect(access.text).to_have_value("")
    access.branch(DISKS).locator("summary").click()
    access.expect_cells(ATTACH, "Conditional", "Conditional")

    access.value.fill("true")
    access.value.blur()
    access.expect_cells(ATTACH, "Denied", "Denied")
    expect(access.cells(ATTACH).first).to_be_visible()  # what was open stays open

    access.page.get_by_label("Policy 2 is granted in").select_option("Enterprise Management")
    access.expect_cells(ATTACH, "Allowed", "Allowed")


def test_matrix_is_searched_and_filtered(disks):
    disks.search.fill("attaching")
    expect(disks.hits).to_contain_text("7 of 91 shown.")
    expect(disks.cells(ATTACH).first).to_be_visible()
    expect(disks.search).to_be_focused()

    disks.page.get_by_label("Decision", exact=True).select_option("Allowed")
    expect(disks.hits).to_contain_text("1 of 91 shown.")
    disks.page.get_by_role("button", name="Show all").click()
    expect(disks.hits).to_contain_text("91 in 17 categories")
    expect(disks.search).to_have_value("")


def test_branch_that_is_folded_while_an_answer_is_under_way_stays_folded_until_the_next_search(access):
    access.add(BOTH)
    access.search.fill("attaching")
    expect(access.cells(ATTACH).first).to_be_visible()
    held = []
    access.page.route("**/access/", lambda route: held.append(route))
    with access.page.expect_request("**/access/"):
        access.value.fill("false")
        access.value.blur()
    access.branch(DISKS).locator("summary").click()
    held.pop().continue_()
    access.page.unroute("**/access/")
    access.expect_cells(ATTACH, "Allowed", "Allowed")
    expect(access.cells(ATTACH).first).not_to_be_visible()

    access.search.fill("attaching a disk")
    expect(access.cells(ATTACH).first).to_be_visible()


def test_link_of_a_decision_shows_the_statement(disks):
    disks.page.get_by_role("button", name="Expand all").click()
    disks.page.locator(f"#row-{element_id(ATTACH)}").get_by_role("link").first.click()

    expect(disks.page.locator("#policy-1-statement-1")).to_be_visible()
    expect(disks.page.locator("#policy-1-statement-1")).to_be_in_viewport()


def test_removed_policy_is_put_back_with_the_name_that_was_just_typed(disks):
    disks.name.fill("all disks")
    disks.page.get_by_role("button", name="Remove").click()
    expect(disks.members).to_have_count(0)
    expect(disks.page.get_by_role("button", name="Put back all disks")).to_be_focused()

    disks.page.get_by_role("button", name="Put back all disks").click()
    expect(disks.name).to_have_value("all disks")


def test_reload_and_coming_back_lose_nothing(access):
    access.add(BOTH)
    expect(access.members).to_have_count(2)
    access.name.fill("disks")
    access.value.fill("false")
    access.value.blur()
    access.expect_cells(ATTACH, "Allowed", "Allowed")
    access.search.fill("attaching")
    expect(access.hits).to_contain_text("7 of 91 shown.")
    access.text.fill("not added yet")

    for go in (access.page.reload, lambda: (access.page.goto("/sheet/"), access.page.go_back()), access.open):
        go()
        expect(access.members).to_have_count(2)
        expect(access.name).to_have_value("disks")
        expect(access.value).to_have_value("false")
        expect(access.hits).to_contain_text("7 of 91 shown.")
        expect(access.text).to_have_value("not added yet")
        access.expect_cells(ATTACH, "Allowed", "Allowed")

    access.page.get_by_role("button", name="Remove").first.click()
    expect(access.members).to_have_count(1)
    access.page.get_by_role("button", name="Remove").first.click()
    expect(access.members).to_have_count(0)
    access.text.fill("")
    access.open()  # what was taken away does not come again
    expect(access.members).to_have_count(0)


def test_unreadable_text_is_mended_in_its_place(access):
    access.add(OURS.replace('"Effect": "Allow"', '"Effect": allow'))
    expect(access.page.locator(".member-fault")).to_contain_text("Line 5, column 23")

    access.page.get_by_label("Text of Policy 1").fill(OURS)
    access.page.get_by_label("Text of Policy 1").blur()
    expect(access.page.locator(".member-fault")).to_have_count(0)
    access.expect_cells(ATTACH, "Allowed", "Allowed")


def test_several_policies_of_one_text_are_taken_apart_and_a_name_is_mended(access):
    access.add(OURS)
    access.page.locator("#edit-0 summary").click()
    access.page.get_by_label("Text of Policy 1").fill(f"{OURS}\n{LIMITED.replace(OWN, 'KMS:*:*')}")
    access.page.get_by_label("Text of Policy 1").blur()
    access.page.get_by_role("button", name="Make a policy of each").click()
    expect(access.members).to_have_count(2)

    access.page.get_by_role("button", name="Write “kms:*:*”").click()
    expect(access.page.locator("#state-1 .member-problem")).to_have_count(0)
    expect(access.page.locator("#policies-heading")).to_be_focused()
    assert faults(access.page) == {}


def test_server_that_does_not_answer_is_said(disks, complaints):
    disks.page.route("**/access/", lambda route: route.abort())
    disks.add(LIMITED)
    expect_no_answer(disks.page)
    disks.page.unroute("**/access/")
    disks.page.get_by_role("button", name="Try again").click()

    expect(disks.members).to_have_count(2)
    expect(disks.problems).to_have_count(0)
    complaints.clear()


def test_group_is_looked_at_by_keyboard_alone(access):
    page = access.page

    def tab_to(locator):
        for _ in range(60):
            if locator.evaluate("element => element === document.activeElement"):
                return
            page.keyboard.press("Tab")
        pytest.fail(f"{locator} is not reached")

    tab_to(access.text)
    page.keyboard.insert_text(BOTH)
    tab_to(page.locator("#add"))
    page.keyboard.press("Enter")
    expect(access.members).to_have_count(2)
    tab_to(access.value)
    page.keyboard.type("false")
    tab_to(access.search)
    page.keyboard.type("attaching")
    expect(access.hits).to_contain_text("7 of 91 shown.")
    access.expect_cells(ATTACH, "Allowed", "Allowed")
    tab_to(access.branch(DISKS).locator("summary"))
    page.keyboard.press("Enter")
    expect(access.cells(ATTACH).first).not_to_be_visible()
    page.keyboard.press("Enter")
    expect(access.cells(ATTACH).first).to_be_visible()


# How it looks


def empty(access):
    pass


def faulty(access):
    """And a filter that nothing passes."""
    access.add("{")
    access.add(policy({"Effect": "Allow", "Action": ["x"]}).removesuffix("}"))
    access.page.locator("#repairs-1 summary").click()
    access.page.get_by_label("Decision", exact=True).select_option("Conditional")
    expect(access.page.get_by_role("button", name="Show everything")).to_be_visible()
    access.page.get_by_role("button", name="Remove Policy 1").click()
    access.add("")
    expect(access.problems).to_have_count(1)


def whole_group(access):
    """Every decision, a long name, and so many policies that there is no room for another."""
    access.page.get_by_role("button", name="Look at an example").click()
    access.page.get_by_role("button", name="Remove server-admins").click()
    expect(access.members).to_have_count(2)
    access.name.fill("x" * 200)
    roles = [
        {
            "display_name": f"team-{at}",
            "policy": {
                "Statement": [
                    {"Effect": "Deny" if at % 4 == 3 and verb == "list" else "Allow", "Action": [f"ecs:*:{verb}*"]}
                    | ({"Condition": {"StringEquals": {"g:UserName": ["x"]}}} if at % 3 == 1 else {})
                    for verb in ("get", "list", "c", "st")
                ]
            },
        }
        for at in range(18)
    ]
    access.add(json.dumps({"roles": roles}))
    expect(access.members).to_have_count(20)
    folded = ".matrix-branch:nth-of-type(-n + 4), .member:nth-child(-n + 3) details, .group-warnings details"
    access.page.locator(folded).evaluate_all("all => all.forEach(details => details.open = true)")


@pytest.mark.parametrize("state", [empty, faulty, whole_group], ids=lambda state: state.__name__)
def test_looks_good_wide_and_narrow_light_and_dark(calm_page, state):
    state(Access(calm_page).open())

    assert faults(calm_page) == {}
