"""What happens in a room, act by act, from the data: the same for who plays it through the services or in bulk."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from recruitment.demonstration.data import random_for

QuestionData = dict[str, Any]
SILENT = 40  # visitors who only vote, beyond what the most wanted question needs
LEAST_DELAY, USUAL_DELAY = 0.2, 1.1  # minutes until a moderator decides


@dataclass(frozen=True, slots=True)
class Act:
    """`kind` is asked, published, answered, merged, rejected, assigned, voted, announced, opened or closed.

    `question` is the data's `n`; `who` a visitor, or the index of a speaker; `into` the other question of a merger;
    `text` that of a question, an answer, an announcement, or the reason's key.
    """

    at: datetime
    kind: str
    question: int = 0
    who: Any = None
    into: int = 0
    text: str = ""
    nickname: str = ""
    topic: str | None = None


@dataclass(frozen=True, slots=True)
class Hour:
    """A room's hour: when it began, the minute up to which it is told, whether it ends there."""

    slug: str
    opens_at: datetime
    until: float
    closes: bool

    def at(self, minute: float) -> datetime:
        return self.opens_at + timedelta(milliseconds=round(minute * 60_000))


def script(hour: Hour, questions: list[QuestionData], announcements: Iterable[tuple[float, str]] = ()) -> list[Act]:
    """All acts of the hour in their order. The same arguments give the same acts."""
    random = random_for(hour.slug)
    acts = [Act(hour.at(0), "opened")]
    acts += [Act(hour.at(minute), "announced", text=text) for minute, text in announcements if minute <= hour.until]
    shown: dict[int, float] = {}
    for question in questions:
        acts += _told(hour, question, random, shown)
    acts += _votes(hour, questions, shown, random)
    acts.sort(key=lambda act: act.at)  # stable: what has one time keeps its order
    return [*acts, Act(hour.at(hour.until), "closed")] if hour.closes else acts


def visitor(question: QuestionData) -> str:
    """Who asked: the same nickname is the same person, without one each is somebody else."""
    return question["nickname"] or f"nameless {question['n']}"


def _told(hour: Hour, question: QuestionData, random: Random, shown: dict[int, float]) -> Iterator[Act]:
    number, asked = question["n"], question["minute"]
    who, nickname = visitor(question), question["nickname"] or ""
    yield Act(hour.at(asked), "asked", number, who, text=question["text"], nickname=nickname, topic=question["topic"])
    answer, outcome = question["answer"], question["outcome"]
    latest = answer["minute"] - 0.1 if answer else hour.until - 0.05
    decided = min(asked + LEAST_DELAY + random.expovariate(1 / USUAL_DELAY), max(latest, asked + 0.02))
    if outcome in ("published", "answered"):
        shown[number] = decided
        yield Act(hour.at(decided), "published", number)
    if question.get("assigned") is not None:
        yield Act(hour.at(decided + 0.01), "assigned", number, question["assigned"])
    if answer:
        yield Act(hour.at(max(answer["minute"], decided)), "answered", number, answer["speaker"], text=answer["text"])
    elif outcome == "merged":
        yield Act(hour.at(decided), "merged", number, into=question["merged_into"])
    elif outcome == "rejected":
        yield Act(hour.at(decided), "rejected", number, text=question["reject_reason"])


def _votes(hour: Hour, questions: list[QuestionData], shown: dict[int, float], random: Random) -> Iterator[Act]:
    """Votes are for what is shown; those of a merged question, which never was, go to the one it became."""
    wanted: dict[int, int] = defaultdict(int)
    for question in questions:
        wanted[question["merged_into"] or question["n"]] += question["votes"]
    askers = {question["n"]: visitor(question) for question in questions}
    crowd = sorted(set(askers.values()))
    crowd += [f"silent {number}" for number in range(max(wanted.values(), default=0) + SILENT)]
    for number, since in shown.items():
        others = [person for person in crowd if person != askers[number]]
        for person in random.sample(others, min(wanted[number], len(others))):
            minute = since + 0.02 + (hour.until - since - 0.04) * random.random() ** 2
            yield Act(hour.at(max(minute, since)), "voted", number, person)
