"""The page that compares two policies: its verdict, what is gained and lost, and that no text is ever lost."""

import json
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from policybuilder.catalog_files.starting_points import current_system_policies, system_policies
from policybuilder.domain.access.doubts import Doubt
from policybuilder.domain.findings import fill
from policybuilder.domain.jsontext.repair_kinds import WORDING, RepairKind
from policybuilder.domain.jsontext.source import TEXT_IS_LONG
from policybuilder.domain.policy.document import dump
from policybuilder.domain.policy.unclear import NO_ACTION_NAME, UNKNOWN_KEY
from policybuilder.drafts.draft import Draft
from policybuilder.drafts.link import LINK_DAMAGED, encode
from policybuilder.drafts.reading import ACCEPT_FIRST
from policybuilder.pages.check.commands import NOTHING_TO_UNDO, UNKNOWN_COMMAND
from policybuilder.pages.compare.commands import DONE
from policybuilder.pages.compare.form import NO_SYSTEM_POLICY
from policybuilder.pages.compare.page import (
    CHOOSE,
    CHOOSE_BOTH,
    DOUBTS,
    HEADLINES,
    MISSING,
    REACHES_FURTHER,
    SIDE_NOT_READ,
    UNCLEAR,
)
from policybuilder.pages.compare.sides import EMPTY_LIST, NO_STATEMENTS, SEVERAL_POLICIES
from policybuilder.web.wording import CHECK_OFFERS
from tests.elements import Element
from tests.pages.builder.strategies import law_of_pages
from tests.pages.tab import ATTACH, HTMX, address_of, ids, json_of, parse, selection, texts, words
from tests.sweeps import sweep

LIST, START, STOP = "ecs:cloudServers:list", "ecs:cloudServers:start", "ecs:cloudServers:stop"
START_ID = "ecs/batch-operations/starting-ecss-in-a-batch"
MFA = {"Bool": {"g:MFAPresent": ["true"]}}
READING, COMMON, FULL = (
    dump(next(p for p in system_policies() if p.name == name).document)
    for name in ("ECS ReadOnlyAccess", "ECS CommonOperations", "ECS FullAccess")
)
ALWAYS = {"problems", "status", "result", "ways"} | {
    f"{side}-{part}" for side in ("before", "after") for part in ("kept", "tools", "said")
}
MINUS = "\N{MINUS SIGN}"
MARKUP = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>&amp;{{ 7 }}{% now 'Y' %}"


def policy(*statements, **more) -> str:
    return json.dumps({"Version": "1.1", "Statement": list(statements), **more}, indent=4)


def allow(*actions, **more) -> dict:
    return {"Effect": "Allow", "Action": list(actions), **more}


def deny(*actions, **more) -> dict:
    return {"Effect": "Deny", "Action": list(actions), **more}


def post(visitor, before="", after="", do="compare", *, htmx=False, **fields):
    body = {"before": before, "after": after, "do": do, **fields}
    response = visitor.post("/compare/", body, headers=HTMX if htmx else {})
    assert response.status_code == (422 if b"too much to compare" in response.content else 200)
    return response


def compared(visitor, before="", after="", do="compare", **fields) -> Element:
    return parse(post(visitor, before, after, do, **fields))


def fields(page: Element) -> tuple[str, str]:
    """What stands in both fields: the line feed after a tag is none of it."""
    before, after = (page.find(id=side).get_text() for side in ("before", "after"))
    assert before[:1] == after[:1] == "\n"
    return before[1:], after[1:]


def hidden(page: Element) -> dict[str, str]:
    return {each["name"]: each["value"] for each in page.select(".kept input")}


def headline(page: Element) -> str:
    return words(page.find(id="headline"))


def outcome(key: str, counts: str) -> str:
    """The whole headline of an outcome with what is more and what is lost."""
    return f"{HEADLINES[key]}. {counts}"


def problems(page: Element) -> list[str]:
    return texts(page, "#problems li, .side-problem")


def links(page: Element, id_: str) -> list[str]:
    return [link["href"] for link in page.select(f"#{id_} .change-row a")]


# How it begins


