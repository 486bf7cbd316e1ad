"""The policies of a group as they are evaluated, and what of each counts for nothing."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import accumulate

from policybuilder.catalog_files.starting_points import find_system_policy
from policybuilder.domain.access.evaluation import GrantedPolicy, Project, level_of_policy
from policybuilder.domain.access.group_warnings import MOST_STATEMENTS
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.findings import Plural, Wording
from policybuilder.domain.jsontext.nodes import Array
from policybuilder.domain.jsontext.source import Fault, JsonText, Repair, read
from policybuilder.domain.policy.document import Document
from policybuilder.domain.policy.reading import FoundPolicy, find_policies, statements, value
from policybuilder.domain.work import Work
from policybuilder.drafts.compiled import compiled
from policybuilder.drafts.draft import Draft
from policybuilder.web.wording import CHECK_OFFERS, policy_name

from .form import MAX_TOTAL, GrantedIn, PolicyEntry

TOO_MANY_STATEMENTS = "It has {n:,} statements; IAM takes 8. It is not looked at. Split it."
FIRST_COUNTS = "The text holds {n:,} policies, and only the first counts here."
STATEMENTS_LEFT_OUT = Plural(
    "Left out because it has no meaning: 1 statement.", "Left out because they have no meaning: {n:,} statements."
)
ACTIONS_LEFT_OUT = Plural(
    "Left out because it cannot be read: 1 action.", "Left out because they cannot be read: {n:,} actions."
)
NO_STATEMENT = "There is no statement in it."
NO_POLICY = "The list holds no policy."

BEYOND = Fault(
    1,
    1,
    0,
    Wording("All policies together have more than {limit:,} bytes; this one was not read.", "Take one away."),
    {"limit": MAX_TOTAL},
)


@dataclass(frozen=True, slots=True)
class PolicyOfGroup:
    """A policy as it is evaluated, its number counted from 1.

    With a `fault`, or when it is too large, its document is empty. `problems` are sentences about what of it counts for
    nothing; `several`: of its text, all policies but the first. Places in the granted policy are those of its own
    statements. `source` is its text as it was read, where it could be. Where nobody said in which place it is granted,
    `granted` is for the IAM project.
    """

    number: int
    entry: PolicyEntry
    granted: GrantedPolicy
    fault: Fault | None = None
    repairs: tuple[Repair, ...] = ()
    problems: tuple[str, ...] = ()
    several: bool = False
    source: JsonText | None = None
    role_type: str = ""

    @property
    def name(self) -> str:
        return self.granted.name

    @property
    def fault_hint(self) -> str:
        if self.fault is None:
            return ""
        return f"{self.fault.hint} {CHECK_OFFERS}" if self.fault.readings else self.fault.hint

    @property
    def at_both_levels(self) -> bool:
        """Whether the policy is evaluated at both levels, because none is certain."""
        return self.granted.level is None and bool(self.granted.document.statements)

    def judged_for(self, project: Project) -> GrantedPolicy:
        """The policy as it is granted where calls in `project` are judged."""
        return replace(self.granted, granted_in=self.entry.granted_in.judged_for(project))


def read_group(given: tuple[PolicyEntry, ...], work: Work) -> tuple[PolicyOfGroup, ...]:
    """All of them; those for which too little `work` is left, or that go beyond MAX_TOTAL, with a fault."""
    sizes = accumulate(entry.size for entry in given)
    return tuple(
        read_policy(number, entry, work, fits=size <= MAX_TOTAL)
        for number, (entry, size) in enumerate(zip(given, sizes, strict=True), 1)
    )


def with_level(catalog: Catalog, policy: PolicyOfGroup) -> PolicyOfGroup:
    """The policy with its level: its role's type, else the single level of all services that it names."""
    document = policy.granted.document
    level = level_of_policy(catalog, document, policy.role_type)
    return replace(policy, granted=replace(policy.granted, level=level))


def of_draft(catalog: Catalog, draft: Draft) -> tuple[PolicyEntry, ...]:
    """The policies of the builder's draft as policies of the group, to be granted anywhere."""
    return tuple(
        PolicyEntry(name=policy_name(draft.name, each.level), text=each.text, granted_in=GrantedIn.EACH)
        for each in compiled(catalog, draft).documents
    )


def read_policy(number: int, entry: PolicyEntry, work: Work, *, fits: bool = True) -> PolicyOfGroup:
    """A text that does not fit into the group is not read."""
    system, place = find_system_policy(entry.system), entry.granted_in.judged_for(Project.IAM)
    if system is not None:
        return PolicyOfGroup(number, entry, GrantedPolicy(system.name, system.document, place))
    name = entry.name or f"Policy {number}"
    nothing = GrantedPolicy(name, Document(()), place)
    if not fits:
        return PolicyOfGroup(number, entry, nothing, BEYOND)
    source = read(entry.text, work=work)
    if source.root is None:
        return PolicyOfGroup(number, entry, nothing, source.faults[0], source.repairs)
    policies = find_policies(source.root)
    granted = GrantedPolicy.of(name, policies[0].body if policies else None, place)
    problems = tuple(_problems(policies))
    if len(granted.document.statements) > MOST_STATEMENTS:
        problems = (TOO_MANY_STATEMENTS.format(n=len(granted.document.statements)),)
        granted = nothing
    several = len(policies) > 1
    role_type = policies[0].role_type if policies else ""
    return PolicyOfGroup(number, entry, granted, None, source.repairs, problems, several, source, role_type)


def _problems(policies: tuple[FoundPolicy, ...]) -> Iterator[str]:
    """What of the text counts for nothing."""
    if not policies:
        yield NO_POLICY
        return
    if len(policies) > 1:
        yield FIRST_COUNTS.format(n=len(policies))
    given = value(policies[0].body, "Statement")
    views = statements(policies[0].body)
    if not views:
        yield NO_STATEMENT
        return
    without = [view for view in views if view.effect is None]
    others = len(given.items) - len(views) if isinstance(given, Array) else 0
    if meaningless := len(without) + others:
        yield STATEMENTS_LEFT_OUT.format(n=meaningless)
    entries = [entry for view in views for entry in (*view.actions, *view.not_actions)]
    if names := sum(not (entry.name or entry.in_lower_case) for entry in entries):
        yield ACTIONS_LEFT_OUT.format(n=names)
