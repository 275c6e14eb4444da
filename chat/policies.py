"""Who may, and when. Asked at each action: rights may end while a socket lives."""

from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from chat import statements
from chat.choices import Role, RoomState
from chat.errors import Forbidden, Muted, NotOpen
from chat.identity import Actor
from chat.models import Participant, Room


def role_in(actor: Actor, room: Room) -> Role:
    """The actor's role on the room's staff list; whoever is on both lists is moderator."""
    if actor.user_id is None:
        return Role.VISITOR
    return Role(statements.role_of(room.pk, actor.user_id))


def require_moderator(actor: Actor, room: Room) -> None:
    if role_in(actor, room) != Role.MODERATOR:
        raise Forbidden(_("Only the moderators of this room may do this."))


def require_can_answer(actor: Actor, room: Room) -> Role:
    """The actor's role, moderator or speaker."""
    role = role_in(actor, room)
    if role == Role.VISITOR:
        raise Forbidden(_("Only the speakers and moderators of this room answer here."))
    return role


def require_visitor(actor: Actor, room: Room) -> None:
    if role_in(actor, room) != Role.VISITOR:
        raise Forbidden(_("You are on this room's staff: questions and votes are the visitors'."))


def require_state(room: Room, *allowed: RoomState) -> None:
    """Raises `NotOpen` with what to expect, unless the room is in one of the states."""
    if room.state in allowed:
        return
    raise NotOpen(
        {
            RoomState.SCHEDULED: _("The room is not open yet."),
            RoomState.PAUSED: _("The room is paused. It will go on in a moment."),
            RoomState.CLOSED: _("The room is closed."),
            RoomState.OPEN: _("The room is open."),
        }[RoomState(room.state)]
    )


def require_takes_questions(room: Room) -> None:
    """Raises `NotOpen` where visitors may not ask now: while it is open, and before too where the house wants it."""
    require_state(room, RoomState.OPEN, *([RoomState.SCHEDULED] if settings.ROOM_EARLY_QUESTIONS else []))


def require_not_muted(participant: Participant, now: datetime) -> None:
    if participant.muted_until is not None and participant.muted_until > now:
        seconds = int((participant.muted_until - now).total_seconds()) + 1
        raise Muted(_("The moderators have suspended your questions for a while."), retry_after=seconds)
