"""The page that checks a policy: what it says about a text, and what its buttons make of it."""

import json
from random import Random

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from policybuilder.domain.building.importing import NOT_ONE_LIST
from policybuilder.domain.jsontext.source import read
from policybuilder.domain.jsontext.strings import JOIN_WITH_SPACE, JOIN_WITHOUT_SPACE
from policybuilder.domain.rules.check import check
from policybuilder.domain.rules.outcome import Outcome
from policybuilder.pages.check import verdict
from policybuilder.pages.check.commands import (
    CORRECT_FIRST,
    CORRECTION_IS_GONE,
    MAX_FIXES,
    NO_SUCH_FORM,
    NOTHING_TO_CORRECT,
    NOTHING_TO_UNDO,
    POLICY_IS_GONE,
    READING_IS_GONE,
    REPAIR_IS_GONE,
    SAMPLES,
)
from policybuilder.pages.check.opening import POLICY_NOT_OPENED, TOO_LARGE_FOR_A_LINK
from policybuilder.pages.check.page import ALLOWED, ALLOWED_IN_PART, ALLOWED_NONE, NOT_CLEAR, NOT_READ, TOO_LONG_FOR_IAM
from policybuilder.pages.check.view import NOTHING_TO_DOWNLOAD
from policybuilder.web import wording
from policybuilder.web.catalogue import current_catalog
from policybuilder.web.uploads import NO_TEXT, TOO_LARGE
from tests.builders import ROOT
from tests.elements import Element
from tests.pages.builder.strategies import law_of_pages
from tests.pages.tab import HTMX, Tab, ids, parse, texts, words
from tests.sweeps import sweep

CLEAN = (ROOT / "templates/check/samples/clean.json").read_text()
BROKEN = (ROOT / "templates/check/samples/broken.txt").read_text()
LIST = (ROOT / "templates/check/samples/list.json").read_text()
REPAIRED = """{
    "Version": "1.1",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": [
                "ecs:cloudServers:list",
                "ecs:cloudServers:get",
                "ecs:cloudServers:reboot",
                "ecs:cloudServers:get"
            ]
        },
        {
            "Effect": "deny",
            "Action": [
                "ecs:cloudServers:delete"
            ]
        }
    ]
}
"""
ONE_ERROR = "1 error, 2 warnings"
TODAY = ("deleteServerGroup", "deleteServerGroupMember", "deleteServers")  # what ecs:cloudServers:delete was
BROKEN_HEADLINE = f"{verdict.REPAIRED.format(answer=verdict.REFUSED)}: {ONE_ERROR}"
BROKEN_STRING = "broken-string-293"
EVERY_WAY = "fix:PB053:379"
WRITE_DENY = "fix:IAM.1029:328"
MARKUP = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>&amp;{{ 7 }}{% now 'Y' %}"


def post(visitor, text="", do="check", *, htmx=False, where="/check/", **fields):
    response = visitor.post(where, {"text": text, "do": do, **fields}, headers=HTMX if htmx else {})
    assert response.status_code == 200
    return response


def page_of(visitor, text="", do="check", **fields) -> Element:
    return parse(post(visitor, text, do, **fields))


def field(page: Element) -> str:
    """What stands in the field: the line feed after its tag is none of it."""
    text = page.find(id="text").get_text()
    assert text.startswith("\n")
    return text[1:]


def hidden(page: Element) -> dict[str, str]:
    """What the next submission takes along beside the text."""
    return {each["name"]: each["value"] for each in page.select("#kept input")}


def headline(page: Element) -> str:
    return words(page.find(id="headline"))


def problems(page: Element) -> list[str]:
    return texts(page, "#problems li")


def commands(page: Element, kind: str) -> list[str]:
    found = [button["value"] for button in page.select("button[name=do]:not([disabled])")]
    return list(dict.fromkeys(value for value in found if value.partition(":")[0] == kind))


def policy(*statements, **more) -> str:
    return json.dumps({"Version": "1.1", "Statement": list(statements), **more}, indent=4)


def allow(*actions, **more) -> dict:
    return {"Effect": "Allow", "Action": list(actions), **more}


# The empty page


def test_empty_page_says_how_to_begin(visitor):
    response = visitor.get("/check/")
    page = parse(response)

    assert response.status_code == 200
    assert field(page) == ""
    assert page.select_one("#result .begin")
    assert {value.partition(":")[2] for value in commands(page, "sample")} == SAMPLES.keys()
    assert texts(page, "#result h2, #problems li") == []


