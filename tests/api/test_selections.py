"""Names of a selection that the catalogue does not have, each with its place and what was probably meant."""

import pytest

from policybuilder.answers.invalid_input import InvalidInput
from policybuilder.answers.selections import read_selection
from policybuilder.answers.suggest import MEANT, NO_OPERATION
from policybuilder.api.serializers.compiling import SelectionSerializer
from policybuilder.domain.building.selection import Selection
from tests.api.caller import details
from tests.builders import catalog, operation, real_catalog

CREATING = "ecs/lifecycle-management/creating-ecss-pay-per-use"
DELETING = "ecs/lifecycle-management/deleting-ecss"


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({"operations": [DELETING, DELETING.upper()]}, [("operations[1]", "unknown_operation")]),
        ({"operations": [f" {DELETING}"]}, [("operations[0]", "unknown_operation")]),
        ({"options": {CREATING: []}}, [(f"options.{CREATING}", "not_selected")]),
        ({"options": {"ecs/x/y": []}}, [("options.ecs/x/y", "unknown_operation")]),
        (
            {"operations": [CREATING], "options": {CREATING: ["using-an-existing-eip", "using-no-eip"]}},
            [(f"options.{CREATING}[1]", "unknown_option")],
        ),
        ({"operations": [DELETING], "options": {DELETING: ["x"]}}, [(f"options.{DELETING}[0]", "unknown_option")]),
        ({"actions": ["ecs:servers:fly"]}, [("actions[0]", "unknown_action")]),
        ({"actions": ["ecs:nothing*:get"]}, [("actions[0]", "unknown_action")]),
        ({"actions": ["obs:*:*"]}, [("actions[0]", "unknown_action")]),
        ({"actions": ["ecs:servers"]}, [("actions[0]", "malformed_action")]),
        ({"actions": ["*"]}, [("actions[0]", "malformed_action")]),
        ({"actions": ["Ecs:servers:get"]}, [("actions[0]", "malformed_action")]),
        (
            {"without": ["evs:volumes:fly", "evs:volumes:*"]},
            [("without[0]", "unknown_action"), ("without[1]", "unknown_action")],
        ),
        ({"actions": [f"ecs:{'*' * at}:*" for at in range(1, 102)]}, [("actions", "too_many")]),
        ({"without": [f"ecs:{'*' * at}:*" for at in range(1, 102)]}, [("without", "too_many")]),
        (
            {"operations": ["x"], "options": {"y": []}, "actions": ["ecs:x:y"], "without": ["z"]},
            [
                ("operations[0]", "unknown_operation"),
                ("options.y", "unknown_operation"),
                ("actions[0]", "unknown_action"),
                ("without[0]", "malformed_action"),
            ],
        ),
    ],
)
def test_unknown_name_is_refused_with_its_place(api, body, wrong):
    response = api.post("compile/", body)

    assert (response.status_code, response.json()["error"]["code"]) == (400, "invalid_input")
    assert details(response) == wrong


def test_wildcards_that_operations_depend_on_can_be_narrowed():
    of = catalog(
        operation("sfs/a/create", "sfs:a:create", needs=["vpc:*:*", "obs:*:*"]),
        operation("vpc/a/get", "vpc:a:get", access="read"),
    )

    def read(**body):
        serializer = SelectionSerializer(data=body)
        assert serializer.is_valid()
        return read_selection(of, serializer.validated_data)

    names = ["vpc:*:*", "obs:*:*"]
    assert read(only_reading=names) == Selection(only_reading=frozenset(names))
    with pytest.raises(InvalidInput) as refused:
        read(only_reading=["vpc:a:get", "vpc:a:*", "kms:*:*", "vpc"])
    assert [(detail.place, detail.code) for detail in refused.value.details] == [
        ("only_reading[0]", "no_wildcard_dependency"),
        ("only_reading[1]", "no_wildcard_dependency"),
        ("only_reading[2]", "unknown_action"),
        ("only_reading[3]", "malformed_action"),
    ]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (
            {"operations": ["ecs/lifecycle-management/deleting-ecs"]},
            NO_OPERATION.format(id="ecs/lifecycle-management/deleting-ecs")
            + MEANT.format(
                near=f"{DELETING}, ecs/lifecycle-management/deleting-an-ecs-native, "
                "ecs/lifecycle-management/creating-an-ecs-native"
            ),
        ),
        (
            {"actions": ["evs:volume:atach"]},
            "'evs:volume:atach' is no action of the catalogue. "
            "Did you mean evs:volumes:attach, evs:volumes:detach, evs:volumes:get?",
        ),
        ({"actions": ["obs:*:*"]}, "'obs:*:*' matches no action of the catalogue."),
        (
            {"operations": [CREATING], "options": {CREATING: ["eip"]}},
            f"'{CREATING}' has no option 'eip'. Its options: assigning-a-new-eip, using-an-existing-eip.",
        ),
        (
            {"operations": [DELETING], "options": {DELETING: ["eip"]}},
            f"'{DELETING}' has no option 'eip'. It has no options.",
        ),
        ({"options": {DELETING: []}}, f"The operation '{DELETING}' does not stand in operations."),
    ],
)
def test_refusal_helps_on(api, body, message):
    assert [detail["message"] for detail in api.post("compile/", body).json()["error"]["details"]] == [message]


def test_every_operation_and_action_of_the_catalogue_is_known(api):
    catalog = real_catalog()

    answer = api.compile(
        operations=list(catalog.operations),
        options={id_: [option.slug for option in o.options] for id_, o in catalog.operations.items()},
        actions=list(catalog.action_index.actions),
        without=list(catalog.action_index.actions),
    )

    assert answer["operations"]["selected"] == list(catalog.operations)
    assert [grant["action"] for grant in answer["actions"]] == list(catalog.action_index.actions)
