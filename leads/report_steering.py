"""What the weekly page shows of costs, of goals and of what is to come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from leads import charts
from leads.choices import LeadKind, Step
from leads.costs import cents_of_weeks
from leads.forecasts import HORIZON, LAST
from leads.goals import FILE, goals_of, outlooks
from leads.models import Goal
from leads.report_cells import Cell, Filters, cell, cost_list
from leads.report_costs import BY_SOURCE, Costs, SourceCost, costs_of, each, paid_part
from leads.report_figures import Figures
from leads.reports import Week
from leads.weeks import Span, is_running

OF_GOALS = {"contest", "region"}


@dataclass(frozen=True, slots=True)
class CostLine:
    cost: SourceCost
    lines: str  # the address of the cost lines, empty where there are none
    leads: Cell
    files: Cell
    registered: Cell


def costs_page(
    spans: Sequence[Span], figures: Sequence[Figures], weeks: Sequence[Week], filters: Filters, now: datetime
) -> dict[str, Any]:
    """Costs are known by source alone: with another filter there are none to show. `weeks`: broken down by source."""
    if set(filters) - {BY_SOURCE}:
        return {"costs": None}
    paid, source = [paid_part(span, now) for span in spans], filters.get(BY_SOURCE, "")
    costs, spent = costs_of(paid[:1], weeks[:1], source), cents_of_weeks(paid, source)
    return {
        "costs": costs,
        "cost_lines": [_cost_line(row, paid[0], spans[0], filters) for row in costs.rows],
        "cost_total": _cost_line(costs.total, paid[0], spans[0], filters),
        "cost_each": [each(spent[figure.monday] or None, figure.total) for figure in figures],
        "cost_charts": _charts(costs),
    }


def _cost_line(cost: SourceCost, paid: Span, span: Span, filters: Filters) -> CostLine:
    narrower = dict(filters) if cost.key == "total" else {**filters, BY_SOURCE: cost.key}
    return CostLine(
        cost,
        "" if cost.cents is None else cost_list(paid, narrower.get(BY_SOURCE, "")),
        cell(cost.leads, span, narrower),
        cell(cost.files, span, narrower, kind=LeadKind.REGISTRATION_FILE.value),
        cell(cost.registered, span, narrower, reached=Step.REGISTERED.value),
    )


def _charts(costs: Costs) -> dict[str, charts.Bars]:
    """For wide pages and for narrow ones: the sources with a price, and the press as a line against them."""
    rows = [(row.label, row.per_lead) for row in costs.rows if row.per_lead is not None]
    line = costs.press.per_lead if costs.press else None
    return (
        {name: charts.bars(rows, line=line, width=w, left=left) for name, (w, left) in charts.WIDTHS.items()}
        if rows
        else {}
    )


def goals_page(monday: date, filters: Filters, now: datetime) -> dict[str, Any]:
    """Goals are set by contest and region alone; what is to come, for all and from now on."""
    if set(filters) - OF_GOALS:
        return {"goals": None, "outlooks": None}
    goals = [(reached, _goal_cell(reached.goal, reached.count)) for reached in goals_of(monday, filters)]
    is_now = not filters and is_running(monday, now)
    return {"goals": goals, "outlooks": outlooks(now) if is_now else None, "ahead": HORIZON, "carried": LAST}


def _goal_cell(goal: Goal, count: int) -> Cell:
    named = {"session": str(goal.contest_session_id)} | ({"region": goal.region} if goal.region else {})
    return cell(count, Span(goal.monday), {}, **FILE, **named)
