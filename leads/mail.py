"""Mails: written into the outbox with the change they tell of, rendered and sent by whoever sweeps it.

A mail is claimed by a conditional UPDATE, so two workers never send one twice; it keeps its Message-ID, so that a
retry after a crash is recognised by the recipient's server.
"""

import hashlib
import logging
import re
import smtplib
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import F
from django.template.backends.django import DjangoTemplates
from django.urls import reverse
from django.utils import translation
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.http import urlsafe_base64_encode

from leads import outbox
from leads.checklists import checklist
from leads.choices import FileStatus, FollowUpKind, Purpose
from leads.errors import MailError
from leads.identity import suppression_hash
from leads.models import ContestSession, FollowUp, Message, Organisation, RegistrationFile, Suppression
from leads.policies import has_consented
from leads.progress import keep_progress
from leads.quiet import after_quiet
from leads.tokens import follow_token

logger = logging.getLogger(__name__)
HOLD = timedelta(minutes=5)  # longer than any send takes: a claim that lapses means a crash
PERMANENT = 500  # SMTP replies from here on (RFC 5321, 4.2.1)
RETRIES = (1, 5, 15, 60, 240, 720)  # minutes
PER_RECIPIENT = 10
CAP_PERIOD = timedelta(days=1)
MISSING = "\ufffc"
MESSAGE_ID = re.compile(r"<(\d{1,18})\.([0-9a-f]{16})@")
LETTER, OPTIONAL_LETTER = "letter", "optional_letter"


@dataclass(frozen=True, slots=True)
class Template:
    """`needs`: keys of the context without which it is not sent; `is_optional`: consent allows it, one click stops it.

    `answers_typing`: answers what somebody has just typed, so it goes to invented people's addresses too.
    `waits`: nobody sits and waits for it, so it leaves after the quiet hours.
    `forgets`: the address was given for this one mail, and is erased once it is sent or given up.
    """

    version: int
    needs: frozenset[str] = frozenset()
    is_optional: bool = False
    answers_typing: bool = False
    forgets: bool = False
    waits: bool = False


TEMPLATES = {
    "receipt_information": Template(1, frozenset({"reference", "received_at"}), answers_typing=True),
    "receipt_file": Template(1, frozenset({"reference", "received_at", "session"}), answers_typing=True),
    "follow_link": Template(1, answers_typing=True),
    "weekly": Template(1, frozenset({"week", "heading", "figures", "sentences"})),
    "retention_notice": Template(1, frozenset({"until"}), waits=True),
    "room_reminder": Template(1, frozenset({"room_id"}), forgets=True),
    "file_reminder": Template(1, frozenset({"checklist"}), waits=True),
    LETTER: Template(1, frozenset({"subject", "body"}), waits=True),
    OPTIONAL_LETTER: Template(1, frozenset({"subject", "body"}), waits=True, is_optional=True),
    "invitation": Template(1, frozenset({"user", "room", "opens_at"}), answers_typing=True),
}


def post(message: Message) -> bool:
    """Write the outbox row in the caller's transaction, wake who sends after commit; whether it is to be sent.

    It is not written twice for one intent, nor where the recipient had their share of mails for a day, nor to an
    invented person whose address nobody typed just now. What nobody waits for leaves after the quiet hours.
    """
    template = TEMPLATES[message.template]
    if message.candidate and message.candidate.is_invented and not template.answers_typing:
        return False
    if has_their_share(message.recipient, message.created_at):
        return False
    if template.waits:
        message.due_at = leaves_at(message.due_at)
    message.template_version = template.version
    Message.objects.bulk_create([message], ignore_conflicts=True)
    transaction.on_commit(outbox.nudge, robust=True)
    return True


def has_their_share(recipient: str, now: datetime) -> bool:
    """Whether as many mails as one may get within a day were written to them."""
    return Message.objects.to_recipient_since(recipient, now - CAP_PERIOD).count() >= PER_RECIPIENT


def leaves_at(at: datetime) -> datetime:
    """When a mail leaves that nobody waits for: not in the employer's quiet hours."""
    organisation = Organisation.objects.current()
    return after_quiet(at, quiet_from=organisation.quiet_from, quiet_until=organisation.quiet_until)


