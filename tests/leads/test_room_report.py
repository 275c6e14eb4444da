"""The report of one room: figures over all that was asked, and the list that is still to work."""

import csv
import html
import io
import re
from datetime import timedelta

import openpyxl
import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from recruitment.days import day_in_words
from tests.factories import (
    AnswerFactory,
    ParagraphFactory,
    QuestionFactory,
    RoomFactory,
    SpeakerFactory,
    TopicFactory,
    UserFactory,
    VoteFactory,
)
from tests.leads.factories import ContestSessionFactory, ask, ask_for_file, came_from
from tests.leads.staff import staff
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


def test_profiles_of_rooms_stand_side_by_side_masked_and_without_a_sum(manager, room):
    assert "d’après ce qu" not in page(manager.get("/admin/reports/rooms/"))
    other = RoomFactory(slug="la-paie", title="La paie", closed=True)
    RoomFactory(title="Sans profil", closed=True)
    for number in range(30):
        age = "18_24" if number < 12 else "under_18" if number < 19 else "25_34"
        other.profiles.create(key=str(number), age_band=age, situation="student" if number < 8 else "")
        room.profiles.create(key=str(number), age_band="18_24" if number < 27 else "under_18")
    answer = manager.get("/admin/reports/rooms/")
    ages, *others = answer.context["profiles"]
    assert [told.name for told in others] == ["situation"]
    assert {line[0].slug: line[1] for line in ages.lines} == {"metiers": [None, None, 0], "la-paie": [7, 12, 11]}
    assert page(answer).count("masqué</span>") == 2
    told = {row["slug"]: row["profiles"] for row in manager.get("/admin/reports/rooms/?format=json").json()["rooms"]}
    assert told["la-paie"]["age_band"] == {"18_24": 12, "under_18": 7, "25_34": 11}
    assert told["metiers"]["age_band"] == {"18_24": None, "under_18": None}
    book = openpyxl.load_workbook(io.BytesIO(manager.get("/admin/reports/rooms/?format=xlsx").content))
    assert ["metiers", "< 5", "< 5", 0] in [list(row) for row in book.worksheets[1].values]


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
    with django_assert_num_queries(17):
        manager.get(f"{ADDRESS}?format=json")


def test_each_figure_leads_a_moderator_of_the_room_to_the_list_that_it_counts_and_nobody_else(client, manager, room):
    assert not re.search(r"chat/(question|answer)/\?", page(manager.get(ADDRESS)))
    user = UserFactory()
    user.groups.add(Group.objects.get(name="moderators"))
    room.moderators.add(user)
    client.force_login(user)
    shown = page(client.get(ADDRESS))
    found = re.findall(r'<a href="([^"]*chat/(?:question|answer)/\?[^"]*)">([\d\u202f]+)</a>', shown)
    assert len(found) > 10
    for behind in ("answer/?", "reject_reason__exact=hors-sujet", "state__in=rejected,withdrawn"):
        assert any(behind in address for address, _figure in found), behind
    assert re.search(r'published_at__isnull=False">2\smin\s00', shown)  # of a median: what it is taken of
    for address, figure in found:
        listed = client.get(html.unescape(address))
        assert listed.status_code == 200, address
        if "state" in address or "topic" in address:  # those who asked are people, not questions
            assert listed.context["cl"].queryset.count() == int(figure), address


def test_the_curve_has_the_peak_and_the_same_as_a_table_and_is_left_out_where_nobody_was_counted(manager, room):
    assert "connected" not in page(manager.get(ADDRESS))
    for minute, people in ((0, 40), (20, 236), (40, 120)):
        room.attendance.create(minute=room.opens_at + timedelta(minutes=minute), viewers=people)
    shown = page(manager.get(ADDRESS))
    curve = manager.get(ADDRESS).context["curve"]
    assert (curve.peak[0], max(people for _, people in curve.rows)) == (236, 236)
    assert 'role="img"' in shown
    assert manager.get(f"{ADDRESS}?format=json").json()["attendance"][1]["people"] == 236


def test_the_figures_stand_beside_those_of_the_room_before(manager, room):
    assert "La veille" not in page(manager.get(ADDRESS))
    earlier = RoomFactory(title="La veille", closed=True, peak_viewers=181, opens_at=room.opens_at - timedelta(days=1))
    QuestionFactory(room=earlier, asked_at=START - timedelta(days=1))
    shown = page(manager.get(ADDRESS))
    assert "À côté de ses chiffres\u00a0: La veille, " in shown
    assert f"{day_in_words(timezone.localtime(earlier.opens_at), 'j F')}\u00a0: 181" in shown


# --- for the next room ----------------------------------------------------------------------------------------------
def widely_asked(room):
    """Answered, and asked by three: its asker, one whose question was merged into it, one who voted."""
    question = AnswerFactory(
        question__room=room, question__text="Quel est le salaire ?", text="1\u202f900 € nets.", speaker__name="Inès Roy"
    ).question
    QuestionFactory(room=room, state="merged", merged_into=question)
    VoteFactory(question=question)
    return question


def moderating(client):
    client.force_login(staff("moderators"))
    return client


