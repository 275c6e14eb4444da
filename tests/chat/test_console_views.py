"""What the console's pages read: for the room's staff alone, without leaking what waits."""

import json
from datetime import timedelta

import pytest

from chat import desk as desk_reads
from chat import services
from tests.chat.conftest import NOW, ask
from tests.factories import AnswerFactory, ParagraphFactory, QuestionFactory, RoomFactory, TopicFactory, UserFactory

PERMIT = "Le permis B est-il obligatoire pour s’inscrire ?"


def url(room, path=""):
    return f"/rooms/{room.slug}/{path}"


@pytest.fixture
def desk(client, moderator_user):
    client.force_login(moderator_user)
    return client


@pytest.mark.parametrize("who", ["nobody", "stranger"])
@pytest.mark.parametrize("path", ["console/near?questions=1", "console/hand-over/"])
def test_who_is_not_on_the_staff_list_reads_nothing(client, room, who, path):
    QuestionFactory(room=room, text="En attente ?")
    if who == "stranger":
        client.force_login(UserFactory())
    response = client.get(url(room, path))
    assert response.status_code == (302 if who == "nobody" else 403)
    assert "En attente" not in response.content.decode()


def test_staff_are_told_what_is_like_a_question_and_its_topic(desk, room):
    TopicFactory(key="acces", words="permis")
    question = QuestionFactory(room=room, text=PERMIT)
    other = QuestionFactory(room=room, text="Faut-il le permis pour s'inscrire au concours")
    told = desk.get(url(room, f"console/near?questions={question.pk},99999,x")).json()["near"]
    assert list(told) == [str(question.pk)]
    assert [like["question"] for like in told[str(question.pk)]["similar"]] == [other.pk]
    assert told[str(question.pk)]["topic"] == "acces"


def test_a_question_of_another_room_is_not_told(desk, room):
    elsewhere = QuestionFactory(room=RoomFactory(), text=PERMIT)
    assert desk.get(url(room, f"console/near?questions={elsewhere.pk}")).json() == {"near": {}}


@pytest.mark.parametrize("count", [1, 3])
def test_what_is_near_takes_as_many_queries_for_three_as_for_one(desk, room, count, django_assert_num_queries):
    AnswerFactory(question__room=room)
    numbers = ",".join(str(question.pk) for question in QuestionFactory.create_batch(count, room=room))
    desk.get(url(room, f"console/near?questions={numbers}"))
    with django_assert_num_queries(6):
        desk.get(url(room, f"console/near?questions={numbers}"))


def test_the_sheet_tells_whoever_takes_over_what_was_decided_and_what_waits(desk, room, moderator):
    waiting, gone = QuestionFactory(room=room, text="Attend ?"), QuestionFactory(room=room, text="Refusée ?")
    services.reject_question(room_id=room.pk, actor=moderator, question_id=gone.pk, reason="propos", now=NOW)
    services.write_note(room_id=room.pk, actor=moderator, text="Lacaze part à 19 h.", now=NOW)
    page = desk.get(url(room, "console/hand-over/")).content.decode()
    for told in (waiting.text, gone.text, "Paul Aubert", "Lacaze part à 19 h."):
        assert told in page
    assert "dans la file" not in page
    QuestionFactory.create_batch(13, room=room)
    assert "et 2 autres, dans la file" in desk.get(url(room, "console/hand-over/")).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_sheet_takes_as_many_queries_for_three_as_for_one(
    desk, room, moderator, speaker, count, django_assert_num_queries
):
    QuestionFactory.create_batch(count, room=room, assigned_to=speaker)
    QuestionFactory.create_batch(count, room=room, state="published", assigned_to=speaker)
    for question in QuestionFactory.create_batch(count, room=room):
        services.reject_question(room_id=room.pk, actor=moderator, question_id=question.pk, reason="propos", now=NOW)
        services.write_note(room_id=room.pk, actor=moderator, text="Bref.", now=NOW)
    desk.get(url(room, "console/hand-over/"))
    with django_assert_num_queries(12):
        desk.get(url(room, "console/hand-over/"))


def test_a_moderator_is_shown_the_prompter_of_whom_they_type_for_and_a_speaker_only_their_own(
    client, desk, room, speaker, other_speaker
):
    assert (
        desk.get(url(room, f"console/?as={speaker.pk}")).context["staff"] | {"me": speaker.pk, "scribe": True}
        == (desk.get(url(room, f"console/?as={speaker.pk}")).context["staff"])
    )
    assert desk.get(url(room, "console/?as=99999")).context["prompts"] is None
    client.force_login(speaker.user)
    staff = client.get(url(room, f"console/?as={other_speaker.pk}")).context["staff"]
    assert (staff["me"], staff["scribe"]) == (speaker.pk, False)


def test_the_console_has_the_approved_paragraphs_with_source_and_day(desk, room):
    paragraph = ParagraphFactory(source="décret 2004-1439")
    told = [one for one in desk.get(url(room, "console/")).context["paragraphs"] if one["key"] == paragraph.key]
    assert told[0]["source"] == "décret 2004-1439"
    assert str(paragraph.checked_on.year) in told[0]["dated"]


