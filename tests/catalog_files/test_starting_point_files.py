"""The files of starting points have the form that their reader takes for granted."""

import hashlib
import json
from collections import Counter

import pytest

from policybuilder.catalog_files import CATALOGUE
from policybuilder.catalog_files.starting_points import (
    FOLDER,
    SYSTEM_POLICIES,
    SYSTEM_POLICY_NAMES,
    TEMPLATES,
    Kind,
    load,
)
from policybuilder.domain.catalog.rights import Rights
from policybuilder.domain.policy.document import VERSION, Effect

POLICIES = load(SYSTEM_POLICIES)
NAMES = load(SYSTEM_POLICY_NAMES)
NAMED = [entry for service in NAMES["services"] for entry in service["policies"]]
TASKS = load(TEMPLATES)
IMPOSSIBLE = "impossible_in_enterprise_projects"
every_task = pytest.mark.parametrize("entry", TASKS, ids=lambda entry: entry["slug"])
# Of each document as its page has it, in its order: the SHA-256 of the JSON without space, the first of it.
DIGESTS = {
    "ecs-fullaccess": "00995dfa6f94",
    "ecs-commonoperations": "2736f97bca76",
    "ecs-readonlyaccess": "5dc2f296ad12",
    "server-administrator": "b101dd550e70",
    "apig-fullaccess": "c130d1c7252c",
    "ucs-fullaccess": "366700750699",
    "dws-readonlyaccess": "f9fa46445808",
    "dws-administrator": "9d3b3836387f",
    "cci-fullaccess": "c02b2448ee7e",
    "cci-readonlyaccess": "ded245e11d1a",
    "cci-commonoperations": "af1937152689",
    "tenant-guest": "17cc1db913a9",
    "tanent-guest": "17cc1db913a9",
    "guest": "ccf93eef0bd1",
    "tenant-administrator": "34cddf50a31c",
    "security-administrator": "79af9e31be2d",
    "agent-operator": "36ed1b407330",
    "vss-administrator": "0eeb6388b8cd",
    "cse-admin": "3114b01b906d",
}


def is_text(value):
    return isinstance(value, str) and value.strip() != ""


def is_list_of_different_texts(value):
    return isinstance(value, list) and value != [] and all(map(is_text, value)) and len(set(value)) == len(value)


def test_the_files_are_no_catalogue_that_is_loaded_with_the_others():
    files = ["system-policies.yaml", "system-policy-names.yaml", "templates.yaml"]
    assert sorted(path.name for path in FOLDER.iterdir()) == files
    assert FOLDER not in CATALOGUE.parents
    assert FOLDER != CATALOGUE


@pytest.mark.parametrize("entries", [POLICIES["policies"], TASKS], ids=["policies", "templates"])
def test_every_slug_stands_once(entries):
    assert set(Counter(entry["slug"] for entry in entries).values()) == {1}


@pytest.mark.parametrize("data", [POLICIES, NAMES], ids=["policies", "names"])
def test_sources_are_named_whole_and_each_is_used(data):
    used = {entry.get("source", "iam") for entry in (data["policies"] if data is POLICIES else NAMED)}

    assert used == set(data["sources"])
    for source in data["sources"].values():
        assert source.keys() == {"title", "url", "revision", "date"}
        assert all(map(is_text, source.values()))


def test_documents_of_the_policies_are_as_published():
    written = {e["slug"]: json.dumps(e["document"], separators=(",", ":")).encode() for e in POLICIES["policies"]}

    assert {slug: hashlib.sha256(text).hexdigest()[:12] for slug, text in written.items()} == DIGESTS


def test_policies_have_their_texts_and_a_document():
    for entry in POLICIES["policies"]:
        assert entry.keys() - {"note"} == {"slug", "name", "kind", "source", "description", "document"}
        assert all(map(is_text, (entry["slug"], entry["name"], entry["description"], entry.get("note", "none"))))
        assert entry["slug"] == entry["name"].lower().replace(" ", "-")
        assert entry["kind"] in list(Kind)
        assert {"Version", "Statement"} <= entry["document"].keys() <= {"Version", "Statement", "Depends"}
        assert entry["document"]["Version"] in ("1.0", VERSION)
        assert (entry["document"]["Version"] == VERSION) or entry["kind"] == Kind.ROLE
        for statement in entry["document"]["Statement"]:
            assert statement.keys() == {"Effect", "Action"}
            assert statement["Effect"] in list(Effect)
            assert is_list_of_different_texts(statement["Action"])


def test_names_have_their_texts_and_stand_once_and_have_no_contents():
    names = [entry["name"] for entry in NAMED]

    assert len(names) == len({name.replace(" ", "").lower() for name in names}) == 183
    assert set(names).isdisjoint(entry["name"] for entry in POLICIES["policies"])
    assert len({service["service"] for service in NAMES["services"]}) == len(NAMES["services"])
    for entry in NAMED:
        assert {"name", "description"} <= entry.keys() <= {"name", "description", "kind", "scope", "source"}
        assert all(map(is_text, entry.values()))
        assert entry.get("kind", Kind.ROLE) in list(Kind)
        assert entry.get("scope", "Global services") in ("Global services", "Region-specific projects")


@every_task
def test_template_has_its_texts_and_either_a_rule_or_operations(entry):
    texts = {"slug", "title", "description"}
    assert all(is_text(entry[key]) for key in texts)
    if "rule" in entry:
        assert texts | {"rule"} <= entry.keys() <= texts | {"rule", "service"}
    else:
        needed = texts | {"service", "operations"}
        assert needed <= entry.keys() <= needed | {"console", "options", IMPOSSIBLE}
    assert is_text(entry.get("service", "several"))
    assert is_text(entry.get(IMPOSSIBLE, "not said"))


@pytest.mark.parametrize("entry", [t for t in TASKS if "rule" in t], ids=lambda entry: entry["slug"])
def test_rule_of_a_template_names_rights_services_and_operations(entry):
    rule = entry["rule"]

    assert {"rights"} <= rule.keys() <= {"rights", "services", "also"}
    assert rule["rights"] in list(Rights)
    assert all(is_list_of_different_texts(rule[key]) for key in ("services", "also") if key in rule)


@pytest.mark.parametrize("entry", [t for t in TASKS if "rule" not in t], ids=lambda entry: entry["slug"])
def test_template_lists_different_operations_and_options_of_these(entry):
    listed = [*entry["operations"], *entry.get("console", [])]
    options = entry.get("options", {})

    assert is_list_of_different_texts(listed)
    assert "console" not in entry or is_list_of_different_texts(entry["console"])
    assert options.keys() <= set(entry["operations"])
    assert all(map(is_list_of_different_texts, options.values()))
