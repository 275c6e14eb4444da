"""What all services on a candidate share: the locked row, its version, its timeline, its codes."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, cast

from django.contrib.auth.models import User
from django.db.models import Field
from django.utils.translation import gettext as _

from leads.choices import FollowUpKind
from leads.errors import NotFound, VersionConflict
from leads.identity import mail_key, name_key, search_text
from leads.models import Candidate, FollowUp
from leads.policies import require_can_follow_up
from leads.progress import keep_progress
from recruitment.geography import ABROAD, department_of, region_of

FURTHERS = (FollowUpKind.CALL, FollowUpKind.MESSAGE, FollowUpKind.STAGE, FollowUpKind.FILE)  # and the like
LINE = ("candidate_id", "kind", "outcome", "text", "data", "actor_id", "at", "version")  # of many lines at once


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


def as_json(values: Mapping[str, Any]) -> dict[str, Any]:
    """Columns of a candidate as they are kept for a way back: `give_back` reads them."""
    return {name: _written(value) for name, value in values.items()}


def _written(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def give_back(candidate: Candidate, kept: Mapping[str, Any]) -> tuple[str, ...]:
    """Let a candidate say again what was kept, in memory; the fields, for saving."""
    for name, value in kept.items():
        column = cast(Field, Candidate._meta.get_field(name.removesuffix("_id")))
        setattr(candidate, name, column.to_python(value))
    return tuple(name.removesuffix("_id") for name in kept)


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
    line = FollowUp.objects.create(
        candidate=candidate,
        kind=kind,
        actor=actor,
        at=now,
        text=text,
        outcome=outcome,
        data=data,
        version=candidate.version,
    )
    if kind in FURTHERS:
        keep_progress([candidate.pk])
    return line


@lru_cache(10_000)
def place_of(postal_code: str, *, is_abroad: bool) -> Mapping[str, Any]:
    """Département, region and `is_abroad` of what was typed; the tick wins over the code."""
    department = ABROAD if is_abroad else department_of(postal_code)
    if department == ABROAD:
        return {"department": "", "region": "", "is_abroad": True}
    region = region_of(department) if department else ""
    return {"department": department or "", "region": region or "", "is_abroad": False}


def what_differs(candidate: Candidate, typed: Mapping[str, Any]) -> dict[str, list[str]]:
    """Field -> [what the sheet says, what was typed], of what differs; a name in other letters is the same."""
    return {
        name: [_as_text(known), _as_text(value)]
        for name, value in typed.items()
        if value and (known := getattr(candidate, name)) and not _is_same(name, known, value)
    }


def _is_same(name: str, known: Any, value: Any) -> bool:
    return known == value or (name in ("first_name", "last_name") and name_key(known, "") == name_key(value, ""))


def _as_text(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def derived(
    *, first_name: str, last_name: str, email: str, phone: str, postal_code: str, is_abroad: bool
) -> dict[str, Any]:
    """The columns of a candidate that follow from these."""
    return {
        "name_key": name_key(first_name, last_name),
        "mail_key": mail_key(email),
        "search": search_text(f"{first_name} {last_name}".strip(), email, phone, postal_code),
        **place_of(postal_code, is_abroad=is_abroad),
    }


def derive(candidate: Candidate) -> tuple[str, ...]:
    """Set the columns that follow from the others; their names, for saving."""
    columns = derived(
        first_name=candidate.first_name,
        last_name=candidate.last_name,
        email=candidate.email,
        phone=candidate.phone,
        postal_code=candidate.postal_code,
        is_abroad=candidate.is_abroad,
    )
    for field, value in columns.items():
        setattr(candidate, field, value)
    return tuple(columns)
