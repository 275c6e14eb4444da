"""The second step of staff's login: never half logged in, codes good once, a way back for a lost phone."""

import time
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from recruitment import second_factor
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
PASSWORD = "a long password of a test"
STEP, SET_UP, LOGIN = "/admin/second-step/", "/admin/second-factor/", "/admin/login/"


@pytest.fixture
def user():
    person = UserFactory(username="nadia", password=PASSWORD)
    person.groups.set(Group.objects.filter(name="recruiters"))
    return person


def code(device, steps=0):
    """What the phone shows, `steps` half minutes from now."""
    totp = TOTP(device.bin_key)
    totp.time = time.time() + 30 * steps
    return f"{totp.token():06d}"


@pytest.fixture
def device(user):
    """A phone that was set up some time ago."""
    return TOTPDevice.objects.create(user=user, confirmed=True)


def show_password(client, goes_to="/admin/leads/candidate/"):
    return client.post(LOGIN, {"username": "nadia", "password": PASSWORD, "next": goes_to})


def is_in(client):
    return client.get("/admin/leads/candidate/").status_code == 200


def test_without_a_device_the_password_is_one_step(client, user):
    assert show_password(client)["Location"] == "/admin/leads/candidate/"
    assert is_in(client)


def test_with_a_device_the_password_alone_lets_nobody_in(client, device):
    assert show_password(client)["Location"] == STEP
    assert not is_in(client)
    assert "_auth_user_id" not in client.session


def test_the_code_lets_in_and_leads_where_one_was_going(client, device):
    show_password(client)
    assert client.post(STEP, {"code": code(device)})["Location"] == "/admin/leads/candidate/"
    assert is_in(client)


def test_a_wrong_code_is_refused_and_the_next_is_waited_for(client, device):
    show_password(client)
    answer = client.post(STEP, {"code": "000000"}, headers={"accept-language": "fr"})
    assert answer.status_code == 422
    assert "Attendez 1 seconde" in answer.content.decode()
    assert client.post(STEP, {"code": code(device)}).status_code == 422  # too soon after a wrong one
    assert not is_in(client)


def test_an_empty_code_is_asked_for_again(client, device):
    show_password(client)
    assert client.post(STEP, {"code": " "}).status_code == 422


def test_a_code_is_good_once(client, device):
    shown = code(device)
    show_password(client)
    client.post(STEP, {"code": shown})
    client.post("/admin/logout/")
    show_password(client)
    assert client.post(STEP, {"code": shown}).status_code == 422


def test_the_step_is_nobodys_without_the_password(client, device):
    assert client.get(STEP)["Location"] == LOGIN
    assert client.post(STEP, {"code": code(device)})["Location"] == LOGIN
    assert client.get(SET_UP)["Location"] == LOGIN


def test_the_password_counts_for_ten_minutes(client, device):
    show_password(client)
    session = client.session
    long_ago = timezone.now() - second_factor.HELD_FOR - timedelta(seconds=1)
    session[second_factor.HELD] = session[second_factor.HELD] | {"at": long_ago.isoformat()}
    session.save()
    assert client.post(STEP, {"code": code(device)})["Location"] == LOGIN
    assert not is_in(client)


def test_who_was_disabled_in_between_is_not_let_in(client, user, device):
    show_password(client)
    user.is_active = False
    user.save()
    assert client.post(STEP, {"code": code(device)})["Location"] == LOGIN


def test_a_foreign_address_is_not_led_to(client, device):
    show_password(client, goes_to="https://elsewhere.example.net/")
    assert client.post(STEP, {"code": code(device)})["Location"] == "/admin/"


# --- setting up -----------------------------------------------------------------------------------------------------
def test_staff_set_up_a_phone_and_get_codes_for_paper(client, user):
    client.force_login(user)
    page = client.get(SET_UP).content.decode()
    pending = TOTPDevice.objects.get()
    assert second_factor.secret_of(pending) in page
    assert (
        client.get(SET_UP).content.decode().count(second_factor.secret_of(pending)) == 1
    )  # the same when looked at again
    assert client.post(SET_UP, {"code": "000000"}).status_code == 422
    TOTPDevice.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)
    page = client.post(SET_UP, {"code": code(pending)}).content.decode()
    codes = list(StaticToken.objects.values_list("token", flat=True))
    assert len(codes) == second_factor.PAPER_CODES
    assert all(one in page for one in codes)
    client.post("/admin/logout/")
    show_password(client)
    assert client.post(STEP, {"code": codes[0]}).status_code == 302
    assert is_in(client)
    client.post("/admin/logout/")
    show_password(client)
    assert client.post(STEP, {"code": codes[0]}).status_code == 422


def test_where_it_is_required_a_phone_is_set_up_before_the_first_login(client, user, settings):
    settings.STAFF_SECOND_FACTOR = "required"
    assert show_password(client)["Location"] == SET_UP
    assert not is_in(client)
    client.get(SET_UP)
    page = client.post(SET_UP, {"code": code(TOTPDevice.objects.get())}).content.decode()
    assert 'href="/admin/leads/candidate/"' in page
    assert is_in(client)


def test_the_password_alone_does_not_set_up_another_phone(client, device):
    show_password(client)
    assert client.get(SET_UP)["Location"] == LOGIN
    assert TOTPDevice.objects.count() == 1


def test_it_is_given_up_with_a_code_and_only_where_it_is_optional(client, user, device, settings):
    client.force_login(user)
    client.post(SET_UP, {"act": "forget", "code": "000000"})
    assert TOTPDevice.objects.exists()
    TOTPDevice.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)
    settings.STAFF_SECOND_FACTOR = "required"
    assert client.post(SET_UP, {"act": "forget", "code": code(device)}).status_code == 403
    settings.STAFF_SECOND_FACTOR = "optional"
    client.post(SET_UP, {"act": "forget", "code": code(device)})
    assert not TOTPDevice.objects.exists()


def test_an_administrator_has_a_lost_phone_forgotten(client, user, device):
    client.force_login(UserFactory(is_superuser=True))
    client.post("/admin/auth/user/", {"action": "forget_devices", "_selected_action": user.pk})
    assert not TOTPDevice.objects.exists()
    client.force_login(user)
    assert (
        client.post("/admin/auth/user/", {"action": "forget_devices", "_selected_action": user.pk}).status_code == 403
    )


def test_visitors_have_no_second_step(client):
    client.force_login(UserFactory(is_staff=False))
    assert client.get(SET_UP).status_code == 403
