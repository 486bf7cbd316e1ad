"""A role as IAM's API has it, put together from pieces that stand apart in Terraform."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from policybuilder.domain.findings import Wording
from policybuilder.domain.jsontext.passage import Piece, Pieces
from policybuilder.domain.jsontext.repairs import FaultFoundError

POLICY_TWICE = Wording(
    "The role has a policy, and statements beside it.", "Keep one of them, with all that is to be allowed."
)


@dataclass(frozen=True, slots=True)
class Role:
    """`at` is where it begins. `policy` or `statements` is what it says; each statement is key -> value."""

    at: int
    name: Pieces | None
    level: Pieces | None
    description: Pieces | None
    policy: Pieces | None
    statements: tuple[dict[str, Pieces], ...]

    def pieces(self) -> Pieces:
        """Raises FaultFoundError where a role has its policy in two ways."""
        if self.policy is not None and self.statements:
            raise FaultFoundError(self.at, POLICY_TWICE)
        keys = {"display_name": self.name, "type": self.level, "description": self.description}
        members = {key: value for key, value in keys.items() if value is not None}
        if self.policy is not None:
            members["policy"] = self.policy
        elif self.statements:
            members["policy"] = tuple(self._document())
        return tuple(_object(self.at, members, ""))

    def _document(self) -> Iterator[Piece]:
        yield Piece(self.at, self.at, '{\n        "Version": "1.1",\n        "Statement": [')
        for number, statement in enumerate(self.statements):
            yield Piece(self.at, self.at, ("," if number else "") + "\n            ")
            yield from _object(self.at, statement, " " * 12)
        yield Piece(self.at, self.at, "\n        ]\n    }")


def _object(at: int, members: dict[str, Pieces], indent: str) -> Iterator[Piece]:
    """`at` is where the signs count as standing that stand nowhere."""
    yield Piece(at, at, "{")
    for number, (key, value) in enumerate(members.items()):
        yield Piece(at, at, f'{"," if number else ""}\n{indent}    "{key}": ')
        yield from value
    yield Piece(at, at, f"\n{indent}}}")


def of_roles(policies: Sequence[Pieces]) -> Pieces:
    """One as it is, several as a list."""
    if len(policies) == 1:
        return policies[0]
    pieces = []
    for number, policy in enumerate(policies):
        at = next((piece.start for piece in policy), 0)
        pieces += [Piece(at, at, ",\n" if number else "[\n"), *policy]
    return (*pieces, Piece(pieces[-1].end, pieces[-1].end, "\n]\n"))
