"""The long poll: the same events over HTTP, for networks that block sockets."""

import asyncio
import json

import pytest
from django.utils import timezone

from chat import services
from chat.models import RoomEvent
from tests.chat.conftest import actor_of
from tests.chat.test_socket import cast, fill_journal, in_a_loop, site  # noqa: F401  # the same room, the same server
from tests.factories import QuestionFactory, RoomFactory, VoteFactory
from tests.serving import read, wait_for

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def announce(room, text="Bonsoir."):
    services.announce(room_id=room.pk, actor=actor_of(room.moderator), text=text, now=timezone.now())


@in_a_loop
async def test_polls_give_the_frames_that_sockets_get(site, cast):  # noqa: F811
    viewer = await site.connect(cast)
    await read(announce)(cast)
    event = await viewer.event("announcement")
    answer = await asyncio.to_thread(site.events, cast)
    assert answer == {
        "room": cast.slug,
        "state": "open",
        "seq": 1,
        "viewers": answer["viewers"],
        "votes": {},
        "events": [event],
    }


def test_every_event_of_any_room_is_there(site, cast):  # noqa: F811
    fill_journal(cast, 1300)
    closed = RoomFactory(closed=True)
    fill_journal(closed, 3)
    assert [event["seq"] for event in site.events(cast)["events"]] == list(range(1, 1301))
    assert [event["seq"] for event in site.events(cast, after=1299)["events"]] == [1300]
    assert site.events(closed, after=1)["state"] == "closed"
    assert len(site.events(closed, after=1)["events"]) == 2


def test_votes_of_what_is_public_are_in_it(site, cast):  # noqa: F811
    shown, waiting = QuestionFactory(room=cast, state="published"), QuestionFactory(room=cast)
    VoteFactory.create_batch(3, question=shown)
    VoteFactory(question=waiting)
    assert site.events(cast)["votes"] == {str(shown.pk): 3}


@in_a_loop
async def test_a_waiting_poll_is_answered_by_the_next_event(site, cast):  # noqa: F811
    poll = asyncio.create_task(asyncio.to_thread(site.events, cast, wait=25))
    other = asyncio.create_task(asyncio.to_thread(site.events, cast, wait=25))
    moderator = await site.connect(cast, cookie=cast.moderator_cookie)
    await wait_for(lambda: site.events(cast)["viewers"] >= 2)
    assert (await moderator.act(type="announce", text="Bonsoir."))["type"] == "ack"
    for answer in (await poll, await other):
        assert [event["kind"] for event in answer["events"]] == ["announcement"]


def test_a_poll_without_news_is_answered_when_its_time_is_up(site, cast):  # noqa: F811
    assert site.events(cast, wait=1)["events"] == []


def test_a_position_beyond_the_rooms_is_told_to_forget_all(site, cast):  # noqa: F811
    for after in (7, 10**18, "9" * 5000):
        assert site.events(cast, after=after)["reset"] is True
    assert "reset" not in site.events(cast, after=0)


@pytest.mark.parametrize("query", ["after=-1", "after=x", "after=1.5", "after=", "wait=x", "after=%C2%B2"])
def test_what_is_no_number_from_0_on_gets_400(site, cast, query):  # noqa: F811
    assert site.get(f"/rooms/{cast.slug}/events?{query}")[0] == 400


def test_other_methods_rooms_and_hosts_are_refused_with_every_header(site, cast):  # noqa: F811
    answers = {
        405: site.request("POST", f"/rooms/{cast.slug}/events"),
        404: site.get("/rooms/nowhere/events"),
        400: site.get(f"/rooms/{cast.slug}/events", Host="evil.example"),
        200: site.get(f"/rooms/{cast.slug}/events"),
    }
    for status, (given, headers, _) in answers.items():
        assert given == status
        assert "default-src 'self'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "strict-origin"
    assert answers[405][1]["allow"] == "GET, HEAD"
    assert answers[200][1]["cache-control"] == "no-store"


def test_nothing_of_the_staffs_stream_is_in_a_poll(site, cast):  # noqa: F811
    asked = QuestionFactory(room=cast, text="Secret ?")
    services.reject_question(
        room_id=cast.pk, actor=actor_of(cast.moderator), question_id=asked.pk, reason="hors-sujet", now=timezone.now()
    )
    announce(cast)
    assert RoomEvent.objects.filter(room=cast, stream="staff").exists()
    body = json.dumps(site.events(cast))
    assert "hors-sujet" not in body
    assert "Secret" not in body
