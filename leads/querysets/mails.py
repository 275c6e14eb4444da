"""Mails that go out."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from leads.models import Message  # noqa: F401


class MessageQuerySet(models.QuerySet["Message"]):
    def pending(self) -> MessageQuerySet:
        return self.filter(sent_at__isnull=True, failed_at__isnull=True, suppressed_at__isnull=True)

    def due(self, now: datetime) -> MessageQuerySet:
        """Unsent ones whose time has come and that no worker holds."""
        free = Q(held_until__isnull=True) | Q(held_until__lte=now)
        return self.pending().filter(free, due_at__lte=now)

    def to_recipient_since(self, recipient: str, since: datetime) -> MessageQuerySet:
        return self.filter(recipient=recipient, created_at__gt=since)
