"""The documents of a file: sent, looked at, asked for again; the file follows them, and nothing unchecked is kept."""

import io
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from leads import mail, services, uploads
from leads.checklists import checklist
from leads.choices import ActionKind, DocumentStatus, FileStatus, FollowUpKind, Stage
from leads.errors import NotAllowed, NotFound
from leads.models import AskedDocument, Candidate, FileDocument, Message
from leads.tokens import follow_token
from tests.leads.factories import NOW, CandidateFactory, ContestSessionFactory, RegistrationFileFactory, TeamFactory
from tests.leads.staff import recruiter

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF"
ACCEPTED, REFUSED, RECEIVED = DocumentStatus.ACCEPTED, DocumentStatus.REFUSED, DocumentStatus.RECEIVED


@pytest.fixture(autouse=True)
def _storage(settings, tmp_path):
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    }


@pytest.fixture
def me():
    return recruiter()


@pytest.fixture
def file():
    session = ContestSessionFactory(closes_on=date(2026, 12, 31))
    services.ensure_checklist(session=session)
    return RegistrationFileFactory(contest_session=session, status=FileStatus.DOWNLOADED)


def asked(file):
    return list(file.contest_session.asked_documents.all())


def send(file, one, content=PDF, *, candidate=None):
    return services.hand_in(
        candidate_id=(candidate or file.candidate).pk,
        file_id=file.pk,
        asked_id=one.pk,
        upload=io.BytesIO(content),
        size=len(content),
        now=NOW,
    )


def judge(file, one, me, status=ACCEPTED, reason=""):
    return services.judge_document(file_id=file.pk, asked_id=one.pk, status=status, reason=reason, actor=me, now=NOW)


def statuses(file):
    return [item.status for item in checklist(file)]


# --- the way of a file ----------------------------------------------------------------------------------------------
def test_a_session_asks_for_the_usual_until_it_asks_for_something_else(file):
    assert len(asked(file)) == 3
    services.ensure_checklist(session=file.contest_session)
    assert len(asked(file)) == 3


def test_with_the_last_document_the_file_is_returned_and_to_be_looked_at(file):
    first, second, third = asked(file)
    send(file, first)
    send(file, second)
    file.refresh_from_db()
    assert file.status == FileStatus.DOWNLOADED
    send(file, third)
    file.refresh_from_db()
    assert (file.status, file.returned_at) == (FileStatus.RETURNED, NOW)
    file.candidate.refresh_from_db()
    assert (file.candidate.next_action, file.candidate.stage) == (ActionKind.CHECK_FILE, Stage.APPLYING)


def test_what_is_not_required_holds_nothing_up(file):
    AskedDocument.objects.filter(pk=asked(file)[2].pk).update(is_required=False)
    for one in asked(file)[:2]:
        send(file, one)
    file.refresh_from_db()
    assert file.status == FileStatus.RETURNED


def test_the_last_one_accepted_makes_the_file_complete(file, me):
    for one in asked(file):
        send(file, one)
    for one in asked(file):
        judge(file, one, me)
    file.refresh_from_db()
    assert file.status == FileStatus.COMPLETE


def test_a_file_that_came_by_post_is_complete_as_soon_as_all_is_accepted(file, me):
    for one in asked(file):
        judge(file, one, me)
    file.refresh_from_db()
    assert (file.status, file.returned_at) == (FileStatus.COMPLETE, NOW)


def test_a_refused_document_makes_the_file_incomplete_and_its_candidate_is_told(file, me):
    for one in asked(file):
        send(file, one)
    judge(file, asked(file)[0], me, REFUSED, "Le verso manque.")
    file.refresh_from_db()
    assert file.status == FileStatus.INCOMPLETE
    message = Message.objects.get(template="file_reminder")
    body = mail.as_email(message, now=NOW).body
    assert "Le verso manque." in body
    assert "31 décembre 2026" in body
    send(file, asked(file)[0])
    file.refresh_from_db()
    assert file.status == FileStatus.RETURNED


def test_nothing_is_refused_without_a_reason(file, me):
    with pytest.raises(NotAllowed):
        judge(file, asked(file)[0], me, REFUSED)
    assert statuses(file) == ["", "", ""]


def test_every_document_is_in_the_timeline_and_in_no_count_of_moves(file, me):
    send(file, asked(file)[0])
    judge(file, asked(file)[0], me, REFUSED, "Illisible.")
    lines = file.candidate.follow_ups.filter(kind=FollowUpKind.FILE)
    assert [line.data.get("status", "sent") for line in lines.order_by("pk")] == ["sent", "refused"]
    file.refresh_from_db()
    assert file.version == 1


