"""The catalogue in Django's admin: for every member of staff to look at, for nobody to change.

Rows come from catalogue files, which are checked as a whole; one edited by hand would be gone with the next load.
"""

import json
from typing import TYPE_CHECKING

import yaml
from django.contrib import admin
from django.contrib.admin.utils import quote
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

from policybuilder.models import ActionRecord, CategoryRecord, OperationRecord, ServiceRecord

if TYPE_CHECKING:
    _ModelAdmin = admin.ModelAdmin[models.Model]
else:  # when it runs, Django's class takes no parameters
    _ModelAdmin = admin.ModelAdmin

Entry = ServiceRecord | CategoryRecord | OperationRecord | ActionRecord
BREAK = mark_safe("<br>")

admin.site.site_header = admin.site.site_title = "Policy Builder"


def links(rows: "models.QuerySet[CategoryRecord] | models.QuerySet[OperationRecord]") -> str:
    """A line for each row, with a link to its page in the admin; "-" for none."""
    pages = ((reverse(f"admin:{r._meta.app_label}_{r._meta.model_name}_change", args=[quote(r.pk)]), r) for r in rows)
    return format_html_join(BREAK, '<a href="{}">{}</a>', pages) or "-"


class CatalogAdmin(_ModelAdmin):
    # actions_on_top stays as it is: without it Django writes a style into the page, which our CSP refuses.
    actions = None

    class Media:
        css = {"all": ["css/admin.css"]}

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return request.user.is_active and request.user.is_staff

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    @admin.display(description="facts")
    def facts(self, row: Entry) -> str:
        """The entry as its file has it."""
        return format_html("<pre>{}</pre>", yaml.safe_dump(json.loads(row.entry), sort_keys=False, allow_unicode=True))


@admin.register(ServiceRecord)
class ServiceAdmin(CatalogAdmin):
    list_display = ["title", "slug", "level"]
    list_filter = ["level"]
    search_fields = ["slug", "title"]
    fields = ["slug", "title", "level", "position", "category_links", "facts"]

    @admin.display(description="categories")
    def category_links(self, service: ServiceRecord) -> str:
        return links(service.categories.all())


@admin.register(CategoryRecord)
class CategoryAdmin(CatalogAdmin):
    list_display = ["title", "service"]
    list_filter = ["service"]
    list_select_related = ["service"]
    search_fields = ["id", "title"]
    fields = ["id", "service", "title", "position", "operation_links", "facts"]

    @admin.display(description="operations")
    def operation_links(self, category: CategoryRecord) -> str:
        return links(category.operations.all())


@admin.register(OperationRecord)
class OperationAdmin(CatalogAdmin):
    list_display = ["title", "category", "access"]
    list_filter = ["category__service", "access"]
    list_select_related = ["category"]
    search_fields = ["category__id", "operation", "title", "entry"]
    fields = ["category", "operation", "title", "access", "position", "facts"]


@admin.register(ActionRecord)
class ActionAdmin(CatalogAdmin):
    list_display = ["name", "title", "service"]
    list_filter = ["service"]
    list_select_related = ["service"]
    search_fields = ["name", "title"]
    fields = ["name", "service", "title", "facts"]
