"""What a policy can begin with: what the list and the page of each say, and where their links lead."""

import json
from dataclasses import replace
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from policybuilder.catalog_files.judged_starting_points import (
    compiled_templates,
    judged_policies,
    starting_services,
    starting_tasks,
    variants_at,
)
from policybuilder.catalog_files.starting_points import Kind, system_policy_names
from policybuilder.domain.access.evaluation import Project
from policybuilder.domain.access.excluded import Excluded
from policybuilder.domain.catalog.entries import Access
from policybuilder.domain.catalog.name_index import uncovered
from policybuilder.domain.catalog.scope import Goal
from policybuilder.domain.policy.document import dump
from policybuilder.drafts.compiled import compiled
from policybuilder.drafts.draft import Draft
from policybuilder.drafts.link import LINK_DAMAGED, decode
from policybuilder.pages.start.left_out import NO_EFFECT, REPLACES
from policybuilder.pages.start.words import ANYWHERE, KINDS
from policybuilder.web.wording import VerdictInWords
from tests.builders import WHOLE, whole_catalog
from tests.pages.tab import ATTACH, CATALOG, START, address_of, parse, selection, texts, words

MARKUP = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>&amp;{{ 7 }}{% now 'Y' %}"
COMPILED = compiled_templates(CATALOG)
JUDGED = judged_policies(CATALOG)
COPIES = [judged for judged in JUDGED if judged.scope]
TITLES = [template.title for template in starting_tasks(CATALOG)]
NAMES = [policy.name for service in system_policy_names() for policy in service.policies]
# One selection does for both kinds of projects.
SAME = {"resize-servers"}


def title_of(slug: str) -> str:
    return next(template.title for template in starting_tasks(CATALOG) if template.slug == slug)


def get(visitor, where="/start/"):
    response = visitor.get(where)
    assert response.status_code == 200
    return parse(response)


def point(visitor, slug, query=""):
    return get(visitor, f"/start/{slug}/{query}")


def id_of(found) -> str:
    enterprise = found.variant.project is Project.ENTERPRISE and found.template.slug not in SAME
    return found.template.slug + ("-enterprise" if enterprise else "")


def draft_of(link) -> Draft:
    (token,) = parse_qs(urlsplit(link["href"]).query)["draft"]
    opened = decode(CATALOG, token)
    assert opened.problems == ()
    return opened.draft


def listed(element) -> list[str]:
    """The titles of operations, without whether they read or can change something."""
    kinds = [words(kind) for kind in element.select(".contents li .access")]
    rows = texts(element, ".contents:not(.start-replaced) li")
    return [text.removeprefix(kind).strip() for kind, text in zip(kinds, rows, strict=True)]


def shown(page, part="") -> list[str]:
    return texts(page, f"[aria-labelledby={part}] .start :is(h3, h4)" if part else ".start :is(h3, h4)")


# The list


def test_every_task_service_and_system_policy_is_there(visitor):
    page = get(visitor)

    assert shown(page, "tasks") == TITLES
    assert shown(page, "published") == [judged.policy.name for judged in JUDGED]
    assert texts(page, ".starts-head .tally") == [str(len(TITLES)), "1", "19"]
    assert texts(page, ".start-services td") == [
        "26 operations: Read ECS",
        "39 operations: Operate ECS",
        "91 operations: Everything in ECS",
    ]
    assert texts(page, "#names strong") == NAMES
    assert words(page.select_one("#names summary")) == "183 more by name only: contents not published"
    assert not page.find(id="names").has_attr("open")


def test_tasks_stand_under_their_services_and_links_lead_there(visitor, settings):
    settings.CATALOGUE = WHOLE
    page = get(visitor)
    groups = page.select("#task-rows > section")
    services = [template.service for template in starting_tasks(whole_catalog())]
    slugs = list(dict.fromkeys(services))

    assert [words(group.h3) for group in groups][:3] == [
        "Several services",
        "Elastic Cloud Server (ECS)",
        "Virtual Private Cloud (VPC)",
    ]
    assert [group["aria-labelledby"] for group in groups] == [f"tasks-{slug or 'several'}" for slug in slugs]
    assert [len(group.select("li")) for group in groups] == [services.count(slug) for slug in slugs]
    assert [link["href"] for link in page.select(".start-jumps a")] == [f"#{group.h3['id']}" for group in groups]


