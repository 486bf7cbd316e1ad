"""The policies of a draft made shorter, and divided so that they fit IAM's limits, as values for the template."""

from dataclasses import dataclass, replace

from policybuilder.domain.access.document_scope import judge_document
from policybuilder.domain.building.compiler import CompiledPolicy, PolicyDocument
from policybuilder.domain.building.importing import CannotEditError, read_blocks
from policybuilder.domain.catalog.action_names import is_wildcard, service_of
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.known_actions import KnownActions
from policybuilder.domain.catalog.scope import PolicyScope
from policybuilder.domain.jsontext.nodes import Node
from policybuilder.domain.jsontext.writer import write
from policybuilder.domain.policy.document import MAX_ACTIONS, MAX_CHARACTERS, MAX_STATEMENTS, Size
from policybuilder.domain.policy.reading import FoundPolicy, measure_body, to_document
from policybuilder.domain.rewriting.shorten import compact_policy
from policybuilder.domain.rewriting.split_by_limits import split_by_limits
from policybuilder.drafts.addresses import address
from policybuilder.drafts.compiled import compiled
from policybuilder.drafts.draft import Draft, with_editable
from policybuilder.drafts.link import MAX_LINK, encode
from policybuilder.web.json_html import highlighted
from policybuilder.web.wording import UNNAMED, LevelInWords, VerdictInWords, file_name, policy_name

MAX_NAME = 58  # so that a number after the name stays within IAM's 64 characters
MAX_NAME_OF_TWO = 50  # as well as the level, where there are two


@dataclass(frozen=True)
class Sheet:
    """One policy to take away. `here` opens it in the builder; "" where that cannot be."""

    id: str
    name: str
    text: str
    size: Size
    scope: PolicyScope
    purpose: str
    here: str

    @property
    def marked(self) -> str:
        return highlighted(self.text)

    @property
    def file_name(self) -> str:
        return file_name(self.name)

    @property
    def verdict(self) -> VerdictInWords:
        return VerdictInWords(self.scope)

    @property
    def fits(self) -> bool:
        return fits(self.size)


class ShortenedDocument:
    """One of the policies that a draft makes: `before` is its size as it stands, `shorter` and `parts` what can be made
    of it.

    `undivided` says why a policy beyond IAM's limits has no parts. `words` are None where it is the only one.
    """

    def __init__(self, catalog: Catalog, draft: Draft, document: PolicyDocument, root: Node):
        self._catalog = catalog
        self._draft = draft
        self._document = document
        self.words = LevelInWords(document.level) if document.level else None
        self.suffix = f"-{document.level.lower()}" if document.level else ""
        name = draft.name or UNNAMED
        self.name = policy_name(name[:MAX_NAME_OF_TWO], document.level) if document.level else name[:MAX_NAME]
        self.shorter: Sheet | None = None
        self.parts: tuple[Sheet, ...] = ()
        self.undivided = ""
        self.mixed = document.mixed
        self.before = measure_body(root)
        compact = compact_policy(catalog, root)
        if compact.body is not root:
            self.shorter = self._sheet("shorter", f"{self.name}-short", compact.body, "")
        self.wildcards = _wildcards(compact.body) - _wildcards(root)
        if not fits(self.before):
            self._divide(root)

    def _divide(self, root: Node) -> None:
        parts = split_by_limits(self._catalog, root)
        if len(parts) == 1:
            self.undivided = parts[0].purpose
            return
        self.parts = tuple(
            self._sheet(f"part-{number}", f"{self.name}-{number}", part.body, part.purpose)
            for number, part in enumerate(parts, 1)
        )

    @property
    def holds(self) -> str:
        return self.words.holds(self._catalog, self._document.document) if self.words else ""

    @property
    def without_wildcards(self) -> tuple[str, ...]:
        """The titles of the services that the policy names and for which no wildcard is made."""
        services = self._catalog.prefixes.services_by_prefix
        prefixes = dict.fromkeys(service_of(name) for name in self._document.document.actions())
        partly = (p for p in prefixes if p in services and not self._catalog.prefixes.is_complete(p))
        return tuple(dict.fromkeys(services[prefix].title for prefix in partly))

    @property
    def over(self) -> tuple[str, ...]:
        """By how much each limit is exceeded."""
        limits = (
            (self.before.characters, MAX_CHARACTERS, "characters"),
            (self.before.statements, MAX_STATEMENTS, "statements"),
            (self.before.largest_statement, MAX_ACTIONS, "names in one statement"),
        )
        return tuple(
            f"{has - most:,} more than the {most:,} {what} that IAM takes" for has, most, what in limits if has > most
        )

    def _sheet(self, id_: str, name: str, body: Node, purpose: str) -> Sheet:
        return Sheet(
            id=f"{id_}{self.suffix}",
            name=name,
            text=write(body) + "\n",
            size=measure_body(body),
            scope=judge_document(KnownActions(self._catalog), to_document(body)),
            purpose=purpose,
            here=self._opened(body, name),
        )

    def _opened(self, body: Node, name: str) -> str:
        try:
            imported = read_blocks(self._catalog, FoundPolicy(body, ""))
        except CannotEditError:
            return ""
        draft = replace(self._draft, blocks=with_editable(imported.blocks), name=name, extra=imported.extra)
        return address(draft) if len(encode(draft)) <= MAX_LINK else ""


class ShortenPage:
    """`documents` are the policies that the draft makes; none where it is empty."""

    def __init__(self, catalog: Catalog, draft: Draft):
        self.catalog = catalog
        self.draft = draft
        self.policy: CompiledPolicy = compiled(catalog, draft)
        roots = () if self.policy.empty else ((each, each.source.root) for each in self.policy.documents)
        self.documents = tuple(
            ShortenedDocument(catalog, draft, each, root) for each, root in roots if root is not None
        )


def fits(size: Size) -> bool:
    return (
        size.characters <= MAX_CHARACTERS
        and size.statements <= MAX_STATEMENTS
        and size.largest_statement <= MAX_ACTIONS
    )


def _wildcards(body: Node) -> frozenset[str]:
    return frozenset(filter(is_wildcard, to_document(body).actions()))