def deliver(message_id: int, *, now: datetime) -> bool:
    """Send an outbox row, unless it is sent or held by another worker. True where it went out."""
    if not Message.objects.due(now).filter(pk=message_id).update(held_until=now + HOLD, attempts=F("attempts") + 1):
        return False
    message = Message.objects.select_related("candidate").get(pk=message_id)
    if is_suppressed(message, now):
        Message.objects.filter(pk=message_id).update(suppressed_at=now)
        _forget(message)
        return False
    return _send(message, now)


def _send(message: Message, now: datetime) -> bool:
    try:
        as_email(message, now=now).send()
    except MailError as error:
        _give_up(message, error, now)
    except smtplib.SMTPRecipientsRefused as error:
        (_give_up if _is_final(error) else _retry)(message, error, now)
    except (smtplib.SMTPException, OSError) as error:
        _retry(message, error, now)
    else:
        _record_delivery(message, now)
        return True
    return False


def _is_final(refusal: smtplib.SMTPRecipientsRefused) -> bool:
    """Whether the server knows no such address (5xx); with 4xx it asks to come again: a greylist, a full mailbox."""
    return all(code >= PERMANENT for code, _reply in refusal.recipients.values())


def _give_up(message: Message, error: Exception, now: datetime) -> None:
    logger.error("outbox: mail %s given up: %s", message.pk, type(error).__name__)
    Message.objects.filter(pk=message.pk).update(failed_at=now, last_error=type(error).__name__)
    _forget(message)


def _forget(message: Message) -> None:
    """An address that was given for this one mail has served."""
    if TEMPLATES[message.template].forgets:
        Message.objects.filter(pk=message.pk).update(recipient="")


def _retry(message: Message, error: Exception, now: datetime) -> None:
    if message.attempts > len(RETRIES):
        _give_up(message, error, now)
        return
    due_at = now + timedelta(minutes=RETRIES[message.attempts - 1])
    logger.warning("outbox: mail %s put off to %s: %s", message.pk, due_at, type(error).__name__)
    Message.objects.filter(pk=message.pk).update(due_at=due_at, held_until=None, last_error=type(error).__name__)


@transaction.atomic
def _record_delivery(message: Message, now: datetime) -> None:
    Message.objects.filter(pk=message.pk).update(sent_at=now, held_until=None, last_error="")
    _forget(message)
    if message.candidate and message.written_by_id is None:  # what a person wrote stands there already
        sent = {"template": message.template, "message": message.pk}
        FollowUp.objects.create(candidate=message.candidate, kind=FollowUpKind.MESSAGE, data=sent, at=now)
    files = RegistrationFile.objects.filter(pk=message.context.get("file"), status=FileStatus.REQUESTED)
    if files.update(status=FileStatus.SENT, status_at=now, sent_at=now, version=F("version") + 1):
        keep_progress([message.candidate_id] if message.candidate_id else [])


def is_suppressed(message: Message, now: datetime) -> bool:
    """Asked when it is sent: who stopped everything gets no mail written before, nor any optional one.

    An optional letter needs its consent at this moment, too.
    """
    stopped = Suppression.objects.filter(hash=suppression_hash(message.recipient))
    if not TEMPLATES[message.template].is_optional:
        return stopped.filter(at__gte=message.created_at).exists()
    purpose = message.context.get("purpose")
    is_agreed = message.candidate is None or not purpose or has_consented(message.candidate, Purpose(purpose), now)
    return not is_agreed or stopped.exists()


def sweep(*, now: datetime, limit: int = 200) -> int:
    """Send what is due, oldest first; the number sent."""
    due = list(Message.objects.due(now).order_by("due_at", "pk").values_list("pk", flat=True)[:limit])
    return sum(deliver(message_id, now=now) for message_id in due)


def find_by_message_id(name: str) -> Message | None:
    """The mail that went out under this Message-ID; None for a name that is not of this project's making."""
    found = MESSAGE_ID.search(name)
    message = Message.objects.select_related("candidate").filter(pk=found[1]).first() if found else None
    return message if message and found and _unique_part(message) == found[2] else None


