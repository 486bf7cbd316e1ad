"""The catalogue's rows: the entries of catalogue files, one row for each that somebody may want to look up.

An `entry` is that of the file, as JSON, without what has rows of its own; what it means, and whether it is right, is
decided where catalogue files are read.
"""

import time

from django.db import models
from django.db.models import F

from policybuilder.domain.catalog.entries import Access, Level


def choices(enum: type[Access] | type[Level]) -> list[tuple[str, str]]:
    return [(member.value, member.value) for member in enum]


class ServiceRecord(models.Model):
    """A service, with its sources and what it needs of other services."""

    slug = models.CharField(primary_key=True, max_length=300)
    title = models.CharField(max_length=300)
    level = models.CharField(max_length=2, choices=choices(Level))
    position = models.IntegerField()
    entry = models.TextField(help_text="JSON")

    class Meta:
        verbose_name = "service"
        ordering = ["position", "slug"]

    def __str__(self) -> str:
        return self.title


class CategoryRecord(models.Model):
    id = models.CharField(primary_key=True, max_length=700, help_text="service/category")
    service = models.ForeignKey(ServiceRecord, models.CASCADE, related_name="categories")
    title = models.CharField(max_length=300)
    position = models.PositiveIntegerField()
    entry = models.TextField(help_text="JSON")

    class Meta:
        verbose_name = "category"
        verbose_name_plural = "categories"
        ordering = ["service__position", "service", "position"]

    def __str__(self) -> str:
        return self.title


class OperationRecord(models.Model):
    """A row of a category. Two categories can publish the same operation, and then there are two of it."""

    category = models.ForeignKey(CategoryRecord, models.CASCADE, related_name="operations")
    operation = models.CharField(max_length=300, help_text="Its slug, or the whole id of another service's operation.")
    title = models.CharField(max_length=300)
    access = models.CharField(max_length=5, choices=choices(Access))
    position = models.PositiveIntegerField()
    entry = models.TextField(help_text="JSON")

    class Meta:
        verbose_name = "operation"
        ordering = ["category__service__position", "category__service", "category__position", "position"]

    def __str__(self) -> str:
        return self.title


class ActionRecord(models.Model):
    """An action of which more is published than the operations that it authorises."""

    service = models.ForeignKey(ServiceRecord, models.CASCADE, related_name="actions")
    name = models.CharField(max_length=300)
    title = models.CharField(max_length=300, blank=True)
    position = models.PositiveIntegerField()
    entry = models.TextField(help_text="JSON")

    class Meta:
        verbose_name = "action"
        ordering = ["name", "service"]

    def __str__(self) -> str:
        return self.name


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


CATALOG_MODELS = (ServiceRecord, CategoryRecord, OperationRecord, ActionRecord)
