"""The rooms' pages, as visitors with nothing but HTML meet them."""

import json
import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone, translation

from chat import public, services
from chat.choices import QuestionState
from chat.figures import profiles_in
from chat.identity import VISITOR_COOKIE, new_visitor, participant_key, read_visitor
from chat.models import Question, RoomEvent
from chat.programme import most_wanted, schedule
from chat.similarity import memory
from tests.chat.conftest import NOW, kinds
from tests.factories import (
    AnswerFactory,
    ParticipantFactory,
    ProgrammeFactory,
    QuestionFactory,
    RoomFactory,
    SpeakerFactory,
    TopicFactory,
    UserFactory,
    VoteFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_french():
    with translation.override("fr"):
        yield


@pytest.fixture
def asker(client, room):
    """The participant of the browser that `client` is."""
    visitor, cookie = new_visitor()
    client.cookies[VISITOR_COOKIE] = cookie
    return ParticipantFactory(room=room, key=participant_key(visitor, room.pk))


def url(room, rest=""):
    return f"/rooms/{room.slug}/{rest}"


def post(client, room, **fields):
    return client.post(url(room, "questions"), {"request_id": "one", "text": "Faut-il nager ?"} | fields)


def post_json(client, room, fields, **more):
    return client.post(url(room, "questions"), json.dumps(fields), content_type="application/json", **more)


# --- a room in each of its states -----------------------------------------------------------------------------------


def test_an_open_room_shows_all_that_is_published_and_nothing_else(client, room):
    QuestionFactory(room=room, state="answered", text="Répondue ?")
    QuestionFactory(room=room, state="published", text="Publiée ?")
    for state in ("asked", "rejected", "withdrawn"):
        QuestionFactory(room=room, state=state, text=f"Cachée {state}")
    page = client.get(url(room)).content.decode()
    assert "Répondue ?" in page and "Publiée ?" in page
    assert "Cachée" not in page


def test_what_is_typed_is_escaped_where_it_is_shown(client, room):
    QuestionFactory(room=room, state="published", text="<b>gras</b></script>")
    page = client.get(url(room)).content.decode()
    assert "&lt;b&gt;gras&lt;/b&gt;" in page
    assert "<b>gras" not in page


def test_a_room_that_is_not_open_yet_says_when_it_opens(client):
    room = RoomFactory(scheduled=True, title="Salaire et affectation", opens_at=timezone.now() + timedelta(days=7))
    page = client.get(url(room)).content.decode()
    assert "Le salon ouvre" in page
    assert 'id="live-page" hidden' in page
    later = RoomFactory(scheduled=True, opens_at=timezone.now() + timedelta(days=1))
    for language, said in (("fr", "Demain,"), ("en", "Tomorrow,")):
        asked_in = {"Accept-Language": language}
        assert f'<span id="soon">{said}</span>' in client.get(url(later), headers=asked_in).content.decode()
        assert said not in client.get(url(room), headers=asked_in).content.decode()


def test_a_room_opens_by_itself_for_whoever_looks_first(client):
    room = RoomFactory(scheduled=True, opens_at=timezone.now() - timedelta(seconds=1))
    assert 'id="waiting-page"' not in client.get(url(room)).content.decode()
    assert kinds(room) == ["room.opened"]


def test_a_closed_room_is_read_by_topic(client, topic):
    room = RoomFactory(closed=True)
    QuestionFactory(room=room, state="answered", topic=topic, text="Avec thème ?")
    QuestionFactory(room=room, state="published", text="Sans thème ?")
    QuestionFactory(room=room, state="rejected", text="Insulte")
    page = client.get(url(room)).content.decode()
    places = [
        page.index(text) for text in ('id="topic-informatique"', "Avec thème ?", 'id="topic-other"', "Sans thème ?")
    ]
    assert places == sorted(places)
    assert "Insulte" not in page


def test_there_is_no_such_room(client, db):
    assert client.get("/rooms/nowhere/").status_code == 404


def test_the_page_sets_the_visitors_signed_cookie_once(client, room):
    cookie = client.get(url(room)).cookies[VISITOR_COOKIE]
    assert read_visitor(cookie.value)
    assert (cookie["httponly"], cookie["samesite"], int(cookie["max-age"])) == (True, "Lax", 180 * 24 * 3600)
    assert VISITOR_COOKIE not in client.get(url(room)).cookies


def test_a_forged_cookie_is_nobodys(client, room):
    client.cookies[VISITOR_COOKIE] = "somebody:forged"
    assert VISITOR_COOKIE in client.get(url(room)).cookies


def test_my_own_questions_are_there_with_their_state_and_nobody_elses(client, room, asker):
    QuestionFactory(room=room, participant=asker, text="La mienne ?", state="rejected", reject_reason="hors-sujet")
    QuestionFactory(room=room, text="Celle d’un autre ?")
    page = client.get(url(room)).content.decode()
    assert "La mienne ?" in page and "Non retenue" in page
    assert "ne concerne pas le recrutement" in page
    assert "Celle d’un autre ?" not in page


def test_staff_see_the_way_to_their_console_instead_of_the_form(client, room, moderator_user):
    client.force_login(moderator_user)
    page = client.get(url(room)).content.decode()
    assert url(room, "console/") in page
    assert 'id="ask"' not in page


def test_who_is_staff_of_another_room_is_a_visitor_here(client, room, stranger):
    client.force_login(UserFactory._meta.model.objects.get(pk=stranger.user_id))
    page = client.get(url(room)).content.decode()
    assert 'id="ask"' in page and "console/" not in page


def test_another_app_offers_something_in_a_room(client, room, monkeypatch):
    monkeypatch.setattr(public, "room_slots", [])
    public.offer_in_rooms("chat/_facts.html")
    public.offer_in_rooms("chat/_facts.html")
    assert public.room_slots == ["chat/_facts.html"]
    assert client.get(url(room)).content.decode().count('class="facts"') == 2  # the bar's own, and the slot's


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("state", "queries"), [("open", 15), ("scheduled", 16), ("closed", 18)])
def test_a_rooms_page_takes_as_many_queries_for_three_questions_as_for_one(
    client, room, asker, state, queries, count, django_assert_num_queries
):
    opens_at = timezone.now() + timedelta(hours={"scheduled": 1, "open": -1, "closed": -3}[state])
    type(room).objects.filter(pk=room.pk).update(
        state=state, opens_at=opens_at, closes_at=opens_at + timedelta(hours=2)
    )
    QuestionFactory.create_batch(count, room=room, state="answered", participant=asker)
    QuestionFactory.create_batch(count, room=room, state="published")
    with django_assert_num_queries(queries):
        client.get(url(room))


