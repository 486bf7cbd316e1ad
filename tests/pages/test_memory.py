"""What a process keeps of what people send, so as not to work it out again, is bounded in bytes.

`bench` sends 20,000 hostile requests to a server; here are those of which most was kept before there was a bound.
"""

import gc
import json
import tracemalloc

from tests.pages.builder.strategies import pack

TIMES = 8
MOST = 16_000_000  # bytes; it was 24 million, and grew with each request


def test_little_is_kept_of_large_requests(visitor):
    """Each is different from all others."""

    def send(at: int) -> None:
        kept = json.dumps({"Effect": "Deny", "x": [1] * 15_000 + [at]}, separators=(",", ":"))
        visitor.get("/policy.json", {"draft": pack(f"k{kept}")})
        condition = {"StringMatch": {"g:UserName": [f"*{'a*' * 500}{at}x{number}" for number in range(30)]}}
        policy = {"Statement": [{"Effect": "Allow", "Action": ["*:*:*"], "Condition": condition}]}
        asked = {"action": "ecs:servers:list", "project": "iam_project", "context": {"g:UserName": ["a"]}}
        granted = [{"name": "a", "granted_in": "iam_project", "policy": policy}]
        body = {"policies": granted, "requests": [asked]}
        assert visitor.post("/api/v1/evaluate/", body, content_type="application/json").status_code == 200

    send(-1)
    gc.collect()
    tracemalloc.start()
    for at in range(TIMES):
        send(at)
    gc.collect()
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept < MOST
