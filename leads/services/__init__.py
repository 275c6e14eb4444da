"""Every change of a lead, a candidate, a file: one function each, one transaction, whoever asks.

Arguments are keyword-only; `now` and `actor` come from the edge. `actor` is the member of staff who acts, None where
the candidate does through their link, or the project by itself.
"""

from leads.services.candidates import (
    accept_proposal,
    add_note,
    assign_candidate,
    assign_candidates,
    correct_candidate,
    log_outcome,
    move_candidate,
    plan_next_action,
    refuse_proposal,
    resume_candidates,
)
from leads.services.claims import pass_on, take, take_next
from leads.services.duplicates import ignore_key, rebuild_duplicates, tell_apart
from leads.services.erasure import anonymise_candidate, erase_candidate, find_person, replay_erasures
from leads.services.exports import record_export
from leads.services.files import move_file
from leads.services.follow import (
    correct_my_data,
    download_file,
    kept_until,
    my_data,
    renew_link,
    send_follow_link,
    set_consents,
    stop_everything,
    unsubscribe,
    verify_address,
)
from leads.services.kept import forget_view, keep_view
from leads.services.merges import merge_candidates, undo_merge
from leads.services.reference import ensure_ground, keep_reference_row, load_reference_data
from leads.services.reminders import follow_rooms, remind
from leads.services.requests import (
    Typed,
    enter_request_by_phone,
    request_answer,
    request_file,
    request_information,
)
from leads.services.retention import keep_longer, purge_expired
from leads.services.spam import mark_spam, unmark_spam
from leads.services.teams import set_members

__all__ = [
    "Typed",
    "accept_proposal",
    "add_note",
    "anonymise_candidate",
    "assign_candidate",
    "assign_candidates",
    "correct_candidate",
    "correct_my_data",
    "download_file",
    "ensure_ground",
    "enter_request_by_phone",
    "erase_candidate",
    "find_person",
    "follow_rooms",
    "forget_view",
    "ignore_key",
    "keep_longer",
    "keep_reference_row",
    "keep_view",
    "kept_until",
    "load_reference_data",
    "log_outcome",
    "mark_spam",
    "merge_candidates",
    "move_candidate",
    "move_file",
    "my_data",
    "pass_on",
    "plan_next_action",
    "purge_expired",
    "rebuild_duplicates",
    "record_export",
    "refuse_proposal",
    "remind",
    "renew_link",
    "replay_erasures",
    "request_answer",
    "request_file",
    "request_information",
    "resume_candidates",
    "send_follow_link",
    "set_consents",
    "set_members",
    "stop_everything",
    "take",
    "take_next",
    "tell_apart",
    "undo_merge",
    "unmark_spam",
    "unsubscribe",
    "verify_address",
]