# --- asking without a script ----------------------------------------------------------------------------------------


def test_a_form_asks_and_comes_back_to_the_room(client, room):
    response = post(client, room, nickname="Nadia")
    assert (response.status_code, response["Location"]) == (303, url(room) + "#mine")
    question = Question.objects.get()
    assert (question.text, question.nickname, question.state) == ("Faut-il nager ?", "Nadia", QuestionState.ASKED)
    assert "Faut-il nager ?" in client.get(url(room)).content.decode()


def test_the_same_form_twice_asks_once(client, room):
    post(client, room)
    assert post(client, room).status_code == 303
    assert Question.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "status"),
    [({"text": "   "}, 422), ({"text": "x" * 281}, 422), ({"nickname": "n" * 25}, 422), ({"topic": "none"}, 404)],
)
def test_a_refused_form_keeps_what_was_typed(client, room, fields, status):
    response = post(client, room, **fields)
    page = response.content.decode()
    assert response.status_code == status
    assert 'aria-invalid="true"' in page and 'role="alert"' in page
    assert fields.get("text", "Faut-il nager ?") in page
    assert not Question.objects.exists()


def test_a_closed_room_takes_no_question(client):
    room = RoomFactory(closed=True)
    response = post(client, room)
    assert response.status_code == 409
    assert "Faut-il nager ?" in response.content.decode()


