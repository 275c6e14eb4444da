"""The reports as pages and files: figures that add up, each a link to a list of that many rows."""

import csv
import io
import re
from datetime import datetime
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import Group
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from leads import services
from leads.masking import masked_rows, masked_weekly
from leads.models import Lead
from recruitment.masking import masked
from tests.factories import AnswerFactory, QuestionFactory, RoomFactory, TopicFactory, UserFactory
from tests.leads.factories import NOW, ask

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")
WEEKLY, ROOMS = "/admin/reports/weekly/", "/admin/reports/rooms/"


def staff(role, **more):
    user = UserFactory(**more)
    user.groups.add(Group.objects.get(name=role))
    return user


@pytest.fixture
def manager(client):
    user = staff("managers")
    client.force_login(user)
    return client


def lead_on(day, **values):
    return ask(now=datetime(2026, 11, day, 12, tzinfo=PARIS), **values).lead


@pytest.fixture
def campaign(db):
    """Nine requests over two weeks of 2026, and one marked as spam."""
    for number in range(6):
        lead_on(16 + number, postal_code="93100" if number % 2 else "")
    for number in range(3):
        lead_on(9 + number, is_abroad=True)
    services.mark_spam(lead_id=lead_on(17).pk, actor=UserFactory(is_superuser=True), now=NOW)


def weekly(client, **query):
    return client.get(WEEKLY, {"from": "2026-W46", "to": "2026-W47"} | query)


def test_a_manager_reads_the_week_and_others_do_not(client, campaign):
    assert client.get(WEEKLY).status_code == 302  # nobody gets the login
    for role, status in [("managers", 200), ("recruiters", 403), ("moderators", 403), ("speakers", 403)]:
        client.force_login(staff(role))
        assert client.get(WEEKLY).status_code == status


def test_moderators_and_managers_read_what_rooms_brought_and_recruiters_do_not(client):
    for role, status in [("managers", 200), ("moderators", 200), ("recruiters", 403), ("speakers", 403)]:
        client.force_login(staff(role))
        assert client.get(ROOMS).status_code == status


def test_the_json_has_every_week_and_its_rows_add_up(manager, campaign):
    data = weekly(manager, format="json", by="region", **{"from": "2026-W45"}).json()
    assert (data["from"], data["to"], data["total"]) == ("2026-W45", "2026-W47", 9)
    assert [week["total"] for week in data["weeks"]] == [0, 3, 6]
    for week in data["weeks"]:
        assert week["information"] + week["registration_file"] == week["total"]
        assert sum(row["total"] for row in week["rows"]) == week["total"]


def test_csv_and_xlsx_have_the_contracts_columns_and_integers(manager, campaign):
    text = weekly(manager, format="csv").content.decode()
    assert text.startswith("\ufeff")
    lines = list(csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";"))
    assert lines[0] == ["week", "total", "information", "registration_file"]
    assert [line[:2] for line in lines[1:]] == [["2026-W46", "3"], ["2026-W47", "6"], ["total", "9"]]
    sheet = load_workbook(io.BytesIO(weekly(manager, format="xlsx").content)).active
    assert [cell.value for cell in sheet[3]][:2] == ["2026-W47", 6]


FIGURE = re.compile(r'<a[^>]*href="(/admin/leads/lead/\?[^"]+)"[^>]*>([\d\u202f ]+)</a>')


@pytest.mark.on_postgres
def test_each_figure_opens_a_list_of_that_many_rows(manager, campaign):
    figures = FIGURE.findall(weekly(manager).content.decode())
    assert len(figures) > 20
    for url, figure in dict.fromkeys(figures):
        listed = manager.get(unescape(url)).context["cl"].result_count
        assert listed == int(figure.replace("\u202f", "").replace(" ", "")), url


def test_filters_narrow_the_figures_and_the_lists_behind_them(manager, campaign):
    data = weekly(manager, format="json", region="11").json()
    assert [week["total"] for week in data["weeks"]] == [0, 3]


@pytest.mark.parametrize(
    "query",
    [
        {"from": "2026-47"},
        {"to": "2026-W54"},
        {"from": "2026-W47", "to": "2026-W40"},
        {"from": "1990-W01"},
        {"by": "first_name"},
        {"contest": "nowhere"},
        {"to": "\u0000"},
    ],
)
def test_a_faulty_address_says_what_to_write(manager, query):
    page = weekly(manager, **query)
    assert page.status_code == 422
    assert weekly(manager, format="json", **query).json()["errors"]


def test_without_an_address_the_last_eight_weeks_are_shown(manager):
    assert len(manager.get(WEEKLY, {"format": "json"}).json()["weeks"]) == 8


def test_who_counts_sees_nobody(manager, campaign):
    Lead.objects.update(email="zoe@example.org", phone="+33199004717", first_name="Zoé", last_name="Morvandiau")
    page = manager.get("/admin/leads/lead/?from=2026-W47&to=2026-W47").content.decode()
    for hidden in ("zoe@example.org", "+33199004717", "Zoé", "Morvandiau"):
        assert hidden not in page
    lead = Lead.objects.first()
    assert manager.get(f"/admin/leads/lead/{lead.pk}/change/").status_code in (302, 403)
    assert manager.get("/admin/leads/lead/?q=zoe").context["cl"].result_count == 0


