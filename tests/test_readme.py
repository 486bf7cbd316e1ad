"""What the README lists is what there is."""

import re

from tests.builders import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_finding_code_stands_in_the_readme():
    source = (ROOT / "policybuilder" / "domain" / "lint.py").read_text(encoding="utf-8")
    codes = set(re.findall(r'"((?:IAM\.|PB)\d+)"', source))

    assert set(re.findall(r"^\| ((?:IAM\.|PB)\d+) \|", README, re.MULTILINE)) == codes


def test_every_variable_of_the_settings_stands_in_the_readme():
    source = (ROOT / "policybuilder" / "settings.py").read_text(encoding="utf-8")
    read = set(re.findall(r'^ *"([A-Z_]+)",$', source, re.MULTILINE))
    read |= set(re.findall(r'read\(env\.\w+, "([A-Z_]+)"', source))

    assert {"SECRET_KEY", "DATABASE_URL", "DEBUG", "HTTPS"} <= read
    assert {name for name in read if f"`{name}`" not in README} == set()


def test_every_make_target_of_the_readme_exists():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))

    assert set(re.findall(r"^ {4}make ([a-z]+)", README, re.MULTILINE)) - targets == set()
