"""The shapes of system-defined policies and of templates of tasks."""

from rest_framework import serializers

from policybuilder.catalog_files.starting_points import Kind
from policybuilder.domain.access.evaluation import Project
from policybuilder.domain.catalog.scope import Verdict

from ..fields import Shape
from .shared import (
    DocumentSerializer,
    LevelPolicySerializer,
    PolicyScopeSerializer,
    SizeSerializer,
    SourceSerializer,
    choice_of,
    text_list,
)


class DependsSerializer(Shape):
    catalog = serializers.CharField()
    display_name = serializers.CharField()


class PublishedDocumentSerializer(DocumentSerializer):
    Depends = DependsSerializer(many=True, required=False, help_text="Roles that it has to be granted together with.")


class SystemPolicySerializer(Shape):
    slug = serializers.CharField()
    name = serializers.CharField()
    kind = choice_of(Kind, help_text="A role is the older form.")
    source = SourceSerializer()  # type: ignore[assignment]
    description = serializers.CharField()
    note = serializers.CharField(help_text="What of it is not as it seems; empty where all is.")
    policy = PublishedDocumentSerializer(
        help_text="As published. A role of Version 1.0 is no policy that check/ takes."
    )
    not_judged = serializers.CharField(help_text="Why nothing is said about what it allows; empty where it is.")
    operation_count = serializers.IntegerField(
        allow_null=True, help_text="Operations of the catalogue that it allows; null where that is not judged."
    )
    scope = PolicyScopeSerializer(allow_null=True, help_text="Null where it is not judged.")
    size = SizeSerializer()


class TemplateSerializer(Shape):
    slug = serializers.CharField(help_text="That of the task; each of its entries has it.")
    title = serializers.CharField()
    description = serializers.CharField()
    project = choice_of(Project, help_text="Where the policy is to be granted.")
    impossible_in_enterprise_projects = serializers.CharField(
        help_text="Why the task has no entry for enterprise projects; empty where it has one."
    )
    operations = text_list(
        help_text="With options, a body for compile/ that gives the policy with everything about it."
    )
    options = serializers.DictField(
        child=text_list(), help_text="Operations some of whose options are off -> those on."
    )
    action_count = serializers.IntegerField()
    verdict = choice_of(Verdict)
    policy = DocumentSerializer(help_text="The first of policies, where two are needed.")
    policies = LevelPolicySerializer(
        many=True, required=False, help_text="Only where the actions are of both levels: one policy of each, XA first."
    )
