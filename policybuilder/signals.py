"""Counts the catalogue's version up whenever one of its rows changes, `loaddata` and the shell included."""

from django.db.models.signals import m2m_changed, post_delete, post_save

from .models import CATALOG_MODELS, CatalogStateRecord


def count_up(**_):
    CatalogStateRecord.count_up()


def connect() -> None:
    for model in CATALOG_MODELS:
        post_save.connect(count_up, sender=model)
        post_delete.connect(count_up, sender=model)
        for field in model._meta.many_to_many:
            m2m_changed.connect(count_up, sender=field.remote_field.through)
