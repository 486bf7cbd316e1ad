"""What people say about the actions that a text names: that one is refused, that one is granted, or nothing.

“We granted ecs:servers:list and ecs:servers:get, but ecs:servers:start is denied” names three actions, of which one is
refused. What the words of a sentence say counts for its names, where it says both, for the names that are nearest.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

from policybuilder.domain.catalog.action_names import ActionNameError, action_key, parse_action
from policybuilder.domain.catalog.known_actions import KnownActions

from .exchanges import SENTENCE

_CHAIN = re.compile(
    r"(?<![\w:.*-])[A-Za-z0-9_-]++(?::[A-Za-z_][A-Za-z0-9_-]*+){2,}+(?!\w|\*|:[\w*])"
)  # action names, and longer
_TELLING = re.compile(
    r"""
    (?P<refused>
      (?:\bnot|\bno|\bnever|\bcannot|\bwithout|n\\?['’]t)(?:[ ]\w{1,20}){0,2}?[ ]
        (?:grant|allow|permit|authori[sz]|permission|access|work|possible|perform|use\b|have\b|succeed)\w*
      | \b(?:refus|forbidden|forbids?\b|denie[ds]|deny|unauthori[sz]ed|disallow|fail)\w*
      | \b(?:miss(?:es|ing)|lack(?:s|ing)?|insufficient|rejected|blocked|needs?|required|requires)\b
      | (?<![\w.:])403(?![\w.:])
    )
    | (?P<granted>
      \b(?:grants|granted|allows|allowed|permits|permitted|authori[sz]ed|works|worked|working|already|OK)\b
      | \bsucce\w+ | (?<![\w.:])20[0-6](?![\w.:])
    )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_SENTENCE_END = re.compile(
    r"[.;!?](?=\s)|\n|\b(?:but|however|although|though|yet|except|whereas|while)\b", re.IGNORECASE
)
_PIECE_END = re.compile(r",|\band\b|[()]", re.IGNORECASE)


class Said(IntEnum):
    """Of an action, the most telling first."""

    REFUSED = 0
    NAMED = 1
    GRANTED = 2


@dataclass(frozen=True, slots=True)
class Mention:
    name: str
    said: Said


def mentions(text: str, known: KnownActions, plain: Said = Said.NAMED) -> tuple[Mention, ...]:
    """The actions that a text names, in its order, with what it says of each: `plain` where it says nothing.

    A name can be there more than once. Where the sentence of a refusal stands ("Policy doesn't allow … to be
    performed"), nothing but that is refused by saying nothing. A line that ends in a colon speaks of those below it.
    """
    quoted = {at for match in SENTENCE.finditer(text) for at in range(match.start(1), match.end(1))}
    plain = Said.NAMED if quoted and plain is Said.REFUSED else plain
    found: list[Mention] = []
    heading = plain
    for clause_at, clause in _split(text, _SENTENCE_END):
        names = tuple(_names(clause, known))
        found += (
            Mention(name, Said.REFUSED if at + clause_at in quoted else said)
            for at, name, said in _told(clause, names, known, heading)
        )
        if not names:
            told = _TELLING.search(clause) if clause.rstrip().endswith(":") else None
            heading = _said(told) if told else plain
    return tuple(found)


def _told(
    clause: str, names: tuple[tuple[int, str], ...], known: KnownActions, plain: Said
) -> Iterator[tuple[int, str, Said]]:
    """The names of one sentence or clause, with their places."""
    told = {_said(match) for match in _TELLING.finditer(_bare(clause))} if names else set()
    if len(told) > 1:
        yield from _told_in_pieces(clause, known)
    else:
        said = next(iter(told), plain)
        yield from ((at, name, said) for at, name in names)


def _told_in_pieces(clause: str, known: KnownActions) -> Iterator[tuple[int, str, Said]]:
    """Of a clause that says both: names wait for the next word that tells, unless the one before them comes first.

    “a, b are denied, c works”: a and b are refused. “denied: a, b (granted: c)” says the same.
    """
    waiting: list[tuple[int, str]] = []
    ahead: Said | None = None
    last = Said.NAMED
    for at, piece in _split(clause, _PIECE_END):
        names = [(at + place, name) for place, name in _names(piece, known)]
        match = _TELLING.search(_bare(piece))
        waiting += names
        if match:
            last = _said(match)
            leads = bool(names) and match.start() < names[0][0] - at
            if ahead is not None and leads:
                yield from ((place, name, ahead) for place, name in waiting[: -len(names)])
                waiting = names
            yield from ((place, name, last) for place, name in waiting)
            waiting = []
            ahead = last if leads else None
    yield from ((place, name, last) for place, name in waiting)


def _names(text: str, known: KnownActions) -> Iterator[tuple[int, str]]:
    """The action names of a text with their places, each as it would be written.

    One with something before it (`action:ecs:servers:list`) counts where its service is known: else it is an URN.
    """
    for match in _CHAIN.finditer(text):
        *before, service, resource_type, verb = match[0].rsplit(":", 3)
        name = f"{service.lower()}:{resource_type}:{verb}"
        try:
            action_key(name)
        except ActionNameError:  # too long
            continue
        if not before or known.has_service(parse_action(name).service):
            yield match.start(), name


def _bare(text: str) -> str:
    """The text, as long as before, without its names: `ecs:servers:allow` says nothing."""
    return _CHAIN.sub(lambda match: "·" * len(match[0]), text)


def _said(match: re.Match[str]) -> Said:
    return Said.REFUSED if match["refused"] else Said.GRANTED


def _split(text: str, at: re.Pattern[str]) -> Iterator[tuple[int, str]]:
    """The parts of a text with their places."""
    start = 0
    for match in at.finditer(text):
        yield start, text[start : match.start()]
        start = match.end()
    yield start, text[start:]
