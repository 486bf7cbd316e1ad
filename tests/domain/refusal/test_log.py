"""What of a log counts as refused: laws over logs in every form that tools write, and each form as people paste it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policybuilder.domain.refusal import left_out
from policybuilder.domain.refusal.exchanges import Exchange, Outcome, cut
from policybuilder.domain.refusal.explain import explain
from tests.builders import real_catalog
from tests.domain.refusal.logs import (
    ANY_ADDRESS,
    BROWSER_FORMATS,
    FORMATS,
    HOST,
    KEYS,
    PROJECT,
    REASONS,
    STATUS_FIRST,
    WITHOUT_ANSWER,
    Call,
    Visit,
    axios,
    axios_config,
    calls_by_key,
    har,
    refused,
)
from tests.laws import tried

SERVER = "9f2e1b34-8a6d-4c6c-9d55-0c1d4a4ff2b1"
LIST, GET = "ecs:servers:list", "ecs:servers:get"
WORDS = ("", "We granted ecs:servers:delete last week.\n", "\n\nHello,\nthis is what she gets, see below:\n\n")

calls = st.builds(
    Call,
    st.sampled_from([operation for same in calls_by_key().values() for operation in same]),
    st.integers(1, 2),
    st.sampled_from([*REASONS, None]),
)


def found(text):
    result = explain(real_catalog(), text)
    return list(result.actions), [id_.rpartition("/")[2] for id_ in result.operations]


def passed_over(text):
    """For each remark on what was passed over: the calls that succeeded, those of them after a refusal, and those that
    failed; or the names."""
    remarks = [each.values for each in explain(real_catalog(), text).findings if each.code == "PB047"]
    return [each.get("names") or (each["succeeded"], each["again"], each["failed"]) for each in remarks]


def test_every_shared_call_has_its_key():
    shared = [operation.slug for same in calls_by_key().values() if len(same) > 1 for operation in same]

    assert sorted(shared) == sorted(KEYS)


@tried(200)
@given(st.lists(st.tuples(calls, st.sampled_from(FORMATS), st.sampled_from(WORDS)), max_size=8))
def test_exactly_what_was_refused_is_found_in_a_log(entries):
    text = "".join(words + written(call) for call, written, words in entries)

    assert set(explain(real_catalog(), text).operations) == refused([call for call, _, _ in entries]) or not entries, (
        text
    )


@tried(100)
@given(st.lists(calls, min_size=1, max_size=8), st.sampled_from([None, 2]))
def test_exactly_what_was_refused_is_found_in_a_har_file(entries, indent):
    assert set(explain(real_catalog(), har(*entries, indent=indent)).operations) == refused(entries)


visits = st.builds(
    Visit,
    st.sampled_from(["GET", "POST", "HEAD"]),
    st.sampled_from(
        [
            "https://console.otc.t-systems.com/",
            "https://console.otc.t-systems.com/ecm/?agencyId=1&region=eu-de",
            "https://console.otc.t-systems.com/static/app.js?v=3",
            "https://console.otc.t-systems.com/static/v2/app.js",
            "https://console.otc.t-systems.com/img/v1/logo.png",
            "https://stats.example/collect?tid=1",
            "http://localhost:3000/api/list",
        ]
    ),
    st.sampled_from([*REASONS, None]),
)
visits_elsewhere = st.builds(
    Visit,
    st.sampled_from(["GET", "POST"]),
    st.sampled_from(
        [
            "data:image/png;base64,AA/v1/GET",
            "wss://ecs.eu-de.otc.t-systems.com/v1/socket",
            "about:blank",
            "file:///home/v1/a.html",
            "chrome-extension://abcdef/a.js",
            "blob:https://console.otc.t-systems.com/1-2",
            "/static/a.js",
            "./a.js?v=3",
            "a/b.css",
            "http://intranet/",
        ]
    ),
    st.sampled_from([*REASONS, None]),
)


def in_one_form(form, requests):
    """Several requests as one tool shows them."""
    return st.tuples(st.just(form), st.lists(requests, min_size=1, max_size=6)).map(
        lambda pair: [(one, pair[0]) for one in pair[1] if one.status or pair[0] not in STATUS_FIRST]
    )


whole_texts = st.one_of(
    *(in_one_form(form, calls | visits) for form in BROWSER_FORMATS),
    *(in_one_form(form, calls | visits_elsewhere) for form in ANY_ADDRESS),
) | st.lists(st.tuples(calls | visits, st.sampled_from(FORMATS)), min_size=1, max_size=6)


def outcomes_of(part):
    return set() if part.outcome is Outcome.UNKNOWN else {part.outcome.value}


def expected_outcome(status):
    by_status = {403: "refused", 401: "unauthenticated", 404: "failed", None: "unknown"}
    return {by_status.get(status, "succeeded")} - {"unknown"}


@tried(500)
@given(whole_texts)
def test_each_call_has_the_method_and_the_status_of_its_own_block(entries):
    """However many requests of another kind a text has between its calls."""
    numbered = [
        (replace(one, number=number) if isinstance(one, Call) else one, form)
        for number, (one, form) in enumerate(entries, 10)
    ]
    text = "".join(form(one) for one, form in numbered)
    read: dict[str, tuple[set[str | None], set[str]]] = {}
    for part in cut(text):
        if isinstance(part, Exchange) and part.call:
            methods, outcomes = read.setdefault(part.call.path, (set(), set()))
            methods.add(part.call.method)
            outcomes |= outcomes_of(part)

    expected: dict[str, tuple[set[str], set[str]]] = {}
    for one, form in numbered:
        if isinstance(one, Call):
            methods, outcomes = expected.setdefault(one.path.partition("?")[0], (set(), set()))
            methods.add(one.method)
            outcomes |= set() if form in WITHOUT_ANSWER else expected_outcome(one.status)
    assert read == expected, text


@tried(100)
@given(st.sampled_from([axios, axios_config]).flatmap(lambda form: in_one_form(form, calls)).filter(bool))
def test_status_before_a_call_is_the_status_of_that_call(entries):
    text = "".join(form(replace(one, number=at)) for at, (one, form) in enumerate(entries, 10))

    outcomes = [outcomes_of(part) for part in cut(text) if isinstance(part, Exchange)]
    assert outcomes == [expected_outcome(one.status) for one, _ in entries]


@tried(100)
@given(st.lists(st.sampled_from(list(REASONS)), min_size=1, max_size=6))
def test_each_address_of_a_list_has_the_status_of_its_own_line(statuses):
    text = "".join(f"{HOST}/v1/{PROJECT}/cloudservers/{at} {status}\n" for at, status in enumerate(statuses))

    outcomes = [outcomes_of(part) for part in cut(text) if isinstance(part, Exchange)]
    assert outcomes == [expected_outcome(status) for status in statuses]


def test_file_of_a_browser_that_is_cut_off_is_read_as_far_as_it_goes():
    details, limits = (calls_by_key()["GET", f"/v1/{{project_id}}/cloudservers/{of}"][0] for of in ("detail", "limits"))
    text = har(Call(details, 1, 403), Call(limits, 1, 200))
    path = "ecs/lifecycle-management/querying-details-about-ecss"

    for end in range(text.index('"response"'), text.rindex('"request"')):
        assert (explain(real_catalog(), text[:end]).operations, passed_over(text[:end])) == ((path,), [])
    for end in range(text.rindex("200") + 3, len(text)):
        assert explain(real_catalog(), text[:end]).operations == (path,)
        assert passed_over(text[:end]) == [(1, 0, 0)]


OPENSTACK = f"""\
REQ: curl -g -i -X GET {HOST}/v2.1/{PROJECT}/servers/detail -H "Accept: application/json" -H "X-Auth-Token: 6f"
Starting new HTTPS connection (1): ecs.eu-de.otc.t-systems.com:443
{HOST}:443 "GET /v2.1/{PROJECT}/servers/detail HTTP/1.1" 200 1520
RESP: [200] Content-Length: 1520 Content-Type: application/json
RESP BODY: {{"servers": [{{"links": [{{"href": "{HOST}/v2.1/{PROJECT}/servers/{SERVER}"}}], "x": "ecs:a:b"}}]}}
GET call to compute for {HOST}/v2.1/{PROJECT}/servers/detail used request id req-1
REQ: curl -g -i -X POST {HOST}/v2.1/{PROJECT}/servers/{SERVER}/action -H "X-Auth-Token: 6f" -d '{{"os-start": null}}'
RESP: [403] Content-Length: 133 Content-Type: application/json
RESP BODY: {{"forbidden": {{"message": "Policy doesn't allow ecs:servers:start to be performed.", "code": 403}}}}
POST call to compute for {HOST}/v2.1/{PROJECT}/servers/{SERVER}/action used request id req-2
Request returned failure status: 403
REQ: curl -g -i -X DELETE {HOST}/v2.1/{PROJECT}/servers/{SERVER} -H "X-Auth-Token: 6f"
RESP: [204] Content-Length: 0
Policy doesn't allow ecs:servers:start to be performed. (HTTP 403) (Request-ID: req-2)
"""
CURL = f"""\
$ curl -v -X POST '{HOST}/v1/{PROJECT}/cloudservers/action' -H 'X-Auth-Token: x' -d '{{"os-stop": {{"servers": []}}}}'
*   Trying 80.158.1.1:443...
> POST /v1/{PROJECT}/cloudservers/action HTTP/1.1
> Host: ecs.eu-de.otc.t-systems.com
>
< HTTP/1.1 100 Continue
< HTTP/1.1 403 Forbidden
< Content-Type: application/json
<
{{"error":{{"message":"Policy doesn't allow ecs:cloudServers:stop to be performed.","code":"Ecs.0003"}}}}
$ curl -v '{HOST}/v1/{PROJECT}/cloudservers/detail?limit=1' -H 'X-Auth-Token: x'
> GET /v1/{PROJECT}/cloudservers/detail?limit=1 HTTP/2
>
< HTTP/2 200
< content-type: application/json
<
{{"servers": [], "count": 0}}
"""
CONSOLE = f"""\
GET {HOST}/v1/{PROJECT}/cloudservers/flavors 200 (OK)
POST {HOST}/v1/{PROJECT}/cloudservers 403 (Forbidden)
DELETE {HOST}/v1/{PROJECT}/cloudservers/os-server-groups/{SERVER} 204 (No Content)
PUT {HOST}/v1/{PROJECT}/cloudservers/{SERVER} 404 (Not Found)
"""
PANEL = f"""\
Request URL
{HOST}/v1/{PROJECT}/cloudservers/limits
Request Method
GET
Status Code
200 OK
Request URL
{HOST}/v1/{PROJECT}/cloudservers/delete
Request Method
POST
Status Code
403 Forbidden
"""
TERRAFORM = f"""\
│ Error: Expected HTTP response code [200 202] when accessing [POST {HOST}/v1/{PROJECT}/cloudservers], \
but got 403 instead
│ {{"error":{{"message":"Policy doesn't allow ecs:cloudServers:createServers to be performed.","code":"Ecs.0003"}}}}
│
│   on main.tf line 12, in resource "opentelekomcloud_compute_instance_v2" "vm":
"""
PYTHON = f"""\
Traceback (most recent call last):
  File "start.py", line 3, in <module>
