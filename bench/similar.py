"""How well and how fast like questions are found, on the demonstration's labelled ones."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles

from chat.similarity import THRESHOLD
from chat.trigrams import Index

DATA = Path(__file__).parent.parent / "data/employers/police"
SUGGESTED = 3
LEVELS = (0.25, 0.30, 0.35, 0.40, 0.45, 0.50)

Question = tuple[str, str | None]  # text, label


def labelled_questions() -> list[Question]:
    """Every question of both files in the order of arrival, with the label of what it asks, None for its own."""
    return [(question["text"], question["group"]) for question in _questions()]


def _questions() -> Iterator[dict]:
    for room in json.loads((DATA / "rooms_2004.json").read_text())["rooms"]:
        yield from room["questions"]
    today = json.loads((DATA / "room_today.json").read_text())["room"]
    for part in ("questions", "handled", "arrivals"):
        yield from today[part]


def scores(questions: list[Question], level: float) -> tuple[float, float, list[float]]:
    """Precision, recall and the seconds of each search, as a moderator meets them: each question in turn is held
    against all before it. Precision: of the questions to which something was suggested, how many got one that asks the
    same. Recall: of those that have an earlier one like them, how many were shown one.
    """
    index: Index[int] = Index()
    labels: dict[int, str | None] = {}
    known: set[str | None] = set()
    suggested = right = wanted = 0
    times = []
    for number, (text, label) in enumerate(questions):
        began = time.perf_counter()
        found = index.nearest(text, limit=SUGGESTED, least=level)
        times.append(time.perf_counter() - began)
        suggested += bool(found)
        right += label is not None and any(labels[other] == label for other, _ in found)
        wanted += label is not None and label in known
        index.put(number, text)
        labels[number] = label
        known.add(label)
    return right / max(1, suggested), right / max(1, wanted), times


def table() -> str:
    questions = labelled_questions()
    lines = [
        f"## Like questions: {len(questions)} labelled ones, each held against all before it",
        "",
        f"| threshold | precision in {SUGGESTED} | recall in {SUGGESTED} | p50 | p99 |",
        "| --- | --- | --- | --- | --- |",
    ]
    for level in LEVELS:
        precision, recall, times = scores(questions, level)
        chosen = "**" if level == THRESHOLD else ""
        speed = f"{median(times) * 1000:.1f} ms | {quantiles(times, n=100)[98] * 1000:.1f} ms"
        lines.append(f"| {chosen}{level:.2f}{chosen} | {precision:.2f} | {recall:.2f} | {speed} |")
    return "\n".join(lines)
