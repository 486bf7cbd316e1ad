"""The builder's buttons for statements: what each makes of a draft, and what each refuses."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policybuilder.domain.building.blocks import Block
from policybuilder.domain.building.compiler import compile_blocks
from policybuilder.domain.building.selection import Selection
from policybuilder.domain.findings import fill
from policybuilder.domain.policy.condition_terms import GLOBAL_KEYS
from policybuilder.domain.policy.document import MAX_STATEMENTS, Condition, Effect
from policybuilder.domain.rules import iam_conditions, own_conditions
from policybuilder.drafts import statement_commands as wording
from policybuilder.drafts.addresses import View
from policybuilder.drafts.conditions import (
    ALREADY_THERE,
    HALF_TYPED,
    HALF_TYPED_RESOURCE,
    NO_OPERATOR,
    NO_VALUE,
    NOTHING_TYPED,
    ConditionFields,
    Typed,
    preset,
    without_key,
)
from policybuilder.drafts.draft import Draft
from policybuilder.drafts.statement_commands import (
    MAX_RESOURCES,
    STATEMENT_COMMANDS,
    DraftChange,
    restoring,
    with_complete_condition,
)
from policybuilder.web.commands import RefusedError
from tests.builders import catalog, operation
from tests.domain.strategies import law
from tests.sweeps import sweep

LIST, TAG = "ecs/servers/list", "ecs/servers/tag"
CATALOG = catalog(operation(LIST, "ecs:servers:list"), operation(TAG, "ecs:cloudServers:batchSetServerTags"))

A, B, C = (Block(Selection(frozenset({LIST})), label=label) for label in "abc")
KEPT = Block(kept='{"Effect":"Allow","NotAction":["ecs:servers:list"]}', label="kept")
ALLOW, DENY = Block(), Block(effect=Effect.DENY)
MFA = Condition("Bool", "g:MFAPresent", ("true",))
ANNA = Condition("StringEquals", "g:UserName", ("anna", "bob"))
OPS = Condition("StringEquals", "g:DomainName", ("ops",))
TYPED = Typed(ConditionFields("g:UserId", "StringEquals", values="1"), "OBS:*:*:bucket:a")


def change(*blocks, at=0, condition=None, typed=NOTHING_TYPED, query=""):
    return DraftChange(Draft(blocks, "name", '{"depends":[]}'), View(query, at=at, condition=condition), typed)


def press(command, before):
    name, _, subject = command.partition(":")
    return STATEMENT_COMMANDS[name](CATALOG, before, subject)


def refusal(command, before):
    """The template and the values of the refusal."""
    with pytest.raises(RefusedError) as refused:
        press(command, before)
    return refused.value.template, refused.value.values


def fields(condition):
    return Typed(ConditionFields.of(condition))


# The list of statements


@sweep(
    ("command", "before", "after"),
    [
        ("statement:2", change(A, B, condition=0), change(A, B, at=1)),
        ("statement:1", change(A, B, condition=0, typed=TYPED), change(A, B, condition=0, typed=TYPED)),
        ("add-statement:Allow", change(A, B, condition=1), change(A, B, ALLOW, at=2)),
        ("add-statement:Deny", change(KEPT, A, at=1), change(KEPT, A, DENY, at=2)),
        ("duplicate:1", change(A, B, at=1), change(A, A, B, at=1)),
        ("duplicate:2", change(A, B), change(A, B, B, at=2)),
        ("duplicate:1", change(KEPT, A, at=1), change(KEPT, KEPT, A, at=2)),
        ("delete:1", change(A, B, C, at=0, typed=TYPED), change(B, C, at=0)),
        ("delete:2", change(A, B, C, at=0, typed=TYPED), change(A, C, at=0, typed=TYPED)),
        ("delete:1", change(A, B, C, at=2, condition=0, typed=TYPED), change(B, C, at=1, condition=0, typed=TYPED)),
        ("delete:1", change(A, B, C, at=2), change(B, C, at=1)),
        ("delete:2", change(A, B, C, at=1), change(A, C, at=1)),
        ("delete:3", change(A, B, C, at=2), change(A, B, at=1)),
        ("delete:1", change(A), change(ALLOW)),
        ("delete:2", change(KEPT, A, at=1), change(KEPT, ALLOW, at=1)),
        ("delete:1", change(KEPT, A, at=1), change(A)),
        ("delete:3", change(A, KEPT, B, at=2), change(A, KEPT)),
        ("up:2", change(A, B, C, at=1, typed=TYPED, condition=0), change(B, A, C, at=0, typed=TYPED, condition=0)),
        ("up:2", change(A, B, C, at=0), change(B, A, C, at=1)),
        ("up:2", change(A, B, C, at=2), change(B, A, C, at=2)),
        ("down:1", change(KEPT, A, at=1), change(A, KEPT, at=0)),
        ("down:2", change(A, B, C, at=0), change(A, C, B, at=0)),
        ("effect:Deny", change(A, B, at=1, typed=TYPED), change(A, replace(B, effect=Effect.DENY), at=1, typed=TYPED)),
        ("effect:Allow", change(DENY), change(ALLOW)),
        ("effect:Allow", change(A), change(A)),
        (
            "reset",
            change(A, KEPT, at=1, condition=0, query="disk"),
            DraftChange(Draft(name="name"), View("disk"), NOTHING_TYPED),
        ),
    ],
)
def test_statements_are_added_copied_moved_and_removed(command, before, after):
    assert press(command, before) == after


@pytest.mark.parametrize(
    ("command", "before", "template", "values"),
    [
        ("statement:2", change(A, KEPT), wording.STATEMENT_IS_KEPT, {}),
        ("statement:3", change(A, B), wording.NO_STATEMENT, {"subject": "3"}),
        ("statement:0", change(A, B), wording.NO_STATEMENT, {"subject": "0"}),
        ("statement:", change(A, B), wording.NO_STATEMENT, {"subject": ""}),
        ("statement:-1", change(A, B), wording.NO_STATEMENT, {"subject": "-1"}),
        ("statement:²", change(A, B), wording.NO_STATEMENT, {"subject": "²"}),
        ("statement:1" + "0" * 90, change(A, B), wording.NO_STATEMENT, {"subject": "1" + "0" * 49}),
        ("duplicate:9", change(A), wording.NO_STATEMENT, {"subject": "9"}),
        ("delete:x", change(A), wording.NO_STATEMENT, {"subject": "x"}),
        ("up:4", change(A), wording.NO_STATEMENT, {"subject": "4"}),
        ("down:4", change(A), wording.NO_STATEMENT, {"subject": "4"}),
        ("up:1", change(A, B), wording.AT_THE_END, {}),
        ("down:2", change(A, B), wording.AT_THE_END, {}),
        ("add-statement:allow", change(A), wording.NO_EFFECT, {"subject": "allow"}),
        ("effect:", change(A), wording.NO_EFFECT, {"subject": ""}),
        ("add-statement:Allow", change(*[A] * MAX_STATEMENTS), wording.TOO_MANY_STATEMENTS, {"limit": 8}),
        ("duplicate:1", change(*[A] * (MAX_STATEMENTS + 3)), wording.TOO_MANY_STATEMENTS, {"limit": 8}),
    ],
)
def test_what_cannot_be_done_with_statements_is_refused(command, before, template, values):
    assert refusal(command, before) == (template, values)


@pytest.mark.parametrize("command", ["statement:2", "add-statement:Deny", "duplicate:1", "duplicate:2", "reset"])
@pytest.mark.parametrize(
    ("typed", "unfinished"),
    [
        (Typed(ConditionFields("g:UserId")), HALF_TYPED),
        (Typed(resource="a b"), fill(HALF_TYPED_RESOURCE, {"resource": "a b"})),
    ],
)
def test_statement_is_not_left_while_something_typed_would_be_lost(command, typed, unfinished):
    assert refusal(command, change(A, B, typed=typed)) == (wording.WOULD_BE_LOST, {"unfinished": unfinished})


def test_eighth_statement_can_be_added():
    assert len(press("duplicate:1", change(*[A] * (MAX_STATEMENTS - 1))).draft.blocks) == MAX_STATEMENTS


@law
@given(
    st.lists(st.sampled_from([A, B, C, KEPT]), min_size=1, max_size=9).filter(lambda blocks: {*blocks} != {KEPT}),
    st.integers(0, 8),
    st.lists(st.tuples(st.sampled_from(sorted(STATEMENT_COMMANDS)), st.sampled_from(["1", "2", "3", "9", "Deny"]))),
)
def test_whatever_is_pressed_a_statement_that_can_be_edited_is_shown(blocks, at, commands):
    draft = Draft(tuple(blocks))
    now = DraftChange(draft, View(at=draft.editable(at)), TYPED)
    for name, subject in commands:
        try:
            now = STATEMENT_COMMANDS[name](CATALOG, now, subject)
        except RefusedError:
            continue
        assert not now.block.kept
        assert now.draft.editable(now.view.at) == now.view.at
        assert now.view.condition is None or now.view.condition < len(now.block.conditions)


# Conditions


def limited(*conditions, **rest):
    return replace(A, conditions=conditions, **rest)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (change(A, typed=fields(MFA)), change(limited(MFA), condition=0)),
        (
            change(A, typed=replace(fields(MFA), resource="b")),
            change(limited(MFA), condition=0, typed=Typed(resource="b")),
        ),
        (change(B, limited(MFA), at=1, typed=fields(ANNA)), change(B, limited(MFA, ANNA), at=1, condition=1)),
        (change(limited(ANNA, MFA), typed=fields(OPS)), change(limited(ANNA, OPS, MFA), condition=1)),
        (change(limited(ANNA, MFA), condition=1, typed=fields(OPS)), change(limited(ANNA, OPS), condition=1)),
        (change(limited(ANNA, MFA), condition=0, typed=fields(ANNA)), change(limited(ANNA, MFA), condition=0)),
        (change(limited(ANNA), condition=7, typed=fields(MFA)), change(limited(ANNA, MFA), condition=1)),
        (change(limited(ANNA), condition=0), change(limited(ANNA), condition=0)),
    ],
)
def test_condition_counts_as_soon_as_it_is_complete_and_goes_on_to_be_edited(before, after):
    assert with_complete_condition(CATALOG, before) == after


@pytest.mark.parametrize(
    "before",
    [
        change(A),
        change(A, typed=Typed(ConditionFields("g:UserId"))),
        change(limited(ANNA), condition=0, typed=Typed(ConditionFields("g:UserName", "StringEquals"))),
        change(limited(ANNA), typed=fields(replace(ANNA, values=("c",)))),
        change(limited(ANNA, MFA), condition=1, typed=fields(ANNA)),
    ],
)
def test_condition_that_is_not_complete_changes_nothing(before):
    assert with_complete_condition(CATALOG, before) == before


@pytest.mark.parametrize(
    ("command", "before", "after"),
    [
        ("condition-done", change(A, typed=fields(MFA)), change(limited(MFA))),
        ("condition-done", change(B, limited(MFA), at=1, typed=fields(ANNA)), change(B, limited(MFA, ANNA), at=1)),
        ("condition-done", change(limited(ANNA, MFA), typed=fields(OPS)), change(limited(ANNA, OPS, MFA))),
        ("condition-done", change(limited(ANNA, MFA), condition=1, typed=fields(OPS)), change(limited(ANNA, OPS))),
        ("condition-done", change(limited(ANNA, MFA), condition=0, typed=fields(ANNA)), change(limited(ANNA, MFA))),
        ("condition-done", change(limited(ANNA), condition=7, typed=fields(MFA)), change(limited(ANNA, MFA))),
        (
            "condition-done",
            change(A, typed=Typed(ConditionFields(" g:UserName ", "StringEquals", "", True, " anna \n\n bob "))),
            change(limited(replace(ANNA, operator="StringEqualsIfExists"))),
        ),
        (
            "condition-done",
            change(A, typed=Typed(ConditionFields("ecs:tag", "Null", "ForAnyValue", True, "true"))),
            change(limited(Condition("ForAnyValue:Null", "ecs:tag", ("true",)))),
        ),
        ("condition-done", change(limited(ANNA), condition=0), change(limited(ANNA))),
        ("condition-edit:2", change(limited(ANNA, MFA)), change(limited(ANNA, MFA), condition=1)),
        ("condition-edit:2", change(limited(ANNA, MFA), condition=0), change(limited(ANNA, MFA), condition=1)),
        (
            "condition-edit:1",
            change(limited(ANNA), condition=0, typed=TYPED),
            change(limited(ANNA), condition=0, typed=TYPED),
        ),
        (
            "condition-discard",
            change(limited(ANNA), condition=0, typed=TYPED),
            change(limited(ANNA), typed=Typed(resource=TYPED.resource)),
        ),
        (
            "condition-remove:1",
            change(limited(ANNA, MFA), condition=0, typed=TYPED),
            change(limited(MFA), typed=Typed(resource=TYPED.resource)),
        ),
        (
            "condition-remove:1",
            change(limited(ANNA, MFA), condition=1, typed=TYPED),
            change(limited(MFA), condition=0, typed=TYPED),
        ),
        ("condition-remove:2", change(limited(ANNA, MFA), typed=TYPED), change(limited(ANNA), typed=TYPED)),
    ],
)
def test_conditions_are_saved_edited_and_removed(command, before, after):
    assert press(command, before) == after


@pytest.mark.parametrize(
    ("command", "before", "reason"),
    [
        ("condition-done", change(A, typed=Typed(ConditionFields("g:UserId"))), NO_OPERATOR),
        ("condition-done", change(A, typed=Typed(ConditionFields("a:b", "Bool", values=" \n"))), NO_VALUE),
        (
            "condition-done",
            change(A, typed=Typed(ConditionFields("g:UserName", "Bool", values="true"))),
            iam_conditions.OPERATOR_DOES_NOT_FIT,
        ),
        (
            "condition-done",
            change(A, typed=Typed(ConditionFields("g:None", "Bool", values="true"))),
            iam_conditions.GLOBAL_KEY_IS_UNKNOWN,
        ),
        (
            "condition-done",
            change(A, typed=Typed(ConditionFields("g:UserId", "IpAddress", values="1"))),
            own_conditions.OPERATOR_OF_BUCKETS_ALONE,
        ),
        (
            "condition-done",
            change(A, typed=Typed(ConditionFields("key", "Bool", values="1"))),
            iam_conditions.KEY_IS_INVALID,
        ),
        (
            "condition-done",
            change(A, typed=Typed(ConditionFields("a:b", "Bool", values="\0"))),
            iam_conditions.VALUE_HAS_INVISIBLE,
        ),
        ("condition-done", change(limited(ANNA), typed=fields(replace(ANNA, values=("c",)))), ALREADY_THERE),
        ("condition-done", change(limited(ANNA, MFA), condition=1, typed=fields(ANNA)), ALREADY_THERE),
    ],
)
def test_condition_that_is_wrong_is_refused_with_the_reason(command, before, reason):
    template, values = refusal(command, before)

    assert (template, values["error"].wording) == (wording.NOT_COMPLETE_YET, reason)


@pytest.mark.parametrize(
    ("command", "before", "template", "values"),
    [
        ("condition-done", change(A), wording.CONDITION_HAS_NO_KEY, {}),
        (
            "condition-edit:2",
            change(limited(ANNA, MFA), condition=0, typed=Typed(ConditionFields("g:UserId"))),
            wording.FINISH_FIRST,
            {"unfinished": HALF_TYPED},
        ),
        ("condition-edit:1", change(A), wording.NO_CONDITION, {"subject": "1"}),
        ("condition-remove:3", change(limited(ANNA, MFA)), wording.NO_CONDITION, {"subject": "3"}),
    ],
)
def test_what_is_no_condition_is_refused(command, before, template, values):
    assert refusal(command, before) == (template, values)


# Resources

URI = "OBS:*:*:bucket:a"


@pytest.mark.parametrize(
    ("command", "before", "after"),
    [
        ("resource-add", change(B, A, at=1, typed=Typed(resource=URI)), change(B, replace(A, resources=(URI,)), at=1)),
        (
            "resource-add",
            change(limited(ANNA, resources=("b",)), typed=TYPED, condition=0),
            change(limited(ANNA, resources=("b", URI)), typed=replace(TYPED, resource=""), condition=0),
        ),
        (
            "resource-remove:1",
            change(limited(resources=("a", "b")), typed=TYPED),
            change(limited(resources=("b",)), typed=TYPED),
        ),
        ("resource-remove:2", change(limited(resources=("a", "b"))), change(limited(resources=("a",)))),
    ],
)
def test_resources_are_added_and_removed(command, before, after):
    assert press(command, before) == after


@pytest.mark.parametrize(
    ("command", "before", "template", "values"),
    [
        ("resource-add", change(A), wording.TYPE_A_RESOURCE, {}),
        ("resource-add", change(A, typed=Typed(resource="a b")), wording.RESOURCE_HAS_SPACES, {}),
        ("resource-add", change(A, typed=Typed(resource="a\xa0b")), wording.RESOURCE_HAS_SPACES, {}),
        ("resource-add", change(A, typed=Typed(resource="a\nb")), wording.RESOURCE_HAS_SPACES, {}),
        (
            "resource-add",
            change(limited(resources=("a",)), typed=Typed(resource="a")),
            wording.RESOURCE_TWICE,
            {"uri": "a"},
        ),
        (
            "resource-add",
            change(limited(resources=tuple(map(str, range(MAX_RESOURCES)))), typed=Typed(resource="a")),
            wording.TOO_MANY_RESOURCES,
            {"limit": 20},
        ),
        ("resource-remove:2", change(limited(resources=("a",))), wording.NO_RESOURCE, {"subject": "2"}),
    ],
)
def test_what_is_no_resource_is_refused(command, before, template, values):
    assert refusal(command, before) == (template, values)


# Fixes

OLDER = Block(Selection(actions=frozenset({"ecs:cloudServers:put"})), label="older")
MENDED = Block(Selection(frozenset({TAG})), label="older")


def fix_of(before, code):
    """The button of the first fix of that code."""
    found = compile_blocks(CATALOG, before.draft.blocks, before.draft.extra).findings
    return next(f"fix:{code}@{each.start}" for each in found if each.finding.code == code and each.fix)


def test_fix_is_made_and_the_same_statement_goes_on_to_be_shown():
    before = change(A, OLDER, KEPT, at=1, condition=0)

    assert press(fix_of(before, "PB012"), before) == change(A, MENDED, KEPT, at=1)
    assert press(fix_of(before, "PB012"), replace(before, view=View())) == change(A, MENDED, KEPT)


def test_fix_that_takes_a_statement_out_shows_one_that_is_there():
    before = change(A, replace(B, label="twice"), at=1)

    assert press(fix_of(before, "PB017"), before) == change(A)


def test_fix_does_not_lose_what_is_typed():
    before = change(A, OLDER, at=1, typed=Typed(ConditionFields("g:UserId")))

    with pytest.raises(RefusedError, match=r"^A condition is typed that is not complete"):
        press(fix_of(before, "PB012"), before)


# Another draft


@pytest.mark.parametrize(
    ("before", "draft", "after"),
    [
        (change(A, B, at=1, condition=2), (A, limited(ANNA)), change(A, limited(ANNA), at=1)),
        (change(A, limited(MFA), at=1, condition=0), (A, limited(ANNA)), change(A, limited(ANNA), at=1, condition=0)),
        (change(A, typed=TYPED), (B, C), change(B, C, typed=TYPED)),
        (change(A, B, at=1), (A,), change(A)),
        (change(A, B, at=1, condition=0), (A, KEPT), change(A, KEPT)),
    ],
)
def test_other_draft_shows_the_same_statement_and_keeps_what_is_typed(before, draft, after):
    assert restoring(before, replace(before.draft, blocks=draft), before.view.at) == after


def test_other_draft_is_shown_where_it_was_changed():
    assert restoring(change(A, B, at=1, condition=0), Draft((A, B, C)), 2) == DraftChange(
        Draft((A, B, C)), View(at=2), NOTHING_TYPED
    )


@pytest.mark.parametrize("draft", [(A,), (A, DENY)])
def test_other_draft_does_not_take_what_is_typed_to_another_statement(draft):
    with pytest.raises(RefusedError, match=r"^A condition is typed that is not complete"):
        restoring(change(A, B, at=1, typed=Typed(ConditionFields("g:UserId"))), Draft(draft), 1)


@pytest.mark.parametrize("subject", ["", "PB012", "PB012@0", "PB012@None", "PB017@5", "IAM.1028@None"])
def test_fix_of_something_that_is_not_there_is_refused(subject):
    with pytest.raises(RefusedError, match=r"^What this would have mended is not there any more\."):
        press(f"fix:{subject}", change(A, OLDER))


def test_each_preset_is_the_condition_that_its_button_names():
    for name, key, operator, values in (
        ("mfa", "g:MFAPresent", "Bool", "true"),
        ("no-mfa", "g:MFAPresent", "Bool", "false"),
        ("user", "g:UserName", "StringStartWith", ""),
        ("project", "g:ProjectName", "StringEquals", ""),
        ("until", "g:CurrentTime", "DateLessThanEquals", ""),
    ):
        fields = preset(name, Effect.ALLOW)
        assert (name, fields.key, fields.operator, fields.values) == (name, key, operator, values)


def test_only_keys_about_a_login_with_mfa_may_be_absent():
    for key in GLOBAL_KEYS:
        condition = Condition("NumberLessThanIfExists", key, ("1",))
        assert bool(without_key(condition, Effect.ALLOW)) is (key in {"g:MFAPresent", "g:MFAAge"}), key
