"""A catalogue file is loaded whole or refused whole, with every error and its place."""

from io import StringIO
from itertools import chain
from pathlib import Path

import pytest
from django.core import serializers
from django.core.management import CommandError, call_command

from policybuilder.catalog_files import load_files
from policybuilder.catalog_loader import build_catalog
from policybuilder.domain.catalog import CatalogError
from policybuilder.models import CATALOG_MODELS, CatalogStateRecord, OperationRecord
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


def test_refused_file_leaves_the_catalogue_that_was_loaded(write):
    load_files([write(SMALL)])

    refused(write(changed(("IPs", "''")) + SECOND))  # `refused` compares every row
    refused(write(changed(("vpc:ips:get\n    dependencies", "vpc:*:list\n    dependencies")) + SECOND))


REFUSED = [
    # What is named has no entry.
    [("- vpc:ips:get\n    dependencies:\n      - vpc:*:list", "- vpc:ips:set\n    dependencies:\n      - vpc:*:list")],
    [("      - vpc:*:list\n", "      - vpc:*:list\n      - evs:a:get\n      - null\n")],
    [("      - GET /ips", "      - GET /ip")],
    [("    scope_source: table\n", "    scope_source: tables\n    enterprise_alternative: eip/ips/list\n")],
    [("source: table, position: 0", "source: null, position: 0")],
    [("pages: [https://vendor.example/page]", "pages: [https://vendor.example/other]")],
    [("    operation: eip/ips/show\n", "    operation: eip/ips/list\n")],
    # Ids.
    [("pk: vpc:*:list", "pk: vpc:ips:get")],
    [("slug: show", "slug: view")],
    [("slug: ips, title", "slug: ip, title")],
    [("method: GET", "method: PUT")],
    [("slug: by-name", "slug: by-id")],
    [("  pk: eip/ips/show#by-name", "  pk: 7")],
    [("  pk: vpc:ips:get\n", "")],
    # Values.
    [("title: Showing an IP", "title: ''")],
    [("title: by name", "title: '  '")],
    [("enterprise_project: 'no'", "enterprise_project: maybe")],
    [("iam_project: 'yes'", "iam_project: yes"), ("enterprise_project: 'no'", "enterprise_project: no"), ("access: read", "access: look")],
    [("native: false", "native: sometimes"), ("level: XA", "level: XB"), ("date: '2026-01-31'", "date: 2026-01-31")],
    [("    position: 0\n\n- model: policybuilder.optionrecord", "    position: -1\n\n- model: policybuilder.optionrecord")],
    [("url: https://vendor.example/table", "url: somewhere"), ("pk: vpc:ips:get", "pk: 'vpc:ips:" + "x" * 121 + "'")],
    [("      - GET /ips\n", "      - GET /ips\n      - GET /ips\n")],
    [("    calls:\n      - GET /ips", "    calls: GET /ips")],
    # Fields and entries.
    [("    title: Showing an IP\n", "    titel: Showing an IP\n")],
    [("    access: read\n", "    access: read\n    access: write\n")],
    [("  pk: eip/ips/show\n", "  pk: eip/ips/show\n  position: 1\n")],
    [("  fields: {title: A page}", "  fields: A page")],
    [("  fields: {title: A page}", "  field: {title: A page}")],
    [("model: policybuilder.pagerecord", "model: policybuilder.page")],
    [("model: policybuilder.pagerecord", "model: [policybuilder.pagerecord]")],
    [("- model: policybuilder.pagerecord\n", "- a page\n- model: policybuilder.pagerecord\n")],
    # What only the catalogue as a whole tells.
    [("- vpc:ips:get\n    dependencies", "- vpc:*:list\n    dependencies")],
    [("action_prefix: vpc", "action_prefix: eip")],
    [("pk: vpc:*:list", "pk: list ips"), ("- vpc:*:list", "- list ips")],
]
