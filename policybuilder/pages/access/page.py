"""The access page for one group, as values for its templates: its policies, the keys, the warnings and the matrix."""

from dataclasses import dataclass, replace
from functools import cached_property

from policybuilder.catalog_files.starting_points import SystemPolicy, current_system_policies
from policybuilder.domain.access.conditions import Context
from policybuilder.domain.access.decisions import Answer, Place
from policybuilder.domain.access.evaluation import GrantedPolicy, Project
from policybuilder.domain.access.group_warnings import MOST_POLICIES
from policybuilder.domain.building.acceptance import decide_in_each_place
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.policy.condition_terms import GLOBAL_KEYS, KeyType, global_key, is_readable
from policybuilder.domain.policy.condition_words import in_words
from policybuilder.domain.policy.document import Effect, Statement
from policybuilder.domain.rules.names import NameRemark, remarks_on_names
from policybuilder.domain.words import counted
from policybuilder.domain.work import Work, WorkSpentError
from policybuilder.web.wording import severities_in_words

from .cells import Few, ProjectCoverage, StatementNames, statement_id
from .commands import GroupChange
from .form import DECISIONS, MAX_KEYS, AccessSubmission, GrantedIn, KeyField, PolicyInput, Shown, can_be_opened
from .group import BEYOND, PolicyOfGroup, read_group, with_level
from .matrix import Matrix, MatrixTrunk
from .warnings import WarningRow, warning_rows

FIRST_WARNINGS = 3
FIRST_REMARKS = 3  # on names of one policy
NAMED_ACTIONS = 6
TOO_MUCH = (
    "The policies together hold more text, more wildcards, or more values under conditions, than can be evaluated at "
    "once, so nothing is said about any operation. Remove policies, or give fewer values."
)

_TYPES = {
    KeyType.STRING: "text",
    KeyType.NUMBER: "number",
    KeyType.DATE: "time, such as 2027-01-31T18:00:00Z",
    KeyType.BOOLEAN: "true or false",
    KeyType.PRESENCE: "true or false",
}
NO_SUCH_VALUE = {
    KeyType.STRING: "“{value}” is no text.",
    KeyType.NUMBER: "“{value}” is no number.",
    KeyType.DATE: "“{value}” is no time, such as 2027-01-31T18:00:00Z.",
    KeyType.BOOLEAN: "“{value}” is neither true nor false.",
    KeyType.PRESENCE: "“{value}” is neither true nor false.",
}
_CHOICES = {
    "allowed": "Allowed",
    "incomplete": "Incomplete",
    "denied": "Denied",
    "depends": "Conditional",
    "not_allowed": "Not allowed",
    "free": "No authorization needed",
}


@dataclass(frozen=True)
class StatementRow:
    """A statement of a policy in one line, as links lead to it. Its number counts from 1."""

    place: Place
    statement: Statement

    @property
    def id(self) -> str:
        return statement_id(self.place)

    @property
    def number(self) -> int:
        return self.place[1] + 1

    @property
    def denies(self) -> bool:
        return self.statement.effect is Effect.DENY

    @property
    def excepted(self) -> bool:
        return bool(self.statement.not_actions)

    @property
    def names(self) -> Few[str]:
        names = self.statement.not_actions or self.statement.actions
        return Few(names[:NAMED_ACTIONS], max(0, len(names) - NAMED_ACTIONS))

    @property
    def limits(self) -> str:
        """Its conditions in plain words, and whether it is for some resources only."""
        said = [in_words(condition) for condition in self.statement.conditions[:4]]
        said += ["and further conditions"] if len(self.statement.conditions) > len(said) else []
        said += ["for some resources only"] if self.statement.resources else []
        return "; ".join(said)


