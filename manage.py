#!/usr/bin/env python
"""Django's command line: `python manage.py runserver`, `check_catalog`, and so on. `runserver` turns DEBUG on."""

import os
import sys


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "policybuilder.settings")
    if sys.argv[1:2] == ["runserver"]:
        os.environ.setdefault("DEBUG", "1")

    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
