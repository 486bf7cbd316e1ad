"""A request's policy -> what the domain reads. An answer about one policy takes one: it would hide the others."""

import json
from collections.abc import Mapping
from typing import Any

from policybuilder.domain.jsontext.nodes import Array, Node
from policybuilder.domain.jsontext.source import JsonText, read
from policybuilder.domain.policy.reading import FoundPolicy, entries, find_policies, value
from policybuilder.domain.work import Work, WorkSpentError

from .invalid_input import Detail, InvalidInput


def read_source(data: Mapping[str, Any], work: Work | None) -> JsonText:
    """The policy, or policies, or the text of a request."""
    text, literal = (data["text"], False) if "text" in data else (_dumped(data["policy"]), True)
    return read(text, work=work, literal=literal)


def read_policy(data: Mapping[str, Any], work: Work | None = None) -> tuple[Node, FoundPolicy]:
    """The document of a request, which has a list of statements, and the policy around it.

    Raises InvalidInput, and WorkSpentError if `work` is given.
    """
    source = read_source(data, work)
    if work and work.spent:
        raise WorkSpentError
    number = 1 if source.root is None else len(entries(source.root))
    if number > 1:
        message = f"This holds {number:,} policies; one at a time is looked at. Send each by itself."
        raise InvalidInput([Detail("policy", "several_policies", message)])
    if source.root is None:
        raise InvalidInput(Detail("policy", "unreadable", f"{fault.message} {fault.hint}") for fault in source.faults)
    found = find_policies(source.root)
    body = found[0].body if found else None
    if body is None or not isinstance(value(body, "Statement"), Array):
        message = "There is no list of statements here; a policy was expected."
        raise InvalidInput([Detail("policy", "no_statements", message)])
    return body, found[0]


def _dumped(policy: dict[str, Any]) -> str:
    try:
        return json.dumps(policy, ensure_ascii=False, separators=(",", ":"))
    except RecursionError:
        raise InvalidInput([Detail("policy", "unreadable", "It is nested too deeply.")]) from None
