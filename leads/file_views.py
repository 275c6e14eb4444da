"""The candidate's file and its documents, up and down: after a press of who may, by a link that lasts minutes."""

import io

from django.contrib import messages
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from leads import documents, services, uploads
from leads.errors import NotAllowed, NotFound
from leads.follow_views import of_candidate
from leads.models import Candidate, FileDocument, Organisation, RegistrationFile
from leads.views import see_other

DOWNLOAD_SECONDS = 300
DOWNLOAD_SALT = "leads.download"
DOCUMENT_SALT = "leads.document"


@of_candidate
@require_POST
def download(request: HttpRequest, candidate: Candidate, token: str, file_id: int) -> HttpResponse:
    """A press of the owner: it verifies the address too."""
    now = timezone.now()
    services.verify_address(candidate_id=candidate.pk, now=now)
    try:
        file = services.download_file(candidate_id=candidate.pk, file_id=file_id, now=now)
    except NotFound as error:
        raise Http404 from error
    signed = signing.dumps({"file": file.pk}, salt=DOWNLOAD_SALT)
    return HttpResponseRedirect(reverse("leads:file", args=[signed]), status=303)


@never_cache
@require_safe
def file(request: HttpRequest, signed: str) -> HttpResponse | FileResponse:
    """The PDF itself, for five minutes after the press."""
    try:
        found = signing.loads(signed, salt=DOWNLOAD_SALT, max_age=DOWNLOAD_SECONDS)["file"]
    except signing.BadSignature:
        return render(request, "leads/link_expired.html", status=410)
    files = RegistrationFile.objects.select_related("contest_session__contest", "candidate")
    row = files.filter(pk=found, candidate__erased_at__isnull=True).first()
    if row is None:
        raise Http404
    session = row.contest_session
    asked = (
        row.candidate.leads.filter(contest_session=session).order_by("at").values_list("receipts__reference", flat=True)
    )
    pdf = documents.personal_file(row, asked.first() or "", Organisation.objects.current())
    return FileResponse(io.BytesIO(pdf), as_attachment=True, filename=f"{session.contest.slug}-{session.year}.pdf")


@of_candidate
@require_POST
def send_document(request: HttpRequest, candidate: Candidate, token: str, file_id: int, asked_id: int) -> HttpResponse:
    """One document of a file; a press of the owner: it verifies the address too."""
    now = timezone.now()
    sent = request.FILES.get("document")
    try:
        if sent is None:
            raise ValidationError(_("Choose a file first."))
        services.hand_in(
            candidate_id=candidate.pk, file_id=file_id, asked_id=asked_id, upload=sent, size=sent.size or 0, now=now
        )
        services.verify_address(candidate_id=candidate.pk, now=now)
    except NotFound as error:
        raise Http404 from error
    except NotAllowed as refusal:
        messages.error(request, str(refusal.message))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Your document is with us. A recruiter looks at it within two working days."))
    return see_other("leads:follow_page", token)


@of_candidate
@require_POST
def say_unavailable(
    request: HttpRequest, candidate: Candidate, token: str, file_id: int, asked_id: int
) -> HttpResponse:
    """There is no such document; with `has` there is one after all. A press of the owner, too."""
    now = timezone.now()
    act = services.take_back_unavailable if "has" in request.POST else services.say_unavailable
    try:
        act(candidate_id=candidate.pk, file_id=file_id, asked_id=asked_id, now=now)
        services.verify_address(candidate_id=candidate.pk, now=now)
    except NotFound as error:
        raise Http404 from error
    except NotAllowed as refusal:
        messages.error(request, str(refusal.message))
    else:
        done = (
            _("It is noted: send the document when you can.")
            if "has" in request.POST
            else _("It is noted: we do not ask for it again.")
        )
        messages.success(request, done)
    return HttpResponseRedirect(
        f"{reverse('leads:follow_page', args=[token])}#document-{file_id}-{asked_id}", status=303
    )


@never_cache
@require_safe
def document(request: HttpRequest, signed: str) -> HttpResponse | FileResponse:
    """A document that was sent, for five minutes after the press of who may see it."""
    try:
        name = signing.loads(signed, salt=DOCUMENT_SALT, max_age=DOWNLOAD_SECONDS)["name"]
    except signing.BadSignature:
        return render(request, "leads/link_expired.html", status=410)
    if not FileDocument.objects.filter(upload=name).exists():
        raise Http404
    filename = f"document-{name[-12:]}"
    return FileResponse(
        default_storage.open(name), as_attachment=True, filename=filename, content_type=uploads.content_type(name)
    )
