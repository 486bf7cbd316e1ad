"""The catalogue's rows. They hold facts and constraints, no rules: what they mean is decided in `domain`.

Keys are the catalogue's own names (`ecs/disk-management/attaching-a-disk-to-an-ecs`, `evs:volumes:use`), so a fixture
has one readable entry per operation and loading it again changes nothing.
"""

import time
from enum import StrEnum

from django.db import models
from django.db.models import F

from policybuilder.domain.catalog.entries import Access, Evidence, Level, Support


def choices(enum: type[StrEnum]) -> list[tuple[str, str]]:
    return [(member.value, member.value) for member in enum]


def one_of(field: str, enum: type[StrEnum], *, blank: bool = False) -> models.CheckConstraint:
    values = [member.value for member in enum] + ([""] if blank else [])
    return models.CheckConstraint(condition=models.Q((f"{field}__in", values)), name=f"%(class)s_{field}")


class SourceRecord(models.Model):
    """A published page or repository that facts were read from."""

    slug = models.SlugField(primary_key=True, max_length=100)
    title = models.CharField(max_length=200)
    url = models.URLField(max_length=500)
    revision = models.CharField(max_length=100, blank=True)
    date = models.CharField(max_length=10, blank=True, help_text="Day of the revision, YYYY-MM-DD.")

    class Meta:
        verbose_name = "source"
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.title


class ServiceRecord(models.Model):
    slug = models.SlugField(primary_key=True, max_length=50)
    title = models.CharField(max_length=200)
    action_prefix = models.CharField(max_length=50, help_text="First part of its actions' names, e.g. vpc for eip.")
    level = models.CharField(max_length=2, choices=choices(Level))
    complete = models.BooleanField(
        default=False, help_text="Whether every action published for it is in the catalogue."
    )
    position = models.PositiveIntegerField()

    class Meta:
        verbose_name = "service"
        ordering = ["position", "slug"]
        constraints = [one_of("level", Level)]

    def __str__(self) -> str:
        return self.title


class CategoryRecord(models.Model):
    id = models.CharField(primary_key=True, max_length=200, help_text="service/category")
    service = models.ForeignKey(ServiceRecord, models.CASCADE, related_name="categories")
    slug = models.SlugField(max_length=150)
    title = models.CharField(max_length=200)
    source = models.ForeignKey(SourceRecord, models.PROTECT, related_name="+", help_text="The published table.")
    position = models.PositiveIntegerField()

    class Meta:
        verbose_name = "category"
        verbose_name_plural = "categories"
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.title


class ApiCallRecord(models.Model):
    id = models.CharField(primary_key=True, max_length=400, help_text="METHOD path")
    method = models.CharField(max_length=10)
    path = models.CharField(max_length=380)
    enterprise_project = models.CharField(
        max_length=7, blank=True, choices=choices(Support), help_text="Empty: no table says it for this call alone."
    )

    class Meta:
        verbose_name = "API call"
        ordering = ["path", "method"]
        constraints = [one_of("enterprise_project", Support, blank=True)]

    def __str__(self) -> str:
        return self.id


class ActionRecord(models.Model):
    """An action that operations name. Scope and access are empty where only the operations' rows tell them."""

    name = models.CharField(primary_key=True, max_length=128)
    title = models.CharField(max_length=200, blank=True)
    access = models.CharField(max_length=5, blank=True, choices=choices(Access))
    iam_project = models.CharField(max_length=7, blank=True, choices=choices(Support))
    enterprise_project = models.CharField(max_length=7, blank=True, choices=choices(Support))
    scope_evidence = models.CharField(max_length=8, blank=True, choices=choices(Evidence))
    scope_source = models.ForeignKey(SourceRecord, models.PROTECT, null=True, blank=True, related_name="+")
    calls = models.ManyToManyField(ApiCallRecord, blank=True, related_name="actions")

    class Meta:
        verbose_name = "action"
        ordering = ["name"]
        constraints = [
            one_of("access", Access, blank=True),
            one_of("iam_project", Support, blank=True),
            one_of("enterprise_project", Support, blank=True),
            one_of("scope_evidence", Evidence, blank=True),
        ]

    def __str__(self) -> str:
        return self.name


