from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from leads.choices import (
    NAME_LENGTH,
    NOTE_LENGTH,
    OPEN_STAGES,
    ActionKind,
    ClosedReason,
    ConsentMethod,
    DiplomaLevel,
    FileStatus,
    FollowUpKind,
    Outcome,
    Purpose,
    Situation,
    Stage,
)
from leads.models.contests import ContestSession
from leads.models.organisation import Team
from leads.querysets import CandidateQuerySet, ConsentQuerySet, FollowUpQuerySet, OfCandidateQuerySet

CURRENT = Q(merged_into__isnull=True, erased_at__isnull=True)


class Candidate(models.Model):
    """One person, whatever the number of their requests. What happens to them is in their follow-ups."""

    email = models.CharField(_("e-mail"), max_length=254, blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    first_name = models.CharField(_("first name"), max_length=NAME_LENGTH, blank=True)
    last_name = models.CharField(_("last name"), max_length=NAME_LENGTH, blank=True)
    name_key = models.CharField(max_length=2 * NAME_LENGTH + 1, blank=True, editable=False)
    mail_key = models.CharField(max_length=254, blank=True, default="", editable=False)
    birth_date = models.DateField(_("birth date"), null=True, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=10, blank=True)
    department = models.CharField(_("département"), max_length=3, blank=True)
    region = models.CharField(_("region"), max_length=3, blank=True)
    is_abroad = models.BooleanField(_("abroad"), default=False)
    diploma_level = models.CharField(_("diploma"), max_length=14, blank=True, choices=DiplomaLevel)
    situation = models.CharField(_("situation"), max_length=14, blank=True, choices=Situation)
    language = models.CharField(_("language"), max_length=5, default="fr")

    stage = models.CharField(_("stage"), max_length=10, choices=Stage, default=Stage.NEW)
    stage_at = models.DateTimeField(_("in this stage since"))
    stage_before = models.CharField(max_length=10, blank=True, editable=False)
    closed_reason = models.CharField(_("reason"), max_length=20, blank=True, choices=ClosedReason)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="candidates",
        db_index=False,  # `candidate_by_owner_and_action` begins with it; so it is with the others
        verbose_name=_("followed by"),
    )
    team = models.ForeignKey(Team, models.PROTECT, related_name="candidates", db_index=False, verbose_name=_("team"))
    next_action = models.CharField(_("next action"), max_length=10, blank=True, choices=ActionKind)
    next_action_at = models.DateTimeField(_("next action on"), null=True, blank=True)
    next_action_note = models.CharField(_("what for"), max_length=120, blank=True)

    created_at = models.DateTimeField(_("known since"))
    asked_at = models.DateTimeField(_("last request"))  # as old as the row where somebody entered them otherwise
    verified_at = models.DateTimeField(_("address verified at"), null=True, blank=True)
    reached_at = models.DateTimeField(_("last reached at"), null=True, blank=True)
    last_contact_at = models.DateTimeField(_("last contact at"))
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="merged",
        db_index=False,  # an entry only for whom it is about; so it is with `claimed_by`
        verbose_name=_("merged into"),
    )
    is_invented = models.BooleanField(_("invented"), default=False, editable=False)
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        db_index=False,
        verbose_name=_("held by"),
    )
    claimed_until = models.DateTimeField(_("held until"), null=True, blank=True, editable=False)
    noticed_at = models.DateTimeField(
        null=True, blank=True, editable=False
    )  # told that the record's time is running out
    erased_at = models.DateTimeField(_("erased at"), null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    search = models.TextField(editable=False, blank=True)

    objects = CandidateQuerySet.as_manager()

    class Meta:
        verbose_name = _("candidate")
        indexes = [
            models.Index(fields=["email"], name="candidate_by_email"),
            models.Index(fields=["phone"], name="candidate_by_phone"),
            models.Index(fields=["name_key", "birth_date"], name="candidate_by_name_and_birth"),
            models.Index(fields=["mail_key"], condition=~Q(mail_key=""), name="candidate_by_mail_key"),
            # With the team, which every list asks for, and without those merged: read without a look at the rows.
            models.Index(fields=["-asked_at", "-id", "team"], condition=CURRENT, name="candidate_newest"),
            models.Index(fields=["stage", "-asked_at", "-id", "team"], condition=CURRENT, name="candidate_by_stage"),
            models.Index(fields=["region", "-asked_at", "-id", "team"], condition=CURRENT, name="candidate_by_region"),
            models.Index(
                fields=["department", "-asked_at", "-id", "team"], condition=CURRENT, name="candidate_by_department"
            ),
            models.Index(fields=["owner", "next_action_at"], name="candidate_by_owner_and_action"),
            models.Index(fields=["team", "next_action_at"], name="candidate_by_team_and_action"),
            models.Index(fields=["next_action_at", "id"], name="candidate_by_action"),
            models.Index(fields=["id", "merged_into"], condition=Q(merged_into__isnull=False), name="candidate_merged"),
            models.Index(fields=["merged_into"], condition=Q(merged_into__isnull=False), name="candidate_merged_into"),
            models.Index(fields=["claimed_by"], condition=Q(claimed_by__isnull=False), name="candidate_claimed_by"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["email"],
                condition=Q(merged_into__isnull=True) & ~Q(email=""),
                name="candidate_once_per_email",
            ),
            models.UniqueConstraint(
                fields=["phone", "name_key"],
                condition=Q(merged_into__isnull=True, email="") & ~Q(phone=""),
                name="candidate_once_per_phone_and_name",
            ),
            models.CheckConstraint(condition=Q(stage__in=Stage.values), name="candidate_stage_is_known"),
            models.CheckConstraint(
                condition=Q(stage=Stage.CLOSED, closed_reason__in=ClosedReason.values)
                | (~Q(stage=Stage.CLOSED) & Q(closed_reason="")),
                name="candidate_closed_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(next_action="", next_action_at__isnull=True)
                | Q(next_action__in=ActionKind.values, next_action_at__isnull=False),
                name="candidate_action_has_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(stage__in=OPEN_STAGES) | ~Q(next_action=""), name="candidate_open_has_an_action"
            ),
            models.CheckConstraint(
                condition=Q(diploma_level__in=["", *DiplomaLevel.values]), name="candidate_diploma_is_known"
            ),
            models.CheckConstraint(
                condition=Q(situation__in=["", *Situation.values]), name="candidate_situation_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.full_name or self.email or self.phone or f"#{self.pk}"

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


class RegistrationFile(models.Model):
    """A candidate's file for one session of one contest."""

    candidate = models.ForeignKey(
        Candidate, models.PROTECT, related_name="files", db_index=False, verbose_name=_("candidate")
    )
    contest_session = models.ForeignKey(ContestSession, models.PROTECT, related_name="files", verbose_name=_("session"))
    status = models.CharField(_("status"), max_length=10, choices=FileStatus, default=FileStatus.REQUESTED)
    status_at = models.DateTimeField(_("in this status since"))
    requested_at = models.DateTimeField(_("requested at"))
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    downloaded_at = models.DateTimeField(_("downloaded at"), null=True, blank=True)
    returned_at = models.DateTimeField(_("returned at"), null=True, blank=True)
    registered_at = models.DateTimeField(_("registered at"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = OfCandidateQuerySet.as_manager()

    class Meta:
        verbose_name = _("registration file")
        verbose_name_plural = _("registration files")
        indexes = [
            models.Index(fields=["status", "-requested_at"], name="file_by_status"),
            models.Index(fields=["-requested_at", "-id"], name="file_newest"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["candidate", "contest_session"], name="file_once_a_session"),
            models.CheckConstraint(condition=Q(status__in=FileStatus.values), name="file_status_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.candidate}: {self.contest_session}"


class FollowUp(models.Model):
    """A line of a candidate's timeline. Written once: an erasure scrubs `text` and `data`, a slip is taken back."""

    candidate = models.ForeignKey(
        Candidate, models.PROTECT, related_name="follow_ups", db_index=False, verbose_name=_("candidate")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=FollowUpKind)
    outcome = models.CharField(_("outcome"), max_length=13, blank=True, choices=Outcome)
    text = models.TextField(_("text"), max_length=NOTE_LENGTH, blank=True)
    data = models.JSONField(default=dict, blank=True, editable=False)
    actor = models.ForeignKey(  # who acted is not deleted but deactivated: a person's answer is told from a machine's
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"))
    version = models.PositiveIntegerField(editable=False, default=0)  # the candidate's version that it led to
    taken_back_at = models.DateTimeField(_("taken back at"), null=True, blank=True, editable=False)

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("follow-up")
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["candidate", "-at"], name="follow_up_by_candidate"),
            models.Index(fields=["kind", "-at"], name="follow_up_by_kind"),
            models.Index(fields=["-at", "-id"], name="follow_up_newest"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=FollowUpKind.values), name="follow_up_kind_is_known"),
            models.CheckConstraint(condition=Q(outcome__in=["", *Outcome.values]), name="follow_up_outcome_is_known"),
            models.CheckConstraint(
                condition=(Q(kind=FollowUpKind.CALL) & ~Q(outcome="")) | (~Q(kind=FollowUpKind.CALL) & Q(outcome="")),
                name="follow_up_calls_have_an_outcome",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.get_outcome_display()}".strip()


class Consent(models.Model):
    """A word said on one purpose; the newest of a purpose holds. Never changed, never deleted but by erasure."""

    candidate = models.ForeignKey(
        Candidate, models.PROTECT, related_name="consents", db_index=False, verbose_name=_("candidate")
    )
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose)
    given = models.BooleanField(_("given"))
    text_version = models.CharField(_("version of the text"), max_length=20)
    method = models.CharField(_("method"), max_length=12, choices=ConsentMethod)
    at = models.DateTimeField(_("at"))
    expires_at = models.DateTimeField(_("expires at"), null=True, blank=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent")
        indexes = [models.Index(fields=["candidate", "purpose", "-at"], name="consent_by_candidate")]
        constraints = [
            models.CheckConstraint(condition=Q(purpose__in=Purpose.values), name="consent_purpose_is_known"),
            models.CheckConstraint(condition=Q(method__in=ConsentMethod.values), name="consent_method_is_known"),
            models.CheckConstraint(
                condition=~Q(purpose=Purpose.PHONE, given=True) | Q(expires_at__isnull=False),
                name="consent_to_calls_expires",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose}: {self.given}"
