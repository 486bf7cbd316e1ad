"""What we say about the selections that a policy was made of: whether each is granted or denied as selected.

PB001, PB050, PB051.
"""

from collections.abc import Iterator

from policybuilder.domain.access.openings import opening_wording
from policybuilder.domain.access.operations import Concerned
from policybuilder.domain.catalog.action_names import action_key
from policybuilder.domain.findings import Plural, Severity, Values, Wording
from policybuilder.domain.policy.document import Effect

from .rule import OURS, PolicySubject, Remark, Rule

SELECTIONS = "about selections only"

PUT_BACK = "Put back what was left out or switched off, or untick the operation."
CHANGE_DENY = "Change the Deny, which wins over every Allow, or untick the operation."
TRY_OR_PUT_BACK = "Nobody publishes which of its actions the operation needs: try it, or put back what was left out."
TRY_OR_CHANGE_DENY = "Nobody publishes which of its actions the operation needs: try it, or change the Deny."
NOT_GRANTED = Wording(
    Plural(
        "“{operation}” is selected but will be refused: {names:all} is not granted.",
        "“{operation}” is selected but will be refused: {names:all} are not granted.",
    ),
    PUT_BACK,
)
NOT_GRANTED_AS_A_WHOLE = Wording(
    Plural(
        "“{operation}” is selected but will be refused: {names:all} is not granted as a whole.",
        "“{operation}” is selected but will be refused: {names:all} are not granted as a whole.",
    ),
    PUT_BACK,
)
PERHAPS_NOT_GRANTED_AS_A_WHOLE = Wording(
    Plural(
        "“{operation}” is selected but may be refused: {names:all} is not granted as a whole.",
        "“{operation}” is selected but may be refused: {names:all} are not granted as a whole.",
    ),
    TRY_OR_PUT_BACK,
)
DENIED = Wording(
    Plural(
        "“{operation}” is selected but will be refused: {blocks:statements} denies {names:all}.",
        "“{operation}” is selected but will be refused: {blocks:statements} deny {names:all}.",
        by="denying",
    ),
    CHANGE_DENY,
)
DENIED_IN_PART = Wording(
    Plural(
        "“{operation}” is selected but will be refused: {blocks:statements} denies a part of {names:all}.",
        "“{operation}” is selected but will be refused: {blocks:statements} deny a part of {names:all}.",
        by="denying",
    ),
    CHANGE_DENY,
)
PERHAPS_DENIED_IN_PART = Wording(
    Plural(
        "“{operation}” is selected but may be refused: {blocks:statements} denies a part of {names:all}.",
        "“{operation}” is selected but may be refused: {blocks:statements} deny a part of {names:all}.",
        by="denying",
    ),
    TRY_OR_CHANGE_DENY,
)
_LACKING = {  # whether a statement denies the actions, whether a part of them is granted, whether it may work with that
    (False, False, False): NOT_GRANTED,
    (False, True, False): NOT_GRANTED_AS_A_WHOLE,
    (False, True, True): PERHAPS_NOT_GRANTED_AS_A_WHOLE,
    (True, False, False): DENIED,
    (True, True, False): DENIED_IN_PART,
    (True, True, True): PERHAPS_DENIED_IN_PART,
}
UNTICK_HERE_OR_THERE = "Untick it here or there: a Deny wins over every Allow."
OPERATION_DENIED = Wording(
    Plural(
        "“{operation}” is selected but will be refused: {blocks:statements} denies it.",
        "“{operation}” is selected but will be refused: {blocks:statements} deny it.",
        by="denying",
    ),
    UNTICK_HERE_OR_THERE,
)
OPERATION_DENIED_IN_PART = Wording(
    Plural(
        "“{operation}” is selected but may be refused: {blocks:statements} denies a part of what authorises it.",
        "“{operation}” is selected but may be refused: {blocks:statements} deny a part of what authorises it.",
        by="denying",
    ),
    UNTICK_HERE_OR_THERE,
)


def selected_is_refused(subject: PolicySubject) -> Iterator[Remark]:
    """Operations that lack an action, each reason by itself; then those that a statement denies and that lack nothing
    else: what is incomplete gets its own action, so no Deny is sure to take it."""
    if subject.selected is None:
        return
    operations, denied_by = subject.selected.operations, subject.selected.denied_by
    asked = set(operations.selected)
    for entry in operations.incomplete:
        if entry.id in asked:
            reasons: dict[tuple[tuple[int, ...], bool], list[str]] = {}
            for name in entry.missing:
                blocks = subject.selected.missing_denied_by.get(name, ())
                reasons.setdefault((blocks, name in entry.in_part), []).append(name)
            for (blocks, in_part), names in sorted(reasons.items()):
                wording = _LACKING[bool(blocks), in_part, entry.may_work]
                values = {**_refused(subject, entry.id, blocks), "names": names, "n": len(names)}
                yield from subject.as_a_whole(wording, values)
    others = operations.allowed | operations.conditional | {entry.id for entry in operations.incomplete}
    denying = Concerned(s for s in subject.document.statements if s.effect is Effect.DENY)
    for id_ in operations.selected:
        if id_ in denied_by and id_ not in others:
            whole = any(map(denying.whole, subject.catalog.operation(id_).all_actions()))
            wording = OPERATION_DENIED if whole else OPERATION_DENIED_IN_PART
            yield from subject.as_a_whole(wording, _refused(subject, id_, denied_by[id_]))


def _refused(subject: PolicySubject, id_: str, blocks: tuple[int, ...]) -> Values:
    return {
        "operation": subject.catalog.titles.operation_name(subject.catalog.operation(id_)),
        "blocks": [at + 1 for at in blocks],
        "denying": len(blocks),
    }


def nothing_is_opened(subject: PolicySubject) -> Iterator[Remark]:
    """Said of the wildcard where it stands first; of one that no statement has in full, nowhere."""
    openings = subject.selected.openings if subject.selected else ()
    for opening in openings:
        key = action_key(opening.name)
        entries = (e for view in subject.statements if view.effect is Effect.ALLOW for e in view.actions)
        entry = next((e for e in entries if e.name is not None and action_key(e.name) == key), None)
        if entry is not None:
            yield Remark(entry.node, *opening_wording(subject.catalog, opening))


CANNOT_BE_DENIED = Wording(
    Plural(
        "{titles:titles} needs no authorization: no policy can deny it.",
        "{titles:titles} need no authorization: no policy can deny them.",
    ),
    Plural(
        "Untick it: the call is let through whatever the policy says.",
        "Untick them: the call is let through whatever the policy says.",
    ),
)


def selected_can_be_denied(subject: PolicySubject) -> Iterator[Remark]:
    ids = subject.selected.undeniable if subject.selected else ()
    if ids:
        titles = [subject.catalog.titles.operation_name(subject.catalog.operation(id_)) for id_ in ids]
        yield from subject.as_a_whole(CANNOT_BE_DENIED, {"titles": titles, "n": len(ids)})


RULES = (
    Rule(
        "PB001",
        Severity.WARNING,
        "A selected operation will be refused, or may be",
        selected_is_refused,
        OURS,
        SELECTIONS,
    ),
    Rule(
        "PB050",
        Severity.WARNING,
        "A wildcard that an operation needs allows changes that nobody selected",
        nothing_is_opened,
        OURS,
        SELECTIONS,
    ),
    Rule(
        "PB051",
        Severity.NOTE,
        "What is to be denied needs no authorization",
        selected_can_be_denied,
        OURS,
        SELECTIONS,
    ),
)
