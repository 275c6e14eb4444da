"""All that `recruitment` uses of this app."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from leads import mail, texts
from leads.answer_forms import AnswerForm, ReminderForm
from leads.attribution import Touches
from leads.choices import WAITING_COUNTED_TO
from leads.counts import fold_counts, rebuild_counts
from leads.day import count_work
from leads.digest import post_weekly_mails
from leads.employer import Employer
from leads.forms import ShortForm
from leads.freezing import compare_counts, freeze_due_weeks
from leads.models import Contest, ContestSession, Message, Organisation
from leads.outbox import set_nudge
from leads.reports import answers_by_mail, leads_of_rooms
from leads.services import (
    follow_rooms,
    forget_old_batches,
    load_letters,
    load_reference_data,
    open_call_slots,
    purge_expired,
    rebuild_duplicates,
    remind_of_files,
    replay_erasures,
    resume_candidates,
    run_batches,
    sweep_uploads,
)

__all__ = [
    "WAITING_COUNTED_TO",
    "Employer",
    "Touches",
    "answer_form",
    "answers_by_mail",
    "compare_counts",
    "conditions_in_force",
    "count_work",
    "freeze_due_weeks",
    "front_page",
    "housekeeping",
    "leads_of_rooms",
    "load_letters",
    "load_reference_data",
    "open_call_slots",
    "open_contests",
    "organisation",
    "outbox_age",
    "post_invitation",
    "post_weekly_mails",
    "rebuild_counts",
    "rebuild_duplicates",
    "set_nudge",
]


def organisation() -> Organisation:
    """The employer's row; templates get `Employer`, which speaks the reader's language."""
    return Organisation.objects.current()


def open_contests(now: datetime) -> list[Contest]:
    """Contests that take registrations, in their order, each with its `open_session`. Two queries."""
    sessions = {s.contest_id: s for s in ContestSession.objects.open_at(now).order_by("year")}
    contests = list(Contest.objects.filter(pk__in=sessions))
    for contest in contests:
        contest.open_session = sessions[contest.pk]
    return contests


def conditions_in_force(day: date) -> Iterator[tuple[Contest, str, str, str, str, str]]:
    """What the contests demand on a day, where a source says so: contest, kind, title, text, source, since (ISO)."""
    for contest in Contest.objects.select_related("same_rules_as"):
        for rule in texts.in_force((contest.same_rules_as or contest).rules, day.isoformat()):
            if rule.get("source") and rule["kind"] != "declaration":
                title, text = texts.condition(rule)
                yield contest, rule["kind"], title, text, texts.source_words(rule), rule.get("valid_from") or ""


def front_page(now: datetime) -> dict[str, Any]:
    """What the front page shows of this app: open `contests` and an empty `request_form` that posts to `/request/`."""
    return {"contests": open_contests(now), "request_form": ShortForm(now=now, today=timezone.localdate(now))}


def answer_form(now: datetime, question: dict[str, str]) -> dict[str, Any]:
    """What a room shows of this app: an `answer_form` that holds the `question` asked there (`text`, `topic`; or
    nothing) and, before it opens, a `reminder_form`."""
    known = {"message": question.get("text", ""), "topic": question.get("topic", "")}
    form = AnswerForm(now=now, today=timezone.localdate(now), initial=known)
    return {"answer_form": form, "reminder_form": ReminderForm(now=now)}


def housekeeping(now: datetime) -> dict[str, int]:
    """What is due, once: mails sent, deltas folded, candidates taken up again. Harmless to run by several at once."""
    follow_rooms(now=now)
    done = {"sent": mail.sweep(now=now), "folded": fold_counts(), "resumed": resume_candidates(now=now)}
    return done | {"batches": run_batches(clock=timezone.now)}


def keep_times(now: datetime) -> dict[str, int]:
    """Once a day: who is to be reminded or told that their time runs out is, whose time is over is anonymised; what was
    begun and given up goes.
    """
    remind_of_files(now=now)
    sweep_uploads(now=now)
    return purge_expired(now=now) | {"batches": forget_old_batches(now=now)}


def erase_anew(now: datetime) -> int:
    """Whom a restored backup has brought back is erased again; the number of people."""
    return replay_erasures(now=now)


def post_invitation(*, user: User, room: str, opens_at: datetime, language: str, now: datetime) -> None:
    """Write the mail by which an invited speaker sets a password; `room` is its title. In the caller's transaction."""
    message = Message(
        intent=f"invitation:{user.pk}:{now.isoformat()}",
        recipient=user.email,
        template="invitation",
        language=language,
        context={"first_name": user.first_name, "user": user.pk, "room": room, "opens_at": opens_at.isoformat()},
        created_at=now,
        due_at=now,
    )
    mail.post(message)


def outbox_age(now: datetime) -> float:
    """Seconds that the oldest due mail has waited; 0 where none does. Old means that nobody sends."""
    oldest = (
        Message.objects.pending().filter(due_at__lte=now).order_by("due_at").values_list("due_at", flat=True).first()
    )
    return (now - oldest).total_seconds() if oldest else 0.0
