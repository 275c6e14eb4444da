"""What happens at the same moment: real threads on real connections, on PostgreSQL and on SQLite."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import pytest
from django.core import mail as django_mail
from django.db import connections

from leads import mail, reports, services, weeks
from leads.choices import Outcome, Stage
from leads.counts import fold_counts, rebuild_counts
from leads.errors import NotAllowed, VersionConflict
from leads.models import CallSlot, Candidate, CountDelta, FollowToken, FollowUp, Lead, Message, Receipt, Team
from tests.factories import UserFactory
from tests.leads.factories import NOW, CandidateFactory, ContestSessionFactory, ask, ask_for_file, came_from, typed

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def at_once(*acts):
    """Run all acts from one moment on, each on its own connection; what each returned or raised."""
    start = threading.Barrier(len(acts))

    def run(act):
        try:
            start.wait(timeout=10)
            return act()
        except (NotAllowed, VersionConflict) as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_one_form_sent_eight_times_at_once_is_one_lead_with_one_receipt():
    session, form = ContestSessionFactory(), typed()
    receipts = at_once(*[partial(ask_for_file, session, typed=form, request_id="one")] * 8)
    assert len({receipt.reference for receipt in receipts}) == 1
    assert Lead.objects.count() == Receipt.objects.count() == CountDelta.objects.count() == Message.objects.count() == 1


def test_the_same_thing_asked_by_eight_forms_at_once_is_one_lead():
    session, form = ContestSessionFactory(), typed()
    receipts = at_once(*[partial(ask_for_file, session, typed=form) for _ in range(8)])
    assert len({receipt.reference for receipt in receipts}) == 8
    assert Lead.objects.count() == Candidate.objects.count() == CountDelta.objects.count() == 1


@pytest.mark.parametrize("_round", range(3))
def test_the_same_thing_asked_at_once_by_somebody_known_is_one_lead(_round):
    """Seen to fail without the candidate's lock."""
    session, known = ContestSessionFactory(), CandidateFactory()
    at_once(*[partial(ask_for_file, session, typed=typed(email=known.email)) for _ in range(8)])
    assert Lead.objects.count() == CountDelta.objects.count() == 1
    assert Receipt.objects.count() == 8


def test_eight_new_requests_of_one_new_person_are_one_candidate():
    at_once(*[partial(ask, email="amina@example.org", message=f"Question {n}") for n in range(8)])
    assert Candidate.objects.count() == 1
    assert Lead.objects.count() == 8


def test_one_phone_and_name_without_an_email_are_one_candidate():
    person = {"email": "", "phone": "+33639981240"}
    at_once(*[partial(ask, **person, message=f"Question {n}") for n in range(6)])
    assert Candidate.objects.count() == 1


def test_a_call_is_taken_back_once_however_often_the_button_is_pressed():
    """Seen to fail without the candidate's lock."""
    team, user = Team.objects.default(), UserFactory()
    team.members.add(user)
    known = {"candidate_id": CandidateFactory().pk, "actor": user, "expected_version": None, "now": NOW}
    call = services.log_outcome(**known, outcome=Outcome.REACHED)
    told = at_once(*[partial(services.take_back_outcome, call_id=call.pk, actor=user, now=NOW)] * 8)
    assert sum(isinstance(answer, NotAllowed) for answer in told) == 7
    assert FollowUp.objects.filter(kind="undo").count() == 1


def test_many_people_through_one_new_source_at_once_wait_for_nobody_for_ever():
    at_once(*[partial(ask, touches=came_from("affiche")) for _ in range(8)])
    assert Lead.objects.filter(source__key="affiche").count() == 8


def test_two_workers_send_one_mail_once():
    ask()
    message = Message.objects.get()
    sent = at_once(*[partial(mail.deliver, message.pk, now=NOW)] * 6)
    assert sorted(sent) == [False] * 5 + [True]
    assert len(django_mail.outbox) == 1
    assert FollowToken.objects.count() == 1


def test_of_two_recruiters_on_one_sheet_one_is_told():
    candidate, recruiter = CandidateFactory(), UserFactory()
    Team.objects.default().members.add(recruiter)
    move = {"candidate_id": candidate.pk, "actor": recruiter, "expected_version": candidate.version, "now": NOW}
    results = at_once(
        partial(services.move_candidate, to=Stage.CONTACTED, **move),
        partial(services.move_candidate, to=Stage.QUALIFIED, **move),
    )
    assert sum(isinstance(result, VersionConflict) for result in results) == 1
    assert Candidate.objects.get().version == candidate.version + 1


def test_folding_from_several_processes_while_leads_come_in_loses_and_doubles_none():
    for _ in range(20):
        ask()
    at_once(*[partial(fold_counts, 7)] * 3, *[ask] * 3)
    while fold_counts():
        pass
    week = weeks.monday_of("2026-W47")
    assert reports.weekly(week, week, by="region").total == Lead.objects.count() == 23


def test_a_report_read_while_deltas_are_folded_shows_every_lead_once():
    for _ in range(20):
        ask()
    week = weeks.monday_of("2026-W47")
    totals = at_once(*[partial(fold_counts, 5)] * 3, *[lambda: reports.weekly(week, week).total] * 5)
    assert totals[3:] == [20] * 5


@pytest.mark.skipif(connections["default"].vendor != "postgresql", reason="SQLite has one writer at a time")
def test_rebuilding_while_leads_come_in_loses_and_doubles_none():
    for _ in range(10):
        ask()
    at_once(rebuild_counts, *[ask] * 4)
    week = weeks.monday_of("2026-W47")
    assert reports.weekly(week, week).total == Lead.objects.count() == 14


@pytest.mark.parametrize("_round", range(3))
def test_a_time_to_be_called_chosen_by_eight_at_once_takes_just_its_capacity(_round):
    starts_at = NOW + timedelta(days=4)
    slot = CallSlot.objects.create(
        team=Team.objects.default(), starts_at=starts_at, ends_at=starts_at + timedelta(minutes=20), capacity=2
    )
    people = [CandidateFactory(phone=f"+3363998125{number}") for number in range(8)]
    acts = [partial(services.choose_call_slot, candidate_id=p.pk, slot_id=slot.pk, now=NOW) for p in people]
    outcomes = at_once(*acts)
    assert sum(isinstance(outcome, NotAllowed) for outcome in outcomes) == 6
    assert Candidate.objects.filter(next_action_at=starts_at).count() == 2


def test_a_letter_sent_twice_at_once_is_written_once():
    writer, person = UserFactory(is_superuser=True), CandidateFactory()
    written = services.Written("Bonjour", "Venez.")
    act = partial(
        services.write_to,
        candidate_id=person.pk,
        written=written,
        request_id="one",
        actor=writer,
        expected_version=None,
        now=NOW,
    )
    at_once(act, act, act)
    assert Message.objects.count() == 1
    assert person.follow_ups.filter(kind="message").count() == 1
