"""The page at different widths, zoomed, and with less motion."""

import json

from playwright.sync_api import expect

from policybuilder.domain.building.blocks import Block
from policybuilder.domain.policy.document import Condition, Effect
from policybuilder.drafts.addresses import View, address
from policybuilder.drafts.draft import Draft
from policybuilder.web import wording
from tests.browser.looks import OVERFLOW, WIDTHS, unfold_all
from tests.browser.screen import ATTACH, CATALOG, CREATE, START, Builder, selection

LONGEST = max(CATALOG.operations, key=len)


def at(new_context, width: int, height: int = 900, **options) -> Builder:
    return Builder(new_context(viewport={"width": width, "height": height}, **options).new_page())


def test_nothing_is_wider_than_the_window(page):
    builder = Builder(page)
    beyond = {}

    def look(name: str) -> None:
        # 1440 px at 200 % zoom are 720 px for the page.
        for width in (*WIDTHS, 1100, 720):
            page.set_viewport_size({"width": width, "height": 900})
            beyond[name, width] = page.evaluate(OVERFLOW)

    builder.open(selection(*CATALOG.operations, without=["evs:volumes:use"]), name="n" * 90)
    unfold_all(page)
    expect(builder.titles).to_have_count(91)
    look("everything")

    limited = Block(
        selection(ATTACH, actions=["new:" + "x" * 60 + ":" + "y" * 60]),
        Effect.DENY,
        "n" * 90,
        (Condition("ForAllValues:StringNotEqualsIgnoreCaseIfExists", "g:UserName", ("v" * 200,)),),
        ("obs:*:*:bucket:" + "r" * 200,),
    )
    kept = Block(kept=json.dumps({"Effect": "Deny", "NotAction": ["k" * 200]}))
    several = address(
        Draft((Block(selection(CREATE)), limited, kept), "", json.dumps({"x" * 100: "y" * 100})), View(at=1)
    )
    page.goto(several)
    unfold_all(page)
    builder.limit()
    look("several statements")

    # Others are looked at by the tests of their looks.
    for name, path in {"shorten": f"/shorten{several}", "operation": f"/operations/{LONGEST}/"}.items():
        page.goto(path)
        look(name)

    assert {where: found for where, found in beyond.items() if found} == {}


def test_tree_and_policy_are_in_view_together_on_a_wide_screen(page):
    builder = Builder(page).open(selection(*CATALOG.operations))
    for width in (1100, 1440, 1920):
        page.set_viewport_size({"width": width, "height": 900})
        for position in (0, 3000, 10_000):
            page.evaluate("top => scrollTo(0, top)", position)

            expect(builder.verdict).to_be_in_viewport()
            expect(page.get_by_role("button", name="Copy JSON")).to_be_in_viewport()
            expect(builder.search).to_be_in_viewport()
            expect(page.locator("#tree")).to_be_in_viewport(ratio=0.01)
            expect(page.get_by_role("navigation", name="Categories")).to_be_in_viewport()
        tree, policy = page.locator(".tree-side").bounding_box(), page.locator("#policy").bounding_box()
        assert tree["x"] + tree["width"] <= policy["x"]
        assert tree["width"] >= 400
        expect(page.locator(".bar")).to_be_hidden()


def test_verdict_is_in_view_and_leads_to_the_policy_on_a_narrow_screen(new_context):
    builder = at(new_context, 1099, 844).open(selection(ATTACH, START))
    page = builder.page
    bar = page.locator("#bar-verdict")
    for width in (1099, 720, 390):
        page.set_viewport_size({"width": width, "height": 844})
        expect(bar).to_be_visible()
        expect(bar).to_be_in_viewport(ratio=1)
        expect(bar).to_have_text(f"IAM-only4 actions: {wording.chosen_in_words(2, 2)}")
        expect(builder.verdict).not_to_be_in_viewport()

        page.locator(".bar").get_by_role("link", name="Policy").click()

        expect(builder.verdict).to_be_in_viewport(ratio=1)
        expect(bar).to_be_visible()
        expect(bar).to_be_in_viewport(ratio=1)

        page.locator(".bar").get_by_role("link", name="Operations").click()

        expect(builder.search).to_be_in_viewport()
        expect(builder.verdict).not_to_be_in_viewport()
        expect(page.locator(".bar").get_by_role("link", name="Policy")).to_be_visible()


def test_bar_follows_the_ticks_on_a_phone(new_context):
    builder = at(new_context, 390, 844, has_touch=True, is_mobile=True).open()
    bar = builder.page.locator("#bar-verdict")
    expect(bar).to_have_text(f"{wording.NOTHING_GRANTED}No actions yet")

    builder.box(CREATE).tap()

    expect(bar).to_have_text(f"{wording.IN_BOTH}3 actions: {wording.chosen_in_words(1, 2)}")
    expect(bar).to_be_visible()
    expect(bar).to_be_in_viewport(ratio=1)


def test_ticking_does_not_move_a_phone_to_the_policy_or_back(new_context):
    builder = at(new_context, 390, 844).open()
    builder.page.locator(".bar").get_by_role("link", name="Policy").click()
    builder.page.locator(".bar").get_by_role("link", name="Operations").click()
    builder.tick(ATTACH)
    builder.expect_selection(selection(ATTACH))

    expect(builder.box(ATTACH)).to_be_in_viewport()


def test_rail_is_folded_on_a_phone_and_open_on_a_wide_screen(new_context):
    narrow, wide = at(new_context, 390).open(), at(new_context, 1440).open()

    expect(narrow.page.locator("#rail")).not_to_have_attribute("open", "")
    expect(wide.page.locator("#rail")).to_have_attribute("open", "")
    narrow.page.get_by_role("navigation", name="Categories").get_by_text("Categories").click()
    narrow.page.get_by_role("link", name="Tag Management").click()
    expect(narrow.branch("ecs/tag-management").locator("summary")).to_be_in_viewport()


def test_reduced_motion_moves_nothing(new_context):
    moving = """() => [...document.querySelectorAll("*")].filter(each => {
        const style = getComputedStyle(each);
        return (parseFloat(style.transitionDuration) > 0 && style.transitionProperty !== "none")
            || style.animationName !== "none" || style.scrollBehavior === "smooth";
    }).length"""
    with_motion = at(new_context, 1440, reduced_motion="no-preference").open(selection(START))
    without = at(new_context, 1440, reduced_motion="reduce").open(selection(START))

    assert with_motion.page.evaluate(moving) > 0  # else this test sees nothing
    assert without.page.evaluate(moving) == 0


def test_dark_is_dark_and_light_is_light(new_context):
    brightness = """() => {
        const [r, g, b] = getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number);
        return (r + g + b) / 3;
    }"""
    dark = at(new_context, 1440, color_scheme="dark").open()
    light = at(new_context, 1440, color_scheme="light").open()

    assert dark.page.evaluate(brightness) < 60
    assert light.page.evaluate(brightness) > 200

    # Full and hollow marks stay apart where the system chooses all colours.
    fill = "mark => getComputedStyle(mark, '::before').backgroundColor"
    light.page.emulate_media(forced_colors="active")
    full, hollow = (light.page.locator(f".scope-{support}").first.evaluate(fill) for support in ("yes", "no"))
    assert (full, hollow) == ("rgb(0, 0, 0)", "rgba(0, 0, 0, 0)")
