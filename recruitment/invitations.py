"""The rooms' invitations go out by the outbox of the follow-up: neither knows the other."""

from datetime import datetime

from django.contrib.auth.models import User

from chat.models import Room
from leads.public import post_invitation


def send_invitation(*, user: User, room: Room, language: str, now: datetime) -> None:
    post_invitation(user=user, room=room.title, opens_at=room.opens_at, language=language, now=now)
