"""The settings of the tests: production's, whatever the environment says, but for the database server and the admin.

DATABASE_URL is kept, so that the same tests run on SQLite and on PostgreSQL; ADMIN=1 is for test_admin.py. Files go to
a directory that is removed at the end: a test run leaves the data of this checkout alone.
"""

import atexit
import os
import tempfile
from pathlib import Path

for variable in ("DEBUG", "ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "HTTPS"):
    os.environ.pop(variable, None)
os.environ["SECRET_KEY"] = "tests-only-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOPQRSTUVWXYZ"

from policybuilder.settings import *  # noqa: E402, F403
from policybuilder.settings import ADMIN, DATABASES  # noqa: E402

_directory = tempfile.TemporaryDirectory(prefix="policybuilder-tests-")
atexit.register(_directory.cleanup)

# Hashed and compressed as in production; conftest.py collects them once per run.
STATIC_ROOT = Path(_directory.name) / "static"
# Compressing the large scripts would take longer than most test runs.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["js", "map"]
# Looks files up when they are asked for. Otherwise every test client would read the whole directory first.
WHITENOISE_AUTOREFRESH = True

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, where Django would choose memory: a live server and its test then have a connection each, as in
    # production, and not one that both use at once.
    DATABASES["default"]["TEST"] = {"NAME": str(Path(_directory.name) / "test.sqlite3")}
elif ADMIN:
    # Other tests may be at work on the same server just now.
    DATABASES["default"]["TEST"] = {"NAME": f"test_{DATABASES['default']['NAME']}_admin"}

# The slow default hash protects real passwords only.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
