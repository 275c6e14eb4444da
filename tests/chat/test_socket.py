"""The room's protocol, by a strict client against a real server, on this run's database."""

import asyncio
import functools
import json
import random
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from chat import services
from chat.models import FrameReceipt, Participant, Question, RoomEvent
from tests.chat.conftest import actor_of, kinds
from tests.factories import QuestionFactory, RoomFactory, SpeakerFactory, TopicFactory, UserFactory
from tests.recruitment.test_headers import assert_secure
from tests.serving import read, serving, session_cookie, visitor_cookie, wait_for
from tests.strict_client import Refused, StrictClient, run

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
FEW_LIMITS = {"ROOM_ASKS_PER_MINUTE": "0", "ROOM_VOTES_PER_MINUTE": "0"}


def in_a_loop(test):
    """Run a test's coroutine; the rows it needs are made before, by its fixtures."""

    @functools.wraps(test)
    def run_test(*args, **kwargs):
        run(test(*args, **kwargs))

    return run_test


@pytest.fixture(scope="module")
def site(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), serving(**FEW_LIMITS) as site:
        yield site


@pytest.fixture
def cast(transactional_db):
    """An open room with a moderator and a speaker, and the cookies by which they come."""
    moderator, speaker = UserFactory(first_name="Paul"), SpeakerFactory()
    room = RoomFactory(moderators=[moderator], speakers=[speaker])
    TopicFactory(key="informatique")
    room.moderator, room.speaker = moderator, speaker
    room.moderator_cookie = session_cookie(moderator)
    room.speaker_cookie = session_cookie(speaker.user)
    return room


# --- coming in ---


@in_a_loop
async def test_the_first_frame_welcomes_and_tells_who_one_is(site, cast):
    cookie = visitor_cookie()
    visitor, again = await site.connect(cast, cookie=cookie), await site.connect(cast, cookie=cookie)
    moderator = await site.connect(cast, cookie=cast.moderator_cookie)
    speaker = await site.connect(cast, cookie=cast.speaker_cookie)
    first, second, third, fourth = [await client.next() for client in (visitor, again, moderator, speaker)]
    assert first["protocol"] == 1
    assert first["room"] | {"slug": cast.slug, "title": cast.title, "state": "open"} == first["room"]
    assert first["you"] == {"id": second["you"]["id"], "role": "visitor", "nickname": None}
    assert [frame["you"]["role"] for frame in (third, fourth)] == ["moderator", "speaker"]
    assert "staff_seq" in third
    assert "staff_seq" not in first


@in_a_loop
async def test_who_voted_or_asked_has_a_nickname_from_then_on_and_nobody_else(site, cast):
    question = await read(QuestionFactory)(room=cast, state="published")
    voter, asker, other = visitor_cookie(), visitor_cookie(), visitor_cookie()
    await (await site.connect(cast, cookie=voter)).act(type="vote", question=question.pk, value=True)
    await (await site.connect(cast, cookie=asker)).act(type="ask", text="Et moi ?", nickname="Zoé")
    again = [await (await site.connect(cast, cookie=cookie)).next() for cookie in (voter, asker, other)]
    assert [frame["you"]["nickname"] for frame in again] == ["Candidat 1", "Zoé", None]


@in_a_loop
async def test_a_visitor_is_somebody_else_in_another_room(site, cast):
    other, cookie = await read(RoomFactory)(), visitor_cookie()
    here, there = [await (await site.connect(room, cookie=cookie)).next() for room in (cast, other)]
    assert here["you"]["id"] != there["you"]["id"]


@in_a_loop
async def test_no_such_room_is_told_after_the_handshake(site, cast):
    assert await (await site.connect("nowhere")).closed() == 4404
    assert (
        await (await StrictClient.connect(site.port, "/ws/x", origin=f"http://127.0.0.1:{site.port}")).closed() == 4404
    )


