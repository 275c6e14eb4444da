"""Old state + emitted frames = new state, for every service: nobody has to reload to know what is."""

import json
import subprocess

import pytest

from chat import frames, services
from chat.choices import PUBLIC_STATES
from chat.live import count_votes
from chat.models import Room, RoomEvent
from tests.chat.conftest import NOW, ask, visitor
from tests.chat.fold import fold, start
from tests.factories import AnswerFactory, QuestionFactory, TopicFactory, VoteFactory
from tests.machine import program

FOLD_JS = "static/js/lib/fold.js"


def act(service, room, actor, **arguments):
    return service(room_id=room.pk, actor=actor, now=NOW, client_id=None, **arguments)


def public_question(room, **more):
    return QuestionFactory(room=room, state="published", **more)


def opens_again(room, moderator, **_):
    act(services.close_room, room, moderator)
    act(services.open_room, room, moderator)


def pauses(room, moderator, **_):
    act(services.pause_room, room, moderator)


def announces(room, moderator, **_):
    act(services.announce, room, moderator, text="Bonsoir.")


def asks(room, **_):
    ask(room, nickname="Zoé", topic="autre")


def votes(room, published, **_):
    act(services.cast_vote, room, visitor("voter"), question_id=published.pk, value=True)


def takes_a_vote_back(room, published, **_):
    votes(room, published)
    act(services.cast_vote, room, visitor("voter"), question_id=published.pk, value=False)


def publishes(room, moderator, waiting, **_):
    act(services.publish_question, room, moderator, question_id=waiting.pk)


def publishes_what_was_assigned(room, moderator, waiting, speaker, **_):
    act(services.assign_question, room, moderator, question_id=waiting.pk, speaker_id=speaker.pk)
    act(services.publish_question, room, moderator, question_id=waiting.pk)


def assigns_and_publishes_in_one_act(room, moderator, waiting, speaker, **_):
    act(services.assign_question, room, moderator, question_id=waiting.pk, speaker_id=speaker.pk, publish=True)


def undoes_what_was_assigned_and_published(room, moderator, waiting, speaker, **_):
    undoes(room, moderator, waiting, "assign_question", speaker_id=speaker.pk, publish=True)


def assigns_what_is_public(room, moderator, published, speaker, **_):
    act(services.assign_question, room, moderator, question_id=published.pk, speaker_id=speaker.pk)


def rejects(room, moderator, waiting, **_):
    act(services.reject_question, room, moderator, question_id=waiting.pk, reason="hors-sujet")


def tags(room, moderator, waiting, published, **_):
    act(services.tag_question, room, moderator, question_id=waiting.pk, topic="autre")
    act(services.tag_question, room, moderator, question_id=published.pk, topic="autre")
    act(services.tag_question, room, moderator, question_id=published.pk, topic=None)


def withdraws(room, moderator, waiting, published, **_):
    act(services.withdraw_question, room, moderator, question_id=waiting.pk)
    act(services.withdraw_question, room, moderator, question_id=published.pk)


def merges_waiting_into_public(room, moderator, waiting, published, **_):
    act(services.merge_question, room, moderator, question_id=waiting.pk, into=published.pk)


def merges_public_into_waiting_and_answers(room, moderator, waiting, published, speaker, **_):
    act(services.merge_question, room, moderator, question_id=published.pk, into=waiting.pk)
    act(services.answer_question, room, moderator, question_id=waiting.pk, speaker_id=speaker.pk, text="Oui.")


def answers_twice(room, moderator, speaker_actor, other_speaker, waiting, **_):
    act(services.answer_question, room, speaker_actor, question_id=waiting.pk, text="Oui.")
    act(services.answer_question, room, moderator, question_id=waiting.pk, speaker_id=other_speaker.pk, text="Et oui.")


def corrects(room, moderator, answer, **_):
    act(services.edit_answer, room, moderator, answer_id=answer.pk, text="Non, pardon.")


def mutes(room, moderator, waiting, **_):
    act(services.mute_participant, room, moderator, participant=waiting.participant.key, minutes=5)


def undoes(room, moderator, waiting, name, **arguments):
    act(getattr(services, name), room, moderator, question_id=waiting.pk, **arguments)
    act(services.undo_decision, room, moderator, question_id=waiting.pk)


