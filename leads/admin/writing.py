"""Writing to a candidate, from a letter or freely, and seen as they would get it; or noting what went otherwise."""

from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from leads import letters, mail, services
from leads.admin.lists import actor_of
from leads.errors import LeadsError, VersionConflict
from leads.letter_forms import LOOK, NOTE, LetterForm
from leads.lines import Known, line_of
from leads.models import Candidate, Letter, Organisation
from leads.policies import is_silenced

TEMPLATE = "admin/leads/candidate/write.html"


class WritePage(admin.ModelAdmin):
    def get_urls(self) -> list[Any]:
        page = path("<int:object_id>/write/", self.admin_site.admin_view(self.write_view), name="leads_candidate_write")
        return [page, *super().get_urls()]

    def write_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        candidate = self.candidate_for(request, object_id)  # type: ignore[attr-defined]
        now = timezone.now()
        if request.method != "POST":
            return self._page(request, candidate, self._draft(request, candidate, now), now)
        form = LetterForm(request.POST, candidate=candidate, now=now)
        if not form.is_valid():
            return self._page(request, candidate, form, now, status=422)
        if form.cleaned_data["step"] == LOOK:
            return self._page(request, candidate, form, now)
        return self._write(request, candidate, form, now)

    def _write(self, request: HttpRequest, candidate: Candidate, form: LetterForm, now: datetime) -> HttpResponse:
        try:
            said = _act(form, request, now)
        except VersionConflict as conflict:
            form.conflict = conflict
            fresh = self.candidate_for(request, candidate.pk)  # type: ignore[attr-defined]
            return self._page(request, fresh, form, now, status=409)
        except LeadsError as refusal:
            form.add_error(None, str(refusal.message))
            return self._page(request, candidate, form, now, status=422)
        messages.success(request, said)
        return HttpResponseRedirect(reverse("admin:leads_candidate_change", args=[candidate.pk]), status=303)

    def _draft(self, request: HttpRequest, candidate: Candidate, now: datetime) -> LetterForm:
        """The letter that was chosen as this person would get it, in their language."""
        chosen = request.GET.get("letter", "")
        letter = Letter.objects.in_use().filter(pk=chosen).first() if chosen.isdecimal() and len(chosen) < 10 else None
        initial: dict[str, Any] = {"letter": letter}
        if letter:
            with translation.override(candidate.language):
                known = letters.known_of(candidate, actor_of(request), Organisation.objects.current())
                ((_letter, subject, body),) = letters.drafts([letter], known)
            initial |= {"subject": subject, "body": body}
        return LetterForm(candidate=candidate, now=now, initial=initial)

    def _page(
        self, request: HttpRequest, candidate: Candidate, form: LetterForm, now: datetime, status: int = 200
    ) -> HttpResponse:
        subject, body = form["subject"].value() or "", form["body"].value() or ""
        conflict = form.conflict
        leaves_at = mail.leaves_at(now)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Write to %s") % candidate,
            "opts": self.opts,
            "candidate": candidate,
            "form": form,
            "letters": Letter.objects.in_use(),
            "chosen": str(form["letter"].value() or ""),
            "subject": subject,
            "body": body,
            "left_open": [f"{{{name}}}" for name in dict.fromkeys(letters.fields_of(f"{subject} {body}"))],
            "leaves_at": leaves_at if leaves_at != now else None,
            "is_silenced": bool(candidate.email) and is_silenced(candidate),
            "organisation": Organisation.objects.current(),
            "changes": [line_of(row, Known()) for row in conflict.changes] if conflict else [],
        }
        return TemplateResponse(request, TEMPLATE, context, status=status)


def _act(form: LetterForm, request: HttpRequest, now: datetime) -> str:
    sheet: dict[str, Any] = {
        "candidate_id": form.candidate.pk,
        "written": form.written,
        "actor": actor_of(request),
        "expected_version": form.cleaned_data["expected_version"],
        "now": now,
        **form.plan(),
    }
    if form.cleaned_data["step"] == NOTE:
        services.note_letter(**sheet)
        return _("It is noted that you wrote.")
    services.write_to(**sheet, request_id=form.cleaned_data["request_id"])
    return _("The letter is on its way.")
