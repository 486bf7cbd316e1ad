"""What is to be tried with the first login, and which answer is expected in each kind of project."""

from dataclasses import replace

import pytest

from policybuilder.domain.access.decisions import Answer
from policybuilder.domain.building.acceptance import Why, trials
from policybuilder.domain.building.blocks import Block
from policybuilder.domain.building.compiler import compile_blocks
from policybuilder.domain.building.selection import Selection
from policybuilder.domain.policy.document import Condition, Effect
from policybuilder.domain.work import Work
from tests.builders import catalog, catalog_of_services, category, published, service
from tests.builders import operation as made

ALLOWED, NOT_ALLOWED, DENIED, DEPENDS = Answer.ALLOWED, Answer.NOT_ALLOWED, Answer.DENIED, Answer.DEPENDS
CALLS = True


def operation(id_, *actions, calls=False, **more):
    """An operation with a call of its own, or without any call."""
    return made(id_, *actions, calls=[f"GET /v1/{id_}"] if calls is True else calls or (), **more)


CATALOG = catalog(
    operation("ecs/disks/attach", "ecs:disks:attach", needs=["evs:volumes:use"], calls=CALLS),
    operation("ecs/disks/resize", "ecs:disks:resize", calls=CALLS),
    operation("ecs/disks/list", "ecs:disks:list", access="read", calls=CALLS),
    operation("ecs/disks/count", "ecs:disks:list", access="read", calls=CALLS),
    operation("ecs/tags/set", "ecs:tags:set", enterprise="no", calls=CALLS),
    operation("ecs/tags/silent", "ecs:tags:silent", access="read"),
    actions=[published("evs:volumes:use", "yes")],
)


def block(*operations: str, **more) -> Block:
    return Block(Selection(frozenset(operations)), **more)


def tried(*blocks: Block, catalog=CATALOG):
    return {
        trial.operation.id: (trial.why, trial.iam_project.decision, trial.enterprise_project.decision, trial.missing)
        for trial in trials(catalog, compile_blocks(catalog, blocks), Work())
    }


def test_selected_also_allowed_and_limits_come_in_the_order_of_the_catalogue():
    assert list(tried(block("ecs/disks/list")).items()) == [
        ("ecs/disks/attach", (Why.LIMIT, NOT_ALLOWED, NOT_ALLOWED, ())),
        ("ecs/disks/list", (Why.SELECTED, ALLOWED, ALLOWED, ())),
        ("ecs/disks/count", (Why.ALSO_ALLOWED, ALLOWED, ALLOWED, ())),
        ("ecs/tags/set", (Why.LIMIT, NOT_ALLOWED, NOT_ALLOWED, ())),
    ]


def test_limit_reads_where_there_is_such_an_operation_with_a_call():
    found = tried(block("ecs/disks/attach"))

    assert [id_ for id_, (why, *_) in found.items() if why is Why.LIMIT] == ["ecs/disks/list", "ecs/tags/set"]


def test_iam_only_operation_is_refused_in_enterprise_projects():
    assert tried(block("ecs/tags/set"))["ecs/tags/set"] == (Why.SELECTED, ALLOWED, NOT_ALLOWED, ())


def test_incomplete_operation_is_refused():
    without = Block(Selection(frozenset({"ecs/disks/attach"}), without=frozenset({"evs:volumes:use"})))

    expected = (Why.INCOMPLETE, NOT_ALLOWED, NOT_ALLOWED, ("evs:volumes:use",))
    assert tried(without)["ecs/disks/attach"] == expected


def test_denied_operation_is_refused():
    found = tried(block("ecs/disks/attach"), block("ecs/disks/attach", effect=Effect.DENY))

    assert found["ecs/disks/attach"] == (Why.DENIED, DENIED, DENIED, ())


def test_condition_makes_it_depend():
    condition = Condition("StringEquals", "g:UserName", ("anna",))

    found = tried(block("ecs/disks/attach", conditions=(condition,)))
    assert found["ecs/disks/attach"] == (Why.CONDITIONAL, DEPENDS, DEPENDS, ())


def test_what_is_also_allowed_under_conditions_is_told_from_what_was_selected():
    condition = Condition("StringEquals", "g:UserName", ("anna",))

    found = tried(block("ecs/disks/list", conditions=(condition,)))
    assert {id_: why for id_, (why, *_) in found.items() if why is not Why.LIMIT} == {
        "ecs/disks/list": Why.CONDITIONAL,
        "ecs/disks/count": Why.ALSO_CONDITIONAL,
    }


@pytest.mark.parametrize("support", ["varies", "unknown"])
def test_what_is_not_known_of_enterprise_projects_is_not_guessed(support):
    small = catalog(
        operation("ecs/disks/attach", "ecs:disks:attach", needs=["evs:volumes:use"], calls=CALLS),
        actions=[published("evs:volumes:use", support)],
    )

    found = tried(block("ecs/disks/attach"), catalog=small)
    assert found["ecs/disks/attach"] == (Why.SELECTED, ALLOWED, DEPENDS, ())


def test_empty_policy_has_nothing_to_try():
    assert tried(Block()) == {}


def rows_of(service: str, categories: int):
    return (
        operation(f"{service}/c{at}/{slug}", f"{service}:c{at}:{slug}", access=access, calls=CALLS)
        for at in range(categories)
        for slug, access in (("make", "write"), ("list", "read"))
    )


MANY = catalog(*rows_of("ecs", 20), *rows_of("evs", 3), *rows_of("vpc", 30))


