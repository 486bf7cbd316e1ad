"""Compare two policies: `/compare/`. Nothing that is pasted is stored."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from ..catalog_loader import current_catalog
from ..compare_forms import read_address, read_comparing
from ..compare_page import ComparePage
from ..htmx import render_page


# As with the builder: what is sent is compared and answered, so there is nothing to forge and no token is needed.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def compare(request: HttpRequest) -> HttpResponse:
    catalog = current_catalog()
    comparing = read_comparing(request) if request.method == "POST" else read_address(catalog, request.GET)
    context = {"page": ComparePage(catalog, comparing), "done": comparing.done, "problems": comparing.problems}
    return render_page(request, "compare.html", context, part="update")
