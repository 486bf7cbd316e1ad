"""The site of deploy/nginx.conf, with TLS and two processes behind it: what it lets through, and what it refuses."""

import json
import shutil
import socket
import ssl
import subprocess
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from bench.proxy import NGINX, proxy
from policybuilder.management.commands.serve import LINE
from policybuilder.web.uploads import MAX_REQUEST
from tests.processes.server import SECONDS, Server, environment, serve

pytestmark = pytest.mark.skipif(
    not (NGINX and shutil.which("openssl")), reason="nginx or openssl is not installed: apt-get install nginx openssl"
)

HOST = "policies.example.com"
CALL = json.dumps({"operations": ["ecs/batch-operations/starting-ecss-in-a-batch"]}).encode()


@dataclass
class Site:
    """`port` is that of nginx for TLS; `servers` are the processes behind it."""

    port: int
    plain_port: int
    certificate: Path
    servers: list[Server]

    def answer(self, sent: bytes) -> tuple[str, str, bytes]:
        """Status, headers and body for these bytes; all empty where nginx hangs up."""
        context = ssl.create_default_context(cafile=self.certificate)
        connection = socket.create_connection(("127.0.0.1", self.port), SECONDS)
        with context.wrap_socket(connection, server_hostname=HOST) as client:
            return exchange(client, sent)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    directory = tmp_path_factory.mktemp("proxy")
    certificate, key = directory / "certificate", directory / "key"
    make = ["openssl", "req", "-x509", "-nodes", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
    subprocess.run(
        [*make, "-subj", "/CN=x", "-addext", f"subjectAltName=DNS:{HOST}", "-keyout", key, "-out", certificate],
        check=True,
        capture_output=True,
    )
    variables = environment() | {"HTTPS": "1", "ALLOWED_HOSTS": HOST}
    logs = [directory / f"log-{each}" for each in range(2)]
    with ExitStack() as started:
        servers = [started.enter_context(serve(variables, log)) for log in logs]
        site = Site(free_port(), free_port(), certificate, servers)
        changes = {
            f"/etc/ssl/certs/{HOST}.pem": str(certificate),
            f"/etc/ssl/private/{HOST}.key": str(key),
            "listen [::]:443 ssl;": "",
            "listen [::]:80;": "",
            "listen 443 ssl;": f"listen 127.0.0.1:{site.port} ssl;",
            "listen 80;": f"listen 127.0.0.1:{site.plain_port};",
            "127.0.0.1:8001": f"127.0.0.1:{servers[0].port}",
            "127.0.0.1:8002": f"127.0.0.1:{servers[1].port}",
            "client_header_timeout 10s": "client_header_timeout 1s",
            "client_body_timeout 10s": "client_body_timeout 1s",
        }
        started.enter_context(proxy(directory, site.port, changes))
        yield site
    assert not any("Traceback" in log.read_text() for log in logs)


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def exchange(client, sent):
    parts = []
    with suppress(ConnectionError):
        client.sendall(sent)
        while part := client.recv(65536):
            parts.append(part)
    head, _, body = b"".join(parts).partition(b"\r\n\r\n")
    line, _, headers = head.decode().partition("\r\n")
    return line[9:12], headers, body


def request(line, *headers, body=b""):
    fields = [f"{line} HTTP/1.1", f"Host: {HOST}", "Connection: close", *headers]
    fields += [f"Content-Length: {len(body)}"] if body else []
    return "\r\n".join([*fields, "", ""]).encode() + body


def test_page_comes_through(site):
    status, headers, body = site.answer(request("GET /"))

    assert status == "200"
    assert body.rstrip().endswith(b"</html>")
    assert "strict-transport-security" in headers.lower()
    assert "waitress" not in headers.lower()


def test_headers_of_the_client_are_not_believed(site):
    forged = ["X-Forwarded-Proto: http", "X-Forwarded-Host: evil.example", "Script-Name: /evil", "SCRIPT_NAME: /evil"]
    status, headers, body = site.answer(request("GET /", *forged))

    assert (status, "evil" in headers, b"evil" in body) == ("200", False, False)


def test_address_without_tls_leads_to_the_one_with(site):
    with socket.create_connection(("127.0.0.1", site.plain_port), SECONDS) as client:
        status, headers, _ = exchange(client, request("GET /check/?a=b"))

    assert status == "301"
    assert f"Location: https://{HOST}/check/?a=b" in headers


@pytest.mark.parametrize(("length", "status"), [(LINE, "200"), (11_000, "414")])
def test_line_that_holds_a_draft_comes_through(site, length, status):
    query = "a" * (length - len("GET /healthz? HTTP/1.1"))
    address = f"https://{HOST}/?{query[:LINE]}"

    sent = request(f"GET /healthz?{query}", f"Referer: {address}", f"HX-Current-URL: {address}")

    assert site.answer(sent)[0] == status


@pytest.mark.parametrize("size", [MAX_REQUEST, MAX_REQUEST + 1])
def test_long_body_reaches_the_application(site, size):
    """Its own refusal: no call of the API takes as much."""
    call = request("POST /api/v1/compile/", "Content-Type: application/json", body=b" " * size)
    status, _, body = site.answer(call)

    assert (status, json.loads(body)["error"]["code"]) == ("413", "too_large")


def test_body_that_no_page_takes_is_refused(site):
    assert site.answer(request("POST /check/", body=b" " * 2_100_000))[0] == "413"


@pytest.mark.parametrize(
    "sent",
    [
        request("POST /check/", "Transfer-Encoding: chunked", body=b"0\r\n\r\n"),
        request("GET /", "X-Folded: a\r\n b"),
        request("GET /", "X-Space : a"),
        request("GET /", f"Host: {HOST}"),
        request("POST /check/", "Content-Length: 1", body=b"ab"),
    ],
    ids=["length and chunks", "folded header", "space before the colon", "two hosts", "two lengths"],
)
def test_ambiguous_request_is_refused(site, sent):
    assert site.answer(sent)[0] == "400"


def test_body_in_chunks_is_hung_up_on(site):
    assert site.answer(request("POST /check/", "Transfer-Encoding: chunked") + b"1\r\n") == ("", "", b"")


def test_slow_head_and_slow_body_are_hung_up_on(site):
    assert site.answer(b"GET / HTTP/1.1\r\nHost: ")[0] in {"", "408"}
    assert site.answer(request("POST /check/", "Content-Length: 9"))[0] in {"", "408"}


def test_one_process_takes_the_requests_of_another_that_stopped(site):
    first = site.servers[0].process
    first.terminate()
    first.wait(SECONDS)

    call = request("POST /api/v1/compile/", "Content-Type: application/json", body=CALL)
    assert [site.answer(sent)[0] for sent in (request("GET /"), call) * 3] == ["200"] * 6
