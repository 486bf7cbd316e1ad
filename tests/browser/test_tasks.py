"""What somebody comes with and goes away with, from the first click to the last, with JavaScript and without it.

Over the whole catalogue. Clicks and key presses are counted as somebody makes them, and printed (`pytest -rP`): a text
that is pasted is one press; a click on what is chosen from a list is one beside that on the list.
"""

import json
import re

import pytest
from playwright.sync_api import Locator, Page, expect

from policybuilder.domain.access.conditions import Context
from policybuilder.domain.access.decisions import Answer
from policybuilder.domain.access.evaluation import GrantedPolicy, Project, Request, evaluate
from policybuilder.domain.building.blocks import Block
from policybuilder.domain.catalog.entries import Support
from policybuilder.domain.catalog.scope import Goal
from policybuilder.domain.jsontext.source import read
from policybuilder.drafts.addresses import View, address
from policybuilder.drafts.draft import Draft
from policybuilder.pages.builder.verdict import WORKS_THERE
from policybuilder.web import wording
from policybuilder.web.element_ids import element_id
from tests.browser.screen import (
    ATTACH,
    CREATE,
    DELETE,
    LIFECYCLE,
    QUERY,
    START,
    START_BATCH,
    Builder,
    address_of,
    expect_outcome,
    refusal_of,
    selection,
    title_of,
)
from tests.browser.test_check import SAID_OF_BROKEN
from tests.browser.test_taking import pasted
from tests.builders import ROOT, WHOLE, whole_catalog

STOP_BATCH, RESTART_BATCH = (f"ecs/batch-operations/{each}-ecss-in-a-batch" for each in ("stopping", "restarting"))
SHOW = f"{LIFECYCLE}/querying-details-about-a-specific-ecs"
OPERATOR = selection(START_BATCH, STOP_BATCH, RESTART_BATCH, QUERY, SHOW)
MAY = [f"ecs:cloudServers:{verb}" for verb in ("list", "reboot", "showServer", "start", "stop")]
HERE = f"{WORKS_THERE}: {Goal.ENTERPRISE_PROJECT.place}"
REFUSAL = refusal_of("ecs:servers:create")
CREATE_NATIVE = f"{LIFECYCLE}/creating-an-ecs-native"


@pytest.fixture(autouse=True)
def whole_cloud(settings):
    settings.CATALOGUE = WHOLE


class Hands:
    """Somebody with a mouse and a keyboard, in a browser with JavaScript or `plain`, and how often they press them."""

    def __init__(self, page: Page, *, plain: bool):
        self.page = page
        self.plain = plain
        self.clicks = self.keys = 0
        self.builder = Builder(page)

    def click(self, target: Locator | str) -> None:
        """On an element, or the first button or link whose name begins so."""
        if isinstance(target, str):
            name = re.compile(f"^{re.escape(target)}")
            target = self.page.get_by_role("button", name=name).or_(self.page.get_by_role("link", name=name)).first
        target.click()
        self.clicks += 1

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.keys += 1

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.keys += len(text)

    def paste(self, text: str, *, into: Locator) -> None:
        self.click(into)
        self.page.keyboard.insert_text(text)
        self.keys += 1

    def submit(self, name: str = "Apply") -> None:
        """What JavaScript does by itself."""
        if self.plain:
            self.click(self.page.get_by_role("button", name=name, exact=True))

    def tick(self, *operations: str) -> None:
        for operation in operations:
            box = self.builder.box(operation)
            self.click(box)
            expect(box).to_be_checked()

    def find(self, text: str) -> None:
        """Search the builder, from where the hands are."""
        typing = self.builder.search.evaluate("field => field === document.activeElement")
        if self.plain and not typing:
            self.click(self.builder.search)
        self.press("ControlOrMeta+a" if self.plain or typing else "/")
        self.type(text)
        if self.plain:
            self.press("Enter")
        expect(self.page).to_have_url(re.compile(f"[?&]q={text.replace(' ', '[+]')}(&|$)"))

    def take(self) -> dict:
        """The policy, as it is taken away: copied, or without JavaScript downloaded."""
        if self.plain:
            with self.page.expect_download() as download:
                self.click(self.page.locator("#download"))
            return json.loads(download.value.path().read_text(encoding="utf-8"))
        self.click("Copy JSON")
        expect_outcome(self.page, "copied")
        return json.loads(pasted(self.page))


