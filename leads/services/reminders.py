"""One mail before a room opens, to an address that was given for it alone."""

from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.db.models import QuerySet

from leads import mail
from leads.identity import suppression_hash
from leads.models import Message

BEFORE = timedelta(hours=1)
TEMPLATE = "room_reminder"
TO_COME = "scheduled"  # of chat's RoomState, which this app does not know


def coming_rooms() -> QuerySet[Any]:
    return apps.get_model("chat.Room")._default_manager.filter(state=TO_COME)


def remind(*, email: str, room: Any, language: str, now: datetime) -> None:
    """Write to `email` an hour before `room` opens, or at once where that is past; once, however often it is asked."""
    mail.post(
        Message(
            intent=f"reminder:{room.pk}:{suppression_hash(email)}",
            recipient=email,
            template=TEMPLATE,
            language=language,
            context={"room_id": room.pk},
            created_at=now,
            due_at=max(now, room.opens_at - BEFORE),
        )
    )


def follow_rooms(*, now: datetime) -> int:
    """Put reminders off or forward with their rooms, drop those whose room has begun or is gone; how many of both.

    One query where nobody is to be reminded.
    """
    pending = list(Message.objects.pending().filter(template=TEMPLATE))
    rooms = {room.pk: room for room in coming_rooms().filter(opens_at__gt=now)} if pending else {}
    return sum(_follow(message, rooms.get(message.context["room_id"]), now) for message in pending)


def _follow(message: Message, room: Any | None, now: datetime) -> bool:
    if room is None:
        return bool(Message.objects.filter(pk=message.pk).update(suppressed_at=now, recipient=""))
    due_at = room.opens_at - BEFORE
    if message.due_at in (due_at, message.created_at):
        return False
    return bool(Message.objects.pending().filter(pk=message.pk, attempts=0).update(due_at=due_at))
