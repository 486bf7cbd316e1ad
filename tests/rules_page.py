"""The page of rules, with an example of each and every text: `python -m tests.rules_page > docs/rules.md`."""

import os
import re
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

from policybuilder.domain.access.evaluation import GrantedPolicy, Project
from policybuilder.domain.access.group_warnings import find_warnings
from policybuilder.domain.building.blocks import Block
from policybuilder.domain.building.compiler import CompiledPolicy, compile_blocks
from policybuilder.domain.building.selection import Selection
from policybuilder.domain.catalog.scope import Goal
from policybuilder.domain.findings import Finding, Plural, Wording
from policybuilder.domain.jsontext.repair_kinds import RepairWording
from policybuilder.domain.jsontext.source import MAX_BYTES, read
from policybuilder.domain.policy.document import Effect
from policybuilder.domain.refusal.explain import explain
from policybuilder.domain.rules.check import MOST_FINDINGS, MOST_POLICIES
from policybuilder.domain.rules.table import RuleEntry, table
from tests.builders import real_catalog, whole_catalog
from tests.domain.policy_cases import LIST, allow, checked, deny, policy
from tests.domain.rules import test_iam_policy, test_own_policy
from tests.mutants.changes import constants, modules

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

The sentences of the program's modules, each once, by the names of their constants: findings with what to do, faults and
repairs of a JSON text, refusals, verdicts and notices. The rest is in the templates of the pages. `…name…` is filled
in; where a text has a form for one and another for many, both are shown."""

_SENTENCE = re.compile(r"(?=[A-Z“{]).* .*[.?!}]", re.DOTALL)

Sentences = str | Plural | Wording | RepairWording


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
            yield f"- {constant}: {_shown(wording)}"


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
        policy(allow("dms:instance:create")),
        policy(allow("ecs:cloudServers:vnc")),
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


def wordings_by_module() -> dict[str, dict[str, Sentences]]:
    """The sentences of each module by the names of its constants; those of a table by its name and their number."""
    found = {}
    for module, tree in modules("answers", "api", "domain", "drafts", "pages", "web"):
        values = vars(import_module(f"policybuilder.{module.removesuffix('.py').replace('/', '.')}"))
        names = [name for name, _ in constants(tree) if name in values and not name.startswith("_")]
        if wordings := {shown: each for name in names for shown, each in _named(name, values[name])}:
            found[module] = wordings
    return found


def _named(constant: str, value: Any) -> Iterator[tuple[str, Sentences]]:
    if isinstance(value, Wording | RepairWording | Plural) or (isinstance(value, str) and _SENTENCE.match(value)):
        yield constant, value
    elif isinstance(value, Mapping):
        for at, each in enumerate(value.values(), start=1):
            yield from _named(f"{constant}, {at}", each)
    elif isinstance(value, tuple) and hasattr(value, "_asdict"):
        for name, each in value._asdict().items():
            yield from _named(f"{constant}.{name}", each)


def _shown(sentences: Sentences) -> str:
    match sentences:
        case Wording(message, hint):
            return f"{_shown(message)} *{_shown(hint)}*"
        case RepairWording():
            return f"{_shown(sentences.template)} *{_shown(sentences.problem)} {_shown(sentences.hint)}*"
        case Plural(one, many):
            return f"{_shown(one)} / {_shown(many)}"
    return _escaped(_with_names(sentences).replace("{{", "{").replace("}}", "}"))


def _with_names(template: str) -> str:
    return re.sub(r"(?<!\{)\{(\w+)(:quoted)?[^{}]*\}", lambda m: f"“…{m[1]}…”" if m[2] else f"…{m[1]}…", template)


def _escaped(text: str) -> str:
    return text.replace("*", "\\*")


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    print(page(), end="")
