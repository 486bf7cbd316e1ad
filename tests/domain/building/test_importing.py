import json
import re
from collections import Counter, defaultdict

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from policybuilder.domain.access.operations import what_allows
from policybuilder.domain.building.blocks import MAX_BLOCKS, Block
from policybuilder.domain.building.compiler import compile_blocks
from policybuilder.domain.building.importing import NOT_ONE_LIST, CannotEditError, Imported, read_blocks, select
from policybuilder.domain.building.selection import Selection
from policybuilder.domain.jsontext.nodes import to_python
from policybuilder.domain.jsontext.source import read
from policybuilder.domain.policy.document import Condition, Effect
from policybuilder.domain.policy.reading import find_policies
from tests.builders import catalog, operation, option, real_catalog
from tests.domain.policy_cases import SYSTEM_POLICIES, allow, deny, policy, role
from tests.domain.policy_mutations import documents
from tests.domain.strategies import NAMES, WILDCARDS, cases, catalogs, law
from tests.domain.whole_policies import policies
from tests.sweeps import sweep

LIST, GET, CREATE, DELETE, PING = (f"ecs/servers/{slug}" for slug in ("list", "get", "create", "delete", "ping"))

SMALL = catalog(
    operation(LIST, "ecs:servers:list"),
    operation(GET, "ecs:servers:get", needs=["evs:volumes:get"]),
    operation(
        CREATE,
        "ecs:servers:create",
        needs=["ecs:servers:list"],
        options=[option("new", needs=["vpc:ips:create"]), option("old", needs=["vpc:ips:update"])],
    ),
    operation(DELETE, "ecs:servers:delete", needs=["evs:*:delete"]),
    operation(PING),
)
MFA = {"Bool": {"g:MFAPresent": ["true"]}}
MFA_READ = (Condition("Bool", "g:MFAPresent", ("true",)),)


def ticked(*ids, **rest):
    return Selection(frozenset(ids), **{name: frozenset(values) for name, values in rest.items()})


def imported(text, of=SMALL):
    return read_blocks(of, find_policies(read(text).root)[0])


def written(of, found):
    return compile_blocks(of, found.blocks, found.extra).text


# What becomes of a statement


@pytest.mark.parametrize(
    ("actions", "selection"),
    [
        (["ecs:servers:list"], ticked(LIST)),
        (["ecs:servers:LIST"], ticked(LIST)),
        (["ecs:servers:list", "ecs:servers:list"], ticked(LIST)),
        (["ecs:servers:get"], ticked(actions={"ecs:servers:get"})),
        (["ecs:servers:get", "evs:volumes:get"], ticked(GET)),
        (["ecs:servers:get", "evs:volumes:*"], ticked(GET, actions={"evs:volumes:*"})),
        (["ecs:servers:delete", "evs:volumes:delete"], ticked(actions={"ecs:servers:delete", "evs:volumes:delete"})),
        (["ecs:servers:delete", "evs:*:delete"], ticked(DELETE, actions={"evs:*:delete"})),
        (["ecs:servers:create", "ecs:servers:list"], ticked(LIST, actions={"ecs:servers:create"})),
        (
            ["ecs:servers:create", "ecs:servers:list", "vpc:ips:update"],
            ticked(LIST, CREATE, options_off={(CREATE, "new")}),
        ),
        (["ecs:servers:create", "ecs:servers:list", "vpc:ips:*"], ticked(LIST, CREATE, actions={"vpc:ips:*"})),
        (["obs:b:get", "obs:B:GET", "iam:*:none"], ticked(actions={"obs:B:GET", "iam:*:none"})),
        (["*:*:*"], ticked(LIST, GET, CREATE, DELETE, actions={"*:*:*"})),
    ],
)
def test_operations_that_are_allowed_whole_are_ticked(actions, selection):
    assert select(SMALL, Effect.ALLOW, tuple(actions)) == selection
    assert imported(policy(allow(*actions))) == Imported((Block(selection),), "", "", 1)


@pytest.mark.parametrize(
    ("actions", "selection"),
    [
        (["ecs:servers:get"], ticked(GET)),
        (["ecs:servers:get", "evs:volumes:get"], ticked(GET, actions={"evs:volumes:get"})),
        (["ecs:servers:create"], ticked(CREATE)),
        (["evs:*:delete"], ticked(actions={"evs:*:delete"})),
        (["ecs:servers:*"], ticked(LIST, GET, CREATE, DELETE, actions={"ecs:servers:*"})),
    ],
)
def test_operations_whose_own_actions_are_denied_are_ticked(actions, selection):
    assert imported(policy(deny(*actions))).blocks == (Block(selection, Effect.DENY),)


