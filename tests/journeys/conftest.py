"""A real browser on a real server."""

from contextlib import contextmanager

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.serving import serving

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1440, "height": 900}

# A room and its console are looked at in all four, other pages in the two that differ in both.
ALL_LOOKS = pytest.mark.parametrize(
    ("screen", "scheme"),
    [(DESKTOP, "light"), (DESKTOP, "dark"), (PHONE, "light"), (PHONE, "dark")],
    ids=["desktop, light", "desktop, dark", "phone, light", "phone, dark"],
)
LOOKS = pytest.mark.parametrize(
    ("screen", "scheme"), [(DESKTOP, "light"), (PHONE, "dark")], ids=["desktop, light", "phone, dark"]
)

expect.set_options(timeout=20_000)  # a bound for a busy machine, not a time that anything is held to


@pytest.fixture(scope="module")
def chromium(chromium_path, django_db_setup):
    """Not for the whole session: while it lives this thread has a running loop, and no other may be started.

    Django takes the loop of the browser's driver for its own; here it is nobody's who touches the database.
    """
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(executable_path=chromium_path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def site(transactional_db):
    with serving(DEBUG="1") as running:
        yield running


@contextmanager
def open_windows(chromium, port):
    """A function that opens a window of somebody of their own on a page of the process at `port`.

    What the console complains of fails the test.
    """
    windows, complaints = [], []
    origin = f"http://127.0.0.1:{port}"

    def open_window(path, *, cookie="", screen=DESKTOP, scheme="light", **options):
        window = chromium.new_context(viewport=screen, color_scheme=scheme, locale="fr-FR", base_url=origin, **options)
        windows.append(window)
        if cookie:
            name, _, value = cookie.partition("=")
            window.add_cookies([{"name": name, "value": value, "url": origin}])
        page = window.new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(path)
        return page

    open_window.complaints = complaints
    try:
        yield open_window
    finally:
        for window in windows:
            window.close()
    assert complaints == []


@pytest.fixture
def visit(chromium, site):
    """`visit(path)`: `open_windows` on the one site of a test."""
    with open_windows(chromium, site.port) as open_window:
        yield open_window
