"""What a frame's `type` calls: the form that reads it, the service that does it."""

import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import zip_longest

from django.conf import settings
from django.db import DatabaseError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chat import forms, services
from chat.choices import ANNOUNCEMENT_LENGTH, ANSWER_LENGTH, NOTE_LENGTH, QUESTION_LENGTH, REASON_LENGTH
from chat.errors import BadMessage, ChatError, RateLimited, TooLong, Unavailable
from chat.frames import Data
from chat.identity import Actor
from chat.services import Ask, Ballot
from recruitment import limits

log = logging.getLogger(__name__)

LARGEST_FRAME = 8 * 1024


def parse(text: str | None, data: bytes | None) -> Data:
    """A frame as a dict with a string under `type`. Raises `TooLong`, `BadMessage`."""
    if len(data or (text or "").encode(errors="surrogatepass")) > LARGEST_FRAME:
        raise TooLong(_("A frame has at most 8 KiB."))
    if text is None:
        raise BadMessage(_("A frame is a text: a JSON object."))
    try:
        frame = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise BadMessage(_("A frame is a text: a JSON object.")) from None
    if not isinstance(frame, dict) or not isinstance(frame.get("type"), str):
        raise BadMessage(_("A frame is an object with a type."))
    return frame


def _refuse_constant(name: str) -> None:
    raise ValueError(name)  # NaN and Infinity are no JSON


def question(frame: Data) -> Data:
    return {"question_id": forms.identifier(frame, "question")}


def _ask(frame: Data) -> Data:
    return {
        "text": forms.line(frame, "text", QUESTION_LENGTH),
        "nickname": forms.nickname(frame),
        "topic": forms.optional_key(frame, "topic"),
    }


def _answer(frame: Data) -> Data:
    text = forms.text(frame, "text", ANSWER_LENGTH)
    return question(frame) | {"text": text} | _speaker(frame)


def _speaker(frame: Data) -> Data:
    """In whose name, where a moderator says so."""
    return {"speaker_id": forms.optional_identifier(frame, "speaker")}


def _edit(frame: Data) -> Data:
    return {"answer_id": forms.identifier(frame, "answer"), "text": forms.text(frame, "text", ANSWER_LENGTH)}


def _assign(frame: Data) -> Data:
    speaker = {"speaker_id": forms.identifier(frame, "speaker")}
    return question(frame) | speaker | {"publish": forms.optional_flag(frame, "publish")}


def _mute(frame: Data) -> Data:
    return {"participant": forms.participant(frame), "minutes": forms.minutes(frame)}


def _elsewhere(frame: Data) -> Data:
    named = {
        "answer_id": forms.optional_identifier(frame, "answer"),
        "paragraph": forms.optional_name(frame, "paragraph"),
    }
    return question(frame) | named


def _note(frame: Data) -> Data:
    text = forms.text(frame, "text", NOTE_LENGTH)
    return {"text": text, "question_id": forms.optional_identifier(frame, "question")}


Service = Callable[..., Data]
ACTIONS: dict[str, tuple[Callable[[Data], Data], Service]] = {
    "ask": (_ask, services.ask_question),
    "vote": (lambda f: question(f) | {"value": forms.flag(f, "value")}, services.cast_vote),
    "publish": (question, services.publish_question),
    "reject": (lambda f: question(f) | {"reason": forms.line(f, "reason", REASON_LENGTH)}, services.reject_question),
    "assign": (_assign, services.assign_question),
    "tag": (lambda f: question(f) | {"topic": forms.optional_key(f, "topic")}, services.tag_question),
    "merge": (lambda f: question(f) | {"into": forms.identifier(f, "into")}, services.merge_question),
    "withdraw": (question, services.withdraw_question),
    "announce": (lambda f: {"text": forms.text(f, "text", ANNOUNCEMENT_LENGTH)}, services.announce),
    "mute": (_mute, services.mute_participant),
    "undo": (question, services.undo_decision),
    "elsewhere": (_elsewhere, services.answer_elsewhere),
    "redact": (lambda f: question(f) | {"text": forms.line(f, "text", QUESTION_LENGTH)}, services.redact_question),
    "release": (question, services.release_question),
    "divert": (_mute, services.divert_participant),
    "calm": (lambda f: {"flood_id": forms.identifier(f, "flood")}, services.calm_flood),
    "slow": (lambda f: {"seconds": forms.number(f, "seconds")}, services.slow_room),
    "shield": (lambda f: {"value": forms.flag(f, "value")}, services.shield_room),
    "screen": (lambda f: {"question_id": forms.optional_identifier(f, "question")}, services.show_on_screen),
    "note": (_note, services.write_note),
    "seen": (lambda f: {"notes": forms.identifiers(f, "notes")}, services.see_notes),
    "pass": (question, services.pass_question),
    "away": (lambda f: {"value": forms.flag(f, "value")} | _speaker(f), services.leave_desk),
    "open": (lambda _: {}, services.open_room),
    "pause": (lambda _: {}, services.pause_room),
    "close": (lambda _: {}, services.close_room),
    "answer": (_answer, services.answer_question),
    "edit_answer": (_edit, services.edit_answer),
}


@dataclass(frozen=True, slots=True)
class Act:
    """A frame that was understood, on its way to its service."""

    type: str
    actor: Actor
    client_id: str
    arguments: Data
    address: str