def test_a_muted_visitor_is_refused(client, room, asker):
    asker.muted_until = timezone.now() + timedelta(minutes=5)
    asker.save()
    response = post(client, room)
    assert response.status_code == 403
    assert 0 < int(response["Retry-After"]) <= 301


def test_too_many_questions_a_minute_are_refused(client, room, settings, asker):
    settings.ROOM_ASKS_PER_MINUTE = 1
    post(client, room)
    assert post(client, room, request_id="two", text="Encore ?").status_code == 429


def test_a_question_sent_again_gets_its_ack_whatever_the_limit(client, room, settings, asker):
    settings.ROOM_ASKS_PER_MINUTE = 1
    for _again in range(3):
        assert post(client, room).status_code == 303
    assert Question.objects.count() == 1
    assert post(client, room, request_id="two", text="Encore ?").status_code == 429


def test_a_refused_question_counts_for_nothing(client, room, settings, asker):
    settings.ROOM_ASKS_PER_MINUTE = 1
    for text in ("", "x" * 281):
        assert post(client, room, text=text).status_code == 422
    assert post(client, room, topic="none").status_code == 404
    assert post(client, room).status_code == 303
    for _again in range(2):
        assert post(client, room, request_id="two", text="Encore ?").status_code == 429


def test_the_wait_is_told_with_ones_own_questions(client, room, asker):
    QuestionFactory.create_batch(2, room=room)
    mine = QuestionFactory(room=room, participant=asker)
    QuestionFactory.create_batch(2, room=room, state="answered")
    QuestionFactory.create_batch(5, room=room, state="rejected")
    told = client.get(url(room, "questions")).json()
    assert told["wait"] == {"waiting": 3, "one_in": None}  # of seven decided questions a ratio says nothing yet
    assert [(own["question"], own["before"]) for own in told["questions"]] == [(mine.pk, 2)]
    QuestionFactory(room=room, state="rejected")
    assert client.get(url(room, "questions")).json()["wait"]["one_in"] == 4


def test_what_reads_like_a_text_is_found_with_its_answer_and_never_what_waits(client, room):
    memory.forget()
    asked = QuestionFactory(room=room, state="answered", text="Le permis B est-il obligatoire ?")
    AnswerFactory(question=asked, text="Non.")
    QuestionFactory(room=room, text="Le permis B est-il obligatoire pour tous ?")
    found = client.post(url(room, "similar"), {"text": "faut-il le permis B ?"}).json()["found"]
    assert [(one["text"], one["url"]) for one in found] == [(asked.text, url(room) + f"#question-{asked.pk}")]
    assert found[0]["answer"]
    assert client.post(url(room, "similar"), {"text": " "}).json() == {"found": []}


# --- voting without a socket ----------------------------------------------------------------------------------------


def vote(client, room, question, value="true", **more):
    return client.post(url(room, "votes"), {"question": question, "value": value, "request_id": f"{value}"} | more)


def test_no_form_of_a_room_is_checked_by_the_browser(client, room, asker):
    QuestionFactory(room=room, state="published")
    forms = re.findall(r'<form[^>]*method="post"[^>]*>', client.get(url(room)).content.decode())
    assert all(any(act in form for form in forms) for act in ("/questions", "/votes", "/profile"))
    assert [form for form in forms if " novalidate" not in form] == []


def test_a_form_votes_takes_it_back_and_comes_back_to_the_question(client, room, asker):
    question = QuestionFactory(room=room, state="published")
    response = vote(client, room, question.pk)
    assert (response.status_code, response["Location"]) == (303, url(room) + f"#question-{question.pk}")
    assert question.votes.get().participant == asker
    vote(client, room, question.pk, "false")
    assert not question.votes.exists()


def test_json_votes_get_the_ack_or_the_error_frame(client, room, asker):
    question, own = (
        QuestionFactory(room=room, state="published"),
        QuestionFactory(room=room, participant=asker, state="published"),
    )
    hidden = QuestionFactory(room=room)

    def vote_json(question_id):
        frame = {"id": f"v{question_id}", "question": question_id, "value": True}
        return client.post(url(room, "votes"), frame, content_type="application/json")

    assert vote_json(question.pk).json() == {"type": "ack", "id": f"v{question.pk}"}
    for refused, status, code in ((own.pk, 403, "forbidden"), (hidden.pk, 404, "not_found"), ("x", 422, "bad_message")):
        response = vote_json(refused)
        assert (response.status_code, response.json()["code"]) == (status, code)


