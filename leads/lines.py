"""What each line of a candidate's timeline says, to who reads it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import dateformat, timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from leads.choices import (
    ActionKind,
    ClosedReason,
    DocumentStatus,
    FileStatus,
    FollowUpKind,
    LeadKind,
    MailEventKind,
    Outcome,
    Purpose,
    Stage,
)
from leads.eligibility_words import LABELS, title_of
from leads.identity import name_of
from leads.models import Export, FollowUp, Lead, Message, RegistrationFile
from leads.wording import lowered, said_otherwise
from recruitment.days import day_in_words

ICONS = {
    FollowUpKind.REQUEST: "speech",
    FollowUpKind.CALL: "phone",
    FollowUpKind.MESSAGE: "mail",
    FollowUpKind.NOTE: "edit",
    FollowUpKind.STAGE: "out",
    FollowUpKind.FILE: "page",
    FollowUpKind.CONSENT: "shield",
    FollowUpKind.ASSIGNMENT: "person",
    FollowUpKind.NEXT_ACTION: "calendar",
    FollowUpKind.VERIFICATION: "check",
    FollowUpKind.CORRECTION: "edit",
    FollowUpKind.PROPOSAL: "merge",
    FollowUpKind.SPAM: "flag",
    FollowUpKind.STOP: "stop",
    FollowUpKind.MERGE: "merge",
    FollowUpKind.RETENTION: "clock",
    FollowUpKind.UNDO: "undo",
    FollowUpKind.INCOMING: "speech",
}
IN_FRONT = (FollowUpKind.REQUEST, FollowUpKind.CALL, FollowUpKind.STOP, FollowUpKind.INCOMING)  # what one looks for
BY_THEMSELVES = (
    FollowUpKind.REQUEST,
    FollowUpKind.FILE,
    FollowUpKind.CONSENT,
    FollowUpKind.VERIFICATION,
    FollowUpKind.CORRECTION,
    FollowUpKind.PROPOSAL,
    FollowUpKind.STOP,
    FollowUpKind.RETENTION,
    FollowUpKind.INCOMING,
)
MAILS = {
    "receipt_information": gettext_lazy("“We received your request”"),
    "receipt_file": gettext_lazy("“Your file”"),
    "follow_link": gettext_lazy("“Your follow-up link”"),
    "retention_notice": gettext_lazy("“Your data is soon erased”"),
    "file_reminder": gettext_lazy("“What your file still lacks”"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line: when, what, by whom, and the words that were said or written."""

    at: datetime
    icon: str
    title: str
    by: str
    text: str = ""
    is_big: bool = False
    is_taken_back: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """The rows that lines speak of, by id."""

    leads: Mapping[int, Lead] = field(default_factory=dict)
    files: Mapping[int, RegistrationFile] = field(default_factory=dict)
    people: Mapping[int, str] = field(default_factory=dict)
    documents: Mapping[int, str] = field(default_factory=dict)


def line_of(row: FollowUp, known: Known) -> Line:
    title, text = _SAYS[row.kind](row, known)
    if row.taken_back_at:
        title = _("%s, taken back") % title
    stands = row.taken_back_at is None
    return Line(
        row.at, ICONS[FollowUpKind(row.kind)], title, _by(row), text, row.kind in IN_FRONT and stands, not stands
    )


def line_of_mail(mail: Message) -> Line:
    """A mail with what became of it."""
    at, words = _delivery(mail)
    if subject := mail.context.get("subject"):
        by = name_of(mail.written_by) if mail.written_by else _("somebody who has left")
        return Line(at, "mail", words % _("“%s”") % subject, by, mail.context["body"], is_big=True)
    return Line(at, "mail", words % MAILS.get(mail.template, mail.template), str(_("automatic")))


def line_of_export(export: Export) -> Line:
    """That somebody took the record away with a list, and why."""
    by = name_of(export.by) if export.by else _("somebody who has left")
    title = ngettext("Exported with %s sheet", "Exported with a list of %s sheets", export.rows)
    title %= number_format(export.rows, force_grouping=True)
    return Line(export.at, "download", title, by, export.reason)


