"""What was wanted of a week, and how far a session will come by the day on which it closes."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q
from django.utils import timezone

from leads.choices import Dimension, LeadKind
from leads.counts import counted_per_week
from leads.forecasts import Forecast, forecast
from leads.models import ContestSession, Goal
from leads.reports import leads_of
from leads.weeks import WEEK, Span, monday_before
from recruitment import geography

FILE = {"kind": LeadKind.REGISTRATION_FILE.value}
PAST = 60  # weeks that a forecast looks back on


@dataclass(frozen=True, slots=True)
class Reached:
    """A goal and what came of it: requests for the session's file, of that region where it names one."""

    goal: Goal
    count: int

    @property
    def missing(self) -> int:
        return max(self.goal.target - self.count, 0)

    @property
    def region(self) -> str:
        return geography.regions().get(self.goal.region, "")


def goals_of(monday: date, filters: Mapping[str, str]) -> list[Reached]:
    """The goals of a week, in two queries; by `filters` (contest, region) those of one contest or region alone."""
    goals = Goal.objects.filter(monday=monday).select_related("contest_session__contest")
    if contest := filters.get("contest"):
        goals = goals.filter(contest_session__contest__slug=contest)
    if region := filters.get("region"):
        goals = goals.filter(region=region)
    wanted = list(goals.order_by("contest_session__contest", "contest_session", "region"))
    return [Reached(goal, count) for goal, count in zip(wanted, _counts(monday, wanted), strict=True)]


def _counts(monday: date, goals: Sequence[Goal]) -> list[int]:
    sessions = {goal.contest_session_id for goal in goals}
    asked = leads_of([Span(monday)], FILE).filter(contest_session__in=sessions).order_by()
    counted = list(asked.values_list("contest_session", "region").annotate(Count("pk"))) if goals else []
    return [
        sum(n for session, region, n in counted if session == goal.contest_session_id and goal.region in ("", region))
        for goal in goals
    ]


@dataclass(frozen=True, slots=True)
class Outlook:
    """A session's requests for its file: `so_far`, and by its last day if that is known and enough weeks are past."""

    session: ContestSession
    so_far: int
    forecast: Forecast | None


def outlooks(now: datetime) -> list[Outlook]:
    """Of each session that takes registrations, in the order of the contests. Two queries."""
    sessions = list(ContestSession.objects.open_at(now).select_related("contest").order_by("contest", "year"))
    counted = _per_week(sessions)
    return [_outlook(session, counted[session.pk], now) for session in sessions]


def _per_week(sessions: Sequence[ContestSession]) -> dict[int, dict[date, int]]:
    """Session -> Monday -> requests for its file, the running week included."""
    counted: dict[str, Counter[date]] = {str(session.pk): Counter() for session in sessions}
    files = Q(kind=LeadKind.REGISTRATION_FILE)
    for _session, monday, session, _kind, leads in counted_per_week([Dimension.SESSION], files):
        if session in counted:
            counted[session][monday] += leads
    return {session.pk: +counted[str(session.pk)] for session in sessions}


def _outlook(session: ContestSession, weeks: Mapping[date, int], now: datetime) -> Outlook:
    so_far = sum(weeks.values())
    if session.closes_on is None or not weeks:
        return Outlook(session, so_far, None)
    running = monday_before(timezone.localdate(now))
    first = min(weeks)
    past = [weeks.get(first + n * WEEK, 0) for n in range((running - first).days // 7)][-PAST:]
    came = sum(n for monday, n in weeks.items() if monday < running)
    days = (session.closes_on - running).days + 1
    return Outlook(session, so_far, forecast(past, days=days, base=came, at_least=so_far))
