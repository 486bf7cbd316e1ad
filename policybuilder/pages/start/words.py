"""How starting points are called on their pages."""

from policybuilder.domain.access.evaluation import Project
from policybuilder.store.starting_points import Kind

KINDS = {Kind.POLICY: "System-defined policy", Kind.ROLE: "System-defined role"}
HEADINGS = {Project.IAM: "For IAM projects", Project.ENTERPRISE: "For enterprise projects"}
ANYWHERE = "For IAM and enterprise projects"
