"""The OpenAPI schema as a page to read: one entry per endpoint, with its fields, its examples and lines for curl.

Not Swagger UI: its styles are inline and its images are data: addresses, both of which our policy for content forbids.
"""

import json
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class DocumentedField:
    """A parameter, or a key of a body or an answer: `results[].category.slug`."""

    name: str
    type: str
    meaning: str
    allowed: tuple[str, ...] = ()
    default: str = ""


@dataclass(frozen=True, slots=True)
class AnswerStatus:
    code: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Example:
    """`curl` is a line for a shell; `answer` is JSON."""

    title: str
    status: str
    curl: str
    answer: str


@dataclass(frozen=True, slots=True)
class Endpoint:
    id: str
    method: str
    path: str
    summary: str
    paragraphs: tuple[str, ...]
    parameters: tuple[DocumentedField, ...]
    body: tuple[DocumentedField, ...]
    answer: tuple[DocumentedField, ...]
    statuses: tuple[AnswerStatus, ...]
    examples: tuple[Example, ...]


def endpoints(schema: Mapping[str, Any], host: str) -> tuple[Endpoint, ...]:
    """Every endpoint of `schema`. `host` begins the addresses in the lines for curl: `https://policies.example.com`."""
    return tuple(
        _endpoint(schema, host, path, method, operation)
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
    )


def _endpoint(schema: Mapping[str, Any], host: str, path: str, method: str, operation: Mapping[str, Any]) -> Endpoint:
    body = operation.get("requestBody")
    return Endpoint(
        id=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=operation["summary"],
        paragraphs=tuple(operation.get("description", "").split("\n\n")),
        parameters=tuple(
            _field(schema, parameter["name"], {**parameter["schema"], "description": parameter.get("description", "")})
            for parameter in operation.get("parameters", ())
        ),
        body=tuple(_fields(schema, _content(body)["schema"])) if body else (),
        answer=tuple(_fields(schema, _content(operation["responses"]["200"])["schema"])),
        statuses=tuple(AnswerStatus(code, answer["description"]) for code, answer in operation["responses"].items()),
        examples=tuple(_examples(host, operation)),
    )


def _examples(host: str, operation: Mapping[str, Any]) -> Iterator[Example]:
    bodies = _content(operation["requestBody"]).get("examples", {}) if "requestBody" in operation else {}
    for status, answer in operation["responses"].items():
        for name, example in _content(answer).get("examples", {}).items():
            _, address = example["summary"].split(" ", 1)
            line = ["curl", host + address]
            if name in bodies:
                line += ["-H", "Content-Type: application/json", "-d", json.dumps(bodies[name]["value"])]
            title = name.replace("_", " ").capitalize()
            text = json.dumps(example["value"], indent=2, ensure_ascii=False)
            yield Example(title, status, shlex.join(line), text)


def _content(place: Mapping[str, Any]) -> dict[str, Any]:
    content: dict[str, Any] = place["content"]["application/json"]
    return content


def _fields(schema: Mapping[str, Any], node: Mapping[str, Any], prefix: str = "") -> Iterator[DocumentedField]:
    """The keys of an object and of the objects in it, each right before what is below it."""
    node = _resolved(schema, node)
    if node.get("type") == "array":
        yield from _fields(schema, node["items"], f"{prefix}[]")
        return
    for name, value in node.get("properties", {}).items():
        place = f"{prefix}.{name}" if prefix else name
        yield _field(schema, place, value)
        yield from _fields(schema, value, place)


def _field(schema: Mapping[str, Any], name: str, node: Mapping[str, Any]) -> DocumentedField:
    resolved = _resolved(schema, node)
    kind, nullable = resolved.get("type", "any"), resolved.get("nullable", False)
    if isinstance(kind, list):
        kind, nullable = kind[0], "null" in kind
    if kind == "array":
        kind = f"list of {_resolved(schema, resolved['items'])['type']}s"
    default = resolved.get("default", "")
    return DocumentedField(
        name=name,
        type=f"{kind} or null" if nullable else kind,
        meaning=resolved.get("description", ""),
        allowed=tuple(resolved.get("enum", ())),
        default=default if isinstance(default, str) else json.dumps(default),
    )


def _resolved(schema: Mapping[str, Any], node: Mapping[str, Any]) -> dict[str, Any]:
    """The node with what it refers to put in its place. `nullable` where null is one of two choices."""
    own = dict(node)
    parts = [*own.pop("allOf", ()), *own.pop("oneOf", ())]
    if "$ref" in own:
        parts.append(schema["components"]["schemas"][own.pop("$ref").rpartition("/")[2]])
    merged: dict[str, Any] = {}
    for part in parts:
        target = _resolved(schema, part)
        properties = {**merged.get("properties", {}), **target.get("properties", {})}
        merged |= {"nullable": True} if target.get("type") == "null" else target
        merged |= {"properties": properties} if properties else {}
    return merged | own
