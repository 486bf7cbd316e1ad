"""The acceptance sheet of a draft as values for its template, and as CSV."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, groupby

from policybuilder.domain.access.decisions import Answer, Decision, Place
from policybuilder.domain.building.acceptance import Trial, Why, calls_of, trials
from policybuilder.domain.building.compiler import CompiledPolicy
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.policy.condition_words import in_words
from policybuilder.domain.policy.document import Effect
from policybuilder.domain.words import have, listed, statements_in_words, titles_in_words
from policybuilder.domain.work import Work
from policybuilder.drafts.addresses import address
from policybuilder.drafts.compiled import compiled
from policybuilder.drafts.draft import Draft
from policybuilder.web.wording import file_name

NO_EFFECT = "No effect in enterprise projects: {names}."

_ANSWERS = {Answer.ALLOWED: "200", Answer.DENIED: "403", Answer.NOT_ALLOWED: "403", Answer.DEPENDS: "depends"}
_WHYS = {
    Why.SELECTED: "Selected",
    Why.ALSO_ALLOWED: "Also allowed",
    Why.ALSO_CONDITIONAL: "Also allowed, under conditions",
    Why.CONDITIONAL: "Under conditions",
    Why.INCOMPLETE: "Incomplete",
    Why.DENIED: "Denied",
    Why.LIMIT: "Must be refused",
    Why.EMPTY: "Must show nothing",
}
_COLUMNS = (
    "Category", "Operation", "Access", "Why it is listed", "Method", "Path",
    "Expected in the IAM project", "Expected in the enterprise project", "Remarks",
    "Answer in the IAM project", "Answer in the enterprise project", "Note",
)  # fmt: skip
_ESCAPED = "\"'<>&"
_FORMULA = frozenset("=+-@\uff1d\uff0b\uff0d\uff20")  # the last four are the wide ones of East Asian keyboards
# Where a cell begins. With a comma as decimal sign, spreadsheets split at semicolons instead; some at bars or, when
# told to, at spaces. They drop quotes and spaces before the first sign.
_CELL_START = re.compile(r"""(?:^|[,;| ])[,;| "]*""")


@dataclass(frozen=True)
class SheetRow:
    """One operation with what is expected of its calls."""

    trial: Trial
    remarks: tuple[str, ...]

    @property
    def why(self) -> str:
        return _WHYS[self.trial.why]

    @property
    def iam_project(self) -> str:
        return _expected(self.trial, self.trial.iam_project)

    @property
    def enterprise_project(self) -> str:
        return _expected(self.trial, self.trial.enterprise_project)


def _expected(trial: Trial, decision: Decision) -> str:
    """The status to expect, “depends”, or “empty” for a query that is answered with 200 and an empty list."""
    return "empty" if trial.never_refused and decision.decision.refuses else _ANSWERS[decision.decision]


def _expected_in_each(trial: Trial) -> tuple[str, str]:
    return _expected(trial, trial.iam_project), _expected(trial, trial.enterprise_project)


class SheetPage:
    """What to try of a draft, by category. Raises WorkSpentError: here, since a template would take it for nothing."""

    def __init__(self, catalog: Catalog, draft: Draft, work: Work):
        self.catalog = catalog
        self.draft = draft
        self.policy: CompiledPolicy = compiled(catalog, draft)
        self._work = work
        self.csv_address = address(draft, name="sheet-csv")
        self.summary_address = address(draft, name="summary")
        self.rows = self._rows()

    def _rows(self) -> tuple[SheetRow, ...]:
        tried = trials(self.catalog, self.policy, self._work)
        found = [(trial, list(calls_of(self.catalog, trial.operation))) for trial in tried]
        remarks = Remarks(self.catalog, self.policy)
        by_call: dict[tuple[str, str, str], list[Trial]] = {}
        for trial, calls in found:
            for call in calls:
                by_call.setdefault(call, []).append(trial)
        return tuple(
            SheetRow(
                trial,
                (
                    *map(self._written, remarks.on(trial)),
                    *_shared_call(trial, chain.from_iterable(by_call[call] for call in calls)),
                ),
            )
            for trial, calls in found
        )

    def _written(self, remark: str) -> str:
        """A remark of a row. Quotes and brackets take more room in HTML and CSV."""
        self._work.spend(sum(map(remark.count, _ESCAPED)))
        return self._work.write(remark)

    @property
    def groups(self) -> list[tuple[str, list[SheetRow]]]:
        """The rows of each category below its name; those of one stand together."""
        together = groupby(self.rows, key=lambda row: self.catalog.category_of(row.trial.operation).id)
        return [(self.catalog.titles.category_name(self.catalog.categories[id_]), list(rows)) for id_, rows in together]

    @property
    def proofs(self) -> int:
        return sum(1 for row in self.rows if row.trial.why is Why.LIMIT)

    @property
    def empty_lists(self) -> int:
        """How many queries are listed to show an empty list, for services without a proof."""
        return sum(1 for row in self.rows if row.trial.why is Why.EMPTY)

    @property
    def expects_empty_lists(self) -> bool:
        return any("empty" in (row.iam_project, row.enterprise_project) for row in self.rows)

    @property
    def file_stem(self) -> str:
        return file_stem(self.draft)

    def csv(self) -> str:
        """One line per call, the last three columns to be filled in. It begins with the mark by which spreadsheets
        know UTF-8. Raises WorkSpentError."""
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(_COLUMNS)
        for category, rows in self.groups:
            for row in rows:
                operation = row.trial.operation
                about = (category, operation.title, operation.access.verb.lower(), row.why)
                expected = (row.iam_project, row.enterprise_project, " ".join(row.remarks), "", "", "")
                before, after = [guarded(text) for text in about], [guarded(text) for text in expected]
                for method, path in [(call.method, call.path) for call in operation.calls] or [("", "")]:
                    self._work.write(expected[2])
                    writer.writerow((*before, guarded(method), guarded(path), *after))
        return "\ufeff" + out.getvalue()


