"""What a policy may be wrapped in, by example, and what stands beside it and is none of that."""

import json
from functools import reduce

import pytest

from policybuilder.domain.jsontext.carriers import carrier, escaped
from policybuilder.domain.jsontext.carriers.unwrapping import LEAVE_OUT, MANY_LAYERS
from policybuilder.domain.jsontext.nodes import to_python
from policybuilder.domain.jsontext.repair_kinds import WORDING, RepairKind
from policybuilder.domain.jsontext.source import read
from policybuilder.domain.jsontext.strings import CONTROL_CHARACTER

from .wrapped import (
    DOCUMENT,
    PLAIN,
    UNWRAPPING,
    WRAPPINGS,
    fenced,
    greeted,
    in_a_command,
    in_a_string,
    in_a_string_without_quotes,
    in_source_of_a_page,
    quoted_mail,
)

AROUND = WORDING[RepairKind.AROUND].done
MAIL = "Removed the marks of a quoted mail (>) in front of the lines."
ENTITIES = WORDING[RepairKind.ENTITIES].done
COMMAND = WORDING[RepairKind.COMMAND].done
ESCAPED = WORDING[RepairKind.ESCAPED].done
STRING = WORDING[RepairKind.POLICY_STRING].done
BEFORE, AFTER = (WORDING[RepairKind.FENCE].done.format(what=what) for what in ("before", "after"))
ROLE = {"display_name": "x", "type": "XA", "description": "d"}


def summary(source):
    return [(repair.id, repair.line, repair.column, repair.message) for repair in source.repairs]


def faults(source):
    return [(fault.line, fault.column, fault.message) for fault in source.faults]


# text, and of each repair: id, line, column, message
UNWRAPPED = {
    "a mail that was answered": (
        f"On Monday, Anna wrote:\n{quoted_mail(PLAIN)}\n\nDone.",
        [("around-0", 1, 1, AROUND), ("mail-quotes-23", 2, 1, MAIL)],
    ),
    "a mail that was answered twice": (quoted_mail(quoted_mail(PLAIN)), [("mail-quotes-0", 1, 1, MAIL)]),
    "a mail with marks without a space": (
        "\n".join(f">{line}" for line in PLAIN.split("\n")),
        [("mail-quotes-0", 1, 1, MAIL)],
    ),
    "a mail with prose behind more marks": (
        f"> > Hi!\n>\n{quoted_mail(PLAIN)}",
        [("mail-quotes-0", 1, 1, MAIL), ("around-4", 1, 5, AROUND)],
    ),
    "tildes as a fence": (
        f"Look:\n~~~~ json\n{PLAIN}\n~~~~\nBye",
        [("fence-6", 2, 1, BEFORE), ("fence-364", 24, 1, AFTER)],
    ),
    "a fence within a longer one": (
        f"````\n{fenced(PLAIN)}\n````",
        [
            ("fence-0", 1, 1, BEFORE),
            ("fence-5", 2, 1, BEFORE),
            ("fence-361", 24, 1, AFTER),
            ("fence-365", 25, 1, AFTER),
        ],
    ),
    "a greeting and a signature": (greeted(PLAIN), [("around-0", 1, 1, AROUND)]),
    "an assignment": (f"policy = {PLAIN}", [("around-0", 1, 1, AROUND)]),
    "a constant": (f"const policy: Policy = {PLAIN};\n", [("around-0", 1, 1, AROUND)]),
    "a module": (f"export default {PLAIN};", [("around-0", 1, 1, AROUND)]),
    "single quotes around it all": (f"'{PLAIN}'", [("around-0", 1, 1, AROUND)]),
    "double quotes around it all": (f'"{PLAIN}"', [("around-0", 1, 1, AROUND)]),
    "backticks around it all": (f"`{PLAIN}`", [("around-0", 1, 1, AROUND)]),
    "text behind it only": (f"{PLAIN}\n-- \nAnna", [("around-348", 22, 1, AROUND)]),
    "the source of a page": (in_source_of_a_page(PLAIN), [("entities-4", 2, 3, ENTITIES)]),
    "decimal entities": (PLAIN.replace("&", "&#38;").replace('"', "&#034;"), [("entities-4", 2, 3, ENTITIES)]),
    "hexadecimal entities": (PLAIN.replace("&", "&#x26;").replace('"', "&#x22;"), [("entities-4", 2, 3, ENTITIES)]),
    "a string": (in_a_string(PLAIN), [("escaped-6", 1, 7, ESCAPED)]),
    "a string without its quotes": (in_a_string_without_quotes(PLAIN), [("escaped-5", 1, 6, ESCAPED)]),
    "a string on its lines": (
        PLAIN.replace("\\", "\\\\").replace('"', '\\"'),
        [("escaped-4", 2, 3, ESCAPED)],
    ),
    "a string three times": (in_a_string(in_a_string(in_a_string(PLAIN))), [("escaped-15", 1, 16, ESCAPED)]),
    "a string of ASCII": (json.dumps(PLAIN).replace('\\"', "\\u0022"), [("escaped-6", 1, 7, ESCAPED)]),
    "a string after its name": (
        f"policy: {in_a_string(PLAIN)}",
        [("around-0", 1, 1, AROUND), ("escaped-14", 1, 15, ESCAPED)],
    ),
}


