from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from django.apps import apps
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import TruncWeek
from django.utils import timezone

from leads.choices import ABROAD, NONE, OPEN_STAGES, UNKNOWN, Posting, Purpose, SessionStatus, SharedKey, Stage, Step
from leads.cohorts import PERSON, posted, reached
from leads.idsets import block_of, holds
from leads.search import read_wanted

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from leads.models import (  # noqa: F401
        Candidate,
        Consent,
        Contest,
        ContestSession,
        CountDelta,
        DailyCount,
        DuplicateGroup,
        Export,
        FollowUp,
        KeptView,
        Lead,
        Message,
        Organisation,
        RegistrationFile,
        Team,
    )


NOBODY = Q(pk__in=[])
LONGEST_ID = 18  # digits: what fits into the column
EXPORTS_LOOKED_INTO = 200  # of the block of ids that a person is in, the newest
HITS_BY_ID = 2_000  # of a search; more than these are found sooner by walking the list
Rows = TypeVar("Rows", bound=models.QuerySet)


def found_in(rows: Rows, typed: str, reference: str) -> Rows:
    """Those of `rows` that a search box finds; `reference`: the way from a row to the references of its receipts.

    The ids first, and the rows by them: a planner that has both the order of a list and a rare word to heed may walk
    the whole list for it. Two queries at most;
    """
    wanted = read_wanted(typed)
    if wanted.reference:
        return _by_id(rows, _ids(rows.filter(**{reference: wanted.reference})))
    if wanted.whole and (ids := _ids(rows.filter(**wanted.whole))):
        return _by_id(rows, ids)
    held = rows.filter(*(Q(search__contains=pattern) for pattern in wanted.patterns))
    ids = _ids(held)
    return _by_id(rows, ids) if len(ids) <= HITS_BY_ID else held


def _ids(rows: models.QuerySet) -> list[int]:
    return list(dict.fromkeys(rows.order_by().values_list("pk", flat=True)[: HITS_BY_ID + 1]))


def _by_id(rows: Rows, ids: list[int]) -> Rows:
    return rows.filter(pk__in=ids) if ids else rows.none()


def teams_of(user: User) -> models.QuerySet:
    """The ids of the user's teams, for a subquery: joined, a row would come once a member."""
    return apps.get_model("leads.Team").members.through._default_manager.filter(user=user.pk).values("team")


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def current(self) -> Organisation:
        """The one row; a migration made it."""
        return self.get(pk=1)


class TeamQuerySet(models.QuerySet["Team"]):
    def default(self) -> Team:
        """The team of whom no other has; a migration made it and no service deletes it."""
        return self.get(is_default=True)

    def of(self, user: User) -> TeamQuerySet:
        return self.filter(members=user.pk)


class ContestSessionQuerySet(models.QuerySet["ContestSession"]):
    def open_at(self, now: datetime) -> ContestSessionQuerySet:
        """Sessions that take registrations on that day; an unknown first or last day does not close one."""
        day = timezone.localdate(now)
        begun = Q(opens_on__isnull=True) | Q(opens_on__lte=day)
        running = Q(closes_on__isnull=True) | Q(closes_on__gte=day)
        return self.filter(begun & running, status=SessionStatus.OPEN)


class ContestQuerySet(models.QuerySet["Contest"]):
    def with_sessions(self) -> ContestQuerySet:
        return self.select_related("same_rules_as").prefetch_related("sessions")


class CandidateQuerySet(models.QuerySet["Candidate"]):
    def current(self) -> CandidateQuerySet:
        """Without those merged into another, and those who were erased."""
        return self.filter(merged_into__isnull=True, erased_at__isnull=True)

    def open(self) -> CandidateQuerySet:
        return self.filter(stage__in=OPEN_STAGES)

    def due(self, now: datetime) -> CandidateQuerySet:
        """Whom to act on by now, the longest due first."""
        return self.current().open().filter(next_action_at__lte=now).order_by("next_action_at", "pk")

    def on_plate_of(self, user: User, until: datetime) -> CandidateQuerySet:
        """What the user is to act on by `until`: their own, and what nobody of their teams has taken yet."""
        theirs = Q(owner=user.pk) | Q(owner__isnull=True)
        return self.current().open().in_scope_of(user).filter(theirs, next_action_at__lte=until)

    def callable_at(self, now: datetime) -> CandidateQuerySet:
        """Who may be called: `policies.can_be_called` says why, of one."""
        asked_anew = Exists(
            apps.get_model("leads.Lead")._default_manager.filter(
                candidate=OuterRef("pk"), phone=OuterRef("phone"), at__gt=OuterRef("reached_at")
            )
        )
        consents = apps.get_model("leads.Consent")._default_manager
        agreed = Exists(consents.given_at(now).filter(candidate=OuterRef("pk"), purpose=Purpose.PHONE))
        verified = Q(email="") | Q(verified_at__isnull=False)
        return self.exclude(phone="").filter(Q(reached_at__isnull=True) | asked_anew | Q(agreed) & verified)

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
        return self if user.is_superuser else self.filter(team__in=teams_of(user))

    def sharing(self, kind: str, key: str) -> CandidateQuerySet:
        """Whoever has this key of `SharedKey`, as `services.duplicates` writes it."""
        return self.current().filter(**SHARED[kind](key))

    def found_by(self, typed: str) -> CandidateQuerySet:
        """What a search box finds: name, e-mail, phone in any spelling, reference, postal code."""
        return found_in(self, typed, "leads__receipts__reference") if typed else self

    def with_value(self, name: str, key: str) -> CandidateQuerySet:
        """Those in one facet of the list of candidates."""
        return self.filter(CANDIDATE_FILTERS[name](key))


