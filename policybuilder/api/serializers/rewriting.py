"""The shapes of a shorter and of a divided policy."""

from rest_framework import serializers

from policybuilder.domain.access.evaluation import Project
from policybuilder.domain.catalog.entries import Level

from ..fields import Choice, JsonObject, Shape
from .shared import PolicyScopeSerializer, PolicySerializer, SizeSerializer, choice_of


class PartSerializer(Shape):
    purpose = serializers.CharField(help_text="What is in it, where to grant it, or why there is no other, for people.")
    granted_in = choice_of(
        Project, allow_null=True, help_text="Where to grant it; null: wherever the whole policy would be."
    )
    level = choice_of(Level, required=False, help_text="Its type in IAM; absent where the services it names give it.")
    policy = JsonObject()
    scope = PolicyScopeSerializer()
    size = SizeSerializer()


class CompactedSerializer(Shape):
    policy = JsonObject(
        help_text="The document, as it was sent where nothing is gained; of several policies, the first one."
    )
    before = SizeSerializer(help_text="The size of the whole policy as it was sent.")
    after = SizeSerializer(help_text="The size of policy.")
    policies = PartSerializer(
        many=True,
        required=False,
        help_text="Only where its actions are of both levels: the policies that IAM takes in its place. One alone says "
        "why it cannot be divided.",
    )


class SplitSerializer(PolicySerializer):
    by = Choice(
        choices=["limits", "scope"],
        help_text="limits: policies that IAM takes. scope: one for enterprise projects, one for IAM projects.",
    )


class PartsSerializer(Shape):
    policies = PartSerializer(many=True)
