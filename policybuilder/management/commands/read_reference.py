"""Write the catalogue files from the vendor's documentation: manage.py read_reference FOLDER…"""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

FIXTURES = Path(settings.BASE_DIR) / "fixtures"


class Command(BaseCommand):
    help = "Write fixtures/catalogue/ from the tables of actions in checkouts of the vendor's documentation."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "folders",
            nargs="+",
            type=Path,
            metavar="FOLDER",
            help="a checkout, a bare git directory, or several in one",
        )
        parser.add_argument("--to", type=Path, default=FIXTURES / "catalogue", metavar="DIR", help="where files go")
        parser.add_argument("--report", action="store_true", help="print what a person should look at")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            from policybuilder.reference.reading import read_reference
        except ImportError as missing:
            raise CommandError(str(missing)) from missing
        from policybuilder.reference.problems import ReferenceProblem

        try:
            outcome = read_reference(options["folders"], FIXTURES, options["to"], Path(settings.BASE_DIR) / "NOTICE")
        except ReferenceProblem as problem:
            raise CommandError(str(problem)) from problem
        if options["report"]:
            self.stdout.write(outcome.report)
        self.stdout.write(f"{len(outcome.written)} catalogue files in {options['to']}.")
        if outcome.problems:
            raise CommandError("\n".join(str(problem) for problem in outcome.problems))
