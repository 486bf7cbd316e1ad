"""A draft in a link: a whole link gives it back, and a damaged or an old one says what is missing."""

import base64
import re
import tracemalloc
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policybuilder.domain.building.blocks import MAX_BLOCKS, Block
from policybuilder.domain.building.closure import close
from policybuilder.domain.building.selection import Dependencies, Selection
from policybuilder.domain.findings import fill
from policybuilder.domain.policy.document import Condition, Effect
from policybuilder.domain.policy.reading import is_action
from policybuilder.drafts.draft import MAX_NAME, Draft, clean_name
from policybuilder.drafts.entries import GONE, MORE_GONE, NEWER, TOO_MANY_STATEMENTS, Opened, entries_of
from policybuilder.drafts.file import open_file, write_file
from policybuilder.drafts.link import LINK_CUT, LINK_DAMAGED, MAX_LINK, MAX_TOKEN, decode, encode
from tests.builders import catalog, operation, option, real_catalog
from tests.laws import tried
from tests.pages.builder.strategies import drafts, pack, packed, selections, several_drafts
from tests.sweeps import sweep

CATALOG = real_catalog()
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
ATTACH = "ecs/disk-management/attaching-a-disk-to-an-ecs"
CREATE = "ecs/lifecycle-management/creating-ecss-pay-per-use"

# One of everything that a draft can hold.
WHOLE = Draft.of(
    Selection(
        operations=frozenset({ATTACH, CREATE}),
        options_off=frozenset({(CREATE, "assigning-a-new-eip")}),
        actions=frozenset({"ecs:servers:get", "evs:*:list"}),
        without=frozenset({"evs:volumes:use"}),
        dependencies=Dependencies.ALL,
    ),
    "team-a",
)
DAMAGED = LINK_DAMAGED

law = tried(80)


def cut_short(kept: int) -> str:
    return LINK_CUT.format(n=kept)


def gone(what: str) -> str:
    return GONE.format(entry=what)


def is_part(draft: Draft, whole: Draft) -> bool:
    """Whether nothing stands in `draft` that does not stand in `whole`."""
    here, there = draft.selection, whole.selection
    return (
        here.operations <= there.operations
        and here.options_off <= there.options_off
        and here.actions <= there.actions
        and here.without <= there.without
        and here.dependencies in {there.dependencies, Dependencies.DIRECT}
        and draft.name in {whole.name, ""}
    )


def all_is_well_or_said(draft: Draft, token: str) -> bool:
    """A link that was changed gives the draft that it held, or says that it does not."""
    opened = decode(CATALOG, token)
    return opened.draft == draft or opened.problems != ()


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode()


# Whole links


@law
@given(drafts())
def test_link_gives_the_draft_back(draft):
    assert decode(CATALOG, encode(draft)) == Opened(draft, ())


@law
@given(several_drafts())
def test_link_of_several_statements_gives_them_back(draft):
    assert decode(CATALOG, encode(draft)) == Opened(draft, ())


@law
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), min_size=1))
def test_any_texts_come_out_of_a_link_as_they_were(texts):
    draft = Draft(
        (Block(conditions=(Condition("StringEquals", *texts[:1], tuple(texts[1:])),), resources=tuple(texts)),)
    )

    assert decode(CATALOG, encode(draft)) == Opened(draft, ())


@law
@given(st.builds(Draft.of, selections()), st.data())
def test_statement_cut_off_grants_no_more_than_it_did(draft, data):
    """The limits of a statement come before its grants, in the link too."""
    token = encode(draft)
    rest = decode(CATALOG, token[: data.draw(st.integers(0, len(token)))]).draft

    def granted(selection):
        return {grant.action for grant in close(CATALOG, selection)}

    assert granted(rest.selection) <= granted(draft.selection)


def test_link_of_one_of_everything_gives_it_back():
    assert decode(CATALOG, encode(WHOLE)) == Opened(WHOLE, ())


def test_empty_draft_needs_no_link():
    assert encode(Draft()) == ""
    assert decode(CATALOG, "") == Opened(Draft(), ())


