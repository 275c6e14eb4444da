"""From visits to the registered, week by week: page, files, command and paper agree, and paper gives nobody away."""

import csv
import io
import json
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from leads import digest, freezing
from leads.masking import masked_steps
from leads.models import Candidate, Lead, RegistrationFile, VisitCount
from leads.progress import restore_progress
from leads.report_figures import week_figures
from leads.report_funnel import steps_of
from leads.weeks import Span, freezes_at
from tests.factories import QuestionFactory, RoomFactory, TopicFactory
from tests.leads.factories import ContestSessionFactory, ask, ask_for_file, came_from
from tests.leads.staff import staff

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")
WEEKLY = "/admin/reports/weekly/"
W46, W47 = date(2026, 11, 9), date(2026, 11, 16)
RANGE = {"from": "2026-W46", "to": "2026-W47"}
STEPS = ["way_known", "answered", "sent", "downloaded", "returned", "complete", "registered"]
W47_STEPS = [1, 0, 6, 6, 6, 0, 0]


def at(day, hour=12):
    return datetime(day.year, day.month, day.day, hour, tzinfo=PARIS)


@pytest.fixture
def manager(client):
    client.force_login(staff("managers"))
    return client


@pytest.fixture
def weeks():
    """Week 47: seven requests for a file, of which six came back, one for information; week 46: one; visits in 47."""
    session = ContestSessionFactory()
    for number in range(7):
        ask_for_file(session, now=at(W47), email=f"f{number}@example.org")
    ask(now=at(W47), email="i@example.org", touches=came_from("affiche"))
    ask(now=at(W46), email="b@example.org")
    back = RegistrationFile.objects.exclude(candidate__email="f0@example.org")
    back.update(status="returned", returned_at=at(W47 + timedelta(9)))
    restore_progress()
    VisitCount.objects.create(day=W47, hour=9, source="unknown", visits=40)
    VisitCount.objects.create(day=W47 + timedelta(6), hour=23, source="unknown", visits=2)


def told(client, **query):
    return client.get(WEEKLY, RANGE | query)


def test_json_csv_workbook_and_command_agree(manager, weeks):
    last = told(manager, format="json", table="funnel").json()["weeks"][1]
    assert (last["visits"], [last["steps"][step] for step in STEPS]) == (42, W47_STEPS)
    text = told(manager, format="csv", table="funnel").content.decode("utf-8-sig")
    header, before, row, total = csv.reader(io.StringIO(text), delimiter=";")
    contracts, added = ["week", "total", "information", "registration_file"], ["newcomers", "first_answer_seconds"]
    assert header == [*contracts, "visits", "people", *STEPS, *added]
    assert row == ["2026-W47", "8", "1", "7", "42", "8", *map(str, W47_STEPS), "8", ""]
    assert before[4] == ""  # none were counted, which is not none
    assert total == ["total", "9", "2", "7", "42", "", *map(str, W47_STEPS), "", ""]  # people do not add up over weeks
    sheet = load_workbook(io.BytesIO(told(manager, format="xlsx").content))["Où en sont ces demandes"]
    lines = {line[0]: line[2:] for line in sheet.iter_rows(min_row=2, values_only=True)}
    assert lines["visits"] == (None, 42, 42)
    assert lines["people"] == lines["newcomers"] == (1, 8, None)
    assert lines["first_answer_seconds"] == (None, None, None)
    assert (lines["total"], lines["returned"]) == ((1, 8, 9), (0, 6, 6))
    out = io.StringIO()
    call_command("weekly_report", "--week", "2026-W47", "--funnel", "--format", "json", stdout=out)
    assert json.loads(out.getvalue())["weeks"][0]["steps"] == last["steps"]


def test_without_it_the_contracts_json_and_csv_are_as_they_were(manager, weeks):
    assert set(told(manager, format="json").json()["weeks"][1]) <= {
        *("week", "starts", "total", "information", "registration_file", "frozen", "rows", "cost_cents")
    }
    assert told(manager, format="csv").content.decode("utf-8-sig").splitlines()[0].count(";") == 3


def test_the_page_and_the_files_count_the_steps_alike(weeks, django_assert_num_queries):
    spans = [Span(W47), Span(W46, at(W46, 13))]
    with django_assert_num_queries(1):
        steps = steps_of(spans, {})
    for figures in week_figures(spans, {}):
        assert steps[figures.monday] == figures.steps


def test_a_filter_other_than_the_source_hides_visits_and_narrows_steps(manager, weeks):
    last = told(manager, format="json", table="funnel", kind="information").json()["weeks"][1]
    assert (last["visits"], last["steps"]["way_known"], last["steps"]["returned"]) == (None, 1, 0)


def test_people_are_counted_once_a_week_and_of_a_frozen_one_as_kept(manager, weeks):
    ask(now=at(W47, 15), email="i@example.org", message="Et la paie ?")
    people = [week["people"] for week in told(manager, format="json", table="funnel").json()["weeks"]]
    assert people == [1, 8]
    freezing.freeze_due_weeks(freezes_at(W47))
    Candidate.objects.get(email="i@example.org").leads.update(candidate=None)  # as an erasure leaves it
    assert told(manager, format="json", table="funnel").json()["weeks"][1]["people"] == 8
    narrowed = told(manager, format="json", table="funnel", kind="information").json()["weeks"]
    assert [week["people"] for week in narrowed] == [1, 0]


