"""What the buttons of the comparison do with the texts of the two sides."""

from dataclasses import dataclass, replace

from policybuilder.domain.jsontext.source import MAX_BYTES
from policybuilder.domain.words import quoted
from policybuilder.web.uploads import text_to_undo_to

from .form import SIDES, CompareSubmission, SideText

EXAMPLE = ("ecs-readonlyaccess", "ecs-commonoperations")  # slugs of system-defined policies


@dataclass(frozen=True, slots=True)
class Comparing:
    """Both sides after the command was carried out. `done` says what it did, for the status line."""

    before: SideText
    after: SideText
    done: str = ""
    problems: tuple[str, ...] = ()


def carry_out(submission: CompareSubmission) -> Comparing:
    command, before, after = submission.command, submission.before, submission.after
    side, _, slug = command.subject.partition(":")
    if command.name in ("", "compare"):
        return Comparing(before, after, problems=submission.problems)
    if command.name == "swap":
        return Comparing(replace(after, renewed=True), replace(before, renewed=True), "The sides are swapped.")
    if command.name == "example":
        return Comparing(before.holding_system_policy(EXAMPLE[0]), after.holding_system_policy(EXAMPLE[1]))
    if command.name in ("clear", "undo", "take") and side in SIDES:
        if side == "before":
            return Comparing(_changed(before, command.name, slug), after)
        return Comparing(before, _changed(after, command.name, slug))
    message = f"The page sent {quoted(command.name)}, which is nothing that this page can do."
    return Comparing(before, after, problems=(message,))


def _changed(side: SideText, name: str, slug: str) -> SideText:
    if name == "take":
        return replace(side.holding_system_policy(slug), taken=True)
    if name == "clear":
        return side.holding("")
    if side.previous is None:
        return replace(side, problem="There is nothing to undo.")
    return replace(side, text=side.previous, previous=text_to_undo_to(side.text, MAX_BYTES), renewed=True)
