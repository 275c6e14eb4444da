"""A speaker takes a break: the desk sees it, and passes nothing on to them unawares."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.factories import QuestionFactory, RoomFactory, SpeakerFactory, UserFactory
from tests.journeys.test_back_office import faults_of
from tests.serving import session_cookie

pytestmark = [pytest.mark.slow, pytest.mark.needs_chromium]


@pytest.fixture
def moderator(transactional_db):
    return UserFactory(first_name="Paul", last_name="Arnoux")


@pytest.fixture
def speaker(transactional_db):
    return SpeakerFactory(name="Inès Morvan", title="recruteuse")


@pytest.fixture
def room(moderator, speaker):
    return RoomFactory(slug="metiers", title="Les métiers", moderators=[moderator], speakers=[speaker])


def console(visit, room, user, path=""):
    page = visit(f"/rooms/{room.slug}/console/{path}", cookie=session_cookie(user))
    expect(page.locator("#lamp")).to_have_text("En direct")
    return page


def test_a_speaker_takes_a_break_and_is_given_something_only_by_the_same_key_twice(visit, room, moderator, speaker):
    QuestionFactory(room=room, text="Quel âge ?", asked_at=timezone.now())
    desk, prompter = console(visit, room, moderator), console(visit, room, speaker.user)
    prompter.get_by_role("button", name="Je fais une pause").click()
    expect(prompter.locator("#away-note")).to_contain_text("En pause depuis")
    expect(desk.locator("#speakers")).to_contain_text("en pause depuis")
    expect(desk.locator("#assign")).to_contain_text("en pause depuis")

    assert faults_of(prompter) == faults_of(desk) == []

    desk.locator("#queue").focus()
    desk.keyboard.press("a")
    desk.keyboard.press("1")
    expect(desk.locator("#toast")).to_contain_text("Inès Morvan fait une pause")
    expect(prompter.locator("#no-question")).to_be_visible()
    desk.keyboard.press("1")
    expect(prompter.locator("#question-text")).to_have_text("« Quel âge ? »")

    prompter.get_by_role("button", name="Je reprends").click()
    expect(prompter.locator("#away-note")).to_be_hidden()
    expect(desk.locator("#speakers")).not_to_contain_text("en pause")


def test_a_scribe_says_it_for_the_speaker_and_it_is_there_after_a_reload(visit, room, moderator, speaker):
    scribe = console(visit, room, moderator, f"?as={speaker.pk}")
    scribe.get_by_role("button", name="Inès Morvan fait une pause").click()
    expect(scribe.locator("#away-note")).to_contain_text("Inès Morvan est en pause depuis")
    prompter = console(visit, room, speaker.user)
    expect(prompter.get_by_role("button", name="Je reprends")).to_be_visible()
