"""However costly a draft is made: every address answers, with no more than an answer may have."""

import json

import pytest

from bench import addresses
from policybuilder.middleware import MAX_ANSWER

# Five wildcards that match much, in 20 statements, each under five conditions of its own.
STATEMENT = [
    *(f"a{name}" for name in ("*:*:*", "*:*:*e*", "*:*e*:*", "*:*s*:*", "*:*:*t*")),
    *("c" + json.dumps(["StringMatch", f"g:U{at}", "a*" * 20]) for at in range(5)),
]
CONDITIONS_ON_MUCH = [line for at in range(20) for line in (*(["s"] if at else []), *STATEMENT)]


@pytest.mark.parametrize("address", addresses.DRAFTS, ids=lambda address: address.url)
def test_costly_draft_is_answered_or_refused(visitor, address):
    for way in address.ways:
        sent = way("", CONDITIONS_ON_MUCH)
        response = visitor.generic(
            sent.method, sent.path, sent.body, sent.content_type or "text/plain", headers=sent.headers
        )

        assert response.status_code in (200, 300, 303, 422), sent.endpoint
        assert len(response.content) <= MAX_ANSWER