def test_empty_page_says_how_to_begin(visitor):
    page = parse(visitor.get("/compare/"))

    assert fields(page) == ("", "")
    assert page.select_one("#result .begin")
    assert [button["value"] for button in page.select("#before-system button")] == [
        f"take:before:{policy.slug}" for policy in current_system_policies()
    ]
    assert texts(page, "#result h2, #result h3") == []


def test_example_fills_both_sides(visitor):
    page = compared(visitor, do="example")

    assert fields(page) == (READING, COMMON)
    assert headline(page) == outcome("more", "22 operations more, none lost")
    assert [said.split(": ") for said in texts(page, ".side-read")] == [
        ["ECS ReadOnlyAccess, system-defined", "1 statement, 34 actions (8 wildcards)"],
        ["ECS CommonOperations, system-defined", "1 statement, 65 actions (10 wildcards)"],
    ]


@pytest.mark.parametrize(("side", "missing"), [("before", "later"), ("after", "earlier")])
def test_one_policy_asks_for_the_other(visitor, side, missing):
    page = compared(visitor, **{side: COMMON})

    assert words(page.select_one(".begin strong")) == f"Add the {missing} policy."
    assert words(page.find(id="status")) == MISSING.format(which=missing)


def test_draft_of_the_builder_is_the_side_after(visitor):
    page = parse(visitor.get(address_of(selection(ATTACH), page="compare", before="ecs-readonlyaccess")))

    assert fields(page) == (READING, json_of(selection(ATTACH)))
    assert headline(page) == outcome("more", "1 operation more, 29 lost")
    assert links(page, "gained") == [f"/operations/{ATTACH}/"]


def test_what_an_address_cannot_open_is_said(visitor):
    page = parse(visitor.get("/compare/?before=nonsense&draft=1damaged"))

    assert problems(page) == [
        NO_SYSTEM_POLICY.format(slug="“nonsense”"),
        LINK_DAMAGED,
        ACCEPT_FIRST,
    ]
    assert fields(page) == ("", "")


def test_empty_draft_is_an_empty_side(visitor):
    assert fields(parse(visitor.get("/compare/", {"draft": encode(Draft()), "before": "ecs-fullaccess"}))) == (FULL, "")


# The verdict


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (policy(allow(LIST)), policy(allow(LIST)), HEADLINES["identical"]),
        (
            policy(allow(LIST)),
            json.dumps(json.loads(policy(allow(LIST)))),
            HEADLINES["identical"],
        ),
        (
            policy(allow(LIST, START)),
            policy(allow(START), allow(LIST)),
            HEADLINES["unchanged"],
        ),
        (
            policy(allow(LIST, START)),
            policy(allow(LIST)),
            outcome("less", "1 operation lost"),
        ),
        (
            policy(allow(LIST, "x:y:z")),
            policy(allow(LIST)),
            outcome("less", "1 action lost, though no whole operation"),
        ),
        (
            policy(deny(LIST)),
            policy(),
            "New access: no, proven",
        ),
        (policy(allow(STOP)), policy(allow(START)), outcome("more", "1 operation more, 1 lost")),
        (
            policy(),
            policy(allow("x:y:z", "x:*:z")),
            outcome("more", "1 action and 1 wildcard more, though no whole operation"),
        ),
        (
            policy(allow(START, Condition=MFA)),
            policy(allow(START, Condition={"Bool": {"g:MFAPresent": ["false"]}})),
            outcome("more", "1 operation for other requests than before"),
        ),
        (
            policy(allow(START, Resource=["ecs:*:*:server:x"])),
            policy(allow(START)),
            outcome("unproven", "Perhaps 1 operation more"),
        ),
        (
            policy(allow(START)),
            policy(allow("ecs:cloudServers:star*")),
            REACHES_FURTHER.format(wildcards="1 wildcard"),
        ),
    ],
)
def test_headline_says_what_it_comes_to(visitor, before, after, said):
    page = compared(visitor, before, after)

    assert headline(page) == said
    assert words(page.find(id="status")) == said


def test_verdict_says_what_is_a_proof(visitor):
    page = compared(visitor, policy(allow(LIST, START)), policy(allow(LIST)))

    assert page.select_one(".proof")["data-outcome"] == "less"
    assert words(page.select_one(".proof li")).split()[:3] == ["All", "102", "actions"]


