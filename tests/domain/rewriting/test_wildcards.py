import json
import re
from functools import cache
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policybuilder.domain.rewriting import wildcards
from policybuilder.domain.rewriting.wildcards import InexactCompaction, compact
from tests.builders import real_catalog
from tests.domain.strategies import law
from tests.laws import tried

slow_law = tried(8)

SMALL = [
    "ecs:serverKeypairs:get",
    "ecs:serverKeypairs:list",
    "ecs:serverTags:list",
    "ecs:servers:delete",
    "ecs:servers:get",
    "ecs:servers:getTags",
    "ecs:servers:list",
    "evs:volumes:delete",
    "evs:volumes:get",
    "vpc:ports:get",
]

SERVICES = (
    *("as", "bms", "cbr", "cce", "ces", "csbs", "css", "dcs", "dds", "deh"),
    *("dis", "dms", "dns", "drs", "ecs", "elb", "evs", "ims", "kms", "vpc"),
)
NOUNS = (
    *("server", "volume", "snapshot", "backup", "image", "network", "subnet", "port", "router", "gateway", "listener"),
    *("securityGroup", "securityGroupRule", "bandwidth", "publicIp", "loadBalancer", "pool", "healthMonitor", "topic"),
    *("certificate", "cluster", "node", "nodePool", "addon", "instance", "parameterGroup", "databaseUser", "slowLog"),
    *("replica", "vault", "policy", "task", "job", "queue", "message", "trigger", "version", "alias", "stream"),
)
VERBS = (
    *("create", "delete", "get", "list", "update", "use", "batchCreate", "batchDelete", "start", "stop", "restart"),
    *("reboot", "resize", "attach", "detach", "enable", "disable", "export", "import", "restore", "getTags", "copy"),
    *("setTags", "listTags", "showStatus", "getMetadata", "setMetadata", "lock", "unlock", "migrate", "rebuild"),
)
READABLE = re.compile(r"\*|[^*]+|[^*]+\*|\*[^*]+")  # a part with "*" alone, at its end or in front


@cache
def real():
    """All names that are known."""
    return tuple(name for names in real_catalog().action_index.known_names.values.values() for name in names)


@cache
def generated():
    """2,000 actions, 100 in each of 20 services."""
    random = Random(20_260_701)
    universe = []
    for service in SERVICES:
        nouns = random.sample(NOUNS, 14)
        actions = set()
        while len(actions) < 100:
            noun = random.choice(nouns)
            verb = random.choice(VERBS[: random.choice((6, len(VERBS)))])
            of_noun = noun[0].upper() + noun[1:] if random.random() < 0.15 else ""
            actions.add(f"{service}:{noun}s:{verb}{of_noun}")
        universe += sorted(actions)
    return tuple(universe)


@st.composite
def subsets(draw, universe):
    """Some of `universe`, from none to all: drawn a name at a time, a part of them at random, or by their verbs."""
    random = Random(draw(st.integers(0, 10**6)))
    share = draw(st.sampled_from([0, 0.01, 0.05, 0.2, 0.4, 0.7, 0.95, 1]))
    if draw(st.booleans()):
        verbs = {name.split(":")[2] for name in universe if random.random() < share}
        return [name for name in universe if name.split(":")[2] in verbs]
    return [name for name in universe if random.random() < share]


def matched_by(patterns, universe):
    """By regular expressions, apart from the matching of the project."""
    matched = set()
    for pattern in patterns:
        service, resource_type, verb = (re.escape(part).replace(r"\*", "[^:]*") for part in pattern.split(":"))
        regex = re.compile(f"{service}:(?i:{resource_type}):(?i:{verb})")
        matched.update(name for name in universe if regex.fullmatch(name))
    return sorted(matched)


def characters_of(names):
    return len(json.dumps(list(names), separators=(",", ":"))) - len("[]") + (1 if names else 0)


def shuffled(names, seed):
    return Random(seed).sample(list(names), len(names))


