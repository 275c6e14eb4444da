"""A recruiter calls one person after the other: whom they hold, pass on, take from their team's queue."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from leads import services
from leads.admin.lists import actor_of
from leads.choices import FollowUpKind
from leads.day_aside import TAKEN_AT_ONCE
from leads.errors import NotAllowed
from leads.models import Candidate, FollowUp
from leads.wording import lowered


class CallingPages(admin.ModelAdmin):
    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("next/", view(self.next_view), name="leads_candidate_next"),
            path("take-on/", view(self.take_on_view), name="leads_candidate_take_on"),
            path("<int:object_id>/take/", view(self.take_view), name="leads_candidate_take"),
            path("<int:object_id>/pass/", view(self.pass_view), name="leads_candidate_pass"),
            *super().get_urls(),
        ]

    def next_view(self, request: HttpRequest) -> HttpResponse:
        """Hold the next person and show their sheet; where nobody is left, the day again."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        return self.go_on(request) if request.method == "POST" else see_day()

    def take_on_view(self, request: HttpRequest) -> HttpResponse:
        """Follow up those of the team whom nobody does, the longest waiting first."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            taken = services.take_on(count=TAKEN_AT_ONCE, actor=actor_of(request), now=timezone.now())
            told = ngettext("%d person is yours now.", "%d people are yours now.", taken) % taken
            messages.success(request, told if taken else _("Your colleagues were faster: nobody is left to take."))
        return see_day()

    def take_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        candidate = self.candidate_for(request, object_id)  # type: ignore[attr-defined]
        if request.method == "POST":
            try:
                services.take(candidate_id=candidate.pk, actor=actor_of(request), now=timezone.now())
            except NotAllowed as refusal:
                messages.warning(request, str(refusal.message))
        return see_sheet(candidate)

    def pass_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        candidate = self.candidate_for(request, object_id)  # type: ignore[attr-defined]
        if request.method != "POST":
            return see_sheet(candidate)
        services.pass_on(candidate_id=candidate.pk, actor=actor_of(request), now=timezone.now())
        return self.go_on(request)

    def take_back_view(self, request: HttpRequest, object_id: int, part_id: int) -> HttpResponse:
        """Show the sheet as it was before a call that was logged by a slip."""
        candidate = self.candidate_for(request, object_id)  # type: ignore[attr-defined]
        if request.method == "POST":
            call = get_object_or_404(candidate.follow_ups, pk=part_id, kind=FollowUpKind.CALL)
            try:
                services.take_back_outcome(call_id=call.pk, actor=actor_of(request), now=timezone.now())
                messages.success(request, _("The call is taken back: the sheet is as it was before."))
            except NotAllowed as refusal:
                messages.error(request, str(refusal.message))
        return see_sheet(candidate)

    def go_on(self, request: HttpRequest) -> HttpResponse:
        candidate = services.take_next(actor=actor_of(request), now=timezone.now())
        if candidate is None:
            messages.success(request, _("Nobody is left to call now."))
            return see_day()
        return see_sheet(candidate)


def tell_of_call(request: HttpRequest, candidate: Candidate, call: FollowUp) -> None:
    """What was logged, with the address that takes it back: `admin/base_site.html` makes a button of it."""
    address = reverse("admin:leads_candidate_take_back", args=[candidate.pk, call.pk])
    said = {"name": candidate, "outcome": lowered(call.get_outcome_display())}
    messages.success(request, _("Call logged: %(name)s, %(outcome)s.") % said, extra_tags=address)


def see_sheet(candidate: Candidate) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:leads_candidate_change", args=[candidate.pk]), status=303)


def see_day() -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:index"), status=303)
