"""Without a mouse: by Tab, Space, Enter and Escape alone, or faster by the keys of the builder; and the focus always
somewhere that can be seen."""

import re

from playwright.sync_api import expect

from policybuilder.web.element_ids import element_id
from tests.browser.looks import PHONE, WIDE, faults
from tests.browser.screen import (
    ATTACH,
    BATCH,
    CATALOG,
    CREATE,
    DELETE,
    DETACH,
    DISKS,
    EIP_EXISTING,
    EIP_NEW,
    LIFECYCLE,
    LOCK,
    START,
    START_BATCH,
    STATUS,
    STOP_BATCH,
    Builder,
    expect_outcome,
    json_of,
    selection,
)
from tests.browser.test_taking import opened, pasted

RESTART_BATCH = f"{BATCH}/restarting-ecss-in-a-batch"

MANY = 400  # tab stops; more than any way on this page has

# The name of what has the focus, as far as it has one: the label of a box, the text of a button, link or summary.
FOCUSED = """() => {
    const at = document.activeElement;
    const name = at.getAttribute("aria-label") || (at.labels?.[0] || at).textContent;
    return name.replace(/\\s+/g, " ").trim();
}"""


def tab_to(page, name: str, *, key: str = "Tab") -> None:
    """Press Tab until something is reached whose name begins so."""
    for _ in range(MANY):
        page.keyboard.press(key)
        if page.evaluate(FOCUSED).startswith(name):
            return
    raise AssertionError(f"{name!r} cannot be reached with {key}")


def test_from_the_empty_page_to_the_copied_json(new_context):
    builder = opened(new_context(permissions=["clipboard-write"]), selection())
    page, keyboard = builder.page, builder.page.keyboard

    tab_to(page, "Creating ECSs (pay-per-use)")
    keyboard.press("Space")
    builder.expect_selection(selection(CREATE))

    tab_to(page, "assigning a new EIP")
    keyboard.press("Space")
    builder.expect_selection(selection(CREATE, options_off=[(CREATE, EIP_NEW)]))

    tab_to(page, "Disk Management")
    keyboard.press("Enter")
    tab_to(page, "Attaching a disk to an ECS")
    keyboard.press("Space")
    wanted = selection(CREATE, ATTACH, options_off=[(CREATE, EIP_NEW)])
    builder.expect_selection(wanted)

    tab_to(page, "Copy JSON")
    keyboard.press("Enter")

    expect_outcome(page, "copied")
    assert pasted(page) == json_of(wanted)


def test_from_the_empty_page_to_a_copied_policy_of_three_operations_in_few_presses(new_context, capsys):
    """Without waiting for an answer: what is pressed before the list is there goes through what was found."""
    builder = opened(new_context(permissions=["clipboard-write"]), selection())
    wanted = selection(START_BATCH, STOP_BATCH, RESTART_BATCH)
    presses = ["/", *"ecs batch", *["ArrowDown", " "] * 3, "c"]

    for key in presses:
        builder.page.keyboard.press(key)

    expect_outcome(builder.page, "copied")
    builder.expect_selection(wanted)
    expect(builder.box(START_BATCH)).to_be_focused()
    assert pasted(builder.page) == json_of(wanted)
    assert len(presses) < 25
    with capsys.disabled():
        print(f"\nThree operations from the empty page to the copied policy: {len(presses)} key presses")


def test_skip_links_and_arrows_go_through_search_list_and_policy(builder):
    page = builder.page
    first = f"fold-{element_id(LIFECYCLE)}"
    for name, reached in {"policy": "policy", "search": "q", "operations": first}.items():
        page.evaluate("document.activeElement.blur()")
        link = page.get_by_role("link", name=f"Skip to the {name}")
        link.focus()
        expect(link).to_be_in_viewport()
        page.keyboard.press("Enter")
        expect(page.locator(f"#{reached}")).to_be_focused()

    for keys, reached in [
        ("ArrowUp", "q"),
        ("ArrowDown ArrowDown", f"o-{element_id(CREATE)}"),
        ("Tab ArrowDown", f"o-{element_id(DELETE)}"),
        ("Space ArrowLeft", first),
        ("ArrowLeft ArrowDown", f"fold-{element_id(STATUS)}"),  # the first is folded now
        ("ArrowRight End", "fold-ecs--tag-management"),
        ("Home ArrowDown ArrowDown", f"o-{element_id(CATALOG.categories[STATUS].operations[0].id)}"),
    ]:
        for key in keys.split():
            page.keyboard.press(key)
        expect(page.locator(f"#{reached}")).to_be_focused()
    builder.expect_selection(selection(DELETE))

    # The only step is undone: its button is off, and would keep no focus.
    page.locator("#undo").focus()
    page.keyboard.press("Enter")
    builder.expect_nothing_granted()
    expect(page.locator("#redo")).to_be_focused()


