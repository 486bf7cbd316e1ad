"""What no page may do, whatever its address, form or headers hold.

Every page is there: the list is compared with the URL conf, so that a new one cannot be forgotten.
"""

import json
import re
from contextlib import closing
from itertools import product
from urllib.parse import quote

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client, RequestFactory, override_settings
from django.urls import URLResolver, get_resolver
from hypothesis import given
from hypothesis import strategies as st

from policybuilder.domain.building.blocks import Block
from policybuilder.domain.policy.document import Condition, Effect
from policybuilder.drafts.addresses import View, address
from policybuilder.drafts.draft import Draft
from policybuilder.drafts.link import encode
from tests.pages.builder.strategies import drafts, law_of_pages, pack, several_drafts
from tests.pages.tab import (
    ATTACH,
    CATALOG,
    CREATE,
    EVERYTHING,
    HTMX,
    LOCK,
    START,
    Tab,
    address_of,
    ids,
    parse,
    selection,
    submit,
)
from tests.sweeps import sweep

PAGES = {
    "builder": "/",
    "download": "/policy.json",
    "save-draft": "/draft.json",
    "open-draft": "/draft/",
    "causes": "/causes/",
    "split": "/split/",
    "shorten": "/shorten/",
    "picture": "/picture/",
    "picture-image": "/picture.svg",
    "sheet": "/sheet/",
    "sheet-csv": "/sheet.csv",
    "summary": "/summary.md",
    "start": "/start/",
    "starting-point": "/start/start-stop-restart/",
    "refused": "/refused/",
    "check": "/check/",
    "check-download": "/check/policy.json",
    "access": "/access/",
    "compare": "/compare/",
    "guide": "/guide/",
    "next": "/next/",
    "action-names": "/action-names/",
    "other-found": "/found/",
    "category-rows": "/categories/ecs/disk-management/",
    "operation": f"/operations/{ATTACH}/",
    "action": "/actions/ecs:servers:get/",
    "api-services": "/api/v1/services/",
    "api-categories": "/api/v1/categories/",
    "api-operations": "/api/v1/operations/",
    "api-operation": f"/api/v1/operations/{ATTACH}/",
    "api-actions": "/api/v1/actions/",
    "api-compile": "/api/v1/compile/",
    "api-check": "/api/v1/check/",
    "api-compare": "/api/v1/compare/",
    "api-compact": "/api/v1/compact/",
    "api-split": "/api/v1/split/",
    "api-evaluate": "/api/v1/evaluate/",
    "api-rules": "/api/v1/rules/",
    "api-templates": "/api/v1/templates/",
    "api-system-policies": "/api/v1/system-policies/",
    "api-explain": "/api/v1/explain/",
    "api-schema": "/api/v1/schema/",
    "api-docs": "/api/v1/docs/",
    # Without a name in the URL conf:
    "api": "/api/v1/nothing/",
    "not found": "/nowhere/",
}
CSP = {
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", "connect-src 'self'",
    "manifest-src 'self'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'",
}  # fmt: skip
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), clipboard-read=(), clipboard-write=(self), geolocation=(), microphone=(), "
    "payment=()",
}
MARKUP = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>&amp;{{ 7 }}{% now 'Y' %}"
DRAFT = Draft.of(selection(CREATE, START, LOCK, actions=["ecs:servers:*"], without=["ecs:servers:list"]), MARKUP)

# Whatever an address or a pasted policy can bring into a draft.
SEVERAL = address(
    Draft(
        (
            Block(
                selection(CREATE, actions=["ecs:fly:away"]),
                label=MARKUP,
                conditions=(
                    Condition("StringEquals", MARKUP, (MARKUP,)),
                    Condition("StringMatch", "g:UserName", (MARKUP,)),
                ),
                resources=(MARKUP,),
            ),
            Block(selection(CREATE), Effect.DENY, MARKUP),
            Block(kept=json.dumps({"Effect": MARKUP, MARKUP: [MARKUP]}), label=MARKUP),
        ),
        MARKUP,
        json.dumps({MARKUP: MARKUP}),
    ),
    View(),
)


