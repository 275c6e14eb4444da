"""How things look on the wire: event data, frames, the board that a page starts from."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.db.models import Count, Q

from chat.choices import EventStream, QuestionState
from chat.errors import ChatError
from chat.models import Answer, Flood, Note, Question, Room, RoomEvent, Speaker, Vote

Data = dict[str, Any]


def moment(at: datetime | None) -> str:
    """UTC, to the millisecond: `2026-11-19T17:20:00.000Z`."""
    if at is None:
        return ""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def dumps(frame: Data, *, is_ascii: bool = False) -> str:
    """`is_ascii` where a client's own `id` is echoed: it may hold a lone surrogate, which is no UTF-8."""
    return json.dumps(frame, ensure_ascii=is_ascii, separators=(",", ":"))


# --- what events carry ----------------------------------------------------------------------------------------------


def speaker(person: Speaker) -> Data:
    return {"id": person.pk, "name": person.name, "title": person.title}


def given_to(question: Question) -> Data | None:
    return speaker(question.assigned_to) if question.assigned_to else None


def topic_key(question: Question) -> str | None:
    return question.topic.key if question.topic else None


def question_asked(question: Question, participant_key: str) -> Data:
    return {
        "question": question.pk,
        "text": question.text,
        "nickname": question.nickname,
        "topic": topic_key(question),
        "participant": participant_key,
        "lane": question.lane,
        "flags": question.flags,
    }


def question_published(question: Question, votes: int) -> Data:
    return {
        "question": question.pk,
        "text": question.text,
        "nickname": question.nickname,
        "topic": topic_key(question),
        "votes": votes,
    }


def answer_published(answer: Answer, question: Question, *, is_first: bool) -> Data:
    """A first answer publishes its question too."""
    data = {
        "answer": answer.pk,
        "question": question.pk,
        "text": answer.text,
        "speaker": speaker(answer.speaker),
    }
    data |= _where_from(answer)
    if is_first:
        shown = {"question_text": question.text, "nickname": question.nickname, "topic": topic_key(question)}
        return data | shown
    return data


def _where_from(answer: Answer) -> Data:
    """`source` and `link` of an answer that was given elsewhere already; nothing of any other."""
    return {name: value for name in ("source", "link") if (value := getattr(answer, name))}


def shown_again(question: Question) -> list[tuple[str, Data]]:
    """The public events that bring back, with their own times, a question that was taken out and its answers."""
    news = [
        ("question.published", question_published(question, question.tally) | {"at": moment(question.published_at)})
    ]
    for answer in question.answers.select_related("speaker"):
        own = {"at": moment(answer.at), "edited": answer.edited_at is not None}
        news.append(("answer.published", answer_published(answer, question, is_first=False) | own))
    return news


def note(row: Note) -> Data:
    """What was said backstage: `{"note", "question", "text", "by", "at", "seen": [names]}`."""
    by = row.by.get_full_name() or row.by.get_username() if row.by else ""
    seen = sorted(person.get_full_name() or person.get_username() for person in row.seen_by.all())
    said = {"note": row.pk, "question": row.question_id, "text": row.text, "by": by, "at": moment(row.at)}
    return said | {"seen": seen}


def flood(row: Flood) -> Data:
    """`{"flood", "why": "alike" or "one", "text": one of its questions, "until"}`."""
    why = "alike" if row.participant_id is None else "one"
    return {"flood": row.pk, "why": why, "text": row.text, "until": moment(row.until)}


# --- frames ---------------------------------------------------------------------------------------------------------


def event(row: RoomEvent) -> Data:
    return {
        "type": "event",
        "stream": row.stream,
        "seq": row.seq,
        "kind": row.kind,
        "at": moment(row.at),
        "data": row.data,
    }


def welcome(room: Room, you: Data, *, seq: int, staff_seq: int | None, viewers: int) -> Data:
    frame = {
        "type": "welcome",
        "protocol": 1,
        "room": {
            "slug": room.slug,
            "title": room.title,
            "state": room.state,
            "opens_at": moment(room.opens_at),
            "closes_at": moment(room.closes_at),
        },
        "you": you,
        "seq": seq,
        "viewers": viewers,
    }
    return frame if staff_seq is None else frame | {"staff_seq": staff_seq}


def ack(client_id: str, result: Data) -> Data:
    return {"type": "ack", "id": client_id} | result


def refusal(client_id: str | None, error: ChatError) -> Data:
    frame: Data = {"type": "error"}
    if client_id is not None:
        frame["id"] = client_id
    frame |= {"code": error.code, "message": str(error.message)}
    if error.retry_after is not None:
        frame["retry_after"] = error.retry_after
    return frame


def tally(votes: dict[int, int]) -> Data:
    return {"type": "tally", "votes": {str(question): count for question, count in votes.items()}}


def presence(viewers: int) -> Data:
    return {"type": "presence", "viewers": viewers}


def claim(question: int | None, *, who: str, by: str, role: str, speaker: int | None = None) -> Data:
    """Who of the staff has a question before them; `question` is null where they have left it.

    `speaker`: whose answers they type, where they do; somebody's desk and what they type for others are claims apart.
    """
    return {"type": "claim", "question": question, "who": who, "by": by, "role": role} | (
        {"speaker": speaker} if speaker else {}
    )


