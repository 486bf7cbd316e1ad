"""How starting points are called on their pages."""

from policybuilder.catalog_files.starting_points import Kind
from policybuilder.domain.access.evaluation import Project

KINDS = {Kind.POLICY: "System-defined policy", Kind.ROLE: "System-defined role"}
HEADINGS = {Project.IAM: "For IAM projects", Project.ENTERPRISE: "For enterprise projects"}
ANYWHERE = "For IAM and enterprise projects"
