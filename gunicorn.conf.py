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
import socket


def read_number(name, default, highest):
    text = os.environ.get(name, str(default))
    if not re.fullmatch("[0-9]{1,5}", text) or not 1 <= int(text) <= highest:
        raise SystemExit(f"Policy Builder does not start: {name} is {text!r}. Expected: a number from 1 to {highest}.")
    return int(text)


PORT = read_number("PORT", 8000, highest=65535)
# Not HOST, which some shells export with the name of the machine: that would open the server to its network.
ADDRESS = os.environ.get("BIND", "127.0.0.1")
SHOWN_ADDRESS = f"[{ADDRESS}]" if ":" in ADDRESS else ADDRESS

wsgi_app = "policybuilder.wsgi"
bind = f"{SHOWN_ADDRESS}:{PORT}"
# Not WEB_CONCURRENCY: gunicorn reads that one itself, and ends in a traceback when it is no number.
workers = read_number("WORKERS", 2, highest=1000)
worker_class = "gthread"
threads = 4
# Loads the application once, before the workers fork: they share its memory, and a wrong setting is reported once.
preload_app = True
# A draft is part of the address. This is the longest request line that gunicorn can be set to.
limit_request_line = 8190
# Browsers and htmx repeat that address in headers: Referer, HX-Current-URL.
limit_request_field_size = 2 * limit_request_line
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
