"""Remembers how a visit began, in a cookie that holds this and nothing else."""

import logging
from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from leads import services
from leads.attribution import (
    COOKIE,
    COOKIE_AGE,
    COOKIE_SALT,
    Touch,
    Touches,
    campaign_touch,
    followed_by,
    is_arrival,
    may_be_counted,
    read_touches,
    touch_of,
)

NOT_PAGES = ("/admin/", "/healthz", "/readyz", "/metrics", "/follow/", "/files/", "/c/")
logger = logging.getLogger(__name__)
OWN_HOSTS = {host for origin in settings.SITE_ORIGINS if (host := urlsplit(origin).hostname)}


class Attribution:
    """Sets `request.touches`, and the cookie where a page's request told something new."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        kept, at = _kept(request), int(timezone.now().timestamp())
        touch = None if request.path.startswith(NOT_PAGES) else _touch(request)
        touches = followed_by(kept, touch, at=at)
        request.touches = touches or Touches()  # type: ignore[attr-defined]
        response = self.get_response(request)
        if campaign := getattr(response, "campaign", None):  # the view alone knows whose the short address is
            touch = _by_campaign(request, *campaign)
            touches = followed_by(kept, touch, at=at)
        if touches is not None and touches != kept and response.get("Content-Type", "").startswith("text/html"):
            _keep(response, touches)
        if is_arrival(kept, touch, at=at) and _is_read(request, response):
            services.count_visit(touch=(touches or Touches()).deciding, now=timezone.now())
        _write_visits()
        return response


def _kept(request: HttpRequest) -> Touches | None:
    try:
        return read_touches(signing.loads(request.COOKIES.get(COOKIE, ""), salt=COOKIE_SALT, max_age=COOKIE_AGE))
    except signing.BadSignature:
        return None


def _is_read(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether somebody who is to be counted sees a page, or goes on to one by a campaign's address."""
    is_page = response.status_code == HTTPStatus.OK and response.get("Content-Type", "").startswith("text/html")
    is_met = request.method == "GET" and (is_page or hasattr(response, "campaign"))
    return is_met and may_be_counted(request.headers) and not _is_staff(request)


def _is_staff(request: HttpRequest) -> bool:
    return settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_staff


def _write_visits() -> None:
    try:
        services.write_visits(every=settings.VISITS_WRITTEN_EVERY)
    except DatabaseError:
        logger.warning("visits not written yet", exc_info=True)  # no page fails for a figure


def _touch(request: HttpRequest) -> Touch | None:
    touch = touch_of(request.GET, request.headers.get("Referer", ""), OWN_HOSTS)
    if touch is not None and request.method != "GET" and not touch.source:
        return None  # a form comes from a page of ours, whether it says so or not
    return touch


def _by_campaign(request: HttpRequest, source: str, medium: str, code: str) -> Touch:
    return campaign_touch(source, medium, code, request.headers.get("Referer", ""), OWN_HOSTS)


def _keep(response: HttpResponse, touches: Touches) -> None:
    response.set_cookie(
        COOKIE,
        signing.dumps(touches.as_data(), salt=COOKIE_SALT),
        max_age=COOKIE_AGE,
        httponly=True,
        samesite="Lax",
        secure=settings.IS_TLS,
    )
