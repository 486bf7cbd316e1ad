"""The endpoints: read the request, have it answered."""

import json
from functools import partial

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from drf_spectacular.renderers import OpenApiYamlRenderer
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from policybuilder.answers import catalog as entries
from policybuilder.answers import checking, comparing, compiling, evaluating, explaining, rewriting, starting_points
from policybuilder.answers.suggest import NO_OPERATION, did_you_mean
from policybuilder.web.catalogue import current_catalog

from .docs import endpoints
from .errors import NOTHING_HERE, NOTHING_WITHOUT_SLASH, not_found
from .openapi import documented, schema
from .pagination import paginate
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
from .serializers.catalog import (
    ActionsSerializer,
    CategorySerializer,
    OperationSerializer,
    OperationsSerializer,
    ServiceSerializer,
)
from .serializers.checking import CheckedPoliciesSerializer, CheckedSerializer, CheckSerializer
from .serializers.comparing import CompareSerializer, ComparisonSerializer
from .serializers.compiling import CompiledSerializer, SelectionSerializer
from .serializers.evaluating import DecisionsSerializer, EvaluateSerializer
from .serializers.explaining import ExplainedSerializer, ExplainSerializer, RuleSerializer
from .serializers.rewriting import CompactedSerializer, PartsSerializer, SplitSerializer
from .serializers.shared import PolicySerializer
from .serializers.starting_points import SystemPolicySerializer, TemplateSerializer

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
    return Response(entries.list_services(current_catalog()))


@documented("list_categories", "List the categories", CategorySerializer(many=True), query=CategoryQuery)
@api_view(GET)
def categories(request: Request) -> Response:
    """The categories in the vendor's order: each is one published table of operations."""
    catalog = current_catalog()
    return Response(entries.list_categories(catalog, read_query(request, CategoryQuery, catalog)))


@documented("list_operations", "List operations", OperationsSerializer, query=OperationQuery)
@api_view(GET)
def operations(request: Request) -> Response:
    """The operations that pass every filter, in the vendor's order."""
    catalog = current_catalog()
    wanted = read_query(request, OperationQuery, catalog)
    found = entries.find_operations(catalog, wanted)
    return Response(paginate(request, found, wanted, lambda each: entries.operation(catalog, each)))


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
        raise not_found(NO_OPERATION.format(id=id_[:200]) + did_you_mean(id_, catalog.operations))
    return Response(entries.operation(catalog, found))


@documented("list_actions", "List actions", ActionsSerializer, query=ActionQuery)
@api_view(GET)
def actions(request: Request) -> Response:
    """Every action of the catalogue, sorted by name: those of its operations and those that these depend on."""
    catalog = current_catalog()
    wanted = read_query(request, ActionQuery, catalog)
    return Response(paginate(request, entries.find_actions(catalog, wanted), wanted, partial(entries.action, catalog)))


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
    return Response(compiling.compile_policy(current_catalog(), read_body(request, SelectionSerializer)))


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
    return Response(checking.check_policy(current_catalog(), read_body(request, CheckSerializer)))


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
    return Response(rewriting.compact_policy(current_catalog(), read_body(request, PolicySerializer)))


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
    return Response(rewriting.split_policy(current_catalog(), read_body(request, SplitSerializer)))


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
    return Response(evaluating.evaluate_policies(current_catalog(), read_body(request, EvaluateSerializer)))


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
    return Response(comparing.compare_policies(current_catalog(), read_body(request, CompareSerializer)))


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
    return Response(explaining.explain_refusal(current_catalog(), read_body(request, ExplainSerializer)))


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
    wanted = read_query(request, SystemPolicyQuery, catalog)
    return Response(starting_points.list_system_policies(catalog, wanted))


@documented("list_templates", "List the templates of tasks", TemplateSerializer(many=True), query=TemplateQuery)
@api_view(GET)
def templates(request: Request) -> Response:
    """What administrators often let people do, as a selection to begin with and the policy that it makes.

    A task has an entry for IAM projects and, where that is possible, one for enterprise projects. Tasks whose
    operations the catalogue does not have are left out. What a service can be given by rule (to read, to operate,
    everything) is not listed, and answered by its slug.
    """
    catalog = current_catalog()
    return Response(starting_points.list_templates(catalog, read_query(request, TemplateQuery, catalog)))


@documented("list_rules", "List the rules", RuleSerializer(many=True), errors=(400,))
@api_view(GET)
def rules(request: Request) -> Response:
    """Every code that a finding can have, and those of IAM that are never reported, sorted by code."""
    read_query(request)
    return Response(explaining.list_rules())


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
    wording = NOTHING_HERE if request.path.endswith("/") else NOTHING_WITHOUT_SLASH
    raise not_found(wording.format(path=request.path[:200]))
