"""A draft as a file: the entries of its link as JSON, an entry a line, with the format's number in front.

It has no digest: whoever changes it by hand means to.
"""

import json

from django.core.files.uploadedfile import UploadedFile

from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.words import printable
from policybuilder.web.uploads import read_file

from .draft import Draft, is_text
from .entries import MAX_ENTRIES, UNKNOWN, Entry, Opened, entries_of, open_entries
from .link import MAX_TEXT, fits_form

NO_WHOLE_JSON = "The draft file is damaged: it is no whole JSON. Take another copy of it, and open that."
NOT_SAVED_HERE = "This is no draft that Policy Builder saved."
OTHER_FORMAT = (
    "The draft file has another format than this version of Policy Builder reads, which is {ours}. A newer version "
    "wrote it: open it there."
)
NO_ENTRIES = "The draft file is damaged: it has no list of entries."
TOO_MANY_ENTRIES = "The draft file was not opened: it holds more than {most:,} entries and names."
TOO_MUCH_TEXT = "The draft file was not opened: it holds more than {most:,} characters."

MAX_FILE = 400_000  # bytes; more than the entries of a token have
NO_POLICY = (
    "This is a draft that Policy Builder saved, and no policy. “Open a draft file” in the builder opens it; its text "
    "can be opened from “Check” as well."
)
_MARK = "policy-builder-draft"
_FORMAT = 2  # as in front of a link


class NoDraftFileError(ValueError):
    """A file that cannot be opened as a draft; the text says why."""


def write_file(draft: Draft) -> str:
    entries = ",\n".join(f"    {json.dumps(entry, ensure_ascii=False)}" for entry in entries_of(draft))
    return f'{{\n  "{_MARK}": {_FORMAT},\n  "entries": [\n{entries}\n  ]\n}}\n'


def is_draft_file(text: str) -> bool:
    """Whether a text says of itself that it is a draft, whole or not."""
    start = text[:200].lstrip("\ufeff \t\r\n")
    return start.startswith("{") and f'"{_MARK}"' in start


def read_policy_file(file: "UploadedFile[bytes]") -> tuple[str, str]:
    """The text of a file that is to be a policy, or what is wrong with it."""
    start = file.read(200).decode(errors="ignore")
    file.seek(0)
    return ("", NO_POLICY) if is_draft_file(start) else read_file(file)


def open_file(catalog: Catalog, text: str) -> Opened:
    """The draft of a file as far as it can be read, and what could not. Raises NoDraftFileError."""
    opened, _ = open_entries(catalog, _entries(text))
    if not fits_form(opened.draft):
        return Opened.refused("It holds more than the forms of these pages can send.")
    return opened


def _entries(text: str) -> list[Entry]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise NoDraftFileError(NO_WHOLE_JSON) from None
    if not isinstance(found, dict) or _MARK not in found:
        raise NoDraftFileError(NOT_SAVED_HERE)
    if found[_MARK] != _FORMAT:
        raise NoDraftFileError(OTHER_FORMAT.format(ours=_FORMAT))
    listed = found.get("entries")
    if not isinstance(listed, list):
        raise NoDraftFileError(NO_ENTRIES)
    if sum(max(len(entry), 1) if isinstance(entry, list) else 1 for entry in listed) > MAX_ENTRIES:
        raise NoDraftFileError(TOO_MANY_ENTRIES.format(most=MAX_ENTRIES))
    read = [_entry(entry) for entry in listed]
    if sum(len(text) for entry in read for text in entry) > MAX_TEXT:
        raise NoDraftFileError(TOO_MUCH_TEXT.format(most=MAX_TEXT))
    return read


def _entry(found: object) -> Entry:
    """Of what is no list of texts, what stands there can be told and no more."""
    if isinstance(found, list) and found and all(map(is_text, found)):
        return tuple(found)
    return UNKNOWN, printable(json.dumps(found, ensure_ascii=True)[:200])
