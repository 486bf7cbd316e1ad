"""A policy of a checked text as a draft of the builder."""

from policybuilder.domain.building.importing import CannotEditError, read_blocks
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.drafts.addresses import address
from policybuilder.drafts.draft import Draft, clean_name, with_editable
from policybuilder.drafts.link import MAX_LINK, encode
from policybuilder.web.commands import RefusedError

from .reading import Reading

POLICY_NOT_OPENED = "The text has changed: this policy is no longer in it, or cannot be read."
TOO_LARGE_FOR_A_LINK = "The policy is too large for a link, in which the builder keeps it. Make it shorter first."


def opened_at(catalog: Catalog, reading: Reading, index: str) -> str:
    """Where the builder shows policy `index` of the text. Raises RefusedError."""
    policy = next((each for at, each in enumerate(reading.checked.policies) if str(at) == index), None)
    if policy is None:
        raise RefusedError(POLICY_NOT_OPENED)
    try:
        imported = read_blocks(catalog, policy.found)
    except CannotEditError as refused:
        raise RefusedError(str(refused)) from refused
    draft = Draft(with_editable(imported.blocks), clean_name(imported.name), imported.extra)
    if len(encode(draft)) > MAX_LINK:
        raise RefusedError(TOO_LARGE_FOR_A_LINK)
    return address(draft)
