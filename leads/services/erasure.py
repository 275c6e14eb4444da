"""A person is erased: asked for by themselves or by the data protection officer, or because their time is over.

What is left is codes and bands: the row of the candidate without anybody's name, the requests as they are counted,
the dates of the timeline. The figures do not change. Of who asked for it a keyed hash stays, in the database
(`Suppression`) and in a file outside it (`leads.erasures`), so that neither an import nor an older backup brings them
back.
"""

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from leads import erasures, traces, uploads
from leads.choices import OPEN_STAGES, ClosedReason, FileStatus, Stage
from leads.errors import NotFound
from leads.identity import normalised_email, person_hash
from leads.models import (
    BatchRow,
    Candidate,
    Consent,
    FileDocument,
    FollowToken,
    FollowUp,
    Lead,
    Merge,
    Message,
    Receipt,
    RegistrationFile,
    Suppression,
)
from leads.services.duplicates import forget_keys, keys_of
from leads.services.exports import remove_lists_of

# Of a line of the timeline: what happened, not to whom.
CODES = frozenset(
    {
        "lead",
        "file",
        "document",
        "status",
        "start",
        "to",
        "reason",
        "given",
        "withdrawn",
        "template",
        "is_spam",
        "action",
        "due_at",
        "taken",
    }
)
NOBODY: dict[str, Any] = {
    "email": "",
    "phone": "",
    "first_name": "",
    "last_name": "",
    "birth_date": None,
    "postal_code": "",
    "diploma_level": "",
    "situation": "",
    "search": "",
}
NOTHING_SAID: dict[str, Any] = {"message": "", "message_digest": "", "heard_from": "", "consents": []}
NOTHING_TO_DO: dict[str, Any] = {
    "name_key": "",
    "mail_key": "",
    "owner": None,
    "next_action": "",
    "next_action_at": None,
    "next_action_note": "",
    "claimed_by": None,
    "claimed_until": None,
}


@transaction.atomic
def erase_candidate(*, candidate_id: int, now: datetime) -> list[str]:
    """Erase somebody who asked for it, with whoever was merged into them; the hashes that stay.

    Raises `NotFound` where nobody is left to erase. The file of erasures is written before the commit: after a crash
    in between, the next start erases them.
    """
    people = _locked(candidate_id)
    hashes = sorted({person_hash(p.email, p.phone, p.name_key) for p in people if p.email or p.phone})
    erasures.append(hashes, at=now)
    _remember(hashes, now)
    _scrub(people, now)
    return hashes


@transaction.atomic
def anonymise_candidate(*, candidate_id: int, now: datetime) -> None:
    """Erase somebody whose time is over. No hash stays: nobody asked not to be written to. Raises `NotFound`."""
    _scrub(_locked(candidate_id), now)


def find_person(email: str) -> Candidate | None:
    """Whom an address belongs to, in any spelling of its letters' case."""
    return Candidate.objects.current().filter(email=normalised_email(email)).first()


def replay_erasures(*, now: datetime) -> int:
    """Erase anew whom an older backup has brought back; the number of people.

    Who came back by a request of their own after they were erased stays. The file learns what only the database
    knows, such as erasures of another machine.
    """
    logged = erasures.read()
    marked = {row.hash: row.erased_at for row in Suppression.objects.all() if row.erased_at}
    for digest, at in marked.items():
        if digest not in logged:
            erasures.append([digest], at=at)
    missing = {digest: at for digest, at in logged.items() if digest not in marked or marked[digest] < at}
    return sum(_erase_anew(*found) for found in _brought_back(missing)) if missing else 0


def _brought_back(missing: dict[str, datetime]) -> list[tuple[int | None, str, datetime]]:
    """(candidate or None, hash, moment of the erasure), one for each that the database does not know of."""
    people = Candidate.objects.filter(erased_at__isnull=True).exclude(email="", phone="")
    there: dict[str, int] = {}
    for pk, email, phone, key, created_at in people.values_list(
        "pk", "email", "phone", "name_key", "created_at"
    ).iterator():
        digest = person_hash(email, phone, key)
        if digest in missing and created_at <= missing[digest]:
            there[digest] = pk
    return [(there.get(digest), digest, at) for digest, at in missing.items()]


