"""The settings of a server that a test starts: production's, but for static files, which nobody collected for it."""

import os
from pathlib import Path

from policybuilder.settings import *  # noqa: F403
from policybuilder.settings import MIDDLEWARE, STORAGES

STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}

MIDDLEWARE.insert(0, "tests.processes.server_settings.wait")


def wait(get_response):
    """At /wait a request lasts until the test closes the named pipe WAIT."""

    def middleware(request):
        if request.path == "/wait":
            Path(os.environ["WAIT"]).read_bytes()
        return get_response(request)

    return middleware
