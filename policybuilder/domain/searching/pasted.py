"""A pasted text -> the search that is meant by it: a call as it is published, or the name of an action.

An address with ids, a line for curl or a refusal can hold tokens, ids and names that nobody wants in an address or a
log. Nothing of it is kept but what the catalogue has too; of a text that names neither call nor action, plain words.
"""

import re

from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.refusal.api_calls import VERSION, NamedCall
from policybuilder.domain.refusal.known_calls import calls_of
from policybuilder.domain.refusal.subject import Subject, SubjectCall

MOST_READ = 4_000  # characters of a text
MOST_SEGMENTS = 12  # of a call that is not known
_LONG = 100  # characters; what somebody types is shorter
_PASTED = re.compile(
    r"""https?:// | \bcurl\b | \bX-[A-Z][a-z]+-[A-Z] | "\s{0,8}: | \bto\s{1,8}be\s{1,8}performed
    | (?<![0-9A-Za-z])[0-9a-f]{32}(?![0-9A-Za-z]) | [0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-
    | [?&][\w.-]{1,40}=(?!\{) | (?:pass\w{0,10}|pwd|token|secret|key|\b[as]k)["']?\s{0,3}= | \bbearer\s
    | (?<![0-9A-Za-z])(?=[A-Za-z]{0,99}[0-9])[0-9A-Za-z]{20}""",
    re.VERBOSE | re.IGNORECASE,
)
_VERSION = re.compile(VERSION)
_SECRET = re.compile(
    r"""(?:(?:pass\w{0,10}|pwd|token|secret|key)["']?\s{0,3}[:=]|\bbearer\s)\s{0,3}(?:bearer\s{1,3})?\S{1,4000}""",
    re.IGNORECASE,
)
_PLAIN = re.compile(r"(?<!\S)[^\W\d_]{1,30}[.,:;!?]?(?!\S)")


def is_pasted(text: str) -> bool:
    return len(text) > _LONG or _PASTED.search(text) is not None


def meant_by(catalog: Catalog, text: str) -> str:
    """The search for a text that was pasted. What it leads to is never read as a pasted one again."""
    subject = Subject(catalog, text[:MOST_READ], cut=False)
    if subject.named:
        return subject.named[0].name
    if subject.calls:
        return next((_published(catalog, call) for call in subject.calls if call.found), None) or _without_names(
            catalog, subject.calls[0].refused.call
        )
    words = " ".join(_PLAIN.findall(_SECRET.sub(" ", text[:MOST_READ])))
    return words if len(words) <= _LONG else words[: _LONG + 1].rpartition(" ")[0]


def _published(catalog: Catalog, call: SubjectCall) -> str:
    """Of a call whose body tells which of several it is, the action; of one whose method nobody says, the path."""
    first = call.found[0]
    several = len(calls_of(catalog).find(call.refused.call)) > len(call.found)
    if not first.method or (several and len(call.actions) == 1):
        return call.actions[0]
    return f"{first.method} {first.path}" if call.refused.call.method else first.path


def _without_names(catalog: Catalog, call: NamedCall) -> str:
    """A call that is not known, with its version and those segments only that some call of the catalogue has."""
    if call.of_objects:
        return call.method or ""
    known = calls_of(catalog).segments
    segments = [
        segment if segment.casefold() in known or _VERSION.fullmatch(segment) else "{id}"
        for segment in call.path.split("/")[1:MOST_SEGMENTS]
    ]
    return f"{call.method or ''} /{'/'.join(segments)}".strip()