def _delivery(mail: Message) -> tuple[datetime, str]:
    if mail.bounced_at:
        return mail.bounced_at, _("Mail %s came back: the address takes no mail")
    if mail.sent_at:
        return mail.sent_at, _("Mail %s sent")
    if mail.failed_at:
        return mail.failed_at, _("Mail %s not delivered")
    if mail.suppressed_at:
        return mail.suppressed_at, _("Mail %s held back: wants no mail")
    return mail.created_at, _("Mail %s on its way")


def _by(row: FollowUp) -> str:
    if row.actor:
        return row.actor.get_full_name() or row.actor.get_username()
    return _("online") if row.kind in BY_THEMSELVES else _("automatic")


def shortly(at: datetime, now: datetime) -> str:
    """When, in the column of a list: "auj. 9 h 12", "hier 21 h 03", "23 nov.", "3 mars 2025"."""
    local, today = timezone.localtime(at), timezone.localdate(now)
    days = (today - local.date()).days
    if days in (0, 1):
        words = _("yesterday %s") if days else _("today %s")
        return words % dateformat.format(local, _("H:i"))
    return day_in_words(local, _("j N") if local.year == today.year else _("j N Y"))


# --- by kind --------------------------------------------------------------------------------------------------------
def _request(row: FollowUp, known: Known) -> tuple[str, str]:
    lead = known.leads.get(row.data.get("lead", 0))
    joined = "\n".join(
        part for part in (verdicts(row.data.get("eligibility")), asked(row.data.get("questions"))) if part
    )
    if lead is None:
        return _("Request"), joined
    return request_title(lead), "\n".join(part for part in (request_text(lead), joined) if part)


def verdicts(joined: Mapping[str, Any] | None) -> str:
    """The eligibility result that the person joined to the request, in one line."""
    if not joined:
        return ""
    said = [f"{title_of(kind, key)} {lowered(LABELS[verdict])}" for kind, key, verdict, _reason in joined["verdicts"]]
    return _("Joined result of eligibility: %s") % " ".join(said)


def asked(questions: Sequence[str] | None) -> str:
    """The questions from the room that the person joined to the request."""
    if not questions:
        return ""
    return "\n".join([_("Asked in the room:"), *(_("“%s”") % question for question in questions)])


def request_title(lead: Lead) -> str:
    kind = _("Request for a file") if lead.kind == LeadKind.REGISTRATION_FILE else _("Request for information")
    return f"{kind}, {lead.contest_session}" if lead.contest_session else kind


def request_text(lead: Lead) -> str:
    """What was asked and whence it came."""
    references = [receipt.reference for receipt in lead.receipts.all()]
    said = [lead.message, origin(lead), _("Reference %s.") % ", ".join(references) if references else ""]
    return "\n".join(part for part in said if part)


def origin(lead: Lead) -> str:
    """Where a request came from, in one sentence; nothing where it is unknown."""
    if lead.room:
        return _("Came from the room “%s”.") % lead.room.title
    return _("Came from: %s.") % lead.source if lead.source else ""


def _call(row: FollowUp, known: Known) -> tuple[str, str]:
    return _("Call: %s") % lowered(Outcome(row.outcome).label), row.text


def _note(row: FollowUp, known: Known) -> tuple[str, str]:
    return _("Note"), row.text


def _stage(row: FollowUp, known: Known) -> tuple[str, str]:
    names = {"start": lowered(Stage(row.data["start"]).label), "to": lowered(Stage(row.data["to"]).label)}
    reason = row.data.get("reason")
    return _("Stage: %(start)s, then %(to)s") % names, str(ClosedReason(reason).label).capitalize() if reason else ""


def _file(row: FollowUp, known: Known) -> tuple[str, str]:
    file = known.files.get(row.data.get("file", 0))
    if document := row.data.get("document"):
        return _document(row, known.documents.get(document, ""))
    status = lowered(FileStatus(row.data["to"]).label)
    return _("File: %s") % status, str(file.contest_session) if file else ""


def _document(row: FollowUp, label: str) -> tuple[str, str]:
    if row.data.get("is_upload"):
        return _("Document sent online"), label
    if row.data.get("is_had"):
        return _("Has the document after all"), label
    if row.data["status"] == DocumentStatus.NOT_HAD:
        return _("Does not have the document"), label
    status = lowered(DocumentStatus(row.data["status"]).label)
    return _("Document: %s") % status, "\n".join(part for part in (label, row.text) if part)


