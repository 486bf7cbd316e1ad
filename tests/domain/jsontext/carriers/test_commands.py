"""Policies in curl commands: what the shell makes of the words, and what it alone knows."""

import json

import pytest

from policybuilder.domain.jsontext.carriers.shell import out_of_command
from policybuilder.domain.jsontext.nodes import to_python
from policybuilder.domain.jsontext.passage import Passage
from policybuilder.domain.jsontext.source import read

ROLE = {"role": {"display_name": "n", "type": "XA", "policy": {"Version": "1.1", "Statement": [{"Effect": "Allow"}]}}}
TEXT = json.dumps(ROLE)
LINES = json.dumps(ROLE, indent=2)
ODD = {"role": {"display_name": "n", "description": 'it\'s "odd": \\ $5 `x` ä\n', "policy": {}}}


def single(value):
    return "'" + json.dumps(value).replace("'", "'\\''") + "'"


def double(value):
    text = json.dumps(value)
    for sign in '\\"$`':
        text = text.replace(sign, f"\\{sign}")
    return f'"{text}"'


def ansi(value):
    return "$'" + json.dumps(value).replace("\\", "\\\\").replace("'", "\\'") + "'"


COMMANDS = {
    "-d": (f"curl -d '{TEXT}' https://iam.example.com", ROLE),
    "-d without space": (f"curl -d'{TEXT}' https://iam.example.com", ROLE),
    "flags before it": (f"curl -sSkd '{TEXT}' https://iam.example.com", ROLE),
    "--data": (f"curl --data '{TEXT}' https://iam.example.com", ROLE),
    "--data=": (f"curl --data='{TEXT}' https://iam.example.com", ROLE),
    "--data-raw": (f"curl --data-raw '{TEXT}' https://iam.example.com", ROLE),
    "--data-binary": (f"curl --data-binary '{TEXT}' https://iam.example.com", ROLE),
    "--json": (f"curl --json '{TEXT}' https://iam.example.com", ROLE),
    "over lines": (
        f"curl -i -X POST \\\n  'https://iam.example.com/v3.0/OS-ROLE/roles' \\\n  -H \"X-Auth-Token: $TOKEN\" \\\n"
        f"  -H 'Content-Type: application/json' \\\r\n  --data-raw '{LINES}'",
        ROLE,
    ),
    "with a prompt and prose": (f"Then I ran:\n$ sudo curl -d '{LINES}' https://iam.example.com; echo\nBye", ROLE),
    "on Windows": (f"curl.exe -d {double(ROLE)} https://iam.example.com", ROLE),
    "the second command": (f"curl -I https://a.example.com\ncurl https://b.example.com -d '{TEXT}'", ROLE),
    "data that is piped on": (f"curl -d '{TEXT}' https://iam.example.com | jq .", ROLE),
    "single quotes with a quote": (f"curl -d {single(ODD)} x", ODD),
    "double quotes": (f"curl -d {double(ODD)} x", ODD),
    "ANSI quotes": (f"curl -d {ansi(ODD)} x", ODD),
    "ANSI quotes with codes": (
        "curl -d $'{\\x22role\\x22: {\\u0022policy\\u0022: {\\n\\t}}}' x",
        {"role": {"policy": {}}},
    ),
    "quotes of several kinds": ("""curl -d '{"role": '"{\\"policy\\":"' {}}''}' x""", {"role": {"policy": {}}}),
    "no quotes": ('curl -d {\\"role\\":{\\"policy\\":{}}} x', {"role": {"policy": {}}}),
    "a line that goes on in quotes": ('curl -d "{\\"role\\": \\\n{}}" x', {"role": {}}),
    "a sign that is none of the shell's": ('curl -d "{\\"role\\": \\"$ 5$\\"}" x', {"role": "$ 5$"}),
}


@pytest.mark.parametrize(("text", "value"), COMMANDS.values(), ids=COMMANDS)
def test_the_data_of_a_command_is_read(text, value):
    source = read(text)

    assert source.faults == ()
    assert to_python(source.root) == value
    assert [repair.kind for repair in source.repairs] == ["command"]
    assert text[source.repairs[0].offset :].startswith("curl")


FILE = "what is in it is not known here."
SHELL = "What the shell puts for “{}” is not known here."
UNKNOWN = {
    "a file": ("curl -d @policy.json x", "@policy.json", f"The command sends a file, “@policy.json”: {FILE}"),
    "standard input": ("curl -d @- x", "@-", f"The command sends a file, “@-”: {FILE}"),
    "a variable": ('curl -d "{\\"role\\": \\"$NAME\\"}" x', "$NAME", SHELL.format("$NAME")),
    "a variable in brackets": ('curl -d "{\\"role\\": \\"${NAME}\\"}" x', "${NAME}", SHELL.format("${NAME}")),
    "a variable between quotes": ("curl -d '{\"role\": \"'$NAME'\"}' x", "$NAME", SHELL.format("$NAME")),
    "a command": ('curl -d "$(cat policy.json)" x', "$(cat", SHELL.format("$(")),
    "a command in backticks": ("curl -d `cat policy.json` x", "`cat", SHELL.format("`")),
    "a variable after the sign": ("curl --data=$POLICY x", "$POLICY", SHELL.format("$POLICY")),
    "data twice": (f"curl -d '{TEXT}' -d '{{}}' x", "{}' x", "The command sends data more than once."),
}


@pytest.mark.parametrize(("text", "about", "message"), UNKNOWN.values(), ids=UNKNOWN)
def test_what_only_the_shell_knows_is_a_fault_in_its_place(text, about, message):
    source = read(text)

    assert [fault.message for fault in source.faults] == [message]
    assert text[source.faults[0].offset :].startswith(about)


@pytest.mark.parametrize(
    "text",
    [
        "curl -d 'a=b' x",
        "curl -X POST x",
        "curl -H '{}' x",
        "curly -d '{}' x",
        "libcurl -d '{}' x",
        "curl -d",
        "curl -d 'a\\",
        "curl -d $'\\",
        'curl -d "a\\',
    ],
)
def test_a_command_without_a_policy_is_none(text):
    source = read(text)

    assert source.root is None
    assert source.faults[0].offset == 0
    assert source.repairs == ()


def test_what_stands_in_a_command_keeps_its_place():
    source = read('curl -d "{\n \\"role\\": {\\"policy\\": {\\"Statement\\": []}}}" x')

    listed = source.root.get("role").get("policy").get("Statement")
    assert source.position_of(listed) == (2, 41)


def test_an_escape_between_dollar_quotes_means_the_same_as_in_bash():
    meanings = {"n": "\n", "r": "\r", "t": "\t", "\\": "\\", "'": "'", '"': '"', "?": "?", "x41": "A", "u00e4": "ä"}
    for escape, meaning in meanings.items():
        text = f"curl -d $'{{a\\{escape}b}}' x"

        assert Passage(text).rebuilt(out_of_command(text).pieces).text == f"{{a{meaning}b}}", escape
