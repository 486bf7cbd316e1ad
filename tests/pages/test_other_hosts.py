"""Nothing that a client sends makes an answer lead to another host, or names a prefix for its addresses."""

import json
from dataclasses import replace
from itertools import product
from urllib.parse import urljoin, urlsplit

import pytest
from django.test import override_settings

from policybuilder.drafts.draft import Draft
from policybuilder.drafts.file import write_file
from policybuilder.drafts.link import encode
from tests.pages.tab import ATTACH, HTMX, START, selection
from tests.pages.test_security import PAGES
from tests.server import Sent, answer, form, fresh_application

ELSEWHERE = "elsewhere.example"
DRAFT = Draft.of(selection(ATTACH, START), "disk-team")
TOKEN = encode(DRAFT)
POLICY = json.dumps({"Version": "1.1", "Statement": [{"Effect": "Allow", "Action": ["ecs:servers:start"]}]})
SENT_ON = [
    Sent("/check"),
    Sent(f"/compare?draft={TOKEN}"),
    Sent(f"/start/?draft={TOKEN}&q=GET%20https%3A%2F%2Fecs.eu-de.otc.t-systems.com%2Fv1%2Fx%2Fcloudservers%20403"),
    form("/", draft=TOKEN, do="all:ecs"),
    form("/draft/", text=POLICY),
    form("/draft/", text=write_file(DRAFT)),
    form("/check/", text=POLICY, do="open:0"),
    form("/check/", HTMX, text=POLICY, do="open:0"),
    form("/refused/", draft=TOKEN, text="ecs:servers:start", do="add-action:ecs:servers:start"),
]
EVERY = [Sent(f"{where}?draft={TOKEN}" if at % 2 else where) for at, where in enumerate(PAGES.values())]

# Some servers take it from a header of that name, and Django takes it from variables of Apache as well.
PREFIXES = [
    {"SCRIPT_NAME": f"https://{ELSEWHERE}"},
    {"SCRIPT_NAME": f"//{ELSEWHERE}"},
    {"SCRIPT_NAME": "/x", "SCRIPT_URL": f"//{ELSEWHERE}/", "REDIRECT_URL": f"/\\{ELSEWHERE}/"},
]
HEADERS = {
    "Script-Name": f"//{ELSEWHERE}",
    "X-Script-Name": f"//{ELSEWHERE}",
    "X-Forwarded-Prefix": f"//{ELSEWHERE}",
    "X-Forwarded-Host": ELSEWHERE,
    "X-Forwarded-Server": ELSEWHERE,
    "X-Forwarded-Port": "1",
    "X-Forwarded-For": ELSEWHERE,
    "X-Host": ELSEWHERE,
    "X-Original-Host": ELSEWHERE,
    "X-Original-URL": f"//{ELSEWHERE}/check",
    "X-Rewrite-URL": f"//{ELSEWHERE}/check",
    "X-HTTP-Method-Override": "DELETE",
    "Forwarded": f"host={ELSEWHERE};proto=https",
    "Base-URL": f"https://{ELSEWHERE}/",
    "Origin": f"https://{ELSEWHERE}",
}


@pytest.fixture
def application():
    return fresh_application()


def expect_here(location: str | None) -> None:
    """As browsers read it: they take a backslash for a slash, and ignore tabs and line breaks."""
    read = (location or "").replace("\\", "/").translate(dict.fromkeys(map(ord, "\t\r\n")))
    assert urlsplit(urljoin("http://testserver/", read)).hostname == "testserver"


@pytest.mark.parametrize("prefix", PREFIXES, ids=range(len(PREFIXES)))
def test_prefix_that_a_client_names_changes_no_answer(application, prefix):
    """Before and after: nothing that is kept for the next request holds the prefix either."""
    for sent in (*SENT_ON, *EVERY):
        with_prefix = answer(application, replace(sent, environ=prefix))

        assert with_prefix == answer(application, sent)
        assert ELSEWHERE not in f"{with_prefix.headers}{with_prefix.body!r}"


def test_header_that_names_another_address_changes_no_answer(application):
    for sent in (*SENT_ON, *EVERY):
        assert answer(application, replace(sent, headers={**sent.headers, **HEADERS})) == answer(application, sent)


def test_requests_above_are_sent_on(application):
    """Else they would show nothing."""
    answers = [answer(application, sent) for sent in SENT_ON]

    assert [each.status[:3] for each in answers] == ["301", "301", "302", "303", "307", "303", "303", "200", "303"]
    assert [dict(each.headers).get("HX-Redirect", "")[:2] for each in answers if not each.location] == ["/?"]
    for each in answers:
        expect_here(each.location)


BEGINNINGS = [
    "//",
    "/\\",
    "/%2f%2f",
    "/%5c",
    "/%5c%5c",
    "///",
    "/%2f",
    "/%09/",
    "/.//",
    "/..//",
    "/%0d%0a//",
    "/;@",
    "/@",
]
ENDS = ["", "/", "/check", "/check/", "/start", "/..", "/%2e%2e", "/static", "/api/v1/services"]


@pytest.mark.parametrize("https", [False, True])
@pytest.mark.parametrize("environ", [{}, PREFIXES[0], PREFIXES[1]], ids=["plain", "url", "slashes"])
def test_no_path_leads_to_another_host(application, environ, https):
    with override_settings(SECURE_SSL_REDIRECT=https):
        application.load_middleware()
        for start, end, method in product(BEGINNINGS, ENDS, ["GET", "POST"]):
            found = answer(application, Sent(f"{start}{ELSEWHERE}{end}?draft={TOKEN}", method, environ=environ))

            expect_here(found.location)
            assert not found.status.startswith("5")
