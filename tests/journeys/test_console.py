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
from tests.journeys.conftest import DESKTOP, PHONE
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


def press(page, *keys):
    page.locator("#queue").focus()
    for key in keys:
        page.keyboard.press(key)


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


def test_a_question_like_another_is_merged_by_one_key_and_comes_back_by_one(visit, room, moderator):
    asked(room, "Peut-on devenir maître-chien sans le bac ?", state="published")
    asked(room, "devenir maitre chien sans avoir le bac c possible", "Et la paie ?")
    desk = console(visit, room, moderator)
    expect(desk.locator("#likes")).to_contain_text("Une question proche est déjà publiée")
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


def test_a_speaker_answers_with_an_approved_paragraph_passes_and_asks_backstage(visit, room, moderator, speaker):
    ParagraphFactory(title="Âge", text="Entre 17 et 45 ans.", source="décret 2004-1439")
    asked(room, "Quel âge ?", "Trop technique ?", state="published", assigned_to=speaker)
    prompter, desk = console(visit, room, speaker.user), console(visit, room, moderator)
    now_on(prompter, "Quel âge ?")
    expect(desk.locator("#prompters")).to_contain_text("Quel âge ?")
    prompter.get_by_label("La réponse").focus()
    prompter.keyboard.press("Alt+1")
    expect(prompter.get_by_label("La réponse")).to_have_value("Entre 17 et 45 ans. (décret 2004-1439)")
    prompter.reload()
    expect(prompter.get_by_label("La réponse")).to_have_value("Entre 17 et 45 ans. (décret 2004-1439)")
    prompter.get_by_label("La réponse").press("Control+Enter")
    now_on(prompter, "Trop technique ?")
    prompter.keyboard.press("Alt+b")
    prompter.keyboard.type("Qui sait ?")
    prompter.keyboard.press("Enter")
    expect(desk.locator("#notes")).to_contain_text("Qui sait ?")
    prompter.keyboard.press("Alt+p")
    expect(prompter.locator("#no-question")).to_be_visible()


def test_a_scribe_types_in_the_speakers_name(visit, room, moderator, speaker):
    asked(room, "Quel âge ?", state="published", assigned_to=speaker)
    scribe = console(visit, room, moderator, path=f"?as={speaker.pk}")
    scribe.get_by_label("La réponse").fill("Dès 17 ans.")
    scribe.get_by_role("button", name="Publier la réponse").click()
    expect(scribe.locator("#done button")).to_have_count(1)
    answer = room.questions.get().answers.get()
    assert (answer.speaker, answer.typed_by) == (speaker, moderator)


def test_the_hall_sees_what_staff_put_up(visit, room, moderator, speaker):
    AnswerFactory(question__room=room, question__text="Quel âge ?", speaker=speaker, text="Dès 17 ans.")
    asked(room, "Et le sport ?", state="published")
    hall, desk = visit(f"/rooms/{room.slug}/screen/"), console(visit, room, moderator)
    now = hall.locator("#shown-ask")
    expect(now).to_have_text("« Quel âge ? »")
    expect(hall.locator("#then-list")).to_contain_text("Et le sport ?")
    expect(hall.locator(".code svg")).to_be_visible()
    press(desk, "v")
    desk.locator("#queue").get_by_text("Et le sport ?").click()
    press(desk, "u")
    expect(now).to_have_text("« Et le sport ? »")
    press(desk, "u")
    expect(now).to_have_text("« Quel âge ? »")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("screen", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_nothing_of_it_shuts_anybody_out(visit, room, moderator, speaker, screen, scheme):
    asked(room, "Peut-on devenir maître-chien ?", "peut on devenir maitre chien", "Voir www.exemple.fr")
    asked(room, "Quel âge ?", state="published", assigned_to=speaker)
    ParagraphFactory()
    desk = console(visit, room, moderator, screen=screen, scheme=scheme)
    desk.locator("#queue [role=option]").first.click()
    pages = [desk, console(visit, room, speaker.user, screen=screen, scheme=scheme)]
    for path in ("screen/", "console/hand-over/"):
        pages.append(
            visit(f"/rooms/{room.slug}/{path}", cookie=session_cookie(moderator), screen=screen, scheme=scheme)
        )
    for page in pages:
        found = Axe().run(page, options={"preload": False}).response["violations"]
        assert not found, [(fault["id"], [node["html"][:120] for node in fault["nodes"]]) for fault in found]
    for mode in ("redact", "elsewhere", "merge", "reject", "mute"):
        desk.locator(f'[data-mode="{mode}"]:visible').first.click()
        found = Axe().run(desk, options={"preload": False}).response["violations"]
        assert not found, (mode, [(fault["id"], [node["html"][:120] for node in fault["nodes"]]) for fault in found])
    assert re.search("Fusionner", desk.content())
