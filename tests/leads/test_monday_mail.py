"""The Monday mail: each manager gets one a week whatever the scheduler does, and nothing in it gives anybody away."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail as django_mail
from hypothesis import given
from hypothesis import strategies as st

from leads import digest, freezing, mail
from leads.models import Message, Organisation
from recruitment import jobs
from recruitment.masking import masked
from recruitment.models import JobRun
from tests.factories import UserFactory
from tests.leads.factories import SourceFactory, ask, came_from
from tests.leads.staff import staff

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")
W47 = date(2026, 11, 16)
MONDAY_SIX = datetime(2026, 11, 23, 6, tzinfo=PARIS)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _aim(db):
    Organisation.objects.update(aim_region="11")


def asked(count, day=17, **values):
    for _ in range(count):
        ask(now=datetime(2026, 11, day, 12, tzinfo=PARIS), **values)


@pytest.fixture
def week():
    """Week 47: nine requests, six from posters; week 46: six, all by unknown ways."""
    SourceFactory(key="affiche", label="QR code, affiches")
    asked(6, touches=came_from("affiche"))
    asked(3, postal_code="69001")
    asked(6, day=10)


@pytest.fixture
def managers():
    return [staff("managers", email=f"{name}@example.org", first_name=name.title()) for name in ("herve", "ines")]


def tick(now):
    jobs.run_due(now, [job for job in jobs.JOBS if job.name in ("freeze_weeks", "monday_mail", "follow_up")])


def mails():
    return sorted(Message.objects.filter(template="weekly").values_list("recipient", flat=True))


# --- once -----------------------------------------------------------------------------------------------------------
def test_each_manager_gets_one_and_nobody_else_does(week, managers):
    staff("recruiters", email="nadia@example.org")
    UserFactory(is_superuser=True, email="admin@example.org")
    staff("managers", email="")
    staff("managers", email="gone@example.org", is_active=False)
    tick(MONDAY_SIX)
    assert mails() == ["herve@example.org", "ines@example.org"]


def test_nothing_goes_before_the_week_is_frozen(week, managers):
    tick(MONDAY_SIX - MINUTE)
    assert mails() == []


def test_however_often_it_runs_there_is_one_a_week(week, managers):
    for minutes in (0, 0, 10, 60, 60 * 24):
        tick(MONDAY_SIX + minutes * MINUTE)
        digest.post_weekly_mails(MONDAY_SIX + minutes * MINUTE)
    assert len(mails()) == 2
    asked(1, day=24)
    tick(MONDAY_SIX + timedelta(days=7))
    assert len(mails()) == 4


def test_a_scheduler_that_died_before_it_was_done_is_taken_over_and_nobody_gets_two(week, managers):
    freezing.freeze_due_weeks(MONDAY_SIX)
    (job,) = (job for job in jobs.JOBS if job.name == "monday_mail")
    assert jobs.claim(job, MONDAY_SIX)
    digest.post_weekly_mails(MONDAY_SIX)  # and then it is killed: the claim is never done
    assert JobRun.objects.get(job="monday_mail").done_at is None
    tick(MONDAY_SIX + 20 * MINUTE)
    assert JobRun.objects.get(job="monday_mail").done_at
    assert len(mails()) == 2


def test_who_becomes_a_manager_on_monday_gets_it_and_on_thursday_does_not(week, managers):
    tick(MONDAY_SIX)
    staff("managers", email="late@example.org")
    tick(MONDAY_SIX + 60 * MINUTE)
    assert "late@example.org" in mails()
    staff("managers", email="later@example.org")
    tick(MONDAY_SIX + timedelta(days=3))
    assert "later@example.org" not in mails()


# --- what it says ---------------------------------------------------------------------------------------------------
def test_the_mail_has_the_figures_three_sentences_and_a_link(week, managers, settings):
    tick(MONDAY_SIX)
    while mail.sweep(now=MONDAY_SIX + MINUTE):
        continue
    (sent,) = (m for m in django_mail.outbox if m.to == ["herve@example.org"])
    assert sent.subject == "Semaine 47, du 16 au 22 novembre 2026"
    assert "9 demandes sont arrivées\u00a0: 3 de plus qu’en S46, 9 de plus qu’en S47 de 2025." in sent.body
    assert f"{settings.SITE_URL}/admin/reports/weekly/?to=2026-W47" in sent.body
    assert "Auvergne" not in sent.body


def sentences():
    return digest.digest(W47, MONDAY_SIX).sentences


def test_the_sentences_are_computed(week):
    asked(2, postal_code="69001")
    assert sentences() == [
        "11 demandes sont arrivées\u00a0: 5 de plus qu’en S46, 11 de plus qu’en S47 de 2025.",
        "La source qui a le plus changé est «\u00a0QR code, affiches\u00a0»\u00a0: 6, contre 0 en S46.",
        "54,5\u00a0% habitent en Île-de-France, contre 100,0\u00a0% en S46.",
    ]


def test_a_source_whose_figure_gives_another_away_is_not_named(week):
    """Three came by ways unknown; the posters' six would tell them."""
    assert sentences()[1:] == [
        "Aucune source qui puisse être dite n’a changé.",
        "Combien habitent en Île-de-France ne peut pas être dit\u00a0: trop peu de demandes.",
    ]


