"""Checks a text that was read: every rule over every policy in it, with places, fixes, scope and size.

`check` never raises and does bounded work: the text is bounded by `jsontext.source`, that of a draft by what a draft
may hold (`building.bounds`), the comparisons by budgets (`catalog.known_actions`), the answer by MOST_FINDINGS.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.known_actions import KnownActions
from policybuilder.domain.catalog.scope import PolicyScope
from policybuilder.domain.findings import Finding, Plural, Severity, Wording
from policybuilder.domain.jsontext.nodes import Node, String, path_of
from policybuilder.domain.jsontext.source import JsonText
from policybuilder.domain.policy.document import Document, Size
from policybuilder.domain.policy.reading import FoundPolicy, entries, find_policies

from . import iam_policy, own_policy
from .documented import NotChecked, not_checked
from .outcome import Outcome, outcome_of
from .rule import Fix, Label, PolicySubject, Remark, Rule, Selected

MOST_FINDINGS = 200
MOST_POLICIES = 50  # of one list
MOST_PLACE_CHARACTERS = 300
MORE_FINDINGS = "PB033"
COMPARED_IN_PART = "PB034"
MORE_POLICIES = "PB035"
UNREADABLE = "PB036"

LIST_IS_EMPTY = Wording("The list holds no policy.", "Paste at least one policy.")
LIST_IS_LONG = Wording(
    "The list holds {n:,} policies; only the first {limit} were checked.",
    "Paste the other policies separately.",
)
POLICY_IS_LARGE = Wording(
    "The policy is so large that not all of it was looked at.",
    "Correct the findings above, then check again.",
)
FINDINGS_ARE_MANY = Wording(
    Plural(
        "There is at least 1 more finding, no graver than these.",
        "There are at least {n:,} more findings, none of them graver than these.",
    ),
    "Correct the findings above, then check again.",
)

RULES: tuple[Rule, ...] = (*iam_policy.RULES, *own_policy.RULES)
_ORDER = {severity: at for at, severity in enumerate(Severity)}


@dataclass(frozen=True, slots=True)
class PolicyFinding:
    """A finding in the text. `policy` counts from 0; `start` and `end` are offsets in `JsonText.text`, both None for
    what has no place there. `place` is relative to the document, for `display_name` and the like to its role.
    """

    finding: Finding
    policy: int
    start: int | None
    end: int | None
    fix: Fix | None = None


@dataclass(frozen=True, slots=True)
class CheckedPolicy:
    """`document` holds what of the policy can be understood; `size` counts all that stands there.

    `whole`: everything was checked. Without an error, and only then, IAM accepts it.
    """

    found: FoundPolicy
    document: Document
    size: Size
    scope: PolicyScope
    not_checked: NotChecked
    gave_up: bool

    @property
    def whole(self) -> bool:
        return not (self.not_checked or self.gave_up)


@dataclass(frozen=True, slots=True)
class Checked:
    """`findings` come gravest first, then by their place in the text. `left_out` policies were not looked at."""

    findings: tuple[PolicyFinding, ...]
    policies: tuple[CheckedPolicy, ...]
    left_out: int = 0

    @property
    def whole(self) -> bool:
        return bool(self.policies) and not self.left_out and all(policy.whole for policy in self.policies)

    @property
    def outcome(self) -> Outcome:
        return outcome_of((each.finding for each in self.findings), whole=self.whole)

    def outcome_of(self, policy: int) -> Outcome:
        """The outcome of one policy, counted from 0."""
        findings = (each.finding for each in self.findings if each.policy == policy)
        return outcome_of(findings, whole=self.policies[policy].whole)


def check(
    catalog: Catalog,
    source: JsonText,
    *,
    name: str | None = None,
    level: str | None = None,
    description: str | None = None,
) -> Checked:
    """What is to be said about the policies in a text. A name, level or description given here goes before the text's.

    Fixes are edits of `source.text`, and are only offered where nothing had to be repaired in it: check the repaired
    text to have them.
    """
    if source.root is None:
        return Checked(tuple(_faults(source)), ())
    subjects = _subjects(catalog, source, source.root, None, name, level, description)
    findings = _findings(source, source.root, subjects, RULES)
    policies = tuple(
        CheckedPolicy(each.found, each.document, each.size, each.scope, not_checked(each), each.gave_up)
        for each in subjects
    )
    return Checked(findings, policies, len(entries(source.root)) - len(policies))


def run_rules(
    catalog: Catalog, source: JsonText, rules: Sequence[Rule], selected: Selected | None = None
) -> tuple[PolicyFinding, ...]:
    """The findings of these rules alone. `selected` is the selection that the text was written from, if any."""
    if source.root is None:
        return tuple(_faults(source))
    return _findings(source, source.root, _subjects(catalog, source, source.root, selected), rules)


def _subjects(
    catalog: Catalog,
    source: JsonText,
    root: Node,
    selected: Selected | None,
    name: str | None = None,
    level: str | None = None,
    description: str | None = None,
) -> list[PolicySubject]:
    known, alone = KnownActions(catalog), len(entries(root)) == 1
    return [
        PolicySubject(
            text=source.passage.text,
            found=policy,
            known=known,
            duplicates=tuple(d for d in source.duplicates if _within(policy, d.again, only=alone)),
            name=_label("name", "display_name", name, policy, policy.name),
            level=_label("level", "type", level, policy, policy.level),
            description=_label("description", "description", description, policy, policy.description, optional=True),
            selected=selected,
        )
        for policy in find_policies(root, MOST_POLICIES)
    ]


def _findings(
    source: JsonText, root: Node, subjects: list[PolicySubject], rules: Sequence[Rule]
) -> tuple[PolicyFinding, ...]:
    """The gravest first."""
    remarks = [found for at, subject in enumerate(subjects) for rule in rules for found in _apply(rule, subject, at)]
    remarks.sort(key=lambda each: (_ORDER[each[0].severity], each[2], each[1].node.start if each[1].node else -1))
    findings = [_located(*each, subjects[each[2]], source) for each in remarks[:MOST_FINDINGS]]
    findings += _about_the_check(source, root, len(entries(root)), len(remarks), subjects)
    return tuple(sorted(findings, key=lambda each: _ORDER[each.finding.severity]))


def _apply(rule: Rule, subject: PolicySubject, policy: int) -> Iterator[tuple[Rule, Remark, int]]:
    """No more than would be shown if no other rule found anything, and one: so it is known that there are more."""
    return ((rule, remark, policy) for remark in islice(rule.check(subject), MOST_FINDINGS + 1))


def _faults(source: JsonText) -> Iterator[PolicyFinding]:
    for fault in source.faults:
        finding = Finding(fault.code or UNREADABLE, Severity.ERROR, "", fault.wording, fault.values)
        yield PolicyFinding(finding, 0, fault.offset, min(fault.offset + 1, len(source.text)))


def _within(policy: FoundPolicy, key: String, *, only: bool) -> bool:
    around = policy.role or policy.body
    return only or (around is not None and around.start <= key.start < around.end)


def _label(
    place: str, key: str, given: str | None, policy: FoundPolicy, node: Node | None, *, optional: bool = False
) -> Label | None:
    if given is not None:
        return Label(place, None, given)
    if policy.role is None or (optional and node is None):
        return None
    if node is None:
        return Label(key, policy.role, None, missing=True)
    return Label(None, node, node.value if isinstance(node, String) else None)


def _located(rule: Rule, remark: Remark, policy: int, subject: PolicySubject, source: JsonText) -> PolicyFinding:
    place = _place(subject.found, remark.node) if remark.place is None else remark.place
    return PolicyFinding(
        finding=Finding(rule.code, rule.severity, place, remark.wording, remark.values),
        policy=policy,
        start=None if remark.node is None else source.passage.origin(remark.node.start),
        end=None if remark.node is None else source.passage.origin(remark.node.end - 1) + 1,
        fix=None if source.repairs else remark.fix,
    )


def _place(found: FoundPolicy, node: Node | None) -> str:
    """The node's path in the document, or in the role around it; cut where a key is absurdly long."""
    if node is None:
        return ""
    inside = found.body is not None and found.body.start <= node.start < found.body.end
    root = found.body if inside else found.role
    path = path_of(root, node) if root is not None and root.start <= node.start < root.end else ""
    if len(path) > MOST_PLACE_CHARACTERS:
        path = path[: MOST_PLACE_CHARACTERS - 1] + "…"
    return path.encode("utf-8", "replace").decode()  # lone surrogates have no UTF-8


def _about_the_check(
    source: JsonText, root: Node, policies: int, remarks: int, subjects: list[PolicySubject]
) -> Iterator[PolicyFinding]:
    start, end = source.passage.origin(root.start), source.passage.origin(root.end - 1) + 1

    def about(code: str, severity: Severity, wording: Wording, **values: int) -> PolicyFinding:
        return PolicyFinding(Finding(code, severity, "", wording, values), 0, start, end)

    if not policies:
        yield about(UNREADABLE, Severity.ERROR, LIST_IS_EMPTY)
    if policies > MOST_POLICIES:
        yield about(MORE_POLICIES, Severity.WARNING, LIST_IS_LONG, n=policies, limit=MOST_POLICIES)
    if any(subject.gave_up for subject in subjects):
        yield about(COMPARED_IN_PART, Severity.NOTE, POLICY_IS_LARGE)
    if remarks > MOST_FINDINGS:
        yield about(MORE_FINDINGS, Severity.NOTE, FINDINGS_ARE_MANY, n=remarks - MOST_FINDINGS)
