"""The employer's colours and logo, under addresses that change when they do."""

import mimetypes

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from leads.employer import digest_of, stylesheet
from leads.models import Organisation

for_ever = cache_control(public=True, max_age=365 * 24 * 3600, immutable=True)


@for_ever
@require_safe
def colours(request: HttpRequest, digest: str) -> HttpResponse:
    css = stylesheet(Organisation.objects.current())
    if digest != digest_of(css):
        raise Http404
    return HttpResponse(css, content_type="text/css; charset=utf-8")


@for_ever
@require_safe
def logo(request: HttpRequest, digest: str) -> FileResponse:
    name = Organisation.objects.current().logo.name
    if not name or digest != digest_of(name):
        raise Http404
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return FileResponse(default_storage.open(name), content_type=kind)
