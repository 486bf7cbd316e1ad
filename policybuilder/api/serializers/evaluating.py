"""The shape of a question about the policies of a user group, and of its answer."""

from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from policybuilder.domain.access.decisions import Answer
from policybuilder.domain.access.evaluation import Project
from policybuilder.domain.access.group_warnings import MOST_POLICIES
from policybuilder.domain.catalog.action_names import MAX_CHARACTERS
from policybuilder.domain.catalog.entries import Level

from ..fields import Choice, Entries, Shape, StrictSerializer, Text, TextList, TextLists, labelled
from .shared import MAX_ID, PolicySerializer, choice_of, text_list

MAX_NAME = 200
MAX_REQUESTS = 200
MAX_KEYS = 50  # of the context of one request
MAX_VALUES = 50
MAX_VALUE = 2000


class PolicyOfGroupSerializer(PolicySerializer):
    name = Text(max_length=MAX_NAME, help_text="By which the answer calls it.")
    granted_in = Choice(choices=labelled(Project), help_text="For an IAM project, or in Enterprise Management.")
    level = Choice(
        choices=labelled(Level),
        required=False,
        help_text="XA or AX. Without it, the role's type or the services decide.",
    )


class AskedSerializer(StrictSerializer):
    action = Text(max_length=MAX_CHARACTERS, required=False, help_text="Or a wildcard: all of it. This or operation.")
    operation = Text(max_length=MAX_ID, required=False, help_text="The id of an operation. This or action.")
    project = Choice(choices=labelled(Project), help_text="Where the call is made.")
    context = TextLists(  # type: ignore[assignment]
        child=TextList(most=MAX_VALUES, max_length=MAX_VALUE),
        most=MAX_KEYS,
        default=dict,
        help_text="Key of a condition -> its values; none: the call does not have it. Of the others nothing is known.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "action" in attrs and "operation" in attrs:
            raise ValidationError("Both action and operation are here; send one of them.", code="one_of_two")
        if "action" not in attrs and "operation" not in attrs:
            raise ValidationError("Neither action nor operation is here; send one of them.", code="required")
        return attrs


class EvaluateSerializer(StrictSerializer):
    policies = Entries(
        child=PolicyOfGroupSerializer(), most=MOST_POLICIES, help_text="Those of one user group, 20 at most."
    )
    requests = Entries(child=AskedSerializer(), most=MAX_REQUESTS, help_text="200 at most.")


class PlaceSerializer(Shape):
    policy = serializers.CharField(help_text="Its name, as it was sent.")
    statement = serializers.IntegerField(help_text="Where it stands in the policy, from 0.")


class DecisionSerializer(Shape):
    decision = choice_of(Answer, help_text="not_allowed: no statement speaks of it. depends: on what is not known.")
    because = PlaceSerializer(many=True, help_text="The statements that made it, or would make one of its answers.")
    missing_keys = text_list(help_text="The keys whose values may tell. Only of one that depends.")
    missing_actions = text_list(
        help_text="Those of an operation that are denied or not allowed, whatever is not known. A wildcard is here "
        "unless all of it is granted: where a part is, the decision depends, since nobody publishes what is needed."
    )


class DecisionsSerializer(Shape):
    decisions = DecisionSerializer(many=True, help_text="One for each request, in their order.")
    levels = serializers.ListField(
        child=serializers.CharField(allow_null=True),
        help_text="The level of each policy, in their order. null: no level is certain, so the policy counts at both.",
    )
