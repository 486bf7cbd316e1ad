import json
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policybuilder.domain.catalog.older_names import OLDER_ACTIONS, Status
from policybuilder.domain.jsontext.source import MAX_BYTES
from policybuilder.domain.refusal import calls_in_doubt
from policybuilder.domain.refusal import explain as wording
from policybuilder.domain.refusal.explain import explain
from policybuilder.domain.refusal.left_out import CALLS_FAILED, CALLS_SUCCEEDED
from policybuilder.domain.refusal.object_storage import NO_REFUSAL_BY_A_POLICY
from policybuilder.domain.refusal.subject import MOST_CALLS, MOST_CODES, MOST_NAMES
from policybuilder.domain.rules.table import table
from tests.builders import catalog, catalog_of_services, operation, published, real_catalog, service
from tests.domain.strategies import law
from tests.sweeps import sweep

HOST = "https://ecs.eu-de.otc.t-systems.com"
ACTION = f"{HOST}/v2.1/0123456789abcdef/servers/9f2e1b34-8a6d-4c6c-9d55-0c1d4a4ff2b1/action"
STATUS, BATCH = "ecs/ecs-status-management", "ecs/batch-operations"
START, RESTART = f"{STATUS}/starting-an-ecs-native", f"{STATUS}/restarting-an-ecs-native"
LISTS = [f"ecs/lifecycle-management/querying-{what}-native" for what in ("details-about-ecss", "a-list-of-ecss")]
PASSWORDS = [
    f"ecs/password-management/{verb}-the-password-for-logging-in-to-a-windows-ecs-native-openstack"
    for verb in ("obtaining", "deleting")
]
SEVERITIES = {entry.code: entry.severity for entry in table()}

SMALL = catalog(
    operation("ecs/servers/start", "ecs:servers:start", needs=["ecs:servers:list", "evs:volumes:get"]),
    operation("ecs/servers/list", "ecs:servers:list"),
    operation("ecs/servers/stop", "ecs:servers:stop", needs=["evs:*:get"], enterprise="no", alternative="ecs/own/stop"),
    operation("ecs/own/stop", "ecs:cloudServers:stop"),
    operation("ecs/servers/lock", "ecs:servers:lock", enterprise="no"),
    actions=[published("evs:volumes:get", "varies")],
)


def sentence(name):
    return f"Policy doesn't allow {name} to be performed."


def refusal(name, code=403):
    return json.dumps({"forbidden": {"message": sentence(name), "code": code}})


def found(text, of=None):
    result = explain(of or real_catalog(), text)
    return list(result.actions), list(result.operations)


def findings(text, of=SMALL):
    return [(f.code, f.wording, f.values) for f in explain(of, text).findings]


def wordings(text, of=SMALL):
    return [finding.wording for finding in explain(of, text).findings]


def codes(text, of=SMALL):
    return [finding.code for finding in explain(of, text).findings]


