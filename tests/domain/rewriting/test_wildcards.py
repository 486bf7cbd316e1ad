import json
import re
from functools import cache
from itertools import product
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policybuilder.domain.catalog.action_names import ActionNameError
from policybuilder.domain.policy.document import Effect, lay_out
from policybuilder.domain.rewriting import wildcards as compaction
from policybuilder.domain.rewriting.cover import Cover, cheapest_cover
from policybuilder.domain.rewriting.wildcards import Compaction, InexactCompaction, compact
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


@cache
def real():
    return tuple(real_catalog().actions)


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


def matched_by(patterns, universe, case="(?i:"):
    """By regular expressions, apart from the matching of the project."""
    matched = set()
    for pattern in patterns:
        service, resource_type, verb = (re.escape(part).replace(r"\*", "[^:]*") for part in pattern.split(":"))
        regex = re.compile(f"{service}:{case}{resource_type}):{case}{verb})")
        matched.update(name for name in universe if regex.fullmatch(name))
    return sorted(matched)


def spelled_as_in(patterns, universe):
    """Those that match some name in its upper and lower case."""
    return tuple(pattern for pattern in patterns if matched_by([pattern], universe, case="(?:"))


def characters_of(names):
    return len(json.dumps(list(names), separators=(",", ":"))) - len("[]") + (1 if names else 0)


def shuffled(names, seed):
    return Random(seed).sample(list(names), len(names))


@pytest.mark.parametrize(
    ("granted", "patterns"),
    [
        ([], ()),
        (SMALL, ("ecs:*:*", "evs:*:*", "vpc:ports:get")),
        ([name for name in SMALL if name.endswith(":list")], ("ecs:*:l*",)),
        (["ecs:servers:get", "ecs:servers:getTags"], ("ecs:*ers:g*",)),
        ([name for name in SMALL if name.startswith("ecs:servers:")], ("ecs:*ers:*",)),
        # one of a kind stays as it is, though "evs:*:g*" matches nothing else
        (["evs:volumes:get"], ("evs:volumes:get",)),
        (["ecs:servers:delete", "evs:volumes:delete"], ("ecs:servers:delete", "evs:volumes:delete")),
        # spelled as in the catalogue
        (["ecs:SERVERS:GET"], ("ecs:servers:get",)),
        (["ecs:servers:GETTAGS", "ecs:SERVERS:getTags"], ("ecs:servers:getTags",)),
        # wildcards are what they match
        (["ecs:servers:*"], ("ecs:*ers:*",)),
        (["e*:*:delete"], ("ecs:servers:delete", "evs:volumes:delete")),
        (["ecs:*:LIST", "ecs:servers:list", "ecs:serverT*:*"], ("ecs:*:l*",)),
        # what the catalogue does not have is left alone and brings in nothing
        (["ecs:servers:reboot"], ("ecs:servers:reboot",)),
        (["ecs:servers:reboot", "ecs:servers:resize"], ("ecs:servers:reboot", "ecs:servers:resize")),
        (["ecs:servers:lock", "ecs:servers:LOCK", "obs:*:get"], ("ecs:servers:LOCK", "obs:*:get")),
        (["not an action", 'ECS:"servers":get'], ('ECS:"servers":get', "not an action")),
        ([*SMALL, "ecs:Servers:reboot"], ("ecs:*:*", "ecs:Servers:reboot", "evs:*:*", "vpc:ports:get")),
    ],
)
def test_compact_gives(granted, patterns):
    expected = Compaction(patterns, sum(len(json.dumps(name)) + 1 for name in patterns), optimal=True)

    assert compact(SMALL, granted) == expected


def test_compact_spells_wildcards_as_the_catalogue_does():
    universe = ["ecs:disk:get", "ecs:diskIO:get", "ecs:diskIO:resetPeak"]

    assert compact(universe, ["ecs:diskio:get", "ecs:DISKIO:resetpeak"]).patterns == ("ecs:*O:*",)
    assert compact([*universe, "ecs:DISK:get"], universe[:1]).patterns == ("ecs:DISK:get",)

    universe = ["x:anbNc:get", "x:anbNc:put", "x:anbc:get", "x:abnc:get"]
    assert compact(universe, universe[:2]).patterns == ("x:*n*N*:*",)


