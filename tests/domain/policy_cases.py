"""What the tests of the rules share: a small catalogue, and policies written in one line."""

import json
from typing import Any, NamedTuple

from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Level
from policybuilder.domain.jsontext.source import read
from policybuilder.domain.rules.check import Checked, check
from tests.builders import catalog, operation, published

# ECS whole, EVS and DMS only in part (no operations of their own), IAM global. The manual of DMS lists its resources.
SMALL = catalog(
    operation("ecs/servers/list", "ecs:servers:list", access="read"),
    operation("ecs/servers/get", "ecs:servers:get", access="read"),
    operation("ecs/servers/delete", "ecs:servers:delete", needs=["evs:volumes:get", "evs:volumes:delete"]),
    operation("ecs/servers/tag", "ecs:cloudServers:batchSetServerTags"),
    operation("ecs/disks/attach", "ecs:disks:attach", enterprise="no"),
    operation("iam/users/list", "iam:users:list", access="read"),
    actions=[
        published("evs:volumes:get", "yes"),
        published("evs:volumes:delete", "yes"),
        published("evs:volumes:list", "varies"),
        published("evs:types:get", "unknown"),
        published("iam:users:list", "yes"),
        published("dms:instance:get", "yes"),
    ],
    levels={"iam": Level.AX},
)

LIST = "ecs:servers:list"
GET = "ecs:servers:get"


VOLUMES = ["create", "delete", "attach", "detach", "manage", "update", "use", "uploadImage"]
IMAGES = [f"ims:images:{verb}" for verb in ("create", "delete", "get", "list", "update", "upload")]
NETWORK = ["networks:create", "networks:update", "subnets:update", "subnets:create"]
# The system-defined policies for ECS as the ECS user manual publishes them, and its one role.
SYSTEM_POLICIES = {
    "ECS FullAccess": [
        "ecs:*:*",
        "evs:*:get",
        "evs:*:list",
        *(f"evs:volumes:{verb}" for verb in VOLUMES),
        "evs:snapshots:create",
        "vpc:*:get",
        "vpc:*:list",
        *(f"vpc:{name}" for name in [*NETWORK, "ports:*", "routers:get", "routers:update"]),
        *(f"vpc:{name}:*" for name in ("securityGroups", "securityGroupRules", "floatingIps", "publicIps")),
        *IMAGES,
    ],
    "ECS CommonOperations": [
        *(f"ecs:*:{verb}" for verb in ("get*", "list*", "start", "stop", "reboot")),
        "ecs:diskConfigs:use",
        "ecs:securityGroups:use",
        "ecs:serverGroups:manage",
        "ecs:serverKeypairs:*",
        "ecs:serverPasswords:manage",
        *(f"ecs:servers:{verb}" for verb in ("createConsole", "createImage", "setMetadata", "setTags")),
        "ecs:serverVolumes:use",
        "evs:*:get*",
        "evs:*:list*",
        "evs:snapshots:create",
        *(f"evs:volumes:{verb}" for verb in VOLUMES if verb != "create"),
        "vpc:*:get*",
        "vpc:*:list*",
        *(f"vpc:floatingIps:{verb}" for verb in ("create", "update", "delete")),
        "vpc:publicIps:update",
        "vpc:publicIps:delete",
        *IMAGES,
    ],
    "ECS ReadOnlyAccess": [
        "ecs:*:get*",
        "ecs:*:list*",
        "ecs:serverGroups:manage",
        "ecs:serverVolumes:use",
        *(f"{service}:*:{verb}*" for service in ("evs", "vpc", "ims") for verb in ("get", "list")),
    ],
    "Server Administrator": [
        "ecs:*:*",
        "evs:*:get",
        "evs:*:list",
        *(f"evs:volumes:{verb}" for verb in VOLUMES if verb != "use"),
        "evs:snapshots:create",
        "vpc:*:get",
        "vpc:*:list",
        *(f"vpc:{name}" for name in [*NETWORK, "routers:get", "routers:update", "ports:*", "privateIps:*"]),
        *(f"vpc:{name}:*" for name in ("securityGroups", "securityGroupRules", "floatingIps", "publicIps")),
        "vpc:bandwidths:*",
        "vpc:firewalls:*",
        *IMAGES,
    ],
}


class Case(NamedTuple):
    """A policy that fires a rule, with every finding of it (code, place), and one that fires no rule at all."""

    code: str
    fires: str
    found: list[tuple[str, str]]
    quiet: str


def policy(*statements: Any, **more: Any) -> str:
    return json.dumps({"Version": "1.1", "Statement": list(statements), **more}, ensure_ascii=False)


def allow(*actions: Any, **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": list(actions), **more}


def deny(*actions: Any, **more: Any) -> dict[str, Any]:
    return {"Effect": "Deny", "Action": list(actions), **more}


def where(**operators: Any) -> dict[str, Any]:
    """A statement with this condition."""
    return allow(LIST, Condition=operators)


def role(name: Any = "list-servers", level: Any = "XA", **more: Any) -> str:
    document = {"Version": "1.1", "Statement": [allow(LIST)]}
    return json.dumps({"role": {"display_name": name, "type": level, "policy": document} | more})


CLEAN = policy(allow(LIST))


def checked(text: str, of: Catalog = SMALL, **labels: str) -> Checked:
    return check(of, read(text), **labels)


def found(text: str, of: Catalog = SMALL, **labels: str) -> list[tuple[str, str]]:
    return [(each.finding.code, each.finding.place) for each in checked(text, of, **labels).findings]


def fixed(text: str, code: str, of: Catalog = SMALL) -> str:
    """The text with the fix of the first finding of that code."""
    fix = next(each.fix for each in checked(text, of).findings if each.finding.code == code)
    assert fix is not None
    return fix.apply(text)
