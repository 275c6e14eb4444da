"""May I present myself? From the contest's page to the recruiter, by keyboard and by touch."""

import pytest

from leads import services
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.test_pages import faults_of, misfits_of

pytestmark = [pytest.mark.slow, pytest.mark.needs_chromium]


@pytest.mark.parametrize("screen", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_pupil_answers_and_reads_the_verdicts(visit, screen, scheme):
    services.load_reference_data()
    page = visit("/contests/gardien-externe/", screen=screen, scheme=scheme)
    page.get_by_role("link", name="Suis-je éligible").click()
    assert faults_of(page) == [] and misfits_of(page) == []
    page.get_by_label("Jour").fill("12")
    page.get_by_label("Mois").fill("3")
    page.get_by_label("Année").fill("2007")
    page.keyboard.press("Enter")
    page.get_by_label("Je suis en terminale").check()
    assert faults_of(page) == [] and misfits_of(page) == []
    page.get_by_role("button", name="Question suivante").click()
    page.get_by_label("Oui", exact=True).check()
    page.get_by_role("button", name="Question suivante").click()
    assert faults_of(page) == [] and misfits_of(page) == []
    page.get_by_role("button", name="Voir mon résultat").click()
    assert "vérifiez ce qui est marqué" in page.locator("h1").inner_text()
    assert faults_of(page) == [] and misfits_of(page) == []
    assert "2007" not in page.url
    page.get_by_role("button", name="Joindre ce résultat").click()
    assert page.get_by_label("Joindre mon résultat").is_checked()
