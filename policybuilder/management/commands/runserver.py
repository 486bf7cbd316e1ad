"""Django's development server. Without a database it starts too: its pages then say what to do, as in production."""

from whitenoise.runserver_nostatic.management.commands import runserver

from policybuilder.store.database import FAULTS, one_line


class Command(runserver.Command):  # type: ignore[misc]
    def check_migrations(self) -> None:
        try:
            super().check_migrations()
        except FAULTS as error:
            self.stderr.write(f"The database cannot be read: {one_line(error)}. Is it set up? python manage.py migrate")
