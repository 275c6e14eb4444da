"""A manager's Monday in a real browser: the week, its figures, the lists behind them."""

import csv
import re
from datetime import date, timedelta
from urllib.parse import urljoin

import pytest
from playwright.sync_api import expect

from leads import digest, freezing, mail
from leads.models import Campaign, ContestSession, Cost, Goal, Message, PressLine, Source
from leads.weeks import freezes_at
from tests.factories import AnswerFactory, QuestionFactory, RoomFactory
from tests.journeys.conftest import LOOKS
from tests.journeys.test_back_office import NARROW, WIDER, faults_of
from tests.leads.factories import ContestSessionFactory, ask, ask_for_file, came_from
from tests.leads.staff import staff
from tests.serving import session_cookie

pytestmark = [pytest.mark.slow, pytest.mark.needs_chromium]
W47 = date(2026, 11, 16)
WEEKLY = "/admin/reports/weekly/?from=2026-W40&to=2026-W47"


@pytest.fixture
def campaign(site):
    session = ContestSessionFactory()
    for number in range(3):
        ask(touches=came_from("affiche"), birth_date=date(2000, 1, 1 + number))
    ask_for_file(session)


def test_the_weekly_page_is_not_wider_than_a_narrow_phone(visit, campaign):
    page = visit(WEEKLY, cookie=session_cookie(staff("managers")), screen=NARROW)
    assert page.evaluate(WIDER) == []


def test_a_bar_opens_the_list_that_it_counts(visit, campaign):
    page = visit(WEEKLY, cookie=session_cookie(staff("managers")))
    page.locator(".chart.draw-wide a").last.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/admin/leads/lead/.*from=2026-W47"))
    expect(page.locator("#result_list tbody tr")).to_have_count(4)


