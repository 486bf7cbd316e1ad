"""The shapes of a selection and of its policy."""

from rest_framework import serializers

from policybuilder.domain.building.selection import Dependencies
from policybuilder.domain.catalog.action_names import MAX_CHARACTERS
from policybuilder.domain.catalog.scope import Goal
from policybuilder.domain.policy.document import Effect

from ..fields import MAX_ENTRIES, Choice, Shape, StrictSerializer, TextList, TextLists, labelled
from .shared import (
    MAX_ID,
    DocumentSerializer,
    FindingSerializer,
    LevelPolicySerializer,
    PolicyScopeSerializer,
    ProjectScopeSerializer,
    SizeSerializer,
    choice_of,
    text_list,
)


class SelectionSerializer(StrictSerializer):
    operations = TextList(max_length=MAX_ID, default=list, help_text="Ids of operations.")
    options = TextLists(
        child=TextList(most=MAX_ENTRIES, max_length=MAX_ID),
        default=dict,
        help_text="Id of a selected operation -> the slugs of its options that are on. Left out: all are.",
    )
    actions = TextList(max_length=MAX_CHARACTERS, default=list, help_text="Single actions, or wildcards (100 at most).")
    without = TextList(max_length=MAX_CHARACTERS, default=list, help_text="Dependencies that are left out.")
    only_reading = TextList(
        max_length=MAX_CHARACTERS,
        default=list,
        help_text="Wildcard dependencies in whose place the reading actions are granted that they match, by name.",
    )
    dependencies = Choice(
        choices=labelled(Dependencies),
        default=Dependencies.DIRECT.value,
        help_text="direct: those of an operation's own row. all: also those of its dependencies.",
    )
    effect = Choice(
        choices=labelled(Effect),
        default=Effect.ALLOW.value,
        help_text="Deny: the operations' own actions and the single ones, without dependencies.",
    )
    goal = Choice(
        choices=labelled(Goal),
        default=Goal.UNDECIDED.value,
        help_text="Where the policy is to be granted. It adds to what is said of it, and never changes it.",
    )


class GrantSerializer(Shape):
    action = serializers.CharField()
    selected = serializers.BooleanField(help_text="A selected operation's own action, or a single one.")
    needed_by = text_list(help_text="The ids of the operations that depend on it.")
    scope = ProjectScopeSerializer()


class IncompleteSerializer(Shape):
    id = serializers.CharField()
    missing = text_list()


class OperationAccessSerializer(Shape):
    selected = text_list()
    also_allowed = text_list(help_text="Nobody selected them, yet the policy allows them, under conditions at least.")
    incomplete = IncompleteSerializer(many=True, help_text="Their own action is granted, these dependencies are not.")


class ExcludedOperationSerializer(Shape):
    id = serializers.CharField()
    reason = serializers.CharField(help_text="What is published about it, and where, for people.")
    alternative = serializers.CharField(
        allow_null=True, help_text="The id of the operation that does its job there; null where none is known."
    )


class ExcludedSerializer(Shape):
    operations = ExcludedOperationSerializer(many=True, help_text="Of those that are selected to be allowed.")
    actions = text_list(help_text="Of those that are granted, dependencies included, sorted by name.")


class CompiledSerializer(Shape):
    policy = DocumentSerializer(help_text="The first of policies, where two are needed.")
    policies = LevelPolicySerializer(
        many=True,
        required=False,
        help_text="Only where the actions are of both levels: one policy of each, XA first. Create both.",
    )
    actions = GrantSerializer(many=True)
    scope = PolicyScopeSerializer()
    operations = OperationAccessSerializer()
    goal = choice_of(Goal)
    excluded = ExcludedSerializer(help_text="What has no effect at the goal; nothing where it is undecided.")
    size = SizeSerializer()
    findings = FindingSerializer(many=True)
