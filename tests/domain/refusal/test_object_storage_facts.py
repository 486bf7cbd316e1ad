"""Every request of the Object Storage Service and its action, and every error that is no refusal by a policy.

Sources: OBS API Reference, "APIs", "Bucket Actions", "Object Actions" and "Error Codes".
"""

from policybuilder.domain.refusal.object_storage import needed, no_refusal

HOST = "obs.eu-de.otc.t-systems.com"
PATHS = {"service": "/", "bucket": "/photos", "object": "/photos/a.png"}

# What the request is for, method, sub-resource, verb of the action.
REQUESTS = """
service GET - ListAllMyBuckets
bucket GET - ListBucket
bucket HEAD - HeadBucket
bucket PUT - CreateBucket
bucket DELETE - DeleteBucket
bucket POST - PutObject
bucket POST delete DeleteObject
object GET - GetObject
object HEAD - GetObject
object PUT - PutObject
object DELETE - DeleteObject
bucket GET acl GetBucketAcl
bucket PUT acl PutBucketAcl
bucket GET policy GetBucketPolicy
bucket PUT policy PutBucketPolicy
bucket DELETE policy DeleteBucketPolicy
bucket GET logging GetBucketLogging
bucket PUT logging PutBucketLogging
bucket GET lifecycle GetLifecycleConfiguration
bucket PUT lifecycle PutLifecycleConfiguration
bucket DELETE lifecycle PutLifecycleConfiguration
bucket GET versioning GetBucketVersioning
bucket PUT versioning PutBucketVersioning
bucket GET notification GetBucketNotification
bucket PUT notification PutBucketNotification
bucket GET storageclass GetBucketStoragePolicy
bucket PUT storageclass PutBucketStoragePolicy
bucket GET storagepolicy GetBucketStoragePolicy
bucket PUT storagepolicy PutBucketStoragePolicy
bucket GET replication GetReplicationConfiguration
bucket PUT replication PutReplicationConfiguration
bucket DELETE replication DeleteReplicationConfiguration
bucket GET tagging GetBucketTagging
bucket PUT tagging PutBucketTagging
bucket DELETE tagging DeleteBucketTagging
bucket GET quota GetBucketQuota
bucket PUT quota PutBucketQuota
bucket GET inventory GetBucketInventoryConfiguration
bucket PUT inventory PutBucketInventoryConfiguration
bucket DELETE inventory DeleteBucketInventoryConfiguration
bucket GET customdomain GetBucketCustomDomainConfiguration
bucket PUT customdomain PutBucketCustomDomainConfiguration
bucket DELETE customdomain DeleteBucketCustomDomainConfiguration
bucket GET encryption GetEncryptionConfiguration
bucket PUT encryption PutEncryptionConfiguration
bucket DELETE encryption PutEncryptionConfiguration
bucket GET website GetBucketWebsite
bucket PUT website PutBucketWebsite
bucket DELETE website DeleteBucketWebsite
bucket GET cors GetBucketCORS
bucket PUT cors PutBucketCORS
bucket DELETE cors PutBucketCORS
bucket GET requestpayment GetBucketRequestPayment
bucket PUT requestpayment PutBucketRequestPayment
bucket GET object-lock GetBucketObjectLockConfiguration
bucket PUT object-lock PutBucketObjectLockConfiguration
bucket GET storageinfo GetBucketStorage
bucket GET location GetBucketLocation
bucket GET versions ListBucketVersions
bucket GET uploads ListBucketMultipartUploads
object GET acl GetObjectAcl
object PUT acl PutObjectAcl
object GET tagging GetObjectTagging
object PUT tagging PutObjectTagging
object DELETE tagging DeleteObjectTagging
object PUT retention PutObjectRetention
object PUT metadata ModifyObjectMetaData
object PUT modify PutObject
object PUT truncate PutObject
object POST rename PutObject
object POST append PutObject
object POST restore RestoreObject
object POST uploads PutObject
object POST uploadid PutObject
object PUT uploadid PutObject
object GET uploadid ListMultipartUploadParts
object DELETE uploadid AbortMultipartUpload
"""

