"""A mail came back, or its reader called it unwanted: who is written to no more, and who should know."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from leads import mail
from leads.choices import OPEN_STAGES, ActionKind, ConsentMethod, FollowUpKind, MailEventKind, Stage
from leads.errors import NotFound
from leads.identity import normalised_email, suppression_hash
from leads.mail_reports import MailReport
from leads.models import Candidate, MailEvent, Message, Suppression
from leads.services import consents
from leads.services.candidates import set_action
from leads.services.follow import OPTIONAL_MAILS
from leads.services.timeline import locked_candidate, record, save_change
from leads.stages import working_days_after


def take_mail_reports(reports: Iterable[MailReport], *, now: datetime) -> int:
    """Note what mail servers told; how many were news. Of a mail server that others use too, theirs are passed over."""
    return sum(_is_news(report, now) for report in reports)


def _is_news(report: MailReport, now: datetime) -> bool:
    try:
        return take_mail_report(report=report, now=now)
    except NotFound:
        return False


@transaction.atomic
def take_mail_report(*, report: MailReport, now: datetime) -> bool:
    """Note what a mail server told, once; False where it was noted before.

    A bounce for good ends mails to that address until its owner is heard of again; a complaint withdraws every
    optional mail besides. A delay changes nothing. Raises `NotFound` where neither the mail nor the address is ours.
    """
    message = mail.find_by_message_id(report.message_id)
    address = message.recipient if message else normalised_email(report.recipient)
    candidate = _whose(message, address)
    if message is None and candidate is None:
        raise NotFound(_("There is no such mail."))
    if not address or not _note(report, address, now):
        return False
    if message and report.kind == MailEventKind.BOUNCE:
        Message.objects.filter(pk=message.pk).update(bounced_at=now)
    if report.kind != MailEventKind.DELAY:
        _silence(address, report.kind, now)
        if candidate:
            _tell(candidate, report, now)
    return True


def _whose(message: Message | None, address: str) -> Candidate | None:
    current = Candidate.objects.current()
    if message and message.candidate_id:
        return current.filter(pk=message.candidate_id, email=message.recipient).first()
    return current.filter(email=address).first() if address else None


def _note(report: MailReport, address: str, now: datetime) -> bool:
    event = MailEvent(
        key=report.key[:200], kind=report.kind, hash=suppression_hash(address), status=report.status, at=now
    )
    if MailEvent.objects.filter(key=event.key).exists():
        return False
    MailEvent.objects.bulk_create([event], ignore_conflicts=True)
    return True


def _silence(address: str, kind: MailEventKind, now: datetime) -> None:
    """Who stopped, complained or was erased stays so, whatever bounces afterwards."""
    digest = suppression_hash(address)
    is_bounce = kind == MailEventKind.BOUNCE
    row, made = Suppression.objects.get_or_create(hash=digest, defaults={"at": now, "is_bounce": is_bounce})
    if not made and (row.is_bounce or not is_bounce):
        Suppression.objects.filter(pk=row.pk).update(at=now, is_bounce=is_bounce)


def _tell(candidate: Candidate, report: MailReport, now: datetime) -> None:
    """A line of the timeline; who waits for an answer by mail that cannot come is called instead."""
    locked = locked_candidate(candidate.pk, actor=None)
    is_bounce = report.kind == MailEventKind.BOUNCE
    if not is_bounce:
        consents.withdraw(locked, OPTIONAL_MAILS, method=ConsentMethod.UNSUBSCRIBE, now=now)
    if is_bounce and locked.phone and locked.stage in OPEN_STAGES and locked.stage != Stage.WAITING:
        set_action(locked, ActionKind.CALL, working_days_after(now, 1), _("The e-mail address takes no mail."))
    save_change(locked, "next_action", "next_action_at", "next_action_note")
    record(locked, FollowUpKind.MESSAGE, actor=None, now=now, event=report.kind, status=report.status)
