"""Whole policies of any origin for the laws, and what they mean, found out apart from the code of the project."""

import json
import re
from collections import defaultdict

from hypothesis import strategies as st

from policybuilder.domain.building.blocks import Block
from policybuilder.domain.jsontext.nodes import to_python
from policybuilder.domain.jsontext.source import read
from policybuilder.domain.jsontext.writer import write_compact
from policybuilder.domain.policy.document import Condition, Effect
from tests.domain.strategies import UNKNOWN, WILDCARDS, catalogs, selections

NEVER_KNOWN = ["ecs:nothing:here", "ecs:NOTHING:here", "evs:none*:*", "obs:*:get", "ECS:servers:list", "no action", ""]
MORE_WILDCARDS = ["*:*:*", "*:*:get", "e*:servers:*", "ecs:*:*", "ecs:*:d*", "evs:volumes:*", "vpc:*:*", "vpc:*:get*"]
CONDITIONS = [{"Bool": {"g:MFAPresent": ["true"]}}, {"StringEquals": {"g:UserName": ["anna"]}}, {}]
RESOURCES = [["OBS:*:*:bucket:x"], ["*"], {"uri": ["/iam/agencies/x"]}]
ODD = [
    5,
    "Allow",
    {},
    {"Effect": "Allow"},
    {"Effect": "allow", "Action": ["ecs:servers:get", "ecs:servers:list"]},
    {"Effect": "Deny", "Action": "ecs:servers:get"},
    {"Effect": "Allow", "Action": ["ecs:servers:get", 5]},
    {"Effect": "Deny", "Action": ["ecs:servers:get", "ecs:servers:get"], "Sid": "1"},
    {"Effect": "Allow", "Action": []},
    {"Effect": "Allow", "NotAction": ["ecs:servers:get", "ecs:servers:list"]},
    {"Effect": "Deny", "NotAction": ["ecs:servers:get"]},
    {"Effect": "Deny", "Action": ["ecs:servers:get"], "NotAction": ["ecs:servers:get"]},
]


@st.composite
def policies(draw, of, odd=True):
    others = [*WILDCARDS, *UNKNOWN, *NEVER_KNOWN, *MORE_WILDCARDS]
    names = st.lists(
        st.sampled_from([*of.action_index.actions, *others]) | st.sampled_from(others), min_size=1, max_size=12
    )
    listed = st.fixed_dictionaries({"Effect": st.sampled_from(["Allow", "Allow", "Deny"]), "Action": names})
    limited = st.fixed_dictionaries(
        {"Effect": st.sampled_from(["Allow", "Deny"]), "Action": names},
        optional={"Condition": st.sampled_from(CONDITIONS), "Resource": st.sampled_from(RESOURCES)},
    )
    some = st.one_of(listed, listed, limited, *([st.sampled_from(ODD)] if odd else []))
    return {"Version": "1.1", "Statement": draw(st.lists(some, max_size=7))}


@st.composite
def policies_of_blocks(draw):
    """A catalogue, blocks of it, and what else stands in the document."""
    of = draw(catalogs())
    conditions = [
        Condition("Bool", "g:MFAPresent", ("true",)),
        Condition("StringStartWith", "g:UserName", ("ops-", "dev-")),
        Condition("StringStartWith", "g:DomainName", ("ä",)),
    ]
    plain = st.builds(
        Block,
        selections(of),
        st.sampled_from(Effect),
        st.sampled_from(["", "label"]),
        st.sets(st.sampled_from(conditions)).map(lambda found: tuple(each for each in conditions if each in found)),
        st.sampled_from([(), ("OBS:*:*:bucket:ä",), ("a", "b")]),
    )
    kept = st.sampled_from([json.dumps(each) for each in ODD]).map(lambda text: Block(kept=text))
    blocks = draw(st.lists(plain | plain | kept, max_size=6))
    extra = draw(st.sampled_from(["", '{"Sid":{"a":[1.0,{}]}}', '{"description":"ä","Version":"1.0","depends":[]}']))
    return of, tuple(blocks), extra


_ACTION = r"[a-z0-9_*-]+:[\w*-]+:[\w*-]+"


def node_of(policy):
    return read(json.dumps(policy)).root


def data_of(body):
    """As Python values, the JSON of the body read by another reader."""
    found = json.loads(write_compact(body))
    assert found == to_python(body)
    return found


def divisible(statement):
    """Whether a copy of the statement for each of its actions means the same as the statement."""
    if not isinstance(statement, dict) or not {*statement} <= {"Effect", "Action", "Resource", "Condition"}:
        return False
    names = statement.get("Action")
    return (
        statement.get("Effect") in ("Allow", "Deny")
        and isinstance(names, list)
        and bool(names)
        and all(isinstance(name, str) for name in names)
    )


def around(statement):
    return json.dumps({key: value for key, value in statement.items() if key != "Action"}, sort_keys=True)


def named(*bodies):
    """What the policies say together: all but the actions of a statement -> its actions, spelling apart."""
    found = defaultdict(set)
    for statement in (each for body in bodies for each in data_of(body)["Statement"]):
        if divisible(statement):
            found[around(statement)].update(_key(name) for name in statement["Action"])
        else:
            found[json.dumps(statement, sort_keys=True)].add(None)
    return dict(found)


def reached(catalog, *bodies, of):
    """As `named`, with what the names cover: of all known names, and of those that stand in the like statements of the
    policy `of`."""
    known = {_key(name) for names in catalog.action_index.known_names.values.values() for name in names}
    written = named(of)
    found = {}
    for key, names in named(*bodies).items():
        universe = known | {_key(name) for name in written.get(key, ()) if name is not None}
        found[key] = {each for name in names for each in (_covered(universe, name) or {name})}
    return found


def _key(name):
    service, colon, rest = name.partition(":")
    return f"{service}{colon}{rest.lower()}" if re.fullmatch(_ACTION, name) else name


def _covered(universe, name):
    if name is None or (_key(name) == name and not re.fullmatch(_ACTION, name)):
        return set()
    service, rest = (re.escape(part).replace(r"\*", "[^:]*") for part in _key(name).split(":", 1))
    regex = re.compile(f"{service}:{rest}")
    return {found for found in universe if regex.fullmatch(found)}
