"""The policy beside the tree: its folds, what the last change touched of the JSON, what Copy leaves in its place."""

from playwright.sync_api import expect

from tests.browser.screen import CATALOG, DETACH, LOCK, Builder, expect_outcome, selection

SEEN = """marks => marks.map(mark => {
    const [line, json] = [mark, mark.closest("pre")].map(each => each.getBoundingClientRect());
    return line.top >= json.top && line.bottom <= json.bottom;
})"""


def copy_and_look(page):
    """Nothing above moves for what is said of it and shown below."""
    name = page.get_by_label("Name", exact=True)
    was = name.bounding_box()
    expect(page.locator("#what-now")).to_be_hidden()
    page.get_by_role("button", name="Copy JSON").click()
    expect_outcome(page, "copied")
    assert name.bounding_box() == was
    expect(page.locator("#what-now")).to_be_visible()


def test_policy_side_remembers_its_folds_shows_what_changed_and_stays_where_it_is(new_context):
    """One browser from visit to visit: a page that is opened anew is another visit."""
    context = new_context(permissions=["clipboard-write"])
    builder = Builder(context.new_page()).open(selection(*(id_ for id_ in CATALOG.operations if id_ != LOCK)))
    page = builder.page
    chosen, also = page.locator("#group-chosen"), page.locator("#part-also")
    expect(chosen).not_to_have_attribute("open", "")  # more than 30
    chosen.locator("summary").first.click()
    also.locator("summary").first.click()

    top = page.locator("#policy").evaluate("policy => policy.scrollTop")
    builder.tick(LOCK)
    marks = page.locator("#touched b")
    expect(marks).to_have_count(1)
    assert page.locator("#policy").evaluate("policy => policy.scrollTop") == top
    assert marks.evaluate_all(SEEN) == [True]
    assert page.locator(".json pre").evaluate("json => json.scrollTop") > 0

    copy_and_look(page)

    other = Builder(context.new_page()).open(selection(DETACH))
    expect(other.page.locator("#part-also")).not_to_have_attribute("open", "")
    other.page.locator("#group-chosen summary").first.click()
    other.tick(LOCK)  # most of the list is new, so that it comes whole
    expect(other.page.locator("#touched b")).to_have_count(3)
    expect(other.page.locator("#group-chosen")).not_to_have_attribute("open", "")

    other.page.locator("#group-chosen summary").first.click()
    other.page.get_by_label("Only what can change something").check()
    expect(other.granted.filter(has_text="ecs:servers:get")).to_be_hidden()
    expect(other.granted.filter(has_text="ecs:servers:lock")).to_be_visible()
