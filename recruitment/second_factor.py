"""The second step of staff's login: a code of an application on their phone (TOTP, RFC 6238), or one kept on paper.

Who has such a device is logged in after both steps, never in between: whoever has shown the password alone is held by
the session for some minutes, and is nobody yet. Where it is required, who has none sets one up before the first login.
"""

import base64
from collections.abc import Iterable
from datetime import datetime, timedelta
from urllib.parse import quote

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.utils.dateparse import parse_datetime
from django_otp import match_token, user_has_device
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

HELD = "second_factor"
HELD_FOR = timedelta(minutes=10)
PAPER_CODES = 8


def is_asked_of(user: User) -> bool:
    """Whether a password alone does not log this person in."""
    return settings.STAFF_SECOND_FACTOR == "required" or user_has_device(user)


def hold(session: SessionBase, user: User, backend: str, goes_to: str, now: datetime) -> None:
    """Remember who showed the right password, and nothing more."""
    session[HELD] = {"user": user.pk, "backend": backend, "to": goes_to, "at": now.isoformat()}


def held(session: SessionBase, now: datetime) -> tuple[User, str] | None:
    """Who showed the right password and where they were going, for ten minutes."""
    kept = session.get(HELD)
    at = parse_datetime(kept["at"]) if kept else None
    if kept is None or at is None or now - at > HELD_FOR:
        return None
    user = User.objects.filter(pk=kept["user"], is_active=True).first()
    if user is None:
        return None
    user.backend = kept["backend"]
    return user, kept["to"]


def release(session: SessionBase) -> None:
    session.pop(HELD, None)


def is_right(user: User, code: str) -> bool:
    """Whether a code is one of this person's, each good once. Wrong ones make the device wait, longer each time."""
    compact = "".join(code.split()).lower()
    return bool(compact) and match_token(user, compact) is not None


def waits_until(user: User) -> datetime | None:
    """Until when codes are not looked at, after wrong ones."""
    waiting = [device.verify_is_allowed()[1] or {} for device in _confirmed(user)]
    times = [told["locked_until"] for told in waiting if "locked_until" in told]
    return max(times, default=None)


def _confirmed(user: User) -> Iterable[TOTPDevice]:
    return TOTPDevice.objects.filter(user=user, confirmed=True)


@transaction.atomic
def begin(user: User) -> TOTPDevice:
    """The device that this person is setting up: the same until it is confirmed."""
    User.objects.select_for_update().get(pk=user.pk)
    return TOTPDevice.objects.get_or_create(user=user, confirmed=False, defaults={"name": "phone"})[0]


def secret_of(device: TOTPDevice) -> str:
    """To be typed where no code can be scanned, in groups of four."""
    secret = base64.b32encode(device.bin_key).decode().rstrip("=")
    return " ".join(secret[n : n + 4] for n in range(0, len(secret), 4))


def address_of_device(device: TOTPDevice, issuer: str) -> str:
    """What the application scans: an `otpauth:` address."""
    secret = secret_of(device).replace(" ", "")
    label = quote(f"{issuer}:{device.user.get_username()}")
    return f"otpauth://totp/{label}?secret={secret}&issuer={quote(issuer)}"


@transaction.atomic
def confirm(user: User, code: str) -> list[str]:
    """Make the device that is being set up the one that is asked; the codes for paper, none where `code` is wrong."""
    device = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=False).first()
    if device is None or not device.verify_token("".join(code.split())):
        return []
    forget(user, but=device)
    device.confirmed = True
    device.save()
    paper = StaticDevice.objects.create(user=user, name="paper")
    codes = [StaticToken.random_token() for _number in range(PAPER_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=paper, token=code) for code in codes)
    return codes


@transaction.atomic
def forget(user: User, *, but: TOTPDevice | None = None) -> None:
    """The phone is lost, or the person wants none: their devices are asked no more."""
    TOTPDevice.objects.filter(user=user).exclude(pk=but.pk if but else None).delete()
    StaticDevice.objects.filter(user=user).delete()
