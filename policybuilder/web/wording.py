"""What is said about a policy in the same words on every page."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from policybuilder.domain.building.blocks import Block
from policybuilder.domain.building.compiler import CompiledPolicy
from policybuilder.domain.building.reach import Reach, reach, reach_of
from policybuilder.domain.catalog.action_names import service_of
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Level
from policybuilder.domain.catalog.scope import Goal, PolicyScope, Verdict
from policybuilder.domain.findings import Plural, Severity, Template
from policybuilder.domain.policy.condition_words import in_words
from policybuilder.domain.policy.document import Document, Effect
from policybuilder.domain.words import counted, listed

MAX_NAME = 64  # IAM.1002
UNNAMED = "custom-policy"  # what is made of a draft without a name
GOALS = {
    Goal.IAM_PROJECT: "IAM project",
    Goal.ENTERPRISE_PROJECT: "Enterprise projects",
    Goal.UNDECIDED: "Not decided",
}
_GLOBAL = "-global"
_HEADINGS = {Level.XA: "Project-level services", Level.AX: "Global services"}
# Source: IAM user manual, creating a custom policy.
_PLACES = {
    Level.XA: "give it to the user group for the region’s projects, or for enterprise projects",
    Level.AX: "give it to the same user group for the global service project",
}

NOTHING_GRANTED = "Nothing is granted yet"
_VERDICTS = {
    Verdict.IAM_ONLY: "IAM-only",
    Verdict.UNKNOWN: "Scope unknown",
    Verdict.VARIES: "Works in enterprise projects, in part",
    Verdict.IAM_AND_ENTERPRISE: "Works in IAM and enterprise projects",
}
IN_BOTH = _VERDICTS[Verdict.IAM_AND_ENTERPRISE]
IN_PART = _VERDICTS[Verdict.VARIES]
ALL_IAM_ONLY = "IAM-only: cannot be applied in Enterprise Management"
SOME_IAM_ONLY = Plural(
    "IAM-only: 1 of {total:,} actions has no effect in an enterprise project",
    "IAM-only: {n:,} of {total:,} actions have no effect in an enterprise project",
)
SCOPE_UNKNOWN = Plural("Scope unknown for 1 of 1 action", "Scope unknown for {n:,} of {total:,} actions", by="total")
SCOPE_VARIES = Plural(
    "Works in enterprise projects, in part for 1 of 1 action",
    "Works in enterprise projects, in part for {n:,} of {total:,} actions",
    by="total",
)
NAME_TOO_LONG = "IAM takes at most {most} characters in a name; this one has {n}."
CHECK_OFFERS = "Checking it offers what it likely means."
NAME_WITH_SPACES = "IAM refuses names with spaces. Use hyphens."


@dataclass(frozen=True)
class VerdictInWords:
    """Where a policy works, as pages say it."""

    scope: PolicyScope

    @property
    def kind(self) -> str:
        """Which colour and sign the verdict has: the verdict's value, or "empty" without any action."""
        return self.scope.verdict.value if self.scope.total else "empty"

    @property
    def short(self) -> str:
        """The verdict in two or three words, for where there is no room."""
        return _VERDICTS[self.scope.verdict] if self.scope.total else NOTHING_GRANTED

    @property
    def numbers(self) -> str:
        """The rest of an IAM-only policy's line after the words "IAM-only"."""
        return self.line.removeprefix(self.short)

    @property
    def line(self) -> str:
        scope, total = self.scope, self.scope.total
        if not total or scope.verdict is Verdict.IAM_AND_ENTERPRISE:
            return self.short
        if scope.verdict is Verdict.IAM_ONLY:
            names = scope.iam_only
            wording: Template = ALL_IAM_ONLY if scope.none_in_enterprise else SOME_IAM_ONLY
        elif scope.verdict is Verdict.UNKNOWN:
            names, wording = scope.unknown, SCOPE_UNKNOWN
        else:
            names, wording = scope.varies, SCOPE_VARIES
        return wording.format(n=len(names), total=total)