# --- who may not ----------------------------------------------------------------------------------------------------
def test_nobody_sends_into_the_file_of_somebody_else(file):
    with pytest.raises(NotFound):
        send(file, asked(file)[0], candidate=CandidateFactory(phone="+33639981299"))
    other = RegistrationFileFactory()
    services.ensure_checklist(session=other.contest_session)
    with pytest.raises(NotFound):
        send(file, asked(other)[0])
    assert not FileDocument.objects.exists()


@pytest.mark.parametrize("status", [FileStatus.COMPLETE, FileStatus.REGISTERED, FileStatus.CLOSED])
def test_a_file_that_is_past_it_takes_no_documents(file, status):
    file.status = status
    file.save()
    with pytest.raises(NotAllowed):
        send(file, asked(file)[0])


def test_an_accepted_document_is_not_sent_over(file, me):
    judge(file, asked(file)[0], me)
    with pytest.raises(NotAllowed):
        send(file, asked(file)[0])


def test_another_teams_recruiter_judges_nothing(file):
    with pytest.raises(NotFound):
        judge(file, asked(file)[0], recruiter(TeamFactory()))


# --- uploads --------------------------------------------------------------------------------------------------------
def picture(kind="JPEG", size=(40, 30)):
    drawn = io.BytesIO()
    Image.new("RGB", size).save(drawn, kind)
    return drawn.getvalue()


@pytest.mark.parametrize(("content", "ending"), [(PDF, "pdf"), (picture(), "jpg"), (picture("PNG"), "png")])
def test_what_is_sent_is_kept_under_a_random_name_by_what_it_is(file, content, ending):
    name = send(file, asked(file)[0], content).upload
    assert name.startswith("uploads/")
    assert name.endswith(f".{ending}")
    assert len(name) == len("uploads/") + 32 + 4
    with default_storage.open(name) as kept:
        assert kept.read() == content


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html><script>alert(1)</script>",
        b"MZ\x90\x00",
        picture("GIF"),
        picture("PNG")[:60],
        b"x" * (8 * 1024 * 1024 + 1),
    ],
)
def test_what_is_no_document_is_refused_and_not_kept(file, content):
    with pytest.raises(ValidationError):
        send(file, asked(file)[0], content)
    assert not FileDocument.objects.exists()
    assert not default_storage.exists("uploads")


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_decoded(file, monkeypatch):
    monkeypatch.setattr(uploads, "MOST_PIXELS", 20)
    with pytest.raises(ValidationError):
        send(file, asked(file)[0], picture())


@pytest.mark.parametrize(
    ("command", "is_kept"),
    [("true", True), ("false", False), ("sh -c 'exit 2'", False), ("/no/such/scanner", False)],
)
def test_the_scanner_is_asked_and_fails_closed(file, settings, command, is_kept):
    settings.UPLOAD_SCANNER = command
    if is_kept:
        assert send(file, asked(file)[0]).upload
        return
    with pytest.raises(ValidationError):
        send(file, asked(file)[0])
    assert not default_storage.exists("uploads")


