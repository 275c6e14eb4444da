"""Several processes on one room, with Redis, and with Redis gone."""

import asyncio

import pytest
from django.db import connection

from chat.models import Question
from tests.chat.test_socket import FEW_LIMITS, announce, cast, in_a_loop  # noqa: F401  # the same room
from tests.factories import QuestionFactory
from tests.serving import read, serving, visitor_cookie

pytestmark = [
    pytest.mark.slow,
    pytest.mark.needs_redis,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="several processes need PostgreSQL"),
]


@pytest.fixture
def two(own_redis):
    with serving(processes=2, REDIS_URL=own_redis.url, **FEW_LIMITS) as site:
        yield site


@in_a_loop
async def test_a_rooms_order_is_the_same_in_every_process(two, cast):  # noqa: F811
    viewers = [await two.connect(cast, port=port) for port in two.ports]
    staff = [await two.connect(cast, port=port, cookie=cast.moderator_cookie) for port in two.ports]
    for number in range(20):
        acts = [client.act(type="announce", text=f"{number} from {index}") for index, client in enumerate(staff)]
        assert all(ack["type"] == "ack" for ack in await asyncio.gather(*acts))
    for viewer in viewers:
        await viewer.until(lambda frame: frame.get("seq") == 40)
    assert viewers[0].events() == viewers[1].events()
    assert [event["seq"] for event in viewers[0].events()] == list(range(1, 41))


@in_a_loop
async def test_votes_and_viewers_are_those_of_all_processes(two, cast):  # noqa: F811
    question = await read(QuestionFactory)(room=cast, state="published")
    here, there = [await two.connect(cast, port=port, cookie=visitor_cookie()) for port in two.ports]
    here.skipped = ()
    await there.act(type="vote", question=question.pk, value=True)
    await here.until(lambda frame: frame == {"type": "tally", "votes": {str(question.pk): 1}})
    await here.settles_on({"type": "presence", "viewers": 2})


@in_a_loop
async def test_without_redis_everything_goes_on_and_nothing_is_missed(two, own_redis, cast):  # noqa: F811
    here, there = [await two.connect(cast, port=port) for port in two.ports]
    moderator = await two.connect(cast, port=two.ports[1], cookie=cast.moderator_cookie)
    await moderator.act(type="announce", text="before")
    await asyncio.to_thread(own_redis.kill)
    asker = await two.connect(cast, cookie=visitor_cookie())
    assert (await asker.act(type="ask", text="Et sans Redis ?"))["type"] == "ack"
    await moderator.act(type="announce", text="without")
    for viewer in (here, there):
        await viewer.until(lambda frame: frame.get("seq") == 2)
    late = await two.connect(cast, after=0)
    await late.until(lambda frame: frame.get("seq") == 2)
    await asyncio.to_thread(own_redis.start)
    await moderator.act(type="announce", text="after")
    for viewer in (here, there, late):
        await viewer.until(lambda frame: frame.get("seq") == 3)
        assert [event["seq"] for event in viewer.events()] == [1, 2, 3]
    assert await read(Question.objects.filter(room=cast).count)() == 1


@in_a_loop
async def test_who_moves_to_another_process_has_every_event_once(two, cast):  # noqa: F811
    moderator = await two.connect(cast, cookie=cast.moderator_cookie)
    seen = []
    for number in range(6):
        await moderator.act(type="announce", text=f"{number}")
        viewer = await two.connect(cast, port=two.ports[number % 2], after=len(seen))
        while len(seen) <= number:
            if (frame := await viewer.next())["type"] == "event":
                seen.append(frame["seq"])
    assert seen == [1, 2, 3, 4, 5, 6]
