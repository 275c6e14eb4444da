"""What a person marks as spam leaves the counts; unmarked, it is back in them."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from leads import freezing
from leads.choices import FollowUpKind, Restated
from leads.errors import NotFound
from leads.models import Lead
from leads.services.timeline import record


def mark_spam(*, lead_id: int, actor: User, now: datetime) -> bool:
    """Take a lead out of the counts; whether it was in them. Raises `NotFound`."""
    return _set_spam(lead_id, True, actor, now)


def unmark_spam(*, lead_id: int, actor: User, now: datetime) -> bool:
    """Put a lead back into the counts; whether it was out of them. Raises `NotFound`."""
    return _set_spam(lead_id, False, actor, now)


@transaction.atomic
def _set_spam(lead_id: int, is_spam: bool, actor: User, now: datetime) -> bool:
    theirs = Lead.objects.in_scope_of(actor).filter(pk=lead_id)
    lead = theirs.select_related("candidate", "contest_session").first()
    if lead is None:
        raise NotFound(_("There is no such lead."))
    if not Lead.objects.filter(pk=lead_id, is_spam=not is_spam).update(is_spam=is_spam):
        return False
    if lead.candidate:
        record(lead.candidate, FollowUpKind.SPAM, actor=actor, now=now, lead=lead.pk, is_spam=is_spam)
    why = Restated.SPAM if is_spam else Restated.NO_SPAM
    freezing.count_lead(lead, -1 if is_spam else 1, reason=why, actor=actor, now=now)
    return True
