"""What one takes along from a draft as well as its JSON: the acceptance sheet, on paper and as CSV, and a summary."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from policybuilder.domain.work import Work
from policybuilder.drafts.reading import read_draft, read_draft_for_file
from policybuilder.web.catalogue import current_catalog

from .page import SheetPage, file_stem
from .summary import summary_text


@require_safe
def sheet(request: HttpRequest) -> HttpResponse:
    catalog = current_catalog()
    opened = read_draft(catalog, request.GET)
    return render(
        request, "sheet/page.html", {"page": SheetPage(catalog, opened.draft, Work()), "problems": opened.warnings}
    )


@require_safe
def sheet_csv(request: HttpRequest) -> HttpResponse:
    catalog = current_catalog()
    page = SheetPage(catalog, read_draft_for_file(catalog, request), Work())
    return _file(page.csv(), "text/csv", f"{page.file_stem}-sheet.csv")


@require_safe
def summary(request: HttpRequest) -> HttpResponse:
    catalog = current_catalog()
    draft = read_draft_for_file(catalog, request)
    return _file(summary_text(catalog, draft), "text/markdown", f"{file_stem(draft)}.md")


def _file(text: str, content_type: str, name: str) -> HttpResponse:
    return HttpResponse(
        text,
        content_type=f"{content_type}; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
