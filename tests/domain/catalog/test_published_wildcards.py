"""Wildcards that tables publish, as an operation's own action and as a dependency."""

from policybuilder.domain.access.evaluation import GrantedPolicy, Project, Request, evaluate
from policybuilder.domain.access.operations import what_concerns
from policybuilder.domain.catalog.entries import Access, Support
from policybuilder.domain.catalog.known_actions import Known, KnownActions
from policybuilder.domain.catalog.scope import Verdict, judge
from policybuilder.domain.jsontext.source import read
from policybuilder.domain.policy.document import Document, Effect, Statement, dump
from policybuilder.domain.rules.check import check
from tests.builders import catalog, operation, published

ALL, LIST = "cce/kubernetes/all", "cce/clusters/list"

SMALL = catalog(
    operation(ALL, "cce:kubernetes:*", needs=["vpc:*:get"], enterprise="no"),
    operation(LIST, "cce:clusters:list", needs=["cce:kubernetes:*"]),
    operation("cce/clusters/get", "cce:clusters:*", access="read"),
    actions=[published("vpc:ports:get", "varies"), published("vpc:*:list", "yes")],
)


def test_catalogue_has_what_is_published_and_what_matches_something():
    names = ("cce:kubernetes:*", "cce:KUBERNETES:*", "cce:clusters:list", "vpc:p*:get", "vpc:*:set", "cce:clusters:set")

    assert [SMALL.action_index.has(name) for name in names] == [True, True, True, True, False, False]


def test_published_wildcard_is_described_by_its_rows():
    names = ("cce:Kubernetes:*", "cce:clusters:*", "cce:clusters:list", "cce:nothing:*")

    assert SMALL.action_index.action("cce:kubernetes:*") is None
    assert [
        each and (each.name, each.access, each.operations) for each in map(SMALL.action_index.described, names)
    ] == [
        ("cce:kubernetes:*", Access.WRITE, (ALL,)),
        ("cce:clusters:*", Access.READ, ("cce/clusters/get",)),
        ("cce:clusters:list", Access.WRITE, (LIST,)),
        None,
    ]


def test_scope_is_that_of_what_it_matches_or_else_its_own():
    def scopes(name):
        return [scope.enterprise_project for scope in SMALL.action_index.scopes(name)]

    assert scopes("cce:kubernetes:*") == [Support.NO]
    assert scopes("cce:clusters:*") == [Support.YES]
    assert scopes("vpc:*:get") == [Support.VARIES]
    assert scopes("vpc:*:list") == [Support.YES]
    assert scopes("vpc:*:set") == []
    assert judge(SMALL, ["cce:kubernetes:*", "vpc:*:set"]).iam_only == ("cce:kubernetes:*",)
    assert KnownActions(SMALL).scope(["vpc:*:list"]).verdict is Verdict.IAM_AND_ENTERPRISE
    assert KnownActions(SMALL).scope(["vpc:*:set"]).verdict is Verdict.UNKNOWN


def test_published_wildcard_is_known_where_nothing_that_it_matches_is():
    """As far as all of its service is: CCE has rows here, and VPC is only needed by them."""
    known = KnownActions(SMALL)

    assert {name: known.extent(name) for name in ("vpc:*:list", "vpc:*:set", "vpc:*:get", "cce:kubernetes:*")} == {
        "vpc:*:list": Known.IN_PART,
        "vpc:*:set": Known.NOT,
        "vpc:*:get": Known.IN_PART,
        "cce:kubernetes:*": Known.WHOLLY,
    }
    policy = Document((Statement(Effect.ALLOW, ("cce:kubernetes:*", "cce:nothing:*")),))
    findings = check(SMALL, read(dump(policy))).findings
    assert [found.finding.place for found in findings if found.finding.code == "PB018"] == ["Statement[0].Action[1]"]


def test_wildcard_has_no_dependencies_that_its_rows_share():
    assert SMALL.needs.shared_dependencies("cce:kubernetes:*") == frozenset()
    assert SMALL.needs.shared_dependencies("cce:clusters:list") == {"cce:kubernetes:*"}


def test_deny_of_an_action_concerns_the_operation_whose_wildcard_covers_it():
    def concerned(*names):
        return what_concerns(SMALL, [Statement(Effect.DENY, names)])

    assert concerned("cce:kubernetes:get") == {ALL}
    assert concerned("cce:clusters:list") == {LIST, "cce/clusters/get"}
    assert concerned("vpc:ports:get") == set()


def test_operation_is_allowed_by_nothing_less_than_its_wildcard():
    def decision(*names):
        document = Document((Statement(Effect.ALLOW, ("vpc:*:*", *names)),))
        requests = [Request(ALL, Project.IAM)]
        (found,) = evaluate(SMALL, [GrantedPolicy("", document, Project.IAM)], requests)
        return found.decision.value, found.missing_actions

    assert decision("cce:kubernetes:*") == ("allowed", ())
    assert decision("cce:*:*") == ("allowed", ())
    assert decision("cce:kubernetes:get") == ("depends", ("cce:kubernetes:*",))
    assert decision() == ("not_allowed", ("cce:kubernetes:*",))
