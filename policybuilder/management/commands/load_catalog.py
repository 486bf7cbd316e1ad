"""Check catalogue files and replace the catalogue by them; running processes notice by themselves."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DEFAULT_DB_ALIAS, OperationalError, ProgrammingError, connection

from policybuilder.domain.catalog.entries import CatalogError
from policybuilder.store.database import Fault, complete_sqlite_file, fault_of, one_line
from policybuilder.store.files import CATALOGUE, load_files


class Command(BaseCommand):
    help = "Check catalogue files and, if all of them are right, replace the catalogue by them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "files",
            nargs="*",
            type=Path,
            default=[CATALOGUE],
            help="Catalogue files, or folders of them; together the whole catalogue. None: the one that comes with it.",
        )

    def handle(self, *args: Any, files: list[Path], **options: Any) -> None:
        try:
            catalog = load_files(files)
        except CatalogError as error:
            lines = "\n".join(f"  {problem}" for problem in error.problems)
            count = len(error.problems)
            errors = "1 error" if count == 1 else f"{count} errors"
            raise CommandError(f"Nothing was loaded: {errors} in the catalogue.\n{lines}") from None
        except (OperationalError, ProgrammingError) as error:
            fault = fault_of(error, connection)
            way_out = "Set it up with: python manage.py migrate" if fault is Fault.NOT_SET_UP else one_line(error)
            raise CommandError(f"Nothing was loaded: the database {fault}. {way_out}") from None
        complete_sqlite_file(DEFAULT_DB_ALIAS)
        self.stdout.write(
            f"Loaded {len(catalog.operations)} operations in {len(catalog.categories)} categories "
            f"of {len(catalog.services)} services, {len(catalog.actions)} actions."
        )