@pytest.mark.parametrize("origin", [None, "https://127.0.0.1:{port}", "http://127.0.0.1:1", "http://evil.example"])
@in_a_loop
async def test_a_foreign_origin_gets_a_plain_403(site, cast, origin):
    with pytest.raises(Refused) as refusal:
        await StrictClient.connect(
            site.port, f"/ws/rooms/{cast.slug}/", origin=origin and origin.format(port=site.port)
        )
    assert refusal.value.status == 403
    assert_secure(refusal.value)


@in_a_loop
async def test_a_foreign_host_gets_a_plain_400(site, cast):
    own = f"http://127.0.0.1:{site.port}"
    with pytest.raises(Refused) as refusal:
        await StrictClient.connect(site.port, f"/ws/rooms/{cast.slug}/", origin=own, host="evil.example")
    assert refusal.value.status == 400
    assert_secure(refusal.value)


@in_a_loop
async def test_the_three_spellings_of_this_machine_are_one_origin(site, cast):
    for host in ("localhost", "127.0.0.1", "[::1]"):
        client = await StrictClient.connect(site.port, f"/ws/rooms/{cast.slug}/", origin=f"http://{host}:{site.port}")
        assert (await client.next())["type"] == "welcome"


def test_too_many_connections_from_one_address_are_told_so(cast):
    async def come():
        clients = [await site.connect(cast) for _ in range(3)]
        assert [(await client.next())["type"] for client in clients] == ["welcome"] * 3
        assert await (await site.connect(cast)).closed() == 4429
        clients[0].close()
        await clients[0].closed()
        assert (await (await site.connect(cast)).next())["type"] == "welcome"

    with serving(ROOM_CONNECTIONS_PER_ADDRESS="3") as site:
        run(come())


# --- the hour ---


@in_a_loop
async def test_a_question_goes_its_way_and_everybody_has_each_event_byte_for_byte(site, cast):
    asker, viewer = await site.connect(cast, cookie=visitor_cookie()), await site.connect(cast)
    moderator = await site.connect(cast, cookie=cast.moderator_cookie)
    speaker = await site.connect(cast, cookie=cast.speaker_cookie)

    ack = await asker.act(type="ask", text="Y a-t-il\u0000 une filière\u202e ?", nickname="Zoé", topic="informatique")
    asked = (await moderator.event("question.asked"))["data"]
    assert asked["question"] == ack["question"]
    assert asked["text"] == "Y a-t-il une filière ?"
    assert (await moderator.act(type="assign", question=ack["question"], speaker=cast.speaker.pk))["type"] == "ack"
    assert (await moderator.act(type="publish", question=ack["question"]))["type"] == "ack"
    answered = await speaker.act(type="answer", question=ack["question"], text="Oui, deux chemins.")
    assert (await speaker.act(type="edit_answer", answer=answered["answer"], text="Oui, deux."))["type"] == "ack"
    assert (await moderator.act(type="announce", text="Merci."))["type"] == "ack"
    for client in (asker, viewer, moderator, speaker):
        await client.event("announcement")

    wanted = ["question.published", "answer.published", "answer.edited", "announcement"]
    assert [event["kind"] for event in viewer.events()] == wanted
    told = [
        [raw for raw in client.raw if b'"stream":"public"' in raw] for client in (asker, viewer, moderator, speaker)
    ]
    assert told[0] == told[1] == told[2] == told[3]
    assert [event["kind"] for event in moderator.events("staff")] == ["question.asked", "question.assigned"]
    assert viewer.events("staff") == []
    who = {"id": cast.speaker.pk, "name": cast.speaker.name, "title": cast.speaker.title}
    assert viewer.events()[1]["data"]["speaker"] == moderator.events("staff")[1]["data"]["speaker"] == who


@in_a_loop
async def test_an_ack_means_that_the_row_is_there(site, cast):
    asker = await site.connect(cast, cookie=visitor_cookie())
    ack = await asker.act(type="ask", text="Et les chiens ?")
    assert await read(Question.objects.filter(pk=ack["question"], room=cast).exists)()


