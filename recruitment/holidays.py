"""Days on which nobody in France is at work: weekends and the public holidays of the Code du travail, art. L3133-1."""

from datetime import date, timedelta
from functools import cache

from dateutil.easter import easter

_SATURDAY = 5
# (month, day)
_EACH_YEAR = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
_AFTER_EASTER = (1, 39, 50)  # days: Easter Monday, Ascension, Whit Monday


@cache
def public_holidays(year: int) -> frozenset[date]:
    moving = (easter(year) + timedelta(days=days) for days in _AFTER_EASTER)
    return frozenset({*moving, *(date(year, month, day) for month, day in _EACH_YEAR)})


def is_working_day(day: date) -> bool:
    return day.weekday() < _SATURDAY and day not in public_holidays(day.year)
