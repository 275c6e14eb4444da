"""The five rooms of May 2004, as they ended."""

from datetime import datetime
from typing import Any

from chat.identity import Actor
from chat.models import Programme, Room, Topic
from recruitment.demonstration.cast import make_speakers
from recruitment.demonstration.data import load
from recruitment.demonstration.playback import Cast, play
from recruitment.demonstration.scripts import Hour, script

TITLES_EN = {
    "2004-devenir-gardien": "Becoming a police officer",
    "2004-securite-publique-ou-pj": "Public safety or criminal investigation?",
    "2004-missions-specialisees": "CRS, PAF, DNAT, RG: specialised missions",
    "2004-conference-dst": "Conference: the DST",
    "2004-salaire-affectation-prefecture": "Pay, postings, the prefecture",
}
MODERATORS = Actor(key="", name="Équipe de mai 2004")  # they have no account
FULL_HOUR = 60.0


def make_rooms_of_2004(topics: dict[str, Topic]) -> None:
    """Those that are not there yet."""
    programme, _ = Programme.objects.get_or_create(
        slug="mai-2004", defaults={"title": "Mai 2004", "title_en": "May 2004"}
    )
    for data in load("rooms_2004")["rooms"]:
        if not Room.objects.filter(slug=data["slug"]).exists():
            make_room(data, programme, topics)


def make_room(data: dict[str, Any], programme: Programme, topics: dict[str, Topic]) -> None:
    opens_at = datetime.fromisoformat(data["starts_at"])
    room = Room.objects.create(
        slug=data["slug"],
        programme=programme,
        title=data["title"],
        title_en=TITLES_EN[data["slug"]],
        intro=data["intro"],
        opens_at=opens_at,
        closes_at=datetime.fromisoformat(data["ends_at"]),
        is_demonstration=True,
    )
    speakers = make_speakers(data["speakers"])
    room.speakers.set(speakers)
    acts = script(Hour(data["slug"], opens_at, FULL_HOUR, closes=True), data["questions"])
    play(room, acts, Cast(speakers, MODERATORS, topics))
