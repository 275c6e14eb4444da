"""Remembers how a visit began, in a cookie that holds this and nothing else."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from leads.attribution import COOKIE, COOKIE_AGE, COOKIE_SALT, Touch, Touches, followed_by, read_touches, touch_of

NOT_PAGES = ("/admin/", "/healthz", "/readyz", "/metrics", "/follow/", "/files/")
OWN_HOSTS = {host for origin in settings.SITE_ORIGINS if (host := urlsplit(origin).hostname)}


class Attribution:
    """Sets `request.touches`, and the cookie where a page's request told something new."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        kept = _kept(request)
        touches = kept
        if not request.path.startswith(NOT_PAGES):
            touches = followed_by(kept, _touch(request), at=int(timezone.now().timestamp()))
        request.touches = touches or Touches()  # type: ignore[attr-defined]
        response = self.get_response(request)
        if touches is not None and touches != kept and response.get("Content-Type", "").startswith("text/html"):
            _keep(response, touches)
        return response


def _kept(request: HttpRequest) -> Touches | None:
    try:
        return read_touches(signing.loads(request.COOKIES.get(COOKIE, ""), salt=COOKIE_SALT, max_age=COOKIE_AGE))
    except signing.BadSignature:
        return None


def _touch(request: HttpRequest) -> Touch | None:
    touch = touch_of(request.GET, request.headers.get("Referer", ""), OWN_HOSTS)
    if touch is not None and request.method != "GET" and not touch.source:
        return None  # a form comes from a page of ours, whether it says so or not
    return touch


def _keep(response: HttpResponse, touches: Touches) -> None:
    response.set_cookie(
        COOKIE,
        signing.dumps(touches.as_data(), salt=COOKIE_SALT),
        max_age=COOKIE_AGE,
        httponly=True,
        samesite="Lax",
        secure=settings.IS_TLS,
    )
