"""The policies of a group: each read for evaluation, and what the buttons of the access page do with them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from policybuilder.domain.access.evaluation import GrantedPolicy, Project
from policybuilder.domain.access.group_warnings import MOST_POLICIES, MOST_STATEMENTS
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.jsontext.nodes import Array, Node, String
from policybuilder.domain.jsontext.source import MAX_BYTES, Fault, Repair, Source, read
from policybuilder.domain.jsontext.writer import console_form
from policybuilder.domain.policy.document import Condition, Document, Effect, Statement, dump
from policybuilder.domain.policy.reading import FoundPolicy, StatementView, entries, find_policies, statements, value
from policybuilder.domain.words import counted
from policybuilder.drafts.compiled import compiled
from policybuilder.drafts.draft import Draft, clean_name
from policybuilder.store.starting_points import SystemPolicy, system_policies

from .form import MAX_TOTAL, AccessSubmission, Entry


@dataclass(frozen=True, slots=True)
class PolicyOfGroup:
    """A policy as it is evaluated, its number counted from 1.

    With a `fault`, or when it is too large, its document is empty. `problems` are sentences about what of it counts for
    nothing. Places in the granted policy are those of its own statements.
    """

    number: int
    entry: Entry
    granted: GrantedPolicy
    fault: Fault | None = None
    repairs: tuple[Repair, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.granted.name


@dataclass(frozen=True, slots=True)
class Change:
    """The group after a submission. `done` says what was done, "" where only fields were changed.

    `structural`: other policies than those that were sent, or in another order; `taken`: what was added was taken.
    """

    entries: tuple[Entry, ...]
    removed: tuple[int, Entry] | None
    done: str = ""
    problems: tuple[str, ...] = ()
    structural: bool = False
    taken: bool = False


def _policy(name: str, granted_in: Project, effect: Effect, *actions: str, **more: Any) -> Entry:
    return Entry(name, dump(Document((Statement(effect, actions, **more),))), granted_in=granted_in)


# Three policies with something of everything: what is allowed, incomplete, denied, void, and depends.
SAMPLE = (
    _policy("server-admins", Project.IAM, Effect.ALLOW, "ecs:*:*", "evs:volumes:use", "evs:volumes:get"),
    _policy(
        "no-starts-without-mfa",
        Project.IAM,
        Effect.DENY,
        "ecs:cloudServers:start",
        "ecs:cloudServers:stop",
        conditions=(Condition("Bool", "g:MFAPresent", ("false",)),),
    ),
    _policy("nothing-is-deleted", Project.ENTERPRISE, Effect.DENY, "ecs:*:delete*"),
)


class _RefusedError(Exception):
    """A command that cannot be carried out; the text is for the user."""


def read_group(given: tuple[Entry, ...]) -> tuple[PolicyOfGroup, ...]:
    return tuple(_read(number, entry) for number, entry in enumerate(given, 1))


def carry_out(submission: AccessSubmission) -> Change:
    unchanged = Change(submission.entries, submission.removed, problems=submission.problems)
    if submission.command in ("", "apply", "open", "clear"):
        return unchanged
    if submission.command == "reopen":
        return replace(unchanged, structural=True)
    try:
        if submission.command not in _COMMANDS:
            raise _RefusedError("The page sent a command that this page does not know. Reload the page.")
        changed = _COMMANDS[submission.command](submission)
    except _RefusedError as refused:
        return replace(unchanged, problems=(*submission.problems, str(refused)))
    return replace(changed, problems=(*submission.problems, *changed.problems))


def of_draft(catalog: Catalog, draft: Draft) -> Entry:
    """The builder's draft as a policy of the group."""
    return Entry(name=draft.name, text=compiled(catalog, draft).text)


def system_policy(slug: str) -> SystemPolicy | None:
    return next((policy for policy in system_policies() if policy.slug == slug), None)


def _add(submission: AccessSubmission) -> Change:
    """A pasted text and the policies of a file. Where they are too many, nothing is added and nothing is lost."""
    added = submission.added
    texts = [(added.text, "")] if added.text.strip() else []
    texts += [(added.file, added.file_name)] if added.file is not None else []
    if not texts:
        if submission.problems:
            return Change(submission.entries, submission.removed)
        raise _RefusedError("There is nothing to add yet: paste a policy, or choose a file.")
    found: list[Entry] = []
    said: list[str] = []
    for text, name in texts:
        policies, repairs = _found_in(text, name)
        found += policies
        said += repairs
    return _with(submission, [replace(entry, granted_in=added.granted_in) for entry in found], said)


def _add_system(submission: AccessSubmission) -> Change:
    chosen = system_policy(submission.added.system)
    if chosen is None:
        raise _RefusedError("Choose one of the system-defined policies first.")
    entry = Entry(system=chosen.slug, granted_in=submission.added.granted_in)
    return replace(_with(submission, [entry], []), taken=False)


