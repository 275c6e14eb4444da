"""Campaigns' short codes and addresses, and how a cost is spread: pure rules, for rows and reports alike."""

import secrets
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that is mistaken for another on a poster
CODE_LENGTH = 6
FIRST_WEEKDAY = 1  # ISO 8601: Monday
DAY = timedelta(days=1)


def new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _character in range(CODE_LENGTH))


def require_local_address(address: str) -> None:
    """Raises ValidationError for what is no page of this site, or one of the back office."""
    is_local = address.startswith("/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    if not is_local or address.startswith(("/admin", "/c/")):
        raise ValidationError(_("Write the address of a page of this site, as /contests/."))


def spread(cents: int, first_on: date, last_on: date, first: date, last: date) -> int:
    """The part of `cents`, spread evenly over the days from `first_on` to `last_on`, that falls between two days.

    All days are in. Neighbouring parts add up to the whole, to the cent.
    """
    days = (last_on - first_on).days + 1

    def until(day: date) -> int:
        gone = min(max((day - first_on).days + 1, 0), days)
        return cents * gone // days

    return max(until(last) - until(first - DAY), 0)
