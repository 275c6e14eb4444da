"""What somebody took away is known: one row an export, with the set of its people; a workbook is written by a task."""

import secrets
from array import array
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import partial
from tempfile import TemporaryFile

from django.contrib.auth.models import User
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q
from django.utils import translation
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from leads import outbox, uploads
from leads.batch_words import BatchKind, BatchState
from leads.candidate_book import MOST_ROWS, write_book
from leads.candidate_file import Words
from leads.errors import NotAllowed
from leads.idsets import packed, rolled, unrolled
from leads.models import Batch, Export, ExportedBlock
from leads.querysets import CandidateQuerySet

READ_AT_ONCE = 10_000
FOLDER = "lists"


@transaction.atomic
def record_export(
    *, rows: CandidateQuerySet, list_name: str, query: str, reason: str, actor: User, now: datetime
) -> array:
    """Write down that `actor` takes these candidates away; their ids, in the order of the list, eight bytes each.

    What is handed out are these ids and no others, whatever the list becomes meanwhile.
    """
    ids = array("q", rows.in_scope_of(actor).values_list("pk", flat=True).iterator(READ_AT_ONCE))
    export = Export.objects.create(list_name=list_name, query=query, reason=reason, rows=len(ids), by=actor, at=now)
    ExportedBlock.objects.bulk_create(
        ExportedBlock(export=export, block=block, bits=bits) for block, bits in packed(ids).items()
    )
    return ids


@transaction.atomic
def begin_export(
    *, rows: CandidateQuerySet, list_name: str, query: str, reason: str, actor: User, now: datetime
) -> Batch:
    """Record an export and have a task write it as a workbook, in the language of this moment.

    Raises `NotAllowed` (more rows than a sheet has).
    """
    ids = record_export(rows=rows, list_name=list_name, query=query, reason=reason, actor=actor, now=now)
    if len(ids) > MOST_ROWS:
        most = number_format(MOST_ROWS, use_l10n=True, force_grouping=True)
        raise NotAllowed(_("An Excel sheet holds %s rows at most: narrow the list, or take it as CSV.") % most)
    batch = Batch.objects.create(
        kind=BatchKind.EXPORT,
        state=BatchState.RUNNING,
        list_name=list_name,
        query=query,
        ids=rolled(ids),
        options={"rows": len(ids), "written": 0, "language": translation.get_language()},
        by=actor,
        created_at=now,
        started_at=now,
    )
    transaction.on_commit(outbox.nudge, robust=True)
    return batch


def write_list(batch_id: int) -> Iterator[None]:
    """Write the workbook of an export into the private storage, from its beginning; after each page the caller goes on.

    The first who comes to its end keeps theirs; where the export was stopped meanwhile, nobody does.
    """
    going = Batch.objects.filter(pk=batch_id, state=BatchState.RUNNING, file="")
    batch = going.first()
    if batch is None or batch.started_at is None:
        return
    with TemporaryFile() as file, translation.override(batch.options["language"]):
        for written in write_book(file, unrolled(batch.ids), Words(batch.started_at, guarded=False)):
            going.update(options=batch.options | {"written": written})
            yield
        file.seek(0)
        path = default_storage.save(f"{FOLDER}/{secrets.token_hex(8)}.xlsx", File(file))
    if not going.update(file=path, options=batch.options | {"written": batch.options["rows"]}):
        default_storage.delete(path)


def remove_lists_of(candidate_ids: Iterable[int]) -> None:
    """Remove every workbook that holds one of these people, and stop the writing of one. In a transaction."""
    gone = set(candidate_ids)
    lists = Batch.objects.filter(~Q(file="") | Q(state=BatchState.RUNNING), kind=BatchKind.EXPORT)
    for batch in lists.order_by("pk").select_for_update(no_key=True):
        if gone.isdisjoint(unrolled(batch.ids)):
            continue
        if batch.file:
            transaction.on_commit(partial(default_storage.delete, batch.file))
        batch.state, batch.file, batch.held_until = BatchState.FAILED, "", None
        batch.problem = _("Somebody in it was erased: the file is gone; export the list anew.")
        batch.save(update_fields=["state", "file", "held_until", "problem"])


def sweep_lists(*, now: datetime) -> int:
    """Remove workbooks of yesterday that no export names, left behind by a worker that ended; how many."""
    named = set(Batch.objects.filter(kind=BatchKind.EXPORT).exclude(file="").values_list("file", flat=True))
    return uploads.remove_older(than=now - timedelta(days=1), but=named, folder=FOLDER)