@in_a_loop
async def test_a_resend_over_a_new_socket_gets_the_same_ack(site, cast):
    cookie = visitor_cookie()
    first = await (await site.connect(cast, cookie=cookie)).act(type="ask", id="a", text="Et les chiens ?")
    again = await (await site.connect(cast, cookie=cookie)).act(type="ask", id="a", text="Et les chiens ?")
    assert first == again
    assert await read(Question.objects.filter(room=cast).count)() == 1


@in_a_loop
async def test_votes_are_told_in_tallies_and_visitors_in_presence(site, cast):
    question = await read(QuestionFactory)(room=cast, state="published")
    viewer = await site.connect(cast)
    viewer.skipped = ()
    voters = [await site.connect(cast, cookie=visitor_cookie()) for _ in range(5)]
    for voter in voters:
        assert (await voter.act(type="vote", question=question.pk, value=True))["type"] == "ack"
    tally = await viewer.until(lambda frame: frame["type"] == "tally" and frame["votes"][str(question.pk)] == 5)
    assert tally == {"type": "tally", "votes": {str(question.pk): 5}}
    voters[0].close()
    await viewer.settles_on({"type": "presence", "viewers": 5})


@in_a_loop
async def test_who_comes_back_learns_the_votes_of_the_meantime(site, cast):
    question = await read(QuestionFactory)(room=cast, state="published")
    voter = await site.connect(cast, cookie=visitor_cookie())
    await voter.act(type="vote", question=question.pk, value=True)
    back = await site.connect(cast, after=0)
    back.skipped = ()
    await back.until(lambda frame: frame == {"type": "tally", "votes": {str(question.pk): 1}})


@in_a_loop
async def test_roles_are_asked_again_at_each_act(site, cast):
    moderator = await site.connect(cast, cookie=cast.moderator_cookie)
    assert (await moderator.act(type="announce", text="Bonsoir."))["type"] == "ack"
    await read(cast.moderators.clear)()
    assert (await moderator.act(type="announce", text="Encore."))["code"] == "forbidden"
    assert await moderator.closed() == 4403


def claims(question):
    return lambda frame: frame["type"] == "claim" and frame["question"] == question


@in_a_loop
async def test_who_has_a_question_before_them_is_told_to_staff_alone_and_freed_with_the_socket(site, cast):
    question = (await read(QuestionFactory)(room=cast)).pk
    moderator, visitor = await site.connect(cast, cookie=cast.moderator_cookie), await site.connect(cast)
    before = await read(RoomEvent.objects.count)()
    assert (await moderator.act(type="claim", question=question))["type"] == "ack"
    late = await site.connect(cast, cookie=cast.speaker_cookie)
    claim = await late.until(claims(question))
    assert (claim["by"], claim["role"]) == ("Paul", "moderator")
    refused = await visitor.act(type="claim", question=question)
    assert (refused["type"], refused["code"]) == ("error", "forbidden")
    moderator.close()
    assert (await late.until(claims(None)))["who"] == claim["who"]
    assert await read(RoomEvent.objects.count)() == before
    await late.act(type="announce", text="?")
    await visitor.act(type="ask", text="Encore là ?")
    assert all(frame["type"] != "claim" for frame in visitor.unread)


