"""The application that a WSGI server serves. Its settings come from the environment alone: see settings.py."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "policybuilder.settings")

application = get_wsgi_application()
