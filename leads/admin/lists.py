"""What all lists of the follow-up share: whose rows, how many are counted, no deletion, no stock page."""

from typing import Any, cast

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.auth.models import User
from django.core.exceptions import SuspiciousOperation
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.utils.functional import cached_property

from leads.querysets import id_in
from recruitment.text import clean_line

COUNTED_TO = 10_000


class BoundedPaginator(Paginator):
    """Counts to `counted_to` and one more, which stands for "more": a list over a million rows stays quick."""

    counted_to = COUNTED_TO

    @cached_property
    def count(self) -> int:
        rows = cast(QuerySet, self.object_list)
        return rows.order_by()[: self.counted_to + 1].count()


class WorkList(admin.ModelAdmin):
    """Rows of the user's teams, changed by services alone and never deleted."""

    list_per_page = 50
    list_max_show_all = 50  # so that no page holds more rows than a form may send boxes
    show_full_result_count = False
    paginator = BoundedPaginator
    empty_value_display = ""
    view_on_site = False

    def rows_of(self, user: User) -> QuerySet:
        """The one queryset of list, search, autocomplete, pages of one row, and actions."""
        raise NotImplementedError

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return self.rows_of(actor_of(request)).order_by(*self.get_ordering(request))

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


def actor_of(request: HttpRequest) -> User:
    return cast(User, request.user)  # the site lets nobody else in
