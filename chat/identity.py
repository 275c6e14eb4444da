"""Who acts in a room. Made at the edge; nothing below sees a request, a scope or a session."""

from dataclasses import dataclass

from django.utils.crypto import salted_hmac


def participant_key(visitor: str, room_id: int) -> str:
    """The opaque name of a visitor in one room; it tells nothing of the visitor, nor of the same one in another room."""
    return salted_hmac("chat.participant", f"{room_id}:{visitor}", algorithm="sha256").hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody in a room: a visitor by `key` (the protocol's `you.id`), staff by `user_id` too."""

    key: str
    user_id: int | None = None
    name: str = ""

    @property
    def receipt_key(self) -> str:
        """Under which the frames of this actor are remembered."""
        return self.key if self.user_id is None else f"user:{self.user_id}"