def test_another_upload_takes_the_place_of_the_one_before(file, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        first = send(file, asked(file)[0]).upload
        second = send(file, asked(file)[0]).upload
    assert first != second
    assert not default_storage.exists(first)
    assert default_storage.exists(second)


def test_an_erasure_takes_the_uploads_along(file, django_capture_on_commit_callbacks):
    name = send(file, asked(file)[0]).upload
    with django_capture_on_commit_callbacks(execute=True):
        services.erase_candidate(candidate_id=file.candidate_id, now=NOW)
    assert not default_storage.exists(name)
    assert not FileDocument.objects.exclude(upload="").exists()


def test_what_an_act_left_behind_is_swept_up_after_a_day(file):
    kept = send(file, asked(file)[0]).upload
    lost = uploads.keep(io.BytesIO(PDF), len(PDF))
    assert services.sweep_uploads(now=timezone.now()) == 0
    assert services.sweep_uploads(now=timezone.now() + timedelta(days=2)) == 1
    assert default_storage.exists(kept)
    assert not default_storage.exists(lost)


# --- reminders ------------------------------------------------------------------------------------------------------
def remind(day):
    return services.remind_of_files(now=NOW.replace(month=day.month, day=day.day))


def test_who_lacks_something_is_reminded_once_some_days_before_the_last(file):
    assert remind(date(2026, 12, 23)) == 0
    assert remind(date(2026, 12, 24)) == 1
    assert remind(date(2026, 12, 25)) == 0
    assert remind(date(2026, 12, 31)) == 0


def test_a_reminder_goes_by_the_day_for_documents_where_that_is_another(file):
    file.contest_session.documents_due_on = date(2026, 12, 10)
    file.contest_session.save()
    assert remind(date(2026, 12, 4)) == 1
    assert "10 décembre 2026" in mail.as_email(Message.objects.get(), now=NOW).subject


def test_nobody_is_reminded_who_is_done_or_stopped_or_after_the_last_day(file):
    done = RegistrationFileFactory(contest_session=file.contest_session, status=FileStatus.RETURNED)
    stopped = RegistrationFileFactory(contest_session=file.contest_session)
    services.stop_everything(candidate_id=stopped.candidate_id, now=NOW)
    assert remind(date(2026, 12, 31)) == 1
    assert Message.objects.get().candidate == file.candidate
    assert done.candidate.messages.count() == 0
    file.contest_session.closes_on = date(2026, 12, 1)
    file.contest_session.save()
    assert remind(date(2026, 12, 2)) == 0


def test_a_session_without_a_last_day_or_with_reminders_off_reminds_nobody(file):
    session = file.contest_session
    session.closes_on = None
    session.save()
    assert remind(date(2026, 12, 24)) == 0
    session.closes_on, session.reminder_days = date(2026, 12, 31), 0
    session.save()
    assert remind(date(2026, 12, 31)) == 0


# --- the pages ------------------------------------------------------------------------------------------------------
def follow(file):
    return f"/follow/{follow_token(file.candidate, now=NOW)}/"


def test_what_is_missing_and_by_when_stands_on_top_of_the_page(client, file, me):
    Candidate.objects.update(verified_at=NOW)
    assert "À vous de jouer" not in client.get(follow(file), headers={"accept-language": "fr"}).content.decode()
    for one in asked(file):
        send(file, one)
    judge(file, asked(file)[0], me, REFUSED, "Le verso manque.")
    page = client.get(follow(file), headers={"accept-language": "fr"}).content.decode()
    assert "À vous de jouer, au plus tard le 31 décembre 2026" in page and "Il manque 1 pièce" in page
    assert f'href="#document-{file.pk}-{asked(file)[0].pk}"' in page


def post_document(client, file, one, content=PDF):
    address = f"{follow(file)}files/{file.pk}/documents/{one.pk}/"
    return client.post(address, {"document": SimpleUploadedFile("../../x.pdf", content)}, follow=True)


def test_a_candidate_sends_a_document_on_their_page(client, file):
    page = post_document(client, file, asked(file)[0])
    assert page.status_code == 200
    assert statuses(file) == [RECEIVED, "", ""]


def test_a_document_that_is_none_comes_back_with_what_to_do(client, file):
    page = post_document(client, file, asked(file)[0], b"hello")
    assert "PDF" in page.content.decode()
    assert statuses(file) == ["", "", ""]
    address = f"{follow(file)}files/{file.pk}/documents/{asked(file)[0].pk}/"
    assert client.post(address).status_code == 303


def test_recruiters_open_and_judge_what_was_sent(client, me, file):
    client.force_login(me)
    send(file, asked(file)[0])
    address = f"/admin/leads/candidate/{file.candidate_id}/files/{file.pk}/documents/{asked(file)[0].pk}/"
    opened = client.post(address, {"act": "open"}, follow=True)
    assert b"".join(opened.streaming_content) == PDF
    assert opened.headers["Content-Disposition"].startswith("attachment")
    assert opened.headers["X-Content-Type-Options"] == "nosniff"
    client.post(address, {"act": "refused", "reason": ""})
    assert statuses(file)[0] == RECEIVED
    client.post(address, {"act": "refused", "reason": "Illisible."})
    assert statuses(file)[0] == REFUSED


def test_a_link_to_a_document_is_signed_and_ends(client, me, file):
    client.force_login(me)
    send(file, asked(file)[0])
    assert client.get("/files/documents/uploads:forged/").status_code == 410
    client.force_login(recruiter(TeamFactory()))
    address = f"/admin/leads/candidate/{file.candidate_id}/files/{file.pk}/documents/{asked(file)[0].pk}/"
    assert client.post(address, {"act": "open"}).status_code == 404


def test_the_sheet_tells_of_the_documents(client, me, file):
    client.force_login(me)
    send(file, asked(file)[0])
    page = client.get(f"/admin/leads/candidate/{file.candidate_id}/change/").content.decode()
    assert page.count(asked(file)[0].label) >= 2
    assert "Pièce envoyée en ligne" in page


def test_the_contests_page_and_the_printed_file_tell_what_goes_with_it(client, file):
    page = client.get(file.contest_session.contest.get_absolute_url()).content.decode()
    assert asked(file)[0].label in page
