"""What every act in a room shares: the lock, the frame's receipt, the event."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial, wraps
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from chat import hub, journal, statements
from chat.errors import ChatError, NotFound
from chat.frames import Data
from chat.identity import Actor
from chat.models import FrameReceipt, Question, Room

REMEMBERED_FOR = timedelta(hours=24)


def digest_of(client_id: str) -> str:
    return hashlib.sha256(client_id.encode(errors="surrogatepass")).hexdigest()


def lock_room(room_id: int) -> Room:
    """The room, until the end of the transaction alone in changing its journal. Readers and inserts go on."""
    room = statements.lock_room(room_id)
    if room is None:
        raise NotFound(_("There is no such room."))
    return room


def remembered(room_id: int, actor: Actor, client_id: str) -> Data | None:
    """The ack that this frame got before; None if it is new."""
    receipts = FrameReceipt.objects.filter(room=room_id, actor=actor.receipt_key, digest=digest_of(client_id))
    return receipts.values_list("ack", flat=True).first()


def received(room_id: int, frames: Sequence[tuple[Actor, str]]) -> dict[tuple[str, str | None], Any]:
    """The acks that these frames got before, by actor's `receipt_key` and client id."""
    ids = {digest_of(client_id): client_id for _, client_id in frames}
    receipts = FrameReceipt.objects.filter(
        room=room_id, digest__in=ids, actor__in={who.receipt_key for who, _ in frames}
    )
    return {(actor, ids[digest]): ack for actor, digest, ack in receipts.values_list("actor", "digest", "ack")}


def remember_all(room: Room, acks: Iterable[tuple[Actor, str, Data]], now: datetime) -> None:
    """Keep the acks, each with its actor and client id. Raises `IntegrityError` where one was kept before."""
    statements.insert_receipts(
        [
            FrameReceipt(room_id=room.pk, actor=actor.receipt_key, digest=digest_of(client_id), ack=ack, at=now)
            for actor, client_id, ack in acks
        ]
    )


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
                    remember_all(room, [(actor, client_id, ack)], now)
                return ack
        except (ChatError, IntegrityError):
            # The receipt's constraint, or a refusal of what was done before: a resend gets its ack all the same.
            known = None if client_id is None else remembered(room_id, actor, client_id)
            if known is None:
                raise
            return known

    return service


def together(acts: Iterable[Callable[[], list[Data | ChatError]]]) -> list[list[Data | ChatError]]:
    """Several services in one commit, each still whole or not at all; what each gave.

    What they tell goes out together. Raises `DatabaseError` where the commit fails: none of them is done then.
    """
    with hub.one_notice(), transaction.atomic():
        return [act() for act in acts]


def tell(room: Room, kind: str, data: Data, now: datetime) -> None:
    """Write an event; browsers have it once the transaction is committed."""
    tell_all(room, [(kind, data)], now)


def tell_all(room: Room, news: Iterable[tuple[str, Data]], now: datetime) -> None:
    """Write events, each a kind and its data."""
    events = journal.append(room, news, now)
    transaction.on_commit(partial(hub.announce, events), robust=True)


def tell_votes(room: Room, questions: Iterable[int], voters: Iterable[str] = ()) -> None:
    """Votes of these questions are others; `voters` names those who said so themselves."""
    transaction.on_commit(partial(hub.votes_changed, room.pk, set(questions), set(voters)), robust=True)


def get_question(room: Room, question_id: int) -> Question:
    """A question of this room, with topic, decider and tally."""
    questions = room.questions.with_tally().select_related("topic", "decided_by", "participant")
    question = questions.filter(pk=question_id).first()
    if question is None:
        raise NotFound(_("There is no such question in this room."))
    return question
