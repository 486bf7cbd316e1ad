"""What is refused, by example, and the limits. Repairs: test_repairs.py; any text: test_source_laws.py."""

import json

import pytest

from policybuilder.domain.jsontext import reader as json_reader
from policybuilder.domain.jsontext.nodes import to_python
from policybuilder.domain.jsontext.source import MAX_BYTES, Excerpt, Fault, Position, excerpt, read, read_own

# text, line and column of its only fault, message
FAULTS = {
    "nothing": ("", 1, 1, "There is no JSON in this text."),
    "only space": (" \n ", 2, 2, "There is no JSON in this text."),
    "an empty code fence": ("```\n```", 2, 1, "There is no JSON in this text."),
    "text before": ("Policy: {}", 1, 1, "The text should begin with {; found “Policy:”."),
    "a sign before": ("=[]", 1, 1, "The text should begin with {; found “=”."),
    "text after": ('{} "a"', 1, 4, 'The text should end here; found “"a"”.'),
    "a second document": ("{}\n{}", 2, 1, "The text should end here; found “{”."),
    "a bracket too many": ("[1]]", 1, 4, "The text should end here; found “]”."),
    "a comma after the document": ("{},", 1, 3, "The text should end here; found “,”."),
    # commas
    "semicolon first": ("[;1]", 1, 2, "A value is missing here; found “;1”."),
    "semicolon in place of a colon": ('{"a"; 1}', 1, 5, 'A colon is missing after the key “"a";”.'),
    "text ends after a comma": (
        "[1,\n",
        1,
        3,
        "The text ends here before its brackets are closed: text may be missing.",
    ),
    "strings touch": ('["a""b"]', 1, 5, "A comma or ] is missing here."),
    "numbers on one line": ("[1 2]", 1, 3, "A comma or ] is missing here."),
    "numbers parted by a comment": ("[1/**/2]", 1, 3, "A comma or ] is missing here."),
    "bracket missing before a key": ('{"a": ["b"\n "c": 1}', 2, 2, "] is missing before this."),
    "key in a list": ('["b"\n "c": 1]', 1, 5, "A comma or ] is missing here."),
    "no colon after what may be a key": ('{"a": "b" "c"}', 1, 10, "A comma or } is missing here."),
    "an object among members": ('{"a": 1 {}}', 1, 8, "A comma or } is missing here."),
    "a quote inside a string": ('["say "hi" now"]', 1, 8, 'A comma or ] should stand here; found “hi"”.'),
    "a word after a value": ('["a" b]', 1, 6, "A comma or ] should stand here; found “b”."),
    "a sign after a value": ('["a" = 1]', 1, 6, "A comma or ] should stand here; found “=”."),
    "a sign before a key": ('{"a": 1\n=b: 2}', 2, 1, "A comma or } should stand here; found “=b:”."),
    "no number after a value": ('["a" 1.2.3]', 1, 6, "A comma or ] should stand here; found “1.2.3”."),
    "a key in a list": ('["a" true, "b": 1]', 1, 15, "A comma or ] should stand here; found “:”."),
    # brackets
    "wrong bracket": ('{"a": [1}', 1, 9, "] is missing before this."),
    "wrong bracket at once": ("[}", 1, 2, "] is missing before this }."),
    "wrong bracket after a comma": ('{"a": 1,]', 1, 9, "} is missing before this ]."),
    "text ends after an opening bracket": ("[", 1, 2, "A value is missing here; found the end of the text."),
    "text ends before a key": ("{", 1, 2, "A key in double quotes is missing here; found the end of the text."),
    "text ends after a colon": ('{"a":', 1, 6, "A value is missing here; found the end of the text."),
    "text ends after a key": ('{"a"', 1, 5, 'A colon is missing after the key “"a"”.'),
    # keys
    "no colon": ('{"a" 1}', 1, 5, 'A colon is missing after the key “"a"”.'),
    "equals sign": ('{"a" = 1}', 1, 5, 'A colon is missing after the key “"a"”.'),
    "no value": ('{"a": , "b": 1}', 1, 7, "A value is missing here; found “,”."),
    "number as key": ("{1: 2}", 1, 2, "A key in double quotes is missing here; found “1:”."),
    "sign before a bare key": ("{= a: 2}", 1, 2, "A key in double quotes is missing here; found “=”."),
    "bare key that is no name": ("{a-b: 2}", 1, 2, "A key in double quotes is missing here; found “a-b:”."),
    "bare key with a service": ("{g:UserName: 1}", 1, 4, "“UserName:” has no quotes."),
    "key without its first quote": ('{a": 1}', 1, 2, 'A key in double quotes is missing here; found “a":”.'),
    # words and numbers
    "bare word": ('{"Effect": allow}', 1, 12, "“allow” has no quotes."),
    "undefined": ("[undefined]", 1, 2, "“undefined” has no quotes."),
    "TRUE": ("[TRUE]", 1, 2, "“TRUE” has no quotes."),
    "NaN": ("[NaN]", 1, 2, "“NaN” is no number in JSON."),
    "Infinity": ("[Infinity]", 1, 2, "“Infinity” is no number in JSON."),
    "minus Infinity": ("[-Infinity]", 1, 2, "“-Infinity” is no number in JSON."),
    "leading zero": ("[01]", 1, 2, "“01” is no number in JSON."),
    "plus": ("[+1]", 1, 2, "“+1” is no number in JSON."),
    "no digit after the point": ("[1.]", 1, 2, "“1.” is no number in JSON."),
    "no digit before the point": ("[.5]", 1, 2, "“.5” is no number in JSON."),
    "no exponent": ("[1e]", 1, 2, "“1e” is no number in JSON."),
    "hexadecimal": ("[0x1F]", 1, 2, "“0x1F” is no number in JSON."),
    "digits of another script": ("[1٣]", 1, 2, "“1٣” is no number in JSON."),
    "too large": ("[1e999]", 1, 2, "The number “1e999” is too large."),
    "too many digits": (f"[{'1' * 101}]", 1, 2, f"The number “{'1' * 24}” is too large."),
    # strings
    "string never closed": ('["a]', 1, 2, 'The text that begins here, “"a”, is not closed on its line.'),
    "quote missing at a line's end": (
        '["a,\n"b"]',
        1,
        2,
        'The text that begins here, “"a”, is not closed on its line.',
    ),
    "two quotes missing": ('["a,\nb"]', 1, 2, 'The text that begins here, “"a”, is not closed on its line.'),
    "next line is no text": ('["a\n, "b"]', 1, 2, 'The text that begins here, “"a”, is not closed on its line.'),
    "quote missing before a bracket": (
        '[{"a": "b\n}, "c"]',
        1,
        8,
        'The text that begins here, “"b”, is not closed on its line.',
    ),
    "value on the next line lost its quote": (
        '{"a:\n "b"}',
        1,
        2,
        'The text that begins here, “"a:”, is not closed on its line.',
    ),
    "string over three lines": ('["a\nb\nc"]', 1, 2, 'The text that begins here, “"a”, is not closed on its line.'),
    "string begins with a line break": ('["\na"]', 1, 2, 'The text that begins here, “"”, is not closed on its line.'),
    "backslash at the end of a line": (
        '["a\\\nb"]',
        1,
        2,
        'The text that begins here, “"a\\”, is not closed on its line.',
    ),
    "backslash at the end of a line of Windows": (
        '["a\\\r\nb"]',
        1,
        2,
        'The text that begins here, “"a\\”, is not closed on its line.',
    ),
    "closing quote amid a text": ('["a\nb" c"]', 1, 2, 'The text that begins here, “"a”, is not closed on its line.'),
    "apostrophe in single quotes": ("['it's']", 1, 5, "It is not clear whether “'” ends the text here."),
    "quotes in typographic quotes": ("[“a ”b” c”]", 1, 5, "It is not clear whether “”” ends the text here."),
    "two typographic quotes before the line's end": (
        '["a “b”,\n1]',
        1,
        2,
        'The text that begins here, “"a”, is not closed on its line.',
    ),
    "typographic quote within a text": (
        '["a ”b,\n1]',
        1,
        2,
        'The text that begins here, “"a”, is not closed on its line.',
    ),
    "next line begins with a comma": (
        '["a\n,b"]',
        1,
        2,
        'The text that begins here, “"a”, is not closed on its line.',
    ),
    "tab in a string": ('["a\tb"]', 1, 4, "A control character (U+0009) cannot stand in a text as it is."),
    "NUL in a string": ('["a\x00"]', 1, 4, "A control character (U+0000) cannot stand in a text as it is."),
    "tab in a string over two lines": (
        '["a\nb\tc"]',
        2,
        2,
        "A control character (U+0009) cannot stand in a text as it is.",
    ),
    "NUL outside a string": ("[\x00]", 1, 2, "A value is missing here; found the character U+0000."),
    "bad escape": ('["a\\x"]', 1, 4, "A backslash cannot stand here as in “\\x”."),
    "bad escape before half a character": ('["\\x \\ud800"]', 1, 3, "A backslash cannot stand here as in “\\x”."),
    "escaped single quote": ("['a\\'b']", 1, 4, "A backslash cannot stand here as in “\\'”."),
    "short escape": ('["\\u12"]', 1, 3, "A backslash cannot stand here as in “\\u”."),
    "half a character": ('["\\ud800"]', 1, 3, "Only half of a character stands here: “\\ud800”."),
    "second half alone": ('["\\uDC00"]', 1, 3, "Only half of a character stands here: “\\uDC00”."),
    "two first halves": ('["\\ud800\\ud800\\udc00"]', 1, 3, "Only half of a character stands here: “\\ud800”."),
    "half a character as it is": ('["a\ud800"]', 1, 4, "Only half of a character stands here: the character U+D800."),
    "half a character outside a string": ("[\ud800]", 1, 2, "A value is missing here; found the character U+D800."),
    # comments and fences
    "comment never closed": ("[1, /* 2]", 1, 5, "The comment that begins here is never closed."),
    "comment closed at once": ("[1, /*/ 2]", 1, 5, "The comment that begins here is never closed."),
    "slash": ("[1 / 2]", 1, 4, "A slash cannot stand outside of quotes."),
    "code before a fence": ("[0]\n```\n[1]\n```", 2, 1, "The text should end here; found “```”."),
    "code after a fence": ("```\n[1]\n```\nor {}", 3, 1, "The text should end here; found “```”."),
    "fence on the line of the code": ("```[1]```", 1, 1, "The text should begin with {; found “```”."),
    "BOM in a word": ("[tr\ufeffue]", 1, 2, "“tr�ue” has no quotes."),
}


