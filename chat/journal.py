"""The room's event log: the truth that sockets, polls and restarts are served from."""

from datetime import datetime

from chat.choices import STREAM_OF, EventStream
from chat.frames import Data
from chat.models import Room, RoomEvent

PAGE = 200


def append(room: Room, kind: str, data: Data, now: datetime) -> RoomEvent:
    """Write one event as the next of its stream, in the caller's transaction.

    The caller holds the lock of the room's row (`select_for_update(no_key=True)`), which keeps `seq` without gaps.
    """
    stream = STREAM_OF[kind]
    seq = _advance(room, stream)
    return RoomEvent.objects.create(room=room, stream=stream, seq=seq, kind=kind, data=data, at=now)


def _advance(room: Room, stream: EventStream) -> int:
    counter = f"{stream}_seq"
    seq = getattr(room, counter) + 1
    setattr(room, counter, seq)
    Room.objects.filter(pk=room.pk).update(**{counter: seq})
    return seq


def read_after(room_id: int, stream: str, seq: int, limit: int = PAGE) -> list[RoomEvent]:
    """The next `limit` events of a stream after `seq`, in order."""
    return list(RoomEvent.objects.after(room_id, stream, seq)[:limit])
