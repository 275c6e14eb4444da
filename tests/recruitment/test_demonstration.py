"""The demonstration's rooms: as many of everything as the campaign had, and as the services would have left them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.utils import timezone

from chat import services
from chat.choices import RoomState
from chat.identity import Actor
from chat.models import Answer, Question, Room, RoomEvent, Speaker, Topic, Vote
from leads.models import Lead
from recruitment import demonstration
from recruitment.demonstration.accounts import make_accounts
from recruitment.demonstration.cast import make_topics
from recruitment.demonstration.data import load
from recruitment.demonstration.playback import Cast, key_of, play
from recruitment.demonstration.programme import COMING, OPEN, make_programme
from recruitment.demonstration.rooms_2004 import make_rooms_of_2004
from recruitment.demonstration.scripts import Hour, script
from tests.factories import QuestionFactory, RoomFactory, UserFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def around_today(monkeypatch):
    monkeypatch.setenv("DEMO_PASSWORD", "password of a test")
    make_accounts()
    make_programme(make_topics(), NOW)
    demonstration.keep(NOW)


@pytest.fixture
def seeded(around_today):
    make_rooms_of_2004(make_topics())


@pytest.fixture
def kept():
    """The programme's rooms alone, without what was said in them."""
    make_topics()
    moderator = UserFactory()
    hours = {"opens_at": NOW - HOUR / 2, "closes_at": NOW + 3 * HOUR}
    room = RoomFactory(slug=OPEN.slug, moderators=[moderator], is_demonstration=True, **hours)
    QuestionFactory(room=room, state="published")
    for plan in COMING:
        RoomFactory(slug=plan.slug, scheduled=True, moderators=[moderator], is_demonstration=True)
    demonstration.keep(NOW)


def test_some_say_who_they_are_in_the_rooms_of_today_and_nobody_did_in_2004(seeded):
    said = {room.slug: room.profiles.count() for room in Room.objects.exclude(participant_count=0)}
    assert {slug for slug, count in said.items() if count} == {s for s in said if not s.startswith("2004-")}
    assert all(count < open_room().participant_count for count in said.values())


def open_room() -> Room:
    return Room.objects.get(slug=OPEN.slug)


def coming_room() -> Room:
    return Room.objects.get(slug=COMING[0].slug)


def moderator_of(room: Room) -> Actor:
    return Actor.staff(room.moderators.get(), room.pk)


# --- what there is --------------------------------------------------------------------------------------------------


def test_the_five_rooms_of_2004_hold_612_questions_74_of_them_on_computing(seeded):
    rooms = Room.objects.filter(slug__startswith="2004-")
    assert rooms.count() == 5
    questions = Question.objects.filter(room__in=rooms)
    assert questions.count() == 612
    assert questions.filter(topic__key="informatique").count() == 74
    assert {room.state for room in rooms} == {"closed"}
    assert timezone.localtime(rooms.earliest("opens_at").opens_at).isoformat() == "2004-05-17T18:00:00+02:00"


def test_their_journals_tell_without_a_gap_every_question_and_what_became_of_it(seeded):
    events = RoomEvent.objects.filter(room__slug__startswith="2004-")
    told = {kind: events.filter(kind=kind).count() for kind in events.values_list("kind", flat=True).distinct()}
    assert told == {
        "room.opened": 5,
        "room.closed": 5,
        "question.asked": 612,
        "question.published": 135 + 184,
        "answer.published": 135,
        "question.merged": 95,
        "question.rejected": 49,
    }
    for room in Room.objects.all():
        for stream in ("public", "staff"):
            seqs = list(room.events.filter(stream=stream).order_by("seq").values_list("seq", flat=True))
            assert seqs == list(range(1, getattr(room, f"{stream}_seq") + 1))


def test_the_votes_of_a_merged_question_stand_with_the_one_it_became(seeded):
    data = load("rooms_2004")["rooms"][0]["questions"]
    of_ages = next(question for question in data if question["n"] == 4)
    merged = sum(question["votes"] for question in data if question["merged_into"] == 4)
    assert Question.objects.get(text=of_ages["text"]).votes.count() == of_ages["votes"] + merged


def test_the_open_room_is_as_in_the_pictures(around_today):
    room = open_room()
    states = list(room.questions.values_list("state", flat=True))
    assert {state: states.count(state) for state in set(states)} == {
        "answered": 41,
        "published": 55,
        "asked": 23,
        "merged": 8,
        "rejected": 6,
    }
    assert room.state == "open"
    assert room.events.latest("at").at <= NOW


def test_around_today_one_room_is_open_and_one_comes_within_a_day(around_today):
    assert Room.objects.live().count() == 1
    assert NOW < coming_room().opens_at <= NOW + DAY
    past = Room.objects.past().filter(opens_at__gt=NOW - 7 * DAY)
    assert past.count() == 2
    assert {name for room in past for name in room.questions.values_list("state", flat=True)} == {
        "answered",
        "published",
    }


