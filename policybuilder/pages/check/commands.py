"""What the buttons of the check do with the text. Whatever replaces it keeps it as the previous one."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from django.template.loader import render_to_string

from policybuilder.domain.building.levels import FIRST
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.jsontext.nodes import Array, Member, Node, Object, String
from policybuilder.domain.jsontext.writer import console_form, write_compact, write_text
from policybuilder.domain.policy.reading import entries, to_document
from policybuilder.domain.rewriting.parts import PolicyPart
from policybuilder.domain.rewriting.split_by_limits import split_by_limits
from policybuilder.domain.rules.rule import Fix
from policybuilder.domain.words import counted, quoted
from policybuilder.domain.work import Work
from policybuilder.web.commands import RefusedError
from policybuilder.web.uploads import text_to_undo_to
from policybuilder.web.wording import MAX_NAME, policy_name

from .form import MAX_PREVIOUS, CheckSubmission, Pasted
from .reading import Reading, read_pasted

UNKNOWN_COMMAND = "The page sent {command}, which this page cannot do. Reload the page."
NOTHING_TO_UNDO = "There is nothing to undo."
REPAIR_IS_GONE = "The text has changed: it no longer needs this repair."
READING_IS_GONE = "The text has changed: this is no longer what keeps it from being read."
CORRECTION_IS_GONE = "The text has changed: this can no longer be corrected there. See what is said about it now."
NOTHING_TO_CORRECT = "The text has changed: nothing in it can be corrected by itself."
NO_SUCH_FORM = "There is no such form to write a policy in."
POLICY_IS_GONE = "The text has changed: this policy is no longer in it."
CORRECT_FIRST = "First correct what keeps the text from being read."

SAMPLES = {"clean": "clean.json", "broken": "broken.txt", "list": "list.json"}
MAX_FIXES = 100
STEPS_TO_CHECK = 8_000  # a text again: as many as its characters squared by this, since its parts are compared


@dataclass(frozen=True, slots=True)
class TextChange:
    """The text after a submission. `done` is one sentence about it, "" where nothing was done to the text."""

    reading: Reading
    previous: str | None
    done: str = ""
    problems: tuple[str, ...] = ()


def carry_out(catalog: Catalog, submission: CheckSubmission) -> TextChange:
    command, problems, work = submission.command, list(submission.problems), Work()
    before = read_pasted(catalog, submission.pasted, work)
    after, previous, done = before.pasted, submission.previous, ""
    try:
        if command.name == "undo":
            after, done = _undone(submission)
        elif command.name in _COMMANDS:
            after, done = _COMMANDS[command.name](catalog, before, command.subject)
        elif command.name == "fix-all":
            after, done = _fix_all(catalog, before, work)
        elif command.name not in ("", "check", "open"):
            raise RefusedError(UNKNOWN_COMMAND.format(command=quoted(command.name)))
    except RefusedError as refused:
        problems.append(str(refused))
    if after.text != before.pasted.text and not before.pasted.blank:
        previous = text_to_undo_to(before.pasted.text, MAX_PREVIOUS)
    reading = before if after == before.pasted else read_pasted(catalog, after, work)
    return TextChange(reading, previous, done, tuple(problems))


def _undone(submission: CheckSubmission) -> tuple[Pasted, str]:
    if submission.previous is None:
        raise RefusedError(NOTHING_TO_UNDO)
    return Pasted(submission.previous), "Undone."


def _refuse(catalog: Catalog, before: Reading, subject: str) -> tuple[Pasted, str]:
    _known_repair(before, subject)
    return replace(before.pasted, without=before.pasted.without | {subject}), "The repair was undone."


def _accept(catalog: Catalog, before: Reading, subject: str) -> tuple[Pasted, str]:
    _known_repair(before, subject)
    return replace(before.pasted, without=before.pasted.without - {subject}), "Repaired."


def _known_repair(before: Reading, id_: str) -> None:
    if all(repair.id != id_ for repair in before.repairs):
        raise RefusedError(REPAIR_IS_GONE)


def _repaired(catalog: Catalog, before: Reading, subject: str) -> tuple[Pasted, str]:
    _root(before)
    return Pasted(before.final.text), "The repaired text is in the field."


def _take(catalog: Catalog, before: Reading, subject: str) -> tuple[Pasted, str]:
    """`subject` is the place of what is not clear and which of its readings is meant: 328:0."""
    for fault in before.final.faults:
        for number, reading in enumerate(fault.readings):
            if subject == f"{fault.offset}:{number}":
                done = f"Done: {reading.title}. Compare it with what was meant."
                return Pasted(reading.apply(before.final.text)), done
    raise RefusedError(READING_IS_GONE)


def _fix(catalog: Catalog, before: Reading, subject: str) -> tuple[Pasted, str]:
    """`subject` is the code of a finding and where it begins in the text with its repairs: IAM.1029:328."""
    for found in before.checked.findings:
        if found.fix and subject == f"{found.finding.code}:{found.start}":
            return Pasted(found.fix.apply(before.final.text)), f"Done: {found.fix.title}."
    raise RefusedError(CORRECTION_IS_GONE)


def _fix_all(catalog: Catalog, before: Reading, work: Work) -> tuple[Pasted, str]:
    """One correction after the other, each in the text as the one before left it, as far as the work allows."""
    reading, made = before, 0
    while (fix := _first_fix(reading)) and made < MAX_FIXES:
        if not work.take(len(reading.final.text) ** 2 // STEPS_TO_CHECK):
            break
        fixed = read_pasted(catalog, Pasted(fix.apply(reading.final.text)), work)
        if work.spent:
            break
        reading, made = fixed, made + 1
    if not made and fix:
        raise RefusedError("There is too much here to correct at once: correct one thing after the other.")
    if not made:
        raise RefusedError(NOTHING_TO_CORRECT)
    more = " There are more: press the button again." if fix else ""
    return reading.pasted, f"{counted(made, 'correction')} made.{more}"


def _first_fix(reading: Reading) -> Fix | None:
    return next((found.fix for found in reading.checked.findings if found.fix and found.fix.certain), None)


def _write(catalog: Catalog, before: Reading, subject: str) -> tuple[Pasted, str]:
    forms = {
        "console": (console_form, "as the console prints it"),
        "compact": (write_compact, "without optional space"),
    }
    if subject not in forms:
        raise RefusedError(NO_SUCH_FORM)
    form, words = forms[subject]
    return Pasted(form(_root(before))), f"Written {words}."


def _only(catalog: Catalog, before: Reading, subject: str) -> tuple[Pasted, str]:
    _root(before)
    policy = next((p for at, p in enumerate(before.checked.policies) if str(at) == subject), None)
    if policy is None or policy.found.body is None:
        raise RefusedError(POLICY_IS_GONE)
    return Pasted(console_form(policy.found.body)), "Only the policy’s document was kept."


def _divide(catalog: Catalog, before: Reading, subject: str) -> tuple[Pasted, str]:
    """The policies of one level each in the place of one that mixes them, each as a role with its name and type."""
    given = list(entries(_root(before)))
    policy = next((p.found for at, p in enumerate(before.checked.policies) if str(at) == subject), None)
    if policy is None or policy.body is None:
        raise RefusedError(POLICY_IS_GONE)
    parts = split_by_limits(catalog, policy.body)
    if len(parts) == 1:
        raise RefusedError(parts[0].purpose)
    name = policy.name.value if isinstance(policy.name, String) else ""
    given[int(subject) : int(subject) + 1] = _roles(catalog, name, parts)
    return Pasted(console_form(Array(0, 0, tuple(given)))), f"Divided into {len(parts)} policies."


def _roles(catalog: Catalog, name: str, parts: Iterable[PolicyPart]) -> Iterator[Node]:
    names: Counter[str] = Counter()
    for part in parts:
        level = part.level or next(iter(catalog.prefixes.levels_of(to_document(part.body).actions())), FIRST)
        called = policy_name(name, level)
        names[called] += 1
        number = f"-{names[called]}" if names[called] > 1 else ""
        told = {"display_name": f"{called[: MAX_NAME - len(number)]}{number}", "type": level.value}
        members = [Member(_text(key), _text(value)) for key, value in told.items()]
        yield Object(0, 0, (*members, Member(_text("policy"), part.body)))


def _text(text: str) -> String:
    return String(0, 0, text, write_text(text))


def _root(before: Reading) -> Node:
    if before.final.root is None:
        raise RefusedError(CORRECT_FIRST)
    return before.final.root


def _sample(catalog: Catalog, before: Reading, subject: str) -> tuple[Pasted, str]:
    if subject not in SAMPLES:
        raise RefusedError("There is no such sample.")
    return Pasted(render_to_string(f"check/samples/{SAMPLES[subject]}")), "The sample is in the field."


def _clear(catalog: Catalog, before: Reading, subject: str) -> tuple[Pasted, str]:
    return Pasted(), "The field is empty."


_COMMANDS: dict[str, Callable[[Catalog, Reading, str], tuple[Pasted, str]]] = {
    "refuse": _refuse,
    "accept": _accept,
    "repaired": _repaired,
    "take": _take,
    "fix": _fix,
    "write": _write,
    "only": _only,
    "divide": _divide,
    "sample": _sample,
    "clear": _clear,
}
