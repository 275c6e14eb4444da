"""How long a person's record is kept. Periods are the employer's (GDPR art. 5.1.e); the defaults are those of CNIL's
recruitment guide: two years after the last contact with consent.
"""

from calendar import monthrange
from datetime import date, timedelta

from django.utils import timezone

from leads.choices import Stage
from leads.models import Candidate, Organisation


def months_after(day: date, months: int) -> date:
    """The same day of the month, or its last one: a month after 31 January is 28 or 29 February."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def months_kept(stage: str, organisation: Organisation, *, agreed: bool) -> int:
    if stage == Stage.REGISTERED:
        return organisation.months_registered
    return organisation.months_with_consent if agreed else organisation.months_without_consent


def retain_until(candidate: Candidate, organisation: Organisation, *, agreed: bool) -> date:
    """The first day on which the record is no longer kept. `agreed`: to be written to about future contests."""
    months = months_kept(candidate.stage, organisation, agreed=agreed)
    return months_after(timezone.localdate(candidate.last_contact_at), months)


def notice_on(until: date, organisation: Organisation) -> date:
    """The day on which the person is told."""
    return until - timedelta(days=organisation.notice_days)
