import re
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policybuilder.domain.access.operations import Granted, Incomplete, OperationAccess, what_allows, what_concerns
from policybuilder.domain.catalog.entries import UnknownOperation
from policybuilder.domain.policy.document import Condition, Document, Effect, Statement
from tests.builders import catalog, operation, option
from tests.domain.strategies import NAMES, UNKNOWN, WILDCARDS, catalogs, documents, generated_catalogs, law

LIST, SHOW, ATTACH, CREATE, PING = "ecs/a/list", "ecs/a/show", "ecs/a/attach", "ecs/a/create", "ecs/a/ping"

SMALL = catalog(
    operation(LIST, "ecs:servers:list"),
    operation(SHOW, "ecs:servers:get", "ecs:servers:show", needs=["evs:volumes:get"]),
    operation(ATTACH, "ecs:disks:attach", needs=["evs:*:use", "evs:volumes:get"]),
    operation(
        CREATE,
        "ecs:servers:create",
        needs=["ims:images:get"],
        options=[
            option("new", needs=["vpc:ips:create", "vpc:ips:get"]),
            option("old", needs=["vpc:ips:update"]),
            option("byoip", actions=["ecs:servers:bring"]),
        ],
    ),
    operation(PING),
)

MFA = (Condition("Bool", "g:MFAPresent", ("true",)),)


def allowing(*actions):
    return Document((Statement(Effect.ALLOW, actions),))


def denying(document, *actions):
    return Document((*document.statements, Statement(Effect.DENY, actions)))


def summary(access):
    return access.also_allowed, {entry.id: entry.missing for entry in access.incomplete}


def test_operations_are_selected_also_allowed_or_incomplete():
    document = allowing(
        "ecs:servers:list", "ecs:servers:get", "ecs:servers:show", "evs:volumes:get", "ecs:disks:attach"
    )

    assert what_allows(SMALL, document, [SHOW, PING]) == OperationAccess(
        selected=(SHOW, PING),
        also_allowed=(LIST,),
        incomplete=(Incomplete(ATTACH, ("evs:*:use",)),),
        allowed=frozenset({LIST, SHOW, PING}),
    )


def test_selected_operation_can_be_incomplete():
    assert what_allows(SMALL, allowing("ecs:disks:attach"), [ATTACH]) == OperationAccess(
        (ATTACH,), (), (Incomplete(ATTACH, ("evs:*:use", "evs:volumes:get")),), frozenset()
    )


@pytest.mark.parametrize(
    ("actions", "expected"),
    [
        ((), ((), {})),
        (("ecs:servers:LIST",), ((LIST,), {})),
        (("ecs:servers:get", "evs:volumes:get"), ((), {})),  # one of two own actions is none
        (
            ("ecs:*:*",),
            (
                (LIST,),
                {SHOW: ("evs:volumes:get",), ATTACH: ("evs:*:use", "evs:volumes:get"), CREATE: ("ims:images:get",)},
            ),
        ),
        (("ecs:disks:*", "evs:volumes:*"), ((), {ATTACH: ("evs:*:use",)})),
        (("ecs:disks:*", "evs:volumes:use", "evs:volumes:get"), ((), {ATTACH: ("evs:*:use",)})),
        (("ecs:disks:*", "evs:*:*"), ((ATTACH,), {})),
        (("*:*:*",), ((LIST, SHOW, ATTACH, CREATE), {})),
        (("ecs:servers:create",), ((), {CREATE: ("ims:images:get", "vpc:ips:update")})),
        (("ecs:servers:create", "ims:images:get", "vpc:ips:get"), ((), {CREATE: ("vpc:ips:create",)})),
        (("ecs:servers:create", "ims:images:get", "vpc:ips:update"), ((CREATE,), {})),
        (("ecs:servers:create", "ims:images:get", "ecs:servers:bring"), ((CREATE,), {})),
    ],
)
def test_document_allows_an_operation_with_all_that_one_way_of_it_needs(actions, expected):
    assert summary(what_allows(SMALL, allowing(*actions))) == expected


@pytest.mark.parametrize(
    ("denied", "expected"),
    [
        ("ecs:servers:List", ((SHOW, ATTACH, CREATE), {})),
        ("ecs:servers:*", ((ATTACH,), {})),
        ("evs:volumes:get", ((LIST, CREATE), {SHOW: ("evs:volumes:get",), ATTACH: ("evs:volumes:get",)})),
        ("evs:volumes:use", ((LIST, SHOW, CREATE), {ATTACH: ("evs:*:use",)})),
        ("evs:volumes:u*", ((LIST, SHOW, CREATE), {ATTACH: ("evs:*:use",)})),
        ("evs:snapshots:get", ((LIST, SHOW, ATTACH, CREATE), {})),
        ("*:*:*", ((), {})),
    ],
)
def test_deny_beats_allow(denied, expected):
    assert summary(what_allows(SMALL, denying(allowing("*:*:*"), denied))) == expected


