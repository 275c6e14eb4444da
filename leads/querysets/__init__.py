"""What rows are asked for, each module the rows of the one of its name in `leads.models` or near it."""

from leads.querysets.campaigns import CampaignQuerySet, CostQuerySet, LinkMappingQuerySet, PressLineQuerySet
from leads.querysets.lists import (
    BatchQuerySet,
    BatchRowQuerySet,
    DuplicateGroupQuerySet,
    ExportQuerySet,
    KeptViewQuerySet,
)
from leads.querysets.mails import MessageQuerySet
from leads.querysets.organisation import (
    AbsenceQuerySet,
    ContestQuerySet,
    ContestSessionQuerySet,
    OrganisationQuerySet,
    TeamQuerySet,
)
from leads.querysets.people import CandidateQuerySet, ConsentQuerySet, FollowUpQuerySet, OfCandidateQuerySet
from leads.querysets.requests import CountQuerySet, LeadQuerySet

__all__ = [
    "AbsenceQuerySet",
    "BatchQuerySet",
    "BatchRowQuerySet",
    "CampaignQuerySet",
    "CandidateQuerySet",
    "ConsentQuerySet",
    "ContestQuerySet",
    "ContestSessionQuerySet",
    "CostQuerySet",
    "CountQuerySet",
    "DuplicateGroupQuerySet",
    "ExportQuerySet",
    "FollowUpQuerySet",
    "KeptViewQuerySet",
    "LeadQuerySet",
    "LinkMappingQuerySet",
    "MessageQuerySet",
    "OfCandidateQuerySet",
    "OrganisationQuerySet",
    "PressLineQuerySet",
    "TeamQuerySet",
]
