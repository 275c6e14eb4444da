"""What mail servers tell of mails that were sent, read from the reports that they send back.

A bounce is a delivery status notification (RFC 3464, its status as RFC 3463 has it), a complaint a feedback report
(RFC 5965). Anything else that comes to the mailbox of bounces is no report.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.policy import compat32

from leads.choices import MailEventKind

STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
PERMANENT, DELAYED = "5", "4"


@dataclass(frozen=True, slots=True)
class MailReport:
    """`key`: the report's own name; `message_id`: of our mail, where the report names it; `status`: such as 5.1.1."""

    key: str
    kind: MailEventKind
    recipient: str
    message_id: str = ""
    status: str = ""


def read_report(raw: bytes) -> list[MailReport]:
    """The reports in one mail; empty where it is none, or says that all went well."""
    mail = message_from_bytes(raw, policy=compat32)
    own_name = str(mail.get("Message-ID", "")).strip() or hashlib.sha256(raw).hexdigest()
    original = _original_id(mail)
    return [report for part in mail.walk() for report in _of_part(part, own_name, original)]


def _of_part(part: Message, own_name: str, original: str) -> Iterator[MailReport]:
    match part.get_content_type():
        case "message/delivery-status":
            yield from _bounces(part, own_name, original)
        case "message/feedback-report":
            yield from _complaints(part, own_name, original)


def _bounces(part: Message, own_name: str, original: str) -> Iterator[MailReport]:
    """A block of fields for the message, then one a recipient."""
    for number, block in enumerate(_blocks(part)):
        recipient = _address(block.get("Original-Recipient") or block.get("Final-Recipient") or "")
        found = STATUS.search(str(block.get("Status", "")))
        if recipient and found and found[0][0] in (PERMANENT, DELAYED):
            kind = MailEventKind.BOUNCE if found[0][0] == PERMANENT else MailEventKind.DELAY
            yield MailReport(f"{own_name}:{number}", kind, recipient, original, found[0])


def _complaints(part: Message, own_name: str, original: str) -> Iterator[MailReport]:
    for block in _blocks(part):
        if str(block.get("Feedback-Type", "")).strip().lower() == "abuse":
            recipient = _address(block.get("Original-Rcpt-To") or "")
            yield MailReport(own_name, MailEventKind.COMPLAINT, recipient, original)


def _blocks(part: Message) -> list[Message]:
    inner = part.get_payload()
    if isinstance(inner, list):
        return [block for block in inner if isinstance(block, Message)]
    return [message_from_bytes(part.get_payload(decode=True) or b"", policy=compat32)]  # type: ignore[arg-type]


def _address(field: str) -> str:
    """Of "rfc822; someone@example.org"."""
    return str(field).rpartition(";")[2].strip().strip("<>")


def _original_id(mail: Message) -> str:
    """The Message-ID of the mail that the report is about, which it carries whole or by its headers."""
    for part in mail.walk():
        if part.get_content_type() in ("message/rfc822", "text/rfc822-headers"):
            inner = part.get_payload()
            told = inner[0] if isinstance(inner, list) else message_from_bytes(part.get_payload(decode=True) or b"")  # type: ignore[arg-type]
            if isinstance(told, Message) and told.get("Message-ID"):
                return str(told["Message-ID"]).strip()
    return ""
