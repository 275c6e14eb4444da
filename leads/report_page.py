"""What the page of the weekly report shows: one week beside those it is compared with, each figure with its list."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from chat import public as rooms
from leads import charts, reports
from leads.choices import ANY, STEPS_OF_FILES, LeadKind, Posting, Step
from leads.freezing import versions_of
from leads.models import FrozenWeek, Organisation
from leads.report_cells import Cell, Filters, cell, lead_list, of_range
from leads.report_costs import BY_SOURCE
from leads.report_figures import (
    COLUMNS,
    HEADINGS,
    IDF,
    Figures,
    compared_with,
    share,
    short_name,
    week_figures,
    week_heading,
)
from leads.report_forms import WeeklyForm
from leads.report_funnel import STEPS_OF_ALL, visits_of
from leads.report_steering import costs_page, goals_page
from leads.reports import Weekly
from leads.texts import said
from leads.weeks import Span, alike, is_running, week_name, year_before
from recruitment import geography
from recruitment.days import day_in_words

SHOWN = ("region", "source", "room", "contest", "kind", "age_band")
FOLDED = "department"  # a hundred rows: behind its heading
WIDE, NARROW = (560, 190), (330, 194)


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a breakdown: the chosen week, the week before, the same week a year before."""

    key: str
    label: str
    cells: list[Cell]
    share: float | None
    length: str


@dataclass(frozen=True, slots=True)
class Breakdown:
    by: str
    heading: str
    column: str  # what its rows are
    lines: list[Line]
    total: list[Cell]
    aim: str = ""  # the key of the row that is aimed at


def weekly_page(form: WeeklyForm, report: Weekly) -> dict[str, Any]:
    """The context of `leads/reports/weekly.html`."""
    monday, filters = report.last, form.filters()
    compared = compared_with(monday)
    spans = alike(compared, form.now)
    versions = versions_of(compared)
    kept = {} if filters or spans[-1].until else {week: of[-1] for week, of in versions.items() if of}
    aim = Organisation.objects.current().aim_region
    figures = week_figures(spans, filters, aim=aim, newcomers_of={monday} - kept.keys())
    counted = reports.broken_down([*SHOWN, FOLDED], spans, filters)
    cards = {by: breakdown(by, weeks, spans, filters, aim) for by, weeks in counted.items()}
    return {
        "title": _("Leads of the week"),
        "form": form,
        "report": report,
        "week": report.weeks[-1],
        "versions": versions[monday],
        "heading": week_heading(monday),
        "until": form.now if is_running(monday, form.now) else None,
        "names": [week_name(week) for week in compared],
        "short": [short_name(week, monday) for week in compared],
        "aim": aim,
        "where": geography.in_region(aim) if aim else "",
        "keys": _keys(figures, spans, filters, aim) | _people(figures, spans, filters, kept),
        "table": _table(report, form.now, filters),
        "answers": [figure.first_answer for figure in figures],
        "waited": cell(figures[0].answerable, spans[0], filters, wait=ANY),
        "visits": visits_of(spans, filters),
        "questions": None if filters else _questions(spans),
        "steps": _steps(figures, spans, filters),
        "breakdowns": cards,
        "folded": cards[FOLDED],
        "query": urlencode({name: value for name, value in form.data.items() if name != "format" and value}),
        "narrowed": form.narrowed(),
        **costs_page(spans, figures, counted[BY_SOURCE], filters, form.now),
        **goals_page(monday, filters, form.now),
    }


# --- the figures at the top -----------------------------------------------------------------------------------------
def _keys(figures: list[Figures], spans: list[Span], filters: Filters, aim: str) -> dict[str, Any]:
    """Each with the figures of the compared weeks behind it; a share has the leads that it is of."""

    def cells(name: str, **more: str) -> list[Cell]:
        return [cell(getattr(figure, name), span, filters, **more) for figure, span in zip(figures, spans, strict=True)]

    file = {"kind": LeadKind.REGISTRATION_FILE.value}
    keys: dict[str, Any] = {
        "total": cells("total"),
        "information": cells("information", kind=LeadKind.INFORMATION)[0],
        "registration_file": cells("registration_file", **file)[0],
    }
    if aim:
        shares = (figure.residing_share for figure in figures)
        keys["residing"] = [*zip(shares, cells("residing", region=aim), strict=True)]
    if aim == IDF:  # no other region is a kind of posting
        shares = (figure.posted_share for figure in figures)
        keys["posted"] = [*zip(shares, cells("posted", posting=Posting.IDF, **file), strict=True)]
    return keys


def _people(
    figures: list[Figures], spans: list[Span], filters: Filters, kept: Mapping[date, FrozenWeek]
) -> dict[str, Any]:
    """Of a frozen week as kept: an erasure since takes a person from the list, and none from the figure."""

    def told(figure: Figures, span: Span, name: str, people: str) -> Cell:
        frozen = kept.get(figure.monday)
        if frozen and frozen.people != figure.people:
            return Cell(getattr(frozen, name), "")
        return cell(getattr(frozen or figure, name), span, filters, people=people)

    return {
        "people": [told(figure, span, "people", "all") for figure, span in zip(figures, spans, strict=True)],
        "newcomers": told(figures[0], spans[0], "newcomers", "new"),
    }


