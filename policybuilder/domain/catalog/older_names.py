"""Names of ECS actions that today's tables do not have: of earlier tables, and of the user manual's example policies.

They may allow nothing, and a Deny of one may protect nothing, unless the current manual has them.
Source: earlier revisions of the ECS API reference's tables of supported actions, and the ECS user manual.
"""

from dataclasses import dataclass
from enum import StrEnum

from .action_names import ActionNameError, action_key


class Status(StrEnum):
    RENAMED = "renamed"
    PARTLY_RENAMED = "partly renamed"  # it is still there, but some of its API calls have an action of their own
    DROPPED = "dropped"
    ONLY_IN_EXAMPLES = "only in examples"  # no table ever had it
    IN_MANUAL = "in the current manual"  # no table ever had it; an example policy of the current user manual has it


@dataclass(frozen=True, slots=True)
class OlderAction:
    """`replaced_by` are the actions that authorise its API calls today, or do its job; none where nothing is known to.

    `last_seen` is the date of the latest page that has it.
    """

    name: str
    status: Status
    last_seen: str
    replaced_by: tuple[str, ...] = ()


def _renamed(name: str, last_seen: str, *replaced_by: str) -> OlderAction:
    return OlderAction(name, Status.RENAMED, last_seen, replaced_by)


def _dropped(name: str, last_seen: str) -> OlderAction:
    return OlderAction(name, Status.DROPPED, last_seen)


def _example(name: str, last_seen: str) -> OlderAction:
    return OlderAction(name, Status.ONLY_IN_EXAMPLES, last_seen)


OLDER_ACTIONS: tuple[OlderAction, ...] = (
    _renamed(
        "ecs:cloudServers:create",
        "2024-05-16",
        "ecs:cloudServers:createServerGroup",
        "ecs:cloudServers:addServerGroupMember",
        "ecs:cloudServers:createServers",
    ),
    _renamed(
        "ecs:cloudServers:delete",
        "2026-07-02",
        "ecs:cloudServers:deleteServerGroup",
        "ecs:cloudServers:deleteServerGroupMember",
        "ecs:cloudServers:deleteServers",
    ),
    _renamed("ecs:cloudServers:put", "2024-05-16", "ecs:cloudServers:batchSetServerTags"),
    OlderAction(
        "ecs:cloudServers:get", Status.PARTLY_RENAMED, "2026-07-02", ("ecs:cloudServers:listServerBlockDevices",)
    ),
    _dropped("ecs:cloudServerFpgaImages:delete", "2024-12-11"),
    _dropped("ecs:cloudServerFpgaImages:getRelations", "2024-11-25"),
    _dropped("ecs:cloudServerFpgaImages:list", "2024-11-25"),
    _dropped("ecs:cloudServerFpgaImages:register", "2024-12-11"),
    _dropped("ecs:cloudServerFpgaImages:relate", "2024-12-11"),
    _dropped("ecs:cloudServerFpgaImags:unrelate", "2024-12-11"),  # spelt like this where it was published
    _dropped("ecs:cloudServerNics:update", "2024-05-16"),
    _dropped("ecs:cloudServers:attachSharedVolume", "2024-05-16"),
    _dropped("ecs:cloudServers:getAutoRecovery", "2022-05-18"),
    _dropped("ecs:cloudServers:setAutoRecovery", "2024-12-11"),
    _dropped("ecs:serverFloatingIps:use", "2024-12-11"),
    _example("ecs:blockDevice:use", "2024-12-11"),
    _example("ecs:cloudServerPasswords:reset", "2024-12-11"),
    _example("ecs:cloudServerPorts:modify", "2024-12-11"),
    OlderAction("ecs:cloudServers:vnc", Status.IN_MANUAL, "2026-07-02", ("ecs:servers:createConsole",)),
)
_BY_KEY = {action_key(older.name): older for older in OLDER_ACTIONS}


def older_action(name: str) -> OlderAction | None:
    """The older action of that name, whatever the case of its last two parts; None for anything else."""
    try:
        return _BY_KEY.get(action_key(name))
    except ActionNameError:
        return None
