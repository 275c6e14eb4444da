"""What an hour came to: the figures of one room's report, all of them counts of rows."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median

from chat.choices import PUBLIC_STATES, QuestionState
from chat.figures import profiles_in
from chat.models import Answer, Paragraph, Question, Room

WORDED_SHOWN, WORDED_FROM, ROOM_FROM = 3, 3, 5  # questions; people to each; questions of a topic without an answer
OPEN_STATES = (QuestionState.ASKED, QuestionState.PUBLISHED)


@dataclass
class Outcomes:
    """What became of some questions; `asked` is the sum of the others."""

    asked: int = 0
    answered: int = 0
    merged: int = 0
    rejected: int = 0
    withdrawn: int = 0
    unanswered: int = 0

    @classmethod
    def of(cls, questions: Iterable[Question]) -> "Outcomes":
        states = Counter("unanswered" if question.state in OPEN_STATES else question.state for question in questions)
        return cls(asked=sum(states.values()), **states)

    @property
    def not_kept(self) -> int:
        return self.rejected + self.withdrawn


@dataclass(frozen=True)
class SpeakerFigures:
    """`id` of the speaker; `seconds`: median from the question to this speaker's answer."""

    id: int
    name: str
    title: str
    answers: int
    seconds: int


@dataclass(frozen=True)
class NextTime:
    """What the room after this one may take from it.

    `to_word`: what many wondered and no approved paragraph says yet, as (question, its people, its first answer);
    `topic`: the key under which most went without an answer of their own, None where they were few.
    """

    to_word: list[tuple[Question, int, Answer]]
    topic: str | None


@dataclass
class Report:
    """Seconds are medians, None where there is nothing to take one of. `topics` counts all asked, merged ones too, by
    topic key ("" for none); `reasons` by a reason's key or free text; `unanswered` is the list that is still to work.
    `profiles` comes masked.
    """

    room: Room
    outcomes: Outcomes
    published: int
    askers: int
    peak: int
    to_publish: int | None
    to_answer: int | None
    topics: dict[str, Outcomes]
    speakers: list[SpeakerFigures]
    reasons: Counter[str]
    unanswered: list[Question]
    attendance: list[tuple[datetime, int]]  # (a minute, how many were there at most), minutes that were counted
    next_time: NextTime
    hidden: int = 0
    is_readers: bool = False  # whether the reader moderates the room, and may so open the lists behind its figures
    before: "Report | None" = None  # of the room that was held before this one
    everywhere: dict[str, int] = field(default_factory=dict)  # topic key -> asked in all rooms
    profiles: dict[str, dict[str, int | None]] = field(default_factory=dict)


def room_report(slug: str, reader: int) -> Report | None:
    """The report of the room of that address; None if there is none. A handful of queries, however many questions.

    `reader` is a user: what was never published is for the room's moderators alone, all others get its number.
    """
    room = Room.objects.listed().filter(slug=slug).first()
    if room is None:
        return None
    report = _report(room)
    report.before = _before(room)
    report.everywhere = {key or "": asked for key, asked in Question.objects.listed().by_topic()}
    report.is_readers = room.moderators.filter(pk=reader).exists()
    if not report.is_readers:
        shown = [question for question in report.unanswered if question.state in PUBLIC_STATES]
        report.hidden, report.unanswered = len(report.unanswered) - len(shown), shown
    return report


def _before(room: Room) -> Report | None:
    earlier = Room.objects.listed().filter(opens_at__lt=room.opens_at, questions__isnull=False)
    previous = earlier.order_by("-opens_at", "-pk").first()
    return _report(previous) if previous else None


def _report(room: Room) -> Report:
    questions = list(room.questions.with_tally().select_related("topic").prefetch_related("answers__speaker"))
    topics = _by_topic(questions)
    waits = [min(answer.at for answer in q.answers.all()) - q.asked_at for q in _answered(questions)]
    return Report(
        room=room,
        outcomes=Outcomes.of(questions),
        published=sum(question.published_at is not None for question in questions),
        askers=len({question.participant_id for question in questions}),
        peak=room.peak_viewers,
        to_publish=_median(q.published_at - q.asked_at for q in questions if q.published_at),
        to_answer=_median(waits),
        topics=topics,
        speakers=_speakers(questions),
        reasons=Counter(q.reject_reason for q in questions if q.state == QuestionState.REJECTED),
        unanswered=sorted((q for q in questions if q.state in OPEN_STATES), key=lambda q: (-q.tally, q.pk)),
        attendance=list(room.attendance.values_list("minute", "viewers")),
        profiles=profiles_in([room.pk])[room.pk],
        next_time=NextTime(_to_word(questions), _short_of_answers(topics)),
    )


def _answered(questions: list[Question]) -> Iterable[Question]:
    return (q for q in questions if q.state == QuestionState.ANSWERED and q.answers.all())


def _median(lengths: Iterable[timedelta]) -> int | None:
    seconds = [length.total_seconds() for length in lengths]
    return round(median(seconds)) if seconds else None


def _by_topic(questions: list[Question]) -> dict[str, Outcomes]:
    keys = {question.topic.key if question.topic else "" for question in questions}
    return {key: Outcomes.of(q for q in questions if (q.topic.key if q.topic else "") == key) for key in keys}


def _to_word(questions: list[Question]) -> list[tuple[Question, int, Answer]]:
    """The most wanted first: who asked it, who asked what was merged into it, who voted."""
    told = {said for paragraph in Paragraph.objects.values_list("title", "text") for said in paragraph}
    merged = Counter(question.merged_into_id for question in questions)
    found = []
    for question in _answered(questions):
        answer, people = question.answers.all()[0], 1 + merged[question.pk] + question.tally
        if people >= WORDED_FROM and told.isdisjoint((question.text, answer.text)):
            found.append((question, people, answer))
    return sorted(found, key=lambda line: (-line[1], line[0].pk))[:WORDED_SHOWN]


def _short_of_answers(topics: dict[str, Outcomes]) -> str | None:
    without = {key: outcomes.asked - outcomes.answered for key, outcomes in topics.items() if key}
    most = max(without, key=lambda key: (without[key], key), default="")
    return most if most and without[most] >= ROOM_FROM else None


def _speakers(questions: list[Question]) -> list[SpeakerFigures]:
    """Whoever answered, the busiest first."""
    given: dict[int, list[tuple[Question, Answer]]] = {}
    for question in _answered(questions):
        for answer in question.answers.all():
            given.setdefault(answer.speaker_id, []).append((question, answer))
    figures = [_speaker(answers) for answers in given.values()]
    return sorted(figures, key=lambda speaker: (-speaker.answers, speaker.name))


def _speaker(given: list[tuple[Question, Answer]]) -> SpeakerFigures:
    speaker = given[0][1].speaker
    seconds = _median(answer.at - question.asked_at for question, answer in given) or 0
    return SpeakerFigures(speaker.pk, speaker.name, speaker.title, len(given), seconds)
