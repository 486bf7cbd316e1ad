"""The limits of the server for its clients. Each test talks to a server as `make run` starts it.

Nothing here measures time. Where somebody is kept waiting, a test ends in a TimeoutError.
"""

import json
import os
import re
import socket
import time
from contextlib import suppress
from pathlib import Path

import pytest

from policybuilder.management.commands.serve import LIMITS, LINE
from policybuilder.web.uploads import MAX_REQUEST
from tests.processes.server import SECONDS, environment, serve

MANY = 40  # more than the server has threads
# The server with an interval of seconds in place of minutes.
HURRIED = """
import django
from django.core.management import call_command

django.setup()
from policybuilder.management.commands.serve import LIMITS, LINE

LIMITS |= {"channel_timeout": 1, "cleanup_interval": 1}
call_command("serve")
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


def test_server_reads_longer_bodies_than_django_takes():
    """The refusal is a page then."""
    assert LIMITS["max_request_body_size"] > MAX_REQUEST


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


@pytest.mark.parametrize("size", [300_000, 1_999_999])
def test_body_that_is_too_long_is_answered(server, clients, size):
    client = clients.enter_context(connect(server, HEAD % size + b" " * size))
    head, _, body = received(client).partition(b"\r\n\r\n")

    assert head.split()[1] == b"413"
    assert json.loads(body)["error"]["code"] == "too_large"


def test_form_with_a_file_that_is_too_long_is_answered(server, clients):
    text = (
        b"--x\r\nContent-Disposition: form-data; name=file; filename=file\r\n\r\n"
        + b" " * MAX_REQUEST
        + b"\r\n--x--\r\n"
    )
    head = b"POST /refused/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: %d\r\n" % len(text)
    kind = b"Content-Type: multipart/form-data; boundary=x\r\n\r\n"
    client = clients.enter_context(connect(server, head + kind + text))

    assert received(client).split()[1] == b"413"


def test_body_that_no_page_takes_is_refused_at_its_head(server, clients):
    client = clients.enter_context(connect(server, HEAD % 2_000_000))

    assert received(client).split()[1] == b"413"


@pytest.mark.parametrize(("length", "status"), [(LINE, b"200"), (LIMITS["max_request_header_size"], b"431")])
def test_line_that_holds_a_draft_is_read(server, clients, length, status):
    """Browsers and htmx repeat it in two headers."""
    start, end = b"GET /healthz?", b" HTTP/1.1"
    query = b"a" * (length - len(start) - len(end))
    address = b"http://localhost/?" + query[:LINE]
    fields = b"Host: localhost\r\nConnection: close\r\nReferer: %b\r\nHX-Current-URL: %b" % (address, address)
    client = clients.enter_context(connect(server, start + query + end + b"\r\n" + fields + b"\r\n\r\n"))

    assert received(client).split()[1] == status


def test_idle_clients_are_hung_up_on(clients, tmp_path):
    with serve(environment(), tmp_path / "log", ("-c", HURRIED)) as server:
        slow = [clients.enter_context(connect(server, sent)) for sent in (HALF_A_HEAD, HALF_A_BODY)]
        clients.enter_context(connect(server, PAGE * 20))  # and reads none of the answers

        assert [received(client) for client in slow] == [b"", b""]
        # Linux: the server's end is closed. Nothing tells the client.
        files = Path(f"/proc/{server.process.pid}/fd")
        deadline = time.monotonic() + SECONDS
        while files.exists() and sum("socket" in os.readlink(file) for file in files.iterdir()) > 1:
            assert time.monotonic() < deadline
            time.sleep(0.1)
    assert re.findall("Traceback|ERROR|WARNING", server.log.read_text()) == []


def wait_for_stop(server):
    """Until nobody new is answered."""
    with suppress(TimeoutError):
        while True:
            server.ask(path="/healthz", seconds=0.5)


def test_running_request_is_answered_before_the_server_stops(clients, tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with serve(environment() | {"WAIT": str(pipe)}, tmp_path / "log") as server:
        client = clients.enter_context(connect(server, b"GET /wait HTTP/1.1\r\nHost: localhost\r\n\r\n"))
        with pipe.open("wb"):  # opens when the request reads it
            server.process.terminate()
            wait_for_stop(server)
        answer = received(client)

        assert answer.split()[1] == b"404"
        assert answer.endswith(b"</html>\n")
        assert server.process.wait(SECONDS) == 0
    assert "Traceback" not in server.log.read_text()


@pytest.mark.parametrize(
    "request_line", [b"GET http://[::1 HTTP/1.1", b"GET / HTTP/1.1\r\nContent-Length: " + b"9" * 5000, b"nonsense"]
)
def test_malformed_request_is_one_line_of_the_log_without_its_sender(server, clients, request_line):
    def lines():
        return [line for line in server.log.read_text().splitlines() if " waitress" in line]

    before = len(lines())
    client = clients.enter_context(connect(server, request_line + b"\r\n\r\n"))
    port = client.getsockname()[1]
    received(client)

    assert len(lines()) <= before + 1
    assert all(f":{port}" not in line for line in lines())


def test_headers_of_proxies_are_believed_only_where_there_is_one(server, clients, tmp_path):
    forged = (
        b"X-Forwarded-Proto: https\r\nX-Forwarded-Host: evil.example\r\nScript-Name: /evil\r\nSCRIPT_NAME: /evil\r\n"
    )
    request = b"GET /api/v1/services/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + forged + b"\r\n"
    plain = received(clients.enter_context(connect(server, request)))
    with serve(environment() | {"HTTPS": "1"}, tmp_path / "log") as other:
        behind = received(clients.enter_context(connect(other, request)))

    assert (plain.split()[1], b"evil" in plain) == (b"200", False)
    assert b"Strict-Transport-Security" not in plain
    assert (behind.split()[1], b"evil" in behind) == (b"200", False)
    assert b"Strict-Transport-Security" in behind