def test_compact_of_the_real_catalogue_gives():
    lists = [name for name in real() if name.startswith("ecs:") and name.split(":")[2].startswith("list")]
    volumes = [name for name in real() if name.startswith("evs:volumes:")]

    assert compact(real(), real()).patterns == ("ecs:*:*", "evs:*:*", "ims:*:*", "vpc:*:*")
    assert compact(real(), lists).patterns == ("ecs:*:li*",)
    assert compact(real(), volumes).patterns == ("evs:v*:*",)


@law
@given(st.data())
def test_compact_of_the_real_catalogue_is_exact_and_proven(data):
    granted = data.draw(subsets(real()))

    result = compact(real(), granted)

    assert matched_by(result.patterns, real()) == sorted(granted)
    assert result.characters == characters_of(result.patterns) <= characters_of(granted)
    assert result.optimal
    assert spelled_as_in(result.patterns, granted) == result.patterns


@slow_law
@given(st.data())
def test_compact_of_a_large_catalogue_is_exact(data):
    granted = data.draw(subsets(generated()))

    result = compact(generated(), granted)

    assert matched_by(result.patterns, generated()) == sorted(granted)
    assert result.characters == characters_of(result.patterns) <= characters_of(granted)


@slow_law
@given(st.data())
def test_compact_does_not_depend_on_order_or_spelling(data):
    granted = data.draw(subsets(real()))
    result = compact(real(), granted)
    respelled = [f"{service}:{rest.swapcase()}" for service, _, rest in (name.partition(":") for name in granted)]

    assert compact(shuffled(real(), 1), shuffled(granted, 2)) == result
    assert compact(frozenset(real()), [*granted, *granted]) == result
    assert compact(real(), respelled) == result
    assert compact(real(), result.patterns) == result


def test_compact_of_a_large_catalogue_does_not_depend_on_order():
    granted = Random(3).sample(generated(), 800)

    assert compact(shuffled(generated(), 1), shuffled(granted, 2)) == compact(generated(), granted)


@slow_law
@given(st.data())
def test_compact_sorts_as_the_document_does(data):
    patterns = compact(real(), data.draw(subsets(real()))).patterns

    assert patterns == lay_out(Effect.ALLOW, shuffled(patterns, 1)).actions()


# The shortest set by trying all, where that is possible: names of a letter or two, of "a" and "b".

TEXTS = ["a", "aa", "ab", "b", "ba", "bb"]
# In globs for these, more than five characters only repeat what fewer say.
GLOBS = ["".join(characters) for length in range(1, 6) for characters in product("*ab", repeat=length)]
TEXTS_OF_GLOB = [(glob, {t for t in TEXTS if re.fullmatch(glob.replace("*", ".*"), t)}) for glob in GLOBS]


def shortest_by_trying_all(universe, granted):
    """The patterns that are least by (characters, number, alphabet), of all sets of all patterns that are allowed."""
    allowed = {}
    for (one, types), (other, verbs) in product(distinct(0, universe), distinct(1, universe)):
        matched = frozenset(name for name in universe if name[0] in types and name[1] in verbs)
        if len(matched) > 1 and matched <= granted:
            pattern = f"x:{one}:{other}"
            allowed[matched] = min((pattern, allowed.get(matched, pattern)), key=lambda text: (len(text), text))
    allowed |= {frozenset([name]): f"x:{name[0]}:{name[1]}" for name in granted}
    best = {frozenset(): (0, 0, ())}
    for _ in granted:
        for known, (length, number, patterns) in list(best.items()):
            for matched, pattern in allowed.items():
                more = (length + len(pattern) + 3, number + 1, tuple(sorted({*patterns, pattern})))
                together = known | matched
                best[together] = min(more, best.get(together, more))
    return best[granted][2]


def distinct(part, universe):
    """The shortest glob for each set of resource types (part 0) or verbs (part 1) of `universe`, with that set."""
    found = {}
    for glob, texts in TEXTS_OF_GLOB:
        found.setdefault(frozenset(name[part] for name in universe if name[part] in texts), glob)
    return [(glob, texts) for texts, glob in found.items() if texts]


@law
@given(st.sets(st.tuples(st.sampled_from(TEXTS), st.sampled_from(TEXTS)), min_size=1, max_size=6), st.integers(0, 63))
def test_compact_is_the_shortest_set_that_trying_all_finds(universe, choice):
    granted = frozenset(name for at, name in enumerate(sorted(universe)) if choice >> at & 1)

    result = compact([f"x:{one}:{other}" for one, other in universe], [f"x:{one}:{other}" for one, other in granted])

    assert (result.patterns, result.optimal) == (shortest_by_trying_all(universe, granted), True)