def test_yes_shows_a_request_and_a_missing_proof_its_reason(visitor):
    def of_user(operator, *values):
        return policy(allow("ecs:servers:list", Condition={operator: {"g:UserName": list(values)}}))

    yes = compared(visitor, of_user("StringEquals", "anna"), of_user("StringEquals", "anna", "bert"))
    unproven = compared(visitor, of_user("StringNotEquals", "anna"), of_user("StringNotEqualsIfExists", "anna"))

    assert texts(yes, "#witness code") == ["ecs:servers:list"]
    assert words(yes.find(id="witness")).endswith("if “g:UserName” is “bert”.")
    assert headline(unproven).startswith(HEADLINES["unproven"])
    assert texts(unproven, "#doubts li") == [DOUBTS[Doubt.ABSENT_KEY]]
    assert unproven.find(id="witness") is None


def test_proof_counts_what_was_compared(visitor):
    page = compared(visitor, policy(allow(LIST, "x:y:z")), policy(allow("ecs:*:list"), deny("X:Y:*".lower())))

    assert "the 2 actions and 2 wildcards that the two policies name" in words(page.select_one(".proof li"))


# What changes


def test_operations_stand_first_by_category_with_the_actions_behind_them(visitor):
    page = compared(visitor, policy(allow(STOP)), policy(allow(START, "x:y:z", "ecs:cloudServers:star*")))

    assert texts(page, "#gained h3, #gained summary, #gained .change-row, #gained .change-list li") == [
        "+ Gained: 1 operation",
        "Batch Operations 1 of 3",
        f"+ Can change Starting ECSs in a batch {START}",
        "2 actions and 1 wildcard behind it",
        "ecs:cloudServers:star* wildcard",
        START,
        "x:y:z not in the catalogue",
    ]
    assert links(page, "gained") == [f"/operations/{START_ID}/"]
    assert texts(page, "#lost h3, #lost .change-row a") == [f"{MINUS} Lost: 1 operation", "Stopping ECSs in a batch"]


def test_requests_that_an_operation_is_for_are_told(visitor):
    limited, free = policy(allow(START, Condition=MFA)), policy(allow(START))

    for before, after, note in (
        (policy(), limited, "for some requests only"),
        (limited, free, "before for some requests only"),
        (free, limited, "now for some requests only"),
    ):
        assert texts(compared(visitor, before, after), ".change-row .badge") == [note]


def test_deny_that_goes_is_told_apart(visitor):
    page = compared(visitor, policy(deny("ecs:*:start", "x:y:z")), policy(allow(LIST)))

    assert words(page.find(id="undenied-title")).endswith(": 3 actions and 1 wildcard")
    assert texts(page, "#undenied li")[0] == "ecs:*:start wildcard"


def test_each_wildcard_says_what_it_covers_today(visitor):
    page = compared(
        visitor,
        policy(allow("ecs:cloudServers:star*", "ecs:*:lst"), {"Effect": "Deny", "NotAction": ["ecs:*:*"]}),
        policy(allow("ecs:cloudServers:st*"), deny("ECS:CLOUDSERVERS:STAR*".replace("ECS", "ecs"))),
    )

    rows = page.select("#wildcards .wildcard")
    assert [texts(row, ".wildcard-where, .wildcard-name, .wildcard-role, summary, .hint") for row in rows] == [
        ["+ after only", "ecs:cloudServers:st*", "allowed", "2 actions covered by ecs:cloudServers:st*"],
        [f"{MINUS} before only", "ecs:*:*", "all but it denied", "67 actions covered by ecs:*:*"],
        [f"{MINUS} before only", "ecs:*:lst", "allowed", "none that the catalogue knows"],
        [
            "= in both",
            "ecs:CLOUDSERVERS:STAR*",
            "allowed, denied",
            "1 action covered by ecs:CLOUDSERVERS:STAR*",
        ],
    ]
    assert texts(rows[0], ".wildcard-covers code") == [START, STOP]