@pytest.mark.parametrize(("named", "value"), [("", "true"), ("x", "true"), (None, "perhaps")])
def test_a_vote_that_makes_no_sense_is_refused(client, room, asker, named, value):
    question = QuestionFactory(room=room, state="published")
    assert vote(client, room, question.pk if named is None else named, value).status_code == 422
    assert not question.votes.exists()


def test_a_form_without_its_token_is_refused(room):
    assert post(Client(enforce_csrf_checks=True), room).status_code == 403


# --- asking by JSON -------------------------------------------------------------------------------------------------


def test_json_gets_the_ack(client, room):
    response = post_json(client, room, {"request_id": "one", "text": "Faut-il nager ?"})
    assert response.json() == {"type": "ack", "id": "one", "question": Question.objects.get().pk}


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"request_id": "one", "text": ""}, 422, "empty"),
        ({"request_id": "one", "text": "x" * 281}, 422, "too_long"),
        ({"text": "Faut-il nager ?"}, 422, "bad_message"),
        ({"request_id": 7, "text": "Faut-il nager ?"}, 422, "bad_message"),
        (["no", "object"], 422, "bad_message"),
        ({"request_id": "one", "text": "Faut-il nager ?", "topic": "none"}, 404, "not_found"),
        ({"request_id": "one", "text": "Faut-il nager ?", "topic": "no\x00ne"}, 422, "bad_message"),
    ],
)
def test_json_refused_gets_the_error_frame(client, room, body, status, code):
    response = post_json(client, room, body)
    assert response.status_code == status
    assert response.json()["type"] == "error"
    assert response.json()["code"] == code


def test_what_is_no_json_is_a_bad_message(client, room):
    response = client.post(url(room, "questions"), "{", content_type="application/json")
    assert (response.status_code, response.json()["code"]) == (422, "bad_message")


def test_staff_may_not_ask(client, room, moderator_user):
    client.force_login(moderator_user)
    assert post_json(client, room, {"request_id": "one", "text": "Moi ?"}).status_code == 403


@pytest.mark.parametrize("act", ["questions", "votes"])
def test_a_room_that_does_not_exist_is_a_page_for_a_form_and_a_frame_for_json(client, db, act):
    response = client.post(f"/rooms/nowhere/{act}", {"text": "Quoi ?", "request_id": "one"})
    assert (response.status_code, response["Content-Type"]) == (404, "text/html; charset=utf-8")
    assert "Cette page n’existe pas" in response.content.decode()
    response = client.post(f"/rooms/nowhere/{act}", {"id": "one"}, content_type="application/json")
    assert (response.status_code, response.json()["code"]) == (404, "not_found")


def test_a_visitor_asks_what_became_of_their_own(client, room, asker):
    mine = QuestionFactory(room=room, participant=asker, state="rejected", reject_reason="propos")
    QuestionFactory(room=room)
    (told,) = client.get(url(room, "questions")).json()["questions"]
    assert told["question"] == mine.pk
    assert told["reason_text"].startswith("Votre message s’en prend")


