"""What staff say among themselves, and hand to each other: never in a public frame."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from chat import frames
from chat.errors import Forbidden
from chat.frames import Data
from chat.identity import Actor
from chat.models import Note, Question, Room
from chat.policies import require_can_answer, require_state
from chat.services.moderation import ONCE_OPENED, UNDECIDED_OR_PUBLIC, require_undecided
from chat.services.once import act_once, get_question, tell


@act_once
def write_note(room: Room, actor: Actor, *, text: str, question_id: int | None = None, now: datetime) -> Data:
    """Say something backstage, of a question or of the room; `{"note": id}`. At any time, before the hour too."""
    require_can_answer(actor, room)
    question = None if question_id is None else get_question(room, question_id)
    note = Note.objects.create(room=room, question=question, by_id=actor.user_id, text=text, at=now)
    tell(room, "note.written", frames.note(note), now)
    return {"note": note.pk}


@act_once
def see_notes(room: Room, actor: Actor, *, notes: Sequence[int], now: datetime) -> Data:
    """Let the others know that one has read their notes; what is one's own, or seen, changes nothing."""
    require_can_answer(actor, room)
    unseen = room.notes.filter(pk__in=notes).exclude(by=actor.user_id).exclude(seen_by=actor.user_id)
    seen = list(unseen)
    if actor.user_id is not None:
        for note in seen:
            note.seen_by.add(actor.user_id)
    if seen:
        tell(room, "note.seen", {"notes": [note.pk for note in seen], "by": actor.name}, now)
    return {}


@act_once
def pass_question(room: Room, actor: Actor, *, question_id: int, now: datetime) -> Data:
    """A speaker gives back a question of theirs, unanswered: the moderators hand it on."""
    require_can_answer(actor, room)
    require_state(room, *ONCE_OPENED)
    question = get_question(room, question_id)
    require_undecided(question, *UNDECIDED_OR_PUBLIC)
    if question.assigned_to is None:
        return {}
    if question.assigned_to.user_id != actor.user_id:
        raise Forbidden(_("This question is not with you."))
    Question.objects.filter(pk=question.pk).update(assigned_to=None)
    tell(room, "question.assigned", {"question": question.pk, "speaker": None, "by": actor.name}, now)
    return {}
