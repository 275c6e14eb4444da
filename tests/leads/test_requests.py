"""A request comes in: once, with its receipt, without telling or changing anything of somebody else."""

from datetime import UTC, date, datetime, timedelta

import pytest

from leads import services
from leads.choices import ActionKind, AgeBand, FollowUpKind, LeadKind, Stage
from leads.errors import TooYoung
from leads.models import Candidate, Consent, CountDelta, FollowUp, Lead, Message, Receipt, RegistrationFile
from leads.services import Typed
from tests.factories import RoomFactory, UserFactory
from tests.leads.factories import (
    NOW,
    CandidateFactory,
    ContestSessionFactory,
    ask,
    ask_for_file,
    came_from,
    typed,
)

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def session():
    return ContestSessionFactory()


def test_a_request_makes_a_candidate_a_lead_a_receipt_a_file_and_a_mail(session):
    receipt = ask_for_file(session, email="amina@example.org", room_id=RoomFactory().pk)
    lead = receipt.lead
    assert (lead.kind, lead.contest_session, lead.region, lead.department) == ("registration_file", session, "11", "93")
    assert lead.candidate.email == "amina@example.org"
    assert lead.candidate.stage == Stage.NEW
    assert lead.candidate.next_action == ActionKind.CALL
    assert lead.candidate.team.is_default
    assert RegistrationFile.objects.get().candidate == lead.candidate
    assert Message.objects.get().template == "receipt_file"
    assert CountDelta.objects.get().leads == 1
    assert FollowUp.objects.get().kind == FollowUpKind.REQUEST


def test_the_day_is_the_sites(settings):
    late = datetime(2026, 11, 19, 23, 30, tzinfo=UTC)
    assert ask(now=late).lead.day == date(2026, 11, 20)


def test_the_same_form_sent_twice_is_one_lead_with_one_receipt(session):
    form = typed()
    receipts = {ask_for_file(session, typed=form, request_id="one").reference for _ in range(3)}
    assert len(receipts) == 1
    assert Lead.objects.count() == Message.objects.count() == CountDelta.objects.count() == 1


def test_the_same_form_with_other_values_is_another_request():
    form = typed(message="Quel âge ?")
    ask(typed=form, request_id="one")
    ask(typed=typed(email=form.email, message="Quelle taille ?"), request_id="one")
    assert Lead.objects.count() == 2
    assert Candidate.objects.count() == 1


def test_the_same_thing_within_a_day_is_one_lead_with_a_receipt_of_its_own(session):
    first = ask_for_file(session, email="amina@example.org")
    again = ask_for_file(session, email="amina@example.org", first_name="A.", now=NOW + 23 * HOUR)
    assert again.lead == first.lead
    assert again.reference != first.reference
    assert CountDelta.objects.count() == 1


def test_the_same_thing_a_day_later_is_a_second_lead(session):
    ask_for_file(session, email="amina@example.org")
    ask_for_file(session, email="amina@example.org", now=NOW + 24 * HOUR)
    assert Lead.objects.count() == 2
    assert RegistrationFile.objects.count() == 1


def test_another_text_another_session_and_the_other_kind_are_other_leads(session):
    person = {"email": "amina@example.org"}
    ask(**person, message="Quel âge ?")
    ask(**person, message="quel AGE")
    ask(**person, message="Quelle taille ?")
    ask_for_file(session, **person)
    ask_for_file(ContestSessionFactory(), **person)
    assert Lead.objects.count() == 4


def test_a_request_never_changes_the_record_of_a_candidate_who_was_there_before():
    known = CandidateFactory(email="amina@example.org", first_name="Amina", postal_code="", situation="")
    ask(email="amina@example.org", first_name="Xavier", phone="+33600000000", situation="pupil", consents=("phone",))
    known.refresh_from_db()
    assert (known.first_name, known.phone, known.situation, known.department) == ("Amina", "+33639981240", "", "")
    assert not Consent.objects.exists()
    assert Lead.objects.get().first_name == "Xavier"


def test_a_mail_greets_its_owner_and_not_whoever_typed_the_address():
    CandidateFactory(email="amina@example.org", first_name="Amina")
    ask(email="amina@example.org", first_name="Xavier")
    assert Message.objects.get().context["first_name"] == "Amina"


def test_mails_to_one_recipient_are_capped_and_leads_are_not():
    for number in range(14):
        ask(email="amina@example.org", message=f"Question {number}")
    assert Lead.objects.count() == 14
    assert Message.objects.count() == 10


def test_without_an_email_the_same_phone_and_name_are_one_person():
    for first_name in ("Karim", "karim", "Sofiane"):
        ask(email="", phone="+33639981240", first_name=first_name, last_name="", message=first_name)
    assert Candidate.objects.count() == 2


def test_two_empty_names_with_one_phone_are_one_person():
    for message in ("a", "b"):
        ask(email="", phone="+33639981240", first_name="", last_name="", message=message)
    assert Candidate.objects.count() == 1


def test_a_request_without_an_email_never_joins_a_candidate_who_has_one():
    CandidateFactory(phone="+33639981240", first_name="Amina", last_name="Courtial")
    ask(email="", phone="+33639981240")
    assert Candidate.objects.count() == 2
    assert not Message.objects.exists()


