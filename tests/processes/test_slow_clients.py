"""Clients that take their time keep nobody else waiting. Each test talks to a server as `make run` starts it.

Nothing here measures time. Where somebody is kept waiting, a test ends in a TimeoutError.
"""

import json
import re
import select
import signal
import socket
from contextlib import ExitStack, suppress

import pytest

from policybuilder.web.uploads import MAX_REQUEST
from policybuilder.worker import MAX_BODY
from tests.processes.server import SECONDS, environment, serve

MANY = 40  # more than a server has threads that answers with threads
# gunicorn, with another value in policybuilder/worker.py, for a test that would wait long.
HURRIED = """
from gunicorn.app.wsgiapp import run
from policybuilder import worker

worker.{} = {}
run()
"""

CALL = json.dumps({"operations": ["ecs/batch-operations/starting-ecss-in-a-batch"]}).encode()
HALF_A_HEAD = b"POST /api/v1/compile/ HTTP/1.1\r\nHost: localhost\r\nX-Slow: "
HEAD = (
    b"POST /api/v1/compile/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
    b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n"
)
HALF_A_BODY = HEAD % len(CALL) + CALL[:20]
PAGE = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"


def connect(server, sent=b""):
    client = socket.socket()
    # The system holds little for a client that does not read.
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 536)
    client.settimeout(SECONDS)
    client.connect(("127.0.0.1", server.port))
    client.sendall(sent)
    return client


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with serve(environment(), tmp_path_factory.mktemp("server") / "log") as server:
        yield server
    assert "Traceback" not in server.log.read_text()


@pytest.fixture
def clients():
    """What is entered here is closed when the test ends."""
    with ExitStack() as clients:
        yield clients


def is_open(client):
    """Whether the server has kept the connection, and sent nothing."""
    client.setblocking(False)
    try:
        client.recv(1)
    except BlockingIOError:
        return True
    except ConnectionResetError:
        return False
    finally:
        client.settimeout(SECONDS)
    return False


def received(client):
    """All that the server sends until it closes the connection."""
    parts = []
    with suppress(ConnectionResetError):
        while part := client.recv(65536):
            parts.append(part)
    return b"".join(parts)


def test_server_reads_as_much_of_a_body_as_pages_take():
    assert MAX_BODY == MAX_REQUEST


def test_half_sent_requests_keep_nobody_waiting(server, clients):
    slow = [clients.enter_context(connect(server, sent)) for _ in range(MANY) for sent in (HALF_A_HEAD, HALF_A_BODY)]

    assert server.ask()[0] == 200
    assert server.ask("POST", "/api/v1/compile/", CALL)[0] == 200
    assert [is_open(client) for client in slow] == [True] * 2 * MANY


def test_clients_that_do_not_read_keep_nobody_waiting(server, clients):
    slow = [clients.enter_context(connect(server, PAGE)) for _ in range(10)]
    for client in slow:
        client.recv(1)  # its answer has begun

    assert server.ask()[0] == 200
    for client in slow:
        client.shutdown(socket.SHUT_WR)  # no further request: the answer is the last
        assert received(client).endswith(b"</html>\n")


def test_slow_body_is_answered_like_any_other(server, clients):
    client = clients.enter_context(connect(server, HALF_A_BODY))
    status, expected = server.ask("POST", "/api/v1/compile/", CALL)
    client.sendall(CALL[20:])
    head, _, body = received(client).partition(b"\r\n\r\n")

    assert (status, head.split()[1], body) == (200, b"200", expected)


def test_body_that_ends_early_is_not_worked_on(server, clients):
    client = clients.enter_context(connect(server, HEAD % (len(CALL) + 1) + CALL))
    client.shutdown(socket.SHUT_WR)

    assert received(client) == b""


@pytest.mark.parametrize("size", [300_000, 2_000_000])
def test_body_that_is_too_long_is_answered(server, clients, size):
    client = clients.enter_context(connect(server, HEAD % size + b" " * size))
    head, _, body = received(client).partition(b"\r\n\r\n")

    assert head.split()[1] == b"413"
    assert json.loads(body)["error"]["code"] == "too_large"


def test_form_with_a_file_that_is_too_long_is_answered(server, clients):
    text = (
        b"--x\r\nContent-Disposition: form-data; name=file; filename=file\r\n\r\n" + b" " * 2_000_000 + b"\r\n--x--\r\n"
    )
    head = b"POST /refused/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: %d\r\n" % len(text)
    kind = b"Content-Type: multipart/form-data; boundary=x\r\n\r\n"
    client = clients.enter_context(connect(server, head + kind + text))

    assert received(client).split()[1] == b"413"


def test_time_to_send_and_to_read_is_limited(clients, tmp_path):
    hurried = ("-c", HURRIED.format("SECONDS_OF_A_REQUEST", 1), "--keep-alive=1")
    with serve(environment(), tmp_path / "log", hurried) as server:
        slow = [clients.enter_context(connect(server, sent)) for sent in (HALF_A_HEAD, HALF_A_BODY, PAGE)]
        head, body, reader = slow

        assert (received(head), received(body)) == (b"", b"")
        broken = select.poll()
        broken.register(reader, 0)  # told of an error alone: the answer stays unread
        assert broken.poll(SECONDS * 1000)
    assert re.findall("Traceback|ERROR|WARNING", server.log.read_text()) == []


def test_reload_hangs_up_on_slow_clients_and_serves_all_others(clients, tmp_path):
    with serve(environment(), tmp_path / "log", ("-c", HURRIED.format("SECONDS_TO_LEAVE", 2))) as server:
        slow = [
            clients.enter_context(connect(server, sent)) for _ in range(MANY) for sent in (HALF_A_HEAD, HALF_A_BODY)
        ]
        assert server.ask()[0] == 200
        server.process.send_signal(signal.SIGHUP)
        while any(is_open(client) for client in slow):
            assert server.ask(path="/api/v1/services/")[0] == 200

        assert server.ask()[0] == 200
    assert re.findall("Traceback|ERROR|WARNING", server.log.read_text()) == []
