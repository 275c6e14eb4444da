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
from recruitment.demonstration.cast import make_speakers, make_texts, prepare_announcements
from recruitment.demonstration.data import load
from recruitment.demonstration.playback import Cast, play
from recruitment.demonstration.scripts import Hour, QuestionData, script


@dataclass(frozen=True, slots=True)
class Plan:
    """A room around today: `days` from it (before, for a past one), at `hour`; speakers are those of the open room."""

    slug: str
    title: str
    title_en: str
    days: int
    hour: int = 18
    speakers: tuple[int, ...] = (0, 1, 2, 3)
    topics: tuple[str, ...] = ()  # whose questions of the open room a past one has


OPEN = Plan(
    "2026-conference-renseignement",
    "Conférence\N{NO-BREAK SPACE}: le renseignement",
    "Conference: intelligence",
    0,
)
PAST = (
    Plan(
        "devenir-gardien",
        "Devenir gardien de la paix",
        "Becoming a police officer",
        2,
        topics=("conditions-acces", "remuneration"),
    ),
    Plan("informatique", "L’informatique dans la police", "Computing in the police", 1, topics=("informatique",)),
)
COMING = (
    Plan(
        "salaire-affectation",
        "Salaire, affectation, vie de famille",
        "Pay, postings, family life",
        0,
        speakers=(1, 3),
    ),
    Plan(
        "policier-adjoint",
        "Policier adjoint\N{NO-BREAK SPACE}: un contrat, sans condition de diplôme",
        "Assistant officer: a contract, no diploma asked",
        5,
        hour=12,
        speakers=(1, 2),
    ),
    Plan(
        "concours-specialistes",
        "Informatique, sciences, langues\N{NO-BREAK SPACE}: les concours de spécialistes",
        "Computing, science, languages: the specialists’ contests",
        13,
        speakers=(1, 2, 0),
    ),
)
INTRO_EN = "An hour to put your questions to those who do the job. No account, no name needed."
SPEAKS = "Inès Morvan"  # whom the account `speaker` is
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SOONEST = timedelta(minutes=30)  # no coming room is nearer: it would open between two looks
# The room ends this evening, as far as a visitor can tell; looked at every few minutes, it never does.
LEAST_LEFT, MOST_LEFT, EXTENDED = timedelta(minutes=75), timedelta(hours=24), timedelta(hours=3)


def make_programme(topics: dict[str, Topic], now: datetime) -> None:
    """The rooms that are not there yet, with the demonstration's accounts on their staff lists."""
    data = load("room_today")["room"]
    speakers = make_speakers(data["speakers"])
    give_account(speakers)
    make_texts(topics)
    moderator = User.objects.get(username="moderator")
    make_open_room(data, speakers, moderator, topics, now)
    for plan in PAST:
        make_past_room(plan, data, speakers, moderator, topics, now)
    for plan in COMING:
        opens_at = slot(plan, now)
        make_room(plan, opens_at, opens_at + HOUR, speakers, moderator)


def give_account(speakers: list[Speaker]) -> None:
    account = User.objects.get(username="speaker")
    who = next(speaker for speaker in speakers if speaker.name == SPEAKS)
    if who.user is None and not Speaker.objects.filter(user=account).exists():
        who.user = account
        who.save()


def make_room(
    plan: Plan, opens_at: datetime, closes_at: datetime, speakers: list[Speaker], moderator: User, intro: str = ""
) -> Room | None:
    """The planned room, not open yet; None where there is one under its address already."""
    programme, _ = Programme.objects.get_or_create(
        slug="saison-2026", defaults={"title": "Saison 2026", "title_en": "Season 2026"}
    )
    fields = {
        "programme": programme,
        "title": plan.title,
        "title_en": plan.title_en,
        "intro": intro,
        "intro_en": INTRO_EN if intro else "",
        "opens_at": opens_at,
        "closes_at": closes_at,
        "is_demonstration": True,
    }
    room, is_new = Room.objects.get_or_create(slug=plan.slug, defaults=fields)
    if not is_new:
        return None
    room.speakers.set(speakers[index] for index in plan.speakers)
    room.moderators.add(moderator)
    prepare_announcements(room)
    return room


def make_open_room(
    data: dict[str, Any], speakers: list[Speaker], moderator: User, topics: dict[str, Topic], now: datetime
) -> None:
    minute = data["now_minute"]
    opens_at = (now - timedelta(minutes=minute)).replace(second=0, microsecond=0)
    room = make_room(OPEN, opens_at, end_of_open_room(now), speakers, moderator, data["intro"])
    if room is None:
        return
    said = [(text["minute"], text["text"]) for text in load("room_today")["announcements"]]
    questions = sorted(data["questions"] + data["handled"], key=lambda question: question["n"])
    acts = script(Hour(OPEN.slug, opens_at, minute, closes=False), questions, said)
    play(room, acts, Cast(speakers, Actor.staff(moderator, room.pk), topics))


def make_past_room(
    plan: Plan,
    data: dict[str, Any],
    speakers: list[Speaker],
    moderator: User,
    topics: dict[str, Topic],
    now: datetime,
) -> None:
    opens_at = at_hour(now - plan.days * DAY, plan.hour)
    room = make_room(plan, opens_at, opens_at + HOUR, speakers, moderator)
    if room is None:
        return
    scale = 60 / data["now_minute"]
    questions = [over_the_hour(question, scale) for question in shown_on(data, plan.topics)]
    acts = script(Hour(plan.slug, opens_at, 60.0, closes=True), questions)
    play(room, acts, Cast(speakers, Actor.staff(moderator, room.pk), topics))


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
    keep_open(now)
    for plan in COMING:
        keep_coming(plan, now)


def keep_open(now: datetime) -> None:
    room = Room.objects.filter(slug=OPEN.slug, is_demonstration=True)
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
