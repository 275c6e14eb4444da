"""The back office of follow-up: each module registers its pages."""

from leads.admin import candidates, files, followups, leads, reference

__all__ = ["candidates", "files", "followups", "leads", "reference"]
