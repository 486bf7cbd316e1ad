"""What we say about a policy in addition to IAM's refusals: the policy and its statements. Codes PB001 to PB032,
PB044 to PB046 and PB053.

The policy as a whole, actions and conditions have modules of their own.
"""

from collections import Counter
from collections.abc import Hashable, Iterator

from policybuilder.domain.catalog.action_names import ActionNameError, action_key
from policybuilder.domain.catalog.entries import Level
from policybuilder.domain.findings import Plural, Severity, Wording
from policybuilder.domain.jsontext.nodes import Array, Literal, Member, Node, Number, Object, String, described
from policybuilder.domain.policy.document import MAX_CHARACTERS, Effect
from policybuilder.domain.policy.reading import StatementView, is_action, value
from policybuilder.domain.policy.service_terms import SERVICE_TERMS

from . import documented, own_actions, own_conditions, own_denials, own_limits, own_manual, own_selected, own_whole
from .iam_policy import MAX_DESCRIPTION_CHARACTERS
from .rule import OUR_ADVICE, SYNTAX, TAKE_OUT, Fix, PolicySubject, Remark, Rule, remove_item, remove_member

HONOURING_RESOURCES = frozenset({*SERVICE_TERMS, "iam"})  # services of which a page shows it
OTHER_LIMITS = "published for the same platform elsewhere"


KEY_TWICE = Wording(
    "The key {key:quoted} stands twice; which one IAM takes is not documented.",
    "Keep one of them, or give both a common list.",
)


def key_stands_once(subject: PolicySubject) -> Iterator[Remark]:
    for duplicate in subject.duplicates:
        fix = _without_twin(subject, duplicate.first, duplicate.again)
        yield Remark(duplicate.again, KEY_TWICE, {"key": duplicate.again.value}, fix)


STATEMENT_IS_NO_OBJECT = Wording(
    "A statement must be an object; this is {found}.",
    'Write {{"Effect": "Allow", "Action": [ … ]}}.',
)


def statement_is_object(subject: PolicySubject) -> Iterator[Remark]:
    statements = value(subject.body, "Statement")
    for node in statements.items if isinstance(statements, Array) else ():
        if not isinstance(node, Object):
            yield Remark(node, STATEMENT_IS_NO_OBJECT, {"found": described(node)})


LIST_IS_EMPTY = Wording(
    "{key} lists no actions. No manual says whether IAM takes an empty list.",
    "Add actions, or take the statement out.",
)


def statement_has_actions(subject: PolicySubject) -> Iterator[Remark]:
    for view in subject.statements:
        for key, node in (("Action", view.action), ("NotAction", view.not_action)):
            if isinstance(node, Array) and not node.items:
                yield Remark(node, LIST_IS_EMPTY, {"key": key})


STATEMENT_IS_DENIED = Wording(
    "The statement has no effect: a Deny of this policy covers all of its actions.",
    "Take it out, or narrow the Deny.",
)


def statement_is_denied(subject: PolicySubject) -> Iterator[Remark]:
    """Only a Deny without condition and resources is sure to cover."""
    for view in own_actions.denied_statements(subject):
        yield Remark(view.node, STATEMENT_IS_DENIED)


STATEMENT_TWICE = Wording("The statement says the same as Statement[{earlier}].", "Take it out.")


def statement_stands_once(subject: PolicySubject) -> Iterator[Remark]:
    owner = value(subject.body, "Statement")
    first: dict[Hashable, int] = {}
    for view in subject.statements if len(subject.statements) > 1 else ():
        earlier = first.setdefault(_meaning(view), view.index)
        if earlier != view.index and isinstance(owner, Array):
            fix = remove_item(owner, view.index, TAKE_OUT)
            yield Remark(view.node, STATEMENT_TWICE, {"earlier": earlier}, fix)


