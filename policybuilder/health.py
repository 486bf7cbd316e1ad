"""Probes for programs that watch the server: whether this process answers, and whether it has a catalogue."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse

from policybuilder.web.catalogue import has_catalog

GetResponse = Callable[[HttpRequest], HttpResponse]


def probes(get_response: GetResponse) -> GetResponse:
    """/healthz: this process answers. /readyz: it has read a catalogue."""
    answers = {"/healthz": _healthz, "/readyz": _readyz}

    def middleware(request: HttpRequest) -> HttpResponse:
        answer = answers.get(request.path_info)
        if answer is None:
            return get_response(request)
        response = answer() if request.method in {"GET", "HEAD"} else HttpResponseNotAllowed(["GET", "HEAD"])
        response["Cache-Control"] = "no-store"
        response["X-Content-Type-Options"] = "nosniff"
        return response

    return middleware


def _healthz() -> HttpResponse:
    return JsonResponse({"status": "alive"})


def _readyz() -> HttpResponse:
    if has_catalog():
        return JsonResponse({"status": "ready", "catalogue": "loaded"})
    response = JsonResponse({"status": "not ready", "catalogue": "missing"}, status=503)
    # Django logs each 503, and a probe comes every few seconds.
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response
