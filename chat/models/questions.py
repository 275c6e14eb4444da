"""What is asked, and what becomes of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chat.choices import (
    ANSWER_LENGTH,
    DECIDED,
    NICKNAME_LENGTH,
    NOTE_LENGTH,
    QUESTION_LENGTH,
    REASON_LENGTH,
    Lane,
    QuestionState,
)
from chat.models.house import Speaker, Topic
from chat.models.rooms import Flood, Participant, Room
from chat.querysets import QuestionQuerySet


class Question(models.Model):
    room = models.ForeignKey(Room, models.PROTECT, related_name="questions", verbose_name=_("room"))
    participant = models.ForeignKey(
        Participant, models.PROTECT, related_name="questions", verbose_name=_("participant")
    )
    nickname = models.CharField(_("nickname"), max_length=NICKNAME_LENGTH)
    text = models.CharField(_("text"), max_length=QUESTION_LENGTH)
    search_text = models.CharField(max_length=2 * QUESTION_LENGTH, editable=False)
    original_text = models.CharField(  # as asked, where moderators have redacted it: for staff alone
        _("as asked"), max_length=QUESTION_LENGTH, blank=True, editable=False
    )
    lane = models.CharField(max_length=10, choices=Lane, default=Lane.MAIN, blank=True, editable=False)
    flags = models.JSONField(default=list, editable=False)
    flood = models.ForeignKey(Flood, models.SET_NULL, null=True, editable=False, related_name="questions")
    topic = models.ForeignKey(
        Topic, models.PROTECT, null=True, blank=True, related_name="questions", verbose_name=_("topic")
    )
    state = models.CharField(_("state"), max_length=10, choices=QuestionState, default=QuestionState.ASKED)
    asked_at = models.DateTimeField(_("asked at"))
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    assigned_to = models.ForeignKey(
        Speaker, models.SET_NULL, null=True, blank=True, related_name="assigned", verbose_name=_("assigned to")
    )
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", verbose_name=_("merged into")
    )
    reject_reason = models.CharField(_("reason"), max_length=REASON_LENGTH, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )

    tally: int  # by `with_tally()`

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        indexes = [
            models.Index(fields=["room", "state", "published_at"], name="question_by_room_and_state"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="question_has_text"),
            models.CheckConstraint(condition=Q(state__in=QuestionState.values), name="question_state_is_known"),
            models.CheckConstraint(condition=Q(lane__in=Lane.values), name="question_lane_is_known"),
            models.CheckConstraint(
                condition=Q(state=QuestionState.MERGED, merged_into__isnull=False)
                | (~Q(state=QuestionState.MERGED) & Q(merged_into__isnull=True)),
                name="question_merged_has_a_target",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[QuestionState.PUBLISHED, QuestionState.ANSWERED])
                | Q(published_at__isnull=False),
                name="question_public_since",
            ),
        ]

    def __str__(self) -> str:
        return self.text


class Answer(models.Model):
    question = models.ForeignKey(Question, models.PROTECT, related_name="answers", verbose_name=_("question"))
    speaker = models.ForeignKey(Speaker, models.PROTECT, related_name="answers", verbose_name=_("speaker"))
    typed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("typed by")
    )
    text = models.TextField(_("text"), max_length=ANSWER_LENGTH)
    search_text = models.TextField(editable=False)
    source = models.CharField(_("source"), max_length=200, blank=True)
    link = models.CharField(_("page with more"), max_length=200, blank=True)
    at = models.DateTimeField(_("answered at"))
    edited_at = models.DateTimeField(_("corrected at"), null=True, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("row", "answer")
        verbose_name_plural = _("answers")
        ordering = ["at", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="answer_has_text")]

    def __str__(self) -> str:
        return self.text


class Vote(models.Model):
    question = models.ForeignKey(Question, models.CASCADE, related_name="votes")
    participant = models.ForeignKey(Participant, models.CASCADE, related_name="votes")
    at = models.DateTimeField()
    is_first_act = models.BooleanField(default=False)  # nobody had seen this participant do anything before
    is_in_burst = models.BooleanField(default=False)  # one of many first acts within a minute: shown apart to staff

    class Meta:
        constraints = [models.UniqueConstraint(fields=["question", "participant"], name="vote_once")]

    def __str__(self) -> str:
        return f"{self.participant_id}: {self.question_id}"


class Decision(models.Model):
    """What a moderator decided of a question, and all that it takes to undo it. `before` holds no text but its own."""

    room = models.ForeignKey(Room, models.CASCADE, related_name="decisions")
    question = models.ForeignKey(Question, models.CASCADE, related_name="decisions")
    act = models.CharField(max_length=20)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    before = models.JSONField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["room", "at"], name="decision_by_room_and_time")]

    def __str__(self) -> str:
        return f"{self.act}: {self.question_id}"

    @property
    def label(self) -> str:
        return str(DECIDED[self.act])


class Note(models.Model):
    """Said backstage, of a question or of the room: never shown to the public."""

    room = models.ForeignKey(Room, models.CASCADE, related_name="notes")
    question = models.ForeignKey(Question, models.CASCADE, null=True, related_name="notes")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    text = models.CharField(max_length=NOTE_LENGTH)
    at = models.DateTimeField()
    seen_by = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="note_has_text")]

    def __str__(self) -> str:
        return self.text
