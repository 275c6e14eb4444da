"""Requests, one by one, as they came in."""

from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from chat import public as rooms
from leads import services
from leads.admin.batches import ImportPage
from leads.admin.bulk import BulkActs
from leads.admin.filters import (
    AgeFilter,
    CameFilter,
    CampaignFilter,
    ContestFilter,
    ContestSessionFilter,
    DepartmentFilter,
    KindFilter,
    PeopleFilter,
    PostingFilter,
    ReachedFilter,
    RegionFilter,
    RoomFilter,
    SourceFilter,
    WaitFilter,
    WeekFilter,
)
from leads.admin.lists import WorkList, actor_of
from leads.admin.paging import BoundedPaginator
from leads.admin.phone import PhonePage
from leads.batch_words import BatchKind
from leads.cohorts import WAIT
from leads.identity import name_of, shown_phone
from leads.lines import origin, request_title, shortly
from leads.models import Lead
from leads.templatetags.reports import in_days
from leads.wording import field_label, shown
from recruitment.text import clean_line

HIDDEN = "•••"
COLUMNS = ("reference", "person", "what", "place", "source", "asked_at")
MASKED_COLUMNS = (
    *("reference", "person_masked", "email_masked", "phone_masked"),
    *("what", "place", "source", "asked_at"),
)


def is_manager(request: HttpRequest) -> bool:
    """Reads figures and the lists behind them, and knows nobody in them."""
    user = cast(User, request.user)
    return user.has_perm("leads.view_weekly_report") and not user.has_perm("leads.view_candidate")


def _arguments(request: HttpRequest) -> dict[str, Any]:
    return request.resolver_match.kwargs if request.resolver_match else {}