@sweep(
    ("text", "actions", "operations"),
    [
        # The sentence, however it comes
        (sentence("ecs:serverPasswords:manage"), ["ecs:serverPasswords:manage"], PASSWORDS),
        (sentence("ecs:serverpasswords:MANAGE"), ["ecs:serverPasswords:manage"], PASSWORDS),
        (sentence("ECS:serverPasswords:manage"), ["ecs:serverPasswords:manage"], PASSWORDS),
        (refusal("ecs:servers:start"), ["ecs:servers:start"], [START]),
        (
            json.dumps({"error": {"message": sentence("ecs:servers:start"), "code": "Ecs.0003"}}),
            ["ecs:servers:start"],
            [START],
        ),
        (
            json.dumps({"error_msg": "no permission for action:ecs:servers:start", "error_code": "APIGW.0306"}),
            ["ecs:servers:start"],
            [START],
        ),
        ("ecs:servers:start: not allowed", ["ecs:servers:start"], [START]),
        (
            "HTTP/1.1 403 Forbidden\r\nDate: Tue, 24 Nov 2026 10:15:30 GMT\r\nContent-Type: application/json\r\n"
            f"X-Request-Id: req-0123\r\n\r\n{refusal('ecs:servers:start')}",
            ["ecs:servers:start"],
            [START],
        ),
        (
            "ecs:servers:start ecs:servers:reboot ecs:Servers:start",
            ["ecs:servers:start", "ecs:servers:reboot"],
            [START, RESTART],
        ),
        # The call
        (f"POST {ACTION}\n\n" + '{"os-start": null}', ["ecs:servers:start"], [START]),
        (f"curl -X POST {ACTION} -d '" + '{"reboot": {"type": "SOFT"}}' + "'", ["ecs:servers:reboot"], [RESTART]),
        (
            f"curl -H 'X-Auth-Token: x' {HOST}/v1/0123/cloudservers/detail?limit=3",
            ["ecs:cloudServers:list"],
            ["ecs/lifecycle-management/querying-details-about-ecss"],
        ),
        (
            'POST /v1/0123…/cloudservers/action/ {"os-stop": {"servers": [{"id": "…"}]}}',
            ["ecs:cloudServers:stop"],
            [f"{BATCH}/stopping-ecss-in-a-batch"],
        ),
        (
            "/v1/0123…/cloudservers/action",
            [f"ecs:cloudServers:{verb}" for verb in ("stop", "reboot", "start")],
            [f"{BATCH}/{verb}-ecss-in-a-batch" for verb in ("stopping", "restarting", "starting")],
        ),
        (
            'POST /v1/0123/cloudservers/os-server-groups/1/action {"add_member": {"instance_uuid": "1"}}',
            ["ecs:cloudServers:addServerGroupMember"],
            ["ecs/ecs-group-management/adding-an-ecs-to-an-ecs-group"],
        ),
        (
            'POST /v1/0123/cloudservers/os-server-groups/1/action {"remove_member": {"instance_uuid": "1"}}',
            ["ecs:cloudServers:deleteServerGroupMember"],
            ["ecs/ecs-group-management/removing-an-ecs-from-an-ecs-group"],
        ),
        ("POST /v2/0/volumes/1/action {'os-attach': {}}", ["evs:volumes:attach", "evs:volumes:get"], []),
        # Both: the action that is named comes first, and of the operations the one that was called
        (f"POST {ACTION}\n{refusal('ecs:servers:start')}", ["ecs:servers:start"], [START]),
        (
            f"POST {ACTION} " + '{"os-start": null}' + f"\n{refusal('ecs:servers:list')}",
            ["ecs:servers:list", "ecs:servers:start"],
            [START, *LISTS],
        ),
        (
            f"POST {ACTION}\n{refusal('ims:images:create')}",
            ["ims:images:create", "ecs:servers:createImage"],
            ["ecs/image-management/creating-an-image-native"],
        ),
        # Older names
        (
            sentence("ecs:cloudServers:put"),
            ["ecs:cloudServers:batchSetServerTags"],
            ["ecs/tag-management/adding-tags-to-an-ecs-in-a-batch-deleting-tags-from-an-ecs-in-a-batch"],
        ),
        (sentence("ecs:cloudServerPorts:modify"), [], []),
        # Nothing of ours
        (sentence("ecs:servers:fly"), [], []),
        ("urn:smn:eu-de:0123:ecs:servers", [], []),
        ("ecs:servers:start:now ecs:*:start ecs:servers:start*", [], []),
        ("12:30:45 fe80:1:2 http://localhost:8000", [], []),
        ("", [], []),
    ],
)
def test_refusal_is_explained(text, actions, operations):
    assert found(text) == (actions, operations)


@sweep("operation", real_catalog().operations.values())
def test_every_call_of_an_operation_finds_it(operation):
    for call in operation.calls:
        path = re.sub(r"\{\w+\}", "9f2e1b34-8a6d-4c6c-9d55-0c1d4a4ff2b1", call.path)
        for text in (f"{call.method} {HOST}{path}", f"curl -X {call.method} '{HOST}{path}/?limit=1'", path):
            result = explain(real_catalog(), text)
            assert operation.id in result.operations
            assert set(operation.all_actions()) <= set(result.actions)


@sweep("action", real_catalog().action_index.actions.values())
def test_every_sentence_finds_its_action_and_exactly_its_operations(action):
    for text in (sentence(action.name), refusal(action.name), f"HTTP/1.1 403 Forbidden\n\n{refusal(action.name)}"):
        assert found(text) == ([action.name], list(action.operations))


