"""What is measured inside a process of the program, without a server around it. Prints JSON.

    load            read and check the catalogue files: the number of operations, and seconds
    ticks FILE      answer the requests that `ticks.py` wrote: seconds and bytes of each
    search FILE     find what the queries of a list mean, and build what is looked into: seconds of each
    check           read and check policies of several sizes, and hostile texts: seconds of each
    compaction      find wildcards for their actions: seconds of each, and characters before and after
    evaluate        decide about every operation under the policies of a group, and warn: seconds of each
    abuse           answer the requests of `attacks.py`: seconds, memory and bytes of each, by endpoint

Its environment, with the settings and the catalogue, comes from workspace.py.
"""

import gc
import gzip
import io
import json
import logging
import os
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import CodeType
from typing import Any
from wsgiref.util import setup_testing_defaults

import django
from django.core.wsgi import get_wsgi_application

from bench import hostile, policies

LOADS = 10
BUILDS = 10
TIMES = 5  # that each hostile text is checked
GZIP = b"\x1f\x8b"
GROUPS = 15  # of policies, five of them not counted


def load() -> dict[str, Any]:
    from policybuilder.web import catalogue

    seconds = []
    for _ in range(LOADS):
        catalogue._read.cache_clear()
        taken, catalog = _timed(catalogue.current_catalog)
        seconds.append(taken)
    return {"operations": len(catalog.operations), "load": seconds}


def ticks(file: Path) -> list[dict[str, float]]:
    """Every request of `file` through the whole application, its middleware included, as the server would call it.

    `functions` counts the different functions that the last of them called: see the note of `ticks.py`.
    """
    application = get_wsgi_application()
    *samples, last = json.loads(file.read_text())
    found = [_tick(application, **sample) for sample in samples]
    called: set[CodeType] = set()
    sys.setprofile(lambda frame, event, argument: called.add(frame.f_code) if event == "call" else None)
    counted = _tick(application, **last)
    sys.setprofile(None)
    named = [code for code in called if "<genexpr>" not in code.co_name and "<lambda>" not in code.co_name]
    functions = [code for code in named if code.co_filename != "<string>"]  # those of dataclasses are generated
    own = [code for code in functions if "/policybuilder/" in code.co_filename]
    return [{**each, "functions": len(functions), "own": len(own)} for each in (*found, counted)]


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
    return {"seconds": seconds, "processor": processor, "bytes": len(content)}


def search(file: Path) -> dict[str, list[float]]:
    django.setup()
    from policybuilder.catalog_files.searching import meanings
    from policybuilder.domain.searching.search import Filter, Search, split_words
    from policybuilder.domain.searching.synonyms import Synonyms
    from policybuilder.web.catalogue import current_catalog

    catalog, synonyms = current_catalog(), Synonyms(meanings())
    built = policies.timed(lambda _: Search(catalog, synonyms), range(BUILDS))["processor"]
    one = Search(catalog, synonyms)

    def find(query: str) -> object:
        wanted = Filter(split_words(query))
        return one.operations(wanted, frozenset()), one.single_actions(wanted, frozenset()), one.marks(wanted)

    find("/v1/")  # has the calls read, which is done once
    return {"index": built, "processor": policies.timed(find, json.loads(file.read_text()), warm_up=0)["processor"]}


def check() -> dict[str, Any]:
    django.setup()
    from policybuilder.domain.jsontext.source import read
    from policybuilder.domain.rules.check import check as check_policy
    from policybuilder.web.catalogue import current_catalog

    catalog = current_catalog()
    groups = _categories(catalog)

    def answer(text: str) -> object:
        return check_policy(catalog, read(text))

    chosen = {size: policies.choices(groups, size, seed=size) for size in policies.SIZES}
    return {
        "sizes": {size: policies.timed(answer, map(policies.text, lists)) for size, lists in chosen.items() if lists},
        "hostile": {
            name: policies.timed(answer, [text] * TIMES, warm_up=0) for name, text in hostile.texts(catalog).items()
        },
    }


def compaction() -> dict[int, dict[str, Any]]:
    django.setup()
    from policybuilder.domain.rewriting.wildcards import compact
    from policybuilder.web.catalogue import current_catalog

    catalog = current_catalog()
    names = [name for spellings in catalog.action_index.known_names.values.values() for name in spellings]
    found: dict[int, dict[str, Any]] = {}
    for size in policies.SIZES:
        lists = policies.choices(_categories(catalog), size, seed=size)
        found_for: list[list[str]] = []
        if lists:
            timed = policies.timed(lambda granted, to=found_for: to.append(compact(names, granted)), lists)
            counted = [sum(sum(len(name) + 3 for name in each) for each in some) for some in (lists, found_for)]
            found[size] = {**timed, "characters": counted}
    return found