def _with(submission: AccessSubmission, found: list[Entry], said: list[str]) -> Change:
    after = (*submission.entries, *found)
    if len(after) > MOST_POLICIES:
        room = MOST_POLICIES - len(submission.entries)
        raise _RefusedError(
            f"That is too many: {len(found):,} found, and a group has {MOST_POLICIES} here at most, {room} more. "
            "Nothing was added."
        )
    if (size := sum(entry.size for entry in after)) > MAX_TOTAL:
        raise _RefusedError(
            f"All policies together would have {size:,} bytes; {MAX_TOTAL:,} at most are taken. Nothing was added. "
            "Write policies without optional space, or take one away."
        )
    read_now = read_group(after)[len(submission.entries) :]
    names = [policy.name for policy in read_now]
    shown = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
    unreadable = [policy.name for policy in read_now if policy.fault]
    said += [f"{name} cannot be read yet, and is kept." for name in unreadable[:3]]
    return Change(after, submission.removed, " ".join([f"Added: {shown}.", *said]), structural=True, taken=True)


def _sample(submission: AccessSubmission) -> Change:
    if submission.entries:
        raise _RefusedError("Take the policies away first: the example is a group of its own.")
    return Change(SAMPLE, submission.removed, "Added an example of three policies.", structural=True)


def _remove(submission: AccessSubmission) -> Change:
    at = next((at for at in range(len(submission.entries)) if str(at + 1) == submission.subject), None)
    if at is None:
        raise _RefusedError("That policy is no longer there.")
    gone = submission.entries[at]
    left = (*submission.entries[:at], *submission.entries[at + 1 :])
    return Change(left, (at, gone), f"Removed: {_read(at + 1, gone).name}.", structural=True)


def _put_back(submission: AccessSubmission) -> Change:
    if submission.removed is None:
        raise _RefusedError("There is nothing to put back.")
    at, entry = submission.removed
    if len(submission.entries) >= MOST_POLICIES:
        raise _RefusedError(f"A group has {MOST_POLICIES} policies here at most: take another one away first.")
    after = (*submission.entries[:at], entry, *submission.entries[at:])
    return Change(after, None, f"Put back: {_read(at + 1, entry).name}.", structural=True)


_COMMANDS: dict[str, Callable[[AccessSubmission], Change]] = {
    "add": _add,
    "add-system": _add_system,
    "remove": _remove,
    "put-back": _put_back,
    "sample": _sample,
}


def _found_in(text: str, name: str) -> tuple[list[Entry], list[str]]:
    """The policies of a text, and what was repaired so that a list could be taken apart.

    A text with one policy stays as it is, and so does one that cannot be read: its card says what is wrong.
    """
    if (size := len(text.encode("utf-8", "surrogatepass"))) > MAX_BYTES:
        raise _RefusedError(f"The text has {size:,} bytes; IAM takes {MAX_BYTES:,}. Add its policies in parts.")
    source = read(text)
    number = 1 if source.root is None else len(entries(source.root))
    if number == 0:
        raise _RefusedError("The list holds no policy.")
    if source.root is None or number == 1:
        found = find_policies(source.root) if source.root is not None else ()
        return [Entry(_role_name(found[0].name if found else None) or name, text)], []
    said = [f"To read the list, line {repair.line}: {repair.message}" for repair in source.repairs]
    given = zip(entries(source.root), find_policies(source.root), strict=True)
    return [Entry(_role_name(policy.name), console_form(node)) for node, policy in given], said


def _role_name(node: Node | None) -> str:
    return clean_name(node.value) if isinstance(node, String) else ""


def _read(number: int, entry: Entry) -> PolicyOfGroup:
    system = system_policy(entry.system)
    if system is not None:
        return PolicyOfGroup(number, entry, GrantedPolicy(system.name, system.document, entry.granted_in))
    name = entry.name or f"Policy {number}"
    source = read(entry.text)
    if source.root is None:
        nothing = GrantedPolicy(name, Document(()), entry.granted_in)
        return PolicyOfGroup(number, entry, nothing, source.faults[0], source.repairs)
    found = find_policies(source.root)
    granted = GrantedPolicy.of(name, found[0].body if found else None, entry.granted_in)
    problems = tuple(_problems(source, found))
    if len(granted.document.statements) > MOST_STATEMENTS:
        problems = (
            f"It has {len(granted.document.statements):,} statements; IAM takes 8. It is not looked at. Split it.",
        )
        granted = GrantedPolicy(name, Document(()), entry.granted_in)
    return PolicyOfGroup(number, entry, granted, None, source.repairs, problems)


def _problems(source: Source, found: tuple[FoundPolicy, ...]) -> Iterator[str]:
    """What of the text counts for nothing."""
    if not found:
        yield "The list holds no policy."
        return
    if len(found) > 1:
        yield f"The text holds {len(found):,} policies, and only the first counts here. Add the others above."
    listed = value(found[0].body, "Statement")
    views = statements(found[0].body)
    if not views:
        yield "There is no statement in it."
        return
    without = [view for view in views if view.effect is None]
    others = len(listed.items) - len(views) if isinstance(listed, Array) else 0
    if meaningless := len(without) + others:
        yield f"Left out, for they have no meaning: {counted(meaningless, 'statement')}."
    if names := sum(_unreadable(view) for view in views):
        yield f"Left out, for they cannot be read: {counted(names, 'action')}."


def _unreadable(view: StatementView) -> int:
    return sum(entry.name is None for entry in (*view.actions, *view.not_actions))
