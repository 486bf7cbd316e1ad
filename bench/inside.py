"""What is measured inside a process of the program, without a server around it. Prints JSON.

    load FILE …     make the database, load the catalogue, build it: seconds of each
    ticks FILE      answer the requests that `ticks.py` wrote: seconds and bytes of each

Its environment, settings and database included, comes from workspace.py.
"""

import gzip
import io
import json
import sys
import time
from pathlib import Path
from typing import Any
from wsgiref.util import setup_testing_defaults

import django
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application

LOADS = 5
BUILDS = 10
FEW = 500


def load(files: list[Path]) -> dict[str, Any]:
    django.setup()
    # They are Django models, and hence not importable before the setup.
    from policybuilder.catalog_files import load_files
    from policybuilder.catalog_loader import build_catalog

    call_command("migrate", verbosity=0)
    loading, catalog = _timed(load_files, files)
    # Loading many operations takes long enough to say something at once.
    again = range(LOADS - 1) if len(catalog.operations) < FEW else ()
    return {
        "operations": len(catalog.operations),
        "load": [loading, *(_timed(load_files, files)[0] for _ in again)],
        "build": [_timed(build_catalog)[0] for _ in range(BUILDS)],
    }


def ticks(file: Path) -> list[dict[str, float]]:
    """Every request of `file` through the whole application, its middleware included, as gunicorn would call it."""
    application = get_wsgi_application()
    return [_tick(application, **sample) for sample in json.loads(file.read_text())]


def _tick(application: Any, *, body: str, headers: dict[str, str], expected: str) -> dict[str, float]:
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/",
        "CONTENT_TYPE": headers["Content-Type"],
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body.encode()),
    }
    environ |= {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
    setup_testing_defaults(environ)
    statuses: list[str] = []
    started, processor = time.perf_counter(), time.process_time()
    response = application(environ, lambda status, headers, exc_info=None: statuses.append(status))
    content = b"".join(response)
    response.close()
    seconds, processor = time.perf_counter() - started, time.process_time() - processor
    if not statuses[0].startswith("200") or expected not in gzip.decompress(content).decode():
        raise SystemExit(f"A tick was answered with {statuses[0]}, or without the changed draft.")
    return {"seconds": seconds, "processor": processor}


def _timed(function: Any, *arguments: Any) -> tuple[float, Any]:
    started = time.perf_counter()
    result = function(*arguments)
    return time.perf_counter() - started, result


if __name__ == "__main__":
    command, *paths = sys.argv[1:]
    files = [Path(path) for path in paths]
    print(json.dumps(load(files) if command == "load" else ticks(*files)))
