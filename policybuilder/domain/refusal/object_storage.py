"""Requests to the Object Storage Service, which have no version: the bucket stands in the host or begins the path, and
what is done to it, or to an object in it, is the method and a sub-resource behind the question mark (`?acl`).

Sources: OBS API Reference, "Constructing a Request", "APIs" (one page for each operation), "Error Codes" and "Bucket
Actions", "Object Actions"; names that tools of the S3 protocol give operations where they differ from the action's.
"""

import re
from dataclasses import dataclass
from enum import Enum
from urllib.parse import unquote

from .hosts import read_host

PREFIX = "obs"

_COPIED = re.compile(r"\bx-(?:obs|amz)-copy-source[\"']?\s{0,4}:", re.IGNORECASE)
_ERROR = re.compile(
    r"""
    <Error>\s{0,40}<Code>\s{0,8}(?P<code>[A-Za-z]{3,60})\s{0,8}</Code>
    | \((?P<told>[A-Za-z]{3,60})\)\ when\ calling\ the\   # the sentence of boto3 and the AWS CLI
    """,
    re.VERBOSE | re.IGNORECASE,
)
_RESOURCE = re.compile(r"<Resource>\s{0,8}(?P<path>/[^<]{0,1100}?)\s{0,8}</Resource>", re.IGNORECASE)
_MOST_ERROR = 4_000  # characters of an error that are read
ACCESS_DENIED = "AccessDenied"
# Other errors that come with 403 -> why.
NO_REFUSAL_BY_A_POLICY = {
    "AccessForbidden": "no CORS rule of the bucket lets the page make the request",
    "AllAccessDisabled": "nobody may use a bucket of that name",
    "DeregisterUserId": "the user is no longer registered",
    "InArrearOrInsufficientBalance": "the account owes money",
    "InsufficientStorageSpace": "there is no room left",
    "InvalidAccessKeyId": "the access key does not exist",
    "InvalidObjectState": "the object is Cold and has to be restored first",
    "NotSignedUp": "the account is not registered for the service",
    "RequestPayerDenied": "whoever requests has to pay, and the request does not say that",
    "RequestTimeTooSkewed": "the clock of the caller is wrong",
    "SignatureDoesNotMatch": "the request is signed with another secret key, or wrongly",
    "Unauthorized": "the user's name has not been verified",
    "VirtualHostDomainRequired": "the bucket has to stand in the host",
}
_VERSIONED = {  # of a request with ?versionId
    "GetObject": "GetObjectVersion",
    "DeleteObject": "DeleteObjectVersion",
    "GetObjectAcl": "GetObjectVersionAcl",
    "PutObjectAcl": "PutObjectVersionAcl",
}


class Place(Enum):
    """What a request is for."""

    SERVICE = "service"
    BUCKET = "bucket"
    OBJECT = "object"


