"""The drafts that the guide gives as examples. What each is to show, `templates/guide/` says beside it."""

from policybuilder.domain.building.blocks import Block
from policybuilder.domain.building.selection import Selection
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.scope import Goal
from policybuilder.domain.policy.document import Condition, Effect
from policybuilder.drafts.addresses import address
from policybuilder.drafts.draft import Draft

_QUERY = "ecs/lifecycle-management/querying-details-about-ecss"
_DELETE = "ecs/lifecycle-management/deleting-ecss"
_ATTACH = "ecs/disk-management/attaching-a-disk-to-an-ecs"
_START = "ecs/batch-operations/starting-ecss-in-a-batch"
_STOP = "ecs/batch-operations/stopping-ecss-in-a-batch"
_START_NATIVE = "ecs/ecs-status-management/starting-an-ecs-native"
_LIST_BUCKETS = "obs/bucket-actions/listing-all-buckets"


def _ticked(*operations: str) -> Selection:
    return Selection(frozenset(operations))


_NO_DELETION = Block(_ticked(_DELETE), Effect.DENY)
_NO_DELETION_WITHOUT_MFA = Block(
    _ticked(_DELETE), Effect.DENY, conditions=(Condition("BoolIfExists", "g:MFAPresent", ("false",)),)
)

EXAMPLES = {
    "permission": Draft.of(_ticked(_START, _STOP)),
    "api": Draft.of(_ticked(_START)),
    "action": Draft.of(Selection(actions=frozenset({"ecs:cloudServers:start"}))),
    "also_allowed": Draft.of(_ticked(_QUERY)),
    "dependency": Draft.of(_ticked(_ATTACH)),
    "iam_project": Draft((Block(_ticked(_START_NATIVE)),), goal=Goal.IAM_PROJECT),
    "enterprise_project": Draft((Block(_ticked(_START)),), goal=Goal.ENTERPRISE_PROJECT),
    "level": Draft.of(_ticked(_QUERY, _LIST_BUCKETS)),
    "together": Draft((_NO_DELETION,)),
    "deny": Draft((Block(_ticked(_START, _DELETE)), _NO_DELETION)),
    "condition": Draft((Block(_ticked(_START, _DELETE)), _NO_DELETION_WITHOUT_MFA)),
}


def addresses(catalog: Catalog) -> dict[str, str]:
    """Where each example opens in the builder; without those of which the catalogue lacks something."""
    return {
        name: address(draft)
        for name, draft in EXAMPLES.items()
        if all(
            block.selection.operations <= catalog.operations.keys()
            and block.selection.actions <= catalog.action_index.actions.keys()
            for block in draft.blocks
        )
    }
