"""The colours of an employer are data: text stays readable in both themes, and axe finds nothing."""

from datetime import UTC, datetime

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone

from leads.public import load_reference_data
from recruitment.demonstration.accounts import make_accounts
from recruitment.demonstration.cast import date_sessions, make_topics
from recruitment.demonstration.employers import Employer
from recruitment.demonstration.programme import keep, make_programme
from tests.journeys.conftest import DESKTOP, PHONE

pytestmark = [pytest.mark.slow, pytest.mark.either, pytest.mark.needs_chromium]
READABLE = 4.5  # WCAG 2.2, AA, for text
# text, what it stands on
PAIRS = [
    *((ink, ground) for ink in ("ink", "ink-2", "ink-3") for ground in ("paper", "surface", "sunken")),
    *(("accent-text", ground) for ground in ("paper", "surface", "accent-soft")),
    *(("on-accent", ground) for ground in ("accent", "accent-hover")),
    *((ink, ground) for ink in ("on-deep", "on-deep-2", "signal") for ground in ("deep", "deep-2")),
    ("on-signal", "signal"),
    *(("ink", ground) for ground in ("accent-soft", "signal-soft", "mark")),
    ("signal-text", "signal-soft"),
]
CONTRASTS = """pairs => {
  const dot = document.createElement('canvas').getContext('2d', {willReadFrequently: true})
  const probe = document.body.appendChild(document.createElement('i'))
  const luminance = name => {
    probe.style.color = `var(--c-${name})`
    dot.fillStyle = getComputedStyle(probe).color
    dot.fillRect(0, 0, 1, 1)
    const [r, g, b] = [...dot.getImageData(0, 0, 1, 1).data].map(
      value => value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  return pairs.map(([text, ground]) => {
    const [dark, light] = [luminance(text), luminance(ground)].sort((a, b) => a - b)
    return (light + 0.05) / (dark + 0.05)
  })
}"""


@pytest.fixture
def hospital(transactional_db, monkeypatch):
    """Made before `visit` starts a site, whose clock would open its rooms while they are filled."""
    monkeypatch.setenv("DEMO_PASSWORD", "password of a test")
    employer, now = Employer("hospital"), datetime.now(UTC)
    make_accounts()
    load_reference_data(employer.name)
    date_sessions(employer, timezone.localdate(now))
    make_programme(make_topics(employer), now, employer)
    keep(now)
    return employer


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_is_readable_in_the_hospitals_colours(hospital, visit, scheme):
    page = visit("/", scheme=scheme)
    assert page.evaluate("getComputedStyle(document.body).getPropertyValue('--brand-accent')").strip() == "#8c1d52"
    contrasts = dict(zip(PAIRS, page.evaluate(CONTRASTS, PAIRS), strict=True))
    assert {pair: ratio for pair, ratio in contrasts.items() if ratio < READABLE} == {}


def test_a_colour_that_nobody_could_read_is_told_apart(hospital, visit):
    page = visit("/")
    page.evaluate("document.documentElement.style.setProperty('--brand-accent', '#f3a9cb')")
    assert page.evaluate(CONTRASTS, [("on-accent", "accent")])[0] < READABLE


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("screen", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_axe_finds_nothing_on_the_hospitals_pages(hospital, visit, screen, scheme):
    page = visit("/", screen=screen, scheme=scheme)
    faults = {}
    for path in (
        "/",
        "/contests/",
        "/contests/infirmier/",
        "/contests/infirmier/request/",
        f"/rooms/{hospital.open.slug}/",
    ):
        page.goto(path)
        page.wait_for_load_state("networkidle")
        found = Axe().run(page).response["violations"]
        faults[path] = [(fault["id"], [node["html"][:200] for node in fault["nodes"]]) for fault in found]
    assert {path: found for path, found in faults.items() if found} == {}
