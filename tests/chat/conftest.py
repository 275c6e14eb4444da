from datetime import timedelta

import pytest
from django.utils import timezone

from chat import services
from chat.identity import Actor
from chat.models import RoomEvent
from tests.factories import RoomFactory, SpeakerFactory, TopicFactory, UserFactory

NOW = timezone.now()


def kinds(room):
    """What the room was told, in order, whichever stream."""
    return list(RoomEvent.objects.filter(room=room).order_by("pk").values_list("kind", flat=True))


def actor_of(user):
    return Actor(key=f"staff-{user.pk}", user_id=user.pk, name=user.get_full_name() or user.username)


def visitor(name="visitor"):
    return Actor(key=name)


def ask(room, text="Peut-on devenir maître-chien ?", by="visitor", now=NOW, **more):
    return services.ask_question(
        room_id=room.pk, actor=visitor(by), client_id=more.pop("client_id", None), text=text, now=now, **more
    )["question"]


@pytest.fixture
def moderator_user(db):
    return UserFactory(first_name="Paul", last_name="Aubert")


@pytest.fixture
def speaker(db):
    return SpeakerFactory(name="Inès Morvan", title="brigadière-cheffe")


@pytest.fixture
def other_speaker(db):
    return SpeakerFactory(name="Thibault Lacaze", title="commandant")


@pytest.fixture
def room(moderator_user, speaker, other_speaker):
    return RoomFactory(
        slug="renseignement",
        moderators=[moderator_user],
        speakers=[speaker, other_speaker],
        opens_at=NOW - timedelta(minutes=20),
        closes_at=NOW + timedelta(minutes=40),
    )


@pytest.fixture
def moderator(moderator_user):
    return actor_of(moderator_user)


@pytest.fixture
def speaker_actor(speaker):
    return actor_of(speaker.user)


@pytest.fixture
def stranger(db):
    """A moderator and speaker, of another room."""
    user = UserFactory()
    RoomFactory(moderators=[user], speakers=[SpeakerFactory(user=user)])
    return actor_of(user)


@pytest.fixture
def topic(db):
    return TopicFactory(key="informatique", label="Informatique")
