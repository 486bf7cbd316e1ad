"""Every repair by example, and what stands in its place where it is refused."""

# Characters that are easily confused are what this is about.
# ruff: noqa: RUF001

import json

import pytest

from policybuilder.domain.jsontext import reader, strings
from policybuilder.domain.jsontext.nodes import to_python
from policybuilder.domain.jsontext.repair_kinds import NEEDS_CONSENT, WORDING, RepairKind
from policybuilder.domain.jsontext.repairs import MAX_PLACES, MAX_REPAIRS, TOO_MANY_REPAIRS
from policybuilder.domain.jsontext.source import read
from tests.domain.jsontext.carriers.wrapped import UNWRAPPING

CARRIERS = UNWRAPPING - {RepairKind.BOM, RepairKind.FENCE}  # carriers/ has tests of its own


# text, what it becomes, and of each repair: id, line, column, what its place calls for, number of places
REPAIRS = {
    "trailing comma in a list": (
        '["a",\n]',
        '["a"\n]',
        [("trailing-comma-4", 1, 5, "]", 1)],
    ),
    "trailing comma in an object": (
        '{"a": 1 ,}',
        '{"a": 1 }',
        [("trailing-comma-8", 1, 9, "}", 1)],
    ),
    "comma missing between lines": (
        '[\n  "a"\n  "b"]',
        '[\n  "a",\n  "b"]',
        [("missing-comma-7", 2, 6, "]", 1)],
    ),
    "comma missing on a line": (
        '["a" "b"]',
        '["a", "b"]',
        [("missing-comma-4", 1, 5, "]", 1)],
    ),
    "comma missing between objects": (
        "[{}{}]",
        "[{},{}]",
        [("missing-comma-3", 1, 4, "]", 1)],
    ),
    "comma missing between numbers on two lines": (
        "[1\n2]",
        "[1,\n2]",
        [("missing-comma-2", 1, 3, "]", 1)],
    ),
    "comma missing before a key": (
        '{"a": 1\n "b": 2}',
        '{"a": 1,\n "b": 2}',
        [("missing-comma-7", 1, 8, "}", 1)],
    ),
    "comma missing before a word": (
        '["a" true "b" None]',
        '["a", true, "b", null]',
        [
            ("missing-comma-4", 1, 5, "]", 1),
            ("missing-comma-9", 1, 10, "]", 1),
            ("missing-comma-13", 1, 14, "]", 1),
            ("python-literals", 1, 15, "null", 1),
        ],
    ),
    "comma missing before keys with any space": (
        '{"a": 1\n"b"\t: 2\n"c"\r\n: 3\n"d"\xa0：4}',
        '{"a": 1,\n"b"\t: 2,\n"c"\r\n: 3,\n"d" :4}',
        [
            ("missing-comma-7", 1, 8, "}", 1),
            ("missing-comma-15", 2, 8, "}", 1),
            ("missing-comma-24", 4, 4, "}", 1),
            ("spaces", 5, 4, "", 1),
            ("full-width", 5, 5, ":", 1),
        ],
    ),
    "comma and quotes missing": (
        '{"x": {}a: 1}',
        '{"x": {},"a": 1}',
        [("missing-comma-8", 1, 9, "}", 1), ("bare-keys", 1, 9, "“a”", 1)],
    ),
    "commas with nothing before them": (
        "[,1,,2, ，3,,]",
        "[1,2, 3]",
        [("surplus-commas", 1, 2, "", 4), ("trailing-comma-10", 1, 11, "]", 1)],
    ),
    "comma before a key": (
        '{,"a": 1}',
        '{"a": 1}',
        [("surplus-commas", 1, 2, "", 1)],
    ),
    "semicolons": (
        "{\"a\": [1; 2;]; 'b';: 3;};".replace(";:", ":"),
        '{"a": [1, 2], "b": 3}',
        [("semicolons", 1, 9, "Write a comma instead.", 5), ("single-quotes", 1, 16, '"', 1)],
    ),
    "semicolon after the end": (
        "[1] ;\n",
        "[1] \n",
        [("semicolons", 1, 5, "Remove it.", 1)],
    ),
    "closing quote of an action missing": (
        '{"Action": [\n"a:b:c*,\n "d:e:f"\n]}',
        '{"Action": [\n"a:b:c*",\n "d:e:f"\n]}',
        [("missing-quotes", 2, 1, "“a:b:c*”", 1)],
    ),
    "quotes of actions and effects missing": (
        '[{"Action": ["a:b:c, "d:e:f", “g:h:i\n], Effect: "Deny,\n"NotAction": [x:*:*,y:*:*”]}, {"effect": Allow}]',
        '[{"Action": ["a:b:c", "d:e:f", "g:h:i"\n], "Effect": "Deny",\n"NotAction": ["x:*:*","y:*:*"]}, '
        '{"effect": "Allow"}]',
        [("missing-quotes", 1, 14, "“a:b:c”", 6), ("bare-keys", 2, 4, "“Effect”", 1)],
    ),
    "actions on lines of one text": (
        '{"Action": [\n  "\n    a:b:c\n\n    d:e:*,\n  "\n]}',
        '{"Action": [\n  "a:b:c",\n\n    "d:e:*"\n]}',
        [("several-actions-15", 2, 3, "a:b:c, d:e:*", 1)],
    ),
    "actions in one text in place of a list": (
        '{"NotAction": "a:b:c,d:e:f; g:h:i\xa0j:k:l "}',
        '{"NotAction": ["a:b:c", "d:e:f", "g:h:i", "j:k:l"]}',
        [("several-actions-14", 1, 15, "a:b:c, d:e:f, g:h:i and 1 more", 1)],
    ),
    "an action on a line of its own": (
        "{'Action': '\r\n a:b:c\r\n'}",
        '{"Action": "a:b:c"}',
        [("single-quotes", 1, 2, '"', 1), ("several-actions-11", 1, 12, "a:b:c", 1)],
    ),
    "invisible characters in keys, actions and an effect": (
        '{"Act\u200bion": ["a:b\\u200B:\u2060\u2060c"], "Effect": "\ufeffAllow", "g:\xadUserName": ["\u200b"]}',
        '{"Action": ["a:b:c"], "Effect": "Allow", "g:UserName": ["\u200b"]}',
        [("invisible-characters", 1, 2, "“Action”", 4)],
    ),
    "brackets after the end": (
        '{"Version": 1, "Statement": []}] // x\n}',
        '{"Version": 1, "Statement": []} \n',
        [("surplus-brackets-31", 1, 32, "]}", 1), ("comments", 1, 34, "", 1)],
    ),
    "policies in a row": (
        '{"Version": 1}\n{"Statement": []} , {"role": {"policy": {"version": 1}}}{"Version": 2}\n',
        '[{"Version": 1},\n{"Statement": []} , {"role": {"policy": {"version": 1}}},{"Version": 2}]\n',
        [("several-policies-15", 2, 1, "4", 1)],
    ),
    "policies with words between them": (
        '{"Version": 1} # {\n\nExample 2: don\'t (*) do this:\n```\n{"Version": 2}',
        '[{"Version": 1}, \n\n{"Version": 2}]',
        [("comments", 1, 16, "", 1), ("several-policies-54", 5, 1, "2", 1)],
    ),
    "typographic quotes": (
        '["x", “a”]',
        '["x", "a"]',
        [("typographic-quotes", 1, 7, '"', 1)],
    ),
    "typographic quotes of every family": (
        "{„a“: “b”,\n«c»: ‘d’, ”e”: ‹f›, »g«: ‚h‘}",
        '{"a": "b",\n"c": "d", "e": "f", "g": "h"}',
        [("typographic-quotes", 1, 2, '"', 8)],
    ),
    "typographic quote at one end": (
        '["a”,\n“b"]',
        '["a",\n"b"]',
        [("typographic-quotes", 1, 4, '"', 2)],
    ),
    "what may follow a text in typographic quotes": (
        "[“1”\t,“2”\r,“3”\xa0，“4”/**/,“5”// x\n,“6”#\n,“7”\n]",
        '["1"\t,"2"\r,"3" ,"4","5"\n,"6"\n,"7"\n]',
        [
            ("typographic-quotes", 1, 2, '"', 7),
            ("spaces", 2, 5, "", 1),
            ("full-width", 2, 6, ",", 1),
            ("comments", 2, 10, "", 3),
        ],
    ),
    "quote inside single typographic quotes": (
        '[‘a "b" \\" c’]',
        '["a \\"b\\" \\" c"]',
        [("typographic-quotes", 1, 2, '"', 1)],
    ),
    "single quotes": (
        "{'a': 'b \"c\" “d”'}",
        '{"a": "b \\"c\\" “d”"}',
        [("single-quotes", 1, 2, '"', 2)],
    ),
    "full-width punctuation": (
        "｛＂a＂：［1，2］｝",
        '{"a":[1,2]}',
        [("full-width", 1, 1, "{", 7)],
    ),
    "full-width trailing comma": (
        "[1，]",
        "[1]",
        [("trailing-comma-2", 1, 3, "]", 1)],
    ),
    "full-width signs inside a text stay": (
        '["，：｛｝［］＂"，1]',
        '["，：｛｝［］＂",1]',
        [("full-width", 1, 11, ",", 1)],
    ),
    "non-breaking space": (
        "[\n\xa0 1]",
        "[\n  1]",
        [("spaces", 2, 1, "", 1)],
    ),
    "invisible characters": (
        "\u200b[\u3000\u200b1\u2028]\ufeff",
        "[ 1 ]",
        [("spaces", 1, 1, "", 4)],
    ),
    "action over two lines": (
        '{"Action": ["ecs:servers: \t\n\t  \xa0get"]}',
        '{"Action": ["ecs:servers:get"]}',
        [("broken-string-12", 1, 13, "", 1)],
    ),
    "action over two lines of Windows": (
        '{"NotAction": ["e:s:a\r\nb"]}',
        '{"NotAction": ["e:s:ab"]}',
        [("broken-string-15", 1, 16, "", 1)],
    ),
    "action over two lines of an old Macintosh": (
        '{"action": "Ecs:s:\r*"}',
        '{"action": "Ecs:s:*"}',
        [("broken-string-11", 1, 12, "", 1)],
    ),
    "two actions over two lines": (
        '{"Action":["a:b:\n c",\n"d:e:\n f" ]}',
        '{"Action":["a:b:c",\n"d:e:f" ]}',
        [("broken-string-11", 1, 12, "", 1), ("broken-string-22", 3, 1, "", 1)],
    ),
    "typographic quotes around the whole text": (
        "“a”",
        '"a"',
        [("typographic-quotes", 1, 1, '"', 1)],
    ),
    "action in typographic quotes over two lines": (
        '{"Action":[“a:b:\n c”]}',
        '{"Action":["a:b:c"]}',
        [("typographic-quotes", 1, 12, '"', 1), ("broken-string-11", 1, 12, "", 1)],
    ),
    "action with an escape over two lines": (
        '{"Action":["a:b:\n \\u0063"]}',
        '{"Action":["a:b:\\u0063"]}',
        [("broken-string-11", 1, 12, "", 1)],
    ),
    "last bracket missing": (
        '{"Version": 1, "Statement": []\n\n',
        '{"Version": 1, "Statement": []}\n\n',
        [("missing-brackets-30", 1, 31, "}", 1)],
    ),
    "last bracket missing before a comment": (
        '{"Statement": [], "Version": 1 // one',
        '{"Statement": [], "Version": 1} ',
        [("missing-brackets-30", 1, 31, "}", 1), ("comments", 1, 32, "", 1)],
    ),
    "line comment": (
        '[ // "a",\n1]',
        "[ \n1]",
        [("comments", 1, 3, "", 1)],
    ),
    "line comment of an old Macintosh": (
        "[//x\r1]",
        "[\r1]",
        [("comments", 1, 2, "", 1)],
    ),
    "comments of every kind": (
        "# a\n[1, /* ] \n */ 2] // b\n",
        "\n[1,  2] \n",
        [("comments", 1, 1, "", 3)],
    ),
    "BOM": (
        "\ufeff[1]",
        "[1]",
        [("bom-0", 1, 1, "", 1)],
    ),
    "code fence": (
        "```json\n[1]\n```\n",
        "[1]\n",
        [("fence-0", 1, 1, "before", 1), ("fence-12", 3, 1, "after", 1)],
    ),
    "code fence with text around it": (
        '\ufeffHere is "it":\r\n\r\n  ````\r\n[1]\r\n  ````\r\nBye.',
        "[1]\r\n",
        [("bom-0", 1, 1, "", 1), ("fence-20", 3, 3, "before", 1), ("fence-33", 5, 3, "after", 1)],
    ),
    "code fence with tabs": (
        "\t``` \tjson-c \t\n[1]",
        "[1]",
        [("fence-1", 1, 2, "before", 1)],
    ),
    "code fence never closed": (
        "```\n[1]",
        "[1]",
        [("fence-0", 1, 1, "before", 1)],
    ),
    "last bracket missing in a code fence": (
        '{"Version": 1, "Statement": []\n```',
        '{"Version": 1, "Statement": []}\n',
        [("missing-brackets-30", 1, 31, "}", 1), ("fence-31", 2, 1, "after", 1)],
    ),
    "bare keys": (
        "{Version: 1, $a_1 : 2}",
        '{"Version": 1, "$a_1" : 2}',
        [("bare-keys", 1, 2, "“Version”", 2)],
    ),
    "bare keys before any space": (
        "{a\t: 1, b\r\n: 2, c\xa0：3}",
        '{"a"\t: 1, "b"\r\n: 2, "c" :3}',
        [("bare-keys", 1, 2, "“a”", 3), ("spaces", 2, 7, "", 1), ("full-width", 2, 8, ":", 1)],
    ),
    "Python's literals": (
        "[True, False,None]",
        "[true, false,null]",
        [("python-literals", 1, 2, "true", 3)],
    ),
}


