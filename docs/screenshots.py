"""The pictures of README and docs, taken from a demonstration of their own: `make screenshots`."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs/screenshots"
PORT, PASSWORD = "8399", "password of a picture"
BASE = f"http://127.0.0.1:{PORT}"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
DESKTOP, PHONE = (1280, 800), (390, 844)
# name, address, who looks at it, screen
SHOTS = [
    ("home", "/", "", DESKTOP),
    ("room", "/rooms/2026-conference-renseignement/", "", DESKTOP),
    ("room-phone", "/rooms/2026-conference-renseignement/", "", PHONE),
    ("console", "/rooms/2026-conference-renseignement/console/", "moderator", DESKTOP),
    ("candidates", "/admin/leads/candidate/", "recruiter", DESKTOP),
    ("weekly", "/admin/reports/weekly/", "manager", DESKTOP),
]


def main() -> None:
    PICTURES.mkdir(exist_ok=True)
    var_dir = tempfile.mkdtemp(prefix="pictures-")
    environment = os.environ | {"VAR_DIR": var_dir, "PORT": PORT, "DEMO_PASSWORD": PASSWORD}
    server = subprocess.Popen([sys.executable, "manage.py", "demo"], cwd=ROOT, env=environment)
    try:
        wait_until_served()
        with sync_playwright() as playwright:
            path = shutil.which("chromium") or shutil.which("google-chrome")
            browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
            for shot in SHOTS:
                take(browser, *shot)
            browser.close()
    finally:
        server.terminate()
        server.wait()
        shutil.rmtree(var_dir)


def wait_until_served() -> None:
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(f"{BASE}/healthz", timeout=5).close()
        except urllib.error.URLError:
            time.sleep(0.5)
        else:
            return
    raise SystemExit("the demonstration does not start")


def take(browser: Browser, name: str, address: str, who: str, screen: tuple[int, int]) -> None:
    window = browser.new_context(viewport={"width": screen[0], "height": screen[1]}, locale="fr-FR")
    page = window.new_page()
    if who:
        page.goto(f"{BASE}/admin/login/")
        page.fill("#id_username", who)
        page.fill("#id_password", PASSWORD)
        page.click("button[type=submit]")
    page.goto(BASE + address)
    page.wait_for_timeout(1500)  # a live page has no moment at which it is done
    page.screenshot(path=PICTURES / f"{name}.png")
    window.close()


if __name__ == "__main__":
    main()
