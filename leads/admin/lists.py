"""What all lists of the follow-up share: whose rows, how they are found, counted and paged; no deletion."""

from collections.abc import Mapping
from typing import Any, Literal, cast

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.core.paginator import InvalidPage
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from leads import services
from leads.admin.filters import names_of
from leads.admin.paging import WALKED_TO, BoundedPaginator
from leads.errors import NotAllowed, NotFound
from leads.facets import COUNTED_TO as FACETS_COUNTED_TO
from leads.facets import VIEWS_COUNTED_TO, Counts, count_facets
from leads.list_forms import KeepForm
from leads.models.kept import QUERY_LENGTH
from leads.row_filters import id_in
from leads.search import read_wanted
from recruitment.text import clean_line


class WorkChanges(ChangeList):
    """One page of a list. The search comes before the filters, so that what a filter would leave can be counted."""

    facets: Mapping[str, Counts] = {}
    is_as_usual = True
    views_counted_to = VIEWS_COUNTED_TO

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(request, *args, **kwargs)
        # Django would find address and query of each row anew: a tenth of a page's time.
        self.kept_query, self.preserved_filters = self.preserved_filters, ""
        self.address = reverse(f"admin:leads_{self.opts.model_name}_changelist")

    def url_for_result(self, result: Any) -> str:
        query = f"?{self.kept_query}" if self.kept_query else ""
        return f"{self.address}{result.pk}/change/{query}"

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet:
        typed, self.query = self.query, ""
        self.root_queryset = self.model_admin.get_search_results(request, self.root_queryset, typed)[0]
        rows = super().get_queryset(request, exclude_parameters)
        self.query = typed
        return rows

    def get_ordering(self, request: HttpRequest, queryset: QuerySet) -> list[Any]:
        self.is_as_usual = self.model_admin.get_ordering(request) == self.model_admin.ordering
        return super().get_ordering(request, queryset)

    def get_ordering_field_columns(self) -> dict[int, Literal["desc", "asc"]]:
        """No column is marked where the list has an order of its own: Django would mark the usual one."""
        return super().get_ordering_field_columns() if self.is_as_usual else {}

    def get_results(self, request: HttpRequest) -> None:
        """As Django's own, but a list that one page holds is read and not counted besides."""
        work: Any = self.model_admin
        paginator = work.get_paginator(request, self.queryset, self.list_per_page)
        if self.query and read_wanted(self.query).is_short:
            paginator.counted_to = min(paginator.counted_to, WALKED_TO)
        rows = list(self.queryset[: self.list_per_page + 1]) if self.page_num == 1 else []
        if self.page_num == 1 and len(rows) <= self.list_per_page:
            paginator.count = len(rows)
        elif self.page_num == 1:
            rows.pop()
        else:
            rows = self._page_of(paginator)
        self.result_count, self.result_list, self.paginator = paginator.count, work.dressed(rows), paginator
        self.full_result_count, self.show_full_result_count = None, False
        self.multi_page = self.result_count > self.list_per_page
        self.can_show_all, self.show_admin_actions = not self.multi_page, bool(self.result_count)
        self.facets = self._count_facets(request)

    def _page_of(self, paginator: Any) -> list[Any]:
        try:
            return list(paginator.page(self.page_num).object_list)
        except InvalidPage as error:
            raise IncorrectLookupParameters from error

    def _count_facets(self, request: HttpRequest) -> Mapping[str, Counts]:
        """None beside a search of several pages, whose ids and count have taken the queries that a list may take."""
        if self.query and self.multi_page:
            return {}
        work: Any = self.model_admin
        return count_facets(self._narrowed(request), work.views_of(request))

    def _narrowed(self, request: HttpRequest) -> Mapping[str, QuerySet]:
        """Of each filter, the rows beside the other filters, of which each choice would leave some.

        None where the list itself is too long to be counted: without one of its filters it is longer still.
        """
        if not 0 < self.result_count <= FACETS_COUNTED_TO or getattr(self.paginator, "goes_on", False):
            return {}
        specs: list[Any] = [spec for spec in self.filter_specs if getattr(spec, "is_counted", False)]
        return {spec.parameter_name: self._without(spec, request) if spec.value() else self.queryset for spec in specs}

    def _without(self, left_out: Any, request: HttpRequest) -> QuerySet:
        rows = self.root_queryset
        for spec in self.filter_specs:
            narrowed = None if spec is left_out else spec.queryset(request, rows)
            rows = rows if narrowed is None else narrowed
        return rows