@pytest.mark.parametrize("text", ["", " ", "\n\t\n"])
def test_blank_text_is_an_empty_page(visitor, text):
    page = page_of(visitor, text)

    assert page.select_one("#result .begin")
    assert words(page.find(id="status")) == "No policy yet"


@pytest.mark.parametrize(
    ("sample", "text", "said"),
    [
        ("clean", CLEAN, f"{verdict.ACCEPTED}: {verdict.CLEAN}"),
        ("broken", BROKEN, BROKEN_HEADLINE),
        ("list", LIST, f"{verdict.REFUSED_SOME.format(refused=1, n=2)}: 3 errors"),
    ],
)
def test_sample_is_put_in_the_field_and_checked(visitor, sample, text, said):
    page = page_of(visitor, do=f"sample:{sample}")

    assert field(page) == text
    assert headline(page) == said


# What is said about a text


def test_clean_policy(visitor):
    page = page_of(visitor, CLEAN)

    assert field(page) == CLEAN
    assert headline(page) == f"{verdict.ACCEPTED}: {verdict.CLEAN}"
    assert words(page.select_one(".card-verdict")) == wording.IN_BOTH
    assert texts(page, ".meter") == [
        "Characters183 of 6,144",
        "Statements1 of 8",
        "Largest statement5 of 100",
    ]
    assert words(page.select_one(".card-allows")) == ALLOWED.format(n=7, total=91)
    assert texts(page, ".repairs, .remark, .pointer, .fault") == []
    assert texts(page, ".code-line code") == [line.strip() for line in CLEAN.splitlines()]


def test_findings_stand_beside_their_lines_and_in_a_summary(visitor):
    page = page_of(visitor, REPAIRED)
    checked = check(current_catalog(), read(REPAIRED))
    fixes = {found.finding.code: found.fix.title for found in checked.findings}

    beside = {}
    for remark in page.select(".remark"):
        line = next(each for each in remark.find_previous_siblings() if "code-line" in each["class"])
        beside[words(line.select_one(".code-number"))] = texts(remark, "strong, button")
    assert beside == {
        "10": ["Warning PB014", f"{fixes['PB014']} in line 10"],
        "14": ["Error IAM.1029", f"{fixes['IAM.1029']} in line 14"],
        "16": ["Warning PB011", f"{fixes['PB011']} in line 16"],
    }
    assert texts(page, ".pointer") == [
        f"{found.finding.severity.value.title()} {found.finding.message} Line {line}: {found.finding.code}"
        for found, line in zip(checked.findings, (14, 10, 16), strict=True)
    ]
    for link in page.select(".pointer a"):
        assert page.find(id=link["href"].removeprefix("#")) is not None


def test_place_of_a_finding_is_marked_in_its_line(visitor):
    page = page_of(visitor, REPAIRED)

    assert texts(page, ".code-line [class$='-Error']") == ['"deny"']
    assert texts(page, ".code-line [class$='-Warning']") == ['"ecs:cloudServers:get"', '"ecs:cloudServers:delete"']


def test_policy_that_iam_accepts_may_protect_nothing(visitor):
    page = page_of(visitor, policy({"Effect": "Deny", "Action": ["ecs:cloudServers:delete"]}))

    assert headline(page).startswith(f"{verdict.OPEN}: 3 warnings")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[]", f"{verdict.REFUSED_TEXT}: 1 error"),
        ("17", f"{verdict.REFUSED}: 1 error"),
        (f"[{CLEAN},{CLEAN}]", f"{verdict.ACCEPTED_ALL.format(n=2)}: {verdict.CLEAN}"),
        ("no policy at all", NOT_READ.format(line=1, column=1)),
        ("x" * 32_769, TOO_LONG_FOR_IAM),
    ],
)
def test_headline_says_what_it_is(visitor, text, said):
    assert headline(page_of(visitor, text)) == said


def test_policies_of_a_list_stand_one_by_one_with_their_names(visitor):
    page = page_of(visitor, LIST)

    assert [texts(card, "summary h3, .card-outcome, .pointer a") for card in page.select("details.card")] == [
        ["server-operators", f"{verdict.OUTCOME_WORDS[Outcome.CLEAN]}: nothing to say"],
        [
            "disk team",
            f"{verdict.OUTCOME_WORDS[Outcome.REFUSED]}: 3 errors",
            "Line 23: IAM.1001",
            "Line 27: IAM.1024",
            "Line 34: IAM.1036",
        ],
    ]


