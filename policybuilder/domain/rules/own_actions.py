"""What we say about actions and wildcards beside IAM's refusals: PB011 to PB015, PB018 to PB020, PB022 and PB049."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from policybuilder.domain.catalog.action_names import action_key, is_wildcard, parse_action, service_of
from policybuilder.domain.catalog.known_actions import SAME_BUT_FOR_A_SLIP, Coverage
from policybuilder.domain.catalog.older_names import OlderAction, Status, older_action
from policybuilder.domain.findings import Plural, Severity, Template, Values, Wording
from policybuilder.domain.jsontext.nodes import described
from policybuilder.domain.policy.document import Effect
from policybuilder.domain.policy.reading import ActionView, StatementView

from .rule import (
    OUR_ADVICE,
    SYNTAX,
    Fix,
    PolicySubject,
    Remark,
    Rule,
    UncheckedAction,
    insert_after,
    remove_item,
    respell,
)

KEEP_SHUT = Plural("Keep {names:all} shut too", "Keep its {n} successors shut too")
OLDER_TABLES = "earlier tables of supported actions and the ECS user manual"


NO_SUCCESSOR_IN_DENY = (
    "Nothing is known to replace it; last seen in documentation of {last_seen}. "
    "Look up what its calls need today, and name that as well."
)
NO_SUCCESSOR_IN_ALLOW = "Nothing is known to replace it; last seen in documentation of {last_seen}. Take it out."
SUCCESSORS = "Today its calls need {successors:all}."
OLDER_IN_DENY: Template = "{name:quoted} is an older name: denying it may protect nothing."
OLDER_IN_ALLOW: Template = "{name:quoted} is an older name and may allow nothing."
REPLACED_IN_DENY = Wording(OLDER_IN_DENY, SUCCESSORS)
UNREPLACED_IN_DENY = Wording(OLDER_IN_DENY, NO_SUCCESSOR_IN_DENY)
REPLACED_IN_ALLOW = Wording(OLDER_IN_ALLOW, SUCCESSORS)
UNREPLACED_IN_ALLOW = Wording(OLDER_IN_ALLOW, NO_SUCCESSOR_IN_ALLOW)


def older_in_deny(subject: PolicySubject) -> Iterator[Remark]:
    """NotAction in an Allow is meant to keep something shut as well. Nothing is to be said where what replaced the name
    is kept shut beside it.
    """
    by_statement: dict[int, Coverage] = {}
    for view, entries, entry, older in _older(subject, keeping_shut=True):
        if view.index not in by_statement:
            by_statement[view.index] = Coverage((name for _, name in _named(entries)), subject.comparisons)
        opened = [name for name in older.replaced_by if name not in by_statement[view.index]]
        if older.replaced_by and not opened:
            continue
        wording = REPLACED_IN_DENY if older.replaced_by else UNREPLACED_IN_DENY
        yield Remark(entry.node, wording, _values_of(older), _beside(subject, entry, opened))


def older_in_allow(subject: PolicySubject) -> Iterator[Remark]:
    """NotAction in a Deny is meant to leave something open as well."""
    for view, entries, entry, older in _older(subject, keeping_shut=False):
        wording = REPLACED_IN_ALLOW if older.replaced_by else UNREPLACED_IN_ALLOW
        yield Remark(entry.node, wording, _values_of(older), _successor(view, entries, entry, older))


SERVICE_IN_CAPITALS = Wording(
    "The service of {found} is not in lower case. IAM asks for lower case, though the vendor's own pages print it so: "
    "whether it has an effect is not certain.",
    "Write {meant:quoted}.",
)


def service_is_lower_case(subject: PolicySubject) -> Iterator[Remark]:
    for view in subject.statements:
        for entry in (*view.actions, *view.not_actions):
            if meant := entry.in_lower_case:
                values = {"found": described(entry.node), "meant": meant}
                yield Remark(entry.node, SERVICE_IN_CAPITALS, values, respell(entry.node, meant))


ACTION_TWICE = Wording("{name:quoted} stands twice here.", "Take it out.")


def action_stands_once(subject: PolicySubject) -> Iterator[Remark]:
    for entries in _lists(subject):
        seen: set[str] = set()
        for entry, name in _named(entries):
            key = action_key(name)
            if key in seen:
                yield Remark(entry.node, ACTION_TWICE, {"name": name}, _without(entry))
            seen.add(key)


ACTION_COVERED = Wording(
    "{name:quoted} is covered by {wildcard:quoted} in the same statement.", "Take one of the two out."
)


def action_is_covered(subject: PolicySubject) -> Iterator[Remark]:
    """The second entry of an action (PB014) is not reported: if the first is taken out, the second is left. An action
    that alone gives the policy its level stays: without it, a wildcard over all services would apply at both levels."""
    alone = _alone_gives_level(subject)
    for entries in _lists(subject):
        if not any(_wildcards(entries)):
            continue
        named = [(entry, name, action_key(name)) for entry, name in _named(entries)]
        coverage = Coverage((name for _, name, _ in named), subject.comparisons)
        times = Counter([key for *_, key in named])
        seen: set[str] = set()
        for entry, name, key in named:
            if key in seen or key == alone:
                continue
            seen.add(key)
            wildcard = coverage.covering(name)
            if wildcard is not None:
                fix = _without(entry) if times[key] == 1 else None
                yield Remark(entry.node, ACTION_COVERED, {"name": name, "wildcard": wildcard}, fix)


def _alone_gives_level(subject: PolicySubject) -> str:
    """The key of the only action whose service is named, in a policy without a type; else ""."""
    if subject.found.role_type:
        return ""
    keys = (action_key(name) for name in subject.document.actions() if "*" not in service_of(name))
    only = next(keys, "")
    return only if all(key == only for key in keys) else ""


def denied_statements(subject: PolicySubject) -> Iterator[StatementView]:
    """The Allow statements of which a Deny without condition and resources covers every action."""
    denied = [
        name for view in subject.statements if view.effect is Effect.DENY and view.everywhere for name in view.names
    ]
    if not denied:
        return
    coverage = Coverage(denied, subject.comparisons)
    for view in subject.statements:
        allows = view.effect is Effect.ALLOW and view.names and view.not_action is None
        if allows and all(name in coverage for name in view.names):
            yield view


PERHAPS_MEANT = "Perhaps meant: {near:listed}."
NO_MATCH: Template = "The wildcard {name:quoted} matches no action in the catalogue."
NO_MATCH_BUT_NEAR = Wording(NO_MATCH, PERHAPS_MEANT)
NO_MATCH_NOR_NEAR = Wording(NO_MATCH, "Check its spelling.")


def wildcard_matches_something(subject: PolicySubject) -> Iterator[Remark]:
    for view in subject.statements:
        for entry, name in _wildcards((*view.actions, *view.not_actions)):
            if not subject.known.is_complete(parse_action(name).service):
                continue
            if subject.known.expand(name) == () and action_key(name) not in subject.catalog.action_index.wildcards:
                near = subject.known.nearest(name)
                yield Remark(entry.node, NO_MATCH_BUT_NEAR if near else NO_MATCH_NOR_NEAR, {"name": name, "near": near})


NARROW = "List what is needed, or narrow the wildcard."
OPENS_EVERY_SERVICE = Wording(
    Plural(
        "{name:quoted} opens every service; {n:,} operation of the catalogue can change something.",
        "{name:quoted} opens every service; {n:,} operations of the catalogue can change something.",
    ),
    NARROW,
)
OPENS_WHOLE_SERVICE = Wording(
    Plural(
        "{name:quoted} opens the whole service, with {n:,} operation that can change something.",
        "{name:quoted} opens the whole service, with {n:,} operations that can change something.",
    ),
    NARROW,
)
OPENS_SERVICE_AND_MORE = Wording(
    Plural(
        "{name:quoted} opens the whole service: {n:,} operation that can change something, and what the catalogue may "
        "not have.",
        "{name:quoted} opens the whole service: {n:,} operations that can change something, and what the catalogue may "
        "not have.",
    ),
    NARROW,
)
OPENS_UNKNOWN_SERVICE = Wording("{name:quoted} opens the whole service, also what can change something.", NARROW)


def wildcard_is_narrow(subject: PolicySubject) -> Iterator[Remark]:
    """Of one that is there because operations need it, PB050 says more."""
    openings = subject.selected.openings if subject.selected else ()
    needed = {action_key(opening.name) for opening in openings}
    for view in subject.statements:
        for entry, name in _wildcards(view.actions if view.effect is Effect.ALLOW else ()):
            service, resource_type, verb = parse_action(name)
            if set(resource_type + verb) == {"*"} and action_key(name) not in needed:
                writing = subject.known.writing(name)
                yield Remark(entry.node, _opened(subject, service, writing), {"name": name, "n": writing})


SERVICE_IN_PART = Wording(
    "{name:quoted} has a wildcard in part of the service: new services can fall under it.",
    "Write each service in full.",
)


def service_is_whole(subject: PolicySubject) -> Iterator[Remark]:
    for view in subject.statements:
        for entry, name in _wildcards((*view.actions, *view.not_actions)):
            service = parse_action(name).service
            if is_wildcard(service) and set(service) != {"*"}:
                yield Remark(entry.node, SERVICE_IN_PART, {"name": name})


COMPARE = "Compare them with the service's own documentation."
ALL_SERVICES_IN_PART = Wording("The catalogue does not have every service; checked in part: {names:listed}.", COMPARE)
ALL_SERVICES_UNCHECKED = Wording("The catalogue does not have every service; not checked: {names:listed}.", COMPARE)
SERVICE_CHECKED_IN_PART = Wording(
    "Of {service:quoted} the catalogue may not have every action; checked in part: {names:listed}.", COMPARE
)
ACTIONS_UNKNOWN = Wording("Not in the catalogue, and so not checked: {names:listed}.", COMPARE)
ACTIONS_UNKNOWN_BUT_NEAR = Wording(ACTIONS_UNKNOWN.message, PERHAPS_MEANT)
SERVICE_UNKNOWN = Wording(
    "The catalogue does not have the service {service:quoted}; not checked: {names:listed}.", COMPARE
)
SERVICE_UNKNOWN_BUT_NEAR = Wording(SERVICE_UNKNOWN.message, PERHAPS_MEANT)


def action_is_checked(subject: PolicySubject) -> Iterator[Remark]:
    """One remark a service: the catalogue holds only part of the services, and of some not all actions.

    Of a service that it holds whole, PB018 says which wildcard matches nothing.
    """
    by_service: dict[tuple[str, bool], list[UncheckedAction]] = defaultdict(list)
    for each in subject.unchecked:
        if each.misspelt or each.empty or _may_exist(subject, each):
            continue  # PB013 says so, PB010 or PB049
        service = parse_action(each.name).service
        if not subject.known.is_complete(service):
            by_service[service, each.in_part].append(each)
    for (service, in_part), found in by_service.items():
        names = [each.name for each in found]
        near = [] if in_part else [alike for name in names for alike in _nearly(subject, name)]
        wording = _unknown(subject, service, in_part=in_part, near=bool(near))
        yield Remark(found[0].node, wording, {"service": service, "names": names, "near": near})


MAY_EXIST: Template = Plural(
    "The catalogue does not have {names:listed}. Nothing states that it has all of {service:quoted}, so whether it "
    "exists cannot be told.",
    "The catalogue does not have {names:listed}. Nothing states that it has all of {service:quoted}, so whether they "
    "exist cannot be told.",
)
DENIED_MAY_EXIST: Template = Plural(
    "The catalogue does not have {names:listed}. Nothing states that it has all of {service:quoted}, so whether it "
    "exists cannot be told. A Deny of what does not exist protects nothing.",
    "The catalogue does not have {names:listed}. Nothing states that it has all of {service:quoted}, so whether they "
    "exist cannot be told. A Deny of what does not exist protects nothing.",
)
LOOK_UP = "Look it up in the service's own documentation."
ACTION_MAY_EXIST = Wording(MAY_EXIST, LOOK_UP)
ACTION_MAY_EXIST_BUT_NEAR = Wording(MAY_EXIST, PERHAPS_MEANT)
DENIED_ACTION_MAY_EXIST = Wording(DENIED_MAY_EXIST, LOOK_UP)
DENIED_ACTION_MAY_EXIST_BUT_NEAR = Wording(DENIED_MAY_EXIST, PERHAPS_MEANT)


def action_is_in_the_catalogue(subject: PolicySubject) -> Iterator[Remark]:
    """What IAM.1036 would be said of, were the service stated to be in the catalogue whole. One remark a service."""
    by_service: dict[str, list[UncheckedAction]] = defaultdict(list)
    for each in subject.unchecked:
        if _may_exist(subject, each):
            by_service[parse_action(each.name).service].append(each)
    denied = {action_key(name) for view in subject.statements if view.effect is Effect.DENY for name in view.names}
    for service, found in by_service.items():
        names = [each.name for each in found]
        near = list(dict.fromkeys(alike for name in names for alike in _nearly(subject, name)))
        if denied.intersection(map(action_key, names)):
            wording = DENIED_ACTION_MAY_EXIST_BUT_NEAR if near else DENIED_ACTION_MAY_EXIST
        else:
            wording = ACTION_MAY_EXIST_BUT_NEAR if near else ACTION_MAY_EXIST
        values = {"service": service, "names": names, "n": len(names), "near": near}
        yield Remark(found[0].node, wording, values)


def _may_exist(subject: PolicySubject, each: UncheckedAction) -> bool:
    """Whether it is one action of a service that the catalogue has, though perhaps not whole."""
    if each.misspelt or each.empty or is_wildcard(each.name):
        return False
    service = parse_action(each.name).service
    return subject.known.has_service(service) and not subject.known.is_complete(service)


def _nearly(subject: PolicySubject, name: str) -> tuple[str, ...]:
    return subject.known.nearest(name, SAME_BUT_FOR_A_SLIP)[:1]


def _unknown(subject: PolicySubject, service: str, *, in_part: bool, near: bool) -> Wording:
    if is_wildcard(service):
        return ALL_SERVICES_IN_PART if in_part else ALL_SERVICES_UNCHECKED
    if in_part:
        return SERVICE_CHECKED_IN_PART
    if subject.known.has_service(service):
        return ACTIONS_UNKNOWN_BUT_NEAR if near else ACTIONS_UNKNOWN
    return SERVICE_UNKNOWN_BUT_NEAR if near else SERVICE_UNKNOWN


def _lists(subject: PolicySubject) -> Iterator[tuple[ActionView, ...]]:
    for view in subject.statements:
        yield view.actions
        yield view.not_actions


def _named(entries: tuple[ActionView, ...]) -> Iterator[tuple[ActionView, str]]:
    return ((entry, entry.name) for entry in entries if entry.name is not None)


def _wildcards(entries: tuple[ActionView, ...]) -> Iterator[tuple[ActionView, str]]:
    return ((entry, entry.name) for entry in entries if entry.name is not None and is_wildcard(entry.name))


def _without(entry: ActionView) -> Fix | None:
    return remove_item(entry.owner, entry.index, "Take it out") if entry.owner else None


def _older(
    subject: PolicySubject, *, keeping_shut: bool
) -> Iterator[tuple[StatementView, tuple[ActionView, ...], ActionView, OlderAction]]:
    """Older names with the statement and the list in which they stand."""
    for view in subject.statements:
        denies = view.effect is Effect.DENY
        entries = view.actions if denies == keeping_shut else view.not_actions
        for entry, name in _named(entries):
            if name in subject.catalog.action_index.actions:
                continue
            older = older_action(name)
            if older and older.status is not Status.IN_MANUAL and subject.catalog.action_index.action(name) is None:
                yield view, entries, entry, older


def _values_of(older: OlderAction) -> Values:
    return {"name": older.name, "successors": older.replaced_by, "last_seen": older.last_seen}


def _beside(subject: PolicySubject, entry: ActionView, names: list[str]) -> Fix | None:
    """What replaced a name beside it, and not in its place: what is kept shut stays shut."""
    if not names or entry.owner is None:
        return None
    return insert_after(entry.owner, entry.index, names, subject.text, KEEP_SHUT)


def _successor(
    view: StatementView, entries: tuple[ActionView, ...], entry: ActionView, older: OlderAction
) -> Fix | None:
    """What replaced a name in its place; but for NotAction in a Deny, from which that would let something out."""
    if len(older.replaced_by) != 1:
        return None
    successor = older.replaced_by[0]
    if any(action_key(name) == action_key(successor) for _, name in _named(entries)):
        return _without(entry)
    return respell(entry.node, successor) if view.effect is Effect.ALLOW else None


def _opened(subject: PolicySubject, service: str, writing: int) -> Wording:
    if is_wildcard(service):
        return OPENS_EVERY_SERVICE
    if subject.known.is_complete(service):
        return OPENS_WHOLE_SERVICE
    return OPENS_SERVICE_AND_MORE if writing else OPENS_UNKNOWN_SERVICE


EFFECTLESS_NAMES = (
    Rule("PB011", Severity.WARNING, "An older name in a Deny may protect nothing", older_in_deny, OLDER_TABLES),
    Rule("PB012", Severity.WARNING, "An older name in an Allow may allow nothing", older_in_allow, OLDER_TABLES),
    Rule("PB013", Severity.WARNING, "The service of an action is not in lower case", service_is_lower_case, SYNTAX),
)
NAME_RULES = (
    *EFFECTLESS_NAMES,
    Rule("PB014", Severity.WARNING, "An action stands twice in a statement", action_stands_once, OUR_ADVICE),
    Rule("PB015", Severity.NOTE, "A wildcard in the same statement covers an action", action_is_covered, OUR_ADVICE),
)
WILDCARD_RULES = (
    Rule("PB018", Severity.WARNING, "A wildcard matches nothing", wildcard_matches_something, OUR_ADVICE),
    Rule("PB019", Severity.WARNING, "A wildcard opens a whole service", wildcard_is_narrow, OUR_ADVICE),
    Rule("PB020", Severity.WARNING, "A wildcard stands in part of a service", service_is_whole, OUR_ADVICE),
)
UNCHECKED_RULES = (
    Rule("PB022", Severity.NOTE, "An action was not checked, or only in part", action_is_checked, OUR_ADVICE),
    Rule(
        "PB049",
        Severity.NOTE,
        "An action is not in the catalogue, which may not have all of its service",
        action_is_in_the_catalogue,
        OUR_ADVICE,
    ),
)
