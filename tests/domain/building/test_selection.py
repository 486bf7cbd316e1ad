from hypothesis import given
from hypothesis import strategies as st

from policybuilder.domain.building.closure import close
from policybuilder.domain.building.selection import Dependencies, Selection
from tests.builders import catalog, operation, option
from tests.domain.strategies import cases, law

START, STOP, CREATE = "ecs/servers/start", "ecs/servers/stop", "ecs/servers/create"


def test_tick_adds_operations_and_keeps_the_rest():
    before = Selection(frozenset({START}), actions=frozenset({"ecs:a:get"}), dependencies=Dependencies.ALL)

    assert before.tick([STOP, START]) == Selection(
        frozenset({START, STOP}), actions=frozenset({"ecs:a:get"}), dependencies=Dependencies.ALL
    )


def test_untick_takes_operations_with_their_options():
    before = Selection(frozenset({START, CREATE}), options_off=frozenset({(CREATE, "old"), (START, "new")}))

    assert before.untick([CREATE]) == Selection(frozenset({START}), options_off=frozenset({(START, "new")}))


def test_options_are_on_unless_they_are_named():
    old, new = option("old"), option("new")
    create, start = operation(CREATE, options=[old, new]), operation(START, options=[old, new])
    selection = Selection(frozenset({CREATE, START}), options_off=frozenset({(CREATE, "old")}))

    assert selection.chosen_options(create) == (new,)
    assert selection.chosen_options(start) == (old, new)


def test_swap_for_enterprise_replaces_what_has_an_alternative():
    of = catalog(operation(START, alternative=CREATE), operation(STOP), operation(CREATE))
    before = Selection(frozenset({START, STOP}), options_off=frozenset({(START, "old")}))

    assert before.swap_for_enterprise(of, [START, STOP]) == Selection(frozenset({CREATE, STOP}))


def test_swap_for_enterprise_leaves_operations_that_are_not_ticked():
    of = catalog(operation(START, alternative=CREATE), operation(STOP), operation(CREATE))

    assert Selection(frozenset({STOP})).swap_for_enterprise(of, [START]) == Selection(frozenset({STOP}))


@law
@given(cases(), st.randoms(use_true_random=False))
def test_order_of_ticking_does_not_matter(case, random):
    of, selection = case
    shuffled = sorted(selection.operations)
    random.shuffle(shuffled)

    one_by_one = Selection(
        options_off=selection.options_off,
        actions=selection.actions,
        without=selection.without,
        dependencies=selection.dependencies,
        only_reading=selection.only_reading,
    )
    for id_ in shuffled:
        one_by_one = one_by_one.tick([id_])

    assert one_by_one == selection
    assert close(of, one_by_one) == close(of, selection)


@law
@given(cases(), st.data())
def test_ticking_then_unticking_is_identity(case, data):
    of, selection = case
    others = [id_ for id_ in of.operations if id_ not in selection.operations]
    more = data.draw(st.lists(st.sampled_from(others), unique=True) if others else st.just([]))

    assert selection.tick(more).untick(more) == selection
