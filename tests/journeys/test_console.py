"""A moderator's hour by keyboard alone, and what colleagues, speakers and the hall see of it."""

import re
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import expect

from tests.factories import (
    AnswerFactory,
    ParagraphFactory,
    QuestionFactory,
    RoomFactory,
    SpeakerFactory,
    TopicFactory,
    UserFactory,
)
from tests.journeys.conftest import ALL_LOOKS, PHONE
from tests.serving import session_cookie

pytestmark = [pytest.mark.slow, pytest.mark.needs_chromium]


@pytest.fixture
def moderator(transactional_db):
    return UserFactory(first_name="Paul", last_name="Arnoux")


@pytest.fixture
def colleague(transactional_db):
    return UserFactory(first_name="Sonia", last_name="Delattre")


@pytest.fixture
def speaker(transactional_db):
    return SpeakerFactory(name="Inès Morvan", title="recruteuse")


@pytest.fixture
def room(moderator, colleague, speaker):
    TopicFactory(key="metiers", label="Métiers", position=0, words="metier chien")
    return RoomFactory(slug="metiers", title="Les métiers", moderators=[moderator, colleague], speakers=[speaker])


def asked(room, *texts, **more):
    start = timezone.now() - timedelta(minutes=10)
    return [
        QuestionFactory(room=room, text=text, asked_at=start + timedelta(minutes=place), **more)
        for place, text in enumerate(texts)
    ]


def console(visit, room, user, path="", **more):
    page = visit(f"/rooms/{room.slug}/console/{path}", cookie=session_cookie(user), **more)
    expect(page.locator("#lamp")).to_have_text("En direct")
    return page


BUSY = "() => { const later = setTimeout; globalThis.setTimeout = (act, wait) => later(act, wait || 500); }"


def press(page, *keys):
    page.locator("#queue").focus()
    for key in keys:
        page.keyboard.press(key)


def tab_to(page, target):
    """As who has no mouse: by Tab alone, in the page's own order."""
    for _stop in range(100):
        if target.evaluate("node => node === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never comes to {target}")


def now_on(page, text):
    expect(page.locator("#question-text")).to_have_text(f"« {text} »")


def test_what_was_done_is_said_and_closing_asks_for_a_second_press(visit, room, moderator):
    QuestionFactory(room=room)
    desk = console(visit, room, moderator)
    desk.locator("#queue").focus()
    desk.keyboard.press("p")
    expect(desk.locator("#toast")).to_be_visible()
    expect(desk.locator("#toast")).to_have_text("Question publiée.")
    desk.get_by_role("button", name="Clore").click()
    expect(desk.locator("#toast")).to_contain_text("Appuyez encore une fois")
    expect(desk.locator("#lamp")).to_have_text("En direct")


def test_a_speaker_sees_nothing_that_no_moderator_has_read(visit, room, speaker):
    QuestionFactory(room=room, text="Mon numéro est le 06 12 34 56 78")
    QuestionFactory(room=room, text="Est-elle publiée ?", state="published")
    prompter = console(visit, room, speaker.user)
    expect(prompter.get_by_text("Est-elle publiée ?").first).to_be_visible()
    expect(prompter.get_by_text("06 12 34 56 78")).to_have_count(0)


def test_one_key_a_decision_and_each_is_undone_by_one(visit, room, moderator):
    asked(room, "Première ?", "Deuxième ?", "Troisième ?", "Quatrième ?")
    desk = console(visit, room, moderator)
    count = desk.locator("#count-waiting")
    press(desk, "p")
    now_on(desk, "Deuxième ?")
    expect(desk.locator("#undo")).to_be_visible()
    press(desk, "z")
    expect(count).to_have_text("4")
    now_on(desk, "Première ?")
    expect(desk.locator("#undo")).to_be_hidden()
    press(desk, "x", "5")
    now_on(desk, "Deuxième ?")
    expect(desk.locator("#rejected li")).to_have_count(1)
    desk.locator("#undo").click()
    expect(desk.locator("#rejected li")).to_have_count(0)
    press(desk, "0", "j", "k")
    assert room.questions.filter(state="asked").count() == 4


