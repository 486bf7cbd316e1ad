"""The picture of a draft: `/picture/` with the same in words, and `/picture.svg` alone."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from policybuilder.drafts.reading import read_draft, read_draft_for_file
from policybuilder.web.answers import unprocessable
from policybuilder.web.catalogue import current_catalog

from .page import PicturePage


@require_safe
def picture(request: HttpRequest) -> HttpResponse:
    catalog = current_catalog()
    opened = read_draft(catalog, request.GET)
    page = PicturePage(catalog, opened.draft)
    return render(request, "picture/page.html", {"page": page, "problems": opened.warnings})


@require_safe
def picture_image(request: HttpRequest) -> HttpResponse:
    """The picture as a file. It has its own ground and needs no stylesheet; the link on the page saves it."""
    catalog = current_catalog()
    page = PicturePage(catalog, read_draft_for_file(catalog, request))
    if page.too_large:
        return unprocessable(request, "This is too large for a picture", page.too_large)
    response = render(request, "picture/picture.svg", {"page": page}, content_type="image/svg+xml; charset=utf-8")
    response["Content-Disposition"] = f'inline; filename="{page.file_name}"'
    return response
