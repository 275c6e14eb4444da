"""What a request, a file and a registered candidate cost, by source, beside the press."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _

from leads.choices import UNKNOWN, LeadKind, Step
from leads.cohorts import reached
from leads.costs import cents_of_sources, cents_of_weeks
from leads.models import PressLine
from leads.reports import Week, Weekly, by_kind, leads_of, source_labels
from leads.weeks import Span, is_running

BY_SOURCE = "source"


@dataclass(frozen=True, slots=True)
class SourceCost:
    """`cents` None where no cost was entered for these days. `registered`: of these leads, those who are by now."""

    key: str
    label: str
    cents: int | None
    leads: int
    files: int
    registered: int

    @property
    def per_lead(self) -> int | None:
        return each(self.cents, self.leads)

    @property
    def per_file(self) -> int | None:
        return each(self.cents, self.files)

    @property
    def per_registered(self) -> int | None:
        return each(self.cents, self.registered)

    def as_data(self) -> dict[str, Any]:
        return {
            "key": self.key,
            "label": self.label,
            "cost_cents": self.cents,
            "leads": self.leads,
            "files": self.files,
            "registered": self.registered,
            "per_lead_cents": self.per_lead,
            "per_file_cents": self.per_file,
            "per_registered_cents": self.per_registered,
        }


@dataclass(frozen=True, slots=True)
class Costs:
    rows: list[SourceCost]
    total: SourceCost
    press: PressLine | None

    def as_data(self) -> dict[str, Any]:
        press = self.press
        return {
            "sources": [row.as_data() for row in self.rows],
            "total": self.total.as_data(),
            "press": press
            and {
                "since": press.since.isoformat(),
                "per_lead_cents": press.per_lead,
                "per_file_cents": press.per_file,
                "per_registered_cents": press.per_registered,
            },
        }


def each(cents: int | None, count: int) -> int | None:
    """Cents for one of so many, rounded half up; None of nothing."""
    return None if cents is None or not count else (2 * cents + count) // (2 * count)


def with_costs(report: Weekly, filters: Mapping[str, str], now: datetime, *, by: str = "") -> Weekly:
    """The report with what its weeks cost, if they did, and by source with the costs of all its weeks by source.

    Costs are known by source alone: with another filter there are none. One query, by source four.
    """
    if set(filters) - {BY_SOURCE}:
        return report
    spans = [paid_part(Span(week.monday), now) for week in report.weeks]
    spent = cents_of_weeks(spans, filters.get(BY_SOURCE, ""))
    if any(spent.values()):  # else there is nothing to tell
        for week in report.weeks:
            week.cents = spent[week.monday]
    if by == BY_SOURCE:
        report.costs = costs_of(spans, report.weeks, filters.get(BY_SOURCE, "")).as_data()
    return report


def paid_part(span: Span, now: datetime) -> Span:
    """Of a week in progress the days until now are paid."""
    return Span(span.monday, now) if span.until is None and is_running(span.monday, now) else span


def costs_of(spans: Sequence[Span], weeks: Iterable[Week], source: str = "") -> Costs:
    """Costs of these weeks by source, those with the most leads first; of one source (its key) alone where it is named.

    `weeks` are the counts of `spans`, broken down by source. The press line is the one of the last day.
    """
    counted = by_kind(weeks)
    cents = {key: spent for key, spent in cents_of_sources(spans).items() if source in ("", key)}
    labels = source_labels(cents.keys() - counted.keys()) | {key: label for key, (label, _kinds) in counted.items()}
    registered = registered_of(spans)
    rows = [_row(key, label, cents, counted, registered) for key, label in labels.items()]
    rows.sort(key=lambda row: (-row.leads, row.label))
    return Costs(rows, _total(rows), PressLine.objects.on(max(span.last for span in spans)))


def _row(key: str, label: str, cents: Mapping[str, int], counted: Mapping, registered: Mapping[str, int]) -> SourceCost:
    kinds = counted[key][1] if key in counted else {}
    files = kinds.get(LeadKind.REGISTRATION_FILE, 0)
    return SourceCost(key, label, cents.get(key), sum(kinds.values()), files, registered.get(key, 0))


def _total(rows: list[SourceCost]) -> SourceCost:
    known = [row.cents for row in rows if row.cents is not None]
    return SourceCost(
        "total",
        _("Total"),
        sum(known) if known else None,
        sum(row.leads for row in rows),
        sum(row.files for row in rows),
        sum(row.registered for row in rows),
    )


def registered_of(spans: Sequence[Span]) -> dict[str, int]:
    """Key of a source (or unknown) -> leads of these weeks whose file is registered by now."""
    asked = leads_of(spans, {"kind": LeadKind.REGISTRATION_FILE}).order_by()
    found = asked.filter(reached(Step.REGISTERED)).values_list("source__key")
    return {key or UNKNOWN: count for key, count in found.annotate(Count("pk"))}
