"""The documents of a registration file: sent by candidates, looked at by recruiters; the file follows them."""

from datetime import date, datetime, timedelta
from typing import IO, Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from leads import mail, uploads
from leads.checklists import IN_HAND, WITH_THE_CANDIDATE, checklist, is_accepted, is_in_hand
from leads.choices import OPEN_STAGES, ActionKind, DocumentStatus, FileStatus, FollowUpKind, Stage
from leads.errors import NotAllowed, NotFound
from leads.models import AskedDocument, Candidate, ContestSession, FileDocument, Message, RegistrationFile
from leads.policies import is_silenced
from leads.services.candidates import ask_for_action, set_action
from leads.services.files import change_status, locked_file
from leads.services.timeline import record, save_change
from leads.stages import working_days_after

CHECK_WITHIN = 2  # working days
USUAL = (
    (
        "Copie de la carte d’identité ou du passeport, recto et verso",
        "Copy of your identity card or passport, both sides",
        "Demandez-la à votre mairie dès maintenant et envoyez, à sa place, la preuve de votre rendez-vous ou de votre"
        " demande.",
        "Ask for one at your town hall now and send, in its place, proof of your appointment or of your request.",
    ),
    (
        "Copie du diplôme, ou certificat de scolarité",
        "Copy of your diploma, or a certificate of enrolment",
        "Demandez une attestation à votre établissement et envoyez-la à sa place.",
        "Ask your school for a statement and send it in its place.",
    ),
    ("Dossier rempli et signé", "The file, filled in and signed", "", ""),
)


@transaction.atomic
def ensure_checklist(*, session: ContestSession) -> None:
    """A session that asks for nothing yet asks for what every file of this kind has."""
    if not session.asked_documents.exists():
        AskedDocument.objects.bulk_create(
            AskedDocument(
                session=session, label=label, label_en=label_en, instead=instead, instead_en=en, position=position
            )
            for position, (label, label_en, instead, en) in enumerate(USUAL)
        )


@transaction.atomic
def hand_in(
    *, candidate_id: int, file_id: int, asked_id: int, upload: IO[bytes], size: int, now: datetime
) -> FileDocument:
    """Take a document that its candidate sends; what they sent before for it goes.

    With the last that was lacking the file is returned, and a recruiter looks at it within two working days.
    Raises `NotFound`, `NotAllowed` (the file is past it, or the document was accepted), `ValidationError` (the upload).
    """
    candidate, file, asked, before = _own(candidate_id, file_id, asked_id)
    if not asked.takes_uploads:
        raise NotAllowed(_("This file takes no documents online any more: write to us."))
    if before and before.status == DocumentStatus.ACCEPTED:
        raise NotAllowed(_("This document is accepted already."))
    name = uploads.keep(upload, size)
    if before and before.upload:
        transaction.on_commit(lambda: uploads.remove(before.upload))
    document = _put(file, asked, DocumentStatus.RECEIVED, now=now, upload=name, size=size)
    _record_document(candidate, file, asked, now, is_upload=True)
    _follow_arrival(candidate, file, now, actor=None)
    return document


def _own(
    candidate_id: int, file_id: int, asked_id: int
) -> tuple[Candidate, RegistrationFile, AskedDocument, FileDocument | None]:
    """One's own file, one of its documents, and where that stands. Raises `NotFound`, `NotAllowed` (past it)."""
    candidate, file = locked_file(file_id, actor=None)
    if candidate.pk != candidate_id:
        raise NotFound(_("There is no such file."))
    asked = _asked(file, asked_id)
    if file.status not in (*WITH_THE_CANDIDATE, FileStatus.RETURNED):
        raise NotAllowed(_("This file takes no documents online any more: write to us."))
    return candidate, file, asked, file.documents.filter(asked=asked).first()


@transaction.atomic
def say_unavailable(*, candidate_id: int, file_id: int, asked_id: int, now: datetime) -> None:
    """Note that a candidate has no such document, or none that is valid: they are not asked for it again, and a
    recruiter tells them within two working days what will do.

    Raises `NotFound`, `NotAllowed` (nothing is known to do without it, it is here already, the file is past it).
    """
    candidate, file, asked, before = _own(candidate_id, file_id, asked_id)
    if before and before.status == DocumentStatus.NOT_HAD:
        return
    if not asked.instead or (before and before.status in IN_HAND):
        raise NotAllowed(_("This document is needed, or here already: write to us."))
    _put(file, asked, DocumentStatus.NOT_HAD, now=now, reason=before.reason if before else "")
    _record_document(candidate, file, asked, now, status=DocumentStatus.NOT_HAD)
    _follow_arrival(candidate, file, now, actor=None)
    if candidate.stage in OPEN_STAGES and candidate.stage != Stage.WAITING:
        due_at = working_days_after(now, CHECK_WITHIN)
        ask_for_action(candidate, ActionKind.WRITE, due_at, now=now, note=_("A document they do not have"))
        save_change(candidate, "next_action", "next_action_at", "next_action_note")


@transaction.atomic
def take_back_unavailable(*, candidate_id: int, file_id: int, asked_id: int, now: datetime) -> None:
    """They have it after all: it is asked for again, as it was. Raises `NotFound`, `NotAllowed` (past it)."""
    candidate, file, asked, before = _own(candidate_id, file_id, asked_id)
    if before is None or before.status != DocumentStatus.NOT_HAD:
        return
    if before.reason:
        _put(file, asked, DocumentStatus.REFUSED, now=now, reason=before.reason)
    else:
        before.delete()
    _record_document(candidate, file, asked, now, is_had=True)
    if file.status == FileStatus.RETURNED and not is_in_hand(checklist(file)):
        change_status(candidate, file, FileStatus.INCOMPLETE, actor=None, now=now)


