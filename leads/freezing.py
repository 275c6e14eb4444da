"""Figures that do not change silently: each week is frozen on the Monday after, and every later change is a version.

A manager's figures of a frozen week are those of its newest version; the first stays beside it, with who changed it,
when and why.
"""

import logging
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from datetime import date, datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Count, Min, Q

from leads.bulk import id_set
from leads.choices import Dimension, LeadKind, Restated
from leads.counts import (
    Counted,
    append_deltas,
    counted_of,
    counted_per_week,
    differences,
    hold_counts,
    rebuild_counts,
)
from leads.models import FrozenWeek, Lead
from leads.progress import restore_progress
from leads.querysets import LeadQuerySet
from leads.weeks import DAY, WEEK, last_frozen, monday_before

logger = logging.getLogger(__name__)
Presence = dict[date, tuple[int, int]]  # Monday -> (of its people, of its newcomers)
NOBODY = (0, 0)
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
    """What is counted of a week at this moment, in the fields of `FrozenWeek`. Three statements."""
    leads = Lead.objects.counted().between(monday, monday + 6 * DAY)
    kinds: Counter[str] = Counter()
    values: dict[str, Counter[str]] = {d: Counter() for d in Dimension.values if d != Dimension.ALL}
    for dimension, _monday, value, kind, count in counted_per_week(Dimension.values, _days(monday)):
        if dimension == Dimension.ALL:
            kinds[kind] += count
        else:
            values[dimension][value] += count
    return {
        "information": kinds[LeadKind.INFORMATION],
        "registration_file": kinds[LeadKind.REGISTRATION_FILE],
        "values": {dimension: dict(+counted) for dimension, counted in values.items()},
        "people": count_people(leads),
        "newcomers": count_newcomers(leads, monday),
    }


def _days(monday: date) -> Q:
    return Q(day__range=(monday, monday + 6 * DAY))


def count_people(leads: LeadQuerySet) -> int:
    """How many sent these leads. An erased person is nobody; who was merged into another counts once with them."""
    return leads.order_by().by_person().aggregate(people=Count("person", distinct=True))["people"]


def count_newcomers(leads: LeadQuerySet, since: date) -> int:
    """How many of those who sent these leads had none that counts before `since`."""
    return leads.order_by().of_newcomers(since).aggregate(people=Count("person", distinct=True))["people"]


# --- later versions -------------------------------------------------------------------------------------------------
def count_lead(lead: Lead, leads: int, *, reason: Restated, actor: User | None, now: datetime) -> None:
    """Count `lead` (1) or take it back (-1), and say so where its week is frozen. Call it last in the transaction."""
    count_leads([counted_of(lead)], leads, reason=reason, actor=actor, now=now)


def count_leads(leads: Sequence[Counted], each: int, *, reason: Restated, actor: User | None, now: datetime) -> None:
    """The same of many at once, with a few statements for each frozen week.

    What one act changes (`actor`, `now` and `reason` are the same) is one version, whatever the number of leads.
    """
    append_deltas(leads, each)  # before the look at versions: a freeze waits for it, or is seen by the look
    by_week: dict[date, list[Counted]] = defaultdict(list)
    for lead in leads:
        by_week[monday_before(lead.day)].append(lead)
    if not by_week or not FrozenWeek.objects.filter(monday__gte=min(by_week)).exists():
        return
    people = _change_of_people(leads, each)
    for monday in sorted({*by_week, *people}):  # one order for all: no deadlock
        if newest := _newest_locked(monday):
            version = _version_of(newest, reason=reason, actor=actor, now=now)
            _count(version, by_week.get(monday, []), each)
            version.people += people.get(monday, NOBODY)[0]
            version.newcomers += people.get(monday, NOBODY)[1]
            version.save()


def _newest_locked(monday: date) -> FrozenWeek | None:
    """The first version, which stays, is the lock of all."""
    versions = FrozenWeek.objects.filter(monday=monday)
    first = versions.filter(version=1).select_for_update(no_key=True).first()
    return versions.order_by("-version").first() if first else None


def _version_of(newest: FrozenWeek, *, reason: Restated, actor: User | None, now: datetime) -> FrozenWeek:
    """The one that this very act has begun, or the next."""
    if newest.at == now and newest.reason == reason and newest.actor_id == (actor.pk if actor else None):
        return newest
    return _next_version(newest, reason=reason, actor=actor, now=now)


def _count(version: FrozenWeek, leads: list[Counted], each: int) -> None:
    for lead in leads:
        setattr(version, lead.kind, getattr(version, lead.kind) + each)
        for dimension, value in lead.values:
            counted = version.values.setdefault(dimension, {})
            counted[value] = counted.get(value, 0) + each


def _next_version(newest: FrozenWeek, *, reason: Restated, actor: User | None, now: datetime) -> FrozenWeek:
    version = deepcopy(newest)
    version.pk, version._state.adding = None, True
    version.version, version.at, version.reason, version.actor = newest.version + 1, now, reason, actor
    return version


