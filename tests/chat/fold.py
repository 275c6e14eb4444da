"""The Python twin of `static/js/lib/fold.js`: a room's state, and what each frame makes of it."""

from copy import deepcopy

STATE_AFTER = {"room.opened": "open", "room.paused": "paused", "room.closed": "closed"}


def start(snapshot):
    """The state that a page starts from. Ids are strings, as JSON has them."""
    state = {
        "state": snapshot["state"],
        "closes_at": snapshot["closes_at"],
        "seq": snapshot["seq"],
        "announcements": snapshot["announcements"],
        "questions": by_id(snapshot["questions"]),
        "slow": snapshot["slow"],
        "screen": snapshot["screen"],
    }
    if "staff_seq" in snapshot:
        state |= {
            "staff_seq": snapshot["staff_seq"],
            "waiting": by_id(snapshot["waiting"]),
            "rejected": by_id(snapshot["rejected"]),
            "muted": snapshot["muted"],
            "assigned": snapshot["assigned"],
            "flooding": snapshot["flooding"],
            "floods": snapshot["floods"],
            "shield": snapshot["shield"],
            "bursts": snapshot["bursts"],
            "notes": snapshot["notes"],
            "away": snapshot["away"],
        }
    return deepcopy(state)


def by_id(questions):
    return {str(question["question"]): question for question in questions}


def fold(state, frame):
    """`state` after `frame`; a frame known already, or of an unknown kind, changes nothing."""
    state = deepcopy(state)
    if frame["type"] == "tally":
        for question, votes in frame["votes"].items():
            if question in state["questions"]:
                state["questions"][question]["votes"] = votes
    elif frame["type"] == "event":
        position = "seq" if frame["stream"] == "public" else "staff_seq"
        if frame["seq"] > state[position]:
            state[position] = frame["seq"]
            HANDLERS.get(frame["kind"], lambda *_: None)(state, frame["data"], frame)
    return state


def on_state(state, data, frame):
    state["state"] = STATE_AFTER[frame["kind"]]
    state["closes_at"] = data.get("closes_at", state["closes_at"])


def on_announcement(state, data, frame):
    state["announcements"].append({"seq": frame["seq"], "text": data["text"], "at": frame["at"]})


def put_public(state, data, frame, text, votes):
    """A question becomes public: what was known of it while it waited goes along."""
    key = str(data["question"])
    waiting = state.get("waiting", {}).pop(key, {})
    if waiting.get("assigned"):
        state["assigned"][key] = waiting["assigned"]
    state["questions"][key] = {
        "question": data["question"],
        "text": text,
        "nickname": data["nickname"],
        "topic": data["topic"],
        "votes": waiting.get("votes", 0) if votes is None else votes,
        "at": data.get("at", frame["at"]),
        "answers": [],
    }


def on_published(state, data, frame):
    put_public(state, data, frame, data["text"], data["votes"])


def on_answer(state, data, frame):
    if "question_text" in data:
        put_public(state, data, frame, data["question_text"], None)
    answers = state["questions"][str(data["question"])]["answers"]
    if all(known["answer"] != data["answer"] for known in answers):
        shown = {key: data[key] for key in ("answer", "text", "speaker")}
        shown |= {key: data[key] for key in ("source", "link") if key in data}
        answers.append(shown | {"at": data.get("at", frame["at"]), "edited": data.get("edited", False)})


def on_edited(state, data, frame):
    for answer in state["questions"].get(str(data["question"]), {"answers": []})["answers"]:
        if answer["answer"] == data["answer"]:
            answer |= {"text": data["text"], "edited": True}


def on_withdrawn(state, data, frame):
    take_out(state, str(data["question"]))


def take_out(state, key):
    for place in ("questions", "waiting", "assigned"):
        state.get(place, {}).pop(key, None)


def on_asked(state, data, frame):
    state["waiting"][str(data["question"])] = data | {"at": frame["at"], "assigned": None, "votes": 0}