def test_service_of_the_best_task_comes_first_in_a_search(visitor, settings):
    settings.CATALOGUE = WHOLE
    page = get(visitor, "/start/?q=kubernetes")

    assert words(page.select_one("#task-rows h3")) == "Cloud Container Engine (CCE)"


def test_every_link_of_the_list_leads_to_a_page_of_its_own(visitor):
    page = get(visitor)
    links = [link["href"] for link in page.select(".start :is(h3, h4) a, .start-services a")]
    slugs = [t.slug for t in starting_tasks(CATALOG)]
    slugs += [template.slug for each in starting_services(CATALOG) for template in each.templates]

    assert links == [f"/start/{slug}/" for slug in [*slugs, *(judged.policy.slug for judged in JUDGED)]]
    for link, name in zip(links, [*TITLES, "Read ECS", "Operate ECS", "Everything in ECS"], strict=False):
        assert words(get(visitor, link).h1) == name


def test_numbers_of_tasks_are_said_in_words(visitor):
    rows = get(visitor).select("[aria-labelledby=tasks] .start")
    numbers = {words(row.h4): words(row.select_one(".start-numbers")) for row in rows}

    assert numbers[title_of("start-stop-restart")] == "10 operations, 7 of them in enterprise projects"
    assert numbers["Resize servers"] == "8 operations"
    assert numbers["Lock and unlock servers"] == "4 operations, for IAM projects only"


def test_names_say_what_is_published_of_them_and_nothing_else(visitor):
    rows = dict(zip(NAMES, texts(get(visitor), "#names li"), strict=True))

    published = {policy.name: policy.description for service in system_policy_names() for policy in service.policies}
    for name, kind in (("IMS FullAccess", KINDS[Kind.POLICY]), ("OBS Administrator", "")):
        assert kind in rows[name]
        assert published[name] in rows[name]


# The page of each


def test_variants_say_what_they_contain(visitor):
    pages = {found.template.slug: point(visitor, found.template.slug) for found in COMPILED}
    for found in COMPILED:
        variant, policy = pages[found.template.slug].find(id=id_of(found)), found.policy
        contained = (*policy.operations.selected, *policy.operations.also_allowed)

        assert words(variant.select_one(".scope")) == VerdictInWords(policy.scope).line
        assert words(variant.select_one(".variant-size")).startswith(f"{len(found.variant.operations)} operations (")
        assert listed(variant)[-len(contained) :] == [CATALOG.operation(id_).title for id_ in contained]
        assert texts(variant, ".contents-actions code") == list(policy.document.actions())
        assert [code.get_text() for code in variant.select("pre code")] == [d.text for d in policy.documents]


def test_numbers_are_said_in_words(visitor):
    sizes = {
        "start-stop-restart": "10 operations (4 read, 6 can change), 12 actions +2 also allowed",
        "ecs-everything": "91 operations (38 read, 53 can change), 102 actions",
        "ecs-read": "26 operations (all read), 22 actions",
        "ecs-readonlyaccess": "29 operations (27 read, 2 can change), 34 actions (8 wildcards)",
    }

    for id_, size in sizes.items():
        assert words(point(visitor, id_).find(id=id_).select_one(".variant-size")) == size


def test_what_reads_and_needs_what_writes_is_told_where_a_rule_leaves_it_out(visitor):
    reading = {o.title for o in CATALOG.operations.values() if o.access is Access.READ}
    page = point(visitor, "ecs-read")

    kinds = texts(page, "#left-out .access")
    left_out = {t.removeprefix(kind).strip() for kind, t in zip(kinds, texts(page, "#left-out li"), strict=True)}
    assert left_out == reading - set(listed(page.find(id="ecs-read"))) != set()
    assert [point(visitor, slug).select("#left-out") for slug in ("ecs-everything", "delete-servers")] == [[], []]


def test_template_that_is_impossible_in_enterprise_projects_says_why(visitor):
    for template in starting_tasks(CATALOG):
        found = [v for v in point(visitor, template.slug).select(".variant") if "Not possible" in texts(v, ".scope")]

        reasons = [" ".join(template.impossible.split())] if template.impossible else []
        assert [texts(v, "h2, .variant-size") for v in found] == [["For enterprise projects", r] for r in reasons]
        assert [variant.find("a") for variant in found] == [None] * len(reasons)


def test_variants_that_are_the_same_are_one(visitor):
    for slug in SAME:
        page = point(visitor, slug)
        assert texts(page, ".variant h2") == [ANYWHERE]
        assert page.find(id=f"{slug}-enterprise") is None


