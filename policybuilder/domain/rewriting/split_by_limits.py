"""A whole policy, whoever wrote it, in several that IAM takes: as few as are found, together with the same meaning.

A policy that names services of both levels is divided by `building.levels` first, then each part by its limits. The
list of actions of a statement can be divided safely: each copy keeps its effect, conditions and resources. NotAction
and keys that IAM does not know cannot be divided. `building.division` decides which Denies each part keeps; a Deny
itself is divided only where it is too long for IAM as it is written.
`split_by_scope` divides by the projects where actions work.
Source: IAM API reference, limits of custom policies (IAM.1021, 1028, 1033); one policy has one level, AX or XA.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from policybuilder.domain.building.division import Denials
from policybuilder.domain.building.levels import divided_by_level
from policybuilder.domain.building.scope_division import TOO_LARGE
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
from .parts import MIXED, PolicyPart, at_level, level_of_body, make_part, too_large
from .shorten import compact_policy

MOST_AROUND = MAX_CHARACTERS // 2  # characters around the statements, which each part repeats
MOST_COPIES = 40  # of one statement; one that needs more is left whole
_Placed = tuple[int, Node, StatementView | None]  # a statement with its index, and its view where it is an object
TOO_MUCH = "It holds too much to be divided at once: divide it by service first."
WITHIN_LIMITS = "The whole policy: it is within IAM's limits."
BEYOND_LIMITS = "The whole policy: it cannot be divided to fit IAM's limits."
PART_BEYOND_LIMITS = "It cannot be divided to fit IAM's limits."
PARTS = {
    None: "Part {n} of {total}.",
    Level.XA: "Part {n} of {total}, for services of a region's projects.",
    Level.AX: "Part {n} of {total}, for global services.",
}
PARTS_OF_SERVICES = {
    None: "Part {n} of {total}: {services}.",
    Level.XA: "Part {n} of {total}, for services of a region's projects: {services}.",
    Level.AX: "Part {n} of {total}, for global services: {services}.",
}
NO_ROOM = (
    "What statement {n} allows has to stay together with {statements}, which denies some of it, and there is no room "
    "for both (it alone: {characters:,} characters in {denies}). Make these Denies shorter, leave out what they deny "
    "and nothing here allows, or allow less."
)
NO_ROOM_BESIDE_SEVERAL = (
    "What statement {n} allows has to stay together with {statements}, which deny some of it, and there is no room "
    "for both (they alone: {characters:,} characters in {denies}). Make these Denies shorter, leave out what they "
    "deny and nothing here allows, or allow less."
)


def split_by_limits(
    catalog: Catalog, body: Node, role_type: str = "", *, shorten: bool = False
) -> tuple[PolicyPart, ...]:
    """Policies within IAM's limits, in the order of the text; the same body gives the same ones.

    Where services of both levels are named, the policies for a region's projects come first; a statement of both that
    cannot be divided keeps it one. Statements stay whole where that takes no more policies; else those without
    condition and resource are joined and cut again. A statement that fits nowhere, and cannot be divided, is left whole
    in a part of its own. A policy is one part, the very body that was given, if it is within the limits, has no list of
    statements, would repeat too much in each part, or allows something that has no room beside the Denies that touch
    it. The purpose gives the reason. With `shorten`, each policy is made shorter first (`shorten.compact_policy`).
    `role_type` is the type of the role around the body, "" where there is none.
    """
    level = level_of_body(catalog, body, role_type)
    return tuple(at_level(catalog, part, level) for part in _divided(catalog, body, shorten=shorten))


def _divided(catalog: Catalog, body: Node, *, shorten: bool) -> tuple[PolicyPart, ...]:
    known = KnownActions(catalog)

    def form(of_one: Node, level: Level | None = None) -> Node:
        return compact_policy(catalog, of_one, level).body if shorten else of_one

    if not catalog.prefixes.mixes_levels(to_document(body).actions()):
        packed = _packed(form(body))
        if len(packed) == 1:
            return (_one(known, *packed[0]),)
        return _several(known, [(each, why, None) for each, why in packed])
    if (why := what_keeps_mixed(catalog, body, statements(body))) or not isinstance(body, Object):
        return (make_part(known, f"The whole policy. {MIXED} {why}", form(body), mixed=why),)
    by_level = [(level, form(of_one, level)) for level, of_one in divided_by_level(catalog, body).items()]
    return _several(known, [(*each, level) for level, of_one in by_level for each in _packed(of_one)])


def _several(known: KnownActions, packed: Sequence[tuple[Node, str, Level | None]]) -> tuple[PolicyPart, ...]:
    return tuple(
        make_part(known, _purpose(at, len(packed), made, why, level), made, level=level)
        for at, (made, why, level) in enumerate(packed, start=1)
    )


def _one(known: KnownActions, body: Node, why: str) -> PolicyPart:
    """The whole policy as the only part. `why` it is not divided, "" where it is within the limits."""
    if why == TOO_LARGE:
        return make_part(known, TOO_LARGE, body)
    return make_part(known, f"{WITHIN_LIMITS if _fits(body) else BEYOND_LIMITS} {why}".rstrip(), body)


def _packed(body: Node) -> list[tuple[Node, str]]:
    """The policies for a policy of one level, each with the reason why there are not more of them, or "".

    Only one, which is `body` itself, where it cannot be divided.
    """
    listed, views = statement_list(body), statements(body)
    around = compact_characters(with_statements(body, ())) if isinstance(body, Object) else 0
    if listed is None or not isinstance(body, Object) or around > MOST_AROUND:
        return [(body, "")]
    if too_large(views):
        return [(body, TOO_LARGE)]
    try:
        # Each statement counts with its comma.
        parcels = _fewest(listed.items, views, MAX_CHARACTERS - around + 1)
    except NoRoomError as error:
        return [(body, _no_room(error))]
    nodes = [[piece.node for piece in parcel.in_order()] for parcel in parcels]
    if nodes in ([], [list(listed.items)]):
        return [(body, "")]
    return [(with_statements(body, each), "") for each in nodes]


def _fewest(items: Sequence[Node], views: Sequence[StatementView], room: int) -> list[Parcel]:
    """The fewest policies that are found, whether the Denies are as they are written or joined. Raises NoRoomError."""
    by_index = {view.index: view for view in views}
    nodes = [(index, node, by_index.get(index)) for index, node in enumerate(items)]
    found: list[list[Parcel]] = []
    errors: list[NoRoomError] = []
    for denies in _ways_to_deny([each for each in nodes if _denies(each[2])], room):
        denied = [view_statement(piece.node) for piece in denies if isinstance(piece.node, Object)]
        denials = Denials([clear_statement(view) for view in denied])
        packer = Packer(denies, denials, room)
        allows = _Allows(packer, denials, room)
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


def _ways_to_deny(denies: Sequence[_Placed], room: int) -> Iterator[list[Piece]]:
    """The Denies as they are written, then with those joined that only name actions."""
    yield [piece for each in denies for piece in _denied(*each, room)]
    plain = [view for _, _, view in denies if is_plain(view)]
    if len(plain) > 1:
        names = list(dict.fromkeys(name for view in plain for name in action_texts(view)))
        others = (each for each in denies if not is_plain(each[2]))
        joined = _copies(plain[0].index, plain[0].node, names, room)
        yield [*joined, *(piece for each in others for piece in _denied(*each, room))]


def _denied(index: int, node: Node, view: StatementView | None, room: int) -> Iterator[Piece]:
    """The Deny as it is written, or copies of one that is too long for IAM."""
    if is_divisible(view):
        names = action_texts(view)
        if len(names) > MAX_ACTIONS or compact_characters(node) >= room:
            yield from _copies(index, view.node, names, room)
            return
    yield Piece(node, compact_characters(node) + 1, (index, 0))


def _copies(index: int, like: Object, names: Sequence[str], room: int) -> Iterator[Piece]:
    """Copies of a Deny that leave half of a policy to the Allows they touch."""
    shell = compact_characters(with_actions(like, ()))
    for at, chunk in enumerate(_without_denies(room // 2).chunks(names, shell)):
        made = with_actions(like, chunk)
        yield Piece(made, compact_characters(made) + 1, (index, at))


class _Allows:
    """The statements that allow as pieces; statements that are too long or have too many actions are divided."""

    def __init__(self, packer: Packer, denials: Denials, room: int) -> None:
        self._packer = packer
        self._denials = denials
        self._room = room

    def pieces(self, index: int, node: Node, view: StatementView | None) -> Iterator[Piece]:
        """Raises NoRoomError for a statement that could be divided but for the Denies that touch it."""
        chunks = self._divided(view, self._packer) if is_divisible(view) else []
        if not is_divisible(view) or not 1 <= len(chunks) <= MOST_COPIES:
            denies = self._denials.touching(clear_statement(view)) if view else frozenset[int]()
            whole = Piece(node, compact_characters(node) + 1, (index, 0), denies)
            if is_divisible(view) and chunks and len(self._divided(view, _without_denies(self._room))) <= MOST_COPIES:
                raise self._packer.no_room(whole)
            yield whole
            return
        for at, chunk in enumerate(chunks):
            made = node if len(chunks) == 1 else with_actions(view.node, chunk)
            denies = self._denials.touching(clear_statement(view_statement(made)) if isinstance(made, Object) else None)
            piece = Piece(made, compact_characters(made) + 1, (index, at), denies)
            if is_plain(view):
                piece = replace(piece, names=tuple(chunk), shell=with_actions(view.node, ()))
            yield piece

    def _divided(self, view: StatementView, packer: Packer) -> list[list[str]]:
        """The actions of each copy; none where the statement has no room even without actions."""
        shell = compact_characters(with_actions(view.node, ()))
        return [] if shell >= self._room else list(packer.chunks(action_texts(view), shell))


def _without_denies(room: int) -> Packer:
    return Packer((), Denials(()), room)


def _purpose(number: int, total: int, body: Node, why: str, level: Level | None) -> str:
    services = sorted({service_of(name) for name in to_document(body).actions()})
    part = (PARTS_OF_SERVICES if services else PARTS)[level].format(n=number, total=total, services=some_of(services))
    rest = "" if _fits(body) else PART_BEYOND_LIMITS
    return " ".join(filter(None, [part, rest, TOO_MUCH if why == TOO_LARGE else why]))


def _fits(body: Node) -> bool:
    size = measure_body(body)
    return (
        size.characters <= MAX_CHARACTERS
        and size.statements <= MAX_STATEMENTS
        and size.largest_statement <= MAX_ACTIONS
    )


def _no_room(error: NoRoomError) -> str:
    numbers = sorted({deny.order[0] + 1 for deny in error.denies})
    return (NO_ROOM if len(numbers) == 1 else NO_ROOM_BESIDE_SEVERAL).format(
        n=error.piece.order[0] + 1,
        statements=statements_in_words(numbers),
        characters=sum(each.characters for each in error.denies),
        denies=len(error.denies),
    )