# --- the console ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["moderator", "speaker"])
def test_the_rooms_staff_have_its_console(client, room, moderator_user, speaker, who):
    QuestionFactory(room=room, text="En attente ?")
    client.force_login(moderator_user if who == "moderator" else speaker.user)
    response = client.get(url(room, "console/"))
    assert response.status_code == 200
    assert f'data-role="{who}"' in response.content.decode()
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("who", ["nobody", "stranger", "superuser"])
def test_everybody_else_is_refused_and_learns_nothing(client, room, stranger, who):
    QuestionFactory(room=room, text="En attente ?")
    if who == "stranger":
        client.force_login(UserFactory._meta.model.objects.get(pk=stranger.user_id))
    elif who == "superuser":
        client.force_login(UserFactory(is_superuser=True))
    response = client.get(url(room, "console/"))
    assert response.status_code == (302 if who == "nobody" else 403)  # nobody may log in first
    assert "En attente ?" not in response.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_console_takes_as_many_queries_for_three_questions_as_for_one(
    client, room, moderator_user, count, django_assert_num_queries
):
    client.force_login(moderator_user)
    for state in ("asked", "published", "answered", "rejected"):
        QuestionFactory.create_batch(count, room=room, state=state)
    client.get(url(room, "console/"))
    with django_assert_num_queries(22):
        client.get(url(room, "console/"))


# --- the programme --------------------------------------------------------------------------------------------------


def test_the_programme_tells_what_is_on_what_comes_and_what_was(client):
    for title, kind in (("Maintenant", {}), ("Demain", {"scheduled": True}), ("Hier", {"closed": True})):
        RoomFactory(title=title, **kind)
    page = client.get("/rooms/").content.decode()
    assert page.index("Maintenant") < page.index("Demain") < page.index("Hier")


def test_an_empty_programme_offers_another_way(client, db):
    page = client.get("/rooms/").content.decode()
    assert "Aucun salon" in page and "/request/" in page


def test_rooms_of_long_ago_are_archives():
    now = timezone.now()
    RoomFactory(closed=True, programme=ProgrammeFactory(), opens_at=now - timedelta(days=800))
    RoomFactory(closed=True, programme=ProgrammeFactory())
    assert [run.is_archive for run in schedule(now).past] == [False, True]


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("path", ["/", "/rooms/"])
def test_the_programme_takes_as_many_queries_for_three_rooms_as_for_one(client, path, count, django_assert_num_queries):
    for kind in ({}, {"scheduled": True}, {"closed": True}):
        for room in RoomFactory.create_batch(count, speakers=[SpeakerFactory()], programme=ProgrammeFactory(), **kind):
            QuestionFactory.create_batch(count, room=room, state="answered")
    client.get(path)
    with django_assert_num_queries({"/": 9, "/rooms/": 7}[path]):
        client.get(path)


def test_english_readers_get_english_titles(client, topic):
    RoomFactory(title="Le renseignement", title_en="Intelligence")
    page = client.get("/rooms/", headers={"Accept-Language": "en"}).content.decode()
    assert "Intelligence" in page and "Le renseignement" not in page
    assert "Intelligence" not in client.get("/rooms/", headers={"Accept-Language": "fr"}).content.decode()


# --- search ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["maître-chien", "MAITRE-CHIEN", "chien maitre", "réponse"])
def test_search_looks_past_accents_and_case_in_questions_and_answers(client, room, words):
    AnswerFactory(
        question=QuestionFactory(room=room, state="answered", answers=False, text="Devenir maître-chien ?"),
        text="Une réponse.",
    )
    QuestionFactory(room=room, state="answered", text="Autre chose ?", answers=False)
    page = client.get("/questions/", {"q": words}).content.decode()
    assert "<mark>" in page
    assert "Autre chose" not in page


def test_what_is_asked_comes_before_what_is_only_mentioned(client, room):
    mentioned = QuestionFactory(room=room, state="answered", text="Quels sports à l’école ?")
    AnswerFactory(question=mentioned, text="La natation, entre autres.")
    VoteFactory(question=mentioned)
    AnswerFactory(question=QuestionFactory(room=room, state="answered", text="La natation compte-t-elle ?"))
    page = client.get("/questions/", {"q": "natation"}).content.decode()
    assert page.index("compte-t-elle") < page.index("Quels sports")


def test_search_finds_only_what_is_answered(client, room):
    for state in ("asked", "published", "rejected", "withdrawn"):
        QuestionFactory(room=room, state=state, text="Introuvable ?")
    page = client.get("/questions/", {"q": "introuvable"}).content.decode()
    assert "Aucune réponse pour" in page


