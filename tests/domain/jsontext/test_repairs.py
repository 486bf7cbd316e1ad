"""Every repair by example, and what stands in its place where it is refused."""

# Characters that are easily confused are what this is about.
# ruff: noqa: RUF001

import json

import pytest

from policybuilder.domain.jsontext.nodes import to_python
from policybuilder.domain.jsontext.repairs import MAX_PLACES, MAX_REPAIRS, NEEDS_CONSENT, UNWRAPPING, RepairKind
from policybuilder.domain.jsontext.source import read

CARRIERS = UNWRAPPING - {RepairKind.BOM, RepairKind.FENCE}  # carriers/ has tests of its own

QUOTES = 'Replaced the typographic quotes of a text by straight ones (").'
SPACES = "Removed a non-breaking or invisible space, or replaced it by an ordinary one."
COMMA = "Added a missing comma."
JOINED = "Joined an action that was broken over two lines."
FULL_WIDTH = "Replaced full-width punctuation in one place."

# text, what it becomes, and of each repair: id, line, column, message
REPAIRS = {
    "trailing comma in a list": ('["a",\n]', '["a"\n]', [("trailing-comma-4", 1, 5, "Removed the comma before ].")]),
    "trailing comma in an object": (
        '{"a": 1 ,}',
        '{"a": 1 }',
        [("trailing-comma-8", 1, 9, "Removed the comma before }.")],
    ),
    "comma missing between lines": ('[\n  "a"\n  "b"]', '[\n  "a",\n  "b"]', [("missing-comma-7", 2, 6, COMMA)]),
    "comma missing on a line": ('["a" "b"]', '["a", "b"]', [("missing-comma-4", 1, 5, COMMA)]),
    "comma missing between objects": ("[{}{}]", "[{},{}]", [("missing-comma-3", 1, 4, COMMA)]),
    "comma missing between numbers on two lines": ("[1\n2]", "[1,\n2]", [("missing-comma-2", 1, 3, COMMA)]),
    "comma missing before a key": (
        '{"a": 1\n "b": 2}',
        '{"a": 1,\n "b": 2}',
        [("missing-comma-7", 1, 8, COMMA)],
    ),
    "comma missing before a word": (
        '["a" true "b" None]',
        '["a", true, "b", null]',
        [
            ("missing-comma-4", 1, 5, COMMA),
            ("missing-comma-9", 1, 10, COMMA),
            ("missing-comma-13", 1, 14, COMMA),
            ("python-literals", 1, 15, "Replaced True, False or None by its name in JSON in one place."),
        ],
    ),
    "comma missing before keys with any space": (
        '{"a": 1\n"b"\t: 2\n"c"\r\n: 3\n"d"\xa0：4}',
        '{"a": 1,\n"b"\t: 2,\n"c"\r\n: 3,\n"d" :4}',
        [
            ("missing-comma-7", 1, 8, COMMA),
            ("missing-comma-15", 2, 8, COMMA),
            ("missing-comma-24", 4, 4, COMMA),
            ("spaces", 5, 4, SPACES),
            ("full-width", 5, 5, FULL_WIDTH),
        ],
    ),
    "comma and quotes missing": (
        '{"x": {}a: 1}',
        '{"x": {},"a": 1}',
        [("missing-comma-8", 1, 9, COMMA), ("bare-keys", 1, 9, "Put a key in double quotes.")],
    ),
    "commas with nothing before them": (
        "[,1,,2, ，3,,]",
        "[1,2, 3]",
        [
            ("surplus-commas", 1, 2, "Removed 4 commas that nothing stands before."),
            ("trailing-comma-10", 1, 11, "Removed the comma before ]."),
        ],
    ),
    "comma before a key": (
        '{,"a": 1}',
        '{"a": 1}',
        [("surplus-commas", 1, 2, "Removed a comma that nothing stands before.")],
    ),
    "semicolons": (
        "{\"a\": [1; 2;]; 'b';: 3;};".replace(";:", ":"),
        '{"a": [1, 2], "b": 3}',
        [
            ("semicolons", 1, 9, "Replaced 5 semicolons by commas, or removed them at an end."),
            ("single-quotes", 1, 16, 'Replaced the single quotes of a text by double ones (").'),
        ],
    ),
    "semicolon after the end": (
        "[1] ;\n",
        "[1] \n",
        [("semicolons", 1, 5, "Replaced a semicolon by a comma, or removed it at an end.")],
    ),
    "closing quote of an action missing": (
        '{"Action": [\n"a:b:c*,\n "d:e:f"\n]}',
        '{"Action": [\n"a:b:c*",\n "d:e:f"\n]}',
        [("missing-quotes", 2, 1, 'Added the missing quotes (") of “a:b:c*”.')],
    ),
    "quotes of actions and effects missing": (
        '[{"Action": ["a:b:c, "d:e:f", “g:h:i\n], Effect: "Deny,\n"NotAction": [x:*:*,y:*:*”]}, {"effect": Allow}]',
        '[{"Action": ["a:b:c", "d:e:f", "g:h:i"\n], "Effect": "Deny",\n"NotAction": ["x:*:*","y:*:*"]}, '
        '{"effect": "Allow"}]',
        [
            ("missing-quotes", 1, 14, 'Added the missing quotes (") of 6 texts.'),
            ("bare-keys", 2, 4, "Put a key in double quotes."),
        ],
    ),
    "actions on lines of one text": (
        '{"Action": [\n  "\n    a:b:c\n\n    d:e:*,\n  "\n]}',
        '{"Action": [\n  "a:b:c",\n\n    "d:e:*"\n]}',
        [("several-actions-15", 2, 3, "Wrote each action of a text in quotes of its own: a:b:c, d:e:*.")],
    ),
    "actions in one text in place of a list": (
        '{"NotAction": "a:b:c,d:e:f; g:h:i\xa0j:k:l "}',
        '{"NotAction": ["a:b:c", "d:e:f", "g:h:i", "j:k:l"]}',
        [
            (
                "several-actions-14",
                1,
                15,
                "Wrote each action of a text in quotes of its own: a:b:c, d:e:f, g:h:i and 1 more.",
            )
        ],
    ),
    "an action on a line of its own": (
        "{'Action': '\r\n a:b:c\r\n'}",
        '{"Action": "a:b:c"}',
        [
            ("single-quotes", 1, 2, 'Replaced the single quotes of a text by double ones (").'),
            ("several-actions-11", 1, 12, "Wrote each action of a text in quotes of its own: a:b:c."),
        ],
    ),
    "invisible characters in keys, actions and an effect": (
        '{"Act\u200bion": ["a:b\\u200B:\u2060\u2060c"], "Effect": "\ufeffAllow", "g:\xadUserName": ["\u200b"]}',
        '{"Action": ["a:b:c"], "Effect": "Allow", "g:UserName": ["\u200b"]}',
        [("invisible-characters", 1, 2, "Removed invisible characters from 4 texts.")],
    ),
    "brackets after the end": (
        '{"Version": 1, "Statement": []}] // x\n}',
        '{"Version": 1, "Statement": []} \n',
        [
            ("surplus-brackets-31", 1, 32, "Removed ]} after the end of the policy."),
            ("comments", 1, 34, "Removed a comment."),
        ],
    ),
    "policies in a row": (
        '{"Version": 1}\n{"Statement": []} , {"role": {"policy": {"version": 1}}}{"Version": 2}\n',
        '[{"Version": 1},\n{"Statement": []} , {"role": {"policy": {"version": 1}}},{"Version": 2}]\n',
        [
            (
                "several-policies-15",
                2,
                1,
                "Made a list of the 4 policies in the text; nothing between them was kept.",
            )
        ],
    ),
    "policies with words between them": (
        '{"Version": 1} # {\n\nExample 2: don\'t (*) do this:\n```\n{"Version": 2}',
        '[{"Version": 1}, \n\n{"Version": 2}]',
        [
            ("comments", 1, 16, "Removed a comment."),
            (
                "several-policies-54",
                5,
                1,
                "Made a list of the 2 policies in the text; nothing between them was kept.",
            ),
        ],
    ),
    "typographic quotes": ('["x", “a”]', '["x", "a"]', [("typographic-quotes", 1, 7, QUOTES)]),
    "typographic quotes of every family": (
        "{„a“: “b”,\n«c»: ‘d’, ”e”: ‹f›, »g«: ‚h‘}",
        '{"a": "b",\n"c": "d", "e": "f", "g": "h"}',
        [("typographic-quotes", 1, 2, 'Replaced the typographic quotes of 8 texts by straight ones (").')],
    ),
    "typographic quote at one end": (
        '["a”,\n“b"]',
        '["a",\n"b"]',
        [("typographic-quotes", 1, 4, 'Replaced the typographic quotes of 2 texts by straight ones (").')],
    ),
    "what may follow a text in typographic quotes": (
        "[“1”\t,“2”\r,“3”\xa0，“4”/**/,“5”// x\n,“6”#\n,“7”\n]",
        '["1"\t,"2"\r,"3" ,"4","5"\n,"6"\n,"7"\n]',
        [
            ("typographic-quotes", 1, 2, 'Replaced the typographic quotes of 7 texts by straight ones (").'),
            ("spaces", 2, 5, SPACES),
            ("full-width", 2, 6, FULL_WIDTH),
            ("comments", 2, 10, "Removed 3 comments."),
        ],
    ),
    "quote inside single typographic quotes": (
        '[‘a "b" \\" c’]',
        '["a \\"b\\" \\" c"]',
        [("typographic-quotes", 1, 2, QUOTES)],
    ),
    "single quotes": (
        "{'a': 'b \"c\" “d”'}",
        '{"a": "b \\"c\\" “d”"}',
        [("single-quotes", 1, 2, 'Replaced the single quotes of 2 texts by double ones (").')],
    ),
    "full-width punctuation": (
        "｛＂a＂：［1，2］｝",
        '{"a":[1,2]}',
        [("full-width", 1, 1, "Replaced full-width punctuation in 7 places.")],
    ),
    "full-width trailing comma": ("[1，]", "[1]", [("trailing-comma-2", 1, 3, "Removed the comma before ].")]),
    "full-width signs inside a text stay": (
        '["，：｛｝［］＂"，1]',
        '["，：｛｝［］＂",1]',
        [("full-width", 1, 11, FULL_WIDTH)],
    ),
    "non-breaking space": ("[\n\xa0 1]", "[\n  1]", [("spaces", 2, 1, SPACES)]),
    "invisible characters": (
        "\u200b[\u3000\u200b1\u2028]\ufeff",
        "[ 1 ]",
        [("spaces", 1, 1, "Removed non-breaking or invisible spaces in 4 places, or replaced them by ordinary ones.")],
    ),
    "action over two lines": (
        '{"Action": ["ecs:servers: \t\n\t  \xa0get"]}',
        '{"Action": ["ecs:servers:get"]}',
        [("broken-string-12", 1, 13, JOINED)],
    ),
    "action over two lines of Windows": (
        '{"NotAction": ["e:s:a\r\nb"]}',
        '{"NotAction": ["e:s:ab"]}',
        [("broken-string-15", 1, 16, JOINED)],
    ),
    "action over two lines of an old Macintosh": (
        '{"action": "Ecs:s:\r*"}',
        '{"action": "Ecs:s:*"}',
        [("broken-string-11", 1, 12, JOINED)],
    ),
    "two actions over two lines": (
        '{"Action":["a:b:\n c",\n"d:e:\n f" ]}',
        '{"Action":["a:b:c",\n"d:e:f" ]}',
        [("broken-string-11", 1, 12, JOINED), ("broken-string-22", 3, 1, JOINED)],
    ),
    "typographic quotes around the whole text": ("“a”", '"a"', [("typographic-quotes", 1, 1, QUOTES)]),
    "action in typographic quotes over two lines": (
        '{"Action":[“a:b:\n c”]}',
        '{"Action":["a:b:c"]}',
        [("typographic-quotes", 1, 12, QUOTES), ("broken-string-11", 1, 12, JOINED)],
    ),
    "action with an escape over two lines": (
        '{"Action":["a:b:\n \\u0063"]}',
        '{"Action":["a:b:\\u0063"]}',
        [("broken-string-11", 1, 12, JOINED)],
    ),
    "last bracket missing": (
        '{"Version": 1, "Statement": []\n\n',
        '{"Version": 1, "Statement": []}\n\n',
        [("missing-brackets-30", 1, 31, "Added } at the end.")],
    ),
    "last bracket missing before a comment": (
        '{"Statement": [], "Version": 1 // one',
        '{"Statement": [], "Version": 1} ',
        [("missing-brackets-30", 1, 31, "Added } at the end."), ("comments", 1, 32, "Removed a comment.")],
    ),
    "line comment": ('[ // "a",\n1]', "[ \n1]", [("comments", 1, 3, "Removed a comment.")]),
    "line comment of an old Macintosh": ("[//x\r1]", "[\r1]", [("comments", 1, 2, "Removed a comment.")]),
    "comments of every kind": (
        "# a\n[1, /* ] \n */ 2] // b\n",
        "\n[1,  2] \n",
        [("comments", 1, 1, "Removed 3 comments.")],
    ),
    "BOM": ("\ufeff[1]", "[1]", [("bom-0", 1, 1, "Removed an invisible mark (BOM) in front of the text.")]),
    "code fence": (
        "```json\n[1]\n```\n",
        "[1]\n",
        [
            ("fence-0", 1, 1, "Removed the code fence and any text before it."),
            ("fence-12", 3, 1, "Removed the code fence and any text after it."),
        ],
    ),
    "code fence with text around it": (
        '\ufeffHere is "it":\r\n\r\n  ````\r\n[1]\r\n  ````\r\nBye.',
        "[1]\r\n",
        [
            ("bom-0", 1, 1, "Removed an invisible mark (BOM) in front of the text."),
            ("fence-20", 3, 3, "Removed the code fence and any text before it."),
            ("fence-33", 5, 3, "Removed the code fence and any text after it."),
        ],
    ),
    "code fence with tabs": (
        "\t``` \tjson-c \t\n[1]",
        "[1]",
        [("fence-1", 1, 2, "Removed the code fence and any text before it.")],
    ),
    "code fence never closed": (
        "```\n[1]",
        "[1]",
        [("fence-0", 1, 1, "Removed the code fence and any text before it.")],
    ),
    "last bracket missing in a code fence": (
        '{"Version": 1, "Statement": []\n```',
        '{"Version": 1, "Statement": []}\n',
        [
            ("missing-brackets-30", 1, 31, "Added } at the end."),
            ("fence-31", 2, 1, "Removed the code fence and any text after it."),
        ],
    ),
    "bare keys": (
        "{Version: 1, $a_1 : 2}",
        '{"Version": 1, "$a_1" : 2}',
        [("bare-keys", 1, 2, "Put 2 keys in double quotes.")],
    ),
    "bare keys before any space": (
        "{a\t: 1, b\r\n: 2, c\xa0：3}",
        '{"a"\t: 1, "b"\r\n: 2, "c" :3}',
        [
            ("bare-keys", 1, 2, "Put 3 keys in double quotes."),
            ("spaces", 2, 7, SPACES),
            ("full-width", 2, 8, FULL_WIDTH),
        ],
    ),
    "Python's literals": (
        "[True, False,None]",
        "[true, false,null]",
        [("python-literals", 1, 2, "Replaced True, False or None by their names in JSON in 3 places.")],
    ),
}


