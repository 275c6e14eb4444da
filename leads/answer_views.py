"""Answer me by mail: offered in the rooms, so that nobody leaves one without an answer."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache

from leads import services
from leads.answer_forms import AnswerForm
from leads.models import Receipt
from leads.services import Typed
from leads.views import kept_query, page, room_id_of, see_other, too_many


@never_cache
@page
def answer_by_mail(request: HttpRequest) -> HttpResponse:
    """By form, 303 to the receipt; by script (`Accept: application/json`) 201 with the reference, 422 with errors."""
    now = timezone.now()
    wants_json = request.headers.get("Accept", "").startswith("application/json")
    data = request.POST if request.method == "POST" else None
    if data is not None and (refusal := too_many(request)):
        return refusal
    form = AnswerForm(data, now=now, today=timezone.localdate(now))
    if form.is_valid():
        receipt = _take(request, form)
        return JsonResponse({"reference": receipt.reference}, status=201) if wants_json else see_other("leads:received")
    if wants_json:
        return JsonResponse({"errors": {name: errors[0] for name, errors in form.errors.items()}}, status=422)
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
    request.session["receipt"] = {"reference": receipt.reference, "first_name": "", "email": typed["email"]}
    return receipt
