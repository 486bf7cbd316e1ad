import json

import pytest
from hypothesis import given

from policybuilder.domain.access.operations import OperationAccess
from policybuilder.domain.building.blocks import Block, block_grants, kept_node
from policybuilder.domain.building.closure import Grant
from policybuilder.domain.building.compiler import CompiledBlock, compile_blocks
from policybuilder.domain.building.selection import Selection
from policybuilder.domain.catalog.entries import UnknownOperation
from policybuilder.domain.catalog.scope import PolicyScope, Verdict
from policybuilder.domain.findings import Severity
from policybuilder.domain.jsontext.source import read
from policybuilder.domain.jsontext.writer import write, write_compact
from policybuilder.domain.policy.document import MAX_STATEMENTS, Condition, Document, Effect, Size, Statement, dump
from policybuilder.domain.policy.reading import measure_body, to_document
from policybuilder.domain.rules import iam_policy, own_selected
from tests.builders import catalog, operation, option, published, real_catalog
from tests.domain.strategies import law
from tests.domain.whole_policies import policies_of_blocks

LIST, ATTACH, SHOW = "ecs/servers/list", "ecs/disks/attach", "ecs/servers/show"

SMALL = catalog(
    operation(LIST, "ecs:servers:list", needs=["evs:volumes:get"]),
    operation(ATTACH, "ecs:disks:attach", needs=["evs:volumes:get", "evs:volumes:use"]),
    operation(SHOW, "ecs:servers:show"),
    actions=[published("evs:volumes:get", "yes"), published("evs:volumes:use", "yes")],
)
MFA = Condition("Bool", "g:MFAPresent", ("true",))
OPS = Condition("StringStartWith", "g:UserName", ("ops-", "dev-"))
ADMIN = Condition("StringStartWith", "g:DomainName", ("a",))
KEPT = '{"Effect":"Deny","NotAction":["ecs:servers:list","ecs:servers:show"],"Sid":1.50}'


def ticked(*ids, **rest):
    return Selection(frozenset(ids), **{name: frozenset(values) for name, values in rest.items()})


def allow(*ids, **rest):
    return Block(ticked(*ids), **rest)


def deny(*ids, **rest):
    return Block(ticked(*ids), Effect.DENY, **rest)


def single(*actions, **rest):
    return Block(ticked(actions=actions), **rest)


def listed(policy):
    return json.loads(policy.text)["Statement"]


def codes(policy):
    return [each.finding.code for each in policy.findings]


def refusals(policy):
    return [each.finding for each in policy.findings if each.finding.code == "PB001"]


# Whole values


def test_compile_blocks_says_everything_about_the_policy():
    allowing = Block(ticked(LIST, ATTACH, actions={"ecs:servers:show"}), label="team a")
    denying = Block(ticked(ATTACH), Effect.DENY)

    policy = compile_blocks(SMALL, [allowing, denying])

    own = Statement(Effect.ALLOW, ("ecs:disks:attach", "ecs:servers:list", "ecs:servers:show"))
    needed = Statement(Effect.ALLOW, ("evs:volumes:get", "evs:volumes:use"))
    denied = Statement(Effect.DENY, ("ecs:disks:attach",))
    grants = (
        Grant("ecs:disks:attach", True, ()),
        Grant("ecs:servers:list", True, ()),
        Grant("ecs:servers:show", True, ()),
        Grant("evs:volumes:get", False, (ATTACH, LIST)),
        Grant("evs:volumes:use", False, (ATTACH,)),
    )
    assert policy.blocks == (
        CompiledBlock(allowing, grants, (own, needed), 0, 2),
        CompiledBlock(denying, (Grant("ecs:disks:attach", True, ()),), (denied,), 2, 1),
    )
    assert policy.document == Document((own, needed, denied))
    assert policy.text == dump(policy.document)
    assert policy.size == Size(232, 3, 3)
    assert policy.scope == PolicyScope(Verdict.IAM_AND_ENTERPRISE, (), (), (), 5)
    assert policy.operations == OperationAccess((LIST, ATTACH), (SHOW,), (), frozenset({LIST, SHOW}))
    assert policy.denied_by == {ATTACH: (1,)}
    assert policy.source == read(policy.text)
    assert not policy.empty
    (finding,) = (each.finding for each in policy.findings)
    assert (finding.code, finding.severity, finding.place) == ("PB001", Severity.WARNING, "")
    assert finding.wording == own_selected.OPERATION_DENIED
    assert (finding.values["operation"], finding.values["blocks"]) == ("Attach", [2])