# Sub-resources of a bucket -> the verbs of the actions for GET, PUT and DELETE; "": there is no such request.
_SETTINGS = {
    "acl": ("GetBucketAcl", "PutBucketAcl", ""),
    "policy": ("GetBucketPolicy", "PutBucketPolicy", "DeleteBucketPolicy"),
    "logging": ("GetBucketLogging", "PutBucketLogging", ""),
    "lifecycle": ("GetLifecycleConfiguration", "PutLifecycleConfiguration", "PutLifecycleConfiguration"),
    "versioning": ("GetBucketVersioning", "PutBucketVersioning", ""),
    "notification": ("GetBucketNotification", "PutBucketNotification", ""),
    "storageclass": ("GetBucketStoragePolicy", "PutBucketStoragePolicy", ""),
    "storagepolicy": ("GetBucketStoragePolicy", "PutBucketStoragePolicy", ""),
    "replication": ("GetReplicationConfiguration", "PutReplicationConfiguration", "DeleteReplicationConfiguration"),
    "tagging": ("GetBucketTagging", "PutBucketTagging", "DeleteBucketTagging"),
    "quota": ("GetBucketQuota", "PutBucketQuota", ""),
    "inventory": (
        "GetBucketInventoryConfiguration",
        "PutBucketInventoryConfiguration",
        "DeleteBucketInventoryConfiguration",
    ),
    "customdomain": (
        "GetBucketCustomDomainConfiguration",
        "PutBucketCustomDomainConfiguration",
        "DeleteBucketCustomDomainConfiguration",
    ),
    "encryption": ("GetEncryptionConfiguration", "PutEncryptionConfiguration", "PutEncryptionConfiguration"),
    "website": ("GetBucketWebsite", "PutBucketWebsite", "DeleteBucketWebsite"),
    "cors": ("GetBucketCORS", "PutBucketCORS", "PutBucketCORS"),
    "requestpayment": ("GetBucketRequestPayment", "PutBucketRequestPayment", ""),
    "object-lock": ("GetBucketObjectLockConfiguration", "PutBucketObjectLockConfiguration", ""),
    "storageinfo": ("GetBucketStorage", "", ""),
    "location": ("GetBucketLocation", "", ""),
    "versions": ("ListBucketVersions", "", ""),
    "uploads": ("ListBucketMultipartUploads", "", ""),
}
_OF_OBJECTS = {
    ("GET", "acl"): "GetObjectAcl",
    ("PUT", "acl"): "PutObjectAcl",
    ("GET", "tagging"): "GetObjectTagging",
    ("PUT", "tagging"): "PutObjectTagging",
    ("DELETE", "tagging"): "DeleteObjectTagging",
    ("PUT", "retention"): "PutObjectRetention",
    ("PUT", "metadata"): "ModifyObjectMetaData",
    ("PUT", "modify"): "PutObject",
    ("PUT", "truncate"): "PutObject",
    ("POST", "rename"): "PutObject",
    ("POST", "append"): "PutObject",
    ("POST", "restore"): "RestoreObject",
    ("POST", "uploads"): "PutObject",
    ("POST", "uploadid"): "PutObject",
    ("PUT", "uploadid"): "PutObject",
    ("GET", "uploadid"): "ListMultipartUploadParts",
    ("DELETE", "uploadid"): "AbortMultipartUpload",
}
_VERBS = {
    (Place.SERVICE, "GET", ""): "ListAllMyBuckets",
    (Place.BUCKET, "GET", ""): "ListBucket",
    (Place.BUCKET, "HEAD", ""): "HeadBucket",
    (Place.BUCKET, "PUT", ""): "CreateBucket",
    (Place.BUCKET, "DELETE", ""): "DeleteBucket",
    (Place.BUCKET, "POST", ""): "PutObject",  # upload by a form
    (Place.BUCKET, "POST", "delete"): "DeleteObject",
    (Place.OBJECT, "GET", ""): "GetObject",
    (Place.OBJECT, "HEAD", ""): "GetObject",
    (Place.OBJECT, "PUT", ""): "PutObject",
    (Place.OBJECT, "DELETE", ""): "DeleteObject",
    **{
        (Place.BUCKET, method, name): verb
        for name, verbs in _SETTINGS.items()
        for method, verb in zip(("GET", "PUT", "DELETE"), verbs, strict=True)
        if verb
    },
    **{(Place.OBJECT, *request): verb for request, verb in _OF_OBJECTS.items()},
}
_SUB_RESOURCES = frozenset(name for _, _, name in _VERBS if name)
# Parameters that can stand without a value and only say how; those of a signature as well.
_HOW = re.compile(
    r"""(?:key-|upload-id-|version-id-|part-number-)?marker|max-(?:keys|parts|uploads)|prefix|delimiter|encoding-type
    |list-type|continuation-token|start-after|fetch-owner|partnumber|versionid|position|length|name|id|attname
    |response-.*|x-.*|(?:aws|obs)?accesskeyid|expires|signature""",
    re.VERBOSE,
)
_NAME = re.compile(r"[a-z][a-z-]*")

