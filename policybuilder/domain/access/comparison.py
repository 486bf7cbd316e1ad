"""What a change of a policy gives and takes: for certain, or possibly.

An Allow brings no new access where Allows of the policy before cover all of it, except what is denied now, and where
all that this policy denied of it is still denied. That is a proof for every request and for every action, including the
actions of tomorrow's catalogue (`parts`, `limits`). Whatever the proof cannot settle counts as gained: a wildcard
against a list of all the actions that it matches today, or against several wildcards that cover it only together;
unlike conditions without a certain meaning. A request shows whether some of it is new for certain (`new_access`); else
`doubts` says why nothing is proven.

The work is bounded: policies that need too much of it are refused rather than answered late.

The policies are compared by themselves. Beside others, a removed Deny can let through what those allow: these actions
are listed apart, as `no_longer_denied`.
Source: IAM, "an explicit Deny beats any Allow; with neither, access is denied".
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from policybuilder.domain.catalog.action_names import action_key, is_wildcard, matches
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Level
from policybuilder.domain.catalog.name_index import NameIndex
from policybuilder.domain.policy.document import Document, Effect
from policybuilder.domain.work import Work, WorkSpentError

from .decisions import Answer, Decision
from .doubts import Doubt, concerned, doubts_of, doubts_of_proof, possible_doubts
from .evaluation import Evaluator, GrantedPolicy, Project, Request
from .limits import Reading, Reasoning
from .new_access import NewAccess, Witness, find_witness
from .parts import NOTHING_EXCEPTED, Part, Parts, Services, covered

MOST_STEPS = 60_000  # to find out why something is not proven


@dataclass(frozen=True, slots=True)
class Difference:
    """`operations` are ids in the catalogue's order; `actions`, sorted, those behind them and others.

    Beside actions of the catalogue and unknown ones that the policies name, these are the wildcards that reach beyond
    the other side, as a whole; "*:*:*" stands for a NotAction that does.
    """

    operations: tuple[str, ...]
    actions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """`gained` is what may be allowed after and not before, `lost` the other way round.

    Under conditions an action can be in both: it may be allowed for other requests than before.
    `no_longer_denied` are the actions, as in a Difference, that were denied and are not, or under further conditions.
    `witness` is a request with new access, where `new_access` is YES. `reasons` say, in the order of Doubt, why it is
    NOT_PROVEN; none does where a wildcard reaches further than the actions that it matches today.
    """

    gained: Difference
    lost: Difference
    no_longer_denied: tuple[str, ...]
    new_access: NewAccess
    witness: Witness | None = None
    reasons: tuple[Doubt, ...] = ()

    @property
    def no_new_access(self) -> bool:
        """Proven: whatever the request, the policy before allowed what the one after allows."""
        return self.new_access is NewAccess.NO


Documents = tuple[Document, Document]  # before and after
Levels = tuple[Level | None, Level | None]  # of the policies before and after; None: all services


def compare(
    catalog: Catalog, before: Document, after: Document, work: Work | None = None, levels: Levels = (None, None)
) -> Comparison:
    """What changes where one policy takes the place of the other, each for the services of its level only.

    Raises WorkSpentError if that takes more work than there is; without `work`, than is done for one request.
    """
    work = work or Work()
    reasoning = Reasoning(work.spend)
    certain_old, new = _policies(catalog, (before, after), levels, work, reasoning)
    certain_new, old = new, certain_old
    if levels[0] is not levels[1]:
        certain_new, old = _policies(catalog, (after, before), (levels[1], levels[0]), work, reasoning)
    names = _Names(catalog, (before, after), work)
    gained = _gained(catalog, names, certain_old, new)
    witness = find_witness(catalog, (before, after), levels, gained.actions)
    not_proven = bool(gained.actions) and witness is None
    return Comparison(
        gained=gained,
        lost=_gained(catalog, names, certain_new, old),
        no_longer_denied=names.among(old.denies, lambda part: not covered(part, certain_new.denies)),
        new_access=NewAccess.YES if witness else NewAccess.NOT_PROVEN if not_proven else NewAccess.NO,
        witness=witness,
        reasons=_reasons(catalog, (before, after), levels, gained.actions) if not_proven else (),
    )


def _reasons(catalog: Catalog, policies: Documents, levels: Levels, gained: Sequence[str]) -> tuple[Doubt, ...]:
    """Why new access through the gained actions is not proven; every possible reason if the work is not enough."""
    work = Work(MOST_STEPS)
    found: set[Doubt] = set()

    def unsettled(readings: frozenset[Reading], typed: bool) -> tuple[str, ...]:
        reasoning = Reasoning(work.spend, readings, typed=typed)
        old, new = _policies(catalog, documents, levels, work, reasoning)
        return names.among(new.allows, lambda part: not _is_settled(part, old, new))

    try:
        before, after = (Document(tuple(concerned(each, gained, work))) for each in policies)
        documents = before, after
        statements = [statement for document in documents for statement in document.statements]
        found.update(doubts_of(statements))
        names = _Names(catalog, documents, work)
        found.update(doubts_of_proof(statements, unsettled))
    except WorkSpentError:
        found.update(possible_doubts(statement for each in policies for statement in each.statements))
    return tuple(doubt for doubt in Doubt if doubt in found)


def _gained(catalog: Catalog, names: "_Names", old: "_Policy", new: "_Policy") -> Difference:
    """An operation counts when it may be allowed, was not whatever the request, and one of its actions is gained. Of a
    wildcard that it needs, all has to be allowed."""
    actions = names.among(new.allows, lambda part: not _is_settled(part, old, new))
    gained = NameIndex.of(actions, names.work)
    return Difference(
        operations=tuple(
            id_
            for id_, operation in catalog.operations.items()
            if any(_concerns(gained, name) for name in operation.names())
            and not new.decide(id_).missing_actions
            and old.decide(id_).decision is not Answer.ALLOWED
        ),
        actions=actions,
    )


def _concerns(gained: NameIndex[str], name: str) -> bool:
    """Whether `name` is gained. Of a wildcard that an operation needs, a part is enough."""
    return gained.overlaps(name) if is_wildcard(name) else action_key(name) in gained.values


def _is_settled(part: Part, old: "_Policy", new: "_Policy") -> bool:
    """Whether an allowed part brings nothing new: it is denied all the same, or old, with every old Deny in force."""
    if covered(part, new.denies):
        return True
    return covered(part, new.denies, old.allows) and all(
        covered(part.under(denied), new.denies) or covered(denied.under(part), new.denies)
        for denied in old.denies.meeting(part)
    )


class _Policy:
    def __init__(self, catalog: Catalog, document: Document, services: Services, work: Work, reasoning: Reasoning):
        self._evaluator = Evaluator(catalog, [GrantedPolicy("", document, Project.IAM, level=services.level)], work)
        self.allows, self.denies = (
            Parts((s for s in document.statements if s.effect is effect), services, work, reasoning)
            for effect in (Effect.ALLOW, Effect.DENY)
        )

    def decide(self, operation: str) -> Decision:
        """What the policy decides about an operation where nothing is known of the request."""
        return self._evaluator.evaluate(Request(operation, Project.IAM))


def _policies(
    catalog: Catalog, documents: Documents, levels: Levels, work: Work, reasoning: Reasoning
) -> tuple[_Policy, _Policy]:
    """The old policy and the new one.

    With different levels, at most one of them applies to a service whose level is not known: here, the new one.
    """
    services = Services(catalog, levels[0], known=levels[0] is not levels[1]), Services(catalog, levels[1])
    old, new = (_Policy(catalog, *each, work, reasoning) for each in zip(documents, services, strict=True))
    return old, new


class _Names:
    """The actions to look at one by one: those of the catalogue, and those that the policies name besides."""

    def __init__(self, catalog: Catalog, documents: Iterable[Document], work: Work):
        self._catalog = catalog
        self.work = work
        written = [n for d in documents for s in d.statements for n in (*s.actions, *s.not_actions)]
        self._spelling = {action_key(name): name for name in sorted(written, reverse=True)}
        self._spelling |= {action_key(name): name for name in catalog.action_index.actions}
        self._unknown = [
            name
            for key, name in self._spelling.items()
            if not is_wildcard(key) and catalog.action_index.action(name) is None
        ]

    def among(self, parts: Parts, concerned: Callable[[Part], bool]) -> tuple[str, ...]:
        """The names of the concerned parts, and of all concerned actions within them, sorted."""
        found: set[str] = set()
        for part in parts.all:
            if not concerned(part):
                continue
            found.add(self._spelling.get(action_key(part.name), part.name))
            if is_wildcard(part.name):
                inside = (name for name in self._inside(part) if name not in found and name not in part.excepted)
                found.update(name for name in inside if concerned(Part(name, NOTHING_EXCEPTED, part.limits)))
        return tuple(sorted(found))

    def _inside(self, part: Part) -> Iterator[str]:
        self.work.spend((len(self._catalog.action_index.actions) + len(self._unknown)) * (1 + len(part.excepted)))
        yield from self._catalog.action_index.expand(part.name)
        yield from (name for name in self._unknown if matches(part.name, name))
