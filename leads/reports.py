"""What managers read: pure reads, whose figures are those of the lists behind them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.apps import apps
from django.db.models import Count
from django.db.models.functions import TruncWeek
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from leads.choices import ABROAD, NONE, UNKNOWN, AgeBand, Dimension, LeadKind
from leads.counts import lead_value
from leads.models import Contest, CountDelta, DailyCount, Lead, Source
from recruitment import geography

WEEKS = 8
WEEK = timedelta(days=7)
KIND = "kind"
BY = (KIND, *(d.value for d in Dimension if d != Dimension.ALL))
FILTERS = (*BY, "team")
Counted = tuple[date, str, str, int]  # Monday, value, kind, leads


@dataclass(frozen=True)
class Row:
    key: str
    label: str
    total: int


@dataclass
class Week:
    """One ISO week: its leads by kind, and by the asked dimension where one was asked."""

    monday: date
    kinds: Counter[str] = field(default_factory=Counter)
    values: Counter[str] = field(default_factory=Counter)
    rows: list[Row] | None = None

    @property
    def name(self) -> str:
        return week_name(self.monday)

    @property
    def total(self) -> int:
        return sum(self.kinds.values())

    @property
    def information(self) -> int:
        return self.kinds[LeadKind.INFORMATION]

    @property
    def registration_file(self) -> int:
        return self.kinds[LeadKind.REGISTRATION_FILE]

    def as_data(self) -> dict[str, Any]:
        data: dict[str, Any] = {
            "week": self.name,
            "starts": self.monday.isoformat(),
            "total": self.total,
            "information": self.information,
            "registration_file": self.registration_file,
        }
        if self.rows is not None:
            data["rows"] = [{"key": row.key, "label": row.label, "total": row.total} for row in self.rows]
        return data


@dataclass
class Weekly:
    """The report: `first` and `last` are Mondays, every week between them is in `weeks`, oldest first."""

    first: date
    last: date
    weeks: list[Week]

    @property
    def total(self) -> int:
        return sum(week.total for week in self.weeks)

    def as_data(self) -> dict[str, Any]:
        """The contract's weekly JSON."""
        return {
            "from": week_name(self.first),
            "to": week_name(self.last),
            "weeks": [week.as_data() for week in self.weeks],
            "total": self.total,
        }


# --- weeks ----------------------------------------------------------------------------------------------------------
def week_name(day: date) -> str:
    """ISO week of a day, as `2026-W47`: the year is the week's own."""
    year, week, _weekday = day.isocalendar()
    return f"{year}-W{week:02}"


def monday_of(name: str) -> date:
    """The Monday of a week like `2026-W47`. Raises ValueError."""
    year, separator, week = name.partition("-W")
    if not (name.isascii() and separator and year.isdecimal() and week.isdecimal() and len(year) == 4):
        raise ValueError(name)
    return date.fromisocalendar(int(year), int(week), 1)


def year_before(monday: date) -> date:
    """The Monday of the same ISO week a year before; of that year's last week where it has no week 53."""
    year, week, _weekday = monday.isocalendar()
    weeks_then = date(year - 1, 12, 28).isocalendar().week  # ISO 8601: 28 December is always in the last week
    return date.fromisocalendar(year - 1, min(week, weeks_then), 1)


def last_weeks(now: datetime, weeks: int = WEEKS) -> tuple[date, date]:
    """First and last Monday of the `weeks` ISO weeks that end with the current one, in the site's time zone."""
    today = timezone.localdate(now)
    last = today - timedelta(days=today.weekday())
    return last - (weeks - 1) * WEEK, last


