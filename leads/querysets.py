from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import models
from django.db.models import BooleanField, Exists, ExpressionWrapper, F, OuterRef, Q
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, TruncWeek
from django.db.models.lookups import Exact
from django.utils import timezone

from leads.batch_words import TO_BE_DONE, BatchState, RowOutcome
from leads.choices import FAILED_ATTEMPTS, OPEN_STAGES, ConsentMethod, FollowUpKind, Purpose, SessionStatus, Stage
from leads.cohorts import PERSON, file_step, first_answer_at, merged
from leads.found import found_in
from leads.idsets import block_of, holds
from leads.references import read_reference, read_tail
from leads.row_filters import CANDIDATE_FILTERS, LEAD_FILTERS, SHARED, id_in
from leads.scope import team_ids_of

NEVER = models.Value(datetime.max.replace(tzinfo=UTC), output_field=models.DateTimeField())

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from leads.models import (  # noqa: F401
        Absence,
        Batch,
        BatchRow,
        Campaign,
        Candidate,
        Consent,
        Contest,
        ContestSession,
        Cost,
        CountDelta,
        DailyCount,
        DuplicateGroup,
        Export,
        FollowUp,
        KeptView,
        Lead,
        LinkMapping,
        Message,
        Organisation,
        PressLine,
        RegistrationFile,
        Team,
    )


EXPORTS_LOOKED_INTO = 200  # of the block of ids that a person is in, the newest


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def current(self) -> Organisation:
        """The one row; every `migrate` sees to it."""
        return self.get(pk=1)


class TeamQuerySet(models.QuerySet["Team"]):
    def default(self) -> Team:
        """The team of whom no other has; every `migrate` sees to it and no service deletes it."""
        return self.get(is_default=True)

    def of(self, user: User) -> TeamQuerySet:
        return self.filter(members=user.pk)


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def on(self, day: date) -> AbsenceQuerySet:
        return self.filter(Q(until__isnull=True) | Q(until__gte=day), since__lte=day)


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


class LeadQuerySet(models.QuerySet["Lead"]):
    def counted(self) -> LeadQuerySet:
        """What the figures count: all but spam."""
        return self.filter(is_spam=False)

    def between(self, first: date, last: date) -> LeadQuerySet:
        return self.filter(day__range=(first, last))

    def in_scope_of(self, user: User) -> LeadQuerySet:
        return self if user.is_superuser else self.filter(team__in=team_ids_of(user))

    def found_by(self, typed: str) -> LeadQuerySet:
        return found_in(self, typed, "receipts") if typed else self

    def of_person(self, candidate_id: int) -> LeadQuerySet:
        """Those of somebody and of everybody who was merged into them."""
        return self.filter(Q(candidate=candidate_id) | Q(candidate__merged_into=candidate_id))

    def by_person(self) -> LeadQuerySet:
        """With the `person` who sent each; somebody merged is whom they were merged into, an erased person nobody."""
        return self.annotate(merged=merged(), person=PERSON)

    def behind(self) -> LeadQuerySet:
        """Those on which first answer or step of the file are other than what their person's rows say.

        An erasure closes files, whatever they had come to: of who was erased, what was kept before is what holds.
        """
        answer, kept = Coalesce(first_answer_at(), NEVER), Coalesce("answered_at", NEVER)
        read = self.filter(candidate__isnull=False, candidate__erased_at__isnull=True).annotate(
            answer=answer, kept=kept, step=file_step()
        )
        return read.filter(~Q(file_step=F("step")) | ~Q(kept=F("answer")))

    def one_a_person(self) -> LeadQuerySet:
        """Of these leads the first that each person sent."""
        firsts = self.order_by().by_person().exclude(candidate=None).values("person")  # type: ignore[misc]
        return self.filter(pk__in=firsts.annotate(first=models.Min("pk")).values("first"))

    def of_newcomers(self, since: date | str) -> LeadQuerySet:
        """The leads of people who had sent none that counts before that day, or the one in a column."""
        counted = self.model._default_manager.filter(is_spam=False)
        # The first day of each and not whether one is earlier: PostgreSQL would hash all the leads there ever were.
        own = models.Subquery(counted.filter(candidate=OuterRef("person")).order_by("day").values("day")[:1])
        first, before = (F(since), OuterRef(since)) if isinstance(since, str) else (since, since)
        of_merged = Exists(counted.filter(candidate__merged_into=OuterRef("person"), day__lt=before))
        told = self.by_person().annotate(first_day=Coalesce(own, "day"))
        return told.filter(~of_merged, candidate__isnull=False, first_day__gte=first)

    def with_reference(self, typed: str) -> LeadQuerySet:
        """Those of one reference, typed with its prefix or without; none where it is no whole one."""
        if tail := read_tail(typed):
            return self.filter(receipts__tail=tail)
        return self.filter(receipts__reference=read_reference(typed))

    def with_value(self, dimension: str, key: str) -> LeadQuerySet:
        """The leads behind one figure of the weekly report: `key` as its rows name it."""
        return self.filter(LEAD_FILTERS[dimension](key))