@in_a_loop
async def test_a_speaker_is_told_who_types_for_them_beside_what_that_moderator_reads(site, cast):
    question = (await read(QuestionFactory)(room=cast)).pk
    [speaker] = await read(lambda: list(cast.speakers.values_list("pk", flat=True)))()
    desk, scribe = [await site.connect(cast, cookie=cast.moderator_cookie) for _window in range(2)]
    prompter = await site.connect(cast, cookie=cast.speaker_cookie)
    await scribe.act(type="claim", question=question, speaker=speaker)
    assert (await prompter.until(claims(question)))["speaker"] == speaker
    await desk.act(type="claim", question=question)
    assert "speaker" not in await prompter.until(claims(question))
    refused = await prompter.act(type="claim", question=question, speaker=speaker)
    assert refused["code"] == "forbidden"
    desk.close()  # frees what was read there, and leaves what is typed in the other window
    assert "speaker" not in await prompter.until(claims(None))
    late = await site.connect(cast, cookie=cast.speaker_cookie)
    assert (await late.until(claims(question)))["speaker"] == speaker
    scribe.close()
    assert (await prompter.until(claims(None)))["speaker"] == speaker


@in_a_loop
async def test_a_logout_ends_the_staff_socket(site, cast):
    moderator = await site.connect(cast, cookie=cast.moderator_cookie)
    await moderator.next()
    await read(Session.objects.all().delete)()
    assert await moderator.closed() == 4403


@in_a_loop
async def test_a_room_opens_and_closes_by_itself_under_its_visitors(site, cast):
    now = timezone.now()
    room = await read(RoomFactory)(
        state="scheduled", opens_at=now + timedelta(seconds=1.5), closes_at=now + timedelta(seconds=3)
    )
    viewer = await site.connect(room)
    assert (await viewer.next())["room"]["state"] == "scheduled"
    assert [(await viewer.next())["kind"] for _ in range(2)] == ["room.opened", "room.closed"]


@in_a_loop
async def test_who_comes_right_after_a_room_was_opened_anew_is_told_its_new_end(site, cast):
    await read(type(cast).objects.filter(pk=cast.pk).update)(
        state="closed", state_since=timezone.now(), closes_at=timezone.now() - timedelta(minutes=1)
    )
    moderator = await site.connect(cast, cookie=cast.moderator_cookie)
    assert (await moderator.act(type="open"))["type"] == "ack"
    end = (await moderator.event("room.opened"))["data"]["closes_at"]
    welcome = await (await site.connect(cast)).next()
    assert (welcome["room"]["state"], welcome["room"]["closes_at"]) == ("open", end)


def test_limits_refuse_with_the_wait_and_a_resend_is_never_refused(cast):
    async def ask_much():
        cookie = visitor_cookie()
        asker = await site.connect(cast, cookie=cookie)
        answers = [await asker.act(type="ask", id=f"{n}", text=f"Question {n} ?") for n in range(4)]
        assert [answer.get("code") for answer in answers] == [None, None, "rate_limited", "rate_limited"]
        assert 1 <= answers[2]["retry_after"] <= 61
        assert await asker.act(type="ask", id="0", text="Question 0 ?") == answers[0]
        other = await site.connect(cast, cookie=visitor_cookie())
        assert (await other.act(type="ask", text="Et moi ?"))["type"] == "ack"

    with serving(ROOM_ASKS_PER_MINUTE="2") as site:
        run(ask_much())


# --- coming back ---


def fill_journal(room, count, text="n"):
    RoomEvent.objects.bulk_create(
        RoomEvent(room=room, stream="public", seq=seq, kind="announcement", data={"text": text}, at=timezone.now())
        for seq in range(1, count + 1)
    )
    type(room).objects.filter(pk=room.pk).update(public_seq=count)


@in_a_loop
async def test_any_position_is_served_without_a_gap_or_a_repeat(site, cast):
    await read(fill_journal)(cast, 2500)
    for after in (0, 1, 1499, 2499, 2500):
        client = await site.connect(cast, after=after)
        assert (await client.next())["seq"] == 2500
        for seq in range(after + 1, 2501):
            assert (await client.next())["seq"] == seq


@in_a_loop
async def test_events_that_come_during_the_catch_up_come_once(site, cast):
    await read(fill_journal)(cast, 1500)
    moderator = await site.connect(cast, cookie=cast.moderator_cookie)
    clients = []
    for number in range(10):
        clients.append(await site.connect(cast, after=0))
        await moderator.act(type="announce", text=f"live {number}")
    for client in clients:
        await client.until(lambda frame: frame.get("seq") == 1510)
        assert [event["seq"] for event in client.events()] == list(range(1, 1511))