def names(resolver) -> set[str]:
    """The names of the pages below `resolver`."""
    found = set()
    for entry in resolver.url_patterns:
        if not isinstance(entry, URLResolver):
            found.add(entry.name)
        else:
            found |= names(entry)
    return found - {None}


def test_list_of_pages_is_that_of_the_url_conf():
    assert names(get_resolver()) == PAGES.keys() - {"api", "not found"}


@sweep("method", ["get", "head", "post", "put"])
@sweep("where", PAGES.values())
def test_every_answer_has_the_strict_headers(visitor, where, method):
    response = getattr(visitor, method)(where)

    assert response.status_code < 500
    assert set(response["Content-Security-Policy"].split("; ")) == CSP
    assert {name: response.headers.get(name) for name in HEADERS} == HEADERS


@pytest.mark.parametrize("htmx", [True, False])
def test_answers_to_a_form_have_the_strict_headers(visitor, htmx):
    response = submit(visitor, [("do", "all:ecs")], htmx=htmx)

    assert set(response["Content-Security-Policy"].split("; ")) == CSP
    assert {name: response.headers.get(name) for name in HEADERS} == HEADERS


@sweep("sent", [{}, {"csrftoken": "x", "sessionid": "x", "messages": "x"}])
@sweep("where", PAGES.values())
def test_no_page_sets_a_cookie(where, sent):
    visitor = Client(raise_request_exception=False)
    visitor.cookies.load(sent)

    assert visitor.get(where).headers.get("Set-Cookie") is None
    assert visitor.post(where).headers.get("Set-Cookie") is None


# HEAD

READ = [where for where in PAGES.values() if where not in ("/nowhere/", "/api/v1/nothing/")]


@sweep("headers", [{}, HTMX])
@sweep("where", READ)
def test_head_is_answered_like_get_but_without_a_body(visitor, where, headers):
    got, head = visitor.get(where, headers=headers), visitor.head(where, headers=headers)

    assert (head.status_code, head.content) == (got.status_code, b"")
    if got.status_code == 405:
        assert head["Allow"] == got["Allow"]
    else:
        assert got.status_code in (200, 422)  # 422: a file without a draft
        assert head.headers == got.headers
        assert int(head["Content-Length"]) == len(got.content) > 0


@pytest.mark.parametrize("where", ["/start/", "/policy.json", "/summary.md", "/sheet.csv", "/picture.svg", "/causes/"])
def test_the_server_has_no_body_to_drop(visitor, where):
    """What the program hands to the server, which warns of a body. The client of the tests would drop it by itself."""
    environment = RequestFactory().head(f"{where}?draft={encode(DRAFT)}").environ
    body = WSGIHandler()(environment, lambda status, headers: None)

    assert b"".join(body) == b""
    body.close()


# What caches may keep

NOT_STORED = {"no-store"}


def kept(response) -> set[str]:
    return set(response.headers.get("Cache-Control", "").split(", ")) - {""}


@sweep("where", [where for where in PAGES.values() if not where.startswith("/api/")])
def test_no_cache_keeps_what_is_at_the_address_of_a_draft(visitor, where):
    """However it is asked for, on every page, and whatever the draft is called, as far as a page is made of it."""
    tokens = [f"draft={token}" for token in (encode(DRAFT), "1damaged", "")]
    names = [f"{name}={encode(DRAFT)}" for name in ("from", "carried", "q=x&draft", "%64raft")]
    asked = [*product(["GET", "PUT"], [*tokens, *names]), ("HEAD", tokens[0]), ("OPTIONS", tokens[0])]
    for method, query in asked:
        response = visitor.generic(method, f"{where}?{query}")

        assert kept(response) == NOT_STORED
        assert not {"ETag", "Last-Modified", "Expires"} & set(response.headers)


@pytest.mark.parametrize("draft", [encode(DRAFT), ""])
@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
@pytest.mark.parametrize("where", [PAGES["builder"], PAGES["shorten"], PAGES["refused"]])
def test_no_cache_keeps_the_answer_to_a_form(visitor, where, headers, draft):
    assert kept(visitor.post(where, {"draft": draft, "do": "all:ecs"}, headers=headers)) == NOT_STORED


