from dataclasses import replace

import pytest

from policybuilder.domain.catalog.entries import ApiCall, PublishedAction
from policybuilder.domain.refusal.api_calls import NamedCall
from policybuilder.domain.refusal.known_calls import KnownCalls
from tests.builders import catalog, catalog_of_services, operation, service

ACTION = "POST /v2/{project_id}/servers/{server_id}/action"
SMALL = catalog(
    operation("ecs/servers/list", "ecs:servers:list", calls=["GET /v1/{project_id}/servers/detail"]),
    operation("ecs/servers/get", "ecs:servers:get", calls=["GET /v1/{project_id}/servers/{server_id}"]),
    operation("ecs/servers/change", "ecs:servers:put", calls=["PUT /v1/{project_id}/servers/{server_id}?x={x}"]),
    operation("ecs/servers/start", "ecs:servers:start", calls=[ACTION], title="Starting a server"),
    operation("ecs/servers/restart", "ecs:servers:reboot", calls=[ACTION], title="Restarting a server"),
    operation("ecs/servers/add", "ecs:groups:use", calls=[ACTION], title="Adding a server to a security group"),
    operation("ecs/servers/remove", "ecs:groups:use", calls=[ACTION], title="Removing a security group"),
    actions=[
        PublishedAction(
            f"evs:volumes:{verb}",
            "",
            calls=tuple(ApiCall("POST", f'/v2/{{project_id}}/volumes/{{id}}/action action="{key}"') for key in keys),
        )
        for verb, keys in {"attach": ["os-attach"], "detach": ["os-detach"], "get": ["os-attach", "os-detach"]}.items()
    ],
)


@pytest.mark.parametrize(
    ("call", "found"),
    [
        ("GET /v1/p/servers/detail", ["list"]),  # a fixed segment goes before a placeholder
        ("GET /v1/p/servers/1", ["get"]),
        ("GET /v1/p/Servers/1/", ["get"]),
        ("PUT /v1/p/servers/1", ["change"]),
        ("PUT /v1/p/servers/detail", ["change"]),
        ("/v1/p/servers/1", ["get", "change"]),
        ("POST /v1/p/servers/1", []),
        ("GET /v2/p/servers/1", []),
        ("GET /v1/p/servers/1/2", []),
        ("POST /v2/p/servers/1/action", ["start", "restart", "add", "remove"]),
    ],
)
def test_call_is_found_by_method_and_path(call, found):
    method, _, path = call.rpartition(" ")
    named = NamedCall(method or None, path)

    assert [known.operation.slug for known in KnownCalls(SMALL).find(named)] == found


@pytest.mark.parametrize(
    ("keys", "found"),
    [
        (["os-start"], ["start"]),
        (["reboot", "type"], ["restart"]),
        (["addSecurityGroup"], ["add"]),
        (["remove_security_group"], ["remove"]),
        (["forbidden", "code", "reboot"], ["restart"]),
        (["reboot", "os-start"], ["restart"]),
        (["os-stop"], ["start", "restart", "add", "remove"]),
        (["server"], ["start", "restart", "add"]),
        (["os-", "a"], ["start", "restart", "add", "remove"]),
    ],
)
def test_body_tells_apart_the_operations_of_a_path(keys, found):
    named = NamedCall("POST", "/v2/p/servers/1/action")

    assert [known.operation.slug for known in KnownCalls(SMALL).find(named, keys=keys)] == found


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("os-start", ["start"]),
        ("reboot", ["restart"]),
        ("addSecurityGroup", ["add"]),
        ("frobnicate", []),
        ("os-stop", []),
        ("os-", []),
        ("server", ["start", "restart", "add"]),
        ("", ["start", "restart", "add", "remove"]),
    ],
)
def test_body_that_no_operation_answers_is_of_none(body, found):
    named = NamedCall("POST", "/v2/p/servers/1/action")

    assert [known.operation.slug for known in KnownCalls(SMALL).find(named, body, ["reboot"] if body else ())] == found