def test_search_by_topic(client, room, topic):
    QuestionFactory(room=room, state="answered", topic=topic, text="Du code ?")
    QuestionFactory(room=room, state="answered", topic=TopicFactory(key="sport"), text="Du sport ?")
    page = client.get("/questions/", {"topic": "informatique"}).content.decode()
    assert "Du code ?" in page and "Du sport ?" not in page


@pytest.mark.parametrize("query", ["?page=999", "?page=x", "?q=%25_%5C", "?q=%00", "?topic=%00", "?q=" + "a" * 5000])
def test_search_takes_whatever_is_typed(client, room, query):
    QuestionFactory(room=room, state="answered")
    assert client.get("/questions/" + query).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_search_takes_as_many_queries_for_three_answers_as_for_one(client, room, count, django_assert_num_queries):
    QuestionFactory.create_batch(count, room=room, state="answered")
    with django_assert_num_queries(11):
        client.get("/questions/")


def test_what_most_people_wondered_comes_first(client, room):
    QuestionFactory(room=room, state="answered", text="Peu demandée ?")
    VoteFactory(question=QuestionFactory(room=room, state="answered", text="Très demandée ?"))
    page = client.get("/questions/").content.decode()
    assert page.index("Très demandée ?") < page.index("Peu demandée ?")


# --- calendars ------------------------------------------------------------------------------------------------------


def test_a_rooms_calendar_has_its_zone_and_a_uid_that_stays(client, room):
    response = client.get(url(room, "calendar.ics"))
    text = response.content.decode()
    assert response["Content-Type"].startswith("text/calendar")
    assert f"UID:room-{room.pk}@" in text
    for part in ("BEGIN:VTIMEZONE", f"DTSTART;TZID={settings.TIME_ZONE}:", "SEQUENCE:", "DTSTAMP:"):
        assert part in text


def test_the_programmes_calendar_has_all_rooms(client, room):
    RoomFactory(scheduled=True)
    assert client.get("/rooms/calendar.ics").content.count(b"BEGIN:VEVENT") == 2


def test_a_calendar_of_no_room_is_no_fault(client, db):
    assert b"BEGIN:VTIMEZONE" in client.get("/rooms/calendar.ics").content
    assert client.get("/rooms/nowhere/calendar.ics").status_code == 404


def test_reading_changes_nothing(client, room):
    for path in ("", "questions", "calendar.ics"):
        client.get(url(room, path))
    assert not RoomEvent.objects.exists() and not room.participants.exists()


def test_archives_are_not_what_people_want_to_know_now(room):
    old = RoomFactory(closed=True, opens_at=timezone.now() - timedelta(days=800))
    VoteFactory(question=QuestionFactory(room=old, state="answered"))
    wanted = QuestionFactory(room=room, state="answered")
    assert most_wanted(timezone.now()) == [wanted]


@pytest.mark.parametrize(("live", "first"), [(0, 0), (3, 1), (7, 3)])
def test_the_week_is_five_rooms_around_the_one_that_is_on(live, first):
    programme, now = ProgrammeFactory(), timezone.now()
    rooms = [
        RoomFactory(
            programme=programme,
            state="closed" if place < live else "open" if place == live else "scheduled",
            opens_at=now + timedelta(days=place - live, minutes=-5),
        )
        for place in range(8)
    ]
    assert schedule(now).week == rooms[first : first + 5]


def test_only_the_latest_announcement_stands_in_front(client, room, moderator):
    for text in ("La première.", "La seconde."):
        services.announce(room_id=room.pk, actor=moderator, now=timezone.now(), text=text)
    page = client.get(url(room)).content.decode()
    assert page.index("La seconde.") < page.index("Annonces précédentes") < page.index("La première.")


@pytest.mark.parametrize("rest", ["", "questions", "calendar.ics"])
def test_a_monitor_may_ask_for_heads_alone(client, room, rest):
    response = client.head(url(room, rest))
    assert (response.status_code, response.content) == (200, b"")


def test_who_lost_their_session_logs_in_and_comes_back_to_the_console(client, room):
    address = url(room, "console/")
    assert client.get(address).url == f"/admin/login/?next={address}"


