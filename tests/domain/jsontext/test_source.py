"""What is refused, by example, and the limits. Repairs: test_repairs.py; any text: test_source_laws.py."""

import json

import pytest

from policybuilder.domain.jsontext import reader, scalars, scanner, source, strings
from policybuilder.domain.jsontext.nodes import to_python
from policybuilder.domain.jsontext.repair_kinds import WORDING, RepairKind
from policybuilder.domain.jsontext.source import MAX_BYTES, Excerpt, Fault, Position, excerpt, read, read_own

# text, line and column of its only fault, wording and values
FAULTS = {
    "nothing": (
        "",
        1,
        1,
        reader.NO_JSON,
        {},
    ),
    "only space": (
        " \n ",
        2,
        2,
        reader.NO_JSON,
        {},
    ),
    "an empty code fence": (
        "```\n```",
        2,
        1,
        reader.NO_JSON,
        {},
    ),
    "text before": (
        "Policy: {}",
        1,
        1,
        reader.TEXT_SHOULD_BEGIN,
        {"found": "“Policy:”"},
    ),
    "a sign before": (
        "=[]",
        1,
        1,
        reader.TEXT_SHOULD_BEGIN,
        {"found": "“=”"},
    ),
    "text after": (
        '{} "a"',
        1,
        4,
        reader.TEXT_SHOULD_END,
        {"found": '“"a"”'},
    ),
    "a second document": (
        "{}\n{}",
        2,
        1,
        reader.TEXT_SHOULD_END,
        {"found": "“{”"},
    ),
    "a bracket too many": (
        "[1]]",
        1,
        4,
        reader.TEXT_SHOULD_END,
        {"found": "“]”"},
    ),
    "a comma after the document": (
        "{},",
        1,
        3,
        reader.TEXT_SHOULD_END,
        {"found": "“,”"},
    ),
    # commas
    "semicolon first": (
        "[;1]",
        1,
        2,
        reader.VALUE_IS_MISSING,
        {"found": "“;1”"},
    ),
    "semicolon in place of a colon": (
        '{"a"; 1}',
        1,
        5,
        reader.COLON_IS_MISSING,
        {"found": '“"a";”'},
    ),
    "text ends after a comma": (
        "[1,\n",
        1,
        3,
        WORDING[RepairKind.CUT_OFF].fault,
        {"what": "]"},
    ),
    "strings touch": (
        '["a""b"]',
        1,
        5,
        reader.COMMA_IS_MISSING,
        {"closer": "]"},
    ),
    "numbers on one line": (
        "[1 2]",
        1,
        3,
        reader.COMMA_IS_MISSING,
        {"closer": "]"},
    ),
    "numbers parted by a comment": (
        "[1/**/2]",
        1,
        3,
        reader.COMMA_IS_MISSING,
        {"closer": "]"},
    ),
    "bracket missing before a key": (
        '{"a": ["b"\n "c": 1}',
        2,
        2,
        WORDING[RepairKind.MISSING_BRACKET].fault,
        {"what": "]"},
    ),
    "key in a list": (
        '["b"\n "c": 1]',
        1,
        5,
        reader.KEY_IN_LIST,
        {"closer": "]"},
    ),
    "no colon after what may be a key": (
        '{"a": "b" "c"}',
        1,
        10,
        reader.COMMA_IS_MISSING,
        {"closer": "}"},
    ),
    "an object among members": (
        '{"a": 1 {}}',
        1,
        8,
        reader.COMMA_IS_MISSING,
        {"closer": "}"},
    ),
    "a quote inside a string": (
        '["say "hi" now"]',
        1,
        8,
        reader.COMMA_SHOULD_STAND,
        {"closer": "]", "found": '“hi"”'},
    ),
    "a word after a value": (
        '["a" b]',
        1,
        6,
        reader.COMMA_SHOULD_STAND,
        {"closer": "]", "found": "“b”"},
    ),
    "a sign after a value": (
        '["a" = 1]',
        1,
        6,
        reader.COMMA_SHOULD_STAND,
        {"closer": "]", "found": "“=”"},
    ),
    "a sign before a key": (
        '{"a": 1\n=b: 2}',
        2,
        1,
        reader.COMMA_SHOULD_STAND,
        {"closer": "}", "found": "“=b:”"},
    ),
    "no number after a value": (
        '["a" 1.2.3]',
        1,
        6,
        reader.COMMA_SHOULD_STAND,
        {"closer": "]", "found": "“1.2.3”"},
    ),
    "a key in a list": (
        '["a" true, "b": 1]',
        1,
        15,
        reader.KEY_SHOULD_NOT_STAND,
        {"closer": "]", "found": "“:”"},
    ),
    # brackets
    "wrong bracket": (
        '{"a": [1}',
        1,
        9,
        WORDING[RepairKind.MISSING_BRACKET].fault,
        {"what": "]"},
    ),
    "wrong bracket at once": (
        "[}",
        1,
        2,
        reader.BRACKET_IS_MISSING,
        {"closer": "]", "found": "}"},
    ),
    "wrong bracket after a comma": (
        '{"a": 1,]',
        1,
        9,
        reader.BRACKET_IS_MISSING,
        {"closer": "}", "found": "]"},
    ),
    "text ends after an opening bracket": (
        "[",
        1,
        2,
        reader.VALUE_IS_CUT_OFF,
        {"found": "the end of the text"},
    ),
    "text ends before a key": (
        "{",
        1,
        2,
        reader.KEY_IS_MISSING,
        {"found": "the end of the text"},
    ),
    "text ends after a colon": (
        '{"a":',
        1,
        6,
        reader.VALUE_IS_CUT_OFF,
        {"found": "the end of the text"},
    ),
    "text ends after a key": (
        '{"a"',
        1,
        5,
        reader.COLON_IS_MISSING,
        {"found": '“"a"”'},
    ),
    # keys
    "no colon": (
        '{"a" 1}',
        1,
        5,
        reader.COLON_IS_MISSING,
        {"found": '“"a"”'},
    ),
    "equals sign": (
        '{"a" = 1}',
        1,
        5,
        reader.COLON_IS_MISSING,
        {"found": '“"a"”'},
    ),
    "no value": (
        '{"a": , "b": 1}',
        1,
        7,
        reader.VALUE_IS_MISSING,
        {"found": "“,”"},
    ),
    "number as key": (
        "{1: 2}",
        1,
        2,
        reader.KEY_IS_MISSING,
        {"found": "“1:”"},
    ),
    "sign before a bare key": (
        "{= a: 2}",
        1,
        2,
        reader.KEY_IS_MISSING,
        {"found": "“=”"},
    ),
    "bare key that is no name": (
        "{a-b: 2}",
        1,
        2,
        reader.KEY_IS_MISSING,
        {"found": "“a-b:”"},
    ),
    "bare key with a service": (
        "{g:UserName: 1}",
        1,
        4,
        scalars.NO_QUOTES,
        {"found": "“UserName:”"},
    ),
    "key without its first quote": (
        '{a": 1}',
        1,
        2,
        reader.KEY_IS_MISSING,
        {"found": '“a":”'},
    ),
    # words and numbers
    "bare word": (
        '{"Effect": allow}',
        1,
        12,
        scalars.NO_QUOTES,
        {"found": "“allow”"},
    ),
    "undefined": (
        "[undefined]",
        1,
        2,
        scalars.NO_QUOTES,
        {"found": "“undefined”"},
    ),
    "TRUE": (
        "[TRUE]",
        1,
        2,
        scalars.NO_QUOTES,
        {"found": "“TRUE”"},
    ),
    "NaN": (
        "[NaN]",
        1,
        2,
        scalars.NO_NUMBER,
        {"found": "“NaN”"},
    ),
    "Infinity": (
        "[Infinity]",
        1,
        2,
        scalars.NO_NUMBER,
        {"found": "“Infinity”"},
    ),
    "minus Infinity": (
        "[-Infinity]",
        1,
        2,
        scalars.NO_NUMBER,
        {"found": "“-Infinity”"},
    ),
    "leading zero": (
        "[01]",
        1,
        2,
        scalars.NO_NUMBER,
        {"found": "“01”"},
    ),
    "plus": (
        "[+1]",
        1,
        2,
        scalars.NO_NUMBER,
        {"found": "“+1”"},
    ),
    "no digit after the point": (
        "[1.]",
        1,
        2,
        scalars.NO_NUMBER,
        {"found": "“1.”"},
    ),
    "no digit before the point": (
        "[.5]",
        1,
        2,
        scalars.NO_NUMBER,
        {"found": "“.5”"},
    ),
    "no exponent": (
        "[1e]",
        1,
        2,
        scalars.NO_NUMBER,
        {"found": "“1e”"},
    ),
    "hexadecimal": (
        "[0x1F]",
        1,
        2,
        scalars.NO_NUMBER,
        {"found": "“0x1F”"},
    ),
    "digits of another script": (
        "[1٣]",
        1,
        2,
        scalars.NO_NUMBER,
        {"found": "“1٣”"},
    ),
    "too large": (
        "[1e999]",
        1,
        2,
        scalars.NUMBER_IS_LARGE,
        {"found": "“1e999”"},
    ),
    "too many digits": (
        f"[{'1' * 101}]",
        1,
        2,
        scalars.NUMBER_IS_LARGE,
        {"found": "“111111111111111111111111”"},
    ),
    # strings
    "string never closed": (
        '["a]',
        1,
        2,
        strings.TEXT_IS_CUT_OFF,
        {"found": '“"a”'},
    ),
    "quote missing at a line's end": (
        '["a,\n"b"]',
        1,
        2,
        WORDING[RepairKind.UNCLOSED_TEXT].fault,
        {"what": '“"a”'},
    ),
    "two quotes missing": (
        '["a,\nb"]',
        1,
        2,
        strings.TEXT_IS_OPEN,
        {"found": '“"a”'},
    ),
    "next line is no text": (
        '["a\n, "b"]',
        1,
        2,
        strings.TEXT_IS_OPEN,
        {"found": '“"a”'},
    ),
    "quote missing before a bracket": (
        '[{"a": "b\n}, "c"]',
        1,
        8,
        WORDING[RepairKind.UNCLOSED_TEXT].fault,
        {"what": '“"b”'},
    ),
    "value on the next line lost its quote": (
        '{"a:\n "b"}',
        1,
        2,
        strings.TEXT_IS_OPEN,
        {"found": '“"a:”'},
    ),
    "string over three lines": (
        '["a\nb\nc"]',
        1,
        2,
        strings.TEXT_IS_OPEN,
        {"found": '“"a”'},
    ),
    "string begins with a line break": (
        '["\na"]',
        1,
        2,
        strings.TEXT_IS_OPEN,
        {"found": '“"”'},
    ),
    "backslash at the end of a line": (
        '["a\\\nb"]',
        1,
        2,
        strings.TEXT_IS_OPEN,
        {"found": '“"a\\”'},
    ),
    "backslash at the end of a line of Windows": (
        '["a\\\r\nb"]',
        1,
        2,
        strings.TEXT_IS_OPEN,
        {"found": '“"a\\”'},
    ),
    "closing quote amid a text": (
        '["a\nb" c"]',
        1,
        2,
        strings.TEXT_IS_OPEN,
        {"found": '“"a”'},
    ),
    "apostrophe in single quotes": (
        "['it's']",
        1,
        5,
        strings.END_IS_UNCLEAR,
        {"found": "“'”"},
    ),
    "quotes in typographic quotes": (
        "[“a ”b” c”]",
        1,
        5,
        strings.END_IS_UNCLEAR,
        {"found": "“””"},
    ),
    "two typographic quotes before the line's end": (
        '["a “b”,\n1]',
        1,
        2,
        strings.TEXT_IS_OPEN,
        {"found": '“"a”'},
    ),
    "typographic quote within a text": (
        '["a ”b,\n1]',
        1,
        2,
        strings.TEXT_IS_OPEN,
        {"found": '“"a”'},
    ),
    "next line begins with a comma": (
        '["a\n,b"]',
        1,
        2,
        strings.TEXT_IS_OPEN,
        {"found": '“"a”'},
    ),
    "tab in a string": (
        '["a\tb"]',
        1,
        4,
        strings.CONTROL_CHARACTER,
        {"code": 9, "escape": "\\t"},
    ),
    "NUL in a string": (
        '["a\x00"]',
        1,
        4,
        strings.CONTROL_CHARACTER,
        {"code": 0, "escape": "\\u0000"},
    ),
    "tab in a string over two lines": (
        '["a\nb\tc"]',
        2,
        2,
        strings.CONTROL_CHARACTER,
        {"code": 9, "escape": "\\t"},
    ),
    "NUL outside a string": (
        "[\x00]",
        1,
        2,
        reader.VALUE_IS_MISSING,
        {"found": "the character U+0000"},
    ),
    "bad escape": (
        '["a\\x"]',
        1,
        4,
        strings.BACKSLASH,
        {"found": "“\\x”"},
    ),
    "bad escape before half a character": (
        '["\\x \\ud800"]',
        1,
        3,
        strings.BACKSLASH,
        {"found": "“\\x”"},
    ),
    "escaped single quote": (
        "['a\\'b']",
        1,
        4,
        strings.BACKSLASH,
        {"found": "“\\'”"},
    ),
    "short escape": (
        '["\\u12"]',
        1,
        3,
        strings.BACKSLASH,
        {"found": "“\\u”"},
    ),
    "half a character": (
        '["\\ud800"]',
        1,
        3,
        strings.HALF_A_CHARACTER,
        {"found": "“\\ud800”"},
    ),
    "second half alone": (
        '["\\uDC00"]',
        1,
        3,
        strings.HALF_A_CHARACTER,
        {"found": "“\\uDC00”"},
    ),
    "two first halves": (
        '["\\ud800\\ud800\\udc00"]',
        1,
        3,
        strings.HALF_A_CHARACTER,
        {"found": "“\\ud800”"},
    ),
    "half a character as it is": (
        '["a\ud800"]',
        1,
        4,
        strings.HALF_A_CHARACTER,
        {"found": "the character U+D800"},
    ),
    "half a character outside a string": (
        "[\ud800]",
        1,
        2,
        reader.VALUE_IS_MISSING,
        {"found": "the character U+D800"},
    ),
    # comments and fences
    "comment never closed": (
        "[1, /* 2]",
        1,
        5,
        scanner.COMMENT_IS_OPEN,
        {},
    ),
    "comment closed at once": (
        "[1, /*/ 2]",
        1,
        5,
        scanner.COMMENT_IS_OPEN,
        {},
    ),
    "slash": (
        "[1 / 2]",
        1,
        4,
        scanner.SLASH,
        {},
    ),
    "code before a fence": (
        "[0]\n```\n[1]\n```",
        2,
        1,
        reader.TEXT_SHOULD_END,
        {"found": "“```”"},
    ),
    "code after a fence": (
        "```\n[1]\n```\nor {}",
        3,
        1,
        reader.TEXT_SHOULD_END,
        {"found": "“```”"},
    ),
    "fence on the line of the code": (
        "```[1]```",
        1,
        1,
        reader.TEXT_SHOULD_BEGIN,
        {"found": "“```”"},
    ),
    "BOM in a word": (
        "[tr\ufeffue]",
        1,
        2,
        scalars.NO_QUOTES,
        {"found": "“tr�ue”"},
    ),
}


