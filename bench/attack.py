"""One request to the program, and how a form, an upload or a call of the API is written as one."""

import base64
import json
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlencode

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
LINK = 8_000  # characters of a draft in an address; a server takes 8,190 of a request line
TOKEN = 60_000  # characters of a draft in a form
BODY = 255_000  # bytes
_BOUNDARY = "----a-boundary-that-no-hostile-text-holds"


@dataclass(frozen=True)
class Attack:
    """One request. `body` is sent as it is."""

    name: str
    path: str
    method: str = "GET"
    body: str = ""
    content_type: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def endpoint(self) -> str:
        """Method and path; an upload is an endpoint of its own."""
        upload = " (upload)" if self.content_type.startswith("multipart/") else ""
        return f"{self.method} {self.path.partition('?')[0][:40]}{upload}"


def form(name: str, path: str, fields: dict[str, str]) -> Attack:
    return Attack(name, path, "POST", urlencode(fields, errors="surrogatepass"), FORM)


def upload(name: str, path: str, fields: dict[str, str], files: dict[str, str] | None = None) -> Attack:
    """A form as multipart/form-data, which writes no character as three. `files` are texts by the name of the field."""
    parts = [("", field, text) for field, text in fields.items()]
    parts += [('; filename="a.json"', field, text) for field, text in (files or {}).items()]
    body = "".join(
        f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{field}"{file}\r\n\r\n{text}\r\n'
        for file, field, text in parts
    )
    return Attack(name, path, "POST", f"{body}--{_BOUNDARY}--\r\n", f"multipart/form-data; boundary={_BOUNDARY}")


def api(name: str, call: str, body: object) -> Attack:
    return Attack(name, f"/api/v1/{call}/", "POST", json.dumps(body), JSON)


def token(lines: Iterable[str], most: int) -> str:
    """A draft of the first format with as many of the lines as `most` characters hold. See drafts/link.py."""
    listed = list(lines)[:2_999]
    while True:
        token = "1" + base64.urlsafe_b64encode(zlib.compress("\n".join(listed).encode(), 9)).decode().rstrip("=")
        if len(token) <= most or len(listed) == 1:
            return token[:most]
        listed = listed[: max(1, len(listed) * most // len(token) - 1)]
