"""The lines of an import, written in bulk with all that a request writes."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.contrib.auth.models import User

from leads import freezing
from leads.batch_words import RowOutcome, Why
from leads.bulk import blank, copy_rows, id_set, new_ids, update_rows
from leads.choices import FollowUpKind, LeadKind, Restated
from leads.columns import Line
from leads.counts import Counted, counted_values
from leads.identity import age_band, text_digest
from leads.models import (
    Batch,
    BatchRow,
    Candidate,
    ContestSession,
    FollowUp,
    Lead,
    RegistrationFile,
    Source,
    Team,
)
from leads.progress import keep_progress
from leads.services.assignment import teams_by_department
from leads.services.duplicates import Key, held_among, keys_of, keys_of_row, look_again
from leads.services.imports import (
    FILLED,
    Who,
    erased_hashes,
    gaps_of,
    hash_of,
    known_among,
    lines_of,
    read_line,
    reading_of,
    teams_of_actor,
    who_is,
    who_of,
)
from leads.services.requests import TAKEN_UP, take_up
from leads.services.timeline import LINE, derive, derived, what_differs
from leads.stages import first_action

PART = 5_000
LOOKED_AT = 500  # keys that others have too, in a part: each is a lock until it ends
Row = dict[str, Any]
DERIVED_FROM = ("first_name", "last_name", "phone", "postal_code")
LEFT = ("pk", "number")
AS_MADE = 1  # the version of who was unknown before their line: each change is another
WRITTEN = (*FILLED, "department", "region", "name_key", "mail_key", "search", *TAKEN_UP, "version")
FILE = ("candidate_id", "contest_session_id", "status", "status_at", "requested_at", "version")


@dataclass(slots=True)
class _Written:
    """What one part writes. Rows of new persons and of requests are no instances: these cost more than all the rest."""

    created: dict[int, Row] = field(default_factory=dict)
    changed: dict[int, Candidate] = field(default_factory=dict)
    leads: list[Row] = field(default_factory=list)
    counted: list[Counted] = field(default_factory=list)
    files: list[tuple] = field(default_factory=list)
    follow_ups: list[tuple] = field(default_factory=list)
    told: list[tuple] = field(default_factory=list)


class _Part:
    """A part of an import, dated by the moment it was confirmed at."""

    def __init__(self, batch: Batch, actor: User, now: datetime):
        self.batch, self.actor, self.now = batch, actor, now
        self.reading, self.teams, self.erased = reading_of(batch, now), teams_of_actor(actor), erased_hashes()
        self.default_team, self.territories = Team.objects.default().pk, teams_by_department()
        self.sources = dict(Source.objects.values_list("key", "pk"))
        self.contests = dict(ContestSession.objects.values_list("pk", "contest"))
        invented = {"is_invented": bool(batch.options.get("is_invented"))}  # by the demonstration
        self.blank_person = blank(Candidate) | {"stage_at": now, "created_at": now} | invented
        self.blank_lead = blank(Lead) | {"entered_by_id": actor.pk} | invented
        self.out, self.news = _Written(), set[Key]()

    def write(self, rows: list[tuple]) -> None:
        lines = self._lines({number for _pk, number in rows})
        people = {
            who_is(p): p
            for p in known_among(lines.values()).order_by("pk").select_for_update(no_key=True, of=("self",))
        }
        self.had_file = self._files_of(people.values())
        self.new_people: dict[Who, Row] = {}
        self.lead_ids = iter(new_ids(Lead, len(rows)))
        self.ids = iter(new_ids(Candidate, len({who_of(line) for line in lines.values()} - set(people))))
        for pk, number in rows:
            line = lines.get(number)
            if line is None or (self.erased and hash_of(line) in self.erased):
                self.out.told.append((pk, RowOutcome.SKIPPED, Why.GONE, None, None, None, {}))
                continue
            self._write_line(pk, line, people)
        self._save()

    def _lines(self, numbers: Collection[int]) -> dict[int, Line]:
        last, found = max(numbers), {}
        for number, row in lines_of(self.batch):
            if number > last:
                break
            if number in numbers and isinstance(line := read_line(self.reading, row), Line):
                found[number] = line
        return found

    def _files_of(self, people: Iterable[Candidate]) -> set[tuple[int, int]]:
        files = RegistrationFile.objects.filter(candidate__in=id_set(person.pk for person in people))
        return set(files.values_list("candidate", "contest_session"))

    def _write_line(self, row: int, line: Line, people: dict[Who, Candidate]) -> None:
        who, told, lead, before = who_of(line), line.profile(), next(self.lead_ids), dict[str, Any]()
        columns = derived(email=line.email, is_abroad=line.is_abroad, **{name: told[name] for name in DERIVED_FROM})
        if who in people or who in self.new_people:
            person = people.get(who) or people.setdefault(who, Candidate(**self.new_people[who]))
            before = self._change(person, line, told, lead)
            pk, team, version = person.pk, person.team_id, person.version
        else:
            made = self.new_people[who] = self._new_person(line, told, columns)
            pk, team, version = made["id"], made["team_id"], AS_MADE
            self.out.created[pk] = made
        self._add_lead(line, told, columns, lead, pk, team)
        if line.kind == LeadKind.REGISTRATION_FILE and line.session_id:
            self._open_file(pk, line.session_id)
        self._follow_up(pk, version, FollowUpKind.REQUEST, "", {"lead": lead, "batch": self.batch.pk})
        if line.note:
            self._follow_up(pk, version, FollowUpKind.NOTE, line.note, {"batch": self.batch.pk})
        self.out.told.append((row, RowOutcome.DONE, before.pop("why", ""), pk, lead, version, before))

    def _new_person(self, line: Line, told: Row, columns: Row) -> Row:
        return {
            **self.blank_person,
            **told,
            **columns,
            **_first_action(line.kind, bool(line.email), self.now),
            "id": next(self.ids),
            "email": line.email,
            "asked_at": line.at,
            "last_contact_at": line.at,
            "team_id": self.territories.get(columns["department"], self.default_team),
        }

    def _change(self, person: Candidate, line: Line, told: Row, lead: int) -> dict[str, Any]:
        """Fill in what is missing, propose what differs, and take somebody up who asks anew; what it was, as JSON, for
        the way back.
        """
        before: dict[str, Any] = {}
        if other := what_differs(person, told):
            said = {"lead": lead, "fields": other, "batch": self.batch.pk}
            self._follow_up(person.pk, person.version + 1, FollowUpKind.PROPOSAL, "", said)
        gaps = gaps_of(person, line) if self.teams is None or person.team_id in self.teams else {}
        if gaps:
            keys = keys_of(person)
            for name, value in gaps.items():
                setattr(person, name, value)
            derive(person)
            before = {"filled": sorted(gaps), "why": Why.FILLED}
            self.news |= keys ^ keys_of(person)
            said = {"fields": {name: ["", str(value)] for name, value in gaps.items()}, "batch": self.batch.pk}
            self._follow_up(person.pk, person.version + 1, FollowUpKind.CORRECTION, "", said)
        if line.at > person.asked_at:
            before["was"] = {name: _as_json(getattr(person, name)) for name in TAKEN_UP}
            take_up(person, LeadKind(line.kind), self.now)
            person.asked_at = person.last_contact_at = line.at
        person.version += 1
        self.out.changed[person.pk] = person
        return before

    def _add_lead(self, line: Line, told: Row, columns: Row, pk: int, person: int, team: int) -> None:
        source, band = self._source(line.source), age_band(line.birth_date, line.day)
        row = {
            **self.blank_lead,
            **told,
            "id": pk,
            "candidate_id": person,
            "team_id": team,
            "kind": line.kind,
            "contest_session_id": line.session_id,
            "message": line.message,
            "message_digest": text_digest(line.message),
            "email": line.email,
            "heard_from": line.heard_from,
            "age_band": band,
            "at": line.at,
            "day": line.day,
            "source_id": source,
            **{name: columns[name] for name in ("search", "department", "region", "is_abroad")},
        }
        self.out.leads.append(row)
        place = (columns["region"], columns["department"], columns["is_abroad"])
        contest = self.contests[line.session_id] if line.session_id else None
        values = counted_values(*place, source, contest, line.session_id, None, band)
        self.out.counted.append(Counted(line.day, line.kind, values, person))

    def _source(self, key: str) -> int:
        if key not in self.sources:
            self.sources[key] = Source.objects.get_or_create(key=key, defaults={"label": key})[0].pk
        return self.sources[key]

    def _open_file(self, person: int, session: int) -> None:
        if (person, session) not in self.had_file:
            self.had_file.add((person, session))
            self.out.files.append((person, session, "requested", self.now, self.now, 1))

    def _follow_up(self, person: int, version: int, kind: str, text: str, data: dict[str, Any]) -> None:
        self.out.follow_ups.append((person, kind, "", text, data, self.actor.pk, self.now, version))

    def _save(self) -> None:
        out = self.out
        known = {pk: person for pk, person in out.changed.items() if pk not in out.created}
        for pk in set(out.changed) - set(known):
            out.created[pk] |= written(out.changed[pk])
        shared = _shared_by(out.created.values())  # while none of them is there yet
        copy_rows(Candidate, list(self.blank_person), (list(row.values()) for row in out.created.values()))
        update_rows(Candidate, WRITTEN, ((pk, *written(person).values()) for pk, person in known.items()))
        copy_rows(Lead, list(self.blank_lead), (list(row.values()) for row in out.leads))
        copy_rows(RegistrationFile, FILE, out.files)
        copy_rows(FollowUp, LINE, out.follow_ups)
        update_rows(BatchRow, ("outcome", "why", "candidate_id", "lead_id", "version", "before"), out.told)
        look_again(some_of(self.news | shared), now=self.now)
        keep_progress(known)  # a new person's request has come nowhere yet
        freezing.count_leads(out.counted, 1, reason=Restated.LATE, actor=self.actor, now=self.now)


@lru_cache(10)
def _first_action(kind: str, by_mail: bool, now: datetime) -> Row:
    action, due_at = first_action(LeadKind(kind), by_mail=by_mail, now=now)
    return {"next_action": action, "next_action_at": due_at}


def written(person: Candidate) -> Row:
    return {name: getattr(person, name) for name in WRITTEN}


def run_part(batch: Batch, rows: list[tuple], *, actor: User, now: datetime) -> None:
    """Write the lines of `rows` (of `LEFT`): persons, requests, files, timelines, counts. In a transaction.

    Raises `FileIsGone`.
    """
    _Part(batch, actor, now).write(rows)


def _shared_by(people: Iterable[Row]) -> set[Key]:
    """The keys of these new people that somebody else has too, whether in the file or here already. Three queries."""
    times = Counter(key for row in people for key in keys_of_row(row))
    return {key for key, count in times.items() if count > 1} | held_among(times)


def some_of(keys: Iterable[Key]) -> list[Key]:
    """As many as a part has the time for; the nightly job goes over all."""
    return sorted(keys)[:LOOKED_AT]


def _as_json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