@pytest.mark.parametrize(("text", "line", "column", "message"), FAULTS.values(), ids=FAULTS)
def test_what_is_not_clear_is_a_fault(text, line, column, message):
    source = read(text)

    assert [(fault.line, fault.column, fault.message) for fault in source.faults] == [(line, column, message)]
    assert source.position(source.faults[0].offset) == (line, column)
    assert source.faults[0].hint
    assert source.root is None
    assert source.duplicates == ()


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ('["b"\n "c": 1]', "A list has no keys: close it with ] before the key."),
        ('["a", "b": 1]', "A list has no keys: close it with ] before the key."),
        ('{"a": "b""c": 1}', "Add it, or what else is missing between the two."),
        ("[1 2]", "Add it, or what else is missing between the two."),
        ('["say "hi" now"]', 'Check the quotes before it: inside a text a quote is written \\".'),
        ('{"a": 1 : 2}', 'Check the quotes before it: inside a text a quote is written \\".'),
        ('["a", "b', 'Write " where it ends, or paste the rest.'),
        ('{"a": ', "Paste the rest of the text."),
        ('["\t"]', "Remove it, or write \\t."),
        ('["\x01"]', "Remove it, or write \\u0001."),
    ],
)
def test_the_hint_goes_with_the_fault(text, hint):
    assert [fault.hint for fault in read(text).faults] == [hint]


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

    assert read(text + " ").faults == (
        Fault(
            1,
            1,
            0,
            "The text has 32,769 bytes; IAM takes 32,768.",
            "Paste one policy only, without spaces that it does not need, or split it.",
            "IAM.1101",
        ),
    )