# Names of operations in the S3 protocol -> verbs, where these differ; in lower case.
_NAMED = {
    "listbuckets": ("ListAllMyBuckets",),
    "listobjects": ("ListBucket",),
    "listobjectsv2": ("ListBucket",),
    "listobjectversions": ("ListBucketVersions",),
    "listmultipartuploads": ("ListBucketMultipartUploads",),
    "listparts": ("ListMultipartUploadParts",),
    "headobject": ("GetObject",),
    "copyobject": ("GetObject", "PutObject"),
    "createmultipartupload": ("PutObject",),
    "uploadpart": ("PutObject",),
    "uploadpartcopy": ("PutObject",),
    "completemultipartupload": ("PutObject",),
    "deleteobjects": ("DeleteObject",),
    "getbucketlifecycleconfiguration": ("GetLifecycleConfiguration",),
    "putbucketlifecycleconfiguration": ("PutLifecycleConfiguration",),
    "deletebucketlifecycle": ("PutLifecycleConfiguration",),
    "getbucketencryption": ("GetEncryptionConfiguration",),
    "putbucketencryption": ("PutEncryptionConfiguration",),
    "deletebucketencryption": ("PutEncryptionConfiguration",),
    "getbucketreplication": ("GetReplicationConfiguration",),
    "putbucketreplication": ("PutReplicationConfiguration",),
    "deletebucketreplication": ("DeleteReplicationConfiguration",),
    "deletebucketcors": ("PutBucketCORS",),
    "getbucketnotificationconfiguration": ("GetBucketNotification",),
    "putbucketnotificationconfiguration": ("PutBucketNotification",),
    "getobjectlockconfiguration": ("GetBucketObjectLockConfiguration",),
    "putobjectlockconfiguration": ("PutBucketObjectLockConfiguration",),
}


@dataclass(frozen=True, slots=True)
class ObjectError:
    """The body of an error. `resource` is `/bucket/object`, or "" where it does not tell."""

    code: str
    resource: str

    @property
    def place(self) -> Place:
        return _place(len([part for part in self.resource.split("/", 2) if part]))


def find_error(text: str) -> ObjectError | None:
    """The first error of object storage in a text: its body in XML, or the sentence of a tool."""
    match = _ERROR.search(text)
    if match is None:
        return None
    resource = _RESOURCE.search(text, match.end(), match.end() + _MOST_ERROR)
    return ObjectError(match["code"] or match["told"], resource["path"] if resource else "")


def no_refusal(text: str) -> str:
    """Why the first error of object storage in a text is no refusal by a policy; "" where it can be one."""
    match = _ERROR.search(text)
    return NO_REFUSAL_BY_A_POLICY.get(match["code"] or match["told"], "") if match else ""


def needed(host: str, method: str | None, target: str, told: str) -> tuple[tuple[str, ...], ...]:
    """The verbs of the actions that a request needs together, for each operation that it can be.

    These are several where the method is not known, and none for a request that OBS does not have. `target` is the path
    with what is behind the question mark, or the operation's name in the S3 protocol, which mostly is the verb;
    `told` is the text of the request.
    """
    if not target.startswith("/"):
        return (_NAMED.get(target.casefold(), (target,)),)
    if unknown_sub_resource(host, target):
        return ()
    place, parameters = _read(host, target)
    named = _sub_resource(place, parameters)
    found = [
        verb
        for (where, own, name), verb in _VERBS.items()
        if where is place and method in (None, own) and name == named
    ]
    if "versionid" in parameters:
        found = [_VERSIONED.get(verb, verb) for verb in found]
    if found == ["PutObject"] and not named and _COPIED.search(told):
        return (("GetObject", "PutObject"),)
    return tuple((verb,) for verb in dict.fromkeys(found))


def unknown_sub_resource(host: str, target: str) -> str:
    """A parameter without a value that says what is done, and not known: `torrent` of `/key?torrent`; else ""."""
    if _sub_resource(*_read(host, target)):
        return ""
    without_value = (part.removesuffix("=") for part in target.partition("?")[2].split("&"))
    names = (unquote(name) for name in without_value if _NAME.fullmatch(name.casefold()))
    return next((name for name in names if not _HOW.fullmatch(name.casefold())), "")


def _read(host: str, target: str) -> tuple[Place, frozenset[str]]:
    path, _, query = target.partition("?")
    read = read_host(host)
    parts = [part for part in path.split("/") if part]
    if read and read.before:
        parts = [read.before, *parts]
    place = _place(len(parts))
    names = (unquote(part.partition("=")[0]).casefold() for part in query.split("&"))
    return place, frozenset(name for name in names if name)


def _place(parts: int) -> Place:
    """By how many names there are: the bucket's, and those of the object's path."""
    return (Place.SERVICE, Place.BUCKET, Place.OBJECT)[min(parts, 2)]


def _sub_resource(place: Place, parameters: frozenset[str]) -> str:
    """The parameter that says what is done; others only say how (`prefix`, `max-keys`, a signature)."""
    fitting = (name for where, _, name in _VERBS if where is place and name in parameters)
    other = (name for name in sorted(parameters) if name in _SUB_RESOURCES)
    return next(fitting, None) or next(other, "")
