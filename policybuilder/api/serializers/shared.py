"""The parts of a shape that several answers and bodies share."""

from enum import StrEnum
from typing import Any

from rest_framework import serializers

from policybuilder.domain.catalog.entries import Level, Support
from policybuilder.domain.catalog.scope import Verdict
from policybuilder.domain.findings import Severity
from policybuilder.domain.policy.document import Effect

from ..fields import JsonObject, Shape, StrictSerializer, labelled

MAX_ID = 400


def choice_of(enum: type[StrEnum], **kwargs: Any) -> serializers.ChoiceField:
    return serializers.ChoiceField(choices=labelled(enum), **kwargs)


def text_list(**kwargs: Any) -> serializers.ListField:
    return serializers.ListField(child=serializers.CharField(), **kwargs)


class DetailSerializer(Shape):
    place = serializers.CharField(help_text="Where, counting from 0: operations[2]. Empty: the request as a whole.")
    code = serializers.CharField()
    message = serializers.CharField()


class ProblemSerializer(Shape):
    code = serializers.CharField()
    message = serializers.CharField()
    details = DetailSerializer(many=True, help_text="The first 20 things that are wrong.")


class ErrorSerializer(Shape):
    error = ProblemSerializer()


class SourceSerializer(Shape):
    title = serializers.CharField()
    url = serializers.CharField()
    date = serializers.CharField(help_text="Day of the revision, YYYY-MM-DD; empty where none is given.")


class ProjectScopeSerializer(Shape):
    iam_project = choice_of(Support)
    enterprise_project = choice_of(Support)


class StatementSerializer(Shape):
    Effect = choice_of(Effect)
    Action = text_list()


class DocumentSerializer(Shape):
    Version = serializers.CharField()
    Statement = StatementSerializer(many=True)


class PolicyScopeSerializer(Shape):
    verdict = choice_of(Verdict)
    iam_only = text_list(help_text="Actions without effect in an enterprise project.")
    varies = text_list(help_text="Actions some of whose calls have none.")
    unknown = text_list(help_text="Actions of which that is not known.")


class SizeSerializer(Shape):
    characters = serializers.IntegerField(help_text="Of the JSON without optional space; IAM takes 6,144.")
    statements = serializers.IntegerField(help_text="IAM takes 8.")
    largest_statement = serializers.IntegerField(help_text="In actions; IAM takes 100.")


class FindingSerializer(Shape):
    code = serializers.CharField(help_text="IAM's own code where IAM would refuse the policy, otherwise ours.")
    severity = choice_of(Severity)
    place = serializers.CharField(help_text="In the policy, counting from 0: Statement[2].Action[0].")
    message = serializers.CharField()
    hint = serializers.CharField(help_text="What to do about it.")


class LevelPolicySerializer(Shape):
    level = choice_of(Level, help_text="Its type in IAM. XA: services of a region's projects. AX: global services.")
    policy = DocumentSerializer()
    scope = PolicyScopeSerializer()
    size = SizeSerializer()
    findings = FindingSerializer(many=True, help_text="What is said of this policy alone.")


class PolicySerializer(StrictSerializer):
    policy = JsonObject(help_text="A document, or the role that it stands in.")