def _steps(figures: list[Figures], spans: list[Span], filters: Filters) -> list[Line]:
    """How far the requests of each week have come by now, from all of them to the registered."""
    totals = [figure.total for figure in figures]
    asked = [figure.registration_file for figure in figures]
    file = {"kind": LeadKind.REGISTRATION_FILE.value}
    way = [
        ("", _("Requests"), totals, {}),
        *_reached(figures, STEPS_OF_ALL),
        ("", _("For a file"), asked, file),
        *_reached(figures, STEPS_OF_FILES),
    ]
    return [
        Line(
            key,
            label,
            [cell(value, span, filters, **more) for value, span in zip(values, spans, strict=True)],
            None,
            charts.part(values[0], totals[0]),
        )
        for key, label, values, more in way
    ]


def _questions(spans: list[Span]) -> dict[str, Any]:
    """How many were asked in rooms, in each of the weeks, and of the chosen one the topic asked about most."""
    asked = rooms.asked_between([span.moments for span in spans])
    labels = {topic.key: said(topic, "label") for topic in rooms.topics()} if asked[0] else {}
    topic, count = max(((key, asked[0][key]) for key in labels), key=lambda pair: pair[1], default=("", 0))
    totals = [counts.total() for counts in asked]
    return {"asked": totals, "topic": labels.get(topic, ""), "on_topic": count, "share": share(count, totals[0])}


def _reached(figures: list[Figures], steps: Iterable[Step]) -> list[tuple[str, str, list[int], dict[str, str]]]:
    return [
        (step.value, str(step.label), [figure.steps[step] for figure in figures], {"reached": step.value})
        for step in steps
    ]


# --- week by week ---------------------------------------------------------------------------------------------------
def _table(report: Weekly, now: datetime, filters: Filters) -> dict[str, Any]:
    """The weeks of the range as a table and as the two drawings of it, for wide pages and for narrow ones."""
    before = _years_before(report, now)
    counted = {week.monday: week.total for week in reports.weeks_of(list(before.values()), filters=filters)}
    rows = [_week_row(week, before[week.monday], counted, filters, report.last) for week in report.weeks]
    points = [row["point"] for row in rows]
    whole = (report.first, report.last, filters)
    return {
        "rows": rows,
        "wide": charts.columns(points, width=WIDE[0], height=WIDE[1]),
        "narrow": charts.columns(points, width=NARROW[0], height=NARROW[1]),
        "total": of_range(report.total, *whole),
        "information": of_range(sum(w.information for w in report.weeks), *whole, kind=LeadKind.INFORMATION),
        "registration_file": of_range(
            sum(w.registration_file for w in report.weeks), *whole, kind=LeadKind.REGISTRATION_FILE
        ),
    }


def _years_before(report: Weekly, now: datetime) -> dict[date, Span]:
    """Monday of each week -> the same week a year before, or as much of it as has passed of a week in progress."""
    return {week.monday: alike((week.monday, year_before(week.monday)), now)[1] for week in report.weeks}


def _week_row(
    week: reports.Week, before: Span, counted: Mapping[date, int], filters: Filters, last: date
) -> dict[str, Any]:
    span, short, then = Span(week.monday), short_name(week.monday, last), counted[before.monday]
    url = lead_list(span, filters)
    said = _("week of %(day)s: %(total)s") % {"day": day_in_words(week.monday, "j F Y"), "total": week.total}
    return {
        "week": week,
        "short": short,
        "point": charts.Point(short, week.total, then, said, url),
        "total": Cell(week.total, url),
        "information": cell(week.information, span, filters, kind=LeadKind.INFORMATION),
        "registration_file": cell(week.registration_file, span, filters, kind=LeadKind.REGISTRATION_FILE),
        "before": cell(then, before, filters),
    }


# --- breakdowns -----------------------------------------------------------------------------------------------------
def breakdown(by: str, weeks: list[reports.Week], spans: list[Span], filters: Filters, aim: str) -> Breakdown:
    """The rows of the chosen week, the first of `spans`, and of the others; each column adds up to its week's total."""
    counted = [week.rows or [] for week in weeks]
    labels = {row.key: row.label for rows in counted for row in rows}
    columns = [Counter({row.key: row.total for row in rows}) for rows in counted]
    order = sorted(labels, key=lambda key: (-columns[0][key], labels[key]))
    totals = [cell(column.total(), span, filters) for column, span in zip(columns, spans, strict=True)]
    lines = [_line(by, key, labels[key], spans, columns, filters) for key in order]
    return Breakdown(by, HEADINGS[by](), COLUMNS[by](), lines, totals, aim if by == "region" else "")


def _line(by: str, key: str, label: str, spans: list[Span], columns: list[Counter[str]], filters: Filters) -> Line:
    narrower = {**filters, by: key}
    cells = [Cell(column[key], lead_list(span, narrower)) for column, span in zip(columns, spans, strict=True)]
    now, total = columns[0][key], columns[0].total()
    return Line(key, label, cells, share(now, total), charts.part(now, max(columns[0].values(), default=0)))
