"""A figure and the list that it counts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date
from functools import cache, lru_cache
from urllib.parse import quote_plus, urlencode

from django.urls import reverse

from leads.weeks import Span, week_name

Filters = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Cell:
    """`url` is empty where no list could be told."""

    value: int
    url: str


def lead_list(span: Span, filters: Filters, *, last: date | None = None) -> str:
    """The address of the list that a figure counts: a week or a part of it, or the weeks to the one of `last`."""
    return _of_weeks(span, last) + "".join([f"&{name}={quote_plus(key)}" for name, key in filters.items()])


def cost_list(span: Span, source: str) -> str:
    """The cost lines that a week's costs are a part of; of one source (its key), or of all."""
    named = f"&source={quote_plus(source)}" if source else ""
    return f"{reverse('admin:leads_cost_changelist')}?{_weeks(span, None)}{named}"


@lru_cache(256)
def _of_weeks(span: Span, last: date | None) -> str:
    """Asked hundreds of times a page, for the same few weeks."""
    return f"{_lists_address()}?{_weeks(span, last)}"


def _weeks(span: Span, last: date | None) -> str:
    weeks = {"from": week_name(span.monday), "to": week_name(last or span.monday)}
    if span.until:
        weeks["until"] = span.until.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return urlencode(weeks)


@cache
def _lists_address() -> str:
    return reverse("admin:leads_lead_changelist")


def cell(value: int, span: Span, filters: Filters, **more: str) -> Cell:
    """Without a list where the filters leave nothing of that kind: its address could not say so."""
    return Cell(value, "" if _is_contrary(filters, more) else lead_list(span, {**filters, **more}))


def of_range(value: int, first: date, last: date, filters: Filters, **more: str) -> Cell:
    """Of the weeks from `first` to `last`, both Mondays."""
    return Cell(value, "" if _is_contrary(filters, more) else lead_list(Span(first), {**filters, **more}, last=last))


def _is_contrary(filters: Filters, more: Filters) -> bool:
    return any(filters.get(name, key) != key for name, key in more.items())
