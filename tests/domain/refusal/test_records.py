import json

import pytest

from policybuilder.domain.refusal.records import MOST_TRIED, Record, find_records

ENTRY = {
    "_initiator": {"url": "https://console/static/v2/app.js"},
    "request": {"method": "post", "url": "https://h/v1/p/a", "postData": {"text": '{"os-start": null}'}},
    "response": {"status": 403, "content": {"text": "refused"}},
}
OF_ENTRY = Record("POST", "https://h/v1/p/a", 403, '{"os-start": null}', "refused")
TRACE = {"trace_id": "1", "trace_name": "startServer", "code": "403", "request": '{"os-start": {}}', "response": "no"}


def records(text):
    return [record for part in find_records(text) for record in part.records]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"log": {"version": "1.2", "entries": [ENTRY, ENTRY]}}, [OF_ENTRY, OF_ENTRY]),
        ([TRACE], [Record(None, "", 403, '{"os-start": {}}', "no")]),
        (
            {"http_method": "GET", "request_uri": "/v1/p/a", "status_code": "200", "message": "done"},
            [Record("GET", "/v1/p/a", 200, "", "GET\n/v1/p/a\n200\ndone")],
        ),
        (
            {"method": "POST", "url": "/v1/p/a", "body": {"os-stop": {}}},
            [Record("POST", "/v1/p/a", None, '{"os-stop": null}', "POST\n/v1/p/a")],
        ),
        ({"message": "Forbidden", "code": 403}, []),
        ({"url": "https://h/v1/p/a"}, []),
        ({"os-start": None}, []),
        ({"trace_id": "1"}, []),
    ],
)
def test_calls_are_read_from_json(value, expected):
    for text in (json.dumps(value), f"Hello,\n{json.dumps(value, indent=2)}\nthanks"):
        assert records(text) == expected


def test_file_that_ends_midway_gives_what_is_whole():
    text = json.dumps({"log": {"entries": [ENTRY, ENTRY, ENTRY]}})

    assert [record.status for record in records(text[:-10])] == [403, 403, 403]
    assert records(text[:-10])[:2] == [OF_ENTRY] * 2
    assert [record.status for record in records(text[: text.rindex("403")])] == [403, 403, None]
    assert records(text[:-10].replace("403", "9" * 5000, 1)) == []


@pytest.mark.parametrize("piece", ['{"a":', '{"', '{"a', '[{"a":[', '{"url": "/v1/a", "status": 2}'])
def test_any_piece_can_be_repeated(piece):
    assert len(records(piece * 5000)) <= MOST_TRIED


def test_each_name_of_an_address_a_method_and_a_status_is_read_in_any_spelling():
    addresses = ("url", "uri", "path", "requestUrl", "request_uri", "request-path", "httpPath", "endpoint")
    methods = ("method", "httpMethod", "request_method", "verb")
    statuses = ("status", "statusCode", "response_status", "responseCode", "http-status", "httpStatusCode", "HttpCode")
    entry = {"url": "/v1/p/a", "method": "PUT", "status": 403}
    for names in (addresses, methods, statuses):
        key = names[0]
        rest = {name: value for name, value in entry.items() if name != key}
        for name in names:
            (record,) = records(json.dumps({name: entry[key], **rest}))
            assert (name, record.url, record.method, record.status) == (name, "/v1/p/a", "PUT", 403)


@pytest.mark.parametrize("name", ["trace_id", "traceName"])
def test_a_trace_is_known_by_its_number_or_its_name(name):
    assert [each.status for each in records(json.dumps({name: "1", "code": "403"}))] == [403]
