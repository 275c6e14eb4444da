"""Figures that do not change silently: each week is frozen on the Monday after, and every later change is a version.

A manager's figures of a frozen week are those of its newest version; the first stays beside it, with who changed it,
when and why.
"""

import logging
from collections import Counter
from collections.abc import Iterable
from copy import deepcopy
from datetime import date, datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Count, Max, Min, Q

from leads.choices import Dimension, LeadKind, Restated
from leads.counts import (
    append_delta,
    counted_between,
    counted_per_week,
    differences,
    hold_counts,
    rebuild_counts,
    values_of,
)
from leads.models import FrozenWeek, Lead
from leads.querysets import LeadQuerySet
from leads.weeks import DAY, WEEK, last_frozen, monday_before

logger = logging.getLogger(__name__)
NOTHING: dict[str, Any] = {"information": 0, "registration_file": 0, "people": 0, "newcomers": 0, "values": {}}


# --- the first version ----------------------------------------------------------------------------------------------
def freeze_due_weeks(now: datetime) -> list[date]:
    """Freeze what is to be frozen by `now`, from the week of the first lead on; the Mondays. Twice does no harm."""
    due = _due_mondays(now)
    for monday in _freeze_empty(due, now) if due else []:
        _freeze(monday, now)
    return due


@transaction.atomic
def _freeze_empty(due: list[date], now: datetime) -> list[date]:
    """Freeze the weeks without a lead, which need no counting: years may lie between two campaigns. The others."""
    hold_counts()
    with_leads = set(Lead.objects.between(due[0], due[-1] + 6 * DAY).dates("day", "week"))
    _keep([FrozenWeek(monday=monday, version=1, at=now, **NOTHING) for monday in due if monday not in with_leads])
    return [monday for monday in due if monday in with_leads]


@transaction.atomic
def _freeze(monday: date, now: datetime) -> None:
    hold_counts()
    _keep([FrozenWeek(monday=monday, version=1, at=now, **counted_figures(monday))])


