"""What mail servers report: read as the standards have it, noted once, and heeded."""

from datetime import timedelta

import pytest
from django.core import mail as django_mail
from django.core.management import call_command

from leads import mail, services
from leads.choices import ActionKind, FollowUpKind, MailEventKind, Purpose
from leads.errors import NotFound
from leads.mail_reports import MailReport, read_report
from leads.models import Candidate, MailEvent, Message, Suppression
from leads.services import consents
from tests.leads.factories import NOW, CandidateFactory

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=5)
SECRET = "a-secret-of-some-length"
DSN = """\
From: MAILER-DAEMON@mx.example.net
Message-ID: <report-1@mx.example.net>
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

It could not be delivered.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; {recipient}
Action: failed
Status: {status}

--b
Content-Type: text/rfc822-headers

Message-ID: {message_id}
To: {recipient}

--b--
"""
COMPLAINT = """\
From: abuse@mail.example.net
Message-ID: <complaint-1@mail.example.net>
Content-Type: multipart/report; report-type=feedback-report; boundary=b

--b
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: Reports/1.0
Version: 1
Original-Rcpt-To: <{recipient}>

--b
Content-Type: message/rfc822

Message-ID: {message_id}
To: {recipient}

Hello
--b--
"""


@pytest.fixture
def candidate():
    return CandidateFactory(email="amina@example.org", verified_at=NOW, next_action=ActionKind.WRITE)


@pytest.fixture
def message_id(candidate):
    """Of a mail that went to them."""
    services.send_follow_link(email=candidate.email, language="fr", now=NOW)
    mail.sweep(now=NOW)
    return django_mail.outbox[0].extra_headers["Message-ID"]


def dsn(message_id="", status="5.1.1", recipient="amina@example.org"):
    return DSN.format(message_id=message_id, status=status, recipient=recipient).encode()


def take(raw):
    return [services.take_mail_report(report=report, now=LATER) for report in read_report(raw)]


def test_a_bounce_is_read_as_the_standard_has_it(message_id):
    (report,) = read_report(dsn(message_id))
    assert (report.kind, report.status) == (MailEventKind.BOUNCE, "5.1.1")
    assert (report.recipient, report.message_id) == ("amina@example.org", message_id)


@pytest.mark.parametrize("raw", [b"", b"\xff\xfe", b"Subject: hello\n\nGood morning", dsn(status="2.0.0")])
def test_other_mails_are_no_report(raw):
    assert read_report(raw) == []


def test_a_bounce_ends_the_mails_and_asks_for_a_call(candidate, message_id):
    assert take(dsn(message_id)) == [True]
    candidate.refresh_from_db()
    assert candidate.next_action == ActionKind.CALL
    assert Message.objects.get().bounced_at == LATER
    assert candidate.follow_ups.filter(kind=FollowUpKind.MESSAGE, data__event="bounce").count() == 1
    assert Suppression.objects.get().is_bounce


def test_a_mail_on_its_way_to_an_address_that_bounced_is_held_back(candidate, message_id):
    services.send_follow_link(email=candidate.email, language="fr", now=NOW + timedelta(minutes=1))
    take(dsn(message_id))
    assert mail.sweep(now=LATER) == 0


def test_the_same_report_again_changes_nothing(candidate, message_id):
    assert take(dsn(message_id)) + take(dsn(message_id)) == [True, False]
    assert candidate.follow_ups.filter(kind=FollowUpKind.MESSAGE, data__event="bounce").count() == 1


def test_a_delay_is_noted_and_changes_nothing(candidate, message_id):
    assert take(dsn(message_id, status="4.2.2")) == [True]
    assert not Suppression.objects.exists()
    assert MailEvent.objects.get().kind == MailEventKind.DELAY
    candidate.refresh_from_db()
    assert candidate.next_action == ActionKind.WRITE


