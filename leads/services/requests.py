"""A request comes in: by form, or by phone through a recruiter."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypedDict, Unpack

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from leads import freezing
from leads.attribution import Touches
from leads.choices import (
    ConsentMethod,
    FollowUpKind,
    LeadKind,
    Purpose,
    Restated,
    SourceKey,
)
from leads.errors import TooYoung
from leads.identity import MINIMUM_AGE, age_band, age_on, name_key, search_text, text_digest
from leads.models import (
    Candidate,
    ContestSession,
    Lead,
    Receipt,
)
from leads.policies import is_minor
from leads.progress import keep_progress
from leads.services import consents, sources
from leads.services.assignment import free_member, team_for
from leads.services.candidates import OF_ACTION, ask_for_action
from leads.services.duplicates import keys_of, look_again
from leads.services.files import open_file
from leads.services.receipts import send_receipt, write_receipt
from leads.services.timeline import derive, place_of, record, save_change
from leads.stages import first_action
from leads.turns import in_turn

SAME_WITHIN = timedelta(hours=24)
ATTEMPTS = 3
UNTOUCHED = Touches()
PROFILE = ("first_name", "last_name", "phone", "postal_code", "birth_date", "diploma_level", "situation")


@dataclass(frozen=True, slots=True)
class Typed:
    """What a form holds, cleaned: `email` and `phone` as `leads.identity` normalises them, one of the two given.

    `consents`: the ticked purposes, of `Purpose`.
    """

    email: str = ""
    phone: str = ""
    first_name: str = ""
    last_name: str = ""
    postal_code: str = ""
    is_abroad: bool = False
    birth_date: date | None = None
    diploma_level: str = ""
    situation: str = ""
    message: str = ""
    heard_from: str = ""
    consents: tuple[str, ...] = ()
    language: str = "fr"


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it came in: what, by whom, from where."""

    kind: LeadKind
    typed: Typed
    request_id: str
    contest_session: ContestSession | None = None
    touches: Touches = UNTOUCHED
    room_id: int | None = None
    entered_by: User | None = None
    is_invented: bool = False
    eligibility: dict[str, Any] | None = None  # the verdicts that the person chose to join, as the page worked them out
    questions: tuple[str, ...] = ()  # asked in the room, which the person chose to join
    topic: str = ""
    wants_answer: bool = False

    @property
    def digest(self) -> str:
        """Of the values: the same form with other values is another request."""
        session = self.contest_session.pk if self.contest_session else None
        values = json.dumps([self.kind, session, asdict(self.typed)], default=str, sort_keys=True)
        return hashlib.sha256(values.encode()).hexdigest()


class Whence(TypedDict, total=False):
    """Where a request came from, as far as it is known."""

    touches: Touches
    room_id: int | None
    is_invented: bool
    eligibility: dict[str, Any] | None
    questions: tuple[str, ...]


def request_information(
    *,
    typed: Typed,
    request_id: str,
    now: datetime,
    contest_session: ContestSession | None = None,
    **whence: Unpack[Whence],
) -> Receipt:
    """Record a request for information; its receipt. Raises `TooYoung` (nothing was stored)."""
    return take_request(Request(LeadKind.INFORMATION, typed, request_id, contest_session, **whence), now=now)


def request_answer(
    *,
    typed: Typed,
    topic: str,
    request_id: str,
    now: datetime,
    touches: Touches = UNTOUCHED,
    room_id: int | None = None,
) -> Receipt:
    """Record a room's question (`typed.message`) that is to be answered by mail, as its asker agreed; its receipt.

    It is a request for information: `topic` is a key of the rooms. Raises `TooYoung`.
    """
    asked = Request(
        LeadKind.INFORMATION, typed, request_id, touches=touches, room_id=room_id, topic=topic, wants_answer=True
    )
    return take_request(asked, now=now)


def request_file(
    *, contest_session: ContestSession, typed: Typed, request_id: str, now: datetime, **whence: Unpack[Whence]
) -> Receipt:
    """Record a request for the registration file of an open session; its receipt. Raises `TooYoung`."""
    return take_request(Request(LeadKind.REGISTRATION_FILE, typed, request_id, contest_session, **whence), now=now)


