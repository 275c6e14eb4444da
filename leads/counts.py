"""The rollup that the weekly report reads: one row per day, dimension, value and kind.

A lead's transaction appends one delta as its last statement: an upsert into shared rows would make leads wait for
each other, and in two orders deadlock. Deltas are folded into the rows later; reads add what is not folded yet.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import Case, CharField, Count, F, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce

from leads.choices import ABROAD, NONE, UNKNOWN, Dimension
from leads.models import CountDelta, DailyCount, Lead
from leads.querysets import LeadQuerySet

FOLD_AT_ONCE = 5000
Key = tuple[str, date, str, str]  # dimension, day, value, kind
Values = tuple[tuple[str, str], ...]  # dimension -> value

# Several writers may fold at once: the row's own value is the one to add to, whatever was read before.
_ADD = """
    INSERT INTO leads_dailycount (dimension, day, value, kind, leads) VALUES (%s, %s, %s, %s, %s)
    ON CONFLICT (dimension, day, value, kind) DO UPDATE SET leads = leads_dailycount.leads + excluded.leads
"""
# Of a lead, in the order of `counted_values`.
_COUNTED_BY = (
    *("region", "department", "is_abroad", "source"),
    *("contest_session__contest", "contest_session", "room", "age_band"),
)


class Counted(NamedTuple):
    """What counts of a lead: its day and kind, `values_of` it as pairs, the id of its person (whom a merge left)."""

    day: date
    kind: str
    values: Values
    person: int | None


def counted_of(lead: Lead) -> Counted:
    """Of a lead with its candidate and session."""
    person = lead.candidate.merged_into_id or lead.candidate.pk if lead.candidate else None
    return Counted(lead.day, lead.kind, tuple(values_of(lead).items()), person)


def counted_among(leads: LeadQuerySet) -> list[Counted]:
    """The same of those of many leads that count. One query."""
    person = Coalesce("candidate__merged_into", "candidate")
    rows = leads.counted().order_by().values_list("day", "kind", person, *_COUNTED_BY)
    return [Counted(day, kind, counted_values(*values), who) for day, kind, who, *values in rows]


def append_deltas(leads: Iterable[Counted], each: int) -> None:
    """Count leads (1) or take them back (-1). `leads.freezing.count_leads` is who calls it, last in a transaction."""
    sums = Counter((lead.day, lead.kind, lead.values) for lead in leads)
    rows = (
        CountDelta(day=day, kind=kind, leads=each * count, **dict(values))
        for (day, kind, values), count in sums.items()
    )
    CountDelta.objects.bulk_create(rows, batch_size=1000)


def values_of(lead: Lead) -> dict[str, str]:
    """The value of each dimension; abroad wins over a postal code."""
    session = lead.contest_session
    return dict(
        counted_values(
            lead.region,
            lead.department,
            lead.is_abroad,
            lead.source_id,
            session.contest_id if session else None,
            lead.contest_session_id,
            lead.room_id,
            lead.age_band,
        )
    )


@lru_cache(5_000)
def counted_values(
    region: str,
    department: str,
    is_abroad: bool,
    source: int | None,
    contest: int | None,
    session: int | None,
    room: int | None,
    age_band: str,
) -> Values:
    """The same as pairs, of the attributes of a lead; of many they repeat."""
    return (
        ("region", ABROAD if is_abroad else region or UNKNOWN),
        ("department", ABROAD if is_abroad else department or UNKNOWN),
        ("source", str(source or UNKNOWN)),
        ("contest", str(contest or NONE)),
        ("session", str(session or NONE)),
        ("room", str(room or NONE)),
        ("age_band", age_band),
    )


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


def counted_per_week(dimensions: Iterable[str], days: Q) -> list[tuple[str, date, str, str, int]]:
    """(dimension, Monday, value, kind, leads), folded or not: one statement, which no fold comes between.

    A row may come twice, once of either. What is not folded has all its values in one row.
    """
    asked = list(dimensions)
    nothing = [Value("", CharField())] * (len(asked) - 1)
    folded = DailyCount.objects.filter(days, dimension__in=asked).per_week(F("dimension"), [F("value"), *nothing])
    added = CountDelta.objects.filter(days).per_week(Value("", CharField()), [F(dimension) for dimension in asked])
    counted: list[tuple[str, date, str, str, int]] = []
    for dimension, monday, kind, *values, leads in folded.union(added, all=True):
        of = [dimension] if dimension else asked
        counted += [(name, monday, value, kind, leads) for name, value in zip(of, values, strict=False)]
    return counted


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
        case Dimension.SESSION:
            return _or("contest_session_id", NONE)
        case Dimension.ROOM:
            return _or("room_id", NONE)
    return F(dimension)


def _or(field: str, otherwise: str) -> Coalesce:
    return Coalesce(Cast(field, CharField()), Value(otherwise))