# An operation of the S3 protocol, the verbs of its actions.
NAMES = """
listbuckets ListAllMyBuckets
listobjects ListBucket
listobjectsv2 ListBucket
listobjectversions ListBucketVersions
listmultipartuploads ListBucketMultipartUploads
listparts ListMultipartUploadParts
headobject GetObject
copyobject GetObject PutObject
createmultipartupload PutObject
uploadpart PutObject
uploadpartcopy PutObject
completemultipartupload PutObject
deleteobjects DeleteObject
getbucketlifecycleconfiguration GetLifecycleConfiguration
putbucketlifecycleconfiguration PutLifecycleConfiguration
deletebucketlifecycle PutLifecycleConfiguration
getbucketencryption GetEncryptionConfiguration
putbucketencryption PutEncryptionConfiguration
deletebucketencryption PutEncryptionConfiguration
getbucketreplication GetReplicationConfiguration
putbucketreplication PutReplicationConfiguration
deletebucketreplication DeleteReplicationConfiguration
deletebucketcors PutBucketCORS
getbucketnotificationconfiguration GetBucketNotification
putbucketnotificationconfiguration PutBucketNotification
getobjectlockconfiguration GetBucketObjectLockConfiguration
putobjectlockconfiguration PutBucketObjectLockConfiguration
"""

VERSIONED = """
GET - GetObjectVersion
DELETE - DeleteObjectVersion
GET acl GetObjectVersionAcl
PUT acl PutObjectVersionAcl
"""

NO_REFUSALS = """
AccessForbidden
AllAccessDisabled
DeregisterUserId
InArrearOrInsufficientBalance
InsufficientStorageSpace
InvalidAccessKeyId
InvalidObjectState
NotSignedUp
RequestPayerDenied
RequestTimeTooSkewed
SignatureDoesNotMatch
Unauthorized
VirtualHostDomainRequired
"""


def test_request_needs_the_action_of_its_table():
    rows = [line.split() for line in REQUESTS.strip().splitlines()]

    found = [[*row[:3], *_verbs(row[1], PATHS[row[0]], row[2])] for row in rows]

    assert found == rows


def test_setting_without_an_action_has_no_request():
    rows = [line.split() for line in REQUESTS.strip().splitlines()]
    known = {tuple(row[:3]) for row in rows}
    settings = sorted({row[2] for row in rows if row[0] == "bucket"} - {"-", "delete"})
    unknown = [(m, name) for name in settings for m in ("GET", "PUT", "DELETE") if ("bucket", m, name) not in known]

    assert [request for request in unknown if _verbs(request[0], PATHS["bucket"], request[1])] == []


def test_request_for_a_version_needs_an_action_of_its_own():
    rows = [line.split() for line in VERSIONED.strip().splitlines()]

    found = [[*row[:2], *_verbs(row[0], PATHS["object"], f"{row[1].strip('-')}&versionId=1")] for row in rows]

    assert found == rows


def test_name_of_the_protocol_needs_the_action_of_its_table():
    rows = [line.split() for line in NAMES.strip().splitlines()]

    assert [[row[0], *needed(HOST, None, row[0], "")[0]] for row in rows] == rows


def test_error_for_another_reason_is_no_refusal_by_a_policy():
    codes = NO_REFUSALS.split()

    assert [code for code in codes if no_refusal(f"<Error><Code>{code}</Code>")] == codes
    assert not no_refusal("<Error><Code>AccessDenied</Code>")


def _verbs(method: str, path: str, name: str) -> list[str]:
    target = path if name == "-" else f"{path}?{name}"
    return [verb for verbs in needed(HOST, method, target, "") for verb in verbs]
