"""Networks that let no WebSocket through: the room goes on over ordinary requests."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from chat import services
from chat.identity import Actor
from tests.blocking_proxy import blocking
from tests.factories import QuestionFactory, RoomFactory, SpeakerFactory, UserFactory

pytestmark = [pytest.mark.slow, pytest.mark.needs_chromium]
QUESTION = "Peut-on devenir maître-chien ?"


@pytest.fixture
def room(transactional_db):
    return RoomFactory(slug="metiers", moderators=[UserFactory()], speakers=[SpeakerFactory(name="Inès Morvan")])


def answer(room, question, text):
    moderator = Actor.staff(room.moderators.get(), room.pk)
    speaker = room.speakers.get()
    services.answer_question(
        room_id=room.pk,
        actor=moderator,
        question_id=question.pk,
        text=text,
        speaker_id=speaker.pk,
        now=timezone.now(),
    )


def behind(proxy):
    return {"server": f"http://127.0.0.1:{proxy.port}", "bypass": "<-loopback>"}


@pytest.fixture(params=[False, True], ids=["says no", "says nothing"])
def proxy(request):
    with blocking(is_silent=request.param) as running:
        yield running


def test_behind_a_proxy_and_without_a_script_both_follow_the_same_room(proxy, visit, site, room):
    asked = QuestionFactory(room=room, state="published", text="Faut-il savoir nager ?")
    blocked = visit(f"/rooms/{room.slug}/", proxy=behind(proxy))
    plain = visit(f"/rooms/{room.slug}/", java_script_enabled=False)
    expect(blocked.locator("#line-kind")).to_have_attribute("data-kind", "poll", timeout=8000)
    expect(blocked.locator("#line-kind")).to_contain_text("Votre réseau bloque")
    expect(blocked.locator("#lamp")).to_have_text("En direct")
    here = f"127.0.0.1:{site.port}"
    assert proxy.refused.count(here)

    for page in (blocked, plain):
        page.get_by_role("button", name="Moi aussi").click()
    expect(blocked.locator(".vote")).to_have_attribute("aria-pressed", "true")
    blocked.get_by_role("textbox", name="Votre question").fill(QUESTION)
    blocked.get_by_role("button", name="Envoyer ma question").click()
    expect(blocked.locator("#mine-list .badge")).to_have_text("En lecture par la modération")

    answer(room, room.questions.get(text=QUESTION), "Oui, après quelques années.")
    answer(room, asked, "Non, on l’apprend.")
    plain.reload()
    for page in (blocked, plain):
        for text in ("Oui, après quelques années.", "Non, on l’apprend."):
            expect(page.locator("#answers")).to_contain_text(text)
    assert asked.votes.count() == 2

    before = proxy.refused.count(here)
    blocked.reload()
    expect(blocked.locator("#line-kind")).to_have_attribute("data-kind", "poll", timeout=2000)
    assert proxy.refused.count(here) == before  # remembered: no socket was tried first
    visit.complaints.clear()  # the browser itself tells of the refused connections


def test_where_sockets_pass_the_foot_says_so(visit, room):
    page = visit(f"/rooms/{room.slug}/")
    expect(page.locator("#line-kind")).to_have_attribute("data-kind", "socket")
    expect(page.locator("#line-kind")).to_contain_text("Connexion directe")