def test_system_policies_are_shown_as_published(visitor):
    for judged in JUDGED:
        policy = judged.policy
        page = point(visitor, policy.slug)
        published = page.select_one("[aria-labelledby=published]")

        assert json.loads(page.find(id=f"json-{policy.slug}").get_text()) == policy.data
        assert published.select_one(".variant-size a")["href"] == policy.source.url
        assert f"System-defined {policy.kind}" in words(published)
        assert f"{judged.size.characters} characters" in words(published)
        assert policy.note in words(published)
        compared = [link["href"] for link in published.select("p > a") if "compare" in link["href"]]
        assert compared == ([] if policy.older_form else [f"/compare/?before={policy.slug}"])
        if judged.scope:
            copy = page.find(id=policy.slug)
            assert words(copy.select_one(".scope")) == VerdictInWords(judged.scope).line
            assert listed(copy)[-len(judged.operations) :] == [CATALOG.operation(i).title for i in judged.operations]


def test_what_has_no_certain_meaning_has_no_verdict_and_no_copy(visitor):
    for judged in JUDGED:
        if judged.scope is None:
            page = point(visitor, judged.policy.slug)
            assert words(page.find(id="obstacle")) == judged.obstacle
            assert page.select(".scope, a.button, .contents") == []


def test_unknown_starting_point_is_not_found(visitor):
    for slug in ("nothing", "ecs-write", "vpc-read"):
        assert visitor.get(f"/start/{slug}/").status_code == 404


# Where the links lead


def test_links_open_exactly_the_selections_of_the_templates(visitor):
    pages = {found.template.slug: point(visitor, found.template.slug) for found in COMPILED}
    for found in COMPILED:
        link = pages[found.template.slug].find(id=id_of(found)).select_one("a.button")

        name = id_of(found) if found.template.rule else f"ecs-{id_of(found)}"
        goal = Goal.UNDECIDED if found.template.slug in SAME else Goal(found.variant.project.value)
        assert draft_of(link) == replace(Draft.of(found.variant.selection(CATALOG), name), goal=goal)
    opened = get(visitor, link["href"])
    assert opened.find(id="json").get_text() == dump(found.policy.document)


def test_links_open_copies_of_the_system_policies(visitor):
    for judged in COPIES:
        opened = get(visitor, point(visitor, judged.policy.slug).select_one("a.button")["href"])
        written = json.loads(opened.find(id="json").get_text())

        # What a wildcard of the same policy covers is not written beside it.
        expected = uncovered(judged.policy.document.actions())
        assert sorted(name for s in written["Statement"] for name in s["Action"]) == sorted(expected)
        assert written.keys() == {"Version", "Statement"}
        assert opened.find(id="name")["value"] == f"{judged.policy.slug}-copy"


# Search and filter


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("disk", [title_of("manage-disks")]),
        ("DISKS manage", [title_of("manage-disks")]),
        ("windows", [title_of("windows-passwords")]),
        ("ecs:serverPasswords:manage", [title_of("windows-passwords")]),
        ("os-server-password", [title_of("windows-passwords")]),
        ("readonly", ["ECS ReadOnlyAccess", "DWS ReadOnlyAccess", "CCI ReadOnlyAccess"]),
    ],
)
def test_search_finds_tasks_and_what_they_contain(visitor, query, first):
    assert shown(get(visitor, f"/start/?q={quote(query)}"))[: len(first)] == first


def test_search_says_what_it_found_and_marks_it(visitor):
    page = get(visitor, "/start/?q=restart")

    assert {text.casefold() for text in texts(page, "mark")} == {"restart"}
    assert texts(page.select(".start")[-1], "h3, .start-numbers")[1].endswith("these words.")
    assert texts(page, ".start-services .hint") == ["ECS", "2 of its operations have these words."]
    assert page.find(id="q")["value"] == "restart"


def test_search_finds_services_and_names(visitor):
    page = get(visitor, "/start/?q=elastic+cloud")

    assert texts(page, ".start-services tbody th[scope=row]") == ["Elastic Cloud Server ECS"]
    assert texts(get(visitor, "/start/?q=evs+read-only"), "#names[open] strong") == ["EVS Viewer", "EVS ReadOnlyAccess"]


@pytest.mark.parametrize("query", ["billing", "costs", "Kosten"])
def test_search_for_billing_says_that_there_is_nothing(visitor, query):
    page = get(visitor, f"/start/?q={query}")

    assert page.find(id="billing") is not None
    assert get(visitor, "/start/?q=disk").find(id="billing") is None


