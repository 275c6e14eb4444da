"""The report of one room: figures over all that was asked, and the list that is still to work."""

import csv
import io
from datetime import timedelta

import openpyxl
import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from tests.factories import (
    AnswerFactory,
    QuestionFactory,
    RoomFactory,
    SpeakerFactory,
    TopicFactory,
    UserFactory,
    VoteFactory,
)
from tests.leads.test_pages import page, served

pytestmark = pytest.mark.django_db
START = timezone.now() - timedelta(hours=2)
ADDRESS = "/admin/reports/rooms/metiers/"


@pytest.fixture
def room():
    """Two answered, one grouped, one declined, two open; of three topics or none."""
    access, computing = TopicFactory(key="acces", label="Accès", position=1), TopicFactory(key="info", position=0)
    room = RoomFactory(slug="metiers", title="Les métiers", closed=True, peak_viewers=236)
    speaker = SpeakerFactory(name="Inès Morvan")
    asked = {"room": room, "asked_at": START}
    for minutes, topic in ((2, access), (6, computing)):
        at = START + timedelta(minutes=minutes)
        question = QuestionFactory(**asked, state="published", topic=topic, published_at=at)
        AnswerFactory(question=question, speaker=speaker, at=at + timedelta(minutes=2))
        type(question).objects.filter(pk=question.pk).update(state="answered")
    QuestionFactory(**asked, state="merged", merged_into=question, topic=computing)
    QuestionFactory(**asked, state="rejected", reject_reason="hors-sujet", topic=access)
    QuestionFactory(**asked, text="Peu attendue ?")
    wanted = QuestionFactory(**asked, state="published", text="Très attendue ?", published_at=START)
    VoteFactory(question=wanted)
    return room


@pytest.fixture
def manager(client):
    user = UserFactory()
    user.groups.add(Group.objects.get(name="managers"))
    client.force_login(user)
    return client


def test_the_sums_medians_and_topics_count_all_that_was_asked(manager, room):
    report = manager.get(f"{ADDRESS}?format=json").json()
    sums = {"asked": 6, "answered": 2, "merged": 1, "rejected": 1, "withdrawn": 0, "unanswered": 2}
    assert {name: report[name] for name in sums} == sums
    assert (report["published"], report["askers"], report["peak_viewers"]) == (3, 6, 236)
    assert (report["seconds_to_publish"], report["seconds_to_answer"]) == (120, 360)
    assert [(topic["key"], topic["asked"]) for topic in report["by_topic"]] == [("info", 2), ("acces", 2), ("none", 2)]
    assert [(who["name"], who["answers"], who["seconds"]) for who in report["speakers"]] == [("Inès Morvan", 2, 360)]
    assert report["rejected_for"] == [{"reason": "hors-sujet", "questions": 1}]


def test_what_was_never_published_is_read_by_the_rooms_moderators_alone(client, manager, room):
    def to_answer():
        return [question["text"] for question in client.get(f"{ADDRESS}?format=json").json()["to_answer"]]

    assert to_answer() == ["Très attendue ?"]
    moderator = UserFactory()
    moderator.groups.add(Group.objects.get(name="moderators"))
    client.force_login(moderator)
    assert to_answer() == ["Très attendue ?"]
    room.moderators.add(moderator)
    assert to_answer() == ["Très attendue ?", "Peu attendue ?"]


def test_requests_and_answers_by_mail_are_in_it(client, manager, room):
    form = {"message": "Q ?", "email": "lea@example.org", "agreed": "on", "served": served()}
    client.post("/request/answer/?room=metiers", form)
    report = manager.get(f"{ADDRESS}?format=json").json()
    assert (report["leads"], report["by_mail"]) == (1, 1)
    transcript = page(client.get("/rooms/metiers/"))
    assert "<dt>Par mail</dt><dd>1</dd>" in transcript


def test_the_page_says_it_in_words(manager, room):
    shown = page(manager.get(ADDRESS))
    for words in (
        "Bilan\u00a0: Les métiers",
        "2 questions sans réponse",
        "Très attendue ?",
        "6\u00a0min\u00a000",
        "Hors sujet",
    ):
        assert words in shown, words
    assert "Personne ne l’a dit" in shown
    assert ADDRESS in page(manager.get("/admin/reports/rooms/"))


def test_the_files_hold_the_topics_with_their_totals_and_what_is_to_answer(manager, room):
    body = manager.get(f"{ADDRESS}?format=csv").content.decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(body), delimiter=";"))
    assert lines[0] == ["topic", "asked", "answered", "merged", "rejected", "withdrawn", "unanswered"]
    assert lines[-1] == ["total", "6", "2", "1", "1", "0", "2"]
    book = openpyxl.load_workbook(io.BytesIO(manager.get(f"{ADDRESS}?format=xlsx").content))
    assert book.active.title == book.sheetnames[0]
    assert [row[1] for row in book.worksheets[1].values][1:] == ["Très attendue ?"]


def test_small_counts_of_profiles_are_masked(manager, room):
    for number in range(9):
        room.profiles.create(key=str(number), age_band="18_24" if number < 6 else "under_18")
    assert manager.get(f"{ADDRESS}?format=json").json()["profiles"]["age_band"] == {"18_24": None, "under_18": None}
    assert "moins de 5, ou masqué" in page(manager.get(ADDRESS))


def test_an_empty_room_and_none(manager):
    RoomFactory(slug="vide")
    assert manager.get("/admin/reports/rooms/vide/?format=json").json()["seconds_to_answer"] is None
    assert manager.get("/admin/reports/rooms/vide/").status_code == 200
    assert manager.get("/admin/reports/rooms/vide/?format=csv").status_code == 200
    assert manager.get("/admin/reports/rooms/nowhere/").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_it_takes_as_many_queries_for_three_questions_as_for_one(manager, count, django_assert_num_queries):
    room = RoomFactory(slug="metiers")
    QuestionFactory.create_batch(count, room=room, state="answered", topic=TopicFactory(key="t"))
    with django_assert_num_queries(14):
        manager.get(f"{ADDRESS}?format=json")
