"""What a form may send: how much of it is read, and the text of a file in it."""

from codecs import BOM_UTF16_BE, BOM_UTF16_LE

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import UploadedFile

from policybuilder.domain.jsontext.source import MAX_BYTES

NO_TEXT = "The file is no text in {encoding}: byte {byte:,} does not fit. Save it as UTF-8 and choose it again."
TOO_LARGE = "The file has {size:,} bytes; {why} {most:,}. It was not read."

MAX_REQUEST = 1_500_000  # bytes; two policies, what they were before, and two files
MAX_KEY = 1600  # of a key or resource; IAM takes 1,500 characters in a resource
MAX_VALUES = 12_000


class OversizedError(RequestDataTooBig):
    """A request has more than MAX_REQUEST bytes. Django's own limit is for the fields of a form, without its files."""


def read_file(file: "UploadedFile[bytes]", most: int = MAX_BYTES, why: str = "IAM takes") -> tuple[str, str]:
    """The text of a file, or what is wrong with it. `why` says who takes no more than `most` bytes."""
    if (size := file.size or 0) > most:
        return "", TOO_LARGE.format(size=size, why=why, most=most)
    content = file.read()
    if content.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        encoding, name = "utf-16", "UTF-16"
    else:
        encoding, name = "utf-8-sig", "UTF-8"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as fault:
        return "", NO_TEXT.format(encoding=name, byte=fault.start + 1)
    if not text.strip():
        return "", "The file is empty."
    return line_feeds(text), ""


def line_feeds(text: str) -> str:
    """Browsers send line breaks as CR LF, whatever was pasted."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def text_to_undo_to(text: str, most: int) -> str | None:
    """The text before a change. One of more than `most` characters, far longer than any policy, is not kept: it would
    travel with every submission."""
    return text if len(text) <= most else None
