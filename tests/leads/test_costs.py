"""What requests cost: spread by day, by source, beside the press; the same on the page and in every file."""

import csv
import io
import re
from datetime import date, datetime, timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import Group
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from leads import reports
from leads.campaign_rules import spread
from leads.choices import FileStatus
from leads.costs import cents_of_weeks
from leads.models import Cost, PressLine, RegistrationFile, Source
from leads.progress import restore_progress
from leads.report_costs import costs_of, each
from leads.reports import weeks_of
from leads.weeks import Span
from tests.factories import UserFactory
from tests.leads.factories import ContestSessionFactory, SourceFactory, ask, ask_for_file, came_from

PARIS = ZoneInfo("Europe/Paris")
WEEKLY = "/admin/reports/weekly/"
W47 = date(2026, 11, 16)
DAY, WEEK = timedelta(days=1), timedelta(days=7)
ONE = {"from": "2026-W47", "to": "2026-W47"}


def at(day, hour=12):
    return datetime(day.year, day.month, day.day, hour, tzinfo=PARIS)


# --- spread over days -----------------------------------------------------------------------------------------------
@given(st.integers(0, 10**9), st.integers(1, 400), st.lists(st.integers(1, 60), min_size=1, max_size=30))
def test_parts_of_a_cost_add_up_to_the_cent(cents, days, lengths):
    first = date(2026, 1, 7)
    last, begun, parts = first + (days - 1) * DAY, first - 5 * DAY, []
    for length in [*lengths, days + 10]:
        parts.append(spread(cents, first, last, begun, begun + (length - 1) * DAY))
        begun += length * DAY
    assert sum(parts) == cents
    assert min(parts) >= 0


def test_a_cost_counts_in_equal_parts_and_not_outside_its_days():
    paid = (1000, W47, W47 + 9 * DAY)
    assert spread(*paid, W47, W47 + 6 * DAY) == 700
    assert spread(*paid, W47 + WEEK, W47 + WEEK + 6 * DAY) == 300
    assert spread(*paid, W47 - WEEK, W47 - DAY) == spread(*paid, W47 + 2 * WEEK, W47 + 3 * WEEK) == 0


@pytest.mark.parametrize(
    ("cents", "count", "expected"), [(100, 3, 33), (200, 3, 67), (101, 2, 51), (None, 3, None), (100, 0, None)]
)
def test_a_price_is_rounded_to_the_cent_and_there_is_none_of_nothing(cents, count, expected):
    assert each(cents, count) == expected


# --- by source ------------------------------------------------------------------------------------------------------
def costs_in_week():
    spans = [Span(W47)]
    return costs_of(spans, weeks_of(spans, by="source", filters={}))


@pytest.fixture
def manager(client, db):
    user = UserFactory()
    user.groups.add(Group.objects.get(name="managers"))
    client.force_login(user)
    return client


@pytest.fixture
def week(db):
    session = ContestSessionFactory()
    for number in range(3):
        ask(now=at(W47), touches=came_from("affiche"), email=f"a{number}@example.org")
    ask_for_file(session, now=at(W47 + DAY), touches=came_from("affiche"), email="f@example.org")
    ask(now=at(W47), email="x@example.org")
    RegistrationFile.objects.update(status=FileStatus.REGISTERED, registered_at=at(W47 + WEEK))
    restore_progress()
    poster, press = Source.objects.get(key="affiche"), SourceFactory(key="presse", label="Presse")
    Cost.objects.create(source=poster, label="Tirage", first_on=W47, last_on=W47 + 6 * DAY, cents=1000)
    Cost.objects.create(source=press, label="Annonce", first_on=W47 - WEEK, last_on=W47 + 6 * DAY, cents=5000)
    PressLine.objects.create(since=date(2026, 11, 2), per_lead=7450)
    PressLine.objects.create(since=date(2026, 12, 1), per_lead=9999)


@pytest.mark.django_db
def test_each_source_has_its_price_and_the_total_divides_all_of_it_by_all(week):
    costs = costs_in_week()
    rows = {row.key: (row.cents, row.leads, row.files, row.registered, row.per_lead) for row in costs.rows}
    assert rows == {
        "affiche": (1000, 4, 1, 1, 250),
        "unknown": (None, 1, 0, 0, None),
        "presse": (2500, 0, 0, 0, None),
    }
    assert (costs.total.cents, costs.total.leads, costs.total.per_lead) == (3500, 5, 700)
    assert (costs.total.per_file, costs.total.per_registered) == (3500, 3500)
    assert costs.press.per_lead == 7450  # what holds later does not hold yet


