import pytest

from policybuilder.domain.catalog.action_names import action_key, parse_action
from policybuilder.domain.catalog.older_names import OLDER_ACTIONS, Status, older_action
from tests.builders import real_catalog


def test_there_are_nineteen_and_none_twice():
    assert len({action_key(older.name) for older in OLDER_ACTIONS}) == len(OLDER_ACTIONS) == 19


def test_todays_catalogue_has_none_but_the_partly_renamed():
    still_there = [older.name for older in OLDER_ACTIONS if real_catalog().action_index.action(older.name)]

    assert still_there == [older.name for older in OLDER_ACTIONS if older.status is Status.PARTLY_RENAMED]


def test_successors_are_todays_actions():
    successors = [name for older in OLDER_ACTIONS for name in older.replaced_by]

    assert [name for name in successors if real_catalog().action_index.action(name) is None] == []


def test_only_the_renamed_and_the_names_of_the_current_manual_have_successors():
    having = {Status.RENAMED, Status.PARTLY_RENAMED, Status.IN_MANUAL}

    assert {older.name for older in OLDER_ACTIONS if older.replaced_by} == {
        older.name for older in OLDER_ACTIONS if older.status in having
    }


@pytest.mark.parametrize("name", ["ecs:cloudServers:vnc", "ecs:CLOUDSERVERS:vnc", "ecs:cloudserverpasswords:reset"])
def test_older_action_ignores_case_of_the_last_two_parts(name):
    older = older_action(name)

    assert older is not None
    assert action_key(older.name) == action_key(name)


@pytest.mark.parametrize("name", ["ecs:cloudServers:list", "ecs:cloudServers:*", "ECS:cloudServers:vnc", "vnc", ""])
def test_older_action_knows_no_other(name):
    assert older_action(name) is None


def test_every_name_is_an_ecs_action():
    assert {parse_action(older.name).service for older in OLDER_ACTIONS} == {"ecs"}


def test_known_names_are_the_actions_and_the_older_names_that_are_none():
    catalog = real_catalog()

    assert set(catalog.action_index.known_names.values) == {
        action_key(name) for name in catalog.action_index.actions
    } | {action_key(older.name) for older in OLDER_ACTIONS}
    assert all(len(spellings) == 1 for spellings in catalog.action_index.known_names.values.values())
