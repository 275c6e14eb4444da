"""What visitors do: ask and vote."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chat import frames
from chat.choices import QuestionState, RoomState
from chat.errors import ChatError, Duplicate, Forbidden, NotFound
from chat.forms import is_usable_nickname
from chat.frames import Data
from chat.identity import Actor
from chat.models import Participant, Question, Room, Topic, Vote
from chat.policies import require_not_muted, require_state, require_visitor
from chat.services.once import act_once, get_question, lock_room, remember, remembered, tell, tell_votes
from recruitment.text import skeleton, without_accents


@dataclass(frozen=True, slots=True)
class Ask:
    """A question on its way in: cleaned, not yet accepted. `nickname` may be empty, `topic` is a key."""

    actor: Actor
    client_id: str | None
    text: str
    nickname: str = ""
    topic: str | None = None


def ask_question(*, room_id: int, now: datetime, **ask: Any) -> Data:
    """Put a question in the queue; `{"question": id}`. Arguments are those of `Ask`.

    Raises `Muted`, and `Duplicate` where the same participant asked the same text and it is undecided.
    """
    outcome = ask_questions(room_id=room_id, asks=[Ask(**ask)], now=now)[0]
    if isinstance(outcome, ChatError):
        raise outcome
    return outcome


def ask_questions(*, room_id: int, asks: Sequence[Ask], now: datetime) -> list[Data | ChatError]:
    """Put questions in the queue in one transaction; for each its ack or why not.

    Where one of them breaks the transaction each gets one of its own, so that it takes nobody along.
    """
    try:
        return _ask_together(room_id, asks, now)
    except DatabaseError:
        if len(asks) == 1:
            raise
        return [_ask_alone(room_id, ask, now) for ask in asks]


def _ask_alone(room_id: int, ask: Ask, now: datetime) -> Data | ChatError:
    try:
        return _ask_together(room_id, [ask], now)[0]
    except DatabaseError:
        return NotFound(_("This question could not be stored. Change its text and send it again."))


@transaction.atomic
def _ask_together(room_id: int, asks: Sequence[Ask], now: datetime) -> list[Data | ChatError]:
    room = lock_room(room_id)
    return [_ask_or_refuse(room, ask, now) for ask in asks]


def _ask_or_refuse(room: Room, ask: Ask, now: datetime) -> Data | ChatError:
    try:
        return _ask(room, ask, now)
    except ChatError as refusal:  # raised before anything was written
        return refusal


def _ask(room: Room, ask: Ask, now: datetime) -> Data:
    if ask.client_id is not None and (ack := remembered(room.pk, ask.actor, ask.client_id)) is not None:
        return ack
    require_visitor(ask.actor, room)
    require_state(room, RoomState.OPEN)
    participant = room.participants.filter(key=ask.actor.key).first()
    topic = get_topic(ask.topic)
    if participant is not None:
        require_not_muted(participant, now)
        _require_new(participant, ask.text)
    question = _record(room, participant, ask, topic, now)
    ack = {"question": question.pk}
    if ask.client_id is not None:
        remember(room, ask.actor, ask.client_id, ack, now)
    return ack


def _record(room: Room, participant: Participant | None, ask: Ask, topic: Topic | None, now: datetime) -> Question:
    participant = _named(room, participant, ask)
    question = Question.objects.create(
        room=room,
        participant=participant,
        nickname=participant.nickname,
        text=ask.text,
        search_text=without_accents(ask.text),
        topic=topic,
        asked_at=now,
    )
    tell(room, "question.asked", frames.question_asked(question, participant.key), now)
    return question


def get_topic(key: str | None) -> Topic | None:
    if key is None:
        return None
    topic = Topic.objects.filter(key=key).first()
    if topic is None:
        raise NotFound(_("There is no such topic."))
    return topic


def _require_new(participant: Participant, text: str) -> None:
    if participant.questions.waiting().filter(text=text).exists():
        raise Duplicate(_("You have asked this already: the moderators are reading it."))


# --- participants ---------------------------------------------------------------------------------------------------


def _named(room: Room, participant: Participant | None, ask: Ask) -> Participant:
    """The participant, made if new, under the nickname just given if that can be shown."""
    given = ask.nickname if is_usable_nickname(ask.nickname, reserved_names(room)) else ""
    if participant is None:
        return _join(room, ask.actor, given)
    if given and given != participant.nickname:
        participant.nickname = given
        participant.save(update_fields=["nickname"])
    return participant


def _join(room: Room, actor: Actor, nickname: str) -> Participant:
    Room.objects.filter(pk=room.pk).update(participant_count=F("participant_count") + 1)
    room.participant_count += 1
    number = room.participant_count
    return Participant.objects.create(
        room=room, key=actor.key, number=number, nickname=nickname or _default_nickname(number)
    )


def _default_nickname(number: int) -> str:
    with translation.override(settings.LANGUAGE_CODE):  # it is shown to everybody, not to its owner alone
        return gettext("Candidate %d") % number


def reserved_names(room: Room) -> frozenset[str]:
    """Skeletons of the names that a visitor may not take: the house's, and those of the room's staff."""
    staff = list(room.speakers.values_list("name", flat=True))
    staff += [user.get_full_name() for user in room.moderators.all()]
    return frozenset(skeleton(name) for name in [*settings.RESERVED_NICKNAMES, *staff])


# --- votes ----------------------------------------------------------------------------------------------------------


@act_once
def cast_vote(room: Room, actor: Actor, *, question_id: int, value: bool, now: datetime) -> Data:
    """Say "me too" of a public question, or no longer. Raises `Forbidden` for one's own."""
    require_visitor(actor, room)
    require_state(room, RoomState.OPEN)
    question = get_question(room, question_id)
    if question.state not in (QuestionState.PUBLISHED, QuestionState.ANSWERED):
        raise NotFound(_("This question is not shown in the room."))
    participant = room.participants.filter(key=actor.key).first() or _join(room, actor, "")
    if question.participant_id == participant.pk:
        raise Forbidden(_("This is your own question: it counts already."))
    _record_vote(question, participant, value, now)
    tell_votes(room, question)
    return {}


def _record_vote(question: Question, participant: Participant, value: bool, now: datetime) -> None:
    if value:
        Vote.objects.get_or_create(question=question, participant=participant, defaults={"at": now})
    else:
        Vote.objects.filter(question=question, participant=participant).delete()


# --- reads ----------------------------------------------------------------------------------------------------------


def my_questions(room: Room, key: str) -> list[Data]:
    """What became of a visitor's own questions, the latest first, for nobody else's eyes.

    `[{"question", "text", "state", "label", "at", "reason", "into", "speaker", "answers"}]`: `reason` where declined,
    `into` the question that it follows where merged, `speaker` a name where it is with one.
    """
    questions = room.questions.filter(participant__key=key).select_related("assigned_to")
    return [_mine(question) for question in questions.prefetch_related("answers").order_by("-asked_at", "-pk")]


def _mine(question: Question) -> Data:
    return {
        "question": question.pk,
        "text": question.text,
        "state": question.state,
        "label": question.get_state_display(),
        "at": frames.moment(question.asked_at),
        "reason": question.reject_reason,
        "into": question.merged_into_id,
        "speaker": question.assigned_to.name if question.assigned_to else None,
        "answers": len(question.answers.all()),
    }