@pytest.mark.parametrize(
    ("where", "headers", "status"),
    [
        ("/split?draft=1abc", {}, 301),  # sent on, to the same with a slash
        ("/?draft=1abc", {"Host": "elsewhere.example"}, 400),
        ("/?draft=1abc" + "&" * 5_001, {}, 400),
        ("/nowhere/?draft=1abc", {}, 404),
        ("/static/nothing.css?draft=1abc", {}, 404),
    ],
)
def test_no_cache_keeps_an_error_at_the_address_of_a_draft(visitor, where, headers, status):
    response = visitor.get(where, headers=headers)

    assert (response.status_code, kept(response)) == (status, NOT_STORED)


@override_settings(SECURE_SSL_REDIRECT=True)
def test_no_cache_keeps_where_a_draft_is_sent_on_to():
    response = Client().get("/?draft=1abc")

    assert (response.status_code, kept(response)) == (301, NOT_STORED)


def test_no_cache_keeps_a_page_that_leads_back_to_a_draft(visitor):
    """The draft is not in its address but in that of the page before."""
    came_from = {"Referer": f"http://testserver/?draft={encode(DRAFT)}"}
    for where in (PAGES["operation"], PAGES["action"]):
        response = visitor.get(where, headers=came_from)
        assert encode(DRAFT) in response.content.decode()
        assert kept(response) == NOT_STORED


@pytest.mark.parametrize("where", [where for where in PAGES.values() if where.startswith("/api/")])
def test_no_cache_keeps_what_the_api_makes_of_a_body(visitor, where):
    """Whether it is a policy or an error, which repeats a part of the body. A draft in the address counts as well."""
    assert kept(visitor.post(where, "{}", content_type="application/json")) == NOT_STORED
    assert kept(visitor.get(f"{where}?draft={encode(DRAFT)}")) == NOT_STORED


def test_answer_without_a_draft_may_be_kept(visitor):
    stylesheet = staticfiles_storage.url("css/app.css")

    assert kept(visitor.get("/")) == kept(visitor.get("/start/?q=disk")) == set()
    assert kept(visitor.get("/api/v1/services/")) == set()
    with closing(visitor.get(stylesheet)) as plain, closing(visitor.get(f"{stylesheet}?draft=1abc")) as other:
        assert kept(plain) == kept(other) == {"max-age=315360000", "public", "immutable"}


# Nothing inline


def inline(page) -> list[str]:
    """What the policy of the page would forbid, or would let another host do."""
    found = [str(tag)[:100] for tag in page.find_all("script") if not tag.get("src") or tag.get_text(strip=True)]
    found += [
        str(tag)[:100] for tag in page.find_all(["style", "iframe", "object", "embed", "base", "frame", "applet"])
    ]
    for tag in page.find_all(True):
        for name, value in tag.attrs.items():
            text = "".join(value if isinstance(value, list) else [value])
            if name == "style" or name.startswith(("on", "hx-on", "data-hx-on")) or name in {"hx-vals", "hx-vars"}:
                found.append(f"<{tag.name} {name}>")
            elif name in {"src", "action", "hx-get", "hx-post", "srcset"} and not text.startswith("/"):
                found.append(f"<{tag.name} {name}={text[:50]}>")
            elif re.match(r"\s*(javascript|data|vbscript):", text, re.IGNORECASE) and name != "value":
                found.append(f"<{tag.name} {name}={text[:50]}>")  # the text of a field leads nowhere
    found += [str(tag) for tag in page.find_all("link") if not tag["href"].startswith("/static/")]
    return found