@pytest.mark.parametrize(("text", "repairs"), UNWRAPPED.values(), ids=UNWRAPPED)
def test_a_policy_is_taken_out_of_what_it_was_wrapped_in(text, repairs):
    source = read(text)

    assert faults(source) == []
    assert to_python(source.root) == DOCUMENT
    assert summary(source) == repairs


def test_entities_of_all_kinds_become_their_characters():
    source = read("{\n&nbsp;&quot;Statement&quot;: [&quot;&auml; &#8364; &amp;amp; &lt;b&gt; &nosuch; &&quot;]}")

    assert [repair.kind for repair in source.repairs] == ["spaces", "entities"]
    assert to_python(source.root) == {"Statement": ["ä € &amp; <b> &nosuch; &"]}


def test_both_halves_of_a_character_stay_together_in_a_string():
    source = read('{\\"Statement\\": [\\"\\ud83d\\ude00 \\\\ud83d\\\\ude00 \\u00e9 \\/ \\\'\\"]}')

    assert to_python(source.root) == {"Statement": ["😀 😀 é / '"]}


@pytest.mark.parametrize("wrap", WRAPPINGS.values(), ids=WRAPPINGS)
def test_each_unwrapping_can_be_refused_and_is_then_a_fault_in_its_place(wrap):
    text = wrap(PLAIN)

    for repair in read(text).repairs:
        refused = read(text, without={repair.id})

        assert [(fault.line, fault.column) for fault in refused.faults] == [(repair.line, repair.column)]
        assert refused.root is None
        assert repair.id not in {each.id for each in refused.repairs}


def test_every_kind_of_unwrapping_has_an_example():
    texts = [
        f"\ufeff{fenced(PLAIN)}",
        *(text for text, _ in UNWRAPPED.values()),
        *(w(PLAIN) for w in WRAPPINGS.values()),
    ]
    texts += [json.dumps({**ROLE, "policy": PLAIN})]
    kinds = {repair.kind for text in texts for repair in read(text).repairs}

    assert kinds == UNWRAPPING - {RepairKind.AROUND_UNCLEAR}


# What stands in the text as it was pasted


def test_repairs_and_findings_in_a_wrapping_have_the_places_of_the_pasted_text():
    text = "Hi,\n> {\n>   'Version': '1.1',\n>   'Statement': [{'Effect': 'Allow', 'Action': ['ecs:*:get',]}]\n> }\n"

    source = read(text)

    assert [(repair.id, repair.line, repair.column) for repair in source.repairs] == [
        ("around-0", 1, 1),
        ("mail-quotes-4", 2, 1),
        ("single-quotes", 3, 5),
        ("trailing-comma-90", 4, 61),
    ]
    statement = source.root.get("Statement").items[0]
    assert source.position_of(statement) == (4, 19)
    assert source.text[source.passage.origin(statement.get("Action").start) :].startswith("['ecs:*:get',]")


