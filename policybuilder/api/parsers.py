"""Reading a JSON body strictly: UTF-8, no NaN, no infinity, no key twice, nothing nested without end."""

import json
import math
from collections import Counter
from http import HTTPStatus
from typing import IO, Any, NoReturn

from rest_framework.parsers import JSONParser

from .errors import ApiError

NO_JSON = "The body is not JSON: {fault}"


class MalformedJson(ApiError):
    def __init__(self, message: str):
        super().__init__(HTTPStatus.BAD_REQUEST, "malformed_json", NO_JSON.format(fault=message))


class StrictJSONParser(JSONParser):
    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> Any:
        """The value in the body. Raises MalformedJson."""
        try:
            text = stream.read().decode("utf-8-sig")
            return json.loads(text, parse_constant=_refuse_constant, parse_float=_finite, object_pairs_hook=_object)
        except UnicodeDecodeError as error:
            raise MalformedJson(f"byte {error.start} is not UTF-8.") from None
        except json.JSONDecodeError as error:
            raise MalformedJson(f"{error.msg} at line {error.lineno}, column {error.colno}.") from None
        except RecursionError:
            raise MalformedJson("it is nested too deeply.") from None
        except ValueError:  # Python's limit for the digits of one number
            raise MalformedJson("a number has too many digits.") from None


def _refuse_constant(name: str) -> NoReturn:
    raise MalformedJson(f"{name} is no JSON value.")


def _finite(number: str) -> float:
    value = float(number)
    if math.isinf(value):
        raise MalformedJson(f"{number[:80]} is too large a number.")
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        twice, _ = Counter(name for name, _ in pairs).most_common(1)[0]
        raise MalformedJson(f"the key {twice[:80]!r} stands twice in one object.")
    return members
