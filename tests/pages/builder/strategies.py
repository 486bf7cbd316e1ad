"""Drafts of the catalogue that the project ships, and things that somebody does on its page."""

import base64
import hashlib
import zlib

from hypothesis import HealthCheck, Phase
from hypothesis import strategies as st

from policybuilder.domain.building.blocks import Block
from policybuilder.domain.building.selection import Dependencies, Selection
from policybuilder.domain.catalog.scope import Goal
from policybuilder.domain.policy.document import Condition, Effect
from policybuilder.drafts.draft import Draft, clean_name, with_editable
from policybuilder.drafts.link import COMMON
from tests.laws import tried
from tests.pages.tab import CATALOG, Tab

WILDCARDS = ["ecs:*:get*", "ecs:servers:*", "evs:volumes:*", "*:*:list"]

# No page stores anything, so all examples can share a visitor. Making an example smaller would
# take longer than reading it: each draws few things.
law_of_pages = tried(
    15,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@st.composite
def selections(draw: st.DrawFn, most: int = 12) -> Selection:
    ids = draw(st.sets(st.sampled_from(list(CATALOG.operations)), max_size=most))
    rows = [CATALOG.operations[id_] for id_ in sorted(ids)]
    pairs = [(row.id, option.slug) for row in rows for option in row.options]
    needs = sorted({name for row in rows for name in row.all_dependencies()})
    return Selection(
        operations=frozenset(ids),
        options_off=draw(st.frozensets(st.sampled_from(pairs))) if pairs else frozenset(),
        actions=draw(st.frozensets(st.sampled_from([*CATALOG.action_index.actions, *WILDCARDS]), max_size=3)),
        without=draw(st.frozensets(st.sampled_from(needs), max_size=3)) if needs else frozenset(),
        dependencies=draw(st.sampled_from(Dependencies)),
    )


def names() -> st.SearchStrategy[str]:
    """Names as the form lets them through."""
    return st.text(max_size=30).map(clean_name)


def drafts() -> st.SearchStrategy[Draft]:
    return st.builds(Draft.of, selections(), names())


def several_drafts() -> st.SearchStrategy[Draft]:
    """Drafts of several statements, some of them kept as they are."""
    kept = Block(kept='{"Effect":"Deny","NotAction":["ecs:*:*"]}')
    condition = Condition("StringMatch", "g:UserName", ("ops-*",))
    blocks = st.builds(
        Block,
        selections(4),
        st.sampled_from(Effect),
        names(),
        st.sampled_from([(), (condition,)]),
        st.sampled_from([(), ("obs:*:*:bucket:a",)]),
    )
    listed = st.lists(blocks | st.just(kept), min_size=1, max_size=8).map(with_editable)
    return st.builds(Draft, listed, names(), st.sampled_from(["", '{"Depends":[]}']), st.sampled_from(Goal))


def packed(*entries: tuple[str, ...]) -> str:
    """A link that holds these entries, whatever they are."""
    text = "\n".join("\t".join(map(_escaped, entry)) for entry in entries).encode()
    packer = zlib.compressobj(9, zlib.DEFLATED, -15, 8, zlib.Z_DEFAULT_STRATEGY, COMMON)
    digest = hashlib.blake2b(text, digest_size=6).digest()
    return "2" + base64.urlsafe_b64encode(digest + packer.compress(text) + packer.flush()).decode().rstrip("=")


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t")


def pack(text: str) -> str:
    """A link of the first format that holds `text`, whatever that is."""
    return "1" + base64.urlsafe_b64encode(zlib.compress(text.encode(), 9)).decode().rstrip("=")


def act(tab: Tab, data: st.DataObject) -> str | None:
    """Somebody does one thing. The button that was pressed; None when the change itself sends the form."""
    kinds = [
        "tick",
        "option",
        "press",
        "press",
        "undo",
        "switch",
        "name",
        "search",
        "filter",
        "goal",
        "beside",
        "api",
        "action",
        "condition",
    ]
    kind = data.draw(st.sampled_from(kinds))
    if kind == "press":
        return _press(tab, data)
    if kind == "undo":
        return "undo" if "undo" in tab.commands() else None
    if kind == "action":
        tab.type("action", data.draw(st.sampled_from(["ecs:servers:start", "ecs:servers:*", "ecs:servers:fly", "no"])))
        return "add"
    _CHANGES[kind](tab, data)
    return None


def _tick(tab: Tab, data: st.DataObject) -> None:
    if boxes := tab.boxes("o"):
        tab.tick(*data.draw(st.lists(st.sampled_from(boxes), min_size=1, max_size=3, unique=True)))


def _tick_beside(tab: Tab, data: st.DataObject) -> None:
    """What does the same job in enterprise projects, in the row of another operation."""
    if boxes := tab.page.select(".beside input"):
        tab.turn(data.draw(st.sampled_from(boxes)))


def _tick_option(tab: Tab, data: st.DataObject) -> None:
    if boxes := tab.boxes("p"):
        tab.option(data.draw(st.sampled_from(boxes)))


def _type_name(tab: Tab, data: st.DataObject) -> None:
    tab.type("name", data.draw(st.sampled_from(["", "team-a", "two words", "x" * 70, "<b>&amp;\"'"])))


def _type_condition(tab: Tab, data: st.DataObject) -> None:
    """A whole one: of a part, the address would know nothing."""
    tab.choose("condition-about", data.draw(st.sampled_from(["g:UserName", "g:UserId"])))
    tab.type("condition-values", data.draw(st.sampled_from(["anna", "anna\nbob"])))
    operator = tab.find("condition-operator").select_one("option[selected]")
    if operator is None:  # those of the key are listed with the answer
        tab.send()
        tab.choose("condition-operator", "StringEquals")


def _search(tab: Tab, data: st.DataObject) -> None:
    tab.type("q", data.draw(st.sampled_from(["", "disk", "ecs:servers", "POST /v2.1", "no such thing", "<b>"])))


_CHANGES = {
    "tick": _tick,
    "option": _tick_option,
    "beside": _tick_beside,
    "goal": lambda tab, data: tab.aim(data.draw(st.sampled_from(Goal))),
    "switch": lambda tab, data: tab.turn(tab.find("dependencies")),
    "name": _type_name,
    "search": _search,
    "filter": lambda tab, data: tab.filter(data.draw(st.sampled_from(["reading", "enterprise", "selected"]))),
    "condition": _type_condition,
    "api": lambda tab, data: tab.choose("api", data.draw(st.sampled_from(["", "own", "native"]))),
}


def _press(tab: Tab, data: st.DataObject) -> str:
    """A button: first which kind, as there are dozens of some kinds and one of others."""
    kinds: dict[str, list[str]] = {}
    for command in tab.commands():
        kinds.setdefault(command.partition(":")[0], []).append(command)
    return data.draw(st.sampled_from(kinds[data.draw(st.sampled_from(sorted(kinds)))]))
