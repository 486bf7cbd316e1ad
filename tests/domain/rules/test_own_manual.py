"""PB059 and PB060: dependencies and names that only a user manual has. They are kept apart from the API tables."""

import json

import pytest

from policybuilder.domain.building.compiler import compile_selection
from policybuilder.domain.building.selection import Selection
from policybuilder.domain.catalog.action_names import is_wildcard
from policybuilder.domain.jsontext.source import read
from policybuilder.domain.policy.document import Effect
from policybuilder.domain.policy.reading import to_document
from policybuilder.domain.refusal.explain import explain
from policybuilder.domain.rules.check import check
from tests.builders import whole_catalog
from tests.domain.policy_cases import allow, deny, policy

WHOLE = whole_catalog()
KAFKA, KAFKA_ROW = "dms:instance:create", "dms/lifecycle-management/creating-an-instance"
LIST_DATABASES = "rds:instance:list"  # needs vpc:*:get and vpc:*:list
EVERY_READ = ("vpc:*:get", "vpc:*:list")
AUTOSCALING = "rds:instance:extendSpace"  # needs actions of IAM, which is of the other level


def found(text):
    return [each for each in check(WHOLE, read(text)).findings if each.finding.code == "PB059"]


def said(*statements):
    return [
        (e.finding.place, e.finding.values["action"], e.finding.values["names"]) for e in found(policy(*statements))
    ]


def needed(action):
    return list(WHOLE.needs.manual[action.casefold()].dependencies)


def test_kafka_instance_needs_twelve_actions_of_the_manual_and_none_of_the_table():
    assert WHOLE.operation(KAFKA_ROW).all_dependencies() == ()
    assert len(needed(KAFKA)) == 12
    assert said(allow(KAFKA)) == [("Statement[0].Action[0]", KAFKA, needed(KAFKA))]


def test_only_dependencies_that_are_not_allowed_are_named():
    assert said(allow(KAFKA), allow("vpc:*:*")) == [("Statement[0].Action[0]", KAFKA, ["kms:cmk:list"])]
    assert said(allow(KAFKA, "*:*:*")) == []
    assert said(allow(KAFKA), deny("vpc:ports:create")) == said(allow(KAFKA))


def test_action_is_named_once_and_only_where_it_is_allowed_by_name():
    assert len(said(allow(KAFKA), allow(KAFKA, "dms:instance:get"))) == 1
    assert said(deny(KAFKA)) == said(allow("dms:*:*")) == said(allow("dms:instance:get")) == []
    assert said({"Effect": "Allow", "NotAction": ["obs:*:*"]}, allow(KAFKA)) == []


def test_wildcard_among_the_dependencies_is_allowed_by_a_wider_one_or_by_all_its_matches():
    assert said(allow(LIST_DATABASES)) == [("Statement[0].Action[0]", LIST_DATABASES, list(EVERY_READ))]
    assert said(allow(LIST_DATABASES, "vpc:*:*")) == []
    matches = [name for wildcard in EVERY_READ for name in WHOLE.action_index.expand(wildcard)]
    assert said(allow(LIST_DATABASES, *matches)) == []
    assert len(said(allow(LIST_DATABASES, *matches[1:]))) == 1


def test_dependency_of_the_other_level_is_not_named():
    assert {name.partition(":")[0] for name in needed(AUTOSCALING)} == {"iam"}
    assert said(allow(AUTOSCALING)) == []


def test_one_click_adds_all_of_them():
    for needs in WHOLE.needs.manual.values():
        before = policy(allow(needs.action))
        for each in found(before):
            assert not each.fix.certain  # the button that corrects every mistake grants nothing
            after = each.fix.apply(before)
            others = [finding.finding.values["action"] for finding in found(after)]
            assert all(needs.action in needed(other) for other in others), needs.action
            assert set(to_document(read(after).root).actions()) == {needs.action, *each.finding.values["names"]}


def test_action_outside_a_list_has_no_fix():
    assert found(policy({"Effect": "Allow", "Action": KAFKA}))[0].fix is None


def test_dependencies_do_not_cascade():
    alarm = "ces:alarms:create"
    assert alarm in needed("gaussdb:backup:create")
    assert [name for _, name, _ in said(allow("gaussdb:backup:create", alarm))] == ["gaussdb:backup:create"]
    assert [name for _, name, _ in said(allow(alarm))] == [alarm]
    each_other = ["rms:resources:get", "rms:resources:getHistory"]
    assert [name for _, name, _ in said(allow(*each_other))] == each_other


def test_manual_makes_no_operation_incomplete_and_adds_nothing_by_itself():
    compiled = compile_selection(WHOLE, Selection(operations=frozenset({KAFKA_ROW})))

    assert (compiled.operations.selected, compiled.operations.incomplete) == ((KAFKA_ROW,), ())
    assert compiled.document.actions() == (KAFKA,)
    assert [each.finding.code for each in compiled.findings] == ["PB059"]
    denied = compile_selection(WHOLE, Selection(operations=frozenset({KAFKA_ROW})), effect=Effect.DENY)
    assert "PB059" not in {each.finding.code for each in denied.findings}


VNC, CONSOLE = "ecs:cloudServers:vnc", "ecs:servers:createConsole"


@pytest.mark.parametrize(("effect", "key"), [(e, k) for e in ("Allow", "Deny") for k in ("Action", "NotAction")])
def test_name_of_the_current_manual_is_kept_and_gets_the_action_of_the_tables(effect, key):
    text = policy({"Effect": effect, key: [VNC, "ecs:cloudServers:get"]})
    (each,) = [e for e in check(WHOLE, read(text)).findings if e.finding.code in {"PB011", "PB012", "PB060"}]

    assert (each.finding.code, each.finding.place) == ("PB060", f"Statement[0].{key}[0]")
    assert not each.fix.certain
    after = json.loads(each.fix.apply(text))["Statement"][0][key]
    assert after == [VNC, CONSOLE, "ecs:cloudServers:get"]
    codes = {e.finding.code for e in check(WHOLE, read(policy({"Effect": effect, key: after}))).findings}
    assert codes.isdisjoint({"PB011", "PB012", "PB060"})


def test_refusal_of_such_a_name_says_to_allow_both():
    result = explain(WHOLE, f"Policy doesn't allow {VNC} to be performed.")

    assert result.actions == (CONSOLE,)
    assert ("PB060", (CONSOLE,)) in [(finding.code, finding.values.get("names")) for finding in result.findings]


def test_dependencies_of_manuals_are_known_names():
    names = {name for needs in WHOLE.needs.manual.values() for name in needs.dependencies if not is_wildcard(name)}

    assert names <= set(WHOLE.action_index.actions)
    assert len(names) > 100
