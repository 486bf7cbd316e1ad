"""Whatever is sent, the answer is a success or a refusal in the one shape, and never a fault of ours."""

import json

from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from tests.api.caller import Api, details
from tests.builders import real_catalog
from tests.laws import tried

law = tried(150, suppress_health_check=[HealthCheck.function_scoped_fixture])

any_text = st.text(st.characters(exclude_categories=()), max_size=40)  # lone surrogates and controls among them
known = st.sampled_from(
    [
        *list(real_catalog().operations)[:12],
        *list(real_catalog().action_index.actions)[:12],
        "ecs:*:get*",
        "*:*:*",
        "ecs:servers",
        "assigning-a-new-eip",
        "direct",
        "all",
        "Allow",
        "Deny",
        "enterprise_project",
        "read",
        "yes",
        "ecs",
        "disk-management",
    ]
)
headers = st.text(st.characters(max_codepoint=255, exclude_categories=["Cc"]), max_size=40)
scalars = st.none() | st.booleans() | st.integers() | st.floats() | any_text | known
any_json = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(any_text | known, inner, max_size=4)
)
names = st.lists(known | any_text, max_size=4)
bodies = st.fixed_dictionaries(
    {},
    optional={
        "operations": names | any_json,
        "options": st.dictionaries(known | any_text, names | any_json, max_size=3) | any_json,
        "actions": names | any_json,
        "without": names | any_json,
        "only_reading": names | any_json,
        "dependencies": known | any_json,
        "effect": known | any_json,
        "goal": known | any_json,
        "other": any_json,
    },
)
parameters = st.sampled_from(
    ["service", "category", "q", "action", "access", "enterprise_project", "page", "page_size", "format", "slug", "x"]
)
values = known | any_text | st.integers(-2, 300).map(str)
lists = st.sampled_from(
    [
        *("services/", "categories/", "operations/", "actions/", "schema/", "docs/", "operations/a/b/c/"),
        *("system-policies/", "templates/"),
    ]
)


def assert_no_fault(response):
    assert response.status_code in (200, 400, 404, 405, 413, 415)
    if response.status_code != 200:
        details(response)


@law
@given(body=any_json | bodies)
def test_any_json_is_compiled_or_refused(body):
    assert_no_fault(Api().post("compile/", json.dumps(body).encode()))


@law
@given(body=bodies)
def test_what_is_compiled_is_compiled_again_to_the_same(body):
    first, second = (Api().post("compile/", json.dumps(body).encode()) for _ in range(2))

    assert (first.status_code, first.content) == (second.status_code, second.content)


@law
@given(body=st.binary(max_size=200), content_type=headers | st.just("application/json"))
def test_any_bytes_are_refused_or_compiled(body, content_type):
    assert_no_fault(Api().post("compile/", body, content_type))


@law
@given(address=lists, query=st.binary(max_size=60).map(lambda raw: raw.decode("latin-1")))
def test_any_query_string_is_taken_or_refused(address, query):
    assert_no_fault(Api().client.generic("GET", f"/api/v1/{address}", QUERY_STRING=query))


@law
@given(address=lists, pairs=st.lists(st.tuples(parameters, values), max_size=4))
def test_any_parameters_are_taken_or_refused(address, pairs):
    encoded = [(name, value.encode("utf-8", "surrogatepass")) for name, value in pairs]
    assert_no_fault(Api().client.get(f"/api/v1/{address}", query_params=encoded))


@law
@given(method=st.sampled_from(["GET", "POST", "PUT", "DELETE", "OPTIONS", "X"]), path=any_text)
def test_any_address_is_found_or_not(method, path):
    assert_no_fault(
        Api().client.generic(method, "/api/v1/" + path.encode("utf-8", "replace").decode().replace("?", ""))
    )