def summary(source):
    return [(repair.id, repair.line, repair.column, repair.message) for repair in source.repairs]


@pytest.mark.parametrize(("text", "repaired", "repairs"), REPAIRS.values(), ids=REPAIRS)
def test_what_is_clear_is_repaired(text, repaired, repairs):
    source = read(text)

    assert source.faults == ()
    assert source.repaired_text == repaired
    assert summary(source) == repairs
    assert to_python(source.root) == json.loads(repaired)


def test_every_kind_of_repair_has_an_example():
    kinds = {repair.kind for text, _, _ in REPAIRS.values() for repair in read(text).repairs}

    assert kinds == set(RepairKind) - NEEDS_CONSENT - CARRIERS


# text; line, column, message and hint of its fault; the title of each reading, likeliest first, and what it makes.
CUT_OFF = "The text ends here before its brackets are closed: text may be missing."
BROKEN = "The text that begins here is broken over two lines: whether a space stood there is not clear."
UNCLOSED = 'Write " where it ends. Most likely that is at the end of the line.'
CLOSED = "Close it at the end of its line"
SPACED, UNSPACED = "Join it with a space", "Join it without a space"
LIKELY = {
    "cut off within a list of actions": (
        '{"Version":"1.1","Statement":[{"Effect":"Allow","Action":["a:b:c","a:b:d"',
        (1, 74, CUT_OFF, "Paste the rest of it. If nothing is missing, end it with ]}]}."),
        [("End the text with ]}]}", '{"Version":"1.1","Statement":[{"Effect":"Allow","Action":["a:b:c","a:b:d"]}]}')],
    ),
    "cut off after a comma": (
        '{"Version":1,"Statement":[{},\n',
        (1, 29, CUT_OFF, "Paste the rest of it. If nothing is missing, end it with ]}."),
        [("End the text with ]}", '{"Version":1,"Statement":[{}]}\n')],
    ),
    "cut off after a statement": (
        '{"Version":1,"Statement":[{}',
        (1, 29, CUT_OFF, "Paste the rest of it. If nothing is missing, end it with ]}."),
        [("End the text with ]}", '{"Version":1,"Statement":[{}]}')],
    ),
    "cut off before Version": (
        '{"Statement":[{}]',
        (1, 18, CUT_OFF, "Paste the rest of it. If nothing is missing, end it with }."),
        [("End the text with }", '{"Statement":[{}]}')],
    ),
    "cut off within a role": (
        '{"role":{"policy":{"Version":1,"Statement":[]}',
        (1, 47, CUT_OFF, "Paste the rest of it. If nothing is missing, end it with }}."),
        [("End the text with }}", '{"role":{"policy":{"Version":1,"Statement":[]}}}')],
    ),
    "cut off within a list of policies": (
        '[{"Version":1,"Statement":[]}',
        (1, 30, CUT_OFF, "Paste the rest of it. If nothing is missing, end it with ]."),
        [("End the text with ]", '[{"Version":1,"Statement":[]}]')],
    ),
    "a name over two lines": (
        '["Anna\n    Berg"]',
        (1, 2, BROKEN, "Write it on one line, as “Anna Berg” or “AnnaBerg”."),
        [(SPACED, '["Anna Berg"]'), (UNSPACED, '["AnnaBerg"]')],
    ),
    "a resource over two lines": (
        '{"Resource": ["OBS:*:*:object:b/o\r\n /*"]}',
        (1, 15, BROKEN, "Write it on one line, as “OBS:*:*:object:b/o /*” or “OBS:*:*:object:b/o/*”."),
        [(UNSPACED, '{"Resource": ["OBS:*:*:object:b/o/*"]}'), (SPACED, '{"Resource": ["OBS:*:*:object:b/o /*"]}')],
    ),
    "what reads like an action, in a condition": (
        '{"Action":["a:b:c"],"Condition":{"x":{"y":["a:b:\rc"]}}}',
        (1, 44, BROKEN, "Write it on one line, as “a:b: c” or “a:b:c”."),
        [
            (UNSPACED, '{"Action":["a:b:c"],"Condition":{"x":{"y":["a:b:c"]}}}'),
            (SPACED, '{"Action":["a:b:c"],"Condition":{"x":{"y":["a:b: c"]}}}'),
        ],
    ),
    "a key over two lines": (
        '{"Ef\nfect": 1}',
        (1, 2, BROKEN, "Write it on one line, as “Ef fect” or “Effect”."),
        [(SPACED, '{"Ef fect": 1}'), (UNSPACED, '{"Effect": 1}')],
    ),
    "a long text over two lines, with escapes": (
        '["\\u0061' + "b" * 40 + "\n \\u0063" + "d" * 40 + '"]',
        (1, 2, BROKEN, f"Write it on one line, as “{'b' * 24} c{'d' * 23}” or “{'b' * 24}c{'d' * 23}”."),
        [
            (SPACED, '["\\u0061' + "b" * 40 + " \\u0063" + "d" * 40 + '"]'),
            (UNSPACED, '["\\u0061' + "b" * 40 + "\\u0063" + "d" * 40 + '"]'),
        ],
    ),
    "a resource without its closing quote": (
        '{"Resource": [\n  "a:b:c:d , \n\n  "e"]}',
        (2, 3, 'The text that begins here, “"a:b:c:d”, is not closed on its line.', UNCLOSED),
        [(CLOSED, '{"Resource": [\n  "a:b:c:d" , \n\n  "e"]}')],
    ),
    "the last value without its closing quote": (
        '{"Condition": {"x": {"y": ["Anna Berg\n ]}}}',
        (1, 28, 'The text that begins here, “"Anna”, is not closed on its line.', UNCLOSED),
        [(CLOSED, '{"Condition": {"x": {"y": ["Anna Berg"\n ]}}}')],
    ),
    "an effect that is none without its closing quote": (
        '{"Effect": "Allowed,\n"Action": []}',
        (1, 12, 'The text that begins here, “"Allowed”, is not closed on its line.', UNCLOSED),
        [(CLOSED, '{"Effect": "Allowed",\n"Action": []}')],
    ),
    "several brackets missing": (
        '{"a": [{"b": {"c": ["d" ]\n ] }',
        (2, 2, "}} is missing before this.", "Add it where it belongs. Most likely that is right before it."),
        [("Add the missing }}", '{"a": [{"b": {"c": ["d" ]\n }}] }')],
    ),
    "a bracket and a brace missing": (
        '[{"a": [1, {"b": [2}] }]',
        (1, 20, "] is missing before this.", "Add it where it belongs. Most likely that is right before it."),
        [("Add the missing ]", '[{"a": [1, {"b": [2]}] }]')],
    ),
    "bracket missing in the middle": (
        '{"a": [1\n}',
        (2, 1, "] is missing before this.", "Add it where it belongs. Most likely that is right before it."),
        [("Add the missing ]", '{"a": [1\n]}')],
    ),
    "brace missing in the middle": (
        '[{"a": 1］',
        (1, 9, "} is missing before this.", "Add it where it belongs. Most likely that is right before it."),
        [("Add the missing }", '[{"a": 1}］')],
    ),
    "bracket missing before a key": (
        '{"a": ["b"\n, "c": ["d"]}',
        (2, 3, "] is missing before this.", "Add it where it belongs. Most likely that is right before it."),
        [("Add the missing ]", '{"a": ["b"]\n, "c": ["d"]}')],
    ),
    "bracket and comma missing before a key": (
        '{"a": [["b"], "b"\n "c" : 1}',
        (2, 2, "] is missing before this.", "Add it where it belongs. Most likely that is right before it."),
        [("Add the missing ]", '{"a": [["b"], "b"],\n "c" : 1}')],
    ),
    "brace missing before an object": (
        '[{"a": 1, {"b": 2}]',
        (1, 11, "} is missing before this.", "Add it where it belongs. Most likely that is right before it."),
        [("Add the missing }", '[{"a": 1}, {"b": 2}]')],
    ),
    "brace and comma missing before an object": (
        '[{"a": 1 {"b": 2}]',
        (1, 10, "} is missing before this.", "Add it where it belongs. Most likely that is right before it."),
        [("Add the missing }", '[{"a": 1}, {"b": 2}]')],
    ),
}


