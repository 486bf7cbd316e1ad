"""Slips on published pages, and beside each what looks like it and may not be mended."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policybuilder.domain.jsontext.documents import NO_POLICY
from policybuilder.domain.jsontext.nodes import to_python
from policybuilder.domain.jsontext.reader import POLICY_IS_NOT_WHOLE, TEXT_SHOULD_END, TOO_DEEP
from policybuilder.domain.jsontext.repair_kinds import WORDING, RepairKind
from policybuilder.domain.jsontext.source import read
from tests.domain.jsontext.test_source_laws import CONDITIONAL, FORMS, PUBLISHED, hold_laws
from tests.laws import tried

law = tried(100)

POLICY = '{"Version": "1.1", "Statement": [{"Effect": "Allow", "Action": ["ecs:servers:list"]}]}'

# Faults of pages of the user manuals, each in a policy of our own; what is read, and the repairs, places left out.
PAGES = {
    "actions on lines of one text": (
        """{
    "Version": "1.1",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": [
                "
                     ecs:servers:get
                     ecs:servers:list
                 "
            ]
        }
    ]
}""",
        {
            "Version": "1.1",
            "Statement": [{"Effect": "Allow", "Action": ["ecs:servers:get", "ecs:servers:list"]}],
        },
        ["several-actions"],
    ),
    "a remark behind a resource": (
        """{
    "Resource": [
        "OBS:*:*:bucket:reports",// the bucket's own name
        "OBS:*:*:object:*"
    ]
}""",
        {"Resource": ["OBS:*:*:bucket:reports", "OBS:*:*:object:*"]},
        ["comments"],
    ),
    "comma after Effect missing, and one too many": (
        '{\n  "Effect": "Deny"\n  "Action": [\n    "evs:volumes:delete"\n  ],\n}',
        {"Effect": "Deny", "Action": ["evs:volumes:delete"]},
        ["missing-comma", "trailing-comma"],
    ),
    "comma and quote missing in two lists": (
        """[{"Action": [
    "ims:images:get"
"ims:images:list"
  ]
},
{"Action": [
    "evs:*:get*,
    "evs:*:list*"
]}]""",
        [{"Action": ["ims:images:get", "ims:images:list"]}, {"Action": ["evs:*:get*", "evs:*:list*"]}],
        ["missing-comma", "missing-quotes"],
    ),
    "comma after the last statement and after a condition": (
        '{"Statement": [\n  {"Condition": {"Bool": {"g:MFAPresent": ["true"]}},\n  },\n]}',
        {"Statement": [{"Condition": {"Bool": {"g:MFAPresent": ["true"]}}}]},
        ["trailing-comma", "trailing-comma"],
    ),
    "two policies in a row": (
        f"{POLICY}\n{POLICY}",
        [json.loads(POLICY), json.loads(POLICY)],
        ["several-policies"],
    ),
    "a heading between two policies": (
        f"{POLICY}\nExample 4: names\nWith an asterisk (*) names can be cut short, as here:\n{POLICY}\n",
        [json.loads(POLICY), json.loads(POLICY)],
        ["several-policies"],
    ),
}


@pytest.mark.parametrize(("text", "value", "repairs"), PAGES.values(), ids=PAGES)
def test_slips_of_published_pages_are_mended(text, value, repairs):
    source = hold_laws(text)

    assert source.faults == ()
    assert to_python(source.root) == value
    assert [repair.kind for repair in source.repairs] == repairs


def test_two_brackets_that_a_published_page_leaves_out_are_offered():
    text = """{
    "Statement": [
        {
            "Condition": {
                "StringStartWith": {
                    "g:UserName": [
                        "audit-"
                    ]
                }
    ]
}"""

    source = hold_laws(text)

    assert [(fault.line, fault.message) for fault in source.faults] == [(10, "}} is missing before this.")]
    assert to_python(read(text, consenting=True).root) == {
        "Statement": [{"Condition": {"StringStartWith": {"g:UserName": ["audit-"]}}}]
    }


AS_IT_STANDS = {
    "actions in a resource": '{"Resource": ["a:b:c d:e:f"]}',
    "actions in a condition": '{"Action": [], "Condition": {"x": {"y": ["a:b:c, d:e:f"]}}}',
    "actions in a name": '{"display_name": "a:b:c d:e:f"}',
    "actions among words": '{"Action": ["a:b:c and d:e:f"]}',
    "half an action": '{"Action": ["a:b:c d:e", "a:b:c de:f"]}',
    "space around one action": '{"Action": [" a:b:c "]}',
    "escaped line breaks": '{"Action": ["a:b:c\\nd:e:f"]}',
    "invisible characters in values": '{"Resource": ["a\u200b"], "description": "\u200bAllow"}',
    "invisible characters in no effect": '{"Effect": "al\u200blow"}',
    "invisible characters in what is no action": '{"Action": ["ecs:ser\u200bvers"], "a b\u200b": 1}',
    "an escaped backslash before what is no escape then": '{"Action": ["a:b:c\\\\u200b"]}',
    "semicolons in texts": '{"description": "a; b;"}',
}


@pytest.mark.parametrize("text", AS_IT_STANDS.values(), ids=AS_IT_STANDS)
def test_texts_in_which_it_may_be_meant_stay(text):
    source = read(text)

    assert (source.faults, source.repairs, source.repaired_text) == ((), (), text)


@pytest.mark.parametrize(
    "text",
    ['{"Action": ["a:b:c d:e:f"]}', '{"Effect": "Al\u200blow"}', '{"Act\\u200bion": []}', '{"NotAction": "a:b:c,"}'],
)
def test_what_a_program_wrote_is_read_as_it_stands(text):
    source = read(text, literal=True)

    assert (source.faults, source.repairs, to_python(source.root)) == ((), (), json.loads(text))


HERE_ENDS = TEXT_SHOULD_END.message.partition("{")[0]
UNCLOSED = WORDING[RepairKind.UNCLOSED_TEXT].problem
# text, what of it stands where the fault is, message
FAULTS = {
    "actions on lines of a resource": (
        '{"Resource": ["\n a:b:c\n d:e:f\n"]}',
        '"\n a',
        UNCLOSED.format(what='“"”'),
    ),
    "a line that is no action": (
        '{"Action": ["\n a:b:c\n d:e\n"]}',
        '"\n a',
        UNCLOSED.format(what='“"”'),
    ),
    "bare word in a list of resources": ('{"Resource": [a:b:c]}', "a:b", "“a:b:c” has no quotes."),
    "bare word as a name": ('{"display_name": Allow}', "Allow", "“Allow” has no quotes."),
    "bare words side by side": ('{"Action": [a:b:c d:e:f]}', "a:b", "“a:b:c” has no quotes."),
    "no action without quotes": ('{"Action": [ecs]}', "ecs", "“ecs” has no quotes."),
    "longer than an effect": ('{"Effect": Allowed}', "Allowed", "“Allowed” has no quotes."),
    "text behind a closing quote": ('{"Action": [a:b:c" d]}', "a:b", '“a:b:c"” has no quotes.'),
    "closing quote missing on the last line": (
        '{"Resource": ["a:b:c',
        '"a:b',
        UNCLOSED.format(what='“"a:b:c”'),
    ),
    "a text that ends like a key": (
        '["a:\n "b"]',
        '"a',
        UNCLOSED.format(what='“"a:”'),
    ),
    "a text that ends with a bracket": (
        '{"a": "b [,\n"c": 1}',
        '"b',
        UNCLOSED.format(what='“"b”'),
    ),
    "a statement that lost the policy around it": (
        '{"Action": ["a:b:c"], "Effect": "Allow"}]}',
        "]}",
        f"{HERE_ENDS}“]”.",
    ),
    "a condition that fell out of its statement": (
        '{"Statement": [{"Effect": "Allow"}], "Condition": {}}]}',
        "]}",
        f"{HERE_ENDS}“]”.",
    ),
    "a key that fell out of its role": (
        '{"role": {"policy": {"Version": 1}}, "type": "XA"}}//',
        "}//",
        f"{HERE_ENDS}“}}”.",
    ),
    "words after a bracket too many": ('{"Version": 1}} x', "} x", f"{HERE_ENDS}“}}”."),
    "a list that closed too early": (
        '{"Statement": [{"Effect": "Deny"}]}, {"Effect": "Allow"}]}',
        '{"Effect": "Allow"',
        NO_POLICY.message,
    ),
    "a key after the policy": (
        '{"Version": 1}, "Statement": {"Version": 1}',
        ', "S',
        f"{HERE_ENDS}“,”.",
    ),
    "a bare key after the policy": ('{"Version": 1}, a: {"Version": 1}', ", a", f"{HERE_ENDS}“,”."),
    "an action between policies": ('{"Version": 1} a:b:c {"Version": 1}', "a:b:c", f"{HERE_ENDS}“a:b:c”."),
    "a bracket between policies": ('{"Version": 1} [2] {"Version": 1}', "[2]", f"{HERE_ENDS}“[”."),
    "a comma after the last policy": ('{"Version": 1},\n', ",", f"{HERE_ENDS}“,”."),
    "a list after a policy": ('{"Version": 1} [{"Version": 1}]', "[", f"{HERE_ENDS}“[”."),
    "two objects that are no policies": ('{"a": 1} {"Version": 1}', '{"V', f"{HERE_ENDS}“{{”."),
    "no closing bracket of that kind": ('{"a": {"b": 1 ]', "]", "} is missing before this ]."),
}


@pytest.mark.parametrize(("text", "place", "message"), FAULTS.values(), ids=FAULTS)
def test_what_only_looks_like_it_is_a_fault(text, place, message):
    source = hold_laws(text)

    assert [(fault.offset, fault.message) for fault in source.faults] == [(text.index(place), message)]
    assert source.faults[0].readings == ()


@pytest.mark.parametrize("document", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize("instead", ["", ";", "“", "{0}{0}"])
def test_one_sign_too_few_too_many_or_of_another_kind_never_makes_another_document(document, instead):
    text = json.dumps(document)
    inside = {
        at for string in re.finditer(r'"(?:[^"\\]|\\.)*"', text) for at in range(string.start() + 1, string.end() - 1)
    }

    for at, char in enumerate(text):
        if at not in inside and char in '",:[]{}':
            slipped = text[:at] + instead.format(char) + text[at + 1 :]
            root = read(slipped).root
            assert root is None or to_python(root) == document, slipped


@law
@given(
    st.lists(st.sampled_from([*PUBLISHED.values(), CONDITIONAL]), min_size=2, max_size=3),
    st.lists(
        st.sampled_from(["", "\n\n", " , ", ",\n", "; ", "\nIt's the next (*):\n", "\n```\n\n```json\n"]),
        min_size=2,
        max_size=2,
    ),
    st.sampled_from([None, 2]),
)
def test_policies_in_a_row_are_the_list_of_them(documents, between, indent):
    texts = [json.dumps(document, indent=indent) for document in documents]
    text = texts[0] + "".join(map("".join, zip(between, texts[1:], strict=False)))

    source = read(text)

    assert to_python(source.root) == documents
    assert [repair.kind for repair in source.repairs] == ["several-policies"]
    assert read(text, {source.repairs[0].id}).root is None


@pytest.mark.parametrize("level", range(4))
def test_a_list_of_policies_is_no_deeper_than_any_other_text(level):
    """With the list around them, what is deepest in policies that stand side by side is deeper by one."""
    inner = "[" * (29 + level) + "]" * (29 + level)
    text = f'{{"Version": {inner}}} {{"Version": 1}}'

    faults = [fault.message for fault in hold_laws(text).faults]

    assert (
        faults
        == [
            [],
            [],
            [POLICY_IS_NOT_WHOLE.message],
            [TOO_DEEP.message.format(limit=32)],
        ][level]
    )
