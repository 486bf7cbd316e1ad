"""Addresses of the API; what is at each, `views` says."""

from django.urls import path, re_path

from . import views

urlpatterns = [
    path("services/", views.services, name="api-services"),
    path("categories/", views.categories, name="api-categories"),
    path("operations/", views.operations, name="api-operations"),
    path("operations/<str:service>/<str:category>/<str:operation>/", views.operation, name="api-operation"),
    path("actions/", views.actions, name="api-actions"),
    path("compile/", views.compile_policy, name="api-compile"),
    path("check/", views.check_policy, name="api-check"),
    path("compact/", views.compact_policy, name="api-compact"),
    path("split/", views.split_policy, name="api-split"),
    path("evaluate/", views.evaluate_policies, name="api-evaluate"),
    path("compare/", views.compare_policies, name="api-compare"),
    path("explain/", views.explain_refusal, name="api-explain"),
    path("system-policies/", views.system_policies, name="api-system-policies"),
    path("templates/", views.templates, name="api-templates"),
    path("rules/", views.rules, name="api-rules"),
    path("schema/", views.show_schema, name="api-schema"),
    path("docs/", views.docs, name="api-docs"),
    re_path(r"^(?P<path>(?s:.*))$", views.nothing),
]
