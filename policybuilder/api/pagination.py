"""One page of a list: {"count", "next", "previous", "results"}."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from rest_framework.request import Request

from policybuilder.answers.invalid_input import Detail, InvalidInput

DEFAULT_PAGE_SIZE = 50
MAX_PAGE_SIZE = 200

Listed = TypeVar("Listed")


def paginate(
    request: Request, entries: Sequence[Listed], query: Mapping[str, Any], answer: Callable[[Listed], dict[str, Any]]
) -> dict[str, Any]:
    """The page that `query` asks for. `next` and `previous` are addresses, None where there is no such page.

    An empty list has one page, which is empty. Raises InvalidInput past the last.
    """
    number, size = query["page"], query["page_size"]
    last = max(1, -(-len(entries) // size))
    if number > last:
        message = (
            f"There is no page {number}. Allowed: 1 to {last}." if last > 1 else f"There is no page {number}, only 1."
        )
        raise InvalidInput([Detail("page", "unknown_value", message)])

    def address(of: int) -> str | None:
        if not 1 <= of <= last:
            return None
        parameters = request.query_params.copy()
        parameters["page"] = str(of)
        return request.build_absolute_uri(f"{request.path}?{parameters.urlencode()}")

    return {
        "count": len(entries),
        "next": address(number + 1),
        "previous": address(number - 1),
        "results": [answer(entry) for entry in entries[(number - 1) * size : number * size]],
    }