class DuplicateGroupQuerySet(models.QuerySet["DuplicateGroup"]):
    def open(self) -> DuplicateGroupQuerySet:
        return self.filter(is_open=True)

    def in_scope_of(self, user: User) -> DuplicateGroupQuerySet:
        """Each key once: those of the user's teams, or of everybody."""
        return self.filter(team__isnull=True) if user.is_superuser else self.filter(team__in=team_ids_of(user))

    def open_to(self, user: User) -> DuplicateGroupQuerySet:
        """Which of them the user may look at."""
        return self if user.is_superuser else self.in_scope_of(user)


class BatchQuerySet(models.QuerySet["Batch"]):
    def in_scope_of(self, user: User) -> BatchQuerySet:
        """Their own; a superuser sees all."""
        return self if user.is_superuser else self.filter(by=user.pk)

    def going(self, now: datetime) -> BatchQuerySet:
        """Confirmed, not done, and in no worker's hands."""
        free = Q(held_until__isnull=True) | Q(held_until__lte=now)
        return self.filter(free, state__in=[BatchState.RUNNING, BatchState.UNDOING]).order_by("pk")


class BatchRowQuerySet(models.QuerySet["BatchRow"]):
    def to_do(self) -> BatchRowQuerySet:
        return self.filter(verdict__in=TO_BE_DONE, outcome=RowOutcome.WAITING).order_by("number")

    def done(self) -> BatchRowQuerySet:
        return self.filter(outcome=RowOutcome.DONE).order_by("number")


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
        return self.filter(Q(owner=user.pk) | Q(team__in=apps.get_model("leads.Team")._default_manager.of(user)))


class OfCandidateQuerySet(models.QuerySet):
    """Rows that hang on a candidate, and are seen by whoever sees the candidate."""

    def in_scope_of(self, user: User) -> OfCandidateQuerySet:
        return self if user.is_superuser else self.filter(candidate__team__in=team_ids_of(user))

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
    def per_week(self, dimension: Combinable, values: Sequence[Combinable]) -> CountQuerySet:
        """(dimension, Monday, kind, *values, leads) of these rows: as expressions, which two tables may have alike."""
        named = {f"value_{number}": value for number, value in enumerate(values)}
        weekly = self.annotate(of=dimension, week=TruncWeek("day"), **named)
        return weekly.order_by().values_list("of", "week", "kind", *named).annotate(models.Sum("leads"))

    def per_day(self, value: str) -> CountQuerySet:
        """(day, value, kind, leads), `value` a column that holds it."""
        daily = self.annotate(counted=F(value))
        return daily.order_by().values_list("day", "counted", "kind").annotate(models.Sum("leads"))


class CampaignQuerySet(models.QuerySet["Campaign"]):
    def with_brought(self) -> CampaignQuerySet:
        """With the number of requests that count as `brought` by each."""
        leads = apps.get_model("leads.Lead")._default_manager.counted().exclude(campaign="").order_by()
        own = leads.filter(campaign=OuterRef("code")).values("campaign").annotate(found=models.Count("pk"))
        return self.annotate(brought=Coalesce(models.Subquery(own.values("found")), 0))


class CostQuerySet(models.QuerySet["Cost"]):
    def between(self, first: date, last: date) -> CostQuerySet:
        """Those with a day between two, both in."""
        return self.filter(first_on__lte=last, last_on__gte=first)


class PressLineQuerySet(models.QuerySet["PressLine"]):
    def on(self, day: date) -> PressLine | None:
        return self.filter(since__lte=day).order_by("-since").first()


class LinkMappingQuerySet(models.QuerySet["LinkMapping"]):
    def of(self, source: str, medium: str, campaign: str) -> LinkMapping | None:
        """The mapping of these words that says most; None where none matches, or there are no words."""
        words = {"utm_source": source, "utm_medium": medium, "utm_campaign": campaign}
        if not any(words.values()):
            return None
        found = self.filter(**{f"{name}__in": ("", word) for name, word in words.items()}).select_related("source")
        by_weight = {tuple(bool(getattr(row, name)) for name in words): row for row in found}
        return by_weight[max(by_weight, key=lambda said: (sum(said), said))] if by_weight else None
