"""What the README and the page of rules list is what there is."""

import re

from policybuilder.api.openapi import schema
from tests.builders import ROOT
from tests.rules_page import page

README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_page_of_rules_is_as_its_command_prints_it():
    """It holds every text with an example of each rule, so that no other test has to repeat a text."""
    refresh = "docs/rules.md is out of date; run: .venv/bin/python -m tests.rules_page > docs/rules.md"
    assert (ROOT / "docs" / "rules.md").read_text(encoding="utf-8") == page(), refresh
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
