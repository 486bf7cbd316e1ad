"""The endpoints: read the request, ask the domain, answer."""

import json

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from drf_spectacular.renderers import OpenApiYamlRenderer
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from policybuilder.catalog_files.judged_starting_points import judged_policies
from policybuilder.domain.access.comparison import compare
from policybuilder.domain.access.evaluation import evaluate
from policybuilder.domain.building.compiler import compile_selection
from policybuilder.domain.catalog.scope import Goal
from policybuilder.domain.policy.document import Effect
from policybuilder.domain.policy.reading import to_document
from policybuilder.domain.refusal.explain import explain
from policybuilder.domain.rewriting import shorten as compaction
from policybuilder.domain.rewriting.split_by_limits import split_by_limits
from policybuilder.domain.rewriting.split_by_scope import split_by_scope
from policybuilder.domain.rules.check import check
from policybuilder.domain.rules.table import table
from policybuilder.domain.work import Work
from policybuilder.web.catalogue import current_catalog

from . import answers
from .compare_serializers import CompareSerializer, ComparisonSerializer
from .comparisons import read_both
from .docs import endpoints
from .errors import not_found
from .evaluate_serializers import DecisionsSerializer, EvaluateSerializer
from .evaluations import read_policies, read_requests
from .listing import find_actions, find_operations, find_templates
from .openapi import documented, schema
from .pagination import paginate
from .policies import read_document, read_likely, read_policy, read_source
from .queries import (
    ActionQuery,
    CategoryQuery,
    DraftQuery,
    OperationQuery,
    SchemaQuery,
    SystemPolicyQuery,
    TemplateQuery,
)
from .reading import read_body, read_query
from .selections import read_selection
from .serializers import (
    ActionsSerializer,
    CategorySerializer,
    CheckedPoliciesSerializer,
    CheckedSerializer,
    CheckSerializer,
    CompactedSerializer,
    CompiledSerializer,
    ExplainedSerializer,
    ExplainSerializer,
    OperationSerializer,
    OperationsSerializer,
    PartsSerializer,
    PolicySerializer,
    RuleSerializer,
    SelectionSerializer,
    ServiceSerializer,
    SplitSerializer,
    SystemPolicySerializer,
    TemplateSerializer,
)
from .suggest import did_you_mean

GET = ["GET", "HEAD"]
EVERY_METHOD = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
MEDIA_TYPES = {
    "application/json": "json",
    "application/vnd.oai.openapi+json": "json",
    "application/yaml": "yaml",
    "application/vnd.oai.openapi": "yaml",
}

# Of one policy what is known of it, of several the same of each.
CHECKED = PolymorphicProxySerializer(
    component_name="CheckAnswer",
    serializers=[CheckedPoliciesSerializer, CheckedSerializer],
    resource_type_field_name=None,
)


@documented("list_services", "List the services", ServiceSerializer(many=True))
@api_view(GET)
def services(request: Request) -> Response:
    """Every service, those included whose actions are only known as dependencies of others."""
    read_query(request)
    return Response([answers.service(found) for found in current_catalog().services])


@documented("list_categories", "List the categories", CategorySerializer(many=True), query=CategoryQuery)
@api_view(GET)
def categories(request: Request) -> Response:
    """The categories in the vendor's order: each is one published table of operations."""
    catalog = current_catalog()
    wanted = read_query(request, CategoryQuery, catalog)
    listed = (category for category in catalog.categories.values() if wanted["service"] in ("", category.service))
    return Response([answers.category(category) for category in listed])


@documented("list_operations", "List operations", OperationsSerializer, query=OperationQuery)
@api_view(GET)
def operations(request: Request) -> Response:
    """The operations that pass every filter, in the vendor's order."""
    catalog = current_catalog()
    wanted = read_query(request, OperationQuery, catalog)
    page = paginate(request, find_operations(catalog, wanted), wanted)
    return Response(answers.page(page, [answers.operation(catalog, found) for found in page.entries]))


