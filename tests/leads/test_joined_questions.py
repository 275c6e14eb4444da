"""Questions that somebody asked in a room, joined to their request where they choose so, and never otherwise."""

import pytest
from django.test import Client

from chat.models import Question
from leads import services
from leads.choices import FollowUpKind
from leads.models import Candidate, FollowUp
from tests.factories import RoomFactory
from tests.leads.factories import NOW
from tests.leads.staff import recruiter
from tests.leads.test_pages import filled

pytestmark = pytest.mark.django_db
QUESTION = "Faut-il savoir nager ?"
FORM = "/request/?room=metiers"


@pytest.fixture
def _asked(client):
    """One question, asked by the browser that `client` is."""
    RoomFactory(slug="metiers")
    client.get("/rooms/metiers/")
    client.post("/rooms/metiers/questions", {"text": QUESTION, "request_id": "q1"})
    assert Question.objects.get().text == QUESTION


def page(client):
    return client.get(FORM, headers={"accept-language": "fr"}).content.decode()


@pytest.mark.usefixtures("_asked")
def test_who_asked_in_the_room_may_join_the_question_and_the_recruiter_reads_it(client):
    assert QUESTION in page(client)
    client.post(FORM, filled(questions="on"))
    candidate = Candidate.objects.get()
    assert candidate.follow_ups.get(kind=FollowUpKind.REQUEST).data["questions"] == [QUESTION]
    client.force_login(recruiter())
    sheet = client.get(f"/admin/leads/candidate/{candidate.pk}/change/", headers={"accept-language": "fr"})
    assert QUESTION in sheet.content.decode()


@pytest.mark.usefixtures("_asked")
def test_without_the_tick_nobody_can_tell_whose_the_question_is(client):
    assert 'name="questions" id="id_questions">' in page(client)  # not ticked before
    client.post(FORM, filled())
    assert "questions" not in FollowUp.objects.get(kind=FollowUpKind.REQUEST).data


@pytest.mark.usefixtures("_asked")
def test_the_tick_stays_where_the_form_comes_back(client):
    answer = client.post(FORM, filled(email="no address", questions="on"))
    assert answer.status_code == 422
    assert 'id="id_questions" checked' in answer.content.decode()


@pytest.mark.usefixtures("_asked")
def test_another_browser_is_offered_nothing_and_joins_nothing():
    stranger = Client()
    assert QUESTION not in page(stranger)
    stranger.post(FORM, filled(questions="on"))
    assert "questions" not in FollowUp.objects.get(kind=FollowUpKind.REQUEST).data


@pytest.mark.usefixtures("_asked")
def test_an_erasure_takes_the_joined_questions_along(client):
    client.post(FORM, filled(questions="on"))
    services.erase_candidate(candidate_id=Candidate.objects.get().pk, now=NOW)
    assert QUESTION not in str(list(FollowUp.objects.values()))
