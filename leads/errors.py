"""Why a change was refused. `message` says in the user's language what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from leads.models import FollowUp


class LeadsError(Exception):
    def __init__(self, message: str | Promise):
        super().__init__(message)
        self.message = message


class NotAllowed(LeadsError):
    """The move or act is none that the rules know from here."""


class NotFound(LeadsError):
    """There is no such row, or none that the actor may see: nobody learns which."""


class TooYoung(LeadsError):
    """Under 15: nothing is stored, nothing is counted."""


class VersionConflict(LeadsError):
    """Somebody changed the row since the actor read it. `changes`: what happened since, newest first."""

    def __init__(self, current_version: int, changes: list[FollowUp]):
        super().__init__(
            _("Somebody else changed this sheet meanwhile. What you typed is still here; nothing was saved.")
        )
        self.current_version = current_version
        self.changes = changes


class MailError(LeadsError):
    """The mail cannot be written: a variable is missing or the body is empty."""