@pytest.mark.parametrize("count", [1, 3])
def test_the_rooms_report_takes_as_many_queries_for_three_rooms_as_for_one(count, client, django_assert_num_queries):
    client.force_login(UserFactory(is_superuser=True))
    for room in RoomFactory.create_batch(count):
        QuestionFactory.create_batch(count, room=room, state="answered")
    client.get(ROOMS)
    with django_assert_num_queries(11):
        client.get(ROOMS)


CONTRACT = ("slug", "asked", "published", "answered", "leads", "by_topic")


def test_a_room_counts_all_that_was_asked_and_what_came_of_it(manager):
    topic = TopicFactory(key="informatique", label="Informatique")
    room = RoomFactory(slug="renseignement")
    target = QuestionFactory(room=room, topic=topic, state="answered")
    AnswerFactory(question=target)
    QuestionFactory(room=room, topic=topic, state="merged", merged_into=target)
    QuestionFactory(room=room)
    ask(room_id=room.pk)
    ask(room_id=room.pk)
    data = manager.get(ROOMS, {"format": "json"}).json()
    by_topic = [{"key": "informatique", "label": "Informatique", "asked": 2}]
    told = [{name: room[name] for name in CONTRACT} for room in data["rooms"]]
    assert told == [
        {
            "slug": "renseignement",
            "asked": 3,
            "published": 1,
            "answered": 1,
            "leads": 2,
            "by_topic": [*by_topic, {"key": "none", "label": "aucun", "asked": 1}],
        }
    ]
    assert data["by_topic"][:1] == by_topic


# --- for the public ---


def test_no_cell_under_five_is_told_and_none_can_be_worked_out():
    assert masked({"a": 9, "b": 5, "c": 0}) == {"a": 9, "b": 5, "c": 0}
    assert masked({"a": 9, "b": 7, "c": 4}) == {"a": 9, "b": None, "c": None}
    assert masked({"a": 9, "b": 1, "c": 4}) == {"a": 9, "b": None, "c": None}
    assert masked({"a": 4}) == {"a": None}


REGIONS = {"11": ["75", "92", "93"], "24": ["28", "45"], "84": ["69"], "abroad": ["abroad"]}


@given(st.fixed_dictionaries({key: st.integers(0, 14) for own in REGIONS.values() for key in own}))
def test_no_departement_is_told_by_its_region_nor_a_region_by_its_departements(cells):
    total = sum(cells.values())
    regions = masked_rows("region", {region: sum(cells[key] for key in own) for region, own in REGIONS.items()}, total)
    shown = masked_rows("department", cells, total)
    for region, own in REGIONS.items():
        hidden = [key for key in own if shown[key] is None]
        inhabited = [key for key in own if cells[key]]
        if regions[region] is None:
            assert set(inhabited) <= set(hidden)
        else:
            assert len(hidden) != 1
    assert not any(count is not None and 0 < count < 5 for count in shown.values())


def test_requests_for_information_are_not_told_by_those_for_no_contest():
    kinds = masked_rows("kind", {"information": 50, "registration_file": 3}, 53)
    contests = masked_rows("contest", {"none": 50, "gardien": 3}, 53)
    assert set(kinds.values()) == set(contests.values()) == {None}
    told = masked_rows("contest", {"none": 50, "gardien": 4, "adjoint": 4}, 58)
    assert told == {"none": 50, "gardien": None, "adjoint": None}


def test_one_week_alone_is_not_told_by_the_sum():
    week = {"week": "w1", "total": 3, "information": 3, "registration_file": 0}
    assert masked_weekly({"weeks": [week], "total": 3})["total"] is None
    week = {"week": "w1", "total": 6, "information": 6, "registration_file": 0}
    assert masked_weekly({"weeks": [week], "total": 6})["total"] == 6


def test_a_week_under_five_tells_nothing_that_adds_up_to_it():
    weeks = [
        {"week": "w1", "total": 3, "information": 3, "registration_file": 0, "rows": [{"key": "a", "total": 3}]},
        {"week": "w2", "total": 20, "information": 10, "registration_file": 10, "rows": [{"key": "a", "total": 20}]},
        {"week": "w3", "total": 30, "information": 28, "registration_file": 2, "rows": [{"key": "a", "total": 30}]},
    ]
    told = masked_weekly({"weeks": weeks, "total": 53})
    assert [week["total"] for week in told["weeks"]] == [None, None, 30]
    assert told["weeks"][0]["rows"] == [{"key": "a", "total": None}]
    assert (told["weeks"][2]["information"], told["weeks"][2]["registration_file"]) == (None, None)


def test_an_export_for_the_public_is_masked_and_the_managers_own_is_not(manager, campaign):
    exact = weekly(manager, format="json").json()
    public = weekly(manager, format="json", audience="public").json()
    assert [week["total"] for week in exact["weeks"]] == [3, 6]
    assert [week["total"] for week in public["weeks"]] == [None, None]
    assert "< 5" in weekly(manager, format="csv", audience="public").content.decode()
