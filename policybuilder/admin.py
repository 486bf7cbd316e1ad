"""The catalogue in Django's admin: for every member of staff to look at, for nobody to change.

Rows come from catalogue files, which are checked as a whole; one edited by hand would be gone with the next load.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Protocol

from django.contrib import admin
from django.contrib.admin.utils import quote
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

from policybuilder.models import (
    ActionRecord,
    ApiCallRecord,
    CategoryRecord,
    OperationRecord,
    OptionRecord,
    PageRecord,
    ServiceRecord,
    SourceRecord,
)

if TYPE_CHECKING:
    _ModelAdmin = admin.ModelAdmin[models.Model]
    _TabularInline = admin.TabularInline[OptionRecord, OperationRecord]
else:  # when they run, Django's classes take no parameters
    _ModelAdmin, _TabularInline = admin.ModelAdmin, admin.TabularInline

BREAK = mark_safe("<br>")

admin.site.site_header = admin.site.site_title = "Policy Builder"


def links(rows: Iterable[models.Model]) -> str:
    """A line for each row, with a link to its page in the admin; "-" for none."""
    pages = ((reverse(f"admin:{r._meta.app_label}_{r._meta.model_name}_change", args=[quote(r.pk)]), r) for r in rows)
    return format_html_join(BREAK, '<a href="{}">{}</a>', pages) or "-"


def lines(rows: Iterable[models.Model]) -> str:
    """A line for each row; "-" for none."""
    return format_html_join(BREAK, "{}", ((row,) for row in rows)) or "-"


class OperationsCounted(Protocol):
    """A row that was fetched with the number of its operations."""

    operation_count: int


class CategoriesCounted(Protocol):
    category_count: int


class ReadOnly:
    """What the pages and the tables inside them have in common."""

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return request.user.is_active and request.user.is_staff

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


class CatalogAdmin(ReadOnly, _ModelAdmin):
    # actions_on_top stays as it is: without it Django writes a style into the page, which our CSP refuses.
    actions = None

    class Media:
        css = {"all": ["css/admin.css"]}

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)


class OptionTable(ReadOnly, _TabularInline):
    model = OptionRecord
    readonly_fields = ("title", "action_names", "dependency_names")
    fields = readonly_fields
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj: OperationRecord | None = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[OptionRecord]:
        return super().get_queryset(request).prefetch_related("actions", "dependencies")

    @admin.display(description="actions")
    def action_names(self, option: OptionRecord) -> str:
        return links(option.actions.all())

    @admin.display(description="dependencies")
    def dependency_names(self, option: OptionRecord) -> str:
        return links(option.dependencies.all())


@admin.register(SourceRecord)
class SourceAdmin(CatalogAdmin):
    list_display = ["title", "date", "link"]
    search_fields = ["slug", "title", "url", "revision"]
    fields = ["slug", "title", "url", "revision", "date", "category_links", "operation_links", "action_links"]

    @admin.display(description="URL", ordering="url")
    def link(self, source: SourceRecord) -> str:
        return format_html('<a href="{}">{}</a>', source.url, source.url)

    @admin.display(description="is the table of")
    def category_links(self, source: SourceRecord) -> str:
        return links(CategoryRecord.objects.filter(source=source))

    @admin.display(description="tells the scope of operations")
    def operation_links(self, source: SourceRecord) -> str:
        return links(OperationRecord.objects.filter(scope_source=source))

    @admin.display(description="tells the scope of actions")
    def action_links(self, source: SourceRecord) -> str:
        return links(ActionRecord.objects.filter(scope_source=source))


@admin.register(ServiceRecord)
class ServiceAdmin(CatalogAdmin):
    list_display = ["title", "slug", "action_prefix", "level", "complete", "category_count"]
    list_filter = ["level"]
    search_fields = ["slug", "title", "action_prefix"]
    fields = ["slug", "title", "action_prefix", "level", "complete", "position", "category_links"]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[models.Model]:
        counted: models.QuerySet[models.Model] = (
            super().get_queryset(request).annotate(category_count=models.Count("categories"))
        )
        return counted

    @admin.display(description="categories", ordering="category_count")
    def category_count(self, service: CategoriesCounted) -> int:
        return service.category_count

    @admin.display(description="categories")
    def category_links(self, service: ServiceRecord) -> str:
        return links(service.categories.all())


@admin.register(CategoryRecord)
class CategoryAdmin(CatalogAdmin):
    list_display = ["title", "service", "operation_count", "source"]
    list_filter = ["service"]
    list_select_related = ["service", "source"]
    ordering = ["service__position", "position"]
    search_fields = ["id", "title"]
    fields = ["id", "service", "title", "source", "position", "operation_links"]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[models.Model]:
        counted: models.QuerySet[models.Model] = (
            super().get_queryset(request).annotate(operation_count=models.Count("operations"))
        )
        return counted

    @admin.display(description="operations", ordering="operation_count")
    def operation_count(self, category: OperationsCounted) -> int:
        return category.operation_count

    @admin.display(description="operations")
    def operation_links(self, category: CategoryRecord) -> str:
        return links(category.operations.all())


@admin.register(ApiCallRecord)
class ApiCallAdmin(CatalogAdmin):
    list_display = ["path", "method", "enterprise_project"]
    list_filter = ["method", "enterprise_project"]
    search_fields = ["id"]
    fields = ["method", "path", "enterprise_project", "operation_links", "action_links"]

    @admin.display(description="operations")
    def operation_links(self, call: ApiCallRecord) -> str:
        return links(call.operations.all())

    @admin.display(description="actions")
    def action_links(self, call: ApiCallRecord) -> str:
        return links(call.actions.all())


@admin.register(ActionRecord)
class ActionAdmin(CatalogAdmin):
    list_display = ["name", "title", "access", "iam_project", "enterprise_project", "operation_count"]
    list_filter = ["access", "iam_project", "enterprise_project", "scope_evidence"]
    search_fields = ["name", "title"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "name",
                    "title",
                    "access",
                    "iam_project",
                    "enterprise_project",
                    "scope_evidence",
                    "scope_source",
                    "call_links",
                ],
                "description": "Access and scope are empty where the operations that the action authorises tell them.",
            },
        ),
        ("Operations", {"fields": ["authorised_links", "needing_links", "option_links"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[models.Model]:
        counted: models.QuerySet[models.Model] = (
            super().get_queryset(request).annotate(operation_count=models.Count("authorised_operations"))
        )
        return counted

    @admin.display(description="operations", ordering="operation_count")
    def operation_count(self, action: OperationsCounted) -> int:
        return action.operation_count

    @admin.display(description="API calls")
    def call_links(self, action: ActionRecord) -> str:
        return links(action.calls.all())

    @admin.display(description="authorises")
    def authorised_links(self, action: ActionRecord) -> str:
        return links(action.authorised_operations.all())

    @admin.display(description="is a dependency of")
    def needing_links(self, action: ActionRecord) -> str:
        return links(action.needed_by_operations.all())

    @admin.display(description="belongs to the options")
    def option_links(self, action: ActionRecord) -> str:
        return links(OptionRecord.objects.filter(models.Q(actions=action) | models.Q(dependencies=action)).distinct())


@admin.register(PageRecord)
class PageAdmin(CatalogAdmin):
    list_display = ["title", "url"]
    search_fields = ["title", "url"]
    fields = ["title", "url", "operation_links"]

    @admin.display(description="operations")
    def operation_links(self, page: PageRecord) -> str:
        return links(page.operations.all())


@admin.register(OperationRecord)
class OperationAdmin(CatalogAdmin):
    list_display = ["title", "category", "action_names", "access", "enterprise_project", "native", "scope_evidence"]
    list_filter = [
        "category__service",
        "access",
        "native",
        "iam_project",
        "enterprise_project",
        "scope_evidence",
        "category",
    ]
    list_select_related = ["category"]
    ordering = ["category__service__position", "category__position", "position"]
    search_fields = ["id", "title", "actions__name", "options__actions__name", "calls__path"]
    fieldsets = [
        (None, {"fields": ["id", "category", "title", "access", "native", "call_links", "page_links", "position"]}),
        ("Actions", {"fields": ["action_links", "dependency_links"]}),
        (
            "Scope",
            {
                "fields": [
                    "iam_project",
                    "enterprise_project",
                    "by_instance",
                    "by_tag",
                    "scope_evidence",
                    "scope_source",
                    "enterprise_alternative",
                ]
            },
        ),
    ]
    inlines = [OptionTable]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[models.Model]:
        return super().get_queryset(request).prefetch_related("actions", "options__actions")

    @admin.display(description="actions")
    def action_names(self, operation: OperationRecord) -> str:
        return lines(
            [*operation.actions.all(), *(a for option in operation.options.all() for a in option.actions.all())]
        )

    @admin.display(description="API calls")
    def call_links(self, operation: OperationRecord) -> str:
        return links(operation.calls.all())

    @admin.display(description="vendor pages")
    def page_links(self, operation: OperationRecord) -> str:
        return links(operation.pages.all())

    @admin.display(description="actions")
    def action_links(self, operation: OperationRecord) -> str:
        return links(operation.actions.all())

    @admin.display(description="dependencies")
    def dependency_links(self, operation: OperationRecord) -> str:
        return links(operation.dependencies.all())


@admin.register(OptionRecord)
class OptionAdmin(CatalogAdmin):
    list_display = ["title", "operation", "action_names", "dependency_names"]
    list_select_related = ["operation"]
    ordering = ["operation", "position"]
    search_fields = ["id", "title", "operation__title"]
    fields = ["operation", "title", "action_links", "dependency_links", "position"]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[models.Model]:
        return super().get_queryset(request).prefetch_related("actions", "dependencies")

    @admin.display(description="actions")
    def action_names(self, option: OptionRecord) -> str:
        return lines(option.actions.all())

    @admin.display(description="dependencies")
    def dependency_names(self, option: OptionRecord) -> str:
        return lines(option.dependencies.all())

    @admin.display(description="actions")
    def action_links(self, option: OptionRecord) -> str:
        return links(option.actions.all())

    @admin.display(description="dependencies")
    def dependency_links(self, option: OptionRecord) -> str:
        return links(option.dependencies.all())