def test_statements_that_differ_in_their_actions_only_become_one_block():
    statements = [
        allow("ecs:servers:get"),
        allow("evs:volumes:get"),
        deny("ecs:servers:list", Condition=MFA),
        deny("ecs:servers:get", Condition=MFA),
        deny("ecs:servers:get", Resource=["OBS:*:*:bucket:x"], Condition=MFA),
        {"Condition": MFA, "Action": ["ecs:servers:delete"], "Effect": "Allow"},
        allow("ecs:servers:list"),
    ]

    found = imported(policy(*statements))

    assert found == Imported(
        (
            Block(ticked(GET)),
            Block(ticked(LIST, GET), Effect.DENY, conditions=MFA_READ),
            Block(ticked(GET), Effect.DENY, conditions=MFA_READ, resources=("OBS:*:*:bucket:x",)),
            Block(ticked(actions={"ecs:servers:delete"}), conditions=MFA_READ),
            Block(ticked(LIST)),
        ),
        "",
        "",
        7,
    )
    assert found.kept == 0


def test_conditions_keep_their_order_and_values():
    condition = {
        "StringStartWith": {"g:UserName": ["b", "a"], "g:DomainName": ["x"]},
        "ForAnyValue:StringEqualsIfExists": {"svc:Key": []},
        "Null": {"g:UserId": ["false"]},
    }

    found = imported(policy(allow("ecs:servers:list", Condition=condition)))

    assert found.blocks[0].conditions == (
        Condition("StringStartWith", "g:UserName", ("b", "a")),
        Condition("StringStartWith", "g:DomainName", ("x",)),
        Condition("ForAnyValue:StringEqualsIfExists", "svc:Key", ()),
        Condition("Null", "g:UserId", ("false",)),
    )
    assert json.loads(written(SMALL, found))["Statement"][0]["Condition"] == condition


KEPT = [
    "5",
    "null",
    '"Allow"',
    "[]",
    "{}",
    '{"Effect":"Allow"}',
    '{"Effect":"Allow","Action":[]}',
    '{"Effect":"Allow","Action":"ecs:servers:list"}',
    '{"Effect":"Allow","Action":["ecs:servers:list",5]}',
    '{"Effect":"Allow","Action":["ecs:servers:list","no action"]}',
    '{"Effect":"Allow","Action":["ECS:servers:list"]}',
    '{"Effect":"Allow","NotAction":["ecs:servers:list"]}',
    '{"Effect":"Allow","Action":["ecs:servers:list"],"NotAction":["ecs:servers:get"]}',
    '{"Action":["ecs:servers:list"]}',
    '{"Effect":"allow","Action":["ecs:servers:list"]}',
    '{"Effect":"Permit","Action":["ecs:servers:list"]}',
    '{"Effect":["Allow"],"Action":["ecs:servers:list"]}',
    '{"Action":["ecs:servers:list"],"effect":"Allow"}',
    '{"Effect":"Allow","action":["ecs:servers:list"]}',
    '{"Effect":"Allow","Effect":"Allow","Action":["ecs:servers:list"]}',
    '{"Effect":"Allow","Action":["ecs:servers:list"],"Action":["ecs:servers:get"]}',
    '{"Effect":"Allow","Action":["ecs:servers:list"],"Sid":1.50}',
    '{"Effect":"Allow","Action":["ecs:servers:list"],"Resource":[]}',
    '{"Effect":"Allow","Action":["ecs:servers:list"],"Resource":"*"}',
    '{"Effect":"Allow","Action":["ecs:servers:list"],"Resource":["a",5]}',
    '{"Effect":"Allow","Action":["ecs:servers:list"],"Resource":{"uri":["/iam/x"]}}',
    '{"Effect":"Allow","Action":["ecs:servers:list"],"resource":["a"]}',
    '{"Effect":"Allow","Action":["ecs:servers:list"],"Condition":{}}',
    '{"Effect":"Allow","Action":["ecs:servers:list"],"Condition":5}',
    '{"Effect":"Allow","Action":["ecs:servers:list"],"Condition":{"Bool":{}}}',
    '{"Effect":"Allow","Action":["ecs:servers:list"],"Condition":{"Bool":{"g:MFAPresent":"true"}}}',
    '{"Effect":"Allow","Action":["ecs:servers:list"],"Condition":{"Bool":{"g:MFAPresent":[true]}}}',
    '{"Effect":"Allow","Action":["ecs:servers:list"],"Condition":{"Equals":{"g:UserName":["a"]}}}',
    '{"Effect":"Allow","Action":["ecs:servers:list"],"Condition":{"Bool":{"a:b":["a"]},"Bool":{"a:c":["a"]}}}',
    '{"Effect":"Allow","Action":["ecs:servers:list"],"Condition":{"Bool":{"a:b":["a"],"a:b":["b"]}}}',
    '{"Effect":"Allow","Action":["ecs:servers:list"],"Condition":'
    '{"Bool":{"a:b":["a"]},"Null":{"a:b":["true"]},"Bool":{"a:c":["a"]}}}',
]


