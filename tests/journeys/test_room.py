"""The loop of a room, seen by those in it: asked, published, answered, voted, closed."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.factories import QuestionFactory, RoomFactory, SpeakerFactory, TopicFactory, UserFactory
from tests.journeys.conftest import PHONE
from tests.serving import session_cookie

pytestmark = [pytest.mark.slow, pytest.mark.needs_chromium]
QUESTION = "Peut-on devenir maître-chien ?"


@pytest.fixture
def moderator(transactional_db):
    return UserFactory(first_name="Paul", last_name="Arnoux")


@pytest.fixture
def speaker(transactional_db):
    return SpeakerFactory(name="Inès Morvan", title="recruteuse")


@pytest.fixture
def room(moderator, speaker):
    TopicFactory(key="metiers", label="Métiers", position=0)
    return RoomFactory(slug="metiers", title="Les métiers", moderators=[moderator], speakers=[speaker])


def console(visit, room, user, **more):
    page = visit(f"/rooms/{room.slug}/console/", cookie=session_cookie(user), **more)
    expect(page.locator("#lamp")).to_have_text("En direct")
    return page


def ask(page, text=QUESTION):
    page.get_by_role("textbox", name="Votre question").fill(text)
    page.get_by_role("button", name="Envoyer ma question").click()
    expect(page.locator("#mine-list .badge").first).to_have_text("En lecture par la modération")


def test_a_question_goes_from_a_visitor_to_the_whole_room(visit, room, moderator, speaker):
    visitor, other = visit(f"/rooms/{room.slug}/"), visit(f"/rooms/{room.slug}/")
    desk, prompter = console(visit, room, moderator), console(visit, room, speaker.user)
    ask(visitor)

    expect(desk.locator("#question-text")).to_have_text(f"« {QUESTION} »")
    expect(desk.locator("#queue")).to_be_focused()
    desk.keyboard.press("1")
    expect(desk.locator("#question-meta .badge")).to_have_text("Métiers")
    desk.keyboard.press("a")
    desk.keyboard.press("1")
    expect(prompter.locator("#question-text")).to_have_text(f"« {QUESTION} »")
    desk.keyboard.press("p")

    expect(other.locator("#unanswered .ask")).to_have_text(f"« {QUESTION} »")
    other.get_by_role("button", name=re.compile("Moi aussi")).click()
    expect(visitor.locator("#unanswered [data-count], #unanswered .meta").first).to_be_visible()
    expect(other.locator(".vote span")).to_have_text("1")

    prompter.get_by_label("Votre réponse").fill("Oui, après quelques années.")
    prompter.keyboard.press("Control+Enter")
    for page in (visitor, other):
        expect(page.locator("#answers .reply .text")).to_have_text("Oui, après quelques années.")
        expect(page.locator("#unanswered li")).to_have_count(0)
    expect(visitor.locator("#answers .badge.you")).to_have_text("Votre question")
    expect(visitor.locator("#mine-list .badge")).to_have_text("Répondue")
    expect(visitor.locator("#speak")).to_contain_text("Votre question a sa réponse")


def test_without_a_script_a_visitor_asks_by_form_and_reads_by_page(visit, room, moderator):
    visitor = visit(f"/rooms/{room.slug}/", java_script_enabled=False)
    visitor.get_by_role("textbox", name="Votre question").fill(QUESTION)
    visitor.get_by_role("button", name="Envoyer ma question").click()
    expect(visitor.locator("#mine-list .badge")).to_have_text("En lecture par la modération")
    visitor.locator("#by-mail-more summary").click()
    expect(visitor.get_by_role("textbox", name="Votre question").last).to_have_value(QUESTION)
    desk = console(visit, room, moderator)
    desk.locator("#question").get_by_role("button", name="Publier", exact=True).click()
    expect(desk.locator("#toast")).to_have_text("Question publiée.")
    visitor.reload()
    expect(visitor.locator("#unanswered .ask")).to_have_text(f"« {QUESTION} »")


def test_nothing_moves_under_a_reader_until_they_say_so(visit, room, moderator, speaker):
    QuestionFactory.create_batch(12, room=room, state="answered")
    QuestionFactory(room=room, state="published", text=QUESTION, assigned_to=speaker)
    visitor = visit(f"/rooms/{room.slug}/")
    prompter = console(visit, room, speaker.user)
    visitor.locator("#answers > li").nth(6).scroll_into_view_if_needed()
    visitor.evaluate("scrollTo(0, 900)")
    before = visitor.locator("#answers > li").nth(6).bounding_box()["y"]
    prompter.get_by_label("Votre réponse").fill("Oui.")
    prompter.get_by_role("button", name="Publier ma réponse").click()
    expect(visitor.locator("#fresh")).to_contain_text("1 nouvelle réponse")
    assert visitor.locator("#answers > li").count() == 12
    assert visitor.locator("#answers > li").nth(6).bounding_box()["y"] == pytest.approx(before, abs=1)
    visitor.locator("#fresh button").click()
    expect(visitor.locator("#answers > li")).to_have_count(13)
    expect(visitor.locator("#answers > li").first).to_contain_text(QUESTION)


def test_the_waiting_page_becomes_the_room_and_keeps_what_was_prepared(visit, moderator, speaker):
    room = RoomFactory(scheduled=True, title="Demain", moderators=[moderator], speakers=[speaker])
    visitor = visit(f"/rooms/{room.slug}/")
    expect(visitor.locator("#opens-in")).to_contain_text("h")
    visitor.get_by_role("textbox", name="Votre question").fill(QUESTION)
    desk = visit(f"/rooms/{room.slug}/console/", cookie=session_cookie(moderator))
    desk.get_by_role("button", name="Ouvrir").click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Demain")
    expect(visitor.locator("#lamp")).to_have_text("En direct")
    expect(visitor.locator("#ask-text")).to_have_value(QUESTION)
    expect(visitor.locator("#ask-text")).to_be_focused()
    desk.get_by_role("button", name="Pause").click()
    expect(visitor.locator("#paused")).to_be_visible()
    expect(visitor.locator("#ask")).to_be_hidden()
    desk.get_by_role("button", name="Reprendre").click()
    expect(visitor.locator("#ask")).to_be_visible()
    desk.get_by_role("button", name="Clore").click()
    desk.get_by_role("button", name="Clore").click()
    expect(visitor.locator("#closed")).to_be_visible()
    expect(visitor.locator("#ask")).to_be_hidden()


def test_a_question_asked_in_a_tunnel_leaves_once_when_the_line_is_back(visit, site, room):
    visitor = visit(f"/rooms/{room.slug}/")
    expect(visitor.locator("#presence")).to_be_visible()
    site.stop()
    expect(visitor.locator("#netbar")).to_be_visible(timeout=10000)
    expect(visitor.locator("#lamp")).to_have_text("Hors ligne")
    visitor.get_by_role("textbox", name="Votre question").fill(QUESTION)
    visitor.get_by_role("button", name="Envoyer ma question").click()
    expect(visitor.locator("#ask [data-kept]")).to_contain_text("elle partira dès le retour")
    expect(visitor.locator("#count-mine")).to_have_text("0")
    site.start()
    visitor.get_by_role("button", name="Réessayer").click()
    expect(visitor.locator("#mine-list .badge")).to_have_text("En lecture par la modération", timeout=15000)
    expect(visitor.locator("#netbar")).to_be_hidden()
    assert room.questions.count() == 1
    visit.complaints.clear()  # the browser itself tells of the refused connections


def test_in_slow_mode_a_visitor_sees_the_pace_and_waits_for_the_next_question(visit, room, moderator):
    visitor, desk = visit(f"/rooms/{room.slug}/"), console(visit, room, moderator)
    expect(visitor.locator("#slow-note")).to_be_hidden()
    desk.get_by_role("button", name="1 par 30 s").click()
    expect(visitor.locator("#slow-note")).to_contain_text("une question toutes les 30")
    ask(visitor)
    expect(visitor.locator("#slow-note")).to_contain_text("votre prochaine question pourra partir dans")
    visitor.get_by_role("textbox", name="Votre question").fill("Et tout de suite ?")
    visitor.get_by_role("button", name="Envoyer ma question").click()
    expect(visitor.locator("#ask-error")).to_contain_text("votre prochaine question pourra partir dans")
    expect(visitor.get_by_role("textbox", name="Votre question")).to_have_value("Et tout de suite ?")
    assert room.questions.count() == 1
    desk.get_by_role("button", name="Libre").click()
    expect(visitor.locator("#slow-note")).to_be_hidden()
    visitor.get_by_role("button", name="Envoyer ma question").click()
    expect(visitor.locator("#mine-list li")).to_have_count(2)


def test_a_rehearsal_is_begun_from_the_console_and_wiped_under_everybodys_eyes(visit, moderator, speaker):
    opens = timezone.now() + timedelta(hours=3)
    room = RoomFactory(
        slug="demain",
        title="Demain",
        state="scheduled",
        opens_at=opens,
        closes_at=opens + timedelta(hours=1),
        moderators=[moderator],
        speakers=[speaker],
    )
    desk = visit(f"/rooms/{room.slug}/console/", cookie=session_cookie(moderator))
    desk.get_by_role("button", name="Répéter").click()
    expect(desk.locator("#lamp")).to_have_text("En direct")
    expect(desk.locator(".rehearsal")).to_contain_text("Répétition.")
    visitor = visit(desk.get_by_role("link", name="Le salon vu par les visiteurs").get_attribute("href"))
    ask(visitor)
    expect(desk.locator("#question-text")).to_have_text(f"« {QUESTION} »")
    desk.get_by_role("button", name="Effacer et recommencer").click()
    expect(desk.locator("#count-waiting")).to_have_text("0")
    expect(visitor.locator("#mine-list li")).to_have_count(0)  # told to forget, it came back by itself
    assert room.questions.count() == 0


def test_a_moderator_declines_merges_withdraws_silences_and_announces(visit, room, moderator):
    texts = ["Insulte", "Même question", "Même question, autrement", "À retirer"]
    start = timezone.now() - timedelta(minutes=10)
    for place, text in enumerate(texts):
        QuestionFactory(room=room, text=text, asked_at=start + timedelta(minutes=place))
    visitor, desk = visit(f"/rooms/{room.slug}/"), console(visit, room, moderator)
    queue = desk.locator("#queue")
    queue.focus()
    for key in ("m", "1", "x", "6"):
        desk.keyboard.press(key)
    expect(desk.locator("#rejected li")).to_contain_text("Propos blessants")
    expect(desk.locator("#question-text")).to_have_text("« Même question »")
    desk.keyboard.press("p")
    expect(desk.locator("#question-text")).to_have_text("« Même question, autrement »")
    desk.keyboard.press("/")
    desk.get_by_role("searchbox", name="Chercher une question").fill("meme question")
    desk.locator("#targets button").first.click()
    expect(desk.locator("#question-text")).to_have_text("« À retirer »")
    desk.keyboard.press("p")
    expect(visitor.locator("#unanswered li")).to_have_count(2)
    desk.keyboard.press("v")
    queue.get_by_text("À retirer").click()
    queue.focus()
    desk.keyboard.press("w")
    expect(visitor.locator("#unanswered li")).to_have_count(1)
    queue.focus()
    desk.keyboard.press("n")
    desk.get_by_label("Annonce à tous").fill("Encore dix minutes.")
    desk.get_by_role("button", name="Publier l’annonce").click()
    expect(visitor.locator("#notices")).to_contain_text("Encore dix minutes.")
    assert room.participants.exclude(muted_until=None).count() == 1


def test_keys_do_nothing_outside_the_list_nor_when_they_are_off(visit, room, moderator):
    QuestionFactory(room=room, text=QUESTION)
    desk = console(visit, room, moderator)
    desk.locator("#back, #queue-title").first.click()
    desk.keyboard.press("p")
    desk.get_by_label("Les touches agissent").uncheck()
    desk.locator("#queue").focus()
    desk.keyboard.press("p")
    expect(desk.locator("#count-waiting")).to_have_text("1")
    desk.get_by_label("Les touches agissent").check()
    desk.locator("#queue").focus()
    desk.keyboard.press("p")
    expect(desk.locator("#count-waiting")).to_have_text("0")


def test_a_speaker_corrects_an_answer_and_what_is_typed_outlives_a_reload(visit, room, speaker):
    QuestionFactory(room=room, state="published", text=QUESTION, assigned_to=speaker)
    prompter, visitor = console(visit, room, speaker.user), visit(f"/rooms/{room.slug}/")
    prompter.get_by_label("Votre réponse").fill("Ouii.")
    prompter.reload()
    expect(prompter.get_by_label("Votre réponse")).to_have_value("Ouii.")
    prompter.get_by_role("button", name="Publier ma réponse").click()
    expect(visitor.locator("#answers .text")).to_have_text("Ouii.")
    prompter.locator("#done button").click()
    prompter.get_by_role("button", name="Corriger").click()
    prompter.get_by_label("Votre réponse").fill("Oui.")
    prompter.get_by_role("button", name="Publier la correction").click()
    expect(visitor.locator("#answers .text")).to_have_text("Oui.")
    expect(visitor.locator("#answers [data-edited]")).to_be_visible()


def test_on_a_phone_the_form_is_a_sheet_and_the_list_opens_the_question(visit, room, moderator):
    visitor = visit(f"/rooms/{room.slug}/", screen=PHONE, has_touch=True)
    visitor.locator("#askbar a").click()
    expect(visitor.locator("#ask-text")).to_be_focused()
    ask(visitor)
    expect(visitor.locator("#ask")).to_be_hidden()
    expect(visitor.locator("#askbar-note")).to_have_text("Votre question est partie : la modération la lit.")
    desk = console(visit, room, moderator, screen=PHONE, has_touch=True)
    expect(desk.locator("#detail")).to_be_hidden()
    desk.locator("#queue").get_by_text(QUESTION).click()
    expect(desk.locator("#question-text")).to_be_visible()
    desk.locator("#stickyacts").get_by_role("button", name="Publier").click()
    expect(desk.locator("#toast")).to_have_text("Question publiée.")
    desk.get_by_role("button", name="La liste").click()
    expect(desk.locator("#queue-pane")).to_be_visible()
