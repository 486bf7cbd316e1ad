"""The nearest names to an unknown one."""

from collections.abc import Collection
from difflib import get_close_matches

NO_OPERATION = "There is no operation {id!r}."
MEANT = " Did you mean {near}?"

MOST_SUGGESTIONS = 3  # in one answer; each takes some milliseconds
_MOST = 3  # names in a suggestion
_LONGEST = 200  # characters; comparing takes the product of the lengths


def did_you_mean(wanted: str, known: Collection[str]) -> str:
    """` Did you mean …?` with the nearest of `known`, best first; empty where none is near.

    A name is compared whole, then by its last part alone, so `attaching-a-disk` has neighbours as well.
    """
    if not wanted or len(wanted) > _LONGEST:
        return ""
    whole = {name.casefold(): name for name in known}
    near = [whole[key] for key in get_close_matches(wanted.casefold(), whole, _MOST)]
    if not near:
        last: dict[str, str] = {}
        for name in known:
            last.setdefault(_last_part(name), name)
        near = [last[key] for key in get_close_matches(_last_part(wanted), last, _MOST)]
    return MEANT.format(near=", ".join(near)) if near else ""


def _last_part(name: str) -> str:
    return name.casefold().rpartition("/")[2].rpartition(":")[2]
