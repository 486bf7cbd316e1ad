"""The status of an answer as texts give it: `HTTP/1.1 403 Forbidden`, `RESP: [204]`, `"status": 403`.

A number alone is a status only right after a path, on its line or alone on the next one, or right before a method. The
error of object storage comes without one when its body is pasted alone: `<Code>AccessDenied</Code>` goes with 403.
A browser's console and the HTTP library of Python write a status with its name only: `404 (Not Found)`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from .api_calls import PlacedCall

UNAUTHORIZED = 401  # the name is HTTP's: the service does not know who calls
FORBIDDEN = 403

_STATUS = re.compile(
    r"""
    expected[^\n\[]{0,40}\[[\d\ ,]{3,40}\]  # is no answer
    | (?P<head>(?:^[<\ \t]{0,8}HTTP/\d(?:\.\d)?[ \t]{1,4}|\bRESP:[ \t]{0,4}\[))
        (?P<first>[2-5]\d\d)(?!\w|\s{1,4}Connection)
    | (?P<lead>\bfailed[ ]with[ ]status[ ]code[ ])(?P<ahead>[2-5]\d\d)(?!\w)
    | \bHTTP(?:/\d(?:\.\d)?)?["']?[ \t:(\[]{1,4}(?P<http>[2-5]\d\d)(?!\w|\s{1,4}Connection)
    | (?:status|response|error)[ _-]?(?:code)?[\\"']{0,2}\s{0,4}[:=]?\s{0,4}[\\"'(\[]{0,2}(?P<named>[2-5]\d\d)(?!\w)
    | (?:\b(?:got|gets?|gave|gives|returned|returns|answered|answers|with)|→|->|=>)[ \t]{1,4}(?:an?[ \t])?
        (?P<said>[2-5]\d\d)(?!\w|[.:]\w)
    | (?<![\w.:])(?P<phrase>[2-5]\d\d)[:,)]?[ \t]\(?(?:OK|Created|Accepted|No[ ]Content|Partial[ ]Content|Not[ ]Modified
        |Found|Moved|See[ ]Other|Bad[ ]Request|Unauthori[sz]ed|Forbidden|Not[ ]Found|Method[ ]Not|Conflict
        |Too[ ]Many|Internal[ ]Server|Bad[ ]Gateway|Service[ ]Un|Gateway[ ]Time|Client[ ]Error|Server[ ]Error)\b
    | (?<!\d,)(?<![\w.:])(?P<before>[2-5]\d\d)["'\])]?[ \t,;|:-]{1,8}(?=(?:GET|HEAD|POST|PUT|PATCH|DELETE)\b)
    | <Code>\s{0,8}(?P<denied>AccessDenied)\s{0,8}</Code>
    | \bcode[\\"']{0,2}\s{0,4}[:=]\s{0,4}[\\"']{0,2}(?P<weak>[2-5]\d\d)(?!\w)
    """,
    re.VERBOSE | re.IGNORECASE | re.MULTILINE,
)
# IAM API Reference, "Error Codes"; API Gateway's APIGW.0301; the providers of Terraform.
_AUTHENTICATION = re.compile(
    r"authentication failed|requires authentication|incorrect IAM authentication information|\bAPIGW?\.0301\b",
    re.IGNORECASE,
)
_AFTER_PATH = re.compile(
    r"""
    [^\s"'`|,;]{0,300}["')\]>]{0,3}(?:
        [ \t,;|:→>=-]{1,8}["'\[(]?(?P<number>[2-5]\d\d)(?![\w.:/-])
        | [ \t]{0,8}\r?\n[ \t]{0,8}(?P<below>[2-5]\d\d)[ \t]{0,8}(?=\r?$)
    )
    """,
    re.VERBOSE | re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Status:
    """A status at its place. `head`: an answer begins with it. `weak`: it may be something else, such as an error's.
    `leads`: Axios writes the status before the call.
    """

    code: int
    start: int
    end: int
    head: bool = False
    weak: bool = False
    leads: bool = False


def says_unauthenticated(text: str) -> bool:
    """Whether a text without calls is the answer to a request whose authentication failed."""
    codes = {status.code for status in find_statuses(text, ())}
    return FORBIDDEN not in codes and (UNAUTHORIZED in codes or authentication_failed(text))


def authentication_failed(text: str) -> bool:
    """Whether an answer without a status says so."""
    return bool(_AUTHENTICATION.search(text))


def find_statuses(text: str, calls: Iterable[PlacedCall]) -> tuple[Status, ...]:
    """Every status of a text, in its order; those of what is under way (100 to 199) are none."""
    found: dict[int, Status] = {}  # by the place of the number
    for match in _STATUS.finditer(text):
        if match.lastgroup:
            group = next(name for name, number in match.groupdict().items() if number and name not in ("head", "lead"))
            head, weak, leads = bool(match["head"]), bool(match["weak"]), bool(match["lead"])
            code = 403 if group == "denied" else int(match[group])
            found[match.start(group)] = Status(code, match.start(), match.end(), head, weak, leads)
    for placed in calls:
        after = _AFTER_PATH.match(text, placed.end)
        if after:
            group = "number" if after["number"] else "below"
            found.setdefault(after.start(group), Status(int(after[group]), after.start(group), after.end()))
    return tuple(sorted(found.values(), key=lambda status: status.start))
