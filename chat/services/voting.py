"""What visitors say of each other's questions."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from chat.choices import PUBLIC_STATES, RoomState
from chat.errors import Forbidden, NotFound
from chat.frames import Data
from chat.identity import Actor
from chat.models import Participant, Question, Room, Vote
from chat.policies import require_state, require_visitor
from chat.services.once import act_once, get_question, tell_votes
from chat.services.participants import newcomer, save_newcomers


@act_once
def cast_vote(room: Room, actor: Actor, *, question_id: int, value: bool, now: datetime) -> Data:
    """Say "me too" of a public question, or no longer. Raises `Forbidden` for one's own."""
    require_visitor(actor, room)
    require_state(room, RoomState.OPEN)
    question = get_question(room, question_id)
    if question.state not in PUBLIC_STATES:
        raise NotFound(_("This question is not shown in the room."))
    participant = _participant(room, actor.key)
    if question.participant_id == participant.pk:
        raise Forbidden(_("This is your own question: it counts already."))
    _record_vote(question, participant, value, now)
    tell_votes(room, question)
    return {}


def _record_vote(question: Question, participant: Participant, value: bool, now: datetime) -> None:
    if value:
        Vote.objects.get_or_create(question=question, participant=participant, defaults={"at": now})
    else:
        Vote.objects.filter(question=question, participant=participant).delete()


def _participant(room: Room, key: str) -> Participant:
    known = room.participants.filter(key=key).first()
    if known is not None:
        return known
    person = newcomer(room, key)
    save_newcomers(room, [person])
    return person
