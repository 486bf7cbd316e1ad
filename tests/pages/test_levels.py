"""What the other pages make of a draft, or of a text, whose actions are of both levels."""

import json

import pytest

from policybuilder.domain.building.blocks import Block
from policybuilder.domain.policy.both_levels import KEY_FIRST
from policybuilder.drafts.addresses import View, address
from policybuilder.drafts.draft import Draft
from tests.pages.tab import ATTACH, address_of, parse, selection, texts, words

MIXED = selection(ATTACH, actions=["ims:images:get", "ims:images:list"])
XA, AX = ["ecs:cloudServers:attach", "evs:volumes:use"], ["ims:images:get", "ims:images:list"]


def listed(text):
    return [name for statement in json.loads(text)["Statement"] for name in statement["Action"]]


def get(visitor, page):
    response = visitor.get(address_of(MIXED, page=page, name="team-a"))
    assert response.status_code == 200
    return response


def test_each_policy_is_made_shorter_by_itself(two_levels):
    page = parse(get(two_levels, "shorten"))

    assert texts(page, ".level > h2") == [
        "Project-level services: ECS, EVS",
        "Global services: IMS",
    ]
    assert listed(page.find(id="json-shorter-xa").get_text()) == XA
    assert not page.select("#json-shorter-ax")  # there is no shorter form of it
    assert len(page.select("#copied")) == 1


def test_policy_that_is_too_long_is_divided_within_its_level(two_levels):
    many = selection(ATTACH, actions=["ims:images:get", *(f"ims:x:y{n:03}{'z' * 40}" for n in range(150))])

    page = parse(two_levels.get(address_of(many, page="shorten", name="a")))

    assert [code["id"] for code in page.select("code[id*=part-]")] == ["json-part-1-ax", "json-part-2-ax"]


def test_group_gets_both_policies(two_levels):
    page = parse(get(two_levels, "access"))

    texts_of = [area.get_text() for area in page.select("textarea[name^=text]")]
    assert [listed(text) for text in texts_of if text.strip()] == [XA, AX]


def test_summary_holds_both_policies_with_their_limits(two_levels):
    summary = get(two_levels, "summary").content.decode()

    assert "- team-a-global: 1 of 8 statements\n" in summary
    first, second = summary.partition("## The policies\n\n### team-a\n")[2].split("### team-a-global\n")
    assert "scope “Project-level services”" in first
    assert "scope “Global services”" in second
    assert [listed(each.split("```json\n")[1].partition("```")[0]) for each in (first, second)] == [XA, AX]
    assert "The draft makes two policies" in get(two_levels, "sheet").content.decode()


def test_text_that_mixes_levels_is_divided_in_place(two_levels):
    mixed = {"Version": "1.1", "Statement": [{"Effect": "Allow", "Action": [*XA, *AX]}]}
    clean = {"Version": "1.1", "Statement": [{"Effect": "Allow", "Action": ["evs:volumes:get"]}]}
    text = json.dumps([clean, {"display_name": "team-a", "type": "XA", "policy": mixed}])
    page = parse(two_levels.post("/check/", {"text": text, "do": "check"}))
    (button,) = page.select("button[value^=divide]")

    divided = parse(two_levels.post("/check/", {"text": text, "do": button["value"]}))

    first, *roles = json.loads(divided.find(id="text").get_text())
    assert first == clean
    assert [(role["display_name"], role["type"], listed(json.dumps(role["policy"]))) for role in roles] == [
        ("team-a", "XA", XA),
        ("team-a-global", "AX", AX),
    ]
    assert texts(divided, "#done") == ["Divided into 2 policies."]
    assert not divided.select("button[value^=divide]")


def test_text_with_a_wildcard_of_every_service_is_divided_with_the_type_of_each(two_levels):
    statements = [
        {"Effect": "Allow", "Action": ["*:*:get"]},
        *({"Effect": "Deny", "Action": [name]} for name in ("ims:images:get", "evs:volumes:get")),
    ]
    text = json.dumps({"Version": "1.1", "Statement": statements})

    divided = parse(two_levels.post("/check/", {"text": text, "do": "divide:0"}))

    roles = json.loads(divided.find(id="text").get_text())
    assert [(role["type"], listed(json.dumps(role["policy"]))) for role in roles] == [
        ("XA", ["*:*:get", "evs:volumes:get"]),
        ("AX", ["*:*:get", "ims:images:get"]),
    ]


def test_text_with_something_to_do_first_has_no_button_that_divides_it(two_levels):
    mixed = {"Version": "1.1", "Statement": [{"Effect": "Allow", "Action": [*XA, *AX], "Foo": 1}]}

    page = parse(two_levels.post("/check/", {"text": json.dumps(mixed), "do": "check"}))

    assert any(KEY_FIRST.format(keys="“Foo”", n=1) in hint for hint in texts(page, ".finding-hint"))
    assert not page.select("button[value^=divide]")


def test_draft_of_wildcards_alone_makes_two_policies_on_every_page(two_levels):
    draft = selection(actions=["*:*:get*"])

    for page in ("shorten", "summary", "next", "sheet", "access"):
        shown = two_levels.get(address_of(draft, page=page, name="team-a")).content.decode()
        assert any(told in shown for told in ("team-a-global", "Global services", "makes two policies")), page
    files = [two_levels.get(address_of(draft, page="download", level=level)) for level in ("XA", "AX")]
    assert [listed(file.content) for file in files] == [["*:*:get*"], ["*:*:get*"]]


def test_draft_of_a_wildcard_of_global_services_is_granted_for_these(two_levels):
    page = parse(two_levels.get(address_of(selection(actions=["im*:*:*"]), page="next")))

    assert "Global services" in words(page)
    assert "Project-level services" not in words(page)


@pytest.mark.parametrize(("page", "where"), [("shorten", "main > .warn-line"), ("split", ".half .warn-line")])
def test_draft_that_cannot_be_divided_is_not_offered_without_a_word(two_levels, page, where):
    denied = Block(kept='{"Effect":"Deny","Action":["ims:*:*"],"Foo":1}')
    blocks = (Block(selection(actions=["*:*:get"])), denied)

    shown = parse(two_levels.get(address(Draft(blocks), View(), name=page)))

    assert KEY_FIRST.format(keys="“Foo”", n=2) in words(shown.select_one(where))


@pytest.mark.parametrize(
    ("role", "at_both"), [({}, True), ({"type": "AX"}, False), ({"type": "XA"}, False), ({"type": "BX"}, True)]
)
def test_access_says_which_policies_are_evaluated_at_both_levels(two_levels, role, at_both):
    everything = {"Version": "1.1", "Statement": [{"Effect": "Allow", "Action": ["*:*:*"]}]}
    text = json.dumps(role | {"policy": everything} if role else everything)
    sent = {"policies": "1", "name-0": "all", "text-0": text, "granted-0": "iam_project", "do": "evaluate"}

    page = parse(two_levels.post("/access/", sent))

    said = [words(each) for each in page.select("#state-0 .hint") if "both levels" in words(each)]
    assert len(said) == at_both