def mine(question: int) -> Data:
    """To whoever asked `question`, and to nobody else: something became of it."""
    return {"type": "mine", "question": question}


def reset() -> Data:
    return {"type": "reset"}


def prepare(text: str) -> bytes:
    """A complete server frame (RFC 6455 section 5.2: unmasked, one text): the same bytes for every reader."""
    payload = text.encode()
    length = len(payload)
    if length < 126:
        return bytes((0x81, length)) + payload
    if length < 65536:
        return b"\x81\x7e" + length.to_bytes(2, "big") + payload
    return b"\x81\x7f" + length.to_bytes(8, "big") + payload


# --- the board ------------------------------------------------------------------------------------------------------


def snapshot(room: Room) -> Data:
    """All that the public may see of a room: what `seq` events, folded, have left.

    `{"room", "title", "state", "opens_at", "closes_at", "seq", "announcements": [{"seq", "text", "at"}],
    "questions": [{"question", "text", "nickname", "topic", "votes", "at", "answers": [{"answer", "text", "speaker",
    "at", "edited", "source"?, "link"?}]}], "slow": seconds between two questions of a person, "screen": the question on
    the projector or null}`, questions in the order of their publication.
    """
    return {
        "room": room.slug,
        "title": room.title,
        "state": room.state,
        "opens_at": moment(room.opens_at),
        "closes_at": moment(room.closes_at),
        "seq": room.public_seq,
        "announcements": [announcement(row) for row in announcements(room)],
        "questions": [on_board(question) for question in room.questions.for_board()],
        "slow": room.slow_seconds,
        "screen": room.on_screen_id,
    }


def announcements(room: Room) -> Iterable[RoomEvent]:
    return RoomEvent.objects.after(room.pk, EventStream.PUBLIC, 0).filter(kind="announcement")


def announcement(row: RoomEvent) -> Data:
    return {"seq": row.seq, "text": row.data["text"], "at": moment(row.at)}


def on_board(question: Question) -> Data:
    """`question` comes from `for_board()`, which brings its tally and answers."""
    return {
        "question": question.pk,
        "text": question.text,
        "nickname": question.nickname,
        "topic": topic_key(question),
        "votes": question.tally,
        "at": moment(question.published_at),
        "answers": [on_board_answer(answer) for answer in question.answers.all()],
    }


def on_board_answer(answer: Answer) -> Data:
    return {
        "answer": answer.pk,
        "text": answer.text,
        "speaker": speaker(answer.speaker),
        "at": moment(answer.at),
        "edited": answer.edited_at is not None,
        **_where_from(answer),
    }


def staff_snapshot(room: Room) -> Data:
    """`snapshot` and what only staff see: `"staff_seq"`, `"waiting": [{"question", "text", "nickname", "topic",
    "participant", "lane", "flags", "at", "assigned", "votes", "original"?}]` oldest first, `"rejected": [{…
    "reason"}]`, `"muted"` and `"flooding": {participant: until}`, `"floods": {flood: what began}`, `"shield"`,
    `"notes"`, `"away": {speaker id: since}`, `"bursts": {question: votes that came at once from people seen for the
    first time}`, `"assigned": {question: speaker id}` of what is public.
    """
    questions = room.questions.with_tally().select_related("topic", "participant").order_by("asked_at", "pk")
    by_state: dict[str, list[Question]] = {state: [] for state in QuestionState.values}
    for question in questions:
        by_state[question.state].append(question)
    public = by_state[QuestionState.PUBLISHED] + by_state[QuestionState.ANSWERED]
    held_back = list(room.participants.filter(Q(muted_until__isnull=False) | Q(flooding_until__isnull=False)))
    return snapshot(room) | {
        "staff_seq": room.staff_seq,
        "waiting": [in_queue(question) for question in by_state[QuestionState.ASKED]],
        "rejected": [
            in_queue(question) | {"reason": question.reject_reason} for question in by_state[QuestionState.REJECTED]
        ],
        "muted": {person.key: moment(person.muted_until) for person in held_back if person.muted_until},
        "flooding": {person.key: moment(person.flooding_until) for person in held_back if person.flooding_until},
        "floods": {str(row.pk): flood(row) for row in room.floods.filter(ended_at=None).order_by("pk")},
        "shield": room.shield_after is not None,
        "bursts": bursts(room),
        "away": {str(speaker_id): moment(since) for speaker_id, since in room.away.values_list("speaker", "since")},
        "notes": [note(row) for row in room.notes.select_related("by").prefetch_related("seen_by")],
        "assigned": {str(question.pk): question.assigned_to_id for question in public if question.assigned_to_id},
    }


def bursts(room: Room) -> dict[str, int]:
    counted = Vote.objects.filter(question__room=room, is_in_burst=True).order_by().values_list("question")
    return {str(question): votes for question, votes in counted.annotate(Count("pk"))}


def in_queue(question: Question) -> Data:
    waits = question_asked(question, question.participant.key) | {
        "at": moment(question.asked_at),
        "assigned": question.assigned_to_id,
        "votes": question.tally,
    }
    return waits | {"original": question.original_text} if question.original_text else waits
