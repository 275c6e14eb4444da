"""All periodic work, in one table: the housekeeping thread, Celery and `tick` run what of it is due."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.contrib.sessions.backends.db import SessionStore
from django.db.models import Q
from django.utils import timezone

from chat import public as rooms
from chat import services as room_services
from leads import public as follow_up
from recruitment import demonstration
from recruitment.models import JobRun

NEVER = datetime(2000, 1, 1, tzinfo=UTC)
LAPSE = timedelta(minutes=15)  # longer than any job takes: a claim not done by then means a crash


@dataclass(frozen=True, slots=True)
class Job:
    """`run(now)` once in each period; `period(now)` is when the current one began."""

    name: str
    period: Callable[[datetime], datetime]
    run: Callable[[datetime], object]


def every(length: timedelta) -> Callable[[datetime], datetime]:
    return lambda now: now - (now - NEVER) % length


def daily(hour: int) -> Callable[[datetime], datetime]:
    """Each day at this hour of the site's time zone."""

    def period(now: datetime) -> datetime:
        local = timezone.localtime(now)
        # fold: of an hour that comes twice, the first. Both sides local: wall clocks are compared.
        start = local.replace(hour=hour, minute=0, second=0, microsecond=0, fold=0)
        return (start if start <= local else start - timedelta(days=1)).astimezone(UTC)

    return period


def forget_sessions(now: datetime) -> None:
    SessionStore.clear_expired()


def look_for_duplicates(now: datetime) -> None:
    """What rows loaded in bulk share; the services look at once."""
    follow_up.rebuild_duplicates(now=now)


JOBS = (
    # Before the rooms' own times are kept: a demonstration that slept is moved on, not opened and closed.
    Job("keep_demo", every(timedelta(minutes=5)), demonstration.keep),
    Job("demo_traffic", every(demonstration.EVERY), demonstration.send_traffic),
    Job("follow_up", every(timedelta(minutes=1)), follow_up.housekeeping),
    Job("freeze_weeks", every(timedelta(minutes=10)), follow_up.freeze_due_weeks),
    Job("monday_mail", every(timedelta(minutes=10)), follow_up.post_weekly_mails),
    Job("compare_counts", daily(hour=4), follow_up.compare_counts),
    Job("look_for_duplicates", daily(hour=3), look_for_duplicates),
    Job("keep_time", every(timedelta(minutes=1)), room_services.keep_time),
    Job("end_guest_access", every(timedelta(hours=1)), room_services.end_guest_access),
    Job("keep_times", daily(hour=4), follow_up.keep_times),
    Job("purge_rooms", daily(hour=4), rooms.purge),
    Job("forget_sessions", daily(hour=4), forget_sessions),
)


def run_due(now: datetime, jobs: Iterable[Job] = JOBS) -> list[str]:
    """Run what is due and nobody else has taken; the names of what ran. What a job raises comes through."""
    return [job.name for job in jobs if run_if_due(job, now)]


def run_if_due(job: Job, now: datetime) -> bool:
    if not claim(job, now):
        return False
    job.run(now)
    JobRun.objects.filter(job=job.name).update(done_at=timezone.now())
    return True


def claim(job: Job, now: datetime) -> bool:
    """Take the job's current period; False where somebody has it. A claim that was never done lapses."""
    JobRun.objects.bulk_create([JobRun(job=job.name, period_at=NEVER)], ignore_conflicts=True)
    period = job.period(now)
    crashed = Q(period_at=period, done_at__isnull=True, claimed_at__lt=now - LAPSE)
    free = JobRun.objects.filter(Q(period_at__lt=period) | crashed, job=job.name)
    return free.update(period_at=period, claimed_at=now, done_at=None) == 1