@pytest.mark.parametrize(("text", "fault", "readings"), LIKELY.values(), ids=LIKELY)
def test_what_is_likely_is_offered_and_not_made(text, fault, readings):
    source = read(text)

    assert [(f.line, f.column, f.message, f.hint) for f in source.faults] == [fault]
    assert [(each.title, each.apply(text)) for each in source.faults[0].readings] == readings
    assert (source.root, source.repairs, source.repaired_text) == (None, (), text)
    assert all(read(made).root is not None for _, made in readings)


@pytest.mark.parametrize(("text", "fault", "readings"), LIKELY.values(), ids=LIKELY)
def test_the_likeliest_reading_is_made_with_consent(text, fault, readings):
    source = read(text, consenting=True)

    assert source.faults == ()
    assert [repair.needs_consent for repair in source.repairs][:1] == [True]
    assert to_python(source.root) == to_python(read(readings[0][1]).root)


@pytest.mark.parametrize("last", ['{"Version": 1, "Statement": []', '{"Version": [1'])
def test_the_end_of_the_last_of_several_policies_is_offered_and_nothing_more(last):
    """Were the list closed in the same breath, both repairs would add brackets in one place."""
    text = '{"Version": 1} ' + last

    [reading] = read(text).faults[0].readings

    assert to_python(read(reading.apply(text)).root)[0] == {"Version": 1}
    assert [fault.message for fault in read(text, consenting=True).faults] == [
        "The policy that begins here is not whole."
    ]


