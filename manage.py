#!/usr/bin/env python
"""The command line of this checkout: `python manage.py migrate`, `runserver`, and so on.

It needs no environment variable on a developer's machine: it brings a secret key of its own, and turns DEBUG on for
`runserver`. A variable that is set wins. Production does not come through here, but through wsgi.py.
"""

import os
import secrets
import sys

from alone import VAR, hold

KEY_FILE = VAR / "secret_key"

# What two starts must not do at once. Who comes second finds it done.
ONE_AT_A_TIME = {"migrate", "load_catalog", "collectstatic"}


def local_secret_key():
    """The key of this checkout, made once and kept: a new key at every start would end every session."""
    if not KEY_FILE.exists():
        make_secret_key()
    return KEY_FILE.read_text().strip()


def make_secret_key():
    """Readable by its owner only from its first byte, there in one step, and the same for all who start at once."""
    VAR.mkdir(exist_ok=True)
    draft = VAR / f"secret_key.{secrets.token_hex(8)}"
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secrets.token_urlsafe(64) + "\n")
    try:
        os.link(draft, KEY_FILE)
    except FileExistsError:
        pass  # another start was quicker: its key it is
    except OSError:
        os.replace(draft, KEY_FILE)  # the file system knows no links, hence not this care either
        return
    draft.unlink()


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "policybuilder.settings")
    if "SECRET_KEY" not in os.environ:
        os.environ["SECRET_KEY"] = local_secret_key()
    if ONE_AT_A_TIME.intersection(sys.argv[1:2]):
        hold("manage.lock")
    if sys.argv[1:2] == ["runserver"]:
        os.environ.setdefault("DEBUG", "1")

    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
