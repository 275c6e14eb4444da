"""The public pages of requests: form in, service, redirect."""

import math
from typing import Any
from urllib.parse import urlencode

from django.apps import apps
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from chat import public as rooms
from leads import services, texts
from leads.errors import TooYoung
from leads.forms import FileForm, InformationForm, RequestForm
from leads.models import Contest, ContestSession, Receipt
from leads.services import Typed
from recruitment.limits import address_of, allow
from recruitment.text import clean_line

HOUR = 3600
page = require_http_methods(["GET", "HEAD", "POST"])


def see_other(to: str, *args: Any) -> HttpResponse:
    return HttpResponseRedirect(reverse(to, args=args), status=303)


# --- contests -------------------------------------------------------------------------------------------------------
@require_safe
def contests(request: HttpRequest) -> HttpResponse:
    shown = [_described(contest) for contest in Contest.objects.with_sessions()]
    shown.sort(key=lambda described: (described["open"] is None, described["contest"].position))
    return render(request, "leads/contests.html", {"contests": shown, "room_query": _room_query(request)})


@require_safe
def contest(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Contest.objects.with_sessions(), slug=slug)
    return render(request, "leads/contest.html", {**_described(found), "room_query": _room_query(request)})


def _room_query(request: HttpRequest) -> str:
    """Kept on the way from a room to the form."""
    room = request.GET.get("room", "")
    return f"?{urlencode({'room': room})}" if room else ""


def _described(contest: Contest) -> dict[str, Any]:
    """A contest as its page shows it: the open session or the next one, older ones, conditions in force today."""
    today = timezone.localdate()
    sessions = list(contest.sessions.all())
    current = next((s for s in sessions if s.is_open_on(today)), None)
    rules = texts.in_force((contest.same_rules_as or contest).rules, today.isoformat())
    return {
        "contest": contest,
        "open": current,
        "session": current or next((s for s in sessions if s.status != "archived"), None),
        "earlier": next((s for s in sessions if s.status == "archived" and s.posts), None),
        "posting": texts.posting_words(contest.posting),
        "age": texts.age_words(texts.fact(rules, "age_range")),
        "diploma": texts.diploma_words(texts.fact(rules, "diploma_level")),
        "conditions": [(*texts.condition(rule), texts.source_words(rule)) for rule in rules],
    }


# --- requests -------------------------------------------------------------------------------------------------------
@never_cache
@page
def request_information(request: HttpRequest) -> HttpResponse:
    return _request_page(request, InformationForm)


@never_cache
@page
def request_file(request: HttpRequest, slug: str) -> HttpResponse:
    sessions = ContestSession.objects.open_at(timezone.now()).select_related("contest").order_by("-year")
    session = sessions.filter(contest__slug=slug).first()
    if session is None:
        raise Http404
    return _request_page(request, FileForm, session)


def _request_page(
    request: HttpRequest, form_class: type[RequestForm], session: ContestSession | None = None
) -> HttpResponse:
    now = timezone.now()
    data = request.POST if request.method == "POST" else None
    wait = _wait(request) if data is not None else None
    form = form_class(data, now=now, today=timezone.localdate(now))
    if wait is None and form.is_valid():
        return _take(request, form, session)
    context = {
        "form": form,
        "wait": wait and math.ceil(wait / 60),
        "session": session,
        "query": kept_query(request),
        "contest": session and session.contest,
        "joins": request.session.get("eligibility"),
        "is_joined": data is None or "eligibility" in data,
        "questions": _own_questions(request),
        "are_questions_joined": data is not None and "questions" in data,
    }
    if wait is not None:
        return _held_back(render(request, "leads/request.html", context, status=429), wait)
    return render(request, "leads/request.html", context, status=422 if form.is_bound else 200)


def _own_questions(request: HttpRequest) -> list[str]:
    """What this browser asked in the room that it comes from: only who chooses so is known by them."""
    room_id = room_id_of(request)
    return rooms.own_questions(request.COOKIES, room_id) if room_id else []


def too_many(request: HttpRequest) -> HttpResponse | None:
    """The refusal of a short form, where this address has sent its share of forms for an hour."""
    wait = _wait(request)
    return None if wait is None else _held_back(render(request, "429.html", status=429), wait)


def _wait(request: HttpRequest) -> int | None:
    return allow(f"requests:{address_of(request)}", settings.REQUESTS_PER_ADDRESS_PER_HOUR, HOUR)


def _held_back(response: HttpResponse, wait: int) -> HttpResponse:
    response["Retry-After"] = str(wait)
    return response


def _take(request: HttpRequest, form: RequestForm, session: ContestSession | None) -> HttpResponse:
    typed = Typed(**form.typed(), language=get_language() or "fr")
    given: dict[str, Any] = {
        "typed": typed,
        "request_id": form.request_id,
        "touches": request.touches,  # type: ignore[attr-defined]
        "room_id": room_id_of(request),
        "now": timezone.now(),
        "eligibility": request.session.get("eligibility") if "eligibility" in request.POST else None,
        "questions": tuple(_own_questions(request)) if "questions" in request.POST else (),
    }
    try:
        if session is None:
            receipt = services.request_information(**given)
        else:
            receipt = services.request_file(contest_session=session, **given)
    except TooYoung:
        return render(request, "leads/too_young.html", {"session": session})
    request.session.pop("eligibility", None)
    # What this browser typed, and never what a lead holds that somebody else may have sent first.
    request.session["receipt"] = {"reference": receipt.reference, "first_name": typed.first_name, "email": typed.email}
    return see_other("leads:received")


def kept_query(request: HttpRequest) -> str:
    """The address's own words, so that the form brings back the room and the campaign without a cookie too."""
    return request.GET.urlencode()


def room_id_of(request: HttpRequest) -> int | None:
    """The room that the address or the form names, if there is one of that name."""
    slug = clean_line(request.GET.get("room", "") or request.POST.get("room", ""))
    known = apps.get_model("chat.Room")._default_manager
    return known.filter(slug=slug, rehearsal_of=None).values_list("pk", flat=True).first() if slug else None


@never_cache
@require_safe
def received(request: HttpRequest) -> HttpResponse:
    typed = request.session.get("receipt") or {}
    receipts = Receipt.objects.select_related("lead__contest_session__contest", "lead__room")
    receipt = receipts.filter(reference=typed.get("reference")).first()
    if receipt is None:
        return see_other("leads:request")
    context = {"receipt": receipt, "lead": receipt.lead, "session": receipt.lead.contest_session, **typed}
    return render(request, "leads/received.html", context)
