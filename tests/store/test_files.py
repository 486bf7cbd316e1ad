"""A catalogue file is loaded whole or refused whole, with every error and its place."""

from io import StringIO
from itertools import chain
from pathlib import Path

import pytest
from django.core import serializers
from django.core.management import CommandError, call_command

from policybuilder.domain.catalog.entries import CatalogError
from policybuilder.models import CATALOG_MODELS, CatalogStateRecord, OperationRecord
from policybuilder.store.files import load_files
from policybuilder.store.rows import build_catalog
from tests.builders import ECS, catalog_of_files

pytestmark = pytest.mark.django_db

SMALL = """\
- model: policybuilder.sourcerecord
  pk: table
  fields:
    title: A table
    url: https://vendor.example/table
    date: '2026-01-31'

- model: policybuilder.servicerecord
  pk: eip
  fields: {title: Elastic IP, action_prefix: vpc, level: XA, position: 0}

- model: policybuilder.categoryrecord
  pk: eip/ips
  fields: {service: eip, slug: ips, title: IPs, source: table, position: 0}

- model: policybuilder.apicallrecord
  pk: GET /ips
  fields: {method: GET, path: /ips}

- model: policybuilder.actionrecord
  pk: vpc:ips:get
  fields: {}

- model: policybuilder.actionrecord
  pk: vpc:*:list
  fields: {}

- model: policybuilder.pagerecord
  pk: https://vendor.example/page
  fields: {title: A page}

- model: policybuilder.operationrecord
  pk: eip/ips/show
  fields:
    category: eip/ips
    slug: show
    title: Showing an IP
    access: read
    native: false
    calls:
      - GET /ips
    actions:
      - vpc:ips:get
    dependencies:
      - vpc:*:list
    iam_project: 'yes'
    enterprise_project: 'no'
    by_instance: unknown
    by_tag: unknown
    scope_evidence: stated
    scope_source: table
    pages: [https://vendor.example/page]
    position: 0

- model: policybuilder.optionrecord
  pk: eip/ips/show#by-name
  fields:
    operation: eip/ips/show
    slug: by-name
    title: by name
    dependencies:
      - vpc:ips:get
    position: 0
"""

SECOND = """
- model: policybuilder.operationrecord
  pk: eip/ips/list
  fields:
    category: eip/ips
    slug: list
    title: Listing IPs
    access: read
    native: false
    iam_project: 'yes'
    enterprise_project: 'yes'
    by_instance: unknown
    by_tag: unknown
    scope_evidence: stated
    position: 1
"""


@pytest.fixture
def write(tmp_path, monkeypatch):
    """A function that writes a file and gives its path, a short one, since errors begin with it."""
    monkeypatch.chdir(tmp_path)

    def write(text, name="c.yaml"):
        (tmp_path / name).write_text(text, encoding="utf-8")
        return Path(name)

    return write


def changed(*changes):
    """SMALL with each pair of old and new text replaced, once."""
    text = SMALL
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def database():
    """Every row of the catalogue with its relations, and the catalogue's version."""
    rows = chain.from_iterable(model.objects.order_by("pk") for model in CATALOG_MODELS)
    return serializers.serialize("yaml", rows), CatalogStateRecord.current()


def refused(*paths):
    """The problems of these files, a line each. Nothing may have changed in the database."""
    before = database()
    with pytest.raises(CatalogError) as error:
        load_files(paths)
    assert database() == before
    return [str(problem) for problem in error.value.problems]


def same(one, other):
    return (one.services, one.actions) == (other.services, other.actions)


def test_files_are_loaded_as_they_stand(write):
    path = write(SMALL + SECOND)

    loaded = load_files([path])

    assert same(loaded, catalog_of_files(path))
    assert same(build_catalog(), loaded)
    assert CatalogStateRecord.current() > 0


def test_files_given_together_are_one_catalogue(write):
    paths = [write(SECOND, "second.yaml"), write(SMALL)]

    assert same(load_files(paths), catalog_of_files(*paths))


