"""The rows, each module one of the things that `docs/architecture.md` tells apart."""

from leads.models.contests import Contest, ContestSession
from leads.models.counts import CountDelta, DailyCount, FrozenWeek
from leads.models.duplicates import DuplicateGroup, Merge, ToldApart
from leads.models.exports import Export, ExportedBlock
from leads.models.kept import KeptView
from leads.models.mails import FollowToken, Message, Suppression
from leads.models.organisation import Organisation, Source, Team
from leads.models.people import Candidate, Consent, FollowUp, RegistrationFile
from leads.models.requests import Lead, Receipt

__all__ = [
    "Candidate",
    "Consent",
    "Contest",
    "ContestSession",
    "CountDelta",
    "DailyCount",
    "DuplicateGroup",
    "Export",
    "ExportedBlock",
    "FollowToken",
    "FollowUp",
    "FrozenWeek",
    "KeptView",
    "Lead",
    "Merge",
    "Message",
    "Organisation",
    "Receipt",
    "RegistrationFile",
    "Source",
    "Suppression",
    "Team",
    "ToldApart",
]
