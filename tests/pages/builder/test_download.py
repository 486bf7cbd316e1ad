"""The policy as a file."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policybuilder.drafts.addresses import address
from policybuilder.drafts.draft import Draft
from tests.laws import examples
from tests.pages.builder.strategies import drafts, law_of_pages
from tests.pages.tab import ATTACH, CATALOG, EVERYTHING, Tab, address_of, json_of, selection


def download(visitor, draft: Draft):
    response = visitor.get(address(draft, name="download"))
    assert response.status_code == 200
    return response


def test_file_holds_the_policy_as_the_console_takes_it(visitor):
    response = download(visitor, Draft.of(selection(ATTACH), "team-a"))

    assert response["Content-Type"] == "application/json"
    assert response["Content-Disposition"] == 'attachment; filename="team-a.json"'
    assert response.content == (
        b'{\n    "Version": "1.1",\n    "Statement": [\n'
        b'        {\n            "Effect": "Allow",\n            "Action": [\n'
        b'                "ecs:cloudServers:attach"\n            ]\n        },\n'
        b'        {\n            "Effect": "Allow",\n            "Action": [\n'
        b'                "evs:volumes:use"\n            ]\n        }\n    ]\n}\n'
    )


@settings(law_of_pages, max_examples=examples(8))
@given(drafts())
def test_file_is_byte_for_byte_what_the_page_shows(visitor, draft):
    tab = Tab(visitor, address(draft))
    if not tab.has("download"):
        assert not tab.has("json")  # nothing is granted, so there is nothing to take
        return
    response = visitor.get(tab.find("download")["href"])

    assert response.content == tab.json().encode() == json_of(draft.selection).encode()
    assert response["Content-Disposition"] == f'attachment; filename="{tab.find("download")["download"]}"'


def test_same_selection_gives_the_same_bytes(visitor):
    backwards = selection(*reversed(CATALOG.operations))

    assert download(visitor, Draft.of(EVERYTHING)).content == download(visitor, Draft.of(backwards)).content


def test_search_and_filters_do_not_change_the_file(visitor):
    where = address_of(selection(ATTACH), page="download", q="nothing", reading="1")

    assert visitor.get(where).content.decode() == json_of(selection(ATTACH))


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("", "custom-policy.json"),
        ("team-a", "team-a.json"),
        ("two words", "two-words.json"),
        ("v1.2_final", "v1.2_final.json"),
        ('a"; filename="evil.exe', "a---filename--evil.exe.json"),
        ("a\r\nSet-Cookie: x=1", "a-Set-Cookie--x-1.json"),
        ("../../etc/passwd", "etc-passwd.json"),
        ("..\\..\\boot.ini", "boot.ini.json"),
        ("C:\\x", "C--x.json"),
        (".hidden", "hidden.json"),
        ("...", "custom-policy.json"),
        ("--", "custom-policy.json"),
        ("Größe", "Gr--e.json"),
        ("政策 😀", "custom-policy.json"),
        ("a%20b%00c", "a-20b-00c.json"),
        ("a\0b", "a-b.json"),
        ("x" * 200, "x" * 64 + ".json"),
    ],
)
def test_file_is_named_after_the_policy_by_plain_characters_only(visitor, name, file):
    response = download(visitor, Draft.of(selection(ATTACH), name))

    assert response["Content-Disposition"] == f'attachment; filename="{file}"'
    assert not response.cookies


@law_of_pages
@given(st.text(min_size=1))
def test_no_name_gets_out_of_the_header(visitor, name):
    response = download(visitor, Draft.of(selection(ATTACH), name))

    assert re.fullmatch(r'attachment; filename="[A-Za-z0-9_][A-Za-z0-9_.-]*\.json"', response["Content-Disposition"])


def test_empty_draft_is_an_empty_policy(visitor):
    assert visitor.post("/policy.json", {"draft": ""}).json() == {"Version": "1.1", "Statement": []}
