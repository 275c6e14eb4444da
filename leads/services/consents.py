"""Consents: a row per word said, the newest of a purpose holds."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from leads.choices import ConsentMethod, Purpose
from leads.models import Candidate, Consent

TEXT_VERSION = "2026-11"  # change it with the words of `Purpose`
PHONE_CONSENT = timedelta(days=365)


def say(
    candidate: Candidate, purposes: Iterable[str], *, given: bool, method: ConsentMethod, now: datetime
) -> list[Consent]:
    """Append what was said on each purpose; the rows. Consent to calls lasts a year at most."""
    rows = [
        Consent(
            candidate=candidate,
            purpose=purpose,
            given=given,
            text_version=TEXT_VERSION,
            method=method,
            at=now,
            expires_at=now + PHONE_CONSENT if given and purpose == Purpose.PHONE else None,
        )
        for purpose in purposes
    ]
    return Consent.objects.bulk_create(rows)


def given_purposes(candidate: Candidate, now: datetime) -> set[str]:
    return set(candidate.consents.given_at(now).values_list("purpose", flat=True))


def withdraw(candidate: Candidate, purposes: Iterable[str], *, method: ConsentMethod, now: datetime) -> int:
    """Withdraw those of `purposes` that are given; how many."""
    given = given_purposes(candidate, now) & set(purposes)
    return len(say(candidate, given, given=False, method=method, now=now))