@pytest.mark.django_db
def test_weeks_together_cost_what_was_paid(week):
    weeks = cents_of_weeks([Span(W47 - WEEK), Span(W47), Span(W47 + WEEK)])
    assert weeks == {W47 - WEEK: 2500, W47: 3500, W47 + WEEK: 0}


@pytest.mark.django_db
def test_of_a_week_in_progress_the_days_until_now_are_paid(week):
    assert cents_of_weeks([Span(W47, at(W47 + DAY))]) == {W47: 5000 * 9 // 14 - 2500 + 1000 * 2 // 7}


# --- told alike -----------------------------------------------------------------------------------------------------
FIGURE = re.compile(r'<a[^>]*href="(/admin/leads/lead/\?[^"]+)"[^>]*>([\d\u202f]+)</a>')


def test_every_base_of_a_price_opens_a_list_of_that_many(manager, week):
    text = manager.get(WEEKLY, ONE).content.decode()
    table = text[text.index('id="costs-table"') : text.index("</table>", text.index('id="costs-table"'))]
    figures = FIGURE.findall(table)
    assert len(figures) == 3 * 4
    for url, figure in figures:
        assert manager.get(unescape(url)).context["cl"].result_count == int(figure), url


def test_page_json_csv_and_xlsx_tell_the_same_prices(manager, week):
    text = manager.get(WEEKLY, ONE).content.decode()
    data = manager.get(WEEKLY, ONE | {"format": "json", "by": "source"}).json()
    assert data["weeks"][0]["cost_cents"] == 3500
    prices = [row["per_lead_cents"] for row in data["costs"]["sources"]] + [data["costs"]["total"]["per_lead_cents"]]
    assert prices == [250, None, None, 700]
    table = text[text.index('id="costs-table"') :]
    told = re.findall(r'<span class="each price">([^<]+)</span>', table)
    assert told == ["2,50\u00a0€", "–", "–", "7,00\u00a0€"]
    drawn = re.findall(r'data-value="(\d+)"/><text class="lab"[^>]*>([^<]+)</text>\s*(?:<text|<line)', text)
    assert ("250", "2,50\u00a0€") in drawn
    body = manager.get(WEEKLY, ONE | {"format": "csv", "table": "costs"}).content.decode("utf-8-sig")
    lines = list(csv.DictReader(io.StringIO(body), delimiter=";"))
    assert [line["per_lead_cents"] for line in lines] == ["250", "", "", "700", "7450"]
    book = load_workbook(io.BytesIO(manager.get(WEEKLY, ONE | {"format": "xlsx"}).content))
    column = [row[6] for row in book["Coûts"].iter_rows(values_only=True)]
    assert column == ["per_lead_cents", 250, None, None, 700, 7450]


def test_a_week_without_costs_has_no_column_of_them(manager):
    ask(now=at(W47))
    assert "cost_cents" not in manager.get(WEEKLY, ONE | {"format": "json"}).json()["weeks"][0]
    assert "cost_cents" not in manager.get(WEEKLY, ONE | {"format": "csv"}).content.decode()


def test_costs_are_not_told_of_what_they_are_not_known_of(manager, week):
    text = manager.get(WEEKLY, ONE | {"region": "11"}).content.decode()
    assert "costs-table" not in text
    assert "cost_cents" not in manager.get(WEEKLY, ONE | {"region": "11", "format": "json"}).json()["weeks"][0]
    of_one = manager.get(WEEKLY, ONE | {"source": "affiche", "format": "json", "by": "source"}).json()
    assert of_one["weeks"][0]["cost_cents"] == 1000
    assert [row["key"] for row in of_one["costs"]["sources"]] == ["affiche"]


def test_the_public_learns_no_cost_since_a_price_would_tell_the_number(manager, week):
    public = ONE | {"audience": "public"}
    for shape in ({"format": "json", "by": "source"}, {"format": "csv"}, {"format": "csv", "table": "costs"}):
        assert "cost" not in manager.get(WEEKLY, public | shape).content.decode()
    book = load_workbook(io.BytesIO(manager.get(WEEKLY, public | {"format": "xlsx"}).content))
    assert "Coûts" not in book.sheetnames


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.django_db
def test_costs_take_as_many_queries_for_many_sources_as_for_one(week, count, django_assert_num_queries):
    for number in range(count):
        source = SourceFactory(key=f"s{number}")
        Cost.objects.create(source=source, label="x", first_on=W47, last_on=W47, cents=1)
    with django_assert_num_queries(6):
        costs_in_week()
    assert reports.weekly(W47, W47).weeks[0].cents is None  # costs are asked for, or not
