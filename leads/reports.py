"""What managers read: pure reads, whose figures are those of the lists behind them."""

from __future__ import annotations

from collections import Counter, defaultdict
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
from leads.cohorts import CAME
from leads.counts import counted_per_week, lead_value
from leads.freezing import newest_versions
from leads.models import Contest, FrozenWeek, Lead, Source
from leads.querysets import LeadQuerySet
from leads.weeks import DAY, WEEK, Span, week_name
from recruitment import geography

KIND = "kind"
BY = (KIND, *(d.value for d in Dimension if d not in (Dimension.ALL, Dimension.SESSION)))
FILTERS = (*BY, "team")
Counted = tuple[date, str, str, int]  # Monday, value, kind, leads


@dataclass(frozen=True)
class Row:
    key: str
    label: str
    total: int
    kinds: Mapping[str, int] = field(default_factory=dict)  # where it counts leads of a week

    def as_data(self) -> dict[str, Any]:
        return {"key": self.key, "label": self.label, "total": self.total}


@dataclass
class Week:
    """One ISO week: its leads by kind, and by the asked dimension where one was asked."""

    monday: date
    kinds: Counter[str] = field(default_factory=Counter)
    kinds_of: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))  # of each value
    rows: list[Row] | None = None
    frozen: FrozenWeek | None = None  # the newest version of it
    cents: int | None = None  # what its sources cost, where that was asked
    visits: int | None = None  # that began in it, where these were asked and counted
    people: int = 0  # who sent its leads, as kept where it is frozen; where that was asked
    newcomers: int = 0  # those of them who never asked before, kept in the same way
    first_answer: int | None = None  # seconds within which half of its requests were answered, by now
    steps: Mapping[str, int] | None = None  # `Step` -> leads that came to it by now, where that was asked

    @property
    def name(self) -> str:
        return week_name(self.monday)

    @property
    def total(self) -> int:
        return sum(self.kinds.values())

    @property
    def values(self) -> Counter[str]:
        return Counter({value: kinds.total() for value, kinds in self.kinds_of.items()})

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
        if self.cents is not None:
            data["cost_cents"] = self.cents
        if self.steps is not None:
            told = {"visits": self.visits, "people": self.people, "newcomers": self.newcomers}
            data |= told | {"first_answer_seconds": self.first_answer, "steps": dict(self.steps)}
        if self.frozen:
            at = self.frozen.at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
            data["frozen"] = {"version": self.frozen.version, "total": self.frozen.total, "at": at}
        if self.rows is not None:
            data["rows"] = [row.as_data() for row in self.rows]
        return data


@dataclass
class Weekly:
    """The report: `first` and `last` are Mondays, every week between them is in `weeks`, oldest first."""

    first: date
    last: date
    weeks: list[Week]
    costs: dict[str, Any] | None = None  # by source, where that was asked

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
            **({} if self.costs is None else {"costs": self.costs}),
        }


