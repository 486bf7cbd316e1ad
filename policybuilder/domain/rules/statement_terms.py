"""The services that a statement's actions name, and the condition keys that these actions take."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from policybuilder.domain.catalog.action_names import covers_part, is_wildcard, matches, parse_action
from policybuilder.domain.policy.reading import StatementView
from policybuilder.domain.policy.service_terms import SERVICE_KEYS, SERVICE_TERMS

from .rule import PolicySubject


@dataclass(frozen=True)
class StatementTerms:
    """A statement beside what its actions say about its keys and resources."""

    view: StatementView

    @cached_property
    def services(self) -> frozenset[str]:
        """The services of its actions; empty where a wildcard or NotAction stands for services that nobody lists."""
        found = frozenset(parse_action(name).service for name in self.view.names)
        unknown = self.view.not_action is not None or len(self.view.names) < len(self.view.actions)
        return frozenset() if unknown or any(map(is_wildcard, found)) else found

    @cached_property
    def closed_values(self) -> bool:
        """Whether a manual lists the characters of condition values for all of its services."""
        terms = [SERVICE_TERMS.get(service) for service in self.services]
        return bool(terms) and all(each is not None and each.closed_values for each in terms)

    @cached_property
    def taken_keys(self) -> frozenset[str]:
        """The services' condition keys that at least one of its actions takes; all of them without Action."""
        if self.view.not_action is not None or not self.view.names:
            return frozenset(SERVICE_KEYS)
        return frozenset(name for name, key in SERVICE_KEYS.items() if self._takes(name, key.actions))

    def _takes(self, key: str, actions: tuple[str, ...]) -> bool:
        service = key.partition(":")[0]
        patterns = [name for name in self.view.names if covers_part(parse_action(name).service, service)]
        return bool(patterns) if not actions else any(matches(name, action) for name in patterns for action in actions)


def statement_terms(subject: PolicySubject) -> Iterator[StatementTerms]:
    return map(StatementTerms, subject.statements)
