"""The admin shows the catalogue to every member of staff, lets nobody change it, and keeps to the strict CSP.

It has to be switched on: ADMIN=1 pytest tests/test_admin.py. Without that, test_admin_switch.py runs these.
"""

import json
from urllib.parse import urlsplit

import pytest
from django.contrib.admin.utils import quote
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.urls import reverse

from policybuilder.models import (
    CATALOG_MODELS,
    ActionRecord,
    CatalogStateRecord,
    CategoryRecord,
    OperationRecord,
    ServiceRecord,
)
from tests.elements import read_elements

pytestmark = pytest.mark.django_db

by_model = pytest.mark.parametrize("model", CATALOG_MODELS, ids=lambda model: model._meta.model_name)


@pytest.fixture
def staff(client):
    """The client of a member of staff to whom nobody gave any permission."""
    client.force_login(get_user_model().objects.create_user("staff", password="secret", is_staff=True))
    return client


@pytest.fixture
def superuser(client):
    client.force_login(get_user_model().objects.create_superuser("root", password="secret"))
    return client


def create_rows(number=0):
    """One row of each kind, all related; those of other numbers are others."""
    slug = f"s{number}"
    sources = {"t": {"title": "T", "url": "https://a.example"}}
    rows = {
        ServiceRecord: {"service": slug, "title": "S", "level": "XA", "sources": sources},
        CategoryRecord: {"category": "a", "title": "A", "source": "t"},
        OperationRecord: {
            "operation": "show",
            "title": "Show",
            "access": "read",
            "calls": [f"GET /a/{number}"],
            "actions": [f"{slug}:a:own"],
        },
        ActionRecord: {"action": f"{slug}:a:need"},
    }
    entries = {model: {"entry": json.dumps(entry)} for model, entry in rows.items()}
    service = ServiceRecord.objects.create(
        slug=slug, title=f"Service {number}", level="XA", position=number, **entries[ServiceRecord]
    )
    category = CategoryRecord.objects.create(
        id=f"{slug}/a", service=service, title=f"Category {number}", position=0, **entries[CategoryRecord]
    )
    category.operations.create(
        operation="show", title=f"Operation {number}", access="read", position=0, **entries[OperationRecord]
    )
    service.actions.create(name=f"{slug}:a:need", title=f"Action {number}", position=0, **entries[ActionRecord])


def address(model, page, *arguments):
    return reverse(f"admin:policybuilder_{model._meta.model_name}_{page}", args=[quote(pk) for pk in arguments])


def of(model):
    return address(model, "change", model.objects.first().pk)


def parsed(response):
    assert response.status_code == 200
    return read_elements(response.content.decode())


def table(page):
    """The list's cells, row by row."""
    return [
        [
            cell.get_text("|", strip=True) or [image["alt"] for image in cell.find_all("img")]
            for cell in row.find_all(["th", "td"])
        ]
        for row in page.select("#result_list tbody tr")
    ]


def details(page):
    """The detail page's fields: label -> text."""
    return {
        row.select_one("label, .c-3, legend").get_text(strip=True).rstrip(":"): row.select_one(".readonly").get_text(
            "|", strip=True
        )
        for row in page.select("fieldset .form-row .flex-container")
        if row.select_one(".readonly")
    }


def test_index_lists_the_catalogue(staff):
    page = parsed(staff.get(reverse("admin:index")))

    assert [link.get_text() for link in page.select("#content-main .app-policybuilder th a")] == [
        "Actions",
        "Categories",
        "Operations",
        "Services",
    ]
    assert page.select("#content-main .addlink, #content-main .changelink") == []


LISTS = {
    ServiceRecord: [["Service 0", "s0", "XA"]],
    CategoryRecord: [["Category 0", "Service 0"]],
    ActionRecord: [["s0:a:need", "Action 0", "Service 0"]],
    OperationRecord: [["Operation 0", "Category 0", "read"]],
}

