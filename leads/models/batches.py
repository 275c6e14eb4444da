from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from leads.batch_words import TO_BE_DONE, BatchKind, BatchState, RowOutcome, Verdict, Why
from leads.models.people import Candidate
from leads.models.requests import Lead
from leads.querysets import BatchQuerySet, BatchRowQuerySet

FILE_NAME_LENGTH = 150


class Batch(models.Model):
    """One act on many rows, or one imported file: tried first, run as a task, told row by row, undone whole."""

    kind = models.CharField(_("what"), max_length=10, choices=BatchKind)
    state = models.CharField(_("state"), max_length=10, choices=BatchState, default=BatchState.DRAFT)
    list_name = models.CharField(max_length=20, blank=True, editable=False)
    query = models.TextField(blank=True, editable=False)  # of the list's address: search, filters
    ids = models.BinaryField(default=b"", editable=False)  # whom it is about, eight bytes each, compressed
    options = models.JSONField(default=dict, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by"))
    created_at = models.DateTimeField(_("begun at"))
    started_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)  # what every row of it is dated by
    ended_at = models.DateTimeField(_("done at"), null=True, blank=True)
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)
    held_until = models.DateTimeField(null=True, blank=True, editable=False)  # by the worker that runs it
    file = models.CharField(max_length=100, blank=True, editable=False)  # in the private storage; gone after a week
    file_name = models.CharField(_("file"), max_length=FILE_NAME_LENGTH, blank=True)
    headings = models.CharField(max_length=64, blank=True, editable=False)  # digest of them: the same file again
    problem = models.CharField(max_length=200, blank=True, editable=False)

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("import or act on many")
        verbose_name_plural = _("imports and acts on many")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["-created_at"], name="batch_newest"),
            models.Index(
                fields=["state"], condition=Q(state__in=[BatchState.RUNNING, BatchState.UNDOING]), name="batch_going"
            ),
            models.Index(fields=["headings", "-id"], condition=~Q(headings=""), name="batch_by_headings"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=BatchKind.values), name="batch_kind_is_known"),
            models.CheckConstraint(condition=Q(state__in=BatchState.values), name="batch_state_is_known"),
            models.CheckConstraint(
                condition=Q(state__in=[BatchState.DRAFT, BatchState.TRIED]) | Q(started_at__isnull=False),
                name="batch_runs_once_confirmed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.created_at:%Y-%m-%d}"

    @property
    def is_going(self) -> bool:
        return self.state in (BatchState.RUNNING, BatchState.UNDOING)


class BatchRow(models.Model):
    """One row of a batch: what the trial run said of it, what became of it. It holds nothing of what a file said."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="rows", db_index=False)  # `batch_row_once` has it
    number = models.PositiveIntegerField()  # of the line in the file, or in the order of the act
    candidate = models.ForeignKey(Candidate, models.SET_NULL, null=True, related_name="+", db_index=False)
    lead = models.ForeignKey(Lead, models.SET_NULL, null=True, related_name="+", db_index=False)
    verdict = models.CharField(max_length=10, choices=Verdict)
    why = models.CharField(max_length=14, blank=True, choices=Why)
    detail = models.JSONField(default=dict)
    outcome = models.CharField(max_length=8, blank=True, choices=RowOutcome, default=RowOutcome.WAITING)
    version = models.PositiveIntegerField(null=True)  # the candidate's, as tried; once done, what it led to
    before = models.JSONField(default=dict)  # what the act changed, for the way back; scrubbed on erasure

    objects = BatchRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("row of a batch")
        indexes = [
            models.Index(fields=["batch", "outcome", "verdict", "number"], name="batch_rows_left"),
            # Without those that have none: most rows of a trial run, which writes no entry for them then.
            models.Index(fields=["candidate"], condition=Q(candidate__isnull=False), name="batch_row_by_candidate"),
            models.Index(fields=["lead"], condition=Q(lead__isnull=False), name="batch_row_by_lead"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["batch", "number"], name="batch_row_once"),
            models.CheckConstraint(condition=Q(verdict__in=Verdict.values), name="batch_row_verdict_is_known"),
            models.CheckConstraint(condition=Q(outcome__in=RowOutcome.values), name="batch_row_outcome_is_known"),
            models.CheckConstraint(
                condition=~Q(outcome=RowOutcome.DONE) | Q(verdict__in=TO_BE_DONE), name="batch_row_done_was_to_do"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id}: {self.number}"
