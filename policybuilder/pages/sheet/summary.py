"""A policy as Markdown, for a change request: what it allows in words, where it works, its limits, and the JSON."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from policybuilder.domain.building.acceptance import Trial, Why, trials
from policybuilder.domain.building.compiler import CompiledBlock, CompiledPolicy, PolicyDocument
from policybuilder.domain.catalog.action_names import action_key, service_of
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.findings import Severity
from policybuilder.domain.policy.condition_words import in_words
from policybuilder.domain.policy.document import MAX_ACTIONS, MAX_CHARACTERS, MAX_STATEMENTS, Effect
from policybuilder.domain.words import statements_in_words
from policybuilder.domain.work import Work
from policybuilder.drafts.compiled import compiled
from policybuilder.drafts.draft import Draft
from policybuilder.web.wording import LevelInWords, VerdictInWords, policy_name

from .page import clean_text

# Words that Markdown shows as they stand. Whatever else there may be is shown as code.
_WORD = r"[^\W_]+(?:[-_'’/][^\W_]+)*-?"
_NUMBER = r"\d+(?:[.,]\d+)*%?"
_PLAIN = re.compile(rf"[(“\u2018\"']*(?:{_NUMBER}|{_WORD})[)”’\"'.,;:!?]*")
_PLAIN_WITHIN_A_LINE = frozenset("-–—+=/&…")
# Links to GitHub and GitLab: an issue (GH-1, ABC-1), a commit.
_LINKED = re.compile(r"\b(?:(?:(?i:gh)|[A-Z][A-Z0-9_]+)-\d|[0-9a-f]{7,40}\b)")
_BEGINS_A_LIST = re.compile(r"\d+[.)]")


def summary_text(catalog: Catalog, draft: Draft) -> str:
    """The whole summary. Sections without content are left out. Raises WorkSpentError."""
    policy = compiled(catalog, draft)
    tried = [trial for trial in trials(catalog, policy, Work()) if trial.why not in (Why.LIMIT, Why.EMPTY)]
    lines = [f"# {as_written(draft.name) or 'Policy without a name'}", ""]
    free = [trial for trial in tried if trial.operation.free]
    authorized = [trial for trial in tried if not trial.operation.free]
    if policy.empty:
        listed = list(_by_category(catalog, free, Why.SELECTED))
        said = ["What is selected needs no authorization: there is no policy to create.", "", *listed] if listed else []
        return "\n".join([*lines, *(said or ["Nothing is selected yet."]), ""])
    for title, content in (
        ("What it allows", _by_category(catalog, authorized, Why.SELECTED)),
        ("Needs no authorization", _by_category(catalog, free, Why.SELECTED)),
        ("Under conditions", _by_category(catalog, tried, Why.CONDITIONAL)),
        ("Also allowed", _also(catalog, tried)),
        ("Incomplete", _incomplete(catalog, tried, policy)),
        ("Denied", _denied(catalog, tried, policy)),
        ("Added individually", _singles(policy)),
        ("Added as dependencies", _needed(catalog, policy)),
        ("Where it works", _scope(policy)),
        ("Conditions and resources", _limited(policy)),
        ("Statements kept as they were written", _kept(policy)),
        ("Limits", _limits(draft, policy)),
        ("Findings", _findings(draft, policy)),
    ):
        section = list(content)
        if section:
            lines += [f"## {title}", "", *section, ""]
    return "\n".join([*lines, *_documents(catalog, draft, policy)])


def _documents(catalog: Catalog, draft: Draft, policy: CompiledPolicy) -> Iterator[str]:
    """The JSON of each policy to create."""
    yield from (f"## The {'policies' if policy.divided else 'policy'}", "")
    for each in policy.documents:
        if each.level:
            words = LevelInWords(each.level)
            holds = words.holds(catalog, each.document)
            yield from (f"### {as_written(policy_name(draft.name, each.level))}", "")
            yield from (f"{words.heading}{f': {as_written(holds)}' if holds else ''}. {words.place}", "")
        fence = fence_for(each.text)
        yield from (f"{fence}json", each.text.rstrip("\n"), fence, "")


def as_written(text: str) -> str:
    """Text that Markdown shows as it is, on one line.

    Words that could be more than text stand in code: markup, addresses, and what GitHub and GitLab make links of and
    notify people by (@name, #1, !1, ~label, :emoji:). These they look for in what Markdown has made of the text, so
    that no backslash helps; in code they do not. Code can be copied as well, which an invisible sign would spoil.
    """
    words = clean_text(text).split(" ")
    runs = groupby(enumerate(words), key=lambda word: _is_plain(word[1], first=word[0] == 0))
    parts = ((plain, " ".join(word for _, word in run)) for plain, run in runs)
    return " ".join(part if plain else code(part) for plain, part in parts)


def _is_plain(word: str, *, first: bool) -> bool:
    """Whether a word is nothing but text. The `first` one of a line could begin a list."""
    if first and _BEGINS_A_LIST.fullmatch(word):
        return False
    if word in _PLAIN_WITHIN_A_LINE:
        return not first
    return not word or bool(_PLAIN.fullmatch(word) and not _LINKED.search(word))


def code(text: str) -> str:
    fence = "`" * (_longest_run(text) + 1)
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{space}{text}{space}{fence}"


def fence_for(text: str) -> str:
    """Backquotes, more than stand anywhere in `text` in a row."""
    return "`" * max(3, _longest_run(text) + 1)


def _longest_run(text: str) -> int:
    return max(map(len, re.findall("`+", text)), default=0)


def _by_category(catalog: Catalog, tried: Iterable[Trial], *whys: Why) -> Iterator[str]:
    last = None
    for trial in tried:
        if trial.why not in whys:
            continue
        category = catalog.category_of(trial.operation)
        if category is not last:
            yield f"- {as_written(catalog.titles.category_name(category))}"
            last = category
        limited = ", under conditions" if trial.why is Why.ALSO_CONDITIONAL else ""
        name = catalog.titles.operation_name(trial.operation, beside=category.service)
        yield f"  - {as_written(name)} ({trial.operation.access.verb.lower()}{limited})"


def _also(catalog: Catalog, tried: Sequence[Trial]) -> Iterator[str]:
    listed = list(_by_category(catalog, tried, Why.ALSO_ALLOWED, Why.ALSO_CONDITIONAL))
    if listed:
        yield "Nobody selected these. The same actions authorise them."
        yield ""
        yield from listed


def _incomplete(catalog: Catalog, tried: Iterable[Trial], policy: CompiledPolicy) -> Iterator[str]:
    """The selected ones only: what nobody asked for need not work."""
    may_work = {entry.id for entry in policy.operations.incomplete if entry.may_work}
    for trial in tried:
        if trial.why is Why.INCOMPLETE and trial.operation.id in policy.operations.selected:
            names = ", ".join(map(code, trial.missing))
            certain, in_part = "are refused", "may be refused"
            if trial.never_refused:
                certain, in_part = "get an empty list", "may get an empty list"
            lacks = f"{in_part}, {names} in part" if trial.operation.id in may_work else f"{certain}, {names}"
            yield f"- {as_written(catalog.titles.operation_name(trial.operation))}: calls {lacks} missing"


def _denied(catalog: Catalog, tried: Iterable[Trial], policy: CompiledPolicy) -> Iterator[str]:
    for trial in tried:
        if trial.why is Why.DENIED:
            numbers = [at + 1 for at in policy.denied_by[trial.operation.id]]
            yield f"- {as_written(catalog.titles.operation_name(trial.operation))}: by {statements_in_words(numbers)}"
    for number, part in enumerate(policy.blocks, 1):
        if part.block.effect is Effect.DENY and not part.block.kept:
            for grant in part.grants:
                yield f"- action {code(grant.action)}: by statement {number}"


def _singles(policy: CompiledPolicy) -> Iterator[str]:
    for part in _allowing(policy):
        yield from (f"- {code(name)}" for name in sorted(part.block.selection.actions))


def _needed(catalog: Catalog, policy: CompiledPolicy) -> Iterator[str]:
    """The actions that are there as dependencies only, by service."""
    parts = list(_allowing(policy))
    selected = {action_key(grant.action) for part in parts for grant in part.grants if grant.selected}
    titles = {prefix: service.title for prefix, service in catalog.prefixes.services_by_prefix.items()}
    services: dict[str, set[str]] = {}
    for part in parts:
        for grant in part.grants:
            if action_key(grant.action) not in selected:
                services.setdefault(service_of(grant.action), set()).add(grant.action)
    for prefix, names in sorted(services.items()):
        yield f"- {as_written(titles.get(prefix, prefix))}: {', '.join(map(code, sorted(names)))}"


def _scope(policy: CompiledPolicy) -> Iterator[str]:
    yield f"{as_written(VerdictInWords(policy.scope).line)}."
    for title, names in (
        ("IAM-only", policy.scope.iam_only),
        ("In part IAM-only", policy.scope.varies),
        ("Scope unknown", policy.scope.unknown),
    ):
        if names:
            yield ""
            yield f"{title}: {', '.join(map(code, names))}"


def _limited(policy: CompiledPolicy) -> Iterator[str]:
    for number, part in enumerate(policy.blocks, 1):
        does = "denies" if part.block.effect is Effect.DENY else "allows"
        for condition in part.block.conditions:
            yield f"- statement {number} {does} {as_written(in_words(condition))}"
        for uri in part.block.resources:
            yield f"- statement {number} {does} for the resource {as_written(uri)} only"


def _kept(policy: CompiledPolicy) -> Iterator[str]:
    return (f"- statement {number}" for number, part in enumerate(policy.blocks, 1) if part.block.kept)


def _limits(draft: Draft, policy: CompiledPolicy) -> Iterator[str]:
    for each in policy.documents:
        size, which = each.size, _which(draft, each)
        yield f"- {which}{size.characters:,} of {MAX_CHARACTERS:,} characters"
        yield f"- {which}{size.statements} of {MAX_STATEMENTS} statements"
        yield f"- {which}{size.largest_statement} of {MAX_ACTIONS} names in the largest statement"


def _findings(draft: Draft, policy: CompiledPolicy) -> Iterator[str]:
    """Errors and warnings but for the scope, which has a section of its own."""
    told = [("", each) for each in policy.shared_findings]
    told += [(_which(draft, document), each) for document in policy.documents for each in document.findings]
    for which, each in told:
        if each.finding.severity is not Severity.NOTE and each.finding.code not in {"PB002", "PB003", "PB004"}:
            message = as_written(each.finding.message)
            yield f"- {which}{each.finding.code} ({each.finding.severity.value}): {message}"


def _which(draft: Draft, document: PolicyDocument) -> str:
    """The name of one of several policies before what is said of it."""
    return f"{as_written(policy_name(draft.name, document.level))}: " if document.level else ""


def _allowing(policy: CompiledPolicy) -> Iterator[CompiledBlock]:
    return (part for part in policy.blocks if part.block.effect is Effect.ALLOW and not part.block.kept)
