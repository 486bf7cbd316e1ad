"""What the buttons of the comparison do with the texts of the two sides."""

from dataclasses import dataclass, replace

from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.jsontext.source import MAX_BYTES, read
from policybuilder.domain.jsontext.writer import console_form
from policybuilder.domain.policy.reading import entries
from policybuilder.domain.rules.names import remarks_on_names
from policybuilder.domain.words import quoted
from policybuilder.domain.work import Work
from policybuilder.web.uploads import text_to_undo_to

from .form import SIDES, CompareSubmission, SideText

EXAMPLE = ("ecs-readonlyaccess", "ecs-commonoperations")  # slugs of system-defined policies

DONE = {
    "fix": "The name is corrected. Undo brings back the text as it was.",
    "only": "Only that policy was kept. Undo brings back the others.",
}


@dataclass(frozen=True, slots=True)
class Comparing:
    """Both sides after the command was carried out. `done` says what it did, for the status line."""

    before: SideText
    after: SideText
    done: str = ""
    problems: tuple[str, ...] = ()


def carry_out(catalog: Catalog, submission: CompareSubmission, work: Work) -> Comparing:
    command, before, after = submission.command, submission.before, submission.after
    side, _, slug = command.subject.partition(":")
    if command.name in ("", "compare"):
        return Comparing(before, after, problems=submission.problems)
    if command.name == "swap":
        return Comparing(replace(after, renewed=True), replace(before, renewed=True), "The sides are swapped.")
    if command.name == "example":
        return Comparing(before.holding_system_policy(EXAMPLE[0]), after.holding_system_policy(EXAMPLE[1]))
    if command.name in ("clear", "undo", "take", "fix", "only") and side in SIDES:
        changed = _changed(catalog, before if side == "before" else after, command.name, slug, work)
        done = "" if changed.problem else DONE.get(command.name, "")
        return Comparing(changed, after, done) if side == "before" else Comparing(before, changed, done)
    message = f"The page sent {quoted(command.name)}, which this page cannot do. Reload the page."
    return Comparing(before, after, problems=(message,))


def _changed(catalog: Catalog, side: SideText, name: str, slug: str, work: Work) -> SideText:
    if name == "fix":
        return _mended(catalog, side, slug, work)
    if name == "only":
        return _only(side, slug, work)
    if name == "take":
        return replace(side.holding_system_policy(slug), taken=True)
    if name == "clear":
        return side.holding("")
    if side.previous is None:
        return replace(side, problem="There is nothing to undo.")
    return replace(side, text=side.previous, previous=text_to_undo_to(side.text, MAX_BYTES), renewed=True)


def _mended(catalog: Catalog, side: SideText, id_: str, work: Work) -> SideText:
    remark = next(
        (each for each in remarks_on_names(catalog, read(side.text, work=work)) if each.id == id_ and each.found.fix),
        None,
    )
    if remark is None:
        return replace(side, problem="The text has changed: this can no longer be corrected there.")
    return side.holding(remark.mended())


def _only(side: SideText, number: str, work: Work) -> SideText:
    """One of several policies, counted from 1, with its name; the text with all of them can be had again."""
    root = read(side.text, work=work).root
    listed = {str(at): node for at, node in enumerate(entries(root), 1)} if root is not None else {}
    if number not in listed:
        return replace(side, problem="The text has changed: this policy is no longer in it.")
    return side.holding(console_form(listed[number]))
