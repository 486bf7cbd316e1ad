"""Catalogue files are loaded whole, in the place of what was there, or not at all."""

from io import StringIO
from itertools import chain
from pathlib import Path

import pytest
import yaml
from django.core import serializers
from django.core.management import CommandError, call_command

from policybuilder.domain.catalog.entries import CatalogError
from policybuilder.models import CATALOG_MODELS, CatalogStateRecord, OperationRecord
from policybuilder.store.files import load_files
from policybuilder.store.rows import build_catalog
from tests.builders import ECS, OTHER_SERVICES, catalog_of_files

pytestmark = pytest.mark.django_db

SMALL = """\
service: eip
title: Elastic IP
level: XA
prefixes: [vpc]
sources:
  table: {title: A table, url: 'https://vendor.example/table'}
categories:
- category: ips
  title: IPs
  source: table
  operations:
  - {operation: show, title: Showing an IP, access: read, calls: [GET /ips], actions: ['vpc:ips:get']}
actions:
- {action: 'vpc:ips:use', title: Using an IP}
"""
SECOND = SMALL.replace("eip", "vpc").replace("Elastic IP", "VPC").replace("show", "list").replace("Showing an", "Each")


@pytest.fixture
def write(tmp_path, monkeypatch):
    """A function that writes a file and gives its path, a short one, since errors begin with it."""
    monkeypatch.chdir(tmp_path)

    def write(text, name="c.yaml"):
        (tmp_path / name).write_text(text, encoding="utf-8")
        return Path(name)

    return write


def database():
    """Every row of the catalogue but for its number, and the catalogue's version."""
    rows = chain.from_iterable(model.objects.all() for model in CATALOG_MODELS)
    fields = [record["fields"] for record in serializers.serialize("python", rows)]
    return fields, CatalogStateRecord.current()


def same(one, other):
    return (one.services, one.actions) == (other.services, other.actions)


def test_files_are_loaded_as_they_stand(write):
    path = write(SMALL)

    loaded = load_files([path])

    assert same(loaded, catalog_of_files(path))
    assert same(build_catalog(), loaded)
    assert CatalogStateRecord.current() > 0


@pytest.mark.parametrize("path", [ECS, OTHER_SERVICES], ids=["ecs", "other services"])
def test_rows_keep_everything_that_files_say(path):
    assert same(load_files([path]), catalog_of_files(path))
    assert same(build_catalog(), catalog_of_files(path))


def test_loading_twice_is_the_same(write):
    path = write(SMALL)
    first = load_files([path])
    rows, version = database()

    second = load_files([path])

    assert same(first, second)
    assert database()[0] == rows
    assert database()[1] > version


def test_loading_deletes_what_no_file_holds_any_more(write):
    load_files([write(SMALL), write(SECOND, "second.yaml")])

    loaded = load_files([write(SMALL)])

    assert list(loaded.operations) == ["eip/ips/show"]
    assert list(OperationRecord.objects.values_list("operation", flat=True)) == ["show"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            SMALL.replace("access: read", "access: look"),
            "c.yaml:12: eip/ips/show: access: 'look' is none of read, write",
        ),
        (SMALL.replace("vpc:ips:get", "evs:a:get"), "evs:a:get: no service has the action prefix 'evs'"),
        ("{service: eip, title: EIP, level: XA}", "catalogue: the files hold no operation"),
    ],
    ids=["an entry", "the catalogue", "no operation"],
)
def test_what_is_refused_changes_nothing(write, text, problem):
    load_files([write(SMALL, "before.yaml")])
    before = database()

    with pytest.raises(CatalogError) as error:
        load_files([write(text)])

    assert [str(each) for each in error.value.problems] == [problem]
    assert database() == before


def test_command_loads_files_and_says_what_it_loaded(write):
    output = StringIO()

    call_command("load_catalog", write(SMALL), write(SECOND, "second.yaml"), stdout=output)

    assert output.getvalue() == "Loaded 2 operations in 2 categories of 2 services, 2 actions.\n"
    assert list(build_catalog().operations) == ["eip/ips/show", "vpc/ips/list"]


def test_command_refuses_a_file_with_one_error(write):
    with pytest.raises(CommandError) as error:
        call_command("load_catalog", write(SMALL.replace("title: IPs", "title: ''")))

    assert str(error.value) == (
        "Nothing was loaded: 1 error in the catalogue.\n"
        "  c.yaml:9: eip/ips: title: is blank; leave it out or say something"
    )


def test_command_refuses_a_file_with_several_errors(write):
    with pytest.raises(CommandError) as error:
        call_command("load_catalog", write(SMALL.replace("level: XA", "level: 1").replace("IPs", "''")))

    assert str(error.value) == (
        "Nothing was loaded: 2 errors in the catalogue.\n"
        "  c.yaml:3: eip: level: is 1; a text was expected\n"
        "  c.yaml:9: eip/ips: title: is blank; leave it out or say something"
    )


def test_files_of_the_project_are_named_after_their_services():
    names = {path.stem: yaml.safe_load(path.read_text().partition("\ntitle:")[0])["service"] for path in FILES}

    assert names == {name: name for name in names}
    assert "ecs" in names


FILES = sorted(ECS.parent.glob("*.yaml"))
