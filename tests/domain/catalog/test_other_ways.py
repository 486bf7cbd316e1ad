"""Which operations do the same job, as the catalogue's facts say."""

import pytest

from policybuilder.domain.catalog.entries import CatalogError
from tests.builders import catalog, operation, whole_catalog

A, B, C, FREE = (f"ecs/servers/{name}" for name in ("a", "b", "c", "free"))


def test_alternative_and_all_that_name_it_are_one_job():
    of = catalog(
        operation(A, "ecs:servers:a", alternative=C),
        operation(B, "ecs:servers:b", alternative=C),
        operation(C, "ecs:servers:c"),
    )

    assert of.needs.other_ways == {A: (B, C), B: (A, C), C: (A, B)}


def test_operation_of_two_jobs_does_not_join_them():
    of = catalog(
        operation(A, "ecs:servers:add"),
        operation(B, "ecs:servers:remove"),
        operation(C, "ecs:servers:batch", same_job=[A, B]),
    )

    assert of.needs.other_ways == {A: (C,), B: (C,), C: (A, B)}


def test_operation_without_authorization_is_no_way_that_a_policy_decides_about():
    of = catalog(operation(A, "ecs:servers:a", same_job=[FREE]), operation(FREE))

    assert of.needs.other_ways == {}


def test_same_job_names_another_operation_of_the_catalogue():
    with pytest.raises(CatalogError) as caught:
        catalog(operation(A, "ecs:servers:a", same_job=[A, "ecs/servers/fly", "evs/disks/fly"]))

    assert [(each.place, each.message) for each in caught.value.problems] == [
        (f"{A}: same_job", "the operation names itself"),
        (f"{A}: same_job", "there is no operation 'ecs/servers/fly'"),  # this catalogue has no operation of EVS
    ]


def test_ways_go_both_ways_over_the_whole_catalogue():
    ways = whole_catalog().needs.other_ways

    assert [(id_, other) for id_, others in ways.items() for other in others if id_ not in ways[other]] == []
    assert [id_ for id_, others in ways.items() if id_ in others or not others] == []
