"""What managers read of rooms: counts alone, of everything that was asked."""

from collections import Counter
from dataclasses import dataclass, field

from django.db.models import Count, Q

from chat.models import Answer, Question, Room, Topic
from recruitment.masking import masked


@dataclass
class RoomFigures:
    """`asked` counts all, merged ones too; `published`: ever public; `answered`: an answer stands."""

    room: Room
    asked: int = 0
    published: int = 0
    answered: int = 0
    topics: Counter[str] = field(default_factory=Counter)  # topic key, "" for none -> asked


def room_figures() -> list[RoomFigures]:
    """Every room with its sums, the latest first. Three queries, however many rooms."""
    figures = {room.pk: RoomFigures(room) for room in Room.objects.listed().order_by("-opens_at", "-pk")}
    for room_id, topic, asked, published in _questions():
        figures[room_id].asked += asked
        figures[room_id].published += published
        figures[room_id].topics[topic or ""] += asked
    for room_id, answered in _answered():
        figures[room_id].answered = answered
    return list(figures.values())


def _questions() -> list[tuple[int, str | None, int, int]]:
    rows = Question.objects.listed().order_by().values_list("room", "topic__key")
    return list(rows.annotate(asked=Count("pk"), public=Count("pk", filter=Q(published_at__isnull=False))))


def _answered() -> list[tuple[int, int]]:
    standing = Answer.objects.filter(question__in=Question.objects.listed().answered()).order_by()
    return list(standing.values_list("question__room").annotate(Count("question", distinct=True)))


def topics() -> list[Topic]:
    """All topics in their order: the names of what `RoomFigures.topics` counts."""
    return list(Topic.objects.all())


def profiles_in(room: Room) -> dict[str, dict[str, int | None]]:
    """What the visitors of a room said of themselves: `{"age_band": {key: count}, "region": …, "situation": …}`.

    A count under five is None, and so is what would give it away: nothing finer leaves this place. Three queries.
    """
    return {name: masked(_said(room, name)) for name in ("age_band", "region", "situation")}


def _said(room: Room, name: str) -> dict[str, int]:
    said = room.profiles.exclude(**{name: ""}).order_by()
    return dict(said.values_list(name).annotate(Count("pk")))