def test_the_accounts_are_on_the_staff_lists_of_what_is_open_and_what_comes(around_today):
    for room in (open_room(), coming_room()):
        assert room.moderators.get().username == "moderator"
        assert room.speakers.filter(user__username="speaker").exists()


def test_the_accounts_have_their_groups_and_the_given_password(around_today):
    users = {user.username: user for user in User.objects.all()}
    assert set(users) >= set(demonstration.ACCOUNTS)
    assert all(user.check_password("password of a test") and user.is_staff for user in users.values())
    assert users["admin"].is_superuser and not users["manager"].is_superuser
    assert [group.name for group in users["recruiter"].groups.all()] == ["recruiters"]


def counts() -> list[int]:
    return [model.objects.count() for model in (Room, Question, Vote, RoomEvent, Speaker, Topic, User)]


def test_seeding_again_doubles_nothing(seeded):
    before = counts()
    make_accounts()
    make_programme(make_topics(), NOW + DAY)
    make_rooms_of_2004(make_topics())
    assert counts() == before


@pytest.mark.slow
def test_the_command_makes_all_of_it_says_who_may_log_in_and_doubles_nothing(monkeypatch, capsys):
    monkeypatch.setenv("DEMO_PASSWORD", "password of a test")
    call_command("seed_demo")
    before = [*counts(), Lead.objects.count()]
    call_command("seed_demo")
    assert [*counts(), Lead.objects.count()] == before
    assert capsys.readouterr().out.splitlines()[-2:] == [
        "Accounts: moderator, speaker, recruiter, manager, admin",
        "Password: password of a test",
    ]


def test_another_password_is_set_when_it_is_given(monkeypatch):
    for password in ("password of a test", "another password of a test"):
        monkeypatch.setenv("DEMO_PASSWORD", password)
        make_accounts()
    assert User.objects.get(username="manager").check_password("another password of a test")


# --- kept around today ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("later", [timedelta(0), HOUR, 2 * HOUR, 4 * HOUR, 25 * HOUR, 9 * DAY, 400 * DAY])
def test_whenever_it_is_looked_at_one_room_is_open_and_one_comes(kept, later):
    seq = open_room().public_seq
    demonstration.keep(NOW + later)
    room = open_room()
    assert (room.state, room.public_seq) == ("open", seq)
    assert NOW + later + HOUR < room.closes_at <= NOW + later + DAY
    assert NOW + later < coming_room().opens_at <= NOW + later + DAY
    assert Room.objects.coming().count() == len(COMING)


def test_looked_at_every_few_minutes_nothing_opens_or_closes_by_itself(kept):
    seqs = list(Room.objects.values_list("public_seq", flat=True))
    for step in range(2 * 24 * 4):
        now = NOW + step * timedelta(minutes=15)
        demonstration.keep(now)
        services.keep_time(now + timedelta(minutes=14))
    assert list(Room.objects.values_list("public_seq", flat=True)) == seqs


def test_a_room_that_the_clock_closed_meanwhile_is_opened_again(kept):
    services.keep_time(NOW + 3 * DAY)
    assert open_room().state == "closed"
    demonstration.keep(NOW + 3 * DAY)
    assert open_room().state == "open"
    assert coming_room().state == "scheduled"


def test_a_moderators_close_holds_until_it_is_kept(kept):
    room = open_room()
    services.close_room(room_id=room.pk, actor=moderator_of(room), now=NOW + HOUR / 2)
    services.keep_time(NOW + HOUR)
    assert open_room().state == "closed"
    demonstration.keep(NOW + HOUR)
    assert open_room().state == "open"
    assert open_room().events.latest("pk").kind == "room.opened"


def test_rooms_that_are_no_demonstration_are_left_alone():
    room = RoomFactory(slug=OPEN.slug, opens_at=NOW - 3 * HOUR, closes_at=NOW - 2 * HOUR, state=RoomState.CLOSED)
    demonstration.keep(NOW)
    room.refresh_from_db()
    assert (room.state, room.closes_at) == ("closed", NOW - 2 * HOUR)


# --- traffic --------------------------------------------------------------------------------------------------------


def test_without_demo_traffic_nobody_comes(kept):
    before = counts()
    assert demonstration.send_traffic(NOW) == 0
    assert counts() == before


def test_with_it_a_question_and_some_votes_come_every_time(kept, settings):
    settings.DEMO_TRAFFIC = True
    asked = open_room().questions.count()
    for turn in range(3):
        assert demonstration.send_traffic(NOW + turn * demonstration.EVERY) == 4
    assert open_room().questions.count() == asked + 3


def test_traffic_waits_while_the_room_is_closed(kept, settings):
    settings.DEMO_TRAFFIC = True
    room = open_room()
    services.close_room(room_id=room.pk, actor=moderator_of(room), now=NOW)
    assert demonstration.send_traffic(NOW) == 0


