"""Requests from a file: kept, tried line by line, written in bulk, undone whole.

Nothing of a file is kept in the database before it is confirmed, but what the trial run says of each line. A consent
is never made of it: whoever is imported has agreed to nothing.
"""

import csv
import hashlib
import io
import secrets
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any, BinaryIO

from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from leads.batch_words import BatchKind, BatchState, Verdict, Why
from leads.bulk import copy_rows, id_set, text_set
from leads.choices import LeadKind, SourceKey
from leads.columns import Column, Line, Reading, Refused, guess, is_never_read
from leads.errors import LeadsError, NotAllowed, NotFound
from leads.identity import name_key, person_hash, text_digest
from leads.models import (
    Batch,
    BatchRow,
    Candidate,
    ContestSession,
    Lead,
    Suppression,
    Team,
)
from leads.querysets import CandidateQuerySet
from leads.services.requests import PROFILE, SAME_WITHIN
from leads.tables import rows_of
from recruitment.text import clean_line, without_accents

FOLDER = "imports"
TRIED_AT_ONCE = 5_000
ROW = ("batch_id", "number", "candidate_id", "verdict", "why", "detail", "outcome", "version", "before")
FILLED = (*PROFILE, "is_abroad")
Who = tuple[str, ...]


class FileIsGone(LeadsError):
    """The file was removed: after a week, or because an erased person stood in it."""


# --- the file -------------------------------------------------------------------------------------------------------
def begin_import(*, file: BinaryIO, size: int, name: str, actor: User, now: datetime) -> Batch:
    """Keep an uploaded table, as UTF-8 text; its columns are guessed, or as they were for the same headings before.

    Raises `BadTable`, `NotAllowed` (no line below the headings).
    """
    sheet, rows = rows_of(file, size)
    text, lines, headings = io.StringIO(), 0, [clean_line(cell)[:80] for cell in next(rows, [])]
    writer = csv.writer(text)
    writer.writerow(headings)
    for row in rows:
        writer.writerow(row)
        lines += 1 if row else 0
    if not headings or not lines:
        raise NotAllowed(_("The file needs a line of headings and a line below it."))
    path = default_storage.save(f"{FOLDER}/{secrets.token_hex(8)}.csv", ContentFile(text.getvalue().encode()))
    digest = hashlib.sha256("\n".join(headings).encode()).hexdigest()
    return Batch.objects.create(
        kind=BatchKind.IMPORT,
        by=actor,
        created_at=now,
        file=path,
        file_name=clean_line(name)[-150:],
        headings=digest,
        options={
            "columns": [str(column) for column in _columns_before(digest, actor) or guess(headings)],
            "headings": headings,
            "lines": lines,
            "size": size,
            "sheet": sheet,
            "kind": LeadKind.INFORMATION,
            "source": SourceKey.IMPORT,
            "session": None,
        },
    )


def _columns_before(digest: str, actor: User) -> list[str] | None:
    known = Batch.objects.in_scope_of(actor).filter(headings=digest, started_at__isnull=False).first()
    return known.options["columns"] if known else None


def remove_file(batch: Batch) -> None:
    if batch.file:
        default_storage.delete(batch.file)
        batch.file = ""
        batch.save(update_fields=["file"])


def lines_of(batch: Batch) -> Iterator[tuple[int, list[str]]]:
    """(number, cells) of each line that is not empty, as the file has it; the headings are line 1. `FileIsGone`."""
    if not batch.file or not default_storage.exists(batch.file):
        raise FileIsGone(_("The file is no longer kept here: send it again."))
    with default_storage.open(batch.file) as raw:
        rows = csv.reader(io.TextIOWrapper(raw, encoding="utf-8", newline=""))
        yield from ((number, row) for number, row in enumerate(rows, 1) if number > 1 and row)


def reading_of(batch: Batch, now: datetime) -> Reading:
    options = batch.options
    columns = [
        Column.LEAVE if is_never_read(heading) else name
        for heading, name in zip(options["headings"], options["columns"], strict=True)
    ]
    return Reading(columns, options["kind"], options["session"], options["source"], now, _sessions())


def _sessions() -> dict[str, int]:
    """By title, by slug, with the year or without: without it the newest session."""
    found: dict[str, int] = {}
    for session in ContestSession.objects.select_related("contest").order_by("year"):
        for name in (session.contest.slug, session.contest.title, str(session)):
            found[without_accents(name)] = session.pk
    return found


# --- who is known already -------------------------------------------------------------------------------------------
def who_of(line: Line) -> Who:
    """By what a person is recognised: the e-mail, else phone and name."""
    return (line.email,) if line.email else (line.phone, name_key(line.first_name, line.last_name))


def known_among(lines: Iterable[Line]) -> CandidateQuerySet:
    lines = list(lines)
    emails = {line.email for line in lines if line.email}
    phones = {line.phone for line in lines if not line.email}
    current = Candidate.objects.current()
    by_mail = Q(email__in=text_set(emails))
    return current.filter(by_mail | Q(email="", phone__in=text_set(phones)) if phones else by_mail)


def who_is(person: Candidate) -> Who:
    return (person.email,) if person.email else (person.phone, person.name_key)


