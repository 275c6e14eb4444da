"""What candidates do through their link."""

import json
from datetime import timedelta

import pytest

from leads import mail, services
from leads.choices import FileStatus, FollowUpKind, Stage
from leads.errors import NotFound
from leads.models import Candidate, Consent, FollowToken, FollowUp, Lead, Message, Suppression
from leads.services.consents import given_purposes
from leads.tokens import candidate_of_token, follow_token, revoke_tokens
from tests.leads.factories import (
    NOW,
    CandidateFactory,
    ContestSessionFactory,
    RegistrationFileFactory,
    ask,
    ask_for_file,
)

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


# --- the key --------------------------------------------------------------------------------------------------------
def test_a_token_is_the_same_until_it_is_revoked():
    candidate = CandidateFactory()
    token = follow_token(candidate, now=NOW)
    assert follow_token(candidate, now=LATER) == token
    assert candidate_of_token(token) == candidate
    revoke_tokens(candidate, now=LATER)
    assert candidate_of_token(token) is None
    assert follow_token(candidate, now=LATER) != token


def test_the_database_holds_no_token():
    token = follow_token(CandidateFactory(), now=NOW)
    assert token not in json.dumps(list(FollowToken.objects.values()), default=str)


def test_an_old_mail_still_opens_the_page_after_the_secret_key_changed(settings):
    candidate = CandidateFactory()
    old = follow_token(candidate, now=NOW)
    settings.SECRET_KEY = "another one" * 5
    assert candidate_of_token(old) == candidate
    assert follow_token(candidate, now=NOW) != old


@pytest.mark.parametrize("guess", ["", "1", "1-", "1-x", "\ud800", "0-" + "a" * 43])
def test_a_guess_is_nobodys_key(guess):
    follow_token(CandidateFactory(), now=NOW)
    assert candidate_of_token(guess) is None


# --- verify ---------------------------------------------------------------------------------------------------------
def test_verifying_fills_gaps_proposes_what_differs_and_records_what_was_ticked():
    candidate = CandidateFactory(email="amina@example.org", phone="", postal_code="75001")
    ask(email="amina@example.org", phone="+33639981240", postal_code="93100", consents=("newsletter",))
    assert services.verify_address(candidate_id=candidate.pk, now=LATER)
    candidate.refresh_from_db()
    assert (candidate.phone, candidate.postal_code, candidate.verified_at) == ("+33639981240", "75001", LATER)
    assert FollowUp.objects.get(kind=FollowUpKind.PROPOSAL).data["fields"] == {"postal_code": ["75001", "93100"]}
    assert given_purposes(candidate, LATER) == {"newsletter"}
    assert Lead.objects.get().verified_at == LATER


def test_verifying_twice_is_no_news():
    ask(email="amina@example.org")
    candidate = Candidate.objects.get()
    assert services.verify_address(candidate_id=candidate.pk, now=LATER)
    assert not services.verify_address(candidate_id=candidate.pk, now=LATER)
    assert FollowUp.objects.filter(kind=FollowUpKind.VERIFICATION).count() == 1


def test_a_proposal_is_taken_over_by_the_recruiter(admin_user):
    candidate = CandidateFactory(email="amina@example.org", birth_date=None)
    ask(email="amina@example.org", first_name="Aminata")
    services.verify_address(candidate_id=candidate.pk, now=LATER)
    proposal = FollowUp.objects.get(kind=FollowUpKind.PROPOSAL)
    services.accept_proposal(
        follow_up_id=proposal.pk, fields=["first_name"], actor=admin_user, expected_version=None, now=LATER
    )
    candidate.refresh_from_db()
    assert candidate.first_name == "Aminata"


# --- files ----------------------------------------------------------------------------------------------------------
def test_a_download_is_marked_once():
    file = RegistrationFileFactory()
    for _ in range(2):
        services.download_file(candidate_id=file.candidate_id, file_id=file.pk, now=NOW)
    file.refresh_from_db()
    assert (file.status, file.downloaded_at) == (FileStatus.DOWNLOADED, NOW)
    assert FollowUp.objects.filter(kind=FollowUpKind.FILE).count() == 1


