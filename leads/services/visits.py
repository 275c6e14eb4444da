"""How many visits begin, hour by hour: a sum for each source, and nothing of who came.

A process keeps them in mind and adds them to the sums together, every few seconds: a crowd that arrives at once neither
waits for one row nor for the writer of SQLite. A process that is killed takes the visits of these seconds along.
"""

import time
from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime
from threading import Lock
from typing import NamedTuple

from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from leads.attribution import Touch
from leads.choices import UNKNOWN
from leads.models import LinkMapping, Source

MOST_KEPT = 1_000  # ways to come; words of links are anybody's

# The row's own value is the one to add to: other processes add theirs.
_ADD = """
    INSERT INTO leads_visitcount (day, hour, source, visits) VALUES (%s, %s, %s, %s)
    ON CONFLICT (day, hour, source) DO UPDATE SET visits = leads_visitcount.visits + excluded.visits
"""


class _Way(NamedTuple):
    day: date
    hour: int
    source_key: str
    medium: str
    campaign: str


class _Tally:
    """What one process has kept in mind, of all its threads."""

    def __init__(self) -> None:
        self.ways: Counter[_Way] = Counter()
        self.lock = Lock()
        self.taken_at = 0.0

    def add(self, ways: Mapping[_Way, int]) -> None:
        with self.lock:
            self.ways.update(ways)

    def take(self, every: float) -> Counter[_Way]:
        """All of it, unless it was taken `every` seconds ago and little has come since."""
        with self.lock:
            if time.monotonic() - self.taken_at < every and len(self.ways) < MOST_KEPT:
                return Counter()
            taken, self.ways, self.taken_at = self.ways, Counter(), time.monotonic()
        return taken


_tally = _Tally()


def count_visit(*, touch: Touch, now: datetime) -> None:
    """Keep in mind one more visit that began `now` by `touch`, until `write_visits`."""
    local = timezone.localtime(now)
    _tally.add({_Way(local.date(), local.hour, touch.source_key, touch.medium, touch.campaign): 1})


def write_visits(*, every: float = 0) -> int:
    """Add what this process has kept to the sums, unless it did `every` seconds ago; how many visits.

    Only a source that is there counts: a visit makes none, or any word of a link would. Raises `DatabaseError`: they
    are still kept.
    """
    ways = _tally.take(every)
    try:
        if ways:
            _write(ways)
    except DatabaseError:
        _tally.add(ways)
        raise
    return ways.total()


@transaction.atomic
def _write(ways: Counter[_Way]) -> None:
    sums: Counter[tuple[date, int, str]] = Counter()
    for way, visits in ways.items():
        sums[way.day, way.hour, _source(way)] += visits
    with connection.cursor() as cursor:
        cursor.executemany(_ADD, [(*row, visits) for row, visits in sorted(sums.items())])


def _source(way: _Way) -> str:
    if mapped := LinkMapping.objects.of(way.source_key, way.medium, way.campaign):
        return str(mapped.source_id)
    named = Source.objects.filter(key=way.source_key).values_list("pk", flat=True) if way.source_key else []
    return next(map(str, named), UNKNOWN)
