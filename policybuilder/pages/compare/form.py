"""The two sides of a submitted comparison, and an address that opens one. What cannot be used is named instead."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.jsontext.source import MAX_BYTES
from policybuilder.domain.policy.document import dump
from policybuilder.domain.words import quoted
from policybuilder.drafts.compiled import compiled
from policybuilder.drafts.reading import read_draft
from policybuilder.store.starting_points import system_policies
from policybuilder.web.uploads import line_feeds, read_file

MAX_REQUEST = 1_500_000  # bytes; two fields, what they held before, and two files
MAX_COMMAND = 200
SIDES = ("before", "after")
EXAMPLE = ("ecs-readonlyaccess", "ecs-commonoperations")  # slugs of system-defined policies
TOO_LARGE = f"That is far too much: a policy has at most {MAX_BYTES:,} bytes. Go back to have your texts again."


@dataclass(frozen=True, slots=True)
class Field:
    """The text of one side. `previous` is what undo goes back to, None where there is nothing.

    `problem` says what could not be done with it. `renewed`: the text is another one than the browser's; `taken`: a
    file or a system-defined policy was chosen, and the choice is done with.
    """

    text: str = ""
    previous: str | None = None
    problem: str = ""
    renewed: bool = False
    taken: bool = False

    @property
    def blank(self) -> bool:
        return not self.text.strip()

    def holding(self, text: str) -> "Field":
        """With another text. The one before can be had again, unless it was blank."""
        if text == self.text:
            return self
        return replace(self, text=text, previous=None if self.blank else _kept(self.text), renewed=True)


@dataclass(frozen=True, slots=True)
class Comparing:
    """Both sides after the command was carried out. `done` says what it did, for the status line."""

    before: Field = Field()
    after: Field = Field()
    done: str = ""
    problems: tuple[str, ...] = ()


def read_address(catalog: Catalog, data: Mapping[str, str]) -> Comparing:
    """`draft` is the side after; `before` and `after` are slugs of system-defined policies."""
    problems: list[str] = []
    sides = dict.fromkeys(SIDES, Field())
    for side in SIDES:
        if slug := data.get(side, ""):
            sides[side] = _with_system_policy(Field(), slug)
    if "draft" in data:
        opened = read_draft(catalog, data)
        problems += opened.problems
        policy = compiled(catalog, opened.draft)
        sides["after"] = Field("" if policy.empty else policy.text)
    return Comparing(sides["before"], sides["after"], problems=tuple(problems))


def read_comparing(request: HttpRequest) -> Comparing:
    try:
        if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_REQUEST:
            raise RequestDataTooBig  # before a large file is written to the disk
        data, files = request.POST, request.FILES
    except (RequestDataTooBig, ValueError):
        return Comparing(problems=(TOO_LARGE,))
    before, after = (_sent(data, side) for side in SIDES)
    command, _, subject = data.get("do", "")[:MAX_COMMAND].partition(":")
    if command == "swap":
        return Comparing(replace(after, renewed=True), replace(before, renewed=True), "The sides are swapped.")
    if command == "example":
        return Comparing(_with_system_policy(before, EXAMPLE[0]), _with_system_policy(after, EXAMPLE[1]))
    side, _, slug = subject.partition(":")
    if command in ("clear", "undo", "take") and side in SIDES:
        fields = dict(zip(SIDES, (before, after), strict=True))
        fields[side] = _changed(fields[side], command, slug)
        return Comparing(fields["before"], fields["after"])
    if command == "compare":
        before, after = _with_file(before, files.get("before-file")), _with_file(after, files.get("after-file"))
    elif command:
        message = f"The page sent {quoted(command)}, which is nothing that this page can do."
        return Comparing(before, after, problems=(message,))
    return Comparing(before, after)


def _sent(data: Mapping[str, str], side: str) -> Field:
    previous = data.get(f"{side}-previous")
    return Field(line_feeds(data.get(side, "")), None if previous is None else _kept(line_feeds(previous)))


def _changed(field: Field, command: str, slug: str) -> Field:
    if command == "take":
        return replace(_with_system_policy(field, slug), taken=True)
    if command == "clear":
        return field.holding("")
    if field.previous is None:
        return replace(field, problem="There is nothing to undo.")
    return replace(field, text=field.previous, previous=_kept(field.text), renewed=True)


def _with_file(field: Field, file: "UploadedFile[bytes] | None") -> Field:
    if file is None:
        return field
    text, problem = read_file(file)
    return replace(field, problem=problem, taken=True) if problem else replace(field.holding(text), taken=True)


def _with_system_policy(field: Field, slug: str) -> Field:
    found = next((policy for policy in system_policies() if policy.slug == slug), None)
    if found is None:
        return replace(field, problem=f"There is no system-defined policy {quoted(slug)}.")
    return field.holding(dump(found.document))


def _kept(text: str) -> str | None:
    """A text as the previous one, unless it is longer than any policy."""
    return text if len(text) <= MAX_BYTES else None