def test_policy_without_a_name_has_a_number(visitor):
    page = page_of(visitor, f"[{CLEAN}, {CLEAN}]")

    assert texts(page, "details.card h3") == ["Policy 1", "Policy 2"]


def test_conditions_are_told_from_what_is_allowed_for_sure(visitor):
    limited = allow("ecs:cloudServers:list", Condition={"StringEquals": {"g:UserName": ["eve"]}})
    page = page_of(visitor, policy(limited))

    assert words(page.select_one(".card-allows")) == f"{ALLOWED_NONE.format(total=91)} {ALLOWED_IN_PART.format(n=3)}"


def test_long_text_is_folded_where_there_is_nothing_to_say(visitor):
    page = page_of(visitor, REPAIRED.strip().replace("\n", "\n\n\n\n\n\n"))

    assert texts(page, ".code-number") == [str(number) for number in range(1, 116)]
    assert texts(page, ".code-remarked .code-number") == ["55", "79", "91"]
    assert texts(page, ".fold summary") == [
        f"Lines {first} to {last}: nothing to say" for first, last in ((5, 51), (59, 75), (95, 111))
    ]


NOTES = "1 warning", "1 note"
KUBE, NOTHING = "cce:kubernetes:*", "obs:bucket:NoSuchThing"
NOTHING_FOUND = f"N{verdict.UNCHECKED[1:].partition(';')[0]}"


def not_checked(said: str) -> str:
    """The headline of a policy of which some parts are not checked."""
    return f"{NOTHING_FOUND}; {said}"


@pytest.mark.parametrize(
    ("actions", "said"),
    [
        (["ecs:cloudServers:list"], f"{verdict.ACCEPTED}: {verdict.CLEAN}"),
        (["ecs:*:list*"], verdict.ACCEPTED),
        ([KUBE], not_checked("not checked: 1 action (1 warning, 1 note)")),
        (["ecs:foo*:*"], not_checked("not checked: 1 action (2 warnings)")),
        ([KUBE, "ecs:foo*:*", NOTHING], not_checked("not checked: 3 actions (")),
        ([KUBE, KUBE], not_checked("not checked: 1 action (")),
        (["vpc:*:get*"], not_checked("checked in part: 1 action (")),
        (["*:*:*", NOTHING], not_checked("not checked: 1 action; checked in part: 1 action (")),
        ([NOTHING, "ecs:cloudServers:nothing"], f"{verdict.REFUSED}: {', '.join(('1 error', *NOTES))}"),
    ],
)
def test_acceptance_is_claimed_only_where_everything_was_checked(visitor, actions, said):
    page = page_of(visitor, policy(allow(*actions)))

    assert headline(page).startswith(said)
    assert words(page.find(id="status")).startswith(said.partition(" (")[0].partition(":")[0])
    assert ("IAM accepts" in words(page)) == said.startswith("IAM accepts")


def test_what_was_not_checked_is_told_of_a_repaired_text_and_beside_a_deny_that_keeps_nothing_shut(visitor):
    older = {"Effect": "Deny", "Action": ["ecs:cloudServers:delete"]}
    text = policy(allow(NOTHING), older)

    kept_open = verdict.UNCHECKED_OPEN.format(unchecked="not checked: 1 action (2 warnings, 1 note)")
    assert headline(page_of(visitor, text)) == f"{kept_open[0].upper()}{kept_open[1:]}"
    assert headline(page_of(visitor, text.replace("]\n", "],\n"))) == verdict.REPAIRED.format(answer=kept_open)


def test_each_policy_of_a_list_says_whether_it_was_checked(visitor):
    text = json.dumps([json.loads(policy(allow("ecs:cloudServers:list"))), json.loads(policy(allow(NOTHING)))])
    page = page_of(visitor, text)

    assert headline(page) == not_checked("not checked: 1 action (1 warning, 1 note)")
    assert texts(page, ".card-outcome") == [
        f"{verdict.OUTCOME_WORDS[Outcome.CLEAN]}: nothing to say",
        f"{verdict.OUTCOME_WORDS[Outcome.UNCHECKED]}: {', '.join(NOTES)}",
    ]


def test_policies_that_were_left_out_are_not_said_to_be_accepted(visitor):
    one = json.dumps(json.loads(policy(allow("ecs:cloudServers:list"))))

    page = page_of(visitor, f"[{', '.join([one] * 52)}]")

    assert headline(page) == not_checked("2 more policies not checked (1 warning)")


# Repairs