FILES = {"download", "picture-image", "sheet-csv", "summary"}
HTML_PAGES = [where for name, where in PAGES.items() if not name.startswith("api") and name not in FILES]
STATES = [
    *HTML_PAGES,
    PAGES["api-docs"],
    address_of(DRAFT.selection, name=MARKUP),
    address_of(DRAFT.selection, name=MARKUP, **{"from": encode(Draft())}),
    address_of(DRAFT.selection, name=MARKUP, page="split"),
    address_of(DRAFT.selection, name=MARKUP, page="causes"),
    address_of(DRAFT.selection, name=MARKUP, page="picture"),
    address_of(DRAFT.selection, name=MARKUP, page="sheet"),
    address_of(EVERYTHING, q=MARKUP),
    address_of(EVERYTHING, reading="1", enterprise="1", api="native", selected="1", open="all"),
    f"/?draft={quote(MARKUP)}&from={quote(MARKUP)}&open={quote(MARKUP)}&api={quote(MARKUP)}",
    SEVERAL,
    f"{SEVERAL}&statement=2&condition=1",
    f"{SEVERAL}&condition=1",
    f"/shorten{SEVERAL}",
    f"/access{SEVERAL}",
    f"/split{SEVERAL}",
    f"/?draft={pack(f'o{MARKUP}')}",
    f"/split/?draft={pack(f'a{MARKUP}')}",
]


@sweep("where", STATES)
def test_no_page_holds_anything_inline(visitor, where):
    page = parse(visitor.get(where))

    assert page.find(True) is not None
    assert inline(page) == []


def test_no_answer_to_htmx_holds_anything_inline(visitor):
    tab = Tab(visitor, address_of(DRAFT.selection, name=MARKUP, **{"from": encode(Draft())}))
    tab.type("action", MARKUP).type("q", MARKUP).type("name", MARKUP * 2)

    kinds = {command.partition(":")[0]: command for command in tab.commands()}
    assert kinds.keys() >= {"all", "swap", "undo", "put-back", "remove", "complete", "add"}
    for command in kinds.values():
        assert inline(parse(submit(visitor, tab.fields(command), htmx=True))) == []
    several = Tab(visitor, f"{SEVERAL}&from=1")
    kinds = {command.partition(":")[0]: command for command in several.commands()}
    assert kinds.keys() >= {"statement", "add-statement", "up", "down", "duplicate", "delete", "effect"}
    assert kinds.keys() >= {"condition-edit", "condition-remove", "condition-done", "resource-add", "resource-remove"}
    several.type("condition-key", MARKUP).type("condition-values", MARKUP).type("resource", MARKUP).type(
        "label", MARKUP
    )
    for command in kinds.values():
        assert inline(parse(submit(visitor, several.fields(command), htmx=True))) == []
    assert inline(parse(submit(visitor, several.fields(), htmx=True))) == []
    for where in (f"/operations/{CREATE}/", "/actions/ecs:servers:get/", address_of(DRAFT.selection, page="causes")):
        assert inline(parse(visitor.get(where, headers=HTMX))) == []


@sweep("where", STATES)
def test_links_to_other_hosts_tell_them_nothing(visitor, where):
    for link in parse(visitor.get(where)).select("a[target]"):
        assert link["target"] == "_blank"
        assert {"noopener", "noreferrer"} <= set(link["rel"])
        assert re.match("https://|/[^/]", link["href"])  # or of ours, beside what somebody works on


# Escaping


def hostile(response) -> list[str]:
    """What came of the markup, if it became markup. Whatever of it is text was escaped."""
    page = parse(response)
    return [str(tag) for tag in page.find_all(["script", "img"]) if "alert" in str(tag) or tag.get("src") == "x"]


@pytest.mark.parametrize(
    ("where", "selector"),
    [
        (address_of(DRAFT.selection, name=MARKUP), "title, #name"),
        (f"/?q={quote(MARKUP)}", "#q"),
        (f"/?draft={pack(f'o{MARKUP}')}", "#problems li"),
        (f"/split/?draft={pack(f'o{MARKUP}')}", "[role=alert] li"),
        (f"/actions/{quote(MARKUP, safe='')}/", None),
        (f"/{quote(MARKUP, safe='')}/", None),
    ],
)
def test_markup_in_an_address_is_shown_as_text(visitor, where, selector):
    response = visitor.get(where)

    assert hostile(response) == []
    assert inline(parse(response)) == []
    for element in parse(response).select(selector) if selector else []:
        assert MARKUP[:25] in (element.get("value") or element.get_text())