OPENS_EVERYTHING_ELSE = Wording(
    Plural(
        "NotAction in an Allow opens everything but {n:,} action, in every service.",
        "NotAction in an Allow opens everything but {n:,} actions, in every service.",
    ),
    "List under Action what is to be allowed.",
)


def not_action_in_allow(subject: PolicySubject) -> Iterator[Remark]:
    for view in subject.statements:
        if view.effect is Effect.ALLOW and view.not_action is not None:
            yield Remark(view.not_action, OPENS_EVERYTHING_ELSE, {"n": len(_excepted(subject, view))})


def _excepted(subject: PolicySubject, view: StatementView) -> frozenset[str]:
    """The actions that NotAction leaves out: a wildcard counts as its matches, an unknown name as itself."""
    names = dict.fromkeys(entry.name or entry.spelling for entry in view.not_actions)
    return frozenset(
        found for name in names for found in (subject.known.expand(name) if is_action(name) else None) or (name,)
    )


OF_A_BUCKET = Wording(
    "{sign:quoted} belongs to the policies of object storage buckets, which IAM does not take.",
    "Set it on the bucket, in Object Storage Service, or write it anew for IAM.",
)


def looks_like_bucket_policy(subject: PolicySubject) -> Iterator[Remark]:
    sign = next(own_conditions.bucket_signs(subject), None)
    if sign is not None:
        yield Remark(sign, OF_A_BUCKET, {"sign": sign.value})


PRINTED_IS_LONG = Wording(
    "As it is written, the policy has {printed:,} characters, without optional space {compact:,}. "
    "It is not documented which of them IAM's limit of {limit:,} means.",
    "If IAM refuses it, paste it without line breaks and indentation.",
)


def printed_is_long(subject: PolicySubject) -> Iterator[Remark]:
    if subject.body is None:
        return
    printed = subject.body.end - subject.body.start
    if printed > MAX_CHARACTERS >= subject.size.characters:
        values = {"printed": printed, "compact": subject.size.characters, "limit": MAX_CHARACTERS}
        yield Remark(subject.body, PRINTED_IS_LONG, values)


RESOURCE_MAY_BE_IGNORED = Wording(
    "It is not documented whether {service} takes Resource into account.",
    "Try the policy before relying on it.",
)


def resource_is_honoured(subject: PolicySubject) -> Iterator[Remark]:
    for view in subject.statements:
        if not isinstance(view.resource, Array) or all(_means_all(node) for node in view.resource.items):
            continue
        services = sorted({name.partition(":")[0] for name in view.names} - HONOURING_RESOURCES)
        if services:
            yield Remark(view.resource, RESOURCE_MAY_BE_IGNORED, {"service": services[0].upper()[:20]})


DESCRIPTION_IS_LONG = Wording(
    "The description has {n:,} characters; IAM may refuse it.",
    "Shorten it to {limit} characters.",
)


def description_is_short(subject: PolicySubject) -> Iterator[Remark]:
    label = subject.description
    if label and label.text and len(label.text) > MAX_DESCRIPTION_CHARACTERS:
        yield label.remark(DESCRIPTION_IS_LONG, {"n": len(label.text), "limit": MAX_DESCRIPTION_CHARACTERS})


ACTIONS_OF_PROJECTS = Wording(
    "The policy's type is {type}, but its actions are those of a region's projects.",
    f"Choose {Level.XA.value} as its type.",
)
ACTIONS_OF_GLOBAL_SERVICES = Wording(
    "The policy's type is {type}, but its actions are those of global services.",
    f"Choose {Level.AX.value} as its type.",
)
_ACTIONS_OF = {Level.XA: ACTIONS_OF_PROJECTS, Level.AX: ACTIONS_OF_GLOBAL_SERVICES}


def level_fits_services(subject: PolicySubject) -> Iterator[Remark]:
    """No error: the documentation of the cloud's Terraform provider shows a policy of ecs at the level of AX."""
    label = subject.level
    if label is None or label.text not in set(Level):
        return
    levels = subject.catalog.prefixes.levels_of(subject.document.actions())
    if len(levels) == 1 and label.text not in levels:
        meant = Level.XA if label.text == Level.AX else Level.AX
        yield label.remark(_ACTIONS_OF[meant], {"type": label.text})


