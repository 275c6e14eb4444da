"""An import taken back: as though its lines had never been there, but for whom somebody has touched since."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Q
from django.utils.dateparse import parse_datetime

from leads import freezing
from leads.batch_words import RowOutcome, Why
from leads.bulk import id_set, update_rows
from leads.choices import Restated
from leads.counts import counted_among
from leads.models import Batch, BatchRow, Candidate, FollowUp, Lead, Message, RegistrationFile, ToldApart
from leads.progress import keep_progress
from leads.services.duplicates import Key, grouped_among, keys_of, keys_of_row, look_again
from leads.services.imported import AS_MADE, WRITTEN, some_of, written
from leads.services.timeline import derive

LEFT = ("pk", "candidate_id", "lead_id", "version", "before")
_KNOWN = ("pk", "version", "merged_into_id", "erased_at", "phone", "mail_key", "birth_date", "name_key")


@dataclass(slots=True)
class _Undone:
    """What becomes of one part's lines: `told` are (row, outcome, why, person, lead)."""

    told: list[tuple[int, RowOutcome, str, int | None, int | None]] = field(default_factory=list)
    gone: set[int] = field(default_factory=set)
    leads: list[int] = field(default_factory=list)
    given_back: dict[int, list[Mapping[str, Any]]] = field(default_factory=lambda: defaultdict(list))


def undo_part(batch: Batch, rows: list[tuple], *, actor: User, now: datetime) -> None:
    """Take back what these lines wrote; whoever was touched since stays, with their request and its count.

    In a transaction. `rows`: of `LEFT`, the last line first.
    """
    theirs = Candidate.objects.filter(pk__in=id_set({row[1] for row in rows if row[1]})).order_by("pk")
    people = {p.pk: p for p in theirs.select_for_update(no_key=True).values_list(*_KNOWN, named=True)}
    out = _undone(rows, people, _touched(batch, people))
    keys = {key for pk in out.gone for key in keys_of_row(people[pk]._asdict())}
    counted = counted_among(Lead.objects.filter(pk__in=id_set(out.leads)))
    update_rows(BatchRow, ("outcome", "why", "candidate_id", "lead_id"), out.told)
    kept = {pk: befores for pk, befores in out.given_back.items() if pk not in out.gone}
    keys |= _give_back(kept)
    _delete(batch, out.gone, out.leads, kept)
    keep_progress(kept)
    look_again(some_of(grouped_among(keys)), now=now)
    freezing.count_leads(counted, -1, reason=Restated.UNDONE, actor=actor, now=now)


def _undone(rows: Iterable[tuple], people: Mapping[int, Any], touched: Collection[int]) -> _Undone:
    out, versions = _Undone(), {pk: person.version for pk, person in people.items() if pk not in touched}
    for row, person, lead, version, before in rows:
        if person is None or versions.get(person) != version:
            why = Why.CHANGED_AFTER if person in people else Why.GONE
            out.told.append((row, RowOutcome.KEPT, why, person, lead))
            continue
        out.leads.append(lead)
        if version == AS_MADE:
            out.gone.add(person)
        else:
            out.given_back[person].append(before)
            versions[person] -= 1  # as it was: the line before it in the file finds what it led to
        out.told.append((row, RowOutcome.UNDONE, "", person, None))
    out.told = [(row, done, why, None if who in out.gone else who, lead) for row, done, why, who, lead in out.told]
    return out


def _touched(batch: Batch, people: Mapping[int, Any]) -> set[int]:
    """Whom somebody wrote to, called, noted something of, or who asked again, since: not all of it is a new version."""
    since, theirs = batch.started_at or batch.created_at, id_set(people)
    others = Q(data__batch__isnull=True) | ~Q(data__batch=batch.pk)
    lines = FollowUp.objects.filter(others, candidate__in=theirs, at__gte=since)
    mails = Message.objects.filter(candidate__in=theirs, created_at__gte=since)
    found = [rows.order_by().values_list("candidate", flat=True) for rows in (lines, mails)]
    # By person alone: of leads so new the planner knows nothing, and would walk all of them by their time.
    asked = Lead.objects.filter(candidate__in=theirs).values_list("pk", "candidate", "at")
    leads = {pk: person for pk, person, at in asked if at >= since}
    for own in BatchRow.objects.filter(batch=batch, lead__in=id_set(leads)).values_list("lead", flat=True):
        del leads[own]
    left = {pk for pk, person in people.items() if person.merged_into_id or person.erased_at}
    return {pk for rows in (*found, leads.values()) for pk in rows} | left


def _give_back(kept: Mapping[int, list[Mapping[str, Any]]]) -> set[Key]:
    """Let people be as they were before these lines, the last first; the keys that they had and have."""
    keys: set[Key] = set()
    people = list(Candidate.objects.filter(pk__in=id_set(kept)))
    for person in people:
        keys |= keys_of(person)
        for before in kept[person.pk]:
            _restore(person, before)
        keys |= keys_of(person)
    update_rows(Candidate, WRITTEN, ((p.pk, *written(p).values()) for p in people))
    return keys


def _restore(person: Candidate, before: Mapping[str, Any]) -> None:
    for name in before.get("filled", ()):
        setattr(person, name, None if name == "birth_date" else False if name == "is_abroad" else "")
    for name, value in before.get("was", {}).items():
        setattr(person, name, parse_datetime(value) if name.endswith("_at") and value else value)
    derive(person)
    person.version -= 1


def _delete(batch: Batch, people: Collection[int], leads: Collection[int], kept: Collection[int]) -> None:
    """The lines of other batches lose sight of them, as they would with anybody who is deleted."""
    gone, kept = id_set(people), id_set(kept)
    BatchRow.objects.filter(lead__in=id_set(leads)).update(lead=None)
    BatchRow.objects.filter(candidate__in=gone).update(candidate=None)
    since = batch.started_at or batch.created_at
    for rows in (
        ToldApart.objects.filter(first__in=gone),
        ToldApart.objects.filter(second__in=gone),
        FollowUp.objects.filter(candidate__in=gone),
        FollowUp.objects.filter(candidate__in=kept, data__batch=batch.pk),
        RegistrationFile.objects.filter(candidate__in=gone),
        RegistrationFile.objects.filter(candidate__in=kept, requested_at=since, version=1),
        Lead.objects.filter(pk__in=id_set(leads)),
        Candidate.objects.filter(pk__in=gone),
    ):
        rows._raw_delete(rows.db)
