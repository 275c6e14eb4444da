"""What many do in the same moment, written together: one transaction and a handful of statements for all of them."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from django.conf import settings
from django.db import DatabaseError, transaction
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chat.choices import RoomState
from chat.errors import ChatError, NotFound
from chat.frames import Data
from chat.identity import Actor
from chat.models import Participant, Room
from chat.policies import require_state, require_visitor
from chat.services.once import lock_room, received, remember_all


class Entry(Protocol):
    """What one visitor does. `client_id` is None where it comes from a place that never repeats itself."""

    @property
    def actor(self) -> Actor: ...

    @property
    def client_id(self) -> str | None: ...


E = TypeVar("E", bound=Entry)


class Crowd(ABC, Generic[E]):
    """Entries of one kind before the room as it stands: each heard in its turn, then what was taken is written."""

    def __init__(self, room: Room, entries: Sequence[E], now: datetime):
        self.room = room
        self.now = now
        self.people = {who.key: who for who in room.participants.filter(key__in={e.actor.key for e in entries})}
        self.newcomers: list[Participant] = []
        self._known = received(room.pk, [(e.actor, e.client_id) for e in entries if e.client_id is not None])
        self._acks: list[tuple[Actor, str, Data]] = []

    def require_open(self) -> None:
        """Raises `NotOpen` where this kind is not taken now."""
        require_state(self.room, RoomState.OPEN)

    @abstractmethod
    def take(self, entry: E) -> Data:
        """Accept it: its ack, which `record` may still fill. Raises `ChatError`, and has changed nothing then."""

    @abstractmethod
    def record(self) -> None:
        """Write what was taken."""

    def hear(self, entry: E) -> Data | ChatError:
        """Its ack, that of its first time if it came before, or why not."""
        frame = (entry.actor.receipt_key, entry.client_id or "")
        if frame in self._known:
            return self._known[frame]
        try:
            require_visitor(entry.actor, self.room)
            self.require_open()
            ack = self.take(entry)
        except ChatError as refusal:
            return refusal
        if entry.client_id is not None:
            self._known[frame] = ack
            self._acks.append((entry.actor, entry.client_id, ack))
        return ack

    def participant(self, key: str) -> Participant:
        """Who that is, new perhaps: then under the room's next number."""
        if key not in self.people:
            self.room.participant_count += 1
            number = self.room.participant_count
            self.people[key] = Participant(room=self.room, key=key, number=number, nickname=_default_nickname(number))
            self.newcomers.append(self.people[key])
        return self.people[key]

    def write(self) -> None:
        if self.newcomers:
            Room.objects.filter(pk=self.room.pk).update(participant_count=self.room.participant_count)
            Participant.objects.bulk_create(self.newcomers)
        self.record()
        remember_all(self.room, self._acks, self.now)


def _default_nickname(number: int) -> str:
    with translation.override(settings.LANGUAGE_CODE):  # it is shown to everybody, not to its owner alone
        return gettext("Candidate %d") % number


def hear_all(kind: type[Crowd[E]], room_id: int, entries: Iterable[E], now: datetime) -> list[Data | ChatError]:
    """For each entry its ack or why not, in one transaction.

    Where one of them breaks the transaction each gets one of its own, so that it takes nobody along.
    """
    entries = list(entries)
    try:
        return _hear(kind, room_id, entries, now)
    except DatabaseError:
        if len(entries) == 1:
            raise
        return [_hear_alone(kind, room_id, entry, now) for entry in entries]


@transaction.atomic
def _hear(kind: type[Crowd[E]], room_id: int, entries: Sequence[E], now: datetime) -> list[Data | ChatError]:
    crowd = kind(lock_room(room_id), entries, now)
    outcomes = [crowd.hear(entry) for entry in entries]
    crowd.write()
    return outcomes


def _hear_alone(kind: type[Crowd[E]], room_id: int, entry: E, now: datetime) -> Data | ChatError:
    try:
        return _hear(kind, room_id, [entry], now)[0]
    except DatabaseError:
        return NotFound(_("This could not be stored. Change its text and send it again."))


def hear_one(kind: type[Crowd[E]], room_id: int, entry: E, now: datetime) -> Data:
    """Its ack. Raises `ChatError`."""
    outcome = hear_all(kind, room_id, [entry], now)[0]
    if isinstance(outcome, ChatError):
        raise outcome
    return outcome
