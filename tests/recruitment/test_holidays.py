from datetime import date

import pytest

from recruitment.holidays import is_working_day, public_holidays


def test_a_year_has_eleven_holidays_or_ten_where_two_fall_together():
    assert len(public_holidays(2026)) == 11
    assert len(public_holidays(2008)) == 10  # Ascension on the first of May


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 4, 6), False),  # Easter Monday
        (date(2026, 5, 14), False),  # Ascension
        (date(2026, 5, 25), False),  # Whit Monday
        (date(2026, 11, 11), False),
        (date(2026, 12, 25), False),
        (date(2026, 11, 21), False),  # a Saturday
        (date(2026, 11, 12), True),
        (date(2026, 4, 3), True),  # Good Friday
    ],
)
def test_nobody_works_on_weekends_and_holidays(day, works):
    assert is_working_day(day) == works
