"""The shape of every answer and of every body. What is in them, the domain decides."""

from enum import StrEnum
from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from policybuilder.catalog_files.starting_points import Kind
from policybuilder.domain.access.evaluation import Project
from policybuilder.domain.building.selection import Dependencies
from policybuilder.domain.catalog.action_names import MAX_CHARACTERS
from policybuilder.domain.catalog.entries import Access, Evidence, Level, Revealed, Support
from policybuilder.domain.catalog.scope import Goal, Verdict
from policybuilder.domain.findings import Severity
from policybuilder.domain.policy.document import Effect

from .fields import MAX_ENTRIES, AnyText, Choice, JsonObject, Shape, StrictSerializer, TextList, TextLists, labelled

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


class PagedSerializer(Shape):
    count = serializers.IntegerField()
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)


class OperationsSerializer(PagedSerializer):
    results = OperationSerializer(many=True)


class ActionsSerializer(PagedSerializer):
    results = ActionSerializer(many=True)


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


class StatementSerializer(Shape):
    Effect = choice_of(Effect)
    Action = text_list()


class DocumentSerializer(Shape):
    Version = serializers.CharField()
    Statement = StatementSerializer(many=True)


class DependsSerializer(Shape):
    catalog = serializers.CharField()
    display_name = serializers.CharField()


class PublishedDocumentSerializer(DocumentSerializer):
    Depends = DependsSerializer(many=True, required=False, help_text="Roles that it has to be granted together with.")


class GrantSerializer(Shape):
    action = serializers.CharField()
    selected = serializers.BooleanField(help_text="A selected operation's own action, or a single one.")
    needed_by = text_list(help_text="The ids of the operations that depend on it.")
    scope = ProjectScopeSerializer()


class PolicyScopeSerializer(Shape):
    verdict = choice_of(Verdict)
    iam_only = text_list(help_text="Actions without effect in an enterprise project.")
    varies = text_list(help_text="Actions some of whose calls have none.")
    unknown = text_list(help_text="Actions of which that is not known.")


class IncompleteSerializer(Shape):
    id = serializers.CharField()
    missing = text_list()


class OperationAccessSerializer(Shape):
    selected = text_list()
    also_allowed = text_list(help_text="Nobody selected them, yet the policy allows them, under conditions at least.")
    incomplete = IncompleteSerializer(many=True, help_text="Their own action is granted, these dependencies are not.")


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


class ExcludedOperationSerializer(Shape):
    id = serializers.CharField()
    reason = serializers.CharField(help_text="What is published about it, and where, for people.")
    alternative = serializers.CharField(
        allow_null=True, help_text="The id of the operation that does its job there; null where none is known."
    )


class ExcludedSerializer(Shape):
    operations = ExcludedOperationSerializer(many=True, help_text="Of those that are selected to be allowed.")
    actions = text_list(help_text="Of those that are granted, dependencies included, sorted by name.")


class LevelPolicySerializer(Shape):
    level = choice_of(Level, help_text="Its type in IAM. XA: services of a region's projects. AX: global services.")
    policy = DocumentSerializer()
    scope = PolicyScopeSerializer()
    size = SizeSerializer()
    findings = FindingSerializer(many=True, help_text="What is said of this policy alone.")


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


class PolicySerializer(StrictSerializer):
    policy = JsonObject(help_text="A document, or the role that it stands in.")


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


class RuleSerializer(Shape):
    code = serializers.CharField()
    severity = choice_of(Severity, allow_null=True, help_text="null: it is never reported, and note says why.")
    title = serializers.CharField()
    source = serializers.CharField(help_text="Where the rule comes from.")  # type: ignore[assignment]
    note = serializers.CharField(help_text="Empty where there is nothing to add.")


class ExplainSerializer(StrictSerializer):
    text = AnyText(
        help_text="The refusal as it was received, or the call that was refused. The first 32,768 bytes count."
    )


class ExplainedSerializer(Shape):
    actions = text_list(help_text="The catalogue's actions that it is about, those that it names first.")
    operations = text_list(help_text="The ids of the operations that it is about, the most likely first.")
    findings = FindingSerializer(many=True, help_text="The gravest first. Their places are empty.")


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