@pytest.mark.parametrize("blocks", [[], [Block()], [Block(conditions=(MFA,)), Block(effect=Effect.DENY)]])
def test_policy_of_nothing_is_empty(blocks):
    policy = compile_blocks(SMALL, blocks)

    assert policy.empty
    assert policy.text == dump(Document(()))
    assert policy.size == Size(32, 0, 0)
    assert codes(policy) == ["IAM.1028"]
    assert [(part.first, part.count) for part in policy.blocks] == [(0, 0)] * len(blocks)


def test_unknown_operation_is_named():
    with pytest.raises(UnknownOperation) as error:
        compile_blocks(SMALL, [Block(), allow("ecs/servers/fly")])

    assert error.value.operation_id == "ecs/servers/fly"


def test_deny_names_what_was_selected_and_no_dependencies():
    options = catalog(
        operation(
            "ecs/a/row",
            "ecs:row:make",
            needs=["evs:a:get"],
            options=[
                option("one", actions=["ecs:row:one"], needs=["evs:b:get"]),
                option("two", actions=["ecs:row:two"]),
            ],
        )
    )
    selection = ticked("ecs/a/row", options_off={("ecs/a/row", "two")}, actions={"evs:b:get", "obs:*:get"})

    assert block_grants(options, Block(selection, Effect.DENY)) == tuple(
        Grant(name, True, ()) for name in ("ecs:row:make", "ecs:row:one", "evs:b:get", "obs:*:get")
    )


# The document as text


def test_conditions_and_resources_stand_in_every_statement():
    block = allow(LIST, conditions=(MFA, OPS, ADMIN), resources=("ecs:*:*:server:a", "OBS:*:*:bucket:ä"))

    policy = compile_blocks(SMALL, [block, allow(SHOW)])

    limits = {
        "Resource": ["ecs:*:*:server:a", "OBS:*:*:bucket:ä"],
        "Condition": {
            "Bool": {"g:MFAPresent": ["true"]},
            "StringStartWith": {"g:UserName": ["ops-", "dev-"], "g:DomainName": ["a"]},
        },
    }
    assert listed(policy) == [
        {"Effect": "Allow", "Action": ["ecs:servers:list"], **limits},
        {"Effect": "Allow", "Action": ["evs:volumes:get"], **limits},
        {"Effect": "Allow", "Action": ["ecs:servers:show"]},
    ]
    assert policy.document == to_document(policy.source.root)


def test_kept_statement_is_written_unchanged_in_its_place():
    policy = compile_blocks(SMALL, [deny(SHOW), Block(kept=KEPT, label="old"), allow(SHOW)])

    assert (
        policy.text
        == """{
    "Version": "1.1",
    "Statement": [
        {
            "Effect": "Deny",
            "Action": [
                "ecs:servers:show"
            ]
        },
        {
            "Effect": "Deny",
            "NotAction": [
                "ecs:servers:list",
                "ecs:servers:show"
            ],
            "Sid": 1.50
        },
        {
            "Effect": "Allow",
            "Action": [
                "ecs:servers:show"
            ]
        }
    ]
}
"""
    )
    assert policy.blocks[1] == CompiledBlock(
        Block(kept=KEPT, label="old"),
        (),
        (Statement(Effect.DENY, (), ("ecs:servers:list", "ecs:servers:show")),),
        1,
        1,
    )
    assert policy.size.largest_statement == 2


@pytest.mark.parametrize("kept", ["5", '"Allow"', "[]", "{}", '{"Effect":"Permit","Action":["ecs:servers:list"]}'])
def test_kept_statement_without_meaning_is_counted_and_written(kept):
    policy = compile_blocks(SMALL, [allow(SHOW), Block(kept=kept)])

    assert listed(policy) == [{"Effect": "Allow", "Action": ["ecs:servers:show"]}, json.loads(kept)]
    assert policy.document == Document((Statement(Effect.ALLOW, ("ecs:servers:show",)),))
    assert policy.size == measure_body(policy.source.root)
    assert (policy.blocks[1].statements, policy.blocks[1].first, policy.blocks[1].count) == ((), 1, 1)