@pytest.mark.parametrize(
    ("off", "missing"),
    [
        ((), ("ims:images:get", "vpc:ips:update")),
        (("old",), ("ims:images:get", "vpc:ips:create", "vpc:ips:get")),
        (("old", "new"), ("ims:images:get", "vpc:ips:update")),
    ],
)
def test_missing_is_said_for_the_options_that_are_wanted(off, missing):
    found = what_allows(SMALL, allowing("ecs:servers:create"), [CREATE], {(CREATE, slug) for slug in off})

    assert found.incomplete == (Incomplete(CREATE, missing),)


def test_operation_works_by_an_option_that_was_not_wanted():
    document = allowing("ecs:servers:create", "ims:images:get", "vpc:ips:update")

    assert what_allows(SMALL, document, [CREATE], {(CREATE, "old")}).allowed == {CREATE}


@pytest.mark.parametrize("options", [False, True])
def test_missing_dependencies_are_sorted(options):
    names = [f"evs:{resource}:get" for resource in "fbdace"]
    row = operation(
        "ecs/a/row", "ecs:a:use", needs=names[:3], options=[option("way", needs=names[3:])] if options else ()
    )
    missing = sorted(names if options else names[:3])

    found = what_allows(catalog(row), allowing("ecs:a:use"))

    assert found.incomplete == (Incomplete("ecs/a/row", tuple(missing)),)


def test_an_empty_document_denies():
    assert what_allows(SMALL, Document(())) == OperationAccess((), (), (), frozenset())


def test_unknown_selected_operation_is_named():
    with pytest.raises(UnknownOperation):
        what_allows(SMALL, allowing("ecs:servers:list"), ["ecs/a/fly"])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("ecs:a:get", True),
        ("ecs:A:GET", True),
        ("ecs:a:*", False),
        ("ecs:b:get*", True),
        ("ecs:b:set", False),
        ("evs:a:get", False),
    ],
)
def test_granted_asks_what_the_document_grants(name, expected):
    document = denying(allowing("ecs:*:*"), "ecs:a:set", "ecs:b:s*")

    assert (name in Granted(document)) is expected


# Under conditions, for some resources, and for all actions but some


def statement(effect, *actions, but=(), when=(), on=()):
    return Statement(effect, actions, but, when, on)


def allow(*actions, **rest):
    return statement(Effect.ALLOW, *actions, **rest)


def deny(*actions, **rest):
    return statement(Effect.DENY, *actions, **rest)


DEPENDING = {ATTACH: ("evs:*:use",), CREATE: ("ims:images:get",)}
SHOWING = ("ecs:servers:get", "ecs:servers:show", "evs:volumes:get")


@pytest.mark.parametrize(
    ("statements", "allowed", "conditional", "incomplete"),
    [
        ([allow("ecs:servers:list", when=MFA)], [], [LIST], {}),
        ([allow("ecs:servers:list", on=("*",))], [], [LIST], {}),
        ([allow("ecs:servers:list", when=MFA), allow("ecs:servers:list")], [LIST], [], {}),
        ([allow("ecs:servers:list"), deny("ecs:servers:list", when=MFA)], [], [LIST], {}),
        ([allow("ecs:servers:list"), deny("ecs:*:list", on=("OBS:*:*:a:b",))], [], [LIST], {}),
        ([allow("ecs:servers:list", when=MFA), deny("ecs:servers:list")], [], [], {}),
        ([allow("ecs:servers:list", when=MFA), deny("ecs:servers:list", when=MFA)], [], [LIST], {}),
        ([allow(*SHOWING[:2], when=MFA)], [], [], {SHOW: ("evs:volumes:get",)}),
        ([allow(*SHOWING[:2]), allow(SHOWING[2], when=MFA)], [], [SHOW], {}),
        ([allow(*SHOWING), deny(SHOWING[2], when=MFA)], [], [SHOW], {}),
        (
            [
                allow("ecs:servers:create", "ims:images:get", "vpc:ips:update"),
                deny("vpc:ips:update", when=MFA),
                allow("vpc:ips:*", when=MFA),
            ],
            [],
            [CREATE],
            {},
        ),
        (
            [allow("ecs:servers:create", "ims:images:get", "vpc:ips:*"), deny("vpc:ips:update", when=MFA)],
            [CREATE],
            [],
            {},
        ),
        ([allow(but=("ecs:servers:*", "evs:volumes:get"))], [], [], {ATTACH: ("evs:volumes:get",)}),
        ([allow(but=("ecs:servers:*", "evs:volumes:*"))], [], [], {ATTACH: ("evs:*:use", "evs:volumes:get")}),
        ([allow(but=("ecs:servers:create",))], [LIST, SHOW, ATTACH], [], {}),
        ([allow(but=("ecs:servers:create",), when=MFA)], [], [LIST, SHOW, ATTACH], {}),
        (
            [allow("*:*:*"), deny(but=("ecs:servers:*", "evs:volumes:get"))],
            [LIST, SHOW],
            [],
            {CREATE: ("ims:images:get",)},
        ),
        ([allow("*:*:*"), deny(but=("ecs:*:*", "evs:volumes:*"))], [LIST, SHOW], [], DEPENDING),
        ([allow("*:*:*"), deny(but=("ecs:servers:list",), when=MFA)], [LIST], [SHOW, ATTACH, CREATE], {}),
    ],
)
def test_operation_works_always_or_for_some_requests_only(statements, allowed, conditional, incomplete):
    found = what_allows(SMALL, Document(tuple(statements)))

    assert found.also_allowed == tuple(id_ for id_ in SMALL.operations if id_ in {*allowed, *conditional})
    assert found.conditional == set(conditional)
    assert {entry.id: entry.missing for entry in found.incomplete} == incomplete


