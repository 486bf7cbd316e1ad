"""The resources and condition keys that the services' manuals list for IAM policies, and the characters they allow.

Facts only, each with its page. A list is closed where the page says that it names all of them: only then is anything
else not valid. IAM's own manual lists neither: it refers to "the documentation of the relevant cloud service".
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from .condition_terms import KeyType

_DOCS = "https://docs.otc.t-systems.com"
_OBS = f"{_DOCS}/object-storage-service/permissions-configuration-guide/permission_control_methods"
OBS_IAM_POLICIES = f"{_OBS}/iam_permissions.html"
OBS_KEYS = f"{_OBS}/bucket_policies/bucket_policy_parameters.html"  # of bucket policies; the page above refers to it
DLI = (
    f"{_DOCS}/data-lake-insight/umn/dli_permission_management/iam_permission_management"
    "/using_iam_roles_or_policies_to_grant_access_to_dli.html"
)
KAFKA = (
    f"{_DOCS}/distributed-message-service/umn/permissions_management"
    "/creating_an_iam_user_and_granting_dms_for_kafka_permissions.html"
)
ROCKETMQ = (
    f"{_DOCS}/distributed-message-service-rocketmq/umn/permissions_management"
    "/creating_an_iam_user_and_granting_dms_for_rocketmq_permissions.html"
)
DDS = f"{_DOCS}/document-database-service/umn/permissions_management/creating_a_custom_policy.html"
FUNCTIONS = f"{_DOCS}/function-graph/umn/before_you_start/permissions_management/creating_a_custom_policy.html"
AGENCIES = f"{_DOCS}/identity-access-management/api-ref/apis/custom_policy_management/creating_a_custom_policy.html"
PROVIDER = (
    "https://registry.terraform.io/providers/opentelekomcloud/opentelekomcloud/latest/docs/resources/identity_role_v3"
)
PROVIDER_LOOKUP = (
    "https://registry.terraform.io/providers/opentelekomcloud/opentelekomcloud/latest/docs/data-sources"
    "/identity_role_custom_v3"
)


@dataclass(frozen=True, slots=True)
class ServiceKey:
    """A condition key of a service. `type` is None where no operator of IAM compares its values.

    With `actions`, the manual lets the key be used only where one of them is selected.
    """

    name: str
    type: KeyType | None
    actions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ServiceTerms:
    """The resource types and condition keys that the pages in `sources` name for one service.

    `closed_types` and `closed_keys`: the page names all of them. `closed_path` and `closed_values`: the page says that
    a resource's path and a condition's value hold no characters but those of PATH and VALUE.
    """

    sources: tuple[str, ...]
    types: frozenset[str] = frozenset()
    keys: tuple[ServiceKey, ...] = ()
    closed_types: bool = False
    closed_keys: bool = False
    closed_path: bool = False
    closed_values: bool = False


# The characters of a resource and of a condition's value, as the OBS page lists them for IAM policies. For other
# services no page lists any: there, these are valid and of others nothing is known.
PATH = re.compile(r"[A-Za-z0-9_*./\\-]*", re.ASCII)
VALUE = re.compile(r"[A-Za-z0-9,./_@#$%&*?-]*", re.ASCII)  # “*” and “?” of StringMatch among them
# No page lists the characters of a name (IAM.1003) or description (IAM.1018). These stand in published examples:
# IAMCloudServicePolicy (IAM API reference), custom_role, my-custom-policy (Terraform provider); and in descriptions of
# the IAM API reference, e.g. "Vulnerability Scan Service administrator of tasks and reports.".
NAME = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)
DESCRIPTION = re.compile(r"[A-Za-z0-9_,. -]*", re.ASCII)
# AGENCIES: the URI of an agency, at most 128 characters, with this action only.
AGENCY_URI = re.compile(r"/iam/agencies/[A-Za-z0-9]+", re.ASCII)
AGENCY_URI_CHARACTERS = 128
AGENCY_ACTION = "iam:agencies:assume"
# The owner of a resource: all, or an account id.
ACCOUNT = re.compile(r"\*|[0-9a-f]{32}", re.ASCII)

_LIST = ("obs:bucket:ListBucket", "obs:bucket:ListBucketVersions")
_ACL = ("obs:bucket:PutBucketAcl", "obs:object:PutObject", "obs:object:PutObjectAcl", "obs:object:PutObjectVersionAcl")
_VERSIONS = tuple(
    f"obs:object:{verb}"
    for verb in ("GetObjectVersion", "GetObjectVersionAcl", "PutObjectVersionAcl", "DeleteObjectVersion")
)
_PUT = ("obs:object:PutObject",)

SERVICE_TERMS: Mapping[str, ServiceTerms] = {
    "obs": ServiceTerms(
        sources=(OBS_IAM_POLICIES, OBS_KEYS),
        types=frozenset({"bucket", "object"}),
        keys=(
            ServiceKey("obs:CurrentTime", KeyType.DATE),
            ServiceKey("obs:EpochTime", KeyType.NUMBER),
            ServiceKey("obs:SecureTransport", KeyType.BOOLEAN),
            ServiceKey("obs:SourceIp", None),
            ServiceKey("obs:UserAgent", KeyType.STRING),
            ServiceKey("obs:Referer", KeyType.STRING),
            ServiceKey("obs:prefix", KeyType.STRING, _LIST),
            ServiceKey("obs:delimiter", KeyType.STRING, _LIST),
            ServiceKey("obs:max-keys", KeyType.NUMBER, _LIST),
            ServiceKey("obs:acl", KeyType.STRING, _ACL),
            ServiceKey("obs:copy-source", KeyType.STRING, _PUT),
            ServiceKey("obs:metadata-directive", KeyType.STRING, _PUT),
            ServiceKey("obs:server-side-encryption", KeyType.STRING, _PUT),
            ServiceKey("obs:versionId", KeyType.STRING, _VERSIONS),
        ),
        closed_types=True,
        closed_keys=True,
        closed_path=True,
        closed_values=True,
    ),
    "dli": ServiceTerms(
        sources=(DLI,),
        types=frozenset(
            {
                *("elasticresourcepool", "queue", "database", "table", "column", "jobs", "resource", "group"),
                *("datasourceauth", "edsconnections", "variable", "sqldefendrule", "catalog"),
            }
        ),
        closed_types=True,
        closed_keys=True,  # the page lists global keys only
    ),
    "dms": ServiceTerms(
        sources=(KAFKA, ROCKETMQ),
        types=frozenset({"kafka", "rocketmq"}),  # each page lists those of its own engine
        keys=(ServiceKey("dms:publicIP", KeyType.BOOLEAN), ServiceKey("dms:ssl", KeyType.BOOLEAN)),
    ),
    "dds": ServiceTerms(sources=(DDS,), types=frozenset({"instanceName"})),
    "functiongraph": ServiceTerms(sources=(FUNCTIONS,), types=frozenset({"function"})),
    "kms": ServiceTerms(sources=(PROVIDER,), types=frozenset({"KeyId"})),
}
SERVICE_KEYS: Mapping[str, ServiceKey] = {key.name: key for terms in SERVICE_TERMS.values() for key in terms.keys}


def terms_of(spelling: str) -> ServiceTerms | None:
    """The terms of the service that a resource names. The manuals print it in lower or in upper case, as OBS."""
    return SERVICE_TERMS.get(spelling.lower()) if spelling in (spelling.lower(), spelling.upper()) else None