def _record_document(
    candidate: Candidate, file: RegistrationFile, asked: AskedDocument, now: datetime, **data: Any
) -> None:
    record(candidate, FollowUpKind.FILE, actor=None, now=now, file=file.pk, document=asked.pk, **data)


@transaction.atomic
def judge_document(
    *, file_id: int, asked_id: int, status: DocumentStatus, reason: str, actor: User, now: datetime
) -> FileDocument:
    """Say that a document is there (by post), accepted, or refused for a `reason` that its candidate reads.

    The last one accepted makes the file complete, a refusal makes it incomplete and tells the candidate by mail.
    Raises `NotFound`, `NotAllowed` (refused without a reason, the file is closed or registered).
    """
    candidate, file = locked_file(file_id, actor=actor)
    if file.status in (FileStatus.CLOSED, FileStatus.REGISTERED):
        raise NotAllowed(_("This file is closed: its documents stay as they are."))
    if status == DocumentStatus.REFUSED and not reason:
        raise NotAllowed(_("Say what is wrong: the candidate reads it."))
    asked = _asked(file, asked_id)
    document = _put(file, asked, status, now=now, reason=reason if status == DocumentStatus.REFUSED else "", by=actor)
    record(
        candidate,
        FollowUpKind.FILE,
        actor=actor,
        now=now,
        text=document.reason,
        file=file.pk,
        document=asked.pk,
        status=status,
    )
    _follow_judgement(candidate, file, status, actor, now)
    return document


def _asked(file: RegistrationFile, asked_id: int) -> AskedDocument:
    asked = file.contest_session.asked_documents.filter(pk=asked_id).first()
    if asked is None:
        raise NotFound(_("There is no such document."))
    return asked


def _put(
    file: RegistrationFile, asked: AskedDocument, status: DocumentStatus, *, now: datetime, **values: object
) -> FileDocument:
    given = {"status": status, "at": now, "by": None, "reason": "", **values}
    return FileDocument.objects.update_or_create(file=file, asked=asked, defaults=given)[0]


def _follow_arrival(candidate: Candidate, file: RegistrationFile, now: datetime, *, actor: User | None) -> None:
    if file.status in WITH_THE_CANDIDATE and is_in_hand(checklist(file)):
        change_status(candidate, file, FileStatus.RETURNED, actor=actor, now=now)
        if candidate.stage in OPEN_STAGES and candidate.stage != Stage.WAITING:
            due_at = working_days_after(now, CHECK_WITHIN)
            set_action(candidate, ActionKind.CHECK_FILE, due_at, candidate.next_action_note)
            save_change(candidate, "next_action", "next_action_at", "next_action_note")


def _follow_judgement(
    candidate: Candidate, file: RegistrationFile, status: DocumentStatus, actor: User, now: datetime
) -> None:
    if status == DocumentStatus.RECEIVED:
        _follow_arrival(candidate, file, now, actor=actor)
        return
    if file.status in WITH_THE_CANDIDATE and is_in_hand(checklist(file)):
        change_status(candidate, file, FileStatus.RETURNED, actor=actor, now=now)
    items = checklist(file)
    if is_accepted(items) and file.status in (FileStatus.RETURNED, FileStatus.INCOMPLETE):
        change_status(candidate, file, FileStatus.COMPLETE, actor=actor, now=now)
    elif status == DocumentStatus.REFUSED and file.status in (FileStatus.RETURNED, FileStatus.COMPLETE):
        change_status(candidate, file, FileStatus.INCOMPLETE, actor=actor, now=now)
        _write_what_lacks(candidate, file, f"incomplete:{file.version}", now)


def remind_of_files(*, now: datetime) -> int:
    """Write once to each candidate whose file lacks something, some days before its session's last day; how many."""
    today = timezone.localdate(now)
    due = [session for session in ContestSession.objects.filter(reminder_days__gt=0) if _is_near(session, today)]
    files = (
        RegistrationFile.objects.filter(contest_session__in=due, status__in=WITH_THE_CANDIDATE)
        .filter(candidate__in=Candidate.objects.current().filter(stage__in=OPEN_STAGES).exclude(email=""))
        .order_by("pk")
    )
    return sum(_remind(file_id, now) for file_id in list(files.values_list("pk", flat=True)))


def _is_near(session: ContestSession, today: date) -> bool:
    return session.due_on is not None and today <= session.due_on <= today + timedelta(days=session.reminder_days)


@transaction.atomic
def _remind(file_id: int, now: datetime) -> bool:
    try:
        candidate, file = locked_file(file_id, actor=None)
    except NotFound:
        return False
    if file.status not in WITH_THE_CANDIDATE:
        return False
    return _write_what_lacks(candidate, file, f"due:{file.contest_session.due_on}", now)


def _write_what_lacks(candidate: Candidate, file: RegistrationFile, occasion: str, now: datetime) -> bool:
    """Once an occasion; about their own file, so no consent is asked, but who stopped is left alone."""
    intent = f"file:{file.pk}:{occasion}"
    if not candidate.email or is_silenced(candidate) or Message.objects.filter(intent=intent).exists():
        return False
    return mail.post(
        Message(
            intent=intent,
            recipient=candidate.email,
            candidate=candidate,
            template="file_reminder",
            language=candidate.language,
            context={"first_name": candidate.first_name, "checklist": file.pk},
            created_at=now,
            due_at=now,
        )
    )


def sweep_uploads(*, now: datetime) -> int:
    """Remove uploads of yesterday that no document names, left behind by an act that did not end; how many."""
    named = set(FileDocument.objects.exclude(upload="").values_list("upload", flat=True))
    return uploads.remove_older(than=now - timedelta(days=1), but=named)