def test_every_kind_that_needs_consent_has_an_example():
    made = {repair.kind for text, _, _ in LIKELY.values() for repair in read(text, consenting=True).repairs}

    assert made >= NEEDS_CONSENT - CARRIERS


@pytest.mark.parametrize(
    "text",
    [
        '{"Action": ["a:b:c\n d:e"]}',
        '{"Action": ["anna\n berg"]}',
        '["a\nb\nc"]',
        "[1}",
        '{"a": 1, [}',
        '["a", "b',
        '{"a":',
        '{"a"',
        "[",
    ],
)
def test_where_no_reading_is_likely_none_is_offered(text):
    assert [fault.readings for fault in read(text).faults] == [()]
    assert read(text, consenting=True).root is None


# What refusing each repair of a text says instead: line, column, message, hint.
REFUSED = {
    ("trailing-comma-2", "[1,]"): (
        (1, 3),
        "A comma stands here with nothing between it and ].",
        "Remove the comma, or add what is missing after it.",
    ),
    ("missing-comma-4", '["a" "b"]'): ((1, 5), "A comma or ] is missing here.", "Add it."),
    ("surplus-commas", "[1,,2]"): (
        (1, 4),
        "A comma stands here with nothing before it.",
        "Remove it, or add what is missing before it.",
    ),
    ("semicolons", "[1;2]"): ((1, 3), "A semicolon stands here; JSON has none.", "Write a comma instead."),
    ("semicolons", "[1;]"): ((1, 3), "A semicolon stands here; JSON has none.", "Remove it."),
    ("missing-quotes", '{"Effect": Deny}'): ((1, 12), "“Deny” has no quotes, or only one.", "Put it in double quotes."),
    ("several-actions-10", '{"Action":"a:b:c d:e:f"}'): (
        (1, 11),
        "The text that begins here is not one action on one line.",
        "Write each action in quotes of its own: a:b:c, d:e:f.",
    ),
    ("invisible-characters", '{"Effect": "\u200bDeny"}'): (
        (1, 12),
        "An invisible character stands in “Deny”.",
        "Type it anew.",
    ),
    ("surplus-brackets-14", '{"Version": 1}}'): (
        (1, 15),
        "The policy ends before this }.",
        "Remove it, or check the brackets before it.",
    ),
    ("several-policies-14", '{"Version": 1}{"Version": 1}'): (
        (1, 15),
        "Another policy begins here; side by side they are no JSON.",
        "Put them in a list, with commas between them: [{…}, {…}].",
    ),
    ("typographic-quotes", '["a", “b”]'): (
        (1, 7),
        'A typographic quote stands here instead of a straight one (").',
        'Write " instead.',
    ),
    ("single-quotes", "['a']"): ((1, 2), 'A single quote stands here instead of a double one (").', 'Write " instead.'),
    ("full-width", "[1\n，2]"): (
        (2, 1),
        "Full-width punctuation stands here instead of the ordinary one.",
        "Write , instead.",
    ),
    ("full-width", "[＂a＂]"): (
        (1, 2),
        "Full-width punctuation stands here instead of the ordinary one.",
        'Write " instead.',
    ),
    ("spaces", "[\xa01]"): (
        (1, 2),
        "A non-breaking or invisible space stands here.",
        "Replace it by an ordinary space.",
    ),
    ("broken-string-10", '{"Action":"a:b:\nc"}'): (
        (1, 11),
        "The action that begins here is broken over two lines.",
        'Write it on one line, or close it with ".',
    ),
    ("missing-brackets-28", '{"Version":1,"Statement":[ ]'): (
        (1, 29),
        "The text ends here, but } is missing.",
        "Add }, or paste the rest of the text.",
    ),
    ("comments", "[1] #x"): ((1, 5), "A comment stands here; JSON has none.", "Remove it."),
    ("bom-0", "\ufeff1"): (
        (1, 1),
        "An invisible mark (BOM) stands in front of the text.",
        "Remove it: save the file as UTF-8 without BOM.",
    ),
    ("fence-2", "x\n```\n1"): (
        (2, 1),
        "A code fence is no part of a policy.",
        "Remove this line and any text before it.",
    ),
    ("bare-keys", "{Version: 1}"): ((1, 2), "The key “Version” has no quotes.", "Put it in double quotes."),
    ("python-literals", "[None]"): ((1, 2), "This is Python; JSON writes null.", "Write null instead."),
}


