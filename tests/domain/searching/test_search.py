from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policybuilder.domain.catalog.entries import ApiCall
from policybuilder.domain.searching.search import (
    Filter,
    Search,
    mark,
    mentions,
    split_words,
)
from tests.builders import catalog, operation, option, published
from tests.domain.strategies import law

ATTACH, LIST, NATIVE = "ecs/a/attach", "ecs/a/list", "ecs/a/native"

SMALL = catalog(
    operation(
        ATTACH, "ecs:disks:attach", title="Attaching a disk", calls=["POST /v1/servers/{id}/attach", "GET /v2.1/jobs"]
    ),
    operation(
        LIST,
        "ecs:servers:list",
        title="Querying ECSs",
        access="read",
        calls=["GET /v1/servers"],
        needs=["evs:volumes:get"],
    ),
    operation(
        NATIVE,
        title="Creating an ECS (native)",
        native=True,
        enterprise="no",
        options=[option("boot", actions=["ecs:servers:boot"], needs=["ims:images:get"])],
        calls=["POST /v2/servers", "POST /v2.1/servers"],
    ),
    operation("ecs/a/varies", "ecs:a:use", title="Varying", enterprise="varies"),
)
EVERYTHING = (ATTACH, LIST, NATIVE, "ecs/a/varies")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ()),
        (" \t\n", ()),
        ("Disk", ("disk",)),
        ("  POST  /v2.1 post ", ("post", "/v2.1")),
        ("Straße", ("strasse",)),
    ],
)
def test_split_words_parts_at_white_space_and_ignores_case(text, words):
    assert split_words(text) == words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", EVERYTHING),
        ("disk", (ATTACH,)),
        ("ecs:servers", (LIST, NATIVE)),
        ("ecs:servers:BOOT", (NATIVE,)),
        ("POST /v2.1", (NATIVE,)),  # ATTACH has a POST and a call of /v2.1, but not in one
        ("get /v2.1 disk", (ATTACH,)),
        ("{id}", (ATTACH,)),
        ("querying servers", (LIST,)),
        ("volumes", ()),  # a dependency is no way to find an operation
        ("(native)", (NATIVE,)),
        ("varying", ("ecs/a/varies",)),
        ("varying get", ()),
        (".*", ()),
    ],
)
def test_find_looks_in_titles_actions_and_calls(text, found):
    assert tuple(row.id for row in Search(SMALL).operations(Filter(split_words(text)), frozenset())) == found


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Filter(), EVERYTHING),
        (Filter(reading=True), (LIST,)),
        (Filter(enterprise=True), (ATTACH, LIST)),
        (Filter(native=True), (NATIVE,)),
        (Filter(native=False), (ATTACH, LIST, "ecs/a/varies")),
        (Filter(selected=True), (ATTACH, NATIVE)),
        (Filter(selected=True, native=False), (ATTACH,)),
        (Filter(words=("servers",), enterprise=True), (ATTACH, LIST)),
    ],
)
def test_find_keeps_what_passes_every_filter(wanted, found):
    assert tuple(row.id for row in Search(SMALL).operations(wanted, frozenset({ATTACH, NATIVE}))) == found


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Filter(), False),
        (Filter(words=("a",)), True),
        (Filter(reading=True), True),
        (Filter(enterprise=True), True),
        (Filter(native=False), True),
        (Filter(selected=True), True),
    ],
)
def test_filter_is_active_when_it_may_hide_something(wanted, expected):
    assert wanted.active is expected


def test_mentions_needs_every_word():
    row = SMALL.operation(ATTACH)

    assert mentions(row, ("disk", "attach")) is True
    assert mentions(row, ("disk", "detach")) is False


