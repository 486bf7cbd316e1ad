"""The page of a group, in a browser: from nothing to a matrix, by mouse, by keyboard and without a script."""

import json

import pytest
from playwright.sync_api import expect

from policybuilder.web.element_ids import element_id
from tests.browser.looks import faults
from tests.browser.screen import ATTACH, DISKS, START, address_of, selection

OWN, NEEDED = "ecs:cloudServers:attach", "evs:volumes:use"
MFA = {"Bool": {"g:MFAPresent": ["true"]}}


def policy(*statements) -> str:
    return json.dumps({"Version": "1.1", "Statement": list(statements)}, indent=4)


OURS = policy({"Effect": "Allow", "Action": [OWN, NEEDED]})
LIMITED = policy({"Effect": "Deny", "Action": [OWN], "Condition": MFA})


class Access:
    """What somebody sees and works on the page. Locators wait, so nothing here has to."""

    def __init__(self, page):
        self.page = page
        self.text = page.get_by_label("Paste a policy, or a list of them")
        self.members = page.locator(".member")
        self.names = page.locator(".member-name")
        self.problems = page.locator("#problems li")
        self.figures = page.locator(".cover-figure")
        self.hits = page.locator("#hits")
        self.search = page.get_by_role("searchbox")
        self.value = page.get_by_label("g:MFAPresent true or false")

    def open(self, where: str = "/access/") -> "Access":
        self.page.goto(where)
        return self

    def add(self, text: str) -> None:
        self.text.fill(text)
        self.page.locator("#add").click()

    def add_system(self, name: str) -> None:
        self.page.get_by_label("Or a system-defined policy").select_option(label=name)
        self.page.get_by_role("button", name="Add the system-defined policy").click()

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
def plain(plain_page):
    return Access(plain_page).open()


# With a script


def test_group_is_put_together_and_looked_at(access):
    access.add(OURS)
    expect(access.members).to_have_count(1)
    expect(access.text).to_have_value("")
    access.add(LIMITED)
    expect(access.members).to_have_count(2)
    access.add_system("ECS ReadOnlyAccess")
    expect(access.members).to_have_count(3)
    expect(access.names.nth(2)).to_have_text("ECS ReadOnlyAccess")
    access.branch(DISKS).locator("summary").click()
    access.expect_cells(ATTACH, "Depends", "Depends")

    access.value.fill("true")
    access.value.blur()
    access.expect_cells(ATTACH, "Denied", "Denied")
    expect(access.cells(ATTACH).first).to_be_visible()  # what was open stays open

    access.page.get_by_label("Policy 2 is granted in").select_option("Enterprise Management")
    access.expect_cells(ATTACH, "Allowed", "Allowed")
    expect(access.page.locator("#warnings li strong")).to_have_text(["Warning PB041", "Note PB043"])


def test_matrix_is_searched_and_filtered(access):
    access.add(OURS)
    access.search.fill("attaching")
    expect(access.hits).to_contain_text("2 of 91 shown.")
    expect(access.cells(ATTACH).first).to_be_visible()
    expect(access.search).to_be_focused()

    access.page.get_by_label("Decision", exact=True).select_option("Allowed")
    expect(access.hits).to_contain_text("1 of 91 shown.")
    access.page.get_by_role("button", name="Show all").click()
    expect(access.hits).to_contain_text("91 in 17 categories")
    expect(access.search).to_have_value("")


def test_link_of_a_decision_shows_the_statement(access):
    access.add(OURS)
    access.page.get_by_role("button", name="Expand all").click()
    access.page.locator(f"#row-{element_id(ATTACH)}").get_by_role("link").first.click()

    expect(access.page.locator("#policy-1-statement-1")).to_be_visible()
    expect(access.page.locator("#policy-1-statement-1")).to_be_in_viewport()


def test_removed_policy_is_put_back(access):
    access.add(OURS)
    access.page.get_by_label("Name of policy 1").fill("disks")
    access.page.get_by_role("button", name="Remove").click()
    expect(access.members).to_have_count(0)
    expect(access.page.get_by_role("button", name="Put back disks")).to_be_focused()

    access.page.get_by_role("button", name="Put back disks").click()
    expect(access.page.get_by_label("Name of policy 1")).to_have_value("disks")


def test_reload_and_coming_back_lose_nothing(access):
    access.add(OURS)
    access.add(LIMITED)
    expect(access.members).to_have_count(2)
    access.page.get_by_label("Name of policy 1").fill("disks")
    access.value.fill("false")
    access.value.blur()
    access.expect_cells(ATTACH, "Allowed", "Allowed")
    access.search.fill("attaching")
    expect(access.hits).to_contain_text("2 of 91 shown.")
    access.text.fill("not added yet")

    for go in (access.page.reload, lambda: (access.page.goto("/"), access.page.go_back())):
        go()
        expect(access.members).to_have_count(2)
        expect(access.page.get_by_label("Name of policy 1")).to_have_value("disks")
        expect(access.value).to_have_value("false")
        expect(access.hits).to_contain_text("2 of 91 shown.")
        expect(access.text).to_have_value("not added yet")
        access.expect_cells(ATTACH, "Allowed", "Allowed")

    access.open()  # a link that is opened anew begins anew
    expect(access.members).to_have_count(0)


