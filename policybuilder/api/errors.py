"""The one shape of every error below /api/v1/, and how whatever was raised becomes one.

{"error": {"code", "message", "details": [{"place", "code", "message"}]}}
"""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, JsonResponse, UnreadablePostError
from rest_framework import exceptions
from rest_framework.response import Response

from policybuilder.answers.invalid_input import Detail, InvalidInput
from policybuilder.domain.work import WorkSpentError
from policybuilder.web.log_lines import escaped

logger = logging.getLogger(__name__)

NOTHING_AT = "There is nothing at {path!r}."
NOTHING_HERE = "There is nothing at {path!r}. What there is: /api/v1/docs/."
NOTHING_WITHOUT_SLASH = (
    "There is nothing at {path!r}. Every address of the API ends with a slash. What there is: /api/v1/docs/."
)
UNREADABLE = "The request cannot be read."
TOO_LARGE = "The body is larger than {most} KiB."
NOT_DECLARED = "The body must be JSON, with the header Content-Type: application/json."
TOO_MUCH = "There are more wildcards, or values under conditions, than can be compared at once. Ask less."
OUR_FAULT = "Something went wrong here. It was recorded."

MAX_DETAILS = 20
_MAX_TEXT = 600


class ApiError(Exception):
    """An answer other than success."""

    def __init__(self, status: HTTPStatus, code: str, message: str, details: Iterable[Detail] = ()):
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.details = tuple(details)

    def data(self) -> dict[str, Any]:
        details = [_printable(detail) for detail in self.details[:MAX_DETAILS]]
        message = _escape(self.message)
        return {"error": {"code": self.code, "message": message, "details": [asdict(detail) for detail in details]}}


def not_found(message: str) -> ApiError:
    return ApiError(HTTPStatus.NOT_FOUND, "not_found", message)


def exception_handler(exc: Exception, context: dict[str, Any]) -> Response:
    """What the REST framework calls for everything that a view, a parser or a permission raises."""
    error = as_api_error(exc, context["request"].path)
    if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        logger.error("%s %s", context["request"].method, context["request"].path, exc_info=exc)
    return Response(error.data(), status=error.status)


def as_api_error(exc: Exception, path: str = "") -> ApiError:
    match exc:
        case ApiError():
            return exc
        case InvalidInput():
            return ApiError(HTTPStatus.BAD_REQUEST, "invalid_input", str(exc), exc.details)
        case RequestDataTooBig():
            most = (settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0) // 1024
            return ApiError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large", TOO_LARGE.format(most=most))
        case WorkSpentError():
            return ApiError(HTTPStatus.UNPROCESSABLE_ENTITY, "too_much", TOO_MUCH)
        case Http404():
            return not_found(NOTHING_AT.format(path=path[:200]))
        case SuspiciousOperation() | BadRequest() | UnreadablePostError():
            return ApiError(HTTPStatus.BAD_REQUEST, "bad_request", UNREADABLE)
        case exceptions.UnsupportedMediaType():
            return ApiError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", NOT_DECLARED)
        case exceptions.APIException():
            return ApiError(HTTPStatus(exc.status_code), str(exc.get_codes()), str(exc.detail))
    return ApiError(HTTPStatus.INTERNAL_SERVER_ERROR, "server_error", OUR_FAULT)


def flatten(errors: Any, place: str = "") -> Iterator[Detail]:
    """The nested errors of a serializer, with the place of each: `operations[2]`, `options.ecs/…[0]`."""
    if isinstance(errors, dict):
        for key, value in errors.items():
            yield from flatten(value, _below(place, key))
    elif isinstance(errors, list):
        for at, value in enumerate(errors):
            yield from flatten(value, f"{place}[{at}]" if isinstance(value, (dict, list)) else place)
    else:
        yield Detail(place, getattr(errors, "code", None) or "invalid", str(errors))


def error_response(exc: Exception) -> JsonResponse:
    """The same answer from outside the views, as for a forged Host, which is refused before one is reached."""
    error = as_api_error(exc)
    return JsonResponse(error.data(), status=error.status)


def _below(place: str, key: str | int) -> str:
    if key == "non_field_errors":
        return place
    if isinstance(key, int):
        return f"{place}[{key}]"
    return f"{place}.{key}" if place else key


def _printable(detail: Detail) -> Detail:
    return Detail(_escape(detail.place), detail.code, _escape(detail.message))


def _escape(text: str) -> str:
    """Readable on one line whatever was sent, and possible to encode: lone surrogates are not."""
    if len(text) > _MAX_TEXT:
        text = text[: _MAX_TEXT - 1] + "…"
    return escaped(text)