@pytest.mark.parametrize(
    ("text", "words", "pieces"),
    [
        ("A disk", (), [("A disk", False)]),
        ("A disk", ("disk",), [("A ", False), ("disk", True)]),
        ("DISK disk", ("disk",), [("DISK", True), (" ", False), ("disk", True)]),
        ("disks", ("disk", "disks"), [("disks", True)]),
        ("GET /v2.1/{id}", ("/v2.1", "{id}"), [("GET ", False), ("/v2.1", True), ("/", False), ("{id}", True)]),
        ("v201", ("v2.1",), [("v201", False)]),
        ("", ("disk",), []),
    ],
)
def test_mark_parts_the_text_at_its_matches(text, words, pieces):
    assert list(mark(text, words)) == pieces


@law
@given(st.text("abAB.*( ", max_size=12), st.lists(st.text("ab.*(", min_size=1, max_size=3)))
def test_mark_keeps_the_text(text, words):
    pieces = list(mark(text, tuple(words)))

    assert "".join(piece for piece, _ in pieces) == text
    assert all(piece.casefold() in words for piece, hit in pieces if hit)
    assert not any(word in piece.casefold() for piece, hit in pieces if not hit for word in words)


@pytest.mark.parametrize("support", ["no", "unknown"])
def test_what_needs_no_authorization_works_in_enterprise_projects(support):
    of = catalog(operation("ecs/a/ping", enterprise=support))

    assert Search(of).operations(Filter(enterprise=True), frozenset()) == tuple(of.operations.values())
    assert Search(of).hidden_operations(Filter(enterprise=True), frozenset()) == ()


def test_filter_for_enterprise_projects_hides_what_nobody_states_too():
    unknown = [operation(f"ecs/a/{slug}", f"ecs:a:{slug}", enterprise="unknown") for slug in ("start", "stop")]
    of = catalog(
        *unknown, operation("ecs/a/restart", "ecs:a:restart"), operation("ecs/a/s", "ecs:a:s", enterprise="no")
    )

    assert Search(of).hidden_operations(Filter(enterprise=True), frozenset()) == tuple(unknown)
    assert Search(of).hidden_operations(Filter(enterprise=True, words=("stop",)), frozenset()) == (unknown[1],)
    assert Search(of).hidden_operations(Filter(words=("stop",)), frozenset()) == ()


SINGLES = catalog(
    operation("ecs/a/list", "ecs:servers:list", needs=["evs:volumes:get"], access="read"),
    actions=[
        replace(published("evs:snapshots:roll", "no", "write"), title="Rolling back a disk"),
        replace(published("evs:volumes:get", "yes", "read"), calls=(ApiCall("GET", "/v2/disks"),)),
        published("hss:ignored:*"),
    ],
)


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        (Filter(), ()),
        (Filter(reading=True), ()),
        (Filter(words=("servers",)), ()),
        (Filter(words=("hss",)), ()),
        (Filter(words=("disk",)), ("evs:snapshots:roll", "evs:volumes:get")),
        (Filter(words=("back", "snapshots:")), ("evs:snapshots:roll",)),
        (Filter(words=("disk",), reading=True), ("evs:volumes:get",)),
        (Filter(words=("disk",), enterprise=True), ("evs:volumes:get",)),
        (Filter(words=("disk",), selected=True), ("evs:snapshots:roll",)),
        (Filter(words=("disk",), native=False), ()),
    ],
)
def test_single_actions_are_those_of_no_operation_with_every_word(wanted, names):
    found = Search(SINGLES).single_actions(wanted, frozenset(["evs:snapshots:roll"]))

    assert tuple(action.name for action in found) == names


def test_single_actions_of_unknown_scope_are_hidden_by_the_filter_for_enterprise_projects():
    of = catalog(actions=[published("evs:a:get"), published("evs:b:get", "no"), published("evs:c:get", "yes")])

    def hidden(wanted):
        return [action.name for action in Search(of).hidden_single_actions(wanted, frozenset())]

    assert hidden(Filter(words=("get",), enterprise=True)) == ["evs:a:get"]
    assert hidden(Filter(words=("get",))) == hidden(Filter(words=("evs:b",), enterprise=True)) == []
