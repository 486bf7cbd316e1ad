"""What the buttons of the access page do with the policies of the group."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from policybuilder.catalog_files.starting_points import find_system_policy
from policybuilder.domain.access.group_warnings import MOST_POLICIES
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.jsontext.nodes import Node, String
from policybuilder.domain.jsontext.source import MAX_BYTES, read
from policybuilder.domain.jsontext.writer import console_form
from policybuilder.domain.policy.document import Condition, Document, Effect, Statement, dump
from policybuilder.domain.policy.reading import entries, find_policies
from policybuilder.domain.rules.names import remarks_on_names
from policybuilder.domain.work import Work
from policybuilder.drafts.draft import clean_name
from policybuilder.drafts.file import NO_POLICY, is_draft_file
from policybuilder.web.commands import RefusedError

from .form import MAX_TOTAL, AccessSubmission, GrantedIn, PolicyEntry
from .group import read_policy

UNKNOWN_COMMAND = "The page sent a command that this page does not know. Reload the page."
NOTHING_TO_ADD = "There is nothing to add yet: paste a policy, or choose a file."
CHOOSE_SYSTEM_POLICY = "Choose one of the system-defined policies first."
CORRECTION_IS_GONE = "The text has changed: this can no longer be corrected there."
NO_LONGER_SEVERAL = "The text has changed: it no longer holds several policies."
TOO_MUCH_FOR_A_GROUP = "That is too much for one group: take another policy away first."
POLICY_IS_GONE = "That policy is no longer there."
NOTHING_TO_PUT_BACK = "There is nothing to put back."
TOO_LONG = "The text has {size:,} bytes; IAM takes {most:,}. Add its policies in parts."
EMPTY_LIST = "The list holds no policy."
TOO_MANY = "That is too many: {n:,} found, and a group has {most} here at most, {room} more. Nothing was added."
TOO_LARGE_TOGETHER = (
    "All policies together would have {size:,} bytes; {most:,} at most are taken. Nothing was added. Write policies "
    "without optional space, or take one away."
)
ADDED = "Added: {names}."
REPAIRED = "To read the list, line {line}: {repair}"
KEPT_UNREAD = "{name} cannot be read yet, and is kept."
MENDED = "Done: {fix}."


@dataclass(frozen=True, slots=True)
class GroupChange:
    """The group after a submission. `done` says what was done, "" where only fields were changed.

    `structural`: other policies than those that were sent, or in another order; `taken`: what was added was taken.
    """

    entries: tuple[PolicyEntry, ...]
    removed: tuple[int, PolicyEntry] | None
    done: str = ""
    problems: tuple[str, ...] = ()
    structural: bool = False
    taken: bool = False


def _policy(name: str, granted_in: GrantedIn, effect: Effect, *actions: str, **more: Any) -> PolicyEntry:
    return PolicyEntry(name, dump(Document((Statement(effect, actions, **more),))), granted_in=granted_in)


# Three policies with something of everything: what is allowed, incomplete, denied, void, and depends.
SAMPLE = (
    _policy("server-admins", GrantedIn.IAM, Effect.ALLOW, "ecs:*:*", "evs:volumes:use", "evs:volumes:get"),
    _policy(
        "no-starts-without-mfa",
        GrantedIn.IAM,
        Effect.DENY,
        "ecs:cloudServers:start",
        "ecs:cloudServers:stop",
        conditions=(Condition("Bool", "g:MFAPresent", ("false",)),),
    ),
    _policy("nothing-is-deleted", GrantedIn.ENTERPRISE, Effect.DENY, "ecs:*:delete*"),
)


def carry_out(catalog: Catalog, submission: AccessSubmission, work: Work) -> GroupChange:
    unchanged = GroupChange(submission.entries, submission.removed, problems=submission.problems)
    if submission.command.name in ("", "apply", "open", "clear"):
        return unchanged
    if submission.command.name == "reopen":
        return replace(unchanged, structural=True)
    try:
        if submission.command.name == "fix":
            return _mended(catalog, submission, work)
        if submission.command.name not in _COMMANDS:
            raise RefusedError(UNKNOWN_COMMAND)
        changed = _COMMANDS[submission.command.name](submission, work)
    except RefusedError as refused:
        return replace(unchanged, problems=(*submission.problems, str(refused)))
    return replace(changed, problems=(*submission.problems, *changed.problems))


def _add(submission: AccessSubmission, work: Work) -> GroupChange:
    """A pasted text and the policies of a file. Where they are too many, nothing is added and nothing is lost."""
    added = submission.added
    texts = [(added.text, "")] if added.text.strip() else []
    texts += [(added.file, added.file_name)] if added.file is not None else []
    if not texts:
        if submission.problems:
            return GroupChange(submission.entries, submission.removed)
        raise RefusedError(NOTHING_TO_ADD)
    policies: list[PolicyEntry] = []
    said: list[str] = []
    for text, name in texts:
        more, repairs = _policies_of(text, name, work)
        policies += more
        said += repairs
    added_now = [replace(entry, granted_in=added.granted_in) for entry in policies]
    return _with(submission, added_now, said, work)


def _add_system(submission: AccessSubmission, work: Work) -> GroupChange:
    chosen = find_system_policy(submission.added.system)
    if chosen is None:
        raise RefusedError(CHOOSE_SYSTEM_POLICY)
    entry = PolicyEntry(system=chosen.slug, granted_in=submission.added.granted_in)
    return replace(_with(submission, [entry], [], work), taken=False)


def _with(submission: AccessSubmission, more: list[PolicyEntry], said: list[str], work: Work) -> GroupChange:
    after = (*submission.entries, *more)
    if len(after) > MOST_POLICIES:
        room = MOST_POLICIES - len(submission.entries)
        raise RefusedError(TOO_MANY.format(n=len(more), most=MOST_POLICIES, room=room))
    if (size := sum(entry.size for entry in after)) > MAX_TOTAL:
        raise RefusedError(TOO_LARGE_TOGETHER.format(size=size, most=MAX_TOTAL))
    read_now = [read_policy(len(submission.entries) + at, entry, work) for at, entry in enumerate(more, 1)]
    names = [policy.name for policy in read_now]
    shown = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
    unreadable = [policy.name for policy in read_now if policy.fault]
    said += [KEPT_UNREAD.format(name=name) for name in unreadable[:3]]
    return GroupChange(
        after, submission.removed, " ".join([ADDED.format(names=shown), *said]), structural=True, taken=True
    )


def _mended(catalog: Catalog, submission: AccessSubmission, work: Work) -> GroupChange:
    """`subject` is the number of a policy and what is said about a name in it: 2:PB011:328."""
    number, _, id_ = submission.command.subject.partition(":")
    at = _numbered(submission, number)
    remarks = remarks_on_names(catalog, read(submission.entries[at].text, work=work))
    remark = next((each for each in remarks if each.id == id_ and each.found.fix), None)
    if remark is None or remark.found.fix is None:
        raise RefusedError(CORRECTION_IS_GONE)
    after = _replaced(submission, at, [replace(submission.entries[at], text=remark.mended())])
    return GroupChange(after, submission.removed, MENDED.format(fix=remark.found.fix.title), structural=True)


def _apart(submission: AccessSubmission, work: Work) -> GroupChange:
    """Each policy of a text becomes one of the group, in the place of all."""
    at = _numbered(submission, submission.command.subject)
    entry = submission.entries[at]
    policies, said = _policies_of(entry.text, entry.name, work)
    if len(policies) < 2:
        raise RefusedError(NO_LONGER_SEVERAL)
    after = _replaced(submission, at, [replace(each, granted_in=entry.granted_in) for each in policies])
    done = f"{len(policies)} policies now stand for one text."
    return GroupChange(after, submission.removed, " ".join([done, *said]), structural=True)


def _replaced(submission: AccessSubmission, at: int, policies: list[PolicyEntry]) -> tuple[PolicyEntry, ...]:
    after = (*submission.entries[:at], *policies, *submission.entries[at + 1 :])
    if len(after) > MOST_POLICIES or sum(entry.size for entry in after) > MAX_TOTAL:
        raise RefusedError(TOO_MUCH_FOR_A_GROUP)
    return after


def _numbered(submission: AccessSubmission, number: str) -> int:
    at = next((at for at in range(len(submission.entries)) if str(at + 1) == number), None)
    if at is None:
        raise RefusedError(POLICY_IS_GONE)
    return at


def _sample(submission: AccessSubmission, work: Work) -> GroupChange:
    if submission.entries:
        raise RefusedError("Take the policies away first: the example is a group of its own.")
    return GroupChange(SAMPLE, submission.removed, "Added an example of three policies.", structural=True)


def _remove(submission: AccessSubmission, work: Work) -> GroupChange:
    at = _numbered(submission, submission.command.subject)
    gone = submission.entries[at]
    left = (*submission.entries[:at], *submission.entries[at + 1 :])
    return GroupChange(left, (at, gone), f"Removed: {read_policy(at + 1, gone, work).name}.", structural=True)


def _put_back(submission: AccessSubmission, work: Work) -> GroupChange:
    if submission.removed is None:
        raise RefusedError(NOTHING_TO_PUT_BACK)
    at, entry = submission.removed
    if len(submission.entries) >= MOST_POLICIES:
        raise RefusedError(f"A group has {MOST_POLICIES} policies here at most: take another one away first.")
    after = (*submission.entries[:at], entry, *submission.entries[at:])
    return GroupChange(after, None, f"Put back: {read_policy(at + 1, entry, work).name}.", structural=True)


_COMMANDS: dict[str, Callable[[AccessSubmission, Work], GroupChange]] = {
    "add": _add,
    "add-system": _add_system,
    "apart": _apart,
    "remove": _remove,
    "put-back": _put_back,
    "sample": _sample,
}


def _policies_of(text: str, name: str, work: Work) -> tuple[list[PolicyEntry], list[str]]:
    """The policies of a text, and what was repaired so that a list could be taken apart.

    A text with one policy stays as it is, and so does one that cannot be read: its card says what is wrong.
    """
    if is_draft_file(text):
        raise RefusedError(NO_POLICY)
    if (size := len(text.encode("utf-8", "surrogatepass"))) > MAX_BYTES:
        raise RefusedError(TOO_LONG.format(size=size, most=MAX_BYTES))
    source = read(text, work=work)
    number = 1 if source.root is None else len(entries(source.root))
    if number == 0:
        raise RefusedError(EMPTY_LIST)
    if source.root is None or number == 1:
        found = find_policies(source.root) if source.root is not None else ()
        return [PolicyEntry(_role_name(found[0].name if found else None) or name, text)], []
    said = [REPAIRED.format(line=repair.line, repair=repair.message) for repair in source.repairs]
    given = zip(entries(source.root), find_policies(source.root), strict=True)
    return [PolicyEntry(_role_name(policy.name), console_form(node)) for node, policy in given], said


def _role_name(node: Node | None) -> str:
    return clean_name(node.value) if isinstance(node, String) else ""