def test_a_download_takes_no_file_back_in_its_way():
    file = RegistrationFileFactory(status=FileStatus.COMPLETE)
    assert (
        services.download_file(candidate_id=file.candidate_id, file_id=file.pk, now=NOW).status == FileStatus.COMPLETE
    )


def test_anothers_file_is_not_found():
    file = RegistrationFileFactory()
    with pytest.raises(NotFound):
        services.download_file(candidate_id=CandidateFactory().pk, file_id=file.pk, now=NOW)
    file.refresh_from_db()
    assert file.status == FileStatus.REQUESTED


# --- data, consents, stop -------------------------------------------------------------------------------------------
def test_my_data_is_everything_and_json():
    ask_for_file(ContestSessionFactory(), email="amina@example.org", message="Quel âge ?", consents=("phone",))
    data = services.my_data(Candidate.objects.get(), now=NOW)
    assert data["candidate"]["email"] == "amina@example.org"
    assert data["requests"][0]["message"] == "Quel âge ?"
    assert data["requests"][0]["references"]
    assert len(data["files"]) == len(data["consents"]) == len(data["mails"]) == 1
    assert "amina@example.org" in json.dumps(data, default=str)


def test_a_correction_of_ones_own_does_not_touch_the_address():
    candidate = CandidateFactory(email="amina@example.org")
    values = {"first_name": "Aminata", "email": "else@example.org", "stage": "closed"}
    assert services.correct_my_data(candidate_id=candidate.pk, values=values, now=NOW)
    candidate.refresh_from_db()
    assert (candidate.first_name, candidate.email, candidate.stage) == ("Aminata", "amina@example.org", Stage.NEW)
    assert "aminata" in candidate.search


def test_consents_are_said_one_by_one_and_never_overwritten():
    candidate = CandidateFactory(verified_at=NOW)
    services.set_consents(candidate_id=candidate.pk, purposes=["phone", "survey"], now=NOW)
    services.set_consents(candidate_id=candidate.pk, purposes=["survey"], now=LATER)
    assert given_purposes(candidate, LATER) == {"survey"}
    assert list(Consent.objects.order_by("pk").values_list("purpose", "given")) == [
        ("phone", True),
        ("survey", True),
        ("phone", False),
    ]


def test_one_click_withdraws_every_optional_mail_and_leaves_calls():
    candidate = CandidateFactory(verified_at=NOW)
    services.set_consents(candidate_id=candidate.pk, purposes=["phone", "survey", "newsletter"], now=NOW)
    assert services.unsubscribe(candidate_id=candidate.pk, now=LATER) == 2
    assert given_purposes(candidate, LATER) == {"phone"}


def test_stopping_everything_closes_withdraws_and_suppresses():
    ask_for_file(ContestSessionFactory(), email="amina@example.org", consents=("phone",))
    candidate = Candidate.objects.get()
    services.stop_everything(candidate_id=candidate.pk, now=LATER)
    candidate.refresh_from_db()
    assert (candidate.stage, candidate.closed_reason, candidate.next_action) == (Stage.CLOSED, "withdrawn", "")
    assert candidate.files.get().status == FileStatus.CLOSED
    assert given_purposes(candidate, LATER) == set()
    assert Message.objects.get().suppressed_at == LATER
    assert Suppression.objects.count() == 1
    assert "amina" not in Suppression.objects.get().hash


def test_a_later_request_of_ones_own_is_answered_again():
    ask(email="amina@example.org")
    services.stop_everything(candidate_id=Candidate.objects.get().pk, now=NOW)
    ask(email="amina@example.org", message="encore", now=LATER)
    assert Candidate.objects.get().stage == Stage.NEW
    assert not mail.is_suppressed(Message.objects.latest("pk"), LATER)


def test_a_lost_link_goes_to_its_owner_and_to_nobody_else():
    CandidateFactory(email="amina@example.org")
    for email in ("amina@example.org", "nobody@example.org"):
        services.send_follow_link(email=email, language="fr", now=NOW)
    assert list(Message.objects.values_list("recipient", flat=True)) == ["amina@example.org"]
