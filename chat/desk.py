"""What the console reads beside the room's state: what is like a question, how fast things go, what a successor
needs."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from chat import frames, intake, similarity
from chat.choices import PUBLIC_STATES, Lane, QuestionState, Role
from chat.frames import Data
from chat.models import Question, Room, RoomEvent
from chat.services import last_decisions
from recruitment.days import day_in_words

PACE_OVER = timedelta(minutes=20)
DECISIONS_SHOWN = QUESTIONS_SHOWN = 12
PACED = (
    "question.asked",
    "question.published",
    "question.rejected",
    "question.merged",
    "question.returned",
    "answer.published",
)


def board(room: Room, role: Role, user_id: int | None) -> Data:
    """`frames.staff_snapshot`; for a speaker without what no moderator has read, what was declined, and whose."""
    whole = frames.staff_snapshot(room)
    if role == Role.MODERATOR:
        return whole
    return whole | {"waiting": passed_on(room, user_id), "rejected": [], "muted": {}, "flooding": {}, "floods": {}}


def passed_on(room: Room, user_id: int | None) -> list[Data]:
    """What waits and was given to that speaker, oldest first: somebody has read it, or it would not be theirs."""
    given = room.questions.waiting().filter(assigned_to__user=user_id).with_tally()
    rows = given.select_related("topic", "participant").order_by("asked_at", "pk")
    return [frames.in_queue(question) for question in rows]


def on_screen(board: Data) -> Data | None:
    """Of `frames.snapshot`, as `static/js/screen.js` has it: what staff chose, else what was answered last."""
    questions = {question["question"]: question for question in board["questions"]}
    answered = [question for question in questions.values() if question["answers"]]
    latest = max(answered, key=lambda question: question["answers"][-1]["at"], default=None)
    return questions.get(board["screen"], latest)


def near(room: Room, ids: Iterable[int], role: Role, user_id: int | None) -> Data:
    """`{"<question id>": {"similar": [{"question", "room", "text", "answer", "answer_text", "speaker", "paragraph",
    "source", "dated", "url", "nearness"}], "topic": suggested key or null}}` of those that are in the room. A speaker
    hears of what is public or theirs, and of nothing that waits."""
    questions = room.questions.filter(pk__in=list(ids)).select_related("topic")
    if is_speaker := role != Role.MODERATOR:
        questions = questions.filter(Q(state__in=PUBLIC_STATES) | Q(assigned_to__user=user_id))
    return {str(question.pk): _near(room, question, is_speaker) for question in questions}


def _near(room: Room, question: Question, is_speaker: bool) -> Data:
    found = similarity.memory.similar(question.text, room_id=room.pk, besides=question.pk)
    if is_speaker:
        found = [hit for hit in found if hit.entry.state != QuestionState.ASKED]
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
            "dated": paragraph.dated and day_in_words(datetime.fromisoformat(paragraph.dated), "j F Y"),
        }
        for paragraph in similarity.paragraphs()
    ]


def pace(room: Room, now: datetime) -> Data:
    """What happened in the last minutes: `{"asked": [[UTC, question]], "handled": […], "answered": […]}`; a decision
    that was taken back was none."""
    events = RoomEvent.objects.filter(room=room, at__gt=now - PACE_OVER, kind__in=PACED).order_by("at", "pk")
    times: dict[str, list[tuple[str, int]]] = {name: [] for name in ("asked", "handled", "answered")}
    for kind, at, data in events.values_list("kind", "at", "data"):
        if kind == "question.returned":
            for name in ("handled", "answered"):
                times[name] = [one for one in times[name] if one[1] != data["question"]]
        for name in _counted(kind, data):
            times[name].append((frames.moment(at), data["question"]))
    return times


def _counted(kind: str, data: Data) -> tuple[str, ...]:
    """Under which names an event counts, as `static/js/lib/pace.js` counts it. What is shown again with its own time
    was counted before; an answer to what still waited handles it, too."""
    if "at" in data:
        return ()
    if kind == "answer.published":
        return ("handled", "answered") if "question_text" in data else ("answered",)
    return {"question.asked": ("asked",), "question.returned": ()}.get(kind, ("handled",))


def hand_over(room: Room) -> dict[str, Any]:
    """For whoever takes the desk over: what waits and since when, by lane and by speaker, what was decided last, the
    notes on the room, which speakers are away."""
    waiting = list(room.questions.waiting().select_related("topic", "assigned_to").order_by("asked_at"))
    open_ones = room.questions.filter(state="published").select_related("assigned_to").order_by("published_at")
    return {
        "waiting": waiting,
        "shown": waiting[:QUESTIONS_SHOWN],
        "further": len(waiting[QUESTIONS_SHOWN:]),
        "oldest": waiting[0] if waiting else None,
        "lanes": [(lane.label, sum(question.lane == lane for question in waiting)) for lane in Lane],
        "unanswered": list(open_ones),
        "decisions": list(last_decisions(room, DECISIONS_SHOWN)),
        "notes": list(room.notes.filter(question=None).select_related("by").order_by("-pk")[:DECISIONS_SHOWN]),
        "away": list(room.away.select_related("speaker").order_by("since")),
        "muted": list(room.participants.filter(muted_until__isnull=False).order_by("muted_until")),
    }
