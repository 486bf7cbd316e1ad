"""Django's loaddata, after which the file of SQLite holds everything by itself, as after load_catalog."""

from typing import Any

from django.core.management.commands import loaddata

from policybuilder.store.database import complete_sqlite_file


class Command(loaddata.Command):
    def handle(self, *fixture_labels: Any, **options: Any) -> None:
        super().handle(*fixture_labels, **options)
        complete_sqlite_file(options["database"])
