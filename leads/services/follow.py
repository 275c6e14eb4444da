"""What candidates do through their link: each acts on their own record alone."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from leads import mail
from leads.choices import (
    ClosedReason,
    ConsentMethod,
    FileStatus,
    FollowUpKind,
    Purpose,
    Stage,
)
from leads.errors import NotFound
from leads.identity import suppression_hash
from leads.models import Candidate, FileDocument, Lead, Message, Organisation, RegistrationFile, Suppression
from leads.policies import is_minor
from leads.retention import retain_until
from leads.services import consents
from leads.services.candidates import change_stage, correct
from leads.services.files import change_status
from leads.services.requests import PROFILE
from leads.services.timeline import locked_candidate, record, save_change, what_differs
from leads.tokens import revoke_tokens

MINE = ("first_name", "last_name", "phone", "postal_code", "is_abroad", "birth_date", "diploma_level", "situation")
OPTIONAL_MAILS = (Purpose.RECONTACT, Purpose.NEWSLETTER, Purpose.SURVEY)


@transaction.atomic
def verify_address(*, candidate_id: int, now: datetime) -> bool:
    """The owner of the address pressed the button; whether it was news.

    What requests had said fills the gaps of the record, what they say otherwise becomes a proposal, and the consents
    that waited are recorded.
    """
    candidate = locked_candidate(candidate_id, actor=None)
    waiting = list(candidate.leads.filter(verified_at__isnull=True, email=candidate.email).order_by("at", "pk"))
    if candidate.verified_at and not waiting:
        return False
    if candidate.verified_at is None:
        candidate.verified_at = now
        save_change(candidate, "verified_at")
        Suppression.objects.filter(hash=suppression_hash(candidate.email), is_bounce=True).delete()  # it takes mail
        record(candidate, FollowUpKind.VERIFICATION, actor=None, now=now)
    for lead in waiting:
        _take_over(candidate, lead, now)
    Lead.objects.filter(pk__in=[lead.pk for lead in waiting]).update(verified_at=now, consents=[])
    return True


def _take_over(candidate: Candidate, lead: Lead, now: datetime) -> None:
    typed = {field: getattr(lead, field) for field in PROFILE if getattr(lead, field)}
    gaps = {field: value for field, value in typed.items() if not getattr(candidate, field)}
    correct(candidate, gaps, kind=FollowUpKind.CORRECTION, actor=None, now=now)
    other = what_differs(candidate, typed)
    if other and not candidate.follow_ups.filter(kind=FollowUpKind.PROPOSAL, data__lead=lead.pk).exists():
        record(candidate, FollowUpKind.PROPOSAL, actor=None, now=now, lead=lead.pk, fields=other)
    consents.say(candidate, lead.consents, given=True, method=ConsentMethod.FORM, now=now)


@transaction.atomic
def download_file(*, candidate_id: int, file_id: int, now: datetime) -> RegistrationFile:
    """Mark one's own file as downloaded. Raises `NotFound`."""
    candidate = locked_candidate(candidate_id, actor=None)
    files = candidate.files.select_related("contest_session__contest")
    file = files.exclude(status=FileStatus.CLOSED).filter(pk=file_id).first()
    if file is None:
        raise NotFound(_("There is no such file."))
    if file.status in (FileStatus.REQUESTED, FileStatus.SENT):
        change_status(candidate, file, FileStatus.DOWNLOADED, actor=None, now=now)
    return file


@transaction.atomic
def correct_my_data(*, candidate_id: int, values: dict[str, Any], now: datetime) -> bool:
    """Change one's own record (`MINE` fields); whether anything changed. The address itself stays: it is the key."""
    candidate = locked_candidate(candidate_id, actor=None)
    mine = {field: value for field, value in values.items() if field in MINE}
    return correct(candidate, mine, kind=FollowUpKind.CORRECTION, actor=None, now=now)


@transaction.atomic
def set_consents(*, candidate_id: int, purposes: Iterable[str], now: datetime) -> set[str]:
    """Say yes to `purposes` and no to all others; the purposes now given. Only what changes is recorded."""
    candidate = locked_candidate(candidate_id, actor=None)
    wanted = set() if is_minor(candidate.birth_date, timezone.localdate(now)) else set(purposes) & set(Purpose.values)
    given = consents.given_purposes(candidate, now)
    method = ConsentMethod.FOLLOW_PAGE
    changes = sorted(wanted - given), sorted(given - wanted)
    consents.say(candidate, changes[0], given=True, method=method, now=now)
    consents.say(candidate, changes[1], given=False, method=method, now=now)
    if any(changes):
        record(candidate, FollowUpKind.CONSENT, actor=None, now=now, given=changes[0], withdrawn=changes[1])
    return wanted