def test_a_question_is_shown_and_passed_on_in_one_act_also_on_a_keyboard_whose_digits_need_shift(
    visit, room, moderator, speaker
):
    asked(room, "Première ?", "Mon numéro est le 06 12 34 56 78", "Troisième ?")
    room.questions.filter(text__contains="06").update(flags=["personal"])
    desk, prompter = console(visit, room, moderator), console(visit, room, speaker.user)

    def french(key, digit):
        """As a French keyboard sends it without Shift."""
        event = f"new KeyboardEvent('keydown', {{key: '{key}', code: 'Digit{digit}', bubbles: true}})"
        desk.evaluate(f"document.activeElement.dispatchEvent({event})")

    press(desk, "Shift+A")
    french("&", 1)
    now_on(desk, "Mon numéro est le 06 12 34 56 78")
    now_on(prompter, "Première ?")
    assert room.questions.get(text="Première ?").state == "published"
    prompter.evaluate(BUSY)  # all that the undoing tells is drawn at once
    press(desk, "z")
    now_on(desk, "Première ?")
    expect(prompter.locator("#no-question")).to_be_visible()
    press(desk, "a", "1")
    now_on(prompter, "Première ?")
    assert room.questions.get(text="Première ?").state == "asked"
    press(desk, "j", "Shift+A", "1")
    expect(desk.locator("#mode-care")).to_be_visible()  # what is personal is asked about here, too
    press(desk, "2")
    now_on(desk, "Troisième ?")
    french("&", 1)
    expect(desk.locator("#question-meta .badge")).to_have_text("Métiers")


def test_two_share_the_queue_by_topic_or_every_other_question(visit, room, moderator):
    topic = TopicFactory(key="paie", label="Paie")
    asked(room, "Un ?", "Deux ?")
    [paid] = asked(room, "Combien ?", topic=topic)
    desk = console(visit, room, moderator)
    rows, share = desk.locator("#queue [role=option]"), desk.get_by_label("Je prends")
    expect(rows).to_have_count(3)
    share.select_option("topic:paie")
    expect(rows).to_have_count(1)
    now_on(desk, "Combien ?")
    expect(desk.locator("#count-waiting")).to_have_text("3")
    press(desk, "p")
    expect(desk.locator("#queue-empty")).to_have_text("Rien n’attend dans votre part.")
    desk.reload()
    expect(share).to_have_value("topic:paie")
    share.select_option(f"turn:{(paid.pk + 1) % 2}")
    expect(rows).to_have_count(1)
    now_on(desk, "Deux ?")
    share.select_option("")
    expect(rows).to_have_count(2)


def test_a_prepared_announcement_is_said_by_three_keys(visit, room, moderator):
    for place, title in enumerate(("Début", "Fin")):
        room.prepared.create(title=title, text=f"{title} du salon.", position=place)
    visitor, desk = visit(f"/rooms/{room.slug}/"), console(visit, room, moderator)
    press(desk, "n", "2", "Control+Enter")
    expect(visitor.locator("#notices")).to_contain_text("Fin du salon.")
    expect(desk.locator("#announce-form")).to_be_hidden()
    press(desk, "n", "Escape")
    expect(desk.locator("#queue")).to_be_focused()


def test_a_question_like_another_is_merged_by_one_key_and_comes_back_by_one(visit, room, moderator):
    asked(room, "Peut-on devenir maître-chien sans le bac ?", state="published")
    asked(room, "devenir maitre chien sans avoir le bac c possible", "Et la paie ?")
    desk = console(visit, room, moderator)
    expect(desk.locator("#likes")).to_contain_text("Une question proche est déjà publiée")
    expect(desk.locator("#likes mark").first).to_have_text("devenir")
    expect(desk.locator("#queue [role=option]").first).to_contain_text("Proche d’une autre")
    press(desk, "f")
    now_on(desk, "Et la paie ?")
    expect(desk.locator("#count-waiting")).to_have_text("1")
    press(desk, "z")
    expect(desk.locator("#count-waiting")).to_have_text("2")
    expect(desk.locator("#likes")).to_be_visible()
    press(desk, "g")
    expect(desk.locator("#likes")).to_be_hidden()


def test_a_topic_is_suggested_and_taken_by_one_key(visit, room, moderator):
    asked(room, "Maître-chien, quel métier !")
    desk = console(visit, room, moderator)
    expect(desk.locator("#tags .chip").first).to_contain_text("proposé")
    press(desk, "0")
    expect(desk.locator("#question-meta .badge")).to_have_text("Métiers")


