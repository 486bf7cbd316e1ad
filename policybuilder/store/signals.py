"""Counts the catalogue's version up whenever one of its rows changes, in the shell too."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db.models.signals import post_delete, post_save

from policybuilder.models import CATALOG_MODELS, CatalogStateRecord

from .rows import look_again

_counted_later: ContextVar[bool] = ContextVar("counted_later", default=False)


@contextmanager
def counted_once() -> Iterator[None]:
    """Many changes that count as one, at the end: for a load of thousands of rows in one transaction."""
    token = _counted_later.set(True)
    try:
        yield
    finally:
        _counted_later.reset(token)
    count_up()


def count_up(**_: object) -> None:
    if not _counted_later.get():
        CatalogStateRecord.count_up()
        look_again()


def connect() -> None:
    for model in CATALOG_MODELS:
        post_save.connect(count_up, sender=model)
        post_delete.connect(count_up, sender=model)
