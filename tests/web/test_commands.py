"""The command of a button: `name:subject` in the field "do"."""

import pytest

from policybuilder.web.commands import MAX_COMMAND, Command, read_command


@pytest.mark.parametrize(
    ("sent", "command"),
    [
        ({}, Command()),
        ({"do": ""}, Command()),
        ({"do": "check"}, Command("check")),
        ({"do": "untick:ecs/servers/list"}, Command("untick", "ecs/servers/list")),
        ({"do": "fix:IAM.1029:328"}, Command("fix", "IAM.1029:328")),
        ({"do": ":x"}, Command("", "x")),
        ({"do": "x" * 9999}, Command("x" * MAX_COMMAND)),
    ],
)
def test_command_is_read(sent, command):
    assert read_command(sent) == command