def enter_request_by_phone(
    *,
    kind: LeadKind,
    typed: Typed,
    request_id: str,
    actor: User,
    now: datetime,
    contest_session: ContestSession | None = None,
) -> Receipt:
    """Record a request that `actor` took by phone; source `phone`. Raises `TooYoung`."""
    return take_request(Request(kind, typed, request_id, contest_session, entered_by=actor), now=now)


def take_request(request: Request, *, now: datetime) -> Receipt:
    """Record `request`, once whatever is sent twice. Raises `TooYoung`."""
    _require_old_enough(request.typed.birth_date, now)
    with in_turn():
        for _attempt in range(ATTEMPTS - 1):
            try:
                return _take(request, now)
            except IntegrityError:  # the same person or form was recorded at that moment: now it is there to be found
                continue
        return _take(request, now)


def _require_old_enough(birth_date: date | None, now: datetime) -> None:
    if birth_date is not None and age_on(birth_date, timezone.localdate(now)) < MINIMUM_AGE:
        raise TooYoung(_("You must be 15 or older to send a request."))


@transaction.atomic
def _take(request: Request, now: datetime) -> Receipt:
    candidate, is_new = _candidate_for(request, now)
    if receipt := Receipt.objects.filter(request_id=request.request_id, digest=request.digest).first():
        return receipt
    lead = _same_within_a_day(candidate, request, now)
    is_repeat = lead is not None
    if lead is None:
        lead = _record_lead(candidate, request, is_new=is_new, now=now)
    receipt = write_receipt(lead, request_id=request.request_id, digest=request.digest, now=now)
    if candidate.email and not request.is_invented:
        send_receipt(receipt, candidate, session=_session_of_file(request), language=request.typed.language, now=now)
    if not is_repeat:
        freezing.count_lead(lead, 1, reason=Restated.LATE, actor=request.entered_by, now=now)
    return receipt


# --- the candidate --------------------------------------------------------------------------------------------------
def _candidate_for(request: Request, now: datetime) -> tuple[Candidate, bool]:
    """The person, locked, and whether they are new. Without an e-mail only people without one are looked at."""
    typed = request.typed
    who = {"email": typed.email} if typed.email else {"email": "", "phone": typed.phone, "name_key": _name_key(typed)}
    people = Candidate.objects.current().select_for_update(no_key=True)
    if candidate := people.filter(**who).first():
        return candidate, False
    return _new_candidate(request, now), True


def _name_key(typed: Typed) -> str:
    return name_key(typed.first_name, typed.last_name)


def _new_candidate(request: Request, now: datetime) -> Candidate:
    typed = request.typed
    action, due_at = first_action(request.kind, by_mail=bool(typed.email), now=now)
    place = place_of(typed.postal_code, is_abroad=typed.is_abroad)
    team = team_for(place["department"])
    candidate = Candidate(
        email=typed.email,
        language=typed.language,
        is_abroad=typed.is_abroad,
        stage_at=now,
        created_at=now,
        asked_at=now,
        last_contact_at=now,
        team=team,
        owner=None if request.is_invented else free_member(team.pk, timezone.localdate(now)),
        next_action=action,
        next_action_at=due_at,
        is_invented=request.is_invented,
        **{field: getattr(typed, field) for field in PROFILE},
    )
    derive(candidate)
    candidate.save(force_insert=True)
    look_again(keys_of(candidate), now=now)
    consents.say(candidate, _allowed_consents(typed, now), given=True, method=_method(request), now=now)
    if candidate.owner_id:
        record(candidate, FollowUpKind.ASSIGNMENT, actor=None, now=now, to=candidate.owner_id)
    return candidate


def _allowed_consents(typed: Typed, now: datetime) -> list[str]:
    """No optional purpose before 18."""
    if is_minor(typed.birth_date, timezone.localdate(now)):
        return []
    return [purpose for purpose in Purpose.values if purpose in typed.consents]


