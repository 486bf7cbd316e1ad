"""The picture of a draft: `/picture/` with the same in words and for Mermaid, and `/picture.svg` alone."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from policybuilder.domain.building.reach import reach
from policybuilder.domain.picture.picture import draw
from policybuilder.domain.words import counted, printable
from policybuilder.drafts.compiled import compiled
from policybuilder.drafts.draft import Draft
from policybuilder.drafts.reading import read_draft, read_draft_for_file
from policybuilder.web.answers import unprocessable
from policybuilder.web.catalogue import current_catalog
from policybuilder.web.wording import chosen_in_words, file_name, reach_in_words

MOST_ROWS, EM = 300, 7  # of more rows, nobody can follow the lines; pixels of a character in a wide font


class PicturePage:
    def __init__(self, draft: Draft):
        self.draft, self.kept = draft, [number for number, block in enumerate(draft.blocks, 1) if block.kept]
        columns = self.operations, self.actions = draw(current_catalog(), compiled(current_catalog(), draft))
        self.nodes, self.most, self.name = [*columns[0], *columns[1]], MOST_ROWS, printable(draft.name)
        self.left, self.right = (max([260, *(EM * len(" · ".join((n.title, *n.marks))) for n in c)]) for c in columns)
        self.width, self.height = self.left + self.right + 240, max([0, *(node.y for node in self.nodes)]) + 96
        brought = {action.title for operation in self.operations for _, action in operation.edges}
        self.singles = [action for action in self.actions if action.title not in brought]
        chosen, found = (reach(current_catalog(), [n.title for n in self.actions if n.asked or a]) for a in (0, 1))
        actions = f"{reach_in_words(found)}: {chosen_in_words(chosen.count, found.count - chosen.count)}"
        self.counts = f"{counted(len(self.operations), 'operation')}; {actions}"


@require_safe
def picture(request: HttpRequest) -> HttpResponse:
    opened = read_draft(current_catalog(), request.GET)
    return render(request, "picture/page.html", {"page": PicturePage(opened.draft), "problems": opened.warnings})


@require_safe
def picture_image(request: HttpRequest) -> HttpResponse:
    page = PicturePage(read_draft_for_file(current_catalog(), request))
    if (rows := len(page.nodes)) > MOST_ROWS:
        message = f"It would have {rows:,} rows; up to {MOST_ROWS} are drawn. The picture's page has it as text."
        return unprocessable(request, "This is too large for a picture", message)
    response = render(request, "picture/picture.svg", {"page": page}, content_type="image/svg+xml; charset=utf-8")
    response["Content-Disposition"] = f'inline; filename="{file_name(page.draft.name, ".svg")}"'
    return response
