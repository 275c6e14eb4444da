"""Who acts in a room. Made at the edge; nothing below sees a request, a scope or a session."""

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.signing import BadSignature, Signer
from django.utils.crypto import salted_hmac

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser

VISITOR_COOKIE = "visitor"
VISITOR_COOKIE_AGE = 180 * 24 * 3600
_signer = Signer(salt="chat.visitor")


def new_visitor() -> tuple[str, str]:
    """A visitor nobody has met, and the cookie's value by which to know them again."""
    visitor = secrets.token_urlsafe(18)
    return visitor, _signer.sign(visitor)


def read_visitor(cookie: str | None) -> str | None:
    """The visitor whom a cookie's value names; None without one or with one that is not ours."""
    try:
        return _signer.unsign(cookie) if cookie else None
    except BadSignature:
        return None


def participant_key(visitor: str, room_id: int) -> str:
    """The opaque name of a visitor in one room; it tells nothing of who it is, nor of the same one in another room."""
    return salted_hmac("chat.participant", f"{room_id}:{visitor}", algorithm="sha256").hexdigest()[:32]


def profile_key(visitor: str, room_id: int) -> str:
    """Under which a visitor's profile is kept in a room: one each, and no way from it to what they ask there."""
    return salted_hmac("chat.profile", f"{room_id}:{visitor}", algorithm="sha256").hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody in a room: a visitor by `key` (the protocol's `you.id`), staff by `user_id` too.

    `name` is how others are told of this person: "Paul A.", or a visitor's nickname.
    """

    key: str
    user_id: int | None = None
    name: str = ""

    @classmethod
    def staff(cls, user: "AbstractUser", room_id: int) -> "Actor":
        """Somebody logged in, as the staff list of a room may know them."""
        name = user.get_full_name() or user.get_username()
        return cls(key=participant_key(f"user:{user.pk}", room_id), user_id=user.pk, name=name)

    @property
    def receipt_key(self) -> str:
        """Under which the frames of this actor are remembered."""
        return self.key if self.user_id is None else f"user:{self.user_id}"
