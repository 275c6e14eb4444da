"""A candidate in the room: what is told, what is noticed in time, what is never lost."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from chat import services
from chat.identity import Actor
from chat.similarity import memory
from tests.factories import AnswerFactory, QuestionFactory, RoomFactory, SpeakerFactory, TopicFactory, UserFactory
from tests.journeys.conftest import PHONE
from tests.journeys.test_pages import faults_of

pytestmark = [pytest.mark.slow, pytest.mark.needs_chromium]
QUESTION = "Peut-on devenir maître-chien ?"
STATES = [{"screen": PHONE, "has_touch": True}, {"scheme": "dark"}]


@pytest.fixture
def room(transactional_db):
    TopicFactory(key="metiers", label="Métiers", position=0)
    return RoomFactory(slug="metiers", moderators=[UserFactory()], speakers=[SpeakerFactory(name="Inès Morvan")])


def act(room, service, **arguments):
    service(room_id=room.pk, actor=Actor.staff(room.moderators.get(), room.pk), now=timezone.now(), **arguments)


def answer(room, question, text="Oui."):
    act(room, services.answer_question, question_id=question.pk, text=text, speaker_id=room.speakers.get().pk)


def field(page):
    return page.get_by_role("textbox", name="Votre question")


def test_the_wait_is_told_and_a_refusal_has_its_reason(visit, room):
    QuestionFactory.create_batch(3, room=room)
    QuestionFactory.create_batch(2, room=room, state="answered")
    QuestionFactory.create_batch(6, room=room, state="merged", merged_into=room.questions.filter(state="answered")[0])
    page = visit(f"/rooms/{room.slug}/")
    expect(page.locator("#wait-note")).to_have_text("3 questions attendent déjà. Une sur 4 a sa propre réponse.")
    field(page).fill(QUESTION)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#mine-list .badge")).to_have_text("En lecture par la modération")
    page.reload()
    expect(page.locator("#mine-list li")).to_contain_text("3 avant la vôtre. Une sur 4 a sa propre réponse.")
    act(room, services.reject_question, question_id=room.questions.get(text=QUESTION).pk, reason="hors-sujet")
    page.reload()
    expect(page.locator("#mine-list li")).to_contain_text("ne concerne pas le recrutement")


def test_what_is_personal_is_noticed_before_it_leaves(visit, room):
    page = visit(f"/rooms/{room.slug}/")
    field(page).fill("Rappelez-moi au 06 39 98 12 40 svp")
    expect(page.locator("[data-personal]")).to_contain_text("06 39 98 12 40 : tout le salon le lirait")
    assert faults_of(page) == []
    page.get_by_role("button", name="Envoyer, données masquées").click()
    expect(page.locator("#mine-list .ask")).to_have_text("« Rappelez-moi au [numéro masqué] svp »")
    expect(field(page)).to_have_value("")
    field(page).fill("Écrivez à lea@example.fr ?")
    page.get_by_role("button", name="Le retirer").click()
    expect(field(page)).to_have_value("Écrivez à ?")
    expect(page.locator("[data-personal]")).to_be_hidden()


@pytest.mark.parametrize("look", STATES, ids=["phone", "dark"])
def test_what_is_answered_already_is_read_with_one_tap_instead_of_asked(visit, room, look):
    memory.forget()
    asked = QuestionFactory(room=room, state="published", text="Le permis B est-il obligatoire pour s’inscrire ?")
    answer(room, asked, "Non pour s’inscrire, il vous sera utile ensuite.")
    page = visit(f"/rooms/{room.slug}/", **look)
    if "screen" in look:
        page.locator("#askbar a").click()
    field(page).fill("il faut le permis B pour s’inscrire ?")
    found = page.locator("#ask [data-already]")
    expect(found).to_contain_text("Peut-être déjà répondu")
    found.get_by_text("Le permis B est-il obligatoire").click()
    expect(found.get_by_text("Non pour s’inscrire")).to_be_visible()
    assert faults_of(page) == []
    field(page).fill("Combien de postes ?")
    expect(found).to_be_hidden()


def test_a_question_held_in_a_tunnel_may_be_put_otherwise_and_outlives_a_restart(visit, site, room):
    page = visit(f"/rooms/{room.slug}/")
    expect(page.locator("#line-kind")).to_have_attribute("data-kind", "socket")
    site.stop()
    expect(page.locator("#netbar")).to_be_visible(timeout=10000)
    field(page).fill("Et les chiens ?")
    page.get_by_role("button", name="Envoyer ma question").click()
    page.locator("#mine-list").get_by_role("button", name="Corriger").click()
    expect(field(page)).to_be_focused()
    expect(page.locator("#mine-list li")).to_have_count(0)
    field(page).fill(QUESTION)
    page.get_by_role("button", name="Envoyer ma question").click()
    expect(page.locator("#mine-list .badge")).to_have_text("Gardée sur cet appareil, pas encore envoyée")
    site.start()
    page.reload()
    expect(page.locator("#mine-list .badge")).to_have_text("En lecture par la modération")
    assert [question.text for question in room.questions.all()] == [QUESTION]
    visit.complaints.clear()


def test_a_question_that_arrives_while_the_page_is_loaded_anew_is_among_mine(visit, room):
    page = visit(f"/rooms/{room.slug}/")
    expect(page.locator("#line-kind")).to_have_attribute("data-kind", "socket")
    written_before = page.request.get(f"/rooms/{room.slug}/").text()
    field(page).fill(QUESTION)
    page.get_by_role("button", name="Envoyer ma question").click()
    expect(page.locator("#mine-list .badge")).to_have_text("En lecture par la modération")
    page.route(f"**/rooms/{room.slug}/", lambda route: route.fulfill(body=written_before, content_type="text/html"))
    page.reload()
    expect(page.locator("#mine-list .ask")).to_have_text(f"« {QUESTION} »")
    visit.complaints.clear()  # the browser takes the page that the test hands it for another network's


def test_the_room_becomes_its_transcript_without_a_reload(visit, room):
    topic = TopicFactory(key="sport", label="Sport", position=1)
    QuestionFactory(room=room, state="answered", topic=topic, text="Faut-il nager ?")
    QuestionFactory(room=room, state="answered", text="Sans thème ?")
    page = visit(f"/rooms/{room.slug}/")
    expect(page.locator("#line-kind")).to_have_attribute("data-kind", "socket")
    page.evaluate("globalThis.isTheSame = true")
    act(room, services.close_room)
    expect(page.locator("#by-topic .tgroup h3")).to_have_text(["Sport", "Autres questions"])
    expect(page.locator("#topic-sport + ol .ask")).to_have_text("« Faut-il nager ? »")
    expect(page.locator("#answers > li")).to_have_count(0)
    assert page.evaluate("globalThis.isTheSame")
    assert faults_of(page) == []


def test_a_listener_chooses_what_is_announced_and_holds_it(visit, room):
    asked = QuestionFactory(room=room, state="published", text="Faut-il nager ?")
    page = visit(f"/rooms/{room.slug}/")
    expect(page.locator("#line-kind")).to_have_attribute("data-kind", "socket")
    assert page.locator("[aria-live], [role=log], [role=status]").count() == 1
    page.get_by_text("Avec un lecteur d’écran").click()
    page.get_by_label("Chaque nouvelle réponse").check()
    assert faults_of(page) == []
    page.get_by_role("button", name="Suspendre les annonces").click()
    answer(room, asked)
    expect(page.locator("#fresh")).to_contain_text("1 nouvelle réponse")
    expect(page.locator("#speak")).to_have_text("")
    page.get_by_role("button", name="Suspendre les annonces").click()
    expect(page.locator("#speak")).to_contain_text("Nouvelle réponse : « Faut-il nager ? »")
    page.reload()
    expect(page.locator("#voice-each")).to_be_checked()


def test_french_questions_on_an_english_page_are_marked_as_french(visit, room):
    QuestionFactory(room=room, state="answered", text="Faut-il nager ?")
    page = visit(f"/rooms/{room.slug}/")
    assert page.locator("#answers [lang]").count() == 0
    page.get_by_role("button", name="English").click()
    expect(page.locator("#answers .ask")).to_have_attribute("lang", "fr")
    expect(page.locator("#line-kind")).to_have_attribute("data-kind", "socket")
    answer(room, QuestionFactory(room=room, text="Et courir ?"))
    expect(page.locator("#answers .ask").first).to_have_text("“Et courir ?”")
    expect(page.locator("#answers .ask").first).to_have_attribute("lang", "fr")


def test_a_candidate_needs_no_mouse(visit, room):
    QuestionFactory(room=room, state="published", text="Faut-il nager ?")
    page = visit(f"/rooms/{room.slug}/")
    expect(page.locator("#line-kind")).to_have_attribute("data-kind", "socket")

    def tab_to(locator):
        for _step in range(40):
            if locator.evaluate("node => node === document.activeElement"):
                return
            page.keyboard.press("Tab")
        raise AssertionError("the keyboard does not get there")

    tab_to(page.locator(".vote"))
    page.keyboard.press("Space")
    expect(page.locator(".vote")).to_have_attribute("aria-pressed", "true")
    tab_to(field(page))
    page.keyboard.type(QUESTION)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#mine-list .badge")).to_have_text("En lecture par la modération")
    expect(field(page)).to_be_focused()


@pytest.mark.parametrize("look", STATES, ids=["phone", "dark"])
def test_an_answer_by_mail_is_asked_for_without_leaving_the_room(visit, room, look):
    page = visit(f"/rooms/{room.slug}/", **look)
    if "screen" in look:
        page.locator("#askbar a").click()
    field(page).fill(QUESTION)
    page.get_by_role("button", name="Recevoir plutôt la réponse par mail").click()
    panel = page.locator("#by-mail")
    expect(panel.get_by_label("Votre question")).to_have_value(QUESTION)
    expect(panel.get_by_label("E-mail")).to_be_focused()
    page.keyboard.type("lea@example.org")
    panel.get_by_role("button", name="Recevoir la réponse par mail").click()
    expect(panel.locator("[data-error]")).to_contain_text("cochez la case")
    assert faults_of(page) == []
    panel.get_by_label("Utiliser cette adresse").check()
    while page.evaluate("performance.now()") < 8000:  # sooner it is a machine's
        page.wait_for_timeout(250)
    panel.get_by_role("button", name="Recevoir la réponse par mail").click()
    expect(panel.locator("[data-by-mail-done]")).to_contain_text("C’est noté")
    assert room.leads.get().message == QUESTION
    visit.complaints.clear()  # the browser itself tells of the 422


def test_a_refusal_reaches_its_asker_at_once_and_the_mail_box_opens_with_the_question(visit, room):
    page = visit(f"/rooms/{room.slug}/")
    expect(page.locator("#line-kind")).to_have_attribute("data-kind", "socket")
    field(page).fill(QUESTION)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#mine-list li")).to_have_count(1)
    question = room.questions.get()
    act(room, services.reject_question, question_id=question.pk, reason="hors-sujet")
    expect(page.locator("#mine-list .badge")).to_have_text("Non retenue", timeout=8_000)  # the poll is 34 s at least
    page.locator("#by-mail-more summary").click()
    expect(page.locator("#by-mail-more textarea")).to_have_value(question.text)


def test_a_transcript_marks_what_was_added_since_the_last_visit(visit):
    room = RoomFactory(slug="clos", closed=True)
    AnswerFactory(question__room=room, at=timezone.now() - timedelta(days=1))
    page = visit("/rooms/clos/")
    expect(page.locator("#since")).to_be_hidden()
    AnswerFactory(question__room=room, question__text="Nouvelle ?", at=timezone.now() + timedelta(minutes=1))
    page.reload()
    expect(page.locator("#since")).to_contain_text("Une réponse a été ajoutée")
    expect(page.locator(".reply .badge")).to_have_count(1)
    expect(page.locator("[data-share]")).to_be_visible()