def test_many_operations_start_folded(visitor):
    few = compared(visitor, policy(), policy(allow(START)))
    many = compared(visitor, policy(), policy(allow("*:*:*")))

    assert all(group.has_attr("open") for group in few.select(".change-group"))
    assert len(many.select(".change-group")) == 17
    assert not any(group.has_attr("open") for group in many.select(".change-group"))


# What cannot be compared, or not for certain


def test_unreadable_text_shows_its_fault_beside_its_side(visitor):
    page = compared(visitor, COMMON, '{"Version": "1.1",\n @}')

    assert headline(page) == SIDE_NOT_READ.format(which="later")
    assert words(page.find(id="after-fault")).startswith("Line 2, column 2:")
    assert page.find(id="before-fault") is None
    form = page.find(id=page.find(id="after-check")["form"])
    assert (form["action"], form.find("textarea").get_text()) == ("/check/", '\n{"Version": "1.1",\n @}')
    assert fields(page) == (COMMON, '{"Version": "1.1",\n @}')
    assert texts(page, ".change, .wildcards") == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"[{COMMON}, {COMMON}]", SEVERAL_POLICIES.format(n=2)),
        ("[]", EMPTY_LIST),
        ("5", NO_STATEMENTS),
        ('{"role": {"display_name": "x"}}', NO_STATEMENTS),
        ("x" * 32_769, fill(TEXT_IS_LONG.message, {"n": 32_769, "limit": 32_768})),
    ],
)
def test_text_without_one_policy_is_refused_beside_its_side(visitor, text, said):
    page = compared(visitor, text, COMMON)

    assert said in words(page.find(id="before-fault"))
    assert fields(page) == (text, COMMON)


def test_several_policies_are_to_be_chosen_from(visitor):
    several = f"{COMMON}\n{COMMON}"

    assert headline(compared(visitor, several, COMMON)) == CHOOSE.format(which="earlier")
    assert headline(compared(visitor, several, several)) == CHOOSE_BOTH
    assert headline(compared(visitor, several, "@")) == "Neither can be read"


@pytest.mark.parametrize(("side", "which"), [("before", "earlier"), ("after", "later")])
def test_a_text_that_is_cut_off_is_not_compared_and_the_way_out_is_said(visitor, side, which):
    whole = policy(allow(START))
    page = compared(visitor, **{"before": whole, "after": whole, side: whole.partition("]")[0]})

    assert headline(page) == SIDE_NOT_READ.format(which=which)
    fault = words(page.find(id=f"{side}-fault"))
    assert WORDING[RepairKind.CUT_OFF].problem in fault
    assert fault.endswith(CHECK_OFFERS)
    assert page.find(id=f"{side}-check") is not None


def test_repairs_are_made_and_said(visitor):
    page = compared(visitor, COMMON.replace("]\n", ",]\n", 1), COMMON)

    assert headline(page) == HEADLINES["identical"]
    assert words(page.select_one("#before-said summary")) == "1 repair made to read it"
    assert texts(page, "#before-said details li") == [
        f"Line 45: {fill(WORDING[RepairKind.TRAILING_COMMA].template, {'n': 1, 'what': ']'})}"
    ]
    assert page.find(id="before-check") is not None


def test_wrapped_policy_is_compared_and_told_in_the_lines_that_were_pasted(visitor):
    command = f"Then I ran\ncurl -d '{policy(allow(START), allow(LIST, 'nonsense'))}' x"
    page = compared(visitor, command, policy(allow(START, LIST)))

    assert texts(page, "#before-said details li") == [f"Line 2: {WORDING[RepairKind.COMMAND].done}"]
    assert [words(row)[:7] for row in page.select("#before-said .side-unclear li")] == ["Line 15"]


def test_role_and_list_of_one_are_read(visitor):
    role = json.dumps([{"display_name": "team", "type": "XA", "policy": json.loads(COMMON)}])
    page = compared(visitor, role, COMMON)

    assert headline(page) == HEADLINES["identical"]
    assert texts(page, "#before-said .side-read") == ["team: 1 statement, 65 actions (10 wildcards)"]


