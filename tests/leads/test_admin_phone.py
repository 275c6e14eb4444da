"""A request that somebody tells on the phone, and the page of one request."""

import pytest
from django.utils import timezone

from leads.choices import ConsentMethod, LeadKind, SourceKey
from leads.models import Candidate, Lead
from tests.leads.factories import CandidateFactory, ContestSessionFactory, TeamFactory, ask
from tests.leads.staff import recruiter

pytestmark = pytest.mark.django_db
PAGE = "/admin/leads/lead/phone/"
CALLER = {
    "kind": LeadKind.INFORMATION,
    "request_id": "one-call",
    "first_name": "Amina",
    "last_name": "Courtial",
    "phone": "06 39 98 12 40",
    "postal_code": "93100",
    "message": "Quel âge faut-il ?",
}


@pytest.fixture
def me(client):
    user = recruiter(first_name="Inès", last_name="Morvan")
    client.force_login(user)
    return user


def test_a_call_becomes_a_request_and_opens_the_sheet(client, me):
    answer = client.post(PAGE, CALLER | {"consent_phone": "on"})
    candidate, lead = Candidate.objects.get(), Lead.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"/admin/leads/candidate/{candidate.pk}/change/")
    assert (lead.source.key, lead.entered_by, lead.region) == (SourceKey.PHONE, me, "11")
    consent = candidate.consents.get()
    assert (consent.purpose, consent.method) == ("phone", ConsentMethod.PHONE)
    assert (consent.expires_at - timezone.now()).days <= 365


def test_a_file_is_asked_for_by_phone(client, me):
    session = ContestSessionFactory()
    values = CALLER | {"kind": LeadKind.REGISTRATION_FILE, "contest_session": session.pk}
    assert client.post(PAGE, values).status_code == 303
    assert Candidate.objects.get().files.get().contest_session == session


def test_a_press_too_many_is_one_request(client, me):
    client.post(PAGE, CALLER)
    client.post(PAGE, CALLER)
    assert Lead.objects.count() == 1


@pytest.mark.parametrize(
    ("missing", "field"),
    [
        ({"phone": "", "email": ""}, "email"),
        ({"kind": "registration_file"}, "contest_session"),
        ({"kind": "registration_file", "first_name": ""}, "first_name"),
        ({"postal_code": "931"}, "postal_code"),
        ({"kind": "other"}, "kind"),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_is_kept(client, me, missing, field):
    answer = client.post(PAGE, CALLER | missing)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert "Quel âge faut-il ?" in answer.content.decode()
    assert not Lead.objects.exists()


def test_a_session_that_is_closed_is_no_choice(client, me):
    session = ContestSessionFactory(status="closed")
    values = CALLER | {"kind": LeadKind.REGISTRATION_FILE, "contest_session": session.pk}
    assert client.post(PAGE, values).status_code == 422


def test_of_somebody_under_15_nothing_is_stored(client, me):
    born = timezone.localdate().replace(day=1).replace(year=timezone.localdate().year - 14)
    answer = client.post(PAGE, CALLER | {"birth_date": born.isoformat()})
    assert answer.status_code == 422
    assert not Candidate.objects.exists()


def test_a_request_of_another_teams_candidate_goes_there_and_shows_nothing_of_them(client, me):
    known = CandidateFactory(email="known@example.org", team=TeamFactory())
    answer = client.post(PAGE, CALLER | {"email": "known@example.org", "phone": ""}, follow=True)
    assert answer.redirect_chain[-1] == (PAGE, 303)
    assert known.leads.get().team == known.team


def test_one_request_is_read_and_not_changed(client, me):
    receipt = ask(message="Quel âge faut-il ?", heard_from="Un ami")
    page = client.get(f"/admin/leads/lead/{receipt.lead_id}/change/").content.decode()
    for words in (receipt.reference, "Quel âge faut-il ?", "Un ami", f"/candidate/{receipt.lead.candidate_id}/"):
        assert words in page


def test_spam_is_marked_and_unmarked(client, me):
    lead = ask().lead
    page = f"/admin/leads/lead/{lead.pk}/spam/"
    assert client.post(page).status_code == 303
    lead.refresh_from_db()
    assert lead.is_spam
    client.post(page, {"undo": 1})
    lead.refresh_from_db()
    assert not lead.is_spam


def test_spam_is_not_marked_by_looking_at_it(client, me):
    lead = ask().lead
    client.get(f"/admin/leads/lead/{lead.pk}/spam/")
    lead.refresh_from_db()
    assert not lead.is_spam


def test_the_letter_and_the_survey_are_not_asked_about_on_the_phone(client, me):
    page = client.get(PAGE).content.decode()
    assert 'name="consent_phone"' in page and 'name="consent_recontact"' in page
    assert 'name="consent_newsletter"' not in page and 'name="consent_survey"' not in page
    client.post(PAGE, CALLER | {"consent_recontact": "on", "consent_newsletter": "on", "consent_survey": "on"})
    assert [consent.purpose for consent in Candidate.objects.get().consents.all()] == ["recontact"]
