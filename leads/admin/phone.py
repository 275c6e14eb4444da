"""A request that somebody tells on the phone, entered by a recruiter through the service that the forms use."""

from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from leads import services
from leads.admin.lists import actor_of
from leads.choices import LeadKind
from leads.errors import TooYoung
from leads.models import Candidate, Receipt
from leads.services import Typed
from leads.sheet_forms import PhoneRequestForm


class PhonePage(admin.ModelAdmin):
    def get_urls(self) -> list[Any]:
        page = path("phone/", self.admin_site.admin_view(self.phone_view), name="leads_lead_phone")
        return [page, *super().get_urls()]

    def phone_view(self, request: HttpRequest) -> HttpResponse:
        if not request.user.has_perm("leads.add_lead"):
            raise PermissionDenied
        now = timezone.now()
        data = request.POST if request.method == "POST" else None
        form = PhoneRequestForm(data, now=now, today=timezone.localdate(now))
        if form.is_valid() and (receipt := _enter(form, request, now)):
            messages.success(request, _("The request is recorded: %s.") % receipt.reference)
            return HttpResponseRedirect(self._afterwards(request, receipt), status=303)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Request taken by phone"),
            "opts": self.opts,
            "form": form,
        }
        return TemplateResponse(request, "admin/leads/lead/phone.html", context, status=422 if form.errors else 200)

    def _afterwards(self, request: HttpRequest, receipt: Receipt) -> str:
        """The sheet; whoever follows up the person in another team keeps them."""
        theirs = Candidate.objects.current().in_scope_of(actor_of(request))
        candidate = theirs.filter(leads=receipt.lead_id).first()
        if candidate:
            return reverse("admin:leads_candidate_change", args=[candidate.pk])
        messages.info(request, _("Another team follows this person up; it has the request now."))
        return reverse("admin:leads_lead_phone")


def _enter(form: PhoneRequestForm, request: HttpRequest, now: datetime) -> Receipt | None:
    try:
        return services.enter_request_by_phone(
            kind=LeadKind(form.cleaned_data["kind"]),
            typed=Typed(**form.typed(), language="fr"),
            request_id=form.request_id,
            actor=actor_of(request),
            now=now,
            contest_session=form.cleaned_data["contest_session"],
        )
    except TooYoung:
        form.add_error("birth_date", _("Under 15: nothing is recorded. Tell them to call again later."))
        return None
