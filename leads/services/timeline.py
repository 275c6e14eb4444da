"""What all services on a candidate share: the locked row, its version, its timeline, its codes."""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from leads.choices import FollowUpKind
from leads.errors import NotFound, VersionConflict
from leads.identity import mail_key, name_key, search_text
from leads.models import Candidate, FollowUp
from leads.policies import require_can_follow_up
from recruitment.geography import ABROAD, department_of, region_of


def locked_candidate(candidate_id: int, *, actor: User | None, expected_version: int | None = None) -> Candidate:
    """The row, locked (without blocking inserts that reference it), as its version is known to be.

    Raises `NotFound` for another team's as for none and for who was erased, `VersionConflict` where somebody changed it
    since.
    """
    row = Candidate.objects.select_for_update(no_key=True, of=("self",)).select_related("team")
    candidate = row.filter(pk=candidate_id, merged_into__isnull=True, erased_at__isnull=True).first()
    if candidate is None:
        raise NotFound(_("There is no such candidate."))
    require_can_follow_up(actor, candidate)
    if expected_version is not None and candidate.version != expected_version:
        raise VersionConflict(candidate.version, changes_since(candidate, expected_version))
    return candidate


def changes_since(candidate: Candidate, version: int) -> list[FollowUp]:
    return list(candidate.follow_ups.filter(version__gt=version).select_related("actor").order_by("-version", "-pk"))


def save_change(candidate: Candidate, *fields: str) -> None:
    """Write the changed fields and the next version."""
    candidate.version += 1
    candidate.save(update_fields=[*fields, "version"])


def record(
    candidate: Candidate,
    kind: FollowUpKind,
    *,
    actor: User | None,
    now: datetime,
    text: str = "",
    outcome: str = "",
    **data: Any,
) -> FollowUp:
    """Append a line to the timeline, under the version that the change led to."""
    return FollowUp.objects.create(
        candidate=candidate,
        kind=kind,
        actor=actor,
        at=now,
        text=text,
        outcome=outcome,
        data=data,
        version=candidate.version,
    )


def place_of(postal_code: str, *, is_abroad: bool) -> dict[str, Any]:
    """Département, region and `is_abroad` of what was typed; the tick wins over the code."""
    department = ABROAD if is_abroad else department_of(postal_code)
    if department == ABROAD:
        return {"department": "", "region": "", "is_abroad": True}
    region = region_of(department) if department else ""
    return {"department": department or "", "region": region or "", "is_abroad": False}


def derive(candidate: Candidate) -> tuple[str, ...]:
    """Set the columns that follow from the others; their names, for saving."""
    candidate.name_key = name_key(candidate.first_name, candidate.last_name)
    candidate.mail_key = mail_key(candidate.email)
    candidate.search = search_text(candidate.full_name, candidate.email, candidate.phone, candidate.postal_code)
    for field, value in place_of(candidate.postal_code, is_abroad=candidate.is_abroad).items():
        setattr(candidate, field, value)
    return ("name_key", "mail_key", "search", "department", "region", "is_abroad")