def _without_twin(subject: PolicySubject, first: String, again: String) -> Fix | None:
    """Taking the second one out is certain where both have the same value."""
    if not {first.start, again.start} <= subject.members.keys():
        return None
    (owner, index), (_, before) = subject.members[again.start], subject.members[first.start]
    same = _json(owner.members[before].value) == _json(owner.members[index].value)
    return remove_member(owner, index, "Take the second one out") if same else None


def _meaning(view: StatementView) -> Hashable:
    """The same value for statements that say the same: in whatever order keys and actions stand."""
    parts: Counter[tuple[str, Hashable]] = Counter()
    for each in view.node.members:
        if each.key.value in {"Action", "NotAction"} and isinstance(each.value, Array):
            parts[each.key.value, frozenset(map(_action_text, each.value.items))] += 1
        else:
            parts[each.key.value, _json(each.value)] += 1
    return frozenset(parts.items())


def _action_text(node: Node) -> str:
    if isinstance(node, String):
        try:
            return action_key(node.value)
        except ActionNameError:
            pass
    return _json(node)


def _json(node: Node) -> str:
    """The same text for the same value, keys in any order."""
    match node:
        case Object():
            return "{" + ",".join(sorted(_member(each) for each in node.members)) + "}"
        case Array():
            return "[" + ",".join(_json(item) for item in node.items) + "]"
        case String():
            return repr(node.value)
        case Number():
            return node.raw
        case Literal():
            return f"literal {node.value}"


def _member(each: Member) -> str:
    return f"{each.key.value!r}:{_json(each.value)}"


def _means_all(node: Node) -> bool:
    """Whether a URI names no more than a service: OBS:*:*:*:*."""
    return isinstance(node, String) and set(node.value.partition(":")[2] or node.value) <= {"*", ":"}


RULES = (
    *own_selected.RULES,
    *own_whole.RULES,
    Rule("PB008", Severity.ERROR, "A key stands twice", key_stands_once, "JSON (RFC 8259): names should be unique"),
    Rule("PB009", Severity.ERROR, "A statement is no object", statement_is_object, SYNTAX),
    Rule("PB010", Severity.WARNING, "A statement has no actions", statement_has_actions, OUR_ADVICE),
    *own_actions.NAME_RULES,
    Rule("PB016", Severity.WARNING, "A statement has no effect, because a Deny covers it", statement_is_denied, SYNTAX),
    Rule("PB017", Severity.WARNING, "A statement stands twice", statement_stands_once, OUR_ADVICE),
    *own_actions.WILDCARD_RULES,
    Rule("PB021", Severity.WARNING, "NotAction in an Allow opens everything else", not_action_in_allow, SYNTAX),
    *own_actions.UNCHECKED_RULES,
    *own_conditions.OPERATOR_RULES,
    Rule(
        "PB026",
        Severity.WARNING,
        "It looks like the policy of a bucket",
        looks_like_bucket_policy,
        "OBS user manual, bucket policies",
    ),
    *own_conditions.VALUE_RULES,
    Rule(
        "PB029",
        Severity.NOTE,
        "The policy is within the limit only without optional space",
        printed_is_long,
        OUR_ADVICE,
    ),
    Rule("PB030", Severity.NOTE, "A service may ignore Resource", resource_is_honoured, SYNTAX),
    Rule("PB031", Severity.NOTE, "The description is longer than 256 characters", description_is_short, OTHER_LIMITS),
    Rule("PB032", Severity.WARNING, "The type does not fit the services", level_fits_services, SYNTAX),
    *own_limits.RULES,
    *own_denials.RULES,
    *own_manual.RULES,
    *documented.RULES,
)
