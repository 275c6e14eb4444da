"""The candidate's own pages, behind the link that came by mail."""

import io
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from leads import documents, records, services
from leads.choices import OPEN_STAGES, ActionKind, FileStatus, Purpose
from leads.employer import Employer
from leads.errors import NotFound
from leads.forms import LostLinkForm, PersonForm
from leads.models import Candidate, Organisation, RegistrationFile
from leads.retention import retain_until
from leads.tokens import candidate_of_token
from leads.views import page, see_other, too_many

DOWNLOAD_SECONDS = 300
DOWNLOAD_SALT = "leads.download"
STEPS = (FileStatus.REQUESTED, FileStatus.DOWNLOADED, FileStatus.RETURNED, FileStatus.COMPLETE, FileStatus.REGISTERED)
View = Callable[..., HttpResponse]


def of_candidate(view: View) -> View:
    """Calls `view` with the candidate whose link it is; unknown and revoked links get one answer."""

    @wraps(view)
    def wrapped(request: HttpRequest, token: str, **kwargs: Any) -> HttpResponse:
        candidate = candidate_of_token(token)
        if candidate is None:
            return render(request, "leads/no_link.html", status=404)
        return view(request, candidate, token=token, **kwargs)

    return never_cache(wrapped)


@never_cache
@page
def lost_link(request: HttpRequest) -> HttpResponse:
    form = LostLinkForm(request.POST if request.method == "POST" else None)
    if form.is_bound and (refusal := too_many(request)):
        return refusal
    if form.is_valid():
        services.send_follow_link(email=form.cleaned_data["email"], language=get_language() or "fr", now=timezone.now())
        return render(request, "leads/link_sent.html")
    return render(request, "leads/lost_link.html", {"form": form}, status=422 if form.is_bound else 200)


@of_candidate
@require_safe
def follow_page(request: HttpRequest, candidate: Candidate, token: str) -> HttpResponse:
    now = timezone.now()
    files = list(candidate.files.select_related("contest_session__contest").order_by("-requested_at"))
    receipts = candidate.leads.order_by("-at").values_list("receipts__reference", "at")
    given = {c.purpose: c for c in candidate.consents.given_at(now)}
    employer = Employer()
    context = {
        "candidate": candidate,
        "organisation": employer,
        "token": token,
        "files": [{"file": file, "steps": steps_of(file), "is_with_them": is_with_them(file)} for file in files],
        "request": request,
        "reference": receipts.first(),
        "purposes": [{"key": p.value, "label": p.label, "consent": given.get(p.value)} for p in Purpose],
        "is_stopped": candidate.stage not in OPEN_STAGES and candidate.closed_reason == "withdrawn",
        "documents": documents.asked_for(),
        "kept_until": retain_until(candidate, employer.row, agreed=Purpose.RECONTACT in given),
        "calls_at": candidate.next_action_at if candidate.next_action == ActionKind.CALL and candidate.owner else None,
        "needs_button": candidate.verified_at is None or candidate.leads.filter(verified_at=None).exists(),
    }
    return render(request, "leads/follow.html", context)


def is_with_them(file: RegistrationFile) -> bool:
    """Whether it is the candidate's turn."""
    return file.status in (FileStatus.REQUESTED, FileStatus.SENT, FileStatus.DOWNLOADED, FileStatus.INCOMPLETE)


def steps_of(file: RegistrationFile) -> list[dict[str, Any]]:
    """The way of a file in plain words: done, here or still to come."""
    reached = {FileStatus.SENT: FileStatus.REQUESTED, FileStatus.INCOMPLETE: FileStatus.RETURNED}
    at = STEPS.index(reached.get(FileStatus(file.status), FileStatus(file.status))) if file.status != "closed" else -1
    times = (file.requested_at, file.downloaded_at, file.returned_at, None, file.registered_at)
    return [
        {
            "key": step.value,
            "at": times[n],
            "state": "done" if n <= at else "here" if n == at + 1 else "todo",
            "n": n + 1,
        }
        for n, step in enumerate(STEPS)
    ]