@documented(
    "show_operation",
    "Show one operation",
    OperationSerializer,
    path={"service": "A service's slug.", "category": "A category's slug.", "operation": "The operation's own slug."},
    errors=(400, 404),
)
@api_view(GET)
def operation(request: Request, service: str, category: str, operation: str) -> Response:
    """One row of a table: its API calls, what authorises them, what else they need and where they work.

    The three parts of the address, as they stand, are the operation's id.
    """
    read_query(request)
    catalog = current_catalog()
    id_ = f"{service}/{category}/{operation}"
    found = catalog.operations.get(id_)
    if found is None:
        raise not_found(f"There is no operation {id_[:200]!r}.{did_you_mean(id_, catalog.operations)}")
    return Response(answers.operation(catalog, found))


@documented("list_actions", "List actions", ActionsSerializer, query=ActionQuery)
@api_view(GET)
def actions(request: Request) -> Response:
    """Every action of the catalogue, sorted by name: those of its operations and those that these depend on."""
    catalog = current_catalog()
    wanted = read_query(request, ActionQuery, catalog)
    page = paginate(request, find_actions(catalog, wanted), wanted)
    return Response(answers.page(page, [answers.action(found) for found in page.entries]))


@documented(
    "compile_selection",
    "Turn a selection into a policy",
    CompiledSerializer,
    body=SelectionSerializer,
    errors=(400, 413, 415),
)
@api_view(["POST"])
def compile_policy(request: Request) -> Response:
    """The policy of a selection, why it holds each action, what it allows, where it works and what is to be said of it.

    The same selection gives the same policy, in whatever order it stands and however often an entry is repeated. Where
    it needs actions of services of a region's projects and of global ones, which IAM does not take in one policy, there
    is one policy of each level under policies; policy and size are those of the first, all else is said of both. A goal
    changes no policy: it adds what is selected and has no effect there, with what does the same job.
    """
    read_query(request)
    data = read_body(request, SelectionSerializer)
    catalog = current_catalog()
    selection = read_selection(catalog, data)
    compiled = compile_selection(catalog, selection, Effect(data["effect"]), Goal(data["goal"]))
    return Response(answers.policy(catalog, compiled))


@documented("check_policy", "Check a policy", CHECKED, body=CheckSerializer, errors=(400, 413, 415))
@api_view(["POST"])
def check_policy(request: Request) -> Response:
    """Everything that is to be said about a policy: what IAM would refuse, what works and is hardly meant.

    A text is read as people paste it: what is certain is repaired, and told. Where it cannot be read, that is a finding
    as well, the policy is null and nothing is known of its scope. So it is where the text can be meant in several ways,
    because it ends mid-way, breaks a value over two lines or lacks a bracket or a quote: its likeliest reading is the
    proposal, the repairs that lead to it need consent, and the finding's hint tells what else can be meant. To agree,
    send the proposal as the policy. Of a text with several policies there is an answer for each of them, with the
    repairs made in it. Of findings, the gravest 200 are told.
    """
    read_query(request)
    data = read_body(request, CheckSerializer)
    work = Work()
    source = read_source(data, work)
    name, level, description = (data.get(label) for label in ("name", "level", "description"))
    checked = check(current_catalog(), source, name=name, level=level, description=description)
    return Response(answers.check(source, read_likely(source, work), checked, positions="text" in data))


@documented("compact_policy", "Shorten a policy", CompactedSerializer, body=PolicySerializer, errors=(400, 413, 415))
@api_view(["POST"])
def compact_policy(request: Request) -> Response:
    """The same policy in fewer characters, with the same meaning for every name that is known, never longer.

    Consecutive statements of one effect are joined, and actions become readable wildcards that match them and no other
    known name, older ones among them: only of services that the catalogue states to be complete. Wildcards that were
    there, what it does not know, NotAction, and whatever cannot be read stay as they are; so do the conditions and
    resources of a statement. Names that a vendor adds later can fall under a new wildcard. IAM does not take a policy
    that names services of a region's projects and global services. It is divided: policies holds one of each level, or
    more where one is beyond IAM's limits. policy and after are those of the first.
    """
    read_query(request)
    data = read_body(request, PolicySerializer)
    catalog = current_catalog()
    body = read_document(data)
    # Judged before it is shorter: a wildcard of every service can remove the last name of a level.
    mixed = catalog.prefixes.mixes_levels(to_document(body).actions())
    by_level = split_by_limits(catalog, body, shorten=True) if mixed else ()
    return Response(answers.compacted(compaction.compact_policy(catalog, body), by_level))