def test_what_many_wondered_is_made_a_paragraph_in_two_steps_and_then_leaves_the_list(client, room):
    question = widely_asked(room)
    shown = page(moderating(client).get(ADDRESS))
    assert "À reprendre pour le prochain" in shown
    assert "3 personnes, répondue par Inès Roy." in shown
    [to_paragraph] = re.findall(r'"(/admin/chat/paragraph/add/\?answer=\d+)"', shown)
    form = client.get(to_paragraph).context["adminform"].form.initial
    assert (form["title"], form["text"]) == (question.text, "1\u202f900 € nets.")
    assert form["source"] == "Inès Roy, Les métiers"
    ParagraphFactory(title=form["title"], text="Revu.")
    assert "/admin/chat/paragraph/add/" not in page(client.get(ADDRESS))


def test_managers_read_it_and_are_not_led_where_they_may_not_go(manager, room):
    widely_asked(room)
    shown = page(manager.get(ADDRESS))
    assert "répondue par Inès Roy" in shown
    assert "/add/" not in shown


@pytest.mark.parametrize("number", ["", "x", "9" * 30, "1"])
def test_an_address_that_names_no_public_answer_begins_an_empty_paragraph(client, number, db):
    assert (
        not moderating(client)
        .get("/admin/chat/paragraph/add/", {"answer": number})
        .context["adminform"]
        .form.initial.get("text")
    )


def test_a_topic_short_of_answers_is_offered_a_room_of_its_own_and_a_few_questions_are_not(client, room):
    moderating(client)
    assert "Préparer un salon à part" not in page(client.get(ADDRESS))
    computing = TopicFactory(key="info")
    QuestionFactory.create_batch(4, room=room, topic=computing)
    QuestionFactory(room=RoomFactory(), topic=computing)
    shown = page(client.get(ADDRESS))
    assert "6 questions, 1 avec réponse\u202f; 7 dans tous les salons" in shown
    [to_room] = re.findall(r'"(/admin/chat/room/add/\?[^"]+)"', shown)
    assert client.get(html.unescape(to_room)).context["adminform"].form.initial["title"] == computing.label


# --- when its requests came -----------------------------------------------------------------------------------------
def test_requests_of_a_room_are_told_by_when_they_came_and_each_figure_opens_its_list(client):
    opens = timezone.now() - timedelta(days=60)
    room = RoomFactory(slug="la-paie", opens_at=opens, closes_at=opens + timedelta(hours=1))
    other, session = RoomFactory(), ContestSessionFactory()
    minute = timedelta(minutes=1)
    moments = [-minute, minute, 61 * minute, timedelta(days=3), timedelta(days=40), timedelta(days=50)]
    for number, moment in enumerate(moments):
        ask(now=opens + moment, room_id=room.pk, email=f"c{number}@example.org", touches=came_from(f"s{number % 2}"))
    ask_for_file(session, now=opens + minute, room_id=room.pk, email="file@example.org")
    ask(now=opens, room_id=other.pk, email="other@example.org")
    ask(now=opens, email="none@example.org")
    client.force_login(staff("managers"))
    data = client.get("/admin/reports/rooms/", {"format": "json"}).json()
    [told] = [row for row in data["rooms"] if row["slug"] == "la-paie"]
    assert told["leads_came"] == {"before": 1, "during": 2, "day": 1, "month": 1, "later": 2}
    assert told["files_came"] == {"before": 0, "during": 1, "day": 0, "month": 0, "later": 0}
    assert sum(told["leads_came"].values()) == told["leads"] == 7
    assert [(row["key"], row["total"]) for row in told["sources"]] == [("s0", 3), ("s1", 3), ("unknown", 1)]
    for name, count in told["leads_came"].items():
        listed = client.get("/admin/leads/lead/", {"room": "la-paie", "came": name})
        assert listed.context["cl"].result_count == count
    every = client.get("/admin/reports/rooms/")
    assert [total[:3] for total in every.context["came"]["totals"]] == [
        *[("before", 2, 0), ("during", 2, 1), ("day", 1, 0), ("month", 1, 0), ("later", 2, 0)]
    ]
    for name, requests, files, _label in every.context["came"]["totals"]:
        for kind, count in ("", requests), ("&kind=registration_file", files):
            assert f"room=any&came={name}{kind}".replace("&", "&amp;") + f'">{count}' in every.content.decode()
            assert client.get(f"/admin/leads/lead/?room=any&came={name}{kind}").context["cl"].result_count == count
    assert f'?room=any">{every.context["totals"]["leads"]}</a>' in every.content.decode()
    assert client.get("/admin/leads/lead/?room=any").context["cl"].result_count == 8
    of_files = "room=la-paie&came=during&kind=registration_file"
    assert of_files.replace("&", "&amp;") in every.content.decode()
    assert client.get(f"/admin/leads/lead/?{of_files}").context["cl"].result_count == told["files_came"]["during"]
    alone = client.get("/admin/reports/rooms/la-paie/?format=json").json()
    shared = ("leads", "leads_came", "files_came")
    assert [alone[name] for name in shared] == [told[name] for name in shared]
    shown = client.get("/admin/reports/rooms/la-paie/").content.decode()
    for name, count in told["leads_came"].items():
        assert f'room=la-paie&amp;came={name}">{count}</a>' in shown
    client.force_login(staff("moderators"))  # reads the figures, and has no way to people's requests
    assert "came=" not in client.get("/admin/reports/rooms/la-paie/").content.decode()
