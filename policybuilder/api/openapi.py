"""The OpenAPI schema: what every endpoint takes and answers, with examples that tests hold true."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema

from policybuilder.domain.remembering import built_once

from .fields import StrictSerializer
from .queries import QuerySerializer
from .serializers.shared import ErrorSerializer

EXAMPLES = Path(__file__).parent / "examples.json"

_REASONS = {
    400: "A parameter or the body is wrong. details names each place.",
    404: "There is no such entry.",
    413: "The body is too large.",
    415: "The body is not declared as JSON.",
    422: "There is more to compare than can be compared at once.",
}


def documented(
    operation_id: str,
    summary: str,
    answer: Any,
    *,
    path: dict[str, str] | None = None,
    query: type[QuerySerializer] | None = None,
    body: type[StrictSerializer] | None = None,
    errors: tuple[int, ...] = (400,),
    media_types: tuple[str, ...] = ("application/json",),
) -> Callable[[Any], Any]:
    """The description of an endpoint; the view's docstring is its longer text."""
    responses = {(200, media_type): OpenApiResponse(answer, description="Success.") for media_type in media_types}
    refusals = {
        (status, "application/json"): OpenApiResponse(ErrorSerializer, description=_REASONS[status])
        for status in errors
    }
    return extend_schema(
        operation_id=operation_id,
        summary=summary,
        parameters=[
            *(OpenApiParameter(name, str, "path", description=meaning) for name, meaning in (path or {}).items()),
            *([query] if query else ()),
        ],
        request=body,
        responses=responses | refusals,
        tags=[],
    )


@built_once  # the generator keeps the view that it describes in an object that all threads share
def schema() -> dict[str, Any]:
    """The whole schema, which is the same as long as the process runs."""
    generated: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return generated


def complete(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Hook: what the generator cannot know. No object has other keys, every body is required, and the examples."""
    for component in result["components"]["schemas"].values():
        if component.get("type") == "object":
            component.setdefault("additionalProperties", False)
    operations = {found["operationId"]: found for path in result["paths"].values() for found in path.values()}
    for operation in operations.values():
        if "requestBody" in operation:
            operation["requestBody"]["required"] = True
    for example in json.loads(EXAMPLES.read_text(encoding="utf-8")):
        operation, request = operations[example["operation"]], example["request"]
        if "body" in request:
            _add(operation["requestBody"], example["name"], request, request["body"])
        _add(operation["responses"][str(example["status"])], example["name"], request, example["answer"])
    return result


def _add(place: dict[str, Any], name: str, request: dict[str, Any], value: Any) -> None:
    """An example, whose summary is the request that it is of."""
    examples = place["content"]["application/json"].setdefault("examples", {})
    examples[name] = {"summary": f"{request['method']} {request['url']}", "value": value}
