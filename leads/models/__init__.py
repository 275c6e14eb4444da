"""The rows, each module one of the things that `docs/architecture.md` tells apart."""

from leads.models.assignment import Absence, Capacity, Territory
from leads.models.batches import Batch, BatchRow
from leads.models.campaigns import Campaign, Cost, Goal, HeardMapping, LinkMapping, PressLine
from leads.models.contests import Contest, ContestSession
from leads.models.counts import CountDelta, DailyCount, FrozenWeek, VisitCount
from leads.models.documents import AskedDocument, FileDocument
from leads.models.duplicates import DuplicateGroup, Merge, ToldApart
from leads.models.exports import Export, ExportedBlock
from leads.models.kept import KeptView
from leads.models.letters import Letter, LetterVersion
from leads.models.mails import FollowToken, MailEvent, Message, Suppression
from leads.models.organisation import Organisation, Source, Team
from leads.models.people import Candidate, Consent, FollowUp, RegistrationFile
from leads.models.requests import Lead, Receipt
from leads.models.slots import CallBooking, CallSlot

__all__ = [
    "Absence",
    "AskedDocument",
    "Batch",
    "BatchRow",
    "CallBooking",
    "CallSlot",
    "Campaign",
    "Candidate",
    "Capacity",
    "Consent",
    "Contest",
    "ContestSession",
    "Cost",
    "CountDelta",
    "DailyCount",
    "DuplicateGroup",
    "Export",
    "ExportedBlock",
    "FileDocument",
    "FollowToken",
    "FollowUp",
    "FrozenWeek",
    "Goal",
    "HeardMapping",
    "KeptView",
    "Lead",
    "Letter",
    "LetterVersion",
    "LinkMapping",
    "MailEvent",
    "Merge",
    "Message",
    "Organisation",
    "PressLine",
    "Receipt",
    "RegistrationFile",
    "Source",
    "Suppression",
    "Team",
    "Territory",
    "ToldApart",
    "VisitCount",
]
