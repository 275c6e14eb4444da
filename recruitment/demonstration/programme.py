"""The programme around today: two rooms that were, one that is open, three that come; and what keeps them there."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from chat import services
from chat.choices import RoomState
from chat.identity import Actor
from chat.models import Programme, Room, Speaker, Topic
from recruitment.demonstration.cast import make_speakers, prepare_announcements
from recruitment.demonstration.employers import POLICE, Employer, Plan, installed
from recruitment.demonstration.playback import Cast, play
from recruitment.demonstration.profiles import tell_profiles
from recruitment.demonstration.scripts import Hour, QuestionData, script

OPEN, COMING = POLICE.open, POLICE.coming  # of the employer where none is named
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SOONEST = timedelta(minutes=30)  # no coming room is nearer: it would open between two looks
# The room ends this evening, as far as a visitor can tell; looked at every few minutes, it never does.
LEAST_LEFT, MOST_LEFT, EXTENDED = timedelta(minutes=75), timedelta(hours=24), timedelta(hours=3)


@dataclass(frozen=True, slots=True)
class Stage:
    """What the rooms of today share."""

    employer: Employer
    speakers: list[Speaker]
    moderator: User
    topics: dict[str, Topic]

    def cast(self, room: Room) -> Cast:
        return Cast(self.speakers, Actor.staff(self.moderator, room.pk), self.topics)


def make_programme(topics: dict[str, Topic], now: datetime, employer: Employer = POLICE) -> None:
    """The rooms that are not there yet, with the demonstration's accounts on their staff lists."""
    if employer.open is None:
        return
    data = employer.part("room_today")["room"]
    speakers = make_speakers(data["speakers"])
    give_account(speakers)
    stage = Stage(employer, speakers, User.objects.get(username="moderator"), topics)
    make_open_room(stage, employer.open, data, now)
    for plan in employer.past:
        make_past_room(stage, plan, data, now)
    for plan in employer.coming:
        opens_at = slot(plan, now)
        make_room(stage, plan, opens_at, opens_at + HOUR)


def give_account(speakers: list[Speaker]) -> None:
    account = User.objects.get(username="speaker")
    who = next(speaker for speaker in speakers if speaker.name == account.get_full_name())
    if who.user is None and not Speaker.objects.filter(user=account).exists():
        who.user = account
        who.save()


def make_room(stage: Stage, plan: Plan, opens_at: datetime, closes_at: datetime, intro: str = "") -> Room | None:
    """The planned room, not open yet; None where there is one under its address already."""
    told = stage.employer.told
    season = dict(told["programme"])
    programme, _ = Programme.objects.get_or_create(slug=season.pop("slug"), defaults=season)
    fields = {
        "programme": programme,
        "title": plan.title,
        "title_en": plan.title_en,
        "intro": intro,
        "intro_en": told["intro_en"] if intro else "",
        "opens_at": opens_at,
        "closes_at": closes_at,
        "is_demonstration": True,
    }
    room, is_new = Room.objects.get_or_create(slug=plan.slug, defaults=fields)
    if not is_new:
        return None
    room.speakers.set(stage.speakers[index] for index in plan.speakers)
    room.moderators.add(stage.moderator)
    prepare_announcements(room, stage.employer.part("room_today")["announcements"])
    return room


def make_open_room(stage: Stage, plan: Plan, data: dict[str, Any], now: datetime) -> None:
    minute = data["now_minute"]
    opens_at = (now - timedelta(minutes=minute)).replace(second=0, microsecond=0)
    room = make_room(stage, plan, opens_at, end_of_open_room(now), data["intro"])
    if room is None:
        return
    said = [(text["minute"], text["text"]) for text in stage.employer.part("room_today")["announcements"]]
    questions = sorted(data["questions"] + data["handled"], key=lambda question: question["n"])
    acts = script(Hour(plan.slug, opens_at, minute, closes=False), questions, said)
    play(room, acts, stage.cast(room))
    tell_profiles(room)


def make_past_room(stage: Stage, plan: Plan, data: dict[str, Any], now: datetime) -> None:
    opens_at = at_hour(now - plan.days * DAY, plan.hour)
    room = make_room(stage, plan, opens_at, opens_at + HOUR)
    if room is None:
        return
    acts = script(Hour(plan.slug, opens_at, 60.0, closes=True), told_in(plan, data))
    play(room, acts, stage.cast(room))
    tell_profiles(room)


def told_in(plan: Plan, data: dict[str, Any]) -> list[QuestionData]:
    """A past room's own questions, or those of the open one on its topics, spread over the whole hour."""
    if own := data.get("past", {}).get(plan.slug):
        return own
    scale = 60 / data["now_minute"]
    return [over_the_hour(question, scale) for question in shown_on(data, plan.topics)]


def shown_on(data: dict[str, Any], topics: tuple[str, ...]) -> list[QuestionData]:
    shown = ("published", "answered")
    return [question for question in data["questions"] if question["topic"] in topics and question["outcome"] in shown]


def over_the_hour(question: QuestionData, scale: float) -> QuestionData:
    answer = question["answer"]
    later = {"minute": question["minute"] * scale, "assigned": None}
    return question | later | {"answer": answer and answer | {"minute": answer["minute"] * scale}}


# --- keeping it around today ----------------------------------------------------------------------------------------


@transaction.atomic
def keep(now: datetime) -> None:
    """Of the demonstration’s rooms alone: one is open and closes in 75 minutes to 24 hours, the others are to come."""
    employer = installed()
    if employer is None or employer.open is None:
        return
    keep_open(employer.open, now)
    for plan in employer.coming:
        keep_coming(plan, now)


def keep_open(plan: Plan, now: datetime) -> None:
    room = Room.objects.filter(slug=plan.slug, is_demonstration=True)
    closes_at = end_of_open_room(now)
    room.exclude(closes_at__range=(now + LEAST_LEFT, now + MOST_LEFT)).update(
        closes_at=closes_at, calendar_sequence=F("calendar_sequence") + 1
    )
    # Closed or paused by a moderator: without a time since when, its planned times count again.
    if room.exclude(state=RoomState.OPEN).update(state_since=None):
        services.keep_time(now)


def end_of_open_room(now: datetime) -> datetime:
    return (now + EXTENDED).replace(minute=0, second=0, microsecond=0)


def keep_coming(plan: Plan, now: datetime) -> None:
    room = Room.objects.filter(slug=plan.slug, is_demonstration=True)
    earliest = now + max(SOONEST, (plan.days - 1) * DAY)
    still = {"state": RoomState.SCHEDULED, "opens_at__range": (earliest, now + (plan.days + 1) * DAY)}
    opens_at = slot(plan, now)
    room.exclude(**still).update(
        opens_at=opens_at,
        closes_at=opens_at + HOUR,
        state=RoomState.SCHEDULED,
        state_since=None,
        calendar_sequence=F("calendar_sequence") + 1,
    )


def slot(plan: Plan, now: datetime) -> datetime:
    """When a coming room opens: `plan.days` from now at its hour; without days, at the next noon or six o'clock."""
    if plan.days:
        return at_hour(now + plan.days * DAY, plan.hour)
    today = (at_hour(now + days * DAY, hour) for days in (0, 1) for hour in (12, 18))
    return next(opens_at for opens_at in today if opens_at >= now + 2 * SOONEST)


def at_hour(day: datetime, hour: int) -> datetime:
    return timezone.localtime(day).replace(hour=hour, minute=0, second=0, microsecond=0)
