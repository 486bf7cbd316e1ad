"""A policy of a level decides about the services of that level, alone, in a group and in a comparison."""

from dataclasses import replace
from itertools import product
from random import Random

from policybuilder.domain.access.comparison import compare
from policybuilder.domain.access.evaluation import Evaluator, GrantedPolicy, Project, Request, level_of_policy
from policybuilder.domain.access.group_warnings import find_warnings
from policybuilder.domain.access.new_access import NewAccess
from policybuilder.domain.catalog.action_names import matches
from policybuilder.domain.catalog.entries import Level
from policybuilder.domain.jsontext.source import read
from policybuilder.domain.policy.reading import to_document
from tests.builders import catalog, operation
from tests.domain.plain_evaluator import applies, speaks_of
from tests.domain.policy_cases import allow, deny, policy
from tests.laws import examples

XA, AX = Level.XA, Level.AX
PROJECT, GLOBAL, UNKNOWN = "ecs:a:get", "iam:a:get", "new:a:get"
LEVELS = [{PROJECT: XA, GLOBAL: AX, UNKNOWN: level} for level in (XA, AX)]  # the catalogue has no such service
ACTIONS = [PROJECT, GLOBAL, UNKNOWN]
WORDS = {"Allow": "allowed", "Deny": "denied", None: "not_allowed"}
MIXED = catalog(operation("ecs/a/get", PROJECT), operation("iam/a/get", GLOBAL, needs=[PROJECT]), levels={"iam": AX})
PATTERNS = [*ACTIONS, "ecs:*:*", "iam:a:*", "*:*:*", "*:a:get", "*a*:*:*", "e*:a:*"]


def document(*statements):
    return to_document(read(policy(*statements)).root)


def of_level(level, *statements, at=Project.IAM):
    return GrantedPolicy("p", document(*statements), at, level=level)


def random_statement(chance):
    effect = chance.choice([allow, allow, deny])
    statement = effect(*chance.sample(PATTERNS, chance.randint(1, 2)))
    if chance.random() < 0.25:
        statement["NotAction"] = statement.pop("Action")
    return statement


def reached(patterns):
    return {name for name in ACTIONS if any(matches(pattern, name) for pattern in patterns)}


def plainly(level, statements, levels):
    """What a policy of the level says of each action of these levels: Allow, Deny or nothing."""
    found = {}
    for name in ACTIONS:
        heard = (each for each in statements if level in (None, levels[name]) and speaks_of(each, name))
        effects = {each["Effect"] for each in heard if applies(each, {})}
        found[name] = "Deny" if "Deny" in effects else "Allow" if effects else None
    return found


def test_comparison_and_evaluation_agree_with_a_plain_one_for_every_pair_of_levels():
    chance, seen = Random(6), set()
    for _ in range(examples(300)):
        pair = [[random_statement(chance) for _ in range(chance.randint(0, 3))] for _ in range(2)]
        for levels in product((None, XA, AX), repeat=2):
            found = compare(MIXED, *(document(*each) for each in pair), levels=levels)
            seen.add(found.new_access)
            policies = list(zip(levels, pair, strict=True))
            told = [[plainly(level, each, known) for level, each in policies] for known in LEVELS]
            for was, now in told:
                gained = {name for name in ACTIONS if now[name] == "Allow" != was[name]}
                lost = {name for name in ACTIONS if was[name] == "Allow" != now[name]}
                opened = {name for name in ACTIONS if was[name] == "Deny" != now[name]}

                assert not gained or found.new_access is not NewAccess.NO, (pair, levels)
                assert found.new_access is not NewAccess.YES or found.witness.action in gained, (pair, levels)
                assert reached(found.gained.actions) >= gained, (pair, levels)
                assert reached(found.lost.actions) >= lost, (pair, levels)
                assert reached(found.no_longer_denied) >= opened, (pair, levels)
            for at, (level, each) in enumerate(policies):
                evaluator = Evaluator(MIXED, [of_level(level, *each)])
                decided = {n: evaluator.evaluate(Request(n, Project.IAM)).decision.value for n in ACTIONS}
                possible = {n: {WORDS[known[at][n]] for known in told} for n in ACTIONS}
                assert decided == {n: found.pop() if len(found) == 1 else "depends" for n, found in possible.items()}
    assert seen == set(NewAccess)


def test_policy_is_no_change_of_itself_at_any_level():
    chance = Random(7)
    for _ in range(examples(200)):
        one = document(*(random_statement(chance) for _ in range(chance.randint(0, 3))))
        for level in (None, XA, AX):
            assert compare(MIXED, one, one, levels=(level, level)).no_new_access, (one, level)
            assert compare(MIXED, one, one, levels=(None, level)).no_new_access or any(
                each.effect == "Deny" for each in one.statements
            )


def test_services_in_not_action_give_no_level():
    everything_but_global = {"Effect": "Deny", "NotAction": ["iam:*:*"]}

    assert level_of_policy(MIXED, document(everything_but_global)) is None
    assert level_of_policy(MIXED, document(allow(PROJECT), everything_but_global)) is XA
    level = level_of_policy(MIXED, document(everything_but_global))
    group = [of_level(None, allow("*:*:*")), of_level(level, everything_but_global)]
    assert Evaluator(MIXED, group).evaluate(Request(PROJECT, Project.IAM)).decision == "denied"


def test_deny_of_another_level_is_not_said_to_be_void():
    """It never denied the action, so no Allow in the IAM project makes it void."""
    denies = of_level(AX, deny("*:*:*"), at=Project.ENTERPRISE)
    for level, codes in ((AX, []), (XA, ["PB041"])):
        found = find_warnings(MIXED, [of_level(XA, allow(PROJECT)), replace(denies, level=level)])
        assert [each.finding.code for each in found if each.finding.code == "PB041"] == codes
