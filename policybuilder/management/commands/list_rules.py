"""Print the table of all rules and the texts of their findings, as docs/rules.md holds them."""

import re
from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from django.core.management.base import BaseCommand

from policybuilder.domain import rules
from policybuilder.domain.findings import Plural, Template, Wording
from policybuilder.domain.rules.table import RuleEntry, table

INTRODUCTION = """\
# The rules

What Policy Builder says about a policy. This file is written by a command; do not edit it:

    .venv/bin/python manage.py list_rules > docs/rules.md

A code that begins with `IAM.` is IAM's own, of the error codes in the
[IAM API reference](https://docs.otc.t-systems.com/identity-access-management/api-ref/); `PB` codes are ours. **error**:
IAM would refuse the policy, or it does not protect what it should. **warning**: it works, but hardly as meant.
**note**: worth knowing."""
NEVER = """\
## Codes of IAM that are never reported

They stand in IAM's list of error codes, but cannot occur in a custom policy, or come with another code."""

TEXTS = """\
## The texts

Each situation that a rule tells apart, with its message and what to do. `…name…` is filled in; where a text has a form
for one and another for many, both are shown."""


class Command(BaseCommand):
    help = "Print the table of all rules in Markdown: manage.py list_rules > docs/rules.md"

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write("\n".join(_page(table())))


def _page(entries: tuple[RuleEntry, ...]) -> Iterator[str]:
    yield INTRODUCTION
    yield ""
    yield "| code | severity | what is wrong | source |"
    yield "| --- | --- | --- | --- |"
    for entry in entries:
        if entry.severity:
            title = f"{entry.title} ({entry.note})" if entry.note else entry.title
            yield f"| {entry.code} | {entry.severity} | {title} | {entry.source} |"
    yield ""
    yield NEVER
    yield ""
    yield "| code | why |"
    yield "| --- | --- |"
    for entry in entries:
        if not entry.severity:
            yield f"| {entry.code} | {entry.note} |"
    yield ""
    yield TEXTS
    for name, wordings in wordings_by_module().items():
        yield ""
        yield f"### {name}"
        yield ""
        for constant, wording in wordings.items():
            yield f"- {constant}: {_shown(wording.message)} *{_shown(wording.hint)}*"


def wordings_by_module() -> dict[str, dict[str, Wording]]:
    """The constants of each module of rules, each once."""
    found = {}
    seen: set[int] = set()
    for module in iter_modules(rules.__path__):
        names = vars(import_module(f"{rules.__name__}.{module.name}")).items()
        wordings = {name: each for name, each in names if isinstance(each, Wording) and id(each) not in seen}
        seen.update(map(id, wordings.values()))
        if wordings:
            found[module.name] = wordings
    return found


def _shown(template: Template) -> str:
    forms = (template.one, template.many) if isinstance(template, Plural) else (template,)
    return " / ".join(_with_names(form).replace("{{", "{").replace("}}", "}").replace("*", "\\*") for form in forms)


def _with_names(template: str) -> str:
    return re.sub(r"(?<!\{)\{(\w+)(:quoted)?[^{}]*\}", lambda m: f"“…{m[1]}…”" if m[2] else f"…{m[1]}…", template)
