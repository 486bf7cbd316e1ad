import pytest

from policybuilder.domain.access.conditions import UNREADABLE_VALUE, Context
from policybuilder.domain.access.decisions import Answer, Decision
from policybuilder.domain.access.evaluation import (
    SCOPE_UNKNOWN,
    SCOPE_VARIES,
    WHICH_ACTIONS,
    GrantedPolicy,
    OperationDecisions,
    Project,
    Request,
    evaluate,
    matrix,
)
from policybuilder.domain.catalog.action_names import ActionNameError
from policybuilder.domain.catalog.entries import UnknownOperation
from policybuilder.domain.policy.document import Document, Effect, Statement
from tests.builders import catalog, operation, option, published
from tests.domain.evaluation_cases import granted
from tests.domain.policy_cases import allow, deny

ALLOWED, DENIED, NOT_ALLOWED, DEPENDS = Answer.ALLOWED, Answer.DENIED, Answer.NOT_ALLOWED, Answer.DEPENDS
IAM, ENTERPRISE = Project.IAM, Project.ENTERPRISE
GET, LIST, STOP = "ecs:servers:get", "ecs:servers:list", "ecs:servers:stop"
MFA = {"Bool": {"g:MFAPresent": ["true"]}}
OPS = {"StringMatch": {"g:UserName": ["ops-*"]}}

SMALL = catalog(
    operation("ecs/a/get", GET),
    operation("ecs/a/list", LIST, enterprise="no"),
    operation("ecs/a/attach", "ecs:disks:attach", needs=["evs:*:use", "evs:volumes:get"]),
    operation(
        "ecs/a/create",
        "ecs:servers:create",
        needs=["ims:images:get"],
        options=[option("new", needs=["vpc:ips:create", "vpc:ips:get"]), option("old", needs=["vpc:ips:update"])],
    ),
    operation("ecs/a/ping"),
    operation("ecs/b/show", "ecs:servers:show", enterprise="yes"),
    operation("ecs/b/show-native", "ecs:servers:show", enterprise="no"),
    operation("ecs/b/show-somehow", "ecs:servers:show", enterprise="unknown"),
    actions=[
        published("evs:volumes:get", "yes"),
        published("evs:volumes:use", "yes"),
        published("evs:disks:use", "varies"),
        published("ims:images:get", "yes"),
        published("vpc:ips:create", "unknown"),
        published("vpc:ips:get", "yes"),
        published("vpc:ips:update", "yes"),
    ],
)


def decide(target, *policies, project=IAM, of=SMALL, **context):
    """Keys of the context are those of MFA and OPS."""
    values = {f"g:{key}": [value] for key, value in context.items()}
    return evaluate(of, policies, [Request(target, project, Context.of(values))])[0]


# One action, in an IAM project.


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ([], Decision(NOT_ALLOWED)),
        ([allow(LIST)], Decision(NOT_ALLOWED)),
        ([allow("ecs:SERVERS:Get")], Decision(ALLOWED, ((0, 0),))),
        ([allow("ecs:*:g*"), deny(LIST), allow(GET)], Decision(ALLOWED, ((0, 0), (0, 2)))),
        ([allow(GET), deny("*:*:get"), deny(GET)], Decision(DENIED, ((0, 1), (0, 2)))),
        ([deny(GET)], Decision(DENIED, ((0, 0),))),
        ([{"Effect": "Allow", "NotAction": [LIST]}], Decision(ALLOWED, ((0, 0),))),
        ([{"Effect": "Allow", "NotAction": ["ecs:*:*"]}], Decision(NOT_ALLOWED)),
        ([allow(GET), {"Effect": "Deny", "NotAction": [LIST]}], Decision(DENIED, ((0, 1),))),
    ],
)
def test_explicit_deny_beats_allow_and_neither_denies(statements, expected):
    assert decide(GET, granted(*statements)) == expected


