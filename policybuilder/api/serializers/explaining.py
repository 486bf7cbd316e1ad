"""The shapes of a refusal, of its explanation and of a rule."""

from rest_framework import serializers

from policybuilder.domain.findings import Severity

from ..fields import AnyText, Shape, StrictSerializer
from .shared import FindingSerializer, choice_of, text_list


class ExplainSerializer(StrictSerializer):
    text = AnyText(
        help_text="The refusal as it was received, or the call that was refused. The first 32,768 bytes count."
    )


class ExplainedSerializer(Shape):
    actions = text_list(help_text="The catalogue's actions that it is about, those that it names first.")
    operations = text_list(help_text="The ids of the operations that it is about, the most likely first.")
    findings = FindingSerializer(many=True, help_text="The gravest first. Their places are empty.")


class RuleSerializer(Shape):
    code = serializers.CharField()
    severity = choice_of(Severity, allow_null=True, help_text="null: it is never reported, and note says why.")
    title = serializers.CharField()
    source = serializers.CharField(help_text="Where the rule comes from.")  # type: ignore[assignment]
    note = serializers.CharField(help_text="Empty where there is nothing to add.")
