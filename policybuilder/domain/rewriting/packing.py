"""Statements packed into as few policies as are found, each with the Denies that touch what it allows."""

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field, replace

from policybuilder.domain.building.division import Denials
from policybuilder.domain.jsontext.nodes import Node, Object
from policybuilder.domain.jsontext.writer import write_text
from policybuilder.domain.policy.document import MAX_ACTIONS, MAX_STATEMENTS
from policybuilder.domain.policy.reading import compact_characters
from policybuilder.domain.policy.rebuilding import with_actions


@dataclass(frozen=True, slots=True)
class Piece:
    """A statement, or a copy of it with some of its actions. `characters` are those of its JSON and a comma.

    `denies` are the numbers of the Denies that touch it. Of a plain Allow, `names` can be divided in yet another way,
    among copies of `shell`, which is the statement without them.
    """

    node: Node
    characters: int
    order: tuple[int, int]
    denies: frozenset[int] = frozenset()
    names: tuple[str, ...] = ()
    shell: Object | None = None


@dataclass(eq=False)
class Parcel:
    """The statements of one policy; `room` is what is left of its characters, `denies` those that stand in it."""

    room: int
    pieces: list[Piece] = field(default_factory=list)
    denies: set[int] = field(default_factory=set)

    def in_order(self) -> list[Piece]:
        return sorted(self.pieces, key=lambda piece: piece.order)

    def first(self) -> tuple[int, int]:
        return self.in_order()[0].order


class NoRoomError(Exception):
    """There is room for `piece` in a policy, but not together with the Denies `denies` that touch it."""

    def __init__(self, piece: Piece, denies: Sequence[Piece]) -> None:
        super().__init__()
        self.piece, self.denies = piece, denies


class Packer:
    """Packs pieces into parcels of `room` characters. `denies` are those that `denials` numbers.

    A piece that fits nowhere is in a parcel of its own. Raises NoRoomError for one that would fit without its Denies.
    """

    def __init__(self, denies: Sequence[Piece], denials: Denials, room: int) -> None:
        self._denies = denies
        self._denials = denials
        self._room = room

    def packed(self, pieces: Iterable[Piece]) -> list[Parcel]:
        """Each piece in the first parcel that takes it."""
        return self._with_other_denies(self._in_first_that_takes(pieces))

    def poured(self, pieces: Iterable[Piece]) -> list[Parcel]:
        """The actions of plain statements, joined, fill the room that the other statements leave in parcels."""
        listed = list(pieces)
        parcels = self._in_first_that_takes(sorted((each for each in listed if not each.shell), key=longest_first))
        plain = [each for each in listed if each.shell]
        if plain and (shell := plain[0].shell):
            names = dict.fromkeys(name for piece in plain for name in piece.names)
            self._pour(parcels, plain[0], shell, list(names))
        return self._with_other_denies(parcels)

    def chunks(self, names: Sequence[str], shell: int) -> Iterator[list[str]]:
        """The names in their order, as many at a time as a policy takes with the Denies that touch them, or one."""
        left = list(names)
        while left:
            chunk = self._chunk(left, shell, Parcel(self._room)) or left[:1]
            yield chunk
            left = left[len(chunk) :]

    def no_room(self, piece: Piece) -> NoRoomError:
        return NoRoomError(piece, [self._denies[number] for number in sorted(piece.denies)])

    def _chunk(self, names: Sequence[str], shell: int, parcel: Parcel) -> list[str]:
        """As many of the first names as one more statement of a parcel can hold; none where there is no room."""
        denies: set[int] = set()
        used = shell
        for number, name in enumerate(names[:MAX_ACTIONS]):
            denies |= self._denials.touching_name(name) - parcel.denies
            used += len(write_text(name)) + 1
            if not self._has_room(parcel, used, denies):
                return list(names[:number])
        return list(names[:MAX_ACTIONS])

    def _has_room(self, parcel: Parcel, characters: int, denies: Set[int]) -> bool:
        """For one more statement with Denies that do not stand there yet."""
        added = [self._denies[number] for number in denies]
        return (
            len(parcel.pieces) + len(added) < MAX_STATEMENTS
            and characters + sum(deny.characters for deny in added) <= parcel.room
        )

    def _takes(self, parcel: Parcel, piece: Piece) -> bool:
        return self._has_room(parcel, piece.characters, piece.denies - parcel.denies)

    def _add(self, parcel: Parcel, piece: Piece) -> None:
        for each in (piece, *(self._denies[number] for number in sorted(piece.denies - parcel.denies))):
            parcel.pieces.append(each)
            parcel.room -= each.characters
        parcel.denies |= piece.denies

    def _alone(self, piece: Piece) -> Parcel:
        """A parcel with the piece, whether it fits or not."""
        parcel = Parcel(self._room)
        if not self._takes(parcel, piece) and self._takes(parcel, replace(piece, denies=frozenset())):
            raise self.no_room(piece)
        self._add(parcel, piece)
        return parcel

    def _in_first_that_takes(self, pieces: Iterable[Piece]) -> list[Parcel]:
        parcels: list[Parcel] = []
        still_open: list[Parcel] = []
        for piece in pieces:
            parcel = next((each for each in still_open if self._takes(each, piece)), None)
            if parcel:
                self._add(parcel, piece)
            else:
                parcel = self._alone(piece)
                parcels.append(parcel)
                still_open.append(parcel)
            if len(parcel.pieces) >= MAX_STATEMENTS:
                still_open.remove(parcel)
        return parcels

    def _pour(self, parcels: list[Parcel], like: Piece, shell: Object, names: list[str]) -> None:
        """Adds statements like a plain one, with these actions, to the parcels and to new ones behind them."""
        least = compact_characters(shell)
        at = 0
        while names:
            in_new = at == len(parcels)
            parcel = Parcel(self._room) if in_new else parcels[at]
            chunk = self._chunk(names, least, parcel) or (names[:1] if in_new else [])
            if chunk:
                piece = self._copy(like, shell, chunk)
                if in_new:
                    parcels.append(self._alone(piece))
                else:
                    self._add(parcel, piece)
                names = names[len(chunk) :]
            else:
                at += 1

    def _copy(self, like: Piece, shell: Object, names: Sequence[str]) -> Piece:
        made = with_actions(shell, names)
        denies = frozenset[int]().union(*map(self._denials.touching_name, names))
        return replace(like, node=made, characters=compact_characters(made) + 1, names=tuple(names), denies=denies)

    def _with_other_denies(self, parcels: list[Parcel]) -> list[Parcel]:
        """With the Denies that touch nothing, each in one parcel."""
        there = set[int]().union(*(parcel.denies for parcel in parcels))
        for number, deny in enumerate(self._denies):
            if number not in there:
                piece = replace(deny, denies=frozenset())
                parcel = next((each for each in parcels if self._takes(each, piece)), None)
                if parcel:
                    self._add(parcel, piece)
                else:
                    parcels.append(self._alone(piece))
        return parcels


def longest_first(piece: Piece) -> tuple[int, tuple[int, int]]:
    return -piece.characters, piece.order
