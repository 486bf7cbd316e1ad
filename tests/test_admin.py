"""The admin shows the catalogue to every member of staff, lets nobody change it, and keeps to the strict CSP.

It has to be switched on: ADMIN=1 pytest tests/test_admin.py. Without that, test_admin_switch.py runs these.
"""

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
    ApiCallRecord,
    CatalogStateRecord,
    CategoryRecord,
    OperationRecord,
    OptionRecord,
    PageRecord,
    ServiceRecord,
    SourceRecord,
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
    source = SourceRecord.objects.create(slug=f"table-{number}", title=f"Table {number}", url="https://vendor.example/")
    service = ServiceRecord.objects.create(
        slug=f"s{number}",
        title=f"Service {number}",
        action_prefix=f"s{number}",
        level="XA",
        complete=True,
        position=number,
    )
    category = CategoryRecord.objects.create(
        id=f"s{number}/a", service=service, slug="a", title=f"Category {number}", source=source, position=0
    )
    call = ApiCallRecord.objects.create(id=f"GET /a/{number}", method="GET", path=f"/a/{number}")
    own, need, way = (
        ActionRecord.objects.create(name=f"s{number}:a:{verb}", access="read") for verb in ("own", "need", "way")
    )
    own.calls.add(call)
    page = PageRecord.objects.create(url=f"https://vendor.example/{number}", title=f"Page {number}")
    operation = OperationRecord.objects.create(
        id=f"s{number}/a/show",
        category=category,
        slug="show",
        title=f"Operation {number}",
        access="read",
        native=False,
        iam_project="yes",
        enterprise_project="no",
        by_instance="unknown",
        by_tag="unknown",
        scope_evidence="stated",
        scope_source=source,
        position=0,
    )
    operation.calls.add(call)
    operation.actions.add(own)
    operation.dependencies.add(need)
    operation.pages.add(page)
    option = OptionRecord.objects.create(
        id=f"s{number}/a/show#way", operation=operation, slug="way", title=f"Option {number}", position=0
    )
    option.dependencies.add(need)
    option.actions.add(way)


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
        "API calls",
        "Actions",
        "Categories",
        "Operations",
        "Options",
        "Services",
        "Sources",
        "Vendor pages",
    ]
    assert page.select("#content-main .addlink, #content-main .changelink") == []


LISTS = {
    SourceRecord: [["Table 0", "-", "https://vendor.example/"]],
    ServiceRecord: [["Service 0", "s0", "s0", "XA", ["True"], "1"]],
    CategoryRecord: [["Category 0", "Service 0", "1", "Table 0"]],
    ApiCallRecord: [["/a/0", "GET", "-"]],
    ActionRecord: [
        ["s0:a:need", "-", "read", "-", "-", "0"],
        ["s0:a:own", "-", "read", "-", "-", "1"],
        ["s0:a:way", "-", "read", "-", "-", "0"],
    ],
    PageRecord: [["Page 0", "https://vendor.example/0"]],
    OperationRecord: [["Operation 0", "Category 0", "s0:a:own|s0:a:way", "read", "no", ["False"], "stated"]],
    OptionRecord: [["Option 0", "Operation 0", "s0:a:way", "s0:a:need"]],
}

DETAILS = {
    SourceRecord: {
        "Slug": "table-0",
        "Title": "Table 0",
        "Url": "https://vendor.example/",
        "Revision": "-",
        "Date": "-",
        "Is the table of": "Category 0",
        "Tells the scope of operations": "Operation 0",
        "Tells the scope of actions": "-",
    },
    ServiceRecord: {
        "Slug": "s0",
        "Title": "Service 0",
        "Action prefix": "s0",
        "Level": "XA",
        "Complete": "",
        "Position": "0",
        "Categories": "Category 0",
    },
    CategoryRecord: {
        "Id": "s0/a",
        "Service": "Service 0",
        "Title": "Category 0",
        "Source": "Table 0",
        "Position": "0",
        "Operations": "Operation 0",
    },
    ApiCallRecord: {
        "Method": "GET",
        "Path": "/a/0",
        "Enterprise project": "-",
        "Operations": "Operation 0",
        "Actions": "s0:a:own",
    },
    ActionRecord: {
        "Name": "s0:a:need",
        "Title": "-",
        "Access": "read",
        "Iam project": "-",
        "Enterprise project": "-",
        "Scope evidence": "-",
        "Scope source": "-",
        "API calls": "-",
        "Authorises": "-",
        "Is a dependency of": "Operation 0",
        "Belongs to the options": "Option 0",
    },
    PageRecord: {"Title": "Page 0", "Url": "https://vendor.example/0", "Operations": "Operation 0"},
    OperationRecord: {
        "Id": "s0/a/show",
        "Category": "Category 0",
        "Title": "Operation 0",
        "Access": "read",
        "Native": "",  # an icon
        "API calls": "GET /a/0",
        "Vendor pages": "Page 0",
        "Position": "0",
        "Actions": "s0:a:own",
        "Dependencies": "s0:a:need",
        "Iam project": "yes",
        "Enterprise project": "no",
        "By instance": "unknown",
        "By tag": "unknown",
        "Scope evidence": "stated",
        "Scope source": "Table 0",
        "Enterprise alternative": "-",
    },
    OptionRecord: {
        "Operation": "Operation 0",
        "Title": "Option 0",
        "Actions": "s0:a:way",
        "Dependencies": "s0:a:need",
        "Position": "0",
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


def test_operation_shows_its_options(staff):
    create_rows()

    page = parsed(staff.get(of(OperationRecord)))

    assert [
        [cell.get_text(strip=True) for cell in row.select("td:not(.original):not(.delete)")]
        for row in page.select("#options-group tbody tr.has_original")
    ] == [["Option 0", "s0:a:way", "s0:a:need"]]


def test_related_rows_are_linked(staff):
    create_rows()
    page = parsed(staff.get(of(OperationRecord)))

    links = {link["href"] for link in page.select("#content-main .readonly a, #options-group a")}

    assert links == {
        of(CategoryRecord),
        of(ApiCallRecord),
        of(PageRecord),
        of(SourceRecord),
        of(OptionRecord),
        *(address(ActionRecord, "change", f"s0:a:{verb}") for verb in ("own", "need", "way")),
    }
    assert {staff.get(link).status_code for link in links} == {200}


@pytest.mark.parametrize(
    ("model", "query", "found"),
    [
        (OperationRecord, "q=Operation+1", ["Operation 1"]),
        (OperationRecord, "q=s1:a:way", ["Operation 1"]),
        (OperationRecord, "q=/a/1", ["Operation 1"]),
        (OperationRecord, "category__service__slug__exact=s1", ["Operation 1"]),
        (OperationRecord, "enterprise_project__exact=yes", []),
        (ActionRecord, "q=s1:a:own", ["s1:a:own"]),
        (ActionRecord, "access__exact=write", []),
        (ApiCallRecord, "q=GET+/a/1", ["/a/1"]),
        (ApiCallRecord, "method__exact=POST", []),
        (CategoryRecord, "service__slug__exact=s1", ["Category 1"]),
        (ServiceRecord, "level__exact=AX", []),
        (SourceRecord, "q=table-1", ["Table 1"]),
        (PageRecord, "q=Page+1", ["Page 1"]),
        (OptionRecord, "q=Operation+1", ["Option 1"]),
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