def test_nothing_found_says_how_to_go_on(visitor):
    page = get(visitor, address_of(selection(ATTACH), page="start", q="no such thing"))

    assert shown(page) == []
    everything, builder = page.select("#nothing a")
    assert everything["href"] == address_of(selection(ATTACH), page="start")
    assert builder["href"] == address_of(selection(ATTACH), q="no such thing")


# Where it is to be granted


def test_goal_is_chosen_by_a_link_and_goes_along(visitor):
    wanted = selection(ATTACH)
    page = get(visitor, address_of(wanted, page="start", q="restart"))
    assert [(words(a), a.get("aria-current")) for a in page.select(".start-goal a")] == [
        ("IAM project", None),
        ("Enterprise projects", None),
        ("Not decided", "true"),
    ]

    chosen = get(visitor, page.select(".start-goal a")[1]["href"])
    assert words(chosen.select_one(".start-goal [aria-current]")) == "Enterprise projects"
    assert chosen.find(id="q")["value"] == "restart"
    assert chosen.select_one("form input[name=goal]")["value"] == "enterprise_project"
    numbers = dict(zip(shown(chosen), texts(chosen, ".start-numbers"), strict=True))
    assert numbers[title_of("start-stop-restart")] == "7 operations"
    everything = numbers[title_of("everything-but-delete")]
    assert everything.startswith("24 operations, 12 left out 1 ")
    inside = get(visitor, chosen.select_one(".start h4 a")["href"])
    assert words(inside.select_one(".start-goal [aria-current]")) == "Enterprise projects"
    assert [link["href"] for link in inside.select("#way-back a")] == [address_of(wanted)]
    assert inside.select_one(".start-all a")["href"] == address_of(wanted, page="start", goal="enterprise_project")

    opened = draft_of(inside.select_one("a.button"))
    assert opened.goal is Goal.ENTERPRISE_PROJECT
    again = parse_qs(urlsplit(inside.select_one("a.button")["href"]).query)["draft"][0]
    begun = get(visitor, f"/start/?draft={again}")
    assert words(begun.select_one(".start-goal [aria-current]")) == "Enterprise projects"
    undecided = get(visitor, begun.select(".start-goal a")[2]["href"])
    assert words(undecided.select_one(".start-goal [aria-current]")) == "Not decided"


@pytest.mark.parametrize("goal", [Goal.IAM_PROJECT, Goal.ENTERPRISE_PROJECT])
def test_with_a_goal_only_what_fits_it_is_opened(visitor, goal):
    page = get(visitor, f"/start/?goal={goal}")
    links = [link["href"] for link in page.select("#task-rows a, #service-rows a")]
    services = [template for each in starting_services(CATALOG) for template in each.templates]
    possible = [t for t in (*starting_tasks(CATALOG), *services) if variants_at(CATALOG, t, goal)]
    none = [t for t in starting_tasks(CATALOG) if not variants_at(CATALOG, t, goal)]

    assert sorted(link.split("/")[2] for link in links) == sorted(t.slug for t in (*possible, *none))
    assert shown(page, "tasks")[len(TITLES) - len(none) :] == [t.title for t in none]
    assert texts(page, ".start-none .start-numbers") == ["Not possible in enterprise projects"] * len(none)
    for template in possible:
        (link,) = point(visitor, template.slug, f"?goal={goal}").select("a.button")
        (variant,) = variants_at(CATALOG, template, goal)
        draft = draft_of(link)
        policy = compiled(CATALOG, draft)
        assert (draft.goal, policy.asked) == (goal, frozenset(variant.operations))
        assert policy.excluded == Excluded()
    for template in none:
        inside = point(visitor, template.slug, f"?goal={goal}")
        assert texts(inside, ".variant .scope") == ["Not possible"]
        (elsewhere,) = inside.select(".variant a")
        assert texts(get(visitor, elsewhere["href"]), ".variant h2") == ["For IAM projects"]