def test_part_without_a_clear_meaning_makes_it_uncertain(visitor):
    misspelt = policy(allow(START, Conditon=MFA), allow(LIST, "nonsense"))
    page = compared(visitor, policy(allow(START, LIST)), misspelt)

    assert headline(page) == UNCLEAR.format(n=2)
    assert texts(page, "#after-said .side-unclear li") == [
        f"Line 9, Statement[0].Conditon: {UNKNOWN_KEY.format(place='statement', key='“Conditon”')}",
        f"Line 21, Statement[1].Action[1]: {NO_ACTION_NAME.format(name='“nonsense”')}",
    ]
    assert page.select_one(".proof")["data-outcome"] == "uncertain"
    assert "nothing changes" in words(page.select_one(".proof"))


def test_same_text_is_the_same_whatever_it_means(visitor):
    text = policy(allow("nonsense", Condition="x"))

    assert headline(compared(visitor, text, text)) == HEADLINES["identical"]


def test_too_much_to_compare_is_said(visitor):
    before, after = (policy(allow(*(f"ecs:*{n}{end}*:*" for n in range(800)))) for end in ("", "x"))
    page = compared(visitor, *(json.dumps(json.loads(text)) for text in (before, after)))

    assert headline(page) == HEADLINES["too-much"]
    assert "Compare them in parts" in words(page.select_one(".proof"))


# Texts come and go, and none is lost


def test_sides_are_swapped_with_what_they_held_before(visitor):
    page = compared(visitor, READING, COMMON, "swap", **{"before-previous": "mine"})

    assert fields(page) == (COMMON, READING)
    assert hidden(page) == {"after-previous": "mine"}
    assert words(page.find(id="done")) == "The sides are swapped."
    assert fields(compared(visitor, *fields(page), "swap")) == (READING, COMMON)


@pytest.mark.parametrize("side", ["before", "after"])
def test_system_defined_policy_takes_the_place_of_a_text_that_can_be_had_again(visitor, side):
    page = compared(visitor, "my before", "my after", f"take:{side}:ecs-fullaccess")

    at = ("before", "after").index(side)
    assert fields(page)[at] == FULL
    assert fields(page)[1 - at] == f"my {('after', 'before')[at]}"
    assert hidden(page) == {f"{side}-previous": f"my {side}"}
    again = compared(visitor, *fields(page), f"undo:{side}", **hidden(page))
    assert fields(again) == ("my before", "my after")
    assert hidden(again) == {f"{side}-previous": FULL}


def test_file_takes_the_place_of_a_text_that_can_be_had_again(visitor):
    file = SimpleUploadedFile("policy.json", COMMON.replace("\n", "\r\n").encode())
    page = compared(visitor, "mine", READING, **{"before-file": file})

    assert fields(page) == (COMMON, READING)
    assert hidden(page) == {"before-previous": "mine"}


@pytest.mark.parametrize("content", [b"", b"\xff", b"x" * 32_769])
def test_file_that_cannot_be_read_leaves_the_text_alone(visitor, content):
    page = compared(visitor, "mine", READING, **{"before-file": SimpleUploadedFile("p", content)})

    assert fields(page) == ("mine", READING)
    assert len(problems(page)) == 1
    assert words(page.select_one("#before-said .side-problem")).startswith("The file ")


def test_cleared_text_can_be_had_again(visitor):
    page = compared(visitor, READING, COMMON, "clear:after")

    assert (fields(page), hidden(page)) == ((READING, ""), {"after-previous": COMMON})
    assert fields(compared(visitor, *fields(page), "undo:after", **hidden(page))) == (READING, COMMON)


@pytest.mark.parametrize(
    ("do", "said"),
    [
        ("undo:before", NOTHING_TO_UNDO),
        ("nonsense", UNKNOWN_COMMAND.format(command="“nonsense”")),
        ("undo:nonsense", UNKNOWN_COMMAND.format(command="“undo”")),
        ("take:", UNKNOWN_COMMAND.format(command="“take”")),
        ("clear:", UNKNOWN_COMMAND.format(command="“clear”")),
    ],
)
def test_command_that_cannot_be_carried_out_keeps_the_texts(visitor, do, said):
    page = compared(visitor, READING, COMMON, do)

    assert problems(page) == [said]
    assert fields(page) == (READING, COMMON)