def test_a_repair_may_not_exceed_the_limit():
    text = f'{{"Version":"{"a" * (MAX_BYTES - 28)}" "Statement":1'
    assert len(text) == MAX_BYTES - 1

    source = read(text)

    assert [(fault.message, fault.code) for fault in source.faults] == [
        ("The repaired text would have 32,769 bytes; IAM takes 32,768.", "IAM.1101")
    ]
    assert (source.root, [repair.id for repair in source.repairs]) == (
        None,
        ["missing-comma-32753", "missing-brackets-32767"],
    )


def test_brackets_nest_32_deep():
    assert read("[" * 32 + "]" * 32).faults == ()
    assert read('{"a":' * 31 + "[]" + "}" * 31).faults == ()
    assert [(f.column, f.message) for f in read("[" * 33 + "]" * 33).faults] == [
        (33, "Brackets are nested more than 32 deep here.")
    ]


def test_values_and_keys_are_counted(monkeypatch):
    monkeypatch.setattr(json_reader, "MAX_NODES", 5)

    assert read('{"a": [1, 2]}').faults == ()
    assert [(f.column, f.message) for f in read('{"a": [1, 2, 3]}').faults] == [
        (14, "The text holds more than 5 values.")
    ]


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
    printed = json.dumps(["a" * MAX_BYTES, [0] * json_reader.MAX_NODES])
    deep = "[" * (json_reader.MAX_DEPTH + 2) + "]" * (json_reader.MAX_DEPTH + 2)

    for text in (printed, deep):
        assert read(text).root is None
        source = read_own(text)
        assert to_python(source.root) == json.loads(text)
        assert (source.faults, source.repairs, source.repaired_text) == ((), (), text)