@sweep("statement", KEPT)
def test_statement_that_no_block_can_say_is_kept(statement):
    beside = json.dumps(allow("ecs:servers:list"))

    found = imported(f'{{"Version": "1.1", "Statement": [{beside}, {statement}, {beside}]}}')

    assert found.blocks == (Block(ticked(LIST)), Block(kept=statement), Block(ticked(LIST)))
    assert (found.kept, found.statements) == (1, 3)
    assert statement in "".join(line.strip() for line in written(SMALL, found).splitlines()).replace('": ', '":')


def test_keys_of_a_kept_statement_come_in_the_console_s_order_and_nothing_else_changes():
    odd = '{ "Sid" : 1.50, "Resource": {"uri": ["\\u00e4"], "a": 1e3}, "Action": [ ], "Effect": "Allow", "Sid": null }'

    found = imported(f'{{"Statement": [{odd}]}}')

    kept = '{"Effect":"Allow","Action":[],"Resource":{"uri":["ä"],"a":1e3},"Sid":1.50,"Sid":null}'
    assert found.blocks == (Block(kept=kept),)


# What stands beside the statements


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (policy(), Imported((Block(),), "", "", 0)),
        ('{"Statement": []}', Imported((Block(),), "", "", 0)),
        ('{"Version": "1.0", "Statement": []}', Imported((Block(),), '{"Version":"1.0"}', "", 0)),
        ('{"version": "1.1", "Statement": []}', Imported((Block(),), '{"version":"1.1"}', "", 0)),
        (policy(depends=[], Sid=1), Imported((Block(),), '{"depends":[],"Sid":1}', "", 0)),
        (role("a name"), Imported((Block(ticked(actions={"ecs:servers:list"})),), "", "a name", 1)),
        (role(5), Imported((Block(ticked(actions={"ecs:servers:list"})),), "", "", 1)),
    ],
)
def test_name_and_other_keys_are_taken_over(text, expected):
    assert imported(text, catalog(operation("iam/a/b", "iam:a:b"))) == expected


@pytest.mark.parametrize(
    "text",
    [
        "5",
        "{}",
        '{"statement": []}',
        '{"Statement": [], "statement": []}',
        '{"Statement": [], "Statement": []}',
        '{"Version": "1.1", "Version": "1.1", "Statement": []}',
        '{"Statement": {"Effect": "Allow", "Action": ["ecs:servers:list"]}}',
        '{"Statement": 5}',
        '{"role": {"display_name": "name"}}',
    ],
)
def test_without_one_list_of_statements_there_is_nothing_to_edit(text):
    with pytest.raises(CannotEditError, match=f"^{re.escape(NOT_ONE_LIST)}$"):
        imported(text)