def test_a_policy_in_a_string_of_what_is_kept_stays_a_string():
    kept = '{"policy":"{\\"Statement\\":[]}","Effect":"Allow"}'

    assert write_compact(kept_node(kept)) == kept


@pytest.mark.parametrize("text", ["", "{", "{'Effect': 'Allow'}", '{"a": 1,}', "{} {}", '{"Sid": "\\ud800"}'])
def test_what_is_no_json_cannot_be_kept(text):
    with pytest.raises(ValueError, match="must be JSON"):
        kept_node(text)


@pytest.mark.parametrize(
    ("extra", "lines"),
    [
        ("", ['"Version": "1.1"', '"Statement": []']),
        ('{"Version":"1.0"}', ['"Version": "1.0"', '"Statement": []']),
        ('{"depends":[],"Sid":{"a":1.50}}', ['"Version": "1.1"', '"Statement": []', '"depends": []', '"Sid": {}']),
        ('{"description":"x"}', ['"description": "x"', '"Version": "1.1"', '"Statement": []']),
        ('{"version":1}', ['"Version": "1.1"', '"Statement": []', '"version": 1']),
        ('{"Statement":[5],"statement":[6]}', ['"Version": "1.1"', '"Statement": []']),
        ("[1]", ['"Version": "1.1"', '"Statement": []']),
    ],
)
def test_what_else_stands_in_the_document_is_written(extra, lines):
    policy = compile_blocks(SMALL, [], extra)

    inner = ",\n".join(f"    {line}" for line in lines)
    assert policy.text == "{\n" + inner.replace('"Sid": {}', '"Sid": {\n        "a": 1.50\n    }') + "\n}\n"


# Layout


def one_of_each(*services):
    return [f"{name}:servers:list" for name in services]


def services(policy):
    """Of each statement of each block."""
    return [
        ["+".join(dict.fromkeys(name.partition(":")[0] for name in each.actions)) for each in part.statements]
        for part in policy.blocks
    ]


@pytest.mark.parametrize(
    ("blocks", "expected"),
    [
        (["abcd", "efgh"], [["a", "b", "c", "d"], ["e", "f", "g", "h"]]),
        (["abcde", "fghi"], [["a+b", "c", "d", "e"], ["f", "g", "h", "i"]]),
        (["abcdef", "ghi"], [["a+b", "c", "d", "e", "f"], ["g", "h", "i"]]),
        (["abcdefghi"], [["a+b", "c", "d", "e", "f", "g", "h", "i"]]),
        (["abcdefghi", "a"], [["a+b", "c+d", "e", "f", "g", "h", "i"], ["a"]]),
        (["ab"] * 5, [["a+b"], ["a+b"], ["a", "b"], ["a", "b"], ["a", "b"]]),
        (["ab"] * 9, [["a+b"]] * 9),
        (["", "ab"], [[], ["a", "b"]]),
    ],
)
def test_services_share_a_statement_only_where_the_limit_asks_for_it(blocks, expected):
    found = compile_blocks(SMALL, [single(*one_of_each(*each)) for each in blocks])

    assert services(found) == expected
    assert ("IAM.1028" in codes(found)) is (sum(map(len, expected)) > MAX_STATEMENTS)


def test_kept_statements_take_their_room():
    kept = Block(kept=KEPT)

    assert services(compile_blocks(SMALL, [*[kept] * 6, single(*one_of_each("a", "b"))]))[-1] == ["a", "b"]
    assert services(compile_blocks(SMALL, [*[kept] * 7, single(*one_of_each("a", "b"))]))[-1] == ["a+b"]
    assert services(compile_blocks(SMALL, [*[kept] * 9, single(*one_of_each("a", "b"))]))[-1] == ["a+b"]


def test_statement_holds_no_more_than_a_hundred_actions():
    many = [f"ecs:servers:get{at:03}" for at in range(201)]

    found = compile_blocks(SMALL, [single(*many), *(single(*one_of_each("ab"[at % 2])) for at in range(6))])

    assert [len(each.statements) for each in found.blocks] == [3] + [1] * 6
    assert found.size.largest_statement == 100
    assert [len(each.actions) for each in found.blocks[0].statements] == [100, 100, 1]


# Findings


