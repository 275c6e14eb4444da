"""The weekly figures in five forms that agree, masked where the public may read them."""

import csv
import io
import json
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from icalendar import Calendar
from openpyxl import load_workbook

from leads import freezing, reports, services
from leads.models import Lead
from leads.report_method import method
from leads.weeks import freezes_at
from tests.factories import RoomFactory, UserFactory
from tests.leads.factories import ContestSessionFactory, ask, ask_for_file, came_from

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")
WEEKLY = "/admin/reports/weekly/"
W46, W47 = date(2026, 11, 9), date(2026, 11, 16)
RANGE = {"from": "2026-W46", "to": "2026-W47"}


def at(day, hour=12):
    return datetime(day.year, day.month, day.day, hour, tzinfo=PARIS)


@pytest.fixture
def manager(client):
    user = UserFactory()
    user.groups.add(Group.objects.get(name="managers"))
    client.force_login(user)
    return client


@pytest.fixture
def weeks():
    session, room = ContestSessionFactory(), RoomFactory()
    for number in range(9):
        born = date(1990 + number, 1, 1) if number % 2 else None
        known = {"email": f"a{number}@example.org", "birth_date": born, "touches": came_from(f"s{number % 2}")}
        ask(
            now=at(W47),
            postal_code=["75001", "69001", ""][number % 3],
            room_id=room.pk if number < 4 else None,
            **known,
        )
    ask_for_file(session, now=at(W47), email="f@example.org", is_abroad=True)
    ask(now=at(W46), email="b@example.org")


def told(client, **query):
    return client.get(WEEKLY, RANGE | query)


