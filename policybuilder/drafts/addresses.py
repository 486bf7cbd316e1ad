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

    `service` is the slug of the one that the tree shows, "" for the one that it shows by itself. `at` is the block that
    it edits, `condition` the one of its conditions that is being edited, both counted from 0; then search, filters,
    whether all is listed that was found, and the categories that were opened by name.
    """

    query: str = ""
    wanted: Filter = field(default_factory=Filter)
    opened: frozenset[str] = frozenset()
    at: int = 0
    condition: int | None = None
    service: str = ""
    all: bool = False

    def parameters(self) -> list[tuple[str, str]]:
        wanted = self.wanted
        pairs = [("q", self.query)] if self.query else []
        pairs += [("reading", "1")] if wanted.reading else []
        pairs += [("enterprise", "1")] if wanted.enterprise else []
        pairs += [("api", "native" if wanted.native else "own")] if wanted.native is not None else []
        pairs += [("selected", "1")] if wanted.selected else []
        pairs += [("service", self.service)] if self.service else []
        pairs += [("all", "1")] if self.all else []
        pairs += [("statement", str(self.at + 1))] if self.at else []
        pairs += [("condition", str(self.condition + 1))] if self.condition is not None else []
        return pairs + [("open", id_) for id_ in sorted(self.opened)]

    def encoded(self) -> str:
        return urlencode(self.parameters())

    def opening(self, category: str) -> "View":
        return replace(self, opened=self.opened | {category})

    def searching(self, query: str, words: tuple[str, ...]) -> "View":
        """The same filters on another search."""
        return replace(self, query=query, wanted=replace(self.wanted, words=words), all=False)

    def showing(self, service: str, *opened: str) -> "View":
        """That service, with these of its categories open, in place of what is searched or selected."""
        view = self.searching("", ())
        return replace(view, wanted=replace(view.wanted, selected=False), service=service, opened=frozenset(opened))


def address(draft: Draft, view: View | None = None, *, name: str = "builder", **more: str) -> str:
    """The address of a page that shows `draft`."""
    token = encode(draft)
    pairs = [("draft", token)] if token else []
    pairs += view.parameters() if view else []
    pairs += more.items()
    return reverse(name) + (f"?{urlencode(pairs)}" if pairs else "")
