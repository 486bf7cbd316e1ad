"""On paper: the policy and why each action is there, and nothing that can only be clicked."""

from playwright.sync_api import expect

from tests.browser.screen import ATTACH, CATALOG, CREATE, DISKS, START, STOP, address_of, json_of, selection


def test_policy_and_every_reason_are_on_paper(builder):
    builder.open(selection(ATTACH, START, STOP, without=["evs:volumes:use"]), name="disk-team")
    builder.page.emulate_media(media="print")

    expect(builder.json).to_be_visible()
    builder.expect_json(json_of(selection(ATTACH, START, STOP, without=["evs:volumes:use"])))
    expect(builder.verdict).to_be_visible()
    expect(builder.totals).to_be_visible()
    expect(builder.page.get_by_label("Name")).to_be_visible()
    reasons = builder.page.locator("#granted").inner_text()
    lines = [line.strip() for line in reasons.splitlines() if line.strip()]
    start, stop = "Starting an ECS (native OpenStack API)", "Stopping an ECS (native OpenStack API)"
    assert [line for line in lines if line not in {"IAM-only", "IAM + enterprise", "Elastic Cloud Server"}] == [
        "ecs:cloudServers:attach",
        "Selected",
        "ecs:servers:get",
        f"Needed by {stop}",
        "ecs:servers:list",
        "Needed by 2 operations",
        start,
        stop,
        "ecs:servers:start",
        "Selected",
        "ecs:servers:stop",
        "Selected",
        "Left out on purpose",
        "evs:volumes:use",
        "Needed by Attaching a disk to an ECS",
    ]


def test_folded_parts_are_on_paper(builder):
    builder.open(selection(ATTACH))
    for title in ("JSON", "Also allowed", "Actions granted, and why"):
        builder.page.get_by_role("heading", name=title, exact=True).click()
    expect(builder.json).to_be_hidden()

    builder.page.emulate_media(media="print")

    expect(builder.json).to_be_visible()
    expect(builder.granted.first).to_be_visible()
    expect(builder.page.locator("#also")).to_be_visible()


def test_tree_buttons_and_links_are_not_on_paper(builder):
    builder.open(selection(ATTACH, START))
    builder.tick(CREATE)
    builder.page.emulate_media(media="print")

    for part in ("#tree", "#find", "#alarm", ".rail", ".bar", ".skip", "#take", "#part-cascade", ".add-line"):
        expect(builder.page.locator(part).first).to_be_hidden()
    expect(builder.page.locator("button:visible")).to_have_count(0)
    expect(builder.page.locator("a.button:visible")).to_have_count(0)


def test_json_is_whole_on_paper(builder):
    """On the screen it scrolls; what scrolls is cut off on paper."""
    builder.open(selection(*(operation.id for operation in CATALOG.categories[DISKS].operations)))
    cut = "each => each.scrollHeight - each.clientHeight > 1 || each.scrollWidth - each.clientWidth > 1"
    assert builder.page.locator("#json-part pre").evaluate(cut)

    builder.page.emulate_media(media="print")

    assert not builder.page.locator("#json-part pre").evaluate(cut)
    assert not builder.page.locator("#policy").evaluate(cut)


def test_paper_is_white_with_black_text_in_the_dark_too(new_context):
    page = new_context(color_scheme="dark").new_page()
    page.goto(address_of(selection(ATTACH)))
    page.emulate_media(media="print", color_scheme="dark")
    colours = """element => {
        const style = getComputedStyle(element);
        return [style.color, getComputedStyle(document.body).backgroundColor];
    }"""

    assert page.locator("#granted .grant code").first.evaluate(colours) == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]
    # What stands out in colour on the screen must still be dark on white paper.
    pale = page.evaluate(
        """() => [...document.querySelectorAll("#policy *")].filter(each => {
            const [r, g, b] = getComputedStyle(each).color.match(/[\\d.]+/g).map(Number);
            return each.checkVisibility() && each.childElementCount === 0 && each.textContent.trim()
                && 0.2126 * r + 0.7152 * g + 0.0722 * b > 130;
        }).map(each => each.textContent.trim())"""
    )
    assert pale == []


def test_split_prints_both_policies(builder):
    page = builder.page
    page.goto(address_of(selection(ATTACH, START), page="split"))
    page.emulate_media(media="print")

    for code in page.locator("pre code").all():
        expect(code).to_be_visible()
    expect(page.locator("button:visible")).to_have_count(0)
