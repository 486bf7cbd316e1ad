#!/usr/bin/env python
"""The command line of this checkout: `python manage.py migrate`, `runserver`, and so on.

It needs no environment variable on a developer's machine: it brings a secret key of its own, and turns DEBUG on for
`runserver`. A variable that is set wins. Production does not come through here, but through wsgi.py.
"""

import os
import secrets
import sys
from pathlib import Path

KEY_FILE = Path(__file__).parent / "var" / "secret_key"


def local_secret_key():
    """The key of this checkout, made once and kept: a new key at every start would end every session."""
    if not KEY_FILE.exists():
        KEY_FILE.parent.mkdir(exist_ok=True)
        draft = KEY_FILE.with_suffix(".new")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(64) + "\n")
        draft.replace(KEY_FILE)  # in one step, so that an interruption leaves no empty key behind
    return KEY_FILE.read_text().strip()


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "policybuilder.settings")
    if "SECRET_KEY" not in os.environ:
        os.environ["SECRET_KEY"] = local_secret_key()
    if sys.argv[1:2] == ["runserver"]:
        os.environ.setdefault("DEBUG", "1")

    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