def test_a_share_is_told_where_it_gives_nobody_away():
    asked(6)
    asked(6, postal_code="69001")
    asked(5, day=10)
    assert sentences()[2] == "50,0\u00a0% habitent en Île-de-France, contre 100,0\u00a0% en S46."


def test_an_employer_that_aims_at_no_region_is_told_which_one_changed_most(week):
    asked(6, postal_code="69001")
    Organisation.objects.update(aim_region="")
    assert sentences()[2] == "La région qui a le plus changé est Auvergne-Rhône-Alpes\u00a0: 9, contre 0 en S46."
    assert not any("Habitent" in label for label, _cells in digest.digest(W47, MONDAY_SIX).figures)
    Organisation.objects.update(aim_region="44")
    assert any(label == "Habitent dans le Grand Est" for label, _cells in digest.digest(W47, MONDAY_SIX).figures)


def test_a_week_of_three_says_fewer_than_five_and_no_more():
    asked(3)
    told = digest.digest(W47, MONDAY_SIX)
    assert told.sentences[0] == "Moins de 5 demandes sont arrivées."
    assert {cells[0] for _label, cells in told.figures} == {"masqué", "–"}
    assert all(cells[0] is None for table in told.tables for _label, cells in table.shown)


def test_no_table_tells_a_cell_that_its_total_gives_away(week):
    for table in digest.digest(W47, MONDAY_SIX).tables:
        now = [cells[0] for _label, cells in table.shown]
        assert not any(cell is not None and 0 < cell < 5 for cell in now)
        assert now.count(None) != 1


@given(st.dictionaries(st.text(max_size=3), st.integers(0, 30), max_size=8))
def test_masking_never_leaves_one_hidden_cell_unless_it_is_the_only_one_with_anything(cells):
    shown = masked(cells)
    hidden = [key for key, count in shown.items() if count is None]
    assert all(count is None or count == 0 or count >= 5 for count in shown.values())
    assert len(hidden) != 1 or [key for key, count in cells.items() if count] == hidden


# --- the page to print ----------------------------------------------------------------------------------------------
def test_the_printed_page_is_masked_and_the_page_itself_is_not(client, week, managers):
    client.force_login(managers[0])
    printed = client.get("/admin/reports/weekly/", {"to": "2026-W47", "format": "print"})
    assert printed.status_code == 200
    assert "masqué" in printed.content.decode()
    assert "masqué" not in client.get("/admin/reports/weekly/", {"to": "2026-W47"}).content.decode()


@pytest.mark.parametrize("role", ["recruiters", "moderators", "speakers"])
def test_the_printed_page_is_for_managers(role, client):
    client.force_login(staff(role))
    assert client.get("/admin/reports/weekly/", {"format": "print"}).status_code == 403
