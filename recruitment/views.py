"""The site's own pages: the front door, the notices, the choice of a language."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from chat import public as rooms
from leads import public as follow_up


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    schedule = rooms.schedule(timezone.now())
    room = schedule.next
    context = {
        "schedule": schedule,
        "room": room,
        "is_live": bool(schedule.live),
        "viewers": rooms.viewers(room.pk) if room else 0,
        "exchanges": rooms.latest_exchanges(room) if room and schedule.live else [],
        "wanted": rooms.most_wanted(timezone.now()),
        **follow_up.front_page(timezone.now()),
    }
    return render(request, "recruitment/home.html", context)


@require_safe
def notice(request: HttpRequest, name: str) -> HttpResponse:
    """`name`: privacy, accessibility or legal."""
    return render(request, f"recruitment/{name}.html")


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Where browsers look on pages that name no icon."""
    return redirect(static("favicon.svg"))


@csrf_exempt  # it changes nothing but the page's language, and a token would set a cookie on every page
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Remember the language and go back to a page of this site."""
    wanted, back = request.POST.get("language", ""), request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = "/"
    response = HttpResponseRedirect(back, status=303)
    if wanted in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            wanted,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
            samesite="Lax",
            secure=settings.LANGUAGE_COOKIE_SECURE,
        )
    return response
