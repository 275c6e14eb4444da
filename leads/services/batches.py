"""Acts on many at once, imports and exports: begun, tried, confirmed, run by a task in parts, undone.

A part is one transaction, and its rows say what became of them: after a crash the next look goes on behind it, and
nothing is done twice; an export is written anew. Everything that a batch writes is dated by the moment it was
confirmed at.
"""

import logging
from array import array
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from leads import outbox
from leads.batch_words import BatchKind, BatchState
from leads.bulk import index_later, uncollected
from leads.errors import NotAllowed, NotFound
from leads.idsets import rolled, unrolled
from leads.models import Batch, BatchRow
from leads.services import bulk_acts, exports, imported, imports, imports_undone, spam

logger = logging.getLogger(__name__)
Clock = Callable[[], datetime]
MOST = 50_000  # rows of one act
PART = 2_000
HELD_FOR = timedelta(minutes=2)  # by a worker, renewed with each part
UNDO_WITHIN = timedelta(days=30)
FILE_KEPT_FOR = timedelta(days=7)


class Runner(NamedTuple):
    """`run_part` and `undo_part` are given rows that are left: the columns that `to_run` and `to_undo` name."""

    run_part: Callable[..., None]
    undo_part: Callable[..., None]
    to_run: tuple[str, ...]
    to_undo: tuple[str, ...]
    part: int = PART


_ON_CANDIDATES = Runner(bulk_acts.run_part, bulk_acts.undo_part, bulk_acts.LEFT, bulk_acts.LEFT)
_ON_LEADS = Runner(spam.run_part, spam.undo_part, spam.LEFT, spam.LEFT)
_IMPORT = Runner(imported.run_part, imports_undone.undo_part, imported.LEFT, imports_undone.LEFT, imported.PART)
RUNNERS: Mapping[str, Runner] = {
    **dict.fromkeys(bulk_acts.ACTS, _ON_CANDIDATES),
    **dict.fromkeys((BatchKind.SPAM, BatchKind.NO_SPAM), _ON_LEADS),
    BatchKind.IMPORT: _IMPORT,
}


# --- prepared -------------------------------------------------------------------------------------------------------
def begin_act(*, kind: BatchKind, list_name: str, query: str, ids: Iterable[int], actor: User, now: datetime) -> Batch:
    """Note down whom an act is about: just these, whatever the list becomes. Raises `NotAllowed` (nobody, too many)."""
    wanted = array("q", sorted(set(ids)))
    if not wanted:
        raise NotAllowed(_("Nothing was chosen: tick those concerned, or take the whole list."))
    if len(wanted) > MOST:
        raise NotAllowed(_("These are more than %d at once: narrow the list.") % MOST)
    return Batch.objects.create(
        kind=kind, list_name=list_name, query=query, ids=rolled(wanted), by=actor, created_at=now
    )


def ids_of(batch: Batch) -> array:
    return unrolled(batch.ids)


@transaction.atomic
def try_act(*, batch_id: int, options: Mapping[str, Any], actor: User, now: datetime) -> Batch:
    """Say of each row what the act would do to it, and write nothing else. `options`: as JSON holds them.

    Raises `NotFound`, `NotAllowed` (it runs already).
    """
    batch = _locked(batch_id, actor, BatchState.DRAFT, BatchState.TRIED)
    batch.options, batch.state = dict(options), BatchState.TRIED
    batch.save(update_fields=["options", "state"])
    BatchRow.objects.filter(batch=batch)._raw_delete("default")
    is_about_leads = RUNNERS[batch.kind] is _ON_LEADS
    (spam if is_about_leads else bulk_acts).try_act(batch, ids_of(batch), actor=actor, now=now)
    return batch


@transaction.atomic
def forget_batch(*, batch_id: int, actor: User) -> None:
    """Give up what was not confirmed. Raises `NotFound`, `NotAllowed`."""
    batch = _locked(batch_id, actor, BatchState.DRAFT, BatchState.TRIED)
    imports.remove_file(batch)
    batch.delete()


def _locked(batch_id: int, actor: User, *states: BatchState) -> Batch:
    batch = Batch.objects.in_scope_of(actor).select_for_update(of=("self",)).filter(pk=batch_id).first()
    if batch is None:
        raise NotFound(_("There is no such batch."))
    if batch.state not in states:
        raise NotAllowed(_("It is past that: have another look at where it is."))
    return batch


# --- confirmed ------------------------------------------------------------------------------------------------------
@transaction.atomic
def confirm_batch(*, batch_id: int, actor: User, now: datetime) -> Batch:
    """Have it run as it was tried. Raises `NotFound`, `NotAllowed` (not tried, nothing to do)."""
    batch = _locked(batch_id, actor, BatchState.TRIED)
    if not batch.rows.to_do().exists():
        raise NotAllowed(_("Nothing of it can be done: change what is asked, or give it up."))
    return _let_run(batch, BatchState.RUNNING, started_at=now)