@pytest.mark.parametrize("wrap", WRAPPINGS.values(), ids=WRAPPINGS)
def test_a_fault_in_a_wrapping_has_its_place_in_the_pasted_text(wrap):
    text = wrap(PLAIN.replace("Allow", "=HERE="))
    broken = text.replace("=HERE=", "Allow").replace("ecs:cloudServers:get", "ecs:cloudServers:get\x01")

    found = faults(read(broken))

    assert len(found) == 1
    line, column, message = found[0]
    if "Terraform" not in message:
        assert message == CONTROL_CHARACTER.message.format(code=1)
        assert broken.split("\n")[line - 1][column - 1] == "\x01"


def test_what_is_likely_in_a_wrapping_is_offered_without_it():
    text = f"Hello,\n{PLAIN[:-2].replace('Version', 'version')}"

    source = read(text)

    assert [fault.message for fault in source.faults] == [WORDING[RepairKind.CUT_OFF].problem]
    taken = source.faults[0].readings[0].apply(text)
    assert taken == PLAIN.replace("Version", "version").replace("\n}", "}")
    assert to_python(read(text, consenting=True).root) == to_python(read(taken).root)


# Text around a policy that may say something


TELLING = {
    "an action": ("please allow ecs:cloudServers:delete too:\n", "", "ecs:cloudServers:delete"),
    "an action at the end of a sentence": ("It lacks ecs:cloudServers:delete.\n", "", "ecs:cloudServers:delete."),
    "a wildcard": ("", "\nand ecs:*", "ecs:*"),
    "a key of a condition": ("only where g:MFAPresent is true\n", "", "g:MFAPresent"),
    "an effect": ("Deny instead:\n", "", "Deny"),
    "an effect as a key": ("", "\neffect = deny", "effect"),
    "a condition": ("The Condition is gone.\n", "", "Condition"),
    "a statement": ("", "\nand the same Statement once more", "Statement"),
    "a bracket": ("[EXTERN] Hello,\n", "", "["),
    "brackets behind it": ("", "\n{as agreed}", "{"),
    "an action around a fence": ("without ecs:cloudServers:get\n```\n", "\n```", "ecs:cloudServers:get"),
    "brackets around a fence": ("[1]\n~~~\n", "\n~~~\n[2]", "["),
    "an action around a command": ("ecs:a:b\n" + in_a_command("")[:-1], "'", "ecs:a:b"),
    "an action among Terraform": ("ecs:a:b\nlocals {\n a = jsonencode(", ")\n}\n", "ecs:a:b"),
}


@pytest.mark.parametrize(("before", "after", "what"), TELLING.values(), ids=TELLING)
def test_text_that_may_say_what_is_to_be_allowed_is_left_out_with_consent_only(before, after, what):
    inside = PLAIN.replace("'", "’")
    text = before + inside + after

    source = read(text)

    assert source.root is None
    said = WORDING[RepairKind.AROUND_UNCLEAR].problem.format(what=f"“{what}”")
    assert [fault.message for fault in source.faults] == [said]
    assert source.text[source.faults[0].offset :].startswith(what)
    reading = source.faults[0].readings[0]
    assert reading.title == LEAVE_OUT
    expected = json.loads(inside)
    assert to_python(read(reading.apply(text), consenting=True).root) == expected
    consenting = read(text, consenting=True)
    assert to_python(consenting.root) == expected
    assert [repair.needs_consent for repair in consenting.repairs if repair.kind is RepairKind.AROUND_UNCLEAR] == [True]


