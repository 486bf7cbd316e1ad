from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policybuilder.domain.building.closure import (
    Cascade,
    Choice,
    Grant,
    WildcardNeed,
    close,
    dependencies,
    left_out,
    own_actions,
    preview_cascade,
    prune,
    reading,
    wildcard_needs,
)
from policybuilder.domain.building.selection import Dependencies, Selection
from policybuilder.domain.catalog.action_names import action_key, is_wildcard
from policybuilder.domain.catalog.entries import Access, UnknownOperation
from policybuilder.domain.catalog.name_index import NameIndex
from tests.builders import catalog, operation, option, published, real_catalog
from tests.domain.strategies import cases, law

LIST, ATTACH, CREATE = "ecs/servers/list", "ecs/disks/attach", "ecs/servers/create"

SMALL = catalog(
    operation(LIST, "ecs:servers:list", needs=["evs:volumes:get"], access="read"),
    operation(ATTACH, "ecs:disks:attach", needs=["evs:volumes:get", "evs:volumes:use", "ecs:servers:list"]),
    operation(
        CREATE,
        "ecs:servers:create",
        options=[
            option("new-eip", needs=["vpc:publicIps:create"]),
            option("old-eip", actions=["ecs:servers:bind"], needs=["vpc:publicIps:update"]),
        ],
    ),
    operation("evs/volumes/use", "evs:volumes:use", needs=["evs:types:get", "vpc:*:get"]),
    operation("evs/types/get", "evs:types:get", needs=["evs:quotas:get"], access="read"),
)


SHARE = "sfs/shares/create"

# The wildcard that SHARE needs matches two actions that read and one that writes; so does the action of the second row.
WILD = catalog(
    operation(SHARE, "sfs:shares:create", needs=["vpc:*:*", "ecs:servers:list"]),
    operation("sfs/shares/all", "sfs:admin:*", needs=["vpc:*:*", "vpc:ports:get"]),
    operation("ecs/servers/list", "ecs:servers:list", needs=["sfs:admin:*"]),
    operation("vpc/ports/delete", "vpc:ports:delete", needs=["obs:bucket:get"]),
    operation("vpc/ports/get", "vpc:ports:get", access="read", needs=["obs:bucket:list"]),
    actions=[published("vpc:vpcs:list", access="read")],
)


def granted(catalog, selection):
    return frozenset(action_key(grant.action) for grant in close(catalog, selection))


def ticked(*ids, **rest):
    return Selection(frozenset(ids), **{name: frozenset(values) for name, values in rest.items()})


def test_close_of_nothing_grants_nothing():
    assert close(SMALL, Selection()) == ()


def test_close_gives_every_action_with_its_reasons():
    assert close(SMALL, ticked(ATTACH, LIST)) == (
        Grant("ecs:disks:attach", True, ()),
        Grant("ecs:servers:list", True, (ATTACH,)),
        Grant("evs:volumes:get", False, (ATTACH, LIST)),
        Grant("evs:volumes:use", False, (ATTACH,)),
    )


def test_close_drops_a_dependency_with_the_last_operation_that_needs_it():
    both = ticked(ATTACH, LIST)

    assert close(SMALL, both.untick([ATTACH])) == (
        Grant("ecs:servers:list", True, ()),
        Grant("evs:volumes:get", False, (LIST,)),
    )
    assert close(SMALL, both.untick([ATTACH, LIST])) == ()


def test_close_grants_what_the_chosen_options_need():
    create = Grant("ecs:servers:create", True, ())
    bind = Grant("ecs:servers:bind", True, ())
    new, old = Grant("vpc:publicIps:create", False, (CREATE,)), Grant("vpc:publicIps:update", False, (CREATE,))

    assert close(SMALL, ticked(CREATE)) == (bind, create, new, old)
    assert close(SMALL, ticked(CREATE, options_off={(CREATE, "old-eip")})) == (create, new)
    assert close(SMALL, ticked(CREATE, options_off={(CREATE, "old-eip"), (CREATE, "new-eip")})) == (create,)


