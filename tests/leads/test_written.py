"""A candidate writes on their follow page: it is on the timeline, somebody is to answer, the answer is a letter."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from leads import services
from leads.choices import MESSAGE_LENGTH, ActionKind, ClosedReason, FollowUpKind, Stage
from leads.day import day_of
from leads.errors import NotAllowed
from leads.models import Candidate, FollowUp, Message
from leads.services.written import WRITTEN_A_DAY
from leads.tokens import follow_token
from tests.leads.factories import NOW, CandidateFactory
from tests.leads.staff import recruiter
from tests.leads.test_pages import page

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def me():
    return recruiter(first_name="Inès", last_name="Morvan")


@pytest.fixture
def person(me):
    return CandidateFactory(owner=me, verified_at=NOW, next_action_at=NOW + timedelta(days=30))


def write(person, text="Puis-je passer le concours en juin ?", now=NOW):
    return services.write_to_us(candidate_id=person.pk, text=text, now=now)


def test_it_is_on_the_timeline_and_to_be_answered_within_two_working_days(person, me):
    line = write(person)
    assert (line.kind, line.actor, line.text) == (FollowUpKind.INCOMING, None, "Puis-je passer le concours en juin ?")
    person.refresh_from_db()
    assert (person.next_action, person.last_contact_at, person.version) == (ActionKind.WRITE, NOW, line.version)
    assert NOW < person.next_action_at < NOW + timedelta(days=6)
    (entry,) = day_of(me, person.next_action_at - HOUR, "write").entries
    assert (entry.candidate, entry.reason) == (person, "Répondre à son message")


def test_it_is_answered_by_a_letter(person, me):
    write(person)
    letter = services.Written(subject="Votre question", body="Oui, en juin.")
    known = {"candidate_id": person.pk, "actor": me, "now": NOW + HOUR, "expected_version": None}
    services.write_to(written=letter, request_id="answer-1", **known)
    assert Message.objects.get().recipient == person.email


def test_what_is_planned_sooner_comes_first(person):
    Candidate.objects.update(next_action_at=NOW)
    write(person)
    found = Candidate.objects.get()
    assert (found.next_action, found.next_action_note) == (ActionKind.CALL, "Répondre à son message")


def test_a_call_in_vain_leaves_the_message_to_be_answered_and_one_that_reaches_them_does_not(person, me):
    Candidate.objects.update(next_action_at=NOW)
    write(person)
    for number, (outcome, note) in enumerate((("no_answer", "Répondre à son message"), ("reached", "")), 1):
        known = {"candidate_id": person.pk, "actor": me, "now": NOW + number * HOUR, "expected_version": None}
        services.log_outcome(outcome=outcome, **known)
        assert Candidate.objects.get().next_action_note == note


def test_who_waits_waits_no_longer_and_who_was_closed_is_open_again(person, me):
    known = {"candidate_id": person.pk, "actor": me, "expected_version": None}
    services.move_candidate(**known, to=Stage.WAITING, until=NOW + timedelta(days=60), now=NOW)
    write(person, "Une nouvelle", now=NOW + HOUR)
    assert Candidate.objects.get().stage == Stage.NEW
    services.move_candidate(**known, to=Stage.CLOSED, reason=ClosedReason.NOT_INTERESTED, now=NOW + HOUR)
    write(person, "Finalement oui", now=NOW + 2 * HOUR)
    person.refresh_from_db()
    assert (person.stage, person.closed_reason, person.next_action) == (Stage.NEW, "", ActionKind.WRITE)
    moves = person.follow_ups.filter(kind=FollowUpKind.STAGE).order_by("pk").values_list("data__to", flat=True)
    assert list(moves) == [Stage.WAITING, Stage.NEW, Stage.CLOSED, Stage.NEW]


def test_a_double_click_is_one_message(person):
    assert write(person) == write(person, now=NOW + HOUR)
    assert FollowUp.objects.filter(kind=FollowUpKind.INCOMING).count() == 1
    assert write(person, now=NOW + timedelta(days=2)).pk


# --- refused --------------------------------------------------------------------------------------------------------
def test_who_has_stopped_everything_sends_a_new_request_instead(person):
    services.stop_everything(candidate_id=person.pk, now=NOW)
    with pytest.raises(NotAllowed):
        write(person)
    assert Candidate.objects.get().stage == Stage.CLOSED


def test_some_messages_a_day_and_no_more(person):
    for number in range(WRITTEN_A_DAY):
        write(person, f"Message {number}")
    with pytest.raises(NotAllowed):
        write(person, "Encore un")
    assert write(person, "Le lendemain", now=NOW + timedelta(hours=25))


# --- the pages ------------------------------------------------------------------------------------------------------
@pytest.fixture
def link(person):
    return f"/follow/{follow_token(person, now=NOW)}/"


def test_the_page_leads_to_it_and_says_that_it_arrived(client, person, link):
    assert f'href="{link}write/"' in page(client.get(link)) and "Lui écrire" in page(client.get(link))
    assert "Écrire à Inès Morvan" in page(client.get(f"{link}write/"))
    answer = client.post(f"{link}write/", {"text": "  Bonjour,\r\n\r\nquand ?  "})
    assert (answer.status_code, answer["Location"]) == (303, link)
    assert FollowUp.objects.get(kind=FollowUpKind.INCOMING).text == "Bonjour,\n\nquand ?"
    assert "Nous avons votre message" in page(client.get(link))


def test_writing_confirms_the_address(client, person, link):
    Candidate.objects.update(verified_at=None)
    client.post(f"{link}write/", {"text": "Bonjour"})
    assert Candidate.objects.get().verified_at


@pytest.mark.parametrize("text", ["", "   ", "é" * (MESSAGE_LENGTH + 1)])
def test_what_is_not_sent_comes_back_with_a_word(client, link, text):
    answer = client.post(f"{link}write/", {"text": text})
    assert answer.status_code == 422 and 'aria-invalid="true"' in page(answer)
    assert not FollowUp.objects.filter(kind=FollowUpKind.INCOMING).exists()


def test_the_sixth_of_a_day_comes_back_with_what_was_typed(client, person, link):
    for number in range(WRITTEN_A_DAY):
        write(person, f"Message {number}", now=timezone.now())
    answer = client.post(f"{link}write/", {"text": "Le sixième"})
    assert answer.status_code == 422
    assert "Le sixième" in page(answer) and "Vous avez écrit 5 fois" in page(answer)


def test_an_address_sends_so_many_forms_an_hour(client, link, settings):
    settings.REQUESTS_PER_ADDRESS_PER_HOUR = 1
    assert client.post(f"{link}write/", {"text": "Un"}).status_code == 303
    assert client.post(f"{link}write/", {"text": "Deux"}).status_code == 429


def test_it_takes_its_token_and_a_link_that_holds(link, person):
    browser = Client(enforce_csrf_checks=True)
    assert browser.post(f"{link}write/", {"text": "Bonjour"}).status_code == 403
    assert Client().post("/follow/nothing/write/", {"text": "Bonjour"}).status_code == 404
    assert not FollowUp.objects.filter(kind=FollowUpKind.INCOMING).exists()


def test_who_has_stopped_is_not_led_there(client, person, link):
    services.stop_everything(candidate_id=person.pk, now=NOW)
    assert f"{link}write/" not in page(client.get(link))


def test_without_a_recruiter_one_writes_to_the_service(client, person, link):
    Candidate.objects.update(owner=None)
    assert "Nous écrire" in page(client.get(link)) and "Nous écrire" in page(client.get(f"{link}write/"))


def test_recruiters_read_it_first(client, me, person):
    write(person)
    client.force_login(me)
    sheet = client.get(f"/admin/leads/candidate/{person.pk}/change/", headers={"accept-language": "fr"})
    assert "Nous a écrit" in sheet.content.decode() and "Puis-je passer le concours en juin ?" in sheet.content.decode()
