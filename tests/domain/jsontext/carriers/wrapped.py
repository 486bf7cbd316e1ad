"""A policy, and ways to wrap it up: shared by the examples and the laws."""

import html
import json

from policybuilder.domain.jsontext.repair_kinds import RepairKind

# The kinds of repair that take off a wrapping: they edit no JSON.
UNWRAPPING = frozenset(
    {
        RepairKind.BOM,
        RepairKind.FENCE,
        RepairKind.MAIL_QUOTES,
        RepairKind.ENTITIES,
        RepairKind.TERRAFORM,
        RepairKind.COMMAND,
        RepairKind.ESCAPED,
        RepairKind.POLICY_STRING,
        RepairKind.AROUND,
        RepairKind.AROUND_UNCLEAR,
    }
)

DOCUMENT = {
    "Version": "1.1",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": ["ecs:cloudServers:list", "ecs:cloudServers:get"],
            "Condition": {"StringEquals": {"g:UserName": ["eve", 'a "b" \\ c', "it's & <d>"]}},
        }
    ],
}
PLAIN = json.dumps(DOCUMENT, indent=2)


def quoted_mail(text: str) -> str:
    return "\n".join(f"> {line}" for line in text.split("\n"))


def fenced(text: str) -> str:
    return f"```json\n{text}\n```"


def greeted(text: str) -> str:
    return f"Hello,\n\nplease look at this policy:\n{text}\nBest regards\nAnna <mailto:anna@example.com>"


def in_source_of_a_page(text: str) -> str:
    return html.escape(text)


def in_a_string(text: str) -> str:
    return json.dumps(text)


def in_a_string_without_quotes(text: str) -> str:
    return json.dumps(text)[1:-1]


def assigned(text: str) -> str:
    return f"const policy = {text};"


def in_a_command(text: str) -> str:
    body = text.replace("'", "'\\''")
    return f'curl -s -X POST "https://iam.example.com/v3.0/OS-ROLE/roles" \\\n  -H "X-Auth-Token: $TOKEN" -d \'{body}\''


def in_a_command_with_double_quotes(text: str) -> str:
    body = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'$ curl --data-raw="{body}" https://iam.example.com'


def in_a_heredoc(text: str) -> str:
    return f'module "m" {{\n  policy = <<-EOF\n{text}\n  EOF\n}}\n'


def in_a_string_of_terraform(text: str) -> str:
    return f'resource "a_policy" "b" {{\n  count = var.n\n  json = {json.dumps(text)}\n}}\n'


def encoded_by_terraform(text: str) -> str:
    """JSON is an object of Terraform as it is, but for what it puts a value for."""
    return f"locals {{\n  policy = jsonencode({text})\n}}\n"


WRAPPINGS = {
    each.__name__: each
    for each in (
        quoted_mail,
        fenced,
        greeted,
        in_source_of_a_page,
        in_a_string,
        in_a_string_without_quotes,
        assigned,
        in_a_command,
        in_a_command_with_double_quotes,
        in_a_heredoc,
        in_a_string_of_terraform,
        encoded_by_terraform,
    )
}
