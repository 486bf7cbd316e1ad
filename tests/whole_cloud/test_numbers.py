"""The same number for the same thing on all pages, for every starting point: a wildcard counts as what it matches."""

import re

import pytest

from policybuilder.catalog_files.judged_starting_points import judged_policies, starting_services, starting_tasks
from policybuilder.domain.access.conditions import Context
from policybuilder.domain.building.acceptance import decide_in_each_place
from policybuilder.domain.catalog.scope import Goal
from policybuilder.domain.work import Work
from policybuilder.drafts.addresses import address
from policybuilder.drafts.compiled import compiled
from policybuilder.pages.access.cells import StatementNames
from policybuilder.pages.access.form import Shown
from policybuilder.pages.access.group import of_draft, read_group
from policybuilder.pages.access.matrix import Matrix
from policybuilder.pages.builder.granted import grant_groups
from policybuilder.pages.picture.view import PicturePage
from policybuilder.pages.start.point import PolicyPoint, Start, find_point
from policybuilder.web.wording import totals_in_words
from tests.builders import whole_catalog
from tests.elements import read_elements
from tests.pages.tab import texts, words

CATALOG = whole_catalog()
FREE = {operation.id for operation in CATALOG.operations.values() if operation.free}


def starts() -> list[Start]:
    """What each task, each service and each system-defined policy can begin with."""
    templates = [*starting_tasks(CATALOG), *(t for service in starting_services(CATALOG) for t in service.templates)]
    slugs = [template.slug for template in templates] + [each.policy.slug for each in judged_policies(CATALOG)]
    points = [find_point(CATALOG, slug, Goal.UNDECIDED) for slug in slugs]
    found = [[point.start] if isinstance(point, PolicyPoint) else point.starts for point in points]
    return [start for listed in found for start in listed if start]


STARTS = starts()


def allowed_actions(text: str) -> int:
    """47, of "47 actions (3 wildcards)" and of "2 statements, 47 actions allowed, 3 actions denied"."""
    return int(re.search(r"([\d,]+) actions?\b(?! denied)", text)[1].replace(",", ""))


def of_verdict(text: str) -> int | None:
    """47, of "IAM-only: 29 of 47 actions have no effect"; None where the verdict has no number."""
    found = re.search(r"of ([\d,]+) actions?", text)
    return int(found[1].replace(",", "")) if found else None


def test_start_builder_verdict_and_picture_count_the_same_actions(monkeypatch):
    monkeypatch.setattr("policybuilder.pages.picture.view.current_catalog", lambda: CATALOG)
    for start in STARTS:
        policy = compiled(CATALOG, start.draft)
        number = allowed_actions(start.actions)
        builder = allowed_actions(totals_in_words(CATALOG, policy, start.draft.editable(0)))

        assert (builder, policy.scope.total, of_verdict(start.verdict) or number) == (number,) * 3, start.id
        if len(start.draft.blocks) == 1:
            listed = sum(group.count for group in grant_groups(CATALOG, start.draft.blocks[0]))
            picture = allowed_actions(PicturePage(start.draft).counts)
            assert (listed, picture) == (number, number), start.id


def coverage(start: Start):
    """What the Access page counts for the draft in an IAM project."""
    policies = read_group(of_draft(CATALOG, start.draft), Work())
    judged = decide_in_each_place(
        CATALOG, lambda project: tuple(p.judged_for(project) for p in policies), Context.of({})
    )
    names = StatementNames([policy.name for policy in policies], {})
    return Matrix(CATALOG, judged, names, Shown()).total[0]


def test_access_allows_the_operations_that_the_builder_and_the_start_count():
    """Operations that need no authorization are counted apart, on Access as at the start."""
    for start in STARTS[::12]:
        operations = compiled(CATALOG, start.draft).operations
        found = coverage(start)
        selected = [operation.id for operation in start.operations if operation.id not in FREE]

        assert start.free == len(start.operations) - len(selected), start.id
        assert (found.free, found.free + found.total) == (len(FREE), len(CATALOG.operations))
        assert found.allowed == len(operations.allowed - FREE) == len({*selected, *operations.also_allowed}), start.id
        assert sum(bar.allowed for bar in found.bars) == found.allowed
        assert sum(bar.total for bar in found.bars) == found.total


@pytest.mark.parametrize("slug", ["dns-operator", "storage-operator", "ucs-fullaccess"])
def test_pages_show_these_numbers(visitor, slug):
    start = next(start for start in STARTS if start.id == slug)
    page = read_elements(visitor.get(f"/start/{slug}/").content.decode())
    size = words(page.find(id=slug).select_one(".variant-size"))
    builder = read_elements(visitor.get(start.here).content.decode())
    access = read_elements(visitor.get(address(start.draft, name="access")).content.decode())

    assert f"), {start.actions}" in size
    assert (f"{start.free} need" in size) == (start.free > 1)
    assert allowed_actions(words(builder.find(id="totals"))) == allowed_actions(size)
    found = coverage(start)
    assert texts(access, ".cover-figure")[0] == f"{found.allowed} of {found.total} operations allowed"
    assert texts(access, ".cover-others")[0].endswith(f"{len(FREE)} need no authorization")


def test_summary_lists_apart_what_needs_no_authorization(visitor):
    start = next(start for start in STARTS if start.id == "storage-operator")
    text = visitor.get(address(start.draft, name="summary")).content.decode()
    lines = {part.partition("\n")[0]: part.count("\n  - ") for part in text.split("\n## ")}

    assert lines["Needs no authorization"] == start.free > 0
    assert lines["What it allows"] == len(start.operations) - start.free


def test_access_shows_apart_what_needs_no_authorization(visitor):
    fields = {"decision": "free", "granted-0": "each", "name-0": "x", "text-0": '{"Version":"1.1","Statement":[]}'}
    page = read_elements(visitor.post("/access/", fields).content.decode())

    assert words(page.find(id="hits")).startswith(f"{len(FREE)} of {len(CATALOG.operations)} shown")
    assert set(texts(page, ".cell-why")) == {"without authorization"}
