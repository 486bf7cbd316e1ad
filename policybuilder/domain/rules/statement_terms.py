"""The services that a statement's actions name, and the condition keys that these actions take."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from policybuilder.domain.catalog.action_names import covers_part, is_wildcard, matches, parse_action
from policybuilder.domain.policy.document import MAX_ACTIONS
from policybuilder.domain.policy.reading import StatementView
from policybuilder.domain.policy.service_terms import SERVICE_KEYS, SERVICE_TERMS

from .rule import PolicySubject


@dataclass(frozen=True)
class StatementTerms:
    """A statement beside what its actions say about its keys and resources."""

    view: StatementView
    _named: dict[str, bool] = field(default_factory=dict, repr=False)  # of actions that keys need, each looked up once

    @cached_property
    def services(self) -> frozenset[str]:
        """The services of its actions; empty where a wildcard or NotAction stands for unknown services."""
        found = frozenset(parse_action(name).service for name in self.view.names)
        unknown = self.view.not_action is not None or len(self.view.names) < len(self.view.actions)
        return frozenset() if unknown or any(map(is_wildcard, found)) else found

    @cached_property
    def closed_values(self) -> bool:
        """Whether a manual lists the characters of condition values for all of its services."""
        terms = [SERVICE_TERMS.get(service) for service in self.services]
        return bool(terms) and all(each is not None and each.closed_values for each in terms)

    def takes(self, key: str) -> bool:
        """Whether an action of the statement takes a service's condition key; every key is taken without Action."""
        if self.view.not_action is not None or not self.view.names:
            return True
        actions, service = SERVICE_KEYS[key].actions, key.partition(":")[0]
        return any(map(self._names_one, actions)) if actions else any(covers_part(s, service) for s in self._services)

    @cached_property
    def _services(self) -> frozenset[str]:
        return frozenset(parse_action(name).service for name in self._names)

    @property
    def _names(self) -> tuple[str, ...]:
        """As many as IAM takes in a statement: with more, the statement is refused."""
        return self.view.names[:MAX_ACTIONS]

    def _names_one(self, action: str) -> bool:
        if action not in self._named:
            self._named[action] = any(matches(name, action) for name in self._names)
        return self._named[action]


def statement_terms(subject: PolicySubject) -> Iterator[StatementTerms]:
    return map(StatementTerms, subject.statements)
