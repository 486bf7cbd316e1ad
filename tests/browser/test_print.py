"""On paper: the policy and why each action is there, and nothing that can only be clicked."""

from playwright.sync_api import expect

from tests.browser.screen import ATTACH, DISKS, START, STOP, address_of, json_of, selection, title_of


def test_policy_and_every_reason_are_on_paper_even_what_was_folded(builder):
    wanted = selection(ATTACH, START, STOP, without=["evs:volumes:use"])
    builder.open(wanted, name="disk-team")
    for title in ("JSON", "Also allowed", "Actions granted, and why"):
        builder.page.get_by_role("heading", name=title, exact=True).click()
    expect(builder.json).to_be_hidden()

    builder.page.emulate_media(media="print")

    builder.expect_json(json_of(wanted))
    name, also = builder.page.get_by_label("Name"), builder.page.locator("#also")
    for part in (builder.json, builder.verdict, builder.totals, name, builder.granted.first, also):
        expect(part).to_be_visible()
    lines = [line.strip() for line in builder.page.locator("#granted").inner_text().splitlines() if line.strip()]
    assert [line for line in lines if line not in {"IAM-only", "IAM + enterprise", "Elastic Cloud Server"}] == [
        *("Chosen", "3", "ecs:cloudServers:attach", "ecs:servers:start", "ecs:servers:stop"),
        *("Added as dependencies", "2", "ecs:servers:get", f"Needed by {title_of(STOP)}"),
        *("ecs:servers:list", "Needed by 2 operations"),
        *(title_of(START), title_of(STOP)),
        *("Left out", "1", "evs:volumes:use", f"Needed by {title_of(ATTACH)}"),
    ]


def test_whole_json_is_on_paper_and_nothing_that_can_only_be_clicked(builder):
    """On the screen the JSON scrolls; what scrolls is cut off on paper."""
    builder.unfold(DISKS)
    builder.parent(DISKS).check()
    expect(builder.iam_only_alarm).to_be_visible()
    cut = "each => each.scrollHeight - each.clientHeight > 1 || each.scrollWidth - each.clientWidth > 1"
    json_part = builder.page.locator("#json-part pre")
    assert json_part.evaluate(cut)

    builder.page.emulate_media(media="print")

    assert not json_part.evaluate(cut)
    assert not builder.page.locator("#policy").evaluate(cut)
    for part in ("#tree", "#find", "#alarm", ".rail", ".bar", ".skip", "#take", "#part-cascade", ".add-line"):
        expect(builder.page.locator(part).first).to_be_hidden()
    expect(builder.page.locator("button:visible, a.button:visible")).to_have_count(0)


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


def test_split_prints_both_policies(page):
    page.goto(address_of(selection(ATTACH, START), page="split"))
    page.emulate_media(media="print")

    for code in page.locator("pre code").all():
        expect(code).to_be_visible()
    expect(page.locator("button:visible")).to_have_count(0)
