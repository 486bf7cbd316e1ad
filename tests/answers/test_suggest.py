import pytest

from policybuilder.answers.suggest import did_you_mean

KNOWN = ["ecs/disk/attaching-a-disk", "ecs/disk/detaching-a-disk", "ecs/tag/adding-tags", "ecs:servers:get"]


@pytest.mark.parametrize(
    ("wanted", "hint"),
    [
        ("ecs/disk/ataching-a-disk", " Did you mean ecs/disk/attaching-a-disk, ecs/disk/detaching-a-disk?"),
        ("adding-tag", " Did you mean ecs/tag/adding-tags?"),
        ("ECS:SERVER:GET", " Did you mean ecs:servers:get?"),
        ("nothing like it", ""),
        ("", ""),
        ("ecs/disk/attaching-a-disk" * 20, ""),
    ],
)
def test_nearest_names_are_suggested(wanted, hint):
    assert did_you_mean(wanted, KNOWN) == hint


def test_nothing_is_near_where_nothing_is_known():
    assert did_you_mean("ecs", []) == ""