# Texts that look alike and are not mended in this way: the fault of each.
TRAPS = {
    "a statement beside its key": '"Statement": [{"Effect": "Allow", "Action": ["ecs:*:get"]}]',
    "a policy without its first bracket": '"Version": "1.1", "Statement": [{"Effect": "Allow"}]}',
    "a policy within what is broken": '{"name": nothing, "policy": {"Version": "1.1", "Statement": []}}',
    "a role without its first bracket": f'"role": {{"policy": {PLAIN}}}}}',
    "a key in other quotes": f"“policy” : {PLAIN}",
    "a comma behind it": f"{PLAIN},",
    "members behind it": f'"policy": {PLAIN}, "type": "XA"',
    "text behind a bracket that is missing": f'{PLAIN[:-2]}\n "x": "y',
    "a mail with a line that somebody put in": quoted_mail(PLAIN)
    .replace("> ],\n", '> ,\n "ecs:cloudServers:delete"\n> ],\n')
    .replace('>         "ecs:cloudServers:get"', '>         "ecs:cloudServers:get",\n  "ecs:cloudServers:delete"'),
    "a mail with a line of another mail": quoted_mail(PLAIN).replace(">   }", "> >   }").replace(">     {", "> >  {"),
    "a mail that begins before its marks": "{\n" + quoted_mail(PLAIN[2:]),
    "entities beside real quotes": '{&quot;Version&quot;: "1.1", &quot;Statement&quot;: []}',
    "a string with a quote of its own": '{\\"Version\\": "1.1", \\"Statement\\": []}',
    "a string with an escape that is none": '{\\"Version\\": \\"\\q\\", \\"Statement\\": []}',
    "a command without data": "curl -X GET https://iam.example.com/policy",
    "a command in prose with a variable": 'I ran curl -d "{\\"Version\\": \\"$V\\", \\"Statement\\": []}" there.',
    "a word before brackets that hold no policy": "Hello {world}",
    "nothing but prose": "Effect, Action, policy",
}


@pytest.mark.parametrize("text", TRAPS.values(), ids=TRAPS)
def test_what_is_not_certain_is_no_policy(text):
    source = read(text)

    assert source.root is None
    assert [fault.readings for fault in source.faults] == [()]


VALUES = [
    "&quot;a&quot; &amp; b",
    '{\\"Version\\": 1}',
    "> {\n> }",
    "```\n{}\n```",
    "curl -d '{}'",
    'resource "a" "b" {\n}',
    "jsonencode({ Statement = [] })",
    '{"Statement": []}',
]


@pytest.mark.parametrize("value", VALUES)
def test_no_form_is_looked_for_in_the_values_of_json(value):
    text = json.dumps({**DOCUMENT, "Id": value, "policy": {"a": value}}, indent=1)

    source = read(text)

    assert (source.repairs, source.faults, source.repaired_text) == ((), (), text)


# A role's policy as a string


@pytest.mark.parametrize(
    ("text", "value", "repairs"),
    [
        (json.dumps({**ROLE, "policy": PLAIN}), {**ROLE, "policy": DOCUMENT}, [("policy-string-66", 1, 67, STRING)]),
        (
            json.dumps({"role": {**ROLE, "policy": PLAIN}}),
            {"role": {**ROLE, "policy": DOCUMENT}},
            [("policy-string-75", 1, 76, STRING)],
        ),
        (
            json.dumps({"roles": [{"policy": PLAIN}, {"policy": DOCUMENT}, {"policy": " {}"}]}),
            {"roles": [{"policy": DOCUMENT}, {"policy": DOCUMENT}, {"policy": {}}]},
            [("policy-string-22", 1, 23, STRING), ("policy-string-691", 1, 692, STRING)],
        ),
        (
            json.dumps([{"policy": json.dumps(PLAIN)}]),
            [{"policy": DOCUMENT}],
            [("policy-string-12", 1, 13, STRING), ("policy-string-13", 1, 14, STRING)],
        ),
    ],
    ids=["a role", "a role around it", "a listing", "a string in a string"],
)
def test_a_policy_in_a_string_of_its_role_is_read(text, value, repairs):
    source = read(text)

    assert to_python(source.root) == value
    assert summary(source)[:1] == repairs[:1]
    assert len(source.repairs) == len(repairs)
    assert read(source.repaired_text).repairs == ()


@pytest.mark.parametrize("policy", ["none", "", '"', '{"a": 1', '{}, "b": {}', '{"a": 1}}', "{} // {}", "[]"])
def test_a_string_that_is_no_object_is_not_read_as_one(policy):
    """It could end the role, or leave it open, if it were put into it."""
    role = {**ROLE, "policy": policy, "x": 1}

    source = read(json.dumps(role))

    assert source.repairs == ()
    assert bool(source.faults) == policy.startswith("{")
    assert source.root is None or to_python(source.root) == role


# Layers


