"""The page of rules, with an example of each and every text: `python -m tests.rules_page > docs/rules.md`."""

import re
from collections.abc import Iterator, Mapping
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from policybuilder.domain import rules
from policybuilder.domain.access.evaluation import GrantedPolicy, Project
from policybuilder.domain.access.group_warnings import find_warnings
from policybuilder.domain.building.blocks import Block
from policybuilder.domain.building.compiler import CompiledPolicy, compile_blocks
from policybuilder.domain.building.selection import Selection
from policybuilder.domain.catalog.scope import Goal
from policybuilder.domain.findings import Finding, Plural, Template, Wording
from policybuilder.domain.jsontext.source import MAX_BYTES, read
from policybuilder.domain.policy.document import Effect
from policybuilder.domain.refusal.explain import explain
from policybuilder.domain.rules.check import MOST_FINDINGS, MOST_POLICIES
from policybuilder.domain.rules.table import RuleEntry, table
from tests.builders import real_catalog, whole_catalog
from tests.domain.policy_cases import LIST, allow, checked, deny, policy
from tests.domain.rules import test_iam_policy, test_own_policy

INTRODUCTION = """\
# The rules

Everything that Policy Builder reports about a policy. This file is written by a command; do not edit it:

    .venv/bin/python -m tests.rules_page > docs/rules.md

A code that begins with `IAM.` is IAM's own, of the error codes in the
[IAM API reference](https://docs.otc.t-systems.com/identity-access-management/api-ref/); `PB` codes are ours. **error**:
IAM would refuse the policy, or it does not protect what it should. **warning**: it works, but hardly as meant.
**note**: worth knowing."""
EXAMPLES = """\
## Examples

One finding of each rule: its place, its message and what to do."""
NEVER = """\
## Codes of IAM that are never reported

They stand in IAM's list of error codes, but cannot occur in a custom policy, or come with another code."""
TEXTS = """\
## The texts

Each situation that a rule tells apart, with its message and what to do. `…name…` is filled in; where a text has a form
for one and another for many, both are shown."""
MODULES = (
    *(f"{rules.__name__}.{each.name}" for each in iter_modules(rules.__path__)),
    "policybuilder.domain.access.openings",
    "policybuilder.domain.access.group_warnings",
    "policybuilder.domain.refusal.calls_in_doubt",
    "policybuilder.domain.refusal.explain",
    "policybuilder.domain.refusal.left_out",
    "policybuilder.drafts.conditions",
)


def page() -> str:
    return "\n".join(_lines(table())) + "\n"


def _lines(entries: tuple[RuleEntry, ...]) -> Iterator[str]:
    reported = [entry for entry in entries if entry.severity]
    yield INTRODUCTION
    yield ""
    yield "| code | severity | what is wrong | source |"
    yield "| --- | --- | --- | --- |"
    for entry in reported:
        title = f"{entry.title} ({entry.note})" if entry.note else entry.title
        yield f"| {entry.code} | {entry.severity} | {title} | {entry.source} |"
    yield ""
    yield EXAMPLES
    yield ""
    examples = {finding.code: finding for finding in reversed(list(_findings()))}
    for entry in reported:
        finding = examples[entry.code]
        place = f"`{finding.place}`: " if finding.place else ""
        yield f"- {entry.code}: {place}{_escaped(finding.message)} *{_escaped(finding.hint)}*"
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


