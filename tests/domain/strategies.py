"""Catalogues and selections for the laws: the real catalogue and generated ones, which hold what others publish.

Generated: options, several actions needed together, no action, alternatives of actions, wildcards as dependencies and
as an action, actions shared by rows of different scope, services that share a prefix. The few names make collisions
likely.
"""

from hypothesis import strategies as st

from policybuilder.domain.building.selection import Dependencies, Selection
from policybuilder.domain.catalog.action_names import is_wildcard
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Access, Operation, Support
from policybuilder.domain.policy.document import Document, Effect, Statement
from tests.builders import catalog, operation, option, published, real_catalog
from tests.laws import tried

PREFIXES = {"ecs": "ecs", "evs": "evs", "eip": "vpc", "vpc": "vpc"}
NAMES = [f"{p}:{r}:{v}" for p in ("ecs", "evs", "vpc") for r in ("servers", "disks") for v in ("get", "list", "use")]
WILDCARDS = ["ecs:*:get", "ecs:servers:*", "evs:*:*", "vpc:disks:*", "vpc:*:list"]
UNKNOWN = ["ecs:SERVERS:Get", "obs:bucket:get", "obs:bucket:GET"]  # another spelling of one, two spellings of none

law = tried(80)


def some(values: list[str], most: int, least: int = 0) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(values), min_size=least, max_size=most, unique=True)


@st.composite
def operations(draw: st.DrawFn, id_: str) -> Operation:
    actions = draw(some([*NAMES, "vpc:servers:*"], 2))
    ways = draw(st.integers(0, 2))
    alternatives = draw(st.booleans())  # options with actions of their own; one without would need no authorization
    options = [
        option(f"way-{at}", actions=draw(some(NAMES, 1, least=1)) if alternatives else (), needs=draw(some(NAMES, 2)))
        for at in range(ways)
    ]
    return operation(
        id_,
        *actions,
        needs=draw(some(NAMES + WILDCARDS, 3)),
        options=options,
        enterprise=draw(st.sampled_from(Support)),
        access=draw(st.sampled_from(Access)),
    )


@st.composite
def generated_catalogs(draw: st.DrawFn) -> Catalog:
    count = draw(st.integers(1, 6))
    ids = [f"{draw(st.sampled_from(list(PREFIXES)))}/{draw(st.sampled_from('ab'))}/row-{at}" for at in range(count)]
    told = {name: draw(st.sampled_from(Support)) for name in draw(some(NAMES, 4))}
    return catalog(
        *(draw(operations(id_)) for id_ in ids),
        actions=[published(name, support) for name, support in told.items()],
        prefixes=PREFIXES,
    )


def catalogs() -> st.SearchStrategy[Catalog]:
    return generated_catalogs() | st.builds(real_catalog)


@st.composite
def selections(draw: st.DrawFn, of: Catalog, *, leave_out: bool = True, single: bool = True) -> Selection:
    ids = draw(some(list(of.operations), 6))
    pairs = [(id_, o.slug) for id_ in ids for o in of.operations[id_].options]
    needs = sorted({name for id_ in ids for name in of.operations[id_].all_dependencies()})
    wildcards = list(filter(is_wildcard, needs))
    names = [*of.action_index.actions, *WILDCARDS, *UNKNOWN]
    return Selection(
        operations=frozenset(ids),
        options_off=frozenset(draw(st.lists(st.sampled_from(pairs), unique=True)) if pairs else ()),
        actions=frozenset(draw(some(names, 3)) if single else ()),
        without=frozenset(draw(some(needs, 3)) if needs and leave_out else ()),
        dependencies=draw(st.sampled_from(Dependencies)),
        only_reading=frozenset(draw(some(wildcards, 2)) if wildcards and leave_out else ()),
    )


@st.composite
def cases(draw: st.DrawFn, *, leave_out: bool = True, single: bool = True) -> tuple[Catalog, Selection]:
    """A catalogue with a selection from it."""
    of = draw(catalogs())
    return of, draw(selections(of, leave_out=leave_out, single=single))


@st.composite
def documents(draw: st.DrawFn, of: Catalog) -> Document:
    """Any statements, allowing and denying, with names, wildcards and other spellings."""
    names = st.lists(
        st.sampled_from([*of.action_index.actions, *WILDCARDS, *UNKNOWN]), min_size=1, max_size=8, unique=True
    )
    rows = draw(st.lists(st.tuples(st.sampled_from(Effect), names), max_size=4))
    return Document(tuple(Statement(effect, tuple(actions)) for effect, actions in rows))
