"""Which of many statements speak of an action, found by its name and not by asking one statement after the other."""

from collections.abc import Sequence

from policybuilder.domain.catalog.action_names import is_wildcard
from policybuilder.domain.catalog.name_index import NameIndex
from policybuilder.domain.policy.document import Effect, Statement
from policybuilder.domain.work import Work


class StatementIndex:
    """An Allow speaks of a wildcard when it does of all that this covers, a Deny when it does of any of it."""

    def __init__(self, statements: Sequence[Statement], work: Work | None = None):
        named = ((name, number) for number, s in enumerate(statements) for name in s.actions)
        excepted = ((name, number) for number, s in enumerate(statements) for name in s.not_actions)
        self._named, self._excepted = NameIndex(named, work), NameIndex(excepted, work)
        self._all_but = {number for number, statement in enumerate(statements) if statement.not_actions}
        self._denying = {number for number, statement in enumerate(statements) if statement.effect is Effect.DENY}

    def concerned(self, name: str) -> list[int]:
        """The numbers of the statements that speak of `name`, sorted.

        Raises ActionNameError, and WorkSpentError where there is `work`.
        """
        whole = set(self._named.covering(name))
        untouched = self._all_but - set(self._excepted.overlapping(name))
        if not is_wildcard(name):
            return sorted(whole | untouched)
        return sorted(((whole | untouched) - self._denying) | (self._part(name) & self._denying))

    def in_part(self, name: str) -> list[int]:
        """The numbers of the statements that speak of some of what a wildcard covers and not of all, sorted.

        Raises as `concerned`.
        """
        whole = set(self._named.covering(name)) | (self._all_but - set(self._excepted.overlapping(name)))
        return sorted(self._part(name) - whole)

    def _part(self, name: str) -> set[int]:
        return set(self._named.overlapping(name)) | (self._all_but - set(self._excepted.covering(name)))
