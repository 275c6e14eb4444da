"""Every public page of the rooms, and the console: what axe finds, what fits, what is big enough to touch."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.factories import (
    ParticipantFactory,
    ProgrammeFactory,
    QuestionFactory,
    RoomFactory,
    SpeakerFactory,
    TopicFactory,
    UserFactory,
    VoteFactory,
)
from tests.journeys.conftest import LOOKS, PHONE
from tests.serving import session_cookie

pytestmark = [pytest.mark.slow, pytest.mark.needs_chromium]
NARROW = {"width": 320, "height": 640}
PUBLIC = [
    "/",
    "/rooms/",
    "/rooms/now/",
    "/rooms/next/",
    "/rooms/past/",
    "/questions/",
    "/questions/?q=nowhere",
    "/privacy/",
    "/accessibility/",
    "/legal/",
]
CONSOLES = ["moderator", "speaker"]


@pytest.fixture
def people(transactional_db):
    """Three rooms in the three states of a room, with all kinds of questions in them; who works there."""
    moderator, speaker = UserFactory(), SpeakerFactory(name="Inès Morvan")
    programme, topics = ProgrammeFactory(), [TopicFactory(key=key) for key in ("metiers", "sport")]
    for slug, kind in (("now", {}), ("next", {"scheduled": True}), ("past", {"closed": True})):
        room = RoomFactory(slug=slug, programme=programme, speakers=[speaker], moderators=[moderator], **kind)
        for state in ("answered", "published", "asked", "rejected"):
            for topic in topics:
                QuestionFactory(room=room, state=state, topic=topic, text="Anticonstitutionnellement " * 4)
    VoteFactory(question=room.questions.filter(state="answered").first(), participant=ParticipantFactory(room=room))
    return {"moderator": moderator, "speaker": speaker.user}


def faults_of(page):
    page.wait_for_load_state()
    found = Axe().run(page).response["violations"]
    return [(fault["id"], [node["html"][:200] for node in fault["nodes"]]) for fault in found]


def misfits_of(page):
    settle(page)
    too_wide = page.evaluate("document.documentElement.scrollWidth") - page.viewport_size["width"]
    return ([f"{too_wide} px too wide"] if too_wide else []) + page.evaluate(TOO_SMALL)


def settle(page):
    page.wait_for_load_state("networkidle")


@LOOKS  # a room and its console are looked at in all four, in each of their states, by `test_states`, `test_console`
def test_axe_finds_nothing_on_any_page(visit, people, screen, scheme):
    page = visit("/", screen=screen, scheme=scheme)
    faults = {}
    for path in PUBLIC:
        page.goto(path)
        settle(page)
        faults[path] = faults_of(page)
    for name in CONSOLES:
        desk = visit("/rooms/now/console/", cookie=session_cookie(people[name]), screen=screen, scheme=scheme)
        settle(desk)
        faults[name] = faults_of(desk)
    assert {path: found for path, found in faults.items() if found} == {}


def test_every_panel_of_the_console_is_clean(visit, people):
    desk = visit("/rooms/now/console/", cookie=session_cookie(people["moderator"]))
    for key in ("x", "f", "r", "m", "a", "n"):
        desk.locator("#queue").focus()
        desk.keyboard.press(key)
        assert faults_of(desk) == [], key


TOO_SMALL = """() => [...document.querySelectorAll("a, button, input, select, textarea, summary, [role=option]")]
    .filter((node) => node.checkVisibility() && !node.closest("p:not(:has(> a:only-child)), .visually-hidden, .skip"))
    .map((node) => [node.closest("label") ?? node, node])
    .filter(([area]) => area.getBoundingClientRect().height < 43.5 && area.getBoundingClientRect().height > 0)
    .map(([, node]) => node.outerHTML.slice(0, 160))"""


def test_on_a_phone_nothing_is_wider_than_the_screen_nor_too_small_to_touch(visit, people):
    page = visit("/", screen=NARROW, has_touch=True)
    faults = {}
    for path in PUBLIC:
        page.goto(path)
        faults[path] = misfits_of(page)
    for name in CONSOLES:
        desk = visit("/rooms/now/console/", cookie=session_cookie(people[name]), screen=NARROW, has_touch=True)
        faults[name] = misfits_of(desk)
    assert {path: found for path, found in faults.items() if found} == {}


def test_every_page_is_whole_without_a_script(visit, people):
    page = visit("/", java_script_enabled=False)
    for path in PUBLIC:
        page.goto(path)
        assert page.get_by_role("heading", level=1).is_visible(), path
        assert page.locator("#main").inner_text().strip(), path


def test_the_menu_opens_without_a_script(visit, people):
    page = visit("/", java_script_enabled=False, screen=PHONE)
    link = page.get_by_role("link", name="Programme", exact=True)
    assert not link.is_visible()
    page.get_by_role("button", name="Menu").click()
    link.click()
    assert page.url.endswith("/rooms/")


def test_a_reader_chooses_the_language_and_stays_where_they_were(visit, people):
    page = visit("/questions/?q=a")
    page.get_by_role("button", name="English").click()
    page.wait_for_url("**/questions/?q=a")
    assert page.get_by_role("heading", level=1).inner_text() == "Questions and answers"
