"""A catalogue file is read whole or refused with every error and its place; files load alone and together."""

import pytest

from policybuilder.catalog_files.files import read_files
from policybuilder.domain.catalog.entries import (
    Access,
    ApiCall,
    CatalogError,
    Category,
    Evidence,
    Level,
    ManualNeeds,
    Operation,
    Option,
    Page,
    Scope,
    Service,
    Source,
    Support,
)
from tests.sweeps import sweep

SMALL = """\
service: eip
title: Elastic IP
short: EIP
group: Network
position: 3
prefixes: [vpc, eip]
level: XA
level_evidence: inferred
complete: every table was read
endpoints: ['vpc.{region}.example']
notes: [Shares its prefix.]
sources:
  table:
    title: A table
    url: https://vendor.example/table
    revision: abc
    date: '2026-01-31'
categories:
- category: ips
  title: IPs
  section: API v3
  source: table
  operations:
  - operation: show
    title: Showing an IP
    access: read
    native: true
    calls: [GET /v2.1/ips, GET /v2/ips, Reading an IP]
    actions: [vpc:ips:get]
    dependencies: [vpc:*:list]
    options:
    - option: by-name
      title: by name
      actions: [vpc:names:get]
      dependencies: [bms:servers:get]
    scope: {iam_project: 'yes', enterprise_project: 'no', by_tag: 'no', evidence: stated, source: table}
    alternative: eip/ips/list
    pages: [{title: A page, url: 'https://vendor.example/page'}]
    notes: [Reads.]
  - operation: list
    title: Listing IPs
    access: read
    calls:
    - {call: GET /v3/ips, enterprise_project: 'yes'}
actions:
- action: vpc:names:use
  title: Using a name
  access: write
  scope: {enterprise_project: 'yes', evidence: inferred}
  source: 'table'
needs:
- service: bms
  title: Bare Metal Server
  prefixes: [bms]
  level: XA
  actions:
  - action: bms:servers:get
    scope: {enterprise_project: 'no'}
manual:
- action: vpc:ips:get
  dependencies: [vpc:*:get, bms:servers:get]
  notes: [Slowly.]
  source: "table"
"""
TABLE = Source("table", "A table", "https://vendor.example/table", "abc", "2026-01-31")
UNKNOWN = Support.UNKNOWN
SHOW = Operation(
    id="eip/ips/show",
    service="eip",
    category="ips",
    slug="show",
    title="Showing an IP",
    access=Access.READ,
    native=True,
    calls=(ApiCall("GET", "/v2/ips"), ApiCall("GET", "/v2.1/ips"), ApiCall("", "Reading an IP")),
    actions=("vpc:ips:get",),
    dependencies=("vpc:*:list",),
    options=(Option("by-name", "by name", ("vpc:names:get",), ("bms:servers:get",)),),
    scope=Scope(Support.YES, Support.NO, Evidence.STATED, TABLE),
    by_instance=UNKNOWN,
    by_tag=Support.NO,
    enterprise_alternative="eip/ips/list",
    pages=(Page("A page", "https://vendor.example/page"),),
    notes=("Reads.",),
)
SERVICE = Service(
    slug="eip",
    title="Elastic IP",
    prefixes=("vpc", "eip"),
    level=Level.XA,
    complete="every table was read",
    categories=(),
    short="EIP",
    group="Network",
    level_evidence=Evidence.INFERRED,
    endpoints=("vpc.{region}.example",),
    notes=("Shares its prefix.",),
    manual=(ManualNeeds("vpc:ips:get", ("bms:servers:get", "vpc:*:get"), ("Slowly.",), TABLE),),
)


def changed(*changes, text=SMALL):
    """The text with each pair of old and new text replaced, once."""
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def read(*paths):
    return read_files(paths)


def refused(*paths):
    """The problems of these files, a line each."""
    with pytest.raises(CatalogError) as error:
        read(*paths)
    return [str(problem) for problem in error.value.problems]