@sweep("htmx", [True, False])
@sweep(
    ("field", "value"),
    [
        ("do", MARKUP),
        ("do", f"all:{MARKUP}"),
        ("do", f"untick:{MARKUP}"),
        ("do", f"leave-out:{MARKUP}"),
        ("do", f"open:{MARKUP}"),
        ("name", MARKUP),
        ("q", MARKUP),
        ("open", MARKUP),
        ("draft", pack(f"o{MARKUP}")),
        ("view", MARKUP),
        ("shown", MARKUP),
        ("o", MARKUP),
        ("p", MARKUP),
        ("label", MARKUP),
        ("condition-key", MARKUP),
        ("condition-values", MARKUP),
        ("condition-time", MARKUP),
        ("condition-operator", MARKUP),
        ("condition-prefix", MARKUP),
        ("resource", MARKUP),
        ("do", f"statement:{MARKUP}"),
        ("do", f"fix:{MARKUP}"),
        ("do", f"effect:{MARKUP}"),
        ("do", f"expand:{MARKUP}"),
    ],
)
def test_markup_in_a_form_is_shown_as_text(visitor, field, value, htmx):
    response = submit(visitor, [(field, value)], htmx=htmx)

    if response.status_code == 303:
        response = visitor.get(response["Location"])
    assert response.status_code == 200
    assert hostile(response) == []
    assert inline(parse(response)) == []


def test_refused_action_is_shown_as_text(visitor):
    for htmx in (True, False):
        response = submit(visitor, [("do", "add"), ("action", MARKUP)], htmx=htmx)
        (item,) = parse(response).select("#problems li")
        assert "<script>alert(1)</script>" in item.get_text()
        assert hostile(response) == []


# Whatever is sent


@sweep("text", ["%00", "%ED%A0%80", "%FF%FE", "%F0%9F%98%80", "x" * 100_000, "%0D%0AX-Evil:%201", "%", "%zz"])
@sweep(
    "where", ["/?draft=", "/?draft=1", "/?q=", "/?open=", "/?from=1", "/?", "/split/?draft=1", "/policy.json?draft="]
)
def test_no_text_in_an_address_is_a_fault_of_ours(visitor, where, text):
    response = visitor.get(where + text)

    assert response.status_code == (422 if where.startswith("/policy.json") else 200)
    assert "X-Evil" not in response.headers
    assert len(response.content) < 1_000_000


@sweep("text", ["%00", "%ED%A0%80", "%FF", "x" * 5000, "%0D%0AX-Evil:%201", "%2F", "%2e%2e", "%25", "*"])
@sweep("where", ["/operations/ecs/disk-management/{}/", "/actions/{}/", "/categories/ecs/{}/", "/{}/", "/{}"])
def test_no_path_is_a_fault_of_ours(visitor, where, text):
    assert visitor.get(where.format(text)).status_code in {404, 301, 200 if where == "/{}/" and text == "%2F" else 404}


@sweep("htmx", [True, False])
@sweep(
    "field",
    [
        *["draft", "previous", "view", "q", "name", "o", "p", "shown", "do", "action", "api", "open", "reading"],
        *["label", "resource", "condition-key", "condition-operator", "condition-prefix", "condition-values"],
    ],
)
@sweep("text", ["\0", "\ufffe\U0010ffff", "x" * 100_000, "a\r\nX-Evil: 1", "1" * 6001, ":", "#", " "])
def test_no_field_of_a_form_is_a_fault_of_ours(visitor, field, text, htmx):
    command = {"action": "add", "resource": "resource-add"}.get(field, "search")
    command = "condition-done" if field.startswith("condition") else command
    response = submit(visitor, [("do", command), (field, text)], htmx=htmx)

    assert response.status_code in {200, 303}
    assert "X-Evil" not in response.headers
    assert len(response.content) < 1_000_000