def summary(source):
    return [(each.id, each.line, each.column, each.values["what"], each.values["n"]) for each in source.repairs]


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


# text; line, column, kind and value of its fault; the title of each reading, likeliest first, and what it makes.
LIKELY = {
    "cut off within a list of actions": (
        '{"Version":"1.1","Statement":[{"Effect":"Allow","Action":["a:b:c","a:b:d"',
        (1, 74, RepairKind.CUT_OFF, "]}]}"),
        [(reader.END_THE_TEXT, '{"Version":"1.1","Statement":[{"Effect":"Allow","Action":["a:b:c","a:b:d"]}]}')],
    ),
    "cut off after a comma": (
        '{"Version":1,"Statement":[{},\n',
        (1, 29, RepairKind.CUT_OFF, "]}"),
        [(reader.END_THE_TEXT, '{"Version":1,"Statement":[{}]}\n')],
    ),
    "cut off after a statement": (
        '{"Version":1,"Statement":[{}',
        (1, 29, RepairKind.CUT_OFF, "]}"),
        [(reader.END_THE_TEXT, '{"Version":1,"Statement":[{}]}')],
    ),
    "cut off before Version": (
        '{"Statement":[{}]',
        (1, 18, RepairKind.CUT_OFF, "}"),
        [(reader.END_THE_TEXT, '{"Statement":[{}]}')],
    ),
    "cut off within a role": (
        '{"role":{"policy":{"Version":1,"Statement":[]}',
        (1, 47, RepairKind.CUT_OFF, "}}"),
        [(reader.END_THE_TEXT, '{"role":{"policy":{"Version":1,"Statement":[]}}}')],
    ),
    "cut off within a list of policies": (
        '[{"Version":1,"Statement":[]}',
        (1, 30, RepairKind.CUT_OFF, "]"),
        [(reader.END_THE_TEXT, '[{"Version":1,"Statement":[]}]')],
    ),
    "a name over two lines": (
        '["Anna\n    Berg"]',
        (1, 2, RepairKind.LINE_BREAK, "“Anna Berg” or “AnnaBerg”"),
        [(strings.JOIN_WITH_SPACE, '["Anna Berg"]'), (strings.JOIN_WITHOUT_SPACE, '["AnnaBerg"]')],
    ),
    "a resource over two lines": (
        '{"Resource": ["OBS:*:*:object:b/o\r\n /*"]}',
        (1, 15, RepairKind.LINE_BREAK, "“OBS:*:*:object:b/o /*” or “OBS:*:*:object:b/o/*”"),
        [
            (strings.JOIN_WITHOUT_SPACE, '{"Resource": ["OBS:*:*:object:b/o/*"]}'),
            (strings.JOIN_WITH_SPACE, '{"Resource": ["OBS:*:*:object:b/o /*"]}'),
        ],
    ),
    "a resource over two lines, behind a star": (
        '{"Resource": ["OBS:*:*:object:b*\n x"]}',
        (1, 15, RepairKind.LINE_BREAK, "“OBS:*:*:object:b* x” or “OBS:*:*:object:b*x”"),
        [
            (strings.JOIN_WITHOUT_SPACE, '{"Resource": ["OBS:*:*:object:b*x"]}'),
            (strings.JOIN_WITH_SPACE, '{"Resource": ["OBS:*:*:object:b* x"]}'),
        ],
    ),
    "what reads like an action, in a condition": (
        '{"Action":["a:b:c"],"Condition":{"x":{"y":["a:b:\rc"]}}}',
        (1, 44, RepairKind.LINE_BREAK, "“a:b: c” or “a:b:c”"),
        [
            (strings.JOIN_WITHOUT_SPACE, '{"Action":["a:b:c"],"Condition":{"x":{"y":["a:b:c"]}}}'),
            (strings.JOIN_WITH_SPACE, '{"Action":["a:b:c"],"Condition":{"x":{"y":["a:b: c"]}}}'),
        ],
    ),
    "a key over two lines": (
        '{"Ef\nfect": 1}',
        (1, 2, RepairKind.LINE_BREAK, "“Ef fect” or “Effect”"),
        [(strings.JOIN_WITH_SPACE, '{"Ef fect": 1}'), (strings.JOIN_WITHOUT_SPACE, '{"Effect": 1}')],
    ),
    "a long text over two lines, with escapes": (
        '["\\u0061' + "b" * 40 + "\n \\u0063" + "d" * 40 + '"]',
        (
            1,
            2,
            RepairKind.LINE_BREAK,
            "“bbbbbbbbbbbbbbbbbbbbbbbb cddddddddddddddddddddddd” or “bbbbbbbbbbbbbbbbbbbbbbbbcddddddddddddddddddddddd”",
        ),
        [
            (strings.JOIN_WITH_SPACE, '["\\u0061' + "b" * 40 + " \\u0063" + "d" * 40 + '"]'),
            (strings.JOIN_WITHOUT_SPACE, '["\\u0061' + "b" * 40 + "\\u0063" + "d" * 40 + '"]'),
        ],
    ),
    "a resource without its closing quote": (
        '{"Resource": [\n  "a:b:c:d , \n\n  "e"]}',
        (2, 3, RepairKind.UNCLOSED_TEXT, '“"a:b:c:d”'),
        [(strings.CLOSE_AT_LINE_END, '{"Resource": [\n  "a:b:c:d" , \n\n  "e"]}')],
    ),
    "the last value without its closing quote": (
        '{"Condition": {"x": {"y": ["Anna Berg\n ]}}}',
        (1, 28, RepairKind.UNCLOSED_TEXT, '“"Anna”'),
        [(strings.CLOSE_AT_LINE_END, '{"Condition": {"x": {"y": ["Anna Berg"\n ]}}}')],
    ),
    "an effect that is none without its closing quote": (
        '{"Effect": "Allowed,\n"Action": []}',
        (1, 12, RepairKind.UNCLOSED_TEXT, '“"Allowed”'),
        [(strings.CLOSE_AT_LINE_END, '{"Effect": "Allowed",\n"Action": []}')],
    ),
    "several brackets missing": (
        '{"a": [{"b": {"c": ["d" ]\n ] }',
        (2, 2, RepairKind.MISSING_BRACKET, "}}"),
        [(reader.ADD_THE_MISSING, '{"a": [{"b": {"c": ["d" ]\n }}] }')],
    ),
    "a bracket and a brace missing": (
        '[{"a": [1, {"b": [2}] }]',
        (1, 20, RepairKind.MISSING_BRACKET, "]"),
        [(reader.ADD_THE_MISSING, '[{"a": [1, {"b": [2]}] }]')],
    ),
    "bracket missing in the middle": (
        '{"a": [1\n}',
        (2, 1, RepairKind.MISSING_BRACKET, "]"),
        [(reader.ADD_THE_MISSING, '{"a": [1\n]}')],
    ),
    "brace missing in the middle": (
        '[{"a": 1］',
        (1, 9, RepairKind.MISSING_BRACKET, "}"),
        [(reader.ADD_THE_MISSING, '[{"a": 1}］')],
    ),
    "bracket missing before a key": (
        '{"a": ["b"\n, "c": ["d"]}',
        (2, 3, RepairKind.MISSING_BRACKET, "]"),
        [(reader.ADD_THE_MISSING, '{"a": ["b"]\n, "c": ["d"]}')],
    ),
    "bracket and comma missing before a key": (
        '{"a": [["b"], "b"\n "c" : 1}',
        (2, 2, RepairKind.MISSING_BRACKET, "]"),
        [(reader.ADD_THE_MISSING, '{"a": [["b"], "b"],\n "c" : 1}')],
    ),
    "brace missing before an object": (
        '[{"a": 1, {"b": 2}]',
        (1, 11, RepairKind.MISSING_BRACKET, "}"),
        [(reader.ADD_THE_MISSING, '[{"a": 1}, {"b": 2}]')],
    ),
    "brace and comma missing before an object": (
        '[{"a": 1 {"b": 2}]',
        (1, 10, RepairKind.MISSING_BRACKET, "}"),
        [(reader.ADD_THE_MISSING, '[{"a": 1}, {"b": 2}]')],
    ),
}


