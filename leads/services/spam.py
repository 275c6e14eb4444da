"""What a person marks as spam leaves the counts; unmarked, it is back in them."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from leads import freezing
from leads.batch_words import BatchKind, RowOutcome, Verdict, Why
from leads.bulk import copy_rows, id_set, update_rows
from leads.choices import FollowUpKind, Restated
from leads.counts import counted_of
from leads.errors import NotFound
from leads.models import Batch, BatchRow, Candidate, FollowUp, Lead
from leads.services.timeline import LINE, record


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
    # The person first, as everywhere else: an erasure holds them and then wants their requests.
    list(Candidate.objects.select_for_update(no_key=True).filter(pk=lead.candidate_id or 0))
    if not Lead.objects.filter(pk=lead_id, is_spam=not is_spam).update(is_spam=is_spam):
        return False
    if lead.candidate:
        record(lead.candidate, FollowUpKind.SPAM, actor=actor, now=now, lead=lead.pk, is_spam=is_spam)
    why = Restated.SPAM if is_spam else Restated.NO_SPAM
    freezing.count_lead(lead, -1 if is_spam else 1, reason=why, actor=actor, now=now)
    return True


# --- many at once ---------------------------------------------------------------------------------------------------
LEFT = ("pk", "lead_id")


def try_act(batch: Batch, ids: Collection[int], *, actor: User, now: datetime) -> None:
    """Say of each lead whether it would be marked, or unmarked."""
    is_spam = batch.kind == BatchKind.SPAM
    leads = dict(Lead.objects.in_scope_of(actor).filter(pk__in=ids).values_list("pk", "is_spam"))
    rows = ((n, pk if pk in leads else None, _why_not(leads.get(pk), is_spam)) for n, pk in enumerate(ids, 1))
    told: Iterable[tuple] = (
        (batch.pk, n, pk, Verdict.SKIPPED if why else Verdict.TODO, why or "", {}, "", {}) for n, pk, why in rows
    )
    copy_rows(BatchRow, ("batch_id", "number", "lead_id", "verdict", "why", "detail", "outcome", "before"), told)


def _why_not(marked: bool | None, is_spam: bool) -> Why | None:
    return Why.GONE if marked is None else Why.MARKED if marked == is_spam else None


def run_part(batch: Batch, rows: list[tuple], *, actor: User, now: datetime) -> None:
    """Mark, or unmark, the leads of `rows` (of `LEFT`) that are not so yet. In a transaction."""
    changed = _mark_all([lead for _row, lead in rows], batch.kind == BatchKind.SPAM, actor=actor, now=now)
    _tell(rows, changed, RowOutcome.DONE, RowOutcome.SKIPPED)


def undo_part(batch: Batch, rows: list[tuple], *, actor: User, now: datetime) -> None:
    changed = _mark_all([lead for _row, lead in rows], batch.kind != BatchKind.SPAM, actor=actor, now=now)
    _tell(rows, changed, RowOutcome.UNDONE, RowOutcome.KEPT)


def _tell(rows: list[tuple], changed: set[int], done: RowOutcome, left: RowOutcome) -> None:
    told = ((row, done, "") if lead in changed else (row, left, Why.MARKED) for row, lead in rows)
    update_rows(BatchRow, ("outcome", "why"), told)


def _mark_all(ids: list[int], is_spam: bool, *, actor: User, now: datetime) -> set[int]:
    """Those that changed: their persons' timelines say so, and the counts with them."""
    theirs = Lead.objects.in_scope_of(actor).filter(pk__in=id_set(ids), is_spam=not is_spam)
    people = Candidate.objects.filter(pk__in=theirs.values("candidate")).order_by("pk")
    list(people.select_for_update(no_key=True).values_list("pk"))  # before their requests, as everywhere else
    locked = theirs.order_by("pk").select_for_update(no_key=True, of=("self",))
    leads = list(locked.select_related("candidate", "contest_session").defer("search", "message"))
    Lead.objects.filter(pk__in=id_set(lead.pk for lead in leads)).update(is_spam=is_spam)
    said = ((lead, lead.candidate) for lead in leads if lead.candidate)
    lines = (
        (person.pk, FollowUpKind.SPAM, "", "", {"lead": lead.pk, "is_spam": is_spam}, actor.pk, now, person.version)
        for lead, person in said
    )
    copy_rows(FollowUp, LINE, lines)
    why = Restated.SPAM if is_spam else Restated.NO_SPAM
    counted = [counted_of(lead) for lead in leads]
    freezing.count_leads(counted, -1 if is_spam else 1, reason=why, actor=actor, now=now)
    return {lead.pk for lead in leads}
