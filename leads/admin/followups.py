"""What was done, over all candidates, newest first; each line opens its candidate's sheet."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from leads.admin.filters import CallFilter, FollowUpKindFilter
from leads.admin.lists import WorkList
from leads.choices import FollowUpKind
from leads.identity import name_of
from leads.lines import Known, line_of, shortly
from leads.models import FollowUp

WORDS_SHOWN = 120


@admin.register(FollowUp)
class FollowUpAdmin(WorkList):
    list_display = ("person", "title", "words", "when", "by")
    list_display_links = ("person",)
    list_filter = (FollowUpKindFilter, CallFilter)
    list_select_related = ("candidate", "actor")
    search_fields = ("candidate__search",)
    search_help_text = _("Name, e-mail, phone, reference or postal code")
    ordering = ("-at", "-pk")
    actions = None

    def rows_of(self, user: User) -> QuerySet[FollowUp]:
        return FollowUp.objects.in_scope_of(user)

    def dressed(self, rows: list[FollowUp]) -> list[FollowUp]:
        """Each with its line; who was entrusted with a candidate is read for the whole page."""
        named = {row.data["to"] for row in rows if row.kind == FollowUpKind.ASSIGNMENT} - {None}
        known = Known(people={pk: name_of(person) for pk, person in User.objects.in_bulk(named).items()})
        for row in rows:
            row.line = line_of(row, known)  # type: ignore[attr-defined]
        return rows

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404
        return HttpResponseRedirect(reverse("admin:leads_candidate_change", args=[row.candidate_id]), status=303)

    history_view = change_view

    @admin.display(description=_("name"))
    def person(self, row: FollowUp) -> str:
        return str(row.candidate)

    @admin.display(description=_("what"))
    def title(self, row: FollowUp) -> str:
        return row.line.title  # type: ignore[attr-defined]

    @admin.display(description=_("text"))
    def words(self, row: FollowUp) -> str:
        return Truncator(row.line.text).chars(WORDS_SHOWN)  # type: ignore[attr-defined]

    @admin.display(description=_("when"), ordering="at")
    def when(self, row: FollowUp) -> str:
        return shortly(row.at, timezone.now())

    @admin.display(description=_("by"))
    def by(self, row: FollowUp) -> str:
        return row.line.by  # type: ignore[attr-defined]