def test_a_complaint_withdraws_every_optional_mail(candidate, message_id):
    consents.say(candidate, [Purpose.NEWSLETTER, Purpose.PHONE], given=True, method="form", now=NOW)
    raw = COMPLAINT.format(message_id=message_id, recipient=candidate.email).encode()
    assert take(raw) == [True]
    assert consents.given_purposes(candidate, LATER) == {Purpose.PHONE}
    assert not Suppression.objects.get().is_bounce


def test_the_button_on_ones_own_page_ends_a_bounce_but_no_complaint(candidate, message_id):
    take(dsn(message_id))
    Candidate.objects.update(verified_at=None)
    services.verify_address(candidate_id=candidate.pk, now=LATER)
    assert not Suppression.objects.exists()
    take(COMPLAINT.format(message_id=message_id, recipient=candidate.email).encode())
    Candidate.objects.update(verified_at=None)
    services.verify_address(candidate_id=candidate.pk, now=LATER)
    assert Suppression.objects.exists()


def test_a_bounce_does_not_undo_that_somebody_stopped_everything(candidate, message_id):
    services.stop_everything(candidate_id=candidate.pk, now=NOW)
    take(dsn(message_id))
    assert not Suppression.objects.get().is_bounce


def test_a_forged_name_of_a_mail_finds_nothing(candidate, message_id):
    forged = message_id.replace("@", "0@").replace(message_id.split(".")[1][:4], "0000")
    assert mail.find_by_message_id(forged) is None
    with pytest.raises(NotFound):
        take(dsn(forged, recipient="stranger@example.org"))
    assert not MailEvent.objects.exists()


def test_no_address_is_kept_with_what_was_told(candidate, message_id):
    take(dsn(message_id))
    assert candidate.email not in str(MailEvent.objects.values())


# --- how it comes in ------------------------------------------------------------------------------------------------
def events(client, data, *, secret=SECRET, content_type="application/json"):
    return client.post("/mail/events/", data, content_type=content_type, headers={"authorization": f"Bearer {secret}"})


@pytest.fixture
def open_hook(settings):
    settings.MAIL_EVENTS_SECRET = SECRET


def test_the_hook_takes_events_as_json_and_as_mails(client, open_hook, candidate, message_id):
    told = [{"id": "e1", "kind": "bounce", "recipient": candidate.email, "status": "5.1.1"}]
    assert events(client, told).json() == {"taken": 1}
    assert events(client, told).json() == {"taken": 0}
    assert events(client, dsn(message_id), content_type="message/rfc822").json() == {"taken": 1}


def test_the_hook_is_not_there_without_its_secret(client, settings, candidate):
    settings.MAIL_EVENTS_SECRET = ""
    told = [{"id": "e1", "kind": "bounce", "recipient": candidate.email}]
    assert events(client, told, secret="").status_code == 404
    settings.MAIL_EVENTS_SECRET = SECRET
    assert events(client, told, secret="another").status_code == 404
    assert not MailEvent.objects.exists()


@pytest.mark.parametrize(
    "data", ["{", "[1]", '[{"id":"x"}]', '[{"id":1,"kind":"bounce"}]', '[{"id":"x","kind":"other"}]', "[" * 5000, "{}1"]
)
def test_the_hook_answers_what_it_does_not_understand(client, open_hook, data):
    assert events(client, data).status_code == 400


def test_the_hook_takes_strangers_for_no_news(client, open_hook):
    assert events(client, [{"id": "e1", "kind": "bounce", "recipient": "x@example.net"}]).json() == {"taken": 0}


def test_the_command_reads_reports_from_files(candidate, message_id, tmp_path, capsys):
    (tmp_path / "1.eml").write_bytes(dsn(message_id))
    (tmp_path / "2.eml").write_bytes(b"Subject: hello\n\nGood morning")
    call_command("take_mail_report", tmp_path / "1.eml", tmp_path / "2.eml")
    assert capsys.readouterr().out == "2 mails, 1 reports, 1 noted\n"


def test_a_report_may_name_the_address_alone(candidate):
    report = MailReport("k", MailEventKind.BOUNCE, "Amina@Example.org")
    assert services.take_mail_report(report=report, now=LATER)