def test_loading_twice_is_the_same(write):
    path = write(SMALL + SECOND)
    first = load_files([path])
    rows, version = database()

    second = load_files([path])

    assert same(first, second)
    assert database()[0] == rows
    assert database()[1] > version


def test_loading_deletes_what_no_file_holds_any_more(write):
    load_files([write(SMALL + SECOND, "before.yaml")])

    loaded = load_files([write(SMALL)])

    assert list(loaded.operations) == ["eip/ips/show"]
    assert list(OperationRecord.objects.values_list("pk", flat=True)) == ["eip/ips/show"]


def test_loading_empties_a_list_that_a_file_leaves_out(write):
    load_files([write(SMALL)])

    loaded = load_files([write(changed(("    dependencies:\n      - vpc:*:list\n", "")))])

    assert loaded.operation("eip/ips/show").dependencies == ()


LONG = "vpc:ips:" + "x" * 121
MODELS = ", ".join(model._meta.label_lower for model in CATALOG_MODELS)
FIELDS = (
    "category, slug, title, access, native, iam_project, enterprise_project, by_instance, by_tag, scope_evidence, "
    "scope_source, enterprise_alternative, position, calls, actions, dependencies, pages"
)
OWN_ACTION = "      - vpc:ips:get\n    dependencies:"  # the operation's; the option's dependency reads the same

