"""Writing to candidates: as they would read it, once, at a decent hour, and to nobody who said no."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail as django_mail

from leads import mail, services
from leads.choices import ActionKind, FollowUpKind, Outcome, Purpose, Stage
from leads.errors import MailError, NotAllowed, VersionConflict
from leads.letters import fill, known_of
from leads.models import Candidate, FollowUp, Letter, Message, Organisation, Suppression
from leads.services import Written
from leads.services import consents as words
from tests.leads.factories import NOW, CandidateFactory, TeamFactory, ask
from tests.leads.staff import recruiter

pytestmark = pytest.mark.django_db
HELLO = Written("Votre demande", "Bonjour Amina,\n\nVenez nous voir.")
NIGHT = datetime(2026, 11, 19, 22, 0, tzinfo=UTC)  # 23:00 in Paris


@pytest.fixture
def me():
    return recruiter(first_name="Nadia", last_name="Belkacem")


@pytest.fixture
def candidate():
    return CandidateFactory(verified_at=NOW - timedelta(days=1))


def letter(**values):
    given = {"title": "Réponse", "subject": "Demande {reference}", "body": "Bonjour {first_name}."}
    return services.keep_letter(letter=Letter(**{**given, **values}), actor=None, now=NOW)


def write(candidate, me, written=HELLO, *, now=NOW, request_id="form-1", version=None, **values):
    return services.write_to(
        candidate_id=candidate.pk,
        written=written,
        request_id=request_id,
        actor=me,
        expected_version=version,
        now=now,
        **values,
    )


def test_a_letter_is_mailed_with_the_persons_own_link(candidate, me):
    write(candidate, me)
    assert mail.sweep(now=NOW) == 1
    sent = django_mail.outbox[0]
    assert (sent.subject, sent.to) == ("Votre demande", [candidate.email])
    assert "Venez nous voir." in sent.body
    assert "/follow/" in sent.body
    assert "List-Unsubscribe" not in sent.extra_headers


def test_writing_counts_as_contact_and_plans_what_comes_next(candidate, me):
    write(candidate, me)
    candidate.refresh_from_db()
    assert candidate.stage == Stage.CONTACTED
    assert candidate.last_contact_at == NOW
    assert candidate.next_action == ActionKind.CALL
    assert candidate.next_action_at > NOW + timedelta(days=6)  # five working days over a weekend


def test_what_comes_next_is_as_it_was_said(candidate, me):
    at = NOW + timedelta(days=3)
    write(candidate, me, next_action=ActionKind.MEET, next_action_at=at)
    candidate.refresh_from_db()
    assert (candidate.next_action, candidate.next_action_at) == (ActionKind.MEET, at)


def test_a_letter_answers_a_request(me):
    receipt = ask(email="amina@example.org")
    candidate = receipt.lead.candidate
    write(candidate, me, now=NOW + timedelta(hours=1))
    line = candidate.follow_ups.filter(kind=FollowUpKind.MESSAGE, actor=me)
    assert line.count() == 1


def test_a_double_click_writes_once(candidate, me):
    write(candidate, me)
    write(candidate, me)
    assert Message.objects.count() == 1
    assert FollowUp.objects.filter(kind=FollowUpKind.MESSAGE).count() == 1


def test_what_was_written_another_way_is_noted_and_not_sent(candidate, me):
    services.note_letter(candidate_id=candidate.pk, written=HELLO, actor=me, expected_version=None, now=NOW)
    assert not Message.objects.exists()
    line = candidate.follow_ups.get(kind=FollowUpKind.MESSAGE)
    assert (line.actor, line.data) == (me, {"elsewhere": True})
    assert "Venez nous voir." in line.text


def test_the_slower_of_two_recruiters_writes_nothing(candidate, me):
    services.log_outcome(
        candidate_id=candidate.pk, outcome=Outcome.REACHED, actor=recruiter(), expected_version=1, now=NOW
    )
    with pytest.raises(VersionConflict):
        write(candidate, me, version=1)
    assert not Message.objects.exists()


# --- who is not written to ------------------------------------------------------------------------------------------
def refused(candidate, me, written=HELLO):
    with pytest.raises(NotAllowed):
        write(candidate, me, written)
    assert not candidate.messages.filter(written_by=me).exists()
    assert not FollowUp.objects.filter(candidate=candidate, kind=FollowUpKind.MESSAGE).exists()


def test_nobody_without_an_address_is_written_to(me):
    refused(CandidateFactory(email=""), me)


def test_nobody_who_stopped_everything_is_written_to_until_they_ask_anew(candidate, me):
    services.stop_everything(candidate_id=candidate.pk, now=NOW)
    with pytest.raises(NotAllowed):
        write(candidate, me)
    later = NOW + timedelta(days=1)
    ask(email=candidate.email, now=later)
    write(candidate, me, now=later)
    assert Message.objects.filter(written_by=me).count() == 1


def test_a_letter_with_a_purpose_goes_to_those_alone_who_agreed(candidate, me):
    offer = letter(title="Nouveau concours", purpose=Purpose.RECONTACT)
    written = Written("Un concours ouvre", "Bonjour.", offer)
    refused(candidate, me, written)
    words.say(candidate, [Purpose.RECONTACT], given=True, method="follow_page", now=NOW)
    write(candidate, me, written)
    mail.sweep(now=NOW)
    assert "List-Unsubscribe" in django_mail.outbox[0].extra_headers


def test_consent_withdrawn_in_the_meantime_holds_the_letter_back(candidate, me):
    offer = letter(title="Nouveau concours", purpose=Purpose.RECONTACT)
    words.say(candidate, [Purpose.RECONTACT], given=True, method="follow_page", now=NOW)
    write(candidate, me, Written("Un concours ouvre", "Bonjour.", offer))
    words.say(candidate, [Purpose.RECONTACT], given=False, method="follow_page", now=NOW + timedelta(minutes=1))
    assert mail.sweep(now=NOW + timedelta(minutes=2)) == 0
    assert Message.objects.get().suppressed_at


def test_one_address_gets_ten_mails_a_day_and_the_writer_is_told(candidate, me):
    for number in range(mail.PER_RECIPIENT):
        write(candidate, me, request_id=f"form-{number}")
    with pytest.raises(NotAllowed):
        write(candidate, me, request_id="one-more")
    assert Message.objects.count() == mail.PER_RECIPIENT


def test_no_mail_goes_to_an_invented_person_and_the_timeline_says_so(me):
    invented = CandidateFactory(is_invented=True)
    write(invented, me)
    assert not Message.objects.exists()
    assert invented.follow_ups.get(kind=FollowUpKind.MESSAGE).data == {"posted": False}


# --- quiet hours ----------------------------------------------------------------------------------------------------
def test_a_letter_written_at_night_leaves_in_the_morning(candidate, me):
    write(candidate, me, now=NIGHT)
    assert mail.sweep(now=NIGHT + timedelta(hours=7)) == 0
    assert mail.sweep(now=NIGHT + timedelta(hours=9)) == 1


def test_what_somebody_waits_for_leaves_at_night_too(candidate):
    services.send_follow_link(email=candidate.email, language="fr", now=NIGHT)
    assert mail.sweep(now=NIGHT) == 1


def test_quiet_hours_may_be_turned_off(candidate, me):
    Organisation.objects.update(quiet_from="08:00", quiet_until="08:00")
    write(candidate, me, now=NIGHT)
    assert mail.sweep(now=NIGHT) == 1


# --- fields ---------------------------------------------------------------------------------------------------------
def test_fields_stand_for_what_is_known_of_the_person(me):
    receipt = ask(email="amina@example.org", first_name="Amina")
    candidate = Candidate.objects.get()
    known = known_of(candidate, me, Organisation.objects.current())
    assert fill("Bonjour {first_name}, {reference}, {recruiter}", known) == (
        f"Bonjour Amina, {receipt.reference}, Nadia Belkacem"
    )
    assert fill("{deadline} {whatever}", known) == "{deadline} {whatever}"


def test_a_letter_with_a_field_left_open_or_nothing_in_it_does_not_go(candidate, me):
    for written in (Written("Bonjour", "Avant le {deadline}."), Written("Bonjour", "  "), Written("", "Bonjour.")):
        with pytest.raises(MailError):
            write(candidate, me, written)
    assert not Message.objects.exists()
    candidate.refresh_from_db()
    assert candidate.stage == Stage.NEW


def test_another_text_is_another_version_and_the_one_before_stays():
    kept = letter()
    kept.body = "Bonjour."
    services.keep_letter(letter=kept, actor=recruiter(), now=NOW)
    kept.is_active = False
    services.keep_letter(letter=kept, actor=recruiter(), now=NOW)
    versions = [(row.version, row.body) for row in kept.versions.all()]
    assert versions == [(2, "Bonjour."), (1, "Bonjour {first_name}.")]
    assert kept.version == 2


def test_a_letter_does_not_survive_the_erasure_of_its_reader(candidate, me):
    write(candidate, me, Written("Bonjour Amina", "Courtial, Amina"))
    services.erase_candidate(candidate_id=candidate.pk, now=NOW)
    assert not Message.objects.exists()
    assert not FollowUp.objects.exclude(text="").exists()
    assert Suppression.objects.exists()


# --- the page -------------------------------------------------------------------------------------------------------
@pytest.fixture
def desk(client, me, candidate):
    client.force_login(me)
    return f"/admin/leads/candidate/{candidate.pk}/write/"


def post(client, desk, candidate, **values):
    given = {"expected_version": candidate.version, "request_id": "form-1", "subject": "Objet", "body": "Bonjour."}
    return client.post(desk, {**given, **values}, headers={"accept-language": "fr"})


def test_the_page_shows_a_chosen_letter_as_this_person_would_get_it(client, desk, candidate):
    chosen = letter(subject="Bonjour {first_name}", body="De {recruiter}, avant le {deadline}.")
    page = client.get(f"{desk}?letter={chosen.pk}", headers={"accept-language": "fr"}).content.decode()
    assert "Bonjour Amina" in page
    assert "De Nadia Belkacem" in page
    assert "On ne sait rien pour {deadline}" in page


def test_the_page_speaks_the_readers_language(client, desk, candidate):
    Candidate.objects.update(language="en")
    chosen = letter(subject_en="Hello {first_name}", body_en="Good morning.")
    page = client.get(f"{desk}?letter={chosen.pk}").content.decode()
    assert "Hello Amina" in page


def test_looking_sends_nothing_and_sending_does(client, desk, candidate):
    assert "Bonjour." in post(client, desk, candidate, step="look").content.decode()
    assert not Message.objects.exists()
    assert post(client, desk, candidate, step="send").status_code == 303
    assert Message.objects.get().context["body"] == "Bonjour."


def test_a_letter_that_is_refused_comes_back_as_typed(client, desk, candidate):
    answer = post(client, desk, candidate, step="send", body="Avant le {deadline}.")
    assert answer.status_code == 422
    assert "Avant le {deadline}." in answer.content.decode()
    assert not Message.objects.exists()


def test_who_reads_late_is_told_what_changed_and_keeps_the_text(client, desk, candidate):
    services.add_note(candidate_id=candidate.pk, text="x", actor=recruiter(), now=NOW)
    services.move_candidate(
        candidate_id=candidate.pk, to=Stage.QUALIFIED, actor=recruiter(), expected_version=None, now=NOW
    )
    answer = post(client, desk, candidate, step="send")
    assert answer.status_code == 409
    assert "Bonjour." in answer.content.decode()
    assert not Message.objects.exists()


def test_the_sheet_shows_the_letter_once_with_what_became_of_it(client, desk, candidate):
    post(client, desk, candidate, step="send", subject="Votre demande à vous")
    sheet = f"/admin/leads/candidate/{candidate.pk}/change/"
    page = client.get(sheet).content.decode()
    assert page.count("Votre demande à vous") == 1


def test_another_teams_recruiter_finds_no_desk(client, desk, candidate):
    client.force_login(recruiter(TeamFactory()))
    assert client.get(desk).status_code == 404
    assert post(client, desk, candidate, step="send").status_code == 404


def test_the_page_reads_the_same_queries_however_many_letters(client, desk, django_assert_max_num_queries):
    for number in range(12):
        letter(title=f"Lettre {number}")
    with django_assert_max_num_queries(14):
        client.get(desk)


# --- the letters themselves -----------------------------------------------------------------------------------------
def test_a_letter_with_an_unknown_field_is_not_kept(client, me):
    client.force_login(me)
    values = {"title": "Essai", "subject": "Bonjour", "body": "{prenom}", "position": 1, "is_active": "on"}
    answer = client.post("/admin/leads/letter/add/", values, headers={"accept-language": "fr"})
    assert "{prenom}" in answer.content.decode()
    assert not Letter.objects.exists()
    client.post("/admin/leads/letter/add/", values | {"body": "{first_name}"})
    assert Letter.objects.get().versions.get().by == me
