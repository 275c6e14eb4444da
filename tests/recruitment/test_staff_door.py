from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from recruitment import middleware
from recruitment.site import login_address

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery staple"
LOGIN = "/admin/login/"


@pytest.fixture
def staff():
    return get_user_model().objects.create_user("ines", password=PASSWORD, is_staff=True)


@pytest.fixture
def visitor():
    return get_user_model().objects.create_user("zoe", password=PASSWORD)


def log_in(client, username="ines", password=PASSWORD, **extra):
    return client.post(LOGIN, {"username": username, "password": password}, **extra)


def test_staff_log_in_and_are_sent_where_they_wanted(client, staff):
    assert client.get("/admin/auth/user/").headers["Location"].startswith(LOGIN)
    answer = client.post(f"{LOGIN}?next=/admin/password_change/", {"username": "ines", "password": PASSWORD})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/admin/password_change/")


def test_who_wanted_nothing_in_particular_begins_at_the_start(client, staff):
    assert log_in(client).headers["Location"] == "/admin/"


def test_login_sends_nobody_to_another_site(client, staff):
    answer = client.post(f"{LOGIN}?next=https://evil.example/", {"username": "ines", "password": PASSWORD})
    assert "evil" not in answer.headers["Location"]


def test_whoever_is_no_staff_is_refused_and_not_asked_to_log_in(client, visitor):
    client.force_login(visitor)
    assert client.get("/admin/").status_code == 403
    assert client.get("/admin/auth/user/").status_code == 403


def test_staff_without_the_permission_is_refused(client, staff):
    client.force_login(staff)
    assert client.get("/admin/auth/user/").status_code == 403


def test_a_wrong_password_says_how_many_tries_are_left(client, staff):
    answer = log_in(client, password="wrong", headers={"accept-language": "en"})
    assert "4 more tries, then a pause" in answer.content.decode()
    assert 'value="ines"' in answer.content.decode()
    assert "3 more tries" in log_in(client, password="wrong", headers={"accept-language": "en"}).content.decode()


def test_five_wrong_passwords_close_the_door_for_that_name_from_there(client, staff):
    statuses = [log_in(client, password="wrong").status_code for _ in range(5)]
    assert statuses[:4] == [422] * 4
    refused = log_in(client)
    assert refused.status_code == 429 and refused.headers["Retry-After"] == "900"
    assert b"<h1" in refused.content
    assert log_in(client, REMOTE_ADDR="192.0.2.7").status_code == 302


def test_a_closed_door_answers_json_in_json(client, staff):
    for _ in range(5):
        log_in(client, password="wrong")
    answer = log_in(client, headers={"accept": "application/json"})
    assert answer.status_code == 429 and "error" in answer.json()


def test_a_hundred_good_logins_from_one_address_close_nothing(client, staff):
    assert {log_in(client).status_code for _ in range(20)} == {302}


def test_an_unknown_name_is_counted_like_a_known_one(client, staff):
    known = [log_in(client, password="wrong").status_code for _ in range(6)]
    unknown = [log_in(client, username="nobody", password="wrong").status_code for _ in range(6)]
    assert known == unknown


def test_the_address_of_a_login_is_what_the_proxy_says(rf, settings):
    settings.TRUSTED_PROXIES = ["10.0.0.1"]
    forwarded = {"headers": {"x-forwarded-for": "2001:db8:1:2:3::9"}}
    assert login_address(rf.get("/", REMOTE_ADDR="10.0.0.1", **forwarded)) == "2001:db8:1:2::"
    assert login_address(rf.get("/", REMOTE_ADDR="192.0.2.1", **forwarded)) == "192.0.2.1"


def at(monkeypatch, moment):
    monkeypatch.setattr(middleware.timezone, "now", lambda: moment)


def test_a_session_ends_after_two_idle_hours(client, staff, monkeypatch):
    log_in(client)
    at(monkeypatch, timezone.now() + timedelta(hours=1, minutes=59))
    assert client.get("/admin/").status_code == 200
    at(monkeypatch, timezone.now() + timedelta(hours=2, minutes=1))
    assert client.get("/admin/").status_code == 302


def test_a_session_ends_after_twelve_hours_whatever_it_did(client, staff, monkeypatch):
    log_in(client)
    start = timezone.now()
    for hour in range(1, 12):
        at(monkeypatch, start + timedelta(hours=hour))
        assert client.get("/admin/").status_code == 200
    at(monkeypatch, start + timedelta(hours=12, minutes=1))
    assert client.get("/admin/").status_code == 302


def test_the_session_key_changes_at_login(client, staff):
    client.get(LOGIN)
    session = client.session
    session["receipt"] = "kept"
    session.save()
    before = session.session_key
    log_in(client)
    assert client.session.session_key != before
