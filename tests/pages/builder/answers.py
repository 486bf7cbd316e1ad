"""The parts that a submitted form is answered with."""

from django.http import QueryDict

from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.pages.builder.commands import carry_out
from policybuilder.pages.builder.form import read_submission
from policybuilder.pages.builder.page import BuilderPage
from policybuilder.pages.builder.parts import Part, changed_parts


def answer(of: Catalog, data: QueryDict) -> list[Part]:
    submission = read_submission(of, data)
    change = carry_out(of, submission)
    page = BuilderPage(of, change.draft, change.view, submission.before, change.typed)
    return changed_parts(page, submission, change.omitted)


def names(parts: list[Part]) -> set[str]:
    return {part.template.partition("#")[2] for part in parts}


def values_of(parts: list[Part], name: str) -> list:
    """What the parts of that name show, each its own."""
    return [part.of for part in parts if part.template.endswith(f"#{name}")]
