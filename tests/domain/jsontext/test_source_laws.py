"""What holds for every text, and for published policies, whole and damaged."""

# Characters that are easily confused are what this is about.
# ruff: noqa: RUF001

import json
import random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from policybuilder.domain.jsontext.nodes import Array, Object, String, find, path_of, to_python, walk
from policybuilder.domain.jsontext.repair_kinds import NEEDS_CONSENT, RepairKind
from policybuilder.domain.jsontext.source import read
from tests.domain.jsontext.carriers.wrapped import UNWRAPPING
from tests.laws import examples, tried

law = tried(300)

# The system-defined policies and the role as the user guide prints them.
SHARED = "evs:volumes:delete evs:volumes:attach evs:volumes:detach evs:volumes:manage evs:volumes:update"
IMAGES = "ims:images:create ims:images:delete ims:images:get ims:images:list ims:images:update ims:images:upload"
FULL_ACCESS = (
    f"ecs:*:* evs:*:get evs:*:list evs:volumes:create {SHARED} evs:volumes:use evs:volumes:uploadImage "
    "evs:snapshots:create vpc:*:get vpc:*:list vpc:networks:create vpc:networks:update vpc:subnets:update "
    "vpc:subnets:create vpc:ports:* vpc:routers:get vpc:routers:update vpc:securityGroups:* "
    f"vpc:securityGroupRules:* vpc:floatingIps:* vpc:publicIps:* {IMAGES}"
)
COMMON_OPERATIONS = (
    "ecs:*:get* ecs:*:list* ecs:*:start ecs:*:stop ecs:*:reboot ecs:diskConfigs:use ecs:securityGroups:use "
    "ecs:serverGroups:manage ecs:serverKeypairs:* ecs:serverPasswords:manage ecs:servers:createConsole "
    "ecs:servers:createImage ecs:servers:setMetadata ecs:servers:setTags ecs:serverVolumes:use evs:*:get* evs:*:list* "
    f"evs:snapshots:create evs:volumes:uploadImage {SHARED} evs:volumes:use vpc:*:get* vpc:*:list* "
    "vpc:floatingIps:create vpc:floatingIps:update vpc:floatingIps:delete vpc:publicIps:update vpc:publicIps:delete "
    f"{IMAGES}"
)
READ_ONLY = (
    "ecs:*:get* ecs:*:list* ecs:serverGroups:manage ecs:serverVolumes:use evs:*:get* evs:*:list* vpc:*:get* "
    "vpc:*:list* ims:*:get* ims:*:list*"
)
ADMINISTRATOR = (
    f"ecs:*:* evs:*:get evs:*:list evs:volumes:create {SHARED} evs:volumes:uploadImage evs:snapshots:create vpc:*:get "
    "vpc:*:list vpc:networks:create vpc:networks:update vpc:subnets:update vpc:subnets:create vpc:routers:get "
    "vpc:routers:update vpc:ports:* vpc:privateIps:* vpc:securityGroups:* vpc:securityGroupRules:* vpc:floatingIps:* "
    f"vpc:publicIps:* vpc:bandwidths:* vpc:firewalls:* {IMAGES}"
)


def policy(**statement):
    return {"Version": "1.1", "Statement": [statement]}


PUBLISHED = {
    "ECS FullAccess": policy(Effect="Allow", Action=FULL_ACCESS.split()),
    "ECS CommonOperations": policy(Effect="Allow", Action=COMMON_OPERATIONS.split()),
    "ECS ReadOnlyAccess": policy(Effect="Allow", Action=READ_ONLY.split()),
    "Server Administrator": policy(Action=ADMINISTRATOR.split(), Effect="Allow"),
}
CONDITIONAL = {
    "Version": "1.1",
    "Statement": [
        {
            "Effect": "Deny",
            "Action": ["ecs:servers:delete"],
            "Resource": ["ECS:*:*:server:*"],
            "Condition": {"StringEquals": {"g:UserName": ["eve", 'a "b"']}, "Bool": {"g:MFAPresent": ["false"]}},
        },
        {"Effect": "Allow", "Action": ["ecs:*:get*", "ecs:*:list*"]},
    ],
}


# What JSON allows, but no action, effect or key.
IN_VALID_JSON = {RepairKind.SEVERAL_ACTIONS, RepairKind.INVISIBLE_CHARACTERS}


