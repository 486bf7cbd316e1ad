"""What the button that was pressed asks for, read alike on every page, and how a page says that it cannot be done."""

from collections.abc import Mapping
from dataclasses import dataclass

from policybuilder.domain.findings import fill

MAX_COMMAND = 500  # characters; the longest subject is the id of an operation


class RefusedError(Exception):
    """A command that cannot be carried out. The text is for the user: a template, if there are `values` for it."""

    def __init__(self, template: str, **values: object) -> None:
        super().__init__(fill(template, values) if values else template)
        self.template, self.values = template, values


@dataclass(frozen=True, slots=True)
class Command:
    """`name:subject` as a button sends it: what is to be done, and to what. Both are "" where no button was pressed."""

    name: str = ""
    subject: str = ""


def read_command(data: Mapping[str, str]) -> Command:
    name, _, subject = data.get("do", "")[:MAX_COMMAND].partition(":")
    return Command(name, subject)
