"""A room and whoever is in it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chat.choices import ANNOUNCEMENT_LENGTH, NICKNAME_LENGTH, QUESTION_LENGTH, RoomState
from chat.models.house import Programme, Speaker
from chat.querysets import RoomQuerySet
from recruitment.people import AgeBand, Situation


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
    flood_until = models.DateTimeField(null=True, editable=False)  # until then what comes in is held against floods
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
        """As staff read it: a rehearsal has its room's title."""
        return gettext("%s (rehearsal)") % self.title if self.rehearsal_of_id else self.title

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


class Flood(models.Model):
    """The same asked again and again, or one who asks without pause: such questions queue apart until it is over."""

    room = models.ForeignKey(Room, models.CASCADE, related_name="floods")
    participant = models.ForeignKey(Participant, models.CASCADE, null=True, related_name="+")  # None: by their words
    text = models.CharField(max_length=QUESTION_LENGTH)  # one of them
    at = models.DateTimeField()
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["room", "until"], name="flood_by_room_and_end")]

    def __str__(self) -> str:
        return self.text


class Attendance(models.Model):
    """How many were in a room at most in one minute: the curve of its report."""

    room = models.ForeignKey(Room, models.CASCADE, related_name="attendance")
    minute = models.DateTimeField()
    viewers = models.PositiveIntegerField()

    class Meta:
        ordering = ["minute"]
        constraints = [models.UniqueConstraint(fields=["room", "minute"], name="attendance_once_a_minute")]

    def __str__(self) -> str:
        return f"{self.minute:%H:%M}: {self.viewers}"


class Away(models.Model):
    """A speaker who has left a room's desk for a while: the row goes as they come back, the journal keeps both."""

    room = models.ForeignKey(Room, models.CASCADE, related_name="away")
    speaker = models.ForeignKey(Speaker, models.CASCADE, related_name="+")
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room", "speaker"], name="away_once_from_a_room")]

    def __str__(self) -> str:
        return f"{self.speaker_id}, {self.since:%H:%M}"


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
