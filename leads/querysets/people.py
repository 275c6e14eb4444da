"""Candidates, what hangs on them, what they consent to."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import models
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q
from django.db.models.lookups import Exact
from django.utils import timezone

from leads.choices import FAILED_ATTEMPTS, OPEN_STAGES, ConsentMethod, FollowUpKind, Purpose, Stage
from leads.found import found_in
from leads.row_filters import CANDIDATE_FILTERS, SHARED, id_in
from leads.scope import team_ids_of

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from leads.models import Candidate, Consent  # noqa: F401


class CandidateQuerySet(models.QuerySet["Candidate"]):
    def current(self) -> CandidateQuerySet:
        """Without those merged into another, and those who were erased."""
        return self.filter(merged_into__isnull=True, erased_at__isnull=True)

    def open(self) -> CandidateQuerySet:
        return self.filter(stage__in=OPEN_STAGES)

    def due(self, now: datetime) -> CandidateQuerySet:
        """Whom to act on by now, the longest due first."""
        return self.current().open().filter(next_action_at__lte=now).order_by("next_action_at", "pk")

    def in_view(self, name: str, user: User, now: datetime) -> CandidateQuerySet:
        """One of the piles that a recruiter starts from; all for any other name."""
        match name:
            case "due":
                end_of_day = timezone.localtime(now).replace(hour=23, minute=59, second=59)
                return self.due(end_of_day)
            case "new":
                return self.filter(stage=Stage.NEW)
            case "mine":
                return self.filter(owner=user.pk).open()
            case "waiting":
                return self.filter(stage=Stage.WAITING)
        return self

    def on_plate_of(self, user: User, until: datetime) -> CandidateQuerySet:
        """What the user is to act on by `until`: their own, and what nobody of their teams has taken yet."""
        theirs = Q(owner=user.pk) | Q(owner__isnull=True)
        return self.current().open().in_scope_of(user).filter(theirs, next_action_at__lte=until)

    def untaken_of(self, user: User) -> CandidateQuerySet:
        """New people of the user's teams whom nobody follows, the one who has waited longest first."""
        new = self.current().in_scope_of(user).filter(stage=Stage.NEW, owner__isnull=True)
        return new.order_by("asked_at", "pk")

    def callable_at(self, now: datetime) -> CandidateQuerySet:
        """Who may be called: `policies.can_be_called` says why, of one."""
        asked_anew = Exists(
            apps.get_model("leads.Lead")._default_manager.filter(
                candidate=OuterRef("pk"), phone=OuterRef("phone"), at__gt=OuterRef("reached_at")
            )
        )
        consents = apps.get_model("leads.Consent")._default_manager
        given = consents.given_at(now).filter(candidate=OuterRef("pk"), purpose=Purpose.PHONE)
        agreed, by_voice = Exists(given), Exists(given.filter(method=ConsentMethod.PHONE))
        verified = Q(email="") | Q(verified_at__isnull=False)
        return self.exclude(phone="").filter(Q(reached_at__isnull=True) | asked_anew | Q(agreed) & verified | by_voice)

    def unclaimed_at(self, now: datetime) -> CandidateQuerySet:
        return self.filter(Q(claimed_until__isnull=True) | Q(claimed_until__lte=now))

    def claimed_by_at(self, user: User, now: datetime) -> CandidateQuerySet:
        return self.filter(claimed_by=user.pk, claimed_until__gt=now)

    def with_agreed(self, now: datetime) -> CandidateQuerySet:
        """Each with `agreed`: whether they want to be written to about future contests."""
        consents = apps.get_model("leads.Consent")._default_manager.given_at(now)
        return self.annotate(agreed=Exists(consents.filter(candidate=OuterRef("pk"), purpose=Purpose.RECONTACT)))

    def untouched_since(self, *, registered: datetime, agreed: datetime, others: datetime) -> CandidateQuerySet:
        """Of those `with_agreed`: who had no contact since the moment that holds for them."""
        is_registered = Q(stage=Stage.REGISTERED)
        return self.filter(
            Q(is_registered, last_contact_at__lt=registered)
            | Q(~is_registered, agreed=True, last_contact_at__lt=agreed)
            | Q(~is_registered, agreed=False, last_contact_at__lt=others)
        )

    def resuming(self, now: datetime) -> CandidateQuerySet:
        """Who waited for a day that has come."""
        return self.current().filter(stage=Stage.WAITING, next_action_at__lte=now)

    def in_scope_of(self, user: User) -> CandidateQuerySet:
        """The candidates of the user's teams: used by lists, search, autocomplete, export and counts alike."""
        return self if user.is_superuser else self.filter(team__in=team_ids_of(user))

    def sharing(self, kind: str, key: str) -> CandidateQuerySet:
        """Whoever has this key of `SharedKey`, as `services.duplicates` writes it."""
        return self.current().filter(**SHARED[kind](key))

    def found_by(self, typed: str) -> CandidateQuerySet:
        """What a search box finds: name, e-mail, phone in any spelling, reference, postal code."""
        return found_in(self, typed, "leads__receipts") if typed else self

    def with_value(self, name: str, key: str) -> CandidateQuerySet:
        """Those in one facet of the list of candidates."""
        return self.filter(CANDIDATE_FILTERS[name](key))


OF_CANDIDATE_FILTERS: dict[str, Any] = {
    "status": lambda key: Q(status=key),
    "session": lambda key: Q(contest_session=id_in(key)),
    "kind": lambda key: Q(kind=key),
    "outcome": lambda key: Q(outcome=key),
}


class OfCandidateQuerySet(models.QuerySet):
    """Rows that hang on a candidate, and are seen by whoever sees the candidate."""

    def in_scope_of(self, user: User) -> OfCandidateQuerySet:
        return self if user.is_superuser else self.filter(candidate__team__in=team_ids_of(user))

    def found_by(self, typed: str) -> OfCandidateQuerySet:
        found = apps.get_model("leads.Candidate")._default_manager.all()
        return self.filter(candidate__in=found.found_by(typed)) if typed else self

    def with_value(self, name: str, key: str) -> OfCandidateQuerySet:
        return self.filter(OF_CANDIDATE_FILTERS[name](key))


class FollowUpQuerySet(OfCandidateQuerySet):
    def standing(self) -> FollowUpQuerySet:
        """Without what was taken back: it is read, and counts nowhere."""
        return self.filter(taken_back_at=None)

    def failed_attempts(self) -> FollowUpQuerySet:
        """Calls in vain."""
        return self.standing().filter(kind=FollowUpKind.CALL, outcome__in=FAILED_ATTEMPTS)


class ConsentQuerySet(models.QuerySet["Consent"]):
    def holding(self) -> ConsentQuerySet:
        """The newest word on each purpose of each candidate, which is the one that holds."""
        newer = self.model._default_manager.filter(
            candidate=models.OuterRef("candidate"), purpose=models.OuterRef("purpose")
        ).order_by("-at", "-pk")
        return self.filter(pk=models.Subquery(newer.values("pk")[:1]))

    def given_at(self, now: datetime) -> ConsentQuerySet:
        return self.holding().filter(given_and_not_over(now))

    def still_given(self, now: datetime) -> Any:
        """Whether the newest word of one person on one purpose is a yes: a look at one row, for each row of a file."""
        newest = self.order_by("-at", "-pk").values(holds=ExpressionWrapper(given_and_not_over(now), BooleanField()))
        return Exact(models.Subquery(newest[:1]), True)


def given_and_not_over(now: datetime) -> Q:
    return Q(expires_at__isnull=True, given=True) | Q(expires_at__gt=now, given=True)
