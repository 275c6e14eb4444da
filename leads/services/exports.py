"""What somebody took away is known: one row an export, with the set of its people."""

from array import array
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from leads.idsets import packed
from leads.models import Export, ExportedBlock
from leads.querysets import CandidateQuerySet

READ_AT_ONCE = 10_000


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
