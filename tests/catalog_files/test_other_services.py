"""Services with rows in shapes that no row of ECS has: what their catalogue means."""

import pytest

from policybuilder.domain.access.operations import Incomplete
from policybuilder.domain.building.closure import Grant, close
from policybuilder.domain.building.compiler import compile_selection
from policybuilder.domain.building.selection import Selection
from policybuilder.domain.catalog.entries import (
    Access,
    Evidence,
    Level,
    Option,
    Scope,
    Support,
)
from policybuilder.domain.catalog.scope import Verdict
from tests.builders import ECS, OTHER_SERVICES, catalog_of_files

BIND, UPDATE, UPDATE_NATIVE = (
    f"eip/floating-ips/{slug}" for slug in ("binding-a-floating-ip", "updating-an-eip", "updating-a-floating-ip")
)
LIST, AGGREGATED = (f"config/resource-query/{slug}" for slug in ("listing-resources", "listing-aggregated-resources"))
TOKEN = "iam/tokens/obtaining-a-token"

YES, NO, UNKNOWN = Support.YES, Support.NO, Support.UNKNOWN


@pytest.fixture(scope="module")
def other_services():
    """The catalogue of ECS and of services with other shapes of tables."""
    return catalog_of_files(ECS, OTHER_SERVICES)


def ticked(*ids, **rest):
    return Selection(frozenset(ids), **{name: frozenset(values) for name, values in rest.items()})


def test_other_services_load_beside_ecs(other_services):
    assert [(service.slug, service.prefixes, service.level) for service in other_services.services] == [
        ("ecs", ("ecs",), Level.XA),
        ("eip", ("vpc",), Level.XA),
        ("config", ("rms",), Level.AX),
        ("iam", ("iam",), Level.AX),
        *((slug, (slug,), Level.XA) for slug in ("evs", "ims", "vpc")),
    ]
    assert list(other_services.operations)[91:] == [BIND, UPDATE, UPDATE_NATIVE, LIST, AGGREGATED, TOKEN]


def test_operation_without_actions_needs_no_authorization(other_services):
    policy = compile_selection(other_services, ticked(TOKEN))

    assert policy.grants == ()
    assert (policy.operations.selected, policy.operations.allowed) == ((TOKEN,), frozenset({TOKEN}))
    assert other_services.operation(TOKEN).scope == Scope(UNKNOWN, UNKNOWN, Evidence.MISSING, None)


def test_several_actions_and_a_wildcard_are_needed_together(other_services):
    policy = compile_selection(other_services, ticked(BIND))

    assert other_services.operation(BIND).calls == ()
    assert policy.grants == (
        Grant("vpc:*:list", False, (BIND,)),
        Grant("vpc:floatingIps:bind", True, ()),
        Grant("vpc:floatingIps:create", True, ()),
    )
    assert policy.scope.verdict is Verdict.IAM_ONLY
    assert policy.scope.iam_only == ("vpc:floatingIps:bind", "vpc:floatingIps:create")
    assert policy.scope.unknown == ("vpc:*:list",)  # no list action of the prefix is known
    assert policy.operations.allowed == {BIND}

    without = compile_selection(other_services, ticked(BIND, without={"vpc:*:list"}))
    assert without.operations.incomplete == (Incomplete(BIND, ("vpc:*:list",)),)


def test_action_of_two_services_and_of_rows_of_different_scope(other_services):
    shared, mixed = (
        other_services.action_index.actions["vpc:publicIps:update"],
        other_services.action_index.actions["vpc:bandwidths:use"],
    )

    assert shared.operations == (UPDATE,)
    assert shared.scope.enterprise_project is YES  # published for the action itself
    assert mixed.operations == (UPDATE, UPDATE_NATIVE)
    assert mixed.scope.enterprise_project is Support.VARIES
    assert mixed.access is Access.WRITE
    assert [call.path for call in mixed.calls] == ["/v1/{project_id}/publicips/{publicip_id}"]
    assert compile_selection(other_services, ticked(UPDATE)).scope.verdict is Verdict.VARIES
    assert compile_selection(other_services, ticked(UPDATE)).operations.also_allowed == (UPDATE_NATIVE,)


def test_alternatives_of_actions_are_options(other_services):
    assert other_services.operation(LIST).options == (
        Option("one-by-one", "one by one", ("rms:resources:list",), ("iam:agencies:get",)),
        Option("as-a-summary", "as a summary", ("rms:resources:summarize",), ("iam:agencies:list",)),
    )
    policy = compile_selection(other_services, ticked(LIST, options_off={(LIST, "as-a-summary")}))

    assert policy.grants == (Grant("iam:agencies:get", False, (LIST,)), Grant("rms:resources:list", True, ()))
    assert policy.operations.allowed == {LIST}
    assert policy.scope.verdict is Verdict.UNKNOWN
    assert [action.level for action in map(other_services.action_index.action, policy.document.actions())] == [
        Level.AX,
        Level.AX,
    ]


def test_alternatives_of_dependencies_are_options(other_services):
    policy = compile_selection(other_services, ticked(AGGREGATED, options_off={(AGGREGATED, "of-one-account")}))

    assert policy.grants == (Grant("iam:agencies:list", False, (AGGREGATED,)), Grant("rms:aggregators:list", True, ()))
    assert policy.operations.allowed == {AGGREGATED}
    assert policy.findings[0].finding.code == "PB003"


def test_services_of_both_levels_do_not_go_into_one_policy(other_services):
    policy = compile_selection(other_services, ticked(LIST, UPDATE))

    assert [each.finding.code for each in policy.findings] == ["PB007", "PB003"]


def test_prefix_of_two_services_is_one_statement(other_services):
    create = "ecs/lifecycle-management/creating-ecss-pay-per-use"

    document = compile_selection(other_services, ticked(create, UPDATE)).document

    assert [statement.actions for statement in document.statements] == [
        ("ecs:cloudServers:createServers",),
        ("vpc:bandwidths:use", "vpc:publicIps:create", "vpc:publicIps:update"),
    ]
    assert close(other_services, ticked(create, UPDATE))[-1] == Grant("vpc:publicIps:update", True, (create,))