def undoes_a_publication(room, moderator, waiting, speaker, **_):
    act(services.assign_question, room, moderator, question_id=waiting.pk, speaker_id=speaker.pk)
    undoes(room, moderator, waiting, "publish_question")


def undoes_a_refusal(room, moderator, waiting, **_):
    undoes(room, moderator, waiting, "reject_question", reason="hors-sujet")


def undoes_topic_and_assignment(room, moderator, waiting, published, speaker, **_):
    for question in (waiting, published):
        undoes(room, moderator, question, "tag_question", topic="autre")
        undoes(room, moderator, question, "assign_question", speaker_id=speaker.pk)


def undoes_a_merge_of_what_waits(room, moderator, waiting, published, **_):
    VoteFactory(question=waiting)
    undoes(room, moderator, waiting, "merge_question", into=published.pk)


def undoes_a_merge_of_what_is_answered(room, moderator, answer, published, speaker, **_):
    act(services.assign_question, room, moderator, question_id=answer.question_id, speaker_id=speaker.pk)
    act(services.edit_answer, room, moderator, answer_id=answer.pk, text="Corrigée.")
    undoes(room, moderator, answer.question, "merge_question", into=published.pk)


def undoes_a_withdrawal(room, moderator, published, **_):
    undoes(room, moderator, published, "withdraw_question")


def answers_elsewhere(room, moderator, waiting, published, answer, **_):
    act(services.answer_elsewhere, room, moderator, question_id=waiting.pk, answer_id=answer.pk)
    undoes(room, moderator, published, "answer_elsewhere", answer_id=answer.pk)


def redacts(room, moderator, waiting, **_):
    act(services.redact_question, room, moderator, question_id=waiting.pk, text="Appelez-moi au …")
    act(services.redact_question, room, moderator, question_id=waiting.pk, text="Appelez …")
    act(services.undo_decision, room, moderator, question_id=waiting.pk)


def undoes_a_redaction(room, moderator, waiting, **_):
    undoes(room, moderator, waiting, "redact_question", text="…")


def diverts_and_releases(room, moderator, waiting, **_):
    act(services.divert_participant, room, moderator, participant=waiting.participant.key, minutes=5)
    act(services.release_question, room, moderator, question_id=waiting.pk)
    act(services.undo_decision, room, moderator, question_id=waiting.pk)
    act(services.divert_participant, room, moderator, participant=waiting.participant.key, minutes=0)


def slows_and_shields(room, moderator, **_):
    act(services.shield_room, room, moderator, value=True)
    act(services.slow_room, room, moderator, seconds=30)
    ask(room, by="newcomer", text="Voyez www.exemple.fr, mon numéro : 06 12 34 56 78")


def is_voted_on_in_a_burst(room, published, **_):
    for number in range(21):
        act(services.cast_vote, room, visitor(f"new-{number}"), question_id=published.pk, value=True)


def passes(room, moderator, speaker, speaker_actor, waiting, published, **_):
    for question in (waiting, published):
        act(services.assign_question, room, moderator, question_id=question.pk, speaker_id=speaker.pk)
        act(services.pass_question, room, speaker_actor, question_id=question.pk)


def speaks_backstage(room, moderator, speaker_actor, waiting, **_):
    note = act(services.write_note, room, moderator, text="Qui la prend ?", question_id=waiting.pk)["note"]
    act(services.write_note, room, speaker_actor, text="Moi.")
    act(services.see_notes, room, speaker_actor, notes=[note])


def leaves_the_desk_and_comes_back(room, moderator, speaker, speaker_actor, other_speaker, waiting, **_):
    act(services.leave_desk, room, moderator, value=True, speaker_id=other_speaker.pk)
    act(services.leave_desk, room, speaker_actor, value=True)
    act(services.answer_question, room, speaker_actor, question_id=waiting.pk, text="Oui.")


def shows_on_screen(room, moderator, published, answer, **_):
    act(services.show_on_screen, room, moderator, question_id=answer.question_id)
    act(services.show_on_screen, room, moderator, question_id=published.pk)


def is_flooded(room, moderator, **_):
    for number in range(8):
        ask(room, by=f"bot-{number}", text=f"Pourquoi la police ment-elle aux candidats {number} ?")
    ask(room, by="late", text="Pourquoi la police ment-elle aux candidats ?")
    act(services.calm_flood, room, moderator, flood_id=room.floods.get().pk)


