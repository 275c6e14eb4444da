"""What the house brings: topics, who speaks, what is approved to say, what to look at twice."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chat.choices import ANSWER_LENGTH


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


class WatchedWord(models.Model):
    """A word that holds a question for a second look. Never what the house's own work is called."""

    word = models.CharField(_("word"), max_length=60, unique=True)

    class Meta:
        verbose_name = _("watched word")
        verbose_name_plural = _("watched words")
        ordering = ["word"]

    def __str__(self) -> str:
        return self.word
