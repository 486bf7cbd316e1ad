"""A whole policy, whoever wrote it, in several that IAM takes: as few as are found, together with the same meaning.

Explicit Deny beats Allow whichever policy each stands in, so statements can be dealt out freely. What is divided is the
list of actions of a statement, which is safe: each copy keeps its effect, conditions and resources. NotAction and what
IAM does not know cannot be divided. `document_scope_split` divides by where actions work, `split` does that with the
operations that somebody selected.
Source: IAM API reference, limits of custom policies (IAM.1021, 1028, 1033); one policy has one level, AX or XA.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from policybuilder.domain.access.document_scope import judge_document
from policybuilder.domain.catalog.action_names import service_of
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Level
from policybuilder.domain.catalog.known_actions import KnownActions
from policybuilder.domain.catalog.scope import PolicyScope
from policybuilder.domain.jsontext.nodes import Node, Object
from policybuilder.domain.jsontext.writer import write_text
from policybuilder.domain.policy.document import MAX_ACTIONS, MAX_CHARACTERS, MAX_STATEMENTS, Effect, Size
from policybuilder.domain.policy.reading import (
    StatementView,
    compact_characters,
    is_action,
    measure_body,
    statements,
    to_document,
)
from policybuilder.domain.policy.rebuilding import (
    action_texts,
    is_divisible,
    is_plain,
    statement_list,
    with_actions,
    with_statements,
)
from policybuilder.domain.words import listed as some_of

MOST_AROUND = MAX_CHARACTERS // 2  # characters around the statements, which each part repeats
MOST_COPIES = 40  # of one statement; one that needs more is left whole
_KINDS = {Level.XA: "services of a region's projects", Level.AX: "global services"}


@dataclass(frozen=True, slots=True)
class PolicyPart:
    """One of the policies. `purpose` is a short text for people: what is in it, or where it is to be granted."""

    purpose: str
    body: Node
    scope: PolicyScope
    size: Size


def make_part(known: KnownActions, purpose: str, body: Node) -> PolicyPart:
    return PolicyPart(purpose, body, judge_document(known, to_document(body)), measure_body(body))


def split_by_limits(catalog: Catalog, body: Node) -> tuple[PolicyPart, ...]:
    """Policies within IAM's limits, in the order of the text; the same body gives the same ones.

    Statements stay whole where that takes no more policies; else those without condition and resource are joined and
    cut again. A statement that fits nowhere, and cannot be divided, is left whole in a part of its own. A policy within
    the limits, or in which no list of statements is found, is one part: the very body that was given. So is one of
    which too much would have to be repeated in each part.
    """
    known = KnownActions(catalog)
    listed = statement_list(body)
    around = compact_characters(with_statements(body, ())) if isinstance(body, Object) else 0
    if listed is None or not isinstance(body, Object) or around > MOST_AROUND:
        return (make_part(known, _purpose(1, 1, body), body),)
    room = MAX_CHARACTERS - around + 1  # each statement counts with its comma
    pieces = list(_pieces(catalog, listed.items, statements(body), room))
    packings = [
        _packed(pieces, room),
        _packed(sorted(pieces, key=_longest_first), room),
        _poured(pieces, room),
    ]
    parts = min(packings, key=len)
    nodes = [[piece.node for piece in part.in_order()] for part in sorted(parts, key=_Parcel.first)] or [[]]
    bodies = [body] if nodes == [list(listed.items)] else [with_statements(body, each) for each in nodes]
    mixed = {Level.XA, Level.AX} <= {piece.level for piece in pieces}
    levels = [part.level if mixed else None for part in sorted(parts, key=_Parcel.first)] or [None]
    return tuple(
        make_part(known, _purpose(at, len(bodies), made, level), made)
        for at, (made, level) in enumerate(zip(bodies, levels, strict=True), start=1)
    )


@dataclass(frozen=True, slots=True)
class _Piece:
    """A statement, or a copy of it with some of its actions. `characters` are those of its JSON and a comma.

    `level` is None where it goes with either. Of a plain statement, `names` can be divided in yet another way, among
    copies of `shell`, which is the statement without them.
    """

    node: Node
    characters: int
    order: tuple[int, int]
    level: Level | None = None
    effect: Effect | None = None
    names: tuple[str, ...] = ()
    shell: Object | None = None


@dataclass(eq=False)
class _Parcel:
    room: int
    level: Level | None = None
    pieces: list[_Piece] = field(default_factory=list)

    def takes(self, level: Level | None) -> bool:
        return len(self.pieces) < MAX_STATEMENTS and (None in (self.level, level) or self.level is level)

    def add(self, piece: _Piece) -> None:
        self.pieces.append(piece)
        self.room -= piece.characters
        self.level = self.level or piece.level

    def in_order(self) -> list[_Piece]:
        return sorted(self.pieces, key=lambda piece: piece.order)

    def first(self) -> tuple[int, int]:
        return self.in_order()[0].order


def _pieces(catalog: Catalog, items: Sequence[Node], views: Iterable[StatementView], room: int) -> Iterator[_Piece]:
    """The statements, those divided that are of two levels, too long or with too many actions."""
    by_index = {view.index: view for view in views}
    for index, node in enumerate(items):
        view = by_index.get(index)
        chunks = list(_divided(catalog, view, room)) if is_divisible(view) else []
        if not is_divisible(view) or not 1 <= len(chunks) <= MOST_COPIES:
            level = _common_level(catalog, view.names) if view else None
            yield _Piece(node, compact_characters(node) + 1, (index, 0), level)
            continue
        for at, (level, chunk) in enumerate(chunks):
            made = node if len(chunks) == 1 else with_actions(view.node, chunk)
            piece = _Piece(made, compact_characters(made) + 1, (index, at), level)
            if is_plain(view):
                shell = with_actions(view.node, ())
                piece = replace(piece, effect=view.effect, names=tuple(chunk), shell=shell)
            yield piece


def _divided(catalog: Catalog, view: StatementView, room: int) -> Iterator[tuple[Level | None, list[str]]]:
    """The actions of each copy, with their level; none where the statement has no room even without actions."""
    shell = compact_characters(with_actions(view.node, ()))
    if shell < room:
        for level, names in _by_level(catalog, action_texts(view)):
            yield from ((level, chunk) for chunk in _chunks(names, shell, room))


def _packed(pieces: Iterable[_Piece], room: int) -> list[_Parcel]:
    """Each piece in the first part that takes it."""
    parts: list[_Parcel] = []
    still_open: list[_Parcel] = []
    for piece in pieces:
        fitting = (part for part in still_open if part.takes(piece.level) and piece.characters <= part.room)
        part = next(fitting, None)
        if part is None:
            part = _Parcel(room)
            parts.append(part)
            still_open.append(part)
        part.add(piece)
        if len(part.pieces) == MAX_STATEMENTS:
            still_open.remove(part)
    return parts


def _poured(pieces: Iterable[_Piece], room: int) -> list[_Parcel]:
    """The actions of plain statements, joined by effect and level, fill what the other statements leave of parts."""
    whole: list[_Piece] = []
    joined: dict[tuple[Effect | None, Level | None], list[_Piece]] = {}
    for piece in pieces:
        if piece.shell:
            joined.setdefault((piece.effect, piece.level), []).append(piece)
        else:
            whole.append(piece)
    parts = _packed(sorted(whole, key=_longest_first), room)
    # What goes with either level comes last: it fills up whatever is there.
    for plain in sorted(joined.values(), key=lambda each: (each[0].level is None, each[0].order)):
        if shell := plain[0].shell:
            names = dict.fromkeys(name for piece in plain for name in piece.names)
            _pour(parts, room, plain[0], shell, list(names))
    return parts


def _pour(parts: list[_Parcel], room: int, like: _Piece, shell: Object, names: list[str]) -> None:
    """Adds statements like a plain one, with these actions, to the parts and to new ones behind them."""
    least = compact_characters(shell)
    at = 0
    while names:
        if at == len(parts):
            parts.append(_Parcel(room))
        part = parts[at]
        chunk = next(_chunks(names, least, part.room))
        made = with_actions(shell, chunk)
        characters = compact_characters(made) + 1
        if part.takes(like.level) and (characters <= part.room or not part.pieces):
            part.add(replace(like, node=made, characters=characters, names=tuple(chunk)))
            names = names[len(chunk) :]
        else:
            at += 1


def _longest_first(piece: _Piece) -> tuple[int, tuple[int, int]]:
    return -piece.characters, piece.order


def _chunks(names: Iterable[str], shell: int, room: int) -> Iterator[list[str]]:
    """In their order, MAX_ACTIONS at most, and as many as fit `room` with `shell`; one that does not fit is alone."""
    chunk: list[str] = []
    used = shell
    for name in names:
        length = len(write_text(name)) + 1
        if chunk and (len(chunk) == MAX_ACTIONS or used + length > room):
            yield chunk
            chunk, used = [], shell
        chunk.append(name)
        used += length
    if chunk:
        yield chunk


def _by_level(catalog: Catalog, names: Iterable[str]) -> list[tuple[Level | None, list[str]]]:
    """Those of neither level go with the first one."""
    levels = [(name, catalog.level_of(name) if is_action(name) else None) for name in names]
    found: list[Level | None] = [level for level in Level if any(level is of for _, of in levels)] or [None]
    return [(level, [name for name, of in levels if (of or found[0]) is level]) for level in found]


def _common_level(catalog: Catalog, names: Iterable[str]) -> Level | None:
    levels = {catalog.level_of(name) for name in names} - {None}
    return levels.pop() if len(levels) == 1 else None


def _purpose(number: int, total: int, body: Node, level: Level | None = None) -> str:
    size = measure_body(body)
    fits = (
        size.characters <= MAX_CHARACTERS
        and size.statements <= MAX_STATEMENTS
        and size.largest_statement <= MAX_ACTIONS
    )
    if total == 1:
        return f"The whole policy: it {'is within' if fits else 'cannot be divided to fit'} IAM's limits."
    services = sorted({service_of(name) for name in to_document(body).actions()})
    what = f", for {_KINDS[level]}" if level else ""
    which = f": {some_of(services)}" if services else ""
    rest = "" if fits else " It cannot be divided to fit IAM's limits."
    return f"Part {number} of {total}{what}{which}.{rest}"
