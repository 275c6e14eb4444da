"""What a frame's `type` calls: the form that reads it, the service that does it."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chat import forms, services
from chat.choices import ANNOUNCEMENT_LENGTH, ANSWER_LENGTH, NOTE_LENGTH, QUESTION_LENGTH, REASON_LENGTH
from chat.errors import BadMessage, ChatError, RateLimited, TooLong
from chat.frames import Data
from chat.identity import Actor
from chat.services import Ask
from recruitment import limits

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


def read_ask(frame: Data) -> Data:
    return {
        "text": forms.line(frame, "text", QUESTION_LENGTH),
        "nickname": forms.nickname(frame),
        "topic": forms.optional_key(frame, "topic"),
    }


def _answer(frame: Data) -> Data:
    text = forms.text(frame, "text", ANSWER_LENGTH)
    return question(frame) | {"text": text, "speaker_id": forms.optional_identifier(frame, "speaker")}


def _edit(frame: Data) -> Data:
    return {"answer_id": forms.identifier(frame, "answer"), "text": forms.text(frame, "text", ANSWER_LENGTH)}


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
    "vote": (lambda frame: question(frame) | {"value": forms.flag(frame, "value")}, services.cast_vote),
    "publish": (question, services.publish_question),
    "reject": (lambda f: question(f) | {"reason": forms.line(f, "reason", REASON_LENGTH)}, services.reject_question),
    "assign": (lambda f: question(f) | {"speaker_id": forms.identifier(f, "speaker")}, services.assign_question),
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
    "slow": (lambda f: {"seconds": forms.number(f, "seconds")}, services.slow_room),
    "shield": (lambda f: {"value": forms.flag(f, "value")}, services.shield_room),
    "screen": (lambda f: {"question_id": forms.optional_identifier(f, "question")}, services.show_on_screen),
    "note": (_note, services.write_note),
    "seen": (lambda f: {"notes": forms.identifiers(f, "notes")}, services.see_notes),
    "pass": (question, services.pass_question),
    "open": (lambda _: {}, services.open_room),
    "pause": (lambda _: {}, services.pause_room),
    "close": (lambda _: {}, services.close_room),
    "answer": (_answer, services.answer_question),
    "edit_answer": (_edit, services.edit_answer),
}


def run(frame: Data, *, room_id: int, actor: Actor, now: datetime) -> Data:
    """Do what the frame asks, but `ask` and `ping`; what its ack carries. Raises `ChatError`."""
    if frame["type"] not in ACTIONS:
        raise BadMessage(_("There is no frame of this type."))
    read, service = ACTIONS[frame["type"]]
    client_id, arguments = forms.client_id(frame), read(frame)
    if frame["type"] == "vote" and (wait := vote_too_soon(actor)):
        return _replay_or_refuse(room_id, actor, client_id, wait)
    return service(room_id=room_id, actor=actor, now=now, client_id=client_id, **arguments)


def read_question(frame: Data, actor: Actor) -> Ask:
    """An `ask` frame, or a form with its fields, as a question on its way in. Raises `ChatError`."""
    return Ask(actor=actor, client_id=forms.client_id(frame), **read_ask(frame))


def ask_together(room_id: int, asks: Sequence[Ask], addresses: Sequence[str], now: datetime) -> list[Data | ChatError]:
    """Ask in one transaction what is within the limits; for each its ack or its refusal.

    Only what is recorded counts: a resend gets its ack whatever the limits say, a refused question may be asked better.
    """
    outcomes: list[Data | ChatError | None] = list(services.acks_of(room_id, asks))
    fresh = [place for place, known in enumerate(outcomes) if known is None]
    for place in fresh:
        outcomes[place] = _over_the_limit(asks[place].actor, addresses[place])
    within = [place for place in fresh if outcomes[place] is None]
    try:
        answers = (
            services.ask_questions(room_id=room_id, asks=[asks[place] for place in within], now=now) if within else []
        )
        for place, answer in zip(within, answers, strict=True):
            outcomes[place] = answer
    finally:
        for place in within:
            if not isinstance(outcomes[place], dict):
                _uncount(asks[place].actor, addresses[place])
    return [outcome for outcome in outcomes if outcome is not None]


# --- rates ----------------------------------------------------------------------------------------------------------


def _ask_limits(actor: Actor, address: str) -> tuple[tuple[str, int, int], ...]:
    return (
        (f"ask:{actor.receipt_key}", settings.ROOM_ASKS_PER_MINUTE, 60),
        (f"ask-from:{address}", settings.ROOM_ASKS_PER_ADDRESS_PER_MINUTE, 60),
    )


def _over_the_limit(actor: Actor, address: str) -> RateLimited | None:
    """Count one more question of the person and of the address; where one of them had enough, neither."""
    wait = max(limits.allow(*limit) or 0 for limit in _ask_limits(actor, address))
    if not wait:
        return None
    _uncount(actor, address)
    return _too_fast(wait)


def _uncount(actor: Actor, address: str) -> None:
    for limit in _ask_limits(actor, address):
        limits.take_back(*limit)


def vote_too_soon(actor: Actor) -> int | None:
    return limits.allow(f"vote:{actor.receipt_key}", settings.ROOM_VOTES_PER_MINUTE, 60)


def _replay_or_refuse(room_id: int, actor: Actor, client_id: str, wait: int) -> Data:
    """A resend is no new act, so no limit refuses it."""
    if (ack := services.remembered(room_id, actor, client_id)) is not None:
        return ack
    raise _too_fast(wait)


def _too_fast(wait: int) -> RateLimited:
    return RateLimited(gettext_lazy("That was fast. Wait a moment, then send it again."), retry_after=wait)


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
