"""What the hall may use of the rooms: their engine's life, their periodic work, and reads for other apps."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from chat import services
from chat.figures import RoomFigures, asked_between, room_figures, topics
from chat.hub import hub
from chat.identity import VISITOR_COOKIE, participant_key, read_visitor
from chat.models import Question
from chat.programme import Schedule, latest_exchanges, most_wanted, schedule
from chat.querysets import RUNNING
from chat.reasons import reason_label
from chat.report import Outcomes, Report, room_report
from chat.services import send_invitations_by
from chat.similarity import Entry, Paragraph, memory, offer_paragraphs
from chat.threads import in_database

__all__ = [
    "Outcomes",
    "Paragraph",
    "Report",
    "RoomFigures",
    "Schedule",
    "answers_by_mail",
    "asked_between",
    "latest_exchanges",
    "most_wanted",
    "nearest_answer",
    "offer_in_rooms",
    "offer_mail_counts",
    "offer_paragraphs",
    "own_questions",
    "purge",
    "reason_label",
    "room_figures",
    "room_report",
    "room_slots",
    "schedule",
    "send_invitations_by",
    "start",
    "stop",
    "topics",
    "viewers",
]

OWN_SHOWN = 20
KEEP_TIME_EVERY = 1.0
KEEP_PEAKS_EVERY = 5.0
_peaks: dict[int, dict[datetime, int]] = {}  # room -> the minute, and what was written of it

room_slots: list[str] = []
"""Names of templates shown beside a room (`{% room_slot room %}`); their context is `room` and the request's."""


SlotContext = Callable[[datetime, dict[str, str]], dict[str, Any]]
slot_contexts: dict[str, SlotContext] = {}


def offer_in_rooms(template: str, context: SlotContext | None = None) -> None:
    """Show a template of another app on every room's page, with what `context(now, question)` gives it: `question` has
    `text` and `topic` (a key or "") of what the reader asked and got no answer to, or is empty. Called once, at start.
    """
    if template not in room_slots:
        room_slots.append(template)
    if context is not None:
        slot_contexts[template] = context


_mail_counts: list[Callable[[int], int]] = []


def offer_mail_counts(count: Callable[[int], int]) -> None:
    """Let another app say how many questions of a room (its id) it answers by mail. Called once, at start."""
    if count not in _mail_counts:
        _mail_counts.append(count)


def answers_by_mail(room_id: int) -> int:
    return sum(count(room_id) for count in _mail_counts)


def own_questions(cookies: Mapping[str, str], room_id: int) -> list[str]:
    """What the visitor whose cookies these are has asked in a room, oldest first; nothing where none is known."""
    visitor = read_visitor(cookies.get(VISITOR_COOKIE))
    if visitor is None:
        return []
    asked = Question.objects.filter(room=room_id, participant__key=participant_key(visitor, room_id))
    return list(asked.order_by("asked_at", "pk").values_list("text", flat=True)[:OWN_SHOWN])


def nearest_answer(text: str) -> Entry | None:
    """The answered question, or the house's paragraph, that reads most like a text; None where none does."""
    return next((near.entry for near in memory.answered_already(text, limit=1)), None)


def viewers(room_id: int) -> int:
    """How many are in a room now, on all processes."""
    return hub.viewers(room_id)


def start() -> None:
    """Begin to serve rooms, in the running event loop."""
    hub.start()
    hub.every(KEEP_TIME_EVERY, _keep_time)
    hub.every(KEEP_PEAKS_EVERY, _keep_peaks)


async def stop(*, spread: float) -> None:
    """Answer waiting polls, close sockets with 1012 over `spread` seconds. Twice does no harm."""
    await hub.stop(spread=spread)


async def _keep_peaks() -> None:
    """A row is written where more are in a running room than this process has seen there in this minute."""
    now = timezone.now()
    minute = now.replace(second=0, microsecond=0)
    running = {pk: live.told_viewers for pk, live in hub.rooms.items() if live.standing.state in RUNNING}
    higher = {pk: count for pk, count in running.items() if count > _peaks.get(pk, {}).get(minute, 0)}
    if higher:
        await in_database(services.keep_peaks, higher, now)
        _peaks.update({pk: {minute: count} for pk, count in higher.items()})


async def _keep_time() -> None:
    await in_database(services.keep_time, timezone.now())


def purge(now: datetime) -> int:
    """Daily work: forget frame receipts of more than a day ago, and rehearsals that are over; how many."""
    return services.purge_receipts(now) + services.end_rehearsals(now)
