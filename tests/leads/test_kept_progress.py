"""First answer and step of the file are kept on each lead: after each service as the person's rows say it."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db.models import ProtectedError

from leads import freezing, mail, services
from leads.batch_words import BatchKind
from leads.choices import FileStatus, Outcome, Stage
from leads.models import Lead, RegistrationFile
from leads.progress import restore_progress
from tests.factories import UserFactory
from tests.leads.factories import NOW, ContestSessionFactory, ask, ask_for_file
from tests.leads.staff import recruiter

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def me():
    return recruiter()


@pytest.fixture
def session():
    return ContestSessionFactory()


@pytest.fixture(autouse=True)
def nothing_is_behind():
    """Whatever a test here does through services."""
    yield
    assert not Lead.objects.behind().exists()


def answered(lead):
    return Lead.objects.get(pk=lead.pk).answered_at


def step(lead):
    return Lead.objects.get(pk=lead.pk).file_step


def call(lead, me, outcome=Outcome.REACHED, now=NOW + HOUR):
    services.log_outcome(candidate_id=lead.candidate_id, outcome=outcome, actor=me, expected_version=None, now=now)


def move_file(lead, *way, now=NOW + HOUR):
    file = RegistrationFile.objects.get(candidate=lead.candidate_id)
    for to in way:
        services.move_file(file_id=file.pk, to=to, actor=None, expected_version=None, now=now)


def test_a_talk_answers_what_was_asked_before_it_and_a_voicemail_nothing(me):
    lead = ask(email="ugo@example.org").lead
    call(lead, me, Outcome.VOICEMAIL)
    assert answered(lead) is None
    call(lead, me, now=NOW + 2 * HOUR)
    call(lead, me, now=NOW + 3 * HOUR)
    later = ask(now=NOW + 72 * HOUR, email="ugo@example.org", message="Et la paie ?").lead
    assert (answered(lead), answered(later)) == (NOW + 2 * HOUR, None)


def test_a_file_takes_its_request_along_and_a_second_request_finds_it_there(session):
    lead, other = ask_for_file(session, email="ugo@example.org").lead, ask().lead
    move_file(lead, FileStatus.SENT, FileStatus.RETURNED)
    again = ask_for_file(session, now=NOW + 48 * HOUR, email="ugo@example.org").lead
    assert again != lead
    assert (step(lead), step(again), step(other)) == (3, 3, 0)


def test_many_moved_at_once_are_answered_and_stay_so_when_it_is_undone(me):
    leads = [ask(email=f"n{n}@example.org").lead for n in range(3)]
    ids = [lead.candidate_id for lead in leads]
    batch = services.begin_act(kind=BatchKind.STAGE, list_name="candidate", query="", ids=ids, actor=me, now=NOW + HOUR)
    services.try_act(batch_id=batch.pk, options={"to": Stage.CONTACTED}, actor=me, now=NOW + HOUR)
    services.confirm_batch(batch_id=batch.pk, actor=me, now=NOW + HOUR)
    services.run_batches(clock=lambda: NOW + HOUR)
    assert {answered(lead) for lead in leads} == {NOW + HOUR}


def test_merged_sheets_answer_each_others_requests_until_they_are_two_again(me):
    kept, gone = ask(email="a@example.org").lead, ask(email="b@example.org").lead
    call(kept, me)
    people = [Lead.objects.get(pk=lead.pk).candidate for lead in (kept, gone)]
    merge = services.merge_candidates(
        kept_id=people[0].pk,
        gone_id=people[1].pk,
        taken=(),
        expected_versions=(people[0].version, people[1].version),
        actor=me,
        now=NOW + 2 * HOUR,
    )
    assert answered(gone) == NOW + HOUR
    services.undo_merge(merge_id=merge.pk, actor=me, now=NOW + 3 * HOUR)
    assert (answered(kept), answered(gone)) == (NOW + HOUR, None)


def test_who_answered_may_leave_and_is_not_deleted_so_that_the_answer_stays_a_persons(client, me):
    lead = ask().lead
    call(lead, me)
    client.force_login(UserFactory(is_superuser=True))
    refused = client.post(f"/admin/auth/user/{me.pk}/delete/", {"post": "yes"})
    assert refused.status_code == 200 and User.objects.filter(pk=me.pk).exists()
    with pytest.raises(ProtectedError):
        me.delete()
    User.objects.filter(pk=me.pk).update(is_active=False)
    assert (restore_progress(), answered(lead)) == (0, NOW + HOUR)
    newcomer = UserFactory(is_staff=True)
    client.post(f"/admin/auth/user/{newcomer.pk}/delete/", {"post": "yes"})
    assert not User.objects.filter(pk=newcomer.pk).exists()


def test_who_is_erased_leaves_what_was_reached(me, session):
    lead = ask_for_file(session).lead
    call(lead, me)
    move_file(lead, FileStatus.SENT)
    services.erase_candidate(candidate_id=lead.candidate_id, now=NOW + 2 * HOUR)
    assert (answered(lead), step(lead)) == (NOW + HOUR, 1)


def test_the_night_mends_what_was_written_behind_its_back_and_says_so(me, session, caplog):
    lead = ask_for_file(session).lead
    call(lead, me)
    assert restore_progress() == 0
    Lead.objects.update(answered_at=None, file_step=4)
    assert freezing.compare_counts(NOW + 2 * HOUR) == 1
    assert "how far they have come" in caplog.text
    assert (answered(lead), step(lead)) == (NOW + HOUR, 0)


def test_the_mail_that_carries_the_file_moves_its_request_on():
    lead = ask_for_file(ContestSessionFactory(), email="amina@example.org").lead
    mail.sweep(now=NOW)
    assert RegistrationFile.objects.get().status == FileStatus.SENT
    lead.refresh_from_db()
    assert lead.file_step == 1
    assert restore_progress() == 0


def test_an_erasure_closes_a_complete_file_and_its_request_stays_as_far_as_it_had_come(me, session):
    lead = ask_for_file(session, email="amina@example.org").lead
    file = RegistrationFile.objects.get()
    for status in (FileStatus.RETURNED, FileStatus.COMPLETE):
        services.move_file(file_id=file.pk, to=status, actor=me, expected_version=None, now=NOW)
    reached = step(lead)
    services.erase_candidate(candidate_id=lead.candidate_id, now=NOW + HOUR)
    file.refresh_from_db()
    assert file.status == FileStatus.CLOSED
    assert (step(lead), restore_progress()) == (reached, 0)