def strictly_valid(text):
    """What `json.loads` reads, without the constants that it takes beside JSON."""

    def refuse(name):
        raise ValueError(name)

    try:
        json.loads(text, parse_constant=refuse)
    except ValueError:
        return False
    return True


def hold_laws(text):
    source = read(text)
    assert len(source.faults) == (source.root is None)
    assert not any(repair.needs_consent for repair in source.repairs)
    edits = sorted(edit for repair in source.repairs for edit in repair.edits)
    inside, pieces, at = source.passage.text, [], 0
    for edit in edits:
        assert at <= edit.start <= edit.end
        pieces += [inside[at : edit.start], edit.text]
        at = edit.end
    assert source.repaired_text == "".join([*pieces, inside[at:]])
    assert all(bool(repair.edits) != (repair.kind in UNWRAPPING) for repair in source.repairs)
    assert all(0 <= found.offset <= len(text) for found in (*source.repairs, *source.faults))
    ids = [repair.id for repair in source.repairs]
    assert len(set(ids)) == len(ids)
    for found in (*source.repairs, *source.faults):
        assert source.position(found.offset) == (found.line, found.column)
        assert found.message.isprintable()
    if source.root is not None:
        value = to_python(source.root)
        assert repr(json.loads(source.repaired_text)) == repr(value)
        again = read(source.repaired_text)
        assert (again.repairs, again.faults, again.repaired_text) == ((), (), source.repaired_text)
        assert repr(to_python(again.root)) == repr(value)
        assert [path_of(source.root, node) for node in walk(source.root)] == [
            path_of(again.root, node) for node in walk(again.root)
        ]
    if strictly_valid(text):
        assert {repair.kind for repair in source.repairs} <= IN_VALID_JSON
        assert read(text, literal=True).repairs == ()
    for repair in source.repairs:
        refused = read(text, without={repair.id})
        assert [fault.offset for fault in refused.faults] == [repair.offset]
        assert repair.id not in {other.id for other in refused.repairs}
    for fault in source.faults:
        if not source.passage.wrapped and not any(repair.kind in UNWRAPPING for repair in source.repairs):
            hold_laws_of_readings(text, fault)
    return source


def hold_laws_of_readings(text, fault):
    """A reading mends its own place: whatever is not clear after it comes later. The first is the one of consent."""
    for reading in fault.readings:
        for found in read(reading.apply(text)).faults:
            assert found.offset >= fault.offset
            assert (found.offset, found.message) != (fault.offset, fault.message)
    consenting = read(text, consenting=True)
    made = [repair.edits for repair in consenting.repairs if repair.needs_consent]
    assert made[:1] == [reading.edits for reading in fault.readings[:1]]
    if consenting.root is not None:
        assert repr(json.loads(consenting.repaired_text)) == repr(to_python(consenting.root))


characters = st.characters(exclude_categories=["Cs"])
scalars = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(characters)
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(characters, max_size=8), inner, max_size=5),
    max_leaves=25,
)


@law
@given(values, st.sampled_from([None, 0, 1, 4, "\t"]), st.booleans(), st.booleans())
def test_what_json_writes_is_read_as_it_stands(value, indent, ensure_ascii, compact):
    separators = (",", ":") if compact else None
    text = json.dumps(value, indent=indent, ensure_ascii=ensure_ascii, separators=separators)

    source = read(text)

    assert (source.repairs, source.faults, source.duplicates, source.repaired_text) == ((), (), (), text)
    assert repr(to_python(source.root)) == repr(value)
    for node in walk(source.root):
        assert repr(json.loads(text[node.start : node.end])) == repr(to_python(node))
        assert find(source.root, path_of(source.root, node)) is node
        if isinstance(node, Object):
            for key in (member.key for member in node.members):
                assert (json.loads(text[key.start : key.end]), text[key.start : key.end]) == (key.value, key.raw)
        elif not isinstance(node, Array | String) and hasattr(node, "raw"):
            assert node.raw == text[node.start : node.end]


@law
@given(st.text() | st.text(st.characters(max_codepoint=127)))
@example("\ufeff```\n")
@example("\ud800")
def test_any_text_is_answered(text):
    hold_laws(text)


