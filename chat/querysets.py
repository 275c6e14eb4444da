from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Case, Count, F, Q, Value, When
from django.db.models.functions import ExtractYear

from chat.choices import PUBLIC_STATES, QuestionState, RoomState

if TYPE_CHECKING:
    from chat.models import Answer, Question, Room, RoomEvent  # noqa: F401

RUNNING = (RoomState.OPEN, RoomState.PAUSED)


def _unset_since(planned: str) -> Q:
    return Q(state_since__isnull=True) | Q(state_since__lt=F(planned))


class RoomQuerySet(models.QuerySet["Room"]):
    def due(self, now: datetime) -> RoomQuerySet:
        """Rooms whose last planned time has passed since their state was set, and would have set another."""
        to_open = Q(opens_at__lte=now, closes_at__gt=now) & ~Q(state=RoomState.OPEN) & _unset_since("opens_at")
        to_close = Q(closes_at__lte=now) & ~Q(state=RoomState.CLOSED) & _unset_since("closes_at")
        return self.filter(to_open | to_close)

    def listed(self) -> RoomQuerySet:
        """All but rehearsals, which are found by those who were given their address."""
        return self.filter(rehearsal_of__isnull=True)

    def live(self) -> RoomQuerySet:
        return self.listed().filter(state__in=RUNNING).order_by("opens_at", "pk")

    def coming(self) -> RoomQuerySet:
        return self.filter(state=RoomState.SCHEDULED).order_by("opens_at", "pk")

    def past(self) -> RoomQuerySet:
        return self.filter(state=RoomState.CLOSED).order_by("-opens_at", "-pk")

    def with_counts(self) -> RoomQuerySet:
        """Each room's `answered` and `shown` (published or answered), in the one query."""
        return self.annotate(
            answered=Count("questions", filter=Q(questions__state=QuestionState.ANSWERED)),
            shown=Count("questions", filter=Q(questions__state__in=PUBLIC_STATES)),
        )

    def of_staff(self, user_id: int) -> RoomQuerySet:
        """Rooms on whose staff list the user stands."""
        return self.filter(Q(moderators=user_id) | Q(speakers__user=user_id)).distinct()


class QuestionQuerySet(models.QuerySet["Question"]):
    def waiting(self) -> QuestionQuerySet:
        return self.filter(state=QuestionState.ASKED)

    def public(self) -> QuestionQuerySet:
        return self.filter(state__in=PUBLIC_STATES)

    def answered(self) -> QuestionQuerySet:
        return self.filter(state=QuestionState.ANSWERED)

    def listed(self) -> QuestionQuerySet:
        """All but those of rehearsals."""
        return self.filter(room__rehearsal_of__isnull=True)

    def with_tally(self) -> QuestionQuerySet:
        return self.annotate(tally=Count("votes"))

    def for_board(self) -> QuestionQuerySet:
        """What the public may see, in the order of publication, with topic, answers, speakers and `tally`."""
        shown = self.public().with_tally().select_related("topic").prefetch_related("answers__speaker")
        return shown.order_by("published_at", "pk")

    def matching(self, words: Iterable[str]) -> QuestionQuerySet:
        """Where each word is in the question or in one of its answers; words without accents, in lower case."""
        found = self
        for word in words:
            hits = Q(search_text__contains=word) | Q(answers__search_text__contains=word)
            found = found.filter(pk__in=self.model.objects.filter(hits).values("pk"))
        return found

    def by_topic(self) -> list[tuple[str | None, int]]:
        """(topic key, questions) of each topic, the largest first."""
        counted = self.order_by().values_list("topic__key").annotate(questions=Count("pk"))
        return list(counted.order_by("-questions", "topic__key"))

    def by_room(self) -> list[tuple[str, int]]:
        """(room's slug, questions) of each room."""
        return list(self.order_by().values_list("room__slug").annotate(questions=Count("pk")))

    def by_year(self) -> list[tuple[int, int]]:
        """(year of the room, questions), the latest first."""
        counted = self.order_by().values_list(ExtractYear("room__opens_at")).annotate(questions=Count("pk"))
        return sorted(counted, reverse=True)

    def for_search(self) -> QuestionQuerySet:
        """With tally, topic, room, answers and their speakers; what most people asked themselves first."""
        return self.most_wanted_first().select_related("topic", "room").prefetch_related("answers__speaker")

    def nearest_first(self, words: Iterable[str]) -> QuestionQuerySet:
        """For a search: where the words stand in the question itself before where an answer has them."""
        said = Q()
        for word in words:
            said &= Q(search_text__contains=word)
        asked = Case(When(said, then=0), default=1) if said else Value(0)
        return self.for_search().order_by(asked, F("tally").desc(), "-published_at", "pk")

    def most_wanted_first(self) -> QuestionQuerySet:
        """With `tally`, by which they are ordered."""
        return self.with_tally().order_by(F("tally").desc(), "-published_at", "pk")


class RoomEventQuerySet(models.QuerySet["RoomEvent"]):
    def after(self, room_id: int, stream: str, seq: int) -> RoomEventQuerySet:
        return self.filter(room=room_id, stream=stream, seq__gt=seq).order_by("seq")
