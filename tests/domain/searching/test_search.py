from dataclasses import replace

import pytest

from policybuilder.domain.catalog.entries import ApiCall
from policybuilder.domain.searching.matching import MOST_WORDS, Query
from policybuilder.domain.searching.search import Filter, Search, split_words
from policybuilder.domain.searching.synonyms import Meaning, Synonyms
from tests.builders import catalog, catalog_of_services, operation, option, published, service

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


def found(search: Search, text: str, **more) -> tuple[str, ...]:
    return tuple(row.id for row in search.operations(Filter(split_words(text)), frozenset(), **more))


def slugs(search: Search, text: str, **more) -> tuple[str, ...]:
    return tuple(id_.rpartition("/")[2] for id_ in found(search, text, **more))


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
    ("text", "ids"),
    [
        ("", EVERYTHING),
        ("disk", (ATTACH,)),
        ("ecs:servers", (LIST, NATIVE)),
        ("ecs:servers:BOOT", (NATIVE,)),
        ("POST /v2.1", (NATIVE,)),  # ATTACH has a POST and a call of /v2.1, but not in one
        ("get /v2.1 disk", (ATTACH,)),
        ("{id}", (ATTACH,)),
        ("ecs:*:b*", (NATIVE,)),
        ("querying servers", (LIST,)),
        ("volumes", ()),  # a dependency is no way to find an operation
        ("(native)", (NATIVE,)),
        ("varying", ("ecs/a/varies",)),
        ("varying get", ()),
        (".*", ()),
        ("POST /v1/servers/0b1c/attach", (ATTACH,)),  # the id of a server
    ],
)
def test_find_looks_in_titles_actions_and_calls(text, ids):
    assert found(Search(SMALL), text) == ids


@pytest.mark.parametrize(
    ("wanted", "ids"),
    [
        (Filter(), EVERYTHING),
        (Filter(reading=True), (LIST,)),
        (Filter(enterprise=True), (ATTACH, LIST)),
        (Filter(native=True), (NATIVE,)),
        (Filter(native=False), (ATTACH, LIST, "ecs/a/varies")),
        (Filter(selected=True), (ATTACH, NATIVE)),
        (Filter(selected=True, native=False), (ATTACH,)),
        (Filter(words=("servers",), enterprise=True), (LIST, ATTACH)),
    ],
)
def test_find_keeps_what_passes_every_filter(wanted, ids):
    assert tuple(row.id for row in Search(SMALL).operations(wanted, frozenset({ATTACH, NATIVE}))) == ids


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


# Ranks

VPC = catalog_of_services(
    service(
        "vpc",
        operation("vpc/vpc/path", "vpc:a:x", title="Something else", calls=["GET /v1/peerings"]),
        operation("vpc/vpc/action", "vpc:peerings:y", title="Another thing"),
        operation("vpc/vpc/begins", "vpc:b:x", title="Querying peeringlinks"),
        operation("vpc/vpc/long", "vpc:c:x", title="Creating a peering connection log"),
        operation("vpc/vpc/native", "vpc:d:x", title="Creating a peering (native)", native=True),
        operation("vpc/vpc/own", "vpc:e:x", title="Creating a peering"),
        title="Virtual Private Cloud",
    ),
    service("er", operation("er/er/own", "er:e:x", title="Creating a peering"), title="Enterprise Router"),
)


@pytest.mark.parametrize(
    ("text", "ranked"),
    [
        ("peering", ("own", "own", "native", "long", "begins", "action", "path")),  # title, action, path; whole, part
        ("creating a peering", ("own", "own", "native", "long")),
        ("created peerings", ("own", "own", "native", "long")),
        ("how do I create a PEERING?", ("own", "own", "native", "long")),
        ("private cloud virtual peering create", ("own", "native", "long")),
        ("enterprise router", ("own",)),
        ("peerlng", ("own", "own", "long", "native", "action", "path")),  # one letter wrong
        ("pering", ("own", "own", "long", "native", "action", "path")),  # missing
        ("peeirng", ("own", "own", "long", "native", "action", "path")),  # two that changed their places
        ("thimg", ("action",)),
        ("ghing", ()),  # a short word that is mistyped begins well
        ("perng", ()),
        ("eering", ("begins", "own", "native", "own", "long", "action", "path")),
        ("an", ("action",)),  # all of it are words that are left out else: they count
    ],
)
def test_ranks(text, ranked):
    result = slugs(Search(VPC), text)
    if text == "eering":
        assert set(result) == set(ranked)  # parts of words
    else:
        assert result == ranked


