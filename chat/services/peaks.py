"""How many were in a room at most, for its report."""

from collections.abc import Mapping

from chat.models import Room


def keep_peaks(viewers: Mapping[int, int]) -> None:
    """Room id -> viewers now: the highest count of each is kept."""
    for room_id, count in viewers.items():
        Room.objects.filter(pk=room_id, peak_viewers__lt=count).update(peak_viewers=count)