@pytest.mark.parametrize("body", [b"name=%ED%A0%80&q=%00&o=%FF", b"\xff\xfe=\xed\xa0\x80", b"&&&==&;", b"name"])
def test_no_body_of_a_form_is_a_fault_of_ours(visitor, body):
    for headers in ({}, HTMX):
        response = visitor.post("/", body, content_type="application/x-www-form-urlencoded", headers=headers)
        assert response.status_code in {200, 303}


@law_of_pages
@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                [
                    *["draft", "previous", "o", "p", "shown", "do", "action", "view", "name", "q", "dependencies"],
                    *["label", "resource", "condition-key", "condition-operator", "condition-values"],
                    *["condition-about", "condition-time", "condition-type"],
                ]
            ),
            st.text()
            | st.sampled_from(
                [*CATALOG.operations, *CATALOG.categories, *CATALOG.action_index.actions, "add", "undo", "all:ecs"]
            )
            | st.sampled_from(["statement:2", "add-statement:Deny", "delete:1", "up:2", "duplicate:1", "effect:Deny"])
            | st.sampled_from(
                ["condition-done", "condition-edit:1", "condition-preset:mfa", "condition-meant", "resource-add"]
            )
            | st.sampled_from(["Null", "g:MFAAge", "g:CurrentTime", "statement=2"]),
        ),
        max_size=12,
    ),
    drafts() | several_drafts(),
    st.booleans(),
)
def test_no_form_at_all_is_a_fault_of_ours(visitor, fields, draft, htmx):
    response = submit(visitor, [("draft", encode(draft)), *fields], htmx=htmx)

    assert response.status_code in ({200} if htmx else {200, 303})
    if htmx:
        assert {"problems", "status"} <= ids(response)
    elif response.status_code == 303:
        assert visitor.get(response["Location"]).status_code == 200


@pytest.mark.parametrize("entry", ["", "x", "é"])
def test_link_that_unfolds_into_a_flood_is_a_small_page(visitor, entry):
    response = visitor.get("/", {"draft": pack("\n".join([entry] * 60_000))})

    assert response.status_code == 200
    assert len(response.content) < 1_000_000


@pytest.mark.parametrize(
    "headers",
    [
        {"HX-Request": "true", "HX-Target": MARKUP, "HX-Trigger": MARKUP, "HX-Current-URL": MARKUP},
        {"HX-Request": "true", "HX-Current-URL": "http://[::1", "HX-Prompt": "\udcff"},
        {"HX-Request": "true", "HX-Trigger-URI-AutoEncoded": "true", "HX-Trigger": "%ED%A0%80"},
        {"HX-Request": MARKUP},
        {"Accept-Language": "x" * 1000, "Cookie": f"sessionid={MARKUP}; csrftoken={MARKUP}"},
        {"Accept": MARKUP, "Accept-Encoding": MARKUP, "User-Agent": "\0"},
    ],
)
def test_no_header_is_a_fault_of_ours(visitor, headers):
    for where in ("/", PAGES["operation"], PAGES["causes"]):
        response = visitor.get(where, headers=headers)
        assert response.status_code == 200
        assert hostile(response) == []


@pytest.mark.parametrize("origin", [None, "https://elsewhere.example"])
def test_form_of_the_builder_is_answered_whatever_site_it_comes_from(origin):
    """There is nothing to forge: the answer is all that comes of a form, and another site cannot read it."""
    client = Client()
    response = client.post("/", {"do": "all:ecs"}, headers={"Origin": origin} if origin else {})

    assert (response.status_code, response.cookies.output()) == (303, "")
    assert "Access-Control-Allow-Origin" not in response.headers


def test_address_of_another_host_is_never_where_a_form_leads(visitor):
    for fields in (
        [("view", "//elsewhere.example")],
        [("draft", "//elsewhere.example")],
        [("q", "//elsewhere.example")],
    ):
        response = submit(visitor, [*fields, ("do", "all:ecs")], htmx=True)
        assert re.match(r"/\?draft=2", response["HX-Push-Url"])
