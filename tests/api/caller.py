"""A caller of the API, as a program elsewhere would be one."""

import json

from django.test import Client


class Api:
    """Calls to the API by the end of their address. A fault of ours is a status like any other, as for a caller."""

    root = "/api/v1/"

    def __init__(self):
        self.client = Client(headers={"Host": "localhost:8000"}, raise_request_exception=False)

    def get(self, address, **options):
        return self.client.get(self.root + address, **options)

    def post(self, address, body, content_type="application/json", **options):
        """`body` as it is when it is bytes, else as JSON."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.client.generic("POST", self.root + address, raw, content_type, **options)

    def compile(self, **selection):
        response = self.post("compile/", selection)
        assert response.status_code == 200, response.content
        return response.json()


def details(response):
    """What a refusal says is wrong: (place, code) of each. The rest of its shape is checked on the way."""
    error = response.json()["error"]
    assert set(response.json()) == {"error"}
    assert set(error) == {"code", "message", "details"}
    assert all(set(detail) == {"place", "code", "message"} for detail in error["details"])
    return [(detail["place"], detail["code"]) for detail in error["details"]]
