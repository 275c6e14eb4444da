"""The hub's own promises, on a loop of the test's."""

import asyncio
import json

import pytest

from chat.consumers import find_visit
from chat.hub import hub
from chat.live import LiveRoom
from chat.models import Room, RoomEvent
from chat.streams import Told
from tests.chat.conftest import NOW


class Listener:
    """A reader that keeps what it is told."""

    def __init__(self):
        self.told = []
        self.code = None

    def write(self, batch):
        self.told += [json.loads(text) for text in batch.texts]

    async def drain(self):
        return None

    def close(self, code):
        self.code = code


def event(seq):
    row = RoomEvent(room_id=1, stream="public", seq=seq, kind="announcement", data={"text": f"{seq}"}, at=NOW)
    return Told.of(row)


@pytest.fixture
def listen():
    """Run a scene with a live room at position 5 and somebody in it."""

    def run(scene):
        async def play():
            live, listener = LiveRoom(Room(pk=1, slug="room", public_seq=5), {}, set(), {}, hub.spawn), Listener()
            live.public.readers.add(listener)
            await scene(live, listener)

        asyncio.run(play())
        hub.rooms.clear()

    return run


def test_offered_events_are_told_in_order_whatever_order_they_come_in(listen):
    async def scene(live, listener):
        for seq in (7, 6, 5, 6):
            live.public.offer(event(seq))
        live.public.tell_offered()
        assert [frame["seq"] for frame in listener.told] == [6, 7]

    listen(scene)


def test_an_event_behind_a_gap_waits_for_what_is_missing(listen):
    async def scene(live, listener):
        live.public.offer(event(8))
        live.public.tell_offered()
        assert listener.told == []
        assert list(live.public.offered) == [8]
        for seq in (6, 7):
            live.public.offer(event(seq))
        live.public.tell_offered()
        assert [frame["seq"] for frame in listener.told] == [6, 7, 8]

    listen(scene)


def test_a_row_that_is_older_than_what_came_meanwhile_makes_nobody_forget(listen):
    async def scene(live, listener):
        before = live.position()
        live.public.offer(event(6))
        live.public.tell_offered()
        await live.follow(Room(pk=1, slug="room", public_seq=5), before)
        assert [frame["type"] for frame in listener.told] == ["event"]
        assert listener.code is None

    listen(scene)


def test_a_wiped_room_makes_everybody_forget(listen):
    async def scene(live, listener):
        await live.follow(Room(pk=1, slug="room", public_seq=0), live.position())
        assert listener.told == [{"type": "reset"}]
        assert listener.code == 1000

    listen(scene)


def test_the_same_event_has_the_same_bytes_whatever_order_a_database_gives_its_keys_in():
    shown = {"question": 1, "text": "é", "speaker": {"id": 1, "name": "n", "title": "t"}}
    turned = {"text": "é", "speaker": {"title": "t", "id": 1, "name": "n"}, "question": 1}
    texts = {
        Told.of(RoomEvent(room_id=1, stream="public", seq=1, kind="answer.published", data=data, at=NOW)).text
        for data in (shown, turned)
    }
    assert len(texts) == 1


def test_who_never_took_part_comes_in_without_a_look_at_the_database(listen):
    """No database is open to this test: a read would fail it."""

    async def scene(live, _):
        known = await find_visit(live, "somebody", "")
        assert (known.role, known.nickname) == ("visitor", None)

    listen(scene)


def test_who_asked_or_voted_in_whichever_process_is_known_from_then_on(listen):
    async def scene(live, _):
        hub.rooms[1] = live
        asked = RoomEvent(room_id=1, stream="staff", seq=1, kind="question.asked", data={"participant": "a"}, at=NOW)
        hub.tell_events([(1, "staff", Told.of(asked))])
        hub.tell_votes(1, {7}, {"b"})
        hub._receive({"type": "hub.news", "room": 1, "process": "other", "news": [], "votes": [7], "voters": ["c"]})
        assert live.people == {"a", "b", "c"}

    listen(scene)


def staff_event(seq, kind, **data):
    return Told.of(RoomEvent(room_id=1, stream="staff", seq=seq, kind=kind, data=data, at=NOW))


@pytest.mark.parametrize(
    ("kind", "is_told"),
    [("question.rejected", True), ("question.merged", True), ("question.assigned", True), ("question.tagged", False)],
)
def test_what_became_of_a_question_is_told_to_its_asker_alone_and_names_nothing_but_it(listen, kind, is_told):
    async def scene(live, stranger):
        asker = Listener()
        live.know(asker, "a")
        live.staff.offer(staff_event(1, "question.asked", question=7, participant="a"))
        live.staff.offer(staff_event(2, kind, question=7, by="Paul", reason="propos"))
        live.tell_offered()
        assert asker.told == ([{"type": "mine", "question": 7}] if is_told else [])
        assert stranger.told == []
        live.leave(asker, "a")
        live.staff.offer(staff_event(3, kind, question=7))
        live.tell_offered()
        assert len(asker.told) == is_told

    listen(scene)
