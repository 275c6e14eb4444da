"""What the rooms offer: an answer by mail, so that nobody leaves without one, and a reminder before they open."""

from typing import Any
from urllib.parse import urlencode

from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache

from leads import services
from leads.answer_forms import AnswerForm, ReminderForm
from leads.models import Receipt
from leads.services import Typed
from leads.services.reminders import coming_rooms
from leads.views import kept_query, page, room_id_of, see_other, too_many
from recruitment.text import clean_line


@never_cache
@page
def answer_by_mail(request: HttpRequest) -> HttpResponse:
    """By form, 303 to the receipt; by script (`Accept: application/json`) 201 with the reference, 422 with errors."""
    now = timezone.now()
    data = request.POST if request.method == "POST" else None
    if data is not None and (refusal := too_many(request)):
        return refusal
    form = AnswerForm(data, now=now, today=timezone.localdate(now))
    if form.is_valid():
        receipt = _take(request, form)
        return (
            JsonResponse({"reference": receipt.reference}, status=201)
            if _by_script(request)
            else see_other("leads:received")
        )
    if _by_script(request):
        return _errors(form)
    context = {"form": form, "query": kept_query(request)}
    return render(request, "leads/request.html", context, status=422 if form.is_bound else 200)


def _take(request: HttpRequest, form: AnswerForm) -> Receipt:
    typed: dict[str, Any] = form.typed()
    receipt = services.request_answer(
        typed=Typed(**typed, language=get_language() or "fr"),
        topic=form.cleaned_data["topic"],
        request_id=form.request_id,
        touches=request.touches,  # type: ignore[attr-defined]
        room_id=room_id_of(request),
        now=timezone.now(),
    )
    request.session["receipt"] = {
        "reference": receipt.reference,
        "first_name": "",
        "email": typed["email"],
        "question": typed["message"],
    }
    return receipt


@never_cache
@page
def reminder(request: HttpRequest) -> HttpResponse:
    """One mail before a room opens; 404 for a room that is not to come."""
    now = timezone.now()
    room = get_object_or_404(coming_rooms(), slug=clean_line(request.GET.get("room", "")))
    data = request.POST if request.method == "POST" else None
    if data is not None and (refusal := too_many(request)):
        return refusal
    form = ReminderForm(data, now=now)
    if form.is_valid():
        language = get_language() or "fr"
        services.remind(email=form.cleaned_data["email"], room=room, language=language, now=now)
        return _made("") if _by_script(request) else _back(request)
    if _by_script(request):
        return _errors(form)
    context = {"reminder_form": form, "room": room, "is_done": "done" in request.GET}
    return render(request, "leads/reminder.html", context, status=422 if form.is_bound else 200)


def _back(request: HttpRequest) -> HttpResponse:
    query = urlencode({"room": request.GET["room"], "done": 1})
    return HttpResponseRedirect(f"{request.path}?{query}", status=303)


def _made(reference: str) -> HttpResponse:
    return JsonResponse({"reference": reference}, status=201)


def _by_script(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")


def _errors(form: Form) -> HttpResponse:
    return JsonResponse({"errors": {name: errors[0] for name, errors in form.errors.items()}}, status=422)
