"""The settings of a server that a test starts: production's, but for static files, which nobody collected for it."""

from policybuilder.settings import *  # noqa: F403
from policybuilder.settings import STORAGES

STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