@pytest.mark.parametrize("older", [o for o in OLDER_ACTIONS if real_catalog().action_index.action(o.name) is None])
def test_every_older_name_is_translated(older):
    result = explain(real_catalog(), sentence(older.name))

    assert result.actions == older.replaced_by
    code = "PB060" if older.status is Status.IN_MANUAL else "PB012"
    assert [finding.code for finding in result.findings if finding.code in {"PB012", "PB060"}] == [code]


@pytest.mark.parametrize(
    ("key", "slug"),
    [
        ("os-start", "starting-an-ecs"),
        ("os-stop", "stopping-an-ecs"),
        ("reboot", "restarting-an-ecs"),
        ("resize", "modifying-ecs-specifications"),
        ("rebuild", "rebuilding-an-ecs"),
        ("lock", "locking-an-ecs"),
        ("unlock", "unlocking-an-ecs"),
        ("createImage", "creating-an-image"),
        ("addSecurityGroup", "adding-an-ecs-to-a-security-group"),
        ("removeSecurityGroup", "removing-a-security-group"),
    ],
)
def test_every_native_action_is_told_by_its_body(key, slug):
    _, operations = found(f"POST {ACTION} " + json.dumps({key: {"name": "x", "adminPass": "y"}}))

    assert [id_.rpartition("/")[2] for id_ in operations] == [f"{slug}-native"]


def test_error_of_iam_is_told_in_the_words_of_the_rules():
    body = json.dumps({"error": {"message": "Invalid policy", "code": "IAM.1033"}})

    assert findings(body) == [
        ("IAM.1033", wording.IAM_REFUSED_A_POLICY, {"reason": "a statement holds more than 100 actions"})
    ]


@sweep("entry", [e for e in table() if e.code.startswith("IAM.")])
def test_every_code_of_iam_is_known(entry):
    (finding,) = explain(SMALL, f"error_code: {entry.code}").findings

    assert (finding.code, finding.severity) == (entry.code, entry.severity or "note")
    told = finding.values["note"] if entry.severity is None else finding.values["reason"][1:]
    assert told == (entry.note if entry.severity is None else entry.title[1:])


def test_error_of_iam_that_is_about_something_else_is_said_to_be():
    assert findings("IAM.0007") == [("PB037", wording.CODE_OF_NO_RULE, {"code": "IAM.0007"})]


def test_unknown_action_of_a_service_that_is_known_whole_gets_its_neighbours():
    assert findings(sentence("ecs:server:start")) == [
        (
            "IAM.1036",
            wording.NO_SUCH_ACTION_BUT_NEAR,
            {
                "service": "ECS",
                "name": "ecs:server:start",
                "near": ("ecs:servers:start", "ecs:servers:stop", "ecs:servers:list"),
            },
        )
    ]


def test_unknown_action_of_a_service_that_is_known_in_part_is_said_to_be():
    assert findings(sentence("evs:volumes:gett")) == [
        (
            "PB049",
            wording.ACTION_UNKNOWN_BUT_NEAR,
            {"service": "EVS", "name": "evs:volumes:gett", "near": ("evs:volumes:get",)},
        )
    ]


def test_wildcard_that_authorises_an_operation_stands_for_all_that_it_covers():
    of = catalog(
        operation("cce/a/all", "cce:kubernetes:*", enterprise="no", calls=["GET /v1/pods"]),
        operation("cce/a/list", "cce:clusters:list", needs=["cce:nodes:*"]),
    )

    for text in (sentence("cce:kubernetes:get"), f"GET {HOST}/v1/pods"):
        assert found(text, of) == (["cce:kubernetes:*"], ["cce/a/all"])
        assert codes(text, of) == ["PB002"]
    assert found(sentence("cce:nodes:get"), of) == ([], [])


def test_unknown_service_is_told_where_there_is_nothing_else():
    ((code, words, values),) = findings("os_compute_api:servers:start")
    assert (code, words, values["name"]) == ("PB022", wording.SERVICE_UNKNOWN, "os_compute_api:servers:start")
    assert codes("trace:span:parent ecs:servers:list") == []