def test_decision_names_statements_as_they_stand_in_their_policies():
    other = granted({"Effect": "Perhaps", "Action": [GET]}, "no statement", allow("bad name"), allow(GET, "bad name"))

    assert decide(GET, granted(allow(LIST)), other) == Decision(ALLOWED, ((1, 3),))
    plain = GrantedPolicy("plain", Document((Statement(Effect.ALLOW, (LIST,)), Statement(Effect.ALLOW, (GET,)))), IAM)
    assert decide(GET, plain) == Decision(ALLOWED, ((0, 1),))


@pytest.mark.parametrize(
    ("statements", "context", "expected"),
    [
        ([allow(GET, Condition=MFA)], {"MFAPresent": "true"}, Decision(ALLOWED, ((0, 0),))),
        ([allow(GET, Condition=MFA)], {"MFAPresent": "false"}, Decision(NOT_ALLOWED)),
        ([allow(GET, Condition=MFA)], {}, Decision(DEPENDS, ((0, 0),), ("g:MFAPresent",))),
        ([allow(GET, Condition=MFA | OPS)], {}, Decision(DEPENDS, ((0, 0),), ("g:MFAPresent", "g:UserName"))),
        ([allow(GET, Condition=MFA | OPS)], {"UserName": "anna"}, Decision(NOT_ALLOWED)),
        ([allow(GET), allow(GET, Condition=MFA)], {}, Decision(ALLOWED, ((0, 0),))),
        ([allow(GET), deny(GET, Condition=MFA)], {}, Decision(DEPENDS, ((0, 0), (0, 1)), ("g:MFAPresent",))),
        ([deny(GET, Condition=MFA)], {}, Decision(DEPENDS, ((0, 0),), ("g:MFAPresent",))),
        ([deny(GET), deny(GET, Condition=MFA), allow(GET, Condition=OPS)], {}, Decision(DENIED, ((0, 0),))),
        ([allow(GET, Condition=OPS), deny(LIST, Condition=MFA)], {"UserName": "ops-1"}, Decision(ALLOWED, ((0, 0),))),
    ],
)
def test_missing_values_are_not_guessed(statements, context, expected):
    assert decide(GET, granted(*statements), **context) == expected


WHICH = "A statement is for some resources only, and for which resource the call is made is not known."


@pytest.mark.parametrize(
    ("statement", "context", "reasons"),
    [
        (allow(GET, Condition={"Bool": "true"}), {}, ("A condition cannot be read.",)),
        (
            allow(GET, Condition={"Bool": {"g:MFAPresent": ["yes"]}}),
            {},
            (UNREADABLE_VALUE.format(value="“yes”", owner="Bool", type="“true” or “false”"),),
        ),
        (allow(GET, Resource=["ecs:*:*:server:*"]), {}, (WHICH,)),
        (allow(GET, Resource={"uri": ["/x"]}, Condition=MFA), {"MFAPresent": "true"}, (WHICH,)),
        (deny(GET, Resource=["ecs:*:*:server:*"]), {}, (WHICH,)),
    ],
)
def test_what_no_value_tells_is_said(statement, context, reasons):
    assert decide(GET, granted(statement), **context) == Decision(DEPENDS, ((0, 0),), reasons=reasons)


def test_condition_that_fails_settles_a_statement_with_resources():
    limited = granted(allow(GET, Resource=["ecs:*:*:server:*"], Condition=MFA))

    assert decide(GET, limited, MFAPresent="false") == Decision(NOT_ALLOWED)
    assert decide(GET, limited) == Decision(DEPENDS, ((0, 0),), ("g:MFAPresent",), reasons=(WHICH,))


def test_wildcard_asks_for_all_that_it_covers():
    of = [granted(allow("evs:*:u*", "evs:volumes:get"), deny("evs:volumes:update"))]

    assert [decide(name, *of).decision for name in ("evs:*:use", "evs:*:*", "evs:*:u*", "evs:volumes:*")] == [
        ALLOWED,
        DENIED,
        DENIED,
        DENIED,
    ]
    assert decide("evs:*:*", granted(allow("evs:volumes:*"))).decision is NOT_ALLOWED


