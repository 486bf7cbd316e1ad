"""The guide: its examples open as the drafts that it says, and what it states has a page of the vendor behind it."""

import re
from urllib.parse import parse_qs, urlsplit

from policybuilder.domain.catalog.scope import Goal, Verdict
from policybuilder.drafts.compiled import compiled
from policybuilder.drafts.link import decode
from policybuilder.pages.guide.examples import EXAMPLES
from tests.builders import ROOT
from tests.pages.tab import CATALOG, parse, words

TERMS = ROOT / "templates" / "_terms.html"
HERE = [name for name in EXAMPLES if name != "level"]  # OBS is not loaded


def policy_of(name):
    return compiled(CATALOG, EXAMPLES[name])


def test_every_example_of_the_loaded_catalogue_opens_as_it_is_and_no_other_is_offered(visitor):
    page = parse(visitor.get("/guide/"))
    links = [link["href"] for link in page.select(".guide-example a")]
    opened = [decode(CATALOG, parse_qs(urlsplit(link).query)["draft"][0]) for link in links]

    assert [each.problems for each in opened if each.problems] == []
    drafts = [each.draft for each in opened]
    assert [name for name, draft in EXAMPLES.items() if draft in drafts] == HERE
    assert all(draft in EXAMPLES.values() for draft in drafts)


def test_examples_show_what_the_guide_says_of_them():
    assert policy_of("dependency").document.actions() == ("ecs:cloudServers:attach", "evs:volumes:use")
    assert len(policy_of("also_allowed").operations.also_allowed) == 2
    assert policy_of("iam_project").scope.verdict is Verdict.IAM_ONLY
    assert policy_of("enterprise_project").scope.verdict is Verdict.IAM_AND_ENTERPRISE
    assert policy_of("enterprise_project").goal is Goal.ENTERPRISE_PROJECT
    assert [name for name in HERE if policy_of(name).denied_by] == ["together", "deny", "condition"]
    assert [f for name in HERE for f in policy_of(name).findings if f.finding.severity == "error"] == []


def test_every_term_that_is_explained_elsewhere_has_its_place_in_the_guide_in_the_same_words(visitor):
    page = parse(visitor.get("/guide/"))
    terms = re.findall(r'with term="([a-z-]+)" called', TERMS.read_text())

    assert len(terms) > 10
    for term in terms:
        first, *_ = re.findall(rf"partialdef {term}-words %}}(.+?)[.,:<]", TERMS.read_text(), re.DOTALL)
        heading = page.find(id=term)
        assert heading.name in {"h2", "h3"}, term
        assert " ".join(first.split()) in words(heading.find_parent("section")), term


def test_every_part_of_the_guide_names_pages_of_the_vendor(visitor):
    page = parse(visitor.get("/guide/"))
    said = {heading["id"]: page.find(id=heading["id"]).find_parent("section") for heading in page.select("h2")}

    assert [id_ for id_, part in said.items() if not part.select(".sources a")] == ["in-short"]
    for link in page.select(".sources a"):
        assert re.fullmatch(r"https://docs\.otc\.t-systems\.com/[a-z-]+/[a-z-]+/[a-z0-9_/-]+\.html", link["href"])


def test_every_time_until_a_policy_takes_effect_names_its_pages(visitor):
    times = parse(visitor.get("/guide/")).select(".guide-times dt")

    named = [words(term) for term in times if term.find_next_sibling("dd").select(".sources a")]
    assert named == [words(term) for term in times][:-1]
    assert words(times[-1]) == "Everything else"
