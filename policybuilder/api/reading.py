"""What a request says, checked: query parameters by name and value, a body by its shape."""

from typing import Any

from rest_framework.request import Request

from policybuilder.answers.invalid_input import Detail, InvalidInput
from policybuilder.domain.catalog.catalog import Catalog

from .errors import flatten
from .fields import StrictSerializer, kind_of
from .parsers import MalformedJson
from .queries import NoQuery, QuerySerializer


def read_query(
    request: Request, serializer_class: type[QuerySerializer] = NoQuery, catalog: Catalog | None = None
) -> dict[str, Any]:
    """Every parameter that there is, with its value, its default or "". Raises InvalidInput."""
    given = request.query_params
    known = serializer_class().fields
    details = []
    for name, values in given.lists():
        if name not in known:
            allowed = f"Allowed: {', '.join(known)}." if known else "None is taken here."
            message = f"{name[:80]!r} is no parameter of this address. {allowed}"
            details.append(Detail(name[:80], "unknown_parameter", message))
        elif len(values) > 1:
            message = f"This stands {len(values)} times; once is allowed."
            details.append(Detail(name, "repeated_parameter", message))
    filled = {name: value for name, value in given.items() if name in known and value}
    serializer = serializer_class(data=filled, context={"catalog": catalog})
    if not serializer.is_valid():
        details += flatten(serializer.errors)
    if details:
        raise InvalidInput(details)
    checked: dict[str, Any] = serializer.validated_data
    return dict.fromkeys(known, "") | checked


def read_body(request: Request, serializer_class: type[StrictSerializer]) -> dict[str, Any]:
    """The body with its defaults; no query parameter is taken beside it. Raises MalformedJson, InvalidInput."""
    read_query(request)
    data = request.data
    if not request.body:
        raise MalformedJson("it is empty, or came without a Content-Length.")
    if not isinstance(data, dict):
        raise InvalidInput([Detail("", "wrong_type", f"The body is {kind_of(data)}; an object was expected.")])
    serializer = serializer_class(data=data)
    if not serializer.is_valid():
        raise InvalidInput(flatten(serializer.errors))
    checked: dict[str, Any] = serializer.validated_data
    return checked
