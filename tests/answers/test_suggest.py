import pytest

from policybuilder.answers.suggest import MEANT, did_you_mean

KNOWN = ["ecs/disk/attaching-a-disk", "ecs/disk/detaching-a-disk", "ecs/tag/adding-tags", "ecs:servers:get"]


@pytest.mark.parametrize(
    ("wanted", "near"),
    [
        ("ecs/disk/ataching-a-disk", "ecs/disk/attaching-a-disk, ecs/disk/detaching-a-disk"),
        ("adding-tag", "ecs/tag/adding-tags"),
        ("ECS:SERVER:GET", "ecs:servers:get"),
        ("nothing like it", ""),
        ("", ""),
        ("ecs/disk/attaching-a-disk" * 20, ""),
    ],
)
def test_nearest_names_are_suggested(wanted, near):
    assert did_you_mean(wanted, KNOWN) == (MEANT.format(near=near) if near else "")


def test_nothing_is_near_where_nothing_is_known():
    assert did_you_mean("ecs", []) == ""
