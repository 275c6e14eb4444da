"""Plays a script into a room in bulk, with the rows and the journal that the services would have left."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext

from chat import frames
from chat.choices import STREAM_OF, QuestionState, RoomState
from chat.forms import is_usable_nickname
from chat.identity import Actor, participant_key
from chat.intake import flags_of
from chat.models import Answer, Participant, Question, Room, RoomEvent, Speaker, Topic, Vote
from chat.services.asking import reserved_names
from recruitment.demonstration.scripts import Act
from recruitment.text import without_accents

BATCH = 2000
Event = tuple[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Cast:
    speakers: Sequence[Speaker]
    moderator: Actor
    topics: dict[str, Topic]


@transaction.atomic
def play(room: Room, acts: Sequence[Act], cast: Cast) -> None:
    """Make the room what it is after `acts`. It is new: without question, participant or event."""
    rows = Rows(room, cast)
    rows.play(acts)
    rows.write()
    journal = Journal(room, cast, rows)
    journal.play(acts)
    RoomEvent.objects.bulk_create(journal.events, BATCH)
    room.save()


class Rows:
    """Questions by the script's number, participants by visitor, answers by question and time."""

    def __init__(self, room: Room, cast: Cast) -> None:
        self.room, self.cast = room, cast
        self.reserved = reserved_names(room)
        self.people: dict[str, Participant] = {}
        self.questions: dict[int, Question] = {}
        self.answers: dict[tuple[int, datetime], Answer] = {}
        self.votes: list[Vote] = []

    def play(self, acts: Iterable[Act]) -> None:
        does: dict[str, Callable[[Act], None]] = {
            "opened": self.opened,
            "closed": self.closed,
            "asked": self.asked,
            "published": self.published,
            "answered": self.answered,
            "merged": self.merged,
            "rejected": self.rejected,
            "assigned": self.assigned,
            "voted": self.voted,
        }
        for act in acts:
            if act.kind in does:
                does[act.kind](act)

    def write(self) -> None:
        Participant.objects.bulk_create(self.people.values(), BATCH)
        whole = self.questions.values()
        # A merged question names its target, which needs its key first.
        Question.objects.bulk_create([question for question in whole if question.merged_into is None], BATCH)
        Question.objects.bulk_create([question for question in whole if question.merged_into is not None], BATCH)
        Answer.objects.bulk_create(self.answers.values(), BATCH)
        Vote.objects.bulk_create(self.votes, BATCH)

    def opened(self, act: Act) -> None:
        self.room.state, self.room.state_since = RoomState.OPEN, act.at

    def closed(self, act: Act) -> None:
        self.room.state, self.room.state_since = RoomState.CLOSED, act.at

    def asked(self, act: Act) -> None:
        person = self.named(act.who, act.nickname)
        self.questions[act.question] = Question(
            room=self.room,
            participant=person,
            nickname=person.nickname,
            text=act.text,
            search_text=without_accents(act.text),
            topic=self.cast.topics[act.topic] if act.topic else None,
            asked_at=act.at,
            flags=flags_of(act.text),
        )

    def named(self, who: str, nickname: str) -> Participant:
        person = self.people.get(who) or self.join(who)
        if nickname and is_usable_nickname(nickname, self.reserved):
            person.nickname = nickname
        return person

    def join(self, who: str) -> Participant:
        self.room.participant_count += 1
        number = self.room.participant_count
        with translation.override(settings.LANGUAGE_CODE):
            nickname = gettext("Candidate %d") % number
        self.people[who] = Participant(room=self.room, key=key_of(who, self.room), number=number, nickname=nickname)
        return self.people[who]

    def voted(self, act: Act) -> None:
        person = self.people.get(act.who) or self.join(act.who)
        self.votes.append(Vote(question=self.questions[act.question], participant=person, at=act.at))

    def decide(self, act: Act, state: QuestionState, user_id: int | None, **fields: Any) -> None:
        question = self.questions[act.question]
        question.state, question.decided_by_id = state, user_id
        for name, value in fields.items():
            setattr(question, name, value)

    def published(self, act: Act) -> None:
        self.decide(act, QuestionState.PUBLISHED, self.cast.moderator.user_id, published_at=act.at)

    def rejected(self, act: Act) -> None:
        self.decide(act, QuestionState.REJECTED, self.cast.moderator.user_id, reject_reason=act.text)

    def merged(self, act: Act) -> None:
        target = self.questions[act.into]
        self.decide(act, QuestionState.MERGED, self.cast.moderator.user_id, merged_into=target)

    def assigned(self, act: Act) -> None:
        self.questions[act.question].assigned_to = self.cast.speakers[act.who]

    def answered(self, act: Act) -> None:
        question, speaker = self.questions[act.question], self.cast.speakers[act.who]
        typed_by = speaker.user_id or self.cast.moderator.user_id
        self.answers[act.question, act.at] = Answer(
            question=question,
            speaker=speaker,
            typed_by_id=typed_by,
            text=act.text,
            search_text=without_accents(act.text),
            at=act.at,
        )
        self.decide(act, QuestionState.ANSWERED, typed_by, published_at=question.published_at or act.at)


