"""A whole policy, whoever wrote it, in several that IAM takes: as few as are found, together with the same meaning.

What is divided is the list of actions of a statement, which is safe: each copy keeps its effect, conditions and
resources. NotAction and what IAM does not know cannot be divided. Which Denies each part keeps, `building.division`
says; a Deny itself is only divided where IAM would not take it as it is written, for its length or its two levels.
What stands in policies of which level, `building.levels` says; what means every service stands with one level only
where the Denies leave no other way.
`split_by_scope` divides by where actions work.
Source: IAM API reference, limits of custom policies (IAM.1021, 1028, 1033); one policy has one level, AX or XA.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from policybuilder.domain.building.division import Denials
from policybuilder.domain.building.levels import why_undivided
from policybuilder.domain.catalog.action_names import service_of
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Level
from policybuilder.domain.catalog.known_actions import KnownActions
from policybuilder.domain.jsontext.nodes import Node, Object
from policybuilder.domain.policy.both_levels import what_keeps_mixed
from policybuilder.domain.policy.document import MAX_ACTIONS, MAX_CHARACTERS, MAX_STATEMENTS, Effect
from policybuilder.domain.policy.reading import (
    StatementView,
    compact_characters,
    is_action,
    measure_body,
    statements,
    to_document,
    view_statement,
)
from policybuilder.domain.policy.rebuilding import (
    action_texts,
    is_divisible,
    is_plain,
    statement_list,
    with_actions,
    with_statements,
)
from policybuilder.domain.policy.unclear import clear_statement
from policybuilder.domain.words import listed as some_of
from policybuilder.domain.words import statements_in_words

from .packing import NoRoomError, Packer, Parcel, Piece, longest_first
from .parts import MIXED, TOO_LARGE, PolicyPart, make_part, too_large

MOST_AROUND = MAX_CHARACTERS // 2  # characters around the statements, which each part repeats
MOST_COPIES = 40  # of one statement; one that needs more is left whole
_Placed = tuple[int, Node, StatementView | None]  # a statement with its index, and its view where it is an object
TOO_MUCH = "It holds too much to be divided at once: first divide it by service."
MUCH_AROUND = "First shorten what stands beside its statements, which each of several policies would repeat."
STILL_MIXED = "A statement of both is too long to be divided: first shorten it."
_KINDS = {Level.XA: "services of a region's projects", Level.AX: "global services"}


def split_by_limits(catalog: Catalog, body: Node) -> tuple[PolicyPart, ...]:
    """Policies within IAM's limits, in the order of the text; the same body gives the same ones.

    Statements stay whole where that takes no more policies; else those without condition and resource are joined and
    cut again. A statement that fits nowhere, and cannot be divided, is left whole in a part of its own. One part, the
    very body that was given, are: a policy within the limits or without a list of statements; one of which too much
    would have to be repeated in each part; one that allows something for which there is no room beside the Denies that
    touch it, or that would stand beside Denies of the other level; and one of both levels with a statement of both that
    cannot be divided. The purpose says which.
    """
    known = KnownActions(catalog)
    listed = statement_list(body)
    views = statements(body)
    mixes = catalog.mixes_levels(to_document(body).actions())
    around = compact_characters(with_statements(body, ())) if isinstance(body, Object) else 0
    if mixes and (why := what_keeps_mixed(catalog, body, views)):
        return (_one(known, body, mixed=why),)
    if listed is None or not isinstance(body, Object) or around > MOST_AROUND:
        return (_one(known, body, mixed=MUCH_AROUND if mixes else ""),)
    if too_large(views):
        return (_one(known, body, mixed=TOO_MUCH) if mixes else make_part(known, TOO_LARGE, body),)
    try:
        # Each statement counts with its comma.
        parcels = _fewest(catalog, listed.items, views, MAX_CHARACTERS - around + 1)
    except NoRoomError as error:
        no_room = _no_room(error)
        why = why_undivided(catalog, views) if error.clashes else ""
        return (_one(known, body, no_room, (why or no_room) if mixes else ""),)
    nodes = [[piece.node for piece in parcel.in_order()] for parcel in parcels] or [[]]
    bodies = [body] if nodes == [list(listed.items)] else [with_statements(body, each) for each in nodes]
    mixed = {Level.XA, Level.AX} <= {parcel.level for parcel in parcels}
    levels = [parcel.level if mixed else None for parcel in parcels] or [None]
    if len(bodies) == 1:
        return (_one(known, bodies[0], mixed=STILL_MIXED if mixes else ""),)
    return tuple(
        _one_of(known, _purpose(at, len(bodies), made, level), made)
        for at, (made, level) in enumerate(zip(bodies, levels, strict=True), start=1)
    )


def _one(known: KnownActions, body: Node, no_room: str = "", mixed: str = "") -> PolicyPart:
    """The whole policy as the only part. `no_room`: why there is not more than one, `mixed`: though IAM wants two."""
    if mixed:
        return make_part(known, f"The whole policy. {MIXED} {mixed}", body, mixed=mixed)
    if no_room:
        return make_part(known, f"The whole policy: it cannot be divided to fit IAM's limits. {no_room}", body)
    return make_part(
        known, f"The whole policy: it {'is within' if _fits(body) else 'cannot be divided to fit'} IAM's limits.", body
    )


def _one_of(known: KnownActions, purpose: str, body: Node) -> PolicyPart:
    if known.catalog.mixes_levels(to_document(body).actions()):
        return make_part(known, f"{purpose} {MIXED} {STILL_MIXED}", body, mixed=STILL_MIXED)
    return make_part(known, purpose, body)


def _fewest(catalog: Catalog, items: Sequence[Node], views: Sequence[StatementView], room: int) -> list[Parcel]:
    """The fewest policies that are found. Raises NoRoomError.

    Where they are of both levels, what means every service stands in some of each, as far as the Denies let it.
    """
    by_index = {view.index: view for view in views}
    nodes = [(index, node, by_index.get(index)) for index, node in enumerate(items)]
    if catalog.mixes_levels(name for view in views for name in view.names):
        try:
            return _fewest_so(catalog, nodes, room, in_both=True)
        except NoRoomError:
            pass
    return _fewest_so(catalog, nodes, room, in_both=False)


def _fewest_so(catalog: Catalog, nodes: Sequence[_Placed], room: int, *, in_both: bool) -> list[Parcel]:
    """The same, whether the Denies stand as they are written or are joined. `in_both`: every service is in both."""
    found: list[list[Parcel]] = []
    errors: list[NoRoomError] = []
    for denies in _ways_to_deny(catalog, [each for each in nodes if _denies(each[2])], room):
        denied = [view_statement(piece.node) for piece in denies if isinstance(piece.node, Object)]
        denials = Denials([clear_statement(view) for view in denied])
        packer = Packer(denies, denials, room)
        allows = _Allows(catalog, packer, denials, room, in_both=in_both)
        pieces = [piece for each in nodes if not _denies(each[2]) for piece in allows.pieces(*each)]
        try:
            found += packer.packed(pieces), packer.packed(sorted(pieces, key=longest_first)), packer.poured(pieces)
        except NoRoomError as error:
            errors.append(error)
    if not found:
        raise errors[0]
    fewest: list[Parcel] = min(found, key=len)
    return sorted(fewest, key=Parcel.first)


def _denies(view: StatementView | None) -> bool:
    """Whether it denies, or may: an effect that cannot be read may be a Deny."""
    return view is not None and view.effect is not Effect.ALLOW


def _ways_to_deny(catalog: Catalog, denies: Sequence[_Placed], room: int) -> Iterator[list[Piece]]:
    """The Denies as they are written, then with those joined that only name actions, and last with those divided that
    name actions of a level and of every service."""
    yield [piece for each in denies for piece in _denied(catalog, *each, room)]
    plain = [view for _, _, view in denies if is_plain(view)]
    if len(plain) > 1:
        names = list(dict.fromkeys(name for view in plain for name in action_texts(view)))
        others = (each for each in denies if not is_plain(each[2]))
        joined = _copies(plain[0].index, plain[0].node, _by_level(catalog, names), room)
        yield [*joined, *(piece for each in others for piece in _denied(catalog, *each, room))]
    named = [action_texts(view) for _, _, view in denies if is_divisible(view)]
    if any(len(_apart(catalog, names)) > len(_by_level(catalog, names)) for names in named):
        yield [piece for each in denies for piece in _denied(catalog, *each, room, apart=True)]


def _denied(
    catalog: Catalog, index: int, node: Node, view: StatementView | None, room: int, *, apart: bool = False
) -> Iterator[Piece]:
    """The Deny as it is written; of one that IAM would not take so, copies, and with `apart` of one that also names
    actions of every service."""
    if is_divisible(view):
        names = action_texts(view)
        levels = _apart(catalog, names) if apart else _by_level(catalog, names)
        if len(levels) > 1 or len(names) > MAX_ACTIONS or compact_characters(node) >= room:
            yield from _copies(index, view.node, levels, room)
            return
    level = _common_level(catalog, view.names) if view else None
    yield Piece(node, compact_characters(node) + 1, (index, 0), level)


def _copies(index: int, like: Object, levels: Iterable[tuple[Level | None, list[str]]], room: int) -> Iterator[Piece]:
    """Copies of a Deny of one level each, which leave half of a policy to what they touch."""
    packer = _without_denies(room // 2)
    shell = compact_characters(with_actions(like, ()))
    chunks = ((level, chunk) for level, named in levels for chunk in packer.chunks(named, shell, level))
    for at, (level, chunk) in enumerate(chunks):
        made = with_actions(like, chunk)
        yield Piece(made, compact_characters(made) + 1, (index, at), level)


class _Allows:
    """The statements that allow as pieces, those divided that are of two levels, too long or with too many actions."""

    def __init__(self, catalog: Catalog, packer: Packer, denials: Denials, room: int, *, in_both: bool) -> None:
        self._catalog = catalog
        self._packer = packer
        self._denials = denials
        self._room = room
        self._in_both = in_both

    def pieces(self, index: int, node: Node, view: StatementView | None) -> Iterator[Piece]:
        """Raises NoRoomError for a statement that could be divided but for the Denies that touch it."""
        chunks = self._divided(view, self._packer) if is_divisible(view) else []
        if not is_divisible(view) or not 1 <= len(chunks) <= MOST_COPIES:
            level = _common_level(self._catalog, view.names) if view else None
            denies = self._denials.touching(clear_statement(view)) if view else frozenset[int]()
            whole = Piece(node, compact_characters(node) + 1, (index, 0), level, denies)
            if is_divisible(view) and chunks and len(self._divided(view, _without_denies(self._room))) <= MOST_COPIES:
                raise self._packer.no_room(whole)
            if self._in_both and level is None and view and _means_every_service(view):
                yield from (replace(whole, level=each, order=(index, at)) for at, each in enumerate(Level))
            else:
                yield whole
            return
        for at, (level, chunk) in enumerate(chunks):
            made = node if len(chunks) == 1 else with_actions(view.node, chunk)
            denies = self._denials.touching(clear_statement(view_statement(made)) if isinstance(made, Object) else None)
            piece = Piece(made, compact_characters(made) + 1, (index, at), level, denies)
            if is_plain(view):
                piece = replace(piece, names=tuple(chunk), shell=with_actions(view.node, ()))
            yield piece

    def _divided(self, view: StatementView, packer: Packer) -> list[tuple[Level | None, list[str]]]:
        """The actions of each copy, with their level; none where the statement has no room even without actions."""
        shell = compact_characters(with_actions(view.node, ()))
        if shell >= self._room:
            return []
        levels = _by_level(self._catalog, action_texts(view), in_both=self._in_both)
        return [(level, chunk) for level, names in levels for chunk in packer.chunks(names, shell, level)]


def _without_denies(room: int) -> Packer:
    return Packer((), Denials(()), room)


def _by_level(catalog: Catalog, names: Sequence[str], *, in_both: bool = False) -> list[tuple[Level | None, list[str]]]:
    """Those of no level go with the first one. `in_both`: but those of every service go with each."""
    levels = [(name, catalog.counted_level(name) if is_action(name) else None) for name in names]
    everywhere = {name for name in names if in_both and _names_every_service(name)}
    there = {level for _, level in levels if level} if not everywhere else set(Level)
    found: list[Level | None] = [level for level in Level if level in there] or [None]
    return [
        (level, [name for name, of in levels if name in everywhere or (of or found[0]) is level]) for level in found
    ]


def _names_every_service(name: str) -> bool:
    return is_action(name) and "*" in service_of(name)


def _apart(catalog: Catalog, names: Sequence[str]) -> list[tuple[Level | None, list[str]]]:
    """Those of each level, and those of every service by themselves."""
    everywhere = [name for name in names if _names_every_service(name)]
    others = _by_level(catalog, [name for name in names if name not in everywhere])
    return [each for each in (*others, (None, everywhere)) if each[1]]


def _means_every_service(view: StatementView) -> bool:
    return bool(view.not_actions) or any(map(_names_every_service, view.names))


def _common_level(catalog: Catalog, names: Iterable[str]) -> Level | None:
    levels = {catalog.counted_level(name) for name in names} - {None}
    return levels.pop() if len(levels) == 1 else None


def _purpose(number: int, total: int, body: Node, level: Level | None = None) -> str:
    services = sorted({service_of(name) for name in to_document(body).actions()})
    what = f", for {_KINDS[level]}" if level else ""
    which = f": {some_of(services)}" if services else ""
    rest = "" if _fits(body) else " It cannot be divided to fit IAM's limits."
    return f"Part {number} of {total}{what}{which}.{rest}"


def _fits(body: Node) -> bool:
    size = measure_body(body)
    return (
        size.characters <= MAX_CHARACTERS
        and size.statements <= MAX_STATEMENTS
        and size.largest_statement <= MAX_ACTIONS
    )


def _no_room(error: NoRoomError) -> str:
    numbers = sorted({deny.order[0] + 1 for deny in error.denies})
    deny, they = ("denies", "it") if len(numbers) == 1 else ("deny", "they")
    characters = sum(each.characters for each in error.denies)
    return (
        f"What statement {error.piece.order[0] + 1} allows "
        f"has to stay together with {statements_in_words(numbers)}, which {deny} some of it, and there is no room for "
        f"both ({they} alone: {characters:,} characters in {len(error.denies)}). Make these Denies shorter, leave out "
        "what they deny and nothing here allows, or allow less."
    )
