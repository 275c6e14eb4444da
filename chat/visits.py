"""Who is at a page: a visitor by their cookie, staff by their login."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from chat.choices import Role
from chat.identity import VISITOR_COOKIE, VISITOR_COOKIE_AGE, Actor, new_visitor, participant_key, read_visitor
from chat.models import Room
from chat.policies import role_in


def visitor_of(request: HttpRequest) -> tuple[str, str | None]:
    """The visitor whom the cookie names; else a new one, and the cookie to give them."""
    known = read_visitor(request.COOKIES.get(VISITOR_COOKIE))
    return (known, None) if known else new_visitor()


def remember(response: HttpResponse, cookie: str | None) -> HttpResponse:
    """Give the visitor the cookie by which to know them again, if they have none yet."""
    if cookie:
        response.set_cookie(
            VISITOR_COOKIE, cookie, max_age=VISITOR_COOKIE_AGE, httponly=True, samesite="Lax", secure=settings.IS_TLS
        )
    return response


def actor_of(request: HttpRequest, room: Room, visitor: str) -> Actor:
    """Staff by their login, everybody else by their cookie."""
    user = request.user
    if user.is_authenticated:
        staff = Actor.staff(user, room.pk)
        if role_in(staff, room) != Role.VISITOR:
            return staff
    return Actor(key=participant_key(visitor, room.pk))