@transaction.atomic
def _erase_anew(candidate_id: int | None, digest: str, at: datetime) -> bool:
    _remember([digest], at)
    people = _people(candidate_id) if candidate_id else []
    _scrub(people, at)
    return bool(people)


def _locked(candidate_id: int) -> list[Candidate]:
    people = _people(candidate_id)
    if not people:
        raise NotFound(_("There is no such candidate."))
    return people


def _people(candidate_id: int) -> list[Candidate]:
    """The candidate, whom they were merged into, and all who were: one person, locked."""
    root = Candidate.objects.filter(pk=candidate_id).values_list("merged_into", flat=True).first() or candidate_id
    rows = Candidate.objects.select_for_update().filter(Q(pk=root) | Q(merged_into=root), erased_at__isnull=True)
    return list(rows.order_by("pk"))


def _remember(hashes: Iterable[str], now: datetime) -> None:
    for digest in hashes:
        Suppression.objects.update_or_create(hash=digest, defaults={"at": now, "erased_at": now})


# --- what is scrubbed -----------------------------------------------------------------------------------------------
def _scrub(people: list[Candidate], now: datetime) -> None:
    ids = [person.pk for person in people]
    leads = list(Lead.objects.filter(candidate__in=ids))
    known = traces.of(people, leads)
    _scrub_requests(ids)
    _scrub_timeline(ids)
    elsewhere = Q(candidate=None, recipient__in=known.emails) & ~Q(template="invitation")
    Message.objects.filter(Q(candidate__in=ids) | elsewhere).delete()
    _remove_documents(ids)
    remove_lists_of(ids)
    Consent.objects.filter(candidate__in=ids).delete()
    FollowToken.objects.filter(candidate__in=ids).delete()
    going_on = RegistrationFile.objects.filter(candidate__in=ids).exclude(
        status__in=(FileStatus.CLOSED, FileStatus.REGISTERED)
    )
    going_on.update(status=FileStatus.CLOSED, status_at=now)
    BatchRow.objects.filter(candidate__in=ids).update(before={}, detail={}, version=None)  # no way back
    Merge.objects.filter(Q(kept__in=ids) | Q(gone__in=ids)).update(data={})  # with whom: that stays, and no way back
    keys = {key for person in people for key in keys_of(person)}
    for person in people:
        _empty(person, now)
    forget_keys(keys, now=now)
    traces.remove(known, ids)


def _scrub_requests(ids: list[int]) -> None:
    """What was typed goes, what is counted stays; a receipt's digest could be guessed from what was typed."""
    theirs = Lead.objects.filter(candidate__in=ids)
    for receipt in Receipt.objects.filter(lead__in=theirs):
        Receipt.objects.filter(pk=receipt.pk).update(request_id=f"erased-{receipt.pk}", digest="")
    theirs.update(**NOBODY, **NOTHING_SAID)


def _remove_documents(ids: list[int]) -> None:
    """The uploads go from the storage once the erasure holds; which documents there were says nothing of a person."""
    theirs = FileDocument.objects.filter(file__candidate__in=ids)
    names = list(theirs.exclude(upload="").values_list("upload", flat=True))
    theirs.update(reason="-", upload="", size=0)
    for name in names:
        transaction.on_commit(partial(uploads.remove, name))


def _scrub_timeline(ids: list[int]) -> None:
    lines = list(FollowUp.objects.filter(candidate__in=ids))
    for line in lines:
        line.text = ""
        line.data = {key: value for key, value in line.data.items() if key in CODES}
    FollowUp.objects.bulk_update(lines, ["text", "data"], batch_size=500)


def _empty(person: Candidate, now: datetime) -> None:
    for field, value in (NOBODY | NOTHING_TO_DO).items():
        setattr(person, field, value)
    if person.stage in OPEN_STAGES:
        person.stage, person.closed_reason, person.stage_at = Stage.CLOSED, ClosedReason.WITHDRAWN, now
    person.erased_at = now
    person.version += 1
    person.save()
