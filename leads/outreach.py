"""Which letters and which times to be called are there to choose from."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Count, F, Q

from leads.choices import ActionKind

if TYPE_CHECKING:
    from leads.models import CallSlot, Candidate, Letter  # noqa: F401


_HOLDS = Q(bookings__candidate__next_action=ActionKind.CALL, bookings__candidate__next_action_at=F("starts_at"))
_TAKEN = Count("bookings", filter=_HOLDS)


class LetterQuerySet(models.QuerySet["Letter"]):
    def in_use(self) -> LetterQuerySet:
        return self.filter(is_active=True)


class CallSlotQuerySet(models.QuerySet["CallSlot"]):
    def with_taken(self) -> CallSlotQuerySet:
        """Each with `taken`: the choices that hold."""
        return self.annotate(taken=_TAKEN)

    def free_at(self, now: datetime) -> CallSlotQuerySet:
        """Those to come that still take somebody."""
        return self.filter(starts_at__gt=now).alias(left=F("capacity") - _TAKEN).filter(left__gt=0)

    def is_chosen(self) -> bool:
        """By anybody, and it holds."""
        return self.filter(_HOLDS).exists()

    def chosen_by(self, candidate: Candidate) -> CallSlot | None:
        """The time at which the candidate is called by their own choice, if that holds."""
        if candidate.next_action != ActionKind.CALL:
            return None
        return self.filter(bookings__candidate=candidate, starts_at=candidate.next_action_at).first()