def on_assigned(state, data, frame):
    key, speaker = str(data["question"]), data["speaker"] and data["speaker"]["id"]
    if key in state["waiting"]:
        state["waiting"][key]["assigned"] = speaker
    elif speaker is None:
        state["assigned"].pop(key, None)
    else:
        state["assigned"][key] = speaker


def on_tagged(state, data, frame):
    for place in ("waiting", "questions", "rejected"):
        if str(data["question"]) in state[place]:
            state[place][str(data["question"])]["topic"] = data["topic"]


def on_merged(state, data, frame):
    take_out(state, str(data["question"]))
    for place in ("waiting", "questions"):
        if str(data["into"]) in state[place]:
            state[place][str(data["into"])]["votes"] = data["votes"]


def on_rejected(state, data, frame):
    key = str(data["question"])
    if key in state["waiting"]:
        state["rejected"][key] = state["waiting"].pop(key) | {"reason": data["reason"]}


def on_muted(state, data, frame):
    state["muted"][data["participant"]] = data["until"]


def on_returned(state, data, frame):
    """A decision was taken back: the question waits again, unless it has been shown since."""
    key = str(data["question"])
    state["rejected"].pop(key, None)
    if key not in state["questions"]:
        state["waiting"][key] = {name: value for name, value in data.items() if name != "by"}


def on_unmerged(state, data, frame):
    for place in ("waiting", "questions"):
        if str(data["from"]) in state[place]:
            state[place][str(data["from"])]["votes"] = data["votes"]


def on_redacted(state, data, frame):
    waiting = state["waiting"].get(str(data["question"]), {})
    if waiting:
        waiting.pop("original", None)
        waiting |= {key: data[key] for key in ("text", "original") if data[key]}


def on_released(state, data, frame):
    if waiting := state["waiting"].get(str(data["question"])):
        waiting["lane"] = data["lane"]


def on_flooding(state, data, frame):
    state["flooding"][data["participant"]] = data["until"]


def on_flood(state, data, frame):
    state["floods"][str(data["flood"])] = data


def on_calm(state, data, frame):
    state["floods"].pop(str(data["flood"]), None)


def on_slowed(state, data, frame):
    state["slow"] = data["seconds"]


def on_screen(state, data, frame):
    state["screen"] = data["question"]


def on_shielded(state, data, frame):
    state["shield"] = data["on"]


def on_note(state, data, frame):
    if all(known["note"] != data["note"] for known in state["notes"]):
        state["notes"].append(data)


def on_seen(state, data, frame):
    for note in state["notes"]:
        if note["note"] in data["notes"]:
            note["seen"] = sorted({*note["seen"], data["by"]})


def on_away(state, data, frame):
    if data["away"]:
        state["away"][str(data["speaker"])] = frame["at"]
    else:
        state["away"].pop(str(data["speaker"]), None)


def on_burst(state, data, _):
    state["bursts"][str(data["question"])] = data["votes"]


HANDLERS = {
    "room.opened": on_state,
    "room.paused": on_state,
    "room.closed": on_state,
    "announcement": on_announcement,
    "question.published": on_published,
    "answer.published": on_answer,
    "answer.edited": on_edited,
    "question.withdrawn": on_withdrawn,
    "question.asked": on_asked,
    "question.assigned": on_assigned,
    "question.tagged": on_tagged,
    "question.merged": on_merged,
    "question.rejected": on_rejected,
    "participant.muted": on_muted,
    "question.returned": on_returned,
    "question.unmerged": on_unmerged,
    "question.redacted": on_redacted,
    "question.released": on_released,
    "participant.flooding": on_flooding,
    "flood.begun": on_flood,
    "flood.ended": on_calm,
    "room.slowed": on_slowed,
    "room.shielded": on_shielded,
    "votes.burst": on_burst,
    "screen.changed": on_screen,
    "note.written": on_note,
    "note.seen": on_seen,
    "speaker.away": on_away,
}
