"""The candidate's own pages, behind the link that came by mail."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from leads import records, services
from leads.checklists import WITH_THE_CANDIDATE, Item, checklists
from leads.choices import OPEN_STAGES, ActionKind, FileStatus, Purpose
from leads.employer import Employer
from leads.errors import NotAllowed, NotFound
from leads.follow_forms import LostLinkForm, WriteForm
from leads.forms import PersonForm
from leads.models import Candidate, Organisation, RegistrationFile
from leads.retention import retain_until
from leads.row_filters import id_in
from leads.tokens import candidate_of_token
from leads.views import page, see_other, too_many

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
    lists = checklists(files)
    told = [_told(file, lists[file.pk]) for file in files]
    context = {
        "candidate": candidate,
        "organisation": employer,
        "token": token,
        "files": told,
        "lacking": next((entry for entry in told if _sends_again(entry)), None),
        "request": request,
        "reference": receipts.first(),
        "purposes": [{"key": p.value, "label": p.label, "consent": given.get(p.value)} for p in Purpose],
        "is_stopped": candidate.stage not in OPEN_STAGES and candidate.closed_reason == "withdrawn",
        "kept_until": retain_until(candidate, employer.row, agreed=Purpose.RECONTACT in given),
        "calls_at": candidate.next_action_at if candidate.next_action == ActionKind.CALL and candidate.owner else None,
        "calls": services.call_times(candidate, now),
        "needs_button": candidate.verified_at is None or candidate.leads.filter(verified_at=None).exists(),
    }
    return render(request, "leads/follow.html", context)


def _told(file: RegistrationFile, items: list[Item]) -> dict[str, Any]:
    """A file as its candidate reads it; `is_with_them`: it is their turn."""
    is_with_them = file.status in WITH_THE_CANDIDATE
    may_change = is_with_them or file.status == FileStatus.RETURNED
    return {
        "file": file,
        "steps": steps_of(file),
        "items": items,
        "lacking": [item for item in items if item.is_lacking],
        "is_with_them": is_with_them,
        "may_change": may_change,
        "may_send": may_change and any(item.asked.takes_uploads for item in items),
    }


def _sends_again(entry: dict[str, Any]) -> bool:
    """A recruiter looked at what came and asks for more."""
    return entry["file"].status == FileStatus.INCOMPLETE and bool(entry["lacking"])


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
def choose_call(request: HttpRequest, candidate: Candidate, token: str) -> HttpResponse:
    chosen = request.POST.get("slot", "")
    try:
        services.choose_call_slot(candidate_id=candidate.pk, slot_id=id_in(chosen), now=timezone.now())
    except NotFound as error:
        raise Http404 from error
    except NotAllowed as refusal:
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, _("It is noted: we call you at that time."))
    return see_other("leads:follow_page", token)


@of_candidate
@require_POST
def give_up_call(request: HttpRequest, candidate: Candidate, token: str) -> HttpResponse:
    if services.give_up_call_slot(candidate_id=candidate.pk, now=timezone.now()):
        messages.success(request, _("This time is free again; we call you within two working days."))
    return see_other("leads:follow_page", token)


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
def write(request: HttpRequest, candidate: Candidate, token: str) -> HttpResponse:
    """A message to whoever follows them up; a press of the owner: it verifies the address too."""
    form = WriteForm(request.POST if request.method == "POST" else None)
    if form.is_bound and (refusal := too_many(request)):
        return refusal
    if form.is_valid():
        now = timezone.now()
        services.verify_address(candidate_id=candidate.pk, now=now)
        try:
            services.write_to_us(candidate_id=candidate.pk, text=form.cleaned_data["text"], now=now)
        except NotAllowed as refused:
            form.add_error("text", str(refused.message))
        else:
            messages.success(request, _("Your message is with us: we answer by mail within two working days."))
            return see_other("leads:follow_page", token)
    context = {"form": form, "token": token, "candidate": candidate}
    return render(request, "leads/write.html", context, status=422 if form.is_bound else 200)


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
