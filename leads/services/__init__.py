"""Every change of a lead, a candidate, a file: one function each, one transaction, whoever asks.

Arguments are keyword-only; `now` and `actor` come from the edge. `actor` is the member of staff who acts, None where
the candidate does through their link, or the project by itself.
"""

from leads.services.assignment import set_territories
from leads.services.batches import (
    begin_act,
    confirm_batch,
    forget_batch,
    forget_old_batches,
    run_batches,
    try_act,
    undo_batch,
)
from leads.services.calls import log_outcome, take_back_outcome
from leads.services.campaigns import forget_steering_row, keep_steering_row, map_answers
from leads.services.candidates import (
    accept_proposal,
    add_note,
    assign_candidate,
    assign_candidates,
    correct_candidate,
    move_candidate,
    plan_next_action,
    refuse_proposal,
    resume_candidates,
    take_on,
)
from leads.services.claims import next_offered, pass_on, take, take_next
from leads.services.documents import (
    ensure_checklist,
    hand_in,
    judge_document,
    remind_of_files,
    say_unavailable,
    sweep_uploads,
    take_back_unavailable,
)
from leads.services.duplicates import ignore_key, rebuild_duplicates, tell_apart
from leads.services.erasure import anonymise_candidate, erase_candidate, find_person, replay_erasures
from leads.services.exports import begin_export, record_export
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
from leads.services.imports import begin_import, try_import
from leads.services.kept import forget_view, keep_view
from leads.services.letters import Written, keep_letter, note_letter, write_to
from leads.services.mail_events import take_mail_report, take_mail_reports
from leads.services.merges import merge_candidates, undo_merge
from leads.services.reference import ensure_ground, keep_reference_row, load_letters, load_reference_data
from leads.services.reminders import follow_rooms, remind
from leads.services.requests import (
    Typed,
    enter_request_by_phone,
    request_answer,
    request_file,
    request_information,
)
from leads.services.retention import keep_longer, purge_expired
from leads.services.slots import call_times, choose_call_slot, give_up_call_slot, open_call_slots
from leads.services.spam import mark_spam, unmark_spam
from leads.services.teams import set_members
from leads.services.visits import count_visit, write_visits
from leads.services.written import write_to_us

__all__ = [
    "Typed",
    "Written",
    "accept_proposal",
    "add_note",
    "anonymise_candidate",
    "assign_candidate",
    "assign_candidates",
    "begin_act",
    "begin_export",
    "begin_import",
    "call_times",
    "choose_call_slot",
    "confirm_batch",
    "correct_candidate",
    "correct_my_data",
    "count_visit",
    "download_file",
    "ensure_checklist",
    "ensure_ground",
    "enter_request_by_phone",
    "erase_candidate",
    "find_person",
    "follow_rooms",
    "forget_batch",
    "forget_old_batches",
    "forget_steering_row",
    "forget_view",
    "give_up_call_slot",
    "hand_in",
    "ignore_key",
    "judge_document",
    "keep_letter",
    "keep_longer",
    "keep_reference_row",
    "keep_steering_row",
    "keep_view",
    "kept_until",
    "load_letters",
    "load_reference_data",
    "log_outcome",
    "map_answers",
    "mark_spam",
    "merge_candidates",
    "move_candidate",
    "move_file",
    "my_data",
    "next_offered",
    "note_letter",
    "open_call_slots",
    "pass_on",
    "plan_next_action",
    "purge_expired",
    "rebuild_duplicates",
    "record_export",
    "refuse_proposal",
    "remind",
    "remind_of_files",
    "renew_link",
    "replay_erasures",
    "request_answer",
    "request_file",
    "request_information",
    "resume_candidates",
    "run_batches",
    "say_unavailable",
    "send_follow_link",
    "set_consents",
    "set_members",
    "set_territories",
    "stop_everything",
    "sweep_uploads",
    "take",
    "take_back_outcome",
    "take_back_unavailable",
    "take_mail_report",
    "take_mail_reports",
    "take_next",
    "take_on",
    "tell_apart",
    "try_act",
    "try_import",
    "undo_batch",
    "undo_merge",
    "unmark_spam",
    "unsubscribe",
    "verify_address",
    "write_to",
    "write_to_us",
    "write_visits",
]
