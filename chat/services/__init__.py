"""Every change of a room: one function, one transaction, one lock of the room's row.

All take `room_id`, `actor`, `now` and the frame's `client_id` (None from a place that never repeats itself, such as the
admin), and give what the ack carries. The same `client_id` from the same actor within a day gives the same ack and
changes nothing. All raise `NotFound` for what is not in this room, `NotOpen` where the room's state forbids the act,
`Forbidden` to whom its staff list does not name.
"""

from chat.services.answers import answer_question, edit_answer
from chat.services.asking import Ask, ask_question, ask_questions, my_questions
from chat.services.backstage import pass_question, see_notes, write_note
from chat.services.decisions import last_decisions, undo_decision
from chat.services.elsewhere import answer_elsewhere, redact_question
from chat.services.floods import calm_flood
from chat.services.guests import end_guest_access, invite_speaker, send_invitations_by
from chat.services.moderation import (
    assign_question,
    merge_question,
    publish_question,
    reject_question,
    tag_question,
    withdraw_question,
)
from chat.services.once import purge_receipts, received, remembered, together
from chat.services.pace import (
    divert_participant,
    mute_participant,
    release_question,
    shield_room,
    show_on_screen,
    slow_room,
)
from chat.services.peaks import keep_peaks
from chat.services.planning import keep_moderator, plan_room, prepare_announcements, readiness
from chat.services.profiles import tell_profile
from chat.services.rehearsals import begin_rehearsal, end_rehearsals, wipe_rehearsal
from chat.services.rooms import announce, close_room, keep_time, open_room, pause_room
from chat.services.speaking import leave_desk
from chat.services.voting import Ballot, cast_vote, cast_votes

__all__ = [
    "Ask",
    "Ballot",
    "announce",
    "answer_elsewhere",
    "answer_question",
    "ask_question",
    "ask_questions",
    "assign_question",
    "begin_rehearsal",
    "calm_flood",
    "cast_vote",
    "cast_votes",
    "close_room",
    "divert_participant",
    "edit_answer",
    "end_guest_access",
    "end_rehearsals",
    "invite_speaker",
    "keep_moderator",
    "keep_peaks",
    "keep_time",
    "last_decisions",
    "leave_desk",
    "merge_question",
    "mute_participant",
    "my_questions",
    "open_room",
    "pass_question",
    "pause_room",
    "plan_room",
    "prepare_announcements",
    "publish_question",
    "purge_receipts",
    "readiness",
    "received",
    "redact_question",
    "reject_question",
    "release_question",
    "remembered",
    "see_notes",
    "send_invitations_by",
    "shield_room",
    "show_on_screen",
    "slow_room",
    "tag_question",
    "tell_profile",
    "together",
    "undo_decision",
    "wipe_rehearsal",
    "withdraw_question",
    "write_note",
]
