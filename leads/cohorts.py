"""How far requests have come: each step of the way as a condition over leads, for figures and lists alike."""

from datetime import timedelta

from django.apps import apps
from django.db.models import Case, F, FilteredRelation, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce

from leads.choices import Came, FileStatus, FollowUpKind, LeadKind, Outcome, Stage, Step

PERSON = Coalesce("merged__merged_into", "candidate")

ANSWERABLE = Q(candidate__isnull=False) | Q(answered_at__isnull=False)  # of who was erased, the answered ones
WAIT = F("answered_at") - F("at")  # until the first answer

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


def merged() -> FilteredRelation:
    """Of leads, what `PERSON` reads. Few are merged: nobody else's row is looked at for it."""
    return FilteredRelation("candidate", condition=Q(candidate__merged_into__isnull=False))  # it serves one query


def reached(step: str) -> Q:
    """The leads that came to `step`, of `Step`, as `leads.progress` keeps it on them."""
    match step:
        case Step.WAY_KNOWN:
            return Q(source__isnull=False)
        case Step.ANSWERED:
            return Q(answered_at__isnull=False)
    return Q(file_step__gt=list(FILE_STEPS).index(step))


def first_answer_at() -> Subquery:
    """Of leads: when somebody first answered."""
    told = apps.get_model("leads.FollowUp")._default_manager
    answers = told.filter(_ANSWER, taken_back_at=None, candidate=OuterRef("candidate"), at__gte=OuterRef("at"))
    return Subquery(answers.order_by("at").values("at")[:1])


def file_step() -> Case:
    """Of leads: to how many of `FILE_STEPS` the file that they asked for has come; a candidate has one a session."""
    files = apps.get_model("leads.RegistrationFile")._default_manager
    own = files.filter(candidate=OuterRef("candidate"), contest_session=OuterRef("contest_session"))
    furthest_first = reversed(list(enumerate(FILE_STEPS.values(), 1)))
    come = Case(*(When(condition, then=number) for number, condition in furthest_first), default=0)
    asked = When(kind=LeadKind.REGISTRATION_FILE, then=Coalesce(Subquery(own.values(come=come)), 0))
    return Case(asked, default=0)


def posted(posting: str) -> Q:
    """The requests for a file of a contest with that first posting."""
    return Q(kind=LeadKind.REGISTRATION_FILE, contest_session__contest__posting=posting)


_OPENS, _CLOSES = F("room__opens_at"), F("room__closes_at")
CAME: dict[str, Q] = {
    Came.BEFORE: Q(at__lt=_OPENS),
    Came.DURING: Q(at__gte=_OPENS, at__lt=_CLOSES),
    Came.DAY: Q(at__gte=_CLOSES, at__lt=_CLOSES + timedelta(days=1)),
    Came.MONTH: Q(at__gte=_CLOSES + timedelta(days=1), at__lt=_CLOSES + timedelta(days=30)),
    Came.LATER: Q(at__gte=_CLOSES + timedelta(days=30)),
}