SCENES = [
    is_flooded,
    undoes_a_publication,
    undoes_a_refusal,
    undoes_topic_and_assignment,
    undoes_a_merge_of_what_waits,
    undoes_a_merge_of_what_is_answered,
    undoes_a_withdrawal,
    answers_elsewhere,
    redacts,
    undoes_a_redaction,
    diverts_and_releases,
    slows_and_shields,
    is_voted_on_in_a_burst,
    passes,
    speaks_backstage,
    leaves_the_desk_and_comes_back,
    shows_on_screen,
    opens_again,
    pauses,
    announces,
    asks,
    votes,
    takes_a_vote_back,
    publishes,
    publishes_what_was_assigned,
    assigns_what_is_public,
    assigns_and_publishes_in_one_act,
    undoes_what_was_assigned_and_published,
    rejects,
    tags,
    withdraws,
    merges_waiting_into_public,
    merges_public_into_waiting_and_answers,
    answers_twice,
    corrects,
    mutes,
]


@pytest.fixture
def scene(room, moderator, speaker, speaker_actor, other_speaker):
    """A room in the middle of its hour: something waiting, something public, something answered."""
    TopicFactory(key="autre")
    published = public_question(room)
    VoteFactory.create_batch(2, question=published)
    answer = AnswerFactory(question__room=room, speaker=speaker)
    return {
        "room": room,
        "moderator": moderator,
        "speaker": speaker,
        "speaker_actor": speaker_actor,
        "other_speaker": other_speaker,
        "waiting": QuestionFactory(room=room),
        "published": published,
        "answer": answer,
    }


def play(scene, play_scene):
    """Both snapshots before and after, and the frames that each reader of them gets."""
    room = scene["room"]
    before = states_of(room)
    play_scene(**scene)
    room.refresh_from_db()
    rows = RoomEvent.objects.filter(room=room).order_by("pk")
    emitted = [frames.event(row) for row in rows] + [frames.tally(count_votes(room.pk, None))]
    public = [frame for frame in emitted if frame.get("stream") != "staff"]
    return list(zip(before, (public, emitted), states_of(room), strict=True))


def states_of(room):
    room = Room.objects.get(pk=room.pk)
    return start(frames.snapshot(room)), start(frames.staff_snapshot(room))


def folded(state, emitted):
    for frame in emitted:
        state = fold(state, frame)
    return state


@pytest.mark.parametrize("play_scene", SCENES)
def test_old_state_and_emitted_frames_make_the_new_state(scene, play_scene):
    for before, emitted, after in play(scene, play_scene):
        assert folded(before, emitted) == after


@pytest.mark.parametrize("play_scene", SCENES)
def test_a_frame_that_comes_twice_changes_nothing(scene, play_scene):
    for before, emitted, after in play(scene, play_scene):
        assert folded(before, emitted + emitted) == after


@pytest.mark.needs_node
@pytest.mark.parametrize("play_scene", SCENES)
def test_the_browsers_reducer_makes_of_them_what_its_twin_makes(scene, play_scene):
    told = [(before, emitted + emitted) for before, emitted, _ in play(scene, play_scene)]
    script = (
        f'import {{ fold }} from "./{FOLD_JS}";'
        'import { readFileSync } from "node:fs";'
        'const told = JSON.parse(readFileSync(0, "utf8"));'
        "console.log(JSON.stringify(told.map(([state, frames]) => frames.reduce(fold, state))));"
    )
    run = [program("node"), "--input-type=module", "--eval", script]
    output = subprocess.run(run, input=json.dumps(told), capture_output=True, text=True, check=True).stdout
    assert json.loads(output) == [folded(before, emitted) for before, emitted in told]


def test_what_is_not_public_is_in_no_public_frame(scene):
    """The staff's stream names askers and reasons; the public one never does, nor any waiting text."""
    room, waiting = scene["room"], scene["waiting"]
    rejects(**scene)
    ask(room, text="Un secret ?")
    public = json.dumps([frames.event(row) for row in RoomEvent.objects.filter(room=room, stream="public")])
    public += json.dumps(frames.snapshot(room))
    for hidden in (waiting.text, "Un secret", "hors-sujet", waiting.participant.key, "Paul"):
        assert hidden not in public
    assert all(question.state in PUBLIC_STATES for question in room.questions.for_board())
