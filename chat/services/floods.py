"""A flood is seen by itself, queues apart, says why, and is over by one act. Nothing is dropped, and nobody is told.

Two signs, both settings: many questions that are like each other within a minute, whoever asks them, and one who asks
without pause. No sign is the address: a school of 500 has one.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from chat import frames
from chat.choices import Lane
from chat.errors import NotFound
from chat.frames import Data
from chat.identity import Actor
from chat.models import Flood, Question, Room
from chat.policies import require_moderator
from chat.services.once import act_once, tell_all
from chat.trigrams import overlap, pieces

ALIKE_FROM = 0.6
COMPARED, LOOKED_AT = 60, 20  # of the last questions, and of those that came in one moment: a flood shows in any


class Floods:
    """What floods a room in this moment, over the asks that came together."""

    def __init__(self, room: Room, now: datetime):
        self.room, self.now = room, now
        is_flooded = room.flood_until is not None and room.flood_until > now
        standing = room.floods.filter(until__gt=now, ended_at=None) if is_flooded else []
        self.standing = [(flood, pieces(flood.text)) for flood in standing]

    def takes(self, text: str, participant_id: int | None) -> Flood | None:
        """The flood that a question belongs to, by who asks it or by its words."""
        for flood, like in self.standing:
            if flood.participant_id is not None:
                is_of_it = flood.participant_id == participant_id
            else:
                is_of_it = overlap(like, pieces(text)) >= ALIKE_FROM
            if is_of_it:
                return flood
        return None

    def look_at(self, asked: Sequence[Question]) -> None:
        """Whether questions that were just written make a flood with those of the last minute: then it begins."""
        new = [question for question in asked if question.flood_id is None][:LOOKED_AT]
        if not new or not (settings.FLOOD_ALIKE or settings.FLOOD_OF_ONE):
            return
        recent = self._recent()
        for question in new:
            if question.participant_id in {flood.participant_id for flood, _ in self.standing}:
                continue
            if theirs := self._of_one(question, recent):
                self._begin(question, theirs, of_one=True)
            elif alike := self._alike(question, recent):
                self._begin(question, alike, of_one=False)
                break

    def _recent(self) -> list[tuple[Question, frozenset[str]]]:
        since = self.now - timedelta(seconds=settings.FLOOD_WITHIN)
        last = self.room.questions.filter(asked_at__gt=since, flood=None).order_by("-pk")[:COMPARED]
        return [(question, pieces(question.text)) for question in last]

    @staticmethod
    def _of_one(question: Question, recent: list[tuple[Question, frozenset[str]]]) -> list[Question]:
        theirs = [other for other, _ in recent if other.participant_id == question.participant_id]
        return theirs if 0 < settings.FLOOD_OF_ONE <= len(theirs) else []

    @staticmethod
    def _alike(question: Question, recent: list[tuple[Question, frozenset[str]]]) -> list[Question]:
        like = pieces(question.text)
        alike = [other for other, theirs in recent if overlap(like, theirs) >= ALIKE_FROM]
        return alike if 0 < settings.FLOOD_ALIKE <= len(alike) else []

    def _begin(self, question: Question, questions: Iterable[Question], *, of_one: bool) -> None:
        flood = Flood.objects.create(
            room=self.room,
            participant=question.participant if of_one else None,
            text=question.text,
            at=self.now,
            until=self.now + timedelta(minutes=settings.FLOOD_MINUTES),
        )
        self.standing.append((flood, pieces(flood.text)))
        Room.objects.filter(pk=self.room.pk).update(flood_until=flood.until)
        tell_all(self.room, [("flood.begun", frames.flood(flood))], self.now)
        _move(self.room, [question.pk for question in questions], flood, by="", now=self.now)


def _move(room: Room, ids: list[int], flood: Flood, *, by: str, now: datetime) -> None:
    """Into the flood's lane, as far as they still wait in the main one."""
    waiting = room.questions.waiting().filter(pk__in=ids, lane=Lane.MAIN).order_by("pk")
    moved = list(waiting.values_list("pk", flat=True))
    Question.objects.filter(pk__in=moved).update(lane=Lane.FLOOD, flood=flood)
    tell_all(room, [("question.released", {"question": pk, "lane": Lane.FLOOD, "by": by}) for pk in moved], now)


@act_once
def calm_flood(room: Room, actor: Actor, *, flood_id: int, now: datetime) -> Data:
    """It was none, or it is over: what waits of it goes back to the main queue, what comes no longer queues apart."""
    require_moderator(actor, room)
    flood = room.floods.filter(pk=flood_id).first()
    if flood is None:
        raise NotFound(_("There is no such flood in this room."))
    if flood.ended_at is not None:
        return {}
    Flood.objects.filter(pk=flood.pk).update(ended_at=now, ended_by=actor.user_id)
    waiting = room.questions.waiting().filter(flood=flood, lane=Lane.FLOOD).order_by("pk")
    back = list(waiting.values_list("pk", flat=True))
    Question.objects.filter(pk__in=back).update(lane=Lane.MAIN)
    released = [("question.released", {"question": pk, "lane": Lane.MAIN, "by": actor.name}) for pk in back]
    tell_all(room, [("flood.ended", {"flood": flood.pk, "by": actor.name}), *released], now)
    return {"questions": len(back)}