# --- the report -----------------------------------------------------------------------------------------------------
def weekly(first: date, last: date, *, by: str | None = None, filters: Mapping[str, str] | None = None) -> Weekly:
    """Leads per ISO week from the Monday `first` to the Monday `last`, both in; weeks without leads are zero.

    `by`: one of `BY`; each week then has rows that add up to its total, `unknown`, `abroad` and `none` among them.
    `filters`: of `FILTERS`, to the key that a row of that dimension has (the id for `team`). What is read is one
    statement, so that a fold in between changes nothing.
    """
    weeks = {first + n * WEEK: Week(first + n * WEEK) for n in range((last - first).days // 7 + 1)}
    dimension = by if by and by != KIND else Dimension.ALL
    for monday, value, kind, leads in _counted(dimension, first, last + timedelta(days=6), filters or {}):
        weeks[monday].kinds[kind] += leads
        weeks[monday].values[kind if by == KIND else value] += leads
    report = Weekly(first, last, list(weeks.values()))
    if by:
        _add_rows(report, by)
    return report


def _counted(dimension: str, first: date, last: date, filters: Mapping[str, str]) -> Iterable[Counted]:
    return _from_leads(dimension, first, last, filters) if filters else _from_rollup(dimension, first, last)


def _from_rollup(dimension: str, first: date, last: date) -> Iterable[Counted]:
    folded = DailyCount.objects.filter(dimension=dimension, day__range=(first, last)).per_week("value")
    added = CountDelta.objects.filter(day__range=(first, last)).per_week(dimension)
    return list(folded.union(added, all=True))


def _from_leads(dimension: str, first: date, last: date, filters: Mapping[str, str]) -> Iterable[Counted]:
    leads = Lead.objects.counted().between(first, last)
    for name, key in filters.items():
        leads = leads.with_value(name, key)
    weekly = leads.order_by().annotate(week=TruncWeek("day"), counted=lead_value(dimension))
    return list(weekly.values_list("week", "counted", "kind").annotate(Count("pk")))


def _add_rows(report: Weekly, by: str) -> None:
    """The same rows in every week, those with the most leads over all first."""
    overall: Counter[str] = Counter()
    for week in report.weeks:
        overall.update(week.values)
    named = _names(by, overall)
    order = sorted(named, key=lambda value: (-overall[value], named[value]))
    for week in report.weeks:
        week.rows = [Row(*named[value], week.values[value]) for value in order if overall[value]]


# --- keys and labels ------------------------------------------------------------------------------------------------
def _names(by: str, values: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Value as counted -> (key, label) as shown."""
    without = {UNKNOWN: (UNKNOWN, _("unknown")), ABROAD: (ABROAD, _("abroad")), NONE: (NONE, _("none"))}
    ids = [int(value) for value in values if value.isdecimal() and by in _BY_ID]
    known = _BY_ID[by](ids) if by in _BY_ID else _CODES[by]()
    return {value: known.get(value) or without.get(value) or (value, value) for value in values}


def _codes(labels: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    return {str(code): (str(code), str(label)) for code, label in labels.items()}


def _sources(ids: list[int]) -> dict[str, tuple[str, str]]:
    return {str(s.pk): (s.key, _in_language(s.label, s.label_en)) for s in Source.objects.filter(pk__in=ids)}


def _contests(ids: list[int]) -> dict[str, tuple[str, str]]:
    return {str(c.pk): (c.slug, _in_language(c.title, c.title_en)) for c in Contest.objects.filter(pk__in=ids)}


def _rooms(ids: list[int]) -> dict[str, tuple[str, str]]:
    rooms = apps.get_model("chat.Room")._default_manager.filter(pk__in=ids)
    return {str(room.pk): (room.slug, _in_language(room.title, room.title_en)) for room in rooms}


def _in_language(french: str, english: str) -> str:
    return english if english and (get_language() or "").startswith("en") else french


_BY_ID: dict[str, Callable[[list[int]], dict[str, tuple[str, str]]]] = {
    "source": _sources,
    "contest": _contests,
    "room": _rooms,
}
_CODES: dict[str, Callable[[], dict[str, tuple[str, str]]]] = {
    "region": lambda: _codes(geography.regions()),
    "department": lambda: _codes(geography.departments()),
    "age_band": lambda: _codes(dict(AgeBand.choices)),
    KIND: lambda: _codes(dict(LeadKind.choices)),
}


# --- rooms ----------------------------------------------------------------------------------------------------------
def leads_of_rooms(room_ids: Iterable[int]) -> dict[int, int]:
    """Room id -> leads that came out of it, rooms without any included."""
    wanted = list(room_ids)
    counted = Lead.objects.counted().filter(room__in=wanted).order_by().values_list("room").annotate(Count("pk"))
    return dict.fromkeys(wanted, 0) | dict(counted)


def answers_by_mail(room_id: int) -> int:
    """How many questions of a room are, or were, to be answered by mail, as their askers agreed."""
    return Lead.objects.counted().filter(room=room_id, answer_agreed_at__isnull=False).count()
