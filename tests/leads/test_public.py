"""What the hall uses of this app, the reference data, the tasks."""

from datetime import date, timedelta

import pytest
from django.core import mail as django_mail

from leads import public, tasks
from leads.choices import SessionStatus, Stage
from leads.models import Candidate, Contest, ContestSession, CountDelta, Organisation, Source, Team
from leads.services import ensure_ground, load_reference_data
from tests.leads.factories import NOW, CandidateFactory, ContestSessionFactory, ask

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_a_fresh_database_has_a_neutral_employer_a_default_team_and_the_codes_sources():
    assert public.organisation().name != "Police nationale"
    assert Team.objects.default().is_default
    assert set(Source.objects.values_list("key", flat=True)) == {"ami", "declared", "phone"}


def test_the_ground_is_laid_once():
    ensure_ground()
    assert Organisation.objects.count() == Team.objects.count() == 1


def test_reference_data_may_be_loaded_again_without_doubling():
    load_reference_data()
    counted = [model.objects.count() for model in (Contest, ContestSession, Source, Team)]
    load_reference_data()
    assert [model.objects.count() for model in (Contest, ContestSession, Source, Team)] == counted
    assert counted[:2] == [9, 10]
    assert Contest.objects.get(slug="gardien-externe-idf").same_rules_as.slug == "gardien-externe"
    assert ContestSession.objects.get(contest__slug="gardien-externe", year=2004).posts == 4500
    assert public.organisation().name == "Police nationale"


@pytest.mark.parametrize(
    ("status", "opens_on", "closes_on", "is_open"),
    [
        (SessionStatus.OPEN, None, None, True),
        (SessionStatus.OPEN, date(2026, 11, 19), date(2026, 11, 19), True),
        (SessionStatus.OPEN, date(2026, 11, 20), None, False),
        (SessionStatus.OPEN, None, date(2026, 11, 18), False),
        (SessionStatus.ANNOUNCED, None, None, False),
        (SessionStatus.CLOSED, None, None, False),
        (SessionStatus.ARCHIVED, None, None, False),
    ],
)
def test_a_session_is_open_by_status_and_dates(status, opens_on, closes_on, is_open):
    session = ContestSessionFactory(status=status, opens_on=opens_on, closes_on=closes_on)
    assert bool(public.open_contests(NOW)) == is_open == session.is_open_on(date(2026, 11, 19))


@pytest.mark.parametrize("count", [1, 3])
def test_open_contests_are_two_queries(count, django_assert_num_queries):
    ContestSessionFactory.create_batch(count)
    with django_assert_num_queries(2):
        assert len([contest.open_session for contest in public.open_contests(NOW)]) == count


def test_housekeeping_does_what_is_due_once():
    ask()
    CandidateFactory(stage=Stage.WAITING, stage_before=Stage.QUALIFIED, next_action="resume", next_action_at=NOW)
    assert public.housekeeping(NOW).items() >= {"sent": 1, "folded": 1, "resumed": 1}.items()
    assert not any(public.housekeeping(NOW).values())
    assert Candidate.objects.filter(stage=Stage.QUALIFIED).count() == 1


def test_the_outbox_has_the_age_of_its_oldest_due_mail():
    assert public.outbox_age(NOW) == 0
    ask()
    assert public.outbox_age(NOW + timedelta(seconds=90)) == 90
    public.housekeeping(NOW)
    assert public.outbox_age(NOW + DAY) == 0


def test_the_tasks_send_fold_and_resume(monkeypatch):
    monkeypatch.setitem(tasks.sweep_outbox.app.conf, "task_always_eager", True)
    ask()
    tasks.sweep_outbox.delay()
    tasks.fold_counts.delay()
    tasks.resume_candidates.delay()
    assert len(django_mail.outbox) == 1
    assert not CountDelta.objects.exists()
