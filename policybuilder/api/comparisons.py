"""The two policies of a request -> documents. A policy with a part of no certain meaning is refused, with its place."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from policybuilder.domain.policy.document import Document
from policybuilder.domain.policy.reading import to_document
from policybuilder.domain.policy.unclear import unclear_parts

from .errors import Detail, InvalidInput
from .policies import read_document


def read_both(data: Mapping[str, Any]) -> tuple[Document, Document]:
    """The policies before and after. Raises InvalidInput with everything that is wrong with either."""
    documents, details = [], []
    for side in ("before", "after"):
        try:
            body = read_document({"policy": data[side]})
        except InvalidInput as refused:
            details += [replace(detail, place=side) for detail in refused.details]
            continue
        details += [Detail(f"{side}.{part.place}", "unclear", part.message) for part in unclear_parts(body)]
        documents.append(to_document(body))
    if details:
        raise InvalidInput(details)
    before, after = documents
    return before, after
