"""Mails: sent once, whatever fails; never with something missing."""

import smtplib
from datetime import timedelta

import pytest
from celery import current_app
from django.core import mail as django_mail

from leads import mail, outbox, services
from leads.choices import FileStatus, FollowUpKind
from leads.errors import MailError
from leads.models import Candidate, FollowUp, Message, RegistrationFile
from leads.tokens import candidate_of_token
from tests.factories import RoomFactory, UserFactory
from tests.leads.factories import NOW, CandidateFactory, ContestSessionFactory, ask, ask_for_file

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=1)


@pytest.fixture
def message():
    ask_for_file(ContestSessionFactory(contest__title="Gardien de la paix"), email="amina@example.org")
    return Message.objects.get()


def pending(**values):
    given = {"recipient": "amina@example.org", "template": "follow_link", "template_version": 1, "language": "fr"}
    return Message(**{"intent": "x", "created_at": NOW, "due_at": NOW, **given, **values})


class Refusing:
    """A mail server that refuses with `error`."""

    def __init__(self, error):
        self.error = error

    def __call__(self, *args, **kwargs):
        raise self.error


def test_a_mail_is_sent_once(message):
    assert mail.deliver(message.pk, now=LATER)
    assert not mail.deliver(message.pk, now=LATER)
    assert len(django_mail.outbox) == 1
    message.refresh_from_db()
    assert message.sent_at == LATER


def test_sending_marks_the_file_and_the_timeline(message):
    mail.deliver(message.pk, now=LATER)
    assert RegistrationFile.objects.get().status == FileStatus.SENT
    assert FollowUp.objects.filter(kind=FollowUpKind.MESSAGE).count() == 1


def test_the_mail_carries_the_receipt_and_the_link_in_text_and_html(message):
    mail.deliver(message.pk, now=LATER)
    sent = django_mail.outbox[0]
    html = sent.alternatives[0].content
    for body in (sent.body, html):
        assert message.context["reference"] in body
        assert "Gardien de la paix" in body
        assert "/follow/" in body
    token = sent.body.split("/follow/")[1].split("/")[0]
    assert candidate_of_token(token) == Candidate.objects.get()
    assert "token" not in str(message.context)


def test_a_mail_names_no_other_host_and_no_picture(message):
    mail.deliver(message.pk, now=LATER)
    html = django_mail.outbox[0].alternatives[0].content
    assert "<img" not in html
    assert {part.split("/")[0] for part in html.split("http://")[1:]} == {"127.0.0.1:8000"}
    assert "https://" not in html


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("template", list(mail.TEMPLATES))
def test_every_template_is_whole_in_both_languages(template, language, message):
    written = pending(template=template, language=language, candidate=Candidate.objects.get())
    written.context = message.context
    if template == "invitation":
        written.context |= {"user": UserFactory().pk, "room": "Les métiers", "opens_at": NOW.isoformat()}
    if template == "weekly":
        written.candidate = None
        written.context = {"week": "2026-W47", "heading": "Semaine 47", "names": ["S47", "S46", "S47 de 2025"]}
        written.context |= {"figures": [["Demandes", "9", "8", "7"]], "sentences": ["9 demandes."]}
    if template in (mail.LETTER, mail.OPTIONAL_LETTER):
        written.context |= {"subject": "Bonjour", "body": "Venez."}
    if template == "file_reminder":
        written.context["checklist"] = RegistrationFile.objects.get().pk
    if template == "retention_notice":
        written.context |= {"until": "2027-11-19"}
    if template == "room_reminder":
        written.context["room_id"] = RoomFactory(scheduled=True).pk
    written.pk = 1
    email = mail.as_email(written, now=NOW)
    assert email.subject
    assert "\n" not in email.subject
    assert "{" not in email.body


def test_a_missing_variable_refuses_the_mail():
    lacking = pending(template="receipt_information", candidate=CandidateFactory(), context={"reference": "PN"})
    with pytest.raises(MailError, match="received_at"):
        mail.as_email(lacking, now=NOW)


def test_a_mail_without_its_link_is_refused_and_given_up():
    lacking = pending(intent="y", candidate=None)
    lacking.save()
    assert not mail.deliver(lacking.pk, now=NOW)
    lacking.refresh_from_db()
    assert lacking.failed_at == NOW
    assert not django_mail.outbox


def test_optional_mails_alone_offer_one_click(message, monkeypatch):
    assert "List-Unsubscribe" not in mail.as_email(message, now=NOW).extra_headers
    monkeypatch.setitem(mail.TEMPLATES, "receipt_file", mail.Template(1, is_optional=True))
    headers = mail.as_email(message, now=NOW).extra_headers
    assert headers["List-Unsubscribe"].endswith("/unsubscribe/>")
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