def test_what_was_answered_elsewhere_is_answered_with_it_by_two_keys(visit, room, moderator):
    ParagraphFactory(title="Âge limite du concours", text="Entre 17 et 45 ans.", source="décret 2004-1439")
    asked(room, "Quelle est la limite d’âge du concours ?")
    visitor, desk = visit(f"/rooms/{room.slug}/"), console(visit, room, moderator)
    press(desk, "e")
    desk.get_by_role("searchbox", name="Chercher une réponse").fill("limite")
    desk.locator("#answers-elsewhere button").first.click()
    expect(visitor.locator("#answers .reply .text")).to_have_text("Entre 17 et 45 ans.")
    assert room.questions.get().state == "answered"


def test_words_are_redacted_before_anybody_reads_them(visit, room, moderator):
    asked(room, "Appelez Zoé au 06 12 34 56 78")
    visitor, desk = visit(f"/rooms/{room.slug}/"), console(visit, room, moderator)
    press(desk, "c")
    desk.get_by_label("Les mots que le public lira").fill("Appelez-moi")
    desk.get_by_role("button", name="Garder ces mots").click()
    expect(desk.locator("#question-state")).to_contain_text("06 12 34 56 78")
    press(desk, "p")
    expect(visitor.locator("#unanswered .ask")).to_have_text("« Appelez-moi »")
    assert "06 12" not in visitor.content()


def test_arrivals_are_counted_and_come_in_when_they_are_asked_for(visit, room, moderator):
    asked(room, "Première ?", "Deuxième ?")
    desk, visitor = console(visit, room, moderator), visit(f"/rooms/{room.slug}/")
    visitor.get_by_role("textbox", name="Votre question").fill("Troisième ?")
    visitor.get_by_role("button", name="Envoyer ma question").click()
    expect(desk.locator("#more")).to_contain_text("1 plus récente")
    expect(desk.locator("#queue [role=option]")).to_have_count(2)
    press(desk, "b")
    expect(desk.locator("#queue [role=option]")).to_have_count(3)
    now_on(desk, "Première ?")


def test_two_moderators_see_what_the_other_reads_and_says(visit, room, moderator, colleague):
    asked(room, "Première ?", "Deuxième ?")
    mine = console(visit, room, moderator)
    press(mine, "j")
    theirs = console(visit, room, colleague)
    expect(theirs.locator("#queue [role=option]").nth(1)).to_contain_text("Paul Arnoux la lit")
    press(theirs, "i")
    theirs.keyboard.type("Je prends la première.")
    theirs.keyboard.press("Enter")
    expect(mine.locator("#notes")).to_contain_text("Je prends la première.")
    mine.locator("#notes").scroll_into_view_if_needed()
    expect(theirs.locator("#notes")).to_contain_text("vu par Paul Arnoux")


def test_slow_mode_and_shield_are_one_key_each(visit, room, moderator):
    asked(room, "Première ?")
    desk = console(visit, room, moderator)
    press(desk, "s")
    expect(desk.locator('[data-slow="30"]')).to_have_attribute("aria-pressed", "true")
    press(desk, "d")
    expect(desk.locator("#shield")).to_have_attribute("aria-pressed", "true")
    visitor = visit(f"/rooms/{room.slug}/")
    visitor.get_by_role("textbox", name="Votre question").fill("Nouveau ?")
    visitor.get_by_role("button", name="Envoyer ma question").click()
    expect(desk.locator('[data-view="newcomers"] .num')).to_have_text("1")
    desk.locator('[data-view="newcomers"]').click()
    press(desk, "l")
    expect(desk.locator("#count-waiting")).to_have_text("2")


def test_a_speaker_answers_passes_on_and_asks_backstage_by_keyboard_alone(visit, room, moderator, speaker):
    ParagraphFactory(title="Âge", text="Entre 17 et 45 ans.", source="décret 2004-1439")
    asked(room, "Quel âge ?", "Trop technique ?", state="published", assigned_to=speaker)
    prompter, desk = console(visit, room, speaker.user), console(visit, room, moderator)
    field, keys = prompter.get_by_label("Votre réponse"), prompter.keyboard
    now_on(prompter, "Quel âge ?")
    expect(desk.locator("#prompters")).to_contain_text("Quel âge ?")
    tab_to(prompter, field)
    keys.press("Alt+1")
    expect(field).to_have_value("Entre 17 et 45 ans. (décret 2004-1439)")
    prompter.reload()
    expect(field).to_have_value("Entre 17 et 45 ans. (décret 2004-1439)")
    expect(prompter.locator("#lamp")).to_have_text("En direct")
    tab_to(prompter, field)
    keys.press("Control+Enter")
    now_on(prompter, "Trop technique ?")
    keys.press("Alt+b")
    keys.type("Qui sait ?")
    keys.press("Enter")
    expect(desk.locator("#notes")).to_contain_text("Qui sait ?")
    keys.press("Alt+p")
    expect(prompter.locator("#no-question")).to_be_visible()
    tab_to(prompter, prompter.locator("#done button"))
    keys.press("Enter")
    now_on(prompter, "Quel âge ?")
    expect(field).to_be_focused()