@pytest.mark.parametrize(
    ("statements", "concerned"),
    [
        ([], []),
        ([deny("ecs:servers:LIST")], [LIST]),
        ([deny("ecs:servers:list", when=MFA)], [LIST]),
        ([deny("ecs:servers:show")], [SHOW]),
        ([deny("evs:volumes:get", "evs:*:use")], []),  # dependencies only
        ([deny("ecs:servers:bring")], []),  # another option is left
        ([deny("ecs:*:*")], [LIST, SHOW, ATTACH, CREATE]),
        ([deny(but=("ecs:servers:*",))], [ATTACH]),
        ([deny(but=("ecs:servers:get", "ecs:d*:*"))], [LIST, SHOW, CREATE]),
        ([deny("ecs:servers:list"), deny("ecs:disks:attach")], [LIST, ATTACH]),
    ],
)
def test_operations_that_statements_speak_of(statements, concerned):
    assert what_concerns(SMALL, statements) == set(concerned)


def test_operation_with_actions_in_options_only_is_concerned_when_all_of_them_are():
    ways = catalog(operation(LIST, options=[option("a", actions=["ecs:a:get"]), option("b", actions=["ecs:b:get"])]))

    assert what_concerns(ways, [deny("ecs:a:get")]) == frozenset()
    assert what_concerns(ways, [deny("ecs:a:get", "ecs:b:get")]) == {LIST}


# A second evaluator, as slow and as plain as can be.


def stands_for(pattern, name):
    return re.fullmatch(pattern.replace("*", "[^:]*"), name, re.IGNORECASE) is not None


def naively_granted(of, document, name):
    allowed = [a for s in document.statements if s.effect is Effect.ALLOW for a in s.actions]
    denied = [a for s in document.statements if s.effect is Effect.DENY for a in s.actions]
    anything = name.replace("*", "§")  # a letter of no name: what covers it covers all that the star stands for
    inside = [known for known in {*NAMES, *of.action_index.actions} if stands_for(name, known)] or [name]
    return any(stands_for(pattern, anything) for pattern in allowed) and not any(
        stands_for(pattern, known) for pattern in denied for known in inside
    )


def naively(of, granted, id_, off):
    """None: not allowed. Otherwise the dependencies that are missing: none, or those of the best way that is wanted."""
    row = of.operation(id_)
    if not row.all_actions():
        return None
    wanted, unwanted = [], []
    for way in row.options or [option("none")]:
        own = [*row.actions, *way.actions]
        needs = {*row.dependencies, *way.dependencies}
        if all(map(granted, own)):
            ways = unwanted if (id_, way.slug) in off else wanted
            ways.append(sorted(name for name in needs if not granted(name)))
    if [] in wanted + unwanted:
        return []
    return min(wanted or unwanted, key=len, default=None)


# Names that tell all wildcards of the strategies apart.
UNIVERSE = [
    ":".join(parts)
    for parts in product(
        ("ecs", "evs", "vpc", "obs", "zz"), ("servers", "disks", "bucket", "zz"), ("get", "list", "use", "zz")
    )
]


