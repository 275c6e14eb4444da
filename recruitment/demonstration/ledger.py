"""Writes invented lives in bulk, with the rows that the services would have left."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from leads.choices import (
    OPEN_STAGES,
    ActionKind,
    ConsentMethod,
    FileStatus,
    FollowUpKind,
    LeadKind,
    Outcome,
    Purpose,
    SourceKey,
    Stage,
)
from leads.counts import fold_counts, values_of
from leads.identity import age_band, search_text, text_digest
from leads.models import Candidate, Consent, CountDelta, FollowUp, Lead, Receipt, RegistrationFile, Source, Team
from leads.policies import is_minor
from leads.progress import keep_progress
from leads.references import ALPHABET, LENGTH, check_character
from leads.services.calls import OF_CALL
from leads.services.candidates import set_stage
from leads.services.consents import PHONE_CONSENT, TEXT_VERSION
from leads.services.files import LEADS_TO, STAMPED
from leads.services.requests import PROFILE, Request, Typed
from leads.services.timeline import as_json, derive, place_of
from leads.stages import first_action, may_move, working_days_after
from recruitment.demonstration.lives import Step

BATCH = 1000


class Ledger:
    """Plays one life after another in memory; `write` puts them all into the database."""

    def __init__(self, *, prefix: str, random: Random) -> None:
        self.prefix, self.random = prefix, random
        self.team = Team.objects.default()
        self.sources = {source.key: source for source in Source.objects.all()}
        self.references: set[str] = set()
        self.clear()

    def clear(self) -> None:
        """Forget the lives that are written; no reference is drawn twice."""
        self.candidates: list[Candidate] = []
        self.leads: list[Lead] = []
        self.receipts: list[Receipt] = []
        self.files: list[RegistrationFile] = []
        self.consents: list[Consent] = []
        self.timeline: list[FollowUp] = []
        self.named: list[tuple[FollowUp, str, Lead | RegistrationFile]] = []  # whose key the data is to hold

    def add(self, steps: Iterable[Step], *, recruiter: User | None) -> None:
        """One life, and who followed it up."""
        sheet = Sheet(self, recruiter)
        for step in steps:
            sheet.play(step)

    @transaction.atomic
    def write(self) -> None:
        self.write_rows()
        CountDelta.objects.bulk_create(
            [CountDelta(day=lead.day, kind=lead.kind, leads=1, **values_of(lead)) for lead in self.leads], BATCH
        )
        while fold_counts():
            continue
        keep_progress(candidate.pk for candidate in self.candidates)

    def write_rows(self) -> None:
        """Without the counts, which are to be rebuilt then."""
        Candidate.objects.bulk_create(self.candidates, BATCH)
        Lead.objects.bulk_create(self.leads, BATCH)
        Receipt.objects.bulk_create(self.receipts, BATCH)
        RegistrationFile.objects.bulk_create(self.files, BATCH)
        Consent.objects.bulk_create(self.consents, BATCH)
        for line, key, row in self.named:
            line.data[key] = row.pk
        FollowUp.objects.bulk_create(self.timeline, BATCH)

    def reference(self) -> str:
        while True:
            body = "".join(self.random.choices(ALPHABET, k=LENGTH))
            if body not in self.references and (check := check_character(body)):
                self.references.add(body)
                return f"{self.prefix}-{body[:4]}-{body[4:]}-{check}"

    def source_of(self, request: Request) -> Source | None:
        key = request.touches.deciding.source_key or (SourceKey.DECLARED if request.typed.heard_from else "")
        return self.sources[key] if key else None


class Sheet:
    """One candidate's rows while their life is played; each step does what the service of its name does."""

    def __init__(self, ledger: Ledger, recruiter: User | None) -> None:
        self.ledger, self.recruiter, self.actor = ledger, recruiter, recruiter
        self.candidate: Candidate
        self.file: RegistrationFile | None = None
        self.gave_number_at: datetime | None = None
        self.plays: dict[str, Callable[[Step], None]] = {
            "requested": self.requested,
            "assigned": self.assigned,
            "called": self.called,
            "moved": lambda step: self.change_stage(step.what, step.at, reason=step.text, until=step.until),
            "filed": self.filed,
            "noted": self.noted,
            "planned": self.planned,
        }

    def play(self, step: Step) -> None:
        self.actor = self.recruiter if step.by_staff else None
        self.plays[step.kind](step)

    def record(self, kind: FollowUpKind, at: datetime, *, text: str = "", outcome: str = "", **data: Any) -> FollowUp:
        line = FollowUp(
            candidate=self.candidate,
            kind=kind,
            actor=self.actor,
            at=at,
            text=text,
            outcome=outcome,
            data=data,
            version=self.candidate.version,
        )
        self.ledger.timeline.append(line)
        return line

    # --- requests ---------------------------------------------------------------------------------------------------

    def requested(self, step: Step) -> None:
        request: Request = step.what
        is_new = not hasattr(self, "candidate")
        if is_new:
            self.meet(request, step.at)
        lead = self.lead_of(request, step.at, is_new=is_new)
        if not is_new:
            self.take_up(request, step.at)
        self.ledger.named.append((self.record(FollowUpKind.REQUEST, step.at), "lead", lead))
        if request.kind == LeadKind.REGISTRATION_FILE:
            self.open_file(request, step.at)
        self.ledger.receipts.append(
            Receipt(
                reference=self.ledger.reference(),
                lead=lead,
                at=step.at,
                request_id=request.request_id,
                digest=request.digest,
            )
        )

    def meet(self, request: Request, at: datetime) -> None:
        typed = request.typed
        action, due_at = first_action(request.kind, by_mail=bool(typed.email), now=at)
        self.candidate = Candidate(
            email=typed.email,
            language=typed.language,
            is_abroad=typed.is_abroad,
            stage_at=at,
            created_at=at,
            asked_at=at,
            last_contact_at=at,
            team=self.ledger.team,
            next_action=action,
            next_action_at=due_at,
            is_invented=True,
            **{name: getattr(typed, name) for name in PROFILE},
        )
        derive(self.candidate)
        self.ledger.candidates.append(self.candidate)
        self.ledger.consents += [self.consent(purpose, at) for purpose in allowed_consents(typed, at)]

    def consent(self, purpose: str, at: datetime) -> Consent:
        return Consent(
            candidate=self.candidate,
            purpose=purpose,
            given=True,
            text_version=TEXT_VERSION,
            method=ConsentMethod.FORM,
            at=at,
            expires_at=at + PHONE_CONSENT if purpose == Purpose.PHONE else None,
        )

    def lead_of(self, request: Request, at: datetime, *, is_new: bool) -> Lead:
        typed, touch, day = request.typed, request.touches.deciding, timezone.localdate(at)
        name = f"{typed.first_name} {typed.last_name}".strip()
        lead = Lead(
            candidate=self.candidate,
            team=self.candidate.team,
            kind=request.kind,
            contest_session=request.contest_session,
            message=typed.message,
            message_digest=text_digest(typed.message),
            email=typed.email,
            heard_from=typed.heard_from,
            language=typed.language,
            consents=[] if is_new else allowed_consents(typed, at),
            age_band=age_band(typed.birth_date, day),
            search=search_text(name, typed.email, typed.phone, typed.postal_code),
            at=at,
            day=day,
            is_invented=True,
            source=self.ledger.source_of(request),
            medium=touch.medium,
            campaign=touch.campaign,
            referrer_host=touch.referrer,
            touches=request.touches.as_data(),
            room_id=request.room_id,
            **{name: getattr(typed, name) for name in PROFILE},
            **place_of(typed.postal_code, is_abroad=typed.is_abroad),
        )
        self.ledger.leads.append(lead)
        if typed.phone == self.candidate.phone:
            self.gave_number_at = at
        return lead

    def take_up(self, request: Request, at: datetime) -> None:
        """Of somebody whose sheet is open: lives ask for nothing once they are closed or wait."""
        candidate = self.candidate
        action, due_at = first_action(request.kind, by_mail=bool(candidate.email), now=at)
        if candidate.next_action_at is None or candidate.next_action_at > due_at:
            self.set_action(action, due_at)
        candidate.asked_at = candidate.last_contact_at = at
        candidate.version += 1

    def open_file(self, request: Request, at: datetime) -> None:
        self.file = RegistrationFile(
            candidate=self.candidate, contest_session=request.contest_session, status_at=at, requested_at=at
        )
        self.ledger.files.append(self.file)

    # --- follow-up --------------------------------------------------------------------------------------------------

    def assigned(self, step: Step) -> None:
        assert self.actor is not None
        self.candidate.owner = self.actor
        self.candidate.version += 1
        self.record(FollowUpKind.ASSIGNMENT, step.at).data = {"from": None, "to": self.actor.pk}

    def called(self, step: Step) -> None:
        candidate, outcome = self.candidate, step.what
        before = {name: getattr(candidate, name) for name in OF_CALL}
        if outcome == Outcome.REACHED:
            candidate.reached_at = candidate.last_contact_at = step.at
        if candidate.stage in OPEN_STAGES and candidate.stage != Stage.WAITING:
            to_write = outcome == Outcome.WRONG_NUMBER or (candidate.email and not self.may_be_called())
            self.set_action(ActionKind.WRITE if to_write else ActionKind.CALL, working_days_after(step.at, 1))
        is_answered = candidate.stage == Stage.NEW and outcome == Outcome.REACHED
        if is_answered:
            set_stage(candidate, Stage.CONTACTED, reason="", until=None, now=step.at)
        candidate.version += 1
        kept = as_json({name: value for name, value in before.items() if value != getattr(candidate, name)})
        self.record(FollowUpKind.CALL, step.at, outcome=outcome, before=kept, said=[])
        if is_answered:
            self.record_move(before["stage"], before["stage_at"], step.at)

    def may_be_called(self) -> bool:
        """Nobody here verified their address, so that no consent counts: about a request that gave the number alone."""
        reached_at, gave_at = self.candidate.reached_at, self.gave_number_at
        return bool(self.candidate.phone) and (reached_at is None or (gave_at is not None and gave_at > reached_at))

    def change_stage(self, to: str, at: datetime, *, reason: str = "", until: datetime | None = None) -> None:
        start, since = self.candidate.stage, self.candidate.stage_at
        set_stage(self.candidate, to, reason=reason, until=until, now=at)
        self.candidate.version += 1
        self.record_move(start, since, at, reason=reason)

    def record_move(self, start: str, since: datetime, at: datetime, *, reason: str = "") -> None:
        seconds, to = round((at - since) / timedelta(seconds=1)), self.candidate.stage
        self.record(FollowUpKind.STAGE, at, start=start, to=to, reason=reason, seconds=seconds)

    def filed(self, step: Step) -> None:
        file, to = self.file, FileStatus(step.what)
        assert file is not None
        before = file.status
        file.status, file.status_at, file.version = to, step.at, file.version + 1
        if stamp := STAMPED.get(to):
            setattr(file, stamp, step.at)
        self.ledger.named.append((self.record(FollowUpKind.FILE, step.at, start=before, to=to), "file", file))
        stage = LEADS_TO.get(to)
        if stage and may_move(self.candidate.stage, stage):
            self.change_stage(stage, step.at)

    def noted(self, step: Step) -> None:
        self.record(FollowUpKind.NOTE, step.at, text=step.text)

    def planned(self, step: Step) -> None:
        assert step.until is not None
        self.set_action(step.what, step.until)
        self.candidate.version += 1
        self.record(FollowUpKind.NEXT_ACTION, step.at, action=step.what, due_at=step.until.isoformat())

    def set_action(self, kind: str, at: datetime | None) -> None:
        candidate = self.candidate
        candidate.next_action, candidate.next_action_at, candidate.next_action_note = kind, at, ""


def allowed_consents(typed: Typed, at: datetime) -> list[str]:
    """No optional purpose before 18."""
    if is_minor(typed.birth_date, timezone.localdate(at)):
        return []
    return [purpose for purpose in Purpose.values if purpose in typed.consents]