@law
@given(drafts())
def test_link_needs_no_escaping_in_an_address(draft):
    assert re.fullmatch(r"[A-Za-z0-9_-]*", encode(draft))


@law
@given(drafts(), st.randoms(use_true_random=False))
def test_equal_drafts_have_equal_links(draft, random):
    """Sets that were filled in another order, and became larger and smaller on the way, come out in another order."""

    def refilled(values):
        found = [*values, *range(random.randrange(50))]
        random.shuffle(found)
        return frozenset(value for value in found if not isinstance(value, int))

    chosen = draft.selection
    other = Selection(
        refilled(chosen.operations),
        refilled(chosen.options_off),
        refilled(chosen.actions),
        refilled(chosen.without),
        chosen.dependencies,
    )
    assert encode(Draft.of(other, draft.name)) == encode(draft)


def test_link_to_all_operations_is_short():
    assert len(encode(Draft.of(Selection(frozenset(CATALOG.operations)), "everything"))) < 1500


def test_link_to_everything_at_once_fits_an_address():
    everything = Selection(
        operations=frozenset(CATALOG.operations),
        options_off=frozenset((o.id, option.slug) for o in CATALOG.operations.values() for option in o.options),
        actions=frozenset(CATALOG.action_index.actions),
        without=frozenset(name for o in CATALOG.operations.values() for name in o.all_dependencies()),
        dependencies=Dependencies.ALL,
    )
    draft = Draft.of(everything, "x" * MAX_NAME)

    assert len(encode(draft)) <= MAX_TOKEN
    assert decode(CATALOG, encode(draft)) == Opened(draft, ())


@law
@given(drafts(), st.sampled_from(["\n", "  ", "\r\n\t"]))
def test_white_space_behind_a_link_does_not_matter(draft, space):
    assert decode(CATALOG, encode(draft) + space) == Opened(draft, ()) or encode(draft) == ""


# Damaged links


@sweep("at", range(len(encode(WHOLE))))
def test_link_with_one_character_changed_is_the_same_or_says_so(at):
    token = encode(WHOLE)
    others = [c for c in ALPHABET if c != token[at]] + ["!", "=", " ", "%", "é", "\0", "\N{GRINNING FACE}"]
    wrong = [c for c in others if not all_is_well_or_said(WHOLE, token[:at] + c + token[at + 1 :])]
    assert wrong == []


def test_link_with_one_character_missing_is_the_same_or_says_so():
    token = encode(WHOLE)
    wrong = [at for at in range(1, len(token)) if not all_is_well_or_said(WHOLE, token[:at] + token[at + 1 :])]
    assert wrong == []


@pytest.mark.parametrize("more", ["A", "1", "_", "AAAA", "=", "\n", "é", "1e"])
def test_link_with_something_put_in_is_the_same_or_says_so(more):
    token = encode(WHOLE)
    wrong = [at for at in range(len(token) + 1) if not all_is_well_or_said(WHOLE, token[:at] + more + token[at:])]
    assert wrong == []


@law
@given(drafts(), st.data())
def test_any_link_with_a_piece_replaced_is_the_same_or_says_so(draft, data):
    token = encode(draft)
    start = data.draw(st.integers(0, len(token)))
    end = data.draw(st.integers(start, min(len(token), start + 8)))
    piece = data.draw(st.text(ALPHABET, max_size=8) | st.text(max_size=3))
    changed = token[:start] + piece + token[end:]

    assert changed == "" or all_is_well_or_said(draft, changed)


@law
@given(drafts(), drafts(), st.data())
def test_two_links_run_together_are_the_first_or_say_so(first, second, data):
    token, other = encode(first), encode(second)
    cut = data.draw(st.integers(0, len(token)))
    joined = token[:cut] + other

    assert joined == "" or all_is_well_or_said(second if cut == 0 else first, joined)