PIECES = [
    *"{}[],:\"'“”‘’«»＂，：｛｝［］ \t\n\r\\#/`-+01.eaé\xa0\u200b\ufeff\x00\x0b\ud800",
    *["\r\n", "//", "/*", "*/", "```json\n", "\n```\n", "true", "None", "NaN", "-1.5e3", "1e999", "\\u00e9", "\\ud83d"],
    *[
        "[1, 2",
        '"a"',
        '"b": ',
        "'c'",
        "“d”: ",
        "e: ",
        ", ",
        ",\n",
        '"f\n  g"',
        '{"h": 1',
        "]}",
        "ecs:servers:get",
        '"ecs:servers:get',
        '"Action": [',
        '"Effect": Deny',
        '{"Version": 1}',
        ";",
        "{}",
    ],
]


@law
@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
@example('{"x": {}a: 1}')
@example("[“a\n b”")
@example('["a" /*x*/ "b" // y')
@example("```\n```\n[1")
@example("［1 ，\ufeff// 2\n]")
def test_any_pieces_of_json_are_answered(text):
    hold_laws(text)


@law
@given(st.lists(st.sampled_from(PIECES), max_size=5).map("".join), st.data())
def test_any_pieces_within_a_policy_are_answered(piece, data):
    text = json.dumps(CONDITIONAL, indent=4)
    at = data.draw(st.integers(0, len(text)))

    hold_laws(text[:at] + piece + text[at:])


@pytest.mark.parametrize("document", PUBLISHED.values(), ids=PUBLISHED)
@pytest.mark.parametrize("indent", [None, 4])
def test_published_policies_are_read_as_they_stand(document, indent):
    text = json.dumps(document, indent=indent)

    source = hold_laws(text)

    assert (source.repairs, source.faults, to_python(source.root)) == ((), (), document)


REWRITTEN = {
    "by a word processor": lambda text: text.replace('"', "”").replace("    ", "\xa0 \xa0 "),
    "as a Python value": lambda text: repr(json.loads(text)),
    "by a Chinese keyboard": lambda text: text.replace(",\n", "，\n").replace('": ', '"：'),
    "in a chat": lambda text: f"Try ‘this:\n\n```json\n{text}\n```\n\nAnd then tell me!",
    "without commas": lambda text: text.replace(",\n", "\n"),
    "with a comma after everything": lambda text: text.replace('"\n', '",\n').replace("]\n", "],\n"),
    "without its last bracket": lambda text: text.rstrip("} \n"),
    "as JavaScript": lambda text: (
        "// as agreed\n" + text.replace('"Version"', "Version").replace('"Statement"', "Statement")
    ),
    "with a note on every line": lambda text: text.replace("\n", "  # note: {\n"),
}


@pytest.mark.parametrize("document", PUBLISHED.values(), ids=PUBLISHED)
@pytest.mark.parametrize("rewrite", REWRITTEN.values(), ids=REWRITTEN)
def test_published_policies_survive_what_people_do_to_them(document, rewrite):
    text = rewrite(json.dumps(document, indent=4))
    assert not strictly_valid(text)

    source = hold_laws(text)

    assert to_python(source.root) == document


# Version before and after the statements, with what may stand around a document.
FORMS = {
    "document": CONDITIONAL,
    "document, Version last": dict(reversed(CONDITIONAL.items())),
    "role": {"role": {"display_name": "a", "type": "XA", "policy": CONDITIONAL, "description": "b"}},
    "list": [CONDITIONAL, policy(Effect="Allow", Action=["a:b:c"])],
    "answer to a listing": {"roles": [{"display_name": "a", "policy": CONDITIONAL}], "links": {}},
    "list of an action": policy(Action=["a:b:c"], Effect="Deny"),
}