def test_the_screen_shows_everybody_what_is_public_and_nothing_else(client, room, moderator):
    QuestionFactory(room=room, text="En attente ?")
    shown = AnswerFactory(question__room=room, question__text="Publique ?").question
    services.show_on_screen(room_id=room.pk, actor=moderator, question_id=shown.pk, now=NOW)
    page = client.get(url(room, "screen/"))
    assert page.context["board"]["screen"] == shown.pk
    text = page.content.decode()
    assert "Publique ?" in json.dumps(page.context["board"], ensure_ascii=False)
    assert "En attente ?" not in text
    assert "<svg" in text
    assert f"/r/{room.pk}" in text
    assert client.get(f"/r/{room.pk}/").headers["Location"] == f"/rooms/{room.slug}/"
    assert client.get("/r/99999/").status_code == 404


@pytest.fixture
def prompter(client, speaker):
    client.force_login(speaker.user)
    return client


def test_a_speaker_is_given_nothing_that_waits_but_what_was_passed_on_to_them(prompter, room, speaker, other_speaker):
    QuestionFactory(room=room, text="Personne ne l’a lue ?")
    QuestionFactory(room=room, text="Pour un autre ?", assigned_to=other_speaker)
    QuestionFactory(room=room, text="Refusée ?", state="rejected", reject_reason="propos")
    mine = QuestionFactory(room=room, text="Pour moi ?", assigned_to=speaker)
    board = prompter.get(url(room, "console/")).context["board"]
    assert [waiting["question"] for waiting in board["waiting"]] == [mine.pk]
    assert board["rejected"] == []
    told = prompter.get(url(room, "console/passed-on")).json()["waiting"]
    assert [(one["question"], one["text"]) for one in told] == [(mine.pk, "Pour moi ?")]


def test_a_moderator_is_given_all_that_waits(desk, room):
    QuestionFactory.create_batch(2, room=room)
    QuestionFactory(room=room, state="rejected", reject_reason="propos")
    board = desk.get(url(room, "console/")).context["board"]
    assert (len(board["waiting"]), len(board["rejected"])) == (2, 1)


def test_a_speaker_hears_what_is_like_a_public_question_and_nothing_of_what_waits(prompter, room):
    waiting = QuestionFactory(room=room, text=PERMIT)
    public = QuestionFactory(room=room, text="Faut-il le permis pour s'inscrire au concours", state="published")
    said = AnswerFactory(question__room=room, question__text="permis obligatoire pour s’inscrire ?").question
    told = prompter.get(url(room, f"console/near?questions={waiting.pk},{public.pk}")).json()["near"]
    assert list(told) == [str(public.pk)]
    assert [like["question"] for like in told[str(public.pk)]["similar"]] == [said.pk]


@pytest.mark.parametrize("count", [1, 3])
def test_what_was_passed_on_takes_as_many_queries_for_three_as_for_one(
    prompter, room, speaker, count, django_assert_num_queries
):
    QuestionFactory.create_batch(count, room=room, assigned_to=speaker)
    with django_assert_num_queries(6):
        prompter.get(url(room, "console/passed-on"))


def test_the_gauge_counts_a_decision_once_and_not_once_it_is_taken_back(room, moderator, speaker):
    kept, taken_back, answered = (ask(room, text=text, by=text) for text in ("Un ?", "Deux ?", "Trois ?"))
    act = {"room_id": room.pk, "actor": moderator, "now": NOW}
    services.publish_question(question_id=kept, **act)
    services.reject_question(question_id=taken_back, reason="propos", **act)
    services.answer_question(question_id=answered, text="Oui.", speaker_id=speaker.pk, **act)
    assert [len(desk_reads.pace(room, NOW)[name]) for name in ("asked", "handled", "answered")] == [3, 3, 1]
    services.undo_decision(question_id=taken_back, **act)
    assert [len(desk_reads.pace(room, NOW)[name]) for name in ("asked", "handled", "answered")] == [3, 2, 1]


def test_the_screen_without_a_script_shows_what_is_up_and_without_a_choice_the_latest_answer(client, room, moderator):
    assert "La première réponse s’affichera ici." in client.get(url(room, "screen/")).content.decode()
    first = AnswerFactory(question__room=room, question__text="D’abord ?", text="Oui.", at=NOW).question
    AnswerFactory(question__room=room, question__text="Ensuite ?", text="Non.", at=NOW + timedelta(minutes=1))
    page = client.get(url(room, "screen/")).content.decode()
    assert '<p class="answer" id="shown-answer">Non.</p>' in page
    assert "En direct" in page
    services.show_on_screen(room_id=room.pk, actor=moderator, question_id=first.pk, now=NOW)
    assert '<p class="answer" id="shown-answer">Oui.</p>' in client.get(url(room, "screen/")).content.decode()
