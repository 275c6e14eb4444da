"""The words of acts on many, of imports and of exports: what is done, how far it is, what is said of each row."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class BatchKind(TextChoices):
    """What is done to many at once."""

    STAGE = "stage", _("Move to another stage")
    CLOSE = "close", _("Close")
    ASSIGN = "assign", _("Entrust to somebody")
    TEAM = "team", _("Give to a team")
    DEAL = "deal", _("Share out by load")
    PLAN = "plan", _("Plan the next action")
    SPAM = "spam", _("Mark as spam")
    NO_SPAM = "no_spam", _("No spam")
    IMPORT = "import", _("Import")
    EXPORT = "export", _("Export")


class BatchState(TextChoices):
    DRAFT = "draft", pgettext_lazy("batch", "Being prepared")
    TRIED = "tried", pgettext_lazy("batch", "Tried, nothing written")
    RUNNING = "running", pgettext_lazy("batch", "Running")
    DONE = "done", pgettext_lazy("batch", "Done")
    UNDOING = "undoing", pgettext_lazy("batch", "Being undone")
    UNDONE = "undone", pgettext_lazy("batch", "Undone")
    FAILED = "failed", pgettext_lazy("batch", "Stopped")


class Verdict(TextChoices):
    """What a trial run says of one row, and what became of it."""

    TODO = "todo", pgettext_lazy("verdict", "To do")
    NEW = "new", pgettext_lazy("verdict", "New")
    UPDATED = "updated", pgettext_lazy("verdict", "Update")
    DUPLICATE = "duplicate", pgettext_lazy("verdict", "Duplicate")
    SKIPPED = "skipped", pgettext_lazy("verdict", "Left out")
    REFUSED = "refused", pgettext_lazy("verdict", "Refused")


TO_BE_DONE = (Verdict.TODO, Verdict.NEW, Verdict.UPDATED)


class RowOutcome(TextChoices):
    WAITING = "", pgettext_lazy("outcome", "Waiting")
    DONE = "done", pgettext_lazy("outcome", "Done")
    SKIPPED = "skipped", pgettext_lazy("outcome", "Left out")
    UNDONE = "undone", pgettext_lazy("outcome", "Undone")
    KEPT = "kept", pgettext_lazy("outcome", "Not undone")


class Why(TextChoices):
    """Why a row is left out, refused or kept; `%(…)s` are filled in from the row's `detail`."""

    NO_WAY = "no_way", _("There is no way from this stage to that one.")
    THERE = "there", _("It is in this stage already.")
    NO_REASON = "no_reason", _("Say why it is closed.")
    NO_DAY = "no_day", _("Say until which day to wait.")
    ATTEMPTS = "attempts", _("Unreachable needs three attempts on two days.")
    IS_CLOSED = "is_closed", _("Nothing is to do for a closed sheet: open it again first.")
    WAITS = "waits", _("Who waits is taken up again on a day; who does not is called, written to or met.")
    NO_CALLS = "no_calls", _("They may not be called: reached already, and no consent to calls.")
    NO_MEMBER = "no_member", _("They are no member of this team.")
    THEIRS = "theirs", _("They follow this sheet up already.")
    IN_TEAM = "in_team", _("It is with this team already.")
    FOLLOWED = "followed", _("Somebody who is there follows this sheet up.")
    NOBODY_FREE = "nobody_free", _("Nobody of the team has room: it stays in the team’s queue.")
    MARKED = "marked", _("It is marked so already.")
    HELD = "held", _("A colleague is calling them at this moment.")
    CHANGED = "changed", _("Somebody has changed it since the trial run.")
    CHANGED_AFTER = "changed_after", _("Somebody has changed it since; it stays as it is.")
    GONE = "gone", _("It is no longer among those you follow up.")
    NO_ADDRESS = "no_address", _("Neither e-mail nor phone.")
    BAD_EMAIL = "bad_email", _("This is no e-mail address.")
    BAD_PHONE = "bad_phone", _("This is no phone number.")
    BAD_CODE = "bad_code", _("“%(value)s” is no French postal code: it has five digits.")
    BAD_DATE = "bad_date", _("“%(value)s” is no day: write it as 24/11/2026.")
    BAD_BIRTH = "bad_birth", _("The year of birth cannot be right.")
    BAD_KIND = "bad_kind", _("“%(value)s” is neither “information” nor “file”.")
    BAD_CHOICE = "bad_choice", _("“%(value)s” is none of the choices of its column.")
    NO_SESSION = "no_session", _("For which contest? A file needs one that is known here.")
    IN_FUTURE = "in_future", _("The day of the request is still to come.")
    TOO_YOUNG = "too_young", _("Under 15: nothing is kept.")
    ERASED = "erased", _("This person asked to be erased; nothing is kept of them.")
    TOO_LONG = "too_long", _("The column “%(column)s” is too long.")
    TOO_WIDE = "too_wide", _("More cells than there are columns.")
    SAME_LINE = "same_line", _("The same request as line %(line)s.")
    ASKED_BEFORE = "asked_before", _("Asked the same thing on %(day)s already.")
    FILLED = "filled", _("Known already: a new request, and what was missing is filled in.")
    KNOWN = "known", _("Known already: a new request.")