@dataclass(frozen=True)
class GroupPolicyCard:
    """`remarks` are about names in it that may have no effect."""

    policy: PolicyOfGroup
    statements: tuple[StatementRow, ...]
    remarks: tuple[NameRemark, ...] = ()

    @property
    def at(self) -> int:
        """Its place in the form, counted from 0."""
        return self.policy.number - 1

    @property
    def says(self) -> str:
        """How many statements there are of each effect."""
        denies = sum(row.denies for row in self.statements)
        allows = len(self.statements) - denies
        return ", ".join([f"{allows} Allow"] * bool(allows) + [f"{denies} Deny"] * bool(denies))

    @property
    def doubtful(self) -> bool:
        """Whether it is worth a look on the page that checks a policy."""
        return bool(self.policy.fault or self.policy.repairs or self.policy.problems or self.remarks)


@dataclass(frozen=True)
class KeyRow:
    """The fields of one key. `used`: a policy asks for it."""

    at: int
    field: KeyField
    used: bool

    @property
    def known(self) -> bool:
        return self.field.read() is not None

    @property
    def type(self) -> str:
        key = global_key(self.field.key)
        return _TYPES[GLOBAL_KEYS[key]] if key else "a key of a service"

    @property
    def problem(self) -> str:
        """What is wrong with a value; "" when nothing."""
        key = global_key(self.field.key)
        if key is None or self.field.absent:
            return ""
        wrong = [value for value in self.field.read() or () if not is_readable(value, GLOBAL_KEYS[key])]
        return NO_SUCH_VALUE[GLOBAL_KEYS[key]].format(value=wrong[0][:60]) if wrong else ""


