"""What the page of the weekly report shows: one week beside those it is compared with, each figure with its list."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from leads import charts, reports
from leads.choices import LeadKind, Posting, Step
from leads.freezing import newest_versions, versions_of
from leads.models import FrozenWeek
from leads.report_figures import AIM, HEADINGS, Figures, compared_with, short_name, week_figures, week_heading
from leads.report_forms import WeeklyForm
from leads.reports import Weekly
from leads.weeks import WEEK, week_name, year_before

SHOWN = ("region", "source", "room", "contest", "kind", "age_band")
FOLDED = "department"  # a hundred rows: behind its heading
WIDE, NARROW = (560, 190), (330, 194)
Filters = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure and the list that it counts."""

    value: int
    url: str


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a breakdown: the chosen week, the week before, the same week a year before."""

    key: str
    label: str
    cells: list[Cell]
    share: float | None
    length: str

    @property
    def is_aim(self) -> bool:
        return self.key == AIM


@dataclass(frozen=True, slots=True)
class Breakdown:
    by: str
    heading: str
    lines: list[Line]
    total: list[Cell]


def weekly_page(form: WeeklyForm, report: Weekly) -> dict[str, Any]:
    """The context of `leads/reports/weekly.html`."""
    monday, filters = report.last, form.filters()
    weeks = compared_with(monday)
    figures = [week_figures(week, filters) for week in weeks]
    kept = {} if filters else newest_versions(min(weeks), max(weeks))
    return {
        "title": _("Leads of the week"),
        "form": form,
        "report": report,
        "week": report.weeks[-1],
        "versions": versions_of(monday),
        "heading": week_heading(monday),
        "is_running": monday <= timezone.localdate(form.now) < monday + WEEK,
        "names": [week_name(week) for week in weeks],
        "short": [short_name(week, monday) for week in weeks],
        "keys": _keys(figures, filters) | _people(figures, filters, kept),
        "table": _table(report, filters),
        "answers": [figure.first_answer for figure in figures],
        "steps": _steps(figures, filters),
        "breakdowns": {by: breakdown(by, weeks, filters) for by in SHOWN},
        "folded": breakdown(FOLDED, weeks, filters),
        "query": urlencode({name: value for name, value in form.data.items() if name != "format" and value}),
        "narrowed": form.narrowed(),
    }


def lead_list(first: date, last: date, filters: Filters, **more: str) -> str:
    """The address of the list that a figure counts: the weeks from `first` to `last`, both Mondays."""
    weeks = {"from": week_name(first), "to": week_name(last)}
    return f"{reverse('admin:leads_lead_changelist')}?{urlencode(weeks | dict(filters) | more)}"


def _cell(value: int, week: date, filters: Filters, **more: str) -> Cell:
    return _cell_of(value, week, week, filters, **more)


def _cell_of(value: int, first: date, last: date, filters: Filters, **more: str) -> Cell:
    """Without a list where the filters leave nothing of that kind: its address could not say so."""
    is_contrary = any(filters.get(name, key) != key for name, key in more.items())
    return Cell(value, "" if is_contrary else lead_list(first, last, filters, **more))


# --- the figures at the top -----------------------------------------------------------------------------------------
def _keys(figures: list[Figures], filters: Filters) -> dict[str, Any]:
    """Each with the figures of the compared weeks behind it; a share has the leads that it is of."""

    def cells(name: str, **more: str) -> list[Cell]:
        return [_cell(getattr(figure, name), figure.monday, filters, **more) for figure in figures]

    file = {"kind": LeadKind.REGISTRATION_FILE.value}
    return {
        "total": cells("total"),
        "information": cells("information", kind=LeadKind.INFORMATION)[0],
        "registration_file": cells("registration_file", **file)[0],
        "residing": [*zip((f.residing_share for f in figures), cells("residing", region=AIM), strict=True)],
        "posted": [*zip((f.posted_share for f in figures), cells("posted", posting=Posting.IDF, **file), strict=True)],
    }


def _people(figures: list[Figures], filters: Filters, kept: Mapping[date, FrozenWeek]) -> dict[str, Any]:
    """Of a frozen week as kept: an erasure since takes a person from the list, and none from the figure."""

    def cell(figure: Figures, name: str, people: str) -> Cell:
        counted = getattr(figure, name)
        frozen = kept.get(figure.monday)
        if frozen and getattr(frozen, name) != counted:
            return Cell(getattr(frozen, name), "")
        return _cell(counted, figure.monday, filters, people=people)

    return {
        "people": [cell(figure, "people", "all") for figure in figures],
        "newcomers": cell(figures[0], "newcomers", "new"),
    }


def _steps(figures: list[Figures], filters: Filters) -> list[Line]:
    """How far the requests of each week have come by now, from all of them to the registered."""
    totals = [figure.total for figure in figures]
    asked = [figure.registration_file for figure in figures]
    file = {"kind": LeadKind.REGISTRATION_FILE.value}
    way = [
        ("", _("Requests"), totals, {}),
        *_reached(figures, (Step.WAY_KNOWN, Step.ANSWERED)),
        ("", _("For a file"), asked, file),
        *_reached(figures, (Step.SENT, Step.DOWNLOADED, Step.RETURNED, Step.COMPLETE, Step.REGISTERED)),
    ]
    mondays = [figure.monday for figure in figures]
    return [
        Line(
            key,
            label,
            [_cell(value, monday, filters, **more) for value, monday in zip(values, mondays, strict=True)],
            None,
            charts.part(values[0], totals[0]),
        )
        for key, label, values, more in way
    ]


def _reached(figures: list[Figures], steps: Iterable[Step]) -> list[tuple[str, str, list[int], dict[str, str]]]:
    return [
        (step.value, str(step.label), [figure.steps[step] for figure in figures], {"reached": step.value})
        for step in steps
    ]


# --- week by week ---------------------------------------------------------------------------------------------------
def _table(report: Weekly, filters: Filters) -> dict[str, Any]:
    """The weeks of the range as a table and as the two drawings of it, for wide pages and for narrow ones."""
    before = _years_before(report, filters)
    rows = [_week_row(week, before[week.monday], filters, report.last) for week in report.weeks]
    points = [row["point"] for row in rows]
    whole = (report.first, report.last, filters)
    return {
        "rows": rows,
        "wide": charts.columns(points, width=WIDE[0], height=WIDE[1]),
        "narrow": charts.columns(points, width=NARROW[0], height=NARROW[1]),
        "total": _cell_of(report.total, *whole),
        "information": _cell_of(sum(w.information for w in report.weeks), *whole, kind=LeadKind.INFORMATION),
        "registration_file": _cell_of(
            sum(w.registration_file for w in report.weeks), *whole, kind=LeadKind.REGISTRATION_FILE
        ),
    }


def _years_before(report: Weekly, filters: Filters) -> dict[date, int]:
    """Monday of each week -> the leads of the same week a year before."""
    then = {week.monday: year_before(week.monday) for week in report.weeks}
    counted = reports.weeks_of(sorted(set(then.values())), filters=filters)
    totals = {week.monday: week.total for week in counted}
    return {monday: totals[before] for monday, before in then.items()}


def _week_row(week: reports.Week, before: int, filters: Filters, last: date) -> dict[str, Any]:
    monday, short = week.monday, short_name(week.monday, last)
    url = lead_list(monday, monday, filters)
    said = _("week of %(day)s: %(total)s") % {"day": formats.date_format(monday, "j F Y"), "total": week.total}
    return {
        "week": week,
        "point": charts.Point(short, week.total, before, said, url),
        "total": Cell(week.total, url),
        "information": _cell(week.information, monday, filters, kind=LeadKind.INFORMATION),
        "registration_file": _cell(week.registration_file, monday, filters, kind=LeadKind.REGISTRATION_FILE),
        "before": _cell(before, year_before(monday), filters),
    }


# --- breakdowns -----------------------------------------------------------------------------------------------------
def breakdown(by: str, weeks: list[date], filters: Filters) -> Breakdown:
    """The rows of the chosen week, the first of `weeks`, and of the others; each column adds up to its week's total."""
    counted = [week.rows or [] for week in reports.weeks_of(weeks, by=by, filters=filters)]
    labels = {row.key: row.label for rows in counted for row in rows}
    columns = [Counter({row.key: row.total for row in rows}) for rows in counted]
    order = sorted(labels, key=lambda key: (-columns[0][key], labels[key]))
    totals = [_cell(column.total(), week, filters) for column, week in zip(columns, weeks, strict=True)]
    lines = [_line(by, key, labels[key], weeks, columns, filters) for key in order]
    return Breakdown(by, HEADINGS[by](), lines, totals)


def _line(by: str, key: str, label: str, weeks: list[date], columns: list[Counter[str]], filters: Filters) -> Line:
    narrower = {**filters, by: key}
    cells = [_cell(column[key], week, narrower) for column, week in zip(columns, weeks, strict=True)]
    now, total = columns[0][key], columns[0].total()
    return Line(
        key, label, cells, 100 * now / total if total else None, charts.part(now, max(columns[0].values(), default=0))
    )
