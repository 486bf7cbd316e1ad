"""How a page looks in the state that a test has brought it to: what axe finds, wide and light, then narrow and
dark; whether anything stands beyond the edge; whether an id stands twice. A state is built once.
"""

from collections.abc import Iterable

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

WIDE, PHONE = 1440, 390
# 320 px is what WCAG asks of a page at 400 %.
WIDTHS = (WIDE, 1024, 700, PHONE, 320)

# How far the content reaches beyond the window, and which element does.
OVERFLOW = """() => {
    const beyond = document.documentElement.scrollWidth - document.documentElement.clientWidth;
    const first = beyond <= 0 ? null : [...document.body.querySelectorAll("*")]
        .findLast(each => each.getBoundingClientRect().right > document.documentElement.clientWidth + 0.5);
    return beyond <= 0 ? null : [beyond, first?.id || first?.className || first?.tagName];
}"""

# axe reckons colours for each text anew, which is most of its work. Texts that look the same and lie in elements that
# look the same, all the way up, have the same contrast: the first and the last of them will do.
SOME_TEXTS = """() => {
    const looks = new Map([[null, ""]]);
    const look = element => {
        if (!looks.has(element)) {
            const style = getComputedStyle(element);
            const own = [style.color, style.backgroundColor, style.backgroundImage, style.opacity, style.filter,
                style.fill, style.fontSize, style.fontWeight, style.textShadow, style.position];
            looks.set(element, `${own} < ${look(element.parentElement)}`);
        }
        return looks.get(element);
    };
    const holdsText = element => element.matches("input, select, textarea")
        || [...element.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim());
    const first = new Map(), last = new Map();
    for (const element of document.body.querySelectorAll("*")) {
        if (!holdsText(element) || !element.checkVisibility()) continue;
        if (!first.has(look(element))) first.set(look(element), element);
        last.set(look(element), element);
    }
    for (const element of document.querySelectorAll("[data-look]")) element.removeAttribute("data-look");
    for (const element of [...first.values(), ...last.values()]) element.setAttribute("data-look", "");
    axe.configure({rules: [{id: "color-contrast", selector: "[data-look]"}]});
}"""

# Whatever axe looks for unless it is told to look for something else, and targets of 24 px (WCAG 2.5.8).
RULES = """() => axe.run({resultTypes: ["violations"], rules: {"target-size": {enabled: true}}})"""

# Colours, and targets, which stand elsewhere where it is narrow.
TARGETS_AND_CONTRAST = """() => axe.run({
    resultTypes: ["violations"], runOnly: ["target-size", "color-contrast"], rules: {"target-size": {enabled: true}},
})"""


# What is folded shows nothing, and axe would take most of its time for it. Where it is unfolded is a state of its own.
DROP_FOLDED = """() => {
    for (const hidden of document.querySelectorAll("details:not([open]) > :not(summary)")) hidden.remove();
}"""


def _axe(page: Page, script: str) -> list[str]:
    """One line per element that something is wrong with."""
    page.evaluate(SOME_TEXTS)
    found = page.evaluate(script)["violations"]
    return [f"{rule['id']}: {' '.join(map(str, node['target']))}" for rule in found for node in rule["nodes"]]


def faults(page: Page, *, widths: Iterable[int] = WIDTHS) -> dict[str, object]:
    """Whatever is wrong with the looks of the page: nothing should be.

    The browser must have been asked for no motion, as that of `calm_page` is: with it, a colour could be measured
    halfway between two.
    """
    ids = page.locator("[id]").evaluate_all("all => all.map(each => each.id)")
    found: dict[str, object] = {"ids": sorted({id_ for id_ in ids if ids.count(id_) > 1})}
    page.evaluate(DROP_FOLDED)
    # It is evaluated by the browser's debugger, which no CSP stops.
    page.evaluate(AXE_SCRIPT)
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        found[f"beyond the edge at {width}"] = page.evaluate(OVERFLOW)
        if width == WIDE:
            found["axe, wide and light"] = _axe(page, RULES)
        elif width == PHONE:
            page.emulate_media(color_scheme="dark")
            found["axe, narrow and dark"] = _axe(page, TARGETS_AND_CONTRAST)
            page.emulate_media(color_scheme="light")
    return {what: wrong for what, wrong in found.items() if wrong}


def unfold_all(page: Page) -> None:
    """Open whatever is folded, at once: that a click opens it is a matter of other tests."""
    page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
