"""The rollup that the weekly report reads: one row per day, dimension, value and kind.

A lead's transaction appends one delta as its last statement: an upsert into shared rows would make leads wait for
each other, and in two orders deadlock. Deltas are folded into the rows later; reads add what is not folded yet.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date

from django.db import connection, transaction
from django.db.models import Case, CharField, Count, F, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce

from leads.choices import ABROAD, NONE, UNKNOWN, Dimension
from leads.models import CountDelta, DailyCount, Lead

FOLD_AT_ONCE = 5000
Key = tuple[str, date, str, str]  # dimension, day, value, kind

# Several writers may fold at once: the row's own value is the one to add to, whatever was read before.
_ADD = """
    INSERT INTO leads_dailycount (dimension, day, value, kind, leads) VALUES (%s, %s, %s, %s, %s)
    ON CONFLICT (dimension, day, value, kind) DO UPDATE SET leads = leads_dailycount.leads + excluded.leads
"""


def append_delta(lead: Lead, leads: int) -> None:
    """Count `lead` (1) or take it back (-1). `leads.freezing.count_lead` is who calls it, last in a transaction."""
    CountDelta.objects.create(day=lead.day, kind=lead.kind, leads=leads, **values_of(lead))


def values_of(lead: Lead) -> dict[str, str]:
    """The value of each dimension; abroad wins over a postal code."""
    session = lead.contest_session
    return {
        "region": ABROAD if lead.is_abroad else lead.region or UNKNOWN,
        "department": ABROAD if lead.is_abroad else lead.department or UNKNOWN,
        "source": str(lead.source_id or UNKNOWN),
        "contest": str(session.contest_id) if session else NONE,
        "room": str(lead.room_id or NONE),
        "age_band": lead.age_band,
    }


@transaction.atomic
def fold_counts(limit: int = FOLD_AT_ONCE) -> int:
    """Move deltas into the days' rows; how many. Safe to run by several at once: each takes deltas nobody holds."""
    deltas = list(CountDelta.objects.select_for_update(skip_locked=True).order_by("pk")[:limit])
    sums: Counter[Key] = Counter()
    for delta in deltas:
        for dimension in Dimension.values:
            sums[dimension, delta.day, getattr(delta, dimension), delta.kind] += delta.leads
    _add(sums)
    CountDelta.objects.filter(pk__in=[delta.pk for delta in deltas]).delete()
    return len(deltas)


def _add(sums: Counter[Key]) -> None:
    rows = [(*key, leads) for key, leads in sorted(sums.items()) if leads]  # one order for all: no deadlock
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(_ADD, rows)


def counted_per_week(dimension: str, days: Q) -> list[tuple[date, str, str, int]]:
    """(Monday, value, kind, leads), folded or not: one statement, which no fold comes between; a row may come twice."""
    folded = DailyCount.objects.filter(days, dimension=dimension).per_week("value")
    return list(folded.union(CountDelta.objects.filter(days).per_week(dimension), all=True))


def counted_between(first: date, last: date) -> list[tuple[str, str, str, int]]:
    """(dimension, value, kind, leads) of these days, folded or not: one statement, which no fold comes between."""
    days = {"day__range": (first, last)}
    folded = DailyCount.objects.filter(**days).per_value(F("dimension"), "value")
    added = [CountDelta.objects.filter(**days).per_value(Value(d), d) for d in Dimension.values]
    return list(folded.union(*added, all=True))


def hold_counts() -> None:
    """Until the transaction ends no lead is counted or taken back, and those begun before have ended."""
    if connection.vendor == "postgresql":  # SQLite has one writer at a time
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE leads_countdelta IN EXCLUSIVE MODE")


@transaction.atomic
def rebuild_counts() -> int:
    """Make the rollup anew from the leads; the number of rows. Leads that arrive meanwhile wait for it to end."""
    hold_counts()
    CountDelta.objects.all().delete()
    DailyCount.objects.all().delete()
    rows = [row for dimension in Dimension.values for row in _counted(dimension)]
    DailyCount.objects.bulk_create(rows, batch_size=1000)
    return len(rows)


def differences() -> dict[Key, int]:
    """(dimension, day, value, kind) -> how many leads too many the rollup has there; empty where all is right.

    Of each dimension rollup, deltas and leads are read in one statement, so that it may run while leads come in.
    """
    found: dict[Key, int] = {}
    for dimension in Dimension.values:
        sums: Counter[tuple[date, str, str]] = Counter()
        for day, value, kind, leads in _all_sides(dimension):
            sums[day, value, kind] += leads
        found |= {(dimension, *key): leads for key, leads in sums.items() if leads}
    return found


def _all_sides(dimension: str) -> Iterable[tuple[date, str, str, int]]:
    """What is counted, and what is there as a negative number: it adds up to nothing."""
    folded = DailyCount.objects.filter(dimension=dimension).per_day("value")
    return list(folded.union(CountDelta.objects.per_day(dimension), _leads_per_day(dimension, -Count("pk")), all=True))


def _leads_per_day(dimension: str, counted: Combinable) -> QuerySet:
    days = Lead.objects.counted().order_by().annotate(counted=lead_value(dimension))
    return days.values_list("day", "counted", "kind").annotate(leads=counted)


def _counted(dimension: str) -> Iterable[DailyCount]:
    for day, value, kind, leads in _leads_per_day(dimension, Count("pk")):
        yield DailyCount(dimension=dimension, day=day, value=value, kind=kind, leads=leads)


def lead_value(dimension: str) -> Case | Coalesce | F | Value:
    """`values_of` as an expression over leads."""
    match dimension:
        case Dimension.ALL:
            return Value("")
        case Dimension.REGION | Dimension.DEPARTMENT:
            known = When(~Q(**{dimension: ""}), then=F(dimension))
            return Case(When(is_abroad=True, then=Value(ABROAD)), known, default=Value(UNKNOWN))
        case Dimension.SOURCE:
            return _or("source_id", UNKNOWN)
        case Dimension.CONTEST:
            return _or("contest_session__contest_id", NONE)
        case Dimension.ROOM:
            return _or("room_id", NONE)
    return F(dimension)


def _or(field: str, otherwise: str) -> Coalesce:
    return Coalesce(Cast(field, CharField()), Value(otherwise))
