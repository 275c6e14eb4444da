"""How far requests have come: each step of the way as a condition over leads, for figures and lists alike."""

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from leads.choices import FileStatus, FollowUpKind, LeadKind, Outcome, Stage, Step

PERSON = Coalesce("candidate__merged_into", "candidate")

_REGISTERED = Q(registered_at__isnull=False)
_COMPLETE = _REGISTERED | Q(status=FileStatus.COMPLETE)
_RETURNED = _COMPLETE | Q(returned_at__isnull=False)
_DOWNLOADED = _RETURNED | Q(downloaded_at__isnull=False)
_SENT = _DOWNLOADED | Q(sent_at__isnull=False)
# A file that came back counts as sent and downloaded, even where paper left no trace of it.
FILE_STEPS: dict[str, Q] = {
    Step.SENT: _SENT,
    Step.DOWNLOADED: _DOWNLOADED,
    Step.RETURNED: _RETURNED,
    Step.COMPLETE: _COMPLETE,
    Step.REGISTERED: _REGISTERED,
}
# What answers a request: somebody was talked to, written to by a person, or counted as contacted.
_ANSWER = (
    Q(kind=FollowUpKind.CALL, outcome=Outcome.REACHED)
    | Q(kind=FollowUpKind.MESSAGE, actor__isnull=False)
    | Q(kind=FollowUpKind.STAGE, data__to=Stage.CONTACTED)
)


def reached(step: str) -> Q:
    """The leads that came to `step`, of `Step`."""
    match step:
        case Step.WAY_KNOWN:
            return Q(source__isnull=False)
        case Step.ANSWERED:
            return Q(Exists(answers()))
    return Q(kind=LeadKind.REGISTRATION_FILE) & Q(Exists(_files().filter(FILE_STEPS[step])))


def _files() -> models.QuerySet:
    files = apps.get_model("leads.RegistrationFile")._default_manager
    return files.filter(candidate=OuterRef("candidate"), contest_session=OuterRef("contest_session"))


def answers() -> models.QuerySet:
    """What answered a lead, the first first: a subquery of leads."""
    told = apps.get_model("leads.FollowUp")._default_manager
    return told.filter(_ANSWER, candidate=OuterRef("candidate"), at__gte=OuterRef("at")).order_by("at")


def first_answer_at() -> Subquery:
    return Subquery(answers().values("at")[:1])


def posted(posting: str) -> Q:
    """The requests for a file of a contest with that first posting."""
    return Q(kind=LeadKind.REGISTRATION_FILE, contest_session__contest__posting=posting)
