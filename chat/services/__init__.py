"""Every change of a room: one function, one transaction, one lock of the room's row.

All take `room_id`, `actor`, `now` and the frame's `client_id` (None from a place that never repeats itself, such as the
admin), and give what the ack carries. The same `client_id` from the same actor within a day gives the same ack and
changes nothing. All raise `NotFound` for what is not in this room, `NotOpen` where the room's state forbids the act,
`Forbidden` to whom its staff list does not name.
"""

from chat.services.answers import answer_question, edit_answer
from chat.services.asking import Ask, ask_question, ask_questions, my_questions
from chat.services.moderation import (
    assign_question,
    merge_question,
    mute_participant,
    publish_question,
    reject_question,
    tag_question,
    withdraw_question,
)
from chat.services.once import purge_receipts, remembered
from chat.services.planning import keep_moderator, plan_room, readiness
from chat.services.replays import acks_of
from chat.services.rooms import announce, close_room, keep_time, open_room, pause_room
from chat.services.voting import cast_vote

__all__ = [
    "Ask",
    "acks_of",
    "announce",
    "answer_question",
    "ask_question",
    "ask_questions",
    "assign_question",
    "cast_vote",
    "close_room",
    "edit_answer",
    "keep_moderator",
    "keep_time",
    "merge_question",
    "mute_participant",
    "my_questions",
    "open_room",
    "pause_room",
    "plan_room",
    "publish_question",
    "purge_receipts",
    "readiness",
    "reject_question",
    "remembered",
    "tag_question",
    "withdraw_question",
]
