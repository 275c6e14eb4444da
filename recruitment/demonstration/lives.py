"""What became of invented people: each one's requests and what recruiters did, step by step, up to now."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from leads.choices import ActionKind, ClosedReason, FileStatus, LeadKind, Outcome, Stage
from leads.services.requests import Request

DAY = timedelta(days=1)
HANDLED_WITHIN = 45 * DAY  # whoever is open for longer has been let go
FRESH = 4 * DAY  # within which a request may wait for its first or next step
OFFICE_HOURS = (9, 17)
ANSWERED = "Réponse envoyée par mail."


@dataclass(frozen=True, slots=True)
class Step:
    """`kind`: requested, assigned, called, moved, filed, noted or planned; `what` is the request, outcome, stage…

    `by_staff`: a recruiter did it, not the person or the project.
    """

    at: datetime
    kind: str
    what: Any = None
    text: str = ""
    until: datetime | None = None

    @property
    def by_staff(self) -> bool:
        return self.what not in (FileStatus.SENT, FileStatus.DOWNLOADED) and self.kind != "requested"


@dataclass
class Life:
    """One person's steps in order. `stage` is where they have come to, as the services would have it."""

    random: Random
    now: datetime
    notes: Sequence[str]  # what recruiters may have written down
    steps: list[Step] = field(default_factory=list)
    stage: str = Stage.NEW

    def add(self, at: datetime, kind: str, what: Any = None, **more: Any) -> bool:
        """The step, unless it lies in the future: then the life stops here."""
        if at > self.now:
            return False
        self.steps.append(Step(at, kind, what, **more))
        return True


def live(
    request: Request,
    at: datetime,
    now: datetime,
    random: Random,
    *,
    notes: Sequence[str],
    later: Request | None = None,
    is_archive: bool = False,
) -> list[Step]:
    """The steps of somebody who sent `request` at `at`, and perhaps another one some days later.

    An archive has no open sheet, and nobody who acted by name.
    """
    life = Life(random, now, notes)
    _ask(life, at, request)
    contact = office_time(at + DAY * random.uniform(0.3, 1.6), random)
    if not is_archive and random.random() < (0.85 if at > now - FRESH else 0.99):
        life.add(contact - timedelta(minutes=20), "assigned")
    contact = _calls(life, contact) if request.typed.phone else _written(life, contact)
    if later and life.stage != Stage.CLOSED:
        contact += DAY * random.uniform(1, 8)
        _ask(life, contact, later)
        request = later
    if request.kind == LeadKind.REGISTRATION_FILE:
        contact = _file(life, max(contact, at + DAY))
    _end(life, contact, at, is_archive=is_archive)
    return life.steps


def _ask(life: Life, at: datetime, request: Request) -> None:
    life.add(at, "requested", request)
    if request.kind == LeadKind.REGISTRATION_FILE:
        life.add(at + timedelta(minutes=2), "filed", FileStatus.SENT)


def _calls(life: Life, at: datetime) -> datetime:
    """Up to three attempts, each on another day, until somebody answers; the time of the last step."""
    for _attempt in range(3):
        outcome = life.random.choices(
            [Outcome.REACHED, Outcome.VOICEMAIL, Outcome.NO_ANSWER, Outcome.WRONG_NUMBER], [60, 22, 15, 3]
        )[0]
        if not life.add(at, "called", outcome):
            return at
        if outcome == Outcome.REACHED:
            life.stage = Stage.CONTACTED
            return _after_talking(life, at + timedelta(minutes=life.random.randint(2, 12)))
        if outcome == Outcome.WRONG_NUMBER:
            return at
        at = office_time(at + DAY * life.random.uniform(1, 3), life.random)
    if life.random.random() < 0.6:
        _close(life, at, ClosedReason.UNREACHABLE)
    return at


def _written(life: Life, at: datetime) -> datetime:
    if life.random.random() < 0.8:
        life.add(at, "noted", text=ANSWERED)
        _move(life, at + timedelta(minutes=1), Stage.CONTACTED)
    return at


def _after_talking(life: Life, at: datetime) -> datetime:
    if life.random.random() < 0.25:
        life.add(at, "noted", text=life.random.choice(life.notes))
    chance = life.random.random()
    if chance < 0.55:
        _move(life, at, Stage.QUALIFIED)
    elif chance < 0.65:
        _close(life, at, ClosedReason.NOT_INTERESTED)
    elif chance < 0.72:
        _close(life, at, ClosedReason.NOT_ELIGIBLE)
    return at


def _file(life: Life, at: datetime) -> datetime:
    """How far the registration file came; back with us it makes an applicant, registered a registered one."""
    ways = [
        (FileStatus.DOWNLOADED, 0.8, (0.1, 4)),
        (FileStatus.RETURNED, 0.5, (4, 20)),
        (FileStatus.COMPLETE, 0.85, (1, 6)),
        (FileStatus.REGISTERED, 0.9, (2, 9)),
    ]
    for status, chance, (soonest, latest) in ways:
        then = office_time(at + DAY * life.random.uniform(soonest, latest), life.random)
        if life.stage == Stage.CLOSED or life.random.random() > chance or not life.add(then, "filed", status):
            return at
        at = then
        life.stage = {FileStatus.RETURNED: Stage.APPLYING, FileStatus.REGISTERED: Stage.REGISTERED}.get(
            status, life.stage
        )
    return at


def _end(life: Life, at: datetime, since: datetime, *, is_archive: bool) -> None:
    """Nobody stays open for ever; who is open now has mostly been given a next time."""
    if life.stage in (Stage.CLOSED, Stage.REGISTERED):
        return
    if is_archive or since < life.now - HANDLED_WITHIN:
        then = max(at, since + HANDLED_WITHIN * life.random.uniform(0.5, 0.9))
        reasons = [ClosedReason.NOT_INTERESTED, ClosedReason.WITHDRAWN, ClosedReason.REGISTERED_ELSEWHERE]
        _close(life, office_time(then, life.random), life.random.choice(reasons))
    elif life.stage == Stage.CONTACTED and life.random.random() < 0.3:
        until = office_time(life.now + DAY * life.random.uniform(2, 40), life.random)
        _move(life, at + timedelta(minutes=1), Stage.WAITING, until=until)
    elif life.random.random() < (0.6 if since > life.now - FRESH else 0.99):
        due = office_time(life.now + DAY * life.random.uniform(0, 9), life.random)
        life.add(at + timedelta(minutes=2), "planned", ActionKind.CALL, until=due)


def _move(life: Life, at: datetime, to: Stage, **more: Any) -> None:
    if life.add(at, "moved", to, **more):
        life.stage = to


def _close(life: Life, at: datetime, reason: ClosedReason) -> None:
    if life.add(at, "moved", Stage.CLOSED, text=reason):
        life.stage = Stage.CLOSED


def office_time(at: datetime, random: Random) -> datetime:
    """A moment of office hours on the day of `at`, or on the next working day."""
    local = timezone.localtime(at)
    day = local.date()
    if local.hour >= OFFICE_HOURS[1]:
        day += DAY
    while day.weekday() > 4:
        day += DAY
    start, end = OFFICE_HOURS
    moment = time(random.randrange(start, end), random.randrange(60), random.randrange(60))
    return max(at, timezone.make_aware(datetime.combine(day, moment)))
