"""How a record is written to the log. Nothing that a client sends can begin a line of it, or steer a terminal."""

import copy
import logging
from typing import Any

MAX_LINE = 1000  # characters; a path can have eight times as many


class LineFormatter(logging.Formatter):
    """One line a record; a traceback below it is indented. A request that is answered with 4xx has none: Django logs
    one for each forged Host and each body that is too large."""

    def format(self, record: logging.LogRecord) -> str:
        record = copy.copy(record)
        record.exc_text = None  # by another formatter
        if 400 <= getattr(record, "status_code", 0) < 500:
            record.exc_info = record.stack_info = None
        return super().format(record)

    def formatMessage(self, record: logging.LogRecord) -> str:
        line = escaped(super().formatMessage(record))
        return line if len(line) <= MAX_LINE else f"{line[: MAX_LINE - 1]}…"

    def formatException(self, ei: Any) -> str:
        return _indented(super().formatException(ei))

    def formatStack(self, stack_info: str) -> str:
        return _indented(super().formatStack(stack_info))


def _indented(text: str) -> str:
    return "\n".join(f"    {escaped(line)}" for line in text.split("\n"))


def escaped(text: str) -> str:
    """On one line whatever was sent, and possible to encode, which half a character is not."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
