"""Every address of the program that takes a draft or a text, and how each takes it.

A test holds that each address of the URLconf is in one of the three lists.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, NamedTuple
from urllib.parse import urlencode

from bench.attack import LINK, TOKEN, Attack, api, form, token, upload
from policybuilder.drafts.first_links import first_entries

Way = Callable[[str, list[str]], Attack]  # name of the attack, lines of a draft
TextWay = Callable[[str, str], Attack]  # name of the attack, the text


class Address(NamedTuple):
    """`url` is the name in the URLconf; an address can take a draft in more than one way."""

    url: str
    ways: tuple[Way, ...]


class TextAddress(NamedTuple):
    url: str
    ways: tuple[TextWay, ...]


def _link(path: str, key: str = "draft", **more: str) -> Way:
    return lambda name, lines: Attack(name, f"{path}?{urlencode({key: token(lines, LINK), **more})}")


def _form(path: str, *keys: str, **more: str) -> tuple[Way, Way]:
    """A form with the draft in the fields `keys`, URL-encoded and as an upload."""

    def fields(lines: list[str]) -> dict[str, str]:
        return {**dict.fromkeys(keys, token(lines, TOKEN)), **more}

    return (
        lambda name, lines: form(name, path, fields(lines)),
        lambda name, lines: upload(name, path, fields(lines)),
    )


def _draft_file(lines: list[str]) -> str:
    return json.dumps({"policy-builder-draft": 2, "entries": [list(entry) for entry in first_entries(lines)]})


def _htmx(way: Way) -> Way:
    return lambda name, lines: replace(way(name, lines), headers={"HX-Request": "true"})


DRAFTS = (
    Address(
        "builder", (_link("/"), _link("/", "from"), *_form("/", "draft"), *map(_htmx, _form("/", "draft", do="undo")))
    ),
    Address("download", (_link("/policy.json"), *_form("/policy.json", "draft"))),
    Address("save-draft", _form("/draft.json", "draft")),
    Address(
        "open-draft",
        (
            lambda name, lines: form(name, "/draft/", {"text": _draft_file(lines)}),
            lambda name, lines: upload(name, "/draft/", {}, {"file": _draft_file(lines)}),
            *_form("/draft/", "draft", do="back"),
        ),
    ),
    Address("causes", (_link("/causes/"),)),
    Address("split", (_link("/split/"),)),
    Address("shorten", (_link("/shorten/"), *_form("/shorten/", "draft"))),
    Address("picture", (_link("/picture/"),)),
    Address("picture-image", (_link("/picture.svg"),)),
    Address("sheet", (_link("/sheet/"),)),
    Address("sheet-csv", (_link("/sheet.csv"),)),
    Address("summary", (_link("/summary.md"),)),
    Address("start", (_link("/start/"),)),
    Address("starting-point", (_link("/start/ecs-readonlyaccess/"),)),
    Address("refused", (_link("/refused/"), *_form("/refused/", "draft", text="ecs:servers:start", do="explain"))),
    Address("access", (_link("/access/"),)),
    Address("compare", (_link("/compare/"),)),
    Address("next", (_link("/next/"),)),
    Address("other-found", (_link("/found/", q="list"),)),
    Address("category-rows", (_link("/categories/ecs/disk-management/"),)),
)


def _fields(path: str, *keys: str, **more: str) -> tuple[TextWay, TextWay]:
    """A form with the text in the fields `keys`, URL-encoded and as an upload."""
    return (
        lambda name, text: form(name, path, {**dict.fromkeys(keys, text), **more}),
        lambda name, text: upload(name, path, {**dict.fromkeys(keys, text), **more}),
    )


def _file(path: str, key: str, **more: str) -> TextWay:
    return lambda name, text: upload(name, path, more, {key: text})


def _call(call: str, body: Callable[[str], Any]) -> TextWay:
    return lambda name, text: api(name, call, body(text))


def _group(text: str) -> dict[str, str]:
    """Policies of one group, as many as a form holds."""
    number = max(1, min(7, 230_000 // max(1, len(text))))
    return {"do": "apply"} | {
        key: value for at in range(number) for key, value in ((f"granted-{at}", "each"), (f"text-{at}", text))
    }


def _policy(text: str) -> Any:
    """The text as a policy, where it is one; an API call takes no other."""
    try:
        policy = json.loads(text)
    except (ValueError, RecursionError):
        policy = None
    return (
        policy if isinstance(policy, dict) else {"Version": "1.1", "Statement": [{"Effect": "Allow", "Action": [text]}]}
    )


CHECKED = ("check", "open:0", "shorten", "fix-all", "repaired", "write:console", "divide:0", "only:0")

TEXTS = (
    TextAddress(
        "check",
        (
            *(way for do in CHECKED for way in _fields("/check/", "text", do=do)[:1]),
            _fields("/check/", "text", "previous", do="undo")[1],
            _file("/check/", "file", do="check"),
        ),
    ),
    TextAddress("check-download", (*_fields("/check/policy.json", "text", do="check"),)),
    TextAddress("refused", _fields("/refused/", "text", do="explain")),
    TextAddress(
        "access",
        (
            *_fields("/access/", "text", do="add"),
            _file("/access/", "file", do="add"),
            lambda name, text: form(name, "/access/", _group(text)),
            lambda name, text: upload(name, "/access/", _group(text)),
            lambda name, text: upload(name, "/access/", {**_group(text), "do": "add"}, {"file": text}),
        ),
    ),
    TextAddress(
        "compare",
        (
            *_fields("/compare/", "before", "after", do="compare"),
            lambda name, text: upload(
                name, "/compare/", {"do": "compare"}, {"before-file": text, "after-file": f"{text}\n"}
            ),
        ),
    ),
    TextAddress("open-draft", (*_fields("/draft/", "text"), _file("/draft/", "file"))),
    TextAddress("builder", (*_fields("/", "q"), *_fields("/", "condition-values", do="condition-done"))),
    TextAddress(
        "start", (lambda name, text: Attack(name, f"/start/?{urlencode({'q': text[:2_000]}, errors='replace')}"),)
    ),
    TextAddress(
        "api-check",
        (_call("check", lambda text: {"text": text}), _call("check", lambda text: {"policy": _policy(text)})),
    ),
    TextAddress("api-explain", (_call("explain", lambda text: {"text": text}),)),
    TextAddress("api-compact", (_call("compact", lambda text: {"policy": _policy(text)}),)),
    TextAddress(
        "api-split",
        tuple(_call("split", lambda text, by=by: {"policy": _policy(text), "by": by}) for by in ("limits", "scope")),
    ),
    TextAddress(
        "api-evaluate",
        (
            _call(
                "evaluate",
                lambda text: {
                    "policies": [
                        {"name": f"p{at}", "policy": _policy(text), "granted_in": "iam_project"}
                        for at in range(max(1, min(7, 230_000 // max(1, len(text)))))
                    ],
                    "requests": [{"action": "ecs:servers:list", "project": "iam_project"}] * 20,
                },
            ),
        ),
    ),
    TextAddress("api-compare", (_call("compare", lambda text: {"before": _policy(text), "after": _policy(text)}),)),
)

NEITHER = frozenset(
    {
        "guide",
        "action-names",
        "operation",
        "action",
        "api-services",
        "api-categories",
        "api-operations",
        "api-operation",
        "api-actions",
        "api-compile",
        "api-system-policies",
        "api-templates",
        "api-rules",
        "api-schema",
        "api-docs",
    }
)


def ways(addresses: tuple[Any, ...]) -> Iterator[Any]:
    return (way for address in addresses for way in address.ways)