def test_everything_that_a_file_says_is_read(write):
    catalog = read(write(SMALL))

    eip, bms = catalog.services
    assert [getattr(eip, name) for name in Service.__slots__ if name != "categories"] == [
        getattr(SERVICE, name) for name in Service.__slots__ if name != "categories"
    ]
    (category,) = eip.categories
    assert category == Category("eip/ips", "eip", "ips", "IPs", TABLE, category.operations, "API v3")
    assert category.operations[0] == SHOW
    assert category.operations[1].calls == (ApiCall("GET", "/v3/ips", Support.YES),)
    assert category.operations[1].scope == Scope(UNKNOWN, UNKNOWN)
    assert (bms.slug, bms.prefixes, bms.categories) == ("bms", ("bms",), ())
    assert list(catalog.action_index.actions) == ["bms:servers:get", "vpc:ips:get", "vpc:names:get", "vpc:names:use"]
    used = catalog.action_index.actions["vpc:names:use"]
    assert (used.title, used.access, used.scope.enterprise_project) == ("Using a name", Access.WRITE, Support.YES)
    assert (used.source, catalog.action_index.actions["vpc:ips:get"].source) == (TABLE, None)
    assert catalog.action_index.actions["bms:servers:get"].scope.enterprise_project is Support.NO


def test_what_a_file_leaves_out_is_not_known(write):
    catalog = read(
        write(
            "{service: a, title: A, level: AX, sources: {t: {title: T, url: 'https://vendor.example/'}}, categories: "
            "[{category: b, title: B, source: t, operations: [{operation: c, title: C, access: write}]}]}"
        )
    )

    (service,) = catalog.services
    assert (service.prefixes, service.complete, service.label, service.endpoints) == (("a",), "", "A", ())
    assert service.level_evidence is Evidence.STATED
    row = catalog.operation("a/b/c")
    assert (row.calls, row.actions, row.dependencies, row.options, row.pages, row.notes) == ((),) * 6
    assert (row.native, row.by_instance, row.scope) == (False, UNKNOWN, Scope(UNKNOWN, UNKNOWN, Evidence.MISSING))


# --- Several files -----------------------------------------------------------------------------------------------

VPC = changed(
    ("service: eip", "service: vpc"),
    ("title: Elastic IP", "title: Virtual Private Cloud"),
    ("position: 3", "position: 2"),
    ("prefixes: [vpc, eip]", "prefixes: [vpc]"),
    ("alternative: eip/ips/list", "alternative: vpc/ips/list"),
    ("vpc:names:use", "vpc:ports:use"),
)
SHARED = changed(("  - operation: show", "  - operation: vpc/ips/show"), ("    alternative: eip/ips/list\n", ""))

OTHER_THAN_THERE = "its calls or actions are others than in the file of vpc"


def test_services_are_in_the_order_of_their_positions_and_what_is_only_needed_comes_last(write):
    assert [service.slug for service in read(write(SMALL), write(VPC, "b.yaml")).services] == ["vpc", "eip", "bms"]


def test_folder_stands_for_the_files_in_it(write, tmp_path):
    write(SMALL)
    write(VPC, "b.yaml")
    write("nothing", "notes.txt")

    assert [service.slug for service in read(tmp_path).services] == ["vpc", "eip", "bms"]


def test_own_file_of_a_service_tells_more_than_what_others_say_of_it(write):
    bms = """\
service: bms
title: Metal
level: XA
actions:
- {action: 'bms:servers:GET', title: its own}
- action: bms:servers:list
"""
    catalog = read(write(SMALL), write(bms, "bms.yaml"))

    assert [service.title for service in catalog.services if service.slug == "bms"] == ["Metal"]
    assert [name for name in catalog.action_index.actions if name.startswith("bms")] == [
        "bms:servers:GET",
        "bms:servers:list",
    ]
    # Rows name it as it is known, though their file has another case.
    assert catalog.operation("eip/ips/show").options[0].dependencies == ("bms:servers:GET",)
    assert catalog.action_index.actions["bms:servers:GET"].scope.enterprise_project is UNKNOWN


def test_action_that_only_others_know_of_is_taken_from_them(write):
    bms = "{service: bms, title: Metal, level: XA, actions: [{action: 'bms:servers:list'}]}"
    catalog = read(write(SMALL), write(bms, "bms.yaml"))

    assert catalog.action_index.actions["bms:servers:get"].scope.enterprise_project is Support.NO