def _change_of_people(leads: Sequence[Counted], each: int) -> Presence:
    """What these leads change of the people of weeks, of later ones too: who asked first then did so no more, or again.

    Who is erased stays as counted.
    """
    theirs = Counter((lead.person, monday_before(lead.day)) for lead in leads if lead.person)
    people = {person for person, _monday in theirs}
    after = _asked(Q(candidate__in=id_set(people)) | Q(candidate__merged_into__in=id_set(people))) if people else {}
    before = {person: Counter(after.get(person, {})) for person in people}
    for (person, monday), count in theirs.items():
        before[person][monday] -= each * count
    return _difference(map(_presence, before.values()), map(_presence, after.values()))


# --- people who are one, or two again --------------------------------------------------------------------------------
def presence_of(candidate_id: int) -> Presence:
    """In which weeks the counted leads of somebody, and of those merged into them, make them one of the people."""
    theirs = _asked(Q(candidate=candidate_id) | Q(candidate__merged_into=candidate_id))
    return _presence(theirs.get(candidate_id, {}))


def _asked(whose: Q) -> dict[int, Counter[date]]:
    """Person -> Monday -> how many of their leads count in that week."""
    asked: dict[int, Counter[date]] = defaultdict(Counter)
    days = Lead.objects.counted().filter(whose).order_by().by_person().values_list("person", "day")  # type: ignore[misc]
    for person, day, count in days.annotate(Count("pk")):
        asked[person][monday_before(day)] += count
    return asked


def _presence(weeks: Mapping[date, int]) -> Presence:
    mondays = sorted(monday for monday, count in weeks.items() if count > 0)
    return {monday: (1, int(number == 0)) for number, monday in enumerate(mondays)}


def restate_people(
    before: Iterable[Presence], after: Iterable[Presence], *, reason: Restated, actor: User, now: datetime
) -> None:
    """Say in each frozen week how many people more or less there are after a merge, or after one was undone.

    Only the difference is told: who was erased since the freeze stays as counted.
    """
    for monday, (people, newcomers) in sorted(_difference(before, after).items()):  # one order for all: no deadlock
        if newest := _newest_locked(monday):
            version = _next_version(newest, reason=reason, actor=actor, now=now)
            version.people += people
            version.newcomers += newcomers
            version.save()


def _difference(before: Iterable[Presence], after: Iterable[Presence]) -> Presence:
    people: Counter[date] = Counter()
    newcomers: Counter[date] = Counter()
    for each, presences in ((-1, before), (1, after)):
        for monday, (is_there, is_new) in (item for presence in presences for item in presence.items()):
            people[monday] += each * is_there
            newcomers[monday] += each * is_new
    return {monday: (people[monday], newcomers[monday]) for monday in people if people[monday] or newcomers[monday]}


# --- at night -------------------------------------------------------------------------------------------------------
def compare_counts(now: datetime) -> int:
    """Compare the rollup with the leads, these with timelines, frozen weeks with what is counted; the differences.

    A difference is an error in the log; a wrong rollup is made anew, a frozen week that differs gets a new version.
    """
    wrong = differences()
    if wrong:
        logger.error("counts: %s rows of the rollup differ from the leads and are counted anew", len(wrong))
        rebuild_counts()
    behind = restore_progress()
    if behind:
        logger.error("counts: on %s leads it was not kept how far they have come; they are mended", behind)
    return len(wrong) + behind + len(restate_what_differs(now))


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
        for _all, monday, _value, kind, leads in counted_per_week([Dimension.ALL], days):
            totals[monday, kind] += leads
    return totals


def _differs(version: FrozenWeek, totals: Counter[tuple[date, str]]) -> bool:
    return any(totals[version.monday, kind] != getattr(version, kind) for kind in LeadKind.values)


def newest_versions(first: date = date.min, last: date = date.max) -> dict[date, FrozenWeek]:
    """Monday -> the newest version of each frozen week of that range."""
    versions = FrozenWeek.objects.filter(monday__range=(first, last)).defer("values").order_by("monday", "version")
    return {version.monday: version for version in versions}


def versions_of(mondays: Iterable[date]) -> dict[date, list[FrozenWeek]]:
    """Monday -> the versions of that week, the first first; none while it is not frozen."""
    asked: dict[date, list[FrozenWeek]] = {monday: [] for monday in mondays}
    versions = FrozenWeek.objects.filter(monday__in=asked).defer("values").select_related("actor")
    for version in versions.order_by("monday", "version"):
        asked[version.monday].append(version)
    return asked


@transaction.atomic
def _recount(monday: date, now: datetime) -> None:
    newest = _newest_locked(monday)
    assert newest is not None
    version = _next_version(newest, reason=Restated.RECOUNT, actor=None, now=now)
    for name, figure in counted_figures(monday).items():
        setattr(version, name, figure)
    version.save()
