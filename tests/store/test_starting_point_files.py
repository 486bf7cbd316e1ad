"""Files of starting points: what they hold, and that everything wrong in one is told with its place."""

from pathlib import Path

import pytest
import yaml

from policybuilder.store.starting_points import (
    FOLDER,
    Project,
    StartingPointsError,
    Template,
    Variant,
    read_system_policies,
    read_templates,
)


def test_the_files_are_no_catalogue_that_is_loaded_with_the_others():
    assert sorted(path.name for path in FOLDER.iterdir()) == ["system-policies.yaml", "templates.yaml"]
    assert sorted(path.name for path in FOLDER.parent.glob("*.yaml")) == ["ecs.yaml"]


def errors(read, folder: Path, data):
    path = folder / "file.yaml"
    path.write_text(data if isinstance(data, str) else yaml.safe_dump(data), encoding="utf-8")
    with pytest.raises(StartingPointsError) as caught:
        read(path)
    return str(caught.value).splitlines()


ENTRY = {"slug": "a", "title": "A", "description": "A.", "iam_project": {"operations": ["x"]}}
GOOD = {**ENTRY, "impossible_in_enterprise_projects": "It is."}


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("{", ["cannot be read: "]),
        ([], ["is []; a list was expected"]),
        ({"a": 1}, ["is {'a': 1}; a list was expected"]),
        (["a"], ["[0]: is 'a'; keys with values were expected: "]),
        ([{**GOOD, "titel": "A"}], ["[0]: unknown key 'titel'; known: slug, title, "]),
        ([{**GOOD, "title": " "}], ["a: title: is ' '; a text was expected"]),
        ([{**GOOD, "slug": 5}], ["[0]: slug: is 5; a text was expected"]),
        ([GOOD, GOOD], ["a: the slug stands twice"]),
        ([ENTRY], ["a: either enterprise_project or impossible_in_enterprise_projects was expected"]),
        (
            [{**GOOD, "enterprise_project": {"operations": ["x"]}}],
            ["a: either enterprise_project or impossible_in_enterprise_projects was expected"],
        ),
        (
            [{**ENTRY, "impossible_in_enterprise_projects": ""}],
            ["a: impossible_in_enterprise_projects: is ''; a text was expected"],
        ),
        ([{k: v for k, v in GOOD.items() if k != "iam_project"}], ["a: iam_project is missing"]),
        ([{**GOOD, "iam_project": {"operations": []}}], ["a: iam_project: operations: is []; a list was expected"]),
        (
            [{**GOOD, "iam_project": {"operations": ["x", 5, "x"]}}],
            [
                "a: iam_project: operations[1]: is 5; a text was expected",
                "a: iam_project: operations[2]: 'x' stands twice",
            ],
        ),
        (
            [{**GOOD, "iam_project": ["x"]}],
            ["a: iam_project: is ['x']; keys ", "a: iam_project: operations: is None; "],
        ),
        (
            [{**GOOD, "iam_project": {"operations": ["x"], "options": ["y"]}}],
            ["a: iam_project: options: is ['y']; operations with their options were expected"],
        ),
        (
            [{**GOOD, "iam_project": {"operations": ["x"], "options": {"y": ["z"]}}}],
            ["a: iam_project: options: 'y' does not stand among the operations"],
        ),
        (
            [{**GOOD, "iam_project": {"operations": ["x"], "options": {"x": "z"}}}],
            ["a: iam_project: options: x: is 'z'; a list was expected"],
        ),
    ],
)
def test_wrong_templates_are_refused_with_every_place(tmp_path, data, expected):
    found = errors(read_templates, tmp_path, data)[: len(expected)]

    assert len(found) == len(expected)
    for line, start in zip(found, expected, strict=True):
        assert line.startswith(f"file.yaml: {start}")


def test_missing_file_is_told(tmp_path):
    with pytest.raises(StartingPointsError, match=r"^gone.yaml: cannot be read: "):
        read_templates(tmp_path / "gone.yaml")


SOURCE = {"title": "T", "url": "https://vendor.example/p"}
DOCUMENT = {"Version": "1.1", "Statement": [{"Effect": "Allow", "Action": ["a:b:c"]}]}
POLICY = {"slug": "p", "name": "P", "kind": "policy", "document": DOCUMENT}


def published(**changes):
    return {"source": SOURCE, "policies": [{**POLICY, **changes}]}


def document(**changes):
    return published(document={"Version": "1.1", "Statement": [{**DOCUMENT["Statement"][0], **changes}]})


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"source": SOURCE, "policies": []}, ["policies: is []; a list was expected"]),
        ({"source": {"title": "T"}, "policies": [POLICY]}, ["source: url: is None; a text was expected"]),
        (published(kind="rule"), ["p: kind: is 'rule'; allowed: policy, role"]),
        (published(document={**DOCUMENT, "Version": 1.1}), ["p: document.Version: is 1.1; '1.1' was expected"]),
        (published(document={"Version": "1.1"}), ["p: document.Statement: is None; a list was expected"]),
        (document(Effect="allow"), ["p: document.Statement[0].Effect: is 'allow'; allowed: Allow, Deny"]),
        (document(Effect=["Allow"]), ["p: document.Statement[0].Effect: is ['Allow']; allowed: Allow, Deny"]),
        (document(Action="a:b:c"), ["p: document.Statement[0].Action: is 'a:b:c'; a list was expected"]),
        (
            document(Action=["a:b:c", "a:b"]),
            [
                "p: document.Statement[0].Action[1]: 'a:b' is not an action. "
                "Expected service:resourceType:verb, e.g. ecs:servers:list."
            ],
        ),
        (
            document(Resource=["*"]),
            ["p: document.Statement[0]: unknown key 'Resource'; known: Effect, Action"],
        ),
    ],
)
def test_wrong_system_policies_are_refused_with_every_place(tmp_path, data, expected):
    assert errors(read_system_policies, tmp_path, data) == [f"file.yaml: {line}" for line in expected]


def test_good_files_are_read(tmp_path):
    (tmp_path / "t.yaml").write_text(yaml.safe_dump([GOOD]), encoding="utf-8")
    (tmp_path / "p.yaml").write_text(yaml.safe_dump(published()), encoding="utf-8")

    assert read_templates(tmp_path / "t.yaml") == (
        Template("a", "A", "A.", (Variant(Project.IAM, ("x",)),), impossible="It is."),
    )
    (policy,) = read_system_policies(tmp_path / "p.yaml")
    assert (policy.name, policy.document.actions(), policy.source.url) == ("P", ("a:b:c",), SOURCE["url"])