def test_enterprise_alternative_of_another_service_counts_where_its_file_is_loaded(write):
    small, vpc = changed(("alternative: eip/ips/list", "alternative: vpc/ips/list")), write(VPC, "b.yaml")

    assert read(write(small)).operation("eip/ips/show").enterprise_alternative is None
    assert read(write(small), vpc).operation("eip/ips/show").enterprise_alternative == "vpc/ips/list"
    gone = write(small.replace("vpc/ips/list", "vpc/ips/gone"))
    assert refused(gone, vpc) == [
        "c.yaml:24: eip/ips/show: enterprise_alternative: there is no operation 'vpc/ips/gone'"
    ]


def test_title_of_an_action_is_taken_from_whoever_has_one(write):
    bms = "{service: bms, title: Metal, level: XA, actions: [{action: 'bms:servers:get'}]}"
    named = changed(("- action: bms:servers:get\n", "- action: bms:servers:get\n    title: Getting one\n"))

    assert read(write(named), write(bms, "bms.yaml")).action_index.actions["bms:servers:get"].title == "Getting one"


def test_row_of_two_services_is_one_operation(write):
    other = changed(("title: Showing an IP", "title: Showing one"), text=SHARED)
    catalog = read(write(other), write(VPC, "b.yaml"))

    assert [row.title for row in catalog.operations.values()] == ["Showing an IP", "Listing IPs", "Listing IPs"]
    shared = catalog.operation("vpc/ips/show")
    assert [category.id for category in catalog.categories_by_operation[shared.id]] == ["vpc/ips", "eip/ips"]
    assert [service.slug for service in catalog.services_of(shared)] == ["vpc", "eip"]
    assert catalog.category_of(shared).id == "vpc/ips"


def test_row_of_another_service_loads_without_it(write):
    catalog = read(write(SHARED))

    shared = catalog.operation("vpc/ips/show")
    assert (shared.service, shared.category, shared.slug) == ("vpc", "ips", "show")
    assert catalog.category_of(shared).id == "eip/ips"
    assert [service.slug for service in catalog.services_of(shared)] == ["eip"]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (
            ("calls: [GET /v2.1/ips, ", "calls: [GET /v1/ips, "),
            "its calls or actions are others than in the file of vpc",
        ),
        (
            ("actions: [vpc:ips:get]", "actions: [vpc:ips:set]"),
            "its calls or actions are others than in the file of vpc",
        ),
        (("vpc/ips/show", "vpc/ips/shown"), "the file of vpc has no such operation"),
    ],
)
def test_row_of_two_services_must_be_the_same(write, change, problem):
    id_ = "vpc/ips/shown" if "shown" in change[1] else "vpc/ips/show"

    assert refused(write(changed(change, text=SHARED)), write(VPC, "b.yaml"))[0] == f"c.yaml:24: {id_}: {problem}"


def test_service_of_two_files_is_refused(write):
    assert refused(write(SMALL), write(SMALL, "b.yaml")) == [
        "b.yaml:1: eip: the service stands at c.yaml:1: eip already"
    ]


# --- What is wrong -----------------------------------------------------------------------------------------------