@of_candidate
@require_POST
def verify(request: HttpRequest, candidate: Candidate, token: str) -> HttpResponse:
    services.verify_address(candidate_id=candidate.pk, now=timezone.now())
    messages.success(request, _("Your address is confirmed."))
    return see_other("leads:follow_page", token)


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
def data(request: HttpRequest, candidate: Candidate, token: str) -> HttpResponse:
    """Everything held: to read and print, or for machines."""
    now = timezone.now()
    held = services.my_data(candidate, now=now)
    response: HttpResponse
    if request.POST.get("format") == "pdf":
        pdf = records.as_pdf(held, Organisation.objects.current(), on=timezone.localdate(now))
        response = HttpResponse(pdf, content_type="application/pdf")
        response["Content-Disposition"] = 'attachment; filename="my-data.pdf"'
        return response
    response = JsonResponse(held, json_dumps_params={"ensure_ascii": False, "indent": 1})
    response["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return response


@of_candidate
@page
def correct(request: HttpRequest, candidate: Candidate, token: str) -> HttpResponse:
    now = timezone.now()
    bound = request.POST if request.method == "POST" else None
    known = {name: getattr(candidate, name) for name in PersonForm.base_fields if name != "abroad"}
    form = PersonForm(bound, initial={**known, "abroad": candidate.is_abroad}, today=timezone.localdate(now))
    if form.is_valid():
        if services.correct_my_data(candidate_id=candidate.pk, values=form.values(), now=now):
            messages.success(request, _("Your data is corrected."))
        return see_other("leads:follow_page", token)
    context = {"form": form, "token": token, "candidate": candidate}
    return render(request, "leads/correct.html", context, status=422 if form.is_bound else 200)


@of_candidate
@require_POST
def consents(request: HttpRequest, candidate: Candidate, token: str) -> HttpResponse:
    now = timezone.now()
    services.verify_address(candidate_id=candidate.pk, now=now)
    wanted = [purpose for purpose in Purpose.values if f"consent_{purpose}" in request.POST]
    services.set_consents(candidate_id=candidate.pk, purposes=wanted, now=now)
    messages.success(request, _("What you accept is noted."))
    return see_other("leads:follow_page", token)


@of_candidate
@page
def stop(request: HttpRequest, candidate: Candidate, token: str) -> HttpResponse:
    if request.method != "POST":
        return render(request, "leads/stop.html", {"token": token, "candidate": candidate})
    services.stop_everything(candidate_id=candidate.pk, now=timezone.now())
    messages.success(request, _("Everything is stopped: no more mail, no more call."))
    return see_other("leads:follow_page", token)


@of_candidate
@page
def erase(request: HttpRequest, candidate: Candidate, token: str) -> HttpResponse:
    """A second look first: there is no way back."""
    if request.method != "POST":
        return render(request, "leads/erase.html", {"token": token, "candidate": candidate})
    services.erase_candidate(candidate_id=candidate.pk, now=timezone.now())
    return see_other("leads:erased")


@never_cache
@require_safe
def erased(request: HttpRequest) -> HttpResponse:
    return render(request, "leads/erased.html")


@of_candidate
@require_POST
def keep(request: HttpRequest, candidate: Candidate, token: str) -> HttpResponse:
    services.keep_longer(candidate_id=candidate.pk, now=timezone.now())
    messages.success(request, _("Your data is kept."))
    return see_other("leads:follow_page", token)


@of_candidate
@require_POST
def renew(request: HttpRequest, candidate: Candidate, token: str) -> HttpResponse:
    services.renew_link(candidate_id=candidate.pk, language=get_language() or "fr", now=timezone.now())
    return render(request, "leads/link_renewed.html", {"candidate": candidate})


@csrf_exempt  # mail programs post it by themselves, without a cookie (RFC 8058)
@of_candidate
@require_POST
def unsubscribe(request: HttpRequest, candidate: Candidate, token: str) -> HttpResponse:
    services.unsubscribe(candidate_id=candidate.pk, now=timezone.now())
    return HttpResponse(status=200)
