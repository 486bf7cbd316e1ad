"""What a process keeps of what people send, so as not to work it out again, is bounded in bytes.

`make bench ARGS=abuse` sends 20,000 hostile requests to a server; here are those of which most was kept before there
was a bound.
"""

import gc
import json
import tracemalloc

from policybuilder.domain.access.conditions import Context
from policybuilder.domain.access.evaluation import GrantedPolicy, Project, Request, evaluate
from policybuilder.domain.policy.document import Condition, Document, Effect, Statement
from policybuilder.drafts.compiled import compiled
from policybuilder.drafts.link import decode
from policybuilder.web.json_html import highlighted
from tests.builders import real_catalog
from tests.pages.builder.strategies import pack

CATALOG = real_catalog()
TIMES = 2
MOST = 1_000_000  # bytes; without a bound it was two or three million for each request


def test_little_is_kept_of_large_requests():
    """Each is different from all others."""

    def send(at: int) -> None:
        kept = json.dumps({"Effect": "Deny", "x": [1] * 15_000 + [at]}, separators=(",", ":"))
        assert compiled(CATALOG, decode(CATALOG, pack(f"k{kept}")).draft).text.count("1,") >= 15_000
        patterns = tuple(f"*{'a*' * 500}{at}x{number}" for number in range(30))
        statement = Statement(Effect.ALLOW, ("*:*:*",), conditions=(Condition("StringMatch", "g:UserName", patterns),))
        policies = [GrantedPolicy("", Document((statement,)), Project.IAM)]
        requests = [Request("ecs:servers:list", Project.IAM, Context.of({"g:UserName": ["a"]}))]
        assert [each.decision for each in evaluate(CATALOG, policies, requests)] == ["not_allowed"]
        assert str(at) in highlighted(f'"{at}{"x" * 30_000}"')

    send(-1)
    gc.collect()
    tracemalloc.start()
    for at in range(TIMES):
        send(at)
    gc.collect()
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept < MOST
