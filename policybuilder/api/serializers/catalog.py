"""The shapes of services, categories, operations and actions."""

from rest_framework import serializers

from policybuilder.domain.catalog.entries import Access, Evidence, Level, Revealed, Support

from ..fields import Shape
from .shared import ProjectScopeSerializer, SourceSerializer, choice_of, text_list


class ScopeSerializer(ProjectScopeSerializer):
    evidence = choice_of(
        Evidence,
        help_text="stated in a published table, inferred from another cloud's table or from rows like it, or missing",
    )
    source = SourceSerializer(allow_null=True)  # type: ignore[assignment]


class CallSerializer(Shape):
    method = serializers.CharField()
    path = serializers.CharField()


class ActionCallSerializer(CallSerializer):
    enterprise_project = choice_of(Support, allow_null=True, help_text="null: not published for this call alone")


class CountsSerializer(Shape):
    categories = serializers.IntegerField()
    operations = serializers.IntegerField()
    actions = serializers.IntegerField(help_text="Actions that authorise an operation of the service.")
    dependencies = serializers.IntegerField(help_text="Further actions that its operations need.")


class ServiceSerializer(Shape):
    slug = serializers.CharField()
    title = serializers.CharField()
    counts = CountsSerializer()


class CategorySerializer(Shape):
    service = serializers.CharField()
    slug = serializers.CharField()
    title = serializers.CharField()
    operation_count = serializers.IntegerField()
    source = SourceSerializer()  # type: ignore[assignment]


class CategoryNameSerializer(Shape):
    slug = serializers.CharField()
    title = serializers.CharField()


class OptionSerializer(Shape):
    slug = serializers.CharField()
    title = serializers.CharField()
    actions = text_list()
    dependencies = text_list()


class PageSerializer(Shape):
    title = serializers.CharField()
    url = serializers.CharField()


class ManualSerializer(Shape):
    action = serializers.CharField()
    dependencies = text_list()
    notes = text_list()
    source = SourceSerializer()  # type: ignore[assignment]


class OperationSerializer(Shape):
    id = serializers.CharField()
    service = serializers.CharField()
    services = text_list(help_text="The services whose tables publish it, its own first.")
    category = CategoryNameSerializer()
    title = serializers.CharField()
    access = choice_of(Access)
    native = serializers.BooleanField(help_text="An operation of the native OpenStack API.")
    calls = CallSerializer(many=True)
    actions = text_list(help_text="All of them are needed. None: no authorization is required.")
    dependencies = text_list(help_text="Actions that it needs beside its own.")
    options = OptionSerializer(many=True, help_text="Ways of making the calls, with what only each way needs.")
    manual = ManualSerializer(
        many=True,
        help_text="Dependencies and remarks of user manuals about its actions; never added automatically.",
    )
    scope = ScopeSerializer()
    by_instance = choice_of(Support, help_text="Whether rights can be limited to single instances.")
    by_tag = choice_of(Support, help_text="Whether rights can be limited by tags.")
    enterprise_alternative = serializers.CharField(
        allow_null=True, help_text="The id of an operation that does its job in enterprise projects."
    )
    reveals = serializers.ListField(
        child=choice_of(Revealed),
        allow_null=True,
        help_text="The kinds of data that the response shows: content (data that people keep in the service), secret "
        "(keys, passwords, tokens, consoles), personal. Empty: none of these. null: nobody has judged the response.",
    )
    reveals_source = SourceSerializer(allow_null=True, help_text="The page that shows what the response reveals.")
    pages = PageSerializer(many=True, help_text="The vendor's pages about it.")


class ActionSerializer(Shape):
    name = serializers.CharField()
    title = serializers.CharField(help_text="Empty where none is published.")
    access = choice_of(Access)
    level = choice_of(Level)
    scope = ScopeSerializer()
    calls = ActionCallSerializer(many=True)
    operations = text_list(help_text="The ids of the operations that it authorises. None: it is a dependency only.")
    manual = ManualSerializer(allow_null=True, help_text="Its dependencies and remarks in the user manual, or null.")


class PagedSerializer(Shape):
    count = serializers.IntegerField()
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)


class OperationsSerializer(PagedSerializer):
    results = OperationSerializer(many=True)


class ActionsSerializer(PagedSerializer):
    results = ActionSerializer(many=True)
