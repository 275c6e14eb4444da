"""From a contest to the follow-up page in a real browser, with and without a script; every page on the way is clean."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from leads import services
from leads.forms import MINIMUM_SECONDS
from leads.models import Candidate, Lead, RegistrationFile
from leads.tokens import follow_token
from tests.journeys.conftest import LOOKS
from tests.journeys.test_pages import NARROW, faults_of, misfits_of, settle
from tests.leads.factories import RegistrationFileFactory

pytestmark = [pytest.mark.slow, pytest.mark.needs_chromium]
PAGES = [
    "/contests/",
    "/contests/gardien-externe/",
    "/contests/officier/",
    "/contests/gardien-externe/request/",
    "/request/",
    "/follow/",
]


@pytest.fixture
def contests(transactional_db):
    services.load_reference_data()


@pytest.fixture
def link(contests):
    """A candidate's follow-up page, with a file on its way."""
    candidate = RegistrationFileFactory(status="returned").candidate
    return f"/follow/{follow_token(candidate, now=timezone.now())}/"


def fill(page, **values):
    for name, value in values.items():
        page.fill(f"#id_{name}", value)


def until_it_was_read(page):
    """A form that is back within two seconds is shown again: the server's own clock, so it cannot be hurried."""
    served = float(page.locator("[name=served]").get_attribute("value").split(":")[0])
    while timezone.now().timestamp() - served < MINIMUM_SECONDS:
        page.wait_for_timeout(100)


def send(page):
    page.locator("form#request button[type=submit]").click()


@LOOKS
def test_axe_finds_nothing_on_any_page(visit, contests, link, screen, scheme):
    page = visit("/", screen=screen, scheme=scheme)
    faults = {}
    for path in [*PAGES, link, f"{link}correct/", f"{link}stop/", f"{link}erase/", "/follow/erased/"]:
        page.goto(path)
        settle(page)
        if page.locator("summary").count():
            page.locator("summary").first.click()
        faults[path] = faults_of(page)
    assert {path: found for path, found in faults.items() if found} == {}


def test_on_a_phone_nothing_is_wider_than_the_screen_nor_too_small_to_touch(visit, contests, link):
    page = visit("/", screen=NARROW, has_touch=True)
    faults = {}
    for path in [*PAGES, link, f"{link}correct/", f"{link}stop/", f"{link}erase/", "/follow/erased/"]:
        page.goto(path)
        faults[path] = misfits_of(page)
    assert {path: found for path, found in faults.items() if found} == {}


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_from_the_contest_to_the_downloaded_file(visit, contests, script, tmp_path):
    page = visit(
        "/contests/gardien-externe/?room=&utm_source=affiche", java_script_enabled=script, accept_downloads=True
    )
    page.get_by_role("main").get_by_role("link", name="Demander le dossier").first.click()
    fill(page, first_name="Amina", last_name="Courtial", email="amina@example.org", postal_code="93100")
    until_it_was_read(page)
    send(page)
    page.wait_for_url("**/request/received/")
    assert re.search(r"PN-\w{4}-\w{4}-\w", page.get_by_role("main").inner_text())
    assert (Lead.objects.get().source.key, Lead.objects.get().region) == ("affiche", "11")
    page.goto(f"/follow/{follow_token(Candidate.objects.get(), now=timezone.now())}/")
    page.get_by_role("button", name="Confirmer mon adresse").click()
    with page.expect_download() as started:
        page.get_by_role("button", name="Télécharger le dossier").click()
    started.value.save_as(tmp_path / "file.pdf")
    assert (tmp_path / "file.pdf").read_bytes().startswith(b"%PDF-")
    assert Candidate.objects.get().verified_at
    assert RegistrationFile.objects.get().status == "downloaded"


def test_what_is_wrong_is_said_on_top_and_beside_the_field_and_focused(visit, contests):
    page = visit("/contests/gardien-externe/request/")
    fill(page, first_name="Amina", last_name="Courtial", email="amina@example", postal_code="9310")
    send(page)
    summary = page.locator("#summary")
    expect(summary).to_be_focused()
    assert faults_of(page) == []
    summary.get_by_role("link", name="Code postal").click()
    expect(page.locator("#id_postal_code")).to_be_focused()
    assert page.locator("#id_first_name").input_value() == "Amina"
    visit.complaints.clear()  # the browser tells the console of the 422, which is what a form with errors answers
