"""What managers read of rooms: counts alone, of everything that was asked."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import reduce
from operator import or_

from django.db.models import Count, Q

from chat.models import Answer, Profile, Question, Room, Topic
from recruitment.masking import masked

TAPS = ("age_band", "region", "situation")
Profiles = dict[str, dict[str, int | None]]  # of `TAPS` -> key -> how many said so


@dataclass
class RoomFigures:
    """`asked` counts all, merged ones too; `published`: ever public; `answered`: an answer stands."""

    room: Room
    asked: int = 0
    published: int = 0
    answered: int = 0
    topics: Counter[str] = field(default_factory=Counter)  # topic key, "" for none -> asked
    profiles: Profiles = field(default_factory=dict)


def room_figures() -> list[RoomFigures]:
    """Every room with its sums, the latest first. Four queries, however many rooms."""
    figures = {room.pk: RoomFigures(room) for room in Room.objects.listed().order_by("-opens_at", "-pk")}
    for room_id, topic, asked, published in _questions():
        figures[room_id].asked += asked
        figures[room_id].published += published
        figures[room_id].topics[topic or ""] += asked
    for room_id, answered in _answered():
        figures[room_id].answered = answered
    for room_id, profiles in profiles_in(figures).items():
        figures[room_id].profiles = profiles
    return list(figures.values())


def _questions() -> list[tuple[int, str | None, int, int]]:
    rows = Question.objects.listed().order_by().values_list("room", "topic__key")
    return list(rows.annotate(asked=Count("pk"), public=Count("pk", filter=Q(published_at__isnull=False))))


def _answered() -> list[tuple[int, int]]:
    standing = Answer.objects.filter(question__in=Question.objects.listed().answered()).order_by()
    return list(standing.values_list("question__room").annotate(Count("question", distinct=True)))


def asked_between(times: Sequence[tuple[datetime, datetime]]) -> list[Counter[str]]:
    """Topic key ("" for none) -> questions asked from the first moment on and before the second, of each pair.

    One query.
    """
    within = [Q(asked_at__gte=first, asked_at__lt=end) for first, end in times]
    rows = Question.objects.listed().filter(reduce(or_, within)).order_by().values_list("topic__key")
    counted = list(rows.annotate(**{f"asked_{n}": Count("pk", filter=q) for n, q in enumerate(within)}))
    return [Counter({topic or "": counts[n] for topic, *counts in counted}) for n in range(len(within))]


def topics() -> list[Topic]:
    """All topics in their order: the names of what `RoomFigures.topics` counts."""
    return list(Topic.objects.all())


def profiles_in(rooms: Iterable[int]) -> dict[int, Profiles]:
    """Room id -> what its visitors said of themselves, rooms where nobody did included. One query.

    A count under five is None, and so is what would give it away: nothing finer leaves this place.
    """
    said: dict[int, dict[str, Counter[str]]] = {room: {name: Counter() for name in TAPS} for room in rooms}
    rows = Profile.objects.filter(room__in=said).order_by().values_list("room", *TAPS).annotate(Count("pk"))
    for room, *keys, count in rows:
        for name, key in zip(TAPS, keys, strict=True):
            said[room][name][key] += count if key else 0
    return {room: {name: masked(+counts) for name, counts in told.items()} for room, told in said.items()}
