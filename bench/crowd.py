"""Clients that harm a server by how they send or read. Prints "connected", and works until its input is closed.

    python -m bench.crowd KIND COUNT PORT ADDRESS PATH

ADDRESS is the source address of the clients. PATH is the address of a large answer, for clients that do not read
it. Clients that send as fast as they can connect again when the server hangs up.
"""

import resource
import select
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

SMALL_SEGMENT = 536  # bytes; makes the buffers of the system small, so that it does not read in the client's place
POST = b"POST /api/v1/compile/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"
NEVER = float("inf")


@dataclass(frozen=True)
class Kind:
    """`more` is sent after `first` every `seconds`; 0 is as fast as the server takes it."""

    first: bytes
    more: bytes = b""
    seconds: float = NEVER
    reads: bool = True


KINDS = {
    "slow heads": Kind(POST + b"X-Slow: ", b"a", 1),
    "slow bodies": Kind(POST + b"Content-Length: 9999\r\n\r\n{", b" ", 1),
    "slow readers": Kind(b"GET %b HTTP/1.1\r\nHost: localhost\r\n\r\n", reads=False),
    "one-byte chunks": Kind(CHUNKED, b"1\r\na\r\n" * 1000, 0),
    "endless chunks": Kind(CHUNKED + b"fffffff\r\n", b" " * 65536, 0),
    "endless chunk lines": Kind(CHUNKED, b"0" * 65536, 0),
    "unfinished heads": Kind(POST + b"".join(b"X-%d: %b\r\n" % (each, b"a" * 8000) for each in range(71))),
}


class Client:
    def __init__(self, kind: Kind, first: bytes, address: str, port: int):
        self._kind, self._left, self._next = kind, first, time.monotonic() + kind.seconds
        self.socket = socket.socket()
        if not kind.reads:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)  # as little as the system allows
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, SMALL_SEGMENT)
        self.socket.bind((address, 0))
        self.socket.setblocking(False)
        self.socket.connect_ex(("127.0.0.1", port))

    def go_on(self) -> bool:
        """Send the bytes that are due. False once the server has answered or hung up."""
        if not self._left and time.monotonic() >= self._next:
            self._left, self._next = self._kind.more, time.monotonic() + self._kind.seconds
        try:
            with suppress(BlockingIOError):
                self._left = self._left[self.socket.send(self._left) :] if self._left else b""
            if self._kind.reads:
                with suppress(BlockingIOError):
                    self.socket.recv(4096)
                    return False
        except OSError:
            return False
        return True


def crowd(kind: Kind, count: int, port: int, address: str, path: str) -> Iterator[None]:
    """Each step gives every client a turn."""
    first = kind.first % path.encode() if b"%b" in kind.first else kind.first
    clients = [Client(kind, first, address, port) for _ in range(count)]
    while True:
        stayed = []
        for client in clients:
            if client.go_on():
                stayed.append(client)
            else:
                client.socket.close()
        if kind.seconds == 0:
            stayed += [Client(kind, first, address, port) for _ in range(count - len(stayed))]
        clients = stayed
        yield


if __name__ == "__main__":
    name, number, at, own, asked = sys.argv[1:]
    _, most_files = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most_files, most_files))
    for turn, _ in enumerate(crowd(KINDS[name], int(number), int(at), own, asked)):
        if turn == 1:
            print("connected", flush=True)
        if select.select([sys.stdin], [], [], 0 if KINDS[name].seconds == 0 else 0.05)[0]:
            break
