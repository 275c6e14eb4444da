"""Requests, one by one, as they came in."""

from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from leads import services
from leads.admin.filters import (
    AgeFilter,
    ContestFilter,
    DepartmentFilter,
    KindFilter,
    RegionFilter,
    RoomFilter,
    SourceFilter,
    WeekFilter,
)
from leads.models import Lead
from recruitment.text import without_accents

HIDDEN = "•••"


def is_manager(request: HttpRequest) -> bool:
    """Reads figures and the lists behind them, and knows nobody in them."""
    user = cast(User, request.user)
    return user.has_perm("leads.view_weekly_report") and not user.has_perm("leads.view_candidate")


def _arguments(request: HttpRequest) -> dict[str, Any]:
    return request.resolver_match.kwargs if request.resolver_match else {}


@admin.register(Lead)
class LeadAdmin(admin.ModelAdmin):
    list_display = ("reference", "person", "email_shown", "phone_shown", "kind", "contest", "place", "source", "at")
    list_filter = (
        WeekFilter,
        KindFilter,
        RegionFilter,
        SourceFilter,
        ContestFilter,
        AgeFilter,
        DepartmentFilter,
        RoomFilter,
        "is_spam",
    )
    list_select_related = ("contest_session__contest", "source")
    search_fields = ("search",)
    search_help_text = _("Name, e-mail, phone, reference or postal code")
    ordering = ("-at", "-pk")
    list_per_page = 50
    show_full_result_count = False
    actions = ("mark_spam", "unmark_spam")

    # --- whose ---

    def get_queryset(self, request: HttpRequest) -> QuerySet[Lead]:
        """A manager counts all; a recruiter has those of their teams. Spam shows where somebody asks for it."""
        leads = Lead.objects.prefetch_related("receipts")
        if not is_manager(request):
            leads = leads.in_scope_of(cast(User, request.user))
        return leads if "is_spam__exact" in request.GET or "object_id" in _arguments(request) else leads.counted()

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        by_reference = Q(receipts__reference=term.upper())
        if is_manager(request):
            return queryset.filter(by_reference), False
        found = queryset
        for word in without_accents(term).split():
            found = found.filter(Q(search__contains=word) | by_reference)
        return found, False

    def has_delete_permission(self, request: HttpRequest, obj: Lead | None = None) -> bool:
        return False  # a request counts for good; spam leaves the counts by a mark

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # by the page for requests taken by phone

    def has_change_permission(self, request: HttpRequest, obj: Lead | None = None) -> bool:
        return obj is None and super().has_change_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Lead | None = None) -> bool:
        if obj is not None and is_manager(request):
            return False  # no sheet behind the list
        return super().has_view_permission(request)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: dict | None = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied  # Django looks for the row first, and would tell that there is none
        return super().history_view(request, object_id, extra_context)

    def get_list_display_links(self, request: HttpRequest, list_display: Any) -> Any:
        return None if is_manager(request) else ("reference",)

    def get_actions(self, request: HttpRequest) -> dict:
        return {} if is_manager(request) else super().get_actions(request)

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> Any:
        self._masks = is_manager(request)
        return super().changelist_view(request, extra_context)

    # --- columns ---

    @admin.display(description=_("reference"))
    def reference(self, lead: Lead) -> str:
        receipts = sorted(lead.receipts.all(), key=lambda receipt: receipt.pk)
        return receipts[0].reference if receipts else f"n° {lead.pk}"

    @admin.display(description=_("name"))
    def person(self, lead: Lead) -> str:
        return self._shown(f"{lead.first_name} {lead.last_name}".strip())

    @admin.display(description=_("e-mail"))
    def email_shown(self, lead: Lead) -> str:
        return self._shown(lead.email)

    @admin.display(description=_("phone"))
    def phone_shown(self, lead: Lead) -> str:
        return self._shown(lead.phone)

    def _shown(self, value: str) -> str:
        return HIDDEN if value and self._masks else value

    @admin.display(description=_("contest"))
    def contest(self, lead: Lead) -> str:
        return str(lead.contest_session.contest) if lead.contest_session else ""

    @admin.display(description=_("département"), ordering="department")
    def place(self, lead: Lead) -> str:
        return str(_("abroad")) if lead.is_abroad else lead.department

    # --- acts ---

    @admin.action(description=_("Mark as spam: out of the counts"), permissions=["change"])
    def mark_spam(self, request: HttpRequest, queryset: QuerySet[Lead]) -> None:
        self._mark(request, queryset, services.mark_spam)

    @admin.action(description=_("No spam: back into the counts"), permissions=["change"])
    def unmark_spam(self, request: HttpRequest, queryset: QuerySet[Lead]) -> None:
        self._mark(request, queryset, services.unmark_spam)

    def _mark(self, request: HttpRequest, queryset: QuerySet[Lead], mark: Any) -> None:
        ids = list(queryset.values_list("pk", flat=True))
        now = timezone.now()
        done = sum(mark(lead_id=lead_id, actor=cast(User, request.user), now=now) for lead_id in ids)
        told = ngettext("%d request is marked.", "%d requests are marked.", done) % done
        self.message_user(request, told, messages.SUCCESS)
