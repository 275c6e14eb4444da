"""The main job, end to end: a question becomes an answer, a reader becomes a candidate, a lead becomes a figure."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.utils import timezone
from playwright.sync_api import expect

from leads.models import Candidate, FollowUp, Message, Team
from tests.factories import RoomFactory, SpeakerFactory, TopicFactory, UserFactory
from tests.journeys.conftest import open_windows
from tests.leads.factories import ContestFactory, ContestSessionFactory
from tests.machine import redis_server
from tests.serving import serving, session_cookie

pytestmark = [pytest.mark.slow, pytest.mark.both, pytest.mark.needs_chromium, pytest.mark.django_db(transaction=True)]
QUESTION, ANSWER = "Y a-t-il une filière pour les informaticiens ?", "Oui, deux chemins."


def member_of(role, **more):
    user = UserFactory(**more)
    user.groups.add(Group.objects.get(name=role))
    return user


@pytest.fixture
def cast(transactional_db):
    """An open room with its staff, an open session, a recruiter and a manager."""
    moderator, speaker = member_of("moderators"), SpeakerFactory(name="Thibault Lacaze")
    recruiter = member_of("recruiters", first_name="Inès", last_name="Morvan")
    Team.objects.default().members.add(recruiter)
    TopicFactory(key="informatique", label="Informatique", position=0)
    session = ContestSessionFactory(contest=ContestFactory(slug="gardien", title="Gardien de la paix"))
    room = RoomFactory(
        slug="renseignement",
        title="Le renseignement",
        moderators=[moderator],
        speakers=[speaker],
        closes_at=timezone.now() + timedelta(hours=1),
    )
    return {
        "room": room,
        "contest": session.contest,
        "moderator": moderator,
        "speaker": speaker.user,
        "recruiter": recruiter,
        "manager": member_of("managers"),
    }


@pytest.fixture
def sites(cast):
    """One process with everything in memory on SQLite; two with Redis on PostgreSQL."""
    if connection.vendor == "sqlite":
        with serving(DEBUG="1") as site:
            yield [site.port]
        return
    with serving(DEBUG="1", processes=2, REDIS_URL=redis_server()) as site:
        yield site.ports


def test_from_a_question_to_the_managers_figure(chromium, sites, cast):
    with open_windows(chromium, sites[0]) as here, open_windows(chromium, sites[-1]) as there:
        room = cast["room"]
        asker = here(f"/rooms/{room.slug}/")
        without_script = there(f"/rooms/{room.slug}/", java_script_enabled=False)
        desk = there(f"/rooms/{room.slug}/console/", cookie=session_cookie(cast["moderator"]))
        prompter = here(f"/rooms/{room.slug}/console/", cookie=session_cookie(cast["speaker"]))

        asker.get_by_role("textbox", name="Votre question").fill(QUESTION)
        asker.get_by_role("button", name="Envoyer ma question").click()
        expect(desk.locator("#question-text")).to_have_text(f"« {QUESTION} »")
        for key in ("1", "a", "1", "p"):
            desk.locator("#queue").focus()
            desk.keyboard.press(key)
        expect(prompter.locator("#question-text")).to_have_text(f"« {QUESTION} »")
        prompter.get_by_label("Votre réponse").fill(ANSWER)
        prompter.get_by_role("button", name="Publier ma réponse").click()
        expect(asker.locator("#answers .reply .text")).to_have_text(ANSWER)
        without_script.reload()
        expect(without_script.locator("#answers .reply")).to_contain_text(ANSWER)

        request_a_file(without_script, cast["contest"])
        candidate = Candidate.objects.get(email="lea@example.org")
        assert Message.objects.filter(recipient="lea@example.org").exists()

        follow_up(here, candidate, cast["recruiter"])
        read_the_figure(there, cast["manager"])


def request_a_file(page, contest):
    page.goto(f"/contests/{contest.slug}/request/?room=renseignement")
    page.get_by_label("Prénom").fill("Léa")
    page.get_by_label("Nom", exact=True).fill("Martin")
    page.get_by_label("e-mail", exact=False).first.fill("lea@example.org")
    page.wait_for_timeout(2100)  # a form that comes back sooner is shown again
    page.get_by_role("button", name=re.compile("Recevoir|Demander|Envoyer")).first.click()
    expect(page).to_have_url(re.compile("/request/received/$"))
    expect(page.locator("main")).to_contain_text(re.compile(r"[A-Z]{2,4}-\w{4}-\w{4}-\w"))


def follow_up(window, candidate, recruiter):
    page = window("/admin/leads/candidate/?q=lea@example.org", cookie=session_cookie(recruiter))
    page.get_by_role("link", name=re.compile("Martin")).first.click()
    expect(page).to_have_url(re.compile(rf"/admin/leads/candidate/{candidate.pk}/change/"))
    expect(page.locator("main")).to_contain_text("lea@example.org")
    page.get_by_text("Écrire une note").click()
    form = page.locator('form[action$="/note/"]')
    form.get_by_role("textbox").fill("Rappeler lundi.")
    form.get_by_role("button").click()
    expect(page.locator("main")).to_contain_text("Rappeler lundi.")
    assert FollowUp.objects.filter(candidate=candidate, actor=recruiter).exists()


def read_the_figure(window, manager):
    page = window("/admin/reports/weekly/", cookie=session_cookie(manager))
    expect(page.locator(".rkeys .figure").first).to_have_text("1")
    page.locator(".rkeys .figure").first.click()
    expect(page).to_have_url(re.compile("/admin/leads/lead/"))
    expect(page.locator("#result_list tbody tr")).to_have_count(1)
    expect(page.locator("main")).not_to_contain_text("lea@example.org")
