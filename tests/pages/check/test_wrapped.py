"""The page that checks a policy, with one that stands in something else: a mail, Terraform, prose."""

import json

import pytest

from policybuilder.domain.findings import fill
from policybuilder.domain.jsontext.carriers.hcl_json import VALUE_OF_TERRAFORM
from policybuilder.domain.jsontext.carriers.unwrapping import LEAVE_OUT
from policybuilder.domain.jsontext.repair_kinds import WORDING, RepairKind
from policybuilder.domain.jsontext.source import read
from policybuilder.pages.check import verdict
from policybuilder.pages.check.page import NOT_CLEAR, NOT_READ
from tests.pages.tab import Tab, parse, texts, words

from .test_view import CLEAN, WHOLE, commands, field, headline, hidden, page_of, post

MAIL = (
    'Hi,\n> ```hcl\n> resource "opentelekomcloud_identity_role_v3" "r" {\n>   display_name = "list-servers"\n'
    '>   description = "Lists servers"\n>   display_layer = "project"\n>   statement {\n>     effect = "Allow"\n'
    '>     action = ["ecs:cloudServers:list", "ecs:cloudServers:nothing"]\n>   }\n> }\n> ```\nBye\n'
)
IN_MAIL = """{
    "display_name": "list-servers",
    "type": "XA",
    "description": "Lists servers",
    "policy": {
        "Version": "1.1",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": ["ecs:cloudServers:list", "ecs:cloudServers:nothing"]
            }
        ]
    }
}"""


@pytest.mark.parametrize("htmx", [False, True])
def test_wrapped_policy_is_shown_as_what_it_is_and_its_repairs_where_they_were_pasted(visitor, htmx):
    page = parse(post(visitor, MAIL, htmx=htmx))

    assert headline(page).startswith(verdict.REPAIRED.format(answer=verdict.REFUSED))
    assert texts(page, ".repair-what") == [f"Line {repair.line} {repair.message}" for repair in read(MAIL).repairs]
    assert [(repair.line, repair.kind) for repair in read(MAIL).repairs] == [
        (2, RepairKind.MAIL_QUOTES),
        (2, RepairKind.FENCE),
        (3, RepairKind.TERRAFORM),
        (12, RepairKind.FENCE),
    ]
    assert texts(page, ".repair-place mark") == [">", "`", "r", "`"]
    assert page.find(id="repaired-text").get_text() == IN_MAIL
    assert texts(page, ".code-remarked .code-number") == ["5", "10"]
    assert field(page_of(visitor, MAIL, "repaired")) == IN_MAIL


def test_unwrapping_can_be_undone_and_made_again(visitor):
    terraform = commands(page_of(visitor, MAIL), "refuse")[2]

    undone = page_of(visitor, MAIL, terraform)

    assert headline(undone) == NOT_READ.format(line=3, column=3)
    assert words(undone.find(id="fault-title")) == WORDING[RepairKind.TERRAFORM].problem
    assert words(undone.select_one(".code-fault code")) == '> resource "opentelekomcloud_identity_role_v3" "r" {'
    again = page_of(visitor, MAIL, terraform.replace("refuse", "accept"), **hidden(undone))
    assert again.find(id="repaired-text").get_text() == IN_MAIL


def test_fault_in_a_wrapping_is_shown_in_the_lines_that_were_pasted(visitor):
    page = page_of(visitor, MAIL.replace('"Allow"', "var.effect"))

    assert headline(page) == NOT_READ.format(line=8, column=16)
    assert words(page.find(id="fault-title")) == fill(VALUE_OF_TERRAFORM.message, {"found": "var.effect"})
    assert words(page.select_one(".code-fault code")) == "> effect = var.effect"
    assert words(page.select_one(".code-fault mark")) == "v"


def test_text_around_a_policy_that_may_say_something_is_left_out_by_a_click(visitor):
    text = f"Without ecs:cloudServers:delete:\n{CLEAN}"
    page = page_of(visitor, text)

    assert headline(page) == NOT_CLEAR.format(line=1, column=9)
    assert texts(page, "#readings button") == [LEAVE_OUT]
    taken = page_of(visitor, text, page.select_one("#readings button")["value"])
    assert field(taken).strip() == CLEAN.strip()
    assert headline(taken) == f"{verdict.ACCEPTED}: {verdict.CLEAN}"


def test_what_is_likely_in_a_wrapping_is_taken_without_it(visitor):
    text = f"Hello,\n{WHOLE.rstrip().removesuffix(']' + chr(10) + '}')}"
    page = page_of(visitor, text)

    taken = page_of(visitor, text, page.select_one("#readings button")["value"])

    assert json.loads(field(taken)) == json.loads(WHOLE)
    assert hidden(taken)["previous"] == text


def test_wrapped_policy_is_opened_in_the_builder_with_its_name(visitor):
    response = visitor.post("/check/", {"text": MAIL, "do": "open:0"})

    builder = Tab(visitor, response["Location"])
    assert builder.find("name")["value"] == "list-servers"
    assert json.loads(builder.json())["Statement"] == json.loads(IN_MAIL)["policy"]["Statement"]