@pytest.mark.parametrize("error", [OSError("refused"), smtplib.SMTPServerDisconnected(), TimeoutError()])
def test_a_dead_server_puts_a_mail_off_with_the_same_message_id(message, monkeypatch, error):
    first = mail.as_email(message, now=NOW).extra_headers["Message-ID"]
    monkeypatch.setattr("django.core.mail.EmailMessage.send", Refusing(error))
    assert not mail.deliver(message.pk, now=LATER)
    monkeypatch.undo()
    message.refresh_from_db()
    assert (message.attempts, message.held_until, message.sent_at) == (1, None, None)
    assert message.due_at == LATER + timedelta(minutes=1)
    assert mail.sweep(now=LATER) == 0
    assert mail.sweep(now=message.due_at) == 1
    assert django_mail.outbox[0].extra_headers["Message-ID"] == first


def test_a_mail_is_given_up_in_the_end(message, monkeypatch):
    monkeypatch.setattr("django.core.mail.EmailMessage.send", Refusing(OSError()))
    for _ in range(len(mail.RETRIES) + 1):
        message.refresh_from_db()
        mail.deliver(message.pk, now=message.due_at)
    message.refresh_from_db()
    assert message.failed_at
    assert message.attempts == len(mail.RETRIES) + 1


def test_a_refused_recipient_is_not_tried_again(message, monkeypatch):
    refusal = smtplib.SMTPRecipientsRefused({"amina@example.org": (550, b"no such user")})
    monkeypatch.setattr("django.core.mail.EmailMessage.send", Refusing(refusal))
    mail.deliver(message.pk, now=LATER)
    message.refresh_from_db()
    assert message.failed_at == LATER
    assert "amina" not in message.last_error


def test_a_greylist_that_asks_to_come_again_is_obeyed(message, monkeypatch):
    refusal = smtplib.SMTPRecipientsRefused({"amina@example.org": (450, b"greylisted, come again")})
    monkeypatch.setattr("django.core.mail.EmailMessage.send", Refusing(refusal))
    assert not mail.deliver(message.pk, now=LATER)
    monkeypatch.undo()
    message.refresh_from_db()
    assert (message.failed_at, message.due_at) == (None, LATER + timedelta(minutes=1))
    assert mail.sweep(now=message.due_at) == 1


def test_a_held_mail_is_free_again_after_a_crash(message):
    Message.objects.update(held_until=LATER + mail.HOLD)
    assert not mail.deliver(message.pk, now=LATER)
    assert mail.deliver(message.pk, now=LATER + mail.HOLD)


def test_who_stopped_meanwhile_gets_nothing(message):
    services.stop_everything(candidate_id=message.candidate_id, now=LATER)
    Message.objects.update(suppressed_at=None)  # as if it had been claimed at that moment
    assert not mail.deliver(message.pk, now=LATER)
    message.refresh_from_db()
    assert message.suppressed_at
    assert not django_mail.outbox


def test_one_intent_is_one_mail():
    candidate = CandidateFactory()
    for _ in range(2):
        mail.post(pending(candidate=candidate))
    assert Message.objects.count() == 1


def test_an_invented_person_gets_only_what_somebody_typed_for(monkeypatch):
    monkeypatch.setitem(mail.TEMPLATES, "notice", mail.Template(1))
    invented = CandidateFactory(is_invented=True)
    mail.post(pending(intent="a", template="notice", candidate=invented))
    assert not Message.objects.exists()
    mail.post(pending(intent="b", template="notice", candidate=CandidateFactory()))
    assert Message.objects.count() == 1


@pytest.fixture
def nudges():
    told = []
    before = outbox._nudge
    outbox.set_nudge(lambda: told.append(True))
    yield told
    outbox.set_nudge(before)


def test_the_sender_is_told_after_commit(nudges, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        ask()
        assert not nudges
    assert nudges


@pytest.mark.slow
def test_a_dead_broker_fails_nobody(monkeypatch):
    monkeypatch.setitem(current_app.conf, "broker_url", "redis://127.0.0.1:1/0")
    outbox.publish_sweep()


@pytest.mark.parametrize("count", [1, 3])
def test_a_sweep_sends_all_that_is_due(count):
    for _ in range(count):
        ask()
    assert mail.sweep(now=LATER) == count
    assert mail.sweep(now=LATER) == 0
