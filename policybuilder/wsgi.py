"""The application that a WSGI server serves. Its settings come from the environment alone: see settings.py."""

import os
import sys

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "policybuilder.settings")

application = get_wsgi_application()

from policybuilder.domain.catalog.entries import CatalogError  # noqa: E402
from policybuilder.web.catalogue import current_catalog  # noqa: E402

try:
    current_catalog()
except CatalogError as error:
    # Printed here: Python drops the message of a SystemExit in the thread in which the development server runs.
    print(f"Policy Builder does not start: the catalogue has errors.\n{error}", file=sys.stderr)
    sys.exit(1)