def test_what_was_asked_in_the_same_words_in_two_rooms_is_wanted_once(room):
    first, again = (QuestionFactory(room=which, state="answered", text="Quel âge ?") for which in (room, RoomFactory()))
    VoteFactory(question=again)
    other = QuestionFactory(room=room, state="answered", text="Quel diplôme ?")
    assert set(most_wanted(timezone.now())) == {again, other}
    assert first not in most_wanted(timezone.now())


# --- what one says of oneself ---------------------------------------------------------------------------------------


def say(client, room, **said):
    return client.post(url(room, "profile"), said)


def test_what_somebody_says_of_themselves_is_counted_and_leads_to_nobody(client, room, asker):
    assert say(client, room, age_band="18_24", region="11").status_code == 303
    say(client, room, age_band="25_34", region="11", situation="student")
    kept = room.profiles.get()
    assert (kept.age_band, kept.region, kept.situation) == ("25_34", "11", "student")
    assert kept.key != asker.key
    assert 'id="age-25_34" value="25_34" checked' in client.get(url(room)).content.decode()
    say(client, room)
    assert not room.profiles.exists()


@pytest.mark.parametrize("said", [{"age_band": "unknown"}, {"region": "999"}, {"situation": "spy"}])
def test_what_was_not_offered_is_refused(client, room, said):
    assert say(client, room, **said).status_code == 422
    assert not room.profiles.exists()


def test_counts_under_five_are_masked_and_so_is_what_gives_them_away(room):
    for number in range(18):
        band = "under_18" if number < 3 else "18_24" if number < 9 else "25_34"
        room.profiles.create(key=str(number), age_band=band)
    assert profiles_in([room.pk])[room.pk]["age_band"] == {"under_18": None, "18_24": None, "25_34": 9}


# --- afterwards -----------------------------------------------------------------------------------------------------


def test_a_transcript_says_what_became_of_all_that_was_asked_and_why_some_was_not_kept(client):
    room = RoomFactory(closed=True)
    kept = QuestionFactory(room=room, state="answered", text="Faut-il nager ?")
    QuestionFactory.create_batch(2, room=room, state="rejected", reject_reason="hors-sujet")
    QuestionFactory(room=room, state="rejected", reject_reason="Vous avez écrit votre nom, Léa Martin.")
    page = client.get(url(room)).content.decode()
    assert "<dt>Posées</dt><dd>4</dd>" in page
    assert '<dt>Hors sujet</dt><dd class="num">2</dd>' in page and '<dt>Autre motif</dt><dd class="num">1</dd>' in page
    assert "Léa Martin" not in page
    assert f'<a href="#question-{kept.pk}">Lien<span' in page


def test_search_engines_list_a_transcript_only_where_the_room_says_so(client):
    hidden, listed = RoomFactory(closed=True), RoomFactory(closed=True, is_indexed=True)
    noindex = '<meta name="robots" content="noindex">'
    assert noindex in client.get(url(hidden)).content.decode()
    assert noindex not in client.get(url(listed)).content.decode()
    assert noindex in client.get(url(RoomFactory(is_indexed=True))).content.decode()


# --- before it opens ------------------------------------------------------------------------------------------------


def test_a_question_before_the_hour_is_taken_only_where_the_house_wants_it(client, settings):
    room = RoomFactory(scheduled=True)
    assert post(client, room).status_code == 409
    settings.ROOM_EARLY_QUESTIONS = True
    assert post(client, room).status_code == 303
    assert "Faut-il nager ?" in client.get(url(room)).content.decode()
    assert post(client, RoomFactory(closed=True)).status_code == 409


def test_a_calendars_copy_is_newer_only_where_times_or_title_changed(client):
    room = RoomFactory(scheduled=True, title="Les métiers")

    def event():
        calendar = client.get(url(room, "calendar.ics")).content.decode()
        assert "BEGIN:VTIMEZONE" in calendar and "DTSTART;TZID=Europe/Paris:" in calendar
        return dict(line.split(":", 1) for line in calendar.split("\r\n") if line.startswith(("UID", "SEQUENCE")))

    first = event()
    assert first["SEQUENCE"] == "0"
    room.intro = "Un mot d’accueil."
    services.plan_room(room=room)
    assert event() == first
    room.closes_at += timedelta(minutes=30)
    services.plan_room(room=room)
    services.plan_room(room=room)
    assert event() == first | {"SEQUENCE": "1"}