def test_repairs_are_listed_with_their_places(visitor):
    page = page_of(visitor, BROKEN)

    assert words(page.find(id="repairs-title")) == "5 repairs made"
    marks = {3: "`", 10: "“", 12: '"', 14: ",", 25: "`"}
    messages = {repair.line: repair.message for repair in read(BROKEN).repairs}
    assert [texts(row, ".repair-what, .repair-place mark, button") for row in page.select(".repair")] == [
        [f"Line {line} {messages[line]}", mark, f"Undo the repair in line {line}: {messages[line]}"]
        for line, mark in marks.items()
    ]
    assert len(set(messages.values())) == 5
    assert page.find(id="repaired-text").get_text() == REPAIRED
    assert field(page) == BROKEN


def test_undone_repair_is_a_fault_until_it_is_made_again(visitor):
    undone = page_of(visitor, BROKEN, f"refuse:{BROKEN_STRING}")

    assert field(undone) == BROKEN
    assert hidden(undone) == {"without": BROKEN_STRING}
    assert headline(undone) == NOT_READ.format(line=12, column=17)
    (fault,) = read(BROKEN, frozenset({BROKEN_STRING})).faults
    assert words(undone.find(id="fault-title")) == fault.message
    assert words(undone.select_one(".code-fault .code-number")) == "12"
    assert [mark.get_text() for mark in undone.select(".code-fault mark")] == ['"']
    assert words(undone.find(id="repairs-title")) == "4 repairs made, 1 undone"
    assert commands(undone, "accept") == [f"accept:{BROKEN_STRING}"]
    assert len(commands(undone, "refuse")) == 4

    again = page_of(visitor, BROKEN, f"accept:{BROKEN_STRING}", without=BROKEN_STRING)
    assert hidden(again) == {}
    assert headline(again) == BROKEN_HEADLINE


def test_undone_repair_stays_undone_with_the_next_check(visitor):
    page = page_of(visitor, BROKEN, without=BROKEN_STRING)

    assert hidden(page) == {"without": BROKEN_STRING}
    assert headline(page) == NOT_READ.format(line=12, column=17)


def test_repair_that_the_text_does_not_need_is_forgotten(visitor):
    assert hidden(page_of(visitor, CLEAN, without=BROKEN_STRING)) == {}
    assert problems(page_of(visitor, CLEAN, f"refuse:{BROKEN_STRING}")) == [REPAIR_IS_GONE]


# What is likely, and not certain: a text with its headline, its buttons, and what each puts in the field.
WHOLE = policy(allow("ecs:cloudServers:list", Resource=["ECS:*:*:server:a b"]))
UNCLEAR = {
    "cut off": (
        WHOLE.partition("]")[0].rstrip(),
        NOT_CLEAR.format(line=7, column=40),
        {"End the text with ]}]}": WHOLE.partition("]")[0].rstrip() + "]}]}"},
    ),
    "a broken value": (
        WHOLE.replace("a b", "a\n   b"),
        NOT_CLEAR.format(line=10, column=17),
        {JOIN_WITH_SPACE: WHOLE, JOIN_WITHOUT_SPACE: WHOLE.replace("a b", "ab")},
    ),
    "a bracket missing in the middle": (
        WHOLE.replace("}\n", "\n"),
        NOT_CLEAR.format(line=13, column=5),
        {"Add the missing }": WHOLE.replace("}\n    ]", "\n    }]")},
    ),
}


@pytest.mark.parametrize(("text", "said", "readings"), UNCLEAR.values(), ids=UNCLEAR)
@pytest.mark.parametrize("htmx", [False, True])
def test_what_is_likely_is_one_click_away_and_never_made_by_itself(visitor, text, said, readings, htmx):
    page = page_of(visitor, text)

    assert (field(page), headline(page)) == (text, said)
    assert texts(page, "#readings button") == list(readings)
    assert texts(page, ".card, #take, #download, .repair") == []
    for button, made in zip(page.select("#readings button"), readings.values(), strict=True):
        taken = parse(post(visitor, text, button["value"], htmx=htmx))
        assert field(taken) == made
        assert hidden(taken)["previous"] == text
        assert headline(taken).startswith(("IAM ", NOTHING_FOUND))


@pytest.mark.parametrize(("text", "said", "readings"), UNCLEAR.values(), ids=UNCLEAR)
@pytest.mark.parametrize("do", ["repaired", "fix-all", "write:console", "only:0", "accept:cut-off-1", "open:0"])
def test_no_other_button_takes_a_likely_reading(visitor, text, said, readings, do):
    page = page_of(visitor, text, do)

    assert (field(page), headline(page)) == (text, said)
    assert len(problems(page)) == 1