def test_unreadable_text_is_mended_in_its_place(access):
    access.add(OURS.replace('"Effect": "Allow"', '"Effect": Allow'))
    expect(access.page.locator(".member-fault")).to_contain_text("Line 5, column 23")
    with access.page.expect_popup() as popup:
        access.page.get_by_role("button", name="Check this text").click()
    expect(popup.value.locator("#headline")).to_have_text("This cannot be read beyond line 5, column 23")

    access.page.get_by_label("Text of Policy 1").fill(OURS)
    access.page.get_by_label("Text of Policy 1").blur()
    expect(access.page.locator(".member-fault")).to_have_count(0)
    access.expect_cells(ATTACH, "Allowed", "Allowed")


def test_file_is_added(access):
    files = {"name": "disk team.json", "mimeType": "application/json", "buffer": OURS.encode()}
    access.page.get_by_label("Or a file").set_input_files(files)
    access.page.locator("#add").click()

    expect(access.page.get_by_label("Name of policy 1")).to_have_value("disk team")


def test_draft_of_the_builder_is_taken_over(access):
    access.open(address_of(selection(START), name="starters", page="access"))

    expect(access.page.get_by_label("Name of policy 1")).to_have_value("starters")
    access.expect_cells(START, "Allowed", "Allowed")


def test_server_that_does_not_answer_is_said(access, complaints):
    access.add(OURS)
    expect(access.members).to_have_count(1)
    access.page.route("**/access/", lambda route: route.abort())
    access.add(LIMITED)
    expect(access.page.locator("#problems")).to_contain_text("The server did not answer.")
    access.page.unroute("**/access/")
    access.page.get_by_role("button", name="Try again").click()

    expect(access.members).to_have_count(2)
    complaints.clear()


def test_group_is_looked_at_by_keyboard_alone(access):
    page = access.page

    def tab_to(locator):
        for _ in range(60):
            if locator.evaluate("element => element === document.activeElement"):
                return
            page.keyboard.press("Tab")
        pytest.fail("It is not reached by Tab.")

    for at, text in enumerate((OURS, LIMITED)):
        page.evaluate("document.activeElement.blur()")
        tab_to(access.text)
        page.keyboard.insert_text(text)
        tab_to(page.locator("#add"))
        page.keyboard.press("Enter")
        expect(access.members).to_have_count(at + 1)
    tab_to(access.value)
    page.keyboard.type("false")
    tab_to(access.search)
    page.keyboard.type("attaching")
    expect(access.hits).to_contain_text("2 of 91 shown.")
    access.expect_cells(ATTACH, "Allowed", "Allowed")
    tab_to(access.branch(DISKS).locator("summary"))
    page.keyboard.press("Enter")
    expect(access.cells(ATTACH).first).not_to_be_visible()
    page.keyboard.press("Enter")
    expect(access.cells(ATTACH).first).to_be_visible()


# Without a script


def test_without_a_script_the_same_is_done_with_buttons(plain):
    plain.add(OURS)
    plain.add(LIMITED)
    plain.add_system("ECS ReadOnlyAccess")
    expect(plain.members).to_have_count(3)
    plain.value.fill("true")
    plain.search.fill("attaching")
    plain.page.get_by_role("button", name="Search").click()
    expect(plain.hits).to_contain_text("2 of 91 shown.")
    plain.expect_cells(ATTACH, "Denied", "Denied")
    expect(plain.cells(ATTACH).first).to_be_visible()

    plain.page.get_by_role("button", name="Remove Policy 2").click()
    plain.expect_cells(ATTACH, "Allowed", "Allowed")
    plain.page.get_by_role("button", name="Put back").click()
    expect(plain.members).to_have_count(3)
    plain.page.get_by_label("Policy 2 is granted in").select_option("Enterprise Management")
    plain.page.get_by_role("button", name="Apply", exact=True).click()
    plain.expect_cells(ATTACH, "Allowed", "Allowed")


# How it looks


def empty(access):
    pass


def example(access):
    access.page.get_by_role("button", name="Look at an example").click()
    access.page.get_by_role("button", name="Expand all").click()
    for summary in access.page.locator(".member summary").all():
        summary.click()
    access.page.get_by_label("Name of policy 1").fill("x" * 200)
    access.page.get_by_label("Name of policy 1").blur()
    expect(access.page.locator(".cell-why a").first).to_contain_text("xxx")


def faulty(access):
    access.add("{")
    access.add(policy({"Effect": "Allow", "Action": ["x"]}).removesuffix("}"))
    access.page.locator("#repairs-1 summary").click()
    access.page.get_by_role("button", name="Remove Policy 1").click()
    access.add("")
    expect(access.problems).to_have_count(1)


def whole_group(access):
    roles = [
        {
            "display_name": f"team-{at}",
            "policy": {
                "Statement": [
                    {"Effect": "Deny" if at % 4 == 3 else "Allow", "Action": [f"ecs:*:{verb}*", NEEDED]}
                    | ({"Condition": {"StringEquals": {"g:UserName": ["x"]}}} if at % 3 == 1 else {})
                    for verb in ("get", "list", "c", "st")
                ]
            },
        }
        for at in range(20)
    ]
    access.add(json.dumps({"roles": roles}))
    expect(access.members).to_have_count(20)
    access.page.get_by_role("button", name="Expand all").click()


def filtered(access):
    access.add(OURS)
    access.page.get_by_label("Decision", exact=True).select_option("Depends")
    expect(access.page.get_by_role("button", name="Show everything")).to_be_visible()


@pytest.mark.parametrize("state", [empty, example, faulty, whole_group, filtered], ids=lambda state: state.__name__)
def test_looks_good_wide_and_narrow_light_and_dark(calm_page, state):
    state(Access(calm_page).open())

    assert faults(calm_page) == {}