@pytest.mark.parametrize(("asked", "place", "message", "hint"), [(a, *f) for a, f in REFUSED.items()])
def test_a_refused_repair_is_a_fault_in_its_place(asked, place, message, hint):
    id_, text = asked
    assert id_ in {repair.id for repair in read(text).repairs}

    source = read(text, without={id_})

    assert [(fault.line, fault.column, fault.message, fault.hint) for fault in source.faults] == [
        (*place, message, hint)
    ]
    assert source.root is None


def test_every_kind_of_repair_can_be_refused():
    assert {id_.rstrip("-0123456789") for id_, _ in REFUSED} == set(RepairKind) - NEEDS_CONSENT - CARRIERS


def test_refusing_a_repair_keeps_those_before_it():
    text = "['a' // x\n, 1 /* y */,]"

    source = read(text, without=["trailing-comma-21", "of-no-repair"])

    assert [repair.id for repair in source.repairs] == ["single-quotes", "comments"]
    assert source.repaired_text == '["a" \n, 1 ,]'
    assert source.faults[0].offset == 21
    assert read(text).repaired_text == '["a" \n, 1 ]'


def test_repairs_and_their_places_are_counted():
    stopped = "Too much would have to be repaired; reading stopped here."

    assert len(read("[" + '"a"\n' * (MAX_REPAIRS + 1) + "]").repairs) == MAX_REPAIRS
    assert [(f.line, f.message) for f in read("[" + '"a"\n' * (MAX_REPAIRS + 2) + "]").faults] == [(101, stopped)]
    assert read("[" + "'',\n" * (MAX_PLACES - 1) + "'']").faults == ()
    assert [(f.line, f.message) for f in read("[" + "'',\n" * MAX_PLACES + "'']").faults] == [(4001, stopped)]
