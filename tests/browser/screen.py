"""The builder's page as its tests use it: where things are on it, and how somebody works with them."""

from playwright.sync_api import Locator, Page, expect

from policybuilder.domain.building.compiler import compile_selection
from policybuilder.domain.building.selection import Dependencies, Selection
from policybuilder.domain.policy.document import dump
from policybuilder.drafts.addresses import View, address
from policybuilder.drafts.draft import Draft
from policybuilder.web.element_ids import element_id
from policybuilder.web.wording import chosen_in_words
from tests.builders import real_catalog

CATALOG = real_catalog()

LIFECYCLE = "ecs/lifecycle-management"
STATUS = "ecs/ecs-status-management"
BATCH = "ecs/batch-operations"
DISKS = "ecs/disk-management"

# Needs one action of another service.
ATTACH = f"{DISKS}/attaching-a-disk-to-an-ecs"
# Needs nothing, works in enterprise projects.
DETACH = f"{DISKS}/detaching-a-disk-from-an-ecs"
# Has two options, each with a dependency of its own.
CREATE = f"{LIFECYCLE}/creating-ecss-pay-per-use"
EIP_NEW, EIP_EXISTING = "assigning-a-new-eip", "using-an-existing-eip"
# Needs nothing, writes.
DELETE = f"{LIFECYCLE}/deleting-ecss"
# Its action allows two more operations, in two other categories.
QUERY = f"{LIFECYCLE}/querying-details-about-ecss"
# Both need ecs:servers:list, the second ecs:servers:get as well. IAM-only, with START_BATCH and STOP_BATCH instead.
START, STOP = f"{STATUS}/starting-an-ecs-native", f"{STATUS}/stopping-an-ecs-native"
START_BATCH, STOP_BATCH = f"{BATCH}/starting-ecss-in-a-batch", f"{BATCH}/stopping-ecss-in-a-batch"
# IAM-only, and nothing does its job in enterprise projects.
LOCK = f"{STATUS}/locking-an-ecs-native"


def title_of(operation: str, catalog=CATALOG) -> str:
    return catalog.operations[operation].title


def refusal_of(action: str) -> str:
    """The message of IAM about a refused call."""
    return f"Policy doesn't allow {action} to be performed."


def expect_outcome(page: Page, outcome: str) -> None:
    """The result of copying: copied, waiting (for an answer), off (no answer came), selected (the text), link or
    address (the link is there)."""
    expect(page.locator("#copied")).to_have_attribute("data-outcome", outcome)


def expect_no_answer(page: Page) -> None:
    expect(page.locator("#problems [data-failed=change] #try-again")).to_be_visible()


def selection(*operations: str, options_off=(), actions=(), without=(), cascading: bool = False) -> Selection:
    switch = Dependencies.ALL if cascading else Dependencies.DIRECT
    return Selection(frozenset(operations), frozenset(options_off), frozenset(actions), frozenset(without), switch)


def address_of(wanted: Selection = Selection(), *, name: str = "", page: str = "builder", **query: str) -> str:
    """Where a draft is opened."""
    return address(Draft.of(wanted, name), View(), name=page, **query)


def json_of(wanted: Selection, catalog=CATALOG) -> str:
    """The policy as the domain, without any page, writes it."""
    return dump(compile_selection(catalog, wanted).document)