def key_of(who: str, room: Room) -> str:
    return participant_key(f"demonstration {who}", room.pk)


class Journal:
    """The events of the acts, once the rows have their keys."""

    def __init__(self, room: Room, cast: Cast, rows: Rows) -> None:
        self.room, self.cast, self.rows = room, cast, rows
        self.events: list[RoomEvent] = []
        self.shown: set[int] = set()
        self.tally: Counter[int] = Counter()

    def play(self, acts: Iterable[Act]) -> None:
        tells: dict[str, Callable[[Act], Event]] = {
            "opened": self.opened,
            "closed": lambda act: ("room.closed", {}),
            "announced": lambda act: ("announcement", {"text": act.text}),
            "asked": self.asked,
            "published": self.published,
            "answered": self.answered,
            "merged": self.merged,
            "rejected": self.rejected,
            "assigned": self.assigned,
        }
        for act in acts:
            if act.kind in tells:
                self.append(act, *tells[act.kind](act))
            elif act.kind == "voted":
                self.tally[act.question] += 1

    def append(self, act: Act, kind: str, data: dict[str, Any]) -> None:
        stream = STREAM_OF[kind]
        seq = getattr(self.room, f"{stream}_seq") + 1
        setattr(self.room, f"{stream}_seq", seq)
        self.events.append(RoomEvent(room=self.room, stream=stream, seq=seq, kind=kind, data=data, at=act.at))

    def opened(self, act: Act) -> Event:
        return "room.opened", {"closes_at": frames.moment(self.room.closes_at)}

    def asked(self, act: Act) -> Event:
        question = self.rows.questions[act.question]
        return "question.asked", frames.question_asked(question, question.participant.key)

    def published(self, act: Act) -> Event:
        self.shown.add(act.question)
        question = self.rows.questions[act.question]
        return "question.published", frames.question_published(question, self.tally[act.question])

    def answered(self, act: Act) -> Event:
        is_first = act.question not in self.shown
        self.shown.add(act.question)
        answer = self.rows.answers[act.question, act.at]
        return "answer.published", frames.answer_published(answer, answer.question, is_first=is_first)

    def merged(self, act: Act) -> Event:
        votes = self.tally[act.into]
        return "question.merged", self.decision(act) | {"into": self.rows.questions[act.into].pk, "votes": votes}

    def rejected(self, act: Act) -> Event:
        return "question.rejected", self.decision(act) | {"reason": act.text}

    def assigned(self, act: Act) -> Event:
        return "question.assigned", self.decision(act) | {"speaker": frames.speaker(self.cast.speakers[act.who])}

    def decision(self, act: Act) -> dict[str, Any]:
        return {"question": self.rows.questions[act.question].pk, "by": self.cast.moderator.name}
