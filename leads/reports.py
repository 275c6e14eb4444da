"""What managers read: pure reads, whose figures are those of the lists behind them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date
from functools import reduce
from operator import or_
from typing import Any

from django.apps import apps
from django.db.models import Count, Q
from django.db.models.functions import TruncWeek
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from leads.choices import ABROAD, NONE, UNKNOWN, AgeBand, Dimension, LeadKind
from leads.counts import counted_per_week, lead_value
from leads.freezing import newest_versions
from leads.models import Contest, FrozenWeek, Lead, Source
from leads.querysets import LeadQuerySet
from leads.weeks import DAY, WEEK, week_name
from recruitment import geography

KIND = "kind"
BY = (KIND, *(d.value for d in Dimension if d != Dimension.ALL))
FILTERS = (*BY, "team")
Counted = tuple[date, str, str, int]  # Monday, value, kind, leads
Days = tuple[date, date]  # the first and the last, both in


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
    frozen: FrozenWeek | None = None  # the newest version of it

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
        if self.frozen:
            at = self.frozen.at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
            data["frozen"] = {"version": self.frozen.version, "total": self.frozen.total, "at": at}
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


# --- the report -----------------------------------------------------------------------------------------------------
def weekly(first: date, last: date, *, by: str | None = None, filters: Mapping[str, str] | None = None) -> Weekly:
    """Leads per ISO week from the Monday `first` to the Monday `last`, both in; weeks without leads are zero.

    `by`: one of `BY`; each week then has rows that add up to its total, `unknown`, `abroad` and `none` among them.
    `filters`: of `FILTERS`, to the key that a row of that dimension has (the id for `team`). What is counted is
    read in one statement, so that a fold in between changes nothing. A frozen week has its newest version besides, of
    all its leads whatever the filters.
    """
    mondays = [first + n * WEEK for n in range((last - first).days // 7 + 1)]
    weeks = _weeks(mondays, [(first, last + 6 * DAY)], by, filters or {})
    versions = newest_versions(first, last)
    for week in weeks:
        week.frozen = versions.get(week.monday)
    return Weekly(first, last, weeks)


def weeks_of(mondays: Sequence[date], *, by: str | None = None, filters: Mapping[str, str]) -> list[Week]:
    """The counts of those weeks alone, in one statement, with the same rows in each; none says whether it is frozen."""
    first, last = min(mondays), max(mondays)
    is_whole = last - first == (len(mondays) - 1) * WEEK
    days = [(first, last + 6 * DAY)] if is_whole else [(monday, monday + 6 * DAY) for monday in mondays]
    return _weeks(mondays, days, by, filters)


def _weeks(mondays: Sequence[date], days: list[Days], by: str | None, filters: Mapping[str, str]) -> list[Week]:
    weeks = {monday: Week(monday) for monday in mondays}
    dimension = by if by and by != KIND else Dimension.ALL
    counted = _from_leads(dimension, days, filters) if filters else counted_per_week(dimension, _in(days))
    for monday, value, kind, leads in counted:
        weeks[monday].kinds[kind] += leads
        weeks[monday].values[kind if by == KIND else value] += leads
    if by:
        _add_rows(list(weeks.values()), by)
    return list(weeks.values())


def _in(days: list[Days]) -> Q:
    return reduce(or_, (Q(day__range=each) for each in days))


def leads_of(days: list[Days], filters: Mapping[str, str]) -> LeadQuerySet:
    """The leads that the figures of these days count; of each pair both days are in."""
    leads = Lead.objects.counted().filter(_in(days))
    for name, key in filters.items():
        leads = leads.with_value(name, key)
    return leads


def _from_leads(dimension: str, days: list[Days], filters: Mapping[str, str]) -> Iterable[Counted]:
    weekly = leads_of(days, filters).order_by().annotate(week=TruncWeek("day"), counted=lead_value(dimension))
    return list(weekly.values_list("week", "counted", "kind").annotate(Count("pk")))


def _add_rows(weeks: list[Week], by: str) -> None:
    """The same rows in every week, those with the most leads over all first."""
    overall: Counter[str] = Counter()
    for week in weeks:
        overall.update(week.values)
    named = _names(by, overall)
    order = sorted(named, key=lambda value: (-overall[value], named[value]))
    for week in weeks:
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
