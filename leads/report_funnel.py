"""From the visits of a week to the registered of its requests: on the page, in files, in the mail and on paper."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import CharField, Count, F, Q, QuerySet, Subquery, Sum, Value, Window
from django.db.models.functions import Cast, Coalesce, RowNumber, TruncWeek
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from leads.choices import STEPS_OF_FILES, UNKNOWN, Dimension, LeadKind, Step
from leads.cohorts import ANSWERABLE, WAIT, reached
from leads.exports import FIRST_ANSWER, NEWCOMERS, PEOPLE
from leads.models import Source, VisitCount
from leads.reports import Weekly, leads_of
from leads.weeks import Span

VISITS, REQUESTS, FILES = "visits", "total", LeadKind.REGISTRATION_FILE.value
STEPS_OF_ALL = (Step.WAY_KNOWN, Step.ANSWERED)


def with_funnel(report: Weekly, filters: Mapping[str, str]) -> Weekly:
    """The report with the visits of its weeks, their people, and how far and how soon their requests have come by now.

    Five queries. People are as kept where a week is frozen and all its leads are counted.
    """
    spans = [Span(week.monday) for week in report.weeks]
    visits, steps = _visits_per_week(report, filters), steps_of(spans, filters)
    kept = {} if filters else {week.monday: week.frozen for week in report.weeks if week.frozen}
    counted = [span for span in spans if span.monday not in kept]
    people, newcomers = _people_of(counted, filters), _newcomers_of(counted, filters)
    waits = _median_waits(spans, filters)
    for week in report.weeks:
        week.visits, week.steps = visits.get(week.monday), steps[week.monday]
        frozen = kept.get(week.monday)
        week.people = frozen.people if frozen else people.get(week.monday, 0)
        week.newcomers = frozen.newcomers if frozen else newcomers.get(week.monday, 0)
        week.first_answer = waits.get(week.monday)
    return report


def _people_of(spans: Sequence[Span], filters: Mapping[str, str]) -> dict[date, int]:
    return _persons(_weekly(spans, filters).by_person()) if spans else {}


def _newcomers_of(spans: Sequence[Span], filters: Mapping[str, str]) -> dict[date, int]:
    """Those of the people who had sent nothing that counts before their week."""
    return _persons(_weekly(spans, filters).of_newcomers("week")) if spans else {}


def _persons(leads: Any) -> dict[date, int]:
    return dict(leads.values_list("week").annotate(Count("person", distinct=True)))


def _weekly(spans: Sequence[Span], filters: Mapping[str, str]) -> Any:
    """Leads with the Monday of their week, which their type does not know of."""
    return leads_of(spans, filters).order_by().annotate(week=TruncWeek("day"))


def _median_waits(spans: Sequence[Span], filters: Mapping[str, str]) -> dict[date, int | None]:
    """Monday -> seconds until the first answer, as `report_figures` takes their median; None while fewer than half
    have theirs.
    """
    waits = _weekly(spans, filters).filter(ANSWERABLE).annotate(wait=WAIT)
    placed = waits.annotate(
        place=Window(RowNumber(), partition_by=F("week"), order_by=F("wait").asc(nulls_last=True)),
        middle=(Window(Count("pk"), partition_by=F("week")) + 1) / 2,
    )
    middles = placed.filter(place=F("middle")).values_list("week", "wait")
    return {monday: None if wait is None else round(wait.total_seconds()) for monday, wait in middles}


def steps_of(spans: Sequence[Span], filters: Mapping[str, str]) -> dict[date, dict[str, int]]:
    """Monday -> step -> how many of the leads of that week, or part of one, came to it by now. One query."""
    weekly = _weekly(spans, filters).values_list("week")
    counted = weekly.annotate(**{step.value: Count("day", filter=reached(step)) for step in Step})
    steps = {span.monday: dict.fromkeys(Step.values, 0) for span in spans}
    return steps | {monday: dict(zip(Step.values, counts, strict=True)) for monday, *counts in counted}


def visits_of(spans: Sequence[Span], filters: Mapping[str, str]) -> list[int | None]:
    """Visits that began in each of the weeks, or to the end of the hour of what is compared, in one query.

    None where none were counted, and with a filter other than the source: of a visit nothing else is known.
    """
    counts = _visits(filters)
    if counts is None:
        return [None] * len(spans)
    sums = {f"week_{n}": Sum("visits", filter=_hours_of(span)) for n, span in enumerate(spans)}
    return list(counts.filter(day__range=_days(spans)).aggregate(**sums).values())


def _visits_per_week(report: Weekly, filters: Mapping[str, str]) -> dict[date, int]:
    counts = _visits(filters)
    if counts is None:
        return {}
    days = counts.filter(day__range=(report.first, Span(report.last).last))
    return dict(days.annotate(week=TruncWeek("day")).values_list("week").annotate(Sum("visits")))


def _visits(filters: Mapping[str, str]) -> QuerySet[VisitCount] | None:
    if set(filters) - {Dimension.SOURCE.value}:
        return None
    counts = VisitCount.objects.all()
    if key := filters.get(Dimension.SOURCE.value):
        known = Source.objects.filter(key=key).annotate(value=Cast("pk", CharField())).values("value")[:1]
        counts = counts.filter(source=Coalesce(Subquery(known), Value(UNKNOWN)))
    return counts


def _days(spans: Sequence[Span]) -> tuple[date, date]:
    return min(span.monday for span in spans), max(span.last for span in spans)


def _hours_of(span: Span) -> Q:
    days = Q(day__range=(span.monday, span.last))
    if span.until is None:
        return days
    return days & (Q(day__lt=span.last) | Q(hour__lte=timezone.localtime(span.until).hour))


# --- as lines -------------------------------------------------------------------------------------------------------
def funnel_names() -> dict[str, str]:
    """Key of each line of the funnel, from above -> what it is called."""
    return {
        VISITS: _("Visits"),
        REQUESTS: _("Requests"),
        PEOPLE: _("People"),
        **{step.value: str(step.label) for step in STEPS_OF_ALL},
        FILES: _("For a file"),
        **{step.value: str(step.label) for step in STEPS_OF_FILES},
    }


def funnel_lines(data: Mapping[str, Any]) -> Iterator[tuple[str, str, list[int | None]]]:
    """(key, label, figure of each week) of the weekly JSON with its funnel, exact or masked; then what is no step."""
    besides = {
        NEWCOMERS: pgettext("people", "never asked before"),
        FIRST_ANSWER: _("Seconds until the first answer, median"),
    }
    for key, label in (funnel_names() | besides).items():
        yield key, label, [(week["steps"] | week)[key] for week in data["weeks"]]
