"""What holds of every report: its rows are its weeks' totals, and these are the requests, counted by hand."""

from collections import Counter
from datetime import date

from django.utils import timezone

from leads import reports
from leads.models import Lead
from leads.weeks import week_name


def by_hand() -> Counter[str]:
    """ISO week -> requests that count, told from the moment of each by the clock of the site."""
    moments = Lead.objects.counted().values_list("at", flat=True)
    return Counter(week_name(timezone.localdate(moment)) for moment in moments)


def assert_adds_up(first: date, last: date) -> None:
    """By each of the seven breakdowns, in every week from one Monday to another."""
    counted = by_hand()
    assert len(reports.BY) == 7
    for by in reports.BY:
        for week in reports.weekly(first, last, by=by).weeks:
            assert sum(row.total for row in week.rows) == week.total == counted[week.name], (by, week.name)