openstack.exceptions.ForbiddenException: ForbiddenException: 403: Client Error for url: \
{HOST}/v2.1/{PROJECT}/servers/{SERVER}/action, Policy doesn't allow ecs:servers:start to be performed.
"""
JAVA = """\
Exception in thread "main" com.huaweicloud.sdk.core.exception.ClientRequestException: {httpStatusCode=403, \
requestId='9c', errorCode='Ecs.0003', errorMsg='Policy doesn't allow ecs:cloudServers:reboot to be performed.'}
\tat com.huaweicloud.sdk.core.HcClient.sync(HcClient.java:12)
"""
TRACES = """\
[{"trace_id": "1", "trace_name": "startServer", "code": "403", "request": "{\\"os-start\\":{}}",
  "response": "{\\"error\\":{\\"message\\":\\"Policy doesn't allow ecs:cloudServers:start to be performed.\\"}}"},
 {"trace_id": "2", "trace_name": "stopServer", "code": "200", "response": "ecs:cloudServers:stop"}]
"""
ANSWERS = """\
HTTP/1.1 200 OK
Content-Type: application/json

{"role": {"policy": {"Statement": [{"Effect": "Allow", "Action": ["ecs:servers:list"]}]}}}

HTTP/1.1 403 Forbidden
Content-Type: application/json

{"forbidden": {"message": "Policy doesn't allow ecs:servers:start to be performed.", "code": 403}}
"""
FETCH = f"""\
fetch("{HOST}/v2.1/{PROJECT}/servers/{SERVER}/action", {{
  "headers": {{"content-type": "application/json"}},
  "body": "{{\\"os-start\\":null}}",
  "method": "POST"
}});
"""
MIXED = f"""\
I granted ecs:servers:list and ecs:servers:get. GET {HOST}/v2.1/{PROJECT}/servers/{SERVER} gives 200.
Then POST {HOST}/v2.1/{PROJECT}/servers/{SERVER}/action {{"os-start": null}} fails with 403.
"""
AFTER = f"""\
GET {HOST}/v1/{PROJECT}/cloudservers/detail 200 OK

But she gets: "Policy doesn't allow ecs:servers:start to be performed."
"""


@pytest.mark.parametrize(
    ("text", "actions", "operations", "beside"),
    [
        (
            OPENSTACK,
            ["ecs:servers:start"],
            ["starting-an-ecs-native"],
            [(2, 0, 0)],
        ),
        (
            CURL,
            ["ecs:cloudServers:stop"],
            ["stopping-ecss-in-a-batch"],
            [(1, 0, 0)],
        ),
        (
            CONSOLE,
            ["ecs:cloudServers:createServers"],
            ["creating-ecss-pay-per-use"],
            [(2, 0, 1)],
        ),
        (
            PANEL,
            ["ecs:cloudServers:deleteServers"],
            ["deleting-ecss"],
            [(1, 0, 0)],
        ),
        (TERRAFORM, ["ecs:cloudServers:createServers"], ["creating-ecss-pay-per-use"], []),
        (PYTHON, ["ecs:servers:start"], ["starting-an-ecs-native"], []),
        (JAVA, ["ecs:cloudServers:reboot"], ["restarting-ecss-in-a-batch"], []),
        (
            TRACES,
            ["ecs:cloudServers:start"],
            ["starting-ecss-in-a-batch"],
            [(1, 0, 0)],
        ),
        (
            ANSWERS,
            ["ecs:servers:start"],
            ["starting-an-ecs-native"],
            [(1, 0, 0)],
        ),
        (FETCH, ["ecs:servers:start"], ["starting-an-ecs-native"], []),
        (
            MIXED,
            ["ecs:servers:start"],
            ["starting-an-ecs-native"],
            [
                (1, 0, 0),
                [LIST, GET],
            ],
        ),
        (AFTER, ["ecs:servers:start"], ["starting-an-ecs-native"], [(1, 0, 0)]),
    ],
)
def test_refusal_is_found_in_what_people_paste(text, actions, operations, beside):
    assert (*found(text), passed_over(text)) == (actions, operations, beside)


def answered(*statuses, call="POST /v1/p/cloudservers"):
    return "\n".join(f"{call} {status}" for status in statuses)


@pytest.mark.parametrize(
    ("text", "operations", "beside"),
    [
        (answered(401, 200), [], [(1, 0, 0)]),
        (answered(401, 403), ["creating-ecss-pay-per-use"], []),
        (answered(403, 401), ["creating-ecss-pay-per-use"], []),
        (answered(401, 500), [], [(0, 0, 1)]),
        (answered(403, 200), [], [(1, 1, 0)]),
        (answered(200, 403), ["creating-ecss-pay-per-use"], []),
        (answered(403, 500), ["creating-ecss-pay-per-use"], []),
        (answered(500), [], [(0, 0, 1)]),
        (answered(200, "was seen again"), [], [(1, 0, 0)]),
        (answered(200, "is denied now"), ["creating-ecss-pay-per-use"], []),
        (
            answered(400) + " Policy doesn't allow vpc:ports:create to be performed",
            ["creating-ecss-pay-per-use"],
            [],
        ),
        (
            answered(403, 200) + "\n" + answered(200, call="GET /v1/p/cloudservers/limits"),
            [],
            [(2, 1, 0)],
        ),
    ],
)
def test_last_word_about_a_call_counts(text, operations, beside):
    assert (found(text)[1], passed_over(text)) == (operations, beside)


OTHER, FAILED = answered(200, call="GET /v1/p/cloudservers/limits"), "PUT /v1/p/cloudservers/1 500"


@pytest.mark.parametrize(
    ("lines", "wording"),
    [
        ([answered(200)], left_out.CALLS_SUCCEEDED),
        ([FAILED], left_out.CALLS_FAILED),
        ([answered(200), FAILED], left_out.CALLS_SUCCEEDED_AND_FAILED),
        ([answered(403, 200)], left_out.CALLS_SUCCEEDED_AGAIN),
        ([answered(403, 200), FAILED], left_out.CALLS_SUCCEEDED_AGAIN_AND_FAILED),
        ([answered(403, 200), OTHER], left_out.SOME_CALLS_SUCCEEDED_AGAIN),
        ([answered(403, 200), OTHER, FAILED], left_out.SOME_CALLS_SUCCEEDED_AGAIN_AND_FAILED),
    ],
)
def test_calls_that_were_not_refused_are_told_apart(lines, wording):
    (finding,) = (each for each in explain(real_catalog(), "\n".join(lines)).findings if each.code == "PB047")

    assert finding.wording == wording


def test_what_a_successful_call_answers_is_not_refused():
    text = (
        answered(200) + '\n{"message": "Policy doesn\'t allow ecs:servers:start to be performed.", "code": "IAM.1021"}'
    )

    assert found(text) == ([], [])
    assert [finding.code for finding in explain(real_catalog(), text).findings] == ["PB047"]


def test_calls_that_succeeded_do_not_hide_the_refused_one():
    text = "\n".join(f"GET /v1/p/cloudservers/{number} 200" for number in range(300))

    assert found(f"{text}\n{answered(403)}") == (["ecs:cloudServers:createServers"], ["creating-ecss-pay-per-use"])
    assert passed_over(text) == [(300, 0, 0)]


ACT = f"POST {HOST}/v1/{PROJECT}/cloudservers/action"
STARTED, STOPPED = ('{"os-start": {}}', '{"os-stop": {}}')


@pytest.mark.parametrize(
    ("text", "operations", "beside"),
    [
        # An address in an answer is no call, whether or not the call was refused.
        ('GET /v1/p/cloudservers/detail 200 OK\n{"x": "https://h/v1/p/cloudservers/limits"}\nPUT /v9/x 404', [], 2),
        (f'{answered(403)}\n{{"x": "https://h/v1/p/cloudservers/limits"}}', ["creating-ecss-pay-per-use"], 0),
        # One without a method, of a call that is there with it, is that call.
        (
            f"{answered(200)}\nGET /v1/p/cloudservers/limits 403\nfor url: /v1/p/cloudservers",
            ["querying-quotas-of-a-tenant"],
            1,
        ),
        # A body may come after the status, where it is called one, or before everything else.
        (
            f"{ACT}\nStatus Code: 202 Accepted\nRequest Payload: {STARTED}\n"
            f"{ACT}\nStatus Code: 403 Forbidden\nRequest Payload: {STOPPED}",
            ["stopping-ecss-in-a-batch"],
            1,
        ),
        (f"{STOPPED} was refused: {ACT}", ["stopping-ecss-in-a-batch"], 0),
        # What shows no body is of what was asked before, but does not take back what is known of that.
        (f"{ACT} {STARTED}\n{ACT} 403\n{ACT} {STARTED}\n{ACT} 202", [], 1),
        (f"{ACT} {STARTED}\n{ACT} 202\n{ACT} {STOPPED}\n{ACT} 403", ["stopping-ecss-in-a-batch"], 1),
        (f"{ACT} {STARTED}\nHTTP/1.1 403 Forbidden\n\n{ACT}\n{ACT} 202", ["starting-ecss-in-a-batch"], 1),
        (f"{ACT} 202\n{ACT} {STOPPED}", ["stopping-ecss-in-a-batch"], 1),
    ],
)
def test_what_belongs_to_a_call(text, operations, beside):
    result = explain(real_catalog(), text)

    assert ([id_.rpartition("/")[2] for id_ in result.operations], result.left_out) == (operations, beside)


def test_answer_tells_which_operation_its_own_call_was():
    text = "\n".join(
        f"POST /v2.1/p/servers/{number}/action\nHTTP/1.1 403 Forbidden\n\n"
        f'{{"message": "Policy doesn\'t allow ecs:servers:{verb} to be performed."}}'
        for number, verb in enumerate(("start", "stop"))
    )

    assert found(text) == (
        ["ecs:servers:start", "ecs:servers:stop"],
        ["starting-an-ecs-native", "stopping-an-ecs-native"],
    )
    assert "PB038" not in [finding.code for finding in explain(real_catalog(), text).findings]