SLUG = "no slug: small letters, digits and hyphens were expected"
REFUSED = {  # the changes to SMALL, and every problem
    "action that is none": (
        [("dependencies: [vpc:*:list]", "dependencies: [vpc:*:list, list ips]")],
        [
            "c.yaml:30: eip/ips/show: dependencies[1]: 'list ips' is not an action. Expected "
            "service:resourceType:verb, e.g. ecs:servers:list."
        ],
    ),
    "dependency that is no text": (
        [("dependencies: [vpc:*:list]", "dependencies: [7, null]")],
        [
            "c.yaml:30: eip/ips/show: dependencies[0]: is 7; a text was expected",
            "c.yaml:30: eip/ips/show: dependencies[1]: is None; a text was expected",
        ],
    ),
    "action of a service that nobody knows": (
        [("actions: [vpc:ips:get]", "actions: [evs:a:get]")],
        ["evs:a:get: no service has the action prefix 'evs'"],
    ),
    "unknown source": (
        [("evidence: stated, source: table", "evidence: stated, source: tables")],
        ["c.yaml:36: eip/ips/show: scope: source: unknown source 'tables': it is not among the file's sources"],
    ),
    "no source": (
        [("  source: table\n", "")],
        ["c.yaml:19: eip/ips: the key source is missing: the published table was expected"],
    ),
    "no source of a manual": (
        [('  source: "table"\n', "")],
        ["c.yaml:60: vpc:ips:get: the key source is missing: the manual's page was expected"],
    ),
    "unknown alternative": (
        [("alternative: eip/ips/list", "alternative: eip/ips/all")],
        ["c.yaml:24: eip/ips/show: enterprise_alternative: there is no operation 'eip/ips/all'"],
    ),
    "operation that is its own alternative": (
        [("alternative: eip/ips/list", "alternative: eip/ips/show")],
        ["c.yaml:24: eip/ips/show: enterprise_alternative: an operation is no alternative to itself"],
    ),
    "operation twice": (
        [("- operation: list", "- operation: show"), ("    alternative: eip/ips/list\n", "")],
        [
            "c.yaml:39: eip/ips/show: duplicate operation: the id stands 2 times",
            "c.yaml:39: eip/ips/show: it is another one in eip/ips than elsewhere",
        ],
    ),
    "slugs that are none": (
        [
            ("service: eip", "service: Elastic IP"),
            ("option: by-name", "option: 'by name'"),
            ("operation: list", "operation: a/b"),
        ],
        [
            f"c.yaml:1: Elastic IP: service: 'Elastic IP' is {SLUG}",
            f"c.yaml:32: Elastic IP/ips/show#by name: option: 'by name' is {SLUG}",
            "c.yaml:40: a/b: operation: 'a/b' is no slug and no id in another service's file: "
            "service/category/operation was expected",
        ],
    ),
    "blank and missing texts": (
        [("title: Showing an IP", "title: ' '"), ("    title: Listing IPs\n", ""), ("title: A page", "title: ''")],
        [
            "c.yaml:25: eip/ips/show: title: is blank; leave it out or say something",
            "c.yaml:38: eip/ips/show: pages[0]: title: is blank; leave it out or say something",
            "c.yaml:40: eip/ips/list: the key title is missing",
        ],
    ),
    "text that is too long": (
        [("title: Showing an IP", f"title: {'x' * 301}")],
        ["c.yaml:25: eip/ips/show: title: has 301 characters; at most 300 were expected"],
    ),
    "unquoted yes and no": (
        [("iam_project: 'yes', enterprise_project: 'no'", "iam_project: yes, enterprise_project: maybe")],
        [
            "c.yaml:36: eip/ips/show: scope: iam_project: is True; a text was expected; in YAML, yes and no need "
            "quotes",
            "c.yaml:36: eip/ips/show: scope: enterprise_project: 'maybe' is none of yes, no, varies, unknown",
        ],
    ),
    "reveals that say too little": (
        [
            ("notes: [Reads.]", "reveals: {kinds: [secrets], source: table}"),
            ("    title: Listing IPs\n", "    title: Listing IPs\n    reveals: {fields: [key]}\n"),
        ],
        [
            "c.yaml:39: eip/ips/show: reveals: kinds[0]: 'secrets' is none of content, secret, personal",
            "c.yaml:42: eip/ips/list: reveals: the key source is missing: the page that shows it was expected",
            "c.yaml:42: eip/ips/list: reveals: the key kinds is missing",
        ],
    ),
    "values of the wrong kind": (
        [
            ("level: XA\nlevel", "level: XB\nlevel"),
            ("date: '2026-01-31'", "date: 2026-01-31"),
            ("url: https://vendor.example/table", "url: somewhere"),
            ("position: 3", "position: first"),
            ("native: true", "native: sometimes"),
            ("actions: [vpc:ips:get]", "actions: vpc:ips:get"),
        ],
        [
            "c.yaml:15: eip: sources.table: url: 'somewhere' is no address of a page: http://… or https://… was "
            "expected",
            "c.yaml:17: eip: sources.table: date: is datetime.date(2026, 1, 31); a text was expected",
            "c.yaml:5: eip: position: is 'first'; a number was expected",
            "c.yaml:7: eip: level: 'XB' is none of XA, AX",
            "c.yaml:27: eip/ips/show: native: is 'sometimes'; true or false was expected",
            "c.yaml:29: eip/ips/show: actions: is 'vpc:ips:get'; a list was expected",
        ],
    ),
    "list with a repetition": (
        [("actions: [vpc:ips:get]", "actions: [vpc:ips:get, vpc:ips:get]"), ("GET /v2/ips, ", "GET /v2.1/ips, ")],
        [
            "c.yaml:28: eip/ips/show: calls[1]: 'GET /v2.1/ips' stands twice",
            "c.yaml:29: eip/ips/show: actions[1]: 'vpc:ips:get' stands twice",
        ],
    ),
    "call that is none": (
        [("Reading an IP]", "7]"), ("{call: GET /v3/ips, enterprise_project: 'yes'}", "{call: ' '}")],
        [
            "c.yaml:28: eip/ips/show: calls[2]: is 7; a call was expected: METHOD /path, or its name",
            "c.yaml:44: eip/ips/list: calls[0]: the key enterprise_project is missing",
            "c.yaml:44: eip/ips/list: calls[0]: call: is blank; leave it out or say something",
            "c.yaml:44: eip/ips/list: calls[0]: is ' '; a call was expected: METHOD /path, or its name",
        ],
    ),
    "action twice": (
        [("- action: vpc:names:use\n", "- action: vpc:NAMES:use\n- action: vpc:names:use\n")],
        ["c.yaml:47: vpc:names:use: the action stands there already, as 'vpc:NAMES:use'"],
    ),
    "unknown keys": (
        [("short: EIP", "shorts: EIP"), ("    title: Showing an IP\n", "    titel: Showing an IP\n    title: Show\n")],
        [
            "c.yaml:25: eip/ips/show: titel: unknown key; known: access, actions, alternative, calls, dependencies, "
            "native, notes, operation, options, pages, reveals, same_job, scope, title",
            "c.yaml:3: eip: shorts: unknown key; known: actions, categories, complete, endpoints, group, level, "
            "level_evidence, manual, needs, notes, position, prefixes, queries_never_refused, service, short, "
            "sources, title",
        ],
    ),
    "key that stands twice": (
        [("    access: read\n    native", "    access: read\n    access: write\n    native")],
        ["c.yaml:27: the key 'access' stands twice"],
    ),
    "no mapping": (
        [("scope: {enterprise_project: 'yes', evidence: inferred}", "scope: yes"), ("- {call", "- one\n    - {call")],
        ["c.yaml:50: vpc:names:use: scope: is True; a mapping was expected"],
    ),
    "levels of a prefix": (
        [
            ("prefixes: [bms]\n  level: XA", "prefixes: [vpc]\n  level: AX"),
            ("[bms:servers:get]", "[vpc:a:b]"),
            ("- action: bms:servers:get", "- action: vpc:a:b"),
        ],
        ["bms: another service of prefix 'vpc' has another level"],
    ),
}


