"""With DEMO_TRAFFIC, invented visitors ask and vote in the open room, through the services, as anybody else."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from chat import services
from chat.choices import RoomState
from chat.errors import ChatError
from chat.identity import Actor, participant_key
from chat.models import Question, Room
from recruitment.demonstration.data import random_for
from recruitment.demonstration.employers import Employer, installed

EVERY = timedelta(seconds=20)
VOTES = 3


def send_traffic(now: datetime) -> int:
    """One question and a few votes, if it is asked for and the room is open; how many of them the room took."""
    employer = installed() if settings.DEMO_TRAFFIC else None
    room = open_room(employer)
    if employer is None or room is None:
        return 0
    turn = int(now.timestamp() // EVERY.total_seconds())
    arrivals = employer.part("room_today")["room"]["arrivals"]
    return ask(room, arrivals[turn % len(arrivals)], turn, now) + sum(
        vote(room, f"{turn} {number}", now) for number in range(VOTES)
    )


def open_room(employer: Employer | None) -> Room | None:
    if employer is None or employer.open is None:
        return None
    return Room.objects.filter(slug=employer.open.slug, is_demonstration=True, state=RoomState.OPEN).first()


def ask(room: Room, data: dict[str, Any], turn: int, now: datetime) -> bool:
    try:
        services.ask_question(
            room_id=room.pk,
            actor=passer_by(str(turn), room),
            client_id=f"traffic {turn}",
            text=data["text"],
            nickname=data["nickname"] or "",
            topic=data["topic"],
            now=now,
        )
    except ChatError:
        return False  # a moderator paused the room meanwhile
    return True


def vote(room: Room, who: str, now: datetime) -> bool:
    shown = list(Question.objects.filter(room=room).public().values_list("pk", flat=True))
    question_id = random_for("traffic", who).choice(shown) if shown else 0
    try:
        services.cast_vote(room_id=room.pk, actor=passer_by(who, room), question_id=question_id, value=True, now=now)
    except ChatError:
        return False
    return True


def passer_by(who: str, room: Room) -> Actor:
    return Actor(key=participant_key(f"demonstration traffic {who}", room.pk))