@pytest.fixture(params=["js", "plain"])
def hands(request, new_context):
    """Before nothing: the builder's empty page."""
    plain = request.param == "plain"
    context = new_context(java_script_enabled=not plain, permissions=["clipboard-write"])
    hands = Hands(context.new_page(), plain=plain)
    hands.builder.open()
    yield hands
    task = request.node.originalname.removeprefix("test_").replace("_", " ")
    print(f"\n{task}, {'without' if plain else 'with'} JavaScript: {hands.clicks} clicks, {hands.keys} keys")


def allowed_to(policy: dict) -> list[str]:
    """Of a policy with one statement, an Allow without limits."""
    (statement,) = policy["Statement"]
    assert statement == {"Effect": "Allow", "Action": statement["Action"]}
    return statement["Action"]


# 1: start, stop, restart and see servers, nothing else, in an enterprise project


def test_operator_policy_by_task(hands):
    hands.click("Start from a task or a system-defined policy.")
    hands.click("Enterprise projects")
    hands.click("Start, stop and restart servers")
    hands.click("Open in the builder")
    expect(hands.builder.verdict).to_have_text(HERE)

    # The task adds what the console reads: flavors and the details of a server's group.
    assert allowed_to(hands.take()) == sorted(["ecs:cloudServerFlavors:get", "ecs:cloudServers:get", *MAY])
    assert hands.clicks <= 5


def test_operator_policy_by_search(hands):
    hands.click(hands.page.get_by_role("radio", name="Enterprise projects"))
    for words, operations in [
        ("start server", [START_BATCH]),
        ("stop server", [STOP_BATCH]),
        ("restart server", [RESTART_BATCH]),
        ("see servers", [QUERY, SHOW]),
    ]:
        hands.find(words)
        hands.tick(*operations)
    hands.submit()
    expect(hands.builder.totals).to_contain_text("5 actions: 5 chosen, 0 added as dependencies")
    expect(hands.builder.verdict).to_have_text(HERE)

    assert allowed_to(hands.take()) == MAY
    assert hands.plain or hands.clicks <= 8


# 2: nobody may delete but with MFA, and only at certain hours


ANYTHING = {"Version": "1.1", "Statement": [{"Effect": "Allow", "Action": ["ecs:*:*"]}]}


def deleting(mfa: list[str], *policies: dict) -> Answer:
    """What IAM decides about a call that deletes, by whether the login was with MFA, or does not tell."""
    granted = [GrantedPolicy.of("", read(json.dumps(policy)).root, Project.ENTERPRISE) for policy in policies]
    request = Request(DELETE, Project.ENTERPRISE, Context.of({"g:MFAPresent": mfa}))
    return evaluate(whole_catalog(), granted, [request])[0].decision


def test_nobody_deletes_without_mfa(hands):
    page, builder = hands.page, hands.builder
    page.goto(address(Draft((Block(OPERATOR),), goal=Goal.ENTERPRISE_PROJECT), View()))
    hands.click("Add a Deny")
    expect(builder.page.locator("#statement-2")).to_have_attribute("aria-current", "true")
    hands.find("delete server")
    hands.tick(DELETE)
    if not hands.plain:
        hands.click(page.get_by_role("button", name="Conditions and resources of statement 2"))
    expect(page.locator("#no-hours")).to_be_visible()
    hands.click("MFA is not used")
    said = page.locator("#condition-said")
    expect(said).to_contain_text("without multi-factor authentication, or when the request does not say.")
    expect(said).not_to_contain_text("is not denied")
    if not hands.plain:
        hands.press("Escape")
    policy = hands.take()

    assert policy["Statement"][0] == {"Effect": "Allow", "Action": MAY}
    assert policy["Statement"][1]["Condition"] == {"BoolIfExists": {"g:MFAPresent": ["false"]}}
    decided = [deleting(mfa, policy, ANYTHING) for mfa in (["true"], ["false"], [])]
    assert decided == [Answer.ALLOWED, Answer.DENIED, Answer.DENIED]
    assert hands.clicks <= 8


