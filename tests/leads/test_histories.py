"""Whatever is done to a candidate, in whatever order: what must hold of a sheet holds after every act."""

from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from leads import services
from leads.choices import OPEN_STAGES, ActionKind, ClosedReason, FollowUpKind, Outcome, Stage
from leads.counts import fold_counts
from leads.errors import NotAllowed
from leads.models import Candidate, CountDelta, DailyCount, FollowUp, Lead
from tests.leads.factories import NOW, ask
from tests.leads.staff import recruiter

HOUR = timedelta(hours=1)
ACTS = st.one_of(
    st.tuples(st.just("move"), st.sampled_from(Stage.values), st.sampled_from(["", *ClosedReason.values])),
    st.tuples(st.just("call"), st.sampled_from(Outcome.values)),
    st.tuples(st.just("plan"), st.sampled_from(ActionKind.values)),
    st.tuples(st.just("assign"), st.booleans()),
    st.tuples(st.just("ask"), st.integers(0, 2)),
    st.just(("resume",)),
    st.just(("take",)),
    st.just(("pass",)),
    st.just(("stop",)),
    st.just(("take_back",)),
)


def counted():
    folded = sum(DailyCount.objects.filter(dimension="all").values_list("leads", flat=True))
    return folded + sum(CountDelta.objects.values_list("leads", flat=True))


class Story:
    """One candidate, one recruiter, and a clock that goes on by some hours an act."""

    def __init__(self):
        self.now, self.actor = NOW, recruiter()
        ask(email="amina@example.org", phone="+33639981240", now=NOW)
        self.pk = Candidate.objects.get().pk

    def do(self, name, *values):
        self.now += 7 * HOUR
        with suppress(NotAllowed):  # the rules refuse it: then nothing has changed, and `holds` looks as after any act
            getattr(self, name)(*values)

    @property
    def known(self):
        return {"candidate_id": self.pk, "actor": self.actor, "now": self.now}

    def move(self, to, reason):
        until = self.now + 30 * HOUR
        services.move_candidate(**self.known, to=Stage(to), reason=reason, until=until, expected_version=None)

    def call(self, outcome):
        services.log_outcome(**self.known, outcome=Outcome(outcome), expected_version=None)

    def take_back(self):
        """What was logged last, as soon as somebody can press the button."""
        if call := FollowUp.objects.filter(kind=FollowUpKind.CALL).order_by("pk").last():
            services.take_back_outcome(call_id=call.pk, actor=self.actor, now=call.at + timedelta(seconds=5))

    def plan(self, kind):
        services.plan_next_action(**self.known, kind=ActionKind(kind), at=self.now + HOUR, expected_version=None)

    def assign(self, to_me):
        services.assign_candidate(**self.known, to=self.actor if to_me else None, expected_version=None)

    def ask(self, number):
        ask(email="amina@example.org", phone="+33639981240", message=f"Question {number}", now=self.now)

    def resume(self):
        services.resume_candidates(now=self.now)

    def take(self):
        services.take_next(actor=self.actor, now=self.now)

    def stop(self):
        services.stop_everything(candidate_id=self.pk, now=self.now)


setattr(Story, "pass", lambda self: services.pass_on(**self.known))


def holds(story):
    person = Candidate.objects.get(pk=story.pk)
    assert bool(person.next_action) == (person.next_action_at is not None)
    assert person.next_action or person.stage not in OPEN_STAGES
    assert not person.next_action or person.stage != Stage.CLOSED  # who is registered may ask again, and is answered
    assert (person.next_action == ActionKind.RESUME) == (person.stage == Stage.WAITING)
    assert bool(person.closed_reason) == (person.stage == Stage.CLOSED)
    assert person.owner in (None, story.actor) and person.team.members.filter(pk=story.actor.pk).exists()
    assert (person.claimed_by is None) <= (person.claimed_until is None)
    assert counted() == Lead.objects.count() == person.leads.count()
    assert stages_of(person) == person.stage
    versions = list(person.follow_ups.order_by("pk").values_list("version", flat=True))
    assert versions == sorted(versions) and versions[-1] <= person.version


def stages_of(person):
    """Where the timeline's own moves lead: each starts where the one before ended."""
    stage = Stage.NEW
    for move in person.follow_ups.standing().filter(kind=FollowUpKind.STAGE).order_by("pk"):
        assert move.data["start"] == stage
        stage = move.data["to"]
    return stage


class TestHistories(TestCase):
    @settings(max_examples=40, deadline=None)
    @given(st.lists(ACTS, min_size=1, max_size=8))
    def test_a_sheet_holds_together_after_every_act(self, acts):
        story = Story()
        for act in acts:
            story.do(*act)
            holds(story)
        fold_counts()
        holds(story)

    @pytest.mark.slow
    @pytest.mark.either
    @settings(max_examples=1000, deadline=None)
    @given(st.lists(ACTS, min_size=1, max_size=12))
    def test_a_thousand_histories_hold_together(self, acts):
        story = Story()
        for act in acts:
            story.do(*act)
        holds(story)