@pytest.mark.parametrize(("text", "fault", "readings"), LIKELY.values(), ids=LIKELY)
def test_what_is_likely_is_offered_and_not_made(text, fault, readings):
    source = read(text)

    line, column, kind, what = fault
    (found,) = source.faults
    assert (found.line, found.column) == (line, column)
    assert (found.wording, found.values) == (WORDING[kind].fault, {"what": what})
    assert [(each.template, each.apply(text)) for each in found.readings] == readings
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
    assert [fault.wording for fault in read(text, consenting=True).faults] == [reader.POLICY_IS_NOT_WHOLE]


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


# The fault in place of each repair of a text that was refused: line and column, and what its place calls for.
REFUSED = {
    ("trailing-comma-2", "[1,]"): ((1, 3), "]"),
    ("missing-comma-4", '["a" "b"]'): ((1, 5), "]"),
    ("surplus-commas", "[1,,2]"): ((1, 4), ""),
    ("semicolons", "[1;2]"): ((1, 3), "Write a comma instead."),
    ("semicolons", "[1;]"): ((1, 3), "Remove it."),
    ("missing-quotes", '{"Effect": Deny}'): ((1, 12), "“Deny”"),
    ("several-actions-10", '{"Action":"a:b:c d:e:f"}'): ((1, 11), "a:b:c, d:e:f"),
    ("invisible-characters", '{"Effect": "\u200bDeny"}'): ((1, 12), "“Deny”"),
    ("surplus-brackets-14", '{"Version": 1}}'): ((1, 15), "}"),
    ("several-policies-14", '{"Version": 1}{"Version": 1}'): ((1, 15), "2"),
    ("typographic-quotes", '["a", “b”]'): ((1, 7), '"'),
    ("single-quotes", "['a']"): ((1, 2), '"'),
    ("full-width", "[1\n，2]"): ((2, 1), ","),
    ("full-width", "[＂a＂]"): ((1, 2), '"'),
    ("spaces", "[\xa01]"): ((1, 2), ""),
    ("broken-string-10", '{"Action":"a:b:\nc"}'): ((1, 11), ""),
    ("missing-brackets-28", '{"Version":1,"Statement":[ ]'): ((1, 29), "}"),
    ("comments", "[1] #x"): ((1, 5), ""),
    ("bom-0", "\ufeff1"): ((1, 1), ""),
    ("fence-2", "x\n```\n1"): ((2, 1), "before"),
    ("bare-keys", "{Version: 1}"): ((1, 2), "“Version”"),
    ("python-literals", "[None]"): ((1, 2), "null"),
}


@pytest.mark.parametrize(("asked", "place", "what"), [(a, *f) for a, f in REFUSED.items()])
def test_a_refused_repair_is_a_fault_in_its_place(asked, place, what):
    id_, text = asked
    (kind,) = (repair.kind for repair in read(text).repairs if repair.id == id_)

    source = read(text, without={id_})

    (fault,) = source.faults
    assert ((fault.line, fault.column), fault.wording, fault.values) == (place, WORDING[kind].fault, {"what": what})
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
    assert len(read("[" + '"a"\n' * (MAX_REPAIRS + 1) + "]").repairs) == MAX_REPAIRS
    assert [(f.line, f.wording) for f in read("[" + '"a"\n' * (MAX_REPAIRS + 2) + "]").faults] == [
        (101, TOO_MANY_REPAIRS)
    ]
    assert read("[" + "'',\n" * (MAX_PLACES - 1) + "'']").faults == ()
    assert [(f.line, f.wording) for f in read("[" + "'',\n" * MAX_PLACES + "'']").faults] == [(4001, TOO_MANY_REPAIRS)]
