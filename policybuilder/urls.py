"""Every address, and who answers when nothing does."""

from django.urls import include, path

from policybuilder import errors
from policybuilder.pages.access import view as access
from policybuilder.pages.builder import view as builder
from policybuilder.pages.catalog import view as catalog
from policybuilder.pages.check import view as check
from policybuilder.pages.compare import view as compare
from policybuilder.pages.guide import view as guide
from policybuilder.pages.next import view as what_now
from policybuilder.pages.picture import view as picture
from policybuilder.pages.refused import view as refused
from policybuilder.pages.sheet import view as sheet
from policybuilder.pages.shorten import view as shorten
from policybuilder.pages.start import view as start

urlpatterns = [
    path("", builder.builder, name="builder"),
    path("policy.json", builder.download, name="download"),
    path("draft.json", builder.save_draft, name="save-draft"),
    path("draft/", builder.open_draft, name="open-draft"),
    path("causes/", builder.causes, name="causes"),
    path("split/", builder.split, name="split"),
    path("shorten/", shorten.shorten, name="shorten"),
    path("picture/", picture.picture, name="picture"),
    path("picture.svg", picture.picture_image, name="picture-image"),
    path("sheet/", sheet.sheet, name="sheet"),
    path("sheet.csv", sheet.sheet_csv, name="sheet-csv"),
    path("summary.md", sheet.summary, name="summary"),
    path("start/", start.start, name="start"),
    path("start/<slug:slug>/", start.starting_point, name="starting-point"),
    path("refused/", refused.refused, name="refused"),
    path("check/", check.check, name="check"),
    path("check/policy.json", check.check_download, name="check-download"),
    path("access/", access.access, name="access"),
    path("compare/", compare.compare, name="compare"),
    path("guide/", guide.guide, name="guide"),
    path("next/", what_now.what_now, name="next"),
    path("action-names/", builder.action_names, name="action-names"),
    path("found/", builder.other_found, name="other-found"),
    path("categories/<slug:service>/<slug:category>/", builder.category_rows, name="category-rows"),
    path("operations/<slug:service>/<slug:category>/<slug:slug>/", catalog.operation, name="operation"),
    path("actions/<str:name>/", catalog.action, name="action"),
    path("api/v1/", include("policybuilder.api.urls")),
]

handler400 = errors.bad_request
handler404 = errors.not_found
handler500 = errors.server_error
