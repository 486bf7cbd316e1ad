"""The parts of the builder's page that are sent whole, each with what it is made of: one that is made of what it was
made of before is not sent.

Where a part holds the draft itself, in a link or a field, that is marked with `data-draft`: the browser puts the new
one there (`static/js/parts.js`), so a draft alone makes no part another one.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from policybuilder.drafts.entries import PARTIAL

from .page import BuilderPage


@dataclass(frozen=True, slots=True)
class Piece:
    """`made_of` gives all that its template reads of a page, in values that can be compared."""

    template: str
    made_of: Callable[[BuilderPage], object]


def _has_token(page: BuilderPage) -> object:
    return page.links.token != ""


def _draft_file(page: BuilderPage) -> object:
    return page.draft.empty, page.draft.partial, _has_token(page)


def _linked(page: BuilderPage) -> object:
    """Whether links can hold the draft, and whether they hold one."""
    return page.links.linkable, page.links.token != ""


def _verdict(page: BuilderPage) -> object:
    verdict, causes = page.verdict, page.causes
    if causes.iam_only:
        return verdict.kind, verdict.line, causes.denied, causes.swappable
    return verdict.kind, verdict.line, verdict.varies, verdict.unknown, verdict.without_effect


def _causes(page: BuilderPage) -> object:
    """The list below it is fetched when it is opened, and is about this very draft."""
    return (page.links.token, page.verdict.asks_why) if page.causes.iam_only else None


def _totals(page: BuilderPage) -> object:
    shorten = page.near_a_limit and _linked(page)
    return page.totals, page.writing, page.policy.divided, page.documents[0].document.size, shorten


def _findings(page: BuilderPage) -> object:
    return tuple(
        (shown.found.finding, shown.place, shown.anchor, shown.mended, shown.title, shown.wildcard)
        for shown in page.findings
    )


def _ways_on(page: BuilderPage) -> object:
    return page.links.linkable and not page.policy.empty


def _json(page: BuilderPage) -> object:
    if page.policy.empty:
        return _linked(page)
    divided = page.policy.divided  # then each has its name, size and ways to take it along
    taken = page.links.linkable, page.draft.partial
    more = [(each.name, each.document.size, taken) for each in page.documents if divided]
    return more, [(each.level, each.document.text, each.severities) for each in page.documents]


def _left_out(page: BuilderPage) -> object:
    return page.left_out


def _also(page: BuilderPage) -> object:
    return page.also_allowed, page.policy.empty


def _cascade(page: BuilderPage) -> object:
    return page.denies and page.editor.current.number, page.cascades, page.cascade


def _statement_list(page: BuilderPage) -> object:
    lines = tuple(
        (line.kind, line.current, line.block.effect, line.block.label, line.what, line.limits, line.json)
        for line in page.editor.lines
    )
    return lines, page.editor.full


def _bar(page: BuilderPage) -> object:
    return page.verdict.kind, page.verdict.short, page.totals


def _what_now(page: BuilderPage) -> object:
    return (
        page.links.linkable
        and not page.policy.empty
        and (
            page.policy.divided,
            page.only_global,
            page.draft.goal,
            page.draft.partial,
        )
    )


def _take(page: BuilderPage) -> object:
    if page.draft.partial:
        return PARTIAL
    if page.policy.empty:
        return None
    documents = tuple((each.level, each.name) for each in page.documents)
    return documents, page.links.linkable, page.links.room


PIECES = (
    Piece("_site.html#brand", _linked),
    Piece("_site.html#nav", _linked),
    Piece("builder/page.html#reset", lambda page: page.draft.empty),
    Piece("builder/policy.html#draft-file", _draft_file),
    Piece("builder/policy.html#verdict", _verdict),
    Piece("builder/policy.html#causes", _causes),
    Piece("builder/policy.html#totals", _totals),
    Piece("builder/policy.html#findings", _findings),
    Piece("builder/policy.html#ways-on", _ways_on),
    Piece("builder/policy.html#json", _json),
    Piece("builder/wildcards.html#wildcards", lambda page: page.wildcards),
    Piece("builder/granted.html#left-out", _left_out),
    Piece("builder/policy.html#also", _also),
    Piece("builder/granted.html#tally-grants", lambda page: page.granted.count),
    Piece("builder/policy.html#tally-also", lambda page: len(page.also_allowed)),
    Piece("builder/policy.html#cascade", _cascade),
    Piece("builder/statements.html#statement-list", _statement_list),
    Piece("builder/policy.html#name-problem", lambda page: page.name_problem),
    Piece("builder/policy.html#bar", _bar),
    Piece("builder/policy.html#take", _take),
    Piece("next/what_now.html", _what_now),
)


def changed_pieces(before: BuilderPage, after: BuilderPage) -> Iterator[str]:
    """The templates of those that are not as the browser has them, which shows `before`."""
    return (piece.template for piece in PIECES if piece.made_of(before) != piece.made_of(after))
