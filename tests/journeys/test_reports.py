"""A manager's Monday in a real browser: the week, its figures, the lists behind them."""

import re
from datetime import date

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.test_back_office import NARROW, WIDER, faults_of
from tests.leads.factories import ContestSessionFactory, ask, ask_for_file, came_from
from tests.leads.staff import staff
from tests.serving import session_cookie

pytestmark = [pytest.mark.slow, pytest.mark.needs_chromium]
WEEKLY = "/admin/reports/weekly/?from=2026-W40&to=2026-W47"


@pytest.fixture
def campaign(site):
    session = ContestSessionFactory()
    for number in range(3):
        ask(touches=came_from("affiche"), birth_date=date(2000, 1, 1 + number))
    ask_for_file(session)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("screen", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_axe_finds_nothing_on_the_weekly_page(visit, campaign, screen, scheme):
    page = visit(WEEKLY, cookie=session_cookie(staff("managers")), screen=screen, scheme=scheme)
    assert faults_of(page) == []


def test_the_weekly_page_is_not_wider_than_a_narrow_phone(visit, campaign):
    page = visit(WEEKLY, cookie=session_cookie(staff("managers")), screen=NARROW)
    assert page.evaluate(WIDER) == []


def test_the_charts_numbers_are_the_tables(visit, campaign):
    page = visit(WEEKLY, cookie=session_cookie(staff("managers")))
    drawn = page.locator(".chart.draw-wide .lab").all_text_contents()
    told = page.locator("#weeks-table tbody tr td:nth-child(2)").all_text_contents()
    assert [text.strip() for text in drawn] == [text.strip() for text in told] == ["0"] * 7 + ["4"]


def test_a_bar_opens_the_list_that_it_counts(visit, campaign):
    page = visit(WEEKLY, cookie=session_cookie(staff("managers")))
    page.locator(".chart.draw-wide a").last.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/admin/leads/lead/.*from=2026-W47"))
    expect(page.locator("#result_list tbody tr")).to_have_count(4)