DETAILS = {
    ServiceRecord: {
        "Slug": "s0",
        "Title": "Service 0",
        "Level": "XA",
        "Position": "0",
        "Categories": "Category 0",
        "Facts": "service: s0\ntitle: S\nlevel: XA\nsources:\n  t:\n    title: T\n    url: https://a.example",
    },
    CategoryRecord: {
        "Id": "s0/a",
        "Service": "Service 0",
        "Title": "Category 0",
        "Position": "0",
        "Operations": "Operation 0",
        "Facts": "category: a\ntitle: A\nsource: t",
    },
    ActionRecord: {"Name": "s0:a:need", "Service": "Service 0", "Title": "Action 0", "Facts": "action: s0:a:need"},
    OperationRecord: {
        "Category": "Category 0",
        "Operation": "show",
        "Title": "Operation 0",
        "Access": "read",
        "Position": "0",
        "Facts": "operation: show\ntitle: Show\naccess: read\ncalls:\n- GET /a/0\nactions:\n- s0:a:own",
    },
}


@by_model
def test_staff_sees_the_list(staff, model):
    create_rows()

    assert table(parsed(staff.get(address(model, "changelist")))) == LISTS[model]


@by_model
def test_staff_sees_each_row(staff, model):
    create_rows()

    page = parsed(staff.get(of(model)))

    assert details(page) == DETAILS[model]
    assert page.select('#content-main [type="submit"], #content-main input:not([type="hidden"])') == []


def test_related_rows_are_linked(staff):
    create_rows()
    pages = [parsed(staff.get(of(model))) for model in (ServiceRecord, CategoryRecord, OperationRecord, ActionRecord)]

    links = {link["href"] for page in pages for link in page.select("#content-main .readonly a")}

    assert links == {of(ServiceRecord), of(CategoryRecord), of(OperationRecord)}
    assert {staff.get(link).status_code for link in links} == {200}


@pytest.mark.parametrize(
    ("model", "query", "found"),
    [
        (OperationRecord, "q=Operation+1", ["Operation 1"]),
        (OperationRecord, "q=s1:a:own", ["Operation 1"]),
        (OperationRecord, "q=/a/1", ["Operation 1"]),
        (OperationRecord, "category__service__slug__exact=s1", ["Operation 1"]),
        (OperationRecord, "access__exact=write", []),
        (ActionRecord, "q=s1:a:need", ["s1:a:need"]),
        (ActionRecord, "service__slug__exact=s1", ["s1:a:need"]),
        (CategoryRecord, "service__slug__exact=s1", ["Category 1"]),
        (ServiceRecord, "level__exact=AX", []),
    ],
)
def test_lists_are_searched_and_filtered(staff, model, query, found):
    for number in range(2):
        create_rows(number)

    page = parsed(staff.get(f"{address(model, 'changelist')}?{query}"))

    assert [row[0] for row in table(page)] == found


@by_model
def test_list_takes_as_many_queries_for_one_row_as_for_three(
    staff, model, django_assert_max_num_queries, django_assert_num_queries
):
    create_rows()
    with django_assert_max_num_queries(20) as one:
        staff.get(address(model, "changelist"))

    create_rows(1)
    create_rows(2)

    with django_assert_num_queries(len(one)):
        assert len(table(parsed(staff.get(address(model, "changelist"))))) == 3 * len(LISTS[model])


@by_model
def test_nobody_changes_a_row(superuser, model):
    create_rows()
    version = CatalogStateRecord.current()
    pages = [of(model), address(model, "add"), address(model, "delete", model.objects.first().pk)]

    answers = [superuser.post(page, {"title": "Changed", "post": "yes"}).status_code for page in pages]

    assert answers == [403, 403, 403]
    assert [superuser.get(page).status_code for page in pages] == [200, 403, 403]
    assert CatalogStateRecord.current() == version


@by_model
def test_list_offers_no_way_to_delete(superuser, model):
    create_rows()
    count = model.objects.count()
    chosen = {"action": "delete_selected", "_selected_action": [model.objects.first().pk], "post": "yes"}

    superuser.post(address(model, "changelist"), chosen)

    assert model.objects.count() == count


@by_model
def test_others_are_sent_to_the_login(client, model):
    create_rows()
    client.force_login(get_user_model().objects.create_user("anybody", password="secret"))
    signed_in = [client.get(page) for page in (address(model, "changelist"), of(model))]
    client.logout()

    for answer in (*signed_in, client.get(address(model, "changelist")), client.get(of(model))):
        assert answer.status_code == 302
        assert urlsplit(answer["Location"]).path == reverse("admin:login")