# --- in bulk and through the services -------------------------------------------------------------------------------


def perform(room: Room, acts, cast: Cast) -> None:
    """The script through the services, one act after another."""
    keys: dict[int, int] = {}
    for act in acts:
        where = {"room_id": room.pk, "now": act.at}
        by = {"actor": cast.moderator, **where}
        if act.kind in ("opened", "closed"):
            services.keep_time(act.at)
        elif act.kind == "announced":
            services.announce(text=act.text, **by)
        elif act.kind == "asked":
            who = Actor(key=key_of(act.who, room))
            ack = services.ask_question(
                actor=who, client_id=None, text=act.text, nickname=act.nickname, topic=act.topic, **where
            )
            keys[act.question] = ack["question"]
        elif act.kind == "voted":
            who = Actor(key=key_of(act.who, room))
            services.cast_vote(actor=who, question_id=keys[act.question], value=True, **where)
        elif act.kind == "published":
            services.publish_question(question_id=keys[act.question], **by)
        elif act.kind == "rejected":
            services.reject_question(question_id=keys[act.question], reason=act.text, **by)
        elif act.kind == "merged":
            services.merge_question(question_id=keys[act.question], into=keys[act.into], **by)
        elif act.kind == "assigned":
            services.assign_question(question_id=keys[act.question], speaker_id=cast.speakers[act.who].pk, **by)
        elif act.kind == "answered":
            speaker = cast.speakers[act.who]
            actor = Actor.staff(speaker.user, room.pk) if speaker.user else cast.moderator
            services.answer_question(
                actor=actor, question_id=keys[act.question], speaker_id=speaker.pk, text=act.text, **where
            )


def left_by(room: Room) -> dict:
    """Everything in the room, with each key named by what stands under it."""
    room.refresh_from_db()
    texts = dict(room.questions.values_list("pk", "text")) | {None: None}
    room_answers = Answer.objects.filter(question__room=room)
    answers = {pk: (text, at) for pk, text, at in room_answers.values_list("pk", "text", "at")}
    numbers = dict(room.participants.values_list("key", "number"))
    names = {"question": texts, "into": texts, "answer": answers, "participant": numbers}
    fields = ("text", "search_text", "nickname", "topic", "state", "asked_at", "published_at", "assigned_to")
    decided = ("reject_reason", "decided_by", "merged_into__text", "participant__number")
    return {
        "room": (room.state, room.state_since, room.public_seq, room.staff_seq, room.participant_count),
        "participants": list(room.participants.order_by("number").values_list("number", "nickname")),
        "questions": sorted(room.questions.values_list(*fields, *decided), key=str),
        "answers": sorted(
            room_answers.values_list("question__text", "speaker", "typed_by", "text", "search_text", "at")
        ),
        "votes": sorted(
            Vote.objects.filter(question__room=room).values_list("question__text", "participant__number", "at")
        ),
        "events": [
            (stream, seq, kind, at, {key: names[key][value] if key in names else value for key, value in data.items()})
            for stream, seq, kind, at, data in room.events.order_by("stream", "seq").values_list(
                "stream", "seq", "kind", "at", "data"
            )
        ],
    }


def sample_room(slug: str, hour: Hour, speakers: list[Speaker], moderator: User) -> Room:
    room = RoomFactory(
        slug=slug, opens_at=hour.opens_at, closes_at=hour.opens_at + HOUR, speakers=speakers, moderators=[moderator]
    )
    room.state = RoomState.SCHEDULED
    room.save()
    return room


@pytest.mark.parametrize("closes", [True, False])
def test_in_bulk_it_is_as_the_services_would_have_left_it(closes):
    topics = {
        topic["key"]: Topic.objects.create(key=topic["key"], label=topic["label"])
        for topic in load("room_today")["topics"]
    }
    data = load("room_today")["room"]
    questions = data["questions"][:24] + data["questions"][96:104] + data["handled"][:10]
    questions = [question | {"votes": question["votes"] // 8} for question in questions]
    speakers = [Speaker.objects.create(name=person["name"]) for person in data["speakers"]]
    speakers[1].user = UserFactory(first_name="Inès", last_name="Morvan")
    speakers[1].save()
    moderator = UserFactory(first_name="Paul", last_name="Amsellem")
    hour = Hour("sample", NOW, data["now_minute"], closes)
    if closes:
        hour = Hour("sample", NOW, 60.0, closes)
    acts = script(hour, questions, [(0, "Bonsoir et bienvenue."), (15, "Vous êtes nombreux.")])
    served = sample_room("served", hour, speakers, moderator)
    perform(served, acts, Cast(speakers, Actor.staff(moderator, served.pk), topics))
    played = sample_room("played", hour, speakers, moderator)
    play(played, acts, Cast(speakers, Actor.staff(moderator, played.pk), topics))
    assert left_by(played) == left_by(served)
