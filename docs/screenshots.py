"""The pictures of README and docs, taken from a demonstration of their own: `make screenshots`."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs/screenshots"
PORT, PASSWORD = "8399", "password of a picture"
BASE = f"http://127.0.0.1:{PORT}"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
BROWSERS = ("chromium", "chromium-headless-shell", "google-chrome")
DESKTOP, PHONE = (1280, 800), (390, 844)
ROOM, CANDIDATES = "/rooms/2026-conference-renseignement/", "/admin/leads/candidate/"


@dataclass(frozen=True)
class Shot:
    """`clicks`: what is pressed on the page at `address`, one after the other, before it is taken."""

    name: str
    address: str
    who: str = ""
    screen: tuple[int, int] = DESKTOP
    clicks: tuple[str, ...] = ()
    scheme: Literal["light", "dark"] = "light"


SHOTS = {
    "police": [
        Shot("home", "/"),
        Shot("room", ROOM),
        Shot("room-phone", ROOM, screen=PHONE),
        Shot("room-dark", ROOM, scheme="dark"),
        Shot("questions", "/questions/?q=renseignement"),
        Shot("eligibility", "/contests/gardien-externe/eligibility/"),
        Shot("console", f"{ROOM}console/", "moderator"),
        Shot("console-phone", f"{ROOM}console/", "moderator", PHONE),
        Shot("speaker", f"{ROOM}console/", "speaker"),
        Shot("projector", f"{ROOM}screen/"),
        Shot("room-report", "/admin/reports/rooms/", "manager"),
        Shot("day", "/admin/", "recruiter"),
        Shot("day-phone", "/admin/", "recruiter", PHONE),
        Shot("candidates", CANDIDATES, "recruiter"),
        Shot("candidates-dark", CANDIDATES, "recruiter", scheme="dark"),
        Shot("sheet", f"{CANDIDATES}?view=mine", "recruiter", clicks=("#result_list tbody th a",)),
        Shot("letter", f"{CANDIDATES}?view=mine", "recruiter", clicks=("#result_list tbody th a", "text=Écrire")),
        Shot("duplicate", "/admin/leads/duplicategroup/", "recruiter", clicks=("#result_list tbody th a",)),
        Shot("import", "/admin/leads/batch/", "recruiter", clicks=("#result_list tbody th a",)),
        Shot("weekly", "/admin/reports/weekly/", "manager"),
        Shot("weekly-phone", "/admin/reports/weekly/", "manager", PHONE),
    ],
    "hospital": [Shot("home-hospital", "/")],
}


def main() -> None:
    """Of the employers named on the command line, or of all."""
    PICTURES.mkdir(exist_ok=True)
    for employer in sys.argv[1:] or SHOTS:
        take_all(employer)


def take_all(employer: str) -> None:
    var_dir = tempfile.mkdtemp(prefix="pictures-")
    environment = os.environ | {"VAR_DIR": var_dir, "PORT": PORT, "DEMO_PASSWORD": PASSWORD, "DEMO_EMPLOYER": employer}
    server = subprocess.Popen([sys.executable, "manage.py", "demo"], cwd=ROOT, env=environment)
    try:
        wait_until_served()
        with sync_playwright() as playwright:
            path = next(filter(None, map(shutil.which, BROWSERS)), None)
            browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
            for shot in SHOTS[employer]:
                take(browser, shot)
            browser.close()
    finally:
        server.terminate()
        server.wait()
        shutil.rmtree(var_dir)


def wait_until_served() -> None:
    deadline = time.monotonic() + 600
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(f"{BASE}/healthz", timeout=5).close()
        except urllib.error.URLError:
            time.sleep(0.5)
        else:
            return
    raise SystemExit("the demonstration does not start")


def take(browser: Browser, shot: Shot) -> None:
    width, height = shot.screen
    window = browser.new_context(viewport={"width": width, "height": height}, locale="fr-FR", color_scheme=shot.scheme)
    page = window.new_page()
    if shot.who:
        page.goto(f"{BASE}/admin/login/")
        page.fill("#id_username", shot.who)
        page.fill("#id_password", PASSWORD)
        page.click("button[type=submit]")
    page.goto(BASE + shot.address)
    for pressed in shot.clicks:
        page.locator(pressed).first.click()
        page.wait_for_load_state()
    page.wait_for_timeout(1500)  # a live page has no moment at which it is done
    page.screenshot(path=PICTURES / f"{shot.name}.png")
    window.close()


if __name__ == "__main__":
    main()