def test_close_adds_single_actions():
    assert close(SMALL, ticked(LIST, actions={"evs:volumes:get", "obs:bucket:get", "vpc:*:get"})) == (
        Grant("ecs:servers:list", True, ()),
        Grant("evs:volumes:get", True, (LIST,)),
        Grant("obs:bucket:get", True, ()),
        Grant("vpc:*:get", True, ()),
    )


def test_close_spells_actions_as_the_catalogue_does():
    spellings = {"ecs:SERVERS:list", "ecs:servers:LIST", "obs:Bucket:get", "obs:bucket:get"}

    assert close(SMALL, Selection(actions=frozenset(spellings))) == (
        Grant("ecs:servers:list", True, ()),
        Grant("obs:bucket:get", True, ()),
    )


def test_close_leaves_dependencies_out_whatever_their_case():
    assert close(SMALL, ticked(ATTACH, without={"evs:VOLUMES:use", "ecs:servers:list"})) == (
        Grant("ecs:disks:attach", True, ()),
        Grant("evs:volumes:get", False, (ATTACH,)),
    )


def test_close_keeps_own_and_single_actions_that_were_left_out_as_dependencies():
    selection = ticked(ATTACH, LIST, actions={"evs:volumes:use"}, without={"ecs:servers:list", "evs:volumes:use"})

    assert close(SMALL, selection) == (
        Grant("ecs:disks:attach", True, ()),
        Grant("ecs:servers:list", True, ()),
        Grant("evs:volumes:get", False, (ATTACH, LIST)),
        Grant("evs:volumes:use", True, ()),
    )


def test_close_follows_dependencies_only_when_it_is_switched_on():
    direct = ticked(ATTACH)
    everything = replace(direct, dependencies=Dependencies.ALL)

    assert granted(SMALL, direct) == {"ecs:disks:attach", "ecs:servers:list", "evs:volumes:get", "evs:volumes:use"}
    assert granted(SMALL, everything) == granted(SMALL, direct) | {"evs:types:get", "vpc:*:get", "evs:quotas:get"}
    assert close(SMALL, everything)[2] == Grant("evs:quotas:get", False, (ATTACH,))


def test_close_follows_no_dependency_that_was_left_out():
    selection = replace(ticked(ATTACH, without={"evs:types:get"}), dependencies=Dependencies.ALL)

    assert granted(SMALL, selection) == {
        "ecs:disks:attach",
        "ecs:servers:list",
        "evs:volumes:get",
        "evs:volumes:use",
        "vpc:*:get",
    }


def test_close_names_an_operation_that_does_not_exist():
    with pytest.raises(UnknownOperation) as error:
        close(SMALL, ticked(LIST, "ecs/servers/fly"))

    assert error.value.operation_id == "ecs/servers/fly"


def test_own_actions_and_dependencies_are_those_of_the_chosen_options():
    create = SMALL.operation(CREATE)
    selection = ticked(CREATE, options_off={(CREATE, "new-eip")}, without={"vpc:publicips:update"})

    assert own_actions(create, selection) == ("ecs:servers:create", "ecs:servers:bind")
    assert dependencies(SMALL, create, replace(selection, without=frozenset())) == {"vpc:publicIps:update"}
    assert dependencies(SMALL, create, selection) == frozenset()


def test_left_out_names_who_needs_what_was_left_out():
    selection = ticked(ATTACH, LIST, without={"evs:VOLUMES:get", "evs:volumes:use", "vpc:ports:get"})

    assert list(left_out(SMALL, selection).items()) == [
        ("evs:volumes:get", (ATTACH, LIST)),
        ("evs:volumes:use", (ATTACH,)),
    ]


def test_left_out_is_not_what_is_granted_all_the_same():
    assert left_out(SMALL, ticked(ATTACH, LIST, without={"ecs:servers:list"})) == {}


def test_left_out_is_not_what_only_a_left_out_dependency_needs():
    selection = replace(
        ticked(ATTACH, "evs/volumes/use", without={"evs:volumes:use", "evs:quotas:get"}), dependencies=Dependencies.ALL
    )

    assert left_out(SMALL, selection) == {"evs:quotas:get": ("evs/volumes/use",)}
    assert left_out(SMALL, selection.untick(["evs/volumes/use"])) == {"evs:volumes:use": (ATTACH,)}