def test_name_that_is_no_action_is_told_to_be_none():
    assert findings(sentence("volume:create"))[0] == (
        "PB037",
        wording.NO_NAME_OF_AN_ACTION,
        {"text": "volume:create"},
    )


def test_text_without_anything_known_asks_for_more():
    for text in ("", "403 Forbidden"):
        assert findings(text) == [("PB037", wording.NOTHING_FOUND, {})]


def test_unknown_call_tells_which_methods_its_address_has():
    assert findings("PUT /v2/0123/servers", real_catalog()) == [
        (
            "PB037",
            calls_in_doubt.METHOD_UNKNOWN,
            {"call": "“PUT /v2/0123/servers”", "methods": ("GET", "POST")},
        )
    ]
    assert codes("GET /v9/nothing") == ["PB037"]
    assert codes("GET /v9/nothing ecs:servers:list") == []


def test_call_of_several_operations_asks_for_its_body_or_method():
    rows = {"one": "POST", "two": "POST", "three": "GET"}
    of = catalog(*(operation(f"ecs/a/{slug}", f"ecs:a:{slug}", calls=[f"{m} /v1/a"]) for slug, m in rows.items()))

    assert findings("POST /v1/a", of) == [
        ("PB038", calls_in_doubt.CAN_BE_WITHOUT_BODY, {"call": "“POST /v1/a”", "titles": ["One", "Two"]})
    ]
    assert findings("/v1/a", of) == [
        ("PB038", calls_in_doubt.CAN_BE_WITHOUT_METHOD, {"call": "“/v1/a”", "titles": ["One", "Two", "Three"]})
    ]
    assert codes("GET /v1/a", of) == codes("POST /v1/a ecs:a:two", of) == []


DOMAIN = "otc.t-systems.com"
INSTANCES = ["GET /v3/{project_id}/instances"]
JOB = "POST /v1.0/{project_id}/jobs/submit-job"
HOSTS = catalog_of_services(
    *(
        replace(service(slug, *rows), endpoints=(f"{slug}.{{region}}.{DOMAIN}",))
        for slug, rows in {
            "rds": [operation("rds/a/list", "rds:instance:list", calls=INSTANCES, title="Querying instances")],
            "dds": [operation("dds/a/list", "dds:instance:list", calls=INSTANCES, title="Querying instances")],
            "evs": [operation("evs/a/list", "evs:volumes:list", calls=["GET /v2/{project_id}/volumes"])],
            "dli": [
                operation("dli/a/view", "dli:database:createView", calls=[f"{JOB}, SQL statement invoking"]),
                operation("dli/a/role", "dli:database:createRole", calls=[JOB]),
                operation("dli/b/view", "dli:view:create", "dli:database:createView", calls=[f"{JOB}, SQL statement"]),
            ],
            "obs": [operation("obs/a/get", "obs:object:GetObject"), operation("obs/a/put", "obs:object:PutObject")],
        }.items()
    )
)
KEY = f"https://photos.obs.eu-de.{DOMAIN}/key"


def test_call_of_several_services_asks_for_its_host():
    assert findings("GET /v3/p/instances", HOSTS) == [
        (
            "PB038",
            calls_in_doubt.CAN_BE_WITHOUT_HOST,
            {
                "call": "“GET /v3/p/instances”",
                "titles": ["Querying instances (RDS)", "Querying instances (DDS)"],
                "host": f"rds.eu-de.{DOMAIN}",
            },
        )
    ]
    for host, slug in (("rds.eu-de", "rds"), ("dds.eu-nl", "dds")):
        result = explain(HOSTS, f"GET https://{host}.{DOMAIN}/v3/p/instances 403")
        assert (result.operations, result.findings) == ((f"{slug}/a/list",), ())
        assert result.regions == (host.partition(".")[2],)


@pytest.mark.parametrize("host", ["proxy.example", f"rds.eu-de.{DOMAIN}.example"])
def test_host_that_the_catalogue_does_not_know_is_said_not_to_tell(host):
    for text in (f"GET https://{host}:8443/v3/p/instances 403", f"GET /v3/p/instances HTTP/1.1\nHost: {host}"):
        ((_, words, values),) = findings(text, HOSTS)
        assert words == calls_in_doubt.CAN_BE_OF_ANOTHER_HOST
        assert (values["other_host"], values["host"]) == (host, f"rds.eu-de.{DOMAIN}")


