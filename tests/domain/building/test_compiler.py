import os
import subprocess
import sys

import pytest
from hypothesis import given

from policybuilder.domain.access.operations import Incomplete, OperationAccess
from policybuilder.domain.building.blocks import Block
from policybuilder.domain.building.closure import Grant
from policybuilder.domain.building.compiler import compile_blocks, compile_selection
from policybuilder.domain.building.selection import Selection
from policybuilder.domain.catalog.entries import UnknownOperation
from policybuilder.domain.catalog.name_index import NameIndex, uncovered
from policybuilder.domain.catalog.scope import PolicyScope, Verdict
from policybuilder.domain.policy.document import Document, Effect, Size, Statement, dump
from tests.builders import ROOT, catalog, operation, published
from tests.domain.strategies import cases, law

LIST, ATTACH, SHOW = "ecs/servers/list", "ecs/disks/attach", "ecs/servers/show"

SMALL = catalog(
    operation(LIST, "ecs:servers:list", needs=["evs:volumes:get"]),
    operation(ATTACH, "ecs:disks:attach", needs=["evs:volumes:get", "evs:volumes:use"]),
    operation(SHOW, "ecs:servers:show", needs=["evs:volumes:get"]),
    actions=[published("evs:volumes:get", "yes"), published("evs:volumes:use", "varies")],
)


def test_compile_selection_says_everything_about_the_policy():
    selection = Selection(frozenset({LIST}), actions=frozenset({"ecs:servers:show"}))

    policy = compile_selection(SMALL, selection)

    document = Document(
        (
            Statement(Effect.ALLOW, ("ecs:servers:list", "ecs:servers:show")),
            Statement(Effect.ALLOW, ("evs:volumes:get",)),
        )
    )
    assert vars(policy) == vars(compile_blocks(SMALL, [Block(selection)]))
    assert policy.document == document
    assert policy.text == dump(document)
    assert policy.grants == (
        Grant("ecs:servers:list", True, ()),
        Grant("ecs:servers:show", True, ()),
        Grant("evs:volumes:get", False, (LIST,)),
    )
    assert policy.scope == PolicyScope(Verdict.IAM_AND_ENTERPRISE, (), (), (), 3)
    assert policy.operations == OperationAccess((LIST,), (SHOW,), (), frozenset({LIST, SHOW}))
    assert policy.size == Size(147, 2, 2)
    assert policy.findings == ()


def test_compile_selection_marks_what_no_longer_works():
    selection = Selection(frozenset({ATTACH, LIST}), without=frozenset({"evs:volumes:use"}))

    policy = compile_selection(SMALL, selection)

    assert policy.operations == OperationAccess(
        (LIST, ATTACH), (), (Incomplete(ATTACH, ("evs:volumes:use",)),), frozenset({LIST})
    )
    assert [each.finding.code for each in policy.findings] == ["PB001"]


def test_deny_holds_what_was_selected_and_no_dependencies():
    selection = Selection(frozenset({ATTACH}), actions=frozenset({"evs:volumes:use"}))

    policy = compile_selection(SMALL, selection, Effect.DENY)

    assert policy.document == Document(
        (Statement(Effect.DENY, ("ecs:disks:attach",)), Statement(Effect.DENY, ("evs:volumes:use",)))
    )
    assert policy.grants == (Grant("ecs:disks:attach", True, ()), Grant("evs:volumes:use", True, ()))
    assert policy.operations == OperationAccess((), (), (), frozenset())
    assert [each.finding.code for each in policy.findings] == ["PB005", "PB004"]


def test_compile_selection_names_an_operation_that_does_not_exist():
    with pytest.raises(UnknownOperation) as error:
        compile_selection(SMALL, Selection(frozenset({"ecs/servers/fly"})))

    assert error.value.operation_id == "ecs/servers/fly"


@law
@given(cases(leave_out=False))
def test_what_is_selected_is_allowed_when_nothing_is_left_out(case):
    of, selection = case
    rows = [of.operation(id_) for id_ in selection.operations]
    whole = {row.id for row in rows if not row.options or selection.chosen_options(row)}

    assert compile_selection(of, selection).operations.allowed >= whole


@law
@given(cases())
def test_document_holds_exactly_what_is_granted(case):
    of, selection = case
    policy = compile_selection(of, selection)

    granted = [grant.action for grant in policy.grants]
    assert sorted(policy.document.actions()) == sorted(uncovered(granted))
    assert all(name in NameIndex.of(policy.document.actions()) for name in granted)
    assert {statement.effect for statement in policy.document.statements} <= {Effect.ALLOW}
    assert set(policy.operations.selected) == selection.operations
    assert set(policy.operations.also_allowed) == policy.operations.allowed - selection.operations


COMPILE_MUCH = """
from policybuilder.domain.building.compiler import compile_selection
from policybuilder.domain.policy.document import dump
from policybuilder.domain.building.selection import Dependencies, Selection
from tests.builders import real_catalog

of = real_catalog()
names = {"ecs:SERVERS:list", "ecs:servers:LIST", "obs:bucket:get", "obs:BUCKET:get", "obs:bucket:GET", "evs:*:get"}
for dependencies in Dependencies:
    for step in 1, 2, 7:
        ids = frozenset(list(of.operations)[::step])
        policy = compile_selection(of, Selection(ids, actions=frozenset(names), dependencies=dependencies))
        operations = policy.operations
        print(dump(policy.document), policy.grants, policy.scope, policy.findings)
        print(operations.selected, operations.also_allowed, operations.incomplete, sorted(operations.allowed))
"""


def test_same_selection_gives_the_same_bytes_in_every_process():
    """Sets come in another order for each seed of Python's hash function."""
    outputs = {
        subprocess.run(
            [sys.executable, "-c", COMPILE_MUCH],
            cwd=ROOT,
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "2", "3")
    }

    assert len(outputs) == 1


@law
@given(cases())
def test_same_selection_gives_the_same_bytes_however_it_was_made(case):
    of, selection = case
    rebuilt = Selection(
        operations=frozenset(sorted(selection.operations, reverse=True)),
        options_off=frozenset(sorted(selection.options_off, reverse=True)),
        actions=frozenset(sorted(selection.actions, reverse=True)),
        without=frozenset(sorted(selection.without, reverse=True)),
        dependencies=selection.dependencies,
        only_reading=frozenset(sorted(selection.only_reading, reverse=True)),
    )

    one, other = compile_selection(of, selection), compile_selection(of, rebuilt)

    assert (dump(one.document), vars(one)) == (dump(other.document), vars(other))
