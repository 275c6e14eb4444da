"""What visitors say of each other's questions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from chat.errors import ChatError, Forbidden, NotFound
from chat.frames import Data
from chat.identity import Actor
from chat.models import Room, Vote
from chat.services.crowd import Crowd, hear_all, hear_one
from chat.services.once import tell, tell_votes

BURST = 20
BURST_WITHIN = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Ballot:
    """ "Me too" of a public question, or no longer."""

    actor: Actor
    client_id: str | None
    question_id: int
    value: bool


def cast_vote(*, room_id: int, now: datetime, client_id: str | None = None, **ballot: Any) -> Data:
    """Say "me too" of a public question, or no longer; `{}`. Arguments are those of `Ballot`.

    Raises `Forbidden` for one's own, `NotFound` for one that is not shown.
    """
    return hear_one(_Ballots, room_id, Ballot(client_id=client_id, **ballot), now)


def cast_votes(*, room_id: int, ballots: Sequence[Ballot], now: datetime) -> list[Data | ChatError]:
    """Count votes in one transaction; for each its ack or why not."""
    return hear_all(_Ballots, room_id, ballots, now)


class _Ballots(Crowd[Ballot]):
    def __init__(self, room: Room, ballots: Sequence[Ballot], now: datetime):
        super().__init__(room, ballots, now)
        shown = room.questions.public().filter(pk__in={ballot.question_id for ballot in ballots})
        self.askers = dict(shown.values_list("pk", "participant__key"))
        self.taken: dict[tuple[int, str], bool] = {}  # what somebody says last of a question counts

    def take(self, ballot: Ballot) -> Data:
        if ballot.question_id not in self.askers:
            raise NotFound(_("This question is not shown in the room."))
        if self.askers[ballot.question_id] == ballot.actor.key:
            raise Forbidden(_("This is your own question: it counts already."))
        self.participant(ballot.actor.key)
        self.taken[ballot.question_id, ballot.actor.key] = ballot.value
        return {}

    def record(self) -> None:
        said = [self._vote(question, voter) for (question, voter), yes in self.taken.items() if yes]
        Vote.objects.bulk_create(said, ignore_conflicts=True)
        self._look_for_bursts({vote.question_id for vote in said if vote.is_first_act})
        unsaid = [Q(question=pk, participant=self.people[key]) for (pk, key), yes in self.taken.items() if not yes]
        if unsaid:
            Vote.objects.filter(reduce(or_, unsaid)).delete()
        tell_votes(self.room, [question for question, _ in self.taken], [voter for _, voter in self.taken])

    def _vote(self, question: int, voter: str) -> Vote:
        person = self.people[voter]
        return Vote(question_id=question, participant=person, at=self.now, is_first_act=person in self.newcomers)

    def _look_for_bursts(self, questions: set[int]) -> None:
        """Many who come only to vote may be a class, or one person's script: staff see how many, and decide."""
        if not questions:
            return
        recent = Vote.objects.filter(question__in=questions, is_first_act=True, at__gt=self.now - BURST_WITHIN)
        counted = dict(recent.order_by().values_list("question").annotate(Count("pk")))
        for question in [pk for pk, votes in counted.items() if votes >= BURST]:
            recent.filter(question=question).update(is_in_burst=True)
            burst = Vote.objects.filter(question=question, is_in_burst=True).count()
            tell(self.room, "votes.burst", {"question": question, "votes": burst}, self.now)
