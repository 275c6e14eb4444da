"""The people connected to a room, minute by minute, as a curve and as the table beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from leads import charts

MINUTE = timedelta(minutes=1)
POINTS, ROWS, HOURS = 120, 20, 5


@dataclass(frozen=True, slots=True)
class Attendance:
    """`rows`: (moment, people at most in the time up to the next row); `peak` is (people, minute)."""

    wide: charts.Curve
    narrow: charts.Curve
    peak: tuple[int, datetime]
    rows: list[tuple[datetime, int]]


def attendance(counted: Sequence[tuple[datetime, int]], opens: datetime, closes: datetime) -> Attendance | None:
    """Of (minute, people) over a room's time; minutes nobody was counted in are 0. None where nothing was counted."""
    inside = [(minute, people) for minute, people in counted if opens - MINUTE < minute <= closes]
    if not inside:
        return None
    last = max(minute for minute, _ in inside)
    length = max(last - opens, 2 * MINUTE)
    at, most = max(inside, key=lambda one: one[1])  # of several the first
    hours = [opens + length * place / (HOURS - 1) for place in range(HOURS)]
    points = _parts(inside, opens, length, min(POINTS, length // MINUTE + 1))
    rows = _parts(inside, opens, length, min(ROWS, length // MINUTE + 1))
    return Attendance(
        wide=charts.curve([people for _, people in points], hours, width=900, height=220),
        narrow=charts.curve([people for _, people in points], [hours[0], hours[2], hours[4]], width=360, height=200),
        peak=(most, at),
        rows=rows,
    )


def _parts(
    counted: Sequence[tuple[datetime, int]], opens: datetime, length: timedelta, parts: int
) -> list[tuple[datetime, int]]:
    """The highest count of each of `parts` equal parts of the time, with its beginning."""
    most = [0] * parts
    for minute, people in counted:
        place = min(parts - 1, max(0, int(parts * ((minute - opens) / (length + MINUTE)))))
        most[place] = max(most[place], people)
    return [(opens + length * place / parts, people) for place, people in enumerate(most)]
