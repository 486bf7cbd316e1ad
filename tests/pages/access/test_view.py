"""The page of a group: its policies in the form, what is decided together, and whatever else is sent to it."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from policybuilder.domain.access.group_warnings import MOST_POLICIES, MOST_STATEMENTS, NEEDLESS
from policybuilder.domain.findings import fill
from policybuilder.domain.jsontext.carriers.terraform import TAKEN
from policybuilder.domain.jsontext.repair_kinds import WORDING, RepairKind
from policybuilder.domain.policy.condition_terms import KeyType
from policybuilder.domain.policy.reading import LOWER_CASE_IN_DOUBT
from policybuilder.drafts.reading import ACCEPT_FIRST
from policybuilder.pages.access import group
from policybuilder.pages.access.commands import (
    ADDED,
    CHOOSE_SYSTEM_POLICY,
    CORRECTION_IS_GONE,
    EMPTY_LIST,
    MENDED,
    NO_LONGER_SEVERAL,
    NOTHING_TO_ADD,
    NOTHING_TO_PUT_BACK,
    POLICY_IS_GONE,
    REPAIRED,
    SAMPLE,
    TOO_LARGE_TOGETHER,
    TOO_LONG,
    TOO_MANY,
    TOO_MUCH_FOR_A_GROUP,
    UNKNOWN_COMMAND,
)
from policybuilder.pages.access.form import MAX_TOTAL
from policybuilder.pages.access.group import FIRST_COUNTS, NO_STATEMENT, TOO_MANY_STATEMENTS
from policybuilder.pages.access.page import NO_SUCH_VALUE
from policybuilder.web.element_ids import element_id
from policybuilder.web.wording import CHECK_OFFERS
from tests.builders import ROOT
from tests.elements import Element
from tests.pages.builder.strategies import law_of_pages
from tests.pages.tab import ATTACH, CREATE, HTMX, START, Tab, address_of, ids, json_of, parse, selection, texts, words

LIST = (ROOT / "templates/check/samples/list.json").read_text()
MARKUP = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>&amp;{{ 7 }}{% now 'Y' %}"
OWN, NEEDED = "ecs:cloudServers:attach", "evs:volumes:use"
MFA = {"Bool": {"g:MFAPresent": ["true"]}}


def policy(*statements, **more) -> str:
    return json.dumps({"Version": "1.1", "Statement": list(statements), **more}, indent=4)


def allow(*names, **more) -> dict:
    return {"Effect": "Allow", "Action": list(names), **more}


def deny(*names, **more) -> dict:
    return {"Effect": "Deny", "Action": list(names), **more}


def fields(*policies, **more) -> dict:
    """The fields of policies that are texts, or (name, text, where); system-defined ones are of the form "=slug"."""
    found = {}
    for at, given_ in enumerate(policies):
        name, text, where = ("", given_, "iam_project") if isinstance(given_, str) else given_
        found[f"granted-{at}"] = where
        if text.startswith("="):
            found[f"system-{at}"] = text[1:]
        else:
            found |= {f"name-{at}": name, f"text-{at}": text}
    return found | more


def post(visitor, data, *, htmx=False):
    response = visitor.post("/access/", data, headers=HTMX if htmx else {})
    assert response.status_code == 200
    return response


def page_of(visitor, *policies, **more) -> Element:
    return parse(post(visitor, fields(*policies, **more)))


def sent(page: Element) -> dict[str, str]:
    """What the form of the page would send, pressed with no button."""
    found = {}
    for control in page.select("#access [name], [form=access][name]"):
        if control.name == "textarea":
            found[control["name"]] = control.get_text().removeprefix("\n")
        elif control.name == "select":
            chosen = control.select_one("option[selected]") or control.select_one("option")
            found[control["name"]] = chosen["value"]
        elif control.name == "input" and control.get("type") == "checkbox" and not control.has_attr("checked"):
            continue
        elif control.name == "input" and control.get("type") != "file":
            found[control["name"]] = control.get("value", "")
    return found


def names(page: Element) -> list[str]:
    return [field.get("value") or field.get_text() for field in page.select(".member-name")]


def cells(page: Element, operation: str) -> list[str]:
    return texts(page.find(id=f"row-{element_id(operation)}"), ".cell-label")


def whys(page: Element, operation: str) -> list[str]:
    return texts(page.find(id=f"row-{element_id(operation)}"), ".cell-why")


def problems(page: Element) -> list[str]:
    return texts(page, "#problems li")


def warnings(page: Element) -> list[str]:
    return texts(page, "#warnings li strong")


# The empty page


def test_empty_page_says_how_to_begin(visitor):
    page = parse(visitor.get("/access/"))

    assert page.select_one(".begin")
    assert words(page.find(id="status")) == "No policies yet"
    assert (names(page), problems(page), page.find(id="matrix")) == ([], [], None)


def test_example_shows_something_of_everything(visitor):
    page = page_of(visitor, do="sample")

    assert names(page) == [entry.name for entry in SAMPLE]
    assert warnings(page) == ["Warning PB041", "Note PB043"]
    assert set(texts(page, ".cell-label")) == {"Allowed", "Incomplete", "Conditional"}
    assert texts(page, "#missing-keys code") == ["g:MFAPresent"]


# Policies


@pytest.mark.parametrize("htmx", [True, False])
def test_pasted_policy_is_added_and_kept_as_it_is(visitor, htmx):
    text = policy(allow(OWN), indent="ours")
    page = parse(post(visitor, {"do": "add", "text": text, "granted": "enterprise_project"}, htmx=htmx))

    assert page.find(id="text-0").get_text() == f"\n{text}"
    assert page.select_one("#granted-0 option[selected]")["value"] == "enterprise_project"
    assert page.find(id="text").get_text() == "\n"
    assert words(page.find(id="done")) == "Added: Policy 1."


def test_list_and_file_are_taken_apart(visitor):
    file = SimpleUploadedFile("server-admins.json", policy(allow("ecs:*:*")).encode())
    page = parse(post(visitor, fields(policy(allow(OWN)), do="add", text=LIST, file=file)))

    assert names(page) == ["", "server-operators", "disk team", "server-admins"]
    assert json.loads(sent(page)["text-1"]) == json.loads(LIST)["roles"][0]
    assert words(page.find(id="done")) == ADDED.format(names="server-operators, disk team, server-admins")


def test_repairs_of_a_list_are_said(visitor):
    page = parse(post(visitor, {"do": "add", "text": LIST.rstrip().removesuffix("}") + ",}"}))

    assert names(page) == ["server-operators", "disk team"]
    assert REPAIRED.partition("{")[0] in words(page.find(id="done"))


def test_repairs_of_a_policy_are_said_and_its_text_stays(visitor):
    text = policy(allow(OWN, NEEDED)).rstrip().removesuffix("}")
    page = page_of(visitor, text)

    assert texts(page, "#repairs-0 li") == ["Line 11: Added } at the end."]
    assert sent(page)["text-0"] == text
    assert cells(page, ATTACH) == ["Allowed", "Allowed"]


def test_wrapped_policies_are_added(visitor):
    document = policy(allow(OWN, NEEDED))
    role = f'resource "x_identity_role" "y" {{\n  name = "from-terraform"\n  policy = jsonencode({document})\n}}\n'
    one, two = (parse(post(visitor, {"do": "add", "text": f"Hi,\n{text}Bye"})) for text in (role, role + role))

    assert (names(one), names(two)) == (["from-terraform"], ["from-terraform"] * 2)
    assert sent(one)["text-0"] == f"Hi,\n{role}Bye"
    assert f"Line 2: {TAKEN.format(n=1)}" in texts(one, "#repairs-0 li")
    assert REPAIRED.format(line=2, repair=TAKEN.format(n=2)) in words(two.find(id="done"))
    assert cells(one, ATTACH) == ["Allowed", "Allowed"]


# What is cut off: of a list, which may lack policies, and of a policy, which may lack a condition or a Deny.
CUT_OFF = [LIST.rstrip().removesuffix("}"), policy(allow(OWN, NEEDED)).partition("]")[0]]


@pytest.mark.parametrize("text", CUT_OFF)
def test_a_text_that_is_cut_off_counts_for_nothing_and_the_way_out_is_said(visitor, text):
    page = parse(post(visitor, {"do": "add", "text": text}))

    assert sent(page)["text-0"] == text
    assert cells(page, ATTACH) == ["Not allowed", "Not allowed"]
    fault = words(page.select_one("#state-0 .member-fault"))
    assert WORDING[RepairKind.CUT_OFF].problem in fault
    assert fault.endswith(CHECK_OFFERS)
    assert page.select_one("#state-0 button[form=to-check]")["value"] == text


def test_unreadable_text_is_kept_with_its_fault_and_a_way_to_check_it(visitor):
    text = '{"Version": "1.1",\n"Statement": [}'
    page = parse(post(visitor, fields(policy(allow(OWN, NEEDED)), do="add", text=text)))

    assert "Line 2, column 15:" in words(page.select_one("#state-1 .member-fault"))
    button = page.select_one("#state-1 button[form=to-check]")
    assert (button["name"], button["value"]) == ("text", text)
    form = page.find(id="to-check")
    assert (form["action"], form["target"]) == ("/check/", "_blank")
    assert page.find(id="edit-1").has_attr("open")
    assert sent(page)["text-1"] == text
    assert cells(page, ATTACH) == ["Allowed", "Allowed"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (policy({"Action": [OWN]}), group.STATEMENTS_LEFT_OUT.format(n=1)),
        (policy(allow(OWN, "ecs", 7)), group.ACTIONS_LEFT_OUT.format(n=2)),
        (json.dumps({"Version": "1.1"}), NO_STATEMENT),
        ("[]", EMPTY_LIST),
        (LIST, FIRST_COUNTS.format(n=2)),
        (
            policy(*[allow(OWN)] * (MOST_STATEMENTS + 1)),
            TOO_MANY_STATEMENTS.format(n=21),
        ),
    ],
)
def test_what_counts_for_nothing_is_said(visitor, text, said):
    assert texts(page_of(visitor, text), "#state-0 .member-problem") == [said]


OLDER = "ecs:cloudServers:delete"  # three actions stand for it today
SUCCESSORS = [f"ecs:cloudServers:{verb}" for verb in ("deleteServerGroup", "deleteServerGroupMember", "deleteServers")]


def said_of(page: Element, at: int) -> list[str]:
    return texts(page, f"#state-{at} .member-problem")


def remark_button(page: Element, at: int) -> str:
    return page.select_one(f"#state-{at} .member-problem button")["value"]


@pytest.mark.parametrize("htmx", [False, True])
def test_older_names_are_mended_where_they_stand(visitor, htmx):
    first, second = policy(allow("KMS:*:*")), policy(deny(OLDER))
    page = page_of(visitor, first, ("b", second, "enterprise_project"))

    assert said_of(page, 1)[0].startswith(f"Line 7: “{OLDER}”")
    assert page.select_one("#state-1 button[form=to-check]") is not None

    title = words(page.select_one("#state-1 .member-problem button")).partition(" in ")[0]
    data = fields(first, ("b", second, "enterprise_project"), do=remark_button(page, 1))
    mended = parse(post(visitor, data, htmx=htmx))

    assert json.loads(mended.find(id="text-1").get_text()) == json.loads(policy(deny(OLDER, *SUCCESSORS)))
    assert mended.find(id="text-0").get_text() == f"\n{first}"
    assert mended.select_one("#granted-1 option[selected]")["value"] == "enterprise_project"
    assert said_of(mended, 1) == []
    assert words(mended.find(id="done")) == MENDED.format(fix=title)


def test_a_name_is_mended_in_the_repaired_text(visitor):
    text = policy(allow("KMS:*:*")).replace("Version", "Ver\u200bsion").replace('"1.1"', '"1.1";')
    page = page_of(visitor, text)

    mended = parse(post(visitor, fields(text, do=remark_button(page, 0))))

    assert json.loads(sent(mended)["text-0"]) == json.loads(policy(allow("kms:*:*")))


@pytest.mark.parametrize("subject", ["1:PB011:1", "2:PB011:1", "1:", "", "1:IAM.1029:0", "x:PB013:" + "9" * 400])
def test_what_is_no_longer_there_is_not_mended(visitor, subject):
    text = policy(deny(OLDER))
    page = parse(post(visitor, fields(text, do=f"fix:{subject}")))

    assert sent(page)["text-0"] == text
    assert texts(page, "#problems li") in (
        [CORRECTION_IS_GONE],
        [POLICY_IS_GONE],
    )


def test_several_policies_of_one_text_are_made_policies_of_their_own(visitor):
    """Whether they stand in a list or in a row, in a field or in a file."""
    row = policy(allow(OWN)) + "\n\nAnd the other one:\n" + policy(allow(NEEDED))
    page = page_of(visitor, policy(deny(OWN)), ("both", row, "enterprise_project"))
    assert said_of(page, 1) == [FIRST_COUNTS.format(n=2)]

    data = fields(policy(deny(OWN)), ("both", row, "enterprise_project"), do="apart:2")
    apart = parse(post(visitor, data))

    assert [json.loads(sent(apart)[f"text-{at}"]) for at in range(3)] == [
        json.loads(policy(each)) for each in (deny(OWN), allow(OWN), allow(NEEDED))
    ]
    assert [sent(apart)[f"granted-{at}"] for at in range(3)] == ["iam_project", *["enterprise_project"] * 2]
    assert words(apart.find(id="done")).startswith("2 policies now stand for one text. To read the list, line")
    assert [said_of(apart, at) for at in range(3)] == [[], [], []]

    file = SimpleUploadedFile("both.json", row.encode())
    assert len(names(parse(post(visitor, {"do": "add", "file": file})))) == 2
    assert len(names(parse(post(visitor, {"do": "add", "text": row})))) == 2


def test_a_text_is_taken_apart_only_where_that_can_be_done(visitor):
    full = fields(*[policy(allow(OWN))] * 19, LIST, do="apart:20")
    assert texts(parse(post(visitor, full)), "#problems li") == [TOO_MUCH_FOR_A_GROUP]
    one = fields(policy(allow(OWN)), do="apart:1")
    assert texts(parse(post(visitor, one)), "#problems li") == [NO_LONGER_SEVERAL]


def test_system_defined_policy_is_added_and_read_only(visitor):
    page = parse(post(visitor, {"do": "add-system", "system": "ecs-fullaccess", "granted": "iam_project"}))

    assert names(page) == ["ECS FullAccess"]
    assert page.find(id="text-0") is None
    assert sent(page)["system-0"] == "ecs-fullaccess"
    again = parse(post(visitor, sent(page)))
    assert names(again) == ["ECS FullAccess"]


def test_removed_policy_is_put_back_in_its_place(visitor):
    three = fields(("a", policy(allow(OWN)), "iam_project"), "=ecs-fullaccess", ("c", "{", "enterprise_project"))
    page = parse(post(visitor, three | {"do": "remove:2"}))
    assert names(page) == ["a", "c"]
    assert words(page.find(id="done")) == "Removed: ECS FullAccess."

    page = parse(post(visitor, sent(page) | {"do": "put-back"}))

    assert names(page) == ["a", "ECS FullAccess", "c"]
    assert {key: sent(page)[key] for key in three} == three
    assert page.find(id="put-back") is None


def test_name_and_where_it_is_granted_are_fields(visitor):
    page = page_of(visitor, (f" my\tpolicy{'x' * 300} ", policy(allow(OWN, NEEDED)), "enterprise_project"))

    assert names(page) == [f"my policy{'x' * 191}"]
    assert cells(page, ATTACH) == ["Not allowed", "Allowed"]


def test_draft_of_the_builder_is_the_first_policy(visitor):
    wanted = selection(ATTACH)
    page = parse(visitor.get(address_of(wanted, name="disks", page="access")))

    assert names(page) == ["disks"]
    assert sent(page)["text-0"] == json_of(wanted)
    assert cells(page, ATTACH) == ["Allowed", "Allowed"]
    damaged = parse(visitor.get("/access/?draft=1damaged"))
    assert problems(damaged)[1:] == [ACCEPT_FIRST]


def figures(page: Element) -> list[str]:
    return texts(page, ".cover-figure")


def test_draft_is_judged_in_each_place_until_one_is_chosen(visitor):
    """What is granted for the IAM project counts in enterprise projects too, so that both columns would be the same."""
    page = parse(visitor.get(address_of(selection(START), name="starters", page="access")))
    nothing = parse(visitor.get(address_of(selection(), name="x", page="access")))

    assert cells(page, START) == ["Allowed", "Not allowed"]
    assert figures(page)[0] != figures(page)[1] == figures(nothing)[1]
    assert texts(page, ".cover-assumes") == ["if granted there", "if granted in Enterprise Management"] * 2
    assert "each column assumes its own place" in words(page.select_one(".covers-lead"))
    assert words(page.find(id="status")).endswith("in enterprise projects, each if it is granted there")

    chosen = sent(page) | {"granted-0": "iam_project"}
    assert sent(page)["granted-0"] == "each"
    after = parse(post(visitor, chosen))
    assert cells(after, START) == ["Allowed", "Allowed"]
    assert (texts(after, ".cover-assumes"), texts(after, ".covers-lead")) == ([], [])
    parts = parse(post(visitor, chosen, htmx=True))
    assert (texts(parts, ".cover-assumes"), cells(parts, START)) == ([], ["Allowed", "Allowed"])

    there = parse(post(visitor, chosen | {"granted-0": "enterprise_project"}))
    assert cells(there, START) == ["Not allowed", "Not allowed"]


def test_what_has_no_place_yet_stands_beside_what_has_one(visitor):
    """In enterprise projects it is looked at after what is granted for the IAM project, in the IAM project with it."""
    page = page_of(visitor, ("mine", policy(allow(OWN, NEEDED)), "each"), ("stop", policy(deny(OWN)), "iam_project"))
    assert cells(page, ATTACH) == ["Denied", "Denied"]

    page = page_of(visitor, ("mine", policy(allow(OWN)), "iam_project"), ("more", policy(allow(NEEDED)), "each"))
    assert cells(page, ATTACH) == ["Allowed", "Allowed"]

    page = page_of(
        visitor, ("mine", policy(allow(OWN, NEEDED)), "each"), ("stop", policy(deny(OWN)), "enterprise_project")
    )
    assert cells(page, ATTACH) == ["Allowed", "Denied"]
    assert texts(page, ".remark") == []  # granted in Enterprise Management, it makes no Deny void


def test_way_back_leads_to_the_draft_however_the_group_changes(visitor):
    page = parse(visitor.get(address_of(selection(START), name="starters", page="access")))
    back = address_of(selection(START), name="starters")

    for command in ("", "remove:1", "sample"):
        assert [link["href"] for link in page.select("#way-back a")] == [back]
        page = parse(post(visitor, sent(page) | {"do": command}))
    assert [link["href"] for link in page.select("#way-back a")] == [back]
    assert page_of(visitor, policy(allow(OWN))).select("#way-back a") == []
    assert page_of(visitor, policy(allow(OWN)), draft="no token").select("#way-back a") == []


# Limits


@pytest.mark.parametrize("htmx", [True, False])
def test_nothing_is_lost_where_there_is_no_room(visitor, htmx):
    twenty = fields(*[(f"p{at}", policy(allow(OWN)), "iam_project") for at in range(MOST_POLICIES)])
    text = policy(allow(NEEDED))
    page = parse(post(visitor, twenty | {"do": "add", "text": text}, htmx=htmx))

    assert problems(page) == [TOO_MANY.format(n=1, most=20, room=0)]
    if htmx:
        assert (page.find(id="text"), page.find(id="policies")) == (None, None)  # they stay as they are
    else:
        assert page.find(id="text").get_text() == f"\n{text}"
        assert {key: sent(page)[key] for key in twenty} == twenty


def test_total_size_is_bounded_before_django_refuses_it(visitor):
    large = policy(allow(OWN), more="x" * 32_000)
    page = parse(post(visitor, fields(*[large] * 5, do="add", text=large)))

    assert problems(page)[0].startswith(TOO_LARGE_TOGETHER.partition("{")[0])
    assert len(names(page)) == 5
    assert MAX_TOTAL + 2 * 32_768 < 256 * 1024


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"do": "add"}, NOTHING_TO_ADD),
        ({"do": "add", "text": "[]"}, EMPTY_LIST),
        (
            {"do": "add", "text": "x" * 32_769},
            TOO_LONG.format(size=32769, most=32768),
        ),
        ({"do": "add-system"}, CHOOSE_SYSTEM_POLICY),
        ({"do": "add-system", "system": MARKUP}, CHOOSE_SYSTEM_POLICY),
        ({"do": "remove:1"}, POLICY_IS_GONE),
        ({"do": "remove:x"}, POLICY_IS_GONE),
        ({"do": "put-back"}, NOTHING_TO_PUT_BACK),
        ({"do": MARKUP}, UNKNOWN_COMMAND),
    ],
)
def test_what_cannot_be_done_is_said(visitor, data, said):
    page = parse(post(visitor, data))

    assert problems(page) == [said]
    assert page.find(id="text").get_text() == "\n" + data.get("text", "")


def test_file_that_is_no_text_is_said(visitor):
    page = parse(post(visitor, {"do": "add", "file": SimpleUploadedFile("x.json", b"\xff\xfe\x00")}))

    assert len(problems(page)) == 1
    assert names(page) == []


# Decisions


@pytest.mark.parametrize(
    ("policies", "labels", "why"),
    [
        ([policy(allow(OWN, NEEDED))], ["Allowed", "Allowed"], ["by Policy 1, statement 1"] * 2),
        ([policy(allow(OWN))], ["Incomplete", "Incomplete"], [f"lacks {NEEDED}"] * 2),
        ([policy(allow(NEEDED))], ["Not allowed", "Not allowed"], []),
        ([policy(allow(OWN, NEEDED), deny("ecs:*:*"))], ["Denied", "Denied"], ["by Policy 1, statement 2"] * 2),
        (
            [policy(allow(OWN, NEEDED)), ("no disks", policy(deny(NEEDED)), "iam_project")],
            ["Denied", "Denied"],
            [f"by no disks, statement 1, for it needs {NEEDED}"] * 2,
        ),
        (
            [policy(allow(OWN, NEEDED, Condition=MFA))],
            ["Conditional", "Conditional"],
            ["on g:MFAPresent; by Policy 1, statement 1"] * 2,
        ),
        (
            [("a", policy(allow(OWN)), "iam_project"), ("b", policy(allow(NEEDED)), "enterprise_project")],
            ["Incomplete", "Allowed"],
            [f"lacks {NEEDED}", "by a, statement 1, b, statement 1"],
        ),
    ],
)
def test_cells_say_the_decision_and_what_made_it(visitor, policies, labels, why):
    page = page_of(visitor, *policies)

    assert cells(page, ATTACH) == labels
    assert [text.replace(" ,", ",") for text in whys(page, ATTACH)] == why


def test_an_action_whose_service_is_not_in_lower_case_is_neither_allowed_nor_refused_for_certain(visitor):
    for listed in (allow(OWN.replace("ecs", "ECS"), NEEDED), {"Effect": "Allow", "NotAction": ["KMS:*:*"]}):
        page = page_of(visitor, ("a", policy(listed), "iam_project"))

        assert cells(page, ATTACH)[0] == "Conditional"
        assert LOWER_CASE_IN_DOUBT in whys(page, ATTACH)[0]


def test_links_of_a_decision_lead_to_a_statement_of_the_page(visitor):
    page = page_of(visitor, policy("no statement", allow(OWN, NEEDED)), "=ecs-fullaccess")

    links = {link["href"] for link in page.select(".cell-why a")}
    assert links == {"#policy-1-statement-2", "#policy-2-statement-1"}
    assert all(page.find(id=link[1:]) for link in links)


def test_operation_that_is_iam_only_says_so(visitor):
    page = page_of(visitor, ("", policy(allow("ecs:*:*")), "enterprise_project"))

    assert cells(page, START) == ["Not allowed", "Not allowed"]
    assert whys(page, START) == ["IAM-only"]


def test_bars_and_totals_count_reading_and_writing(visitor):
    page = page_of(visitor, "=ecs-readonlyaccess")

    assert texts(page, ".cover-figure")[0].endswith("of 91 operations allowed")
    for hidden in page.select("summary [aria-hidden]"):
        hidden.extract()
    assert words(page.select_one(".matrix-branch summary")).split(". ") == [
        "Lifecycle Management",
        *("In the IAM project", "Read: 1 of 5 allowed", "Change: 0 of 6 allowed"),
        *("In enterprise projects", "Read: 1 of 5 allowed", "Change: 0 of 6 allowed."),
    ]
    assert words(page.find(id="status")).startswith("1 policy. Of 91 operations, ")


def test_warnings_stand_above_the_matrix(visitor):
    page = page_of(
        visitor,
        ("admins", policy(allow("ecs:*:*", NEEDED)), "iam_project"),
        ("void", policy(deny("ecs:cloudServers:delete")), "enterprise_project"),
        ("breaks", policy(deny(NEEDED)), "iam_project"),
        ("needless", policy(allow(OWN)), "iam_project"),
    )

    assert warnings(page) == ["Warning PB041", "Warning PB042", "Note PB043", "Note PB043"]
    assert words(page.find(id="warnings-heading")) == "2 warnings, 2 notes"
    assert words(page.find(id="status")).endswith("2 warnings, 2 notes")
    assert fill(NEEDLESS.message, {"policy": "needless", "n": 3}) in words(page.find(id="warnings"))
    assert page.select_one("#warnings li a")["href"] == "#policy-2-statement-1"


def test_unreadable_policy_is_not_said_to_add_nothing(visitor):
    assert warnings(page_of(visitor, "{", policy(allow(OWN)))) == []


# Values of keys


@pytest.mark.parametrize(
    ("said", "labels"),
    [
        ({"values-0": "true"}, ["Allowed", "Allowed"]),
        ({"values-0": " \r\nfalse\r\n"}, ["Not allowed", "Not allowed"]),
        ({"absent-0": "1"}, ["Not allowed", "Not allowed"]),
        ({"values-0": "true", "absent-0": "1"}, ["Not allowed", "Not allowed"]),
        ({"values-0": " "}, ["Conditional", "Conditional"]),
    ],
)
def test_values_of_a_key_decide(visitor, said, labels):
    page = page_of(visitor, policy(allow(OWN, NEEDED, Condition=MFA)), **{"key-0": "G:mfapresent", **said})

    assert cells(page, ATTACH) == labels
    assert texts(page, "#keys .key label code") == ["G:mfapresent"]


def test_value_of_another_type_is_named(visitor):
    page = page_of(visitor, policy(allow(OWN, Condition=MFA)), **{"key-0": "g:MFAPresent", "values-0": "soon"})

    assert words(page.find(id="key-state-0")) == NO_SUCH_VALUE[KeyType.BOOLEAN].format(value="soon")


def test_values_stay_when_no_policy_asks_for_them(visitor):
    page = page_of(visitor, policy(allow(OWN)), **{"key-0": "g:UserName", "values-0": "anna", "key-1": "g:UserId"})

    assert texts(page, "#keys .key label code") == ["g:UserName"]
    assert sent(page)["values-0"] == "anna"


def test_many_keys_are_bounded(visitor):
    conditions = {"StringEquals": {f"k{at}": ["x"] for at in range(300)}}
    page = page_of(visitor, policy(allow(OWN, Condition=conditions)))

    assert len(page.select("#keys .key")) == 50
    assert "250 more keys" in words(page.find(id="keys-hint"))


# What is shown


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"q": "attaching disk"}, 7),
        ({"q": "no such thing"}, 0),
        ({"decision": "incomplete"}, None),
        ({"decision": MARKUP}, 91),
        ({"reading": "1", "api": "own"}, None),
        ({"enterprise": "1"}, None),
    ],
)
def test_filters_choose_rows(visitor, wanted, found):
    page = page_of(visitor, policy(allow(OWN, "ecs:cloudServers:list")), **wanted)
    rows = page.select("#matrix tbody tr")

    assert len(rows) == (found if found is not None else len(rows))
    assert 0 < len(rows) < 91 or found is not None
    if "decision" in wanted and found is None:
        assert all("Incomplete" in texts(row, ".cell-label") for row in rows)
    if found not in (91, 0):
        assert page.select("#matrix details:not([open])") == []


def test_clear_shows_everything(visitor):
    for htmx in (True, False):
        page = parse(post(visitor, fields(policy(allow(OWN)), q="disk", reading="1", do="clear"), htmx=htmx))
        assert len(page.select("#matrix tbody tr")) == 91
        assert page.find(id="q").get("value") == ""


def press(visitor, page: Element, button: str, **typed: str) -> Element:
    """What a browser without JavaScript shows after this button, with this in fields of the page."""
    was = sent(page)
    (command,) = {each["value"] for each in page.select("button[name=do]") if words(each) == button}
    assert typed.keys() <= was.keys()
    return parse(post(visitor, was | typed | {"do": command}))


def test_page_does_everything_without_a_script(visitor):
    page = parse(visitor.get("/access/"))
    for text in (policy(allow(OWN, NEEDED)), policy(deny(OWN, Condition=MFA))):
        page = press(visitor, page, "Add", text=text)
    page = press(visitor, page, "Add the system-defined policy", system="ecs-readonlyaccess")
    assert names(page) == ["", "", "ECS ReadOnlyAccess"]
    page = press(visitor, page, "Apply", **{"values-0": "true"})
    assert cells(page, ATTACH) == ["Denied", "Denied"]
    page = press(visitor, page, "Search", q="attaching")
    assert len(page.select("#matrix tbody tr")) == 7

    page = press(visitor, page, "Remove Policy 2")
    assert cells(page, ATTACH) == ["Allowed", "Allowed"]
    page = press(visitor, page, "Put back what was removed")
    assert cells(page, ATTACH) == ["Denied", "Denied"]

    page = press(visitor, page, "Apply", **{"granted-1": "enterprise_project"})
    assert cells(page, ATTACH) == ["Allowed", "Allowed"]


def test_answer_to_a_change_leaves_alone_what_is_worked_on(visitor):
    data = fields(policy(allow(OWN, Condition=MFA)), "{", **{"key-0": "g:MFAPresent"})

    assert ids(post(visitor, data, htmx=True)) >= {"state-0", "state-1", "totals", "warnings", "matrix", "missing-keys"}
    assert not ids(post(visitor, data, htmx=True)) & {"policies", "add-panel", "keys", "find", "text-0", "values-0"}
    assert ids(post(visitor, data | {"key-0": "x"}, htmx=True)) >= {"keys"}
    assert ids(post(visitor, data | {"do": "reopen"}, htmx=True)) >= {"policies", "result"}


def test_every_answer_is_one_page_with_two_bodies(visitor):
    assert "HX-Request" in post(visitor, {}, htmx=True)["Vary"]


# Whatever is sent


@pytest.mark.parametrize("htmx", [True, False])
def test_markup_is_shown_as_text(visitor, htmx):
    role = json.dumps(
        {
            "display_name": MARKUP,
            "policy": {
                "Version": MARKUP,
                "Statement": [
                    allow("ecs:*:*", MARKUP, Resource=[MARKUP], Condition={MARKUP: {MARKUP: [MARKUP]}}),
                    allow(OWN, Condition={"StringEquals": {MARKUP: [MARKUP]}}),
                ],
            },
        }
    )
    data = fields((MARKUP, role, MARKUP), MARKUP, q=MARKUP, text=MARKUP, **{"key-0": MARKUP, "values-0": MARKUP})
    for command in ("", "add", "remove:1", "reopen"):
        page = parse(post(visitor, data | {"do": command}, htmx=htmx))
        assert page.find("img") is None
        assert [tag for tag in page.find_all("script") if tag.get_text(strip=True)] == []


@law_of_pages
@given(
    st.dictionaries(
        st.sampled_from(
            [
                *(f"{name}-{at}" for name in ("name", "text", "granted", "system") for at in (0, 1, 19, 20, "removed")),
                *(f"{name}-{at}" for name in ("key", "values", "absent") for at in (0, 49, 50)),
                *(
                    "removed-at",
                    "q",
                    "decision",
                    "api",
                    "reading",
                    "enterprise",
                    "open",
                    "do",
                    "text",
                    "system",
                    "granted",
                ),
            ]
        ),
        st.text()
        | st.sampled_from(
            ["add", "remove:1", "remove:20", "put-back", "reopen", "clear", "open:ecs/disk-management", "1", "-1", "²"]
        )
        | st.sampled_from(["iam_project", "enterprise_project", "ecs-fullaccess", "g:UserName", "denied", LIST])
        | st.sampled_from([policy(allow("*:*:*")), policy(deny(OWN, Condition=MFA)), "[]", "{", "null"]),
        max_size=14,
    ),
    st.booleans(),
)
def test_no_form_is_a_fault_of_ours(visitor, data, htmx):
    response = visitor.post("/access/", data, headers=HTMX if htmx else {})

    assert response.status_code == 200
    assert parse(response).find(id="status") is not None


@pytest.mark.parametrize("body", [b"", b"--x\r\n", b'--x\r\nContent-Disposition: form-data; name="text-0"\r\n\r\n\xff'])
def test_no_body_is_a_fault_of_ours(visitor, body):
    response = visitor.post("/access/", body, content_type="multipart/form-data; boundary=x")

    assert response.status_code in {200, 400}


def test_form_needs_no_token_and_sets_no_cookie(visitor):
    response = post(visitor, fields(policy(allow(OWN))))

    assert response.cookies.output() == ""


def test_draft_of_other_pages_leads_here(visitor):
    """The token of the builder's address is that of this page's."""
    tab = Tab(visitor, address_of(selection(CREATE), name="x"))

    assert names(parse(visitor.get(tab.address.replace("/?", "/access/?")))) == ["x"]