def test_the_transcript_puts_what_was_answered_before_what_was_not(client, room):
    topic = TopicFactory(key="metiers", label="Métiers")
    type(room).objects.filter(pk=room.pk).update(state="closed", closes_at=NOW, state_since=NOW)
    QuestionFactory(room=room, text="Sans réponse ?", state="published", topic=topic, published_at=NOW)
    AnswerFactory(question__room=room, question__text="Répondue ?", question__topic=topic)
    page = client.get(url(room)).content.decode()
    assert page.index("Répondue ?") < page.index("Sans réponse ?")


def found(page):
    return [question.text for question in page.context["page"]]


def test_search_is_narrowed_by_room_and_year_and_each_facet_counts_beside_the_others(client, room, topic):
    old = RoomFactory(slug="ancien", closed=True, opens_at=NOW - timedelta(days=900))
    QuestionFactory(room=room, state="answered", topic=topic, text="Le code, ici ?")
    QuestionFactory(room=old, state="answered", topic=topic, text="Le code, autrefois ?")
    QuestionFactory(room=old, state="answered", text="Le sport, autrefois ?")
    year = str(timezone.localtime(old.opens_at).year)
    assert found(client.get("/questions/", {"room": "ancien", "topic": topic.key})) == ["Le code, autrefois ?"]
    page = client.get("/questions/", {"year": year})
    assert sorted(found(page)) == ["Le code, autrefois ?", "Le sport, autrefois ?"]
    assert [(one.slug, count) for one, count in page.context["by_room"]] == [("ancien", 2)]
    assert dict(page.context["by_year"])[int(year)] == 2
    assert len(page.context["by_year"]) == 2
    assert dict(page.context["facets"]) == {topic.key: 1, None: 1}
    assert f"?q=code&amp;room=ancien&amp;year={year}" in client.get(
        "/questions/", {"q": "code", "year": year, "room": ""}
    ).content.decode().replace("topic=&amp;", "")


@pytest.mark.parametrize("query", ["?room=nowhere", "?year=x", "?year=99999999999", "?year=%00", "?room=%00"])
def test_a_room_or_year_that_is_none_narrows_nothing(client, room, query):
    QuestionFactory(room=room, state="answered", text="Là ?")
    assert found(client.get("/questions/" + query)) == ["Là ?"]


@pytest.fixture
def closed_room(room):
    type(room).objects.filter(pk=room.pk).update(state="closed", closes_at=NOW, state_since=NOW)
    return room


def test_the_transcript_is_searched_without_accents_in_questions_and_answers(client, closed_room):
    AnswerFactory(question__room=closed_room, question__text="Maître-chien ?", text="Oui.")
    AnswerFactory(question__room=closed_room, question__text="Quel métier ?", text="Celui de maître d’équipage.")
    AnswerFactory(question__room=closed_room, question__text="La paie ?", text="Elle est là.")
    page = client.get(url(closed_room), {"q": "MAITRE"})
    text = page.content.decode()
    assert page.context["found"] == 2
    assert "<mark>Maître</mark>-chien" in text
    assert "La paie ?" not in text
    assert "Rien ici ne contient" in client.get(url(closed_room), {"q": "<b>"}).content.decode()


def test_the_transcript_says_how_many_answers_were_added_after_the_room(client, closed_room):
    AnswerFactory(question__room=closed_room, at=NOW - timedelta(minutes=5))
    assert client.get(url(closed_room)).context["added"] == 0
    AnswerFactory(question__room=closed_room, at=NOW + timedelta(minutes=5))
    page = client.get(url(closed_room))
    assert page.context["added"] == 1
    assert "1 a été ajoutée depuis." in page.content.decode()