def _method(request: Request) -> ConsentMethod:
    return ConsentMethod.PHONE if request.entered_by else ConsentMethod.FORM


# --- the lead -------------------------------------------------------------------------------------------------------
def _same_within_a_day(candidate: Candidate, request: Request, now: datetime) -> Lead | None:
    """The lead that asked the same thing within a day. Decided under the candidate's lock."""
    same = candidate.leads.filter(kind=request.kind, contest_session=request.contest_session, at__gt=now - SAME_WITHIN)
    if request.kind == LeadKind.INFORMATION:
        same = same.filter(message_digest=text_digest(request.typed.message))
    return same.order_by("at", "pk").first()


def _record_lead(candidate: Candidate, request: Request, *, is_new: bool, now: datetime) -> Lead:
    lead = Lead.objects.create(
        candidate=candidate,
        team=candidate.team,
        consents=[] if is_new else _allowed_consents(request.typed, now),
        **_what(request, now),
        **_whence(request),
    )
    if not is_new:
        _take_up(candidate, request, now)
        keep_progress([candidate.pk])  # the file that it asks for may be on its way
    chosen = {"eligibility": request.eligibility, "questions": list(request.questions)}
    joined: dict[str, Any] = {name: value for name, value in chosen.items() if value}
    record(candidate, FollowUpKind.REQUEST, actor=request.entered_by, now=now, lead=lead.pk, **joined)
    if session := _session_of_file(request):
        open_file(candidate, session, now=now)
    return lead


def _what(request: Request, now: datetime) -> dict[str, Any]:
    typed = request.typed
    day = timezone.localdate(now)
    name = f"{typed.first_name} {typed.last_name}".strip()
    return {
        "kind": request.kind,
        "contest_session": request.contest_session,
        "message": typed.message,
        "message_digest": text_digest(typed.message),
        "email": typed.email,
        "heard_from": typed.heard_from,
        "language": typed.language,
        "age_band": age_band(typed.birth_date, day),
        "search": search_text(name, typed.email, typed.phone, typed.postal_code),
        "at": now,
        "day": day,
        "entered_by": request.entered_by,
        "is_invented": request.is_invented,
        "topic": request.topic,
        "answer_agreed_at": now if request.wants_answer else None,
        **{field: getattr(typed, field) for field in PROFILE},
        **place_of(typed.postal_code, is_abroad=typed.is_abroad),
    }


def _whence(request: Request) -> dict[str, Any]:
    found = whence_of(request)
    return {
        "source": found.source,
        "medium": found.medium,
        "campaign": found.campaign,
        "referrer_host": request.touches.deciding.referrer,
        "touches": request.touches.as_data(),
        "room_id": request.room_id,
    }


def whence_of(request: Request) -> sources.Whence:
    """By phone, else the touch that decides, else what was declared, else unknown."""
    if request.entered_by:
        return sources.Whence(sources.source_named(SourceKey.PHONE))
    return sources.whence(request.touches.deciding, request.typed.heard_from)


TAKEN_UP = ("stage", "closed_reason", "stage_at", *OF_ACTION, "asked_at", "last_contact_at")


def _take_up(candidate: Candidate, request: Request, now: datetime) -> None:
    """Somebody known asks again: nothing of their record changes, but the request has to be answered."""
    before = candidate.stage
    take_up(candidate, request.kind, now)
    save_change(candidate, *TAKEN_UP)
    if candidate.stage != before:
        record(candidate, FollowUpKind.STAGE, actor=request.entered_by, now=now, start=before, to=candidate.stage)


def take_up(candidate: Candidate, kind: LeadKind, now: datetime) -> None:
    """Change the fields `TAKEN_UP`, and write nothing."""
    action, due_at = first_action(kind, by_mail=bool(candidate.email), now=now)
    ask_for_action(candidate, action, due_at, now=now)
    candidate.asked_at = candidate.last_contact_at = now


def _session_of_file(request: Request) -> ContestSession | None:
    return request.contest_session if request.kind == LeadKind.REGISTRATION_FILE else None