def file_stem(draft: Draft) -> str:
    return file_name(draft.name).removesuffix(".json")


def guarded(text: str) -> str:
    """A cell that no spreadsheet takes for a formula, nor any part of it, whatever it splits cells at: an apostrophe
    stands before what would begin one. On one line, since a line begins a cell as well."""
    return _CELL_START.sub(_guard, clean_text(text))


def _guard(start: re.Match[str]) -> str:
    gap, sign, after = start.group(), *start.string[start.end() : start.end() + 2].ljust(2, "\0")
    dash = gap == after == " "  # or another sign between two words
    # A quote after a semicolon at the end would open a cell that begins with the next line.
    open_end = sign == "\0" and bool(gap.strip(' "'))
    return f"{gap}'" if (sign in _FORMULA and not dash) or open_end else gap


class Remarks:
    """Sentences that say why the answers are not simply 200. What is said of a statement is written once."""

    def __init__(self, catalog: Catalog, policy: CompiledPolicy):
        self._catalog = catalog
        self._policy = policy
        self._numbers = [number for number, part in enumerate(policy.blocks, 1) for _ in part.statements]
        self._conditions: dict[int, str] = {}
        self._depending: dict[tuple[tuple[Place, ...], tuple[str, ...]], str] = {}

    def on(self, trial: Trial) -> Iterator[str]:
        if trial.operation.free:
            yield "Needs no authorization."
        if trial.never_refused and (trial.iam_project.decision.refuses or trial.enterprise_project.decision.refuses):
            yield "“empty”: the service refuses no query. It answers 200 with an empty list."
        if numbers := self._policy.denied_by.get(trial.operation.id):
            yield f"Denied by {statements_in_words([at + 1 for at in numbers])}."
        if trial.missing:
            yield f"Missing: {', '.join(trial.missing)}."
        depends = {
            place: self._depends(decision)
            for place, decision in (("IAM", trial.iam_project), ("enterprise", trial.enterprise_project))
            if decision.decision is Answer.DEPENDS
        }
        if len(depends) == 2 and len(set(depends.values())) == 1:
            yield f"It depends. {depends['IAM']}"
        else:
            yield from (f"In the {place} project it depends. {why}" for place, why in depends.items())
        if trial.iam_project.decision is not Answer.ALLOWED:
            return
        if trial.enterprise_project.decision.refuses:
            names = [
                name for name in trial.enterprise_project.missing_actions if self._catalog.action_index.action(name)
            ]
            yield NO_EFFECT.format(names=listed(names))

    def _depends(self, decision: Decision) -> str:
        """On which conditions, and what else is not known."""
        key = decision.because, decision.reasons
        found = self._depending.get(key)
        if found is None:
            first = {self._numbers[at]: at for _, at in reversed(decision.because)}  # of each statement of the draft
            conditions = [words for _, at in sorted(first.items()) if (words := self._under(at))]
            found = self._depending[key] = " ".join((*conditions, *decision.reasons))
        return found

    def _under(self, at: int) -> str:
        """The conditions of a statement of the document; "" where it has none."""
        found = self._conditions.get(at)
        if found is None:
            statement = self._policy.document.statements[at]
            words = ", and ".join(in_words(condition) for condition in statement.conditions)
            does = "denies" if statement.effect is Effect.DENY else "allows"
            found = f"Statement {self._numbers[at]} {does} it {clean_text(words)}." if words else ""
            self._conditions[at] = found
        return found


def _shared_call(trial: Trial, others: Iterable[Trial]) -> Iterator[str]:
    """A sentence about the operations on the sheet with the same call and another answer."""
    answers = _expected_in_each(trial)
    titles = sorted({other.operation.title for other in others if _expected_in_each(other) != answers})
    if titles:
        those = f"{titles_in_words(titles)} {have(len(titles))}"
        yield f"{those} the same call and another answer: only parameters or the body tell them apart."


def clean_text(text: str) -> str:
    """On one line, without control characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
