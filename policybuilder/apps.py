"""The Django app, and which static files of other apps are collected."""

from django.apps import AppConfig
from django.contrib.staticfiles.apps import StaticFilesConfig


class PolicyBuilderConfig(AppConfig):
    name = "policybuilder"
    verbose_name = "Policy Builder"


class NeededStaticFiles(StaticFilesConfig):
    """Leaves out what no page asks for: the pages of Django REST framework, most of the time that compressing takes,
    and the files that become one stylesheet, see web/static_files.py.
    """

    ignore_patterns = (
        *StaticFilesConfig.ignore_patterns,
        "rest_framework",
        "css/tokens.css",
        "css/parts/*",
        "css/pages/*",
    )
