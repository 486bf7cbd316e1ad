"""Findings about a policy: a severity, a place, and a text as a template with its values.

A template is whole sentences with placeholders: {n:,}, {name:quoted}, {names:listed}, {names:listed 6}
(at most six of them). It is a constant beside the rule
that uses it, and is filled in when somebody reads it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from string import Formatter
from typing import Any, NamedTuple

from .words import joined, listed, printable, quoted, statements_in_words, titles_in_words

Values = Mapping[str, Any]
NO_VALUES: Values = {}

_FORMS: dict[str, Callable[..., str]] = {
    "quoted": quoted,
    "printable": printable,
    "listed": listed,
    "joined": joined,
    "all": lambda names: listed(names, most=len(names)),
    "titles": titles_in_words,
    "statements": statements_in_words,
}


class Severity(StrEnum):
    """ERROR: IAM would refuse it. WARNING: it works, but hardly as meant. NOTE: worth knowing."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Plural(NamedTuple):
    """Two forms of a template: `one` where the value `by` is 1, else `many`."""

    one: str
    many: str
    by: str = "n"

    def format(self, **values: object) -> str:
        """The text for these values, as that of a `str`."""
        return (self.one if values[self.by] == 1 else self.many).format(**values)


Template = str | Plural


class _Filler(Formatter):
    def format_field(self, value: Any, format_spec: str) -> str:
        name, _, most = format_spec.partition(" ")
        form = _FORMS.get(name)
        if form is None:
            return format(value, format_spec)
        return form(value, int(most)) if most else form(value)


_FILLER = _Filler()


def fill(template: Template, values: Values) -> str:
    """The text of a template. Raises KeyError for a placeholder without a value."""
    if isinstance(template, Plural):
        template = template.one if values[template.by] == 1 else template.many
    return _FILLER.vformat(template, (), values)


class Wording(NamedTuple):
    """The templates of one situation: `message` says what is wrong, `hint` what to do."""

    message: Template
    hint: Template


@dataclass(frozen=True, slots=True)
class Finding:
    """`place` counts from 0: `Statement[2].Action[0]`. `values` fill the placeholders of `wording`."""

    code: str
    severity: Severity
    place: str
    wording: Wording
    values: Values = field(default_factory=dict, hash=False)

    @property
    def message(self) -> str:
        return fill(self.wording.message, self.values)

    @property
    def hint(self) -> str:
        return fill(self.wording.hint, self.values)
