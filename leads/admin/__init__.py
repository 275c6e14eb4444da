"""The back office of follow-up: each module registers its pages."""

from leads.admin import leads

__all__ = ["leads"]
