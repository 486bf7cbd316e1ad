"""How gunicorn serves Policy Builder. Read by gunicorn from the directory it starts in.

    PORT     8000 unless set
    BIND     the address to listen on; 127.0.0.1 unless set (0.0.0.0 in a container, behind a proxy)
    WORKERS  processes; 2 unless set

What the application itself needs is in policybuilder/settings.py.
"""

import errno
import logging
import os
import re
import resource
import socket
import subprocess
import sys


def read_number(name, default, highest):
    text = os.environ.get(name, str(default))
    if not re.fullmatch("[0-9]{1,5}", text) or not 1 <= int(text) <= highest:
        raise SystemExit(f"Policy Builder does not start: {name} is {text!r}. Expected: a number from 1 to {highest}.")
    return int(text)


def check_settings():
    """Stops with the one line that a wrong setting is worth.

    Each process loads the settings for itself, after gevent has changed the standard library, and would report it again
    and again. They are not loaded here either: a process would find them loaded, and on SIGHUP old ones.
    """
    module = os.environ.get("DJANGO_SETTINGS_MODULE", "policybuilder.settings")
    if subprocess.run([sys.executable, "-c", f"import {module}"], check=False).returncode:  # noqa: S603
        raise SystemExit(1)


def read_connections(most):
    """How many clients a process may have. It opens up to two files for each: the connection, and a long body."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = 2 * most + 100  # of these, 100 for the database, the log and whatever else is open
    if soft != resource.RLIM_INFINITY and soft < needed:
        soft = needed if hard == resource.RLIM_INFINITY else min(needed, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return most if soft == resource.RLIM_INFINITY else max(1, min(most, (soft - 100) // 2))


check_settings()

PORT = read_number("PORT", 8000, highest=65535)
# Not HOST, which some shells export with the name of the machine: that would open the server to its network.
ADDRESS = os.environ.get("BIND", "127.0.0.1")
SHOWN_ADDRESS = f"[{ADDRESS}]" if ":" in ADDRESS else ADDRESS

wsgi_app = "policybuilder.wsgi"
bind = f"{SHOWN_ADDRESS}:{PORT}"
# Not WEB_CONCURRENCY: gunicorn reads that one itself, and ends in a traceback when it is no number.
workers = read_number("WORKERS", 2, highest=1000)
# Clients that are slow keep nobody else waiting: see there.
worker_class = "policybuilder.worker.Worker"
worker_connections = read_connections(1000)
# Seconds from accepting a connection, or from the last answer on it, to the end of the head of a request.
keepalive = 10
# Seconds for a process to end. It hangs up on slow clients long before.
graceful_timeout = 10
# A draft is part of the address. This is the longest request line that gunicorn can be set to.
limit_request_line = 8190
# Browsers and htmx repeat that address in headers, with the name of the host: Referer, HX-Current-URL.
limit_request_field_size = limit_request_line + 1024
# Each piece of a head that comes has gunicorn search all of it anew. The longest costs the square of its length, which
# is that of all fields together.
limit_request_fields = 64
# The socket that controls a running server would be made in the user's home directory, and nothing here uses it.
control_socket_disable = True


def on_starting(server):
    """Stops with one line where gunicorn would try a taken port five times and log each failure."""
    if server.master_pid or "LISTEN_FDS" in os.environ:
        return  # the socket is inherited, from the server that this one replaces or from systemd
    try:
        family, kind, _, _, address = socket.getaddrinfo(ADDRESS, PORT, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as gunicorn does
            probe.bind(address)
            probe.listen()
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            message = f"Port {PORT} is taken. Choose another: make run PORT={8001 if PORT == 8000 else 8000}"
        else:
            message = f"Policy Builder does not start: cannot listen on {bind} ({error.strerror})."
        raise SystemExit(message) from None


def when_ready(server):
    server.log.info("Policy Builder is ready at http://%s:%s/ (Ctrl+C stops it)", SHOWN_ADDRESS, PORT)


def hide_addresses(record):
    """gunicorn names the sender of a malformed request; our log holds no addresses."""
    record.msg = re.sub(r" from ip=\S*:", ":", str(record.msg))
    return True


logging.getLogger("gunicorn.error").addFilter(hide_addresses)
