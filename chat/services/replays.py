"""Frames sent again: what they got the first time."""

from collections.abc import Sequence

from chat.frames import Data
from chat.models import Room
from chat.services.asking import Ask
from chat.services.once import received


def acks_of(room_id: int, asks: Sequence[Ask]) -> list[Data | None]:
    """For each question the ack that its frame got before; None where it is new. One query."""
    known = received(Room(pk=room_id), [(ask.actor, ask.client_id) for ask in asks if ask.client_id])
    return [known.get((ask.actor.receipt_key, ask.client_id)) for ask in asks]