def test_layers_come_off_one_by_one():
    text = greeted(quoted_mail(fenced(in_a_command(PLAIN))))

    source = read(text)

    assert to_python(source.root) == DOCUMENT
    assert {repair.kind for repair in source.repairs} == {
        RepairKind.MAIL_QUOTES,
        RepairKind.FENCE,
        RepairKind.COMMAND,
    }


def test_a_policy_in_too_many_layers_is_a_fault():
    nested = reduce(lambda text, _: text.replace("\\", "\\\\").replace('"', '\\"'), range(9), '{"Statement": 1}')

    assert faults(read(nested)) == [(1, 1, MANY_LAYERS.message.format(limit=8))]


def test_a_policy_that_grows_beyond_the_limit_is_a_fault():
    text = 'locals {\n p = jsonencode({Statement = "' + "\t" * 32_000 + '"})\n}'

    assert [fault.code for fault in read(text).faults] == ["IAM.1101"]


HOSTILE = {
    "entities": "{&quot;" * 4_500,
    "brackets before an entity": "[" * 32_000 + "&quot;",
    "space before no entity": ("{" + " " * 100) * 300,
    "escapes": '{\\"' * 10_000,
    "backslashes and quotes": ("\\" * 7 + '"') * 4_000,
    "quotes and space": ("'" + " " * 50) * 600 + '{\\"',
    "marks of mails": "> {\n" * 8_000,
    "marks on a line": ">" * 32_000,
    "fences with brackets": "```\n{\n```\n" * 3_000,
    "commands": "curl -d '{' " * 2_500,
    "commands on lines": "curl \n" * 5_000,
    "a command with escapes": 'curl -d "' + '\\"' * 15_000 + '{"',
    "prose with quotes": 'policy {"' + '\\"' * 15_000,
    "prose with names": "a:b" * 10_000 + '{"policy":1}',
    "prose with space": "effect" + " " * 32_000 + '{"policy":1}',
    "strings of policies": "[" + ",".join(['{"policy":"{}"}'] * 2_000) + "]",
    "a string of brackets": '{"policy":"' + '{\\"a\\":' * 4_000 + '"}',
    "sums": "locals {\n p = jsonencode({Statement = " + "+" * 32_000 + "})\n}",
    "terms": 'locals {\n p = "a"' + ' + "a"' * 5_000 + "\n}",
    "lists of Terraform": "locals {\n Statement = " + "[" * 32_000,
    "blocks of Terraform": 'resource "a" "b" {\n' + "a {\n" * 7_000,
    "heredocs": 'resource "a" "b" {\n' + "a = <<A\nA\n" * 3_000 + "}",
    "heredocs of many names": 'resource "a" "b" {\n' + "".join(f"a = <<A{i}\nA{i}\n" for i in range(1_500)) + "}",
    "heredocs never closed": 'resource "a" "b" {\n' + "a = <<A\n" * 3_500 + "}",
    "templates": 'resource "a" "b" {\n a = "' + '${"' * 10_000,
    "comments never closed": 'resource "a" "b" {\n' + "/*" * 16_000,
    "signs of Terraform": "resource" + " " * 32_000,
    "statements of a role": 'resource "x_identity_role" "y" {\n' + "statement {\n}\n" * 2_000 + "}",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_wrappings_are_answered(text):
    """How long that takes, the bench for abuse says; quadratic work on 32 KB would show here all the same."""
    source = read(text[:32_768])

    assert (source.root is None) == bool(source.faults)
    assert all(0 <= found.offset <= len(text) for found in (*source.faults, *source.repairs))


def test_an_escape_in_a_string_means_the_same_as_in_json():
    for letter in '"\\/bfnrt':
        text = f"\\{letter}"
        (piece,) = escaped.decoded(text, 0, len(text))

        assert (letter, piece.text) == (letter, json.loads(f'"{text}"'))


@pytest.mark.parametrize("key", ["statement", "policy", "role", "roles", "Statement", "ROLE"])
def test_each_key_of_a_policy_tells_that_a_text_holds_one(key):
    assert carrier.is_policy(json.dumps({key: []}))
    assert carrier.is_policy(json.dumps([1, {key: []}]))
    assert not carrier.is_policy(json.dumps({f"{key}x": []}))