@documented("split_policy", "Split a policy", PartsSerializer, body=SplitSerializer, errors=(400, 413, 415))
@api_view(["POST"])
def split_policy(request: Request) -> Response:
    """Several policies that mean together what the one does.

    By limits: each is within IAM's limits and of one level, and they are few. By scope: the first is for enterprise
    projects, the second, its companion, for IAM projects; one of both levels is divided again. Each keeps, as it is
    written, every Deny that touches what it allows. There is one only where the policy needs no splitting, or cannot be
    split; its purpose says which, and why. An Allow with NotAction, or with a key that IAM does not know, keeps a
    policy whole if it allows anything in enterprise projects. A part whose services do not give its level comes with
    the `level` of the whole policy.
    """
    read_query(request)
    data = read_body(request, SplitSerializer)
    split = split_by_limits if data["by"] == "limits" else split_by_scope
    body, found = read_policy(data)
    return Response(answers.parts(split(current_catalog(), body, found.role_type)))


@documented(
    "evaluate_policies",
    "Ask what policies allow together",
    DecisionsSerializer,
    body=EvaluateSerializer,
    errors=(400, 413, 415, 422),
)
@api_view(["POST"])
def evaluate_policies(request: Request) -> Response:
    """What the policies of one user group decide about calls, each in an IAM project or in an enterprise project.

    In an enterprise project the policies granted for the IAM project are looked at first, and any match there ends the
    search. What is not known is never guessed: a decision depends where the value of a key is missing, where a
    statement is for some resources only, and where it is not known whether an action supports enterprise projects.

    A policy applies only to the services of its level: the `level` sent, else the role's `type`, else the single level
    of all services that the policy names. `levels` is null for a policy without a level: it is evaluated at both.
    """
    read_query(request)
    data = read_body(request, EvaluateSerializer)
    catalog, work = current_catalog(), Work()
    policies, requests = read_policies(catalog, data["policies"], work), read_requests(catalog, data["requests"])
    return Response(answers.decisions(policies, evaluate(catalog, policies, requests, work)))


@documented(
    "compare_policies",
    "Compare two policies",
    ComparisonSerializer,
    body=CompareSerializer,
    errors=(400, 413, 415, 422),
)
@api_view(["POST"])
def compare_policies(request: Request) -> Response:
    """What people gain and lose when one policy takes the place of another, and whether anyone gains access.

    `"new_access": "no"` is proven for every request and every action, those included that the vendor adds later.
    `"yes"` comes with a witness: a request that is allowed after and refused before. Everything else is `"not_proven"`,
    with the reasons: resources, a condition without a certain meaning, a negated condition whose key a request lacks. A
    wildcard beside the actions that it matches today is not proven either, without a reason in the list. Each policy is
    compared by itself, for the services of its level only. One with a part of no certain meaning, which IAM would
    refuse, is refused with its place; so are two that hold too many wildcards to be compared at once.
    """
    read_query(request)
    catalog, work = current_catalog(), Work()
    (before, after), levels = read_both(catalog, read_body(request, CompareSerializer), work)
    return Response(answers.comparison(compare(catalog, before, after, work, levels), levels))