# Two stages, in an enterprise project.


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ([], [], Decision(NOT_ALLOWED)),
        ([allow(GET)], [], Decision(ALLOWED, ((0, 0),))),
        ([deny(GET)], [allow(GET)], Decision(DENIED, ((0, 0),))),
        ([allow(GET)], [deny(GET)], Decision(ALLOWED, ((0, 0),))),
        ([allow(LIST)], [allow(GET)], Decision(ALLOWED, ((1, 0),))),
        ([allow(LIST)], [allow(GET), deny("ecs:*:*")], Decision(DENIED, ((1, 1),))),
        ([allow(GET, Condition=MFA)], [], Decision(DEPENDS, ((0, 0),), ("g:MFAPresent",))),
        ([allow(GET, Condition=MFA)], [deny(GET)], Decision(DEPENDS, ((0, 0), (1, 0)), ("g:MFAPresent",))),
        ([deny(GET, Condition=MFA)], [allow(GET)], Decision(DEPENDS, ((0, 0), (1, 0)), ("g:MFAPresent",))),
        # Whatever it is, the answer is the same.
        ([allow(GET, Condition=MFA)], [allow(GET)], Decision(ALLOWED, ((0, 0), (1, 0)))),
        ([deny(GET, Condition=MFA)], [deny(GET)], Decision(DENIED, ((0, 0), (1, 0)))),
        # What the first stage decides needs nothing of the second.
        ([allow(GET)], [deny(GET, Condition=MFA)], Decision(ALLOWED, ((0, 0),))),
        ([deny(LIST)], [allow(GET, Condition=MFA)], Decision(DEPENDS, ((1, 0),), ("g:MFAPresent",))),
    ],
)
def test_match_in_the_iam_project_ends_the_search(first, second, expected):
    assert decide(GET, granted(*first), granted(*second, at=ENTERPRISE), project=ENTERPRISE) == expected


def test_policies_granted_in_enterprise_management_count_for_nothing_in_an_iam_project():
    assert decide(GET, granted(allow(GET), at=ENTERPRISE)) == Decision(NOT_ALLOWED)
    assert decide(GET, granted(deny(GET), at=ENTERPRISE), granted(allow(GET))) == Decision(ALLOWED, ((1, 0),))


@pytest.mark.parametrize("statement", [allow(LIST), deny(LIST), allow(LIST, Condition=MFA)])
def test_action_without_enterprise_projects_is_not_granted_there(statement):
    assert decide(LIST, granted(statement, at=ENTERPRISE), project=ENTERPRISE) == Decision(NOT_ALLOWED)


def test_action_without_enterprise_projects_is_granted_for_the_iam_project():
    assert decide(LIST, granted(allow(LIST)), project=ENTERPRISE) == Decision(ALLOWED, ((0, 0),))


VARIES = SCOPE_VARIES.format(name="evs:disks:use")
UNKNOWN = SCOPE_UNKNOWN.format(name="obs:bucket:get")


@pytest.mark.parametrize(("name", "reason"), [("evs:disks:use", VARIES), ("obs:bucket:get", UNKNOWN)])
def test_doubtful_support_of_enterprise_projects_makes_the_second_stage_depend(name, reason):
    def there(*statements, first=()):
        return decide(name, granted(*first), granted(*statements, at=ENTERPRISE), project=ENTERPRISE)

    assert there(allow(name)) == Decision(DEPENDS, ((1, 0),), reasons=(reason,))
    assert there(allow(name, Condition=MFA)) == Decision(DEPENDS, ((1, 0),), ("g:MFAPresent",), reasons=(reason,))
    assert there(allow(LIST)) == Decision(NOT_ALLOWED)
    assert there(allow(name), first=[allow(name)]) == Decision(ALLOWED, ((0, 0),))
    assert decide(name, granted(allow(name))) == Decision(ALLOWED, ((0, 0),))


