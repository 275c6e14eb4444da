"""The back office of follow-up: each module registers its pages."""

from leads.admin import (
    assignment,
    batches,
    campaigns,
    candidates,
    duplicates,
    files,
    followups,
    leads,
    letters,
    reference,
)

__all__ = [
    "assignment",
    "batches",
    "campaigns",
    "candidates",
    "duplicates",
    "files",
    "followups",
    "leads",
    "letters",
    "reference",
]
