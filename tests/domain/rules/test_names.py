"""Remarks on names alone: those of a check, about the first policy of a text with its repairs."""

import json

import pytest

from policybuilder.domain.jsontext.source import read
from policybuilder.domain.rules.names import remarks_on_names
from tests.builders import real_catalog
from tests.domain.policy_cases import allow, deny, policy

OLDER, TAG = "ecs:cloudServers:put", "ecs:cloudServers:batchSetServerTags"


def remarks(text):
    return remarks_on_names(real_catalog(), read(text))


def test_remarks_come_in_the_order_of_the_text_with_what_mends_each():
    text = policy(allow("KMS:*:*", OLDER, "x:y"), deny(OLDER, "ecs:cloudServerPorts:modify"), deny("*:*:*"), Depends=1)

    said = [(each.id.partition(":")[0], each.position.line, json.loads(each.mended())) for each in remarks(text)]

    def with_first(*actions):
        return json.loads(text.replace(f'"KMS:*:*", "{OLDER}"', ", ".join(f'"{name}"' for name in actions)))

    assert said == [
        ("PB013", 1, with_first("kms:*:*", OLDER)),
        ("PB012", 1, with_first("KMS:*:*", TAG)),
        (
            "PB011",
            1,
            json.loads(
                text.replace(
                    f'"{OLDER}", "ecs:cloudServerPorts:modify"', f'"{OLDER}", "{TAG}", "ecs:cloudServerPorts:modify"'
                )
            ),
        ),
        ("PB011", 1, json.loads(text)),
    ]


def test_a_fix_is_one_of_the_text_with_its_repairs():
    text = "// as agreed\n" + policy(deny(OLDER))

    (remark,) = remarks(text)

    assert remark.position.line == 2
    assert remark.mended() == "\n" + policy(deny(OLDER, TAG))


def test_the_line_is_that_of_the_text_as_it_was_pasted():
    """What stands around the policy, and what repairs take away, makes the text another one."""
    actions = f'["ecs:cloudServers:list",,\n\n  "{OLDER}"]'
    lines = f'{{"Version": "1.1", "Statement":\n[{{"Effect": "Deny", "Action":\n{actions}}}]}}'.splitlines()
    mail = "\n".join(["Hello,", "", *(f"> {line}" for line in lines), ""])

    (remark,) = remarks(mail)

    assert mail.splitlines()[remark.position.line - 1].startswith(f'>   "{OLDER}"')


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no policy",
        "[]",
        "5",
        policy(deny(OLDER))[:-3],
        policy(deny(OLDER, TAG)),
        f"[{policy()}, {policy(deny(OLDER))}]",
    ],
)
def test_nothing_is_said_of_what_cannot_be_read_and_of_other_policies(text):
    assert remarks(text) == ()
