"""The parts of a policy that no rule can check, because no manual lists the values that IAM takes.

“IAM accepts” never appears for a policy with such a part. Global condition keys count as checked, and so do OBS buckets
and objects in every region, agencies, and names with the characters of published examples.
Source: IAM API reference, "Creating a Custom Policy for an Agency"; OBS permissions configuration guide, "IAM
Permissions", which lists the resource types and the characters of a path.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from policybuilder.domain.jsontext.nodes import Array, Object, String
from policybuilder.domain.policy.condition_terms import global_key

from .iam_conditions import uses
from .iam_resources import uris
from .rule import PolicySubject

_OBS = re.compile(r"(?:obs|OBS):\*:\*:(?:bucket|object):[A-Za-z0-9_*./\\-]+", re.ASCII)
_AGENCY = re.compile(r"/iam/agencies/[A-Za-z0-9]+", re.ASCII)
_NAME = re.compile(r"[A-Za-z0-9_-]*", re.ASCII)


@dataclass(frozen=True, slots=True)
class NotChecked:
    """Texts of the policy, each once and in its order. `in_part` are actions that were checked in part.

    An empty list of actions is among the actions, by its place: no manual says whether IAM takes it.
    """

    actions: tuple[str, ...] = ()
    in_part: tuple[str, ...] = ()
    condition_keys: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    name: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return any((self.actions, self.in_part, self.condition_keys, self.resources, self.name))


def not_checked(subject: PolicySubject) -> NotChecked:
    name = subject.name.text if subject.name else None
    unknown = [each for each in subject.unchecked if not each.in_part]
    return NotChecked(
        actions=(*dict.fromkeys(each.name for each in unknown), *_empty_lists(subject)),
        in_part=tuple(dict.fromkeys(each.name for each in subject.unchecked if each.in_part)),
        condition_keys=tuple(
            dict.fromkeys(use.attribute.value for use in uses(subject) if global_key(use.attribute.value) is None)
        ),
        resources=tuple(dict.fromkeys(_open_resources(subject))),
        name=(name,) if name and not _NAME.fullmatch(name) else (),
    )


def _empty_lists(subject: PolicySubject) -> Iterator[str]:
    for view in subject.statements:
        for key, listed in (("Action", view.action), ("NotAction", view.not_action)):
            if isinstance(listed, Array) and not listed.items:
                yield f"Statement[{view.index}].{key} (empty)"


def _open_resources(subject: PolicySubject) -> Iterator[str]:
    for view in subject.statements:
        known = _AGENCY if isinstance(view.resource, Object) else _OBS
        for node in uris(view):
            if isinstance(node, String) and not known.fullmatch(node.value):
                yield node.value