@sweep(("changes", "problems"), REFUSED.values())
def test_bad_entries_are_refused_with_every_error_and_its_place(write, changes, problems):
    assert refused(write(changed(*changes))) == problems


@pytest.mark.parametrize("text", ["", "- service\n"], ids=["nothing", "list"])
def test_file_without_a_service_is_refused(write, text):
    problem = "c.yaml: is not a service: a mapping with service, title, categories … was expected"

    assert refused(write(text)) == [problem]


@pytest.mark.parametrize(
    ("content", "beginning", "place"),
    [
        (b"service: [eip\ntitle", "c.yaml: cannot be read: while parsing a flow sequence", "line 1, column 10"),
        (
            b"a: !!python/name:os.system\n",
            "c.yaml: cannot be read: could not determine a constructor",
            "line 1, column 4",
        ),
        (b"{date: 2026-02-31}\n", "c.yaml: cannot be read: day is out of range for month", ""),
        (b"title: Stra\xdfe\n", "c.yaml: cannot be read: 'utf-8' codec can't decode byte 0xdf in position 11", ""),
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
    paths = [write(SMALL, "a.yaml"), write("", "b.yaml"), write(changed(("title: IPs", "title: ''"), text=VPC))]

    assert refused(*paths) == [
        "b.yaml: is not a service: a mapping with service, title, categories … was expected",
        "c.yaml:20: vpc/ips: title: is blank; leave it out or say something",
    ]