@pytest.mark.parametrize(("text", "line", "column", "wording", "values"), FAULTS.values(), ids=FAULTS)
def test_what_is_not_clear_is_a_fault(text, line, column, wording, values):
    source = read(text)

    (fault,) = source.faults
    assert (fault.line, fault.column, fault.wording, fault.values) == (line, column, wording, values)
    assert source.position(fault.offset) == (line, column)
    assert source.root is None
    assert source.duplicates == ()


@pytest.mark.parametrize(
    ("text", "wording"),
    [
        ('["b"\n "c": 1]', reader.KEY_IN_LIST),
        ('["a", "b": 1]', reader.KEY_SHOULD_NOT_STAND),
        ('{"a": "b""c": 1}', reader.COMMA_IS_MISSING),
        ("[1 2]", reader.COMMA_IS_MISSING),
        ('["say "hi" now"]', reader.COMMA_SHOULD_STAND),
        ('{"a": 1 : 2}', reader.COMMA_SHOULD_STAND),
        ('["a", "b', strings.TEXT_IS_CUT_OFF),
        ('{"a": ', reader.VALUE_IS_CUT_OFF),
    ],
)
def test_the_hint_goes_with_the_fault(text, wording):
    assert [fault.wording for fault in read(text).faults] == [wording]


def test_a_fault_keeps_the_repairs_before_it():
    source = read("[1, // x\n2, y]")

    assert [repair.id for repair in source.repairs] == ["comments"]
    assert source.repaired_text == "[1, \n2, y]"
    assert [(fault.line, fault.column) for fault in source.faults] == [(2, 4)]