@LOOKS
def test_axe_finds_nothing_on_a_rooms_report(visit, site, screen, scheme):
    moderator = staff("moderators")
    room = RoomFactory(slug="metiers", closed=True, moderators=[moderator], peak_viewers=236)
    AnswerFactory(question__room=room)
    QuestionFactory(room=room, state="rejected", reject_reason="propos")
    for minute, people in enumerate((12, 236, 180)):
        room.attendance.create(minute=room.opens_at + timedelta(minutes=minute), viewers=people)
    page = visit("/admin/reports/rooms/metiers/", cookie=session_cookie(moderator), screen=screen, scheme=scheme)
    page.get_by_text("Les mêmes chiffres en tableau").click()
    assert faults_of(page) == []
    assert page.evaluate(WIDER) == []
    for number in range(13):  # five of a kind and more are shown, one is masked with another
        age = ("18_24", "25_34", "35_over")[number // 6]
        room.profiles.create(key=f"v{number}", age_band=age, situation="student", region="11")
    every = visit("/admin/reports/rooms/", cookie=session_cookie(moderator), screen=screen, scheme=scheme)
    expect(every.locator("caption[id^=profiles-]")).to_have_count(3)
    assert faults_of(every) == []


@pytest.fixture
def priced(campaign):
    source = Source.objects.get(key="affiche")
    cost = Cost.objects.create(source=source, label="Tirage", first_on=W47, last_on=W47 + timedelta(6), cents=1200)
    PressLine.objects.create(since=W47, per_lead=7450)
    goal = Goal.objects.create(contest_session=ContestSession.objects.get(), monday=W47, target=5)
    link = Campaign.objects.create(code="affiche", name="Affiches de la gare", source=source, medium="affiche")
    return {"campaign": link, "cost": cost, "goal": goal}


@LOOKS
def test_axe_finds_nothing_in_what_a_manager_reads_and_writes(visit, priced, screen, scheme):
    lists = {name: f"/admin/leads/{name}/" for name in (*priced, "pressline", "linkmapping")}
    forms = [f"{lists[name]}{row.pk}/change/" for name, row in priced.items()]
    page = visit(WEEKLY, cookie=session_cookie(staff("managers")), screen=screen, scheme=scheme)
    faults = {}
    paths = ["?to=2026-W47", "?format=print&to=2026-W47", "../rooms/", *lists.values(), *forms]
    for path in [*paths, *(f"{address}add/" for address in lists.values())]:
        page.goto(urljoin(WEEKLY, path))
        faults[path] = faults_of(page) + page.evaluate(WIDER)
    assert {path: found for path, found in faults.items() if found} == {}


PHONE = {"width": 390, "height": 844}
SCROLLS = "e => e.scrollWidth > e.clientWidth"


def test_on_a_phone_the_filters_sit_behind_one_button_and_prices_need_no_scrolling(visit, priced):
    manager = session_cookie(staff("managers"))
    page = visit("/admin/reports/weekly/?to=2026-W47", cookie=manager, screen=PHONE)
    button, field = page.locator(".rfold > summary"), page.get_by_label("Source", exact=True)
    expect(button).to_contain_text("2026-W40 à 2026-W47")
    expect(field).to_be_hidden()
    button.click()
    expect(field).to_be_visible()
    assert page.locator(".scroll-x:has(#costs-table)").evaluate(SCROLLS) is False
    wide = visit("/admin/reports/weekly/?to=2026-W47", cookie=manager)
    expect(wide.get_by_label("Source", exact=True)).to_be_visible()
    expect(wide.locator(".rfold > summary")).to_be_hidden()


@pytest.mark.parametrize("others", [0, 4])
def test_on_a_phone_rooms_side_by_side_need_no_scrolling(visit, site, others):
    ages, regions = ("under_18", "18_24", "25_34", "35_over"), ("11", "32", "44", "84", "93")
    for room in RoomFactory.create_batch(2 + others, title="Conférence, le renseignement", closed=True):
        for number in range(120):
            room.profiles.create(key=str(number), age_band=ages[number % 4], region=regions[number % 5])
        ask(now=room.opens_at, room_id=room.pk, email=f"{room.slug}@example.org", touches=came_from("affiche"))
    page = visit("/admin/reports/rooms/", cookie=session_cookie(staff("managers")), screen=PHONE)
    expect(page.locator("caption[id^=profiles-]")).to_have_count(2)
    assert page.locator(".scroll-x").evaluate_all(f"all => all.filter({SCROLLS}).length") == 0
    assert page.evaluate(WIDER) == []


CUT = "() => [...document.querySelectorAll('#changelist .scroll-x')].filter(e => e.scrollWidth > e.clientWidth).length"


def test_no_list_of_a_manager_cuts_a_column_on_a_laptop(visit, priced):
    Campaign.objects.filter(code="affiche").update(
        name="Affiches des gares et lycées de la région, automne 2026, seconde vague de tirage"
    )
    Cost.objects.update(campaign=priced["campaign"], label="Tirage et pose des affiches de l’automne " * 2)
    page = visit("/admin/", cookie=session_cookie(staff("managers")), screen={"width": 1280, "height": 800})
    cut = {}
    for name in (*priced, "pressline", "linkmapping"):
        page.goto(f"/admin/leads/{name}/")
        cut[name] = page.evaluate(CUT)
    assert set(cut.values()) == {0}, cut


def mail_of(manager):
    """The Monday mail as it leaves."""
    monday = freezes_at(W47)
    freezing.freeze_due_weeks(monday)
    digest.post_weekly_mails(monday)
    return mail.as_email(Message.objects.get(recipient=manager.email), now=monday)


def texts(page, selector):
    return [text.strip() for text in page.locator(selector).all_text_contents()]


def test_from_the_mail_to_the_figure_to_its_list_to_the_export(visit, priced):
    manager = staff("managers", email="herve@example.org")
    [address] = re.findall(r"/admin/reports/weekly/\S+", mail_of(manager).body)
    page = visit(address, cookie=session_cookie(manager))
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^Semaine 47"))
    # what is drawn is what the tables say
    drawn = texts(page, ".chart.draw-wide .lab")
    weeks, prices = texts(page, "#weeks-table tbody td:nth-child(2)"), texts(page, "#costs-table tbody .price")
    assert weeks == ["0"] * 7 + ["4"]
    press = texts(page, "#costs-table .press td:nth-child(3)")
    assert drawn == [*weeks, *(price for price in prices if price != "–"), f"annonce presse, {press[0]}"]
    assert texts(page, ".chart.draw-narrow .lab") == drawn
    figure = page.locator(".rkeys .figure").first
    total = int(figure.text_content())
    with page.expect_download() as exported:
        page.get_by_role("link", name="CSV", exact=True).click()
    lines = list(csv.reader(exported.value.path().read_text("utf-8-sig").splitlines(), delimiter=";"))
    assert [line[:2] for line in lines[-2:]] == [["2026-W47", str(total)], ["total", str(total)]]
    figure.click()
    expect(page).to_have_url(re.compile("/admin/leads/lead/.*from=2026-W47"))
    expect(page.locator("#result_list tbody tr")).to_have_count(total)