@pytest.mark.parametrize("again", ["as in GET /v3/p/instances", f"GET https://dds.eu-de.{DOMAIN}/v3/p/instances 200"])
def test_calls_of_two_hosts_are_two_and_one_without_is_the_last(again):
    text = f"GET https://rds.eu-de.{DOMAIN}/v3/p/instances 403\n{again}"

    assert found(text, HOSTS)[1] == ["rds/a/list"]


@pytest.mark.parametrize(
    ("host", "words", "own"),
    [("evs.eu-de", calls_in_doubt.HOST_OF_OTHERS, ["EVS"]), ("gaussdb.eu-nl", calls_in_doubt.HOST_OF_NOBODY, [])],
)
def test_host_of_another_service_is_told(host, words, own):
    text = f"GET https://{host}.{DOMAIN}/v3/p/instances 403"
    region = host.partition(".")[2]

    assert found(text, HOSTS) == ([], [])
    assert findings(text, HOSTS) == [
        (
            "PB037",
            words,
            {
                "call": f"“GET /v3/p/instances” in {region}",
                "host": f"{host}.{DOMAIN}",
                "own": own,
                "theirs": ["RDS", "DDS"],
                "n": 2,
                "hosts": [f"rds.{region}.{DOMAIN}", f"dds.{region}.{DOMAIN}"],
            },
        )
    ]


def test_statement_that_a_call_sends_is_not_read():
    call = f"POST https://dli.eu-de.{DOMAIN}/v1.0/p/jobs/submit-job"
    text = f'{call} {{"currentdb": "d", "sql": "CREATE ROLE r"}} 403'

    assert found(text, HOSTS)[1] == ["dli/a/view", "dli/a/role", "dli/b/view"]
    assert wordings(text, HOSTS) == [calls_in_doubt.CAN_BE_BY_STATEMENT]


TOKENS = "POST https://iam.eu-de.otc.t-systems.com/v3/auth/tokens"
NOT_ACCEPTED = (  # answers without a status
    "The request you have made requires authentication.",
    '{"error_msg": "Incorrect IAM authentication information: decrypt token fail", "error_code": "APIGW.0301"}',
    '{"error_msg": "x", "error_code": "APIG.0301"}',
)
ITS_CALL = {"n": 1, "call": "“POST /v3/auth/tokens” in eu-de"}


def unauthenticated(calls):
    return "PB054", wording.CALLS_NOT_AUTHENTICATED if calls else wording.NOT_AUTHENTICATED, calls


@pytest.mark.parametrize(
    ("text", "calls"),
    [
        (
            f'{TOKENS}\n{{"auth": {{}}}}\n\nHTTP/1.1 401 Unauthorized\n\n{{"error": {{"code": 401}}}}',
            ITS_CALL,
        ),
        (f"{TOKENS} 401\n{TOKENS} 401", ITS_CALL),
        (
            "POST /v1/p/cloudservers 401\nGET /v1/p/cloudservers/limits 401",
            {"n": 2, "call": "“POST /v1/p/cloudservers”"},
        ),
        *((f"{TOKENS}\n{answer}", ITS_CALL) for answer in NOT_ACCEPTED),
        *((answer, {}) for answer in NOT_ACCEPTED),
        (
            f"Unable to authenticate: [{TOKENS}] Authentication failed",
            ITS_CALL,
        ),
        ('HTTP/1.1 401 Unauthorized\n\n{"error_code": "APIGW.0301"}', {}),
        ("The request you have made requires authentication. (HTTP 401) (Request-ID: req-1)", {}),
        ('{"error_msg": "Incorrect IAM authentication information: decrypt token fail"}', {}),
    ],
)
def test_failed_authentication_is_no_refusal_by_a_policy(text, calls):
    assert (found(text), findings(text, real_catalog())) == (([], []), [unauthenticated(calls)])