# What is wrong -> the changes to SMALL, and every problem.
REFUSED = {
    "unknown action": (
        [(OWN_ACTION, "      - vpc:ips:set\n    dependencies:")],
        ["c.yaml:43: eip/ips/show: actions[0]: unknown action 'vpc:ips:set': it has no entry of its own"],
    ),
    "dependencies without an entry": (
        [("      - vpc:*:list\n", "      - vpc:*:list\n      - evs:a:get\n      - null\n")],
        [
            "c.yaml:46: eip/ips/show: dependencies[1]: unknown action 'evs:a:get': it has no entry of its own",
            "c.yaml:47: eip/ips/show: dependencies[2]: unknown action None: it has no entry of its own",
        ],
    ),
    "unknown call": (
        [("      - GET /ips", "      - GET /ip")],
        ["c.yaml:41: eip/ips/show: calls[0]: unknown API call 'GET /ip': it has no entry of its own"],
    ),
    "unknown page": (
        [("pages: [https://vendor.example/page]", "pages: [/other]")],
        ["c.yaml:52: eip/ips/show: pages[0]: unknown vendor page '/other': it has no entry of its own"],
    ),
    "unknown source and alternative": (
        [("    scope_source: table\n", "    scope_source: tables\n    enterprise_alternative: eip/ips/list\n")],
        [
            "c.yaml:51: eip/ips/show: scope_source: unknown source 'tables': it has no entry of its own",
            "c.yaml:52: eip/ips/show: enterprise_alternative: unknown operation 'eip/ips/list': "
            "it has no entry of its own",
        ],
    ),
    "no source": (
        [("source: table, position: 0", "source: null, position: 0")],
        ["c.yaml:14: eip/ips: source: is null; an id was expected"],
    ),
    "option of an unknown operation": (
        [("    operation: eip/ips/show\n", "    operation: eip/ips/list\n")],
        [
            "c.yaml:58: eip/ips/show#by-name: operation: unknown operation 'eip/ips/list': it has no entry of its own",
            "c.yaml:55: eip/ips/show#by-name: the id is not its operation and slug, 'eip/ips/list#by-name'",
        ],
    ),
    "duplicate id": (
        [("pk: vpc:*:list", "pk: vpc:ips:get")],
        [
            "c.yaml:24: vpc:ips:get: duplicate id: it stands at c.yaml:20: vpc:ips:get already",
            "c.yaml:45: eip/ips/show: dependencies[0]: unknown action 'vpc:*:list': it has no entry of its own",
        ],
    ),
    "id that is not made of its parts": (
        [
            ("slug: show", "slug: view"),
            ("slug: ips, title", "slug: ip, title"),
            ("method: GET", "method: PUT"),
            ("slug: by-name", "slug: by-id"),
        ],
        [
            "c.yaml:12: eip/ips: the id is not its service and slug, 'eip/ip'",
            "c.yaml:16: GET /ips: the id is not its method and path, 'PUT /ips'",
            "c.yaml:32: eip/ips/show: the id is not its category and slug, 'eip/ips/view'",
            "c.yaml:55: eip/ips/show#by-name: the id is not its operation and slug, 'eip/ips/show#by-id'",
        ],
    ),
    "id that is no text": (
        [("  pk: eip/ips/show#by-name", "  pk: 7")],
        ["c.yaml:55: 7: pk is 7; a text was expected"],
    ),
    "no id": (
        [("  pk: https://vendor.example/page\n", ""), ("pages: [https://vendor.example/page]", "pages: []")],
        ["c.yaml:28: entry without a pk: pk is None; a text was expected"],
    ),
    "empty title": (
        [("title: Showing an IP", "title: ''")],
        ["c.yaml:37: eip/ips/show: title: '': This field cannot be blank."],
    ),
    "title of spaces": (
        [("title: by name", "title: '  '")],
        ["c.yaml:55: eip/ips/show#by-name: the title is empty"],
    ),
    "unknown scope value": (
        [("enterprise_project: 'no'", "enterprise_project: maybe")],
        ["c.yaml:47: eip/ips/show: enterprise_project: 'maybe': Value 'maybe' is not a valid choice."],
    ),
    "unquoted yes and no, and more in the same entry": (
        [
            ("iam_project: 'yes'", "iam_project: yes"),
            ("enterprise_project: 'no'", "enterprise_project: no"),
            ("access: read", "access: look"),
            ("native: false", "native: sometimes"),
            ("evidence: stated", "evidence: 1"),
        ],
        [
            "c.yaml:46: eip/ips/show: iam_project: is True; a text was expected; in YAML, yes and no need quotes",
            "c.yaml:47: eip/ips/show: enterprise_project: is False; a text was expected; in YAML, yes and no "
            "need quotes",
            "c.yaml:50: eip/ips/show: scope_evidence: is 1; a text was expected",
            "c.yaml:38: eip/ips/show: access: 'look': Value 'look' is not a valid choice.",
            "c.yaml:39: eip/ips/show: native: 'sometimes': “sometimes” value must be either True or False.",
        ],
    ),
    "values of the wrong kind": (
        [
            ("level: XA", "level: XB"),
            ("date: '2026-01-31'", "date: 2026-01-31"),
            ("url: https://vendor.example/table", "url: somewhere"),
            (
                "    position: 0\n\n- model: policybuilder.optionrecord",
                "    position: -1\n\n- model: policybuilder.optionrecord",
            ),
        ],
        [
            "c.yaml:6: table: date: is datetime.date(2026, 1, 31); a text was expected",
            "c.yaml:5: table: url: 'somewhere': Enter a valid URL.",
            "c.yaml:10: eip: level: 'XB': Value 'XB' is not a valid choice.",
            "c.yaml:53: eip/ips/show: position: -1: Ensure this value is greater than or equal to 0.",
        ],
    ),
    "action that is too long": (
        [("pk: vpc:*:list", f"pk: {LONG}"), ("- vpc:*:list", f"- {LONG}")],
        [f"c.yaml:26: {LONG}: name: '{LONG}': Ensure this value has at most 128 characters (it has 129)."],
    ),
    "list with a repetition": (
        [("      - GET /ips\n", "      - GET /ips\n      - GET /ips\n")],
        ["c.yaml:42: eip/ips/show: calls[1]: 'GET /ips' stands twice"],
    ),
    "no list": (
        [("    calls:\n      - GET /ips", "    calls: GET /ips")],
        ["c.yaml:40: eip/ips/show: calls: is 'GET /ips'; a list was expected"],
    ),
    "unknown and missing field": (
        [("    title: Showing an IP\n", "    titel: Showing an IP\n")],
        [
            f"c.yaml:37: eip/ips/show: titel: unknown field; known: {FIELDS}",
            "c.yaml:32: eip/ips/show: the field title is missing",
        ],
    ),
    "field that stands twice": (
        [("    access: read\n", "    access: read\n    access: write\n")],
        ["c.yaml:39: eip/ips/show: the key 'access' stands twice"],
    ),
    "field beside the fields": (
        [("  pk: eip/ips/show\n", "  pk: eip/ips/show\n  position: 1\n")],
        ["c.yaml:32: eip/ips/show: unknown key 'position'; known: model, pk, fields"],
    ),
    "no fields": (
        [("  fields: {title: A page}", "  fields: A page"), ("  fields: {method: GET, path: /ips}\n", "")],
        [
            "c.yaml:16: GET /ips: fields is missing or no mapping",
            "c.yaml:27: https://vendor.example/page: fields is missing or no mapping",
        ],
    ),
    "unknown model": (
        [
            ("model: policybuilder.pagerecord", "model: policybuilder.page"),
            ("pages: [https://vendor.example/page]", ""),
        ],
        [f"c.yaml:28: https://vendor.example/page: unknown model 'policybuilder.page'; known: {MODELS}"],
    ),
    "model that is no text": (
        [("model: policybuilder.pagerecord", "model: [page]"), ("pages: [https://vendor.example/page]", "")],
        [f"c.yaml:28: https://vendor.example/page: unknown model ['page']; known: {MODELS}"],
    ),
    "no entry": (
        [("- model: policybuilder.pagerecord\n", "- a page\n- model: policybuilder.pagerecord\n")],
        ["c.yaml:28: is not an entry with model, pk and fields"],
    ),
    "wildcard as an own action": (
        [(OWN_ACTION, "      - vpc:*:list\n    dependencies:")],
        ["c.yaml:32: eip/ips/show: actions[0]: 'vpc:*:list' is a wildcard; own actions are named"],
    ),
    "action prefix without a service": (
        [("action_prefix: vpc", "action_prefix: eip")],
        [
            "c.yaml:24: vpc:*:list: no service has the action prefix 'vpc'",
            "c.yaml:20: vpc:ips:get: no service has the action prefix 'vpc'",
        ],
    ),
    "action that is none": (
        [("pk: vpc:*:list", "pk: list ips"), ("- vpc:*:list", "- list ips")],
        [
            "c.yaml:24: list ips: 'list ips' is not an action. Expected service:resourceType:verb, "
            "e.g. ecs:servers:list."
        ],
    ),
    "operation that is its own alternative": (
        [("    scope_source: table\n", "    scope_source: table\n    enterprise_alternative: eip/ips/show\n")],
        ["c.yaml:32: eip/ips/show: enterprise_alternative: an operation is no alternative to itself"],
    ),
    "errors in several entries": (
        [
            ("title: Elastic IP", "title: ''"),
            ("title: IPs", "title: ''"),
            ("title: A page", "title: ''"),
            ("      - vpc:*:list\n", "      - vpc:*:all\n"),
        ],
        [
            "c.yaml:10: eip: title: '': This field cannot be blank.",
            "c.yaml:14: eip/ips: title: '': This field cannot be blank.",
            "c.yaml:30: https://vendor.example/page: title: '': This field cannot be blank.",
            "c.yaml:45: eip/ips/show: dependencies[0]: unknown action 'vpc:*:all': it has no entry of its own",
        ],
    ),
}


