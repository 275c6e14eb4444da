"""Who may: asked by services for staff, by pages for what a candidate allowed."""

from datetime import date, datetime

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from leads.choices import ConsentMethod, Purpose
from leads.errors import NotFound
from leads.identity import ADULT_AGE, age_on, suppression_hash
from leads.models import Candidate, Suppression


def can_follow_up(user: User, candidate: Candidate) -> bool:
    """Recruiters follow up the candidates of their teams, superusers all."""
    if user.is_superuser:
        return True
    return candidate.team.members.filter(pk=user.pk).exists()


def require_can_follow_up(user: User | None, candidate: Candidate) -> None:
    """Raises `NotFound`: a stranger learns nothing. `user` None is the candidate, by link, or the project."""
    if user is not None and not can_follow_up(user, candidate):
        raise NotFound(_("There is no such candidate."))


def has_consented(candidate: Candidate, purpose: Purpose, now: datetime) -> bool:
    """Whether what is optional may be done: said yes, not too long ago, by the owner of the address, or of the number
    to be called.
    """
    given = candidate.consents.given_at(now).filter(purpose=purpose)
    if candidate.email and candidate.verified_at is None:
        given = given.filter(purpose=Purpose.PHONE, method=ConsentMethod.PHONE)
    return given.exists()


def can_be_called(candidate: Candidate, now: datetime) -> bool:
    """To handle the request that gave the number, until they are first reached about it; later with consent alone."""
    if not candidate.phone:
        return False
    if candidate.reached_at is None:
        return True
    asked_anew = candidate.leads.filter(phone=candidate.phone, at__gt=candidate.reached_at)
    return asked_anew.exists() or has_consented(candidate, Purpose.PHONE, now)


def is_silenced(candidate: Candidate) -> bool:
    """Whether their address has wanted, or taken, no mail since they last asked for something."""
    stopped = Suppression.objects.filter(hash=suppression_hash(candidate.email), at__gte=candidate.asked_at)
    return stopped.exists()


def is_minor(birth_date: date | None, day: date) -> bool:
    return birth_date is not None and age_on(birth_date, day) < ADULT_AGE