def test_dialog_lists_the_keys_and_switches_single_ones_off(calm_page):
    search, keyboard = Builder(calm_page).open().search, calm_page.keyboard
    dialog, button = calm_page.get_by_role("dialog", name="Keys"), calm_page.get_by_role("button", name="Keys")
    switch = dialog.get_by_label("Use the single keys")
    button.focus()
    keyboard.press("?")
    expect(dialog).to_be_visible()
    keyboard.press("/")
    keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(button).to_be_focused()

    button.click()
    switch.uncheck()
    dialog.get_by_role("button", name="Close").click()
    calm_page.reload()
    keyboard.press("?")
    keyboard.press("/")
    expect(dialog).to_be_hidden()
    expect(search).not_to_be_focused()

    button.click()
    expect(switch).not_to_be_checked()
    assert faults(calm_page, widths=(WIDE, PHONE, 320)) == {}


def test_every_tab_stop_shows_that_it_has_the_focus(builder):
    """Over the whole page with an alarm and something granted, once round."""
    builder.tick(ATTACH, START)
    builder.expect_selection(selection(ATTACH, START))
    builder.page.evaluate("document.activeElement.blur()")
    unseen = []
    for _ in range(MANY):
        builder.page.keyboard.press("Tab")
        stop = builder.page.evaluate(
            """() => {
                const at = document.activeElement, style = getComputedStyle(at), box = at.getBoundingClientRect();
                const seen = box.width > 0 && box.height > 0 && box.right > 0 && box.bottom > 0
                    && box.left < innerWidth && box.top < innerHeight;
                const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1;
                return {body: at === document.body, ok: seen && ring, what: at.id || at.outerHTML.slice(0, 120)};
            }"""
        )
        if stop["body"]:
            break
        if not stop["ok"]:
            unseen.append(stop["what"])
    else:
        raise AssertionError("the end of the page cannot be reached with Tab")
    assert unseen == []


def test_focus_is_not_hidden_behind_what_sticks_to_the_edges(builder):
    """Search stays at the top, the alarm at the bottom: a focused box must not lie behind either."""
    page = builder.page
    builder.tick(LOCK)
    expect(builder.iam_only_alarm).to_be_visible()
    builder.box(LOCK).focus()
    hidden = []
    for key in ["Shift+Tab"] * 40 + ["Tab"] * 60:
        page.keyboard.press(key)
        covered = page.evaluate(
            """() => {
                const at = document.activeElement, box = at.getBoundingClientRect();
                const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
                const found = top && (at.contains(top) || top.contains(at));
                return found ? null : (at.id || at.outerHTML.slice(0, 120)) + " behind " + (top?.className || top);
            }"""
        )
        if covered:
            hidden.append(covered)
    assert hidden == []


def focused_after(builder, name: str, wanted) -> str:
    """The id of what has the focus after the button `name` is pressed and the page shows `wanted`."""
    button = builder.page.get_by_role("button", name=name)
    button.focus()
    builder.page.keyboard.press("Enter")
    builder.expect_selection(wanted)
    return builder.page.evaluate("document.activeElement === document.body ? null : document.activeElement.id")


