from django.db import models
from django.utils.translation import gettext_lazy as _


class RoomState(models.TextChoices):
    SCHEDULED = "scheduled", _("scheduled")
    OPEN = "open", _("open")
    PAUSED = "paused", _("paused")
    CLOSED = "closed", _("closed")


class QuestionState(models.TextChoices):
    ASKED = "asked", _("waiting")
    PUBLISHED = "published", _("published")
    ANSWERED = "answered", _("answered")
    MERGED = "merged", _("merged")
    REJECTED = "rejected", _("declined")
    WITHDRAWN = "withdrawn", _("withdrawn")


PUBLIC_STATES = (QuestionState.PUBLISHED, QuestionState.ANSWERED)


class Lane(models.TextChoices):
    """Where a waiting question waits: nothing is ever dropped for what it says."""

    MAIN = "", _("to sort")
    HELD = "held", _("held")
    NEWCOMERS = "newcomers", _("newcomers")
    FLOOD = "flood", _("flood")


class Flag(models.TextChoices):
    """What a question was found to hold, for moderators to judge."""

    WORD = "word", _("word of the list")
    LINK = "link", _("link")
    PERSONAL = "personal", _("personal data")


class EventStream(models.TextChoices):
    PUBLIC = "public", _("public")
    STAFF = "staff", _("staff")


class Role(models.TextChoices):
    VISITOR = "visitor", _("visitor")
    SPEAKER = "speaker", _("speaker")
    MODERATOR = "moderator", _("moderator")


# What each kind of event is told to; a kind travels in one stream.
STREAM_OF = {
    "room.opened": EventStream.PUBLIC,
    "room.paused": EventStream.PUBLIC,
    "room.closed": EventStream.PUBLIC,
    "announcement": EventStream.PUBLIC,
    "question.published": EventStream.PUBLIC,
    "answer.published": EventStream.PUBLIC,
    "answer.edited": EventStream.PUBLIC,
    "question.withdrawn": EventStream.PUBLIC,
    "room.slowed": EventStream.PUBLIC,
    "screen.changed": EventStream.PUBLIC,
    "question.asked": EventStream.STAFF,
    "question.assigned": EventStream.STAFF,
    "question.tagged": EventStream.STAFF,
    "question.merged": EventStream.STAFF,
    "question.rejected": EventStream.STAFF,
    "participant.muted": EventStream.STAFF,
    "question.returned": EventStream.STAFF,
    "question.unmerged": EventStream.STAFF,
    "question.redacted": EventStream.STAFF,
    "question.released": EventStream.STAFF,
    "participant.flooding": EventStream.STAFF,
    "flood.begun": EventStream.STAFF,
    "flood.ended": EventStream.STAFF,
    "room.shielded": EventStream.STAFF,
    "pace.set": EventStream.STAFF,
    "votes.burst": EventStream.STAFF,
    "screen.set": EventStream.STAFF,
    "note.written": EventStream.STAFF,
    "note.seen": EventStream.STAFF,
    "speaker.away": EventStream.STAFF,
}

STATE_AFTER = {
    "room.opened": RoomState.OPEN,
    "room.paused": RoomState.PAUSED,
    "room.closed": RoomState.CLOSED,
}

QUESTION_LENGTH = 280
NICKNAME_LENGTH = 24
ANSWER_LENGTH = 1200
ANNOUNCEMENT_LENGTH = 500
REASON_LENGTH = 200
NOTE_LENGTH = 500
SLOW_PACES = {0: _("off"), 30: _("30 s"), 120: _("2 min")}
SLOW_SECONDS = tuple(SLOW_PACES)

DECIDED = {
    "publish": _("published"),
    "reject": _("declined"),
    "withdraw": _("withdrawn"),
    "merge": _("merged"),
    "tag": _("topic changed"),
    "assign": _("passed on"),
    "answer": _("answered"),
    "elsewhere": _("answered elsewhere"),
    "redact": _("redacted"),
    "release": _("moved to the main queue"),
}
