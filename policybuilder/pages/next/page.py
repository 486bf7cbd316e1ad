"""The steps in the console for a draft as values for their template: which policies to create, and where to grant
them. Source: IAM and Enterprise Project user manuals; the template names the page of each step."""

from dataclasses import dataclass, replace

from django.utils.functional import cached_property

from policybuilder.domain.building.compiler import PolicyDocument
from policybuilder.domain.building.selection_split import divide_blocks
from policybuilder.domain.catalog.action_names import service_of
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Level
from policybuilder.domain.catalog.scope import Goal
from policybuilder.drafts.addresses import address
from policybuilder.drafts.compiled import compiled
from policybuilder.drafts.draft import Draft
from policybuilder.web.wording import UNNAMED, LevelInWords, file_name, policy_name

_LATE = "obs"  # the one service whose pages say that its actions take a while; its prefix


@dataclass(frozen=True, slots=True)
class ToCreate:
    """A policy to create. `level` is that of the services of its actions."""

    name: str
    level: Level
    download: str
    file_name: str

    @property
    def scope(self) -> str:
        """As the console calls it."""
        return LevelInWords(self.level).heading

    @property
    def is_global(self) -> bool:
        return self.level is Level.AX


class NextPage:
    """`policies` are to be created, in this order."""

    def __init__(self, catalog: Catalog, draft: Draft):
        self._catalog = catalog
        self.draft = draft
        self.policy = compiled(catalog, draft)
        self.sheet = address(draft, name="sheet")
        self.for_iam_project = address(replace(draft, goal=Goal.IAM_PROJECT), name="next")
        self.for_enterprise_project = address(replace(draft, goal=Goal.ENTERPRISE_PROJECT), name="next")

    @cached_property
    def split(self) -> str:
        """The address of the policy split in two; "" where it cannot be divided."""
        return "" if divide_blocks(self._catalog, self.draft.blocks).whole else address(self.draft, name="split")

    @cached_property
    def policies(self) -> tuple[ToCreate, ...]:
        return () if self.policy.empty else tuple(map(self._to_create, self.policy.documents))

    def _to_create(self, document: PolicyDocument) -> ToCreate:
        name, level = policy_name(self.draft.name, document.level), document.level
        download = address(self.draft, name="download")
        if level:
            download = address(self.draft, name="download", level=level.value)
        return ToCreate(name or UNNAMED, level or self._only_level, download, file_name(name))

    @property
    def _only_level(self) -> Level:
        """The level of a policy that is the only one."""
        return Level.AX if self.policy.only_global else Level.XA

    @property
    def of_projects(self) -> tuple[ToCreate, ...]:
        """Those for the services of a region's projects."""
        return tuple(each for each in self.policies if not each.is_global)

    @property
    def of_global_services(self) -> tuple[ToCreate, ...]:
        return tuple(each for each in self.policies if each.is_global)

    @property
    def undecided(self) -> bool:
        return self.draft.goal is Goal.UNDECIDED

    @property
    def in_iam_project(self) -> bool:
        """Whether what is to be done there is shown; while nobody decided, that of both is."""
        return self.draft.goal is not Goal.ENTERPRISE_PROJECT

    @property
    def in_enterprise_project(self) -> bool:
        return self.draft.goal is not Goal.IAM_PROJECT

    @property
    def takes_a_while(self) -> bool:
        return any(service_of(name) == _LATE for name in self.policy.document.actions())
