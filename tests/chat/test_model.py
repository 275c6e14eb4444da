"""A room against a model of it: whatever people do in whatever order, the services keep to a few rules.

The model knows states, votes and who decided; each step asserts that the services agree, that refusals change nothing,
that the journal has no gap, and that page and journal tell the same.
"""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from chat import frames, services
from chat.errors import ChatError, Conflict, Duplicate, Forbidden, Muted, NotOpen, RateLimited
from chat.models import Answer, Question, Room, RoomEvent, Vote
from chat.services.decisions import UNDO_WITHIN
from tests.chat.conftest import NOW, actor_of, visitor
from tests.chat.fold import fold, start
from tests.factories import RoomFactory, SpeakerFactory, TopicFactory, UserFactory

VISITORS = st.sampled_from(["ada", "bob", "cyd"])
MODERATORS = st.sampled_from([0, 1])
TEXTS = st.sampled_from(["Quel âge ?", "Et la taille ?", "Quel salaire ?", "Voir www.exemple.fr"])
STATES = st.sampled_from(["open_room"] * 3 + ["pause_room", "close_room"])
PUBLIC = {"published", "answered"}


class RoomModel(RuleBasedStateMachine):
    questions = Bundle("questions")

    @initialize()
    def open_a_room(self):
        self.moderators = [actor_of(UserFactory(first_name=name)) for name in ("Paul", "Sonia")]
        users = [moderator.user_id for moderator in self.moderators]
        self.speaker = SpeakerFactory()
        TopicFactory(key="autre")
        self.room = RoomFactory(moderators=users, speakers=[self.speaker], opens_at=NOW - timedelta(hours=1))
        self.now = NOW
        self.state = {}  # question -> state
        self.voters = {}  # question -> keys
        self.askers = {}
        self.texts = {}
        self.last = {}  # question -> (act, moderator, at, before, votes before)
        self.room_state, self.slow, self.muted = "open", 0, {}
        self.told = start(frames.staff_snapshot(self.fresh()))
        self.seen = 0

    def fresh(self):
        return Room.objects.get(pk=self.room.pk)

    def act(self, name, actor, **arguments):
        return getattr(services, name)(room_id=self.room.pk, actor=actor, now=self.now, client_id=None, **arguments)

    def decide(self, name, moderator, question, allowed, outcome, **arguments):
        """The service and the model: allowed where the model allows it, else a refusal that changes nothing."""
        before = self.state[question]
        try:
            self.act(name, self.moderators[moderator], question_id=question, **arguments)
        except (Conflict, NotOpen):
            assert not allowed
            return False
        assert allowed
        if outcome is not None and before != outcome:
            self.state[question] = outcome
        return True

    def runs(self):
        return self.room_state in ("open", "paused")

    # --- visitors ---

    @rule(target=questions, who=VISITORS, text=TEXTS)
    def ask(self, who, text):
        try:
            number = services.ask_question(
                room_id=self.room.pk, actor=visitor(who), client_id=None, text=text, now=self.now
            )["question"]
        except NotOpen:
            assert self.room_state != "open"
        except Muted:
            assert self.muted.get(who, self.now) > self.now
        except Duplicate:
            assert any(self.askers[q] == who and self.texts[q] == text for q, s in self.state.items() if s == "asked")
        except RateLimited:
            assert self.slow
        else:
            assert self.room_state == "open"
            assert self.muted.get(who, self.now) <= self.now
            self.state[number], self.voters[number] = "asked", set()
            self.askers[number], self.texts[number] = who, text
            return number
        return multiple()

    @rule(question=questions, who=VISITORS, value=st.booleans())
    def vote(self, question, who, value):
        try:
            self.act("cast_vote", visitor(who), question_id=question, value=value)
        except NotOpen:
            assert self.room_state != "open"
        except Forbidden:
            assert self.askers[question] == who
        except ChatError:
            assert self.state[question] not in PUBLIC
        else:
            assert self.room_state == "open" and self.state[question] in PUBLIC and self.askers[question] != who
            (self.voters[question].add if value else self.voters[question].discard)(who)

    # --- moderators ---

    def remember(self, act, moderator, question, **more):
        self.last.setdefault(question, []).append(
            {"act": act, "by": moderator, "at": self.now, "before": self.before, **more}
        )

    @rule(question=questions, moderator=MODERATORS)
    def publish(self, question, moderator):
        self.before = self.state[question]
        allowed = self.runs() and self.before in {"asked", *PUBLIC}
        outcome = "published" if self.before == "asked" else self.before
        if self.decide("publish_question", moderator, question, allowed, outcome) and self.before == "asked":
            self.remember("publish", moderator, question)

    @rule(question=questions, moderator=MODERATORS)
    def reject(self, question, moderator):
        self.before = self.state[question]
        allowed = self.before in {"asked", "rejected"}
        is_done = self.decide("reject_question", moderator, question, allowed, "rejected", reason="hors-sujet")
        if is_done and self.before == "asked":
            self.remember("reject", moderator, question)

    @rule(question=questions, moderator=MODERATORS)
    def withdraw(self, question, moderator):
        self.before = self.state[question]
        allowed = self.before in {"asked", "withdrawn", *PUBLIC}
        if self.decide("withdraw_question", moderator, question, allowed, "withdrawn") and self.before != "withdrawn":
            self.remember("withdraw", moderator, question)

    @rule(question=questions, moderator=MODERATORS)
    def tag(self, question, moderator):
        self.before = self.state[question]
        is_new = Question.objects.get(pk=question).topic_id is None
        if self.decide("tag_question", moderator, question, True, None, topic="autre") and is_new:
            self.remember("tag", moderator, question)

    @rule(question=questions, into=questions, moderator=MODERATORS)
    def merge(self, question, into, moderator):
        self.before = self.state[question]
        rows = Question.objects.in_bulk([question, into])
        is_again = self.before == "merged" and rows[question].merged_into_id == into
        open_ones = {"asked", *PUBLIC}
        allowed = self.runs() and (
            is_again or (question != into and self.before in open_ones and self.state[into] in open_ones)
        )
        votes = set(self.voters[into])
        if self.decide("merge_question", moderator, question, allowed, "merged", into=into) and not is_again:
            self.voters[into] |= {who for who in self.voters[question] if who != self.askers[into]}
            self.remember("merge", moderator, question, into=into, votes=self.voters[into] - votes)

    @rule(question=questions, moderator=MODERATORS)
    def answer(self, question, moderator):
        self.before = self.state[question]
        allowed = self.before in {"asked", *PUBLIC}
        said = Answer.objects.filter(question=question).exists()
        arguments = {"text": "Oui.", "speaker_id": self.speaker.pk}
        if self.decide("answer_question", moderator, question, allowed, None, **arguments) and not said:
            self.state[question] = "answered"
            self.remember("answer", moderator, question)

    @rule(question=questions, moderator=MODERATORS)
    def edit(self, question, moderator):
        if not (answer := Answer.objects.filter(question=question).first()):
            return
        try:
            self.act("edit_answer", self.moderators[moderator], answer_id=answer.pk, text="Non, pardon.")
        except ChatError:
            assert self.state[question] not in PUBLIC

    @rule(question=questions, moderator=MODERATORS)
    def undo(self, question, moderator):
        last = (self.last.get(question) or [None])[-1]
        allowed = (
            last is not None
            and last["by"] == moderator
            and last["act"] != "answer"
            and self.now <= last["at"] + UNDO_WITHIN
        )
        if allowed and last["act"] == "merge":
            allowed = Question.objects.get(pk=question).merged_into_id == last["into"]
        try:
            self.act("undo_decision", self.moderators[moderator], question_id=question)
        except Conflict:
            assert not allowed
            return
        assert allowed
        self.last[question].pop()
        self.state[question] = last["before"]
        if last["act"] == "merge":
            self.voters[last["into"]] -= last["votes"]

    @rule(question=questions, into=questions, who=VISITORS, moderator=MODERATORS)
    def think_twice(self, question, into, who, moderator):
        """What is voted for, merged and taken back at once."""
        self.publish(question, moderator)
        self.vote(question, who, True)
        self.merge(question, into, moderator)
        self.undo(question, moderator)

    @rule(who=VISITORS, moderator=MODERATORS, minutes=st.sampled_from([0, 5]))
    def mute(self, who, moderator, minutes):
        try:
            self.act("mute_participant", self.moderators[moderator], participant=who, minutes=minutes)
        except NotOpen:
            assert not self.runs()
        except ChatError:
            assert not self.room.participants.filter(key=who).exists()
        else:
            self.muted[who] = self.now + timedelta(minutes=minutes)

    @rule(seconds=st.sampled_from([0, 30]), moderator=MODERATORS)
    def slow_down(self, seconds, moderator):
        try:
            self.act("slow_room", self.moderators[moderator], seconds=seconds)
        except NotOpen:
            assert not self.runs()
        else:
            self.slow = seconds

    @rule(
        name=st.sampled_from(["open_room", "open_room", "open_room", "pause_room", "close_room"]), moderator=MODERATORS
    )
    def change_state(self, name, moderator):
        try:
            self.act(name, self.moderators[moderator])
        except NotOpen:
            assert name == "pause_room" and not self.runs()
        else:
            self.room_state = {"close_room": "closed", "open_room": "open", "pause_room": "paused"}[name]

    @rule(seconds=st.sampled_from([1, 1, 20, 400]))
    def time_passes(self, seconds):
        self.now += timedelta(seconds=seconds)

    # --- what always holds ---

    @invariant()
    def states_are_the_models(self):
        if not hasattr(self, "room"):
            return
        rows = dict(self.room.questions.values_list("pk", "state"))
        assert rows == self.state
        assert self.fresh().state == self.room_state

    @invariant()
    def votes_are_the_models_and_nobody_votes_for_their_own(self):
        if not hasattr(self, "room"):
            return
        found = {question: set() for question in self.state}
        for question, key in Vote.objects.filter(question__room=self.room).values_list("question", "participant__key"):
            found[question].add(key)
        assert found == self.voters
        assert all(self.askers[question] not in voters for question, voters in found.items())

    @invariant()
    def the_journal_has_no_gap_and_folds_to_what_the_page_shows(self):
        if not hasattr(self, "room"):
            return
        for row in RoomEvent.objects.filter(room=self.room, pk__gt=self.seen).order_by("pk"):
            self.told, self.seen = fold(self.told, frames.event(row)), row.pk
        for stream in ("public", "staff"):
            seqs = list(self.room.events.filter(stream=stream).order_by("seq").values_list("seq", flat=True))
            assert seqs == list(range(1, len(seqs) + 1))
        counted = frames.tally({question: len(voters) for question, voters in self.voters.items()})
        self.told = fold(self.told, counted)
        shown = start(frames.staff_snapshot(self.fresh()))
        for key, question in self.told["waiting"].items():
            question["votes"] = len(self.voters[int(key)])  # of what waits no tally tells
        assert self.told == shown


@pytest.mark.slow
@pytest.mark.either
@pytest.mark.django_db
def test_the_services_keep_to_the_model_whatever_happens():
    class Isolated(RoomModel):
        def __init__(self):
            super().__init__()
            self.atomic = transaction.atomic()
            self.atomic.__enter__()

        def teardown(self):
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    plan = settings(
        max_examples=60,
        stateful_step_count=40,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.explicit, Phase.reuse, Phase.generate),  # to shrink a failure takes minutes: add it by hand
    )
    run_state_machine_as_test(Isolated, settings=plan)