@in_a_loop
async def test_staff_resume_both_streams(site, cast):
    asker = await site.connect(cast, cookie=visitor_cookie())
    moderator = await site.connect(cast, cookie=cast.moderator_cookie)
    for number in range(3):
        question = (await asker.act(type="ask", text=f"Question {number} ?"))["question"]
        await moderator.act(type="publish", question=question)
    back = await site.connect(cast, cookie=cast.moderator_cookie, after=1, staff_after=2)
    for _ in range(4):
        await back.next()
    assert [event["seq"] for event in back.events()] == [2, 3]
    assert [event["seq"] for event in back.events("staff")] == [3]


@in_a_loop
async def test_staff_after_is_ignored_for_others(site, cast):
    client = await site.connect(cast, staff_after=0)
    assert "staff_seq" not in await client.next()


@in_a_loop
async def test_a_position_beyond_the_rooms_is_told_to_forget_all(site, cast):
    for query in ({"after": 1}, {"after": 10**12}, {"after": "9" * 5000}):
        client = await site.connect(cast, **query)
        assert await client.next() == {"type": "reset"}
        assert await client.closed() == 1000


# --- what cannot be understood ---

NESTED = "[" * 4000
SHAPES = [
    "nope",
    "",
    "[]",
    "1",
    "null",
    '"ping"',
    "{}",
    '{"type":1}',
    '{"type":"nothing","id":"x"}',
    '{"type":"ping"}',
    '{"type":"ping","id":""}',
    '{"type":"ping","id":7}',
    '{"type":"ping","id":"' + "x" * 65 + '"}',
    '{"type":"ask","id":"x"}',
    '{"type":"ask","id":"x","text":7}',
    '{"type":"ask","id":"x","text":"  \\u200b "}',
    '{"type":"ask","id":"x","text":"' + "x" * 281 + '"}',
    '{"type":"ask","id":"x","text":"a","nickname":{}}',
    '{"type":"ask","id":"x","text":"a","nickname":"' + "x" * 25 + '"}',
    '{"type":"ask","id":"x","text":"a","topic":"nowhere"}',
    '{"type":"ask","id":"x","text":"a","topic":[]}',
    '{"type":"vote","id":"x","question":true,"value":true}',
    '{"type":"vote","id":"x","question":0,"value":true}',
    '{"type":"vote","id":"x","question":1e400,"value":true}',
    '{"type":"vote","id":"x","question":NaN,"value":true}',
    '{"type":"vote","id":"x","question":99999999999999999999999,"value":true}',
    '{"type":"vote","id":"x","question":1,"value":"yes"}',
    '{"type":"publish","id":"x","question":1}',
    '{"type":"mute","id":"x","participant":"p","minutes":-1}',
    '{"type":"answer","id":"x","question":1,"text":null}',
    NESTED,
    '{"type":' + NESTED,
    '{"a":' + "1" * 5000 + "}",
    '{"type":"ping","id":"\\ud800","more":"\\u0000"} trailing',
    "x" * 9000,
]


@in_a_loop
async def test_600_malformed_frames_each_get_a_clear_refusal_and_the_connection_goes_on(site, cast):
    chance = random.Random(6455)
    client = await site.connect(cast, cookie=visitor_cookie())
    await client.next()
    for number in range(600):
        shape = chance.choice(SHAPES)
        if number % 7 == 0:
            client.send_frame(2, shape.encode())
        elif number % 5 == 0:
            position = chance.randrange(len(shape) + 1)
            client.send_text(shape[:position] + chance.choice('{}[]",:\\\u202e\u0000é😀') + shape[position:])
        else:
            client.send_text(shape)
        refusal = await client.next()
        assert refusal["type"] == "error", (shape, refusal)
        assert refusal["code"] in ("bad_message", "too_long", "empty", "not_found", "forbidden")
        assert refusal["message"]
        if number % 10 == 0:  # 20 in a row would end it
            assert await client.act(type="ping") == {"type": "ack", "id": json.loads(client.texts[-1])["id"]}
    assert await read(kinds)(cast) == []
    assert not await read(FrameReceipt.objects.exists)()