def test_no_call_of_the_catalogue_answered_with_401_lacks_an_action():
    for one in real_catalog().operations.values():
        for call in one.calls:
            if call.method:
                result = explain(real_catalog(), f"{call.method} https://h{call.path.partition(' ')[0]} 401")
                assert (result.operations, result.actions, result.unauthenticated) == ((), (), 1), call


def test_refusals_and_failed_authentications_of_one_log_are_told_apart():
    text = f"{TOKENS} 401\nPOST /v1/p/cloudservers 403\nGET /v1/p/cloudservers/limits 200"

    assert found(text) == (["ecs:cloudServers:createServers"], ["ecs/lifecycle-management/creating-ecss-pay-per-use"])
    assert findings(text, real_catalog()) == [
        unauthenticated(ITS_CALL),
        ("PB047", CALLS_SUCCEEDED, {"n": 1, "succeeded": 1, "failed": 0, "again": 0}),
    ]


@pytest.mark.parametrize(
    "answer", [sentence("ecs:servers:start"), "no permission for action:ecs:servers:start", '{"code": "IAM.0064"}']
)
def test_401_that_speaks_of_permissions_is_a_refusal(answer):
    operations = found(f"POST {ACTION} {{'os-start': null}}\nHTTP/1.1 401 Unauthorized\n\n{answer}")[1]

    assert operations == [START]


DENIED = "<Error><Code>AccessDenied</Code><Message>Access Denied</Message><Resource>/photos/key</Resource></Error>"


@pytest.mark.parametrize(
    ("text", "operations"),
    [
        (f"GET {KEY} 403", ["obs/a/get"]),
        (f"PUT {KEY}\n\n{DENIED}", ["obs/a/put"]),
        (f"GET /key HTTP/1.1\nHost: photos.obs.eu-de.{DOMAIN}\n\nHTTP/1.1 403 Forbidden\n\n{DENIED}", ["obs/a/get"]),
        ("An error occurred (AccessDenied) when calling the PutObject operation: Access Denied", ["obs/a/put"]),
        (f"GET {KEY} 200\nPUT {KEY} 403", ["obs/a/put"]),
        (f"GET {KEY} 403\nGET {KEY.replace('key', 'Key')} 200", ["obs/a/get"]),
        (json.dumps({"request": {"method": "GET", "url": KEY}, "response": {"status": 403}}), ["obs/a/get"]),
    ],
)
def test_refused_request_for_an_object_is_explained(text, operations):
    assert found(text, HOSTS)[1] == operations
    assert [code for code in codes(text, HOSTS) if code != "PB047"] == []


def test_sub_resource_that_is_not_known_is_told():
    address = KEY.removeprefix("https://")

    assert findings(f"GET {KEY}?torrent 403", HOSTS) == [
        (
            "PB037",
            calls_in_doubt.SUB_RESOURCE_UNKNOWN,
            {"call": f"“GET {address}?torrent” in eu-de", "sub_resource": "torrent"},
        )
    ]


def test_what_an_error_of_object_storage_leaves_open_is_told():
    assert findings(DENIED, HOSTS) == [
        ("PB037", wording.ACCESS_REFUSED, {"service": "OBS", "place": "object", "resource": "/photos/key"})
    ]
    wrongly_signed = f"GET {KEY} 403 {DENIED.replace('AccessDenied', 'SignatureDoesNotMatch')}"
    assert found(wrongly_signed, HOSTS) == ([], [])
    assert findings(wrongly_signed, HOSTS) == [
        (
            "PB037",
            wording.NO_REFUSAL,
            {"code": "SignatureDoesNotMatch", "reason": NO_REFUSAL_BY_A_POLICY["SignatureDoesNotMatch"]},
        ),
        ("PB047", CALLS_FAILED, {"n": 1, "succeeded": 0, "failed": 1, "again": 0}),
    ]
    assert wordings(f"{KEY} 403", HOSTS) == [calls_in_doubt.CAN_BE_WITHOUT_METHOD]
    assert wordings(f"PATCH {KEY} 403", HOSTS) == [calls_in_doubt.OBJECT_CALL_UNKNOWN]


