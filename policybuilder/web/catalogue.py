"""The catalogue that this process serves, shared by all requests."""

import gc
from functools import cache
from pathlib import Path

from django.conf import settings

from policybuilder.catalog_files.files import read_files
from policybuilder.domain.catalog.catalog import Catalog


def current_catalog() -> Catalog:
    """The catalogue of the setting CATALOGUE. wsgi.py reads it before the first request. Raises CatalogError."""
    return _read(settings.CATALOGUE)


def has_catalog() -> bool:
    """Whether this process has read a catalogue."""
    return _read.cache_info().currsize > 0


@cache
def _read(path: Path) -> Catalog:
    # The catalogue stays until the process ends: the garbage collector need not look at it, now or later.
    gc.disable()
    try:
        return read_files([path])
    finally:
        gc.freeze()
        gc.enable()