# 3: a broken policy from an e-mail is mended, understood and gone on with


def test_broken_policy(hands):
    hands.click("Paste it to check it and to go on with it here.")
    hands.paste((ROOT / "templates/check/samples/broken.txt").read_text(), into=hands.page.get_by_label("Policy text"))
    hands.submit("Check")
    expect(hands.page.locator("#headline")).to_have_text(SAID_OF_BROKEN)
    expect(hands.page.locator(".repair")).to_have_count(5)
    expect(hands.page.get_by_role("button", name="Write “Deny” in line 14")).to_be_visible()
    hands.click(hands.page.get_by_role("button", name=re.compile("^Correct [0-9] unambiguous mistakes$")))
    expect(hands.page.locator("#headline")).not_to_contain_text("error")
    hands.click("Open in the builder")
    hands.tick(START_BATCH)
    hands.submit()
    hands.page.locator("#statement-2").wait_for()

    first, second = hands.take()["Statement"]
    assert (first["Effect"], second["Effect"]) == ("Allow", "Deny")
    assert "ecs:cloudServers:start" in first["Action"]


# 4: "Policy doesn't allow ecs:servers:create to be performed."


def test_refusal(hands):
    page, builder = hands.page, hands.builder
    hands.paste(REFUSAL, into=builder.search)
    if hands.plain:
        hands.press("Enter")
    expect(builder.search).to_have_value("ecs:servers:create")
    expect(builder.titles.first).to_have_text(title_of(CREATE_NATIVE, whole_catalog()))
    hands.click(builder.row(CREATE_NATIVE).get_by_label("Creating ECSs (pay-per-use)"))
    hands.submit()
    expect(builder.verdict).to_have_text(wording.IN_BOTH)

    hands.click(page.get_by_role("link", name="Refused call").first)
    hands.paste(REFUSAL, into=page.get_by_label("The refusal"))
    hands.submit("Explain it")
    expect(page.locator("#headline")).to_contain_text(title_of(CREATE_NATIVE, whole_catalog()))
    hands.click("Add it to the draft")
    expect(builder.box(CREATE_NATIVE)).to_be_checked()
    expect(builder.box(CREATE)).to_be_checked()


# 5: is B wider than A?


def policy(*statements: tuple[str, list[str]]) -> str:
    written = [{"Effect": effect, "Action": names} for effect, names in statements]
    return json.dumps({"Version": "1.1", "Statement": written}, indent=4)


def test_is_it_wider(hands):
    page = hands.page
    hands.click("Compare")
    hands.paste(policy(("Allow", MAY)), into=page.get_by_label("Before", exact=True))
    hands.paste(policy(("Allow", [*MAY, "ecs:cloudServers:delete*"])), into=page.get_by_label("After", exact=True))
    hands.submit("Compare")

    expect(page.locator("#headline")).to_contain_text("New access: yes")
    expect(page.locator("#gained")).to_contain_text("Deleting ECSs")
    expect(page.locator("#lost")).to_have_count(0)


# 6: what a group may do with three policies


@pytest.mark.parametrize("hands", ["js"], indirect=True)
def test_what_a_group_may_do(hands):
    page = hands.page
    hands.click("Access")
    for number, text in enumerate(
        [
            policy(("Allow", MAY)),
            policy(("Allow", ["ecs:cloudServers:*"])),
            policy(("Deny", ["ecs:cloudServers:delete*"])),
        ]
    ):
        hands.paste(text, into=page.get_by_label("Paste a policy, or a list of them"))
        hands.click(page.locator("#add"))
        expect(page.locator(".member")).to_have_count(number + 1)
    hands.paste("delete server", into=page.get_by_role("searchbox", name="Search titles, actions and API paths"))

    for operation, cell in [(DELETE, "Denied"), (f"{LIFECYCLE}/deleting-an-ecs-native", "Not allowed")]:
        expect(page.locator(f"#row-{element_id(operation)} .cell-label")).to_have_text([cell, cell])
    expect(page.locator(f"#row-{element_id(DELETE)}")).to_contain_text(re.compile(r"by\s+Policy 3,\s+statement\s+1"))