@pytest.mark.parametrize("where", ["7:0", "0:0", "x", ""])
def test_reading_of_a_text_that_has_changed_is_refused(visitor, where):
    page = page_of(visitor, '["Anna\nBerg"]', f"take:{where}")

    assert problems(page) == [READING_IS_GONE]
    assert field(page) == '["Anna\nBerg"]'


def test_download_of_what_is_not_clear_is_the_text_as_it_is(visitor):
    text = UNCLEAR["cut off"][0]

    assert post(visitor, text, where="/check/policy.json").content.decode() == text


def test_repaired_text_is_put_in_the_field(visitor):
    page = page_of(visitor, BROKEN, "repaired")

    assert field(page) == REPAIRED
    assert hidden(page) == {"previous": BROKEN}
    assert texts(page, ".repair") == []


def test_fault_is_shown_with_the_lines_around_it(visitor):
    text = policy(*(allow(f"other:things:verb{n}") for n in range(40))).replace('"other:things:verb20"', "@")
    page = page_of(visitor, text)
    at = text[: text.index("@")].count("\n") + 1

    assert texts(page, ".code-number") == [str(number) for number in range(at - 4, at + 5)]
    assert texts(page, ".code-fault mark") == ["@"]
    assert field(page) == text


def test_line_with_a_fault_is_cut_where_it_is_long(visitor):
    page = page_of(visitor, f'["{"a" * 3000}", @, "{"b" * 3000}"]')

    (line,) = page.select(".code-line code")
    assert len(line.get_text()) < 300
    assert texts(line, "mark") == ["@"]


# Corrections


def test_correction_changes_nothing_else(visitor):
    page = page_of(visitor, REPAIRED, WRITE_DENY)

    assert field(page) == REPAIRED.replace('"deny"', '"Deny"')
    assert words(page.find(id="done")) == "Done: Write “Deny”."
    assert hidden(page) == {"previous": REPAIRED}


def test_correction_of_a_text_with_repairs_puts_both_in_the_field(visitor):
    page = page_of(visitor, BROKEN, WRITE_DENY)

    assert field(page) == REPAIRED.replace('"deny"', '"Deny"')
    assert hidden(page) == {"previous": BROKEN}


@pytest.mark.parametrize("text", [BROKEN, REPAIRED, LIST])
def test_every_correction_that_is_offered_can_be_made(visitor, text):
    offered = commands(page_of(visitor, text), "fix")

    assert offered
    for command in offered:
        page = page_of(visitor, text, command)
        assert problems(page) == []
        assert command not in commands(page, "fix") or field(page) != text


@pytest.mark.parametrize("subject", ["IAM.1029:1", "IAM.1029", "PB011:377", "", ":", "IAM.1029:None", "x" * 500])
def test_correction_that_is_not_there_is_refused_and_the_text_kept(visitor, subject):
    page = page_of(visitor, REPAIRED, f"fix:{subject}")

    assert problems(page) == [CORRECTION_IS_GONE]
    assert field(page) == REPAIRED
    assert hidden(page) == {}


def test_all_corrections_at_once(visitor):
    page = page_of(visitor, BROKEN, "fix-all")

    assert words(page.find(id="done")) == "3 corrections made."
    assert (commands(page, "fix"), commands(page, "fix-all")) == ([EVERY_WAY], [])  # it would deny more: no correction
    assert json.loads(field(page)) == {
        "Version": "1.1",
        "Statement": [
            allow("ecs:cloudServers:list", "ecs:cloudServers:get", "ecs:cloudServers:reboot"),
            {"Effect": "Deny", "Action": ["ecs:cloudServers:delete", *(f"ecs:cloudServers:{verb}" for verb in TODAY)]},
        ],
    }
    assert hidden(page) == {"previous": BROKEN}


def test_all_corrections_are_made_in_portions(visitor):
    page = page_of(visitor, policy(allow(*["ecs:cloudServers:list"] * (MAX_FIXES + 11))), "fix-all")

    assert words(page.find(id="done")) == "100 corrections made. There are more: press the button again."
    rest = page_of(visitor, field(page), "fix-all")
    assert words(rest.find(id="done")) == "10 corrections made."
    assert json.loads(field(rest)) == json.loads(policy(allow("ecs:cloudServers:list")))


def test_nothing_to_correct_is_said(visitor):
    assert problems(page_of(visitor, CLEAN, "fix-all")) == [NOTHING_TO_CORRECT]