def test_valid_json_stays_as_it_is():
    text = (
        ' {"a" :\t[ ] , "\\ud83d\\ude00\\uD83D\\uDE00\\/“„\u2028\xa0//#\'" : [-0.5E+3,\r\n'
        + "9" * 100
        + ',{}, "\\u0000"] }\n'
    )

    source = read(text)

    assert (source.repairs, source.faults, source.repaired_text) == ((), (), text)
    assert to_python(source.root) == json.loads(text)


def test_positions_count_characters_and_every_kind_of_line_break():
    source = read('["ä😀",\r\n1,\r2,\n3]')

    assert [source.position(item.start) for item in source.root.items] == [(1, 2), (2, 1), (3, 1), (4, 1)]
    assert source.position(5) == Position(1, 6)


# Limits


def test_a_text_over_the_limit_is_not_read():
    text = f'["{"é" * (MAX_BYTES // 2 - 2)}"]'
    assert read(text).faults == ()

    assert read(text + " ").faults == (Fault(1, 1, 0, source.TEXT_IS_LONG, {"n": 32_769, "limit": 32_768}, "IAM.1101"),)


def test_a_repair_may_not_exceed_the_limit():
    text = f'{{"Version":"{"a" * (MAX_BYTES - 28)}" "Statement":1'
    assert len(text) == MAX_BYTES - 1

    answer = read(text)

    (fault,) = answer.faults
    assert (fault.wording, fault.values["n"], fault.code) == (source.REPAIRED_IS_LONG, 32_769, "IAM.1101")
    assert (answer.root, [repair.id for repair in answer.repairs]) == (
        None,
        ["missing-comma-32753", "missing-brackets-32767"],
    )


