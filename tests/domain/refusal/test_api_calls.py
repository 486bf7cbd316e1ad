import pytest

from policybuilder.domain.refusal.api_calls import find_calls, join_lines
from tests.sweeps import sweep

RDS, PHOTOS = "rds.eu-de.otc.t-systems.com", "photos.obs.eu-de.otc.t-systems.com"


@pytest.mark.parametrize(
    ("text", "host", "path"),
    [
        (f"GET https://{RDS}/v3/p/instances?limit=1", RDS, "/v3/p/instances"),
        (f"GET {RDS}:443/v3/p/instances", RDS, "/v3/p/instances"),
        (f"GET /v3/p/instances HTTP/1.1\nAccept: */*\nHost: {RDS}", RDS, "/v3/p/instances"),
        (f"> GET /v3/p/instances HTTP/2\n> Host: {RDS}:443\n>", RDS, "/v3/p/instances"),
        (f"GET https://{RDS}/", RDS, "/"),  # a version is not needed where the host is known
        (f"GET /?x=1 HTTP/1.1\nHost: {RDS}", RDS, "/"),
        ("GET https://proxy.example/v3/p/instances", "", "/v3/p/instances"),
        (f"GET /v3/p/a HTTP/1.1\n\nPOST /v3/p/b HTTP/1.1\nHost: {RDS}", "", "/v3/p/a"),
        (f"PUT https://{PHOTOS}/a/v1/b.png?acl.", PHOTOS, "/a/v1/b.png?acl"),
        (f"https://{PHOTOS}?acl was refused", PHOTOS, "/?acl"),
        ("PUT /b.png?acl HTTP/1.1\nHost: a.s3.eu-de.otc-tsi.de", "a.s3.eu-de.otc-tsi.de", "/b.png?acl"),
        (f"PUT /a/v1/b?acl HTTP/1.1\nHost: {PHOTOS}", PHOTOS, "/a/v1/b?acl"),
    ],
)
def test_host_of_a_call_is_found(text, host, path):
    placed = find_calls(join_lines(text))[0]

    assert (placed.call.host, placed.call.path) == (host, path)


@sweep(
    ("text", "calls"),
    [
        ("GET /v1/p/servers", ["GET /v1/p/servers"]),
        ("GET https://ecs.eu-de.otc.t-systems.com/v1/p/servers/?limit=1#x", ["GET /v1/p/servers/"]),
        ("post https://ecs.example/v2.1/p/servers", ["POST /v2.1/p/servers"]),
        ('requests.delete("https://ecs.example/v2/p/servers/1")', ["DELETE /v2/p/servers/1"]),
        ("“POST” was refused at /v1/p/servers.", ["POST /v1/p/servers"]),
        ("/v1/p/servers was refused (PUT)", ["PUT /v1/p/servers"]),
        ("GET /v1/p/a and POST /v1/p/b", ["GET /v1/p/a", "POST /v1/p/b"]),
        ("GET /v1/p/a\nGET /v1/p/a", ["GET /v1/p/a", "GET /v1/p/a"]),
        ("/v1/p/servers", ["/v1/p/servers"]),
        ("v1/0123…/cloudservers/…/action", ["/v1/0123…/cloudservers/…/action"]),
        ("(see /v1/<project_id>/servers/{server_id})", ["/v1/<project_id>/servers/{server_id}"]),
        ('{\n  "url": "https://ecs.example/v1/p/a",\n  "method": "PUT"\n}', ["PUT /v1/p/a"]),
        ("/v1/p/a\nGET\nPOST", ["/v1/p/a"]),
        ("curl https://ecs.example/v1/p/a", ["GET /v1/p/a"]),
        ("curl https://ecs.example/v1/p/a -d '{}'", ["POST /v1/p/a"]),
        ("curl --data-raw '{}' https://ecs.example/v1/p/a", ["POST /v1/p/a"]),
        ("curl -X PUT https://ecs.example/v1/p/a -d '{}'", ["PUT /v1/p/a"]),
        ("curl -XDELETE https://ecs.example/v1/p/a", ["DELETE /v1/p/a"]),
        ("curl https://ecs.example/v1/p/a --request PATCH", ["PATCH /v1/p/a"]),
        ("curl -H 'X-Auth-Token: t' \\\n  https://ecs.example/v1/p/a \\\n  -d '{}'", ["POST /v1/p/a"]),
        ("curl ^\r\n  https://ecs.example/v1/p/a", ["GET /v1/p/a"]),
        ("/v1/p/a\n  Request Method: PUT\nGET /v1/p/b", ["PUT /v1/p/a", "GET /v1/p/b"]),
        ("Request Method\nPUT\nRequest URL\nhttps://h/v1/p/a\nGET /v1/p/b", ["PUT /v1/p/a", "GET /v1/p/b"]),
        ('GET /v1/p/a {"image": "https://h/v2/images/1"} PUT /v1/p/b', ["GET /v1/p/a", "PUT /v1/p/b"]),
        ('"href": "https://h/v1/p/a"\nLocation: https://h/v1/p/b', []),
        ('{\\"href\\": \\"https://h/v1/p/a\\"}', []),
        ("https://console.example/static/v2/app.js", []),
        ("OPTIONS /v1/p/a", ["OPTIONS /v1/p/a"]),
        ("GET https://as.eu-de.otc.t-systems.com/autoscaling-api/v1/p/a", ["GET /autoscaling-api/v1/p/a"]),
        ("GET /V1.0/p/alarms", ["GET /V1.0/p/alarms"]),
        ("GET /apis/networking.cci.io/v1beta1/networks", ["GET /apis/networking.cci.io/v1beta1/networks"]),
        ("An error occurred (AccessDenied) when calling the GetObject operation: Access Denied", ["GetObject"]),
        ("GET /index.html HTTP/1.1\nHost: www.example", ["None"]),
        ("GET https://console.otc.t-systems.com/iam/", ["None"]),
        (f"curl -T b.png https://{PHOTOS}/b.png", [f"PUT {PHOTOS}/b.png"]),
        ("GET https://bucket.obs.example/key", ["None"]),
        ("see https://docs.example/page", []),
        ("HTTP/1.1 403 Forbidden", []),
        ("I cannot get or post anything", []),
        ("", []),
    ],
)
def test_calls_are_found_in_a_text(text, calls):
    assert [str(placed.api_call) for placed in find_calls(join_lines(text))] == calls
