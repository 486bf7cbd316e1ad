"""The two sides of a submitted comparison, and an address that opens one. What cannot be used is named instead."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from policybuilder.catalog_files.starting_points import find_system_policy
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.jsontext.source import MAX_BYTES
from policybuilder.domain.words import quoted
from policybuilder.drafts.compiled import compiled
from policybuilder.drafts.file import read_policy_file
from policybuilder.drafts.reading import read_draft, warnings_where_used
from policybuilder.web.commands import Command, read_command
from policybuilder.web.uploads import line_feeds, text_to_undo_to

NO_SYSTEM_POLICY = "There is no system-defined policy {slug} that can be compared."

SIDES = ("before", "after")


@dataclass(frozen=True, slots=True)
class SideText:
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

    def holding(self, text: str) -> "SideText":
        """With another text. The one before can be had again, unless it was blank."""
        if text == self.text:
            return self
        previous = None if self.blank else text_to_undo_to(self.text, MAX_BYTES)
        return replace(self, text=text, previous=previous, renewed=True)

    def holding_system_policy(self, slug: str) -> "SideText":
        policy = find_system_policy(slug)
        if policy is None:
            return replace(self, problem=NO_SYSTEM_POLICY.format(slug=quoted(slug)))
        return self.holding(policy.text)


@dataclass(frozen=True, slots=True)
class CompareSubmission:
    before: SideText = SideText()
    after: SideText = SideText()
    command: Command = Command()
    problems: tuple[str, ...] = ()


def read_address(catalog: Catalog, data: Mapping[str, str]) -> CompareSubmission:
    """`draft` is the side after; `before` and `after` are slugs of system-defined policies."""
    problems: tuple[str, ...] = ()
    sides = {side: SideText().holding_system_policy(slug) if (slug := data.get(side)) else SideText() for side in SIDES}
    if "draft" in data:
        opened = read_draft(catalog, data)
        problems = warnings_where_used(opened)
        policy = compiled(catalog, opened.draft)
        sides["after"] = SideText("" if policy.empty or opened.problems else policy.text)
    return CompareSubmission(sides["before"], sides["after"], problems=problems)


def read_compare(request: HttpRequest) -> CompareSubmission:
    data, files = request.POST, request.FILES
    before, after = (_sent(data, side) for side in SIDES)
    command = read_command(data)
    if command.name == "compare":
        before, after = _with_file(before, files.get("before-file")), _with_file(after, files.get("after-file"))
    return CompareSubmission(before, after, command)


def _sent(data: Mapping[str, str], side: str) -> SideText:
    previous = data.get(f"{side}-previous")
    return SideText(
        line_feeds(data.get(side, "")),
        None if previous is None else text_to_undo_to(line_feeds(previous), MAX_BYTES),
    )


def _with_file(side: SideText, file: "UploadedFile[bytes] | None") -> SideText:
    if file is None:
        return side
    text, problem = read_policy_file(file)
    return replace(side, problem=problem, taken=True) if problem else replace(side.holding(text), taken=True)