class LeadQuerySet(models.QuerySet["Lead"]):
    def counted(self) -> LeadQuerySet:
        """What the figures count: all but spam."""
        return self.filter(is_spam=False)

    def between(self, first: date, last: date) -> LeadQuerySet:
        return self.filter(day__range=(first, last))

    def in_scope_of(self, user: User) -> LeadQuerySet:
        return self if user.is_superuser else self.filter(team__in=teams_of(user))

    def found_by(self, typed: str) -> LeadQuerySet:
        return found_in(self, typed, "receipts__reference") if typed else self

    def by_person(self) -> LeadQuerySet:
        """With the `person` who sent each; somebody merged is whom they were merged into, an erased person nobody."""
        return self.annotate(person=PERSON)

    def one_a_person(self) -> LeadQuerySet:
        """Of these leads the first that each person sent."""
        firsts = self.order_by().by_person().exclude(candidate=None).values("person")  # type: ignore[misc]
        return self.filter(pk__in=firsts.annotate(first=models.Min("pk")).values("first"))

    def of_newcomers(self, since: date) -> LeadQuerySet:
        """The leads of people who had sent none that counts before that day."""
        earlier = self.model._default_manager.filter(is_spam=False, day__lt=since)
        own = Exists(earlier.filter(candidate=OuterRef("person")))
        of_merged = Exists(earlier.filter(candidate__merged_into=OuterRef("person")))
        return self.by_person().filter(~own, ~of_merged, candidate__isnull=False)

    def with_value(self, dimension: str, key: str) -> LeadQuerySet:
        """The leads behind one figure of the weekly report: `key` as its rows name it."""
        return self.filter(LEAD_FILTERS[dimension](key))


def _region(key: str) -> Q:
    return _place("region", key)


def _department(key: str) -> Q:
    return _place("department", key)


def _place(field: str, key: str) -> Q:
    if key == ABROAD:
        return Q(is_abroad=True)
    return Q(is_abroad=False, **{field: ""}) if key == UNKNOWN else Q(**{field: key})  # who is abroad has neither


def _source(key: str) -> Q:
    return Q(source__isnull=True) if key == UNKNOWN else Q(source__key=key)


def _contest(key: str) -> Q:
    return Q(contest_session__isnull=True) if key == NONE else Q(contest_session__contest__slug=key)


def _room(key: str) -> Q:
    return Q(room__isnull=True) if key == NONE else Q(room__slug=key)


LEAD_FILTERS: dict[str, Any] = {
    "region": _region,
    "department": _department,
    "source": _source,
    "contest": _contest,
    "room": _room,
    "kind": lambda key: Q(kind=key),
    "age_band": lambda key: Q(age_band=key),
    "team": lambda key: Q(team=key),
    "posting": lambda key: posted(key) if key in Posting.values else NOBODY,
    "reached": lambda key: reached(key) if key in Step.values else NOBODY,
}


def _asked(**lead: Any) -> Q:
    """Whether one of their requests was like that."""
    lead_model = apps.get_model("leads.Lead")
    return Q(Exists(lead_model._default_manager.filter(candidate=OuterRef("pk"), **lead)))


def _followed_by(key: str) -> Q:
    return Q(owner__isnull=True) if key == NONE else Q(owner=id_in(key))


def id_in(key: str) -> int:
    """The id that an address names; 0, which no row has, for anything else."""
    return int(key) if key.isascii() and key.isdecimal() and len(key) <= LONGEST_ID else 0


CANDIDATE_FILTERS: dict[str, Any] = {
    "stage": lambda key: Q(stage=key),
    "region": _region,
    "department": _department,
    "owner": _followed_by,
    "kind": lambda key: _asked(kind=key),
    "contest": lambda key: (
        _asked(contest_session__isnull=True) if key == NONE else _asked(contest_session__contest__slug=key)
    ),
    "source": lambda key: _asked(source__isnull=True) if key == UNKNOWN else _asked(source__key=key),
}


def _person(key: str) -> dict[str, str]:
    birth_date, _blank, name = key.partition(" ")
    return {"name_key": name, "birth_date": birth_date}