@documented("explain_refusal", "Explain a refusal", ExplainedSerializer, body=ExplainSerializer, errors=(400, 413, 415))
@api_view(["POST"])
def explain_refusal(request: Request) -> Response:
    """The actions and operations that a refusal is about, from the sentence, the JSON or the whole response.

    The call itself will do as well: its method and address, a line for curl, the address alone. Where several
    operations share it, its body tells which, and where several services do, its host; a request to object storage
    is known by its address, or by the name that tools give its operation. Of a log (of a client's debug output, of a
    browser, a HAR file, traces) only the calls count that were answered with 403, or whose answer is not there, and of
    names only those that are said to be refused; a finding tells what was left out. An answer of 401 that names no
    action means that authentication failed: a finding says so, and the call's operations and actions are not listed.
    Older names of actions are translated, and IAM's error codes are explained by their rule. The rest of the text is
    ignored.
    """
    read_query(request)
    data = read_body(request, ExplainSerializer)
    return Response(answers.explanation(explain(current_catalog(), data["text"])))


@documented(
    "list_system_policies",
    "List the system-defined policies",
    SystemPolicySerializer(many=True),
    query=SystemPolicyQuery,
)
@api_view(GET)
def system_policies(request: Request) -> Response:
    """The system-defined policies and roles whose contents are published, with what of the catalogue they allow.

    Nothing is said about what a role of Version 1.0 allows, nor a policy whose text has no certain meaning.
    """
    catalog = current_catalog()
    slug = read_query(request, SystemPolicyQuery, catalog)["slug"]
    found = [judged for judged in judged_policies(catalog) if slug in ("", judged.policy.slug)]
    return Response([answers.system_policy(judged) for judged in found])


@documented("list_templates", "List the templates of tasks", TemplateSerializer(many=True), query=TemplateQuery)
@api_view(GET)
def templates(request: Request) -> Response:
    """What administrators often let people do, as a selection to begin with and the policy that it makes.

    A task has an entry for IAM projects and, where that is possible, one for enterprise projects. Tasks whose
    operations the catalogue does not have are left out. What a service can be given by rule (to read, to operate,
    everything) is not listed, and answered by its slug.
    """
    catalog = current_catalog()
    wanted = read_query(request, TemplateQuery, catalog)
    return Response([answers.template(found) for found in find_templates(catalog, wanted)])


@documented("list_rules", "List the rules", RuleSerializer(many=True), errors=(400,))
@api_view(GET)
def rules(request: Request) -> Response:
    """Every code that a finding can have, and those of IAM that are never reported, sorted by code."""
    read_query(request)
    return Response([answers.rule(entry) for entry in table()])


@documented(
    "show_schema",
    "Describe the API to a program",
    OpenApiTypes.OBJECT,
    query=SchemaQuery,
    errors=(400,),
    media_types=("application/json", "application/yaml"),
)
@api_view(GET)
def show_schema(request: Request) -> HttpResponse:
    """The OpenAPI schema, as JSON or as YAML."""
    wanted = read_query(request, SchemaQuery)["format"]
    media_type = request.get_preferred_type(list(MEDIA_TYPES)) or "application/json"
    if (wanted or MEDIA_TYPES[media_type]) == "yaml":
        response = HttpResponse(OpenApiYamlRenderer().render(schema()), content_type="application/yaml")
    else:
        response = HttpResponse(json.dumps(schema(), indent=2, ensure_ascii=False), content_type="application/json")
    patch_vary_headers(response, ["Accept"])
    return response


@extend_schema(exclude=True)
@api_view(GET)
def docs(request: Request) -> HttpResponse:
    """The schema as a page to read."""
    read_query(request, DraftQuery)
    context = {"schema": schema(), "endpoints": endpoints(schema(), request.build_absolute_uri("/").rstrip("/"))}
    return render(request, "api/docs.html", context)


@extend_schema(exclude=True)
@api_view(EVERY_METHOD)
def nothing(request: Request, path: str) -> Response:
    """Every other address below the API's."""
    slash = "" if request.path.endswith("/") else " Every address of the API ends with a slash."
    raise not_found(f"There is nothing at {request.path[:200]!r}.{slash} What there is: /api/v1/docs/.")
