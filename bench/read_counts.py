"""Reads the weekly report of a database that is there, the same counts by plain GROUP BY beside; prints the table."""

import os
import statistics
import time
from collections.abc import Callable
from datetime import timedelta

import django

ROUNDS = 9
WANTED = {
    "a year as JSON": 50,
    "a year by region": 50,
    "the page, a frozen week": 150,
    "the page, not frozen yet": 150,
    "the page, a week in progress": 150,
    "freeze": 2000,
}


def timed(act: Callable[[], object]) -> float:
    """Milliseconds."""
    started = time.perf_counter()
    act()
    return (time.perf_counter() - started) * 1000


def measured(name: str, own: Callable[[], object], plain: Callable[[], object] | None) -> str:
    """A line of the table: of the act, by turns with the same by plain GROUP BY where there is such."""
    own()
    times, beside = [], []
    for _round in range(ROUNDS):
        times.append(timed(own))
        if plain:
            beside.append(timed(plain))
    median = statistics.median(times)
    group_by = statistics.median(beside) if beside else 0
    ratio = f", GROUP BY {group_by:.0f}: {group_by / median:.1f} times" if beside else ""
    return f"  {name:30} {median:6.0f} ({max(times):.0f}), wanted {WANTED[name]}{ratio}"


def table() -> str:
    from django.contrib.auth.models import Group, User
    from django.db import connection, transaction
    from django.db.models import Count
    from django.db.models.functions import TruncWeek
    from django.utils import timezone

    from bench.read_lists import client
    from leads.counts import lead_value
    from leads.freezing import counted_figures, freeze_due_weeks
    from leads.models import FrozenWeek, Lead
    from leads.weeks import WEEK, monday_before, week_name

    manager, _ = User.objects.get_or_create(username="bench-manager", defaults={"is_staff": True})
    manager.groups.set(Group.objects.filter(name="managers"))
    browser = client(manager)
    running = monday_before(timezone.localdate())
    year = f"from={week_name(running - 51 * WEEK)}&to={week_name(running)}"
    last = week_name(running - WEEK)

    def read(query: str) -> Callable[[], object]:
        def get() -> None:
            answer = browser.get(f"/admin/reports/weekly/?{query}")
            assert answer.status_code == 200, (query, answer.status_code)

        return get

    def grouped(dimension: str) -> Callable[[], object]:
        days = (running - 51 * WEEK, running + timedelta(6))
        leads = Lead.objects.counted().filter(day__range=days).order_by()
        leads = leads.annotate(week=TruncWeek("day"), value=lead_value(dimension))
        return lambda: list(leads.values_list("week", "value", "kind").annotate(Count("pk")))

    @transaction.atomic
    def freeze() -> None:
        counted_figures(running - WEEK)

    acts: list[tuple[str, Callable[[], object], Callable[[], object] | None]] = [
        ("a year as JSON", read(f"format=json&{year}"), grouped("all")),
        ("a year by region", read(f"format=json&by=region&{year}"), grouped("region")),
        ("the page, not frozen yet", read(f"to={last}"), None),
        ("the page, a week in progress", read(""), None),
        ("freeze", freeze, None),
    ]
    lines = [
        f"Weekly counts over {Lead.objects.count():,} leads ({connection.vendor}), median (worst) of {ROUNDS} in ms"
    ]
    lines += [measured(*act) for act in acts]
    with transaction.atomic():  # as from Monday at six on; the database stays as it was
        FrozenWeek.objects.filter(monday=running - WEEK).delete()
        freeze_due_weeks(timezone.now())
        lines.append(measured("the page, a frozen week", read(f"to={last}"), None))
        transaction.set_rollback(True)
    return "\n".join(lines)


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.stock.settings"
    django.setup()
    print(table())
