"""A process of gunicorn, in which clients that are slow keep nobody else waiting.

Every connection is a greenlet of gevent. That costs some kilobytes, so that hundreds can wait for their clients. Django
is not among those who wait: it gets a request when all of it is there, and is done with it before the answer is sent.
That work is done by a few greenlets that live as long as the process. Hence it never has more database connections than
these, however many clients are connected.

Nothing of Django may be imported here before gevent has changed the standard library, which it does in each process
after the fork: what was made before would stop the whole process where it should let others run.
"""

import errno
import struct
import sys
from collections.abc import Callable, Iterable
from socket import SO_LINGER, SOL_SOCKET
from tempfile import SpooledTemporaryFile
from typing import Any, NoReturn

import gevent
from gevent.event import AsyncResult
from gevent.lock import Semaphore
from gevent.queue import SimpleQueue
from gunicorn.workers.ggevent import GeventWorker

AT_ONCE = 4  # requests in Django
SECONDS_OF_A_REQUEST = 60  # to send the body and to take the answer; for the head, `keepalive` in gunicorn.conf.py
SECONDS_TO_LEAVE = 3  # for those who are still connected when a process that is to end takes no new connection
MAX_BODY = 1_500_000  # bytes; MAX_REQUEST in web/uploads.py, which needs Django
MAX_IN_MEMORY = 256 * 1024  # of one body; a longer one is written to a temporary file
PIECE = 64 * 1024
BEFORE_ALL = 2  # of the priorities of gevent: comes to its turn however much there is to send and to receive

Environment = dict[str, Any]
Application = Callable[[Environment, Callable[..., Any]], Iterable[bytes]]


class Worker(GeventWorker):  # type: ignore[misc]  # gunicorn has no types
    wsgi: Application

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._clients: set[gevent.Greenlet] = set()
        self._quits = False

    def load_wsgi(self) -> None:
        super().load_wsgi()
        self.wsgi = whole_requests(self.wsgi)

    def handle(self, listener: Any, client: Any, address: Any) -> None:
        """All requests of one connection."""
        greenlet = gevent.getcurrent()
        self._clients.add(greenlet)
        try:
            super().handle(listener, client, address)
        finally:
            self._clients.discard(greenlet)

    def handle_request(self, listener: Any, request: Any, client: Any, address: Any) -> None:
        try:
            with gevent.Timeout(SECONDS_OF_A_REQUEST, hung_up()):
                super().handle_request(listener, request, client, address)
        except ConnectionResetError:
            # The system forgets what it has not sent. Otherwise it would keep that for minutes, for somebody who does
            # not read.
            client.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
            raise

    def handle_exit(self, signal: int, frame: Any) -> None:
        """The process is to end: gunicorn takes no new connection, and waits until those that there are have ended."""
        super().handle_exit(signal, frame)
        gevent.spawn(self._hang_up)

    def handle_quit(self, signal: int, frame: Any) -> None:
        """The process is to end at once. gunicorn's own way lets it end by itself meanwhile, and then ends it again."""
        if not self._quits:
            self._quits = True
            gevent.spawn(self._quit)

    def _quit(self) -> NoReturn:
        self.cfg.worker_int(self)
        sys.exit(0)

    def _hang_up(self) -> None:
        while any(listener.fileno() >= 0 for listener in self.sockets):  # gunicorn sees to it within a second
            gevent.sleep(0.1)
        gevent.sleep(SECONDS_TO_LEAVE)
        gevent.killall(list(self._clients), hung_up(), block=False)


def hung_up() -> ConnectionResetError:
    """What gunicorn takes for a client that went away: it closes the connection and logs nothing."""
    return ConnectionResetError(errno.ECONNRESET, "the connection was closed")


def whole_requests(application: Application) -> Application:
    """`application`, called with requests that are complete, by one of a few greenlets."""
    calls: SimpleQueue = SimpleQueue()
    # Between two requests the process looks once at its connections. A request that keeps the processor busy would
    # otherwise be followed by the next, and the next, while answers that are done and new clients wait.
    turn = Semaphore()

    def work() -> NoReturn:
        while True:
            with turn:  # before there is a request: one that was taken would wait as long as others are quicker
                gevent.idle(BEFORE_ALL)
            answer, environ, start_response = calls.get()
            with environ["wsgi.input"]:
                try:
                    answer.set(application(environ, start_response))
                except BaseException as error:  # whatever it is, it is for the greenlet of the connection
                    answer.set_exception(error, sys.exc_info())

    for _ in range(AT_ONCE):
        gevent.spawn(work)

    def call(environ: Environment, start_response: Callable[..., Any]) -> Iterable[bytes]:
        environ["wsgi.input"] = receive(environ)
        answer = AsyncResult()
        calls.put((answer, environ, start_response))
        result: Iterable[bytes] = answer.get()
        return result

    return call


def receive(environ: Environment) -> "SpooledTemporaryFile[bytes]":
    """The whole body of a request; nothing of one that is too long. Raises ConnectionResetError.

    One that is too long is read all the same, since a client that still sends does not look for an answer. Its length
    stands in the head, and Django refuses it for that.
    """
    source, length = environ["wsgi.input"], 0
    body = SpooledTemporaryFile(MAX_IN_MEMORY)  # noqa: SIM115  closed by who reads it
    try:
        while piece := source.read(PIECE):
            length += len(piece)
            if length <= MAX_BODY:
                body.write(piece)
            gevent.sleep(0)  # where a client sends faster than this reads, nobody else would have a turn
        if length < int(environ.get("CONTENT_LENGTH") or 0):
            raise hung_up()
        body.seek(0)
        if length > MAX_BODY:
            body.truncate()
    except BaseException:
        body.close()
        raise
    return body
