"""Which moves are allowed, and when somebody must be answered by."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from leads.choices import RUNNING_STAGES, ActionKind, FileStatus, LeadKind, Stage

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
_SATURDAY = 5


def may_move(start: str, to: str) -> bool:
    return to in MOVES[start]


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


def working_days_after(now: datetime, days: int) -> datetime:
    """The end of the office day, `days` working days after `now`, in the site's time zone."""
    day = timezone.localdate(now)
    for _ in range(days):
        day = _next_working_day(day)
    return timezone.make_aware(datetime.combine(day, END_OF_DAY))


def _next_working_day(day: date) -> date:
    day += timedelta(days=1)
    while day.weekday() >= _SATURDAY:
        day += timedelta(days=1)
    return day