@pytest.mark.parametrize("bound", ["MOST_GLOBS", "MOST_CHOICES", "MOST_EFFORT"])
@pytest.mark.parametrize("most", [0, 500])
def test_compact_stopped_early_is_exact_and_says_so(monkeypatch, bound, most):
    granted = Random(5).sample(real(), 60)
    best = compact(real(), granted)
    monkeypatch.setattr(compaction, bound, most)

    result = compact(real(), granted)

    assert matched_by(result.patterns, real()) == sorted(granted)
    assert best.characters <= result.characters <= characters_of(granted)
    assert (best.optimal, result.optimal) == (True, False)


def test_compact_keeps_to_its_work_and_uses_what_small_services_leave(monkeypatch):
    spent = []

    def recorded(candidates, most_effort):
        cover = cheapest_cover(candidates, most_effort)
        spent.append(cover.effort)
        return cover

    monkeypatch.setattr(compaction, "cheapest_cover", recorded)
    granted = Random(5).sample(real(), 60)
    compact(real(), granted)
    *small, ecs = spent
    assert sum(small) < ecs / 10

    monkeypatch.setattr(compaction, "MOST_EFFORT", sum(spent) + 10_000)
    assert compact(real(), granted).optimal

    spent.clear()
    monkeypatch.setattr(compaction, "MOST_EFFORT", 1_000_000)
    compact(generated(), Random(6).sample(generated(), 800))
    assert 1_000_000 < sum(spent) < 1_300_000  # each of 20 services can overdraw a little


def test_compact_takes_its_share_of_the_work(monkeypatch):
    granted = Random(5).sample(real(), 60)
    monkeypatch.setattr(compaction, "MOST_EFFORT", 1_200_000)
    part, whole = (compact(real(), granted, share=share) for share in (20, 1))
    monkeypatch.setattr(compaction, "MOST_EFFORT", 60_000)

    assert compact(real(), granted) == part != whole


def test_compact_prefers_the_alphabetically_first_of_equally_short_patterns():
    universe = ["x:a:a", "x:b:bba", "x:ba:a", "x:bba:abb"]

    # "x:b*:a*" matches the same
    assert compact(universe, ["x:ba:a", "x:bba:abb"]).patterns == ("x:*ba:*",)


@pytest.mark.parametrize("universe", [["x:{}:get", "x:{}:put"], ["x:get:{}", "x:put:{}"]])
def test_compact_says_when_one_half_of_the_patterns_was_cut_short(monkeypatch, universe):
    universe = [pattern.format(noun) for pattern in universe for noun in NOUNS]
    assert compact(universe, universe[5:]).optimal

    monkeypatch.setattr(compaction, "MOST_GLOBS", 40)

    assert not compact(universe, universe[5:]).optimal


def test_compact_proves_a_whole_service_without_work(monkeypatch):
    for bound in ("MOST_GLOBS", "MOST_CHOICES", "MOST_EFFORT"):
        monkeypatch.setattr(compaction, bound, 0)

    assert compact(SMALL, SMALL[:-1]) == Compaction(("ecs:*:*", "evs:*:*"), characters=20, optimal=True)
    assert not compact(SMALL, [*SMALL[:7], "evs:volumes:get"]).optimal


def test_compact_never_makes_a_pattern_that_is_too_long(monkeypatch):
    universe = ["x:ab:a", "x:acb:a", "x:abc:a", "x:cab:a"]
    granted = universe[:2]
    assert compact(universe, granted).patterns == ("x:a*b:*",)

    monkeypatch.setattr(compaction, "MAX_CHARACTERS", 6)

    assert compact(universe, granted).patterns == ("x:ab:a", "x:acb:a")


def test_compact_returns_nothing_unproven(monkeypatch):
    monkeypatch.setattr(compaction, "cheapest_cover", lambda candidates, effort: Cover((0,), True, 0))

    with pytest.raises(InexactCompaction, match=r"'ecs:servers:getTags'"):
        compact(SMALL, ["ecs:servers:delete", "ecs:servers:getTags", "ecs:servers:list"])


@pytest.mark.parametrize("name", ["ecs:servers:*", "servers:get", ""])
def test_compact_refuses_a_catalogue_of_anything_but_actions(name):
    with pytest.raises(ActionNameError, match=re.escape(repr(name))):
        compact([*SMALL, name], [])