@admin.register(Lead)
class LeadAdmin(ImportPage, PhonePage, BulkActs, WorkList):
    list_display = COLUMNS
    list_filter = (
        WeekFilter,
        KindFilter,
        RegionFilter,
        SourceFilter,
        ContestFilter,
        AgeFilter,
        DepartmentFilter,
        RoomFilter,
        CameFilter,
        CampaignFilter,
        ContestSessionFilter,
        PostingFilter,
        ReachedFilter,
        WaitFilter,
        "is_spam",
        PeopleFilter,
    )
    list_select_related = ("contest_session__contest", "source")
    search_fields = ("search",)
    search_help_text = _("Name, e-mail, phone, reference or postal code")
    ordering = ("-at", "-pk")
    bulk_kinds = (BatchKind.SPAM, BatchKind.NO_SPAM)

    # --- whose ---

    def get_queryset(self, request: HttpRequest) -> QuerySet[Lead]:
        """A manager counts all; a recruiter has those of their teams. Spam shows where somebody asks for it."""
        leads = Lead.objects.prefetch_related("receipts").order_by(*self.ordering)
        if not is_manager(request):
            leads = leads.in_scope_of(cast(User, request.user))
        return leads if "is_spam__exact" in request.GET or "object_id" in _arguments(request) else leads.counted()

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        typed = clean_line(search_term)
        if not is_manager(request):
            return queryset.found_by(typed), False
        return (queryset.with_reference(typed) if typed else queryset), False

    def has_change_permission(self, request: HttpRequest, obj: Lead | None = None) -> bool:
        return obj is None and super().has_change_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Lead | None = None) -> bool:
        if obj is not None and is_manager(request):
            return False  # no sheet behind the list
        return super().has_view_permission(request)

    def get_list_display_links(self, request: HttpRequest, list_display: Any) -> Any:
        return None if is_manager(request) else ("reference",)

    def get_actions(self, request: HttpRequest) -> dict:
        return {} if is_manager(request) else super().get_actions(request)

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        changes = super().get_changelist_instance(request)
        if is_manager(request):
            changes.search_help_text = str(_("Reference"))
        return changes

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        """By request, and not by a mark on this object: one object serves all requests at once."""
        columns = MASKED_COLUMNS if is_manager(request) else COLUMNS
        if "wait" not in request.GET:
            return columns
        return (*(name for name in columns if name != "source"), "waited")  # a row has room for as many

    def get_ordering(self, request: HttpRequest) -> Any:
        return (WAIT.asc(nulls_last=True), "pk") if "wait" in request.GET else self.ordering

    def get_paginator(self, request: HttpRequest, queryset: Any, per_page: int, *args: Any, **kwargs: Any) -> Paginator:
        """A list opened from a figure shows exactly that number."""
        kind = Paginator if "from" in request.GET else BoundedPaginator
        return kind(queryset, per_page, *args, **kwargs)

    # --- one request ---

    def get_urls(self) -> list[Any]:
        spam = path("<int:object_id>/spam/", self.admin_site.admin_view(self.spam_view), name="leads_lead_spam")
        return [spam, *super().get_urls()]

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        """What was typed, read-only: a request is never changed."""
        lead = self.lead_for(request, object_id)
        context = {
            **self.admin_site.each_context(request),
            "title": request_title(lead),
            "opts": self.opts,
            "lead": lead,
            "origin": origin(lead),
            "typed": _typed(lead),
            "topic": _topic_of(lead),
            "nearest": rooms.nearest_answer(lead.message) if lead.answer_agreed_at else None,
            "entered_by": name_of(lead.entered_by) if lead.entered_by else "",
        }
        return TemplateResponse(request, "admin/leads/lead/request.html", context)

    history_view = change_view

    def spam_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        lead = self.lead_for(request, object_id)
        if request.method == "POST":
            mark = services.unmark_spam if "undo" in request.POST else services.mark_spam
            mark(lead_id=lead.pk, actor=actor_of(request), now=timezone.now())
            told = _("Back in the counts.") if "undo" in request.POST else _("Marked as spam: out of the counts.")
            self.message_user(request, str(told), messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:leads_lead_change", args=[lead.pk]), status=303)

    def lead_for(self, request: HttpRequest, object_id: int | str) -> Lead:
        """Theirs; 403 for managers, who read the list alone, 404 for another team's as for none."""
        if is_manager(request) or not super().has_view_permission(request):
            raise PermissionDenied
        if request.method == "POST" and not super().has_change_permission(request):
            raise PermissionDenied
        lead = self.get_object(request, str(object_id))
        if lead is None:
            raise Http404
        return lead

    # --- columns ---

    @admin.display(description=_("reference"))
    def reference(self, lead: Lead) -> str:
        receipts = sorted(lead.receipts.all(), key=lambda receipt: receipt.pk)
        return receipts[0].reference if receipts else f"n° {lead.pk}"

    @admin.display(description=_("name, e-mail"))
    def person(self, lead: Lead) -> SafeString:
        reach = lead.email or shown_phone(lead.phone)
        return format_html("<span>{} {}</span><small>{}</small>", lead.first_name, lead.last_name, reach)

    @admin.display(description=_("received"), ordering="at")
    def asked_at(self, lead: Lead) -> str:
        return shortly(lead.at, timezone.now())

    @admin.display(description=_("first answer"))
    def waited(self, lead: Lead) -> str:
        return in_days(lead.answered_at - lead.at) if lead.answered_at else pgettext("requests", "still waits")

    @admin.display(description=_("name"))
    def person_masked(self, lead: Lead) -> str:
        return HIDDEN if lead.first_name or lead.last_name else ""

    @admin.display(description=_("e-mail"))
    def email_masked(self, lead: Lead) -> str:
        return HIDDEN if lead.email else ""

    @admin.display(description=_("phone"))
    def phone_masked(self, lead: Lead) -> str:
        return HIDDEN if lead.phone else ""

    @admin.display(description=_("asked for"))
    def what(self, lead: Lead) -> SafeString:
        """The kind, and below it the contest."""
        contest = lead.contest_session.contest if lead.contest_session else ""
        return format_html("<span>{}</span><small>{}</small>", lead.get_kind_display(), contest)

    @admin.display(description=_("dépt"))
    def place(self, lead: Lead) -> str:
        return str(_("abroad")) if lead.is_abroad else lead.department


def _topic_of(lead: Lead) -> str:
    return next((topic.label for topic in rooms.topics() if topic.key == lead.topic), "") if lead.topic else ""


TYPED = (
    *("first_name", "last_name", "email", "phone", "postal_code", "is_abroad"),
    *("birth_date", "diploma_level", "situation"),
)


def _typed(lead: Lead) -> list[tuple[str, str]]:
    """(label, value) of what the form held, whoever typed it."""
    values = ((name, getattr(lead, name)) for name in TYPED)
    return [(field_label(name), shown(name, str(value))) for name, value in values if value]