def test_prune_forgets_what_nothing_needs_any_more():
    selection = ticked(ATTACH, LIST, without={"evs:volumes:get", "evs:volumes:use"})

    assert prune(SMALL, selection) == selection
    assert prune(SMALL, selection.untick([ATTACH])) == ticked(LIST, without={"evs:volumes:get"})


def test_prune_keeps_what_is_needed_and_only_granted_for_the_time_being():
    """Else ticking and unticking LIST would bring back the dependency of ATTACH that was left out."""
    selection = ticked(ATTACH, without={"ecs:servers:list"})

    assert prune(SMALL, prune(SMALL, selection.tick([LIST])).untick([LIST])) == selection


def test_preview_cascade_tells_what_the_switch_would_add():
    expected = Cascade(("evs:quotas:get", "evs:types:get", "vpc:*:get"), 1)

    assert preview_cascade(SMALL, ticked(ATTACH)) == expected
    assert preview_cascade(SMALL, replace(ticked(ATTACH), dependencies=Dependencies.ALL)) == expected
    assert preview_cascade(SMALL, ticked(LIST)) == Cascade((), 0)


def test_reading_tags_does_not_grant_deleting_disks():
    """`ecs:serverVolumes:use` lists evs:volumes:delete: two steps from a server's tags, and one too many."""
    of = real_catalog()
    read_tags = ticked("ecs/tag-management/querying-tags-of-a-specified-ecs-native")

    assert [grant.action for grant in close(of, read_tags)] == ["ecs:servers:get", "ecs:servers:getTags"]
    assert "evs:volumes:delete" in preview_cascade(of, read_tags).actions
    assert "evs:volumes:delete" in granted(of, replace(read_tags, dependencies=Dependencies.ALL))


def test_reading_actions_take_the_place_of_a_wildcard_by_name_and_for_its_reason():
    assert reading(WILD, "vpc:*:*") == ("vpc:ports:get", "vpc:vpcs:list")
    assert close(WILD, ticked(SHARE, only_reading={"vpc:*:*"})) == (
        Grant("ecs:servers:list", False, (SHARE,)),
        Grant("sfs:shares:create", True, ()),
        Grant("vpc:ports:get", False, (SHARE,)),
        Grant("vpc:vpcs:list", False, (SHARE,)),
    )
    assert "vpc:ports:get" not in granted(WILD, ticked(SHARE, only_reading={"vpc:*:*"}, without={"vpc:ports:get"}))
    assert "vpc:*:*" in granted(WILD, ticked(SHARE, only_reading={"vpc:*:*"}, actions={"vpc:*:*"}))


def test_wildcard_is_not_followed_whether_it_is_granted_or_narrowed():
    """Neither as a dependency nor as what stands in its place, and no more where rows have it as their own action."""
    everything = replace(ticked(SHARE), dependencies=Dependencies.ALL)

    assert granted(WILD, everything) == {"sfs:shares:create", "vpc:*:*", "ecs:servers:list", "sfs:admin:*"}
    assert granted(WILD, replace(everything, only_reading=frozenset({"vpc:*:*"}))) == {
        *("sfs:shares:create", "vpc:ports:get", "vpc:vpcs:list", "ecs:servers:list", "sfs:admin:*")
    }


def test_wildcard_needs_tell_what_was_chosen():
    both = ticked(SHARE, "sfs/shares/all")

    def choices(selection):
        return [(need.name, need.needed_by, need.choice) for need in wildcard_needs(WILD, selection)]

    assert wildcard_needs(WILD, both) == (WildcardNeed("vpc:*:*", ("sfs/shares/all", SHARE), Choice.AS_PUBLISHED),)
    assert choices(both.read_only("vpc:*:*")) == [("vpc:*:*", ("sfs/shares/all", SHARE), Choice.ONLY_READING)]
    assert choices(both.read_only("vpc:*:*").leave_out("VPC:*:*".lower())) == [
        ("vpc:*:*", ("sfs/shares/all", SHARE), Choice.LEFT_OUT)
    ]
    assert choices(both.leave_out("vpc:*:*").take_dependencies(["vpc:*:*"])) == choices(both)
    assert choices(replace(both, actions=frozenset({"vpc:*:*"}))) == []
    assert choices(ticked("ecs/servers/list", "sfs/shares/all")) == [
        ("vpc:*:*", ("sfs/shares/all",), Choice.AS_PUBLISHED)  # and not sfs:admin:*, which is selected
    ]


