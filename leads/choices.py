from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from recruitment.people import AgeBand, Situation

__all__ = [
    "ABROAD",
    "ANY",
    "FAILED_ATTEMPTS",
    "HEARD_FROM_LENGTH",
    "KEY_LENGTH",
    "LETTER_LENGTH",
    "MESSAGE_LENGTH",
    "NAME_LENGTH",
    "NONE",
    "NOTE_LENGTH",
    "OPEN_STAGES",
    "REASON_LENGTH",
    "RUNNING_STAGES",
    "SUBJECT_LENGTH",
    "UNKNOWN",
    "ActionKind",
    "AgeBand",
    "ClosedReason",
    "ConsentMethod",
    "Dimension",
    "DiplomaLevel",
    "DocumentStatus",
    "FileStatus",
    "FollowUpKind",
    "LeadKind",
    "Outcome",
    "Posting",
    "Purpose",
    "SessionStatus",
    "Situation",
    "SourceKey",
    "Stage",
]

NAME_LENGTH = 80
MESSAGE_LENGTH = 2000
HEARD_FROM_LENGTH = 120
NOTE_LENGTH = 4000
SUBJECT_LENGTH = 120
REASON_LENGTH = 200
LETTER_LENGTH = 4000
KEY_LENGTH = 60


class LeadKind(TextChoices):
    INFORMATION = "information", _("information")
    REGISTRATION_FILE = "registration_file", _("registration file")


class Stage(TextChoices):
    NEW = "new", _("New")
    CONTACTED = "contacted", _("Contacted")
    QUALIFIED = "qualified", _("Qualified")
    APPLYING = "applying", _("Applying")
    REGISTERED = "registered", _("Registered")
    WAITING = "waiting", _("Waiting")
    CLOSED = "closed", pgettext_lazy("stage", "Closed")


OPEN_STAGES = (Stage.NEW, Stage.CONTACTED, Stage.QUALIFIED, Stage.APPLYING, Stage.WAITING)
RUNNING_STAGES = (Stage.NEW, Stage.CONTACTED, Stage.QUALIFIED, Stage.APPLYING)


class ClosedReason(TextChoices):
    NOT_ELIGIBLE = "not_eligible", _("not eligible")
    NOT_INTERESTED = "not_interested", _("not interested")
    UNREACHABLE = "unreachable", _("unreachable")
    REGISTERED_ELSEWHERE = "registered_elsewhere", _("registered elsewhere")
    WITHDRAWN = "withdrawn", _("no longer wants to")
    OUT_OF_SCOPE = "out_of_scope", _("out of scope")
    DUPLICATE = "duplicate", _("duplicate")
    TEST = "test", _("test")


class ActionKind(TextChoices):
    CALL = "call", _("Call")
    WRITE = "write", _("Write")
    CHECK_FILE = "check_file", _("Check the file")
    MEET = "meet", _("Meet")
    RESUME = "resume", _("Take up again")


class FileStatus(TextChoices):
    REQUESTED = "requested", _("Requested")
    SENT = "sent", _("Sent")
    DOWNLOADED = "downloaded", _("Downloaded")
    RETURNED = "returned", _("Returned")
    INCOMPLETE = "incomplete", _("Incomplete")
    COMPLETE = "complete", _("Complete")
    REGISTERED = "registered", pgettext_lazy("file", "Registered")
    CLOSED = "closed", pgettext_lazy("file", "Closed")


class DocumentStatus(TextChoices):
    """Of a document of a file; one without a row is missing."""

    RECEIVED = "received", pgettext_lazy("document", "Received")
    ACCEPTED = "accepted", pgettext_lazy("document", "Accepted")
    REFUSED = "refused", pgettext_lazy("document", "To be sent again")
    NOT_HAD = "not_had", pgettext_lazy("document", "Not available")


class SessionStatus(TextChoices):
    ANNOUNCED = "announced", _("announced")
    OPEN = "open", pgettext_lazy("session", "open")
    CLOSED = "closed", pgettext_lazy("session", "closed")
    ARCHIVED = "archived", _("archived")


class Posting(TextChoices):
    NATIONAL = "national", _("anywhere in France")
    IDF = "idf", _("in Île-de-France")
    LOCAL = "local", _("in one département")


class DiplomaLevel(TextChoices):
    """Levels of the French national framework (RNCP); 4 is the baccalauréat."""

    NONE = "none", _("no diploma")
    LEVEL_3 = "3", _("CAP, BEP, brevet")
    IN_PROGRESS = "4_in_progress", _("baccalauréat this year")
    LEVEL_4 = "4", _("baccalauréat or equivalent")
    LEVEL_5 = "5", _("two years after the baccalauréat")
    LEVEL_6 = "6", _("licence, three years after the baccalauréat")
    LEVEL_7 = "7", _("master, five years after the baccalauréat, or more")


