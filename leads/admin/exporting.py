"""A list taken away as a file, at once or by a task: just the rows on screen, in their order, with a reason kept."""

from typing import Any

from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from leads import services
from leads.admin.exported import see_batch
from leads.admin.lists import WorkChanges, WorkList, actor_of
from leads.admin.paging import BoundedPaginator
from leads.candidate_file import Words, csv_of
from leads.errors import NotAllowed
from leads.list_forms import ExportForm, FileFormat


class WholeList(WorkChanges):
    """The rows of a list's address, of which no page is read."""

    def get_results(self, request: HttpRequest) -> None:
        self.result_count, self.result_list, self.paginator = 0, [], None


class ExportedList(WorkList):
    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.export_view)
        return [path("export/", view, name=f"leads_{self.opts.model_name}_export"), *super().get_urls()]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        name = request.resolver_match.url_name if request.resolver_match else ""
        return WholeList if name == f"leads_{self.opts.model_name}_export" else super().get_changelist(request)

    def export_view(self, request: HttpRequest) -> Any:
        """Asks for the reason; then the file. The address is the list's: its search, its filters, its order."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        try:
            rows = self.get_changelist_instance(request).queryset
        except IncorrectLookupParameters:
            messages.error(request, _("This list does not exist: narrow it anew."))
            return HttpResponseRedirect(reverse(f"admin:leads_{self.opts.model_name}_changelist"), status=303)
        form = ExportForm(request.POST if request.method == "POST" else None)
        if not form.is_valid():
            return self._ask(request, rows, form)
        taken = {
            "rows": rows,
            "list_name": str(self.opts.model_name),
            "query": request.GET.urlencode(),
            "reason": form.cleaned_data["reason"],
            "actor": actor_of(request),
            "now": timezone.now(),
        }
        if form.cleaned_data["format"] != FileFormat.XLSX:
            return self._file(taken)
        if not request.user.has_perm("leads.change_batch"):
            raise PermissionDenied
        try:
            return see_batch(services.begin_export(**taken))
        except NotAllowed as refusal:
            form.add_error("format", str(refusal.message))
            return self._ask(request, rows, form)

    def _file(self, taken: dict[str, Any]) -> StreamingHttpResponse:
        ids, now = services.record_export(**taken), taken["now"]
        name = f"{self.opts.model_name}s-{timezone.localtime(now):%Y-%m-%d-%H%M}.csv"
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
        return StreamingHttpResponse(csv_of(ids, Words(now)), content_type="text/csv; charset=utf-8", headers=headers)

    def _ask(self, request: HttpRequest, rows: Any, form: ExportForm) -> HttpResponse:
        paginator = BoundedPaginator(rows, self.list_per_page)
        address = reverse(f"admin:leads_{self.opts.model_name}_changelist")
        context = {
            **self.admin_site.each_context(request),
            "title": _("Export the list"),
            "opts": self.opts,
            "form": form,
            "count": min(paginator.count, paginator.counted_to),
            "goes_on": paginator.goes_on,
            "list_address": f"{address}?{request.GET.urlencode()}",
        }
        return TemplateResponse(request, "admin/leads/export.html", context, status=422 if form.errors else 200)