def test_what_has_no_effect_is_told_with_what_does_its_job(visitor):
    page = point(visitor, "start-stop-restart", "?goal=enterprise_project")
    place = Goal.ENTERPRISE_PROJECT.place
    assert words(page.select_one(".start-replaced summary")) == REPLACES.format(n=3, place=place)
    for row, verb in zip(page.select(".start-replaced li"), ("Start", "Stopp", "Restart"), strict=True):
        assert words(row).startswith(f"{verb}ing an ECS (native")
        assert words(row.select_one(".hint")).endswith(f": {verb}ing ECSs in a batch")
    assert page.select(".start-missing") == []

    metadata = point(visitor, "manage-metadata", "?goal=enterprise_project")
    assert words(metadata.select_one(".start-missing summary")) == NO_EFFECT.format(n=4, place=place)
    assert (len(metadata.select(".start-missing li")), len(metadata.select(".start-replaced li"))) == (4, 2)
    assert point(visitor, "start-stop-restart", "?goal=iam_project").select(".start-replaced, .start-missing") == []


def test_system_policies_say_where_they_work_and_their_copies_take_the_goal(visitor):
    row = get(visitor, "/start/?goal=enterprise_project").select_one("#policy-rows .start")
    assert words(row.select_one(".start-numbers")).startswith("System-defined policy IAM-only: ")
    for judged in COPIES:
        page = point(visitor, judged.policy.slug, "?goal=enterprise_project")
        assert page.select_one(".variant-note")
        assert draft_of(page.select_one("a.button")).goal is Goal.ENTERPRISE_PROJECT


# The draft that somebody came with


def test_draft_is_not_lost(visitor):
    wanted = selection(ATTACH, START)
    page = get(visitor, address_of(wanted, name="disk-team", page="start", q="disk"))
    here = address_of(wanted, name="disk-team")
    inside = get(visitor, page.select_one(".start h4 a")["href"])

    for each in (page, inside):
        assert each.select_one(".begins-anew")["data-name"] == "disk-team"
        assert "4 actions: 2 chosen, 2 added as dependencies" in words(each.select_one(".begins-anew"))
        assert [link["href"] for link in each.select("#way-back a, .begins-anew a")] == [here]
    hidden = page.select_one("form.start-find input[type=hidden]")
    assert decode(CATALOG, hidden["value"]).draft == Draft.of(wanted, "disk-team")
    assert draft_of(inside.select_one(".variant a.button")).name == "ecs-manage-disks"
    assert inside.select_one(".start-all a")["href"] == address_of(wanted, name="disk-team", page="start")


def test_without_a_draft_nothing_is_said_about_one(visitor):
    page = get(visitor)

    assert page.select(".begins-anew, #way-back a, input[type=hidden], [role=alert]") == []


def test_damaged_draft_is_said(visitor):
    for page in (get(visitor, "/start/?draft=1damaged"), point(visitor, "delete-servers", "?draft=1damaged")):
        assert texts(page, "[role=alert] li") == [LINK_DAMAGED]


# Whatever is sent


@pytest.mark.parametrize("name", ["q", "goal", "draft", "open", "statement"])
def test_hostile_text_in_the_address_is_text(visitor, name):
    page = get(visitor, f"/start/?{name}={quote(MARKUP)}")

    assert [script["src"].split(".")[0] for script in page.find_all("script")] == ["/static/js/start"]
    assert page.find_all("img") == []
    assert page.find(id="q")["value"] == (MARKUP if name == "q" else "")


@pytest.mark.parametrize("text", ["%00", "%ED%A0%80", "%FF", "x" * 100_000, "%0D%0AX-Evil:%201", "[("])
def test_no_search_is_a_fault_of_ours(visitor, text):
    for name in ("q", "draft"):
        response = visitor.get(f"/start/?{name}={text}", follow=True)
        assert response.status_code == 200
        assert "X-Evil" not in response.headers


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_only_get_is_taken(visitor, method):
    assert getattr(visitor, method)("/start/").status_code == 405


def test_page_is_linked_from_the_others(visitor):
    assert texts(get(visitor, "/"), '.masthead-links a[href="/start/"]') == ["Start"]


def test_what_was_pasted_does_not_stay_in_the_address(visitor):
    pasted = "curl -H 'X-Auth-Token: secret' https://ecs.eu-de.otc.t-systems.com/v1/0123456789abcdef0123456789abcdef/cloudservers/detail"
    response = visitor.get("/start/", {"q": pasted, "goal": "iam_project"})

    assert response.status_code == 302
    assert parse_qs(urlsplit(response["Location"]).query) == {
        "q": ["GET /v1/{project_id}/cloudservers/detail"],
        "goal": ["iam_project"],
    }
    assert visitor.get(response["Location"]).status_code == 200


def test_tasks_are_found_by_what_words_mean(visitor):
    assert title_of("manage-network-cards") in texts(get(visitor, "/start/?q=netzwerk"), "[aria-labelledby=tasks] a")
