"""One row: the traps of the vendor's cells, each as small as it can be."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policybuilder.reference.cells import PublishedScope
from policybuilder.reference.journal import Journal
from policybuilder.reference.problems import ReferenceProblem
from policybuilder.reference.rows import PublishedRow, RowOption
from policybuilder.reference.tables import Reference
from tests.laws import tried

from .made_pages import grid, page, read, read_cells


@pytest.mark.parametrize(
    ("actions", "dependencies", "own", "needed", "options"),
    [
        ("evs:disks:get", "``-``", ["evs:disks:get"], [], []),
        ("EVS:disks:get", "EIP:ips:get", ["evs:disks:get"], ["eip:ips:get"], []),
        (
            "evs:a:get\n\nevs:b:get",
            "-  vpc:b:get\n-  vpc:a:get",
            ["evs:a:get", "evs:b:get"],
            ["vpc:a:get", "vpc:b:get"],
            [],
        ),
        # An action of another service is a dependency, unless it is the row's only one.
        ("evs:a:get\n\nims:a:get", "``-``", ["evs:a:get"], ["ims:a:get"], []),
        ("ims:a:get", "``-``", ["ims:a:get"], [], []),
        # Ways of making the call, paired with what each depends on; what all need is the row's own.
        (
            "-  Using a New EIP\n\n   evs:a:do\n\n-  Using an Old One.\n\n   evs:a:do\n\n   evs:b:do",
            "-  Using a New EIP\n\n   vpc:ips:create\n\n-  Using an Old One\n\n   vpc:ips:get",
            ["evs:a:do"],
            [],
            [("using a new EIP", [], ["vpc:ips:create"]), ("using an old one", ["evs:b:do"], ["vpc:ips:get"])],
        ),
        (
            "-  EVS disk: evs:a:get\n\n   evs:a:list\n\n-  Backup: evs:b:get",
            "``-``",
            [],
            [],
            [("EVS disk", ["evs:a:get", "evs:a:list"], []), ("backup", ["evs:b:get"], [])],
        ),
        (
            "Restart: evs:a:do\n\nDelete: evs:b:do",
            "",
            [],
            [],
            [("restart", ["evs:a:do"], []), ("delete", ["evs:b:do"], [])],
        ),
        ("-  Using an EIP\n\n   evs:a:do\n\n-  evs:b:do", "", ["evs:b:do"], [], [("using an EIP", ["evs:a:do"], [])]),
        # A condition in brackets; the action is repeated above its own dependencies.
        (
            "-  evs:a:do\n-  evs:b:do (only to migrate)",
            "-  evs:a:do\n\n   vpc:a:get\n\n-  evs:b:do (only to migrate)\n\n   obs:\\*:\\*",
            ["evs:a:do"],
            ["vpc:a:get"],
            [("only to migrate", ["evs:b:do"], ["obs:*:*"])],
        ),
        # What one way of making the call does, another needs: it stays among what is needed.
        (
            "-  evs:a:do\n-  evs:b:do (only to migrate)",
            "-  evs:a:do\n\n   evs:b:do\n\n-  evs:b:do (only to migrate)\n\n   vpc:a:get",
            ["evs:a:do"],
            ["evs:b:do"],
            [("only to migrate", ["evs:b:do"], ["vpc:a:get"])],
        ),
        # A sentence that only introduces names is no note; what it names is needed.
        ("evs:a:do", 'It also requires permissions:\n\n-  "``vpc:*:*``"', ["evs:a:do"], ["vpc:*:*"], []),
        ("evs:kubernetes:\\*", "", ["evs:kubernetes:*"], [], []),
    ],
)
def test_actions_and_dependencies(
    actions: str, dependencies: str, own: list[str], needed: list[str], options: list[tuple[str, list[str], list[str]]]
) -> None:
    row = read_cells(actions=actions, dependencies=dependencies)

    found = [RowOption(title, tuple(first), tuple(second)) for title, first, second in options]
    assert (list(row.actions), list(row.dependencies), list(row.options)) == (own, needed, found)
    assert row.notes == ()


@pytest.mark.parametrize("word", ["None", "N/A", "``-``", "/", "Not required", "No authorization required"])
def test_no_action_is_needed_where_the_row_says_so(word: str) -> None:
    row = read_cells(actions=word)

    assert (row.all_actions, row.guest) == ((), False)


def test_the_tenant_guest_permissions_are_not_free_for_all() -> None:
    assert read_cells(actions="Included in the Tenant Guest permissions.").guest


def test_bracketed_sentences_and_notes_are_kept() -> None:
    row = read_cells(
        actions="evs:a:do\n\n(KMS must be on.)",
        calls="GET /v1/x\n\n.. note::\n\n   Slowly.",
        dependencies="It depends.\n\nVPC Admin",
    )

    assert row.notes == ("Slowly.", "KMS must be on.", "It depends.", "VPC Admin")
    assert row.actions == ("evs:a:do",)


@pytest.mark.parametrize(
    ("cell", "needed", "notes"),
    [
        ("``-``", [], []),
        ("N/A", [], []),
        ("-  vpc:ips:get\n-  kms:cmk:list", ["kms:cmk:list", "vpc:ips:get"], []),
        ("vpc:ips:get, vpc:ips:list and KMS:cmk:list.", ["kms:cmk:list", "vpc:ips:get", "vpc:ips:list"], []),
        (
            "vpc:ips:get, and the right to list servers",
            ["vpc:ips:get"],
            ["vpc:ips:get, and the right to list servers"],
        ),
        ("To filter, vpc:``*``:get is required.", ["vpc:*:get"], ["To filter, vpc:*:get is required."]),
        (
            "To see IPs, configure:\n\nvpc:ips:get\n\nvpc:ips:list\n\nThe KMS role is needed.",
            ["vpc:ips:get", "vpc:ips:list"],
            ["To see IPs, configure: vpc:ips:get, vpc:ips:list", "The KMS role is needed."],
        ),
        (
            "Required for an agency\n\n-  iam:agencies:list\n-  iam:roles:list",
            ["iam:agencies:list", "iam:roles:list"],
            ["Required for an agency: iam:agencies:list, iam:roles:list"],
        ),
        ("It depends.\n\nvpc:ips:get", ["vpc:ips:get"], ["It depends."]),
        ("Roles:\n\nVPC FullAccess", [], ["Roles: VPC FullAccess"]),
    ],
)
@pytest.mark.parametrize("heading", ["Dependencies", "Remarks"])
def test_dependencies_in_a_user_manual_stand_in_sentences(
    heading: str, cell: str, needed: list[str], notes: list[str]
) -> None:
    table = grid(["Operation", "Action", heading], ["Do it", "evs:a:do", cell])

    (row,) = read(page("Disks", table), manual=True)

    assert (list(row.dependencies), list(row.notes), row.options) == (needed, notes, ())


@pytest.mark.parametrize(
    ("cell", "calls", "normalisation"),
    [
        ("GET /v1/x\n\nGET /v2.1/x", ["GET /v1/x", "GET /v2.1/x"], ""),
        ("-  GET /v1/x\n-  HEAD /v1/x", ["GET /v1/x", "HEAD /v1/x"], ""),
        ("PUT\n\n/v2/{id}/x", ["PUT /v2/{id}/x"], "broken-call"),
        ("POST /v1/\n\n{id}/x", ["POST /v1/{id}/x"], "broken-call"),
        ('POST /v2/x/action\n\naction="os-extend"', ['POST /v2/x/action action="os-extend"'], "call-trailer"),
        ("POST /v1/jobs, SQL statement invoking", ["POST /v1/jobs, SQL statement invoking"], ""),
        ("GET /v1/x\n\nGET /V1/x\n\nGET /v1/x", ["GET /v1/x"], "version-case call-twice"),
        ("POST/v3/x", ["POST /v3/x"], "method-glued"),
        ("Get /v1.0/x", ["GET /v1.0/x"], "method-case"),
        ("GET v3.0/x", ["GET /v3.0/x"], "path-slash"),
        ("GET /V2/x", ["GET /v2/x"], "version-case"),
        ("GET /v1/{ key_id }/x", ["GET /v1/{key_id}/x"], "blank-in-braces"),
        ("GET /v1/x{? a, b ,c}", ["GET /v1/x{?a,b,c}"], "blank-in-braces"),
        ("PUT https://{*Endpoint*}/v3/x", ["PUT /v3/x"], "endpoint-in-path"),
        ("GET /v1/x?a={a}&b={b}", ["GET /v1/x?a={a}&b={b}"], ""),
        ("/api/\\*", ["/api/*"], ""),
        ("``-``", [], ""),
        ("x", [], ""),
        ("N/A", [], ""),
    ],
)
def test_calls_in_one_spelling(cell: str, calls: list[str], normalisation: str) -> None:
    journal = Journal()

    assert list(read_cells(journal, calls=cell).calls) == calls
    assert list(journal.normalised) == normalisation.split()


def test_calls_for_the_console_only_are_none_with_a_note() -> None:
    row = read_cells(calls="For Console only")

    assert (row.calls, row.notes) == ((), ("For Console only.",))


def test_calls_that_are_published_by_name() -> None:
    text = page(
        "Buckets", grid(["Permission", "API", "Action"], ["a", ":ref:`Listing Buckets <obs_1>`", "obs:bucket:List"])
    )

    (row,) = read(text, "obs", by_name=True)
    assert (row.calls, row.references) == (("Listing Buckets",), (Reference("Listing Buckets", "obs_1"),))
    with pytest.raises(ReferenceProblem, match="'Listing Buckets' is no API call"):
        read(text, "obs")


@pytest.mark.parametrize(
    ("cells", "iam_project", "enterprise_project"),
    [
        ({"iam_project": "Y", "enterprise_project": "x"}, "yes", "no"),
        ({"iam_project": "Supported", "enterprise_project": "Not supported"}, "yes", "no"),
        ({"iam_project": "X"}, "no", None),
        ({"iam_project": "``-``"}, None, None),
        ({"enterprise_project": "Y\n\nY"}, None, "yes"),
        ({"scope": "Projects are supported."}, "yes", "no"),
        ({"scope": "Both projects and enterprise projects are supported."}, "yes", "yes"),
        ({"scope": "Supported:\n\n-  IAM projects\n-  Enterprise projects"}, "yes", "yes"),
    ],
)
def test_scopes(cells: dict[str, str], iam_project: str | None, enterprise_project: str | None) -> None:
    assert read_cells(**cells).scope == PublishedScope(iam_project, enterprise_project)


def test_scopes_that_stand_twice_are_told() -> None:
    journal = Journal()
    read_cells(journal, enterprise_project="Y\n\nY")

    assert list(journal.normalised) == ["equal-scopes"]


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"iam_project": "Perhaps"}, "'Perhaps' is no scope"),
        ({"enterprise_project": "Y\n\nx"}, "'Y x' is no scope"),
        ({"scope": "Some projects are supported."}, "is no sentence about scope"),
        ({"actions": "evs:a"}, "'evs:a' is neither an action nor"),
        ({"actions": "evs:a:do and evs:b:do"}, "is neither an action nor"),
        ({"calls": "FETCH /v1/x"}, "'FETCH /v1/x' is no API call"),
        ({"calls": "GET /v1/x and more"}, "is no API call"),
        ({"title": ""}, "the row has no title"),
    ],
)
def test_what_nobody_has_judged_stops_with_its_place(cells: dict[str, str], message: str) -> None:
    with pytest.raises(ReferenceProblem) as caught:
        read_cells(**cells)

    assert caught.value.place.startswith("repo/page.rst:")
    assert caught.value.place.endswith(", table 1, row 1")
    assert message in caught.value.message


def test_titles() -> None:
    text = ":ref:`Adding Tags <a>`/:ref:`Deleting Tags <b>`"

    assert read_cells(title=text).title == "Adding Tags / Deleting Tags"
    assert read_cells(title="Query a disk.").title == "Query a disk"
    row = read_cells(title="Query a disk. All of it is shown.")
    assert (row.title, row.notes) == ("Query a disk", ("All of it is shown.",))


HEADINGS = {
    "Permission": "Doing",
    "API": "GET /v1/x",
    "Action": "evs:a:do",
    "IAM Project": "Y",
    "Enterprise Project": "x",
}


@tried(100)
@given(st.sampled_from(list(permutations(HEADINGS))))
def test_law_the_order_of_columns_does_not_matter(order: tuple[str, ...]) -> None:
    (row,) = read(page("Disks", grid(order, [HEADINGS[heading] for heading in order])))

    assert row == PublishedRow(
        row.place, "Doing", (), ("GET /v1/x",), ("evs:a:do",), (), (), PublishedScope("yes", "no"), ()
    )
