"""What managers of the demonstration steer by: invented links, costs, a press line, goals. Made once."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Sum
from django.utils import timezone

from leads.choices import Dimension
from leads.counts import fold_counts
from leads.models import Campaign, Cost, DailyCount, Goal, HeardMapping, PressLine, Source, VisitCount
from leads.weeks import WEEK, monday_before
from recruitment.demonstration.campaigns import sessions_today
from recruitment.demonstration.employers import Employer

MONTH = timedelta(days=28)
MONTHS = 13


def seed_steering(now: datetime, employer: Employer) -> None:
    """Costs of the year until the running four weeks, links, answers that are mapped, goals around today."""
    told = employer.told.get("steering")
    if told is None or PressLine.objects.exists():
        return
    today = timezone.localdate(now)
    sources = {source.key: source for source in Source.objects.all()}
    PressLine.objects.create(since=date(today.year - 1, 1, 1), per_lead=told["press"], note="Barème de 2025, inventé")
    Cost.objects.bulk_create(list(_costs(told["costs"], sources, monday_before(today))))
    for link in told["links"]:
        values = {"name": link["name"], "source": sources[link["source"]]}
        values |= {"medium": link["medium"], "target": link["target"]}
        Campaign.objects.get_or_create(code=link["code"], defaults=values)
    for text, key in told["answers"].items():
        HeardMapping.objects.get_or_create(text=text, defaults={"source": sources[key]})
    fold_counts(limit=10**6)
    _seed_visits(today)
    first = min(sessions_today(employer), key=lambda session: session.contest.position)
    mondays = [monday_before(today) + n * WEEK for n in range(-4, 5)]
    Goal.objects.bulk_create(
        Goal(contest_session=first, region=region, monday=monday, target=target)
        for monday in mondays
        for region, target in told["targets"].items()
    )


def _seed_visits(today: date) -> None:
    """Invented visits of the year until yesterday: so many for each request of a day and source, most at night."""
    counted = DailyCount.objects.filter(day__range=(today - timedelta(days=400), today - timedelta(days=1)))
    came = counted.filter(dimension=Dimension.SOURCE).values_list("day", "value").annotate(Sum("leads")).order_by()
    VisitCount.objects.bulk_create(
        VisitCount(day=day, hour=hour, source=source, visits=leads * (part + day.toordinal() % 5))
        for day, source, leads in came
        if leads > 0
        for hour, part in ((8, 3), (13, 6), (19, 12))
    )


def _costs(told: list[dict[str, Any]], sources: dict[str, Source], monday: date) -> Iterator[Cost]:
    for cost in told:
        fields = {"source": sources[cost["source"]], "label": cost["label"], "cents": cost["cents"]}
        for start in (monday - n * MONTH for n in range(MONTHS)):
            yield Cost(**fields, first_on=start, last_on=start + MONTH - timedelta(1))