def read(frame: Data, actor: Actor, address: str) -> Act:
    """A frame, or a form with its fields, as an act; `address` is where it comes from. Raises `ChatError`."""
    if frame["type"] not in ACTIONS:
        raise BadMessage(_("There is no frame of this type."))
    arguments, _service = ACTIONS[frame["type"]]
    return Act(frame["type"], actor, forms.client_id(frame), arguments(frame), address)


# --- doing ----------------------------------------------------------------------------------------------------------


Outcome = Data | ChatError
Unit = list[Act]


def perform(room_id: int, acts: Sequence[Act], now: datetime) -> list[Outcome]:
    """Do what came together in one commit; for each its ack or its refusal.

    Where one breaks the commit each gets one of its own, so that it takes nobody along.
    """
    units = _units(acts)
    calls = [partial(_do, unit, room_id, now) for unit in units]
    try:
        results = [calls[0]()] if len(calls) == 1 else services.together(calls)
    except DatabaseError:
        if len(calls) == 1:
            raise
        results = [_apart(call, unit) for call, unit in zip(calls, units, strict=True)]
    outcomes = {
        id(act): outcome
        for unit, done in zip(units, results, strict=True)
        for act, outcome in zip(unit, done, strict=True)
    }
    return [outcomes[id(act)] for act in acts]


def _units(acts: Sequence[Act]) -> list[Unit]:
    """What is done at once: all questions, all votes, and each act of the staff, in the order in which these came."""
    crowds = [[act for act in acts if act.type == kind] for kind in CROWDS]
    return [crowd for crowd in crowds if crowd] + [[act] for act in acts if act.type not in CROWDS]


def _do(unit: Unit, room_id: int, now: datetime) -> list[Outcome]:
    if unit[0].type in CROWDS:
        return _do_crowd(unit, room_id, now)
    act, (_arguments, service) = unit[0], ACTIONS[unit[0].type]
    try:
        return [service(room_id=room_id, actor=act.actor, now=now, client_id=act.client_id, **act.arguments)]
    except ChatError as refusal:
        return [refusal]


def _apart(call: Callable[[], list[Outcome]], unit: Unit) -> list[Outcome]:
    try:
        return call()
    except DatabaseError:
        log.exception("%d acts of type %r failed", len(unit), unit[0].type)
        return [Unavailable(gettext_lazy("This did not work. Try again."))] * len(unit)


def _do_crowd(unit: Unit, room_id: int, now: datetime) -> list[Outcome]:
    """All that is within the limits. Only what is recorded counts: a resend gets its ack whatever the limits say, and
    what is refused may be done better.
    """
    limits_of, serve = CROWDS[unit[0].type]
    known = services.received(room_id, [(act.actor, act.client_id) for act in unit])
    waits = [None if (act.actor.receipt_key, act.client_id) in known else _too_soon(limits_of(act)) for act in unit]
    allowed = [act for act, wait in zip(unit, waits, strict=True) if not wait]
    outcomes: list[Outcome] = []
    try:
        outcomes = serve(allowed, room_id, now) if allowed else []
    finally:
        for act, outcome in zip_longest(allowed, outcomes):
            is_new = (act.actor.receipt_key, act.client_id) not in known
            if is_new and not isinstance(outcome, dict):
                _take_back(limits_of(act))
    served = iter(outcomes)
    return [_too_fast(wait) if wait else next(served) for wait in waits]


def _asks(unit: Unit, room_id: int, now: datetime) -> list[Outcome]:
    asks = [Ask(actor=act.actor, client_id=act.client_id, **act.arguments) for act in unit]
    return services.ask_questions(room_id=room_id, asks=asks, now=now)


def _votes(unit: Unit, room_id: int, now: datetime) -> list[Outcome]:
    ballots = [Ballot(actor=act.actor, client_id=act.client_id, **act.arguments) for act in unit]
    return services.cast_votes(room_id=room_id, ballots=ballots, now=now)


# --- rates ----------------------------------------------------------------------------------------------------------


Limit = tuple[str, int, int]  # key, how often, in how many seconds


def _ask_limits(act: Act) -> tuple[Limit, ...]:
    return (
        (f"ask:{act.actor.receipt_key}", settings.ROOM_ASKS_PER_MINUTE, 60),
        (f"ask-from:{act.address}", settings.ROOM_ASKS_PER_ADDRESS_PER_MINUTE, 60),
    )


def _vote_limits(act: Act) -> tuple[Limit, ...]:
    return ((f"vote:{act.actor.receipt_key}", settings.ROOM_VOTES_PER_MINUTE, 60),)


def _too_soon(counted: tuple[Limit, ...]) -> int | None:
    """Count one more towards each; the seconds to wait where one of them is reached, and then it counts for none."""
    wait = max(limits.allow(*limit) or 0 for limit in counted)
    if wait:
        _take_back(counted)
    return wait or None


def _take_back(counted: tuple[Limit, ...]) -> None:
    for limit in counted:
        limits.take_back(*limit)


def _too_fast(wait: int) -> RateLimited:
    return RateLimited(gettext_lazy("That was fast. Wait a moment, then send it again."), retry_after=wait)


CROWDS: dict[str, tuple[Callable[[Act], tuple[Limit, ...]], Callable[[Unit, int, datetime], list[Outcome]]]] = {
    "ask": (_ask_limits, _asks),
    "vote": (_vote_limits, _votes),
}


def refusal_status(error: ChatError) -> int:
    """The HTTP status that goes with a refusal."""
    return {
        "forbidden": 403,
        "muted": 403,
        "not_found": 404,
        "not_open": 409,
        "duplicate": 409,
        "conflict": 409,
        "rate_limited": 429,
        "unavailable": 503,
    }.get(error.code, 422)
