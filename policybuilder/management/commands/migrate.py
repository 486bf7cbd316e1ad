"""Django's migrate, which is also what makes the file of a new SQLite database: a server never does."""

from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import migrate

from policybuilder.store.database import complete_sqlite_file, make_sqlite_file


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        try:
            make_sqlite_file(options["database"])
        except OSError as error:
            raise CommandError(f"The file of the database cannot be made: {error}") from None
        super().handle(*args, **options)
        complete_sqlite_file(options["database"])