def _consent(row: FollowUp, known: Known) -> tuple[str, str]:
    given = [_("Yes: %s") % Purpose(purpose).label for purpose in row.data.get("given", [])]
    withdrawn = [_("No: %s") % Purpose(purpose).label for purpose in row.data.get("withdrawn", [])]
    return _("Consents changed"), "\n".join([*given, *withdrawn])


def _assignment(row: FollowUp, known: Known) -> tuple[str, str]:
    to = row.data.get("to")
    if "team" in row.data:
        return _("Given to another team"), known.people.get(to, "")
    if to is None:
        return _("Given back to the team"), ""
    return _("Entrusted to %s") % known.people.get(to, _("somebody who has left")), ""


def _next_action(row: FollowUp, known: Known) -> tuple[str, str]:
    due_at = parse_datetime(row.data["due_at"])
    words = {"action": lowered(ActionKind(row.data["action"]).label), "at": _moment(due_at) if due_at else ""}
    return _("Planned: %(action)s, %(at)s") % words, row.text


def _moment(at: datetime) -> str:
    return day_in_words(timezone.localtime(at), _("l j F, H:i"))


def _verification(row: FollowUp, known: Known) -> tuple[str, str]:
    return _("Address verified"), ""


def _correction(row: FollowUp, known: Known) -> tuple[str, str]:
    return _("Data corrected"), "\n".join(said_otherwise(row.data.get("fields", {})))


def _proposal(row: FollowUp, known: Known) -> tuple[str, str]:
    if "decides" in row.data:
        return (_("Proposed correction accepted") if row.data["taken"] else _("Proposed correction refused")), ""
    return _("A later request says otherwise"), "\n".join(said_otherwise(row.data.get("fields", {})))


def _spam(row: FollowUp, known: Known) -> tuple[str, str]:
    return (_("Request marked as spam") if row.data.get("is_spam") else _("Request no longer marked as spam")), ""


def _stop(row: FollowUp, known: Known) -> tuple[str, str]:
    return _("Wants no more mail and no more calls"), ""


def _merge(row: FollowUp, known: Known) -> tuple[str, str]:
    if "undone" in row.data:
        return _("Merge undone: two sheets again"), ""
    return _("Another sheet of the same person was merged into this one"), ""


def _retention(row: FollowUp, known: Known) -> tuple[str, str]:
    return _("Wants to be kept for longer"), ""


def _undo(row: FollowUp, known: Known) -> tuple[str, str]:
    return _("Took the call back: the sheet is as it was before"), ""


def _incoming(row: FollowUp, known: Known) -> tuple[str, str]:
    return _("Wrote to us"), row.text


def _message(row: FollowUp, known: Known) -> tuple[str, str]:
    if event := row.data.get("event"):
        status = row.data.get("status")
        return _("The mail server says: %s") % MailEventKind(event).label, status or ""
    if row.actor is None:
        return _("Mail sent"), row.text
    if row.data.get("posted") is False:
        return _("Letter written; nothing is sent to an invented person"), row.text
    return (_("Wrote another way") if row.data.get("elsewhere") else _("Wrote")), row.text


_SAYS: dict[str, Callable[[FollowUp, Known], tuple[str, str]]] = {
    FollowUpKind.REQUEST: _request,
    FollowUpKind.CALL: _call,
    FollowUpKind.MESSAGE: _message,
    FollowUpKind.NOTE: _note,
    FollowUpKind.STAGE: _stage,
    FollowUpKind.FILE: _file,
    FollowUpKind.CONSENT: _consent,
    FollowUpKind.ASSIGNMENT: _assignment,
    FollowUpKind.NEXT_ACTION: _next_action,
    FollowUpKind.VERIFICATION: _verification,
    FollowUpKind.CORRECTION: _correction,
    FollowUpKind.PROPOSAL: _proposal,
    FollowUpKind.SPAM: _spam,
    FollowUpKind.STOP: _stop,
    FollowUpKind.MERGE: _merge,
    FollowUpKind.RETENTION: _retention,
    FollowUpKind.UNDO: _undo,
    FollowUpKind.INCOMING: _incoming,
}
