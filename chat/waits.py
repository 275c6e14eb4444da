"""How long the queue is, told honestly: hopes that are not kept are what people hold against such rooms."""

from bisect import bisect_left
from dataclasses import dataclass

from django.db.models import Count

from chat.choices import QuestionState
from chat.frames import Data
from chat.models import Room

OPEN_STATES = (QuestionState.ASKED, QuestionState.PUBLISHED)
TELLS_FROM = 8  # decided questions: of fewer a ratio says nothing


@dataclass(frozen=True)
class Wait:
    """`waiting`: ids of questions that wait, oldest first. `one_in`: of how many one gets an answer of its own; None
    where too few are decided to say."""

    waiting: list[int]
    one_in: int | None

    def before(self, question_id: int) -> int:
        """How many wait longer than this one."""
        return bisect_left(self.waiting, question_id)

    def as_data(self) -> Data:
        return {"waiting": len(self.waiting), "one_in": self.one_in}


def wait_in(room: Room) -> Wait:
    """Of a room's questions, as of now. Two queries."""
    states = dict(room.questions.order_by().values_list("state").annotate(Count("pk")))
    waiting = list(room.questions.filter(state__in=OPEN_STATES).order_by("pk").values_list("pk", flat=True))
    decided = sum(count for state, count in states.items() if state not in OPEN_STATES)
    answered = states.get(QuestionState.ANSWERED, 0)
    one_in = round(decided / answered) if answered and decided >= TELLS_FROM else None
    return Wait(waiting, one_in)
