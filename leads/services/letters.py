"""What recruiters write to candidates: a letter by the outbox, or the note of one that went another way."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from leads import mail
from leads.choices import OPEN_STAGES, ActionKind, FollowUpKind, Purpose, Stage
from leads.errors import NotAllowed
from leads.letters import require_whole
from leads.models import Candidate, Letter, LetterVersion, Message
from leads.policies import has_consented, is_silenced
from leads.services.candidates import change_stage, next_contact, set_action
from leads.services.timeline import locked_candidate, record, save_change
from leads.stages import working_days_after

ANSWER_DAYS = 5  # working days after which somebody looks whether an answer came


@dataclass(frozen=True, slots=True)
class Written:
    """A letter as it was read before it left. `letter`: what it was made of; None: written freely."""

    subject: str
    body: str
    letter: Letter | None = None

    @property
    def purpose(self) -> str:
        return self.letter.purpose if self.letter else ""


@transaction.atomic
def keep_letter(*, letter: Letter, actor: User | None, now: datetime) -> Letter:
    """Keep a letter and, where its text is another, the next version of it beside those before."""
    newest = letter.versions.first() if letter.pk else None
    text = {name: getattr(letter, name) for name in ("subject", "subject_en", "body", "body_en")}
    is_changed = newest is None or any(getattr(newest, name) != value for name, value in text.items())
    letter.version = (newest.version if newest else 0) + is_changed
    letter.save()
    if is_changed:
        LetterVersion.objects.create(letter=letter, version=letter.version, by=actor, at=now, **text)
    return letter


@transaction.atomic
def write_to(
    *,
    candidate_id: int,
    written: Written,
    request_id: str,
    actor: User,
    expected_version: int | None,
    now: datetime,
    next_action: ActionKind | None = None,
    next_action_at: datetime | None = None,
) -> Candidate:
    """Write to a candidate by mail; it leaves after the quiet hours. The same `request_id` again writes nothing more.

    Raises `NotAllowed` (no address, stopped, no consent to the letter's purpose, had their share of mails for a day),
    `MailError` (empty, or a field is left open), `NotFound`, `VersionConflict`.
    """
    intent = f"letter:{candidate_id}:{request_id}"
    candidate = locked_candidate(candidate_id, actor=actor)
    if Message.objects.filter(intent=intent).exists():
        return candidate
    candidate = locked_candidate(candidate_id, actor=actor, expected_version=expected_version)
    require_whole(written.subject, written.body)
    _require_may_write(candidate, written, now)
    is_posted = mail.post(_message(candidate, written, intent, actor, now))
    _log(candidate, written, next_action, next_action_at, actor, now, posted=is_posted)
    return candidate


@transaction.atomic
def note_letter(
    *,
    candidate_id: int,
    written: Written,
    actor: User,
    expected_version: int | None,
    now: datetime,
    next_action: ActionKind | None = None,
    next_action_at: datetime | None = None,
) -> Candidate:
    """Note what was written by another way: the recruiter's own mailbox, the post. Nothing is sent.

    Raises `MailError` (empty, or a field is left open), `NotFound`, `VersionConflict`.
    """
    candidate = locked_candidate(candidate_id, actor=actor, expected_version=expected_version)
    require_whole(written.subject, written.body)
    _log(candidate, written, next_action, next_action_at, actor, now, elsewhere=True)
    return candidate


def _require_may_write(candidate: Candidate, written: Written, now: datetime) -> None:
    if not candidate.email:
        raise NotAllowed(_("No e-mail address is known: call instead."))
    if is_silenced(candidate):
        raise NotAllowed(_("This address wants or takes no mail: nothing was sent."))
    if written.purpose and not has_consented(candidate, Purpose(written.purpose), now):
        raise NotAllowed(_("They did not agree to letters of this kind: nothing was sent."))
    if mail.has_their_share(candidate.email, now):
        raise NotAllowed(_("They had their share of mails for a day: write tomorrow."))


def _message(candidate: Candidate, written: Written, intent: str, actor: User, now: datetime) -> Message:
    letter = written.letter
    return Message(
        intent=intent,
        recipient=candidate.email,
        candidate=candidate,
        written_by=actor,
        template=mail.OPTIONAL_LETTER if written.purpose else mail.LETTER,
        language=candidate.language,
        context={
            "subject": written.subject,
            "body": written.body,
            "letter": f"{letter.title} {letter.version}" if letter else "",
            "purpose": written.purpose,
            "offers_call": bool(letter and letter.offers_call),
        },
        created_at=now,
        due_at=now,
    )


def _log(
    candidate: Candidate,
    written: Written,
    action: ActionKind | None,
    at: datetime | None,
    actor: User,
    now: datetime,
    **how: Any,
) -> None:
    """As the log of a call: the contact, what comes next, the claim given back, the stage."""
    candidate.last_contact_at = now
    if candidate.stage in OPEN_STAGES and candidate.stage != Stage.WAITING:
        set_action(candidate, action or next_contact(candidate, now), at or working_days_after(now, ANSWER_DAYS))
    candidate.claimed_by = candidate.claimed_until = None
    save_change(
        candidate,
        *("last_contact_at", "next_action", "next_action_at", "next_action_note"),
        *("claimed_by", "claimed_until"),
    )
    said = f"{written.subject}\n\n{written.body}"
    record(candidate, FollowUpKind.MESSAGE, actor=actor, now=now, text=said, **how)
    if candidate.stage == Stage.NEW:
        change_stage(candidate, Stage.CONTACTED, actor=actor, now=now)