@pytest.mark.parametrize(("changes", "problems"), REFUSED.values(), ids=REFUSED)
def test_bad_entries_are_refused_with_every_error_and_its_place(write, changes, problems):
    load_files([write(SMALL.replace("IP", "Address") + SECOND, "before.yaml")])  # stays as it is: see `refused`

    assert refused(write(changed(*changes))) == problems


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("", ["c.yaml: is not a list of entries with model, pk and fields"]),
        ("model: policybuilder.sourcerecord\n", ["c.yaml: is not a list of entries with model, pk and fields"]),
        (SMALL.partition("- model: policybuilder.operationrecord")[0], ["catalogue: the files hold no operation"]),
    ],
    ids=["nothing", "no list", "no operation"],
)
def test_file_without_a_catalogue_is_refused(write, text, problems):
    assert refused(write(text)) == problems


@pytest.mark.parametrize(
    ("content", "beginning", "place"),
    [
        (
            b"- model: [policybuilder\n- pk",
            "c.yaml: cannot be read: while parsing a flow sequence",
            "line 1, column 10",
        ),
        (
            b"- !!python/name:os.system\n",
            "c.yaml: cannot be read: could not determine a constructor",
            "line 1, column 3",
        ),
        (b"- {date: 2026-02-31}\n", "c.yaml: cannot be read: day is out of range for month", ""),
        (b"- title: Stra\xdfe\n", "c.yaml: cannot be read: 'utf-8' codec can't decode byte 0xdf in position 13", ""),
        (None, "c.yaml: cannot be read: [Errno 2] No such file or directory: 'c.yaml'", ""),
    ],
    ids=["broken YAML", "code", "impossible date", "another encoding", "no file"],
)
def test_file_that_cannot_be_read_is_refused(write, content, beginning, place):
    path = write("")
    path.unlink() if content is None else path.write_bytes(content)

    (problem,) = refused(path)

    assert problem.startswith(beginning)
    assert place in problem