def test_unknown_system_defined_policy_is_said(visitor):
    page = compared(visitor, READING, COMMON, f"take:after:{MARKUP}")

    assert fields(page) == (READING, COMMON)
    assert problems(page)[0].startswith("There is no system-defined policy “<script>")


# What htmx is answered


def test_typed_text_is_answered_without_the_fields(visitor):
    response = post(visitor, READING, COMMON, "", htmx=True)

    assert ids(response) == ALWAYS
    assert response["Vary"].split(", ").count("HX-Request") == 1


def test_changed_text_is_answered_with_its_field(visitor):
    assert ids(post(visitor, READING, COMMON, "clear:after", htmx=True)) == ALWAYS | {"after"}
    assert ids(post(visitor, READING, COMMON, "swap", htmx=True)) == ALWAYS | {"before", "after"}
    taken = post(visitor, READING, COMMON, "take:before:ecs-fullaccess", htmx=True)
    assert ids(taken) == ALWAYS | {"before", "before-system", "before-file"}


@pytest.mark.parametrize("do", ["compare", "swap", "clear:before", "example", "x"])
@pytest.mark.parametrize("after", [COMMON, "@", ""])
def test_htmx_shows_what_a_plain_form_shows(visitor, do, after):
    plain, htmx = (parse(post(visitor, FULL, after, do, htmx=htmx)) for htmx in (False, True))

    for id_ in ALWAYS:
        pair = [page.find(id=id_) for page in (plain, htmx)]
        pair[1].attrs.pop("hx-swap-oob")
        assert str(pair[0]) == str(pair[1])


# Whatever is sent

HOSTILE = [
    MARKUP,
    policy(allow(MARKUP, "ecs:*:*")),
    policy(allow(LIST, **{MARKUP: MARKUP}), **{MARKUP: MARKUP}),
    policy({"Effect": MARKUP, "Action": MARKUP}),
    json.dumps({"display_name": MARKUP, "policy": json.loads(COMMON)}),
    json.dumps([{"display_name": "\ud800", "policy": {"Statement": [{"\udfff": ["\ud800"]}, allow("\ud800")]}}]),
    policy(allow(LIST, Condition={MARKUP: {MARKUP: [MARKUP]}}, Resource=[MARKUP, 5])),
    "\0",
    '{"\\ud800": "\\udfff"}',
    "\u202e" + COMMON,
    "[" * 30_000,
    '{"Statement": ' + "[" * 60 + "]" * 60 + "}",
    '{"Statement": {}}',
    "0" * 30_000,
]


@sweep("htmx", [True, False])
@sweep("text", HOSTILE)
def test_hostile_text_is_shown_as_text(visitor, text, htmx):
    for before, after in ((text, COMMON), (COMMON, text), (text, text)):
        page = parse(post(visitor, before, after, htmx=htmx))
        assert page.find("img") is None
        assert [script for script in page.find_all("script") if not script.get("src")] == []
        if not htmx:
            # HTML has no sign for what "\0" is.
            assert fields(page) == tuple(each.translate({0: "\ufffd", 13: "\n"}) for each in (before, after))


@sweep("where", ["/compare/?before=", "/compare/?after=", "/compare/?draft=", "/compare/?"])
@sweep("text", ["%00", "%ED%A0%80", "%FF", "x" * 5_000, quote(MARKUP), "%0D%0AX-Evil:%201"])
def test_no_address_is_a_fault_of_ours(visitor, where, text):
    response = visitor.get(where + text)

    assert response.status_code == 200
    assert "X-Evil" not in response.headers
    assert parse(response).find("img") is None


def test_many_names_and_wildcards_are_a_small_page(visitor):
    names, wild = [f"x:y:a{n}" for n in range(1_500)], [f"ecs:*{n}*:*" for n in range(150)]
    response = post(visitor, policy(), json.dumps(json.loads(policy(allow(*names, *wild)))))
    page = parse(response)

    assert len(response.content) < 150_000
    assert texts(page, "#gained .change-list li")[-1] == "and 1350 more"
    assert len(page.select(".wildcard")) == 60
    assert words(page.select(".wildcards > .hint")[-1]) == "90 more wildcards"