def test_under_15_nothing_is_stored_or_counted(session):
    with pytest.raises(TooYoung):
        ask_for_file(session, birth_date=date(2011, 11, 20))
    assert not Candidate.objects.exists()
    assert not Lead.objects.exists()
    assert not CountDelta.objects.exists()


def test_at_15_a_request_is_taken_and_no_optional_purpose():
    lead = ask(birth_date=date(2011, 11, 19), consents=("newsletter", "phone")).lead
    assert lead.age_band == AgeBand.UNDER_18
    assert not Consent.objects.exists()


def test_consents_are_recorded_with_version_method_and_the_end_of_calls():
    ask(consents=("phone", "recontact"))
    phone = Consent.objects.get(purpose="phone")
    assert (phone.given, phone.method, phone.expires_at) == (True, "form", NOW + timedelta(days=365))
    assert phone.text_version
    assert Consent.objects.get(purpose="recontact").expires_at is None


def test_nothing_ticked_is_no_consent():
    ask()
    assert not Consent.objects.exists()


def test_abroad_wins_over_a_postal_code():
    lead = ask(postal_code="75001", is_abroad=True).lead
    assert (lead.is_abroad, lead.department, lead.region) == (True, "", "")


def test_monaco_is_abroad():
    assert ask(postal_code="98000").lead.is_abroad


@pytest.mark.parametrize(
    ("touches", "heard_from", "key"),
    [
        (came_from("affiche"), "un ami", "affiche"),
        (None, "un ami", "declared"),
        (None, "", None),
    ],
)
def test_source_is_the_touch_else_what_was_declared_else_unknown(touches, heard_from, key):
    lead = ask(touches=touches, heard_from=heard_from).lead
    assert (lead.source.key if lead.source else None) == key


def test_a_request_by_phone_goes_through_the_same_rules():
    recruiter = UserFactory()
    receipt = services.enter_request_by_phone(
        kind=LeadKind.INFORMATION, typed=typed(consents=("phone",)), request_id="a", actor=recruiter, now=NOW
    )
    assert receipt.lead.source.key == "phone"
    assert receipt.lead.entered_by == recruiter
    assert Consent.objects.get().method == "phone"


def test_a_closed_sheet_opens_again_when_its_person_asks_again():
    known = CandidateFactory(
        email="amina@example.org", stage=Stage.CLOSED, closed_reason="withdrawn", next_action="", next_action_at=None
    )
    ask(email="amina@example.org")
    known.refresh_from_db()
    assert known.stage == Stage.NEW
    assert known.next_action
    assert FollowUp.objects.filter(kind=FollowUpKind.STAGE).get().data["to"] == "new"


def test_a_new_request_brings_the_next_action_forward_and_never_back():
    later = CandidateFactory(next_action_at=NOW + timedelta(days=30))
    sooner = CandidateFactory(next_action_at=NOW + HOUR)
    ask(email=later.email)
    ask(email=sooner.email)
    later.refresh_from_db()
    sooner.refresh_from_db()
    assert later.next_action_at < NOW + timedelta(days=5)
    assert sooner.next_action_at == NOW + HOUR


def test_a_merged_record_is_not_found_again():
    kept = CandidateFactory()
    CandidateFactory(
        email="old@example.org",
        merged_into=kept,
        stage=Stage.CLOSED,
        closed_reason="duplicate",
        next_action="",
        next_action_at=None,
    )
    ask(email="old@example.org")
    assert Candidate.objects.filter(email="old@example.org", merged_into=None).count() == 1


def test_invented_people_get_no_mail_from_the_seed():
    services.request_information(typed=typed(), request_id="a", now=NOW, is_invented=True)
    assert Candidate.objects.get().is_invented
    assert Lead.objects.get().is_invented
    assert not Message.objects.exists()


def test_who_types_the_address_of_an_invented_person_gets_the_mail():
    CandidateFactory(email="amina@example.org", is_invented=True)
    ask(email="amina@example.org")
    assert Message.objects.get().recipient == "amina@example.org"


def test_a_reference_that_is_taken_is_drawn_again(monkeypatch):
    draws = iter(["RC-2222-2222-2", "RC-2222-2222-2", "RC-3333-3333-3"])
    monkeypatch.setattr("leads.services.receipts.new_reference", lambda prefix: next(draws))
    ask()
    ask()
    assert set(Receipt.objects.values_list("reference", flat=True)) == {"RC-2222-2222-2", "RC-3333-3333-3"}


@pytest.mark.parametrize("known", [0, 3])
def test_a_request_is_a_fixed_number_of_queries(known, session, django_assert_num_queries):
    for _ in range(known):
        ask_for_file(session)
    with django_assert_num_queries(22):
        ask_for_file(session)


def test_the_delta_is_the_last_row_written(session, django_assert_num_queries):
    with django_assert_num_queries(22) as queries:
        ask_for_file(session)
    inserts = [q["sql"] for q in queries.captured_queries if q["sql"].startswith("INSERT")]
    assert "leads_countdelta" in inserts[-1]


def test_typed_values_have_defaults_for_all_that_is_optional():
    assert Typed(email="a@example.org").consents == ()