def test_a_scribe_types_in_the_speakers_name_by_keyboard_alone_and_the_speaker_is_told(visit, room, moderator, speaker):
    asked(room, "Quel âge ?", state="published", assigned_to=speaker)
    desk, prompter = console(visit, room, moderator), console(visit, room, speaker.user)
    now_on(prompter, "Quel âge ?")
    expect(prompter.locator("#typed-for")).to_be_empty()
    tab_to(desk, desk.get_by_role("link", name="Taper pour Inès Morvan"))
    with desk.context.expect_page() as opened:
        desk.keyboard.press("Enter")
    scribe = opened.value
    expect(scribe.locator("#lamp")).to_have_text("En direct")
    expect(prompter.locator("#typed-for")).to_have_text("Paul Arnoux tape pour vous.")
    tab_to(scribe, scribe.get_by_label("La réponse"))
    scribe.keyboard.type("Dès 17 ans.")
    scribe.keyboard.press("Control+Enter")
    expect(scribe.locator("#done button")).to_have_count(1)
    expect(prompter.locator("#typed-for")).to_be_empty()
    answer = room.questions.get().answers.get()
    assert (answer.speaker, answer.typed_by) == (speaker, moderator)


def test_the_hall_sees_what_staff_put_up(visit, room, moderator, speaker):
    AnswerFactory(question__room=room, question__text="Quel âge ?", speaker=speaker, text="Dès 17 ans.")
    asked(room, "Et le sport ?", state="published")
    hall, desk = visit(f"/rooms/{room.slug}/screen/"), console(visit, room, moderator)
    now = hall.locator("#shown-ask")
    expect(now).to_have_text("« Quel âge ? »")
    expect(now.locator(".guillemet")).to_have_text(["« ", " »"])
    expect(hall.locator("#then-list")).to_contain_text("Et le sport ?")
    expect(hall.locator(".code svg")).to_be_visible()
    press(desk, "v")
    desk.locator("#queue").get_by_text("Et le sport ?").click()
    press(desk, "u")
    expect(now).to_have_text("« Et le sport ? »")
    expect(desk.locator("#acts [data-screen]")).to_have_attribute("aria-pressed", "true")  # the desk knows it too
    press(desk, "u")
    expect(now).to_have_text("« Quel âge ? »")
    expect(hall.locator("#join-title")).to_have_text("Posez la vôtre, sans compte")
    press(desk, "q")
    press(desk, "q")
    expect(hall.locator("#join-title")).to_have_text("Toutes les réponses restent là")
    expect(hall.locator("#then")).to_be_hidden()


def assert_clean(page):
    found = Axe().run(page, options={"preload": False}).response["violations"]
    assert not found, [(fault["id"], [node["html"][:120] for node in fault["nodes"]]) for fault in found]


@ALL_LOOKS
def test_nothing_of_it_shuts_anybody_out(visit, room, moderator, speaker, screen, scheme):
    asked(room, "Peut-on devenir maître-chien ?", "peut on devenir maitre chien", "Voir www.exemple.fr")
    asked(room, "Quel âge ?", state="published", assigned_to=speaker)
    ParagraphFactory()
    room.rehearsal_of = RoomFactory(slug="la-vraie")  # its bar stands above all of it
    room.save()
    room.prepared.create(title="Début", text="Bonsoir.")
    now = timezone.now()
    room.floods.create(text="Encore et encore ?", at=now, until=now + timedelta(minutes=10))
    desk = console(visit, room, moderator, screen=screen, scheme=scheme)
    expect(desk.locator(".rehearsal")).to_be_visible()
    expect(desk.locator("#floods li")).to_be_visible()
    desk.get_by_label("Je prends").select_option("turn:0")
    assert_clean(desk)
    desk.get_by_label("Je prends").select_option("")
    if screen == PHONE:  # there the acts of the room stand with the room
        desk.locator('#ctabs [data-tab="room"]').click()
    desk.locator("#announce-button").click()
    expect(desk.locator("#announce-text")).to_be_visible()
    assert_clean(desk)
    desk.keyboard.press("Escape")
    if screen == PHONE:
        desk.locator("#back").click()
        desk.locator('#ctabs [data-tab="waiting"]').click()
    desk.locator("#queue [role=option]").first.click()
    pages = [desk, console(visit, room, speaker.user, screen=screen, scheme=scheme)]
    for path in ("screen/", "console/hand-over/"):
        pages.append(
            visit(f"/rooms/{room.slug}/{path}", cookie=session_cookie(moderator), screen=screen, scheme=scheme)
        )
    for page in pages:
        assert_clean(page)
    for mode in ("redact", "elsewhere", "merge", "reject", "mute"):
        desk.locator(f'[data-mode="{mode}"]:visible').first.click()
        assert_clean(desk)
        if screen == PHONE:  # there it is a sheet, which is closed first
            desk.locator(f'[data-panel="{mode}"] [data-close]').click()
    if screen == PHONE:
        desk.locator('#stickyacts [data-mode="assign"]').click()
        assert_clean(desk)
        desk.locator("#assign-section [data-close]").click()
    desk.locator('[data-mode="answer"]:visible').first.click()
    assert_clean(desk)
    assert re.search("Fusionner", desk.content())