class Builder:
    """What somebody sees and works on the builder's page. Locators wait, so nothing here has to."""

    def __init__(self, page: Page):
        self.page = page
        self.verdict = page.locator("#verdict .verdict-line")
        self.totals = page.locator("#totals .totals-line")
        self.alarm = page.locator("#alarm")
        self.iam_only_alarm = page.locator("#alarm .alarm-iam-only")
        self.problems = page.locator("#problems li")
        self.granted = page.locator("#granted .grant:not(.grant-left)")
        self.left_out = page.locator("#granted .grant-left")
        self.also_allowed = page.locator("#also li")
        self.json = page.locator("#json")
        self.search = page.get_by_role("searchbox", name="Search titles, actions and API paths")
        self.hits = page.locator("#hits")
        self.titles = page.locator("#tree .row-main > label")

    def open(self, wanted: Selection = Selection(), *, name: str = "", **query: str) -> "Builder":
        self.page.goto(address_of(wanted, name=name, **query))
        return self

    # The rail

    @property
    def rail(self) -> Locator:
        return self.page.get_by_role("navigation", name="Services")

    @property
    def find_service(self) -> Locator:
        return self.rail.get_by_role("searchbox", name="Find a service")

    def services(self) -> Locator:
        """The lines of services below their groups."""
        return self.rail.locator(".rail-group button.rail-line, #rail-body > ul > li > button.rail-line")

    def heading(self, service: str) -> Locator:
        return self.page.locator(f"#trunk-{service} .trunk-head")

    # What limits the statement

    def limit(self) -> None:
        """Open the dialog of its conditions and resources."""
        self.page.get_by_role("button", name="Conditions and resources").click()
        expect(self.page.locator("#statement-dialog")).to_be_visible()

    def write_condition(self, key: str, operator: str, values: str = "") -> None:
        self.page.get_by_label("Only", exact=True).select_option(key)
        self.page.get_by_label("Operator").select_option(operator)
        if values:
            self.page.get_by_label("One value per line").fill(values)

    # The tree

    def branch(self, category: str) -> Locator:
        return self.page.locator(f"#branch-{element_id(category)}")

    def trunk(self, service: str) -> Locator:
        return self.page.locator(f"#trunk-{element_id(service)}")

    def show_service(self, service: str) -> None:
        """Choose a service in the rail, if another one is shown."""
        line = self.page.locator(f"#show-{service}")
        if not self.trunk(service).count():
            if not line.is_visible():
                self.page.locator(f".rail-group:has(#show-{service}) > summary").click()
            line.click()
            expect(self.trunk(service)).to_be_visible()

    def unfold(self, category: str) -> None:
        """Open a category, if it is closed, with a click on its title, and show its service."""
        self.show_service(category.partition("/")[0])
        expect(self.branch(category)).to_be_visible()
        if self.branch(category).locator("details:not([open]) > summary").count():
            self.branch(category).locator("summary").click()

    def parent(self, branch: str) -> Locator:
        """The box of a category or service."""
        return self.page.locator(f"#parent-{element_id(branch)}")

    def count(self, branch: str) -> Locator:
        return self.page.locator(f"#count-{element_id(branch)}")

    def rail_count(self, category: str) -> Locator:
        """Of a category of the service that is shown."""
        return self.page.locator(f"#rail-{element_id(category)}")

    def row(self, operation: str) -> Locator:
        return self.page.locator(f"#row-{element_id(operation)}")

    def state(self, operation: str) -> Locator:
        """What the row says about the operation beside its box."""
        return self.page.locator(f"#state-{element_id(operation)}")

    def box(self, operation: str) -> Locator:
        return self.page.locator(f"input[name=o][value='{operation}']")

    def option(self, operation: str, slug: str) -> Locator:
        return self.page.locator(f"input[name=p][value='{operation}#{slug}']")

    def tick(self, *operations: str) -> None:
        for operation in operations:
            self._bring_up(operation)
            self.box(operation).check()

    def untick(self, *operations: str) -> None:
        for operation in operations:
            self._bring_up(operation)
            self.box(operation).uncheck()

    def _bring_up(self, operation: str) -> None:
        if not self.box(operation).is_visible():
            self.unfold(operation.rpartition("/")[0])

    def switch_off(self, operation: str, slug: str) -> None:
        """Untick an option, once it is on: options come on when the answer to the tick of their operation is there."""
        expect(self.option(operation, slug)).to_be_checked()
        self.option(operation, slug).uncheck()

    def ticked(self) -> list[str]:
        return self.page.locator(".row > input:checked").evaluate_all("boxes => boxes.map(box => box.value).sort()")

    # What must be so

    def expect_json(self, text: str) -> None:
        """The policy as shown, to the byte."""
        expect(self.json).to_have_js_property("textContent", text)

    def expect_nothing_granted(self) -> None:
        expect(self.totals).to_have_text("No actions yet")
        expect(self.granted).to_have_count(0)
        expect(self.json).to_have_count(0)

    def expect_granted(self, reasons: dict[str, list[str]]) -> None:
        """Every granted action, and under each why it is granted, both in the order shown."""
        why = ".grant-why > .badge, .grant-why > span:not(.badge, .grant-ways), .grant-why > details > summary"
        expect(self.granted.locator(".grant-head code")).to_have_text(list(reasons))
        expect(self.granted.locator(why)).to_have_text([text for texts in reasons.values() for text in texts])

    def expect_selection(self, wanted: Selection) -> None:
        """The policy, the totals and the boxes are those of this selection."""
        policy = compile_selection(CATALOG, wanted)
        self.expect_json(dump(policy.document))
        selected = sum(grant.selected for grant in policy.grants)
        needed = len(policy.grants) - selected
        expect(self.page.locator("#status")).to_contain_text(chosen_in_words(selected, needed))
        expect(self.page.locator(".row > input:checked")).to_have_count(len(wanted.operations))
        assert self.ticked() == sorted(wanted.operations)
