"""Every template made shorter: no known name is let in or out."""

from policybuilder.catalog_files.judged_starting_points import compiled_templates
from policybuilder.domain.access.comparison import compare
from policybuilder.domain.access.evaluation import Evaluator, GrantedPolicy, Project, Request
from policybuilder.domain.catalog.action_names import is_wildcard
from policybuilder.domain.policy.reading import to_document
from policybuilder.domain.rewriting.shorten import compact_policy
from tests.builders import real_catalog
from tests.sweeps import sweep

CATALOG = real_catalog()
TEMPLATES = compiled_templates(CATALOG)
KNOWN = [name for names in CATALOG.action_index.known_names.values.values() for name in names]


def allowed(document):
    """The known names that it allows, older ones among them."""
    evaluator = Evaluator(CATALOG, [GrantedPolicy("", document, Project.IAM)])
    return {name for name in KNOWN if evaluator.evaluate(Request(name, Project.IAM)).decision == "allowed"}


@sweep("made", TEMPLATES)
def test_shorter_template_allows_the_same_known_names(made):
    body = made.policy.source.root
    after = to_document(compact_policy(CATALOG, body).body)

    changes = compare(CATALOG, made.policy.document, after)

    assert allowed(after) == allowed(made.policy.document)
    assert [name for name in changes.gained.actions if not is_wildcard(name)] == []
    assert changes.lost.actions == ()


def test_shortening_is_still_of_use():
    """26 of the 34 templates become shorter, some by more than half."""
    sizes = [compact_policy(CATALOG, made.policy.source.root) for made in TEMPLATES]
    saved = [1 - size.after.characters / size.before.characters for size in sizes]

    assert (sum(map(bool, saved)), round(max(saved), 1)) == (26, 0.7)