@by_model
def test_pages_keep_to_the_content_security_policy(staff, model):
    create_rows()

    for page in (reverse("admin:index"), address(model, "changelist"), of(model)):
        answer = staff.get(page)
        html = parsed(answer)

        assert "unsafe" not in answer["Content-Security-Policy"]
        assert html.select("style, [style], script:not([src])") == []
        assert [tag for tag in html.find_all() for name in tag.attrs if name.startswith("on")] == []
        used = [tag.get("src") or tag.get("href") for tag in html.select("script, img, link, iframe")]
        assert [url for url in used if not url.startswith("/static/") and not url.startswith("/admin/")] == []


def test_login_keeps_to_the_content_security_policy(client):
    answer = client.get(reverse("admin:login"))

    assert parsed(answer).select("style, [style], script:not([src])") == []
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert "unsafe" not in answer["Content-Security-Policy"]


# --- What nobody could have typed --------------------------------------------------------------------------------

NUL_COOKIES = r'sessionid="{key}\000"; csrftoken="\000"; messages="\000"; other="\000"'


@pytest.fixture
def visitor():
    """A fault of ours is a status like any other, as for a real visitor."""
    return Client(raise_request_exception=False)


@pytest.mark.parametrize("key", ["", "a" * 32])
def test_nul_in_a_cookie_is_harmless(visitor, key):
    """PostgreSQL refuses a text with one, and the admin asks it for the session."""
    create_rows()
    pages = ["/", "/start/", "/check/", "/api/v1/services/", "/nowhere/", "/admin/login/", "/admin/"]

    answers = {page: visitor.get(page, headers={"Cookie": NUL_COOKIES.format(key=key)}).status_code for page in pages}

    assert answers == dict.fromkeys(pages, 200) | {"/nowhere/": 404, "/admin/": 302}


@pytest.mark.parametrize(
    "where",
    [
        "/admin/policybuilder/actionrecord/?q=%00",
        "/admin/policybuilder/actionrecord/?access__exact=%00",
        "/admin/policybuilder/actionrecord/?o=%00",
        "/admin/policybuilder/actionrecord/?%00=1",
        "/admin/policybuilder/operationrecord/?category__id__exact=a&category__id__exact=%00",
        "/admin/policybuilder/actionrecord/a%00b/change/",
        "/admin/policybuilder/actionrecord/a_00b/change/",
        "/admin/policybuilder/actionrecord/a_00b/history/",
        "/admin/r/1/%00/",
        "/admin/login/?next=%00",
        "/admin/%00",
    ],
)
def test_nul_in_an_address_is_refused(visitor, where):
    visitor.force_login(get_user_model().objects.create_superuser("root", password="secret"))

    answer = visitor.get(where)

    assert answer.status_code in {302, 400, 404}
    assert answer.status_code != 302 or "_00" in where  # the admin's own form of it; such a row is not there


@pytest.mark.parametrize("field", ["username", "password", "next", "csrfmiddlewaretoken"])
def test_nul_in_a_login_is_a_wrong_login(visitor, field):
    sent = {"username": "root", "password": "secret", "next": "/admin/"}

    answer = visitor.post(reverse("admin:login"), sent | {field: "\0"})

    assert answer.status_code == 200
    assert parsed(answer).select(".errornote") != []


def test_nul_in_a_form_of_the_list_is_refused(visitor):
    create_rows()
    visitor.force_login(get_user_model().objects.create_superuser("root", password="secret"))

    answer = visitor.post(address(ActionRecord, "changelist"), {"action": "\0", "_selected_action": "\0"})

    assert answer.status_code < 500


# --- Without its tables ------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_503_where_its_tables_are_missing(visitor):
    """Which `migrate` makes once ADMIN is set."""
    table = Session._meta.db_table
    with connection.schema_editor() as editor:
        editor.alter_db_table(Session, table, "elsewhere")
    try:
        answer = visitor.get("/admin/", headers={"Cookie": f"sessionid={'a' * 32}"})
    finally:
        with connection.schema_editor() as editor:
            editor.alter_db_table(Session, "elsewhere", table)

    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert read_elements(answer.content.decode()).main.h1.get_text() == "The database is not set up yet"


def test_form_without_its_token_is_refused_with_our_page():
    response = Client(enforce_csrf_checks=True).post("/admin/login/", {"username": "x"})
    page = read_elements(response.content.decode())

    assert (response.status_code, page.h1.get_text()) == (403, "This form is too old")
