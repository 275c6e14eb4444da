"""In whose name an answer is given, and who of the speakers has left the desk for a while."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from chat.choices import Role
from chat.errors import BadMessage, Forbidden
from chat.frames import Data
from chat.identity import Actor
from chat.models import Room, Speaker
from chat.policies import require_can_answer, require_state
from chat.services.moderation import ONCE_OPENED, get_speaker
from chat.services.once import act_once, tell


def speaker_for(room: Room, actor: Actor, role: Role, speaker_id: int | None) -> Speaker:
    """The speaker that the actor is, or the one whom a moderator names."""
    own = room.speakers.filter(user=actor.user_id).first()
    if speaker_id is None:
        if own is None:
            raise BadMessage(_("Say in whose name you do this."))
        return own
    if role == Role.SPEAKER and (own is None or own.pk != speaker_id):
        raise Forbidden(_("Only the moderators act in somebody else's name."))
    return get_speaker(room, speaker_id)


@act_once
def leave_desk(room: Room, actor: Actor, *, value: bool, speaker_id: int | None = None, now: datetime) -> Data:
    """A speaker is away for a while, or back: told to staff alone. Nothing that they were given is taken from them."""
    role = require_can_answer(actor, room)
    require_state(room, *ONCE_OPENED)
    speaker = speaker_for(room, actor, role, speaker_id)
    if not value:
        come_back(room, speaker, actor, now)
    elif room.away.get_or_create(speaker=speaker, defaults={"since": now})[1]:
        _tell_away(room, speaker, actor, now, is_away=True)
    return {}


def come_back(room: Room, speaker: Speaker, actor: Actor, now: datetime) -> None:
    """Who is not away changes nothing."""
    if room.away.filter(speaker=speaker).delete()[0]:
        _tell_away(room, speaker, actor, now, is_away=False)


def _tell_away(room: Room, speaker: Speaker, actor: Actor, now: datetime, *, is_away: bool) -> None:
    tell(room, "speaker.away", {"speaker": speaker.pk, "away": is_away, "by": actor.name}, now)
