"""Action names and wildcards: parse, compare, match. The only module that splits a name on ":".

A name is `service:resourceType:verb`. The service is lower case and compared as it stands; the other two ignore case.
`*` stands for any characters of its own part, none included; it never reaches over a ":".
Source: IAM API reference, policy syntax.
"""

from functools import lru_cache
from typing import NamedTuple

TOO_LONG = "An action has at most {most} characters; this one has {n}."
NO_ACTION = "{name!r} is not an action. Expected service:resourceType:verb, e.g. ecs:servers:list."
NOT_LOWER_CASE = "{name!r} is not an action. Its service must be in lower case: {expected!r}."

MAX_CHARACTERS = 128  # IAM.1034
_ALLOWED = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_*")


class ActionNameError(ValueError):
    """A text that is no action name. The message says what was found and what was expected."""


class ActionName(NamedTuple):
    service: str
    resource_type: str
    verb: str


@lru_cache(maxsize=8192)
def parse_action(name: str) -> ActionName:
    """The three parts of `name`. Raises ActionNameError for anything that is not `service:resourceType:verb`."""
    if len(name) > MAX_CHARACTERS:
        raise ActionNameError(TOO_LONG.format(most=MAX_CHARACTERS, n=len(name)))
    parts = name.split(":")
    if len(parts) != 3 or not all(part and _ALLOWED.issuperset(part) for part in parts):
        raise ActionNameError(NO_ACTION.format(name=name))
    if parts[0] != parts[0].lower():
        raise ActionNameError(NOT_LOWER_CASE.format(name=name, expected=parts[0].lower()))
    return ActionName(*parts)


@lru_cache(maxsize=8192)
def action_key(name: str) -> str:
    """The form by which two spellings of one action are equal: only the service keeps its case."""
    service, resource_type, verb = parse_action(name)
    return f"{service}:{resource_type.lower()}:{verb.lower()}"


def service_of(name: str) -> str:
    return parse_action(name).service


def is_wildcard(name: str) -> bool:
    return "*" in name


def matches(pattern: str, name: str) -> bool:
    """Whether `pattern` covers `name`, which may be a wildcard itself: then every action it can match is meant.

    That needs no second algorithm: no fixed part of a pattern holds a "*", so a "*" in `name` can only be taken up by
    a "*" of `pattern`, and what that star takes up, it takes up whatever stands in its place.

        ecs:*:get*      ecs:servers:getTags   yes
        ecs:SERVERS:get ecs:servers:get       yes
        ecs:*:get       ecs:*:get*            no
        *:*:*           evs:volumes:*         yes
    """
    wanted, found = action_key(pattern).split(":"), action_key(name).split(":")
    return all(covers_part(part, other) for part, other in zip(wanted, found, strict=True))


def overlap(one: str, other: str) -> bool:
    """Whether some action is covered by both: `ecs:*:get` and `ecs:servers:*` share `ecs:servers:get`."""
    parts = zip(action_key(one).split(":"), action_key(other).split(":"), strict=True)
    return all(parts_overlap(part, opposite) for part, opposite in parts)


def parts_overlap(one: str, other: str) -> bool:
    """Whether two parts of names have a text in common.

    Between two stars anything fits, so of two parts with a "*" only the ends can disagree.
    """
    if not (is_wildcard(one) and is_wildcard(other)):
        return covers_part(one, other) or covers_part(other, one)
    starts = sorted((one.partition("*")[0], other.partition("*")[0]), key=len)
    ends = sorted((one.rpartition("*")[2], other.rpartition("*")[2]), key=len)
    return starts[1].startswith(starts[0]) and ends[1].endswith(ends[0])


def covers_part(pattern: str, text: str) -> bool:
    """Glob match with "*" only, linear: each fixed part is taken at its leftmost place, which never loses a match."""
    first, *rest = pattern.split("*")
    if not rest:
        return pattern == text
    *middle, last = rest
    if not (text.startswith(first) and text.endswith(last) and len(text) >= len(first) + len(last)):
        return False
    at, end = len(first), len(text) - len(last)
    for part in middle:
        found = text.find(part, at, end)
        if found < 0:
            return False
        at = found + len(part)
    return True