@in_a_loop
async def test_strange_ids_and_texts_are_taken_as_they_are(site, cast):
    client = await site.connect(cast, cookie=visitor_cookie())
    for text in ("\u0000a ?", "\ud800b ?", "<script>c</script>", "{{ d }} %s", "é" * 280, "😀" * 280):
        client.send(type="ask", id=text[:60], text=text)
        ack = await client.until(lambda frame: frame["type"] in ("ack", "error"))
        assert (ack["type"], ack["id"]) == ("ack", text[:60])
    assert (await client.act(type="ask", text="x" * 281))["code"] == "too_long"
    assert await read(Question.objects.filter(text="<script>c</script>").exists)()


@in_a_loop
async def test_twenty_bad_frames_in_a_row_end_the_connection_and_nineteen_do_not(site, cast):
    client = await site.connect(cast)
    for _ in range(19):
        client.send_text("nope")
    assert (await client.act(type="ping"))["type"] == "ack"
    for _ in range(20):
        client.send_text("nope")
    assert await client.closed() == 4400


@in_a_loop
async def test_sizes_are_bounded(site, cast):
    client = await site.connect(cast)
    await client.next()
    for opcode in (1, 2):
        client.send_frame(opcode, b"x" * 8193)
        assert (await client.next())["code"] == "too_long"
    client.send_frame(1, b"x" * 16385)
    assert await client.closed() == 1009


@in_a_loop
async def test_what_rfc_6455_forbids_ends_the_connection(site, cast):
    unmasked, bad_text = await site.connect(cast), await site.connect(cast)
    unmasked.send_frame(1, b"{}", masked=False)
    bad_text.send_frame(1, b"\xff\xfe")
    assert await unmasked.closed() == 1002
    assert await bad_text.closed() == 1007


# --- those who do not read ---


@in_a_loop
async def test_a_reader_that_sleeps_is_dropped_and_stops_nobody(site, cast):
    sleeper = await site.connect(cast, is_sleepy=True)
    sleeper.sleep()
    viewer, moderator = await site.connect(cast), await site.connect(cast, cookie=cast.moderator_cookie)
    await read(fill_journal)(cast, 3000, "x" * 500)
    await asyncio.gather(*(who.until(lambda frame: frame.get("seq") == 3000) for who in (viewer, moderator)))
    assert (await moderator.act(type="ping"))["type"] == "ack"
    await viewer.settles_on({"type": "presence", "viewers": 2})
    sleeper.wake()
    assert await sleeper.closed() in (4408, 1006)  # 1006: it was cut off before it woke
    assert len(sleeper.events()) < 3000


def announce(room, text):
    services.announce(room_id=room.pk, actor=actor_of(room.moderator), text=text, now=timezone.now())


@in_a_loop
async def test_visitors_that_vanish_leave_the_others_in_peace(site, cast):
    viewer = await site.connect(cast)
    viewer.skipped = ()
    for _ in range(20):
        (await site.connect(cast)).vanish()
    moderator = await site.connect(cast, cookie=cast.moderator_cookie)
    assert (await moderator.act(type="announce", text="Bonsoir."))["type"] == "ack"
    await viewer.until(lambda frame: frame.get("kind") == "announcement")
    await viewer.settles_on({"type": "presence", "viewers": 2})


# --- the end of a process ---


