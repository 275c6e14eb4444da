"""Imports, exports and acts on many: what is asked, the trial run, the confirmation, how far it is, what came of it."""

import csv
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from leads import services
from leads.admin.exported import ExportPages, see_batch
from leads.admin.filters import names_of
from leads.admin.lists import WorkList, actor_of
from leads.batch_forms import ACT_FORMS, ColumnsForm, OptionsForm, UploadForm
from leads.batch_rows import examples_of, piles_of, rows_in, shown, to_do
from leads.batch_words import BatchKind, BatchState
from leads.errors import LeadsError, NotFound
from leads.exports import BOM, harmless
from leads.identity import name_of
from leads.lines import shortly
from leads.models import Batch, Team
from leads.row_filters import id_in
from leads.services.batches import UNDO_WITHIN

TEMPLATE = "admin/leads/batch/batch.html"
A_PAGE = 50
LOOKS_AGAIN = "2"  # seconds, while it runs


class Echo:
    """A file that gives back what is written to it."""

    def write(self, value: str) -> str:
        return value


@admin.register(Batch)
class BatchAdmin(ExportPages, WorkList):
    list_display = ("what", "state_shown", "about", "by_shown", "since")
    list_display_links = ("what",)
    list_select_related = ("by",)
    ordering = ("-created_at", "-pk")
    sortable_by = ()
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[Batch]:
        return Batch.objects.in_scope_of(actor_of(request)).defer("ids")

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        return queryset, False

    @admin.display(description=gettext_lazy("what"))
    def what(self, batch: Batch) -> str:
        return batch.get_kind_display()

    @admin.display(description=gettext_lazy("state"))
    def state_shown(self, batch: Batch) -> str:
        return batch.get_state_display()

    @admin.display(description=gettext_lazy("about"))
    def about(self, batch: Batch) -> str:
        """The file of an import; of an export and an act, how many rows where that is known without a count."""
        rows = batch.options.get("rows")
        if rows is None:
            return batch.file_name
        return ngettext("%s sheet", "%s sheets", rows) % number_format(rows, force_grouping=True)

    @admin.display(description=gettext_lazy("by"))
    def by_shown(self, batch: Batch) -> str:
        return name_of(batch.by) if batch.by else ""

    @admin.display(description=gettext_lazy("begun"))
    def since(self, batch: Batch) -> str:
        return shortly(batch.created_at, timezone.now())

    # --- one of them ---

    def get_urls(self) -> list[Any]:
        rows = path("<int:object_id>/rows/", self.admin_site.admin_view(self.rows_view), name="leads_batch_rows")
        return [rows, *super().get_urls()]

    def batch_for(self, request: HttpRequest, object_id: int | str) -> Batch:
        allowed = self.has_change_permission if request.method == "POST" else self.has_view_permission
        if not allowed(request):
            raise PermissionDenied
        found = self.get_queryset(request).filter(pk=id_in(str(object_id))).first()
        if found is None:
            raise Http404
        return found

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        batch = self.batch_for(request, object_id)
        if request.method != "POST":
            return self.show(request, batch)
        if request.POST.get("act") == "download" and batch.kind == BatchKind.EXPORT:
            return self.hand_out(request, batch)
        act = {"confirm": services.confirm_batch, "undo": services.undo_batch}.get(request.POST.get("act", ""))
        try:
            if request.POST.get("act") == "forget":
                services.forget_batch(batch_id=batch.pk, actor=actor_of(request))
                messages.success(request, _("Given up; nothing was written."))
                return HttpResponseRedirect(_list_of(batch), status=303)
            if act is None:
                return self.try_it(request, batch)
            act(batch_id=batch.pk, actor=actor_of(request), now=timezone.now())
        except NotFound as error:
            raise Http404 from error
        except LeadsError as refusal:
            messages.error(request, str(refusal.message))
        return see_batch(batch)

    def history_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        return see_batch(self.batch_for(request, object_id))

    def try_it(self, request: HttpRequest, batch: Batch) -> HttpResponse:
        form = form_of(batch, request, request.POST)
        if form is None:
            return see_batch(batch)
        if not form.is_valid():
            return self.show(request, batch, form, status=422)
        act = services.try_import if batch.kind == BatchKind.IMPORT else services.try_act
        act(batch_id=batch.pk, options=form.options(), actor=actor_of(request), now=timezone.now())
        return see_batch(batch)

    def show(self, request: HttpRequest, batch: Batch, form: Any = None, status: int = 200) -> HttpResponse:
        if batch.kind == BatchKind.EXPORT:
            return _refreshed(self.show_export(request, batch, _list_of(batch)), batch)
        pile = request.GET.get("show", "")
        pages = Paginator(rows_in(batch, pile), A_PAGE)
        page = pages.get_page(request.GET.get("p"))
        piles = piles_of(batch)
        now = timezone.now()
        context = {
            **self.admin_site.each_context(request),
            "title": batch.get_kind_display() if batch.kind != BatchKind.IMPORT else _("Import requests"),
            "opts": self.opts,
            "batch": batch,
            "is_import": batch.kind == BatchKind.IMPORT,
            "form": form or form_of(batch, request),
            "piles": piles,
            "pile": pile,
            "total": sum(rows for *_names, rows in piles),
            "to_do": to_do(batch),
            "bar": _bar(piles),
            "rows": shown(batch, list(page.object_list), actor_of(request)),
            "page": page,
            "numbers": list(pages.get_elided_page_range(page.number, on_each_side=1, on_ends=1)),
            "gap": pages.ELLIPSIS,
            "step": _step(batch),
            "steps": steps(batch.kind),
            "list_address": _list_of(batch),
            "can_undo": batch.state in (BatchState.DONE, BatchState.FAILED)
            and batch.started_at
            and now - batch.started_at < UNDO_WITHIN,
            "undo_until": batch.started_at + UNDO_WITHIN if batch.started_at else None,
            "can_change": self.has_change_permission(request),
        }
        return _refreshed(TemplateResponse(request, TEMPLATE, context, status=status), batch)

    def rows_view(self, request: HttpRequest, object_id: int) -> StreamingHttpResponse:
        """What became of each row, as a CSV file; `?show=` as on the page."""
        batch = self.batch_for(request, object_id)
        rows = list(rows_in(batch, request.GET.get("show", "")))
        name = f"{batch.kind}-{batch.pk}.csv"
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
        content = list(_lines(batch, rows, actor_of(request)))
        return StreamingHttpResponse(content, content_type="text/csv; charset=utf-8", headers=headers)


