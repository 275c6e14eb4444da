"""Which moves are allowed, and when somebody must be answered by."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from leads.batch_words import Why
from leads.choices import OPEN_STAGES, RUNNING_STAGES, ActionKind, ClosedReason, FileStatus, LeadKind, Stage
from recruitment.holidays import is_working_day

MOVES: dict[str, frozenset[str]] = {
    Stage.NEW: frozenset({Stage.CONTACTED, Stage.QUALIFIED, Stage.APPLYING, Stage.WAITING, Stage.CLOSED}),
    Stage.CONTACTED: frozenset({Stage.QUALIFIED, Stage.APPLYING, Stage.WAITING, Stage.CLOSED}),
    Stage.QUALIFIED: frozenset({Stage.CONTACTED, Stage.APPLYING, Stage.WAITING, Stage.CLOSED}),
    Stage.APPLYING: frozenset({Stage.QUALIFIED, Stage.REGISTERED, Stage.WAITING, Stage.CLOSED}),
    Stage.REGISTERED: frozenset({Stage.APPLYING, Stage.CLOSED}),
    Stage.WAITING: frozenset({*RUNNING_STAGES, Stage.CLOSED}),
    Stage.CLOSED: frozenset({Stage.NEW, Stage.CONTACTED}),
}
FILE_MOVES: dict[str, frozenset[str]] = {
    FileStatus.REQUESTED: frozenset({FileStatus.SENT, FileStatus.DOWNLOADED, FileStatus.RETURNED, FileStatus.CLOSED}),
    FileStatus.SENT: frozenset({FileStatus.DOWNLOADED, FileStatus.RETURNED, FileStatus.CLOSED}),
    FileStatus.DOWNLOADED: frozenset({FileStatus.RETURNED, FileStatus.CLOSED}),
    FileStatus.RETURNED: frozenset({FileStatus.INCOMPLETE, FileStatus.COMPLETE, FileStatus.CLOSED}),
    FileStatus.INCOMPLETE: frozenset({FileStatus.RETURNED, FileStatus.COMPLETE, FileStatus.CLOSED}),
    FileStatus.COMPLETE: frozenset({FileStatus.INCOMPLETE, FileStatus.REGISTERED, FileStatus.CLOSED}),
    FileStatus.REGISTERED: frozenset({FileStatus.CLOSED}),
    FileStatus.CLOSED: frozenset({FileStatus.REQUESTED}),
}
UNREACHABLE_ATTEMPTS = 3
UNREACHABLE_DAYS = 2
ANSWER_WITHIN = {LeadKind.INFORMATION: 2, LeadKind.REGISTRATION_FILE: 1}  # working days
END_OF_DAY = time(17, 30)
ALERT_BEFORE = timedelta(hours=2)  # before a first answer is late


def may_move(start: str, to: str) -> bool:
    return to in MOVES[start]


def why_not_move(
    start: str,
    to: str,
    *,
    now: datetime,
    reason: str = "",
    until: datetime | None = None,
    attempts: Callable[[], Iterable[datetime]] = tuple,
) -> Why | None:
    """Why somebody may not go from one stage to another; None where they may. `attempts`: to call in vain."""
    if not may_move(start, to):
        return Why.NO_WAY
    if to == Stage.CLOSED and reason not in ClosedReason.values:
        return Why.NO_REASON
    if to == Stage.WAITING and (until is None or until <= now):
        return Why.NO_DAY
    if reason == ClosedReason.UNREACHABLE and not is_unreachable(attempts()):
        return Why.ATTEMPTS
    return None


def why_not_plan(stage: str, action: str) -> Why | None:
    """Why this is not what is to do next for somebody in that stage."""
    if stage not in OPEN_STAGES:
        return Why.IS_CLOSED
    return Why.WAITS if (stage == Stage.WAITING) != (action == ActionKind.RESUME) else None


def may_move_file(start: str, to: str) -> bool:
    return to in FILE_MOVES[start]


def is_unreachable(failed_attempts: Iterable[datetime]) -> bool:
    """Three attempts, on two days at least."""
    attempts = list(failed_attempts)
    days = {timezone.localdate(at) for at in attempts}
    return len(attempts) >= UNREACHABLE_ATTEMPTS and len(days) >= UNREACHABLE_DAYS


def first_action(kind: str, *, by_mail: bool, now: datetime) -> tuple[ActionKind, datetime]:
    """What a new request asks of the recruiter, and by when."""
    action = ActionKind.WRITE if by_mail and kind == LeadKind.INFORMATION else ActionKind.CALL
    return action, working_days_after(now, ANSWER_WITHIN[LeadKind(kind)])


def is_soon_late(stage: str, at: datetime | None, now: datetime) -> bool:
    """Whether somebody new must be answered within `ALERT_BEFORE`."""
    return stage == Stage.NEW and at is not None and now <= at <= now + ALERT_BEFORE


def working_days_after(now: datetime, days: int) -> datetime:
    """The end of the office day, `days` working days after `now`, in the site's time zone."""
    day = timezone.localdate(now)
    for _ in range(days):
        day = _next_working_day(day)
    return end_of_office_day(day)


def end_of_office_day(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, END_OF_DAY))


def _next_working_day(day: date) -> date:
    day += timedelta(days=1)
    while not is_working_day(day):
        day += timedelta(days=1)
    return day
