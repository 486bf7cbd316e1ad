"""The shapes of a policy or text to check, and of the answer."""

from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from ..fields import AnyText, JsonObject, Shape, StrictSerializer
from .shared import FindingSerializer, PolicyScopeSerializer, SizeSerializer


class CheckSerializer(StrictSerializer):
    policy = JsonObject(required=False, help_text="A document, or the role that it stands in. This or text.")
    text = AnyText(
        required=False,
        help_text="The same as it was pasted, whatever it is. This or policy. It may stand in Terraform (a file, its "
        "state or plan), a curl command, a string, code fences, a quoted mail or other text.",
    )
    name = AnyText(required=False, help_text="Checked in place of the role's display_name.")
    description = AnyText(required=False, help_text="Checked in place of the role's description.")
    level = AnyText(required=False, help_text="XA or AX. Checked in place of the role's type.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "policy" in attrs and "text" in attrs:
            raise ValidationError("Both policy and text are here; send one of them.", code="one_of_two")
        if "policy" not in attrs and "text" not in attrs:
            raise ValidationError("Neither policy nor text is here; send one of them.", code="required")
        return attrs


class FindingInTextSerializer(FindingSerializer):
    line = serializers.IntegerField(
        required=False,
        allow_null=True,
        help_text="In the text, from 1. Only if text was sent; null for what stands beside it, such as the name.",
    )
    column = serializers.IntegerField(required=False, allow_null=True, help_text="In characters, from 1. As line.")


class RepairSerializer(Shape):
    line = serializers.IntegerField(help_text="Of its first place in the text, from 1.")
    column = serializers.IntegerField()
    message = serializers.CharField()
    needs_consent = serializers.BooleanField(
        help_text="Whether the text can be meant in another way too: then it is not made, but for the proposal."
    )


class NotCheckedSerializer(Shape):
    actions = serializers.ListField(
        child=serializers.CharField(),
        help_text="Actions that the catalogue does not know, or not all of; the place of a list without actions.",
    )
    condition_keys = serializers.ListField(
        child=serializers.CharField(),
        help_text="Condition keys that no manual lists for the statement's actions, or not with these values.",
    )
    resources = serializers.ListField(
        child=serializers.CharField(), help_text="Resources of which no manual lists every part."
    )
    name = serializers.ListField(
        child=serializers.CharField(),
        help_text="The name and the description, if they hold characters that no manual or published example has, or "
        "are too long; the role's keys that no manual lists.",
    )


class CheckedSerializer(Shape):
    policy = JsonObject(allow_null=True, help_text="The document as it was read; null where none could be.")
    findings = FindingInTextSerializer(many=True, help_text="The gravest first.")
    repairs = RepairSerializer(many=True, help_text="What has to be changed in the text so that it can be read.")
    proposal = JsonObject(
        allow_null=True,
        help_text="The document in its likeliest reading, where that needs consent and there is one; else null.",
    )
    not_checked = NotCheckedSerializer(
        help_text="What no rule refuses and nothing says that IAM takes. IAM accepts the policy only if all four lists "
        "are empty and no finding is an error."
    )
    scope = PolicyScopeSerializer()
    size = SizeSerializer()


class CheckedPolicySerializer(CheckedSerializer):
    name = serializers.CharField(allow_null=True, help_text="The role's display_name; null where there is none.")


class CheckedPoliciesSerializer(Shape):
    policies = CheckedPolicySerializer(
        many=True, help_text="Only where there are several, the first 50; then this stands alone."
    )
