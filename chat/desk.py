"""What the console reads beside the room's state: what is like a question, how fast things go, what a successor
needs."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.utils.formats import date_format

from chat import frames, intake, similarity
from chat.choices import Lane
from chat.frames import Data
from chat.models import Question, Room, RoomEvent
from chat.services import last_decisions

PACE_OVER = timedelta(minutes=20)
DECISIONS_SHOWN = 12
KINDS = {
    "question.asked": "asked",
    "question.published": "handled",
    "question.rejected": "handled",
    "question.merged": "handled",
    "answer.published": "answered",
}


def near(room: Room, ids: Iterable[int]) -> Data:
    """`{"<question id>": {"similar": [{"question", "room", "text", "answer", "answer_text", "speaker", "paragraph",
    "source", "dated", "url", "nearness"}], "topic": suggested key or null}}` of those that are in the room."""
    questions = room.questions.filter(pk__in=list(ids)).select_related("topic")
    return {str(question.pk): _near(room, question) for question in questions}


def _near(room: Room, question: Question) -> Data:
    found = similarity.memory.similar(question.text, room_id=room.pk, besides=question.pk)
    suggested = None if question.topic_id else intake.suggested_topic(question.text)
    return {"similar": [_like(hit, room) for hit in found], "topic": suggested}


def _like(hit: similarity.Near, room: Room) -> Data:
    entry, paragraph = hit.entry, hit.entry.paragraph
    return {
        "question": entry.question_id,
        "is_here": entry.room_id == room.pk,
        "text": entry.text,
        "answer": entry.answer_id,
        "answer_text": entry.answer,
        "speaker": entry.speaker,
        "paragraph": paragraph.key if paragraph else None,
        "source": paragraph.source if paragraph else "",
        "nearness": round(hit.nearness, 2),
    }


def paragraphs() -> list[Data]:
    """Approved paragraphs, with their source and the day on which they were checked."""
    return [
        {
            "key": paragraph.key,
            "topic": paragraph.topic,
            "title": paragraph.title,
            "text": paragraph.text,
            "source": paragraph.source,
            "dated": paragraph.dated and date_format(datetime.fromisoformat(paragraph.dated), "j F Y"),
        }
        for paragraph in similarity.paragraphs()
    ]


def pace(room: Room, now: datetime) -> Data:
    """When things happened in the last minutes: `{"asked": [UTC], "handled": […], "answered": […]}`."""
    events = RoomEvent.objects.filter(room=room, at__gt=now - PACE_OVER, kind__in=KINDS).order_by("at")
    times: dict[str, list[str]] = {name: [] for name in ("asked", "handled", "answered")}
    for kind, at in events.values_list("kind", "at"):
        times[KINDS[kind]].append(frames.moment(at))
    return times


def hand_over(room: Room) -> dict[str, Any]:
    """For whoever takes the desk over: what waits and since when, by lane and by speaker, what was decided last, the
    notes on the room."""
    waiting = list(room.questions.waiting().select_related("topic", "assigned_to").order_by("asked_at"))
    open_ones = room.questions.filter(state="published").select_related("assigned_to").order_by("published_at")
    return {
        "waiting": waiting,
        "oldest": waiting[0] if waiting else None,
        "lanes": [(lane.label, sum(question.lane == lane for question in waiting)) for lane in Lane],
        "unanswered": list(open_ones),
        "decisions": list(last_decisions(room, DECISIONS_SHOWN)),
        "notes": list(room.notes.filter(question=None).select_related("by").order_by("-pk")[:DECISIONS_SHOWN]),
        "muted": list(room.participants.filter(muted_until__isnull=False).order_by("muted_until")),
    }