PERSONAL = "Mon numéro est le 06 39 98 12 40, appelez-moi ?"


@pytest.mark.parametrize(("digit", "shown"), [("1", "Masqué, appelez-moi ?"), ("2", PERSONAL)])
def test_what_is_personal_is_not_shown_by_one_key_but_redacted_or_confirmed(visit, room, moderator, digit, shown):
    QuestionFactory(room=room, text=PERSONAL, flags=["personal"])
    desk = console(visit, room, moderator)
    press(desk, "p")
    expect(desk.locator("#mode-care")).to_be_visible()
    assert room.questions.get().state == "asked"
    press(desk, digit)
    if digit == "1":
        desk.locator("#redact-text").fill(shown)
        desk.get_by_role("button", name="Garder ces mots").click()
        expect(desk.locator("#question-text")).to_contain_text("Masqué")
        press(desk, "p")
    expect(desk.locator("#count-waiting")).to_have_text("0")
    assert (room.questions.get().state, room.questions.get().text) == ("published", shown)


def test_what_is_public_is_not_redacted_and_an_empty_answer_says_what_is_missing(visit, room, moderator):
    QuestionFactory(room=room, text="Publique ?", state="published")
    desk = console(visit, room, moderator)
    press(desk, "v")
    press(desk, "j", "c")
    expect(desk.locator("#toast")).to_contain_text("déjà publiée")
    expect(desk.locator("#redact-form")).to_be_hidden()
    press(desk, "r")
    desk.locator("#answer-text").press("Control+Enter")
    expect(desk.locator("#answer-error")).to_have_text("Écrivez d’abord la réponse.")


def test_on_a_phone_list_question_and_room_are_a_screen_each_and_an_act_is_a_sheet(visit, room, moderator, speaker):
    asked(room, "Première ?", "Deuxième ?")
    desk = console(visit, room, moderator, screen=PHONE)
    expect(desk.locator("#queue-pane")).to_be_visible()
    expect(desk.locator(".roomside")).to_be_hidden()
    desk.locator("#queue [role=option]").first.click()
    expect(desk.locator("#place-of")).to_have_text("1 sur 2")
    desk.locator("#stickyacts").get_by_role("button", name="Confier").click()
    desk.get_by_label("La publier en même temps").check()
    desk.locator("#assign button").first.click()
    expect(desk.locator("#assign-section")).to_be_hidden()
    expect(desk.locator("#toast")).to_have_text("Question publiée et confiée.")
    desk.locator("#back").click()
    tabs = desk.locator("#ctabs")
    expect(tabs.get_by_role("button", name="Confiées")).to_contain_text("1")
    tabs.get_by_role("button", name="Salon").click()
    expect(desk.locator("#pressure")).to_be_visible()
    expect(desk.locator("#queue-pane")).to_be_hidden()
    assert Axe().run(desk).response["violations"] == []


def test_a_speaker_is_shown_at_once_what_is_passed_on_while_it_waits(visit, room, moderator, speaker):
    question = QuestionFactory(room=room, text="Est-elle pour moi ?")
    prompter = console(visit, room, speaker.user)
    expect(prompter.locator("#no-question")).to_be_visible()
    desk = console(visit, room, moderator)
    press(desk, "a", "1")
    expect(prompter.locator("#question-text")).to_have_text(f"« {question.text} »")