def test_so_many_blocks_can_be_edited_and_no_more():
    other = [allow("ecs:servers:list"), deny("ecs:servers:get")]

    assert len(imported(policy(*other * (MAX_BLOCKS // 2))).blocks) == MAX_BLOCKS
    assert len(imported(policy(*[other[0]] * 500)).blocks) == 1
    with pytest.raises(CannotEditError, match="20 different statements at most; this policy has 21"):
        imported(policy(*other * (MAX_BLOCKS // 2), other[0]))


# Laws: a second reader, as plain as can be, of what a policy means.


def covers(pattern, name):
    """By a regular expression, where the pattern is an action; anything else stands for itself."""
    if not re.fullmatch(r"[a-z0-9_*-]+(:[A-Za-z0-9_*-]+){2}", pattern):
        return pattern == name
    service, rest = (re.escape(part).replace(r"\*", "[^:]*") for part in pattern.split(":", 1))
    return re.fullmatch(f"{service}:(?i:{rest})", name) is not None


def is_plain(statement):
    """Whether it says something about each of its actions by itself."""
    if not isinstance(statement, dict) or not statement.keys() <= {"Effect", "Action", "Resource", "Condition"}:
        return False
    names = statement.get("Action")
    return bool(names) and isinstance(names, list) and all(isinstance(name, str) for name in names)


def meaning(text, names):
    """Name -> what the plain statements that match it say beside their actions; and all other statements, counted."""
    said, others = defaultdict(set), Counter()
    for statement in json.loads(text)["Statement"]:
        if not is_plain(statement):
            others[json.dumps(statement, sort_keys=True)] += 1
            continue
        rest = json.dumps({key: statement[key] for key in statement if key != "Action"}, sort_keys=True)
        for name in names:
            if any(covers(pattern, name) for pattern in statement["Action"]):
                said[name].add(rest)
    return dict(said), others


def names_of(of, *texts):
    """The catalogue's actions, those that the texts name, and for each wildcard one that only it can mean."""
    named = {
        name
        for text in texts
        for statement in json.loads(text)["Statement"]
        if is_plain(statement)
        for name in statement["Action"]
    }
    return {*of.action_index.actions, *(name.replace("*", star) for name in named for star in ("x9", ""))}


def same_meaning(of, before, after):
    names = names_of(of, before, after)
    return meaning(before, names) == meaning(after, names)


@st.composite
def texts(draw, of):
    """A policy with runs of statements that differ in their actions only, and with odd keys."""
    body = draw(policies(of))
    runs = [
        [{**statement, "Action": names} for names in draw(st.lists(st.lists(some, min_size=1), max_size=3))]
        for statement in body["Statement"]
        if is_plain(statement)
        for some in [st.sampled_from([*NAMES, *WILDCARDS, *of.action_index.actions])]
    ]
    body["Statement"] += [statement for run in runs for statement in run][: draw(st.integers(0, 8))]
    body |= draw(st.sampled_from([{}, {}, {"depends": []}, {"Version": "1.0", "description": "x"}, {"version": 1.0}]))
    return json.dumps(body)


@st.composite
def cases_of_texts(draw):
    of = draw(catalogs())
    return of, draw(texts(of))


@law
@given(cases_of_texts())
@example((SMALL, policy(allow("ecs:servers:*"), deny("ecs:servers:create", "vpc:*:create"))))
def test_what_was_read_is_written_with_the_same_meaning(case):
    of, text = case
    found = imported(text, of)

    after = written(of, found)

    assert same_meaning(of, text, after)
    others = {key: value for key, value in json.loads(text).items() if key != "Statement"}
    assert {key: value for key, value in json.loads(after).items() if key != "Statement"} == {"Version": "1.1"} | others


@law
@given(cases_of_texts())
def test_reading_again_changes_nothing_more(case):
    of, text = case
    first = written(of, imported(text, of))
    second = imported(first, of)

    third = imported(written(of, second), of)

    assert written(of, second) == first
    assert third == second


@law
@given(cases_of_texts())
def test_ticked_is_what_the_block_allows_by_itself(case):
    of, text = case
    for block in imported(text, of).blocks:
        if block.kept or block.effect is Effect.DENY:
            continue
        alone = Block(block.selection)
        names = [name for each in compile_blocks(of, [alone]).document.statements for name in each.actions]

        allowed = what_allows(of, compile_blocks(of, [alone]).document).allowed

        assert block.selection.operations == allowed
        works = {
            (id_, way.slug)
            for id_ in allowed
            for way in of.operation(id_).options
            if all(any(covers(name, needed) for name in names) for needed in (*way.actions, *way.dependencies))
        }
        pairs = {(id_, way.slug) for id_ in allowed for way in of.operation(id_).options}
        assert block.selection.options_off == pairs - works


@law
@given(cases(), st.sampled_from(Effect), st.sampled_from([(), MFA_READ]), st.sampled_from([(), ("OBS:*:*:a:b",)]))
def test_a_block_that_was_written_is_read_as_one_block(case, effect, conditions, resources):
    of, selection = case
    compiled = compile_blocks(of, [Block(selection, effect, "label", conditions, resources)])

    found = imported(compiled.text, of)

    assert len(found.blocks) == 1
    assert written(of, found) == compiled.text
    if not compiled.empty:
        (block,) = found.blocks
        assert (block.effect, block.conditions, block.resources) == (effect, conditions, resources)
        assert (
            effect is Effect.DENY
            or block.selection.operations == what_allows(of, compile_blocks(of, [Block(selection)]).document).allowed
        )


@pytest.mark.parametrize("name", SYSTEM_POLICIES)
def test_system_policies_keep_their_meaning(name):
    of = real_catalog()
    text = policy(allow(*SYSTEM_POLICIES[name]))
    found = imported(text, of)

    after = written(of, found)

    assert same_meaning(of, text, after)
    assert len(found.blocks) == 1
    assert {s["Effect"] for s in json.loads(after)["Statement"]} == {"Allow"}
    assert set(found.blocks[0].selection.actions) >= {n for n in SYSTEM_POLICIES[name] if "*" in n}


def test_damaged_policies_are_refused_or_keep_their_meaning():
    of = real_catalog()
    read_through = 0
    for text in documents(7, 200):
        root = read(text).root
        for found in find_policies(root) if root else ():
            try:
                blocks = read_blocks(of, found)
            except CannotEditError:
                continue
            after = written(of, blocks)
            read_through += 1
            assert written(of, imported(after, of)) == after
            assert same_meaning(of, json.dumps(to_python(found.body)), after)
    assert read_through > 50