def test_undo_goes_back_and_forth(visitor):
    page = page_of(visitor, REPAIRED, "undo", previous=BROKEN)

    assert field(page) == BROKEN
    assert hidden(page) == {"previous": REPAIRED}
    assert commands(page, "undo") == ["undo"]
    assert problems(page_of(visitor, CLEAN, "undo")) == [NOTHING_TO_UNDO]


def test_cleared_text_can_be_had_again(visitor):
    page = page_of(visitor, BROKEN, "clear")

    assert (field(page), hidden(page)) == ("", {"previous": BROKEN})
    assert field(page_of(visitor, "", "undo", **hidden(page))) == BROKEN


# Files


def upload(visitor, content: bytes, text: str = "", do: str = "check", **fields):
    return page_of(visitor, text, do, file=SimpleUploadedFile("policy.json", content), **fields)


@pytest.mark.parametrize(
    "content",
    [
        CLEAN.encode(),
        CLEAN.encode("utf-8-sig"),
        b"\xff\xfe" + CLEAN.encode("utf-16-le"),
        b"\xfe\xff" + CLEAN.encode("utf-16-be"),
        CLEAN.replace("\n", "\r\n").encode(),
        CLEAN.replace("\n", "\r").encode(),
    ],
    ids=["utf-8", "utf-8 with BOM", "utf-16-le", "utf-16-be", "CR LF", "CR"],
)
def test_file_is_read(visitor, content):
    page = upload(visitor, content)

    assert field(page) == CLEAN
    assert headline(page) == f"{verdict.ACCEPTED}: {verdict.CLEAN}"
    assert hidden(page) == {}


def test_file_takes_the_place_of_the_text_which_can_be_had_again(visitor):
    page = upload(visitor, CLEAN.encode(), "a text of mine")

    assert (field(page), hidden(page)) == (CLEAN, {"previous": "a text of mine"})


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"x" * 32_769, TOO_LARGE.format(size=32769, why="IAM takes", most=32768)),
        (
            '{"ä'.encode("latin-1"),
            NO_TEXT.format(encoding="UTF-8", byte=3),
        ),
        (
            b"\xff\xfe\x00",
            NO_TEXT.format(encoding="UTF-16", byte=3),
        ),
        (b"\n ", "The file is empty."),
    ],
)
def test_file_that_cannot_be_read_leaves_the_text_alone(visitor, content, problem):
    page = upload(visitor, content, BROKEN)

    assert problems(page) == [problem]
    assert field(page) == BROKEN
    assert headline(page) == BROKEN_HEADLINE


def test_file_of_32768_bytes_is_read(visitor):
    assert field(upload(visitor, b" " * 32_767 + b"1")) == " " * 32_767 + "1"


@pytest.mark.parametrize("do", ["", "fix-all", "undo", "clear"])
def test_file_is_read_by_the_check_only(visitor, do):
    assert CLEAN not in field(upload(visitor, CLEAN.encode(), BROKEN, do, previous="before"))


# Taking it away


def test_console_form_and_compact_form(visitor):
    given = '{"Statement":[{"Action":["ecs:cloudServers:list"],"Effect":"Allow"}],"Version":"1.1"}'

    console = page_of(visitor, given, "write:console")
    assert field(console) == policy(allow("ecs:cloudServers:list")) + "\n"
    compact = page_of(visitor, field(console), "write:compact")
    assert field(compact) == '{"Version":"1.1","Statement":[{"Effect":"Allow","Action":["ecs:cloudServers:list"]}]}'
    assert problems(page_of(visitor, "@", "write:console")) == [CORRECT_FIRST]
    assert problems(page_of(visitor, given, "write:poetry")) == [NO_SUCH_FORM]


def test_only_one_document_of_a_list_is_kept(visitor):
    page = page_of(visitor, LIST, "only:0")

    assert json.loads(field(page)) == json.loads(LIST)["roles"][0]["policy"]
    assert hidden(page) == {"previous": LIST}
    assert problems(page_of(visitor, LIST, "only:2")) == [POLICY_IS_GONE]
    assert commands(page_of(visitor, CLEAN), "only") == []


def test_copied_is_the_text_with_its_repairs(visitor):
    repaired = page_of(visitor, BROKEN)
    assert repaired.find(id=repaired.find(id="copy")["data-copy"]).get_text() == REPAIRED
    assert page_of(visitor, CLEAN).find(id="copy")["data-copy"] == "text"


