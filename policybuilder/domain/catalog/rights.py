"""The operations for people who read a service, or operate it: a rule selects them in any catalogue.

Reading goes by facts: the access of an operation and of all actions that it needs, dependencies included, and the data
that responses reveal. Operating goes by titles as well: which words mean what is our judgement, and a title in doubt is
out, since people notice what is missing, but not what is too much.
"""

import re
from enum import StrEnum
from functools import lru_cache

from .action_names import action_key, parse_action
from .catalog import Catalog
from .entries import Access, Operation


class Rights(StrEnum):
    """READ: operations that only read. AUDIT: READ without operations known to reveal contents or secrets. OPERATE adds
    running existing resources to READ, and RUN adds it to AUDIT: nothing is created, deleted or ordered, and nobody
    gets access."""

    READ = "read"
    AUDIT = "audit"
    RUN = "run"
    OPERATE = "operate"
    EVERYTHING = "everything"


# The rights without operations that are known to reveal contents or secrets.
WITHOUT_REVEALING = frozenset({Rights.AUDIT, Rights.RUN})

# Titles begin so where they run something that is there, or change how it is set.
_RUNNING = re.compile(
    r"(start|stop|restart|reboot|paus|resum|enabl|disabl|attach|detach|associat|disassociat|bind|unbind|lock"
    r"|unlock|updat|modify|chang|renam|switch|apply|diagnos|analyz)(e|es|ing|ping|ting)?\b"
    r"|performing a [\w/ ]*switchover|running a resource compliance",
    re.IGNORECASE,
)
# Not where one of these is in the title: what destroys …
_DESTROYING = r"creat|delet|remov|clear|reset|releas|replac|\badd|\bos\b"
# … what costs …
_ORDERING = r"specification|capacity|storage space|scal|bandwidth|single to primary|\bsize|\bvaults?\b"
# … what lets somebody in: passwords, keys, permissions, whom a network, a bucket or an image is open to.
_LETTING_IN = (
    r"password|\bkeys?\b|\bcmk|secret|credential|token|certificate|\bssl\b|login|\bmfa\b|permission|polic(y|ies)|\bacl"
    r"|grant|agency|\busers?\b|\broles?\b|auth|appcode|access control|shar(e|ing)|whitelist|blacklist"
    r"|security group|firewall|public|\beips?\b|rotation"
)
_NOT_RUNNING = re.compile(f"{_DESTROYING}|{_ORDERING}|{_LETTING_IN}", re.IGNORECASE)
# All that writes here decides who may do what.
_SERVICES_OF_RIGHTS = frozenset({"iam"})
# Verbs of actions that stand in no table of operations.
_RUNNING_VERB = re.compile(
    r"(start|stop|restart|reboot|enable|disable|attach|detach|associate|disassociate|bind|unbind|lock|unlock|update"
    r"|modify|use$)",
    re.IGNORECASE,
)


@lru_cache(maxsize=len(Rights))
def operations_with(catalog: Catalog, rights: Rights) -> tuple[Operation, ...]:
    """The operations of all services within the rights, in the catalogue's order."""
    return tuple(operation for operation in catalog.operations.values() if _is_within(catalog, operation, rights))


def _is_within(catalog: Catalog, operation: Operation, rights: Rights) -> bool:
    match rights:
        case Rights.READ:
            return _only_reads(catalog, operation)
        case Rights.AUDIT:
            return _only_reads(catalog, operation) and _keeps(catalog, operation)
        case Rights.RUN:
            return _is_within(catalog, operation, Rights.OPERATE) and _keeps(catalog, operation)
        case Rights.OPERATE:
            return _only_reads(catalog, operation) or _only_runs(catalog, operation)
        case Rights.EVERYTHING:
            return True


def _only_reads(catalog: Catalog, operation: Operation) -> bool:
    """Whether neither it nor anything that it needs writes."""
    return operation.access is Access.READ and all(_reads(catalog, name) for name in operation.names())


def _only_runs(catalog: Catalog, operation: Operation) -> bool:
    return _is_run(operation) and all(_runs(catalog, name) for name in operation.names())


def _is_run(operation: Operation) -> bool:
    named = _RUNNING.match(operation.title) and not _NOT_RUNNING.search(operation.title)
    return bool(named) and operation.service not in _SERVICES_OF_RIGHTS


def _reads(catalog: Catalog, name: str) -> bool:
    """Whether all that the name covers reads, and it covers something that is known."""
    covered = catalog.action_index.expand(name)
    return bool(covered) and all(catalog.action_index.actions[each].access is Access.READ for each in covered)


def _keeps(catalog: Catalog, operation: Operation) -> bool:
    """Whether no action that it needs opens an operation that is known to reveal contents or secrets."""
    names = (each for name in operation.names() for each in catalog.action_index.expand(name))
    return not any(
        row.hands_out for name in names for row in catalog.needs.operations_by_action.get(action_key(name), ())
    )


def _runs(catalog: Catalog, name: str) -> bool:
    """Whether nothing that the name covers is needed by an operation that does more than to run something."""
    covered = catalog.action_index.expand(name)
    return bool(covered) and all(_reads(catalog, each) or _is_for_running(catalog, each) for each in covered)


def _is_for_running(catalog: Catalog, name: str) -> bool:
    rows = catalog.needs.operations_by_action.get(action_key(name), ())
    if not rows:
        return bool(_RUNNING_VERB.match(parse_action(name).verb))
    return all(row.access is Access.READ or _is_run(row) for row in rows)