def test_who_asked_before_is_no_newcomer_and_of_a_frozen_week_as_kept(manager, weeks):
    def newcomers(**query):
        return [week["newcomers"] for week in told(manager, format="json", table="funnel", **query).json()["weeks"]]

    ask(now=at(W47, 15), email="b@example.org", message="Et la paie ?")  # asked the week before
    assert newcomers() == [1, 8]
    freezing.freeze_due_weeks(freezes_at(W47))
    Candidate.objects.get(email="i@example.org").leads.update(candidate=None)
    assert newcomers() == [1, 8]
    assert newcomers(kind="information") == [1, 0]


def test_the_median_of_first_answers_is_that_of_the_page_week_by_week(manager, weeks):
    hour = timedelta(hours=1)
    for number in range(4):
        Lead.objects.filter(email=f"f{number}@example.org").update(answered_at=at(W47) + (number + 1) * hour)
    in_file = [week["first_answer_seconds"] for week in told(manager, format="json", table="funnel").json()["weeks"]]
    assert in_file == [None, 4 * 3600]  # the fourth of eight; of week 46 nobody was answered
    on_page = [figures.first_answer for figures in week_figures([Span(W46), Span(W47)], {})]
    assert on_page == [None, 4 * hour]
    Lead.objects.filter(email="f3@example.org").update(answered_at=None)
    assert told(manager, format="json", table="funnel").json()["weeks"][1]["first_answer_seconds"] is None


@pytest.mark.parametrize("first", ["2026-W47", "2026-W40"])
def test_it_takes_as_many_queries_for_eight_weeks_as_for_one(manager, weeks, first, django_assert_num_queries):
    with django_assert_num_queries(15):
        told(manager, format="json", table="funnel", **{"from": first})


# --- masked -----------------------------------------------------------------------------------------------------------
def test_what_is_for_the_public_tells_no_step_that_its_neighbours_give_away(manager, weeks):
    public = {"format": "json", "table": "funnel", "audience": "public"}
    for week in told(manager, **public).json()["weeks"]:
        assert set(week["steps"].values()) == {None}  # of one request nothing is told, nor of what would tell it
    [alone] = told(manager, **public | {"from": "2026-W47"}).json()["weeks"]
    assert (alone["total"], alone["registration_file"], alone["people"]) == (8, None, 8)  # one was for information
    assert {step for step, count in alone["steps"].items() if count is not None} == {"answered"}
    assert (alone["newcomers"], alone["first_answer_seconds"]) == (8, None)


@pytest.mark.parametrize(("answered", "is_told"), [(4, False), (5, False), (8, True)])
def test_a_median_of_a_few_or_of_all_but_a_few_is_not_for_the_public(manager, weeks, answered, is_told):
    for lead in Lead.objects.filter(day=W47).order_by("pk")[:answered]:
        Lead.objects.filter(pk=lead.pk).update(answered_at=at(W47, 14))
    public = {"from": "2026-W47", "format": "json", "table": "funnel"}
    assert told(manager, **public).json()["weeks"][0]["first_answer_seconds"] == 7200
    [week] = told(manager, **public, audience="public").json()["weeks"]
    assert week["first_answer_seconds"] == (7200 if is_told else None)


def test_newcomers_so_few_or_so_near_to_the_people_are_not_for_the_public(manager, weeks):
    ask(now=at(W47, 15), email="b@example.org", message="Et la paie ?")
    [week] = told(manager, **{"from": "2026-W47"}, format="json", table="funnel", audience="public").json()["weeks"]
    assert (week["people"], week["newcomers"]) == (9, None)  # one had asked before


def test_paper_and_mail_tell_the_funnel_masked(manager, weeks):
    for number in range(5):
        ask(now=at(W47), email=f"more{number}@example.org")
    steps = dict(digest.digest(W47, at(W47 + timedelta(8))).steps)
    assert [steps[name][0] for name in ("Visites", "Demandes", "Pour un dossier")] == ["42", "13", "7"]
    assert steps["Dossier envoyé"][0] == "masqué"  # six of seven: one was not sent
    assert steps["Dossier complet"][0] == "0"
    assert "Provenance connue" not in steps
    printed = told(manager, format="print").content.decode()
    assert '<th scope="row">Visites</th><td class="n">42</td>' in printed


@given(st.lists(st.integers(0, 12), min_size=1, max_size=7), st.integers(0, 60))
def test_no_told_step_is_under_five_nor_near_to_another(falls, last):
    chain = [last + sum(falls[n:]) for n in range(len(falls) + 1)]
    whole, *steps = chain
    shown = [whole, *(count for count in masked_steps(steps, whole) if count is not None)]
    assert all(not 0 < count < 5 for count in shown[1:])
    assert all(not 0 < above - below < 5 for above, below in zip(shown, shown[1:], strict=False))
    assert masked_steps(steps, None) == [None] * len(steps)


# --- what they ask ----------------------------------------------------------------------------------------------------
def test_the_page_says_how_many_asked_in_rooms_and_about_what_most(manager):
    room, computing = RoomFactory(), TopicFactory(key="informatique", label="Informatique")
    for number, topic in enumerate([computing, computing, None]):
        QuestionFactory(room=room, topic=topic, asked_at=at(W47 + timedelta(number)))
    QuestionFactory(room=room, asked_at=at(W47 + timedelta(7), 0))  # the Monday after
    page = told(manager).content.decode()
    assert "<b>3</b> questions posées dans les salons" in page
    assert "Thème le plus demandé\u00a0: Informatique, <b>2</b> (66,7\u00a0%)" in page
    assert "questions posées" not in told(manager, region="11").content.decode()
