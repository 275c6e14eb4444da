"""The documents of a candidate's files on their sheet: open one, note that it came, accept it, refuse it."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from leads import services
from leads.admin.lists import actor_of
from leads.choices import REASON_LENGTH, DocumentStatus
from leads.errors import NotAllowed
from leads.file_views import DOCUMENT_SALT
from leads.forms import Line
from leads.models import Candidate, FileDocument

OPEN = "open"


class DocumentForm(forms.Form):
    act = forms.ChoiceField(choices=[(OPEN, OPEN), *DocumentStatus.choices])
    reason = Line(max_length=REASON_LENGTH, required=False)


class DocumentPages(admin.ModelAdmin):
    def get_urls(self) -> list[Any]:
        address = "<int:object_id>/files/<int:part_id>/documents/<int:asked_id>/"
        page = path(address, self.admin_site.admin_view(self.document_view), name="leads_candidate_document")
        return [page, *super().get_urls()]

    def document_view(self, request: HttpRequest, object_id: int, part_id: int, asked_id: int) -> HttpResponse:
        candidate = self.candidate_for(request, object_id)  # type: ignore[attr-defined]
        file = candidate.files.filter(pk=part_id).first()
        asked = file and file.contest_session.asked_documents.filter(pk=asked_id).first()
        if asked is None:
            raise Http404
        form = DocumentForm(request.POST)
        if request.method == "POST" and form.is_valid():
            document = file.documents.filter(asked=asked).exclude(upload="").first()
            if form.cleaned_data["act"] == OPEN:
                return _open(candidate, document)
            self._judge(request, part_id, asked_id, form)
        elif request.method == "POST":
            messages.error(request, _("Say what is wrong: the candidate reads it."))
        return _see_file(candidate, part_id)

    def _judge(self, request: HttpRequest, file_id: int, asked_id: int, form: DocumentForm) -> None:
        try:
            services.judge_document(
                file_id=file_id,
                asked_id=asked_id,
                status=DocumentStatus(form.cleaned_data["act"]),
                reason=form.cleaned_data["reason"],
                actor=actor_of(request),
                now=timezone.now(),
            )
        except NotAllowed as refusal:
            messages.error(request, str(refusal.message))
        else:
            messages.success(request, _("The document is noted."))


def _open(candidate: Candidate, document: FileDocument | None) -> HttpResponse:
    if document is None:
        raise Http404
    signed = signing.dumps({"name": document.upload}, salt=DOCUMENT_SALT)
    return HttpResponseRedirect(reverse("leads:document", args=[signed]), status=303)


def _see_file(candidate: Candidate, file_id: int) -> HttpResponse:
    sheet = reverse("admin:leads_candidate_change", args=[candidate.pk])
    return HttpResponseRedirect(f"{sheet}#file-{file_id}", status=303)