def _findings() -> Iterator[Finding]:
    """Findings of every code, the best examples first."""
    for case in (*test_iam_policy.CASES, *test_own_policy.CASES):
        yield next(each.finding for each in checked(case.fires).findings if each.finding.code == case.code)
    many = [allow(LIST, LIST) for _ in range(MOST_FINDINGS + 2)]
    for text in (
        "{" + " " * MAX_BYTES,
        "nothing",
        policy(*many),
        f"[{', '.join([policy(allow(LIST))] * (MOST_POLICIES + 1))}]",
        policy(allow(*(f"ecs:s*{at}:l*" for at in range(1_000)))),
        policy(deny("ecs:cloudServers:deleteServers")),
    ):
        yield from (each.finding for each in checked(text, whole_catalog()).findings)
    yield from _of_selections()
    for text in (
        "403 Forbidden",
        "POST /v2.1/p/servers/1/action 403",
        "POST /v2.1/p/servers/1/action {'os-start': null} Policy doesn't allow ecs:servers:list to be performed",
        "x" * (MAX_BYTES + 1),
        "GET /v1/p/cloudservers/limits 200",
        "GET /v1/p/cloudservers/limits 401",
    ):
        yield from explain(real_catalog(), text).findings
    iam, enterprise = Project.IAM, Project.ENTERPRISE
    for group in (
        [(iam, allow("ecs:servers:list")), (enterprise, deny("ecs:servers:list"))],
        [(iam, allow("ecs:*:*", "evs:*:*")), (iam, deny("evs:volumes:use"))],
        [(iam, allow("ecs:*:*")), (iam, allow("ecs:servers:list"))],
    ):
        granted = [
            GrantedPolicy.of(name, read(policy(statement)).root, where)
            for name, (where, statement) in zip("ab", group, strict=True)
        ]
        yield from (each.finding for each in find_warnings(whole_catalog(), granted))


def _of_selections() -> Iterator[Finding]:
    attach = next(
        each.id for each in whole_catalog().operations.values() if "evs:volumes:use" in each.all_dependencies()
    )
    free = next(each.id for each in whole_catalog().operations.values() if each.free)
    opening = next(id_ for id_ in whole_catalog().operations if _compiled(Block(_ticked(id_))).openings)
    native = "ecs/ecs-status-management/starting-an-ecs-native"
    without = Selection(frozenset([attach]), without=frozenset(["evs:volumes:use"]))
    for compiled in (
        _compiled(Block(without)),
        _compiled(Block(_ticked(opening))),
        _compiled(Block(_ticked(free), Effect.DENY)),
        _compiled(Block(_ticked(native)), goal=Goal.ENTERPRISE_PROJECT),
    ):
        yield from (each.finding for each in compiled.findings)


def _compiled(*blocks: Block, goal: Goal = Goal.UNDECIDED) -> CompiledPolicy:
    return compile_blocks(whole_catalog(), blocks, goal=goal)


def _ticked(id_: str) -> Selection:
    return Selection(frozenset([id_]))


def wordings_by_module() -> dict[str, dict[str, Wording]]:
    """The texts of each module, each once, by the name of its constant; those of a table by its name and key."""
    found: dict[str, dict[str, Wording]] = {}
    seen: set[int] = set()
    for module in MODULES:
        wordings = {
            name: each
            for constant, value in vars(import_module(module)).items()
            for name, each in _named(constant, value)
            if id(each) not in seen
        }
        seen.update(map(id, wordings.values()))
        if wordings:
            found[module.rpartition(".")[2]] = wordings
    return found


def _named(constant: str, value: Any) -> Iterator[tuple[str, Wording]]:
    if isinstance(value, Wording):
        yield constant, value
    elif isinstance(value, Mapping):
        for at, each in enumerate(value.values(), start=1):
            yield from _named(f"{constant}, {at}", each)
    elif isinstance(value, tuple) and hasattr(value, "_asdict"):
        for name, each in value._asdict().items():
            yield from _named(f"{constant}.{name}", each)


def _shown(template: Template) -> str:
    forms = (template.one, template.many) if isinstance(template, Plural) else (template,)
    return " / ".join(_escaped(_with_names(form).replace("{{", "{").replace("}}", "}")) for form in forms)


def _with_names(template: str) -> str:
    return re.sub(r"(?<!\{)\{(\w+)(:quoted)?[^{}]*\}", lambda m: f"“…{m[1]}…”" if m[2] else f"…{m[1]}…", template)


def _escaped(text: str) -> str:
    return text.replace("*", "\\*")


if __name__ == "__main__":
    print(page(), end="")
