"""The labels that browsers and tools write beside the address, method and status of a request.

Examples: `Request URL: https://…`, a line `Request URL` above its value, `:path: /v1/…` of HTTP/2, `"method": "GET"`.
"""

import re
from dataclasses import dataclass
from enum import Enum

_LABEL = re.compile(
    r"""
    [\s>*\[|"'-]{0,12}(?:
      (?P<path>:path)
      | (?P<address>request[ _-]?ur[il]|(?P<plain>ur[il]))
      | (?P<pseudo>:method)
      | (?P<method>(?:(?:http|request)[ _-]?)?method)
      | (?P<status>(?:(?:http|response)[ _-]?)?status(?:[ _-]?code)?)
    )(?P<quote>["']?)(?:\s{0,4}[:=]\s{0,4}|\t\s{0,4}|\s{0,4}$)(?P<value>.?)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_METHOD = re.compile(r"(?<!access-control-request-)method(?![a-z-])", re.IGNORECASE)


class Field(Enum):
    """A labelled part of a request. PATH and PSEUDO_METHOD are the headers `:path` and `:method` of HTTP/2."""

    ADDRESS = "address"
    PATH = "path"
    METHOD = "method"
    PSEUDO_METHOD = "pseudo"
    STATUS = "status"


@dataclass(frozen=True, slots=True)
class Label:
    """A label at the beginning of a line. `alone`: the value follows on the next line. `plain`: `url` in quotes, which
    the JSON of an answer can have as well."""

    field: Field
    alone: bool = False
    plain: bool = False


def label_of(line: str) -> Label | None:
    """The label that a line begins with."""
    match = _LABEL.match(line.rstrip("\r\n"))
    if match is None or (match["status"] and not match["value"].isdecimal() and match["value"]):
        return None
    field = next(field for field in Field if match[field.value])
    return Label(field, not match["value"], bool(match["plain"] and match["quote"]))


def speaks_of_method(line: str) -> bool:
    """Whether a line says "method", other than in a header of CORS or an override."""
    return bool(_METHOD.search(line))