class Purpose(TextChoices):
    RECONTACT = "recontact", _("write to me when a new contest opens")
    PHONE = "phone", _("call me to help with the file, for a year at most")
    NEWSLETTER = "newsletter", _("send me the monthly letter")
    SURVEY = "survey", _("ask me what I think of this service, once")


class ConsentMethod(TextChoices):
    FORM = "form", _("request form")
    FOLLOW_PAGE = "follow_page", _("follow page")
    PHONE = "phone", _("by phone")
    UNSUBSCRIBE = "unsubscribe", _("unsubscribe link")
    MERGE = "merge", _("merge of two sheets")


class FollowUpKind(TextChoices):
    REQUEST = "request", _("request")
    CALL = "call", _("call")
    MESSAGE = "message", _("message")
    NOTE = "note", _("note")
    STAGE = "stage", _("stage")
    FILE = "file", _("file")
    CONSENT = "consent", _("consent")
    ASSIGNMENT = "assignment", _("assignment")
    NEXT_ACTION = "next_action", _("next action")
    VERIFICATION = "verification", _("address verified")
    CORRECTION = "correction", _("correction")
    PROPOSAL = "proposal", _("proposed correction")
    SPAM = "spam", _("spam")
    STOP = "stop", _("everything stopped")
    RETENTION = "retention", _("time of keeping")
    MERGE = "merge", _("merge")
    UNDO = "undo", _("taken back")
    INCOMING = "incoming", _("message received")


class MailEventKind(TextChoices):
    """What a mail server tells of a mail that was sent."""

    BOUNCE = "bounce", _("came back")
    DELAY = "delay", _("delayed")
    COMPLAINT = "complaint", _("marked as unwanted")


class SharedKey(TextChoices):
    """By what two sheets may be one person's."""

    PHONE = "phone", _("same phone")
    PERSON = "person", _("same name, same birth date")
    MAIL = "mail", _("same address, spelt otherwise")


class Outcome(TextChoices):
    REACHED = "reached", _("Reached")
    VOICEMAIL = "voicemail", _("Voicemail")
    NO_ANSWER = "no_answer", _("No answer")
    WRONG_NUMBER = "wrong_number", _("Wrong number")
    NO_MORE_CALLS = "no_more_calls", _("Wants no more calls")


FAILED_ATTEMPTS = (Outcome.VOICEMAIL, Outcome.NO_ANSWER, Outcome.WRONG_NUMBER)


class Dimension(TextChoices):
    """By what leads are counted; `all` is the total."""

    ALL = "all", _("all")
    REGION = "region", _("region")
    DEPARTMENT = "department", _("département")
    SOURCE = "source", _("source")
    CONTEST = "contest", _("contest")
    SESSION = "session", _("session")
    ROOM = "room", _("room")
    AGE_BAND = "age_band", _("age band")


class Step(TextChoices):
    """How far requests got, as the reports tell it."""

    WAY_KNOWN = "way_known", pgettext_lazy("requests", "Way known")
    ANSWERED = "answered", pgettext_lazy("requests", "Answered")
    SENT = "sent", pgettext_lazy("requests", "File sent")
    DOWNLOADED = "downloaded", pgettext_lazy("requests", "File downloaded")
    RETURNED = "returned", pgettext_lazy("requests", "File returned")
    COMPLETE = "complete", pgettext_lazy("requests", "File complete")
    REGISTERED = "registered", pgettext_lazy("requests", "Registered")


STEPS_OF_FILES = (Step.SENT, Step.DOWNLOADED, Step.RETURNED, Step.COMPLETE, Step.REGISTERED)  # one within the other


class Came(TextChoices):
    """When a room's requests came, by the room's own times."""

    BEFORE = "before", pgettext_lazy("requests of a room", "before it")
    DURING = "during", pgettext_lazy("requests of a room", "during it")
    DAY = "day", pgettext_lazy("requests of a room", "within 24 hours")
    MONTH = "month", pgettext_lazy("requests of a room", "within 30 days")
    LATER = "later", pgettext_lazy("requests of a room", "later")


class Restated(TextChoices):
    """What changed a week's figures after they were frozen."""

    SPAM = "spam", _("a request was marked as spam")
    NO_SPAM = "no_spam", _("a request is no longer marked as spam")
    LATE = "late", _("a request of that week came in afterwards")
    UNDONE = "undone", _("an import was undone")
    RECOUNT = "recount", _("the nightly comparison found another count")
    MERGE = "merge", _("two people turned out to be one")
    NO_MERGE = "no_merge", _("a merge of two people was undone")


class SourceKey(TextChoices):
    """Sources that the code itself names; all others are rows alone."""

    DECLARED = "declared", _("declared")
    PHONE = "phone", _("phone")
    IMPORT = "import", pgettext_lazy("source", "import")
    FRIEND = "ami", _("invite a friend")


INVITATION = "ami"  # the code of the link that candidates pass on
WAITING_COUNTED_TO = 1_000  # what waits for somebody is counted so far; one more stands for "more"
UNKNOWN = "unknown"
ABROAD = "abroad"
NONE = "none"
ANY = "any"
