from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Right
from django.utils.translation import gettext_lazy as _

from leads.choices import HEARD_FROM_LENGTH, KEY_LENGTH, MESSAGE_LENGTH, NAME_LENGTH, AgeBand, LeadKind
from leads.models.contests import ContestSession
from leads.models.organisation import Source, Team
from leads.models.people import Candidate
from leads.querysets import LeadQuerySet
from leads.references import TAIL_LENGTH


class Lead(models.Model):
    """One request at one moment. Never deleted: on erasure it keeps its codes and loses its person."""

    candidate = models.ForeignKey(
        Candidate,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="leads",
        db_index=False,  # `lead_by_candidate` begins with it
        verbose_name=_("candidate"),
    )
    kind = models.CharField(_("kind"), max_length=17, choices=LeadKind)
    contest_session = models.ForeignKey(
        ContestSession,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="leads",
        db_index=False,  # an entry only where there is one; so it is with `room` and `entered_by`
        verbose_name=_("session"),
    )
    message = models.TextField(_("message"), max_length=MESSAGE_LENGTH, blank=True)
    message_digest = models.CharField(max_length=64, editable=False)

    # what was typed, whoever typed it
    email = models.CharField(_("e-mail"), max_length=254, blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    first_name = models.CharField(_("first name"), max_length=NAME_LENGTH, blank=True)
    last_name = models.CharField(_("last name"), max_length=NAME_LENGTH, blank=True)
    birth_date = models.DateField(_("birth date"), null=True, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=10, blank=True)
    diploma_level = models.CharField(_("diploma"), max_length=14, blank=True)
    situation = models.CharField(_("situation"), max_length=14, blank=True)
    heard_from = models.CharField(_("how they heard of us"), max_length=HEARD_FROM_LENGTH, blank=True)
    consents = models.JSONField(_("consents"), default=list, blank=True)  # purposes that wait for the verification
    language = models.CharField(_("language"), max_length=5, default="fr")

    # counting keys, kept when the person goes
    source = models.ForeignKey(
        Source, models.PROTECT, null=True, blank=True, related_name="leads", verbose_name=_("source")
    )
    medium = models.CharField(_("medium"), max_length=KEY_LENGTH, blank=True)
    campaign = models.CharField(_("campaign"), max_length=KEY_LENGTH, blank=True)
    referrer_host = models.CharField(_("referrer"), max_length=120, blank=True)
    touches = models.JSONField(_("first and last touch"), default=dict, blank=True)
    room = models.ForeignKey(
        "chat.Room",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="leads",
        db_index=False,
        verbose_name=_("room"),
    )
    topic = models.SlugField(_("topic"), max_length=50, blank=True, db_index=False)  # a key of the rooms
    answer_agreed_at = models.DateTimeField(_("wants an answer by mail since"), null=True, blank=True)
    department = models.CharField(_("département"), max_length=3, blank=True)
    region = models.CharField(_("region"), max_length=3, blank=True)
    is_abroad = models.BooleanField(_("abroad"), default=False)
    age_band = models.CharField(_("age band"), max_length=8, choices=AgeBand, default=AgeBand.UNKNOWN)
    team = models.ForeignKey(Team, models.PROTECT, related_name="leads", verbose_name=_("team"))

    at = models.DateTimeField(_("received at"))
    day = models.DateField(_("day"), editable=False)  # of `at`, in the site's time zone: what the counts go by
    verified_at = models.DateTimeField(_("verified at"), null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True, editable=False)
    file_step = models.PositiveSmallIntegerField(default=0, editable=False)  # of `cohorts.FILE_STEPS`, how many
    is_spam = models.BooleanField(_("spam"), default=False)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("entered by"),
    )
    is_invented = models.BooleanField(_("invented"), default=False, editable=False)
    search = models.TextField(editable=False, blank=True)

    objects = LeadQuerySet.as_manager()

    class Meta:
        verbose_name = _("lead")
        permissions = [
            ("view_weekly_report", _("Can view the weekly report")),
            ("view_rooms_report", _("Can view the rooms report")),
        ]
        indexes = [
            models.Index(fields=["day", "kind"], name="lead_by_day"),
            # All that figures of a week are counted by: read without a look at the rows.
            models.Index(
                fields=[
                    "day",
                    "at",
                    "kind",
                    "candidate",
                    "answered_at",
                    "file_step",
                    "source",
                    "region",
                    "contest_session",
                ],
                condition=Q(is_spam=False),
                name="lead_counted_by_day",
            ),
            models.Index(fields=["candidate", "day"], condition=Q(is_spam=False), name="lead_counted_by_candidate"),
            models.Index(fields=["-at", "-id"], name="lead_newest"),
            models.Index(fields=["candidate", "kind", "-at"], name="lead_by_candidate"),
            models.Index(fields=["email"], name="lead_by_email"),
            models.Index(fields=["campaign"], name="lead_by_campaign", condition=~Q(campaign="")),
            models.Index(
                fields=["contest_session"], condition=Q(contest_session__isnull=False), name="lead_by_session"
            ),
            models.Index(fields=["room"], condition=Q(room__isnull=False), name="lead_by_room"),
            models.Index(fields=["entered_by"], condition=Q(entered_by__isnull=False), name="lead_by_enterer"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=LeadKind.values), name="lead_kind_is_known"),
            models.CheckConstraint(
                condition=~Q(kind=LeadKind.REGISTRATION_FILE) | Q(contest_session__isnull=False),
                name="lead_for_a_file_names_the_session",
            ),
            models.CheckConstraint(condition=Q(age_band__in=AgeBand.values), name="lead_age_band_is_known"),
            models.CheckConstraint(
                condition=Q(is_abroad=False) | Q(department="", region=""), name="lead_abroad_has_no_region"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.at:%Y-%m-%d}"


class Receipt(models.Model):
    """What whoever sent a form was given. Several may find one lead: a repeat of another's request tells nothing.

    `request_id` and `digest` (of the values): the same form sent twice gets the same receipt.
    """

    reference = models.CharField(_("reference"), max_length=16, unique=True)
    tail = models.GeneratedField(  # what is found by whoever leaves the prefix out
        expression=Right("reference", TAIL_LENGTH),
        output_field=models.CharField(max_length=TAIL_LENGTH),
        db_persist=True,
    )
    lead = models.ForeignKey(Lead, models.PROTECT, related_name="receipts", verbose_name=_("lead"))
    at = models.DateTimeField(_("at"))
    request_id = models.CharField(max_length=64, editable=False)
    digest = models.CharField(max_length=64, editable=False)

    class Meta:
        verbose_name = _("receipt")
        indexes = [models.Index(fields=["tail"], name="receipt_by_tail")]
        constraints = [
            models.UniqueConstraint(fields=["request_id", "digest"], name="receipt_once_per_form_and_values"),
        ]

    def __str__(self) -> str:
        return self.reference