@sweep("code", NO_REFUSAL_BY_A_POLICY)
@sweep(
    "written",
    [
        "An error occurred ({}) when calling the GetObject operation: x",
        f"GET {KEY}\n<Error><Code>{{}}</Code></Error>",
        f"GET {KEY} 403\n<Error><Code>{{}}</Code></Error>",
    ],
)
def test_error_of_object_storage_that_no_policy_causes_is_told_however_it_is_written(code, written):
    text = written.format(code)

    assert found(text, HOSTS) == ([], [])
    expected = ("PB037", wording.NO_REFUSAL, {"code": code, "reason": NO_REFUSAL_BY_A_POLICY[code]})
    assert expected in findings(text, HOSTS)


def test_body_that_no_operation_answers_is_said_to_be_unknown():
    text = f"POST {ACTION}\n\n" + json.dumps({"frobnicate": {"type": "reboot"}})
    path = ACTION.removeprefix(HOST)
    expected = (
        "PB037",
        calls_in_doubt.BODY_UNKNOWN,
        {"call": f"“POST {path}” in eu-de", "body": "frobnicate"},
    )

    for answer in ("", "\nHTTP/1.1 403 Forbidden\n\n" + json.dumps({"forbidden": {"message": "no", "code": 403}})):
        assert found(text + answer) == ([], [])
        assert findings(text + answer, real_catalog()) == [expected]
    assert found(text + refusal("ecs:servers:createConsole"))[0] == ["ecs:servers:createConsole"]
    assert "PB037" not in codes(text + refusal("ecs:servers:createConsole"), real_catalog())


def test_answer_is_no_body_of_the_call():
    of_answer = json.dumps({"forbidden": {"message": "Forbidden", "code": 403}})

    for status in ("", "\nHTTP/1.1 403 Forbidden\nContent-Type: application/json\n"):
        text = f"POST {ACTION}{status}\n{of_answer}"
        assert len(found(text)[1]) == 10
        assert codes(text, real_catalog()).count("PB038") == 1


def test_refused_call_that_is_not_known_is_told_beside_one_that_is():
    known = "POST /v1/p/cloudservers 403 (Forbidden)"

    assert [values["call"] for _, _, values in findings(f"{known}\nPOST /v1/p/nothing 403", real_catalog())] == [
        "“POST /v1/p/nothing”"
    ]
    assert codes(f"{known}\nsee /v1/p/nothing", real_catalog()) == []


def test_granted_names_are_left_out_and_that_is_said():
    text = f"we granted ecs:servers:list and evs:volumes:get but got: {sentence('ecs:servers:start')} trace:span:id"

    assert found(text, SMALL) == (["ecs:servers:start"], ["ecs/servers/start"])
    assert findings(text) == [
        ("PB047", wording.NAMES_LEFT_OUT, {"n": 2, "names": ["ecs:servers:list", "evs:volumes:get"]})
    ]
    assert findings(f"ecs:servers:list works. {sentence('ecs:servers:start')}") == [
        ("PB047", wording.NAMES_LEFT_OUT, {"n": 1, "names": ["ecs:servers:list"]})
    ]


def test_names_count_where_nothing_tells_refused_from_mentioned():
    assert found("we granted ecs:servers:list and ecs:servers:start", SMALL)[0] == [
        "ecs:servers:list",
        "ecs:servers:start",
    ]
    assert found("ecs:servers:list, ecs:servers:start", SMALL)[0] == ["ecs:servers:list", "ecs:servers:start"]
    # Not beside a call, which tells enough.
    assert found("we granted ecs:servers:list, but POST /v1/p/cloudservers is refused")[0] == [
        "ecs:cloudServers:createServers"
    ]


def test_action_without_effect_in_enterprise_projects_is_told_with_what_works_there():
    assert findings(sentence("ecs:servers:stop")) == [
        (
            "PB002",
            wording.IAM_PROJECTS_OR_ANOTHER,
            {"names": ["ecs:servers:stop"], "n": 1, "alternatives": ["Stop (Own)"]},
        )
    ]
    assert findings("ecs:servers:lock ecs:servers:list")[0][1:] == (
        wording.IAM_PROJECTS_ONLY,
        {"names": ["ecs:servers:lock"], "n": 1, "alternatives": []},
    )


