"""What was asked or written already that is like a text: for moderators who merge, for visitors while they type.

One index a process, filled at its first use and kept up by the rooms' journals, so that any process may be asked.
"""

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.conf import settings
from django.utils import translation

from chat.choices import QuestionState, RoomState
from chat.models import Paragraph as ParagraphRow
from chat.models import Question, Room, RoomEvent
from chat.trigrams import Index
from recruitment.text import skeleton

THRESHOLD = 0.35  # tuned on the seeded questions: docs/benchmarks.md
FRESH_FOR = 1.0
LARGEST = 10_000  # answered questions, the latest
_OPEN = (QuestionState.ASKED, QuestionState.PUBLISHED)

Key = tuple[str, int | str]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A text approved by the house, from whichever app: `key` is unique among all, `url` a page with more, or empty."""

    key: str
    title: str
    text: str
    topic: str | None = None
    source: str = ""
    dated: str = ""  # ISO day
    url: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """What may be near: a question with its first answer if it has one, or a paragraph."""

    question_id: int | None
    room_id: int | None
    room: str  # slug
    text: str
    state: str
    answer_id: int | None = None
    answer: str = ""
    speaker: str = ""
    paragraph: Paragraph | None = None

    @property
    def is_answered(self) -> bool:
        return self.paragraph is not None or self.state == QuestionState.ANSWERED


@dataclass(frozen=True, slots=True)
class Near:
    entry: Entry
    nearness: float  # from THRESHOLD to 1


_sources: list[Callable[[], Iterable[Paragraph]]] = []


def offer_paragraphs(source: Callable[[], Iterable[Paragraph]]) -> None:
    """Let another app's approved texts be found too. Called once, at start; `source` is read again each minute."""
    if source not in _sources:
        _sources.append(source)


def paragraphs() -> list[Paragraph]:
    """All approved texts, in the site's language: the rooms' own, then those of other apps."""
    with translation.override(settings.LANGUAGE_CODE):
        return [paragraph for source in (_own, *_sources) for paragraph in source()]


def _own() -> Iterable[Paragraph]:
    for row in ParagraphRow.objects.select_related("topic"):
        topic = row.topic.key if row.topic else None
        yield Paragraph(row.key, row.title, row.text, topic, row.source, row.checked_on.isoformat(), row.link)


class Memory:
    """The index and what it has read: of each room the positions in its journal, of the paragraphs the time."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.lock = threading.Lock()
        self.forget()

    def forget(self) -> None:
        """Read everything anew at the next use."""
        self.index: Index[Key] = Index()
        self.entries: dict[Key, Entry] = {}
        self.positions: dict[int, tuple[int, int]] = {}
        self.read_at = self.paragraphs_at = -float("inf")

    # --- reading ---

    def refresh(self) -> None:
        """Take up what has happened since, at most once a second: one query where nothing has."""
        now = self.clock()
        if now < self.read_at + FRESH_FOR:
            return
        self._read_rooms()
        if now > self.paragraphs_at + 60:
            self._read_paragraphs()
            self.paragraphs_at = now
        self.read_at = now

    def _read_rooms(self) -> None:
        rows = {
            pk: (public, staff)
            for pk, public, staff in Room.objects.listed().values_list("pk", "public_seq", "staff_seq")
        }
        if not self.positions:
            self._read_all()
        else:
            self._read_changed({pk: at for pk, at in rows.items() if at != self.positions.get(pk)})
        self.positions = rows

    def _read_all(self) -> None:
        open_now = Question.objects.listed().filter(state__in=_OPEN).exclude(room__state=RoomState.CLOSED)
        answered = Question.objects.listed().answered().order_by("-published_at")[:LARGEST]
        for question in [*_whole(answered), *_whole(open_now)]:
            self._put(question)

    def _read_changed(self, changed: dict[int, tuple[int, int]]) -> None:
        for room_id, now in changed.items():
            before = self.positions.get(room_id, (0, 0))
            if now[0] < before[0] or now[1] < before[1]:  # a rehearsal was wiped
                self._drop_room(room_id)
                before = (0, 0)
            self._read_questions(room_id, _touched(room_id, before))

    def _read_questions(self, room_id: int, touched: set[int]) -> None:
        for question_id in touched:
            self._drop(("question", question_id))
        found = Question.objects.filter(room=room_id, pk__in=touched, state__in=(*_OPEN, QuestionState.ANSWERED))
        for question in _whole(found):
            self._put(question)

    def _read_paragraphs(self) -> None:
        for known in [key for key in self.entries if key[0] == "paragraph"]:
            self._drop(known)
        for paragraph in paragraphs():
            key: Key = ("paragraph", paragraph.key)
            self.entries[key] = Entry(
                question_id=None,
                room_id=None,
                room="",
                text=paragraph.title,
                state="",
                answer=paragraph.text,
                paragraph=paragraph,
            )
            self.index.put(key, paragraph.title, f"{paragraph.title} {paragraph.text}")

    # --- rows ---

    def _put(self, question: Question) -> None:
        key: Key = ("question", question.pk)
        answer = next(iter(question.answers.all()), None)
        self.entries[key] = Entry(
            question_id=question.pk,
            room_id=question.room_id,
            room=question.room.slug,
            text=question.text,
            state=question.state,
            answer_id=answer.pk if answer else None,
            answer=answer.text if answer else "",
            speaker=answer.speaker.name if answer else "",
        )
        self.index.put(key, question.text)

    def _drop(self, key: Key) -> None:
        self.index.drop(key)
        self.entries.pop(key, None)

    def _drop_room(self, room_id: int) -> None:
        for key in [key for key, entry in self.entries.items() if entry.room_id == room_id]:
            self._drop(key)

    # --- asking ---

    def similar(self, text: str, *, room_id: int, besides: int | None = None, limit: int = 3) -> list[Near]:
        """For staff: open and answered questions of their room, answered ones of others, approved paragraphs."""
        return self._near(
            text,
            limit,
            lambda entry: (
                (besides is None or entry.question_id != besides) and (entry.room_id == room_id or entry.is_answered)
            ),
        )

    def answered_already(self, text: str, *, limit: int = 3) -> list[Near]:
        """For a visitor who types: answered questions of all rooms and approved paragraphs, never what waits."""
        found = self._near(text, 3 * limit, lambda entry: entry.is_answered)
        first: dict[str, Near] = {}
        for near in found:  # the same words in five rooms are one thing to read; so is one answer given twice
            if all(near.entry.answer != other.entry.answer for other in first.values()):
                first.setdefault(skeleton(near.entry.text), near)
        return list(first.values())[:limit]

    def _near(self, text: str, limit: int, wanted: Callable[[Entry], bool]) -> list[Near]:
        with self.lock:
            self.refresh()
            found = self.index.nearest(text, limit=limit, least=THRESHOLD, among=lambda key: wanted(self.entries[key]))
            return [Near(self.entries[key], nearness) for key, nearness in found]


def _whole(questions: "Iterable[Question]") -> Iterable[Question]:
    return questions.select_related("room").prefetch_related("answers__speaker")  # type: ignore[attr-defined]


def _touched(room_id: int, before: tuple[int, int]) -> set[int]:
    """Questions that the journal tells of after a position."""
    events = RoomEvent.objects.filter(room=room_id)
    later = events.filter(stream="public", seq__gt=before[0]) | events.filter(stream="staff", seq__gt=before[1])
    return {data["question"] for data in later.values_list("data", flat=True) if "question" in data}


memory = Memory()
