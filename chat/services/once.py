"""What every act in a room shares: the lock, the frame's receipt, the event."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial, wraps
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from chat import hub, journal
from chat.errors import ChatError, NotFound
from chat.frames import Data
from chat.identity import Actor
from chat.models import FrameReceipt, Question, Room

REMEMBERED_FOR = timedelta(hours=24)


def digest_of(client_id: str) -> str:
    return hashlib.sha256(client_id.encode(errors="surrogatepass")).hexdigest()


def lock_room(room_id: int) -> Room:
    """The room, until the end of the transaction alone in changing its journal. Readers and inserts go on."""
    try:
        return Room.objects.select_for_update(no_key=True).get(pk=room_id)
    except Room.DoesNotExist:
        raise NotFound(_("There is no such room.")) from None


def remembered(room_id: int, actor: Actor, client_id: str) -> Data | None:
    """The ack that this frame got before; None if it is new."""
    receipts = FrameReceipt.objects.filter(room=room_id, actor=actor.receipt_key, digest=digest_of(client_id))
    return receipts.values_list("ack", flat=True).first()


def remember(room: Room, actor: Actor, client_id: str, ack: Data, now: datetime) -> None:
    FrameReceipt.objects.create(room=room, actor=actor.receipt_key, digest=digest_of(client_id), ack=ack, at=now)


def purge_receipts(now: datetime) -> int:
    """Forget the frames of more than a day ago; how many."""
    return FrameReceipt.objects.filter(at__lt=now - REMEMBERED_FOR).delete()[0]


def act_once(act: Callable[..., Data]) -> Callable[..., Data]:
    """Make of `act(room, actor, now=…, …)` a service: one transaction under the room's lock, once per `client_id`."""

    @wraps(act)
    def service(*, room_id: int, actor: Actor, now: datetime, client_id: str | None = None, **arguments: Any) -> Data:
        try:
            with transaction.atomic():
                room = lock_room(room_id)
                ack = act(room, actor, now=now, **arguments)
                if client_id is not None:
                    remember(room, actor, client_id, ack, now)
                return ack
        except (ChatError, IntegrityError):
            # The receipt's constraint, or a refusal of what was done before: a resend gets its ack all the same.
            known = None if client_id is None else remembered(room_id, actor, client_id)
            if known is None:
                raise
            return known

    return service


def tell(room: Room, kind: str, data: Data, now: datetime) -> None:
    """Write an event; browsers have it once the transaction is committed."""
    event = journal.append(room, kind, data, now)
    transaction.on_commit(partial(hub.announce, event), robust=True)


def tell_votes(room: Room, question: Question) -> None:
    transaction.on_commit(partial(hub.votes_changed, room.pk, question.pk), robust=True)


def get_question(room: Room, question_id: int) -> Question:
    """A question of this room, with topic, decider and tally."""
    questions = room.questions.with_tally().select_related("topic", "decided_by", "participant")
    question = questions.filter(pk=question_id).first()
    if question is None:
        raise NotFound(_("There is no such question in this room."))
    return question
