"""A workbook that a task writes: how far it is, then the file, after a press and by a link that lasts minutes."""

from collections.abc import AsyncIterator
from typing import Any

from asgiref.sync import sync_to_async
from django.contrib import admin, messages
from django.core import signing
from django.core.files.storage import default_storage
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from leads.models import Batch
from leads.services.batches import FILE_KEPT_FOR

LINK_SECONDS = 300
SALT = "leads.list"
READ = 256 << 10
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ExportPages(admin.ModelAdmin):
    """Of a `BatchAdmin`: whose batch it is, is asked again when the link is followed."""

    def get_urls(self) -> list[Any]:
        page = self.admin_site.admin_view(self.file_view)
        return [path("<int:object_id>/file/<str:signed>/", page, name="leads_batch_file"), *super().get_urls()]

    def show_export(self, request: HttpRequest, batch: Batch, list_address: str) -> HttpResponse:
        rows, written = batch.options["rows"], batch.options["written"]
        context = {
            **self.admin_site.each_context(request),
            "title": _("Export the list"),
            "opts": self.opts,
            "batch": batch,
            "total": rows,
            "written": written,
            "width": round(1000 * written / (rows or 1), 1),
            "removed_at": batch.created_at + FILE_KEPT_FOR,
            "list_address": list_address,
        }
        return TemplateResponse(request, "admin/leads/batch/export.html", context)

    def hand_out(self, request: HttpRequest, batch: Batch) -> HttpResponse:
        if not batch.file:
            messages.error(request, _("The file is not there: export the list anew."))
            return see_batch(batch)
        signed = signing.dumps({"file": batch.file}, salt=SALT)
        return HttpResponseRedirect(reverse("admin:leads_batch_file", args=[batch.pk, signed]), status=303)

    def file_view(self, request: HttpRequest, object_id: int, signed: str) -> HttpResponse | StreamingHttpResponse:
        batch = self.batch_for(request, object_id)  # type: ignore[attr-defined]
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        try:
            name = signing.loads(signed, salt=SALT, max_age=LINK_SECONDS)["file"]
        except signing.BadSignature:
            messages.error(request, _("The link lasted five minutes: press “Download the file” again."))
            return see_batch(batch)
        if name != batch.file or not default_storage.exists(name):
            messages.error(request, _("The file is not there: export the list anew."))
            return see_batch(batch)
        filename = f"{batch.list_name}s-{timezone.localtime(batch.created_at):%Y-%m-%d-%H%M}.xlsx"
        headers = {"Content-Disposition": f'attachment; filename="{filename}"'}
        return StreamingHttpResponse(_parts_of(name), content_type=XLSX, headers=headers)


async def _parts_of(name: str) -> AsyncIterator[bytes]:
    """A plain iterator would be held whole before its first byte leaves."""
    with await sync_to_async(default_storage.open)(name) as file:
        while part := await sync_to_async(file.read)(READ):
            yield part


def see_batch(batch: Batch) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:leads_batch_change", args=[batch.pk]), status=303)