def test_of_equals_those_of_services_in_use_come_first():
    search = Search(VPC)

    assert found(search, "create peering", in_use=frozenset(["er"]))[:2] == ("er/er/own", "vpc/vpc/own")
    assert found(search, "create peering", in_use=frozenset(["vpc"]))[:2] == ("vpc/vpc/own", "vpc/vpc/native")


LOGS = catalog(
    operation("a/things/one", "a:x:a", title="Querying a log"),
    operation("a/things/many", "a:x:b", title="Querying logs"),
    operation("a/log/create", "a:x:c", title="Creating a log"),
    operation("a/things/delete", "a:x:d", title="Deleting a log (deprecated)"),
    operation("a/things/remove", "a:x:e", title="Deleting a log"),
)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("query logs", "a/things/many"),  # as it is written
        ("query log", "a/things/one"),
        ("log", "a/log/create"),  # its category is called so
        ("delete log", "a/things/remove"),
    ],
)
def test_first_of_those_that_meet_the_words_alike(text, first):
    assert found(Search(LOGS), text)[0] == first


def test_short_word_that_stands_by_itself_begins_no_other():
    of = catalog(
        operation("nat/a/nat", title="Creating a NAT"), operation("nat/a/b", title="Native things", native=True)
    )
    own = catalog(operation("x/a/b", title="Native things"))

    assert "nat/a/b" in found(Search(of), "nat")  # by its service only
    assert Search(of).marks(Filter(words=("nat",))) == ("nat",)
    assert found(Search(own), "nat") == ("x/a/b",)
    assert Search(own).marks(Filter(words=("nat",))) == ("native",)


MEANINGS = Synonyms(
    [
        Meaning(("delete", "remove"), german=("löschen",), alike=True),
        Meaning(("peering",), english=("link between networks",)),
        Meaning(("thing",), ("peering",), english=("stuff",)),
        Meaning(("create",), english=("who",)),
    ]
)
TWO = catalog(
    operation("vpc/a/delete", title="Deleting a peering"),
    operation("vpc/a/remove", title="Removing a thing"),
    operation("vpc/a/create", title="Creating a peering"),
)


@pytest.mark.parametrize(
    ("text", "ranked"),
    [
        ("delete", ("delete", "remove")),
        ("removing", ("remove", "delete")),
        ("LÖSCHEN", ("delete", "remove")),
        ("loeschen", ("delete", "remove")),
        ("loschen", ("delete", "remove")),
        ("lösche", ("delete", "remove")),
        ("löschne", ("delete", "remove")),  # a slip
        ("removi", ("remove",)),  # while it is typed
        ("stuf", ("remove",)),
        ("r", ("remove",)),
        ("link between", ()),
        ("networks between link", ("delete", "create")),
        ("stuff", ("remove",)),
        ("who peering", ("create", "delete")),  # what asks need not be met, and tells all the same
        ("create stuff", ("create",)),  # what is meant perhaps, since nothing else meets both
        ("delete access to peering", ("delete",)),
        ("delete banana peering", ()),
    ],
)
def test_words_are_met_by_what_they_mean(text, ranked):
    assert slugs(Search(TWO, MEANINGS), text) == ranked


def test_nearest_words_are_those_of_the_catalogue():
    search = Search(VPC)

    assert search.nearest(("conextins",)) == ("connection",)
    assert search.nearest(("create",)) == ()
    assert search.nearest(("qqqqqq",)) == ()


def test_nearest_of_several_words_are_first_those_that_find_something_without_one_of_them():
    search = Search(TWO, MEANINGS)

    assert search.nearest(split_words("delete peering 443")) == ("delete peering",)
    assert search.nearest(split_words("delete conextins")) == ("delete",)


def test_marks_are_the_forms_of_what_is_met():
    search = Search(TWO, MEANINGS)

    assert search.marks(Filter(words=split_words("löschen peeri"))) == ("deleting", "peeri", "removing")
    assert search.marks(Filter()) == ()


def test_meets_is_what_a_search_finds():
    search, row = Search(SMALL), SMALL.operation(ATTACH)

    assert search.meets(row, ("disk", "attach")) is True
    assert search.meets(row, ("disk", "create")) is False
    assert search.meets(row, ()) is True
    assert search.meets(SMALL.action_index.actions["ecs:disks:attach"], ("disks",)) is True


def test_of_a_long_search_its_first_words_count():
    query = Query.of([*(f"w{at}" for at in range(200)), *(f"a:{at}" for at in range(200))])

    assert (len(query.words), len(query.literals)) == (MOST_WORDS, 0)
    assert len(Query.of([f"a:{at}" for at in range(200)]).literals) == MOST_WORDS


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
