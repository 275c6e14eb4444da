"""The room's event log: the truth that sockets, polls and restarts are served from."""

from collections.abc import Iterable
from datetime import datetime

from chat import statements
from chat.choices import STREAM_OF
from chat.frames import Data
from chat.models import Room, RoomEvent

PAGE = 200


def append(room: Room, news: Iterable[tuple[str, Data]], now: datetime) -> list[RoomEvent]:
    """Write events, each a kind and its data, as the next of their streams, in the caller's transaction.

    The caller holds the lock of the room's row (`once.lock_room`), which keeps `seq` without gaps.
    """
    events = [_next(room, kind, data, now) for kind, data in news]
    statements.insert_events(room, events)
    return events


def _next(room: Room, kind: str, data: Data, now: datetime) -> RoomEvent:
    stream = STREAM_OF[kind]
    counter = f"{stream}_seq"
    seq = getattr(room, counter) + 1
    setattr(room, counter, seq)
    return RoomEvent(room_id=room.pk, stream=stream, seq=seq, kind=kind, data=data, at=now)


def read_after(room_id: int, stream: str, seq: int, limit: int = PAGE) -> list[RoomEvent]:
    """The next `limit` events of a stream after `seq`, in order."""
    return list(RoomEvent.objects.after(room_id, stream, seq)[:limit])
