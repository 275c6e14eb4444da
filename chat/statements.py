"""What runs at every event of a room, in plain SQL.

The ORM compiles a statement anew at each call, which costs three to ten times what the statement does
(docs/benchmarks.md): most of an event's price, were these left to it.
"""

from collections.abc import Sequence
from typing import Any

from django.db import connection

from chat.models import FrameReceipt, Room, RoomEvent

_ROOM = "SELECT * FROM chat_room WHERE id = %s"
_ROLE = """
SELECT CASE
    WHEN EXISTS (SELECT 1 FROM chat_room_moderators staff JOIN auth_user person ON person.id = staff.user_id
                 WHERE staff.room_id = %s AND person.id = %s AND person.is_active) THEN 'moderator'
    WHEN EXISTS (SELECT 1 FROM chat_room_speakers staff JOIN chat_speaker speaker ON speaker.id = staff.speaker_id
                 JOIN auth_user person ON person.id = speaker.user_id
                 WHERE staff.room_id = %s AND person.id = %s AND person.is_active) THEN 'speaker'
    ELSE 'visitor' END
"""
_EVENT = "INSERT INTO chat_roomevent (room_id, stream, seq, kind, data, at) VALUES (%s, %s, %s, %s, %s, %s)"
_POSITION = "UPDATE chat_room SET public_seq = %s, staff_seq = %s WHERE id = %s"
_RECEIPT = "INSERT INTO chat_framereceipt (room_id, actor, digest, ack, at) VALUES (%s, %s, %s, %s, %s)"


def lock_room(room_id: int) -> Room | None:
    """The room, its row locked until the end of the transaction; None if there is none.

    `NO KEY`: a plain `FOR UPDATE` would hold up every insert that refers to the room. SQLite has one writer anyway.
    """
    lock = " FOR NO KEY UPDATE" if connection.features.has_select_for_no_key_update else ""
    return next(iter(Room.objects.raw(_ROOM + lock, [room_id])), None)


def role_of(room_id: int, user_id: int) -> str:
    """A user's role on the room's staff list; whoever is on both lists is moderator."""
    with connection.cursor() as cursor:
        cursor.execute(_ROLE, [room_id, user_id, room_id, user_id])
        return cursor.fetchone()[0]


def insert_events(room: Room, events: Sequence[RoomEvent]) -> None:
    """Append to the room's journal, and move the room to the positions that it has in memory."""
    rows = [(room.pk, row.stream, row.seq, row.kind, _json(row.data), _time(row.at)) for row in events]
    with connection.cursor() as cursor:
        cursor.execute(_POSITION, [room.public_seq, room.staff_seq, room.pk])
        _insert(cursor, _EVENT, rows)


def insert_receipts(receipts: Sequence[FrameReceipt]) -> None:
    """Raises `IntegrityError` where a frame was received before."""
    rows = [(row.room_id, row.actor, row.digest, _json(row.ack), _time(row.at)) for row in receipts]
    with connection.cursor() as cursor:
        _insert(cursor, _RECEIPT, rows)


def _insert(cursor: Any, statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
    if len(rows) == 1:
        cursor.execute(statement, rows[0])
    elif rows:
        cursor.executemany(statement, rows)


def _json(value: Any) -> Any:
    return connection.ops.adapt_json_value(value, None)


def _time(value: Any) -> Any:
    return connection.ops.adapt_datetimefield_value(value)
