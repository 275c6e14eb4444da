"""How far each lead has come, kept on it: read from timelines and files, a week of many leads takes a second.

A lead that lost its person, or whose person was erased, keeps what it had come to.
"""

from collections.abc import Iterable

from django.db.models import Max

from leads.bulk import id_set
from leads.cohorts import file_step, first_answer_at
from leads.models import Lead
from leads.querysets import LeadQuerySet

AT_ONCE = 20_000


def keep_progress(candidate_ids: Iterable[int]) -> None:
    """Write anew how far the leads of these people have come: in the transaction of the change, under their lock."""
    _keep(Lead.objects.filter(candidate__in=id_set(candidate_ids)))


def restore_progress() -> int:
    """The same of all leads, part after part; how many were behind."""
    last = Lead.objects.aggregate(last=Max("pk"))["last"] or 0
    parts = range(1, last + 1, AT_ONCE)
    return sum(_keep(Lead.objects.filter(pk__range=(first, first + AT_ONCE - 1))) for first in parts)


def _keep(leads: LeadQuerySet) -> int:
    return leads.behind().order_by().update(answered_at=first_answer_at(), file_step=file_step())