@dataclass(frozen=True)
class LevelInWords:
    """One of two policies, of one level each, as pages say it."""

    level: Level

    @property
    def heading(self) -> str:
        """As the console calls the scope of such a policy."""
        return _HEADINGS[self.level]

    @property
    def scope(self) -> str:
        """How it is created."""
        return f"Create it in IAM with the scope “{self.heading}”"

    @property
    def place(self) -> str:
        """How it is created, and where it is granted."""
        return f"{self.scope}, and {_PLACES[self.level]}."

    def holds(self, catalog: Catalog, document: Document) -> str:
        """Whose actions stand in it, in a few words: ECS, IMS; "" where that is not known."""
        services = catalog.prefixes.services_by_prefix
        labels = {services[prefix].label for prefix in map(service_of, document.actions()) if prefix in services}
        return listed(sorted(labels), 6)


def policy_name(name: str, level: Level | None) -> str:
    """The name of one of the policies that a draft makes: its own, or one within what IAM takes for each level."""
    if level is None:
        return name
    made = name or UNNAMED
    return f"{made[: MAX_NAME - len(_GLOBAL)]}{_GLOBAL}" if level is Level.AX else made[:MAX_NAME]


def totals_in_words(catalog: Catalog, policy: CompiledPolicy, at: int) -> str:
    """The actions that a draft grants or denies: 12 actions: 4 chosen, 8 added as dependencies.

    `at` is the block that is shown.
    """
    if policy.empty:
        return "No actions yet"
    shown = policy.blocks[at]
    blocks = [part for part in policy.blocks if part.count]
    if len(blocks) == 1 and shown.grants:
        found = reach(catalog, (grant.action for grant in shown.grants))
        if shown.block.effect is Effect.DENY:
            return f"{reach_in_words(found)} denied"
        selected = reach(catalog, (grant.action for grant in shown.grants if grant.selected)).count
        return f"{reach_in_words(found)}: {chosen_in_words(selected, found.count - selected)}"
    return ", ".join([counted(len(blocks), "statement"), *_effects_in_words(catalog, policy.document)])


def actions_in_words(catalog: Catalog, document: Document) -> str:
    """47 actions (3 wildcards); with a Deny, 47 actions (3 wildcards) allowed, 2 actions denied."""
    if all(each.effect is Effect.ALLOW for each in document.statements):
        return reach_in_words(reach_of(catalog, document.statements))
    return ", ".join(_effects_in_words(catalog, document))


def _effects_in_words(catalog: Catalog, document: Document) -> Iterator[str]:
    for effect, done in ((Effect.ALLOW, "allowed"), (Effect.DENY, "denied")):
        found = reach_of(catalog, (each for each in document.statements if each.effect is effect))
        if found.count:
            yield f"{reach_in_words(found)} {done}"


def chosen_in_words(chosen: int, added: int) -> str:
    """5 chosen, 0 added as dependencies; of actions."""
    return f"{chosen:,} chosen, {added:,} added as {'a dependency' if added == 1 else 'dependencies'}"


def reach_in_words(found: Reach, services: str = "") -> str:
    """66 actions, or 66 ECS actions; with wildcards, which count as what they match, 66 actions (1 wildcard)."""
    wildcards = f" ({counted(found.wildcards, 'wildcard')})" if found.wildcards else ""
    return f"{counted(found.count, f'{services} action'.strip())}{wildcards}"


def free_in_words(number: int) -> str:
    """2 need no authorization; of operations."""
    return f"{number:,} {'needs' if number == 1 else 'need'} no authorization"


def severities_in_words(severities: Iterable[Severity]) -> str:
    """2 errors, 1 warning, the gravest first; "" without any."""
    counts = Counter(severities)
    return ", ".join(counted(counts[each], each.value) for each in Severity if counts[each])


def limits_in_words(block: Block) -> str:
    """The conditions of a block in plain words, and how many resources there are; "" without either."""
    words = [in_words(condition) for condition in block.conditions]
    if block.resources:
        words.append(f"only for {counted(len(block.resources), 'resource')}")
    return ", and ".join(words)


def file_name(name: str, ending: str = ".json") -> str:
    """A file name made from the policy's name: letters, digits, hyphens, underscores and dots only."""
    safe = "".join(c if c.isascii() and (c.isalnum() or c in "-_.") else "-" for c in name).strip("-.")
    return f"{safe[:64] or UNNAMED}{ending}"


def name_problem(name: str) -> str:
    """The objection of IAM to a policy's name (IAM.1001, IAM.1002), "" without one."""
    if len(name) > MAX_NAME:
        return NAME_TOO_LONG.format(most=MAX_NAME, n=len(name))
    return NAME_WITH_SPACES if " " in name else ""
