"""Which requests came when: the 433 of May 2004, and a year of invented ones up to today."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from random import Random
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from chat.models import Room
from leads.attribution import Touch, Touches
from leads.choices import LeadKind
from leads.models import ContestSession, Lead
from leads.public import organisation
from leads.services.requests import Request
from recruitment.demonstration.data import random_for
from recruitment.demonstration.employers import POLICE, Employer
from recruitment.demonstration.ledger import Ledger
from recruitment.demonstration.lives import Step, live
from recruitment.demonstration.people import drawn, person

DAY = timedelta(days=1)
END_OF_2004 = datetime(2005, 6, 1, tzinfo=UTC)
FIRST_OF_2004, FIRST_OF_YEAR = 1, 1001  # people's numbers
OF_ROOMS_2004 = POLICE.told["archive"]["of_rooms"]  # of each on its own day; with the days around they are 433
MONTHS = (1.25, 1.35, 1.3, 1.0, 0.85, 0.7, 0.45, 0.4, 1.15, 1.3, 1.2, 0.7)
WEEKDAYS = (1.25, 1.2, 1.15, 1.05, 0.9, 0.45, 0.5)
OF_PAST_ROOM, OF_OPEN_ROOM = 34, 9
SHARE_OF_FILES = 0.42
MORE_LATER = 0.12  # of those who asked for information, ask for a file some days later


@dataclass(frozen=True, slots=True)
class Arrival:
    at: datetime
    room_id: int | None = None


@dataclass(frozen=True, slots=True)
class Flow:
    """What is asked for: `ways` weighs the keys of sources, "heard" where people only tell, "" where nothing does."""

    employer: Employer
    ways: dict[str, int]
    share_of_files: float
    sessions: dict[ContestSession, int]


def seed_requests(now: datetime, recruiters: list[User], employer: Employer = POLICE) -> None:
    """The requests of 2004 and of the year before `now`, where the employer has such and they are not there yet."""
    if "archive" in employer.told and not Lead.objects.filter(is_invented=True, day__lt=date(2005, 1, 1)).exists():
        ledger = new_ledger("2004")
        for steps in lives_of_2004(employer):
            ledger.add(steps, recruiter=None)
        ledger.write()
    if "year" in employer.told and not Lead.objects.filter(is_invented=True, day__gt=date(2005, 1, 1)).exists():
        ledger = new_ledger("year")
        random = random_for("recruiters")
        for steps in lives_of_the_year(now, employer):
            ledger.add(steps, recruiter=random.choice(recruiters))
        ledger.write()


def new_ledger(name: str) -> Ledger:
    prefix = organisation().reference_prefix
    return Ledger(prefix=prefix, random=random_for("references", name))


# --- May 2004 -------------------------------------------------------------------------------------------------------


def lives_of_2004(employer: Employer = POLICE) -> Iterator[list[Step]]:
    archive = employer.told["archive"]
    session = ContestSession.objects.get(contest__slug=archive["contest"], year=archive["year"])
    flow = Flow(employer, archive["ways"], 0.58, {session: 1})
    for number, arrival in enumerate(sorted(arrivals_of_2004(archive), key=lambda arrival: arrival.at), FIRST_OF_2004):
        random = random_for("2004", number)
        request = request_of(number, arrival, random, flow)
        yield live(request, arrival.at, END_OF_2004, random, notes=notes(employer), is_archive=True)


def arrivals_of_2004(archive: dict[str, Any]) -> Iterator[Arrival]:
    random = random_for("arrivals of 2004")
    for day, leads in (archive["announced"] | archive["after"]).items():
        for _ in range(leads):
            yield Arrival(in_the_day(date.fromisoformat(day), random))
    for room in Room.objects.filter(slug__in=archive["of_rooms"], is_demonstration=True):
        for _ in range(archive["of_rooms"][room.slug]):
            yield Arrival(*around_room(room, random))


def around_room(room: Room, random: Random) -> tuple[datetime, int | None]:
    """Most ask during the room or soon after, from its page; some earlier on that day, before they came to it."""
    if random.random() < 0.2:
        return in_the_day(timezone.localdate(room.opens_at), random, until=17), None
    return room.opens_at + timedelta(minutes=4 + 240 * random.betavariate(1.1, 4)), room.pk


# --- the year before today ------------------------------------------------------------------------------------------


def lives_of_the_year(now: datetime, employer: Employer = POLICE) -> Iterator[list[Step]]:
    flow = flow_today(employer)
    a_day = employer.told["year"]["a_day"]
    for number, arrival in enumerate(sorted(arrivals_until(now, a_day), key=lambda arrival: arrival.at), FIRST_OF_YEAR):
        random = random_for("year", number)
        request = request_of(number, arrival, random, flow)
        later = None
        if request.kind == LeadKind.INFORMATION and random.random() < MORE_LATER:
            later = file_after(request, flow.sessions, random)
        yield live(request, arrival.at, now, random, notes=notes(employer), later=later)


def flow_today(employer: Employer) -> Flow:
    return Flow(employer, employer.told["year"]["ways"], SHARE_OF_FILES, sessions_today(employer))


def sessions_today(employer: Employer = POLICE) -> dict[ContestSession, int]:
    """The latest session of each contest that people ask for, by how many of them do."""
    weights = employer.told["year"]["contests"]
    latest = ContestSession.objects.filter(contest__slug__in=weights).select_related("contest").order_by("year")
    by_contest = {session.contest.slug: session for session in latest}
    return {by_contest[slug]: weight for slug, weight in weights.items()}


def arrivals_until(now: datetime, a_day: float) -> Iterator[Arrival]:
    random, today = random_for("arrivals"), timezone.localdate(now)
    for days in range(365, -1, -1):
        day = today - days * DAY
        for _ in range(round(a_day * season(day) * random.uniform(0.75, 1.25))):
            if (at := in_the_day(day, random)) <= now:
                yield Arrival(at)
    for room in Room.objects.filter(is_demonstration=True, opens_at__range=(now - 30 * DAY, now)):
        leads = OF_OPEN_ROOM if room.closes_at > now else OF_PAST_ROOM
        told_for = min(room.closes_at + timedelta(hours=3), now) - room.opens_at
        for _ in range(leads):
            yield Arrival(room.opens_at + told_for * random.betavariate(1.2, 3), room.pk)


def season(day: date) -> float:
    """How a day compares to an ordinary one: registrations in spring and autumn, quiet summers and weekends."""
    quiet = 0.4 if (day.month, day.day) >= (12, 22) or (day.month, day.day) <= (1, 3) else 1
    return MONTHS[day.month - 1] * WEEKDAYS[day.weekday()] * quiet


def in_the_day(day: date, random: Random, *, until: int = 24) -> datetime:
    """A moment of the day: few at night, most in the evening."""
    hour = min(random.triangular(7, 24, 19), until - 0.01)
    seconds = int(hour * 3600) - (random.randrange(3600) if hour > until - 0.02 else 0)
    return timezone.make_aware(datetime.combine(day, time()) + timedelta(seconds=seconds))


# --- one request ----------------------------------------------------------------------------------------------------


def request_of(number: int, arrival: Arrival, random: Random, flow: Flow) -> Request:
    at, way, employer = arrival.at, drawn(flow.ways, random), flow.employer
    typed = person(number, timezone.localdate(at), random)
    kind = LeadKind.REGISTRATION_FILE if random.random() < flow.share_of_files else LeadKind.INFORMATION
    if kind == LeadKind.REGISTRATION_FILE and not typed.email:
        kind = LeadKind.INFORMATION  # a file needs an address to be sent to
    message = random.choice(messages(employer, at.year)) if kind == LeadKind.INFORMATION else ""
    heard_from = random.choice(heard(employer, at.year)) if way == "heard" or random.random() < 0.2 else ""
    return Request(
        kind=kind,
        typed=replace(typed, message=message, heard_from=heard_from),
        request_id=f"demonstration-{number}",
        contest_session=drawn(flow.sessions, random) if kind == LeadKind.REGISTRATION_FILE else None,
        touches=touches_of(way, employer, at),
        room_id=arrival.room_id,
        is_invented=True,
    )


def file_after(request: Request, sessions: dict[ContestSession, int], random: Random) -> Request | None:
    if not request.typed.email:
        return None
    typed = replace(request.typed, message="", heard_from="")
    return replace(
        request,
        kind=LeadKind.REGISTRATION_FILE,
        typed=typed,
        request_id=f"{request.request_id}-file",
        contest_session=drawn(sessions, random),
        room_id=None,
    )


def touches_of(way: str, employer: Employer, at: datetime) -> Touches:
    if way in ("", "heard"):
        return Touches()
    touch = Touch(source=way, medium=mediums(employer)[way])
    return Touches(touch, touch, int(at.timestamp()))


@cache
def messages(employer: Employer, year: int) -> list[str]:
    told = employer.part("voices").get("messages", ())  # a small employer has none
    return [message["text"] for message in told if year > 2020 or message["era"] == "any"]


@cache
def heard(employer: Employer, year: int) -> list[str]:
    return [heard["text"] for heard in employer.part("voices")["heard_from"] if (heard["from_year"] or 0) <= year]


@cache
def mediums(employer: Employer) -> dict[str, str]:
    return {source["key"]: source["medium"] for source in employer.told["sources"]}


def notes(employer: Employer) -> list[str]:
    return employer.part("voices")["notes"]
