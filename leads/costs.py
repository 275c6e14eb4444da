"""What sources cost, spread evenly over the days that were paid for."""

from collections import Counter
from collections.abc import Iterable
from datetime import date

from leads.campaign_rules import spread
from leads.models import Cost
from leads.weeks import Span


def cents_of_weeks(spans: Iterable[Span], source: str = "") -> dict[date, int]:
    """Monday -> cents in that week, or in the days of it that have come; of one source (its key) or of all."""
    asked = list(spans)
    lines = [line for line in _lines(asked) if source in ("", line.source.key)]
    return {span.monday: sum(_part(line, span) for line in lines) for span in asked}


def cents_of_sources(spans: Iterable[Span]) -> Counter[str]:
    """Key of a source -> cents in these weeks; of each source with a cost line there. One query."""
    asked = list(spans)
    cents: Counter[str] = Counter()
    for line in _lines(asked):
        cents[line.source.key] += sum(_part(line, span) for span in asked)
    return cents


def _lines(spans: list[Span]) -> list[Cost]:
    first, last = min(span.monday for span in spans), max(span.last for span in spans)
    return list(Cost.objects.between(first, last).select_related("source"))


def _part(line: Cost, span: Span) -> int:
    return spread(line.cents, line.first_on, line.last_on, span.monday, span.last)