def test_brackets_nest_32_deep():
    assert read("[" * 32 + "]" * 32).faults == ()
    assert read('{"a":' * 31 + "[]" + "}" * 31).faults == ()
    (fault,) = read("[" * 33 + "]" * 33).faults
    assert (fault.column, fault.wording, fault.values) == (33, reader.TOO_DEEP, {"limit": 32})


def test_values_and_keys_are_counted(monkeypatch):
    monkeypatch.setattr(reader, "MAX_NODES", 5)

    assert read('{"a": [1, 2]}').faults == ()
    (fault,) = read('{"a": [1, 2, 3]}').faults
    assert (fault.column, fault.wording, fault.values) == (14, reader.TOO_MANY_VALUES, {"limit": 5})


HOSTILE = {
    "open brackets": "[" * 100_000,
    "open brackets within the limit": "[" * 32_000,
    "open objects": '{"a":' * 6_000,
    "commas": "[" + "," * 30_000,
    "a string of a megabyte": f'["{"a" * 1_000_000}"]',
    "a string never closed": '["' + "a" * 32_000,
    "quotes": '"' * 32_000,
    "backslashes": '"' + "\\" * 32_000,
    "escapes": '"' + "\\n" * 16_000 + '"',
    "comments never closed": "[" + "/*" * 16_000,
    "comments": "/**/" * 3_000 + "1",
    "slashes": "/" * 32_000,
    "line breaks": "\n" * 32_000,
    "a string over many lines": '["' + "a\n" * 16_000,
    "fences": "```\n" * 8_000,
    "a fence with spaces": "```" + " " * 32_000 + "!x",
    "digits": "1" * 32_000,
    "minus signs": "-" * 32_000,
    "exponents": "1e" * 16_000,
    "apostrophes": "['" + "it's " * 6_000,
    "typographic quotes": '["' + "a”" * 8_000,
    "spaces before nothing": '{"a"' + " " * 32_000,
    "missing commas far apart": '["a"' + (" " * 300 + '"a"') * 105,
    "halves of characters": '"' + "\\ud800" * 5_000 + '"',
    "raw halves of characters": "\ud800" * 10_000,
    "actions in one text": '{"Action": ["' + "a:b:c " * 5_000,
    "actions without a closing quote": '{"Action": [' + '"a:b:c,' * 4_000,
    "actions without quotes": '{"Action": [' + "a:b:c," * 5_000,
    "texts without a closing quote": '{"Resource": [' + '"a,\n' * 8_000,
    "policies in a row": '{"Version":1}' * 2_400,
    "policies with words between them": '{"Version":1}.' * 2_300 + "." * 600,
    "a policy of many keys before others": '{"Version":1' + ',"":1' * 2_400 + "}" + '{"Version":1}' * 1_200,
    "words after a policy": '{"Version":1}' + "a " * 16_000,
    "semicolons": "[1" + ";1" * 15_000 + "]",
    "brackets that nothing opened": '{"Version":1}' + "]}" * 16_000,
    "roles in roles": '{"role":' * 31 + '{"Version":1}' + "}" * 16_000,
    "invisible characters": '{"Action":["' + "\u200b" * 9_000 + 'a:b:c"]}',
    "escaped invisible characters": '{"Action":["' + "\\u200b" * 5_000 + 'a:b:c"]}',
    "many values": "[" + "1," * 16_000 + "1]",
    "duplicate keys": "{" + '"":1,' * 6_000 + '"":1}',
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_is_answered(text):
    source = read(text)

    assert (source.root is None) == bool(source.faults)
    for fault in source.faults:
        assert len(fault.message) < 120
        assert (fault.message + fault.hint).isprintable()
        assert len(excerpt(text, fault.offset).text) <= 80


# Excerpts


@pytest.mark.parametrize(
    ("text", "offset", "shown", "mark"),
    [
        ("one\ntwo three\nfour", 8, "two three", 4),
        ("one\r\ntwo\r\n", 5, "two", 0),
        ("one\rtwo", 6, "two", 2),
        ("one\ntwo", 3, "one", 3),
        ("one\ntwo", 7, "two", 3),
        ("one\n", 4, "", 0),
        ("", 0, "", 0),
        ("one", 99, "one", 3),
        ("one", -1, "one", 0),
        ("a" * 100 + "b" + "c" * 100, 100, "a" * 60 + "b" + "c" * 19, 60),
        ("a\tb\xa0c\x00d\u202ee\ud800f", 5, "a b␣c␀d�e�f", 5),
    ],
)
def test_an_excerpt_marks_the_place_in_its_line(text, offset, shown, mark):
    assert excerpt(text, offset) == Excerpt(shown, mark)


def test_what_the_program_printed_has_no_limits_of_its_own():
    printed = json.dumps(["a" * MAX_BYTES, [0] * reader.MAX_NODES])
    deep = "[" * (reader.MAX_DEPTH + 2) + "]" * (reader.MAX_DEPTH + 2)

    for text in (printed, deep):
        assert read(text).root is None
        source = read_own(text)
        assert to_python(source.root) == json.loads(text)
        assert (source.faults, source.repairs, source.repaired_text) == ((), (), text)