@pytest.mark.parametrize(
    ("others", "denied_by", "wording"),
    [
        ([], {}, None),
        ([deny(SHOW)], {SHOW: (1,)}, None),
        ([deny(ATTACH)], {ATTACH: (1,)}, own_selected.OPERATION_DENIED),
        ([deny(ATTACH), deny(SHOW, ATTACH)], {SHOW: (2,), ATTACH: (1, 2)}, own_selected.OPERATION_DENIED),
        ([deny(ATTACH, conditions=(MFA,))], {ATTACH: (1,)}, None),
        ([deny(ATTACH, resources=("OBS:*:*:a:b",))], {ATTACH: (1,)}, None),
        ([single("ecs:d*:*", effect=Effect.DENY)], {ATTACH: (1,)}, own_selected.OPERATION_DENIED),
        ([Block(kept=KEPT)], {ATTACH: (1,)}, own_selected.OPERATION_DENIED),
        ([Block(kept='{"Effect":"deny","Action":"ecs:disks:attach"}')], {ATTACH: (1,)}, own_selected.OPERATION_DENIED),
        ([Block(kept='{"Effect":"Allow","NotAction":["ecs:disks:attach"]}')], {}, None),
        ([single("evs:volumes:get", effect=Effect.DENY)], {}, own_selected.DENIED),
    ],
)
def test_selected_operation_that_is_denied_is_named(others, denied_by, wording):
    policy = compile_blocks(SMALL, [allow(ATTACH), *others])

    assert policy.denied_by == denied_by
    said = [(each.wording, each.values["operation"], each.values["blocks"]) for each in refusals(policy)]
    blocks = [at + 1 for at in denied_by.get(ATTACH, (1,))]
    assert said == ([(wording, "Attach", blocks)] if wording else [])


@pytest.mark.parametrize(
    ("blocks", "expected"),
    [
        ([allow("ecs/a/ping")], [("IAM.1028", iam_policy.SELECTED_ARE_FREE)]),
        (
            [deny("ecs/a/ping")],
            [("IAM.1028", iam_policy.SELECTED_ARE_FREE), ("PB051", own_selected.CANNOT_BE_DENIED)],
        ),
        ([Block()], [("IAM.1028", iam_policy.NOTHING_IS_SELECTED)]),
        ([allow("ecs/a/ping", "ecs/a/list")], []),
    ],
)
def test_what_needs_no_authorization_is_told(blocks, expected):
    free = catalog(
        operation("ecs/a/ping", title="Ping"),
        operation("ecs/a/list", "ecs:a:list"),
    )
    findings = [each.finding for each in compile_blocks(free, blocks).findings]

    assert [(each.code, each.wording) for each in findings if each.code in {"IAM.1028", "PB051"}] == expected


IMAGE, LISTED = "ims/images/create", ["obs:buckets:*", "obs:objects:*"]
WILD = catalog(
    operation(IMAGE, "ims:images:create", title="Create", needs=LISTED),
    operation("obs/buckets/show", "obs:buckets:get", access="read"),
    operation("obs/buckets/empty", "obs:buckets:empty", access="write"),
)


@pytest.mark.parametrize(
    ("selection", "denied", "reasons"),
    [
        ({}, ["obs:buckets:empty"], [(own_selected.PERHAPS_DENIED_IN_PART, ["obs:buckets:*"], [2])]),
        ({}, ["obs:b*:*"], [(own_selected.DENIED, ["obs:buckets:*"], [2])]),
        ({"only_reading": LISTED[:1]}, [], [(own_selected.PERHAPS_NOT_GRANTED_AS_A_WHOLE, ["obs:buckets:*"], [])]),
        ({"without": LISTED}, ["obs:buckets:empty"], [(own_selected.NOT_GRANTED, LISTED, [])]),
        (
            {"only_reading": LISTED[:1], "without": LISTED[1:]},
            ["obs:buckets:get"],
            [(own_selected.NOT_GRANTED, LISTED[1:], []), (own_selected.DENIED_IN_PART, LISTED[:1], [2])],
        ),
    ],
)
def test_operation_may_work_with_a_part_of_a_wildcard(selection, denied, reasons):
    found = refusals(compile_blocks(WILD, [Block(ticked(IMAGE, **selection)), single(*denied, effect=Effect.DENY)]))

    assert [(each.wording, each.values["names"], each.values["blocks"]) for each in found] == reasons
    assert {each.values["operation"] for each in found} == {"Create (IMS)"}


