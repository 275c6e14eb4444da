"""The back office of the rooms: preparing them, their questions, topics and speakers."""

from chat.admin import house, questions, rooms

__all__ = ["house", "questions", "rooms"]