@pytest.mark.parametrize(
    ("granted", "patterns"),
    [
        ([], []),
        (SMALL, ["ecs:*:*", "evs:*:*", "vpc:ports:get"]),
        ([name for name in SMALL if name.endswith(":list")], ["ecs:*:list"]),
        (["ecs:servers:get", "ecs:servers:getTags"], ["ecs:servers:get*"]),
        ([name for name in SMALL if name.startswith("ecs:servers:")], ["ecs:servers:*"]),
        # whole words only, though "ecs:serverT*:*" and "ecs:*:l*" would be shorter
        (["ecs:serverTags:list", "ecs:serverKeypairs:list"], ["ecs:serverKeypairs:list", "ecs:serverTags:list"]),
        # one of a kind stays as it is, though "evs:*:get" matches nothing else
        (["evs:volumes:get"], ["evs:volumes:get"]),
        (["ecs:servers:delete", "evs:volumes:delete"], ["ecs:servers:delete", "evs:volumes:delete"]),
        # spelled as the known name
        (["ecs:SERVERS:GET"], ["ecs:servers:get"]),
        (["ecs:servers:GETTAGS", "ecs:SERVERS:getTags"], ["ecs:servers:getTags"]),
        # a wildcard stays as it is written, and covers what it matches
        (["ecs:serv*s:g*"], ["ecs:serv*s:g*"]),
        (["e*:*:delete"], ["e*:*:delete"]),
        (["ecs:*:LIST", "ecs:servers:list"], ["ecs:*:LIST"]),
        (["ecs:servers:g*", "ecs:servers:delete", "ecs:servers:list"], ["ecs:servers:*"]),
        # a name that is not known stays, and brings in nothing
        (["ecs:servers:reboot", "ecs:servers:resize"], ["ecs:servers:reboot", "ecs:servers:resize"]),
        (["ecs:servers:lock", "ecs:servers:LOCK", "obs:*:get"], ["ecs:servers:LOCK", "obs:*:get"]),
        ([*SMALL, "obs:a:b"], ["ecs:*:*", "evs:*:*", "obs:a:b", "vpc:ports:get"]),
    ],
)
def test_compact_gives(granted, patterns):
    assert sorted(compact(SMALL, granted)) == patterns


def test_others_are_not_matched_unless_they_are_given():
    servers = [name for name in SMALL if name.startswith("ecs:servers:")]

    assert compact(SMALL, servers) == ["ecs:servers:*"]
    assert "ecs:servers:*" not in compact(SMALL, servers, ["ecs:servers:reboot"])
    assert compact(SMALL, [*servers, "ecs:servers:REBOOT"], ["ecs:servers:reboot"]) == ["ecs:servers:*"]


def test_older_names_are_not_matched_unless_they_are_given():
    todays = [name for name in real_catalog().action_index.actions if name.startswith("ecs:cloudServers:")]

    assert "ecs:cloudServers:delete" not in matched_by(compact(real(), todays), real())
    older = [name for name in real() if name.startswith("ecs:cloudServers:")]
    assert compact(real(), older) == ["ecs:cloudServers:*"]


@law
@given(st.data())
def test_compact_matches_what_was_given_of_all_known_names(data):
    granted = data.draw(subsets(real()))

    result = compact(real(), granted)

    assert matched_by(result, real()) == sorted(granted)
    assert characters_of(result) <= characters_of(granted)
    assert all(READABLE.fullmatch(part) for pattern in result for part in pattern.split(":"))
    assert not any("*" in pattern.split(":")[0] for pattern in result)


@law
@given(st.data())
def test_wildcard_that_was_written_is_never_lost(data):
    names = data.draw(subsets(real()))
    written = data.draw(
        st.lists(st.sampled_from(["ecs:*:get*", "ecs:s*:*t", "*:*:list", "evs:vol*:*", "ecs:servers:*"]))
    )

    result = compact(real(), [*names, *written])

    assert matched_by(result, real()) == matched_by([*names, *written], real())
    for wildcard in written:
        assert any(matched_by([pattern], [wildcard.replace("*", "Any")]) for pattern in result)


@slow_law
@given(st.data())
def test_compact_of_a_large_catalogue_is_exact(data):
    granted = data.draw(subsets(generated()))

    result = compact(generated(), granted)

    assert matched_by(result, generated()) == sorted(granted)
    assert characters_of(result) <= characters_of(granted)


@slow_law
@given(st.data())
def test_compact_does_not_depend_on_order_or_spelling(data):
    granted = data.draw(subsets(real()))
    result = compact(real(), granted)
    respelled = [f"{service}:{rest.swapcase()}" for service, _, rest in (name.partition(":") for name in granted)]

    assert sorted(compact(shuffled(real(), 1), shuffled(granted, 2))) == sorted(result)
    assert sorted(compact(real(), [*granted, *granted])) == sorted(result)
    assert sorted(compact(real(), respelled)) == sorted(result)
    assert sorted(compact(real(), result)) == sorted(result)


@pytest.mark.parametrize("seed", range(5))
def test_no_wildcard_is_needless(seed):
    """What it alone covers would take more characters by its names."""
    granted = Random(seed).sample(real(), 60)
    matched = {pattern: set(matched_by([pattern], granted)) for pattern in compact(real(), granted)}

    for pattern in matched:
        alone = matched[pattern].difference(*(names for other, names in matched.items() if other != pattern))
        assert characters_of(alone) > characters_of([pattern]) or alone == {pattern}


@pytest.mark.parametrize("wrong", [{"ecs:servers:*": 0b11}, {"ecs:servers:list": 0b11}])
def test_nothing_is_returned_unproven(monkeypatch, wrong):
    """What is chosen is matched against every known name again, whoever chose it."""
    monkeypatch.setattr(wildcards, "_candidates", lambda elements, known, refused: wrong)

    with pytest.raises(InexactCompaction):
        compact(SMALL, ["ecs:servers:get", "ecs:servers:getTags"])
