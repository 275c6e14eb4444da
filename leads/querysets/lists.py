"""What recruiters keep and do with lists: views, exports, acts on many, pairs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.apps import apps
from django.db import models
from django.db.models import Q

from leads.batch_words import TO_BE_DONE, BatchState, RowOutcome
from leads.idsets import block_of, holds
from leads.scope import team_ids_of

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from leads.models import Batch, BatchRow, DuplicateGroup, Export, KeptView  # noqa: F401


EXPORTS_LOOKED_INTO = 200  # of the block of ids that a person is in, the newest


class KeptViewQuerySet(models.QuerySet["KeptView"]):
    def visible_to(self, user: User) -> KeptViewQuerySet:
        """Their own and their teams'."""
        return self.filter(Q(owner=user.pk) | Q(team__in=apps.get_model("leads.Team")._default_manager.of(user)))


class ExportQuerySet(models.QuerySet["Export"]):
    def of_candidates(self, ids: Iterable[int]) -> list[Export]:
        """The newest exports that hold one of these people, newest first: one query."""
        wanted = list(ids)
        parts = apps.get_model("leads.ExportedBlock")._default_manager.select_related("export__by")
        parts = parts.filter(block__in={block_of(pk) for pk in wanted}).order_by("-export")[:EXPORTS_LOOKED_INTO]
        found = {
            part.export_id: part.export
            for part in parts
            if any(block_of(pk) == part.block and holds(bytes(part.bits), pk) for pk in wanted)
        }
        return list(found.values())


class BatchQuerySet(models.QuerySet["Batch"]):
    def in_scope_of(self, user: User) -> BatchQuerySet:
        """Their own; a superuser sees all."""
        return self if user.is_superuser else self.filter(by=user.pk)

    def going(self, now: datetime) -> BatchQuerySet:
        """Confirmed, not done, and in no worker's hands."""
        free = Q(held_until__isnull=True) | Q(held_until__lte=now)
        return self.filter(free, state__in=[BatchState.RUNNING, BatchState.UNDOING]).order_by("pk")


class BatchRowQuerySet(models.QuerySet["BatchRow"]):
    def to_do(self) -> BatchRowQuerySet:
        return self.filter(verdict__in=TO_BE_DONE, outcome=RowOutcome.WAITING).order_by("number")

    def done(self) -> BatchRowQuerySet:
        return self.filter(outcome=RowOutcome.DONE).order_by("number")


class DuplicateGroupQuerySet(models.QuerySet["DuplicateGroup"]):
    def open(self) -> DuplicateGroupQuerySet:
        return self.filter(is_open=True)

    def in_scope_of(self, user: User) -> DuplicateGroupQuerySet:
        """Each key once: those of the user's teams, or of everybody."""
        return self.filter(team__isnull=True) if user.is_superuser else self.filter(team__in=team_ids_of(user))

    def open_to(self, user: User) -> DuplicateGroupQuerySet:
        """Which of them the user may look at."""
        return self if user.is_superuser else self.in_scope_of(user)