def test_focus_stays_with_an_action_that_is_left_out_and_put_back(builder):
    builder.open(selection(ATTACH))
    without = selection(ATTACH, without=["evs:volumes:use"])

    assert focused_after(builder, "Leave out evs:volumes:use", without) == "act-evs__volumes__use"
    expect(builder.page.get_by_role("button", name="Put back evs:volumes:use")).to_be_focused()

    builder.page.keyboard.press("Enter")
    builder.expect_selection(selection(ATTACH))
    expect(builder.page.get_by_role("button", name="Leave out evs:volumes:use")).to_be_focused()


def test_focus_is_not_lost_when_the_alarm_goes(builder):
    """Its button goes with it. The focus goes to where the answer is, not to the start of the page."""
    lost = {}
    for culprit, name, after in [
        (START, "Undo this change", selection()),
        (START, "Swap for “Starting ECSs in a batch”", selection(START_BATCH)),
        (LOCK, "Untick Locking an ECS (native OpenStack API)", selection(START_BATCH)),
        (LOCK, "Keep it", selection(START_BATCH, LOCK)),
    ]:
        builder.tick(culprit)
        expect(builder.iam_only_alarm).to_be_visible()
        builder.alarm.get_by_role("button", name=name).focus()
        builder.page.keyboard.press("Enter")
        expect(builder.alarm).to_have_text("")
        if after == selection():
            builder.expect_nothing_granted()
        else:
            builder.expect_selection(after)
        lost[name] = builder.page.evaluate("document.activeElement === document.body")

    assert not any(lost.values()), lost


def test_focus_is_not_lost_when_something_is_completed_removed_or_undone(builder):
    builder.open(selection(ATTACH, without=["evs:volumes:use"], actions=["ecs:cloudServers:list"]))
    builder.unfold(DISKS)
    complete = selection(ATTACH, actions=["ecs:cloudServers:list"])

    lost = {
        "Add it": focused_after(builder, "Add it", complete),
        "Remove": focused_after(builder, "Remove ecs:cloudServers:list", selection(ATTACH)),
        "Undo": focused_after(builder, "Undo", complete),
    }

    assert {name: id_ for name, id_ in lost.items() if id_ is None} == {}


def test_focus_stays_on_a_filter_and_is_not_lost_when_everything_is_shown_again(builder):
    builder.open(selection(ATTACH), q="no such thing")
    box = builder.page.get_by_label("Reading only")
    box.focus()
    builder.page.keyboard.press("Space")
    expect(builder.page).to_have_url(re.compile("reading=1"))
    expect(box).to_be_focused()

    builder.page.get_by_role("button", name="Show everything").focus()
    builder.page.keyboard.press("Enter")
    expect(builder.titles).to_have_count(91)

    assert builder.page.evaluate("document.activeElement !== document.body")


def test_focus_stays_on_an_option_and_on_a_category(builder):
    builder.tick(CREATE)
    builder.expect_selection(selection(CREATE))
    builder.option(CREATE, EIP_EXISTING).focus()
    builder.page.keyboard.press("Space")
    builder.expect_selection(selection(CREATE, options_off=[(CREATE, EIP_EXISTING)]))
    expect(builder.option(CREATE, EIP_EXISTING)).to_be_focused()

    builder.parent(DISKS).focus()
    builder.page.keyboard.press("Space")
    expect(builder.parent(DISKS)).to_be_checked()
    expect(builder.count(DISKS)).to_have_text(re.compile("^13 of 13"))
    expect(builder.parent(DISKS)).to_be_focused()

    button = builder.branch(LIFECYCLE).get_by_role("button", name="Read 2")
    button.focus()
    builder.page.keyboard.press("Enter")
    expect(builder.count(LIFECYCLE)).to_have_text(re.compile("^3 of 11"))
    expect(button).to_be_focused()


def test_details_open_and_close_by_keyboard(builder):
    builder.unfold(DISKS)
    link = builder.row(DETACH).get_by_role("link", name="Details of Detaching a disk from an ECS")
    link.focus()
    builder.page.keyboard.press("Enter")
    expect(builder.row(DETACH).locator(".facts")).to_be_visible()
    expect(link).to_be_focused()

    builder.page.keyboard.press("Enter")

    expect(builder.row(DETACH).locator(".facts")).to_be_hidden()
    expect(link).to_be_focused()