SHARED: dict[str, Any] = {
    SharedKey.PHONE: lambda key: {"phone": key},
    SharedKey.PERSON: _person,
    SharedKey.MAIL: lambda key: {"mail_key": key},
}


class DuplicateGroupQuerySet(models.QuerySet["DuplicateGroup"]):
    def open(self) -> DuplicateGroupQuerySet:
        return self.filter(is_open=True)

    def in_scope_of(self, user: User) -> DuplicateGroupQuerySet:
        """Each key once: those of the user's teams, or of everybody."""
        return self.filter(team__isnull=True) if user.is_superuser else self.filter(team__in=teams_of(user))

    def open_to(self, user: User) -> DuplicateGroupQuerySet:
        """Which of them the user may look at."""
        return self if user.is_superuser else self.in_scope_of(user)


class ExportQuerySet(models.QuerySet["Export"]):
    def of_candidates(self, ids: Iterable[int]) -> list[Export]:
        """The newest exports that hold one of these people, newest first: one query."""
        wanted = list(ids)
        parts = apps.get_model("leads.ExportedBlock")._default_manager.select_related("export__by")
        parts = parts.filter(block__in={block_of(pk) for pk in wanted}).order_by("-export")[:EXPORTS_LOOKED_INTO]
        found = {
            part.export_id: part.export
            for part in parts
            if any(block_of(pk) == part.block and holds(bytes(part.bits), pk) for pk in wanted)
        }
        return list(found.values())


class KeptViewQuerySet(models.QuerySet["KeptView"]):
    def visible_to(self, user: User) -> KeptViewQuerySet:
        """Their own and their teams'."""
        return self.filter(Q(owner=user.pk) | Q(team__in=teams_of(user)))


class OfCandidateQuerySet(models.QuerySet):
    """Rows that hang on a candidate, and are seen by whoever sees the candidate."""

    def in_scope_of(self, user: User) -> OfCandidateQuerySet:
        return self if user.is_superuser else self.filter(candidate__team__in=teams_of(user))

    def found_by(self, typed: str) -> OfCandidateQuerySet:
        found = apps.get_model("leads.Candidate")._default_manager.all()
        return self.filter(candidate__in=found.found_by(typed)) if typed else self

    def with_value(self, name: str, key: str) -> OfCandidateQuerySet:
        return self.filter(OF_CANDIDATE_FILTERS[name](key))


OF_CANDIDATE_FILTERS: dict[str, Any] = {
    "status": lambda key: Q(status=key),
    "session": lambda key: Q(contest_session=id_in(key)),
    "kind": lambda key: Q(kind=key),
    "outcome": lambda key: Q(outcome=key),
}


class ConsentQuerySet(models.QuerySet["Consent"]):
    def holding(self) -> ConsentQuerySet:
        """The newest word on each purpose of each candidate, which is the one that holds."""
        newer = self.model._default_manager.filter(
            candidate=models.OuterRef("candidate"), purpose=models.OuterRef("purpose")
        ).order_by("-at", "-pk")
        return self.filter(pk=models.Subquery(newer.values("pk")[:1]))

    def given_at(self, now: datetime) -> ConsentQuerySet:
        holds = Q(expires_at__isnull=True) | Q(expires_at__gt=now)
        return self.holding().filter(holds, given=True)


class MessageQuerySet(models.QuerySet["Message"]):
    def pending(self) -> MessageQuerySet:
        return self.filter(sent_at__isnull=True, failed_at__isnull=True, suppressed_at__isnull=True)

    def due(self, now: datetime) -> MessageQuerySet:
        """Unsent ones whose time has come and that no worker holds."""
        free = Q(held_until__isnull=True) | Q(held_until__lte=now)
        return self.pending().filter(free, due_at__lte=now)

    def to_recipient_since(self, recipient: str, since: datetime) -> MessageQuerySet:
        return self.filter(recipient=recipient, created_at__gt=since)


class CountQuerySet(models.QuerySet):
    def per_week(self, value: str) -> CountQuerySet:
        """(Monday, value, kind, leads) of these rows, `value` being the column that holds the value."""
        weekly = self.annotate(week=TruncWeek("day"), counted=F(value))
        return weekly.order_by().values_list("week", "counted", "kind").annotate(models.Sum("leads"))

    def per_day(self, value: str) -> CountQuerySet:
        """(day, value, kind, leads), as `per_week`."""
        daily = self.annotate(counted=F(value))
        return daily.order_by().values_list("day", "counted", "kind").annotate(models.Sum("leads"))

    def per_value(self, dimension: Any, value: str) -> CountQuerySet:
        """(dimension, value, kind, leads) of these rows; both are columns, or expressions, that hold them."""
        counted = self.annotate(of=dimension, counted=F(value))
        return counted.order_by().values_list("of", "counted", "kind").annotate(models.Sum("leads"))