@pytest.mark.parametrize("document", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize(("before", "indent"), [("", None), ("", 4), ("```json\n", 4)])
def test_a_text_that_is_cut_off_is_never_taken_for_another_one(document, before, indent):
    """Wherever it ends: it is read as what it was, or not at all. What it likely is can be had by consent."""
    text = before + json.dumps(document, indent=indent)

    for end in range(len(text)):
        source = read(text[:end])
        assert source.root is None or to_python(source.root) == document, text[:end]
        for reading in (reading for fault in source.faults for reading in fault.readings):
            assert read(reading.apply(text[:end])).faults == ()


@pytest.mark.parametrize("document", [*FORMS.values(), *PUBLISHED.values()], ids=[*FORMS, *PUBLISHED])
@pytest.mark.parametrize("indent", [None, 4])
def test_a_text_that_lacks_a_bracket_is_never_taken_for_another_one(document, indent):
    """Of a ] it is told where it most likely stood."""
    text = json.dumps(document, indent=indent)

    for at, char in enumerate(text):
        if char in "[]{}":
            lacking = text[:at] + text[at + 1 :]
            root = read(lacking).root
            assert root is None or to_python(root) == document, lacking
            if char == "]":
                assert to_python(read(lacking, consenting=True).root) == document, lacking


word = st.text(st.characters(exclude_categories=["Cc", "Cs", "Z"], exclude_characters='"\\'), min_size=1)


@law
@given(word, word, st.sampled_from(["\n", "\r\n", "\r", " \n    "]), st.sampled_from(["", "Action", "Condition"]))
def test_a_line_break_in_a_value_is_never_read_as_one_thing_only(before, after, line_break, key):
    """Of actions alone it is known what stood there: nothing."""
    root = read(f'{{"{key}": ["{before}{line_break}{after}"]}}').root

    assert root is None or (key, to_python(root)) == ("Action", {"Action": [before + after]})


# Two of the ways in which samples on public pages are broken, each with what it becomes.
BROKEN = {
    "trailing comma": (
        '{\n    "Action": [\n        "ecs:servers:delete",\n    ]\n}',
        ["trailing-comma-46"],
        {"Action": ["ecs:servers:delete"]},
    ),
    "missing comma": (
        '{ \n  "Action": [ \n    "ecs:servers:get" \n    "ecs:servers:list" \n  ] \n}',
        ["missing-comma-39"],
        {"Action": ["ecs:servers:get", "ecs:servers:list"]},
    ),
}


@pytest.mark.parametrize(("text", "repairs", "value"), BROKEN.values(), ids=BROKEN)
def test_broken_samples_are_repaired(text, repairs, value):
    source = hold_laws(text)

    assert [repair.id for repair in source.repairs] == repairs
    assert to_python(source.root) == value


def test_a_broken_sample_that_can_be_meant_in_two_ways_is_offered_in_both():
    text = '{\n  "Resource": [\n    "OBS:*:*:object:my-bucket/my-object\n     /*"\n  ]\n}'

    source = hold_laws(text)

    assert [to_python(read(reading.apply(text)).root) for reading in source.faults[0].readings] == [
        {"Resource": ["OBS:*:*:object:my-bucket/my-object/*"]},
        {"Resource": ["OBS:*:*:object:my-bucket/my-object /*"]},
    ]


def damaged(text, chance):
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(text) + 1)
        insert = "" if chance.random() < 0.4 else chance.choice("{}[],:\"'\n \\/#0a\u201c\u201d\xa0")
        text = text[:at] + insert + text[at + chance.randint(0, 1) :]
    return text


def test_damaged_policies_are_answered():
    """Few of them long: each is read once more for every repair."""
    chance = random.Random(1101)
    short = [json.dumps(CONDITIONAL, indent=2), json.dumps(CONDITIONAL)] * examples(4_700)
    long = [json.dumps(document, indent=4) for document in PUBLISHED.values()] * examples(150)

    sources = [hold_laws(damaged(text, chance)) for text in short + long]

    repaired = [source for source in sources if source.repairs and source.root]
    faulty = [source for source in sources if source.faults]
    likely = [source for source in faulty if source.faults[0].readings]
    # Not by how many: only that the laws had something to hold for.
    whole = len(sources) - len(repaired) - len(faulty)
    assert min(len(repaired), len(faulty), len(likely), whole) > examples(200)
    assert {repair.kind for source in repaired for repair in source.repairs} >= {
        RepairKind.TRAILING_COMMA,
        RepairKind.MISSING_COMMA,
        RepairKind.TYPOGRAPHIC_QUOTES,
        RepairKind.SPACES,
        RepairKind.COMMENTS,
        RepairKind.BROKEN_STRING,
        RepairKind.MISSING_BRACKETS,
    }
    assert {repair.kind for each in likely for repair in read(each.text, consenting=True).repairs} >= (
        NEEDS_CONSENT - UNWRAPPING
    )
