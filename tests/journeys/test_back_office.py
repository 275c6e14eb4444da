"""The back office's door and shell, in a real browser."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.auth.models import User

from tests.factories import RoomFactory, UserFactory
from tests.journeys.conftest import LOOKS, PHONE
from tests.serving import session_cookie

pytestmark = [pytest.mark.slow, pytest.mark.needs_chromium]
PASSWORD = "correct horse battery staple"
PAGES = ["/admin/", "/admin/auth/user/", "/admin/auth/user/add/", "/admin/password_change/"]
WIDER = """() => document.documentElement.scrollWidth <= innerWidth ? []
    : [...document.querySelectorAll("main *, header *")]
        .filter((node) => node.getBoundingClientRect().right > innerWidth + 1)
        .map((node) => node.outerHTML.slice(0, 120))"""
NARROW = {"width": 320, "height": 640}


def faults_of(page):
    page.wait_for_load_state()
    # Without preloading, which fetches imported sheets in a way that the site's policy refuses.
    found = Axe().run(page, options={"preload": False}).response["violations"]
    return [(fault["id"], [node["html"][:200] for node in fault["nodes"]]) for fault in found]


@LOOKS
def test_axe_finds_nothing_at_the_door_nor_behind_it(visit, screen, scheme):
    RoomFactory()
    door = visit("/admin/login/", screen=screen, scheme=scheme)
    faults = {"door": faults_of(door)}
    superuser = UserFactory(is_superuser=True)
    page = visit("/admin/", cookie=session_cookie(superuser), screen=screen, scheme=scheme)
    for path in [*PAGES, f"/admin/auth/user/{superuser.pk}/change/"]:
        page.goto(path)
        faults[path] = faults_of(page)
    assert {path: found for path, found in faults.items() if found} == {}


def test_nothing_is_wider_than_a_narrow_phone(visit):
    page = visit("/admin/", cookie=session_cookie(UserFactory(is_superuser=True)), screen=NARROW)
    wide = {}
    for path in ["/admin/login/", *PAGES]:
        page.goto(path)
        wide[path] = page.evaluate(WIDER)
    assert {path: found for path, found in wide.items() if found} == {}


def test_staff_look_at_what_they_typed_log_in_and_leave(visit):
    # The server knows the product's hashers, not the fast one of the tests.
    UserFactory(username="ines", password=None)
    User.objects.update(password=PBKDF2PasswordHasher().encode(PASSWORD, "salt-of-a-test"))
    page = visit("/admin/login/?next=/admin/password_change/")
    page.get_by_label("Identifiant").fill("ines")
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Voir").click()
    assert page.get_by_label("Mot de passe").get_attribute("type") == "text"
    page.get_by_role("button", name="Ouvrir ma session").click()
    assert page.url.endswith("/admin/password_change/")
    page.get_by_role("button", name="Quitter").click()
    page.goto("/admin/")
    assert "/admin/login/" in page.url


def test_on_a_phone_the_menu_opens_by_its_button(visit):
    page = visit("/admin/", cookie=session_cookie(UserFactory(is_superuser=True)), screen=PHONE)
    menu = page.get_by_role("navigation", name="Espace de travail")
    assert not menu.is_visible()
    page.get_by_role("button", name="Menu").click()
    menu.get_by_role("link", name="Utilisateurs").click()
    assert page.url.endswith("/admin/auth/user/")