def _due_mondays(now: datetime) -> list[date]:
    first = Lead.objects.counted().aggregate(first=Min("day"))["first"]
    if first is None:
        return []
    frozen = set(FrozenWeek.objects.filter(version=1).values_list("monday", flat=True))
    start, end = monday_before(first), last_frozen(now)
    mondays = (start + n * WEEK for n in range((end - start).days // 7 + 1))
    return [monday for monday in mondays if monday not in frozen]


def _keep(weeks: list[FrozenWeek]) -> None:
    """Unless another process has just frozen them."""
    FrozenWeek.objects.bulk_create(weeks, ignore_conflicts=True)


def counted_figures(monday: date) -> dict[str, Any]:
    """What is counted of a week at this moment, in the fields of `FrozenWeek`. Two statements."""
    kinds: Counter[str] = Counter()
    values: dict[str, Counter[str]] = {d: Counter() for d in Dimension.values if d != Dimension.ALL}
    for dimension, value, kind, leads in counted_between(monday, monday + 6 * DAY):
        if dimension == Dimension.ALL:
            kinds[kind] += leads
        else:
            values[dimension][value] += leads
    return {
        "information": kinds[LeadKind.INFORMATION],
        "registration_file": kinds[LeadKind.REGISTRATION_FILE],
        "values": {dimension: dict(+counted) for dimension, counted in values.items()},
        **people_of(Lead.objects.counted().between(monday, monday + 6 * DAY), monday),
    }


def people_of(leads: LeadQuerySet, since: date) -> dict[str, int]:
    """`people`: how many sent these leads; `newcomers`: of them those without a counted lead before `since`.

    An erased person is nobody; who was merged into another counts once with them.
    """
    newcomers = Count("person", distinct=True, filter=Q(pk__in=leads.of_newcomers(since).order_by().values("pk")))
    return leads.order_by().by_person().aggregate(people=Count("person", distinct=True), newcomers=newcomers)


# --- later versions -------------------------------------------------------------------------------------------------
def count_lead(lead: Lead, leads: int, *, reason: Restated, actor: User | None, now: datetime) -> None:
    """Count `lead` (1) or take it back (-1), and say so where its week is frozen. Call it last in the transaction.

    What one act changes (`actor`, `now` and `reason` are the same) is one version, whatever the number of leads.
    """
    append_delta(lead, leads)  # before the look at versions: a freeze waits for it, or is seen by the look
    if newest := _newest_locked(monday_before(lead.day)):
        _restate(newest, lead, leads, reason=reason, actor=actor, now=now)


def _newest_locked(monday: date) -> FrozenWeek | None:
    """The first version, which stays, is the lock of all."""
    versions = FrozenWeek.objects.filter(monday=monday)
    first = versions.filter(version=1).select_for_update(no_key=True).first()
    return versions.order_by("-version").first() if first else None


def _restate(
    newest: FrozenWeek, lead: Lead, leads: int, *, reason: Restated, actor: User | None, now: datetime
) -> None:
    version = newest
    if not (newest.at == now and newest.reason == reason and newest.actor_id == (actor.pk if actor else None)):
        version = _next_version(newest, reason=reason, actor=actor, now=now)
    setattr(version, lead.kind, getattr(version, lead.kind) + leads)
    for dimension, value in values_of(lead).items():
        counted = version.values.setdefault(dimension, {})
        counted[value] = counted.get(value, 0) + leads
    _change_people(version, lead, leads)
    version.save()


def _next_version(newest: FrozenWeek, *, reason: Restated, actor: User | None, now: datetime) -> FrozenWeek:
    version = deepcopy(newest)
    version.pk, version._state.adding = None, True
    version.version, version.at, version.reason, version.actor = newest.version + 1, now, reason, actor
    return version


def _change_people(version: FrozenWeek, lead: Lead, leads: int) -> None:
    """One person more or less, unless another of their leads counts in that week. Who is erased stays as counted."""
    if lead.candidate is None:
        return
    person = lead.candidate.merged_into_id or lead.candidate.pk
    theirs = (
        Lead.objects.counted()
        .exclude(pk=lead.pk)
        .filter(Q(candidate=person) | Q(candidate__merged_into=person), day__lte=version.monday + 6 * DAY)
    )
    earliest, latest = theirs.aggregate(first=Min("day"), last=Max("day")).values()
    if latest is None or latest < version.monday:
        version.people += leads
        version.newcomers += leads if earliest is None else 0


# --- at night -------------------------------------------------------------------------------------------------------
def compare_counts(now: datetime) -> int:
    """Compare the rollup with the leads, and frozen weeks with what is counted; how many rows differed.

    A difference is an error in the log; a wrong rollup is made anew, a frozen week that differs gets a new version.
    """
    wrong = differences()
    if wrong:
        logger.error("counts: %s rows of the rollup differ from the leads and are counted anew", len(wrong))
        rebuild_counts()
    return len(wrong) + len(restate_what_differs(now))


def restate_what_differs(now: datetime) -> list[date]:
    """Compare the newest version of each frozen week with what is counted; a difference is alerted and restated.

    The Mondays that differed: something counted leads without `count_lead`, or a change and the freeze met.
    """
    newest = newest_versions()
    totals = _counted_totals(newest)
    differing = [monday for monday, version in newest.items() if _differs(version, totals)]
    for monday in differing:
        logger.error("counts: the frozen week of %s had another count and is restated", monday)
        _recount(monday, now)
    return differing


def _counted_totals(mondays: Iterable[date]) -> Counter[tuple[date, str]]:
    """(Monday, kind) -> leads, from the first of the weeks to the last."""
    totals: Counter[tuple[date, str]] = Counter()
    if asked := sorted(mondays):
        days = Q(day__range=(asked[0], asked[-1] + 6 * DAY))
        for monday, _value, kind, leads in counted_per_week(Dimension.ALL, days):
            totals[monday, kind] += leads
    return totals


def _differs(version: FrozenWeek, totals: Counter[tuple[date, str]]) -> bool:
    return any(totals[version.monday, kind] != getattr(version, kind) for kind in LeadKind.values)


def newest_versions(first: date = date.min, last: date = date.max) -> dict[date, FrozenWeek]:
    """Monday -> the newest version of each frozen week of that range."""
    versions = FrozenWeek.objects.filter(monday__range=(first, last)).defer("values").order_by("monday", "version")
    return {version.monday: version for version in versions}


def versions_of(monday: date) -> list[FrozenWeek]:
    """The versions of one week, the first first; none while it is not frozen."""
    return list(FrozenWeek.objects.filter(monday=monday).select_related("actor"))


@transaction.atomic
def _recount(monday: date, now: datetime) -> None:
    newest = _newest_locked(monday)
    assert newest is not None
    version = _next_version(newest, reason=Restated.RECOUNT, actor=None, now=now)
    for name, figure in counted_figures(monday).items():
        setattr(version, name, figure)
    version.save()