def test_action_that_only_other_operations_need_is_told_with_them():
    assert findings(sentence("evs:volumes:get")) == [
        (
            "PB039",
            wording.OPERATION_NEEDS_MORE,
            {"n": 2, "name": "evs:volumes:get", "titles": ["Start", "Stop (Servers)"]},
        )
    ]


def test_action_that_the_called_operation_needs_is_told_with_it():
    text = f"POST {ACTION} " + '{"os-start": null}' + sentence("ecs:servers:list")

    assert [values for code, _, values in findings(text, real_catalog()) if code == "PB039"] == [
        {"n": 1, "name": "ecs:servers:list", "titles": ["Starting an ECS (native OpenStack API)"]}
    ]
    assert codes(sentence("ecs:servers:list")) == []


@pytest.mark.parametrize(
    "text",
    [
        "x" * (MAX_BYTES + 1),
        "é" * (MAX_BYTES // 2 + 1),
        " ".join(f"ecs:servers:do{number}" for number in range(MOST_NAMES + 1)),
        " ".join(f"GET /v1/{number}" for number in range(MOST_CALLS + 1)),
    ],
)
def test_long_text_is_read_in_part_and_that_is_said(text):
    assert "PB040" in codes(text)


def test_beginning_of_a_long_text_is_read():
    assert found(sentence("ecs:servers:list") + "\ud800" * MAX_BYTES, SMALL)[0] == ["ecs:servers:list"]
    assert "PB040" not in codes("x" * MAX_BYTES)


def test_answer_is_bounded():
    names = [f"ecs:servers:do{number}" for number in range(500)]
    calls = [f"GET /v1/{number}" for number in range(500)]
    text = " ".join([*names, *calls, *(f"IAM.{number}" for number in range(1000, 2000))])

    assert len(explain(SMALL, text).findings) <= MOST_NAMES + MOST_CALLS + MOST_CODES + 3


PIECES = st.sampled_from(
    [
        *("ecs:servers:list", "ECS:servers:stop", "ecs:cloudServers:vnc", "evs:volumes:get", "a:b:c", "ecs:x:y", ":"),
        *("IAM.1021", "IAM.0001", "IAM.1005", "Policy doesn't allow ", " to be performed", "HTTP/1.1 403 Forbidden"),
        *(
            "RESP: [200] ",
            "RESP: [403] ",
            '{"method": "GET", "url": "/v1/p", "status": 200}',
            "we granted ",
            "denied: ",
        ),
        *("POST ", "get ", "curl ", " -d ", "-X", "/v2/p/servers/1/action", "https://h/v1/", "/", "\\\n", "\n", " "),
        *('{"os-start": null}', '"reboot"', "'", '"', "\x00", "\ud800", "…"),
        *(KEY, f"?acl HTTP/1.1\nHost: rds.eu-de.{DOMAIN}\n", DENIED, "<Error><Code>NoSuchKey</Code>", "calling the "),
        *(f"https://dli.eu-de.{DOMAIN}/v1.0/p/jobs/submit-job", '{"sql": "CREATE VIEW v"}', "GetObject operation"),
    ]
)


@law
@given(st.lists(PIECES | st.text(max_size=20), max_size=12).map("".join))
def test_any_text_is_explained(text):
    for of in (SMALL, HOSTS, real_catalog()):
        result = explain(of, text)
        assert [name for name in result.actions if name not in of.action_index.actions] == []
        assert [id_ for id_ in result.operations if id_ not in of.operations] == []
        assert result.findings or result.actions
        for finding in result.findings:
            expected = SEVERITIES[finding.code] or "note"
            assert (finding.severity, finding.place, bool(finding.hint)) == (expected, "", True)
            assert (finding.message + finding.hint).encode()
            assert (finding.message + finding.hint).isprintable()


@law
@given(PIECES, st.integers(1, 4))
def test_any_piece_can_be_repeated_without_end(piece, times):
    result = explain(SMALL, piece * (MAX_BYTES // len(piece) + 1) * times)

    assert len(result.findings) <= MOST_NAMES + MOST_CALLS + MOST_CODES + 3
    assert "PB040" in [finding.code for finding in result.findings]