def _lines(batch: Batch, rows: list[Any], reader: Any) -> Iterator[str]:
    writer = csv.writer(Echo(), delimiter=";", lineterminator="\r\n")
    yield BOM + writer.writerow([_("Line"), _("Verdict"), _("Person"), _("Why")])
    for row in shown(batch, rows, reader):
        yield writer.writerow([row.number, row.label, harmless(row.person), harmless(row.why)])


def _refreshed(answer: HttpResponse, batch: Batch) -> HttpResponse:
    if batch.is_going:
        answer["Refresh"] = LOOKS_AGAIN
    return answer


def form_of(batch: Batch, request: HttpRequest, data: Any = None) -> Any:
    """What is asked before the trial run; None once it is confirmed."""
    if batch.state not in (BatchState.DRAFT, BatchState.TRIED):
        return None
    if batch.kind == BatchKind.IMPORT:
        return ColumnsForm(data, batch=batch, examples=examples_of(batch))
    form: type[OptionsForm] = ACT_FORMS[batch.kind]
    people = names_of(request, "candidate", "owner")
    teams = [(str(team.pk), team.name) for team in Team.objects.all()] if batch.kind == BatchKind.TEAM else ()
    return form(data, now=timezone.now(), people=people, teams=teams, initial=_typed(batch))


def _typed(batch: Batch) -> dict[str, Any]:
    at = batch.options.get("at")
    return {**batch.options, "at": datetime.fromisoformat(at)} if at else dict(batch.options)


def steps(kind: str) -> list[tuple[int, str]]:
    if kind == BatchKind.IMPORT:
        names = (_("File"), _("Columns"), _("Trial run"), _("Import"))
    else:
        names = (_("Choice"), _("What to do"), _("Trial run"), _("Done"))
    return list(enumerate(names, 1))


def _step(batch: Batch) -> int:
    return {BatchState.DRAFT: 2, BatchState.TRIED: 3}.get(BatchState(batch.state), 4)


def _bar(piles: list[tuple[str, str, str, int]]) -> list[tuple[str, float, float]]:
    """(class, from, width) of each pile in a bar of 1000."""
    total = sum(rows for *_names, rows in piles) or 1
    looks, start, parts = {"ok": "a", "accent": "b", "bad": "c", "warn": "e"}, 0.0, []
    for _key, _name, look, rows in reversed(piles):
        width = 1000 * rows / total
        parts.append((looks.get(look, "e"), round(start, 1), round(width, 1)))
        start += width
    return parts


def _list_of(batch: Batch) -> str:
    if not batch.list_name:
        return reverse("admin:leads_lead_changelist")
    return f"{reverse(f'admin:leads_{batch.list_name}_changelist')}?{batch.query}"


class ImportPage(admin.ModelAdmin):
    """Where a file is sent; all else happens on the page of its batch."""

    def get_urls(self) -> list[Any]:
        page = path("import/", self.admin_site.admin_view(self.import_view), name="leads_lead_import")
        return [page, *super().get_urls()]

    def import_view(self, request: HttpRequest) -> HttpResponse:
        if not (request.user.has_perm("leads.add_lead") and request.user.has_perm("leads.change_batch")):
            raise PermissionDenied
        form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
        if form.is_valid():
            file = form.cleaned_data["file"]
            try:
                batch = services.begin_import(
                    file=file.file, size=file.size, name=file.name, actor=actor_of(request), now=timezone.now()
                )
            except LeadsError as refusal:
                form.add_error("file", str(refusal.message))
            else:
                return see_batch(batch)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Import requests"),
            "opts": self.opts,
            "form": form,
            "step": 1,
            "steps": steps(BatchKind.IMPORT),
        }
        return TemplateResponse(request, "admin/leads/batch/upload.html", context, status=422 if form.errors else 200)
