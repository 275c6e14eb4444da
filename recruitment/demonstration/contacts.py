"""The contacts of a careers fair, imported by a recruiter: so *Imports* and *Duplicates* have something to show."""

import csv
import io
from datetime import datetime, timedelta
from itertools import cycle

from django.contrib.auth.models import User
from django.utils import timezone

from leads.models import Batch, Candidate
from leads.services import begin_import, confirm_batch, run_batches, try_import
from leads.services.requests import Typed
from recruitment.demonstration.campaigns import messages
from recruitment.demonstration.data import random_for
from recruitment.demonstration.employers import Employer
from recruitment.demonstration.people import person

FILE = "forum-des-metiers.csv"
HEADINGS = ("Prénom", "Nom", "Mail", "Portable", "Code postal", "Date de naissance", "Question")
STRANGERS, TWICE_KNOWN, KNOWN = 32, 4, 5
LAST_YEAR = timedelta(days=365)
FIRST_NUMBER = 200_000  # of people: no other invented one has it


def seed_contacts(now: datetime, recruiter: User, employer: Employer) -> None:
    """Import the list once: strangers, people known already, people known under another e-mail, and a few faults."""
    if not messages(employer, now.year) or Batch.objects.filter(file_name=FILE).exists():
        return
    data = _as_csv(_lines(now, employer))
    batch = begin_import(file=io.BytesIO(data), size=len(data), name=FILE, actor=recruiter, now=now)
    try_import(batch_id=batch.pk, options={"is_invented": True}, actor=recruiter, now=now)
    confirm_batch(batch_id=batch.pk, actor=recruiter, now=now)
    run_batches(clock=lambda: now)


def _as_csv(lines: list[list[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows([HEADINGS, *lines])
    return text.getvalue().encode()


def _lines(now: datetime, employer: Employer) -> list[list[str]]:
    random, today = random_for("contacts"), timezone.localdate(now)
    asked = cycle(random.sample(messages(employer, now.year), 8))
    lines = [_line(person(FIRST_NUMBER + n, today, random), next(asked)) for n in range(STRANGERS)]
    people = Candidate.objects.current().filter(is_invented=True, asked_at__gt=now - LAST_YEAR)
    whole = people.exclude(email="").exclude(phone="").exclude(birth_date=None)
    known = list(whole.order_by("pk")[: TWICE_KNOWN + KNOWN])
    lines += [_under_another_address(p, next(asked)) for p in known[:TWICE_KNOWN]]
    lines += [[p.first_name, p.last_name, p.email, "", p.postal_code, "", next(asked)] for p in known[TWICE_KNOWN:]]
    random.shuffle(lines)
    return [*lines, *_faults(lines[0])]


def _line(typed: Typed, message: str) -> list[str]:
    born = typed.birth_date.strftime("%d/%m/%Y") if typed.birth_date else ""
    return [typed.first_name, typed.last_name, typed.email, typed.phone, typed.postal_code, born, message]


def _under_another_address(known: Candidate, message: str) -> list[str]:
    """Somebody who is here already, with a second mailbox."""
    name, _, host = known.email.partition("@")
    born = known.birth_date.strftime("%d/%m/%Y") if known.birth_date else ""
    return [known.first_name, known.last_name, f"{name}.perso@{host}", known.phone, "", born, message]


def _faults(line: list[str]) -> list[list[str]]:
    """What a list typed at a stand holds: a line twice, half a postal code, somebody without an address."""
    return [
        line,
        ["Mathis", "Peyrot", "m.peyrot@example.org", "", "9310", "", ""],
        ["Ana", "Silva", "", "", "", "", ""],
    ]