def _ask(line: Line) -> tuple:
    """What makes two requests of one person the same."""
    digest = text_digest(line.message) if line.kind == LeadKind.INFORMATION else ""
    return (line.kind, line.session_id, digest)


# --- the trial run --------------------------------------------------------------------------------------------------
@dataclass(slots=True)
class _Trial:
    batch: Batch
    erased: frozenset[str]
    teams: frozenset[int] | None  # whose sheets the actor may fill in; None: all
    seen: dict[tuple, int] = field(default_factory=dict)  # who, what, which day -> line

    def part(self, lines: list[tuple[int, Line | Refused]]) -> Iterator[tuple]:
        """The rows of `ROW`."""
        good = [line for _number, line in lines if isinstance(line, Line)]
        known = {who_is(person): person for person in known_among(good).defer("search")}
        asked = _asked_before(known.values())
        for number, line in lines:
            verdict, why, detail, person = self._judge(number, line, known, asked)
            told = (person.pk, person.version) if person else (None, None)
            yield (self.batch.pk, number, told[0], verdict, why, detail, "", told[1], {})

    def _judge(
        self, number: int, line: Line | Refused, known: Mapping[Who, Candidate], asked: Mapping[tuple, list[datetime]]
    ) -> tuple[Verdict, str, dict[str, Any], Candidate | None]:
        if isinstance(line, Refused):
            return Verdict.REFUSED, line.why, line.detail, None
        who = who_of(line)
        if self.erased and hash_of(line) in self.erased:
            return Verdict.REFUSED, Why.ERASED, {}, None
        first = self.seen.setdefault((who, *_ask(line), line.day), number)
        if first != number:
            return Verdict.DUPLICATE, Why.SAME_LINE, {"line": first}, None
        person = known.get(who)
        if person is None:
            is_new = self.seen.setdefault(who, number) == number
            return (Verdict.NEW, "", {}, None) if is_new else (Verdict.UPDATED, Why.KNOWN, {}, None)
        if at := next((at for at in asked.get((person.pk, *_ask(line)), ()) if abs(at - line.at) < SAME_WITHIN), None):
            return Verdict.DUPLICATE, Why.ASKED_BEFORE, {"day": timezone.localdate(at).isoformat()}, person
        fills = self.teams is None or person.team_id in self.teams
        why = Why.FILLED if fills and gaps_of(person, line) else Why.KNOWN
        return Verdict.UPDATED, why, {}, person


def hash_of(line: Line) -> str:
    return person_hash(line.email, line.phone, name_key(line.first_name, line.last_name))


def erased_hashes() -> frozenset[str]:
    return frozenset(Suppression.objects.filter(erased_at__isnull=False).values_list("hash", flat=True))


def _asked_before(people: Iterable[Candidate]) -> Mapping[tuple, list[datetime]]:
    found: dict[tuple, list[datetime]] = defaultdict(list)
    leads = Lead.objects.filter(candidate__in=id_set(person.pk for person in people))
    for person, kind, session, digest, at in leads.values_list(
        "candidate", "kind", "contest_session", "message_digest", "at"
    ):
        found[person, kind, session, digest if kind == LeadKind.INFORMATION else ""].append(at)
    return found


def gaps_of(person: Candidate, line: Line) -> dict[str, Any]:
    """What the sheet lacks and the line says."""
    has_place = person.postal_code or person.is_abroad
    names = [f for f in FILLED if not (has_place and f in ("postal_code", "is_abroad"))]
    return {name: value for name in names if not getattr(person, name) and (value := getattr(line, name))}


@transaction.atomic
def try_import(*, batch_id: int, options: Mapping[str, Any], actor: User, now: datetime) -> Batch:
    """Say of each line what would become of it, and write nothing else. `options`: columns, kind, session, source.

    Raises `NotFound`, `NotAllowed`, `FileIsGone`.
    """
    mine = Batch.objects.in_scope_of(actor).filter(kind=BatchKind.IMPORT)
    batch = mine.select_for_update(of=("self",)).filter(pk=batch_id).first()
    if batch is None:
        raise NotFound(_("There is no such batch."))
    if batch.state not in (BatchState.DRAFT, BatchState.TRIED):
        raise NotAllowed(_("It is past that: have another look at where it is."))
    batch.options, batch.state = {**batch.options, **options}, BatchState.TRIED
    batch.save(update_fields=["options", "state"])
    BatchRow.objects.filter(batch=batch)._raw_delete("default")
    reading, trial = reading_of(batch, now), _Trial(batch, erased_hashes(), teams_of_actor(actor))
    lines = ((number, read_line(reading, row)) for number, row in lines_of(batch))
    while part := list(islice(lines, TRIED_AT_ONCE)):
        copy_rows(BatchRow, ROW, trial.part(part))
    return batch


def read_line(reading: Reading, row: list[str]) -> Line | Refused:
    try:
        return reading.read(row)
    except Refused as refused:
        return refused


def teams_of_actor(actor: User) -> frozenset[int] | None:
    return None if actor.is_superuser else frozenset(Team.objects.of(actor).values_list("pk", flat=True))
