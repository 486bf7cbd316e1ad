"""Catalogue files -> rows: checked as a whole, then loaded as a whole or not at all."""

from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.db import transaction

from policybuilder.catalog_files.files import read_files
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import CatalogError, Problem

from . import signals
from .rows import save_entries

CATALOGUE: Path = settings.BASE_DIR / "fixtures" / "catalogue"  # that of the project, a file for each service


def load_files(paths: Iterable[Path]) -> Catalog:
    """Replace the catalogue by these files, or those in these folders, and return it.

    Raises CatalogError, and then nothing changes: see `read_files`.
    """
    catalog, files = read_files(paths)
    if not catalog.operations:
        raise CatalogError([Problem("catalogue", "the files hold no operation")])
    with transaction.atomic(), signals.counted_once():
        save_entries(file.data for file in files)
    return catalog