# 7: the 31st operation makes a policy IAM-only


THIRTY = [
    operation.id
    for operation in whole_catalog().operations.values()
    if operation.service == "ecs" and operation.scope.enterprise_project is Support.YES and operation.id != START_BATCH
][:30]


def test_policy_turns_iam_only(hands):
    page, builder = hands.page, hands.builder.open(selection(*THIRTY))
    works = wording.IN_BOTH
    expect(builder.verdict).to_have_text(works)
    hands.find("start server")
    hands.tick(START)
    hands.submit()
    expect(builder.iam_only_alarm).to_be_visible()
    expect(builder.alarm.locator(".alarm-why")).to_contain_text(title_of(START, whole_catalog()))

    hands.click("Swap for “Starting ECSs in a batch")
    expect(builder.verdict).to_have_text(works)
    expect(builder.box(START_BATCH)).to_be_checked()
    hands.click(page.locator("#undo"))
    expect(builder.box(START)).to_be_checked()
    expect(builder.verdict).to_have_text(wording.SOME_IAM_ONLY.format(n=2, total=33))
    hands.click("Split in two policies")

    expect(page.locator(".half-verdict")).to_have_text([HERE, f"{WORKS_THERE}: {Goal.IAM_PROJECT.place}"])
    expect(page.locator(".half-reach")).to_be_visible()
    for half, count in zip(page.locator(".half").all(), [len(THIRTY), 1], strict=True):
        expect(half.locator(".also li")).to_have_count(count)


# 8: a draft is shared, opened a month later, and printed for the change board


def test_draft_is_shared_and_printed(hands, new_context):
    address_of_draft = address_of(OPERATOR, name="night-shift")
    hands.page.goto(address_of_draft)
    if hands.plain:
        link = hands.page.url
    else:
        hands.click("Copy link to this draft")
        expect_outcome(hands.page, "link")
        link = pasted(hands.page)
    hands.page = new_context(java_script_enabled=not hands.plain).new_page()
    hands.page.goto(link)
    later = Builder(hands.page)
    expect(later.page.get_by_label("Name", exact=True)).to_have_value("night-shift")
    assert allowed_to(json.loads(later.json.text_content())) == MAY

    hands.click("Acceptance sheet")
    hands.page.emulate_media(media="print")
    expect(hands.page.get_by_role("heading", level=1)).to_have_text("Acceptance sheet: night-shift")
    for operation in OPERATOR.operations:
        title = whole_catalog().operations[operation].title
        expect(hands.page.locator(".trial-title", has_text=title).first).to_be_visible()
    expect(hands.page.locator(".tick-box:visible").first).to_be_visible()


# 9: finding things by the words that people have


LOGGED = (
    "DEBUG:keystoneauth.session:REQ: curl -g -i -X POST https://ecs.eu-de.otc.t-systems.com/v1/0af1/cloudservers/77ab/"
    'attachvolume -H "X-Auth-Token: {SHA256}9f1c" -d \'{"volumeAttachment": {"volumeId": "1b"}}\''
)


@pytest.mark.parametrize("hands", ["js"], indirect=True)
def test_finding(hands):
    builder = hands.builder
    first_three = builder.titles.nth(0).or_(builder.titles.nth(1)).or_(builder.titles.nth(2))
    for words, title in {
        "resize": "Modifying ECS specifications (pay-per-use)",
        "snapshot": "Create an EVS snapshot",
        "floating ip": "Assigning an EIP",
        "console": "Obtaining the address for logging in to the console using VNC",
        "userdata": "Updating ECS metadata",
        "umbenennen": "Renaming a table",
        "server umbenennen": "Modifying ECS details",
        "atach": title_of(ATTACH, whole_catalog()),
    }.items():
        hands.find(words)
        expect(first_three.filter(has_text=re.compile(f"^{re.escape(title)}$"))).to_have_count(1)
    hands.paste(LOGGED, into=builder.search)
    expect(builder.titles).to_have_text([title_of(ATTACH, whole_catalog())])