def test_a_stopping_server_closes_with_1012_and_answers_polls_at_once(cast):
    async def stay():
        clients = [await site.connect(cast) for _ in range(20)]
        poll = asyncio.create_task(asyncio.to_thread(site.events, cast, wait=25))
        await wait_for(lambda: site.events(cast)["viewers"] > 20)
        stopping = asyncio.create_task(asyncio.to_thread(site.stop))
        assert [await client.closed() for client in clients] == [1012] * 20
        assert (await poll)["events"] == []
        assert await stopping < 10

    with serving() as site:
        run(stay())


@pytest.mark.parametrize("count", [40])
def test_kill_9_loses_and_doubles_nothing_that_was_acknowledged(cast, count):
    """Three times while 40 visitors ask: whoever got no ack sends the same frame again."""
    ledger: dict[int, str] = {}

    async def visit(number, cookie, asks):
        unsent = [f"Question {number}-{index} ?" for index in range(asks)]
        while unsent:
            try:
                client = await site.connect(cast, cookie=cookie)
                while unsent:
                    ack = await client.act(type="ask", id=unsent[0], text=unsent[0])
                    if ack["type"] == "ack":
                        ledger[ack["question"]] = unsent.pop(0)
            except (OSError, asyncio.IncompleteReadError, TimeoutError):
                await asyncio.sleep(0.1)

    async def hour():
        visits = [asyncio.create_task(visit(number, visitor_cookie(), 12)) for number in range(count)]
        for reached in (60, 120, 180):
            await wait_for(lambda reached=reached: len(ledger) > reached, seconds=30)
            await asyncio.to_thread(site.stop, site.port, sig=9)
            site.start_on(site.port)
            await asyncio.to_thread(site.wait_for, site.port)
        await asyncio.gather(*visits)

    with serving(**FEW_LIMITS) as site:
        run(hour())
    assert len(ledger) == count * 12
    assert dict(Question.objects.filter(room=cast).values_list("pk", "text")) == ledger
    told = RoomEvent.objects.filter(room=cast, stream="staff").order_by("seq")  # that they are a flood is told, too
    assert list(told.values_list("seq", flat=True)) == list(range(1, told.count() + 1))
    assert sorted(event.data["question"] for event in told.filter(kind="question.asked")) == sorted(ledger)
    assert Participant.objects.filter(room=cast).count() == count


@in_a_loop
async def test_who_returns_after_a_restart_has_every_event_once(cast):
    def restart(site):
        site.stop(site.port, sig=9)
        site.start_on(site.port)
        site.wait_for(site.port)

    with serving() as site:
        seen = []
        for number in range(3):
            await read(announce)(cast, f"a{number}")
            viewer = await site.connect(cast, after=len(seen))
            while len(seen) < number * 2 + 1:
                seen += [frame["seq"]] if (frame := await viewer.next())["type"] == "event" else []
            await asyncio.to_thread(restart, site)
            await read(announce)(cast, f"b{number}")
            viewer = await site.connect(cast, after=len(seen))
            while len(seen) < number * 2 + 2:
                seen += [frame["seq"]] if (frame := await viewer.next())["type"] == "event" else []
        assert seen == [1, 2, 3, 4, 5, 6]


@in_a_loop
async def test_an_asker_hears_at_once_that_something_became_of_their_question_and_nobody_else_does(site, cast):
    asker = await site.connect(cast, cookie=visitor_cookie())
    other = await site.connect(cast, cookie=visitor_cookie())
    moderator = await site.connect(cast, cookie=cast.moderator_cookie)
    question = (await asker.act(type="ask", text="Et moi ?"))["question"]
    await other.act(type="ask", text="Et eux ?")
    await moderator.act(type="reject", question=question, reason="propos")
    assert await asker.until(lambda frame: frame["type"] == "mine") == {"type": "mine", "question": question}
    await moderator.act(type="announce", text="Bonsoir.")
    heard = []
    await other.until(lambda frame: heard.append(frame["type"]) or frame.get("kind") == "announcement")
    assert "mine" not in heard
