"""The production server: waitress, one process with threads. `make run` and the systemd unit start it.

    PORT      8000 unless set
    BIND      the address to listen on; 127.0.0.1 unless set (0.0.0.0 in a container, behind a proxy)
    THREADS   threads that answer requests; 8 unless set

The limits for clients are below. docs/deployment.md says which of them a proxy must tighten.
"""

import errno
import logging
import re
import select
import signal
import socket
import sys
from typing import Any, NoReturn

import waitress
from django.conf import settings
from django.core.management.base import BaseCommand

from policybuilder.settings import env, read_variable

PORT_IS_TAKEN = "Port {port} is taken. Choose another: make run PORT={other}"
CANNOT_LISTEN = "Policy Builder does not start: cannot listen on {address}:{port} ({reason})."

CONNECTIONS = 1500
LINE = 8190  # bytes of a request line, which holds a draft; other servers and proxies take no more either
LIMITS: dict[str, Any] = {
    # Browsers and htmx repeat the line in Referer and HX-Current-URL. The rest is for the other headers.
    "max_request_header_size": 3 * LINE + 16 * 1024,
    # Django refuses more than 1,500,000 bytes (web/uploads.py) with a page. Beyond this limit, waitress refuses with a
    # plain text.
    "max_request_body_size": 2_000_000,
    "inbuf_overflow": 64 * 1024,  # bytes of a body in memory; the rest goes to a temporary file
    "channel_timeout": 30,  # seconds without a byte from the client
    "cleanup_interval": 5,
    "asyncore_use_poll": True,  # select() ends at 1,024 open files
}


class Command(BaseCommand):
    help = "Serve as in production. The variables PORT, BIND and THREADS are optional."

    def handle(self, *args: Any, **options: Any) -> None:
        port = read_number("PORT", 8000, highest=65535)
        threads = read_number("THREADS", 8, highest=100)
        # Not HOST: some shells export it with the machine's name, which would open the server to the network.
        listener = listen(env.str("BIND", default="127.0.0.1"), port)
        from policybuilder.wsgi import application  # only now: a wrong variable needs no loaded application

        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, stop)
        logging.getLogger("waitress").addFilter(hide_addresses)
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # otherwise a line for each request that waits
        address = listener.getsockname()[0]
        shown = f"[{address}]" if ":" in address else address
        self.stdout.write(f"Policy Builder is ready at http://{shown}:{port}/ (Ctrl+C stops it)")
        waitress.serve(
            application,
            sockets=[listener],
            threads=threads,
            connection_limit=most_connections(),
            # With HTTPS=1 the proxy sets X-Forwarded-Proto. Otherwise waitress removes all headers of this kind.
            clear_untrusted_proxy_headers=not settings.HTTPS,
            ident=None,
            log_socket_errors=False,
            **LIMITS,
        )


def read_number(name: str, default: int, highest: int) -> int:
    return read_variable(
        env.int,
        name,
        default=default,
        valid=lambda number: 1 <= number <= highest,
        expected=f"a number from 1 to {highest}",
    )


def listen(address: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        listener = socket.create_server((address, port), family=family, backlog=1024)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            message = PORT_IS_TAKEN.format(port=port, other=8001 if port == 8000 else 8000)
        else:
            reason = str(error.strerror).partition(" (while")[0]  # the rest repeats the address
            message = CANNOT_LISTEN.format(address=address, port=port, reason=reason)
        raise SystemExit(message) from None
    # `channel_timeout` does not end a client that never reads: waitress closes a connection only when it can write.
    if hasattr(socket, "TCP_USER_TIMEOUT"):  # Linux
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, 1000 * LIMITS["channel_timeout"])
    return listener


def most_connections() -> int:
    """CONNECTIONS, or fewer where the system allows too few files: each client can have three open."""
    if not hasattr(select, "poll"):
        return 400  # Windows, where select() watches 512 sockets
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = 3 * CONNECTIONS + 100
    if soft != resource.RLIM_INFINITY and soft < needed:
        soft = needed if hard == resource.RLIM_INFINITY else min(needed, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return CONNECTIONS if soft == resource.RLIM_INFINITY else min(CONNECTIONS, (soft - 100) // 3)


def stop(*_: object) -> NoReturn:
    """Waitress takes this for the end: it stops listening, and running requests have five seconds to finish."""
    sys.exit()


def hide_addresses(record: logging.LogRecord) -> bool:
    """Waitress names the sender of a malformed request; our log holds no addresses."""
    record.msg, record.args = re.sub(r"<(waitress\S+) [^>]*>", r"<\1>", record.getMessage()), ()
    return True