@pytest.mark.parametrize(
    "body", [b"before=%ED%A0%80&do=%00", b"\xff\xfe=\xed\xa0\x80", b"&&&==&;", b"before-previous=%FF"]
)
def test_no_body_is_a_fault_of_ours(visitor, body):
    for headers in ({}, HTMX):
        response = visitor.post("/compare/", body, content_type="application/x-www-form-urlencoded", headers=headers)
        assert response.status_code == 200


@law_of_pages
@given(
    *[st.text() | st.sampled_from([READING, COMMON, policy(allow(START, Condition=MFA)), *HOSTILE[:6]])] * 2,
    st.sampled_from(["compare", "swap", "clear:before", "undo:after", "example", "take:after:ecs-fullaccess"])
    | st.text(),
    st.dictionaries(st.sampled_from(["before-previous", "after-previous", "after-file"]), st.text()),
    st.booleans(),
)
def test_no_form_at_all_is_a_fault_of_ours(visitor, before, after, do, more, htmx):
    page = parse(post(visitor, before, after, do, htmx=htmx, **more))

    assert page.find(id="result") is not None


def test_other_methods_are_refused(visitor):
    response = visitor.put("/compare/")

    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD, POST")


def test_page_is_linked_from_the_others(visitor):
    assert texts(parse(visitor.get("/")), '.masthead-links a[href="/compare/"]') == ["Compare"]


# Names that may have no effect, and several policies in one text

OLDER, TAG = "ecs:cloudServers:put", "ecs:cloudServers:batchSetServerTags"


@pytest.mark.parametrize("htmx", [False, True])
def test_a_name_without_effect_is_mended_in_its_field(visitor, htmx):
    before, after = policy(allow(LIST), deny(OLDER)), policy(allow("ECS:cloudServers:list"))
    page = compared(visitor, before, after)
    assert texts(page, "#before-said li")[0].startswith(f"Line 13: “{OLDER}”")
    assert len(texts(page, "#after-said li")) == 1
    kept_shut, lower = (page.find(id=f"{side}-fix-1")["value"] for side in ("before", "after"))

    mended = parse(post(visitor, before, after, do=kept_shut, htmx=htmx))
    assert json.loads(mended.find(id="before").get_text()) == json.loads(policy(allow(LIST), deny(OLDER, TAG)))
    assert hidden(mended) == {"before-previous": before}
    assert DONE["fix"] in words(mended.find(id="status"))

    mended = parse(post(visitor, before, after, do=lower, htmx=htmx))
    assert json.loads(mended.find(id="after").get_text()) == json.loads(policy(allow(LIST)))
    assert texts(mended, "#after-said li") == []


def test_one_of_several_policies_is_chosen_and_the_others_can_be_had_again(visitor):
    role = {"display_name": "operators", "type": "XA", "policy": json.loads(policy(allow(START)))}
    text = f"{policy(allow(LIST))}\n\n{json.dumps(role)}"
    page = compared(visitor, policy(allow(LIST)), text)
    buttons = page.select("#after-said .side-choices button")
    assert [button["value"] for button in buttons] == ["only:after:1", "only:after:2"]
    assert "operators" in words(buttons[1])

    chosen = compared(visitor, policy(allow(LIST)), text, do=buttons[1]["value"])
    assert json.loads(fields(chosen)[1]) == role
    assert words(chosen.select_one("#after-said .side-read")) == "operators: 1 statement, 1 action"
    assert DONE["only"] in words(chosen.find(id="status"))

    undone = compared(visitor, policy(allow(LIST)), fields(chosen)[1], do="undo:after", **hidden(chosen))
    assert fields(undone)[1] == text


@pytest.mark.parametrize(
    "subject", ["only:before:3", "only:before:", "only:after:1", "fix:before:PB011:1", "fix:after:"]
)
def test_what_is_no_longer_in_a_text_changes_nothing(visitor, subject):
    text = f"[{policy(allow(LIST))}, {policy(deny(OLDER))}]"
    page = compared(visitor, text, "", do=subject)

    assert fields(page) == (text, "")
    assert [problem.split(":")[0] for problem in problems(page)] == ["The text has changed"]
