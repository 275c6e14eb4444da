"""Rooms and questions as lists to read: the programme, what people asked most, what became of a room's questions."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby

from django.db.models import Count, Model
from django.utils.translation import get_language

from chat.choices import QuestionState, RoomState
from chat.models import Programme, Question, Room
from chat.services import keep_time

ARCHIVED_AFTER = timedelta(days=365)
WEEK = 5
SAME_IN_ROOMS = 3  # how often, on average, one question is asked again in other rooms


def said(row: Model, name: str) -> str:
    """A row's text in the reader's language: its English where there is one and English is read."""
    english = getattr(row, f"{name}_en", "") if (get_language() or "").startswith("en") else ""
    return english or getattr(row, name)


@dataclass
class Run:
    """Rooms announced together, and whether they are so old that rules may have changed since."""

    programme: Programme | None
    rooms: list[Room]
    is_archive: bool


@dataclass
class Schedule:
    """All rooms as visitors meet them; each has `answered`, `shown`, and its speakers at hand."""

    live: list[Room] = field(default_factory=list)
    coming: list[Room] = field(default_factory=list)
    past: list[Run] = field(default_factory=list)
    week: list[Room] = field(default_factory=list)

    @property
    def next(self) -> Room | None:
        """The room that the site leads to: one that is on, else the first to come."""
        return next(iter([*self.live, *self.coming]), None)


def schedule(now: datetime) -> Schedule:
    """The rooms on now, to come, and past (by programme, latest first); `week` is the run around now. Two queries."""
    keep_time(now)
    rooms = list(
        Room.objects.listed()
        .with_counts()
        .select_related("programme")
        .prefetch_related("speakers")
        .order_by("opens_at", "pk")
    )
    live = [room for room in rooms if room.state in (RoomState.OPEN, RoomState.PAUSED)]
    coming = [room for room in rooms if room.state == RoomState.SCHEDULED]
    past = [room for room in reversed(rooms) if room.state == RoomState.CLOSED]
    return Schedule(live, coming, list(_runs(past, now)), _week(rooms, [*live, *coming]))


def _runs(rooms: list[Room], now: datetime) -> Iterable[Run]:
    for _, run in groupby(rooms, key=lambda room: room.programme_id):
        grouped = list(run)
        yield Run(grouped[0].programme, grouped, is_archived(grouped[0], now))


def is_archived(room: Room, now: datetime) -> bool:
    return room.closes_at < now - ARCHIVED_AFTER


def _week(rooms: list[Room], ahead: list[Room]) -> list[Room]:
    """At most five rooms, of the programme of the one that is on or next, around it; without one, what is ahead."""
    if not ahead or not ahead[0].programme_id:
        return ahead[:WEEK]
    run = [room for room in rooms if room.programme_id == ahead[0].programme_id]
    first = min(max(0, run.index(ahead[0]) - WEEK // 2), max(0, len(run) - WEEK))
    return run[first : first + WEEK]


def latest_exchanges(room: Room, count: int = 2) -> list[Question]:
    """The questions answered last, with topic, tally and answers. Three queries."""
    return list(room.questions.for_board().answered().order_by("-published_at", "-pk")[:count])


def most_wanted(now: datetime, count: int = 6) -> list[Question]:
    """The answered questions of no archive that most people asked themselves, with their room. One query.

    What was asked in the same words in several rooms is there once.
    """
    current = Question.objects.listed().answered().filter(room__closes_at__gte=now - ARCHIVED_AFTER)
    first_of: dict[str, Question] = {}
    for question in current.most_wanted_first().select_related("room")[: count * SAME_IN_ROOMS]:
        first_of.setdefault(question.search_text, question)
    return list(first_of.values())[:count]


def sums(room: Room) -> dict[str, int]:
    """What became of a room's questions: `{"asked", "answered", "published", "merged", "rejected"}`. One query."""
    states = dict(room.questions.order_by().values_list("state").annotate(Count("pk")))
    return {
        "asked": sum(states.values()),
        "answered": states.get(QuestionState.ANSWERED, 0),
        "published": states.get(QuestionState.PUBLISHED, 0),
        "merged": states.get(QuestionState.MERGED, 0),
        "rejected": states.get(QuestionState.REJECTED, 0),
    }


def declined(room: Room) -> list[tuple[str, int]]:
    """(reason's key or free text, questions) of what was not kept in a room, the most frequent first. One query."""
    rejected = room.questions.filter(state=QuestionState.REJECTED).order_by()
    counted = rejected.values_list("reject_reason").annotate(count=Count("pk"))
    return list(counted.order_by("-count", "reject_reason"))
