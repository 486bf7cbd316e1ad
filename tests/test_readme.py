"""What the README and the page of rules list is what there is."""

import re
from io import StringIO

from django.core.management import call_command

from policybuilder.api.openapi import schema
from tests.builders import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_page_of_rules_is_as_the_command_prints_it():
    printed = StringIO()
    call_command("list_rules", stdout=printed)

    refresh = "docs/rules.md is out of date; run: .venv/bin/python manage.py list_rules > docs/rules.md"
    assert (ROOT / "docs" / "rules.md").read_text(encoding="utf-8") == printed.getvalue(), refresh
    assert "(docs/rules.md)" in README


def test_every_variable_of_the_settings_stands_in_the_readme():
    source = (ROOT / "policybuilder" / "settings.py").read_text(encoding="utf-8")
    read = set(re.findall(r'^ *"([A-Z_]+)",$', source, re.MULTILINE))
    read |= set(re.findall(r'read_variable\(env\.\w+, "([A-Z_]+)"', source))

    assert {"CATALOGUE", "DEBUG", "HTTPS"} <= read
    assert {name for name in read if f"`{name}`" not in README} == set()


def test_every_make_target_of_the_readme_exists():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))

    assert set(re.findall(r"^ {4}make ([a-z]+)", README, re.MULTILINE)) - targets == set()


def test_every_call_of_the_api_stands_in_the_readme():
    calls = {f"{method.upper()} {path}" for path, methods in schema()["paths"].items() for method in methods}

    assert set(re.findall(r"^\| `((?:GET|POST) /[^`]+)` \|", README, re.MULTILINE)) == calls


def test_every_wording_of_a_rule_is_shown() -> None:
    shown = set(re.findall(r"^- (\w+): ", (ROOT / "docs" / "rules.md").read_text(encoding="utf-8"), re.MULTILINE))
    for path in (ROOT / "policybuilder" / "domain" / "rules").glob("*.py"):
        assert set(re.findall(r"^(\w+) = Wording\(", path.read_text(encoding="utf-8"), re.MULTILINE)) <= shown, path
