"""Rows add up to their week's total, by each of the seven breakdowns: random requests, and the edges of weeks."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from leads import freezing, reports, services, weeks
from leads.counts import differences, fold_counts
from leads.models import FrozenWeek, Lead
from recruitment.demonstration import scale
from tests.factories import RoomFactory, UserFactory
from tests.leads.adding_up import assert_adds_up
from tests.leads.factories import ContestSessionFactory, ask, ask_for_file, came_from

PARIS = ZoneInfo("Europe/Paris")
WEEK = timedelta(days=7)
SECOND = timedelta(seconds=1)
EDGES = [
    date(2020, 12, 28),  # the Monday of a week 53
    date(2024, 12, 30),  # of a week 1 that begins in the old year
    date(2026, 3, 23),  # its Sunday has 23 hours
    date(2026, 10, 19),  # its Sunday has 25
]
DAY, NIGHT = 24 * 3600, 3 * 3600  # the clocks change at two or three of a Sunday
EVERY_SECOND = st.integers(-1, 7 * DAY)
MIDNIGHTS = st.builds(lambda day, second: day * DAY - second, st.integers(0, 7), st.integers(0, 1))
NIGHTS_OF_SUNDAY = st.integers(6 * DAY, 6 * DAY + NIGHT)
REQUESTS = st.lists(
    st.tuples(
        st.sampled_from(EDGES),
        EVERY_SECOND | MIDNIGHTS | NIGHTS_OF_SUNDAY,  # seconds into the week, by the clock
        st.booleans(),
        st.sampled_from(["", "93100", "97133", "20200", "98000", "00100", "99999"]),
        st.booleans(),
        st.sampled_from(["", "affiche", "ami"]),
        st.booleans(),
        st.sampled_from([None, date(1999, 2, 28), date(1985, 2, 28)]),
        st.booleans(),
    ),
    max_size=6,
)


def clock(monday, seconds):
    """A moment by the clock of the site, whatever the clocks do that week."""
    return datetime(monday.year, monday.month, monday.day, tzinfo=PARIS) + seconds * SECOND


class RandomRequests(TestCase):
    @settings(deadline=None, max_examples=10)
    @given(REQUESTS, st.integers(0, 8))
    def test_every_breakdown_of_every_week_adds_up_and_none_is_lost(self, requests, folded):
        self.send(requests)
        fold_counts(limit=folded or 1)
        for monday in EDGES:
            assert_adds_up(monday - WEEK, monday + WEEK)
        assert differences() == {}

    def send(self, requests):
        session, room = ContestSessionFactory(), RoomFactory()
        actor = UserFactory(is_superuser=True)
        for monday, seconds, wants_file, postal_code, is_abroad, source, in_room, born, is_spam in requests:
            known = {"postal_code": postal_code, "is_abroad": is_abroad, "birth_date": born}
            known |= {"room_id": room.pk if in_room else None, "now": clock(monday, seconds)}
            if wants_file:
                lead = ask_for_file(session, **known).lead
            else:
                lead = ask(**known, touches=came_from(source) if source else None).lead
            if is_spam:
                services.mark_spam(lead_id=lead.pk, actor=actor, now=known["now"])


@pytest.mark.slow
@pytest.mark.django_db
def test_every_breakdown_adds_up_in_every_week_of_seven_seeded_years():
    last = 2026  # two of the years have a week 53, each has two days whose clocks change
    for year in range(last - 6, last + 1):
        list(scale.seed(80, now=datetime(year, 12, 31, 23, 59, 59, tzinfo=PARIS)))
    first, end = date(last - 6, 1, 1), date(last, 12, 31)
    assert {day.year for day in Lead.objects.dates("day", "year")} >= set(range(first.year, last + 1))
    assert_adds_up(weeks.monday_before(first), weeks.monday_before(end))
    assert differences() == {}


@pytest.mark.django_db
@pytest.mark.parametrize("monday", EDGES)
def test_the_last_second_of_sunday_and_the_first_of_monday_are_two_weeks(monday):
    sunday_night = clock(monday + WEEK, -1)
    assert (sunday_night.hour, sunday_night.minute, sunday_night.second) == (23, 59, 59)
    ask(now=sunday_night)
    ask(now=clock(monday + WEEK, 0))
    report = reports.weekly(monday, monday + WEEK)
    assert [week.total for week in report.weeks] == [1, 1]
    freezing.freeze_due_weeks(weeks.freezes_at(monday + WEEK))
    assert [version.total for version in FrozenWeek.objects.all()] == [1, 1]
