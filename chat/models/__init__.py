"""The rows, by theme. Each module imports only from those before it: house, rooms, questions, journal."""

from chat.models.house import Paragraph, Programme, Speaker, Topic, WatchedWord
from chat.models.journal import FrameReceipt, RoomEvent
from chat.models.questions import Answer, Decision, Note, Question, Vote
from chat.models.rooms import Attendance, Away, Flood, Participant, PreparedAnnouncement, Profile, Room

__all__ = [
    "Answer",
    "Attendance",
    "Away",
    "Decision",
    "Flood",
    "FrameReceipt",
    "Note",
    "Paragraph",
    "Participant",
    "PreparedAnnouncement",
    "Profile",
    "Programme",
    "Question",
    "Room",
    "RoomEvent",
    "Speaker",
    "Topic",
    "Vote",
    "WatchedWord",
]
