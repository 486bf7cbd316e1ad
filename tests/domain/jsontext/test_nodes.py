import pytest

from policybuilder.domain.jsontext.nodes import (
    Array,
    Literal,
    Member,
    Number,
    Object,
    String,
    find,
    path_of,
    to_python,
    walk,
)
from policybuilder.domain.jsontext.source import read

POLICY = """{"Statement": [
    {"Action": ["ecs:servers:get", "evs:*:*"], "Condition": {"StringEquals": {"g:UserName": ["eve"]}}},
    {"Effect": null, "": {"a\\"b": 1.10}, "für": 2}
]}"""
PATHS = {
    "": POLICY,
    "Statement": POLICY[14:-1],
    "Statement[0].Action": '["ecs:servers:get", "evs:*:*"]',
    "Statement[0].Action[0]": '"ecs:servers:get"',
    "Statement[0].Action[1]": '"evs:*:*"',
    'Statement[0].Condition.StringEquals["g:UserName"][0]': '"eve"',
    "Statement[1].Effect": "null",
    'Statement[1][""]["a\\"b"]': "1.10",
    'Statement[1]["für"]': "2",
}


def root_of(text):
    return read(text).root


def test_nodes_keep_order_spelling_and_place():
    assert root_of('{"b": [1.10, true], "a": "\\u0041"}') == Object(
        0,
        34,
        (
            Member(
                String(1, 4, "b", '"b"'),
                Array(6, 18, (Number(7, 11, "1.10"), Literal(13, 17, True))),
            ),
            Member(String(20, 23, "a", '"a"'), String(25, 33, "A", '"\\u0041"')),
        ),
    )


def test_duplicate_keys_are_all_kept():
    source = read('{"a": 1, "b": 2, "a": 3, "a": [{"x": 1, "x": 1}]}')

    assert source.faults == ()
    assert [member.key.start for member in source.root.members] == [1, 9, 17, 25]
    assert [(found.first.start, found.again.start) for found in source.duplicates] == [(32, 40), (1, 17), (1, 25)]
    assert path_of(source.root, source.duplicates[0].again) == "a[0].x"
    assert source.root.get("a") is source.root.members[3].value
    assert to_python(source.root) == {"a": [{"x": 1}], "b": 2}


def test_get_of_a_key_that_is_not_there():
    assert root_of('{"a": 1}').get("b") is None


@pytest.mark.parametrize(("path", "text"), PATHS.items())
def test_a_path_finds_its_node_and_the_node_its_path(path, text):
    root = root_of(POLICY)

    node = find(root, path)

    assert POLICY[node.start : node.end] == text
    assert path_of(root, node) == path


def test_walk_names_every_value_in_the_order_of_the_text():
    root = root_of('{"a": [1, {"b": 2}], "c": []}')

    paths = [path_of(root, node) for node in walk(root)]

    assert paths == ["", "a", "a[0]", "a[1]", "a[1].b", "c"]


def test_a_key_has_the_path_of_its_value():
    root = root_of(POLICY)

    assert path_of(root, find(root, "Statement[1]").members[1].key) == 'Statement[1][""]'


@pytest.mark.parametrize(
    "path",
    [
        "Action",
        "Statement.Effect",
        "Statement[2]",
        "Statement[-1]",
        "Statement[999999999]",
        "Statement[99999999999999999999]",
        "Statement[0].Effect.x",
        "[0]",
        ".Statement",
        "Statement[0]Action",
        "Statement.",
        "Statement[",
        'Statement[1]["',
        'Statement[1]["\\x"]',
        "Statement [0]",
    ],
)
def test_a_path_that_leads_nowhere_finds_nothing(path):
    assert find(root_of(POLICY), path) is None


def test_to_python_gives_what_json_loads_gives():
    assert repr(to_python(root_of('[-0, 12, 1.50, 1e3, "x", null, true, {"a": {}}]'))) == repr(
        [0, 12, 1.5, 1000.0, "x", None, True, {"a": {}}]
    )