@pytest.mark.parametrize(
    ("text", "content", "name"),
    [
        (CLEAN, CLEAN, "custom-policy.json"),
        (BROKEN, REPAIRED, "custom-policy.json"),
        ("[@", "[@", "custom-policy.json"),
        ('{"role": {"display_name": "a b", "policy": {}}}',) * 2 + ("a-b.json",),
    ],
)
def test_download_is_the_text_with_its_repairs(visitor, text, content, name):
    response = post(visitor, text, "", where="/check/policy.json")

    assert response.content.decode() == content
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    assert response["Content-Type"] == "application/json"


def test_nothing_is_downloaded_without_a_text(visitor):
    page = page_of(visitor, " ", "", where="/check/policy.json")

    assert problems(page) == [NOTHING_TO_DOWNLOAD]


def test_policy_is_opened_in_the_builder(visitor):
    response = visitor.post("/check/", {"text": LIST, "do": "open:0"})

    assert response.status_code == 303
    builder = Tab(visitor, response["Location"])
    assert json.loads(builder.json()) == {
        "Version": "1.1",
        "Statement": [allow(*(f"ecs:cloudServers:{verb}" for verb in ("list", "reboot", "start", "stop")))],
    }
    assert builder.find("name")["value"] == "server-operators"
    htmx = post(visitor, LIST, "open:0", htmx=True)
    assert htmx["HX-Redirect"] == response["Location"]


@pytest.mark.parametrize(
    ("text", "subject", "problem"),
    [
        (CLEAN, "1", POLICY_NOT_OPENED),
        ("@", "0", POLICY_NOT_OPENED),
        ("{}", "0", NOT_ONE_LIST),
        (
            policy(allow(*(f"other:{Random(number).randbytes(30).hex()}:list" for number in range(250)))),
            "0",
            TOO_LARGE_FOR_A_LINK,
        ),
    ],
)
def test_policy_that_cannot_be_opened_stays_in_the_field(visitor, text, subject, problem):
    page = page_of(visitor, text, f"open:{subject}")

    assert [said.startswith(problem) for said in problems(page)] == [True]
    assert field(page) == text


# What htmx is answered


def test_typed_text_is_answered_without_the_field(visitor):
    response = post(visitor, BROKEN, "", htmx=True)

    assert ids(response) == {"problems", "opens", "kept", "field-tools", "result", "status"}
    assert response["Vary"].split(", ").count("HX-Request") == 1


def test_changed_text_is_answered_with_the_field(visitor):
    response = post(visitor, BROKEN, "fix-all", htmx=True)

    assert ids(response) == {"problems", "opens", "kept", "field-tools", "result", "status", "text"}


def test_text_of_a_file_is_answered_with_both_fields(visitor):
    for content, parts in ((CLEAN, {"text", "file"}), ("", {"file"})):
        file = SimpleUploadedFile("policy.json", content.encode())
        others = {"problems", "opens", "kept", "field-tools", "result", "status"}
        assert ids(post(visitor, file=file, htmx=True)) - others == parts


@pytest.mark.parametrize("do", ["check", "fix-all", "repaired", f"refuse:{BROKEN_STRING}", "sample:list", "clear", "x"])
def test_htmx_shows_what_a_plain_form_shows(visitor, do):
    plain, htmx = (parse(post(visitor, BROKEN, do, htmx=htmx)) for htmx in (False, True))

    for id_ in ("result", "status", "problems", "kept", "field-tools"):
        pair = [page.find(id=id_) for page in (plain, htmx)]
        pair[1].attrs.pop("hx-swap-oob")
        assert str(pair[0]) == str(pair[1])


def test_status_says_what_was_done_and_what_came_of_it(visitor):
    page = page_of(visitor, BROKEN, "fix-all")

    assert words(page.find(id="status")) == (f"3 corrections made. {verdict.ACCEPTED}. 1 warning")


def test_every_way_is_denied_with_one_click(visitor):
    before = page_of(visitor, BROKEN, "fix-all")

    page = page_of(visitor, field(before), EVERY_WAY)

    assert words(page.find(id="done")) == "Done: Deny every way."
    (denied,) = (each for each in json.loads(field(page))["Statement"] if each["Effect"] == "Deny")
    assert denied["Action"][4:] == ["ecs:serverGroups:manage", "ecs:servers:delete"]
    assert commands(page, "fix") == []


# Whatever is sent


