"""What an hour came to: the figures of one room's report, all of them counts of rows."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from statistics import median

from chat.choices import PUBLIC_STATES, QuestionState
from chat.figures import profiles_in
from chat.models import Answer, Question, Room

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


@dataclass(frozen=True)
class SpeakerFigures:
    """`seconds`: median from the question to this speaker's answer."""

    name: str
    title: str
    answers: int
    seconds: int


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
    hidden: int = 0
    profiles: dict[str, dict[str, int | None]] = field(default_factory=dict)


def room_report(slug: str, reader: int) -> Report | None:
    """The report of the room of that address; None if there is none. A handful of queries, however many questions.

    `reader` is a user: what was never published is for the room's moderators alone, all others get its number.
    """
    room = Room.objects.listed().filter(slug=slug).first()
    if room is None:
        return None
    report = _report(room)
    if not room.moderators.filter(pk=reader).exists():
        shown = [question for question in report.unanswered if question.state in PUBLIC_STATES]
        report.hidden, report.unanswered = len(report.unanswered) - len(shown), shown
    return report


def _report(room: Room) -> Report:
    questions = list(room.questions.with_tally().select_related("topic").prefetch_related("answers__speaker"))
    waits = [min(answer.at for answer in q.answers.all()) - q.asked_at for q in _answered(questions)]
    return Report(
        room=room,
        outcomes=Outcomes.of(questions),
        published=sum(question.published_at is not None for question in questions),
        askers=len({question.participant_id for question in questions}),
        peak=room.peak_viewers,
        to_publish=_median(q.published_at - q.asked_at for q in questions if q.published_at),
        to_answer=_median(waits),
        topics=_by_topic(questions),
        speakers=_speakers(questions),
        reasons=Counter(q.reject_reason for q in questions if q.state == QuestionState.REJECTED),
        unanswered=sorted((q for q in questions if q.state in OPEN_STATES), key=lambda q: (-q.tally, q.pk)),
        profiles=profiles_in(room),
    )


def _answered(questions: list[Question]) -> Iterable[Question]:
    return (q for q in questions if q.state == QuestionState.ANSWERED and q.answers.all())


def _median(lengths: Iterable[timedelta]) -> int | None:
    seconds = [length.total_seconds() for length in lengths]
    return round(median(seconds)) if seconds else None


def _by_topic(questions: list[Question]) -> dict[str, Outcomes]:
    keys = {question.topic.key if question.topic else "" for question in questions}
    return {key: Outcomes.of(q for q in questions if (q.topic.key if q.topic else "") == key) for key in keys}


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
    return SpeakerFigures(speaker.name, speaker.title, len(given), seconds)
