"""A draft in a link: nothing is stored on the server, so the address is all there is.

A link holds the draft's `entries`, a line for each, with tabs between its texts. They are deflated, written in
URL-safe Base64, and follow a digest: a changed or truncated link is reported. Links of the first format, which begin
with "1", still open. They have no digest, only zlib's checksum: it reports a truncated link, and nearly every changed
one.
"""

import base64
import binascii
import re
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from hashlib import blake2b

from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.remembering import remembered

from .draft import Draft, clean_name
from .entries import MAX_ENTRIES, NAMING, Entry, Opened, entries_of, open_entries
from .first_links import first_entries

LINK_CUT = "The link is damaged or cut off. {n} of its entries could be read; check whether something is missing."
LINK_DAMAGED = "The link is damaged: nothing in it could be read. Ask for it again, or start anew."

MAX_LINK = 6000  # characters; with the rest of the address it stays below the 8190 that servers commonly take
MAX_TOKEN = 60_000  # in a form, which takes more
MAX_TEXT = 200_000  # characters behind a token, so that a few bytes cannot unfold into a flood
_FIRST, _FORMAT = "1", "2"
_DIGEST = 6  # bytes
_RAW = -zlib.MAX_WBITS  # no checksum of its own, since the digest is the better one
# What most links hold. It belongs to the format: with another one, no link of before could be read.
COMMON = (
    b"label\tall-dependencies\nkeep\tcondition\tStringEquals\tresource\textra\tname\toptions-off\twithout\tdeny\n"
    b"updating-attaching-batch-adding-modifying-creating-deleting-tags-of-security-group-disk-metadata-from-specified-"
    b"native-openstack-api\tquerying-a-list-of-details-about-an-ecs-native\tlifecycle-management/\tstatement\nactions\t"
    b"ecs:servers:\tlist\tget\nstatement\noperations\tecs/"
)
_ESCAPED = {"\\": "\\\\", "\n": "\\n", "\t": "\\t"}
_WRITTEN = {escaped: character for character, escaped in _ESCAPED.items()}


@remembered(500_000, weigh=lambda token, draft: len(_text(draft)))
def encode(draft: Draft) -> str:
    """The draft as text for an address: `A-Z a-z 0-9 - _`, empty for an empty draft. Equal drafts give equal text."""
    text = _text(draft).encode()
    if not text:
        return ""
    packer = zlib.compressobj(9, zlib.DEFLATED, _RAW, zlib.DEF_MEM_LEVEL, zlib.Z_DEFAULT_STRATEGY, COMMON)
    packed = packer.compress(text) + packer.flush()
    return _FORMAT + base64.urlsafe_b64encode(_digest(text) + packed).decode().rstrip("=")


def fits_form(draft: Draft) -> bool:
    """Whether a form can send the draft, and it can be opened whole."""
    return len(encode(draft)) <= MAX_TOKEN and len(_text(draft).encode()) < MAX_TEXT


def decode(catalog: Catalog, token: str) -> Opened:
    """The draft of a link as far as it can be read, and what could not. Takes any text; never raises."""
    if not token:
        return Opened()
    entries, whole = _read(token)
    opened, readable = open_entries(catalog, entries, damaged=not whole)
    if whole or opened.too_large:
        return opened
    damage = LINK_CUT.format(n=readable) if readable > 0 else LINK_DAMAGED
    return Opened(opened.draft, (damage, *opened.problems))


def has_digest(token: str) -> bool:
    """Whether the format of a link has a digest: the first one has none."""
    return not token.startswith(_FIRST)


def name_of(token: str) -> str:
    """The name of the draft in a link, without looking at what else is there; "" for one without a name."""
    entries, _ = _read(token) if token else ((), False)
    return next((clean_name(" ".join(texts)) for kind, *texts in entries if kind == "name"), "")


def _read(token: str) -> tuple[Iterable[Entry], bool]:
    """The entries of a link as far as it can be read, and whether these are all, and as they were."""
    text, whole = _unpack(token)
    pieces = re.split(r"([\n\t])", text, maxsplit=MAX_ENTRIES)
    if len(pieces) > 2 * MAX_ENTRIES:
        text, whole = "".join(pieces[:-1]), False
    lines = text.split("\n")
    if not whole:
        lines[-1:] = _whole_part(token, lines[-1])
    return (first_entries(lines) if token[0] == _FIRST else _read_lines(lines)), whole


def _text(draft: Draft) -> str:
    return "\n".join("\t".join(map(_escaped, entry)) for entry in entries_of(draft))


def _escaped(text: str) -> str:
    return re.sub(r"[\\\n\t]", lambda found: _ESCAPED[found[0]], text)


def _read_lines(lines: Iterable[str]) -> Iterator[Entry]:
    for line in lines:
        kind, *parts = line.split("\t")
        yield kind, *(re.sub(r"\\[\\nt]", lambda found: _WRITTEN[found[0]], part) for part in parts)


def _whole_part(token: str, line: str) -> list[str]:
    """What stands for certain in the line where a text was cut off: of names those before the last, else nothing."""
    names = line.split("\t")[:-1]
    return ["\t".join(names)] if token[0] == _FORMAT and names[:1] and names[0] in NAMING and names[2:] else []


def _digest(text: bytes) -> bytes:
    return blake2b(text, digest_size=_DIGEST).digest()


def _unpack(token: str) -> tuple[str, bool]:
    """The text behind `token` as far as it goes, and whether that is all of it, and as it was."""
    if token[0] not in (_FIRST, _FORMAT) or len(token) > MAX_TOKEN + 1:
        return "", False
    packed, whole = _bytes(token[1:].strip())
    if token[0] == _FIRST:
        digest, unpacker = b"", zlib.decompressobj()
    else:
        digest, packed = packed[:_DIGEST], packed[_DIGEST:]
        unpacker = zlib.decompressobj(_RAW, zdict=COMMON)
    text = bytearray()
    with suppress(zlib.error):
        for byte in packed:  # one at a time, so that everything before a fault is had
            text += unpacker.decompress(bytes([byte]), MAX_TEXT - len(text))
            if len(text) >= MAX_TEXT:
                return text.decode(errors="ignore"), False
    whole = whole and unpacker.eof and (token[0] == _FIRST or digest == _digest(bytes(text)))
    return text.decode(errors="ignore"), whole


def _bytes(body: str) -> tuple[bytes, bool]:
    """What stands behind Base64 as far as it goes, and whether that is all of it."""
    try:
        return base64.b64decode(body + "=" * (-len(body) % 4), altchars=b"-_", validate=True), True
    except (binascii.Error, ValueError):
        clean = re.split(r"[^A-Za-z0-9_-]", body, maxsplit=1)[0]
        return base64.urlsafe_b64decode(clean[: len(clean) // 4 * 4]), False
