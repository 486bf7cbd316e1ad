"""The two policies of a request -> documents and levels. A part of no certain meaning is refused, with its place."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from policybuilder.domain.access.comparison import Documents, Levels
from policybuilder.domain.access.evaluation import level_of_policy
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Level
from policybuilder.domain.policy.document import Document
from policybuilder.domain.policy.reading import to_document
from policybuilder.domain.policy.unclear import unclear_parts
from policybuilder.domain.work import Work

from .errors import Detail, InvalidInput
from .policies import read_policy


def read_both(catalog: Catalog, data: Mapping[str, Any], work: Work) -> tuple[Documents, Levels]:
    """The policies before and after, and the level of each.

    Raises InvalidInput with everything that is wrong with either, and WorkSpentError.
    """
    documents: list[Document] = []
    levels: list[Level | None] = []
    details: list[Detail] = []
    for side in ("before", "after"):
        try:
            body, found = read_policy({"policy": data[side]}, work)
        except InvalidInput as refused:
            details += [replace(detail, place=side) for detail in refused.details]
            continue
        details += [Detail(f"{side}.{part.place}", "unclear", part.message) for part in unclear_parts(body)]
        documents.append(to_document(body))
        levels.append(level_of_policy(catalog, documents[-1], data.get(f"{side}_level", found.role_type)))
    if details:
        raise InvalidInput(details)
    return (documents[0], documents[1]), (levels[0], levels[1])