def limits(*blocks: Block):
    return [id_ for id_, (why, *_) in tried(*blocks, catalog=MANY).items() if why is Why.LIMIT]


def test_what_needs_no_authorization_is_tried_without_a_policy():
    of = catalog(operation("ecs/a/ping", calls=CALLS), operation("ecs/a/list", "ecs:a:list", calls=CALLS))

    assert tried(block("ecs/a/ping"), catalog=of) == {"ecs/a/ping": (Why.SELECTED, ALLOWED, ALLOWED, ())}
    assert tried(block("ecs/a/ping", effect=Effect.DENY), catalog=of) == {}


def test_limits_are_few_and_of_the_services_in_use_in_turns():
    found = limits(block("ecs/c7/make", "evs/c1/make"))

    assert found == [
        *(f"ecs/c{at}/list" for at in (0, 1, 2, 3, 4, 5, 7)),
        *(f"evs/c{at}/list" for at in range(3)),
    ]


def test_limits_of_single_actions_are_of_the_services_of_what_these_allow():
    found = limits(Block(Selection(actions=frozenset({"evs:c2:make"}))))

    assert found == [f"evs/c{at}/list" for at in range(3)]


def test_limits_are_not_of_services_that_are_also_allowed():
    shared = catalog(
        *rows_of("ecs", 2),
        operation("ecs/c0/run", "ecs:c0:run", needs=["vpc:c0:list"], calls=CALLS),
        *rows_of("vpc", 2),
    )

    found = tried(block("ecs/c0/run"), catalog=shared)
    assert found["vpc/c0/list"][0] is Why.ALSO_ALLOWED
    assert [id_ for id_, (why, *_) in found.items() if why is Why.LIMIT] == ["ecs/c0/list", "ecs/c1/list"]


def test_row_of_two_tables_is_tried_once():
    row = operation("vpc/eip/assign", "vpc:eips:assign", calls=CALLS)
    tables = {slug: replace(service(slug), categories=(category(f"{slug}/eip", row),)) for slug in ("eip", "vpc")}
    both = catalog_of_services(*tables.values())

    assert [trial.operation.id for trial in trials(both, compile_blocks(both, [block(row.id)]), Work())] == [row.id]


def test_query_that_is_never_refused_proves_nothing():
    vpc = service(
        "vpc",
        operation("vpc/a/create", "vpc:a:create", calls=CALLS),
        operation("vpc/a/list", "vpc:a:list", access="read", calls=CALLS),
        operation("vpc/b/list", "vpc:b:list", access="read", calls=CALLS),
    )
    silent = replace(vpc, queries_never_refused="https://docs.example/precautions.html")

    assert added(vpc, "vpc/a/create") == {"vpc/a/list": Why.LIMIT, "vpc/b/list": Why.LIMIT}
    assert added(silent, "vpc/a/create") == {"vpc/a/list": Why.EMPTY}
    assert added(silent, "vpc/a/list") == {"vpc/a/create": Why.LIMIT}


def test_call_that_an_allowed_operation_has_too_proves_nothing():
    same = ["POST /v1/servers/{id}/action"]
    ecs = service(
        "ecs",
        operation("ecs/a/start", "ecs:a:start", calls=same),
        operation("ecs/a/stop", "ecs:a:stop", calls=same),
        operation("ecs/b/delete", "ecs:b:delete", calls=CALLS),
    )

    assert added(ecs, "ecs/a/start") == {"ecs/b/delete": Why.LIMIT}


@pytest.mark.parametrize(
    ("selected", "other"),
    [
        ("POST /v1/{server_id}/action", "POST /v1/{id}/action/"),
        ("POST /v1/jobs", "POST /v1/jobs, SQL statement"),
        ("GET /v1/things?kind={kind}", "GET /v1/things"),
        ('POST /v1/{id}/action action="os-start"', "POST /v1/{id}/action"),
    ],
)
def test_call_at_the_same_address_is_the_same_call(selected, other):
    ecs = service(
        "ecs",
        operation("ecs/a/start", "ecs:a:start", calls=[selected]),
        operation("ecs/b/stop", "ecs:b:stop", calls=[other]),
    )

    assert added(ecs, "ecs/a/start") == {}


def test_call_at_another_host_is_another_call():
    other = ["GET /v3/instances"]
    rows = {
        "rds": [operation("rds/a/make", "rds:a:make", calls=CALLS), operation("rds/b/get", "rds:b:get", calls=other)],
        "dds": [operation("dds/a/get", "dds:a:get", calls=other)],
    }
    both = catalog_of_services(
        *(replace(service(slug, *of), endpoints=(f"{slug}.example",)) for slug, of in rows.items())
    )

    assert tried(block("rds/a/make", "dds/a/get"), catalog=both)["rds/b/get"][0] is Why.LIMIT


def test_empty_list_is_shown_by_a_query_that_lists():
    vpc = service(
        "vpc",
        operation("vpc/a/create", "vpc:a:create", calls=CALLS),
        operation("vpc/a/get", "vpc:a:get", access="read", calls=["GET /v1/a/{id}"]),
        operation("vpc/a/list", "vpc:a:list", access="read", calls=["GET /v1/a"]),
    )
    silent = replace(vpc, queries_never_refused="https://docs.example/precautions.html")

    assert added(silent, "vpc/a/create") == {"vpc/a/list": Why.EMPTY}


def added(of_service, selected):
    found = tried(block(selected), catalog=catalog_of_services(of_service))
    return {id_: why for id_, (why, *_) in found.items() if id_ != selected}
