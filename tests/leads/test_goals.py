"""What was wanted of a week and what is missing; how far a session will come, and how wrong that may be."""

from datetime import date, datetime, timedelta
from html import escape
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction

from leads import services
from leads.forecasts import HORIZON, LAST, METHODS, back_test, forecast
from leads.goals import goals_of, outlooks
from leads.models import Goal
from tests.factories import UserFactory
from tests.leads.factories import ContestFactory, ContestSessionFactory, ask, ask_for_file

PARIS = ZoneInfo("Europe/Paris")
WEEKLY = "/admin/reports/weekly/"
W47 = date(2026, 11, 16)
DAY, WEEK = timedelta(days=1), timedelta(days=7)
THURSDAY = datetime(2026, 11, 19, 15, 30, tzinfo=PARIS)


def at(day, hour=12):
    return datetime(day.year, day.month, day.day, hour, tzinfo=PARIS)


@pytest.fixture
def session(db):
    return ContestSessionFactory(contest=ContestFactory(slug="gardien"), status="open")


@pytest.fixture
def week(session):
    for number, postal_code in enumerate(["75001", "93100", "69001"]):
        ask_for_file(session, now=at(W47), email=f"a{number}@example.org", postal_code=postal_code)
    ask(now=at(W47), email="i@example.org", postal_code="75001", contest_session=session)  # no file
    ask_for_file(ContestSessionFactory(), now=at(W47), email="o@example.org", postal_code="75001")
    ask_for_file(session, now=at(W47 - DAY), email="b@example.org", postal_code="75001")
    for region, target in (("", 5), ("11", 2)):
        Goal.objects.create(contest_session=session, region=region, monday=W47, target=target)


@pytest.fixture
def manager(client, db):
    user = UserFactory()
    user.groups.add(Group.objects.get(name="managers"))
    client.force_login(user)
    return client


# --- goals ----------------------------------------------------------------------------------------------------------
def test_a_goal_counts_files_of_its_session_region_and_week_alone(week):
    assert [(r.goal.region, r.count, r.missing) for r in goals_of(W47, {})] == [("", 3, 2), ("11", 2, 0)]
    assert goals_of(W47 - WEEK, {}) == []


def test_what_leaves_the_counts_leaves_the_goal(week, session):
    lead = session.leads.get(email="a2@example.org")
    services.mark_spam(lead_id=lead.pk, actor=UserFactory(is_superuser=True), now=THURSDAY)
    assert [r.missing for r in goals_of(W47, {})] == [3, 0]


@pytest.mark.parametrize("count", [1, 3])
def test_goals_take_two_queries_however_many(session, count, django_assert_num_queries):
    for number in range(count):
        Goal.objects.create(contest_session=session, region=f"{number + 10}", monday=W47, target=1)
    with django_assert_num_queries(2):
        assert len(goals_of(W47, {})) == count


def test_the_page_says_what_is_missing_and_each_count_opens_its_list(manager, week):
    page = manager.get(WEEKLY, {"from": "2026-W47", "to": "2026-W47"})
    text = page.content.decode()
    assert "Objectifs de la semaine" in text
    for reached, cell in page.context["goals"]:
        assert escape(cell.url) in text
        assert manager.get(cell.url).context["cl"].result_count == reached.count
    assert (
        "Objectifs de la semaine" not in manager.get(WEEKLY, {"to": "2026-W47", "source": "unknown"}).content.decode()
    )


@pytest.mark.parametrize("faulty", [{"monday": W47 + DAY}, {"target": 0}])
def test_a_goal_is_of_a_week_and_wants_something(session, faulty):
    with pytest.raises(IntegrityError), transaction.atomic():
        Goal.objects.create(**{"contest_session": session, "monday": W47, "target": 1} | faulty)
    Goal.objects.create(contest_session=session, monday=W47, target=1)


# --- what is to come ------------------------------------------------------------------------------------------------
def test_what_came_is_smoothed_and_carried_on_to_the_last_day():
    told = forecast([70] * LAST, days=10, base=560, at_least=561)
    assert (told.total, told.error, told.tries) == (660, None, 0)  # 8 times 70, and ten days of ten a day


def test_an_even_past_is_foretold_without_error_and_an_uneven_one_with_its_own():
    assert back_test([10] * 40, METHODS["exponential smoothing"]) == (0, 40 - LAST - HORIZON + 1)
    rising = list(range(10, 50))
    error, _tries = back_test(rising, METHODS["exponential smoothing"])
    told = forecast(rising, days=7, base=sum(rising), at_least=0)
    assert error > 10
    assert told.low < told.total < told.high


@pytest.mark.parametrize("method", METHODS.values(), ids=METHODS)
def test_every_method_foretells_an_even_past(method):
    assert method([10] * 60, 3) == pytest.approx([10, 10, 10])


@pytest.mark.parametrize(("weeks", "days"), [(LAST - 1, 10), (LAST, 0), (LAST, -3)])
def test_too_short_a_past_and_a_day_that_is_over_have_no_forecast(weeks, days):
    assert forecast([5] * weeks, days=days, base=0, at_least=0) is None
    assert forecast([5] * LAST, days=1, base=0, at_least=0) is not None


def test_a_forecast_is_never_under_what_is_there(session):
    assert forecast([1] * LAST, days=1, base=8, at_least=40).low == 40


@pytest.fixture
def past(session):
    for number in range(10):
        ask_for_file(session, now=at(W47 - number * WEEK), email=f"p{number}@example.org")


def test_a_session_whose_last_day_is_known_has_a_forecast_with_its_error(past, session):
    session.closes_on = date(2026, 12, 13)  # four weeks from Monday on
    session.save()
    [outlook] = outlooks(THURSDAY)
    assert outlook.so_far == 10
    assert outlook.forecast.total == 9 + 4


def test_a_session_whose_last_day_is_not_known_has_none_and_the_page_says_why(past, manager, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: THURSDAY)
    assert [o.forecast for o in outlooks(THURSDAY)] == [None]
    text = manager.get(WEEKLY).content.decode()
    assert "la date de clôture n’est pas encore connue" in text
    assert "D’ici à la clôture" not in manager.get(WEEKLY, {"to": "2026-W46"}).content.decode()
