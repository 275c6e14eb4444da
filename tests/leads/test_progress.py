"""The week in progress is compared with as much of the others as has passed of it, to the second."""

import re
from datetime import date, datetime, timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import Group

from leads import reports
from leads.models import Team
from leads.weeks import Span, alike, same_moment
from tests.factories import UserFactory
from tests.leads.factories import ContestSessionFactory, ask, ask_for_file, came_from

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")
WEEKLY = "/admin/reports/weekly/"
W48, W47, YEAR = date(2026, 11, 23), date(2026, 11, 16), date(2025, 11, 24)
NOW = datetime(2026, 11, 24, 14, 0, tzinfo=PARIS)  # a Tuesday
SECOND = timedelta(seconds=1)


def moment(monday):
    return same_moment(NOW, W48, monday)


@pytest.fixture
def manager(client):
    user = UserFactory()
    user.groups.add(Group.objects.get(name="managers"))
    client.force_login(user)
    return client


@pytest.fixture
def weeks(monkeypatch):
    """Of each week: one on Monday, one a second before the moment, one at it, one on Thursday; of this one two."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    session = ContestSessionFactory()
    for monday in (W47, YEAR):
        start = datetime(monday.year, monday.month, monday.day, 9, tzinfo=PARIS)
        for number, then in enumerate((start, moment(monday) - SECOND, moment(monday), start + timedelta(days=3))):
            ask(now=then, email=f"{monday}-{number}@example.org", touches=came_from("affiche"))
    ask(now=datetime(2026, 11, 23, 9, tzinfo=PARIS), email="n1@example.org")
    ask_for_file(session, now=NOW - SECOND, email="n2@example.org")


def test_the_weeks_beside_are_counted_as_far_as_this_one_has_come(manager, weeks):
    page = manager.get(WEEKLY)
    assert [cell.value for cell in page.context["keys"]["total"]] == [2, 2, 2]
    assert page.context["table"]["rows"][-1]["before"].value == 2
    for breakdown in page.context["breakdowns"].values():
        assert [cell.value for cell in breakdown.total] == [2, 2, 2]
    assert "En cours\u00a0: comptée jusqu’à mardi 14\u00a0h\u00a000" in page.content.decode()


def test_a_week_that_is_over_is_compared_as_a_whole(manager, weeks):
    page = manager.get(WEEKLY, {"to": "2026-W47"})
    assert [cell.value for cell in page.context["keys"]["total"]] == [4, 0, 0]
    assert "En cours" not in page.content.decode()
    rows = manager.get(WEEKLY).context["table"]["rows"]
    assert rows[-2]["total"].value == 4  # in the chart weeks that are over are whole


FIGURE = re.compile(r'<a[^>]*href="(/admin/leads/lead/\?[^"]+)"[^>]*>(?:<b>)?([\d\u202f ]+)</a>')


@pytest.mark.on_postgres
@pytest.mark.parametrize("narrowed", [{}, {"source": "affiche"}])
def test_each_figure_opens_a_list_of_that_many_rows_here_too(manager, weeks, narrowed):
    figures = FIGURE.findall(manager.get(WEEKLY, narrowed).content.decode())
    assert any("until=" in url for url, _figure in figures)
    for url, figure in dict.fromkeys(figures):
        assert manager.get(unescape(url)).context["cl"].result_count == int(figure.replace("\u202f", "")), url


@pytest.mark.parametrize("until", ["yesterday", "2026-13-01T00:00:00Z"])
def test_a_faulty_moment_in_an_address_breaks_nothing(manager, weeks, until):
    assert manager.get("/admin/leads/lead/", {"from": "2026-W47", "until": until}).status_code in (200, 302)


@pytest.mark.parametrize("by", reports.BY)
def test_parts_of_weeks_add_up_by_rollup_and_by_leads(weeks, by):
    spans = alike([W48, W47, YEAR], NOW)
    of_rollup = reports.weeks_of(spans, by=by, filters={})
    of_leads = reports.weeks_of(spans, by=by, filters={"team": str(Team.objects.default().pk)})
    assert [week.total for week in of_rollup] == [week.total for week in of_leads] == [2, 2, 2]
    assert [sum(row.total for row in week.rows) for week in of_rollup] == [2, 2, 2]


def test_the_same_moment_is_by_the_clock_of_the_site_whatever_the_clocks_do():
    before_winter_time = datetime(2026, 10, 21, 9, tzinfo=PARIS)
    after = same_moment(before_winter_time, date(2026, 10, 19), date(2026, 10, 26))
    assert (after.hour, after.utcoffset()) == (9, timedelta(hours=1))
    assert alike([W47, W48], NOW) == [Span(W47), Span(W48)]
