"""What a fix does to the policy: it opens no known name and lets none out, but for those that it names.

Known are the catalogue's actions and the older names, whoever may call what they stand for today.
"""

import json
from copy import deepcopy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policybuilder.domain.access.operations import Concerned
from policybuilder.domain.catalog.action_names import matches
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.older_names import OLDER_ACTIONS
from policybuilder.domain.jsontext.source import read
from policybuilder.domain.policy.document import Document, Effect
from policybuilder.domain.policy.reading import is_action
from policybuilder.domain.rules.check import check
from tests.builders import real_catalog
from tests.domain.policy_cases import allow, policy
from tests.domain.policy_mutations import documents
from tests.domain.strategies import catalogs
from tests.domain.whole_policies import policies
from tests.laws import PROFILE, tried

DOCUMENTS_PER_SEED = 400
OLDER = [older.name for older in OLDER_ACTIONS]
# Those that a fix can do something about are taken more often.
SOME_OLDER = OLDER + [older.name for older in OLDER_ACTIONS if older.replaced_by] * 4


def spoken_of(of: Catalog, document: Document) -> dict[Effect, set[str]]:
    """The known names of which statements of each effect speak, under whatever conditions."""
    spoken = {}
    for effect in Effect:
        concerned = Concerned(statement for statement in document.statements if statement.effect is effect)
        spoken[effect] = {name for name in (*of.action_index.actions, *OLDER) if concerned.whole(name)}
    return spoken


def changed(before: dict[Effect, set[str]], after: dict[Effect, set[str]]) -> set[str]:
    """The names that are allowed only afterwards, and those that are denied only before."""
    return (after[Effect.ALLOW] - before[Effect.ALLOW]) | (before[Effect.DENY] - after[Effect.DENY])


def hold(of: Catalog, text: str) -> int:
    """Tries every fix of the text by itself, and counts them."""
    checked = check(of, read(text))
    fixable = [each for each in checked.findings if each.fix]
    before = {at: spoken_of(of, checked.policies[at].document) for at in {each.policy for each in fixable}}
    for each in fixable:
        after = spoken_of(of, check(of, read(each.fix.apply(text))).policies[each.policy].document)
        named = [word.strip("“”") for word in each.fix.title.split() if is_action(word.strip("“”"))]
        unnamed = {
            name for name in changed(before[each.policy], after) if not any(matches(known, name) for known in named)
        }
        assert unnamed == set(), (each.finding.code, each.fix.title)
    return len(fixable)


@pytest.mark.parametrize("seed", range(2 if PROFILE == "ci" else 1))
def test_fix_of_a_damaged_policy_opens_nothing_that_it_does_not_name(seed):
    assert sum(hold(real_catalog(), text) for text in documents(seed, DOCUMENTS_PER_SEED)) > 50


@pytest.mark.parametrize("key", ["Action", "NotAction"])
@pytest.mark.parametrize("effect", Effect)
def test_fix_of_an_older_name_opens_nothing_that_it_does_not_name(effect, key):
    of = real_catalog()
    texts = [policy(allow("ecs:servers:get"), {"Effect": effect, key: [name, "ecs:servers:list"]}) for name in OLDER]

    assert sum(hold(of, text) for text in texts) >= (effect is Effect.ALLOW or key == "Action")


@st.composite
def with_older_names(draw):
    """A catalogue, and the text of a policy in which older names stand beside others, under Action or NotAction."""
    of = draw(catalogs())
    made = deepcopy(draw(policies(of)))  # statements of it are the same objects each time
    names = st.lists(st.sampled_from(SOME_OLDER), min_size=1, max_size=4)
    for statement in made["Statement"]:
        for key in ("Action", "NotAction"):
            if isinstance(statement, dict) and isinstance(statement.get(key), list) and draw(st.booleans()):
                statement[draw(st.sampled_from(["Action", "NotAction"]))] = [*draw(names), *statement.pop(key)]
    return of, json.dumps(made)


@tried(60)
@given(with_older_names())
def test_fix_opens_nothing_that_it_does_not_name(case):
    hold(*case)
