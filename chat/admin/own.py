"""Whose rooms, who acts, and what no list of rooms and questions allows."""

from datetime import datetime
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _

from chat.errors import ChatError
from chat.identity import Actor
from chat.models import Room
from recruitment.days import day_in_words
from recruitment.plain import PlainForms
from recruitment.templatetags.look import clock


def actor_of(request: HttpRequest, room_id: int) -> Actor:
    return Actor.staff(cast(User, request.user), room_id)  # the site lets nobody else in


def rooms_of(request: HttpRequest) -> QuerySet[Room]:
    """A moderator's own rooms; all of them for a superuser. Lists, pages, filters and searches all ask here."""
    rooms = Room.objects.all()
    return rooms if request.user.is_superuser else rooms.filter(moderators=request.user.pk)


class OwnRoomFilter(admin.RelatedFieldListFilter):
    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(str(room.pk), str(room)) for room in rooms_of(request)]


class WithoutDeletion(PlainForms):
    """What was said stays: rooms keep their journals, questions their counts."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def history_view(self, request: HttpRequest, object_id: str, extra_context: dict | None = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied  # Django looks for the row first, and would tell that there is none
        return super().history_view(request, object_id, extra_context)

    def refuse(self, request: HttpRequest, error: ChatError) -> None:
        request.is_refused = True  # type: ignore[attr-defined]
        self.message_user(request, str(error.message), messages.ERROR)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """Django says that all went well, whatever the service said."""
        if getattr(request, "is_refused", False):
            return HttpResponseRedirect(request.path)
        return super().response_change(request, obj)


def moment_of(at: datetime | None) -> str:
    """As it is said: the day, the hour."""
    return f"{day_in_words(timezone.localtime(at), _('j F Y'))}, {clock(at)}" if at else ""


def name_of(user: User | None) -> str:
    """As colleagues know them; the login is for the door."""
    return (user.get_full_name() or user.get_username()) if user else ""