class AccessPage:
    """`too_much` says why nothing was decided; "" where everything was."""

    def __init__(self, catalog: Catalog, submission: AccessSubmission, change: GroupChange, work: Work):
        self.catalog = catalog
        self.change = change
        self.shown = _shown(catalog, submission)
        self._fields = submission.fields
        self.policies = tuple(with_level(catalog, policy) for policy in read_group(change.entries, work))
        self.added = PolicyInput(granted_in=submission.added.granted_in) if change.taken else submission.added
        self._by_place = {
            (at, place): statement
            for at, policy in enumerate(self.policies)
            for place, statement in zip(
                policy.granted.places or range(len(policy.granted.document.statements)),
                policy.granted.document.statements,
                strict=True,
            )
        }
        self.too_much = ""
        try:
            if work.spent or any(policy.fault is BEYOND for policy in self.policies):
                raise WorkSpentError
            if not self.empty:
                self._decide(work)
        except WorkSpentError:
            self.too_much = TOO_MUCH

    @property
    def empty(self) -> bool:
        return not self.policies

    @property
    def assumed(self) -> bool:
        """Whether nobody said of some policy where it is granted, so that each column assumes its own place."""
        return any(policy.entry.granted_in is GrantedIn.EACH for policy in self.policies)

    @property
    def title(self) -> str:
        return "1 policy" if len(self.policies) == 1 else f"{len(self.policies)} policies"

    @property
    def full(self) -> bool:
        return len(self.policies) >= MOST_POLICIES

    @cached_property
    def cards(self) -> tuple[GroupPolicyCard, ...]:
        rows = [StatementRow(place, statement) for place, statement in self._by_place.items()]
        return tuple(
            GroupPolicyCard(
                policy,
                tuple(row for row in rows if row.place[0] == at),
                remarks_on_names(self.catalog, policy.source)[:FIRST_REMARKS] if policy.source else (),
            )
            for at, policy in enumerate(self.policies)
        )

    @property
    def system_policies(self) -> tuple[SystemPolicy, ...]:
        return current_system_policies()

    # What is known of a call

    @cached_property
    def _asked(self) -> dict[str, str]:
        """The keys of the conditions, in lower case, each as the vendor writes it or as it stands first."""
        keys: dict[str, str] = {}
        for statement in self._by_place.values():
            for condition in statement.conditions:
                if key := condition.key.strip():
                    keys.setdefault(key.casefold(), global_key(key) or key)
        return dict(sorted(keys.items()))

    @cached_property
    def keys(self) -> tuple[KeyRow, ...]:
        """Those that a policy asks for, then those that something was said of all the same."""
        given = {field.key.casefold(): field for field in self._fields}
        fields = [given.get(folded, KeyField(key)) for folded, key in self._asked.items()]
        fields += [field for folded, field in given.items() if folded not in self._asked and field.read() is not None]
        used = self._asked.keys()
        return tuple(KeyRow(at, field, field.key.casefold() in used) for at, field in enumerate(fields[:MAX_KEYS]))

    @property
    def more_keys(self) -> int:
        return max(0, len(self._asked) - MAX_KEYS)

    @property
    def missing_keys(self) -> tuple[str, ...]:
        return tuple(row.field.key for row in self.keys if row.used and not row.known)

    @property
    def keys_changed(self) -> bool:
        """Whether the form has fields of other keys than it needs."""
        return [row.field.key for row in self.keys] != [field.key for field in self._fields]

    @cached_property
    def context(self) -> Context:
        return Context.of({row.field.key: values for row in self.keys if (values := row.field.read()) is not None})

    # What the group may do

    def _decide(self, work: Work) -> None:
        """The matrix and the warnings. Raises WorkSpentError."""
        names = StatementNames([policy.name for policy in self.policies], self._by_place)
        decisions = decide_in_each_place(self.catalog, self._judged_for, self.context, work)
        self.matrix = Matrix(self.catalog, decisions, names, self.shown, assumed=self.assumed)
        self.warnings: tuple[WarningRow, ...] = warning_rows(self.catalog, self.policies, names, self.context, work)

    def _judged_for(self, project: Project) -> tuple[GrantedPolicy, ...]:
        return tuple(policy.judged_for(project) for policy in self.policies)

    @property
    def coverages(self) -> tuple[ProjectCoverage, ProjectCoverage]:
        return self.matrix.total

    @property
    def trunks(self) -> tuple[MatrixTrunk, ...]:
        return self.matrix.trunks

    @property
    def depending(self) -> int:
        """Operations about which something is not known, in either project; 0 where nothing was decided."""
        if self.too_much:
            return 0
        return sum(
            any(cell.decision.decision is Answer.DEPENDS for cell in row.cells) for row in self.matrix.rows.values()
        )

    @property
    def choices(self) -> tuple[tuple[str, str], ...]:
        return tuple((decision, _CHOICES[decision]) for decision in DECISIONS)

    @property
    def first_warnings(self) -> tuple[WarningRow, ...]:
        return self.warnings[:FIRST_WARNINGS]

    @property
    def more_warnings(self) -> tuple[WarningRow, ...]:
        return self.warnings[FIRST_WARNINGS:]

    @property
    def warnings_words(self) -> str:
        """1 warning, 2 notes."""
        return severities_in_words(row.warning.finding.severity for row in self.warnings)

    @property
    def summary(self) -> str:
        """For the status line, which screen readers read out."""
        if self.empty:
            return "No policies yet"
        if self.too_much:
            return self.too_much
        iam, enterprise = self.coverages
        said = (
            f"{self.title}. Of {iam.total:,} operations, "
            f"{iam.allowed:,} are allowed in the IAM project, {enterprise.allowed:,} in enterprise projects"
        )
        if self.assumed:
            said += ", each if it is granted there"
        if iam.free:
            said += f". {iam.free:,} more {'needs' if iam.free == 1 else 'need'} no authorization"
        if self.warnings:
            said += f". {self.warnings_words}"
        if self.shown.filtered:
            said += f". {counted(len(self.matrix.found), 'operation')} shown"
        return said


def _shown(catalog: Catalog, submission: AccessSubmission) -> Shown:
    """What the buttons make of it: everything, or what is in one more service or category."""
    shown = submission.shown
    if submission.command.name == "clear":
        return Shown(opened=shown.opened)
    if submission.command.name == "open" and can_be_opened(catalog, submission.command.subject):
        return replace(shown, opened=shown.opened | {submission.command.subject})
    return shown