def test_link_cut_off_anywhere_opens_what_is_whole():
    token = encode(WHOLE)
    opened = [decode(CATALOG, token[:length]) for length in range(1, len(token))]

    assert [o.problems for o in opened if len(o.problems) != 1 or "damaged" not in o.problems[0]] == []
    assert [o.draft for o in opened if not is_part(o.draft, WHOLE)] == []
    # The longer the piece, the more it opens: nearly all of it in the end, and nothing at the beginning.
    sizes = [len(o.draft.selection.operations) + len(o.draft.selection.actions) for o in opened]
    assert sizes == sorted(sizes)
    assert (opened[0], sizes[-1]) == (Opened(Draft(), (DAMAGED,)), 3)


@law
@given(drafts(), st.data())
def test_any_link_cut_off_opens_a_part_of_the_draft_and_says_so(draft, data):
    token = encode(draft)
    cut = token[: data.draw(st.integers(min(1, len(token)), max(1, len(token) - 1)))]
    opened = decode(CATALOG, cut)

    assert is_part(opened.draft, draft)
    assert opened.problems != () or cut in {"", token}


def test_link_that_lost_its_end_names_how_much_was_read():
    token = encode(Draft.of(Selection(frozenset({ATTACH, CREATE}), actions=frozenset({"ecs:servers:get"}))))

    opened = decode(CATALOG, token[:-4])  # the checksum, and nothing of the entries

    assert opened == Opened(Draft.of(Selection(frozenset({ATTACH, CREATE}))), (cut_short(2),))


def test_entries_of_a_damaged_link_that_mean_nothing_are_named_and_not_counted():
    token = pack(f"o{ATTACH}\nogone/away/here\no{CREATE}")[:-4]

    assert decode(CATALOG, token) == Opened(
        Draft.of(Selection(frozenset({ATTACH}))), (cut_short(1), gone("gone/away/here"))
    )


@pytest.mark.parametrize(
    "token",
    [
        "1",
        "2",
        "x",
        "2!",
        "2====",
        "0" + encode(WHOLE)[1:],
        "1" + encode(WHOLE)[1:],
        "hello",
        "2hello",
        "2helloworld",
        "é",
        "\0",
    ],
)
def test_text_that_is_no_link_is_called_damaged(token):
    assert decode(CATALOG, token) == Opened(Draft(), (DAMAGED,))


@tried(300)
@given(
    st.text()
    | st.builds("".join, st.tuples(st.sampled_from("12"), st.text(ALPHABET)))
    | st.builds("".join, st.tuples(st.sampled_from("12"), st.binary().map(_base64)))
    | st.lists(st.lists(st.text(max_size=5), min_size=1).map(tuple), min_size=1).map(lambda entries: packed(*entries))
)
def test_any_text_at_all_opens_as_something(token):
    opened = decode(CATALOG, token)

    assert (opened.draft == Draft()) or opened.problems != ()
    assert (opened.problems == ()) == (token == "")


@tried(200)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["", "n", "d", "o", "p", "a", "w", "z"]),
            st.text()
            | st.sampled_from(
                [
                    ATTACH,
                    CREATE,
                    f"{CREATE}#assigning-a-new-eip",
                    f"{ATTACH}#none",
                    "ecs:servers:get",
                    "ecs:*:*",
                    "x:y:*",
                ]
            ),
        )
    )
)
def test_whatever_stands_in_a_link_only_what_the_catalogue_has_is_opened(entries):
    opened = decode(CATALOG, pack("\n".join(kind + value for kind, value in entries)))
    chosen = opened.draft.selection

    assert chosen.operations <= {ATTACH, CREATE}
    assert chosen.options_off <= {(CREATE, "assigning-a-new-eip")}
    assert chosen.without <= {"ecs:servers:get", "ecs:*:*"}
    assert all(map(is_action, chosen.actions))
    assert opened.draft.name == clean_name(opened.draft.name)


# Floods


@pytest.mark.parametrize("text", ["a" * 10_000_000, "o" + ATTACH + "\n" * 4_000_000, "n" + "\0" * 5_000_000])
def test_link_that_unfolds_into_a_flood_takes_little_memory(text):
    token = pack(text)[: MAX_TOKEN + 1]
    tracemalloc.start()
    try:
        opened = decode(CATALOG, token)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert peak < 5_000_000
    assert "damaged" in opened.problems[0]