@transaction.atomic
def undo_batch(*, batch_id: int, actor: User, now: datetime) -> Batch:
    """Have it undone, but for what somebody has changed since. Raises `NotFound`, `NotAllowed` (too late;
    an export).
    """
    batch = _locked(batch_id, actor, BatchState.DONE, BatchState.FAILED)
    if batch.kind == BatchKind.EXPORT:
        raise NotAllowed(_("What was taken away cannot be taken back."))
    if batch.started_at is None or now - batch.started_at > UNDO_WITHIN:
        raise NotAllowed(_("This is more than %d days ago and can no longer be undone.") % UNDO_WITHIN.days)
    return _let_run(batch, BatchState.UNDOING, undone_at=now)


def _let_run(batch: Batch, state: BatchState, **times: datetime) -> Batch:
    batch.state, batch.held_until, batch.problem = state, None, ""
    for name, at in times.items():
        setattr(batch, name, at)
    batch.save(update_fields=["state", "held_until", "problem", *times])
    transaction.on_commit(outbox.nudge, robust=True)
    return batch


# --- run ------------------------------------------------------------------------------------------------------------
def run_batches(*, clock: Clock) -> int:
    """Run what is confirmed and in nobody's hands; how many batches. By several at once each is run by one."""
    return sum(run_batch(batch_id, clock=clock) for batch_id in _going(clock()))


def _going(now: datetime) -> list[int]:
    return list(Batch.objects.going(now).values_list("pk", flat=True))


def run_batch(batch_id: int, *, clock: Clock) -> bool:
    """Run one to its end; False where somebody else does. What stops it is told on its page and in the log."""
    now = clock()
    if not Batch.objects.going(now).filter(pk=batch_id).update(held_until=now + HELD_FOR):
        return False
    try:
        _run(batch_id, clock)
    except imports.FileIsGone as gone:
        _stop(batch_id, str(gone.message))
    except Exception:  # one batch that cannot go on must not stop the others, nor stay "running" for ever
        logger.exception("batch %s stopped", batch_id)
        _stop(batch_id, _("An error stopped it; what was done is told below. Your operator finds more in the log."))
    else:
        _end(batch_id, clock())
    return True


def _run(batch_id: int, clock: Clock) -> None:
    if Batch.objects.filter(pk=batch_id, kind=BatchKind.EXPORT).exists():
        for _page in exports.write_list(batch_id):
            _hold(batch_id, clock)
        return
    while _run_part(batch_id, clock):
        pass


def _hold(batch_id: int, clock: Clock) -> None:
    Batch.objects.filter(pk=batch_id).update(held_until=clock() + HELD_FOR)


@uncollected()
@transaction.atomic
def _run_part(batch_id: int, clock: Clock) -> bool:
    """One part, under the lock of the batch: whoever comes second finds what is left. False: nothing was."""
    batch = Batch.objects.select_for_update(of=("self",)).select_related("by").get(pk=batch_id)
    runner, actor = RUNNERS[batch.kind], batch.by
    if actor is None or not batch.is_going:
        return False
    undoes = batch.state == BatchState.UNDOING
    left = batch.rows.done().order_by("-number") if undoes else batch.rows.to_do()
    rows = list(left.values_list(*(runner.to_undo if undoes else runner.to_run))[: runner.part])
    if not rows:
        return False
    index_later()
    now = batch.undone_at if undoes else batch.started_at
    (runner.undo_part if undoes else runner.run_part)(batch, rows, actor=actor, now=now)
    _hold(batch_id, clock)
    return True


def _stop(batch_id: int, why: str) -> None:
    going = Batch.objects.filter(pk=batch_id)
    going.update(state=BatchState.FAILED, problem=why[:200], held_until=None)


def _end(batch_id: int, now: datetime) -> None:
    going = Batch.objects.filter(pk=batch_id)
    going.filter(state=BatchState.RUNNING).update(state=BatchState.DONE, ended_at=now, held_until=None)
    going.filter(state=BatchState.UNDOING).update(state=BatchState.UNDONE, held_until=None)


def forget_old_batches(*, now: datetime) -> int:
    """Once a day: files of a week ago go, and what was begun then and never confirmed; how many."""
    old = now - FILE_KEPT_FOR
    for batch in Batch.objects.filter(~Q(file=""), created_at__lt=old):
        imports.remove_file(batch)
    unconfirmed = Batch.objects.filter(state__in=(BatchState.DRAFT, BatchState.TRIED), created_at__lt=old)
    exports.sweep_lists(now=now)
    return unconfirmed.delete()[1].get("leads.Batch", 0)
