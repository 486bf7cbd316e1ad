"""A plain HTTP/1.1 client that counts every byte it receives, over one connection that stays open."""

import gzip
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Self

SECONDS_TO_ANSWER = 30
# What Chromium sends, as far as it changes the answer.
BROWSER_HEADERS = {"Accept-Encoding": "gzip, deflate, br, zstd"}


class WireError(OSError):
    """The server closed the connection early or answered with something that this client cannot count."""


@dataclass(frozen=True)
class Answer:
    """`size` is what came over the wire, headers included; `seconds` is from sending to the last byte."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    size: int
    seconds: float

    def text(self) -> str:
        packed = self.headers.get("content-encoding") == "gzip"
        return (gzip.decompress(self.body) if packed else self.body).decode()


class Connection:
    def __init__(self, host: str, port: int, seconds: float = SECONDS_TO_ANSWER):
        self.host = f"{host}:{port}"
        self._address = (host, port)
        self._seconds = seconds
        self._socket = self._connect()
        self._used = False

    def _connect(self) -> socket.socket:
        connected = socket.create_connection(self._address, self._seconds)
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connected

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._socket.close()

    def request(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] = BROWSER_HEADERS
    ) -> Answer:
        """Raises OSError. A connection that the server closed while it was idle is renewed, as browsers do."""
        lines = [f"{method} {path} HTTP/1.1", f"Host: {self.host}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        lines += [f"Content-Length: {len(body)}"] if method == "POST" else []
        message = "\r\n".join([*lines, "", ""]).encode() + body
        try:
            answer = self._exchange(message)
        except (WireError, ConnectionError):
            if not self._used:
                raise
            self.close()
            self._socket = self._connect()
            answer = self._exchange(message)
        self._used = True
        return answer

    def _exchange(self, message: bytes) -> Answer:
        started = time.perf_counter()
        self._socket.sendall(message)
        head, separator, rest = self._receive_until(b"\r\n\r\n")
        status, found = _parse_head(head)
        if "content-length" not in found:
            raise WireError("The answer names no Content-Length.")
        length = int(found["content-length"])
        while len(rest) < length:
            rest += self._receive()
        seconds = time.perf_counter() - started
        return Answer(status, found, rest, len(head) + len(separator) + len(rest), seconds)

    def _receive_until(self, separator: bytes) -> tuple[bytes, bytes, bytes]:
        received = b""
        while separator not in received:
            received += self._receive()
        return received.partition(separator)

    def _receive(self) -> bytes:
        received = self._socket.recv(65536)
        if not received:
            raise WireError("The server closed the connection.")
        return received


def _parse_head(head: bytes) -> tuple[int, dict[str, str]]:
    first, *lines = head.decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in lines)
    return int(first.split()[1]), {name.lower(): value.strip() for name, _, value in pairs}