def test_every_file_is_checked_before_any_is_refused(write):
    paths = [write(SMALL, "a.yaml"), write("", "b.yaml"), write(SECOND.replace("title: Listing IPs", "title: ''"))]

    assert refused(*paths) == [
        "b.yaml: is not a list of entries with model, pk and fields",
        "c.yaml:7: eip/ips/list: title: '': This field cannot be blank.",
    ]


def test_entry_of_two_files_is_refused(write):
    assert refused(write(SMALL, "a.yaml"), write(SECOND + SECOND.replace("list", "get"), "b.yaml"), write(SECOND)) == [
        "c.yaml:2: eip/ips/list: duplicate id: it stands at b.yaml:2: eip/ips/list already"
    ]


def test_place_is_not_that_of_a_source_with_the_same_id(write):
    source = (
        "\n- model: policybuilder.sourcerecord\n  pk: eip\n  fields: {title: EIP, url: https://vendor.example/eip}\n"
    )

    assert refused(write(changed(("title: Elastic IP", "title: ' '")) + source)) == [
        "c.yaml:8: eip: the title is empty"
    ]


def test_command_loads_files_and_says_what_it_loaded(write):
    output = StringIO()

    call_command("load_catalog", write(SMALL), write(SECOND, "second.yaml"), stdout=output)

    assert output.getvalue() == "Loaded 2 operations in 1 categories, 1 actions.\n"
    assert list(build_catalog().operations) == ["eip/ips/show", "eip/ips/list"]


def test_command_refuses_a_file_with_one_error(write):
    with pytest.raises(CommandError) as error:
        call_command("load_catalog", write(changed(("title: A page", "title: ''"))))

    assert str(error.value) == (
        "Nothing was loaded: 1 error in the catalogue.\n"
        "  c.yaml:30: https://vendor.example/page: title: '': This field cannot be blank."
    )


def test_command_refuses_a_file_with_several_errors(write):
    with pytest.raises(CommandError) as error:
        call_command("load_catalog", write("- one\n- two\n"))

    assert str(error.value) == (
        "Nothing was loaded: 2 errors in the catalogue.\n"
        "  c.yaml:1: is not an entry with model, pk and fields\n"
        "  c.yaml:2: is not an entry with model, pk and fields"
    )


def test_loaddata_gives_the_same_catalogue_as_load_catalog():
    call_command("load_catalog", ECS, stdout=StringIO())
    checked, rows = build_catalog(), database()[0]
    for model in reversed(CATALOG_MODELS):
        model.objects.all().delete()

    call_command("loaddata", "ecs", verbosity=0)

    assert same(build_catalog(), checked)
    assert database()[0] == rows


def test_catalogue_that_the_project_ships_is_loaded_as_it_stands():
    assert same(load_files([ECS]), catalog_of_files(ECS))