def spoken_of(each, name):
    """Whether the statement speaks of an action."""
    listed = any(stands_for(pattern, name) for pattern in each.actions)
    return listed or (bool(each.not_actions) and not any(stands_for(pattern, name) for pattern in each.not_actions))


def entries(statements, effect):
    of_effect = [s for s in statements if s.effect is effect]
    listed = [Statement(effect, (pattern,)) for s in of_effect for pattern in s.actions]
    return [*listed, *(replace(s, actions=()) for s in of_effect if s.not_actions)]


def naively_granted_by(statements, name):
    """A wildcard is granted by one entry that covers all of it, or by one NotAction that leaves none of it out."""
    inside = [known for known in UNIVERSE if stands_for(name, known)]
    return any(
        all(spoken_of(entry, known) for known in inside) for entry in entries(statements, Effect.ALLOW)
    ) and not any(spoken_of(s, known) for s in statements if s.effect is Effect.DENY for known in inside)


def naively_in_part(statements, name):
    """Something of a wildcard is allowed, and no one entry denies all of it."""
    inside = [known for known in UNIVERSE if stands_for(name, known)]
    allowed = any(spoken_of(s, known) for s in statements if s.effect is Effect.ALLOW for known in inside)
    shut = any(all(spoken_of(entry, known) for known in inside) for entry in entries(statements, Effect.DENY))
    return "*" in name and allowed and not shut


def naively_incomplete(found, statements):
    return tuple(
        Incomplete(id_, tuple(missing), tuple(name for name in missing if naively_in_part(statements, name)))
        for id_, missing in found.items()
        if missing
    )


@law
@given(st.data())
def test_what_allows_agrees_with_a_plain_evaluator(data):
    of = data.draw(catalogs())
    document = data.draw(documents(of))
    asked = data.draw(st.lists(st.sampled_from(list(of.operations)), unique=True, max_size=3))
    pairs = [(row.id, way.slug) for row in of.operations.values() for way in row.options]
    off = data.draw(st.sets(st.sampled_from(pairs)) if pairs else st.just(frozenset()))
    found = {id_: naively(of, lambda name: naively_granted(of, document, name), id_, off) for id_ in of.operations}
    works = [id_ for id_ in found if found[id_] == []]

    assert what_allows(of, document, asked, off) == OperationAccess(
        selected=tuple(id_ for id_ in found if id_ in asked),
        also_allowed=tuple(id_ for id_ in works if id_ not in asked),
        incomplete=naively_incomplete(found, document.statements),
        allowed=frozenset({*works, *(id_ for id_ in asked if not of.operation(id_).all_actions())}),
    )


# The same for statements of any kind.


@st.composite
def any_statements(draw):
    names = st.lists(st.sampled_from([*NAMES, *WILDCARDS, *UNKNOWN, "*:*:*"]), min_size=1, max_size=6, unique=True)
    rows = []
    for effect in draw(st.lists(st.sampled_from(Effect), max_size=5)):
        row = allow(*draw(names)) if draw(st.booleans()) else allow(but=tuple(draw(names)))
        limits = draw(st.sampled_from([{}, {}, {"conditions": MFA}, {"resources": ("*",)}]))
        rows.append(replace(row, effect=effect, **limits))
    return rows


@law
@given(generated_catalogs(), any_statements())
def test_what_allows_agrees_with_a_plain_evaluator_under_limits(of, statements):
    limited = [s for s in statements if s.conditions or s.resources]
    at_best = [s for s in statements if s not in limited or s.effect is Effect.ALLOW]
    at_worst = [s for s in statements if s not in limited or s.effect is Effect.DENY]
    best = {id_: naively(of, lambda name: naively_granted_by(at_best, name), id_, ()) for id_ in of.operations}
    worst = {id_: naively(of, lambda name: naively_granted_by(at_worst, name), id_, ()) for id_ in of.operations}
    always = [id_ for id_ in best if best[id_] == worst[id_] == []]

    assert what_allows(of, Document(tuple(statements))) == OperationAccess(
        selected=(),
        also_allowed=tuple(id_ for id_ in best if best[id_] == []),
        incomplete=naively_incomplete(best, at_best),
        allowed=frozenset(always),
        conditional=frozenset(id_ for id_ in best if best[id_] == [] and id_ not in always),
    )


@law
@given(generated_catalogs(), any_statements())
def test_what_concerns_agrees_with_a_plain_evaluator(of, statements):
    def named(names):
        return any(spoken_of(s, name) for s in statements for name in names)

    assert what_concerns(of, statements) == {
        row.id
        for row in of.operations.values()
        if named(row.actions) or (row.options and all(named(way.actions) for way in row.options))
    }
