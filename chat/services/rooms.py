"""A room's life: by its times, or by its moderators."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from chat import frames
from chat.choices import RoomState
from chat.errors import NotOpen
from chat.frames import Data
from chat.identity import Actor
from chat.models import Room
from chat.policies import require_moderator, require_state
from chat.services.once import act_once, lock_room, tell

OPEN_OR_PAUSED = (RoomState.OPEN, RoomState.PAUSED)
REOPENED_FOR = timedelta(hours=1)


def keep_time(now: datetime) -> int:
    """Open and close the rooms whose planned time has come; how many. Whoever notices first writes the event, once."""
    return sum(_keep_room(room_id, now) for room_id in Room.objects.due(now).values_list("pk", flat=True))


@transaction.atomic
def _keep_room(room_id: int, now: datetime) -> bool:
    room = lock_room(room_id)
    state = RoomState.CLOSED if room.closes_at <= now else RoomState.OPEN
    if not Room.objects.due(now).filter(pk=room_id).update(state=state, state_since=now):
        return False  # another process noticed first
    room.state = state
    _tell_state(room, now)
    return True


@act_once
def open_room(room: Room, actor: Actor, *, now: datetime) -> Data:
    """Open or go on, at any time; after its planned end the room closes an hour from now."""
    require_moderator(actor, room)
    is_over = room.closes_at <= now
    if is_over:
        room.closes_at = now + REOPENED_FOR
    return _set_state(room, RoomState.OPEN, now, is_new=is_over)


@act_once
def pause_room(room: Room, actor: Actor, *, now: datetime) -> Data:
    """Visitors wait, staff go on."""
    require_moderator(actor, room)
    require_state(room, *OPEN_OR_PAUSED)
    return _set_state(room, RoomState.PAUSED, now)


@act_once
def close_room(room: Room, actor: Actor, *, now: datetime) -> Data:
    """End the hour before its time."""
    require_moderator(actor, room)
    if room.state == RoomState.SCHEDULED:
        raise NotOpen(_("The room is not open yet: change its times instead."))
    return _set_state(room, RoomState.CLOSED, now)


@act_once
def announce(room: Room, actor: Actor, *, text: str, now: datetime) -> Data:
    """Say something to everybody in the room."""
    require_moderator(actor, room)
    require_state(room, *OPEN_OR_PAUSED)
    tell(room, "announcement", {"text": text}, now)
    return {}


def _set_state(room: Room, state: RoomState, now: datetime, *, is_new: bool = False) -> Data:
    """`is_new`: told even to a room that is in this state, since something else of it changed."""
    if room.state != state or is_new:
        room.state = state
        Room.objects.filter(pk=room.pk).update(
            state=state,
            state_since=now,
            closes_at=room.closes_at,
            calendar_sequence=F("calendar_sequence") + int(is_new),  # moved on: copies in calendars are old
        )
        _tell_state(room, now)
    return {}


def _tell_state(room: Room, now: datetime) -> None:
    if room.state == RoomState.OPEN:
        tell(room, "room.opened", {"closes_at": frames.moment(room.closes_at)}, now)
    elif room.state == RoomState.PAUSED:
        tell(room, "room.paused", {}, now)
    else:
        tell(room, "room.closed", {}, now)
