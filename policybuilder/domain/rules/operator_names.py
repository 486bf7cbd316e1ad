"""What a misspelt operator of a condition was meant to be, prefix and suffix included; and a key, and a Boolean value.

A lost IfExists or ForAnyValue changes whom a policy serves, so that no suggestion is without what was written there.
"""

from difflib import get_close_matches

from policybuilder.domain.policy.condition_terms import (
    BUCKET_OPERATORS,
    GLOBAL_KEYS,
    IF_EXISTS,
    OPERATORS,
    SET_PREFIXES,
    parse_operator,
)

LONGEST = 64  # characters of a name for which near ones are looked up
MOST_NEAREST = 20  # names of a policy for which they are

_PREFIXES = {prefix.casefold(): prefix for prefix in SET_PREFIXES}
_NAMES = {
    name.casefold(): name
    for base in OPERATORS
    for name in (base, f"{base}{IF_EXISTS}")
    if parse_operator(name) is not None
}
_BUCKET = {
    f"{name}{suffix}".casefold(): f"{there}{suffix}" if there else ""
    for name, there in BUCKET_OPERATORS.items()
    for suffix in ("", IF_EXISTS)
}


_KEYS = {name.casefold().removeprefix("g:"): name for name in GLOBAL_KEYS}
_BOOLEANS = {"true": "true", "yes": "true", "on": "true", "false": "false", "no": "false", "off": "false"}


def near_key(text: str) -> str | None:
    """The global key that is spelt nearly like it, with or without its g:."""
    if len(text) > LONGEST:
        return None
    found = get_close_matches(text.casefold().removeprefix("g:"), _KEYS, n=1, cutoff=0.8)
    return _KEYS[found[0]] if found else None


def near_boolean(text: str) -> str | None:
    """“true” or “false”, for what is spelt nearly so or means it."""
    folded = text.strip().casefold()
    if folded in _BOOLEANS:
        return _BOOLEANS[folded]
    found = get_close_matches(folded, ["true", "false"], n=1, cutoff=0.7) if len(folded) < LONGEST else []
    return found[0] if found else None


def respelt(text: str) -> str | None:
    """The operator that differs in nothing but the case of letters."""
    prefix, colon, name = text.casefold().rpartition(":")
    meant = _NAMES.get(name)
    if meant is None or (colon and (prefix not in _PREFIXES or meant == "Null")):
        return None
    return _with_prefix(_PREFIXES.get(prefix, ""), meant)


def of_buckets(text: str) -> str | None:
    """What stands here for an operator of bucket policies: "" for nothing; None where it is no such operator."""
    prefix, name = _divided(text)
    there = _BUCKET.get(name)
    return _with_prefix(_prefixes(prefix)[0], there) if there else there


def near(text: str) -> list[str]:
    """Operators that are spelt nearly like it, at most two, the nearest first."""
    if len(text) > LONGEST:
        return []
    prefix, name = _divided(text)
    of = [known for known in _NAMES if known.endswith(IF_EXISTS.casefold())]
    candidates = of if name.endswith(IF_EXISTS.casefold()) else list(_NAMES)
    names = [_NAMES[found] for found in get_close_matches(name, candidates, n=2)]
    return [_with_prefix(each, found) for found in names for each in _prefixes(prefix)][:2]


def _divided(text: str) -> tuple[str, str]:
    """What stands for the prefix and what for the name, folded; the ":" between them may be missing."""
    folded = text.casefold()
    prefix, colon, name = folded.rpartition(":")
    if not colon:
        prefix = next((known for known in _PREFIXES if folded.startswith(known)), "")
        name = folded.removeprefix(prefix)
    return prefix, name


def _prefixes(folded: str) -> tuple[str, ...]:
    """Those that a prefix can have been meant to be; the one that is none, where there is none."""
    if not folded:
        return ("",)
    close = get_close_matches(folded, _PREFIXES, n=1)
    return tuple(_PREFIXES[each] for each in close) or SET_PREFIXES


def _with_prefix(prefix: str, name: str) -> str:
    return f"{prefix}:{name}" if prefix else name