def said(*arguments):
    out = io.StringIO()
    call_command("weekly_report", *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("by", reports.BY)
def test_json_csv_xlsx_table_and_command_agree(manager, weeks, by):
    data = told(manager, format="json", by=by).json()
    numbers = [[week["total"], week["information"], week["registration_file"]] for week in data["weeks"]]
    rows = [[row["total"] for row in week["rows"]] for week in data["weeks"]]
    assert [sum(row) for row in rows] == [n[0] for n in numbers] == [1, 10]
    expected = [[week["week"], *n, *row] for week, n, row in zip(data["weeks"], numbers, rows, strict=True)]
    lines = list(csv.reader(io.StringIO(told(manager, format="csv", by=by).content.decode("utf-8-sig")), delimiter=";"))
    assert [[line[0], *map(int, line[1:])] for line in lines[1:-1]] == expected
    assert [int(cell) for cell in lines[-1][1:]] == [sum(column) for column in list(zip(*expected, strict=True))[1:]]
    book = load_workbook(io.BytesIO(told(manager, format="xlsx", by=by).content))
    assert book.active == book.worksheets[0]
    assert [list(row) for row in book.active.iter_rows(min_row=2, values_only=True)] == expected
    assert json.loads(said("--week", "2026-W47", "--by", by, "--format", "json"))["weeks"][0]["total"] == 10
    for shape in ("csv", "table"):
        last = said("--week", "2026-W47", "--by", by, "--format", shape).replace(";", " ").splitlines()[-2].split()
        assert last[:4] == [str(cell) for cell in expected[1][:4]]
        of_week = json.loads(said("--week", "2026-W47", "--by", by, "--format", "json"))["weeks"][0]["rows"]
        assert last[4:] == [str(row["total"]) for row in of_week]


def test_the_workbook_has_a_sheet_for_each_breakdown_and_one_for_the_method(manager, weeks):
    book = load_workbook(io.BytesIO(told(manager, format="xlsx").content))
    assert len(book.worksheets) == 1 + len(reports.BY) + 3
    data = {by: told(manager, format="json", by=by).json() for by in reports.BY}
    for sheet, by in zip(book.worksheets[1:], reports.BY, strict=False):
        lines = list(sheet.iter_rows(values_only=True))
        assert lines[0] == ("key", "label", "2026-W46", "2026-W47", "total")
        assert all(isinstance(cell, int) for line in lines[1:] for cell in line[2:])
        listed = [(row["key"], row["total"]) for row in data[by]["weeks"][1]["rows"]]
        assert [(line[0], line[3]) for line in lines[1:-1]] == listed
        assert lines[-1][2:] == (1, 10, 11)
    words = [row[1] for row in book.worksheets[-1].iter_rows(min_row=2, values_only=True)]
    assert words == [how for _what, how in method()]


@pytest.mark.parametrize("by", reports.BY)
def test_what_is_for_the_public_tells_no_cell_under_five_and_none_that_its_total_gives_away(manager, weeks, by):
    data = told(manager, format="json", by=by, audience="public").json()
    small, large = data["weeks"]
    assert small["total"] is None or small["total"] >= 5
    cells = [row["total"] for row in large["rows"]]
    assert all(cell is None or cell == 0 or cell >= 5 for cell in cells)
    if large["total"] is not None:
        assert cells.count(None) != 1
    book = load_workbook(io.BytesIO(told(manager, format="xlsx", audience="public").content))
    shown = [cell for sheet in book.worksheets[:-1] for row in sheet.iter_rows(values_only=True) for cell in row]
    assert not any(isinstance(cell, int) and 0 < cell < 5 for cell in shown)


def test_a_filter_tells_the_public_nothing_that_the_table_of_all_hides(manager):
    for number, code in enumerate(["75001"] * 4 + ["69001"] * 5 + ["13001"] * 6):
        ask(now=at(W47), postal_code=code, email=f"r{number}@example.org")
    one = {"from": "2026-W47", "format": "json", "audience": "public"}
    rows = told(manager, **one, by="region").json()["weeks"][0]["rows"]
    assert {row["key"]: row["total"] for row in rows} == {"11": None, "84": None, "93": 6}
    [companion] = told(manager, **one, region="84", by="source").json()["weeks"]
    assert [companion[name] for name in ("total", "information", "registration_file")] == [None] * 3
    assert {row["total"] for row in companion["rows"]} == {None}
    assert told(manager, **one, region="84").json()["total"] is None
    assert told(manager, **one, region="93").json()["total"] == 6
    assert told(manager, **(one | {"audience": ""}), region="84").json()["total"] == 5


# --- a calendar of frozen weeks -------------------------------------------------------------------------------------
def events(client, **query):
    answer = told(client, format="ics", **query)
    assert answer["Content-Type"].startswith("text/calendar")
    calendar = Calendar.from_ical(answer.content)
    return calendar, {str(event["uid"]): event for event in calendar.walk("VEVENT")}


def test_a_frozen_week_is_an_event_with_its_zone_and_its_version_as_sequence(manager, weeks):
    calendar, frozen = events(manager)
    assert calendar.walk("VTIMEZONE") and not frozen
    freezing.freeze_due_weeks(freezes_at(W47))
    calendar, frozen = events(manager)
    assert [str(zone["tzid"]) for zone in calendar.walk("VTIMEZONE")] == ["Europe/Paris"]
    event = frozen["week-2026-W47@127.0.0.1"]
    assert event.decoded("dtstart") == freezes_at(W47)
    assert (event["sequence"], "10 demandes" in event["summary"]) == (1, True)
    lead = Lead.objects.filter(day=W47).first()
    services.mark_spam(lead_id=lead.pk, actor=UserFactory(is_superuser=True), now=at(W47) + timedelta(days=20))
    again = events(manager)[1]
    assert set(again) == set(frozen)
    assert (
        again["week-2026-W47@127.0.0.1"]["sequence"],
        "9 demandes" in again["week-2026-W47@127.0.0.1"]["summary"],
    ) == (2, True)


def test_the_publics_calendar_is_masked(manager, weeks):
    freezing.freeze_due_weeks(freezes_at(W47))
    summaries = [str(event["summary"]) for event in events(manager, audience="public")[1].values()]
    assert not any(summary.endswith(": 1 demandes") for summary in summaries)
    assert any("< 5" in summary for summary in summaries)
