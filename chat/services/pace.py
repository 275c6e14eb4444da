"""What keeps a full room in hand: silence for one, a lane of their own for some, slow mode and shield for all.

Each is told in the staff's stream, with who did it, and lifted by the same act; slow mode and the screen are told to
the public besides, without a name.
"""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from chat import frames
from chat.choices import SLOW_SECONDS, Lane, QuestionState
from chat.errors import BadMessage, NotFound
from chat.frames import Data
from chat.identity import Actor
from chat.models import Question, Room
from chat.policies import require_moderator, require_state
from chat.services.decisions import remember_decision
from chat.services.moderation import require_undecided
from chat.services.once import act_once, get_question, tell
from chat.services.rooms import OPEN_OR_PAUSED


@act_once
def mute_participant(room: Room, actor: Actor, *, participant: str, minutes: int, now: datetime) -> Data:
    """Take no question of a visitor (by `you.id`) for some minutes; 0 lifts it. It survives a change of nickname."""
    require_moderator(actor, room)
    require_state(room, *OPEN_OR_PAUSED)
    until = now + timedelta(minutes=minutes)
    if not room.participants.filter(key=participant).update(muted_until=until):
        raise NotFound(_("There is no such participant in this room."))
    data = {"participant": participant, "until": frames.moment(until), "by": actor.name}
    tell(room, "participant.muted", data, now)
    return {}


@act_once
def divert_participant(room: Room, actor: Actor, *, participant: str, minutes: int, now: datetime) -> Data:
    """Let what a visitor asks for some minutes queue in the flood lane, what waits of theirs too; 0 lifts it.

    For floods alone: they are not told, as nothing that waits is ever public.
    """
    require_moderator(actor, room)
    require_state(room, *OPEN_OR_PAUSED)
    until = now + timedelta(minutes=minutes)
    if not room.participants.filter(key=participant).update(flooding_until=until):
        raise NotFound(_("There is no such participant in this room."))
    data = {"participant": participant, "until": frames.moment(until), "by": actor.name}
    tell(room, "participant.flooding", data, now)
    lanes = (Lane.MAIN, Lane.FLOOD) if minutes else (Lane.FLOOD, Lane.MAIN)
    for question in room.questions.waiting().filter(participant__key=participant, lane=lanes[0]):
        _move(room, question, lanes[1], actor, now)
    return {}


@act_once
def release_question(room: Room, actor: Actor, *, question_id: int, now: datetime) -> Data:
    """Put a waiting question that was held, or queues apart, into the main queue."""
    require_moderator(actor, room)
    require_state(room, *OPEN_OR_PAUSED)
    question = get_question(room, question_id)
    require_undecided(question, QuestionState.ASKED)
    if question.lane != Lane.MAIN:
        remember_decision(room, question, "release", actor, now)
        _move(room, question, Lane.MAIN, actor, now)
    return {}


def _move(room: Room, question: Question, lane: Lane, actor: Actor, now: datetime) -> None:
    Question.objects.filter(pk=question.pk).update(lane=lane)
    tell(room, "question.released", {"question": question.pk, "lane": lane, "by": actor.name}, now)


@act_once
def slow_room(room: Room, actor: Actor, *, seconds: int, now: datetime) -> Data:
    """One question a person each 0 (off), 30 or 120 seconds; all see it. Raises `BadMessage` for another number."""
    require_moderator(actor, room)
    require_state(room, *OPEN_OR_PAUSED)
    if seconds not in SLOW_SECONDS:
        raise BadMessage(_("Slow mode is off, 30 or 120 seconds."))
    if room.slow_seconds != seconds:
        Room.objects.filter(pk=room.pk).update(slow_seconds=seconds)
        tell(room, "room.slowed", {"seconds": seconds}, now)
        tell(room, "pace.set", {"seconds": seconds, "by": actor.name}, now)
    return {}


@act_once
def shield_room(room: Room, actor: Actor, *, value: bool, now: datetime) -> Data:
    """Who has asked or voted so far goes on; what newcomers ask queues apart until the shield is down."""
    require_moderator(actor, room)
    require_state(room, *OPEN_OR_PAUSED)
    if (room.shield_after is not None) != value:
        Room.objects.filter(pk=room.pk).update(shield_after=room.participant_count if value else None)
        tell(room, "room.shielded", {"on": value, "by": actor.name}, now)
    return {}


@act_once
def show_on_screen(room: Room, actor: Actor, *, question_id: int | None, now: datetime) -> Data:
    """Put a public question on the projector, or take it off."""
    require_moderator(actor, room)
    question = None if question_id is None else get_question(room, question_id)
    if question is not None:
        require_undecided(question, QuestionState.PUBLISHED, QuestionState.ANSWERED)
    if room.on_screen_id != question_id:
        Room.objects.filter(pk=room.pk).update(on_screen=question)
        tell(room, "screen.changed", {"question": question_id}, now)
        tell(room, "screen.set", {"question": question_id, "by": actor.name}, now)
    return {}