class PageRecord(models.Model):
    """A page of the vendor's documentation about an operation."""

    url = models.URLField(primary_key=True, max_length=500)
    title = models.CharField(max_length=200)

    class Meta:
        verbose_name = "vendor page"
        ordering = ["url"]

    def __str__(self) -> str:
        return self.title


class OperationRecord(models.Model):
    id = models.CharField(primary_key=True, max_length=400, help_text="service/category/operation")
    category = models.ForeignKey(CategoryRecord, models.CASCADE, related_name="operations")
    slug = models.SlugField(max_length=200)
    title = models.CharField(max_length=300)
    access = models.CharField(max_length=5, choices=choices(Access))
    native = models.BooleanField(help_text="An operation of the native OpenStack API.")
    calls = models.ManyToManyField(ApiCallRecord, blank=True, related_name="operations")
    actions = models.ManyToManyField(
        ActionRecord, blank=True, related_name="authorised_operations", help_text="None: no authorization is required."
    )
    dependencies = models.ManyToManyField(ActionRecord, blank=True, related_name="needed_by_operations")
    iam_project = models.CharField(max_length=7, choices=choices(Support))
    enterprise_project = models.CharField(max_length=7, choices=choices(Support))
    by_instance = models.CharField(max_length=7, choices=choices(Support))
    by_tag = models.CharField(max_length=7, choices=choices(Support))
    scope_evidence = models.CharField(max_length=8, choices=choices(Evidence))
    scope_source = models.ForeignKey(SourceRecord, models.PROTECT, null=True, blank=True, related_name="+")
    enterprise_alternative = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    pages = models.ManyToManyField(PageRecord, blank=True, related_name="operations")
    position = models.PositiveIntegerField()

    class Meta:
        verbose_name = "operation"
        ordering = ["position", "id"]
        constraints = [
            one_of("access", Access),
            one_of("iam_project", Support),
            one_of("enterprise_project", Support),
            one_of("by_instance", Support),
            one_of("by_tag", Support),
            one_of("scope_evidence", Evidence),
        ]

    def __str__(self) -> str:
        return self.title


class OptionRecord(models.Model):
    """One way of making an operation's calls, with what only this way needs."""

    id = models.CharField(primary_key=True, max_length=500, help_text="operation#option")
    operation = models.ForeignKey(OperationRecord, models.CASCADE, related_name="options")
    slug = models.SlugField(max_length=100)
    title = models.CharField(max_length=200)
    actions = models.ManyToManyField(ActionRecord, blank=True, related_name="+")
    dependencies = models.ManyToManyField(ActionRecord, blank=True, related_name="+")
    position = models.PositiveIntegerField()

    class Meta:
        verbose_name = "option"
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["operation", "slug"], name="option_of_operation")]

    def __str__(self) -> str:
        return self.title


class CatalogStateRecord(models.Model):
    """One row, counted up by every change of the catalogue's rows: how the other processes notice."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    version = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name = "state of the catalogue"

    def __str__(self) -> str:
        return f"version {self.version}"

    @classmethod
    def current(cls) -> int:
        return cls.objects.filter(pk=1).values_list("version", flat=True).first() or 0

    @classmethod
    def count_up(cls) -> None:
        if not cls.objects.filter(pk=1).update(version=F("version") + 1):
            # After the table was emptied, a number that no running process can hold from before.
            cls.objects.create(pk=1, version=time.time_ns())


CATALOG_MODELS = (
    SourceRecord,
    ServiceRecord,
    CategoryRecord,
    ApiCallRecord,
    ActionRecord,
    PageRecord,
    OperationRecord,
    OptionRecord,
)
