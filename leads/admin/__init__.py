"""The back office of follow-up: each module registers its pages."""

from leads.admin import candidates, duplicates, files, followups, leads, reference

__all__ = ["candidates", "duplicates", "files", "followups", "leads", "reference"]