# --- the report -----------------------------------------------------------------------------------------------------
def weekly(first: date, last: date, *, by: str | None = None, filters: Mapping[str, str] | None = None) -> Weekly:
    """Leads per ISO week from the Monday `first` to the Monday `last`, both in; weeks without leads are zero.

    `by`: one of `BY`; each week then has rows that add up to its total, `unknown`, `abroad` and `none` among them.
    `filters`: of `FILTERS`, to the key that a row of that dimension has (the id for `team`). What is counted is
    read in one statement, so that a fold in between changes nothing. A frozen week has its newest version besides, of
    all its leads whatever the filters.
    """
    spans = [Span(first + n * WEEK) for n in range((last - first).days // 7 + 1)]
    weeks = weeks_of(spans, by=by or "", filters=filters or {})
    versions = newest_versions(first, last)
    for week in weeks:
        week.frozen = versions.get(week.monday)
    return Weekly(first, last, weeks)


def weeks_of(spans: Sequence[Span], *, by: str = "", filters: Mapping[str, str]) -> list[Week]:
    """The counts of those weeks, or parts of weeks, alone, with the same rows in each; none says whether it is frozen.

    In one statement, and another for the days that have only begun.
    """
    return broken_down([by], spans, filters)[by]


def broken_down(bys: Sequence[str], spans: Sequence[Span], filters: Mapping[str, str]) -> dict[str, list[Week]]:
    """The same by each of several breakdowns, in no more statements; an empty one has no rows."""
    counted = _counted([*{_dimension(by) for by in bys}], spans, filters)
    return {by: _weeks(by, spans, counted[_dimension(by)]) for by in bys}


def _dimension(by: str) -> str:
    return by if by and by != KIND else Dimension.ALL.value


def _weeks(by: str, spans: Sequence[Span], counted: Iterable[Counted]) -> list[Week]:
    weeks = {span.monday: Week(span.monday) for span in spans}
    for monday, value, kind, leads in counted:
        weeks[monday].kinds[kind] += leads
        weeks[monday].kinds_of[kind if by == KIND else value][kind] += leads
    if by:
        _add_rows(list(weeks.values()), by)
    return list(weeks.values())


def by_kind(weeks: Iterable[Week]) -> dict[str, tuple[str, Counter[str]]]:
    """Key of each row -> (label, leads by kind), over all these weeks, which were broken down."""
    kinds: dict[str, tuple[str, Counter[str]]] = {}
    for week in weeks:
        for row in week.rows or []:
            kinds.setdefault(row.key, (row.label, Counter()))[1].update(row.kinds)
    return kinds


def _counted(dimensions: list[str], spans: Sequence[Span], filters: Mapping[str, str]) -> dict[str, list[Counted]]:
    counted: dict[str, list[Counted]] = {dimension: [] for dimension in dimensions}
    begun = [span for span in spans if span.until]
    if filters:
        _add_leads(counted, leads_of(spans, filters))
        return counted
    for dimension, monday, value, kind, leads in counted_per_week(dimensions, _whole_days(spans)):
        counted[dimension].append((monday, value, kind, leads))
    if begun:
        days = reduce(or_, (Q(day=span.last, at__lt=span.until) for span in begun))
        _add_leads(counted, Lead.objects.counted().filter(days))
    return counted


def _add_leads(counted: dict[str, list[Counted]], leads: LeadQuerySet) -> None:
    """Count these leads by all the dimensions in one reading of them."""
    values = {f"by_{dimension}": lead_value(dimension) for dimension in counted}
    weekly = leads.order_by().annotate(week=TruncWeek("day"), **values).values_list("week", "kind", *values)
    for monday, kind, *row in weekly.annotate(Count("pk")):
        for rows, value in zip(counted.values(), row, strict=False):  # behind the values is how many they are
            rows.append((monday, value, kind, row[-1]))


def _whole_days(spans: Sequence[Span]) -> Q:
    """Weeks in a row are one range, which a database reads sooner than many."""
    first, last = min(span.monday for span in spans), max(span.monday for span in spans)
    if last - first == (len(spans) - 1) * WEEK and not any(span.until for span in spans):
        return Q(day__range=(first, last + 6 * DAY))
    ends = ((span, span.last - DAY if span.until else span.last) for span in spans)
    return reduce(or_, (Q(day__range=(span.monday, end)) for span, end in ends))


def leads_of(spans: Sequence[Span], filters: Mapping[str, str]) -> LeadQuerySet:
    """The leads that the figures of these weeks, or parts of weeks, count."""
    leads = Lead.objects.counted().filter(reduce(or_, (_within(span) for span in spans)))
    for name, key in filters.items():
        leads = leads.with_value(name, key)
    return leads


def _within(span: Span) -> Q:
    days = Q(day__range=(span.monday, span.last))
    return days & Q(at__lt=span.until) if span.until else days


def _add_rows(weeks: list[Week], by: str) -> None:
    """The same rows in every week, those with the most leads over all first."""
    values = [week.values for week in weeks]
    overall = sum(values, Counter())
    named = _names(by, overall)
    order = sorted(named, key=lambda value: (-overall[value], named[value]))
    for week, own in zip(weeks, values, strict=True):
        week.rows = [Row(*named[value], own[value], week.kinds_of[value]) for value in order if overall[value]]


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
    return _named(Source.objects.filter(pk__in=ids).values_list("pk", "key", "label", "label_en"))


def source_labels(keys: Iterable[str]) -> dict[str, str]:
    return {s.key: _in_language(s.label, s.label_en) for s in Source.objects.filter(key__in=list(keys))}


def _contests(ids: list[int]) -> dict[str, tuple[str, str]]:
    return _named(Contest.objects.filter(pk__in=ids).values_list("pk", "slug", "title", "title_en"))


def _rooms(ids: list[int]) -> dict[str, tuple[str, str]]:
    rooms = apps.get_model("chat.Room")._default_manager.filter(pk__in=ids)
    return _named(rooms.values_list("pk", "slug", "title", "title_en"))


def _named(rows: Iterable[tuple[int, str, str, str]]) -> dict[str, tuple[str, str]]:
    return {str(pk): (key, _in_language(french, english)) for pk, key, french, english in rows}


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


@dataclass
class RoomLeads:
    """What came of a room: leads and files by `Came`, in its order, and leads by source, those with the most first."""

    leads: dict[str, int]
    files: dict[str, int]
    sources: list[Row]

    @property
    def total(self) -> int:
        return sum(self.leads.values())


def came_of_rooms(room_ids: Iterable[int]) -> dict[int, RoomLeads]:
    """Of each of the rooms, those without any lead included. Three queries, however many rooms."""
    wanted = list(room_ids)
    leads = Lead.objects.counted().filter(room__in=wanted).order_by()
    counted = {name: Count("pk", filter=condition) for name, condition in CAME.items()}
    found: dict[int, RoomLeads] = {pk: RoomLeads(dict.fromkeys(CAME, 0), dict.fromkeys(CAME, 0), []) for pk in wanted}
    for room, kind, *counts in leads.values_list("room", "kind").annotate(**counted):
        for name, count in zip(CAME, counts, strict=True):
            found[room].leads[name] += count
            found[room].files[name] += count if kind == LeadKind.REGISTRATION_FILE else 0
    for room, source, count in _sources_of(leads):
        found[room].sources.append(Row(*source, count))
    return found


def _sources_of(leads: LeadQuerySet) -> list[tuple[int, tuple[str, str], int]]:
    counted = leads.annotate(counted=lead_value(Dimension.SOURCE)).values_list("room", "counted").annotate(Count("pk"))
    rows = list(counted)
    named = _names("source", {value for _room, value, _count in rows})
    told = [(room, named[value], count) for room, value, count in rows]
    return sorted(told, key=lambda row: (row[0], -row[2], row[1][1]))


def answers_by_mail(room_id: int) -> int:
    """How many questions of a room are, or were, to be answered by mail, as their askers agreed."""
    return Lead.objects.counted().filter(room=room_id, answer_agreed_at__isnull=False).count()