@pytest.mark.parametrize("name", ["evs:disks:use", "obs:bucket:get"])
def test_deny_decides_whether_or_not_enterprise_projects_are_supported(name):
    def there(*statements):
        return decide(name, granted(*statements, at=ENTERPRISE), project=ENTERPRISE)

    assert there(deny(name)) == Decision(DENIED, ((0, 0),))
    assert there(allow("*:*:*"), deny(name)) == Decision(DENIED, ((0, 1),))
    assert there(deny(name, Condition=MFA)) == Decision(DEPENDS, ((0, 0),), ("g:MFAPresent",))


def test_only_keys_that_can_still_change_the_answer_are_missing():
    """Nobody may get the image, and the Deny of the server is as certain or not as the login."""
    statements = [deny("ecs:servers:create", Condition=MFA), allow("vpc:*:*", "ecs:*:*", Condition=OPS)]
    found = decide("ecs/a/create", granted(*statements))

    assert (found.decision, found.missing_keys) == (DEPENDS, ("g:MFAPresent",))


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("ecs/b/show", Decision(ALLOWED, ((0, 0),))),
        ("ecs/b/show-native", Decision(NOT_ALLOWED, missing_actions=("ecs:servers:show",))),
        (
            "ecs/b/show-somehow",
            Decision(
                DEPENDS,
                ((0, 0),),
                reasons=(SCOPE_VARIES.format(name="ecs:servers:show"),),
            ),
        ),
    ],
)
def test_row_of_an_operation_says_whether_it_supports_enterprise_projects(target, expected):
    assert decide(target, granted(allow("ecs:*:*"), at=ENTERPRISE), project=ENTERPRISE) == expected


# Operations.

WHICH_OF_DISKS = WHICH_ACTIONS.format(wildcard="evs:*:use")


@pytest.mark.parametrize(
    ("target", "statements", "expected"),
    [
        ("ecs/a/ping", [], Decision(ALLOWED)),
        ("ecs/a/ping", [deny("*:*:*")], Decision(ALLOWED)),
        ("ecs/a/get", [allow("ecs:*:*")], Decision(ALLOWED, ((0, 0),))),
        ("ecs/a/get", [], Decision(NOT_ALLOWED, missing_actions=(GET,))),
        ("ecs/a/get", [allow(GET), deny(GET)], Decision(DENIED, ((0, 1),), missing_actions=(GET,))),
        (
            "ecs/a/attach",
            [allow("evs:*:*"), allow("ecs:disks:attach")],
            Decision(ALLOWED, ((0, 0), (0, 1))),
        ),
        (
            "ecs/a/attach",
            [allow("evs:volumes:*", "ecs:*:*")],
            Decision(DEPENDS, ((0, 0),), missing_actions=("evs:*:use",), reasons=(WHICH_OF_DISKS,)),
        ),
        (
            "ecs/a/attach",
            [allow("evs:*:*", "ecs:*:*"), deny("evs:volumes:use")],
            Decision(DEPENDS, ((0, 0), (0, 1)), missing_actions=("evs:*:use",), reasons=(WHICH_OF_DISKS,)),
        ),
        (
            "ecs/a/attach",
            [allow("*:*:*"), deny("evs:*:*")],
            Decision(DENIED, ((0, 1),), missing_actions=("evs:*:use", "evs:volumes:get")),
        ),
        (
            "ecs/a/attach",
            [allow("ecs:disks:attach"), deny("evs:volumes:use")],
            Decision(DENIED, ((0, 1),), missing_actions=("evs:*:use", "evs:volumes:get")),
        ),
        (
            "ecs/a/attach",
            [allow("ecs:*:*", Condition=MFA), allow("evs:volumes:get")],
            Decision(NOT_ALLOWED, missing_actions=("evs:*:use",)),
        ),
        (
            "ecs/a/attach",
            [allow("ecs:*:*", Condition=MFA), allow("evs:*:*", Condition=OPS)],
            Decision(DEPENDS, ((0, 0), (0, 1)), ("g:MFAPresent", "g:UserName")),
        ),
        (
            "ecs/a/attach",  # denied or not allowed: that depends
            [allow("evs:*:use"), deny("ecs:*:*", Condition=MFA)],
            Decision(DEPENDS, ((0, 1),), ("g:MFAPresent",), ("ecs:disks:attach", "evs:volumes:get")),
        ),
    ],
)
def test_operation_is_allowed_when_all_its_actions_and_dependencies_are(target, statements, expected):
    assert decide(target, granted(*statements)) == expected


