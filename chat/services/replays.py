"""Frames sent again: what they got the first time."""

from collections.abc import Sequence

from chat.frames import Data
from chat.models import FrameReceipt
from chat.services.asking import Ask
from chat.services.once import digest_of


def acks_of(room_id: int, asks: Sequence[Ask]) -> list[Data | None]:
    """For each question the ack that its frame got before; None where it is new. One query."""
    keys = [(ask.actor.receipt_key, digest_of(ask.client_id)) if ask.client_id else None for ask in asks]
    given = [key for key in keys if key]
    rows = FrameReceipt.objects.filter(
        room=room_id, actor__in={actor for actor, _ in given}, digest__in={digest for _, digest in given}
    )
    known = {(actor, digest): ack for actor, digest, ack in rows.values_list("actor", "digest", "ack")}
    return [known.get(key) if key else None for key in keys]