# --- rendering ------------------------------------------------------------------------------------------------------
def as_email(message: Message, *, now: datetime) -> EmailMultiAlternatives:
    """The mail as it goes out, in its language. Raises `MailError` where a variable is missing or the body is empty."""
    with translation.override(message.language):
        variables = _variables(message, now)
        subject = " ".join(_rendered(message, "subject.txt", variables).split())
        email = EmailMultiAlternatives(
            subject=subject,
            body=_rendered(message, "txt", variables),
            to=[message.recipient],
            headers=_headers(message, variables),
        )
        email.attach_alternative(_rendered(message, "html", variables), "text/html")
    return email


def _variables(message: Message, now: datetime) -> dict[str, Any]:
    missing = {name for name in TEMPLATES[message.template].needs if message.context.get(name) in (None, "")}
    if missing:
        raise MailError(f"{message.template}: {', '.join(sorted(missing))}")
    context = dict(message.context)
    if "received_at" in context:
        context["received_at"] = parse_datetime(context["received_at"])
    if "until" in context:
        context["until"] = parse_date(context["until"])
    if "session" in context:
        context["session"] = ContestSession.objects.select_related("contest").get(pk=context["session"])
    if "checklist" in context:
        context |= _what_lacks(context["checklist"])
    if "room_id" in context:
        context["room"] = apps.get_model("chat.Room")._default_manager.get(pk=context["room_id"])
        context["room_url"] = settings.SITE_URL + context["room"].get_absolute_url()
    if "user" in context:
        context["invitation_url"] = settings.SITE_URL + _invitation_path(context["user"])
        context["opens_at"] = parse_datetime(context["opens_at"])
    if "week" in context:
        context["report_url"] = f"{settings.SITE_URL}{reverse('admin:weekly_report')}?to={context['week']}"
    if message.candidate:
        context["follow_url"] = settings.SITE_URL + _follow_path(message, now)
    return {"first_name": "", "language": message.language, **context, "organisation": Organisation.objects.current()}


def _what_lacks(file_id: int) -> dict[str, Any]:
    """As it stands when the mail leaves: what came in meanwhile is not asked for."""
    file = RegistrationFile.objects.select_related("contest_session__contest").get(pk=file_id)
    items = checklist(file)
    return {"session": file.contest_session, "lacking": [item for item in items if item.is_lacking]}


def _invitation_path(user_id: int) -> str:
    """Good until a password is set: the token is made of the account as it stands."""
    user = User.objects.get(pk=user_id)
    uid = urlsafe_base64_encode(str(user.pk).encode())
    return reverse("chat:accept", args=[uid, default_token_generator.make_token(user)])


def _follow_path(message: Message, now: datetime) -> str:
    assert message.candidate is not None
    return reverse("leads:follow_page", args=[follow_token(message.candidate, now=now)])


def _rendered(message: Message, part: str, variables: dict[str, Any]) -> str:
    body = _engine().get_template(f"emails/{message.template}.{part}").render(variables).strip()
    if not body:
        raise MailError(f"{message.template}.{part}: empty")
    if MISSING in body:
        raise MailError(f"{message.template}.{part}: a variable is missing")
    return body


@cache
def _engine() -> DjangoTemplates:
    """The pages' engine, but with a mark where a variable is missing: such a mail must not go."""
    options = {"string_if_invalid": MISSING}
    return DjangoTemplates(
        {"NAME": "mails", "DIRS": settings.TEMPLATES[0]["DIRS"], "APP_DIRS": True, "OPTIONS": options}
    )


def _unique_part(message: Message) -> str:
    return hashlib.sha256(message.intent.encode()).hexdigest()[:16]


def _headers(message: Message, variables: dict[str, Any]) -> dict[str, str]:
    host = urlsplit(settings.SITE_URL).hostname
    headers = {"Message-ID": f"<{message.pk}.{_unique_part(message)}@{host}>", "Auto-Submitted": "auto-generated"}
    if TEMPLATES[message.template].is_optional:
        headers["List-Unsubscribe"] = f"<{variables['follow_url']}unsubscribe/>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers
