"""What the policies of one user group decide about a call, in an IAM project or in an enterprise project.

An explicit Deny beats every Allow of the same stage; where neither speaks of the call, it is not allowed. A policy
applies only to the services of its level, and a policy without a level to all services. The level of a service that the
catalogue does not have is not known: a policy of one level may apply to it or not.

In an IAM project, only the policies granted for the IAM project count. In an enterprise project there are two stages.
Those granted for the IAM project come first, and any match among them, Allow or Deny, ends the search. Only then come
those granted in Enterprise Management, and they have no say about an action that does not support enterprise projects.
Whether an operation's own action does, the operation's row says; where that does not know, and for every other action,
the catalogue's scope of the action. Where it varies or is not known, what an Allow of the second stage says depends on
it. A Deny there is taken at its word: the call is refused with the action's support, and without it as well.

Whether a statement with resources covers a call is not known: which services honour Resource is documented for some
only, ECS not among them, and nobody said for which resource the call is. The same goes for conditions that cannot be
read or whose keys' values are missing. Of a wildcard that an operation needs, nobody publishes which actions are meant:
whether a statement about a part of them counts is not known either. Every answer that can still come out of it is
followed to its end.
Source: IAM user manual, "Policy Syntax", authentication process.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from enum import StrEnum

from policybuilder.domain.catalog.action_names import action_key, is_wildcard, service_of
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Level, Operation, Option, Support, combine
from policybuilder.domain.jsontext.nodes import Node
from policybuilder.domain.policy.document import Document, Effect, Statement
from policybuilder.domain.policy.reading import statements, understand
from policybuilder.domain.work import Work

from .conditions import HOLDS, NOTHING_KNOWN, Context, Outcome, all_hold
from .decisions import NOT_ALLOWED, Answer, Decision, Place, Possible, best, unless, worst
from .statement_index import StatementIndex

WHICH_ACTIONS = (
    "A statement is for some actions of {wildcard} only, and which of them the operation needs is not known."
)
SCOPE_VARIES = "Some API calls of {name} support enterprise projects, others do not."
SCOPE_UNKNOWN = "Whether {name} supports enterprise projects is not known."

_WHICH_RESOURCE = "A statement is for some resources only, and for which resource the call is made is not known."


class Project(StrEnum):
    """Where a call is made, and where a policy is granted: for an IAM project, or in Enterprise Management."""

    IAM = "iam_project"
    ENTERPRISE = "enterprise_project"


@dataclass(frozen=True, slots=True)
class GrantedPolicy:
    """`places` are the positions of the document's statements in the policy, if some of its statements have no meaning.

    The policy applies to the services of its `level` only; without a level, to all services.
    """

    name: str
    document: Document
    granted_in: Project
    places: tuple[int, ...] | None = None
    level: Level | None = None

    @classmethod
    def of(cls, name: str, body: Node | None, granted_in: Project) -> "GrantedPolicy":
        """The policy with this body as it was read, its statements counted as they stand there."""
        found = [(view.index, statement) for view in statements(body) if (statement := understand(view)) is not None]
        document = Document(tuple(statement for _, statement in found))
        return cls(name, document, granted_in, tuple(index for index, _ in found))


def level_of_policy(catalog: Catalog, document: Document, given: str = "") -> Level | None:
    """The level of a policy: `given` if it is one, else the single level of all services that the policy names.

    None for a policy that names no service, services of both levels, or a service whose level is not known. NotAction
    names no service: it covers others.
    """
    if given in list(Level):
        return Level(given)
    found = {catalog.prefixes.level_of(name) for name in document.actions() if "*" not in service_of(name)}
    return found.pop() if len(found) == 1 else None


@dataclass(frozen=True, slots=True)
class Request:
    """A call in a `project`. `target` is an action, or the id of an operation, which has slashes and no colon.

    A wildcard asks for everything that it covers.
    """

    target: str
    project: Project
    context: Context = NOTHING_KNOWN


@dataclass(frozen=True, slots=True)
class OperationDecisions:
    iam_project: Decision
    enterprise_project: Decision


def evaluate(
    catalog: Catalog, policies: Sequence[GrantedPolicy], requests: Iterable[Request], work: Work | None = None
) -> tuple[Decision, ...]:
    """One decision per request, in their order. Raises ActionNameError or UnknownOperation for what is neither, and
    WorkSpentError where there is `work`.
    """
    evaluator = Evaluator(catalog, policies, work)
    return tuple(evaluator.evaluate(request) for request in requests)


def matrix(
    catalog: Catalog,
    policies: Sequence[GrantedPolicy],
    context: Context = NOTHING_KNOWN,
    work: Work | None = None,
) -> dict[str, OperationDecisions]:
    """The decisions about every operation of the catalogue, by its id, in the catalogue's order.

    Raises WorkSpentError where there is `work`.
    """
    evaluator = Evaluator(catalog, policies, work)
    return {
        id_: OperationDecisions(*(evaluator.evaluate(Request(id_, project, context)) for project in Project))
        for id_ in catalog.operations
    }


class Evaluator:
    """Policies that are asked many things. What was found out about an action is kept.

    Where there is `work`, whatever is compared is paid for out of it.
    """

    def __init__(self, catalog: Catalog, policies: Sequence[GrantedPolicy], work: Work | None = None):
        self._catalog = catalog
        self._entries = [
            _PlacedStatement((number, place), policy.granted_in, statement, policy.level)
            for number, policy in enumerate(policies)
            for place, statement in zip(
                policy.places or range(len(policy.document.statements)), policy.document.statements, strict=True
            )
        ]
        self._work = work
        self._index = StatementIndex([entry.statement for entry in self._entries], work)
        self._supports: dict[str, Support] = {}
        self._outcomes: dict[tuple[int, Context], Outcome] = {}
        self._sides: dict[tuple[str, Context, bool], _Sides] = {}
        self._agreeing: dict[tuple[tuple[int, ...], str, Level | None, Context], _Sides] = {}
        self._possible: dict[tuple[str, Project, Support, Context, bool], Possible] = {}

    def evaluate(self, request: Request) -> Decision:
        """An operation is allowed when all its actions and dependencies are, those of at least one option included.

        Else the worst answer to one of them counts; of several options, the one with the best answer. One that needs
        no authorization is allowed. What is missing is said for the option that lacks least, own actions first; with a
        wildcard that is granted in part only, it is not known whether the operation works.
        Raises ActionNameError, UnknownOperation or WorkSpentError.
        """
        if "/" in request.target:
            return self._decide(self._catalog.operation(request.target), request)
        return self._ask(request.target, self._support(request.target), request).decide()

    def may_allow(self, request: Request) -> bool:
        """Whether an action may be allowed, for all that is known of the request. Raises as `evaluate` does."""
        return Answer.ALLOWED in self._ask(request.target, self._support(request.target), request).answers

    def _decide(self, operation: Operation, request: Request) -> Decision:
        if operation.free:
            return Decision(Answer.ALLOWED)
        shared = self._needed(operation, operation, request)
        if not operation.options:
            return shared.possible.decide(shared.lacking())
        ways = [self._needed(operation, option, request) for option in operation.options]
        possible = worst([shared.possible, best(way.possible for way in ways)])
        least = min(ways, key=lambda way: (len(way.own), len(way.dependencies)))
        return possible.decide(shared.lacking() | least.lacking())

    def _needed(self, operation: Operation, part: Operation | Option, request: Request) -> "_Needed":
        """What the operation itself needs, or one of its options."""
        row = operation.scope.enterprise_project
        supports = {name: self._support(name) for name in (*part.actions, *part.dependencies)}
        if row is not Support.UNKNOWN:
            supports |= dict.fromkeys(part.actions, row)
        found = {name: self._ask(name, support, request) for name, support in supports.items()}
        lacking = {name for name, possible in found.items() if Answer.ALLOWED not in possible.answers}
        own = frozenset(lacking.intersection(part.actions))
        for name in filter(is_wildcard, supports):
            in_part = self._ask(name, supports[name], request, in_part=True)
            if Answer.ALLOWED in in_part.answers:  # else it is refused whatever is meant
                found[name] = in_part
        return _Needed(worst(found.values()), own, frozenset(lacking - own))

    def _support(self, name: str) -> Support:
        """Whether the action, or all that a wildcard matches, supports enterprise projects."""
        found = self._supports.get(name)
        if found is None:
            found = combine(scope.enterprise_project for scope in self._catalog.action_index.scopes(name))
            self._supports[name] = found
        return found

    def _ask(self, name: str, support: Support, request: Request, *, in_part: bool = False) -> Possible:
        """`in_part`: what may become of a wildcard of which not everything has to be needed."""
        key = (action_key(name), request.project, support, request.context, in_part)
        found = self._possible.get(key)
        if found is None:
            sides = self._sides_of(name, request.context, in_part=in_part)
            found = self._possible[key] = self._search(name, support, request, sides)
        return found

    def _search(self, name: str, support: Support, request: Request, sides: "_Sides") -> Possible:
        """The stages in their order, and in each the Denies first: the first that speaks ends the search."""
        stages = [Project.IAM]
        if request.project is Project.ENTERPRISE and support is not Support.NO:
            stages.append(Project.ENTERPRISE)
        found = NOT_ALLOWED
        for stage in reversed(stages):
            doubt = _in_doubt(name, support) if stage is Project.ENTERPRISE else ""
            if allow := sides.get((stage, Effect.ALLOW)):
                found = unless(Answer.ALLOWED, _doubted(allow.outcome, doubt), allow.places, found)
            if deny := sides.get((stage, Effect.DENY)):
                found = unless(Answer.DENIED, deny.outcome, deny.places, found)
        return found

    def _sides_of(self, name: str, context: Context, *, in_part: bool = False) -> "_Sides":
        """What the statements that speak of an action say together, by stage and effect; none where none may hold."""
        key = (action_key(name), context, in_part)
        found = self._sides.get(key)
        if found is None:
            doubtful = set(self._index.in_part(name)) if in_part else set()
            concerned = sorted(doubtful.union(self._index.concerned(name)))
            if self._work:
                self._work.spend(len(concerned))
            found = self._sides[key] = (
                self._heard(name, concerned, doubtful, context) if doubtful else self._agreed(name, concerned, context)
            )
        return found

    def _agreed(self, name: str, concerned: Sequence[int], context: Context) -> "_Sides":
        """The sides of an action that no statement covers in part. All actions of a service share them that the same
        statements concern."""
        key = tuple(concerned), service_of(name), self._catalog.prefixes.level_of(name), context
        found = self._agreeing.get(key)
        if found is None:
            found = self._agreeing[key] = self._heard(name, concerned, frozenset(), context)
        return found

    def _heard(self, name: str, concerned: Iterable[int], doubtful: Set[int], context: Context) -> "_Sides":
        """`doubtful` are the statements that speak of a part of a wildcard."""
        heard: dict[tuple[Project, Effect], list[tuple[Place, Outcome]]] = defaultdict(list)
        service, level = service_of(name), self._catalog.prefixes.level_of(name)
        for number in concerned:
            entry = self._entries[number]
            applies = entry.applies_to(service, level)
            if applies is False:
                continue
            outcome = self._outcome(number, entry.statement, context)
            if outcome.holds is not False:
                outcome = _doubted(outcome, "" if applies else _which_level(service))
                outcome = _doubted(outcome, _which_of(name) if number in doubtful else "")
                heard[entry.granted_in, entry.statement.effect].append((entry.place, outcome))
        return {side: _side(said) for side, said in heard.items()}

    def _outcome(self, number: int, statement: Statement, context: Context) -> Outcome:
        found = self._outcomes.get((number, context))
        if found is None:
            found = all_hold(statement.conditions, context, self._work)
            if statement.resources and found.holds is not False:
                found = Outcome(None, found.missing_keys, found.reasons | {_WHICH_RESOURCE})
            self._outcomes[number, context] = found
        return found


@dataclass(frozen=True, slots=True)
class _PlacedStatement:
    place: Place
    granted_in: Project
    statement: Statement
    level: Level | None

    def applies_to(self, service: str, level: Level | None) -> bool | None:
        """Whether the policy applies to a service of `level`; None where that level is not known.

        A wildcard stands for services of both levels: a Deny denies a part of it, and an Allow allows less than all.
        """
        if self.level in (None, level):
            return True
        if level is not None:
            return False
        return self.statement.effect is Effect.DENY if is_wildcard(service) else None


@dataclass(frozen=True, slots=True)
class _Said:
    outcome: Outcome
    places: frozenset[Place]


_Sides = Mapping[tuple[Project, Effect], _Said]


@dataclass(frozen=True, slots=True)
class _Needed:
    """What several actions come to together; `own` ones and `dependencies` that are certainly not allowed."""

    possible: Possible
    own: frozenset[str]
    dependencies: frozenset[str]

    def lacking(self) -> frozenset[str]:
        return self.own | self.dependencies


def _side(said: Sequence[tuple[Place, Outcome]]) -> _Said:
    """One statement that holds is enough; without one, all of which it is not known count."""
    if certain := frozenset(place for place, outcome in said if outcome.holds):
        return _Said(HOLDS, certain)
    keys = frozenset[str]().union(*(outcome.missing_keys for _, outcome in said))
    reasons = frozenset[str]().union(*(outcome.reasons for _, outcome in said))
    return _Said(Outcome(None, keys, reasons), frozenset(place for place, _ in said))


def _which_of(wildcard: str) -> str:
    return WHICH_ACTIONS.format(wildcard=wildcard)


def _which_level(service: str) -> str:
    return f"Whether {service} is a global service is not known: the catalogue does not have it."


def _in_doubt(name: str, support: Support) -> str:
    """Why it is not known whether Enterprise Management has a say about the action; "" where that is known."""
    match support:
        case Support.VARIES:
            return SCOPE_VARIES.format(name=name)
        case Support.UNKNOWN:
            return SCOPE_UNKNOWN.format(name=name)
    return ""


def _doubted(outcome: Outcome, doubt: str) -> Outcome:
    return Outcome(None, outcome.missing_keys, outcome.reasons | {doubt}) if doubt else outcome
