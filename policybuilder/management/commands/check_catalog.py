"""Check catalogue files: manage.py check_catalog [FILE…]"""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from policybuilder.catalog_files.files import read_files
from policybuilder.domain.catalog.entries import CatalogError
from policybuilder.domain.words import counted


class Command(BaseCommand):
    help = "Check catalogue files as the server does at its start, and name the place of each error."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "files",
            nargs="*",
            type=Path,
            default=[settings.CATALOGUE],
            metavar="FILE",
            help="Catalogue files or folders, checked as one catalogue. None: the catalogue that the server uses.",
        )

    def handle(self, *args: Any, files: list[Path], **options: Any) -> None:
        try:
            catalog = read_files(files)
        except CatalogError as error:
            lines = "\n".join(f"  {problem}" for problem in error.problems)
            raise CommandError(f"{counted(len(error.problems), 'error')} in the catalogue.\n{lines}") from None
        self.stdout.write(
            f"No error: {len(catalog.operations)} operations in {len(catalog.categories)} categories "
            f"of {len(catalog.services)} services, {len(catalog.action_index.actions)} actions."
        )
