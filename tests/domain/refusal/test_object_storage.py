from dataclasses import replace

import pytest

from policybuilder.domain.catalog.entries import ApiCall
from policybuilder.domain.refusal.api_calls import NamedCall
from policybuilder.domain.refusal.known_calls import KnownCalls
from policybuilder.domain.refusal.object_storage import Place, find_error, needed
from tests.builders import catalog, operation, published
from tests.sweeps import sweep

OBS = "obs.eu-de.otc.t-systems.com"
VIRTUAL = f"photos.{OBS}"
COPY = "x-obs-copy-source: /photos/a.png"


@sweep(
    ("method", "address", "verbs"),
    [
        ("GET", f"{OBS}/", ["ListAllMyBuckets"]),
        ("GET", f"{VIRTUAL}/", ["ListBucket"]),
        ("GET", f"{VIRTUAL}/?list-type=2&prefix=a/&X-Amz-Signature=acl", ["ListBucket"]),
        ("GET", f"{OBS}/photos", ["ListBucket"]),
        ("GET", f"{OBS}/photos/", ["ListBucket"]),
        ("GET", f"{OBS}/photos?acl", ["GetBucketAcl"]),
        ("GET", "obs.otc.t-systems.com/photos?versions", ["ListBucketVersions"]),
        ("GET", "photos.s3.eu-nl.otc-tsi.de/?location", ["GetBucketLocation"]),
        ("PUT", f"{VIRTUAL}/", ["CreateBucket"]),
        ("HEAD", f"{VIRTUAL}/", ["HeadBucket"]),
        ("PUT", f"{VIRTUAL}/?storageClass", ["PutBucketStoragePolicy"]),
        ("PUT", f"{VIRTUAL}/?inventory&id=1", ["PutBucketInventoryConfiguration"]),
        ("DELETE", f"{VIRTUAL}/?cors", ["PutBucketCORS"]),
        ("DELETE", f"{VIRTUAL}/?policy", ["DeleteBucketPolicy"]),
        ("POST", f"{VIRTUAL}/?delete", ["DeleteObject"]),
        ("GET", f"{VIRTUAL}/a/b.png", ["GetObject"]),
        ("GET", f"{OBS}/photos/a/b.png", ["GetObject"]),
        ("HEAD", f"{VIRTUAL}/a?versionId=1", ["GetObjectVersion"]),
        ("DELETE", f"{VIRTUAL}/a?versionId=1", ["DeleteObjectVersion"]),
        ("GET", f"{VIRTUAL}/a?acl&versionId=1", ["GetObjectVersionAcl"]),
        ("PUT", f"{VIRTUAL}/a?partNumber=1&uploadId=2", ["PutObject"]),
        ("DELETE", f"{VIRTUAL}/a?uploadId=2", ["AbortMultipartUpload"]),
        ("POST", f"{VIRTUAL}/a?restore", ["RestoreObject"]),
        ("PUT", f"{VIRTUAL}/a?metadata", ["ModifyObjectMetaData"]),
        ("PATCH", f"{VIRTUAL}/a", []),
        ("PUT", f"{VIRTUAL}/a?location", []),
        ("GET", f"{VIRTUAL}/?nonsense", []),
        ("GET", f"{VIRTUAL}/a?torrent=", []),
        ("GET", f"{VIRTUAL}/?prefix=&delimiter=/&marker&X-Amz-Signature=…&…", ["ListBucket"]),
        (None, f"{VIRTUAL}/a?acl", ["GetObjectAcl", "PutObjectAcl"]),
        (None, f"{VIRTUAL}/a", ["GetObject", "PutObject", "DeleteObject"]),
    ],
)
def test_request_is_known_by_its_method_place_and_sub_resource(method, address, verbs):
    host, _, path = address.partition("/")
    host, mark, parameters = host.partition("?")

    assert needed(host, method, f"/{path}{mark}{parameters}", "") == tuple((verb,) for verb in verbs)


def test_copying_reads_as_well():
    assert needed(VIRTUAL, "PUT", "/b.png", f"PUT /b.png HTTP/1.1\n{COPY}") == (("GetObject", "PutObject"),)
    assert needed(VIRTUAL, "GET", "/b.png", COPY) == (("GetObject",),)
    assert needed(VIRTUAL, "PUT", "/b.png?partNumber=1&uploadId=2", COPY) == (("PutObject",),)  # as its row says


@pytest.mark.parametrize(
    ("name", "verbs"),
    [
        ("GetObject", ("GetObject",)),
        ("ListObjectsV2", ("ListBucket",)),
        ("HeadObject", ("GetObject",)),
        ("CopyObject", ("GetObject", "PutObject")),
        ("GetBucketEncryption", ("GetEncryptionConfiguration",)),
    ],
)
def test_operation_is_known_by_its_name_in_the_protocol(name, verbs):
    assert needed("", None, name, "") == (verbs,)


ROWS = catalog(
    replace(operation("obs/a/get", "obs:object:GetObject"), calls=(ApiCall("", "Downloading an Object"),)),
    operation("obs/a/copy", "obs:object:GetObject", "obs:object:PutObject"),
    operation("obs/a/put", "obs:object:PutObject"),
    operation("obs/a/lock", "obs:object:GetObject", "obs:object:GetObjectRetention"),
    operation("obs/a/tags", "obs:object:PutObjectTagging", "obs:object:GetObjectTagging"),
    operation("ims/a/create", "ims:images:create", "obs:bucket:ListBucket"),
    actions=[published("obs:bucket:HeadBucket"), published("obs:bucket:ListBucket")],
)


@pytest.mark.parametrize(
    ("method", "path", "told", "operations", "actions"),
    [
        ("GET", "/a", "", ["get"], []),
        ("PUT", "/a", "", ["put"], []),
        ("PUT", "/a", COPY, ["copy"], []),
        ("PUT", "/a?tagging", "", ["tags"], []),  # no row needs that alone
        ("HEAD", "/", "", [], ["obs:bucket:HeadBucket"]),
        ("GET", "/", "", [], []),  # what another service's row needs
        ("GET", "/?policy", "", [], []),
        (None, "GetObject", "", ["get"], []),
    ],
)
def test_rows_of_a_request_are_those_that_need_exactly_its_actions(method, path, told, operations, actions):
    found = KnownCalls(ROWS).find(NamedCall(method, path, VIRTUAL), asked=told)

    assert [known.operation.slug for known in found if known.operation] == operations
    assert [known.action for known in found if not known.operation] == actions


def test_name_of_a_call_is_no_path():
    assert KnownCalls(ROWS).methods(NamedCall(None, "/downloading")) == ()


@pytest.mark.parametrize(
    ("text", "code", "resource", "place"),
    [
        (
            '<?xml version="1.0"?>\n<Error>\n  <Code>AccessDenied</Code>\n  <Message>Access Denied</Message>\n'
            "  <Resource>/photos/a/b.png</Resource><RequestId>00</RequestId></Error>",
            "AccessDenied",
            "/photos/a/b.png",
            Place.OBJECT,
        ),
        (
            "<Error><Code>NoSuchBucket</Code><Resource>/photos</Resource></Error>",
            "NoSuchBucket",
            "/photos",
            Place.BUCKET,
        ),
        ("<Error><Code>AccessDenied</Code></Error>", "AccessDenied", "", Place.SERVICE),
    ],
)
def test_error_tells_its_code_and_resource(text, code, resource, place):
    error = find_error(f"She gets this:\n{text}\nbye")

    assert (error.code, error.resource, error.place) == (code, resource, place)


def test_text_without_an_error_has_none():
    assert find_error("<Code>AccessDenied</Code>") is find_error("") is None
