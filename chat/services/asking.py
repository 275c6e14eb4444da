"""What visitors ask."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import DatabaseError, transaction
from django.utils.translation import gettext_lazy as _

from chat import frames
from chat.errors import ChatError, Duplicate, NotFound
from chat.frames import Data
from chat.identity import Actor
from chat.intake import Pace, flags_of, lane_of
from chat.models import Participant, Question, Room, Topic
from chat.policies import require_not_muted, require_takes_questions, require_visitor
from chat.services.once import lock_room, received, remember_all, tell_all
from chat.services.participants import find_participants, newcomer, save_newcomers, usable
from recruitment.text import without_accents


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
    desk = _Desk(lock_room(room_id), asks, now)
    outcomes = [desk.hear(ask) for ask in asks]
    desk.write()
    return [{"question": outcome.pk} if isinstance(outcome, Question) else outcome for outcome in outcomes]


class _Desk:
    """Asks before the room as it stands: each is heard in its turn, then all that was taken is written at once."""

    def __init__(self, room: Room, asks: Sequence[Ask], now: datetime):
        self.room = room
        self.now = now
        self.known = received(room, [(ask.actor, ask.client_id) for ask in asks if ask.client_id is not None])
        self.people = find_participants(room, [ask.actor.key for ask in asks])
        self.topics = Topic.objects.in_bulk({ask.topic for ask in asks if ask.topic}, field_name="key")
        self.nicknames = usable(room, [ask.nickname for ask in asks])
        self.undecided = self._undecided(asks)
        self.pace = Pace(room, self.people.values(), now)
        self.newcomers: list[Participant] = []
        self.renamed: list[Participant] = []
        self.taken: list[Question] = []
        self.receipts: list[tuple[Actor, str, Question]] = []

    def _undecided(self, asks: Sequence[Ask]) -> set[tuple[str, str]]:
        """(participant, text) of what is asked already and waits."""
        if not self.people:
            return set()
        same = self.room.questions.waiting().filter(participant__in=self.people.values())
        return set(same.filter(text__in={ask.text for ask in asks}).values_list("participant__key", "text"))

    def hear(self, ask: Ask) -> Question | Data | ChatError:
        """The question as it will be written, the ack that this frame had before, or why not."""
        frame = (ask.actor.receipt_key, ask.client_id)
        if ask.client_id is None or frame not in self.known:
            try:
                question = self._take(ask)
            except ChatError as refusal:
                return refusal
            if ask.client_id is None:
                return question
            self.known[frame] = question
            self.receipts.append((ask.actor, ask.client_id, question))
        return self.known[frame]

    def _take(self, ask: Ask) -> Question:
        require_visitor(ask.actor, self.room)
        require_takes_questions(self.room)
        topic = self._topic(ask.topic)
        person = self.people.get(ask.actor.key)
        if person is not None:
            require_not_muted(person, self.now)
        if (ask.actor.key, ask.text) in self.undecided:
            raise Duplicate(_("You have asked this already: the moderators are reading it."))
        self.pace.take(ask.actor.key)
        self.undecided.add((ask.actor.key, ask.text))
        question = _question(self.room, self._named(person, ask), ask.text, topic, self.now)
        self.taken.append(question)
        return question

    def _topic(self, key: str | None) -> Topic | None:
        if key is not None and key not in self.topics:
            raise NotFound(_("There is no such topic."))
        return self.topics[key] if key else None

    def _named(self, person: Participant | None, ask: Ask) -> Participant:
        """Who asks, new perhaps, under the nickname just given if that can be shown."""
        if person is None:
            person = self.people[ask.actor.key] = newcomer(self.room, ask.actor.key)
            self.newcomers.append(person)
        if ask.nickname in self.nicknames and ask.nickname != person.nickname:
            person.nickname = ask.nickname
            self.renamed.append(person)
        return person

    def write(self) -> None:
        if not self.taken:
            return
        save_newcomers(self.room, self.newcomers)
        Participant.objects.bulk_update(
            [person for person in self.renamed if person not in self.newcomers], ["nickname"]
        )
        Question.objects.bulk_create(self.taken)
        asked = [("question.asked", frames.question_asked(taken, taken.participant.key)) for taken in self.taken]
        tell_all(self.room, asked, self.now)
        acks = [(actor, client_id, {"question": question.pk}) for actor, client_id, question in self.receipts]
        remember_all(self.room, acks, self.now)


def _question(room: Room, person: Participant, text: str, topic: Topic | None, now: datetime) -> Question:
    flags = flags_of(text)
    return Question(
        room=room,
        participant=person,
        nickname=person.nickname,
        text=text,
        search_text=without_accents(text),
        topic=topic,
        asked_at=now,
        flags=flags,
        lane=lane_of(room, person, flags, now),
    )


def get_topic(key: str | None) -> Topic | None:
    if key is None:
        return None
    topic = Topic.objects.filter(key=key).first()
    if topic is None:
        raise NotFound(_("There is no such topic."))
    return topic


# --- reads ----------------------------------------------------------------------------------------------------------


def my_questions(room: Room, key: str) -> list[Data]:
    """What became of a visitor's own questions, the latest first, for nobody else's eyes.

    `[{"question", "text", "state", "topic", "label", "at", "reason", "into", "speaker", "answers"}]`: `reason` where
    declined, `into` the question that it follows where merged, `speaker` a name where it is with one.
    """
    questions = room.questions.filter(participant__key=key).select_related("assigned_to", "topic")
    return [_mine(question) for question in questions.prefetch_related("answers").order_by("-asked_at", "-pk")]


def _mine(question: Question) -> Data:
    return {
        "question": question.pk,
        "text": question.text,
        "state": question.state,
        "topic": frames.topic_key(question),
        "label": question.get_state_display(),
        "at": frames.moment(question.asked_at),
        "reason": question.reject_reason,
        "into": question.merged_into_id,
        "speaker": question.assigned_to.name if question.assigned_to else None,
        "answers": len(question.answers.all()),
    }