@pytest.mark.parametrize("entry", ["", "x", "ogone/away/here", "é"])
def test_link_with_a_flood_of_entries_names_a_few_of_them(entry):
    """A link of some hundred characters must not become a page of megabytes."""
    opened = decode(CATALOG, pack("\n".join([entry] * (190_000 // (len(entry.encode()) + 1)))))

    count = len(opened.problems)

    assert opened.draft == Draft(partial=True)
    assert 1 <= count <= 100


def test_of_many_entries_that_mean_nothing_a_few_are_named_and_the_rest_are_counted():
    entries = [f"ogone/away/op-{at}" for at in range(900)]
    opened = decode(CATALOG, pack("\n".join([*entries, f"o{ATTACH}", *entries])))
    *named, rest = opened.problems

    assert opened.draft == replace(Draft.of(Selection(frozenset({ATTACH}))), partial=True)
    assert named == [gone(f"gone/away/op-{at}") for at in range(len(named))]
    assert 1 <= len(named) <= 20
    assert rest == fill(MORE_GONE, {"n": 900 - len(named)})


def test_link_that_is_too_long_is_not_unpacked():
    assert decode(CATALOG, "1" + encode(WHOLE)[1:] + "A" * MAX_TOKEN) == Opened(Draft(), (DAMAGED,))


# Old links


@pytest.mark.parametrize(
    ("selection", "named"),
    [
        (Selection(frozenset({"ecs/gone/away"})), "ecs/gone/away"),
        (Selection(frozenset({ATTACH}), frozenset({(ATTACH, "by-post")})), f"{ATTACH}#by-post"),
        (Selection(frozenset({CREATE}), frozenset({(CREATE, "by-post")})), f"{CREATE}#by-post"),
        (Selection(frozenset({ATTACH}), without=frozenset({"evs:volumes:fly"})), "evs:volumes:fly"),
    ],
)
def test_what_the_catalogue_has_no_more_is_named_and_left_out(selection, named):
    kept = Selection(selection.operations & CATALOG.operations.keys())

    assert decode(CATALOG, encode(Draft.of(selection, "old"))) == Opened(Draft.of(kept, "old"), (gone(named),))


def test_rest_of_an_old_link_is_opened():
    today = catalog(
        operation("ecs/disks/attach", "ecs:disks:attach", options=[option("new"), option("old")], needs=["evs:v:use"])
    )
    before = Draft.of(
        Selection(
            frozenset({"ecs/disks/attach", "ecs/disks/detach"}),
            frozenset({("ecs/disks/attach", "new"), ("ecs/disks/detach", "new")}),
            frozenset({"ecs:disks:attach"}),
            frozenset({"evs:v:use"}),
        ),
        "kept",
    )
    now = Selection(
        frozenset({"ecs/disks/attach"}),
        frozenset({("ecs/disks/attach", "new")}),
        frozenset({"ecs:disks:attach"}),
        frozenset({"evs:v:use"}),
    )

    assert decode(today, encode(before)) == Opened(
        Draft.of(now, "kept"), (gone("ecs/disks/detach#new"), gone("ecs/disks/detach"))
    )


def test_wildcards_that_are_narrowed_are_in_the_link_in_words_of_their_own():
    of = catalog(operation("sfs/a/create", "sfs:a:create", needs=["vpc:*:*", "kms:*:get"]))
    narrowed = Selection(frozenset({"sfs/a/create"}), only_reading=frozenset({"vpc:*:*", "kms:*:get"}))
    draft = Draft.of(narrowed)

    assert list(entries_of(draft)) == [
        ("statement",),
        ("only-reading", "kms:*:", "get"),
        ("only-reading", "vpc:*:", "*"),
        ("operations", "sfs/a/", "create"),
    ]
    assert decode(of, encode(draft)) == Opened(draft, ())
    assert open_file(of, write_file(draft)) == Opened(draft, ())
    for name in ("sfs:a:create", "obs:*:*"):  # one action; nothing that the catalogue has
        other = Draft.of(replace(narrowed, only_reading=frozenset({name})))
        assert decode(of, encode(other)) == Opened(Draft.of(Selection(narrowed.operations)), (gone(name),))


def test_option_of_an_operation_that_is_not_selected_means_nothing():
    assert decode(CATALOG, pack(f"p{CREATE}#assigning-a-new-eip")) == Opened(Draft(), ())


def newer(what: str) -> str:
    return NEWER.format(entry=what)


def test_entry_of_a_kind_that_we_do_not_know_is_from_a_newer_version_and_all_others_are_opened():
    token = packed(
        ("expectation", "ecs"),
        ("name", "kept"),
        ("statement",),
        ("tag", "key", "value"),
        ("operations", "ecs/disk-management/", "attaching-a-disk-to-an-ecs", "gone"),
        ("expect", "refuse", "ecs:servers:delete", '{"g:UserName": ["a\tb"]}'),
    )

    assert decode(CATALOG, token) == Opened(
        Draft.of(Selection(frozenset({ATTACH})), "kept"),
        (
            gone("ecs/disk-management/gone"),
            newer("expectation ecs"),
            newer("tag key value"),
            newer('expect refuse ecs:servers:delete {"g:UserName": ["a\tb"]}'),
        ),
    )


def test_damaged_link_does_not_blame_a_newer_version():
    token = encode(WHOLE)
    damaged = [
        decode(CATALOG, token[:at] + other + token[at + 1 :]) for at in range(1, len(token)) for other in ALPHABET[::9]
    ]
    problems = [each for opened in damaged if len(opened.problems) > 1 for each in opened.problems]

    assert [each for each in problems if "newer version" in each] == []
    assert any(
        each.endswith("cannot be read and was left out. Check what the draft allows without it.") for each in problems
    )


def test_of_many_entries_from_a_newer_version_a_few_are_named_and_the_rest_are_counted():
    *named, rest = decode(CATALOG, packed(*(("expect", str(at)) for at in range(1000)))).problems

    assert named == [newer(f"expect {at}") for at in range(10)]
    assert rest == "990 more entries are from a newer version of Policy Builder."


@sweep(
    "entry",
    [
        ("name",),
        ("name", "a", "b"),
        ("statement", "x"),
        ("deny", "x"),
        ("label",),
        ("keep", "{"),
        ("keep",),
        ("extra", "[]"),
        ("condition", "StringEquals"),
        ("condition", "NoOperator", "g:UserName", "x"),
        ("condition", "StringEquals", "g:UserName", "\0"),
        ("resource",),
        ("resource", "a", "b"),
        ("resource", "\0"),
        ("all-dependencies", "x"),
        ("operations",),
        ("operations", "ecs/disk-management/"),
        ("actions", "ecs:servers:"),
        ("actions", "ecs:servers", "list"),
        ("without", "evs:volumes:", "fly"),
        ("options-off", f"{ATTACH}#", "none"),
        ("",),
    ],
)
def test_entry_that_cannot_be_read_is_named_and_left_out(entry):
    opened = decode(CATALOG, packed(("statement",), entry, ("operations", f"{ATTACH[:20]}", ATTACH[20:])))

    assert opened == Opened(Draft.of(Selection(frozenset({ATTACH}))), (gone(named(entry)),))


def named(entry: tuple[str, ...]) -> str:
    """As it is told: a name whole, of anything else its texts."""
    names = entry[0] in ("actions", "without", "options-off") and entry[2:]
    return entry[1] + entry[2] if names else " ".join(entry[1:] or entry)


def test_long_entry_is_named_in_part():
    assert decode(CATALOG, pack("o" + "x" * 5000)) == Opened(Draft(), (gone("x" * 200),))


# Names


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("team-a", "team-a"),
        ("  two \t words\n", "two words"),
        ("a\0b\x07c\x7fd", "a b c d"),
        ("one\r\nnX-Header: two", "one nX-Header: two"),
        ("a\u202eb\u200bc\u2028d\ufeff", "a b c d"),
        ("Größe · 政策 😀", "Größe · 政策 😀"),
        ("\n\0 ", ""),
        ("x" * 500, "x" * MAX_NAME),
    ],
)
def test_name_is_one_line_without_control_characters(typed, kept):
    assert clean_name(typed) == kept
    assert decode(CATALOG, pack("n" + typed.replace("\n", " "))).draft.name == kept


@law
@given(st.text())
def test_any_name_comes_out_of_a_link_clean(name):
    opened = decode(CATALOG, encode(Draft(name=name)))

    assert opened == Opened(Draft(name=clean_name(name)), ())
    assert clean_name(opened.draft.name) == opened.draft.name


def test_name_cannot_smuggle_entries_into_a_link():
    assert decode(CATALOG, encode(Draft(name=f"a\no{ATTACH}"))) == Opened(Draft(name=f"a o{ATTACH}"), ())


# Actions


# Several statements

CONDITION = Condition("ForAnyValue:StringLikeIfExists", "g:UserName", ("a\nb", "“ü”", ""))
SEVERAL = Draft(
    (
        Block(Selection(frozenset({ATTACH})), label="operators"),
        Block(
            Selection(actions=frozenset({"ecs:*:*", "new:things:do"})),
            Effect.DENY,
            conditions=(CONDITION, Condition("Bool", "g:MFAPresent", ("true",))),
            resources=("obs:*:*:bucket:ü", "kms:*:*:key:*"),
        ),
        Block(kept='{"Effect":"Deny","NotAction":["ecs:*:*"]}', label="as it came"),
        Block(),
    ),
    "several",
    '{"Version":"1.0","x":[1.10]}',
)


def test_statements_survive_the_link():
    assert decode(CATALOG, encode(SEVERAL)) == Opened(SEVERAL, ())


def test_single_actions_that_the_catalogue_lacks_are_kept_since_a_pasted_policy_may_hold_any():
    draft = Draft.of(Selection(actions=frozenset({"ecs:servers:fly", "obs:bucket:*"})))

    assert decode(CATALOG, encode(draft)) == Opened(draft, ())


@pytest.mark.parametrize(
    "line",
    [
        'c["StringEquals","g:UserName"',
        'c["NoOperator","g:UserName","x"]',
        'c["StringEquals",5,"x"]',
        'c["StringEquals","g:UserName",5]',
        r'c["StringEquals","g:UserName","\ud800"]',
        r'c["StringEquals","g:UserName","\u0000"]',
        "c" + "[" * 5000,
        "r5",
        "rplain",
        "k{",
        "k",
        'k{"a":1,}',
        "x[]",
        "x{",
        "ssomething",
    ],
)
def test_line_that_cannot_be_read_is_named_and_left_out(line):
    opened = decode(CATALOG, pack(f"o{ATTACH}\n{line}"))

    left = replace(Draft.of(Selection(frozenset({ATTACH}))), partial=True)
    assert (opened.draft, len(opened.problems)) == (left, 1)


def test_draft_has_a_statement_to_edit_even_where_all_are_kept():
    kept = Block(kept="{}")

    assert decode(CATALOG, pack("k{}\ns\nk{}")).draft == Draft((kept, kept, Block()))


def test_kept_statement_has_nothing_beside_it():
    draft = decode(CATALOG, pack(f'k{{}}\no{ATTACH}\ne\nr"x"\nlname\ns')).draft

    assert draft == Draft((Block(kept="{}", label="name"), Block()))


def test_statements_beyond_the_limit_are_left_out_and_told():
    """And nothing of them joins the last one that there is room for."""
    opened = decode(CATALOG, packed(*[("statement",)] * (MAX_BLOCKS + 1), ("deny",), ("actions", "", "ecs:*:*")))

    assert opened == Opened(
        Draft((Block(),) * MAX_BLOCKS),
        (TOO_MANY_STATEMENTS.format(most=MAX_BLOCKS),),
    )


def test_large_draft_travels_in_a_form_though_not_in_a_link():
    noise = "".join(chr(0x4E00 + number * 7919 % 20000) for number in range(3000))
    draft = Draft((Block(resources=tuple(noise[at : at + 50] for at in range(0, 3000, 50))),))
    token = encode(draft)

    assert MAX_LINK < len(token) < MAX_TOKEN
    assert decode(CATALOG, token) == Opened(draft, ())
