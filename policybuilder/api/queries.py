"""Query parameters: every name and value is known, or the answer is 400 and says what is."""

from rest_framework.exceptions import ValidationError

from policybuilder.answers.catalog import categories_of
from policybuilder.answers.suggest import did_you_mean
from policybuilder.catalog_files.judged_starting_points import find_template, starting_tasks
from policybuilder.catalog_files.starting_points import system_policies
from policybuilder.domain.access.evaluation import Project
from policybuilder.domain.catalog.action_names import ActionNameError, parse_action
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Access, Support

from .fields import Choice, Shape, Text, WholeNumber, labelled
from .pagination import DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE

MAX_QUERY = 200


class QuerySerializer(Shape):
    """Parameters that are left out or empty do not filter; what is left out is read as empty."""

    def validate_service(self, value: str) -> str:
        return self._known(value, "service", [service.slug for service in self._catalog.services])

    def validate_category(self, value: str) -> str:
        service = self.initial_data.get("service", "")
        if service not in [found.slug for found in self._catalog.services]:
            service = ""  # which is refused for itself
        known = list(dict.fromkeys(category.slug for category in categories_of(self._catalog, service)))
        return self._known(value, f"category of {service!r}" if service else "category", known)

    @property
    def _catalog(self) -> Catalog:
        catalog: Catalog = self.context["catalog"]
        return catalog

    @staticmethod
    def _known(value: str, what: str, known: list[str]) -> str:
        if value and value not in known:
            hint = did_you_mean(value, known)
            message = f"{value[:80]!r} is no {what} of the catalogue.{hint} Allowed: {', '.join(known) or 'none'}."
            raise ValidationError(message, code="unknown_value")
        return value


def _service() -> Text:
    return Text(required=False, max_length=100, help_text="A service's slug.")


class CategoryQuery(QuerySerializer):
    service = _service()


class PageQuery(QuerySerializer):
    page = WholeNumber(default=1, help_text="Counts from 1.")
    page_size = WholeNumber(default=DEFAULT_PAGE_SIZE, most=MAX_PAGE_SIZE, help_text="Entries of a page.")


class OperationQuery(PageQuery):
    service = _service()
    category = Text(required=False, max_length=200, help_text="A category's slug.")
    q = Text(
        required=False,
        max_length=MAX_QUERY,
        help_text="Words that all have to be met, as in the builder's search: by the title, the category, the service, "
        "the actions or the API calls, with other forms of a word, synonyms in English and German, and slips of the "
        "keyboard. Words with a colon or a slash are parts of names and of one call. The order stays the catalogue's.",
    )
    action = Text(
        required=False,
        max_length=200,
        help_text="An action or wildcard, such as ecs:*:get*: operations that it covers an action of.",
    )
    access = Choice(required=False, choices=labelled(Access), help_text="Reading or writing.")
    enterprise_project = Choice(
        default="", choices=labelled(Support), help_text="Whether it works in enterprise projects."
    )

    def validate_action(self, value: str) -> str:
        try:
            if value:
                parse_action(value)
        except ActionNameError as error:
            raise ValidationError(str(error), code="malformed_action") from None
        return value


class ActionQuery(PageQuery):
    service = _service()
    q = Text(
        required=False,
        max_length=MAX_QUERY,
        help_text="Words that all have to be met, as for operations: by the name, the title, the service or the calls.",
    )


class TemplateQuery(QuerySerializer):
    slug = Text(
        required=False,
        max_length=100,
        help_text="That of a task: all of its entries. Or a service's slug with -read, -operate or -everything, as in "
        "vpc-read: what the rule for it comes to.",
    )
    project = Choice(required=False, choices=labelled(Project), help_text="Where the policy is to be granted.")

    def validate_slug(self, value: str) -> str:
        if value and find_template(self._catalog, value):
            return value
        return self._known(value, "template", [template.slug for template in starting_tasks(self._catalog)])


class SystemPolicyQuery(QuerySerializer):
    slug = Text(required=False, max_length=100, help_text="That of one policy.")

    def validate_slug(self, value: str) -> str:
        return self._known(value, "system-defined policy", [policy.slug for policy in system_policies()])


class SchemaQuery(QuerySerializer):
    format = Choice(required=False, choices=["json", "yaml"], help_text="Left out, the Accept header decides.")


class NoQuery(QuerySerializer):
    """No parameter at all."""


class DraftQuery(QuerySerializer):
    """What a page keeps for the way back."""

    draft = Text(required=False)
