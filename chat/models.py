from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chat.choices import (
    ANNOUNCEMENT_LENGTH,
    ANSWER_LENGTH,
    DECIDED,
    NICKNAME_LENGTH,
    NOTE_LENGTH,
    QUESTION_LENGTH,
    REASON_LENGTH,
    EventStream,
    Lane,
    QuestionState,
    RoomState,
)
from chat.querysets import QuestionQuerySet, RoomEventQuerySet, RoomQuerySet
from recruitment.people import AgeBand, Situation


class Programme(models.Model):
    """A run of rooms, announced together."""

    slug = models.SlugField(_("address"), unique=True)
    title = models.CharField(_("title"), max_length=120)
    title_en = models.CharField(_("title in English"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")

    def __str__(self) -> str:
        return self.title


class Topic(models.Model):
    key = models.SlugField(_("key"), unique=True)
    label = models.CharField(_("label"), max_length=60)
    label_en = models.CharField(_("label in English"), max_length=60, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    words = models.TextField(
        _("words"),
        blank=True,
        help_text=_("Beginnings of words, with blanks between: a question that holds one is suggested this topic."),
    )

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["position", "key"]

    def __str__(self) -> str:
        return self.label


class Speaker(models.Model):
    name = models.CharField(_("name"), max_length=80)
    title = models.CharField(_("title"), max_length=160, blank=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="speaker",
        verbose_name=_("account"),
    )
    guest_until = models.DateTimeField(null=True, editable=False)  # an invited account ends then
    is_house = models.BooleanField(default=False, editable=False)  # speaks where the house answers, not a person

    class Meta:
        verbose_name = _("speaker")
        verbose_name_plural = _("speakers")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["is_house"], condition=Q(is_house=True), name="speaker_one_house")
        ]

    def __str__(self) -> str:
        return self.name


class Room(models.Model):
    slug = models.SlugField(_("address"), unique=True)
    programme = models.ForeignKey(
        Programme, models.PROTECT, null=True, blank=True, related_name="rooms", verbose_name=_("programme")
    )
    title = models.CharField(_("title"), max_length=120)
    title_en = models.CharField(_("title in English"), max_length=120, blank=True)
    intro = models.TextField(_("introduction"), max_length=600, blank=True)
    intro_en = models.TextField(_("introduction in English"), max_length=600, blank=True)
    opens_at = models.DateTimeField(_("opens at"))
    closes_at = models.DateTimeField(_("closes at"))
    state = models.CharField(_("state"), max_length=10, choices=RoomState, default=RoomState.SCHEDULED, editable=False)
    state_since = models.DateTimeField(null=True, editable=False)
    speakers = models.ManyToManyField(Speaker, blank=True, related_name="rooms", verbose_name=_("speakers"))
    moderators = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="moderated_rooms", verbose_name=_("moderators")
    )
    is_demonstration = models.BooleanField(_("demonstration"), default=False, editable=False)
    public_seq = models.PositiveBigIntegerField(default=0, editable=False)
    staff_seq = models.PositiveBigIntegerField(default=0, editable=False)
    participant_count = models.PositiveIntegerField(default=0, editable=False)
    slow_seconds = models.PositiveSmallIntegerField(default=0, editable=False)
    shield_after = models.PositiveIntegerField(null=True, editable=False)  # participants of a later number queue apart
    calendar_sequence = models.PositiveIntegerField(default=0, editable=False)  # rises as title or times change
    is_indexed = models.BooleanField(
        _("in search engines"),
        default=False,
        help_text=_("Search engines may list the transcript once the room is closed."),
    )
    peak_viewers = models.PositiveIntegerField(default=0, editable=False)
    on_screen = models.ForeignKey("Question", models.SET_NULL, null=True, editable=False, related_name="+")
    rehearsal_of = models.ForeignKey("self", models.CASCADE, null=True, editable=False, related_name="rehearsals")

    objects = RoomQuerySet.as_manager()

    class Meta:
        verbose_name = _("room")
        verbose_name_plural = _("rooms")
        ordering = ["-opens_at"]
        indexes = [models.Index(fields=["state", "opens_at"], name="room_by_state_and_time")]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=RoomState.values), name="room_state_is_known"),
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")),
                name="room_closes_after_it_opens",
                violation_error_message=_("The room must close after it opens."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"/rooms/{self.slug}/"


class Participant(models.Model):
    """Somebody who asked or voted in a room; perhaps nameless, never known in another room."""

    room = models.ForeignKey(Room, models.CASCADE, related_name="participants")
    key = models.CharField(max_length=32)
    number = models.PositiveIntegerField()
    nickname = models.CharField(_("nickname"), max_length=NICKNAME_LENGTH)
    muted_until = models.DateTimeField(_("muted until"), null=True, blank=True)
    flooding_until = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        constraints = [
            models.UniqueConstraint(fields=["room", "key"], name="participant_once_in_a_room"),
            models.UniqueConstraint(fields=["room", "number"], name="participant_number_once_in_a_room"),
        ]

    def __str__(self) -> str:
        return self.nickname


class Profile(models.Model):
    """What somebody said of themselves in three taps: `key` leads to no participant, and there is no time."""

    room = models.ForeignKey(Room, models.CASCADE, related_name="profiles")
    key = models.CharField(max_length=32)
    age_band = models.CharField(max_length=8, choices=AgeBand, blank=True)
    region = models.CharField(max_length=3, blank=True)
    situation = models.CharField(max_length=14, choices=Situation, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room", "key"], name="profile_once_in_a_room"),
            models.CheckConstraint(condition=Q(age_band__in=["", *AgeBand.values]), name="profile_age_band_is_known"),
            models.CheckConstraint(
                condition=Q(situation__in=["", *Situation.values]), name="profile_situation_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.age_band


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


class Paragraph(models.Model):
    """An approved answer to what is asked again and again, with its source and the day on which it was checked."""

    key = models.SlugField(_("key"), unique=True)
    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("text"), max_length=ANSWER_LENGTH)
    topic = models.ForeignKey(
        Topic, models.SET_NULL, null=True, blank=True, related_name="paragraphs", verbose_name=_("topic")
    )
    source = models.CharField(_("source"), max_length=200, blank=True)
    checked_on = models.DateField(_("checked on"))
    link = models.CharField(_("page with more"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("approved paragraph")
        verbose_name_plural = _("approved paragraphs")
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title


class PreparedAnnouncement(models.Model):
    """Written before the hour, said with one key during it."""

    room = models.ForeignKey(Room, models.CASCADE, related_name="prepared", verbose_name=_("room"))
    title = models.CharField(_("title"), max_length=60)
    text = models.TextField(_("text"), max_length=ANNOUNCEMENT_LENGTH)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("prepared announcement")
        verbose_name_plural = _("prepared announcements")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.title


class WatchedWord(models.Model):
    """A word that holds a question for a second look. Never what the house's own work is called."""

    word = models.CharField(_("word"), max_length=60, unique=True)

    class Meta:
        verbose_name = _("watched word")
        verbose_name_plural = _("watched words")
        ordering = ["word"]

    def __str__(self) -> str:
        return self.word


class RoomEvent(models.Model):
    """The room's journal. `seq` rises by one per room and stream; redaction scrubs `data` in place."""

    room = models.ForeignKey(Room, models.CASCADE, related_name="events")
    stream = models.CharField(max_length=6, choices=EventStream)
    seq = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=30)
    data = models.JSONField()
    at = models.DateTimeField()

    objects = RoomEventQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room", "stream", "seq"], name="event_seq_once"),
            models.CheckConstraint(condition=Q(stream__in=EventStream.values), name="event_stream_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.stream} {self.seq}: {self.kind}"


class FrameReceipt(models.Model):
    """A frame that changed something, so that its resend gets the same ack and changes nothing. Purged after a day."""

    room = models.ForeignKey(Room, models.CASCADE, related_name="+")
    actor = models.CharField(max_length=40)
    digest = models.CharField(max_length=64)  # of the frame's `id`, which may hold characters that no database takes
    ack = models.JSONField()
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room", "actor", "digest"], name="frame_once")]

    def __str__(self) -> str:
        return self.digest
