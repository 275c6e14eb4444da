"""The rooms of a campaign of another time, as they ended: the police has the five of May 2004."""

from datetime import datetime
from typing import Any

from chat.identity import Actor
from chat.models import Programme, Room, Topic
from recruitment.demonstration.cast import make_speakers
from recruitment.demonstration.employers import POLICE, Employer
from recruitment.demonstration.playback import Cast, play
from recruitment.demonstration.scripts import Hour, script

FULL_HOUR = 60.0


def make_rooms_of_2004(topics: dict[str, Topic], employer: Employer = POLICE) -> None:
    """Those that are not there yet."""
    archive = employer.told["archive"]
    told = dict(archive["programme"])
    programme, _ = Programme.objects.get_or_create(slug=told.pop("slug"), defaults=told)
    moderators = Actor(key="", name=archive["moderators"])  # they have no account
    for data in employer.part(archive["rooms"])["rooms"]:
        if not Room.objects.filter(slug=data["slug"]).exists():
            room = make_room(data, archive["titles_en"][data["slug"]], programme)
            fill(room, data, topics, moderators)


def make_room(data: dict[str, Any], title_en: str, programme: Programme) -> Room:
    return Room.objects.create(
        slug=data["slug"],
        programme=programme,
        title=data["title"],
        title_en=title_en,
        intro=data["intro"],
        opens_at=datetime.fromisoformat(data["starts_at"]),
        closes_at=datetime.fromisoformat(data["ends_at"]),
        is_demonstration=True,
    )


def fill(room: Room, data: dict[str, Any], topics: dict[str, Topic], moderators: Actor) -> None:
    speakers = make_speakers(data["speakers"])
    room.speakers.set(speakers)
    acts = script(Hour(room.slug, room.opens_at, FULL_HOUR, closes=True), data["questions"])
    play(room, acts, Cast(speakers, moderators, topics))
