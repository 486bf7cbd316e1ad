"""Addresses of the builder: a draft, and what of the tree is shown."""

from dataclasses import dataclass, field, replace

from django.urls import reverse
from django.utils.http import urlencode

from policybuilder.domain.searching.search import Filter

from .draft import Draft
from .link import encode


@dataclass(frozen=True, slots=True)
class View:
    """What of a draft is shown, as part of the address.

    `at` is the block that the tree edits, `condition` the one of its conditions that is being edited, both counted from
    0; then search, filters and the categories that were opened by name.
    """

    query: str = ""
    wanted: Filter = field(default_factory=Filter)
    opened: frozenset[str] = frozenset()
    at: int = 0
    condition: int | None = None

    def parameters(self) -> list[tuple[str, str]]:
        wanted = self.wanted
        pairs = [("q", self.query)] if self.query else []
        pairs += [("reading", "1")] if wanted.reading else []
        pairs += [("enterprise", "1")] if wanted.enterprise else []
        pairs += [("api", "native" if wanted.native else "own")] if wanted.native is not None else []
        pairs += [("selected", "1")] if wanted.selected else []
        pairs += [("statement", str(self.at + 1))] if self.at else []
        pairs += [("condition", str(self.condition + 1))] if self.condition is not None else []
        return pairs + [("open", id_) for id_ in sorted(self.opened)]

    def encoded(self) -> str:
        return urlencode(self.parameters())

    def opening(self, category: str) -> "View":
        return replace(self, opened=self.opened | {category})


def address(draft: Draft, view: View | None = None, *, name: str = "builder", **more: str) -> str:
    """The address of a page that shows `draft`."""
    token = encode(draft)
    pairs = [("draft", token)] if token else []
    pairs += view.parameters() if view else []
    pairs += more.items()
    return reverse(name) + (f"?{urlencode(pairs)}" if pairs else "")