@transaction.atomic
def unsubscribe(*, candidate_id: int, now: datetime) -> int:
    """Withdraw every optional mail at one click (RFC 8058); how many purposes were given."""
    candidate = locked_candidate(candidate_id, actor=None)
    withdrawn = consents.withdraw(candidate, OPTIONAL_MAILS, method=ConsentMethod.UNSUBSCRIBE, now=now)
    if withdrawn:
        record(candidate, FollowUpKind.CONSENT, actor=None, now=now, withdrawn=sorted(OPTIONAL_MAILS))
    return withdrawn


@transaction.atomic
def stop_everything(*, candidate_id: int, now: datetime) -> None:
    """No more mail, no more call: consents withdrawn, open files and the sheet closed, mails on their way stopped.

    A later request of one's own opens the sheet again.
    """
    candidate = locked_candidate(candidate_id, actor=None)
    given = consents.withdraw(candidate, Purpose.values, method=ConsentMethod.FOLLOW_PAGE, now=now)
    record(candidate, FollowUpKind.STOP, actor=None, now=now, withdrawn=given)
    if candidate.email:
        digest = suppression_hash(candidate.email)
        Suppression.objects.update_or_create(hash=digest, defaults={"at": now})
    Message.objects.pending().filter(candidate=candidate).update(suppressed_at=now)
    for file in candidate.files.exclude(status__in=[FileStatus.CLOSED, FileStatus.REGISTERED]):
        change_status(candidate, file, FileStatus.CLOSED, actor=None, now=now)
    if candidate.stage != Stage.CLOSED:
        change_stage(candidate, Stage.CLOSED, reason=ClosedReason.WITHDRAWN, actor=None, now=now)


@transaction.atomic
def send_follow_link(*, email: str, language: str, now: datetime) -> None:
    """Mail their link to whoever has this address, if anybody has. The caller never learns which."""
    if candidate := Candidate.objects.current().filter(email=email).first():
        _post_link(candidate, language, now)


@transaction.atomic
def renew_link(*, candidate_id: int, language: str, now: datetime) -> None:
    """Every link that was given out opens nothing any more; a new one is on its way by mail."""
    candidate = locked_candidate(candidate_id, actor=None)
    revoke_tokens(candidate, now=now)
    _post_link(candidate, language, now)


def _post_link(candidate: Candidate, language: str, now: datetime) -> None:
    message = Message(
        intent=f"link:{candidate.pk}:{now.isoformat()}",
        recipient=candidate.email,
        candidate=candidate,
        template="follow_link",
        language=language,
        context={"first_name": candidate.first_name},
        created_at=now,
        due_at=now,
    )
    mail.post(message)


# --- what we hold ---------------------------------------------------------------------------------------------------
def my_data(candidate: Candidate, *, now: datetime) -> dict[str, Any]:
    """Everything about a candidate, as they may have it (GDPR art. 15 and 20): JSON's own types and dates."""
    about = ("email", "department", "region", "language", "created_at", "verified_at")
    return {
        "candidate": _columns(candidate, *MINE, *about) | {"kept_until": kept_until(candidate, now)},
        "requests": [_request(lead) for lead in candidate.leads.select_related("room", "source").order_by("at")],
        "files": [
            _columns(file, "status", "requested_at", "sent_at", "downloaded_at", "returned_at")
            | {"contest": str(file.contest_session)}
            for file in candidate.files.select_related("contest_session__contest")
        ],
        "documents": [
            {"contest": str(row.file.contest_session), "document": row.asked.label}
            | _columns(row, "status", "reason", "size", "at")
            for row in FileDocument.objects.filter(file__candidate=candidate).select_related(
                "asked", "file__contest_session__contest"
            )
        ],
        "consents": [
            _columns(consent, "purpose", "given", "text_version", "method", "at", "expires_at")
            for consent in candidate.consents.order_by("at", "pk")
        ],
        "follow_ups": [
            _columns(line, "kind", "outcome", "text", "data", "at", "taken_back_at")
            for line in candidate.follow_ups.order_by("at", "pk")
        ],
        "mails": [
            _columns(message, "template", "recipient", "language", "created_at", "sent_at")
            for message in candidate.messages.order_by("created_at", "pk")
        ],
    }


def kept_until(candidate: Candidate, now: datetime) -> date:
    """The day on which the record is erased, if nothing happens."""
    agreed = Purpose.RECONTACT in consents.given_purposes(candidate, now)
    return retain_until(candidate, Organisation.objects.current(), agreed=agreed)


def _request(lead: Lead) -> dict[str, Any]:
    typed = ("first_name", "last_name", "email", "phone", "postal_code", "birth_date", "diploma_level", "situation")
    said = ("message", "heard_from", "medium", "campaign", "referrer_host", "touches", "verified_at")
    about = {
        "source": lead.source.key if lead.source else None,
        "room": lead.room.slug if lead.room else None,
        "references": list(lead.receipts.values_list("reference", flat=True)),
    }
    return _columns(lead, "kind", "at", *typed, *said) | about


def _columns(row: Any, *names: str) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}
