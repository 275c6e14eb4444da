"""Days in words. French says “1er décembre”, which Django's formats do not know."""

from datetime import date

from django.utils import dateformat
from django.utils.translation import get_language

FIRST = r"j\e\r"  # letters of a format that stand for themselves


def pattern_of(day: date, pattern: str) -> str:
    """A pattern of Django's date formats as it is to be read on that day: "j F" is `1er décembre` on a first."""
    is_french = (get_language() or "").startswith("fr")
    return pattern.replace("j", FIRST) if is_french and day.day == 1 else pattern


def day_in_words(day: date, pattern: str) -> str:
    """`day`, a date or a datetime in the zone that it is to be told in, by one of Django's date formats."""
    return dateformat.format(day, pattern_of(day, pattern))