def test_body_that_only_says_what_all_operations_say_is_of_none():
    one, two = (
        operation(f"ecs/a/{verb}", f"ecs:a:{verb}", calls=[ACTION], title=f"{verb} (OpenStack)") for verb in ("b", "c")
    )
    named = NamedCall("POST", "/v2/p/servers/1/action")

    assert KnownCalls(catalog(one, two)).find(named, "open") == ()
    assert KnownCalls(SMALL).find(NamedCall("PUT", "/v1/p/servers/1"), "frobnicate") != ()  # nothing to tell apart
    assert KnownCalls(SMALL).find(NamedCall(None, "/v1/p/servers/1"), "frobnicate") != ()  # the method is not known


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("os-attach", ["evs:volumes:attach", "evs:volumes:get"]),
        ("os-frobnicate", []),
        ("", ["evs:volumes:attach", "evs:volumes:detach", "evs:volumes:get", "evs:volumes:get"]),
    ],
)
def test_body_of_a_call_that_no_operation_has_is_the_key_of_its_actions(body, found):
    named = NamedCall("POST", "/v2/p/volumes/1/action")

    assert [known.action for known in KnownCalls(SMALL).find(named, body)] == found


@pytest.mark.parametrize(
    ("keys", "found"),
    [
        (["os-attach"], ["evs:volumes:attach", "evs:volumes:get"]),
        (["os-detach"], ["evs:volumes:detach", "evs:volumes:get"]),
        (["attach"], ["evs:volumes:attach", "evs:volumes:detach", "evs:volumes:get", "evs:volumes:get"]),
    ],
)
def test_calls_that_no_operation_has_belong_to_actions_and_name_their_key(keys, found):
    named = NamedCall("POST", "/v2/p/volumes/1/action")

    assert [known.action for known in KnownCalls(SMALL).find(named, keys=keys)] == found


def test_methods_of_a_path():
    known = KnownCalls(SMALL)

    found = [known.methods(NamedCall(None, path)) for path in ("/v1/p/servers/1", "/v1/p/nothing/1/2")]

    assert found == [("GET", "PUT"), ()]


DOMAIN = "otc.t-systems.com"
INSTANCES = "GET /v3/{project_id}/instances"


def at(host, *operations, name=None):
    """A service of these operations with an endpoint, or without one."""
    endpoints = (f"{host}.{{region}}.{DOMAIN}",) if host else ()
    return replace(service(name or host, *operations), endpoints=endpoints)


SERVICES = catalog_of_services(
    at("rds", operation("rds/a/list", "rds:instance:list", calls=[INSTANCES])),
    at("dds", operation("dds/a/list", "dds:instance:list", calls=[INSTANCES, "GET /v3/{project_id}/{kind}"])),
    at("", operation("old/a/list", "old:instance:list", calls=[INSTANCES]), name="old"),
    at("ecs", operation("ecs/a/list", "ecs:servers:list", calls=["GET /v1/{project_id}/servers"])),
    at("cce", operation("cce/a/list", "cce:node:list", calls=["GET /api/v3/nodes"])),
)


@pytest.mark.parametrize(
    ("host", "path", "found"),
    [
        ("", "/v3/p/instances", ["rds/a/list", "dds/a/list", "old/a/list"]),
        (f"rds.eu-de.{DOMAIN}", "/v3/p/instances", ["rds/a/list"]),
        (f"RDS.eu-nl.{DOMAIN}", "/v3/p/instances", ["rds/a/list"]),
        ("dds.eu-de.otc-tsi.de", "/v3/p/instances", ["dds/a/list"]),
        (f"dds.eu-ch2.sc.{DOMAIN}", "/v3/p/instances", ["dds/a/list"]),
        (f"dds.eu-de.{DOMAIN}", "/v3/p/flavors", ["dds/a/list"]),  # the fewest placeholders at that host
        (f"ecs.eu-de.{DOMAIN}", "/v3/p/instances", ["old/a/list"]),  # whose host is not known
        (f"new.eu-de.{DOMAIN}", "/v3/p/instances", ["old/a/list"]),
        (f"ecs.eu-de.{DOMAIN}", "/v1/p/servers", ["ecs/a/list"]),
        (f"rds.eu-de.{DOMAIN}", "/v1/p/servers", []),
        (f"1f0.cce.eu-de.{DOMAIN}", "/v3/nodes", ["cce/a/list"]),
    ],
)
def test_host_tells_whose_call_it_is(host, path, found):
    known = KnownCalls(SERVICES).find(NamedCall("GET", path, host))

    assert [one.operation.id for one in known] == found


def test_address_that_takes_any_statement_is_of_all_its_operations():
    job = "POST /v1.0/{project_id}/jobs/submit-job"
    of = catalog(
        operation("dli/a/submit", "dli:queue:submitJob", calls=[job]),
        operation("dli/a/view", "dli:database:createView", calls=[f"{job}, SQL statement invoking"]),
    )

    known = KnownCalls(of).find(NamedCall("POST", "/v1.0/p/jobs/submit-job"), "currentdb", ["currentdb", "sql"])

    assert [one.operation.slug for one in known] == ["submit", "view"]
