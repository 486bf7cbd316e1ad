import re
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from policybuilder.domain.rewriting.globs import find_globs
from tests.domain.strategies import law

ALL = 10**9  # steps
GET, GET_TAGS, LIST = 0b001, 0b010, 0b100
TEXTS = ["get", "gettags", "list"]

# Every glob that can be the shortest for a set of texts of up to three characters.
SHORT_GLOBS = ["".join(characters) for length in range(1, 7) for characters in product("*ab", repeat=length)]
REGEXES = {glob: re.compile(glob.replace("*", ".*")) for glob in SHORT_GLOBS if "**" not in glob}


def test_find_globs_lists_every_set_with_its_shortest_glob():
    globs = find_globs(TEXTS, GET | GET_TAGS | LIST, ALL)

    assert globs.complete
    assert globs.found == (
        (GET | GET_TAGS | LIST, "*"),
        (GET_TAGS, "*s"),
        (GET | LIST, "*t"),
        (GET | GET_TAGS, "g*"),
        (LIST, "l*"),
        (GET, "*et"),
        (GET_TAGS | LIST, "*s*"),
    )


def test_find_globs_lists_only_sets_with_a_wanted_text():
    globs = find_globs(TEXTS, GET, ALL)

    assert globs.complete
    assert [matched for matched, _ in globs.found] == [GET | GET_TAGS | LIST, GET | LIST, GET | GET_TAGS, GET]


def test_find_globs_out_of_steps_still_has_every_wanted_text():
    globs = find_globs(TEXTS, GET | LIST, 1)

    assert not globs.complete
    assert globs.found == ((GET | GET_TAGS | LIST, "*"), (GET, "get"), (LIST, "list"))


@law
@given(st.sets(st.text("ab", min_size=1, max_size=3), min_size=1, max_size=5), st.integers(0, 31))
def test_find_globs_finds_what_trying_all_globs_finds(texts, wanted):
    texts = sorted(texts)
    tried = {}
    for glob, regex in REGEXES.items():  # shortest first, then alphabetically
        matched = sum(1 << at for at, text in enumerate(texts) if regex.fullmatch(text))
        if matched & wanted:
            tried.setdefault(matched, glob)

    globs = find_globs(texts, wanted & ((1 << len(texts)) - 1), ALL)

    assert globs.complete
    assert globs.found == tuple(tried.items())
