"""What visitors ask."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from chat import frames
from chat.choices import Lane
from chat.errors import ChatError, Duplicate, NotFound
from chat.forms import is_usable_nickname
from chat.frames import Data
from chat.identity import Actor
from chat.intake import Pace, flags_of, lane_of
from chat.models import Participant, Question, Room, Topic
from chat.policies import require_not_muted, require_takes_questions
from chat.services.crowd import Crowd, hear_all, hear_one
from chat.services.floods import Floods
from chat.services.once import tell_all
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
    return hear_one(_Questions, room_id, Ask(**ask), now)


def ask_questions(*, room_id: int, asks: Sequence[Ask], now: datetime) -> list[Data | ChatError]:
    """Put questions in the queue in one transaction; for each its ack or why not."""
    return hear_all(_Questions, room_id, asks, now)


class _Questions(Crowd[Ask]):
    def __init__(self, room: Room, asks: Sequence[Ask], now: datetime):
        super().__init__(room, asks, now)
        self.topics = Topic.objects.in_bulk({ask.topic for ask in asks if ask.topic}, field_name="key")
        self.nicknames = usable_nicknames(room, {ask.nickname for ask in asks if ask.nickname})
        self.undecided = self._undecided(asks)
        self.pace = Pace(room, self.people.values(), now)
        self.floods = Floods(room, now)
        self.renamed: set[Participant] = set()
        self.taken: list[tuple[Question, Data]] = []

    def _undecided(self, asks: Sequence[Ask]) -> set[tuple[str, str]]:
        """(participant, text) of what is asked already and waits."""
        if not self.people:
            return set()
        same = self.room.questions.waiting().filter(participant__in=self.people.values())
        return set(same.filter(text__in={ask.text for ask in asks}).values_list("participant__key", "text"))

    def require_open(self) -> None:
        require_takes_questions(self.room)

    def take(self, ask: Ask) -> Data:
        key, topic = ask.actor.key, self._topic(ask.topic)
        if key in self.people:
            require_not_muted(self.people[key], self.now)
        if (key, ask.text) in self.undecided:
            raise Duplicate(_("You have asked this already: the moderators are reading it."))
        self.pace.take(key)
        self.undecided.add((key, ask.text))
        ack: Data = {}
        self.taken.append((self._question(ask, topic), ack))
        return ack

    def _topic(self, key: str | None) -> Topic | None:
        if key is None:
            return None
        if key not in self.topics:
            raise NotFound(_("There is no such topic."))
        return self.topics[key]

    def _question(self, ask: Ask, topic: Topic | None) -> Question:
        person = self.participant(ask.actor.key)
        if ask.nickname in self.nicknames and ask.nickname != person.nickname:
            person.nickname = ask.nickname
            self._renamed(person)
        flags, flood = flags_of(ask.text), self.floods.takes(ask.text, person.pk)
        return Question(
            room=self.room,
            participant=person,
            nickname=person.nickname,
            text=ask.text,
            search_text=without_accents(ask.text),
            topic=topic,
            asked_at=self.now,
            flags=flags,
            flood=flood,
            lane=Lane.FLOOD if flood else lane_of(self.room, person, flags, self.now),
        )

    def _renamed(self, person: Participant) -> None:
        if person.pk is not None:  # a newcomer is yet to be written
            self.renamed.add(person)

    def record(self) -> None:
        if not self.taken:
            return
        Participant.objects.bulk_update(self.renamed, ["nickname"])
        Question.objects.bulk_create([question for question, _ in self.taken])
        for question, ack in self.taken:
            ack["question"] = question.pk
        asked = [("question.asked", frames.question_asked(new, new.participant.key)) for new, _ in self.taken]
        tell_all(self.room, asked, self.now)
        self.floods.look_at([question for question, _ in self.taken])


def get_topic(key: str | None) -> Topic | None:
    if key is None:
        return None
    topic = Topic.objects.filter(key=key).first()
    if topic is None:
        raise NotFound(_("There is no such topic."))
    return topic


def usable_nicknames(room: Room, given: set[str]) -> set[str]:
    """Those under which somebody may be shown in the room."""
    taken = reserved_names(room) if given else frozenset()
    return {name for name in given if is_usable_nickname(name, taken)}


def reserved_names(room: Room) -> frozenset[str]:
    """Skeletons of the names that a visitor may not take: the house's, and those of the room's staff."""
    staff = list(room.speakers.values_list("name", flat=True))
    staff += [user.get_full_name() for user in room.moderators.all()]
    return frozenset(skeleton(name) for name in [*settings.RESERVED_NICKNAMES, *staff])


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
