"""Catalogue files are checked together, and each error has its place."""

from io import StringIO

import pytest
import yaml
from django.core.management import CommandError, call_command

from policybuilder.catalog_files.files import read_files
from policybuilder.domain.catalog.entries import CatalogError
from tests.builders import ECS

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


def test_folder_without_files_is_refused(tmp_path):
    with pytest.raises(CatalogError) as error:
        read_files([tmp_path])

    assert [str(each) for each in error.value.problems] == [f"{tmp_path}: is a folder without catalogue files (*.yaml)"]


def test_command_checks_files_and_says_what_they_hold(write):
    output = StringIO()

    call_command("check_catalog", write(SMALL), write(SECOND, "second.yaml"), stdout=output)

    assert output.getvalue() == "No error: 2 operations in 2 categories of 2 services, 2 actions.\n"


def test_command_checks_the_catalogue_of_the_server_where_no_file_is_named():
    output = StringIO()

    call_command("check_catalog", stdout=output)

    assert output.getvalue() == "No error: 91 operations in 17 categories of 4 services, 102 actions.\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            SMALL.replace("title: IPs", "title: ''"),
            "1 error in the catalogue.\n  c.yaml:9: eip/ips: title: is blank; leave it out or say something",
        ),
        (
            SMALL.replace("level: XA", "level: 1").replace("IPs", "''"),
            "2 errors in the catalogue.\n"
            "  c.yaml:3: eip: level: is 1; a text was expected\n"
            "  c.yaml:9: eip/ips: title: is blank; leave it out or say something",
        ),
        (
            SMALL.replace("vpc:ips:get", "evs:a:get"),
            "1 error in the catalogue.\n  evs:a:get: no service has the action prefix 'evs'",
        ),
    ],
    ids=["an entry", "two entries", "the catalogue"],
)
def test_command_names_the_place_of_each_error(write, text, said):
    with pytest.raises(CommandError) as error:
        call_command("check_catalog", write(text))

    assert str(error.value) == said


def test_files_of_the_project_are_named_after_their_services():
    names = {path.stem: yaml.safe_load(path.read_text().partition("\ntitle:")[0])["service"] for path in FILES}

    assert names == {name: name for name in names}
    assert "ecs" in names


FILES = sorted(ECS.parent.glob("*.yaml"))