class WorkList(admin.ModelAdmin):
    """Rows of the user's teams, changed by services alone and never deleted."""

    list_per_page = 50
    list_max_show_all = 50  # so that no page holds more rows than a form may send boxes
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER  # `WorkChanges` counts them in one query, and no further than the list itself
    paginator = BoundedPaginator
    empty_value_display = ""
    view_on_site = False

    def rows_of(self, user: User) -> QuerySet:
        """The one queryset of list, search, autocomplete, pages of one row, and actions: each list names its own."""
        raise NotImplementedError(f"{type(self).__name__} does not say whose rows it shows")

    def views_of(self, request: HttpRequest) -> Mapping[str, QuerySet]:
        """The rows of each view that is counted, by the query that shows it alone."""
        return {}

    def dressed(self, rows: list[Any]) -> list[Any]:
        """The rows of one page with what their columns need besides."""
        return rows

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return self.rows_of(actor_of(request)).order_by(*self.get_ordering(request))

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return WorkChanges

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        try:
            return super().get_changelist_instance(request)
        except OverflowError as error:  # an address with a number that no column holds
            raise IncorrectLookupParameters from error

    def action_checkbox(self, obj: Any) -> SafeString:
        """As Django's own, which has a widget with a template drawn for each row."""
        box = '<input type="checkbox" name="{}" value="{}" class="action-select" aria-label="{}">'
        return format_html(box, ACTION_CHECKBOX_NAME, obj.pk, _("Tick %s") % obj)

    # --- views that are kept ---

    def get_urls(self) -> list[Any]:
        view, model = self.admin_site.admin_view, self.opts.model_name
        return [
            path("keep/", view(self.keep_view), name=f"leads_{model}_keep"),
            path("forget/<int:view_id>/", view(self.forget_view), name=f"leads_{model}_forget"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        name = str(self.opts.model_name)
        kept = [(*key.split("?", 1), label, True) for key, label in names_of(request, name, "own view")]
        kept += [(*key.split("?", 1), label, False) for key, label in names_of(request, name, "view")]
        own = {"kept_views": kept, "keep_form": KeepForm(teams=names_of(request, name, "team"), initial=_kept(request))}
        return super().changelist_view(request, own | (extra_context or {}))

    def keep_view(self, request: HttpRequest) -> HttpResponse:
        """Keep the list as its address has it, and show it again."""
        self._require_view(request)
        teams = names_of(request, str(self.opts.model_name), "team")
        form = KeepForm(request.POST if request.method == "POST" else None, teams=teams)
        if not form.is_valid():
            for error in [errors[0] for errors in form.errors.values()]:
                messages.error(request, str(error))
            return self._see_list("")
        query = form.cleaned_data["query"]
        try:
            services.keep_view(
                list_name=str(self.opts.model_name),
                name=form.cleaned_data["name"],
                query=query,
                team_id=form.cleaned_data["team"] or None,
                actor=actor_of(request),
                now=timezone.now(),
            )
        except NotAllowed as refusal:
            messages.error(request, str(refusal.message))
        else:
            messages.success(request, _("This view is kept."))
        return self._see_list(query)

    def forget_view(self, request: HttpRequest, view_id: int) -> HttpResponse:
        self._require_view(request)
        if request.method == "POST":
            try:
                services.forget_view(view_id=view_id, actor=actor_of(request))
            except NotFound as error:
                raise Http404 from error
            messages.success(request, _("This view is kept no longer."))
        return self._see_list("")

    def _require_view(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied

    def _see_list(self, query: str) -> HttpResponse:
        address = reverse(f"admin:leads_{self.opts.model_name}_changelist")
        return HttpResponseRedirect(f"{address}?{query}" if query else address, status=303)

    def response_action(self, request: HttpRequest, queryset: QuerySet, *args: Any, **kwargs: Any) -> Any:
        if not all(id_in(checked) for checked in request.POST.getlist(ACTION_CHECKBOX_NAME)):
            raise SuspiciousOperation("a checked row is none")  # Django would fail on it
        return super().response_action(request, queryset, *args, **kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        return queryset.found_by(clean_line(search_term)), False

    def _get_obj_does_not_exist_redirect(self, *args: Any) -> Any:
        raise Http404  # Django would say that the row "may have been deleted", and send elsewhere


def _kept(request: HttpRequest) -> dict[str, str]:
    return {"query": request.GET.urlencode()[:QUERY_LENGTH]}


def actor_of(request: HttpRequest) -> User:
    return cast(User, request.user)  # the site lets nobody else in
