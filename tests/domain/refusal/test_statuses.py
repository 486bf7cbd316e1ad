from policybuilder.domain.refusal.api_calls import find_calls
from policybuilder.domain.refusal.statuses import find_statuses
from tests.sweeps import sweep


@sweep(
    ("text", "codes"),
    [
        ("HTTP/1.1 403 Forbidden", [403]),
        ("< HTTP/2 204", [204]),
        ('"POST /v1/p/a HTTP/1.1" 403 58', [403]),
        ("Forbidden (HTTP 403)", [403]),
        ("RESP: [204] Content-Length: 0", [204]),
        ("Status Code: 200 OK", [200]),
        ("Status Code\n403 Forbidden", [403]),
        ('{"status": 403, "statusText": "Forbidden"}', [403]),
        ("httpStatusCode=403", [403]),
        ("OpenTelekomCloud Response Code: 202", [202]),
        ("<Response [401]>", [401]),
        ("403 Client Error: Forbidden for url", [403]),
        ("The remote server returned an error: (403) Forbidden.", [403]),
        ("Expected HTTP response code [200 202] when accessing it, but got 403 instead", [403]),
        ("GET /v1/p/a 200", [200]),
        ("GET https://h/v1/p/a?limit=1 → 404", [404]),
        ("GET https://h/v1/p/a?limit=1\n401\n120 ms", [401]),
        ("GET https://h/v1/p/a\r\n  403\r\nxhr", [403]),
        ("GET https://h/v1/p/a\n403 servers", []),
        ("| GET | /v1/p/a | 403 |", [403]),
        ("403,POST,https://h/v1/p/a", [403]),
        ('{"code": "403"}', [403]),
        ("HTTP/1.1 100 Continue\nHTTP/1.1 403 Forbidden", [403]),
        ("<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>", [403]),
        ("<Error><Code>NoSuchKey</Code></Error>", []),
        ("HTTP/1.1 200 Connection established", []),
        ("Content-Length: 403", []),
        ("10:15:30,403 GET /v1/p/a", []),
        ("GET /v1/p/a/403", []),
        ("403 servers", []),
        ("", []),
    ],
)
def test_statuses_are_found_in_a_text(text, codes):
    assert [status.code for status in find_statuses(text, find_calls(text))] == codes
