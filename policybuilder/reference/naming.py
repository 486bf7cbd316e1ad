"""Slugs of categories and operations: of their titles, and where these are equal of what tells the rows apart."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import PurePosixPath

from policybuilder.reference.rows import NATIVE, PublishedRow

NATIVE_API = re.compile(r"\(native OpenStack API\)", re.IGNORECASE)

LONGEST_SLUG = 100


def slug(title: str) -> str:
    """Cut between words where it would be longer than people can read."""
    whole = re.sub(r"[^a-z0-9]+", "-", NATIVE_API.sub("native", title).casefold()).strip("-")
    return whole if len(whole) <= LONGEST_SLUG else whole[: LONGEST_SLUG + 1].rpartition("-")[0]


def is_native(title: str, category: str, urls: Iterable[str]) -> bool:
    """Whether an operation is one of the native OpenStack API: so say its titles, or where its pages stand."""
    return bool(NATIVE.search(title) or NATIVE.search(category) or any("/native_openstack_" in url for url in urls))


def row_slugs(rows: Sequence[PublishedRow]) -> list[str]:
    """One for each row of a category, each different. '' for a row that nothing tells apart from another.

    A row of a later edition changes only the slugs of those that have the same title.
    """
    titles = [slug(row.title) for row in rows]
    found = []
    for row, title in zip(rows, titles, strict=True):
        alike = [other for other, name in zip(rows, titles, strict=True) if name == title]
        found.append(title if len(alike) == 1 else _told_apart(title, row, alike))
    return found


def _told_apart(title: str, row: PublishedRow, alike: list[PublishedRow]) -> str:
    paths = [_segments(other) for other in alike]
    shared = [segment for segment in paths[0] if all(segment in path for path in paths)]
    tells: tuple[Callable[[PublishedRow], str], ...] = (
        _version,
        lambda row: " ".join(segment for segment in _segments(row) if segment not in shared),
        lambda row: " ".join(action.partition(":")[2] for action in row.all_actions),
        _first_call,
    )
    for tell in tells:
        endings = [slug(tell(other)) for other in alike]
        if all(endings) and max(Counter(endings).values()) == 1:
            return f"{title}-{slug(tell(row))}"
    return ""


def _first_call(row: PublishedRow) -> str:
    return row.calls[0] if row.calls else ""


def _version(row: PublishedRow) -> str:
    match = re.search(r"/(v[0-9.]+)/", _first_call(row))
    return match[1] if match else ""


def _segments(row: PublishedRow) -> list[str]:
    """Those of its first call's path that are no parameters."""
    path = _first_call(row).partition(" ")[2].partition("?")[0].partition(",")[0]
    return [segment for segment in path.split("/") if segment and not segment.startswith("{")]


def shortest_names(pages: Iterable[str]) -> dict[str, str]:
    """A slug for each page (repository/path.rst): its file's name, with as many folders as distinguish it."""
    parts = {page: PurePosixPath(page).with_suffix("").parts for page in pages}
    found = {}
    for page, own in parts.items():
        length = 1
        while sum(other[-length:] == own[-length:] for other in parts.values()) > 1:
            length += 1
        found[page] = slug(" ".join(own[-length:]))
    return found
