"""One room in one process. All of it is used on the event loop's thread."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from django.db.models import Count

from chat import frames
from chat.choices import STATE_AFTER, EventStream
from chat.models import Participant, Question, Room
from chat.readers import Batch, Reader
from chat.streams import Stream, Told
from chat.threads import in_database

POLL_COUNTS_FOR = 30.0
CLAIM_LASTS = 20.0
ASKER_HEARS = {  # what the public stream does not tell, and whoever asked wants to know at once
    "question.assigned",
    "question.rejected",
    "question.merged",
    "question.unmerged",
    "question.returned",
}
VOTED_ON = ("question.published", "answer.published")  # what may come with votes from when it was not public

Spawn = Callable[[Awaitable[Any]], None]


class LiveRoom:
    """One room in this process: its two streams, who listens, votes and presence."""

    def __init__(self, room: Room, votes: dict[int, int], people: set[str], askers: dict[int, str], spawn: Spawn):
        self.room_id = room.pk
        self.spawn = spawn
        self.standing = room
        self.public = Stream(room.pk, EventStream.PUBLIC, room.public_seq)
        self.staff = Stream(room.pk, EventStream.STAFF, room.staff_seq)
        self.polls: dict[str, float] = {}
        self.elsewhere: dict[str, tuple[float, int]] = {}
        self.people = people  # who asked or voted so far, by `you.id`: of all others there is nothing to look up
        self.askers = askers  # question -> `you.id` of whoever asked it
        self.own: dict[str, set[Reader]] = {}  # the sockets of those who took part, by `you.id`
        self.votes = votes
        self.touched: set[int] = set()
        self.must_count_all = False
        self.is_wiped = False
        self.told_viewers = 0
        self.claims: dict[tuple[str, int | None], tuple[float, frames.Data]] = {}
        self.used_at = asyncio.get_running_loop().time()

    # --- events ---

    def stream(self, name: str) -> Stream:
        return self.public if name == EventStream.PUBLIC else self.staff

    def tell_offered(self) -> None:
        for stream in (self.public, self.staff):
            self._heed(stream.tell_offered())
            if stream.offered:  # behind a gap: another process, or another thread, was first
                self.spawn(self.catch_up(stream.name))

    async def catch_up(self, *names: str) -> None:
        for name in names:
            self._heed(await self.stream(name).catch_up())

    def _heed(self, heard: Iterable[Told]) -> None:
        for told in heard:
            if told.kind in STATE_AFTER:
                self.standing.state = STATE_AFTER[told.kind]
                self.standing.closes_at = told.closes_at or self.standing.closes_at
            elif told.kind in VOTED_ON and told.question is not None:
                self.touched.add(told.question)
            elif told.kind in ASKER_HEARS and told.question is not None:
                self._tell_asker(told.question)
            elif told.participant is not None:
                self.people.add(told.participant)
                if told.question is not None:
                    self.askers[told.question] = told.participant

    def _tell_asker(self, question: int) -> None:
        """A nudge to whoever asked, on their own sockets alone: what became of it is theirs to read."""
        batch = Batch.of(frames.mine(question))
        for reader in tuple(self.own.get(self.askers.get(question, ""), ())):
            reader.write(batch)

    def position(self) -> tuple[int, int]:
        return self.public.last, self.staff.last

    async def follow(self, room: Room, before: tuple[int, int]) -> None:
        """Take what the row says; read the journal where it is ahead; tell all to forget a wiped room (`is_wiped`).

        `before`: the position before the row was read. A row behind it was wiped; one behind the position of now may
        just be older than what came meanwhile.
        """
        row = room.public_seq, room.staff_seq
        if row[0] < before[0] or row[1] < before[1]:
            self._forget()
            return
        if row[0] >= self.public.last:
            self.standing = room
        if row[0] > self.public.last or row[1] > self.staff.last:
            await self.catch_up(*EventStream.values)
        if room.participant_count > len(self.people):
            self.people |= await in_database(find_people, room.pk)

    def _forget(self) -> None:
        batch = Batch.of(frames.reset())
        for reader in self.readers():
            reader.write(batch)
            reader.close(1000)
        self.is_wiped = True
        self.public.moved.set()

    # --- people ---

    def readers(self) -> set[Reader]:
        return self.public.readers | self.staff.readers

    def know(self, reader: Reader, key: str) -> None:
        """That socket belongs to the participant `key`."""
        self.own.setdefault(key, set()).add(reader)

    def leave(self, reader: Reader, key: str) -> None:
        self.public.readers.discard(reader)
        self.staff.readers.discard(reader)
        if own := self.own.get(key):
            own.discard(reader)
            if not own:
                del self.own[key]
        self.used_at = asyncio.get_running_loop().time()

    def polled(self, visitor: str) -> None:
        """Somebody asked for events over HTTP: a viewer for a while."""
        self.used_at = self.polls[visitor] = asyncio.get_running_loop().time()

    def viewers_here(self) -> int:
        limit = asyncio.get_running_loop().time() - POLL_COUNTS_FOR
        self.polls = {visitor: at for visitor, at in self.polls.items() if at > limit}
        return len(self.public.readers) + len(self.polls)

    def viewers(self) -> int:
        now = asyncio.get_running_loop().time()
        self.elsewhere = {process: seen for process, seen in self.elsewhere.items() if seen[0] > now}
        return self.viewers_here() + sum(count for _, count in self.elsewhere.values())

    def tell_presence(self) -> None:
        viewers = self.viewers()
        if viewers != self.told_viewers:
            self.told_viewers = viewers
            self._write_to_all(Batch.of(frames.presence(viewers)))

    # --- votes ---

    async def tell_tally(self) -> None:
        """Count what was voted on, tell what changed."""
        if not (self.touched or self.must_count_all):
            return
        only, self.touched = (None if self.must_count_all else self.touched), set()
        self.must_count_all = False
        counts = await in_database(count_votes, self.room_id, only)
        changed = {question: count for question, count in counts.items() if self.votes.get(question, 0) != count}
        self.votes.update(counts)
        if changed:
            self._write_to_all(Batch.of(frames.tally(changed)))

    def write_tally(self, reader: Reader) -> None:
        """All counts, for one who was away while some changed."""
        if self.votes:
            reader.write(Batch.of(frames.tally(self.votes)))

    # --- claims ---

    def hear_claim(self, frame: frames.Data) -> None:
        """Somebody of the staff has a question before them, or none any more. Soft, and nowhere written."""
        now = asyncio.get_running_loop().time()
        claimant = (frame["who"], frame.get("speaker"))
        self.claims = {who: held for who, held in self.claims.items() if held[0] > now and who != claimant}
        if frame["question"] is not None:
            self.claims[claimant] = (now + CLAIM_LASTS, frame)
        self._write_to_staff(Batch.of(frame))

    def write_claims(self, reader: Reader) -> None:
        now = asyncio.get_running_loop().time()
        for until, frame in self.claims.values():
            if until > now:
                reader.write(Batch.of(frame))

    def _write_to_staff(self, batch: Batch) -> None:
        for reader in tuple(self.staff.readers):
            reader.write(batch)

    def _write_to_all(self, batch: Batch) -> None:
        for reader in tuple(self.public.readers):
            reader.write(batch)


def find_room(slug: str) -> tuple[Room, dict[int, int], set[str], dict[int, str]] | None:
    """The room of that address, its votes, who asked or voted there, and who asked what."""
    room = Room.objects.filter(slug=slug).first()
    if room is None:
        return None
    askers = dict(room.questions.order_by().values_list("pk", "participant__key"))
    return room, count_votes(room.pk, None), find_people(room.pk), askers


def find_people(room_id: int) -> set[str]:
    return set(Participant.objects.filter(room=room_id).values_list("key", flat=True))


def count_votes(room_id: int, only: Iterable[int] | None) -> dict[int, int]:
    """Votes of a room's public questions, all or `only` these."""
    questions = Question.objects.public().filter(room=room_id)
    if only is not None:
        questions = questions.filter(pk__in=list(only))
    return dict(questions.values_list("pk").annotate(Count("votes")))
