"""What candidates write to us on their follow page."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from leads.choices import ActionKind, ClosedReason, FollowUpKind, LeadKind
from leads.errors import NotAllowed
from leads.models import Candidate, FollowUp
from leads.services.candidates import OF_STAGE, ask_for_action, record_move
from leads.services.timeline import locked_candidate, record, save_change
from leads.stages import ANSWER_WITHIN, working_days_after

DAY = timedelta(days=1)
WRITTEN_A_DAY = 5


@transaction.atomic
def write_to_us(*, candidate_id: int, text: str, now: datetime) -> FollowUp:
    """Put what a candidate writes on their timeline; somebody is to answer it within two working days.

    The same text within a day is the same message. Whoever had been closed for another reason than their own wish is
    open again, as by a new request. Raises `NotFound`, `NotAllowed` (stopped by themselves, five messages in a day).
    """
    candidate = locked_candidate(candidate_id, actor=None)
    written = candidate.follow_ups.filter(kind=FollowUpKind.INCOMING, at__gt=now - DAY)
    if same := written.filter(text=text).first():
        return same
    if candidate.closed_reason == ClosedReason.WITHDRAWN:
        raise NotAllowed(_("You have stopped everything: send a new request, and we write to you again."))
    if written.count() >= WRITTEN_A_DAY:
        raise NotAllowed(_("You have written %d times since yesterday: we answer first.") % WRITTEN_A_DAY)
    _have_it_answered(candidate, now)
    return record(candidate, FollowUpKind.INCOMING, actor=None, now=now, text=text)


def _have_it_answered(candidate: Candidate, now: datetime) -> None:
    before, since = candidate.stage, candidate.stage_at
    due_at = working_days_after(now, ANSWER_WITHIN[LeadKind.INFORMATION])
    ask_for_action(candidate, ActionKind.WRITE, due_at, now=now, note=_("Answer their message"))
    candidate.last_contact_at = now
    save_change(candidate, *OF_STAGE, "last_contact_at")
    if candidate.stage != before:
        record_move(candidate, before, since, actor=None, now=now)
