"""The files of starting points have the form that their reader takes for granted."""

from collections import Counter

import pytest

from policybuilder.domain.access.evaluation import Project
from policybuilder.domain.catalog.action_names import parse_action
from policybuilder.domain.policy.document import VERSION, Effect
from policybuilder.store.files import CATALOGUE
from policybuilder.store.starting_points import FOLDER, SYSTEM_POLICIES, TEMPLATES, Kind, load

POLICIES = load(SYSTEM_POLICIES)
TASKS = load(TEMPLATES)
IMPOSSIBLE = "impossible_in_enterprise_projects"
every_policy = pytest.mark.parametrize("entry", POLICIES["policies"], ids=lambda entry: entry["slug"])
every_task = pytest.mark.parametrize("entry", TASKS, ids=lambda entry: entry["slug"])


def is_text(value):
    return isinstance(value, str) and value.strip() != ""


def is_list_of_different_texts(value):
    return isinstance(value, list) and value != [] and all(map(is_text, value)) and len(set(value)) == len(value)


def test_the_files_are_no_catalogue_that_is_loaded_with_the_others():
    assert sorted(path.name for path in FOLDER.iterdir()) == ["system-policies.yaml", "templates.yaml"]
    assert FOLDER not in CATALOGUE.parents
    assert FOLDER != CATALOGUE


@pytest.mark.parametrize("entries", [POLICIES["policies"], TASKS], ids=["policies", "templates"])
def test_every_slug_stands_once(entries):
    assert set(Counter(entry["slug"] for entry in entries).values()) == {1}


def test_the_policies_name_their_source():
    assert POLICIES.keys() == {"source", "policies"}
    assert POLICIES["source"].keys() == {"title", "url", "revision", "date"}
    assert all(map(is_text, POLICIES["source"].values()))


@every_policy
def test_policy_has_its_texts_and_a_document(entry):
    assert entry.keys() == {"slug", "name", "kind", "document"}
    assert is_text(entry["slug"])
    assert is_text(entry["name"])
    assert entry["kind"] in list(Kind)
    assert entry["document"].keys() == {"Version", "Statement"}
    assert entry["document"]["Version"] == VERSION


@every_policy
def test_statements_of_a_policy_have_an_effect_and_actions_and_nothing_else(entry):
    for statement in entry["document"]["Statement"]:
        assert statement.keys() == {"Effect", "Action"}
        assert statement["Effect"] in list(Effect)
        assert is_list_of_different_texts(statement["Action"])
        for name in statement["Action"]:
            parse_action(name)


@every_task
def test_template_has_its_texts_and_a_variant_for_each_project_or_says_why_not(entry):
    assert entry.keys() <= {"slug", "title", "description", IMPOSSIBLE, *Project}
    assert all(is_text(entry[key]) for key in ("slug", "title", "description"))
    assert Project.IAM in entry
    assert (Project.ENTERPRISE in entry) != (IMPOSSIBLE in entry)
    assert is_text(entry.get(IMPOSSIBLE, "not said"))


@every_task
def test_variants_of_a_template_list_operations_and_options_of_these(entry):
    for variant in (entry[project] for project in Project if project in entry):
        assert {"operations"} <= variant.keys() <= {"operations", "options"}
        assert is_list_of_different_texts(variant["operations"])
        options = variant.get("options", {})
        assert options.keys() <= set(variant["operations"])
        assert all(map(is_list_of_different_texts, options.values()))