def test_what_lacks_a_dependency_is_not_said_to_be_denied():
    selection = ticked(ATTACH, without={"evs:volumes:use"})

    policy = compile_blocks(SMALL, [Block(selection), deny(ATTACH, conditions=(MFA,))])

    assert [(finding.wording, finding.values["names"]) for finding in refusals(policy)] == [
        (own_selected.NOT_GRANTED, ["evs:volumes:use"])
    ]


def test_selected_are_only_those_of_blocks_that_allow():
    policy = compile_blocks(SMALL, [deny(LIST), allow(SHOW)])

    assert policy.operations.selected == (SHOW,)
    assert refusals(policy) == []


def test_options_of_all_allowing_blocks_count():
    ways = catalog(operation("ecs/a/row", "ecs:a:b", options=[option(o, needs=[f"evs:{o}:get"]) for o in ("x", "y")]))
    off = ticked("ecs/a/row", options_off={("ecs/a/row", "y")})
    unneeded = single("evs:*:get", effect=Effect.DENY)

    policy = compile_blocks(ways, [Block(off), unneeded])

    assert [each.missing for each in policy.operations.incomplete] == [("evs:x:get",)]


def test_findings_have_the_place_of_what_they_are_about():
    blocks = [
        single("ecs:servers:lst", "ecs:servers:list"),
        deny(ATTACH, conditions=(Condition("Bool", "g:UserName", ("true",)),)),
        Block(kept='{"Effect":"Allow","Action":["ECS:servers:list"]}'),
    ]

    policy = compile_blocks(SMALL, blocks)

    found = [
        (each.finding.code, each.finding.place, each.start and policy.text[each.start : each.end])
        for each in policy.findings
    ]
    assert found == [
        ("IAM.1036", "Statement[0].Action[1]", '"ecs:servers:lst"'),
        ("IAM.1055", 'Statement[1].Condition.Bool["g:UserName"]', '"g:UserName"'),
        ("PB003", "", None),
        ("PB013", "Statement[2].Action[0]", '"ECS:servers:list"'),
    ]
    severities = [list(Severity).index(each.finding.severity) for each in policy.findings]
    assert severities == sorted(severities)


# Laws of policies of several blocks


@law
@given(policies_of_blocks())
def test_text_is_what_the_console_prints_of_it(case):
    policy = compile_blocks(*case)

    assert policy.source == read(policy.text)
    assert policy.text == write(policy.source.root) + "\n"
    assert policy.size.characters == len(write_compact(policy.source.root))
    assert policy.size.characters == len(json.dumps(json.loads(policy.text), separators=(",", ":"), ensure_ascii=False))


@law
@given(policies_of_blocks())
def test_document_is_the_meaning_of_the_text(case):
    of, blocks, extra = case

    policy = compile_blocks(of, blocks, extra)

    assert policy.document == to_document(policy.source.root)
    assert policy.size.statements == len(listed(policy))
    assert tuple(part.block for part in policy.blocks) == tuple(blocks)
    at = 0
    for part in policy.blocks:
        found = listed(policy)[part.first : part.first + part.count]
        assert part.first == at
        assert to_document(read(json.dumps({"Statement": found})).root).statements == part.statements
        if not part.block.kept:
            assert {(s.effect, s.conditions, s.resources) for s in part.statements} <= {
                (part.block.effect, part.block.conditions, part.block.resources)
            }
        at += part.count
    assert at == policy.size.statements


@law
@given(policies_of_blocks())
def test_labels_change_nothing(case):
    of, blocks, extra = case
    unlabelled = [Block(b.selection, b.effect, "", b.conditions, b.resources, b.kept) for b in blocks]

    one, other = compile_blocks(of, blocks, extra), compile_blocks(of, unlabelled, extra)

    assert (one.text, one.findings, one.operations) == (other.text, other.findings, other.operations)


def test_everything_of_the_real_catalogue_fits_into_the_limit_of_statements():
    of = real_catalog()

    policy = compile_blocks(of, [Block(Selection().tick(of.operations)), deny(*list(of.operations)[:3])])

    assert policy.size.statements <= MAX_STATEMENTS
    assert policy.operations.allowed == set(of.operations) - set(policy.denied_by)
