"""A room to try the hour in: under an address of its own, listed nowhere, counted nowhere, and wiped afterwards."""

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from chat.choices import RoomState
from chat.errors import Conflict
from chat.identity import Actor
from chat.models import (
    Answer,
    Attendance,
    Away,
    Decision,
    Flood,
    FrameReceipt,
    Note,
    Participant,
    Profile,
    Question,
    Room,
    RoomEvent,
)
from chat.policies import require_moderator, require_state
from chat.services.once import lock_room

LASTS = timedelta(hours=2)
KEPT_FOR = timedelta(days=1)


@transaction.atomic
def begin_rehearsal(*, room_id: int, actor: Actor, now: datetime) -> Room:
    """An open room with the staff and the prepared announcements of this one; the same one while it lasts.

    Whoever knows its address plays a visitor. Raises `NotOpen` once the room itself has begun, `Conflict` for the
    rehearsal of a rehearsal.
    """
    room = lock_room(room_id)
    require_moderator(actor, room)
    require_state(room, RoomState.SCHEDULED)
    if room.rehearsal_of_id is not None:
        raise Conflict(_("This is a rehearsal already."))
    running = room.rehearsals.filter(closes_at__gt=now).first()
    return running or _open_beside(room, now)


def _open_beside(room: Room, now: datetime) -> Room:
    rehearsal = Room.objects.create(
        slug=f"{room.slug[:30]}-{secrets.token_hex(5)}",
        rehearsal_of=room,
        title=room.title,
        title_en=room.title_en,
        intro=room.intro,
        intro_en=room.intro_en,
        opens_at=now,
        closes_at=now + LASTS,
        state=RoomState.OPEN,
        state_since=now,
    )
    rehearsal.speakers.set(room.speakers.all())
    rehearsal.moderators.set(room.moderators.all())
    for announcement in room.prepared.all():
        rehearsal.prepared.create(title=announcement.title, text=announcement.text, position=announcement.position)
    return rehearsal


@transaction.atomic
def wipe_rehearsal(*, room_id: int, actor: Actor, now: datetime) -> Room:
    """Forget all that was done in it and begin anew; every browser in it is told to forget, too.

    Raises `Conflict` for a room that is no rehearsal.
    """
    room = lock_room(room_id)
    require_moderator(actor, room)
    if room.rehearsal_of_id is None:
        raise Conflict(_("Only a rehearsal can be wiped."))
    _wipe(room)
    fresh = {"state": RoomState.OPEN, "state_since": now, "closes_at": now + LASTS}
    Room.objects.filter(pk=room.pk).update(**fresh)
    return room


def _wipe(room: Room) -> None:
    begun = {"public_seq": 0, "staff_seq": 0, "participant_count": 0, "peak_viewers": 0}
    paced = {"slow_seconds": 0, "shield_after": None, "on_screen": None, "flood_until": None}
    Room.objects.filter(pk=room.pk).update(**begun, **paced)
    questions = Question.objects.filter(room=room)
    questions.update(merged_into=None, state="asked", published_at=None)
    Answer.objects.filter(question__room=room).delete()
    for kind in (Attendance, Away, Decision, Flood, Note, RoomEvent, FrameReceipt, Profile):
        kind.objects.filter(room=room).delete()
    questions.delete()
    Participant.objects.filter(room=room).delete()


def end_rehearsals(now: datetime) -> int:
    """Daily work: rehearsals that closed more than a day ago leave nothing behind; how many."""
    ended = list(Room.objects.filter(rehearsal_of__isnull=False, closes_at__lt=now - KEPT_FOR))
    for room in ended:
        with transaction.atomic():
            _wipe(room)
            room.delete()
    return len(ended)