def evaluate() -> dict[str, Any]:
    django.setup()
    from policybuilder.domain.access.evaluation import GrantedPolicy, Project, matrix
    from policybuilder.domain.access.group_warnings import find_warnings
    from policybuilder.domain.jsontext.source import read
    from policybuilder.web.catalogue import current_catalog

    catalog = current_catalog()
    groups = [
        [
            GrantedPolicy.of(f"policy-{at}", read(json.dumps(document)).root, list(Project)[at % 2])
            for at, document in enumerate(documents)
        ]
        for documents in policies.groups(list(catalog.action_index.actions), GROUPS)
    ]
    return {
        "matrix": policies.timed(lambda group: matrix(catalog, group), groups),
        "warnings": policies.timed(lambda group: find_warnings(catalog, group), groups),
    }


def abuse() -> dict[str, Any]:
    """Each is sent to a copy of the process that has not seen it before: nothing is remembered of another."""
    application = get_wsgi_application()
    logging.disable(logging.CRITICAL)
    from bench import attacks
    from policybuilder.web.catalogue import current_catalog

    for path in ("/", "/start/", "/refused/", "/api/v1/docs/", "/api/v1/system-policies/", "/api/v1/templates/"):
        _answer(application, attacks.Attack("what is made once", path))
    catalog = current_catalog()
    for ordinary in attacks.ordinary(catalog):
        _answer(application, ordinary)
    gc.freeze()
    found: dict[str, list[dict[str, Any]]] = {}
    for attack in attacks.attacks(catalog):
        found.setdefault(attack.endpoint, []).append(_in_a_copy(application, attack))
    for smaller, attack in attacks.pairs(catalog):
        half, whole = _in_a_copy(application, smaller), _in_a_copy(application, attack)
        whole["growth"] = whole["seconds"] / half["seconds"] if half["seconds"] else 0
        found.setdefault(attack.endpoint, []).append(whole)
    return found


def _in_a_copy(application: Any, attack: Any) -> dict[str, Any]:
    """What one request costs a fork of this process; a status of 0 where the fork died."""
    reading, writing = os.pipe()
    if child := os.fork():
        os.close(writing)
        with open(reading, "rb") as pipe:
            told = pipe.read()
        os.waitpid(child, 0)
        return json.loads(told) if told else {"name": attack.name, "seconds": 0.0, "status": 0, "memory": 0, "bytes": 0}
    told = json.dumps({"name": attack.name, **_answer(application, attack)}).encode()
    os.write(writing, told)
    os._exit(0)


def _answer(application: Any, attack: Any) -> dict[str, Any]:
    """How long the processor was busy, the status, by how much memory peaked, and the bytes of the answer unpacked."""
    path, _, query = attack.path.partition("?")
    body = attack.body.encode("utf-8", "surrogatepass")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": attack.method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "CONTENT_TYPE": attack.content_type,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
        "HTTP_ACCEPT_ENCODING": "gzip",
        **{f"HTTP_{name.upper().replace('-', '_')}": value for name, value in attack.headers.items()},
    }
    setup_testing_defaults(environ)
    statuses: list[str] = []
    before, started = _peak(), time.process_time()
    response = application(environ, lambda status, headers, exc_info=None: statuses.append(status))
    content = b"".join(response)
    response.close()
    seconds, memory = time.process_time() - started, _peak() - before
    size = len(gzip.decompress(content)) if content.startswith(GZIP) else len(content)
    return {"seconds": seconds, "status": int(statuses[0].split()[0]), "memory": memory, "bytes": size}


def _peak() -> int:
    """The most bytes that this process has had in memory."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def _categories(catalog: Any) -> list[list[str]]:
    """The actions of the operations of each category, and those that they depend on."""
    return [
        [name for operation in category.operations for name in operation.names()]
        for category in catalog.categories.values()
    ]


def _timed(function: Any, *arguments: Any) -> tuple[float, Any]:
    started = time.perf_counter()
    result = function(*arguments)
    return time.perf_counter() - started, result


COMMANDS: dict[str, Callable[..., Any]] = {
    "load": load,
    "ticks": ticks,
    "search": search,
    "check": check,
    "compaction": compaction,
    "evaluate": evaluate,
    "abuse": abuse,
}

if __name__ == "__main__":
    command, *paths = sys.argv[1:]
    print(json.dumps(COMMANDS[command](*map(Path, paths))))
