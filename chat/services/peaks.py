"""How many were in a room, minute by minute and at most, for its report."""

from collections.abc import Mapping
from datetime import datetime

from chat.models import Attendance, Room


def keep_peaks(viewers: Mapping[int, int], now: datetime) -> None:
    """Room id -> viewers now: the highest count of each is kept, of the room and of this minute."""
    minute = now.replace(second=0, microsecond=0)
    for room_id, count in viewers.items():
        Room.objects.filter(pk=room_id, peak_viewers__lt=count).update(peak_viewers=count)
        kept, is_new = Attendance.objects.get_or_create(room_id=room_id, minute=minute, defaults={"viewers": count})
        if not is_new:
            Attendance.objects.filter(pk=kept.pk, viewers__lt=count).update(viewers=count)
