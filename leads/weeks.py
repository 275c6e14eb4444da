"""ISO weeks, Monday to Sunday, in the site's time zone: their names, their neighbours, when they freeze."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

WEEK = timedelta(days=7)
DAY = timedelta(days=1)
WEEKS = 8  # that a report shows unless it is asked for others
FREEZES = time(6)  # on the Monday after, by the clock of the site


def week_name(day: date) -> str:
    """ISO week of a day, as `2026-W47`: the year is the week's own."""
    year, week, _weekday = day.isocalendar()
    return f"{year}-W{week:02}"


def monday_of(name: str) -> date:
    """The Monday of a week like `2026-W47`. Raises ValueError."""
    year, separator, week = name.partition("-W")
    if not (name.isascii() and separator and year.isdecimal() and week.isdecimal() and len(year) == 4):
        raise ValueError(name)
    return date.fromisocalendar(int(year), int(week), 1)


def monday_before(day: date) -> date:
    """The Monday of the week that `day` is in."""
    return day - timedelta(days=day.weekday())


def year_before(monday: date) -> date:
    """The Monday of the same ISO week a year before; of that year's last week where it has no week 53."""
    year, week, _weekday = monday.isocalendar()
    weeks_then = date(year - 1, 12, 28).isocalendar().week  # ISO 8601: 28 December is always in the last week
    return date.fromisocalendar(year - 1, min(week, weeks_then), 1)


def last_weeks(now: datetime, weeks: int = WEEKS) -> tuple[date, date]:
    """First and last Monday of the `weeks` ISO weeks that end with the current one, in the site's time zone."""
    last = monday_before(timezone.localdate(now))
    return last - (weeks - 1) * WEEK, last


def freezes_at(monday: date) -> datetime:
    """When the week that begins on `monday` is frozen: on the Monday after, at 06:00 of the site."""
    return timezone.make_aware(datetime.combine(monday + WEEK, FREEZES))


def last_frozen(now: datetime) -> date:
    """The Monday of the newest week that is to be frozen by `now`."""
    monday = monday_before(timezone.localdate(now)) - WEEK
    return monday if freezes_at(monday) <= now else monday - WEEK


@dataclass(frozen=True, slots=True)
class Span:
    """A week, or of it what lies before a moment (`until`)."""

    monday: date
    until: datetime | None = None

    @property
    def last(self) -> date:
        """Its last day, whole or begun."""
        return timezone.localdate(self.until) if self.until else self.monday + 6 * DAY

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """When it begins, and when it is over: of what lies in it the first alone."""
        first, end = (timezone.make_aware(datetime.combine(day, time.min)) for day in (self.monday, self.monday + WEEK))
        return first, self.until or end


def is_running(monday: date, now: datetime) -> bool:
    return monday <= timezone.localdate(now) < monday + WEEK


def alike(mondays: Sequence[date], now: datetime) -> list[Span]:
    """The weeks as they may be compared: where the first of them is in progress, as much of the others by the clock."""
    first, *others = mondays
    if not is_running(first, now):
        return [Span(monday) for monday in mondays]
    return [Span(first), *(Span(monday, same_moment(now, first, monday)) for monday in others)]


def same_moment(now: datetime, monday: date, other: date) -> datetime:
    """`now`, of the week that begins on `monday`, in another week: same weekday, same time by the site's clock."""
    clock = timezone.localtime(now).replace(tzinfo=None, microsecond=0)
    return timezone.make_aware(clock + (other - monday))
