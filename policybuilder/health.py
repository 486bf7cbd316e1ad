"""For programs that watch the server: whether this process answers, and whether it has all that it needs."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse

from policybuilder.store.rows import RETRY_AFTER, look

GetResponse = Callable[[HttpRequest], HttpResponse]


def probes(get_response: GetResponse) -> GetResponse:
    """/healthz: this process answers. /readyz: it has a catalogue and a database, looked at once a second at most."""
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
    held = look()
    ready = held.catalog is not None and held.problem is None
    state = {
        "status": "ready" if ready else "not ready",
        "catalogue": "loaded" if held.catalog is not None else "missing",
        "database": held.problem or "answers",
    }
    return JsonResponse(state) if ready else JsonResponse(state, status=503, headers={"Retry-After": RETRY_AFTER})
