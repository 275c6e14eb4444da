"""The record of who has not been heard of for long: told in time, then reduced to codes and bands."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from leads import mail
from leads.choices import FollowUpKind
from leads.errors import NotFound
from leads.models import Candidate, Message, Organisation
from leads.retention import months_after, notice_on, retain_until
from leads.services.erasure import anonymise_candidate
from leads.services.timeline import locked_candidate, record, save_change

LONGEST_MONTH = 3  # days by which months of different lengths may differ


def purge_expired(*, now: datetime, dry_run: bool = False) -> dict[str, int]:
    """Tell who is to be told, anonymise whose time is over: {"told": n, "anonymised": n}.

    Nobody with an e-mail goes without the days of notice, however late this runs. With `dry_run` nothing happens.
    """
    organisation = Organisation.objects.current()
    counts = {"told": 0, "anonymised": 0}
    for candidate, until in _running_out(organisation, now):
        step = _step(candidate, until, organisation, now)
        if step and (dry_run or _take(step, candidate, until, organisation, now)):
            counts[step] += 1
    return counts


def _running_out(organisation: Organisation, now: datetime) -> Iterator[tuple[Candidate, date]]:
    today = timezone.localdate(now)
    horizon = today + timedelta(days=organisation.notice_days + LONGEST_MONTH)
    rows = (
        Candidate.objects.current()
        .with_agreed(now)
        .untouched_since(
            registered=_midnight(months_after(horizon, -organisation.months_registered)),
            agreed=_midnight(months_after(horizon, -organisation.months_with_consent)),
            others=_midnight(months_after(horizon, -organisation.months_without_consent)),
        )
    )
    for candidate in rows.order_by("pk").iterator():
        until = retain_until(candidate, organisation, agreed=candidate.agreed)  # type: ignore[attr-defined]
        if notice_on(until, organisation) <= today:
            yield candidate, until


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min)) + timedelta(days=1)


def _step(candidate: Candidate, until: date, organisation: Organisation, now: datetime) -> str:
    """What is due for somebody whose time runs out: "told", "anonymised" or nothing yet."""
    is_over = until <= timezone.localdate(now)
    if not candidate.email:
        return "anonymised" if is_over else ""
    if candidate.noticed_at is None or candidate.noticed_at < candidate.last_contact_at:
        return "told"
    had_notice = candidate.noticed_at <= now - timedelta(days=organisation.notice_days)
    return "anonymised" if is_over and had_notice else ""


@transaction.atomic
def _take(step: str, candidate: Candidate, until: date, organisation: Organisation, now: datetime) -> bool:
    """Under the lock, unless the person was heard of in the meantime."""
    try:
        fresh = locked_candidate(candidate.pk, actor=None)
    except NotFound:
        return False
    if fresh.version != candidate.version or fresh.last_contact_at != candidate.last_contact_at:
        return False
    if step == "anonymised":
        anonymise_candidate(candidate_id=fresh.pk, now=now)
    else:
        _tell(fresh, max(until, timezone.localdate(now) + timedelta(days=organisation.notice_days)), now)
    return True


def _tell(candidate: Candidate, until: date, now: datetime) -> None:
    candidate.noticed_at = now
    save_change(candidate, "noticed_at")
    mail.post(
        Message(
            intent=f"retention:{candidate.pk}:{until.isoformat()}",
            recipient=candidate.email,
            candidate=candidate,
            template="retention_notice",
            language=candidate.language,
            context={"first_name": candidate.first_name, "until": until.isoformat()},
            created_at=now,
            due_at=now,
        )
    )


@transaction.atomic
def keep_longer(*, candidate_id: int, now: datetime) -> None:
    """The person pressed the button that keeps their record: it counts as a contact."""
    candidate = locked_candidate(candidate_id, actor=None)
    candidate.last_contact_at, candidate.noticed_at = now, None
    save_change(candidate, "last_contact_at", "noticed_at")
    record(candidate, FollowUpKind.RETENTION, actor=None, now=now)