CREATE = [allow("ecs:servers:create"), allow("ims:images:get")]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ([allow("vpc:ips:update")], Decision(ALLOWED, ((0, 0), (0, 1), (0, 2)))),
        ([allow("vpc:ips:create", "vpc:ips:get")], Decision(ALLOWED, ((0, 0), (0, 1), (0, 2)))),
        ([], Decision(NOT_ALLOWED, missing_actions=("vpc:ips:update",))),
        ([deny("vpc:ips:update")], Decision(NOT_ALLOWED, missing_actions=("vpc:ips:update",))),
        ([deny("vpc:*:*")], Decision(DENIED, ((0, 2),), missing_actions=("vpc:ips:update",))),
        (
            [deny("vpc:ips:update"), allow("vpc:ips:create"), allow("vpc:ips:get", Condition=MFA)],
            Decision(DEPENDS, ((0, 0), (0, 1), (0, 3), (0, 4)), ("g:MFAPresent",)),
        ),
        (
            [allow("vpc:ips:update", Condition=MFA), allow("vpc:ips:create", "vpc:ips:get")],
            Decision(ALLOWED, ((0, 0), (0, 1), (0, 2), (0, 3))),
        ),
    ],
)
def test_best_option_of_an_operation_counts(more, expected):
    assert decide("ecs/a/create", granted(*CREATE, *more)) == expected


def test_missing_are_the_actions_of_the_option_that_lacks_least_its_own_first():
    row = operation(
        "ecs/a/way",
        "ecs:a:use",
        options=[option("own", actions=["ecs:a:own"]), option("other", needs=["evs:a:get", "evs:b:get"])],
    )

    assert decide("ecs/a/way", of=catalog(row)).missing_actions == ("ecs:a:use", "evs:a:get", "evs:b:get")


def test_what_is_no_target_is_refused():
    with pytest.raises(UnknownOperation):
        decide("ecs/a/fly")
    for name in ("ecs:servers", "ECS:servers:get", "", "ecs:*"):
        with pytest.raises(ActionNameError):
            decide(name)


def test_requests_are_answered_in_their_order_each_with_its_own_context():
    requests = [Request(GET, IAM, Context.of({"g:MFAPresent": [value]})) for value in ("true", "false", "true")]

    found = evaluate(SMALL, [granted(allow(GET, Condition=MFA))], [*requests, Request(GET, ENTERPRISE)])

    assert [decision.decision for decision in found] == [ALLOWED, NOT_ALLOWED, ALLOWED, DEPENDS]


def test_matrix_has_both_decisions_of_every_operation():
    policies = [granted(allow(LIST)), granted(allow("ecs:*:*"), deny("ecs:disks:*", Condition=MFA), at=ENTERPRISE)]
    context = Context.of({"g:MFAPresent": ["true"]})

    found = matrix(SMALL, policies, context)

    assert list(found) == list(SMALL.operations)
    assert found["ecs/a/list"] == OperationDecisions(Decision(ALLOWED, ((0, 0),)), Decision(ALLOWED, ((0, 0),)))
    assert found["ecs/a/attach"] == OperationDecisions(
        Decision(NOT_ALLOWED, missing_actions=("ecs:disks:attach", "evs:*:use", "evs:volumes:get")),
        Decision(DENIED, ((1, 1),), missing_actions=("ecs:disks:attach", "evs:*:use", "evs:volumes:get")),
    )
