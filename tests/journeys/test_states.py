"""Every state of the room, one after the other in one window: axe finds nothing in any of them."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.factories import AnswerFactory, QuestionFactory, RoomFactory, SpeakerFactory, TopicFactory, UserFactory
from tests.journeys.conftest import ALL_LOOKS, PHONE
from tests.journeys.test_pages import faults_of
from tests.serving import session_cookie

pytestmark = [pytest.mark.slow, pytest.mark.needs_chromium]


@pytest.fixture
def moderator(transactional_db):
    return UserFactory()


@pytest.fixture
def room(moderator):
    """About to open: a question was answered in it before, so that something stands there."""
    opens = timezone.now() + timedelta(hours=2)
    topic = TopicFactory(key="metiers", label="Métiers")
    room = RoomFactory(
        slug="metiers",
        state="scheduled",
        opens_at=opens,
        closes_at=opens + timedelta(hours=1),
        moderators=[moderator],
        speakers=[SpeakerFactory(user=moderator, name="Inès Morvan")],
    )
    AnswerFactory(
        question=QuestionFactory(room=room, state="answered", topic=topic), source="décret 2004-1439", link="/"
    )
    QuestionFactory(room=room, state="published", topic=topic)
    return room


@ALL_LOOKS
def test_axe_finds_nothing_in_any_state_of_a_room(visit, site, room, moderator, screen, scheme):
    desk = visit(f"/rooms/{room.slug}/console/", cookie=session_cookie(moderator))
    page = visit(f"/rooms/{room.slug}/", screen=screen, scheme=scheme)
    faults = {}

    def look(state):
        if found := faults_of(page):
            faults[state] = found

    expect(page.locator("#waiting-page")).to_be_visible()
    look("waiting")
    expect(desk.locator("#lamp")).to_have_text("À venir")
    desk.get_by_role("button", name="Ouvrir").click()
    expect(page.locator("#lamp")).to_have_text("En direct")
    look("open")
    if screen == PHONE:
        page.locator("#askbar a").click()
    page.locator("#ask-text").fill("Rappelez-moi au 06 12 34 56 78")
    expect(page.locator("#ask [data-personal]")).to_be_visible()
    look("personal data noticed")
    page.locator("#ask-text").fill("x" * 300)
    page.locator("#ask button[type=submit]").click()
    expect(page.locator("#ask-error")).to_be_visible()
    look("refused")
    desk.get_by_role("button", name="1 par 30 s").click()
    expect(page.locator("#slow-note")).to_be_visible()
    look("slow")
    desk.get_by_role("button", name="Pause").click()
    expect(page.locator("#paused")).to_be_visible()
    look("paused")
    desk.get_by_role("button", name="Clore").click()
    desk.get_by_role("button", name="Clore").click()
    expect(page.locator("#closed")).to_be_visible()
    look("closed in place")
    site.stop()
    expect(page.locator("#netbar")).to_be_visible()
    look("reconnecting")
    site.start()
    page.get_by_role("button", name="Réessayer").click()
    expect(page.locator("#netbar")).to_be_hidden()
    visit.complaints.clear()  # the browser itself tells of the refused connections
    assert faults == {}