@pytest.mark.parametrize("htmx", [True, False])
@pytest.mark.parametrize("do", ["nonsense", "refuse", "sample:nonsense", "write", "only:-1", "open:-1", MARKUP, "fix"])
def test_unknown_command_gets_a_message_and_keeps_the_text(visitor, do, htmx):
    page = parse(post(visitor, CLEAN, do, htmx=htmx))

    assert len(problems(page)) == 1
    assert page.find("img") is None
    if not htmx:
        assert field(page) == CLEAN


@pytest.mark.parametrize("htmx", [True, False])
@pytest.mark.parametrize(
    "text",
    [
        MARKUP,
        json.dumps([MARKUP]),
        policy(allow(MARKUP)),
        policy(allow("ecs:servers:list"), **{MARKUP: MARKUP}),
        json.dumps({"role": {"display_name": MARKUP, "type": MARKUP, "policy": json.loads(CLEAN)}}),
        json.dumps([{"display_name": MARKUP, "policy": {}}] * 2),
    ],
)
def test_markup_is_shown_as_text(visitor, text, htmx):
    page = parse(post(visitor, text, htmx=htmx))

    assert page.find("img") is None
    assert [script for script in page.find_all("script") if not script.get("src")] == []
    if not htmx:
        assert field(page) == text


@sweep("do", ["check", "write:console", "write:compact", "fix-all", "only:0", "open:0", "repaired"])
@sweep(
    "text",
    [
        "\0",
        '{"Version": "1.1\0"}',
        '{"\\ud800": "\\udfff"}',
        '{"display_name": "\\ud800", "policy": {"\\udc00": ["\\ud800"]}}',
        policy(allow("\ud800")),
        "\ufeff" + CLEAN,
        "\u202e" + CLEAN,
        "[" * 30_000,
        '"',
        "0" * 30_000,
    ],
)
def test_no_text_is_a_fault_of_ours(visitor, text, do):
    response = visitor.post("/check/", {"text": text, "do": do})

    assert response.status_code in ({303, 200} if do == "open:0" else {200})
    assert post(visitor, text, "", where="/check/policy.json").content


@pytest.mark.parametrize("size", [40_000, 200_000])
def test_text_that_is_too_long_stays_in_the_field(visitor, size):
    page = page_of(visitor, "x" * size)

    assert field(page) == "x" * size
    assert headline(page) == TOO_LONG_FOR_IAM


def test_text_of_many_lines_is_a_small_page(visitor):
    response = post(visitor, "[" + "\n" * 30_000 + CLEAN + "\n" * 1_000 + "]")

    assert len(response.content) < 50_000
    assert texts(parse(response), ".fold-away") == [f"Lines 5 to {30_000 + 1_000 + 12}: nothing to say"]


@pytest.mark.parametrize(
    "body", [b"text=%ED%A0%80&do=%00", b"\xff\xfe=\xed\xa0\x80", b"&&&==&;", b"do", b"previous=%FF"]
)
def test_no_body_is_a_fault_of_ours(visitor, body):
    for headers in ({}, HTMX):
        response = visitor.post("/check/", body, content_type="application/x-www-form-urlencoded", headers=headers)
        assert response.status_code == 200


@pytest.mark.parametrize("body", [b"", b"--x", b"--x\r\nContent-Disposition: form-data; name=text\r\n\r\nhalf"])
def test_damaged_form_is_refused(visitor, body):
    response = visitor.post("/check/", body, content_type="multipart/form-data; boundary=x")

    assert response.status_code in {200, 400}


@law_of_pages
@given(
    st.text() | st.sampled_from([BROKEN, REPAIRED, LIST, CLEAN]),
    st.sampled_from(
        ["check", "undo", "clear", "repaired", "fix-all", "write:console", "only:1", f"refuse:{BROKEN_STRING}"]
    )
    | st.text(),
    st.dictionaries(st.sampled_from(["previous", "without"]), st.text()),
    st.booleans(),
)
def test_no_form_at_all_is_a_fault_of_ours(visitor, text, do, fields, htmx):
    page = parse(post(visitor, text, do, htmx=htmx, **fields))

    assert page.find(id="result") is not None
    if do == "check" and not htmx:
        assert field(page) == text.replace("\r\n", "\n").replace("\r", "\n")


@pytest.mark.parametrize(("where", "allowed"), [("/check/", "GET, HEAD, POST"), ("/check/policy.json", "POST")])
def test_other_methods_are_refused(visitor, where, allowed):
    response = visitor.put(where)

    assert (response.status_code, response["Allow"]) == (405, allowed)


def test_page_is_linked_from_the_others(visitor):
    assert texts(parse(visitor.get("/")), '.masthead-links a[href="/check/"]') == ["Check"]