def test_prune_forgets_a_wildcard_that_nothing_needs_any_more():
    selection = ticked(SHARE, LIST, only_reading={"vpc:*:*"})

    assert prune(WILD, selection) == selection
    assert prune(WILD, selection.untick([SHARE])) == ticked(LIST)


@law
@given(cases())
def test_only_reading_grants_what_reads_and_nothing_that_was_not_granted(case):
    of, selection = case
    published = replace(selection, only_reading=frozenset())
    before, after = close(of, published), close(of, selection)
    allowed = NameIndex.of(grant.action for grant in before)
    narrowed = {action_key(name) for name in selection.only_reading} - {action_key(name) for name in selection.without}

    assert all(grant.action in allowed for grant in after)
    for grant in set(after) - set(before):
        assert of.action_index.actions[grant.action].access is Access.READ
    for grant in after:
        assert grant.selected or action_key(grant.action) not in narrowed
    for need in wildcard_needs(of, selection):
        assert is_wildcard(need.name)
        if need.choice is Choice.ONLY_READING:
            left = {action_key(name) for name in selection.without}
            assert {action_key(name) for name in reading(of, need.name)} - left <= granted(of, selection)


@law
@given(cases())
def test_closing_twice_changes_nothing(case):
    of, selection = case
    once = close(of, selection)

    twice = close(of, replace(selection, actions=frozenset(grant.action for grant in once)))

    assert [grant.action for grant in twice] == [grant.action for grant in once]


@law
@given(cases())
def test_every_grant_has_a_reason(case):
    of, selection = case
    own = {action_key(name) for id_ in selection.operations for name in own_actions(of.operation(id_), selection)}
    asked = own | {action_key(name) for name in selection.actions}

    for grant in close(of, selection):
        assert grant.selected is (action_key(grant.action) in asked)
        assert grant.selected or grant.needed_by
        assert set(grant.needed_by) <= selection.operations
        for id_ in grant.needed_by:
            assert grant.action in dependencies(of, of.operation(id_), selection)


@law
@given(cases(), st.data())
def test_a_dependency_goes_with_the_last_operation_that_needs_it(case, data):
    of, selection = case
    gone = data.draw(
        st.lists(st.sampled_from(sorted(selection.operations)), unique=True) if selection.operations else st.just([])
    )

    stay = selection.operations - set(gone)
    own = {action_key(name) for id_ in stay for name in own_actions(of.operation(id_), selection)}
    asked = own | {action_key(name) for name in selection.actions}

    assert {grant.action for grant in close(of, selection.untick(gone))} == {
        grant.action
        for grant in close(of, selection)
        if stay.intersection(grant.needed_by) or action_key(grant.action) in asked
    }


@law
@given(cases(leave_out=False))
def test_cascade_is_a_fixed_point_above_the_direct_dependencies(case):
    of, selection = case
    direct = replace(selection, dependencies=Dependencies.DIRECT)
    everything = replace(selection, dependencies=Dependencies.ALL)

    for id_ in selection.operations:
        needs = dependencies(of, of.operation(id_), everything)
        assert needs >= dependencies(of, of.operation(id_), direct)
        assert all(of.needs.shared_dependencies(name) <= needs for name in needs)
    assert set(preview_cascade(of, selection).actions) == {grant.action for grant in close(of, everything)} - {
        grant.action for grant in close(of, direct)
    }


@law
@given(cases())
def test_pruning_and_putting_back_change_only_what_was_left_out(case):
    of, selection = case
    missing = left_out(of, selection)
    without = {action_key(name) for name in selection.without}

    assert granted(of, prune(of, selection)) == granted(of, selection)
    for name, ids in missing.items():
        back = selection.take_dependencies([name])
        assert action_key(name) in without
        assert {grant.action: grant.needed_by for grant in close(of, back)}[name] == ids
