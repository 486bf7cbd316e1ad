"""Print the table of all rules, as docs/rules.md holds it."""

from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand

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
