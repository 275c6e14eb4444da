"""The way of a registration file."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from leads.choices import FileStatus, FollowUpKind, Stage
from leads.errors import NotAllowed, NotFound, VersionConflict
from leads.models import Candidate, ContestSession, FollowUp, RegistrationFile
from leads.services.candidates import change_stage
from leads.services.timeline import locked_candidate, record
from leads.stages import may_move, may_move_file

STAMPED = {
    FileStatus.SENT: "sent_at",
    FileStatus.DOWNLOADED: "downloaded_at",
    FileStatus.RETURNED: "returned_at",
    FileStatus.REGISTERED: "registered_at",
}
LEADS_TO = {FileStatus.RETURNED: Stage.APPLYING, FileStatus.REGISTERED: Stage.REGISTERED}


def open_file(candidate: Candidate, session: ContestSession, *, now: datetime) -> RegistrationFile:
    """The candidate's file for that session, a new one where there is none. Under the candidate's lock."""
    values = {"status_at": now, "requested_at": now}
    return RegistrationFile.objects.get_or_create(candidate=candidate, contest_session=session, defaults=values)[0]


@transaction.atomic
def move_file(
    *, file_id: int, to: FileStatus, actor: User | None, expected_version: int | None, now: datetime
) -> RegistrationFile:
    """Move a file to its next status; returned, its candidate is `applying`, registered, `registered`.

    Raises `NotAllowed`, `NotFound`, `VersionConflict`.
    """
    candidate, file = locked_file(file_id, actor=actor)
    if expected_version is not None and file.version != expected_version:
        raise VersionConflict(file.version, _moves_since(candidate, file, expected_version))
    if not may_move_file(file.status, to):
        raise NotAllowed(_("There is no way from this status to that one."))
    change_status(candidate, file, to, actor=actor, now=now)
    return file


def _moves_since(candidate: Candidate, file: RegistrationFile, version: int) -> list[FollowUp]:
    """A file's version counts its moves."""
    moves = candidate.follow_ups.filter(kind=FollowUpKind.FILE, data__file=file.pk, data__has_key="to").select_related(
        "actor"
    )
    return list(moves[: max(file.version - version, 0)])


def locked_file(file_id: int, *, actor: User | None) -> tuple[Candidate, RegistrationFile]:
    """The candidate first: all who lock both do it in this order."""
    owner = RegistrationFile.objects.filter(pk=file_id).values_list("candidate", flat=True).first()
    if owner is None:
        raise NotFound(_("There is no such file."))
    candidate = locked_candidate(owner, actor=actor)
    file = candidate.files.select_related("contest_session__contest").filter(pk=file_id).first()
    if file is None:  # a merge, or its undoing, has just moved it
        raise NotFound(_("There is no such file."))
    return candidate, file


def change_status(
    candidate: Candidate, file: RegistrationFile, to: FileStatus, *, actor: User | None, now: datetime
) -> None:
    before = file.status
    file.status, file.status_at, file.version = to, now, file.version + 1
    if stamp := STAMPED.get(to):
        setattr(file, stamp, now)
    file.save()
    record(candidate, FollowUpKind.FILE, actor=actor, now=now, file=file.pk, start=before, to=to)
    stage = LEADS_TO.get(to)
    if stage and may_move(candidate.stage, stage):
        change_stage(candidate, stage, actor=actor, now=now)
