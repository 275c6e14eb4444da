"""A person is held for a quarter of an hour: nobody else is offered them, and nobody is held for ever."""

from datetime import timedelta

import pytest
from django.utils.timezone import localdate

from leads import services
from leads.choices import ActionKind, ClosedReason, Outcome, Purpose, Stage
from leads.errors import NotAllowed, NotFound
from leads.models import Candidate
from leads.policies import can_be_called
from leads.services import consents
from leads.services.claims import LEASE
from leads.stages import end_of_office_day
from tests.leads.factories import NOW, CandidateFactory, TeamFactory, ask
from tests.leads.staff import recruiter

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def me():
    return recruiter(last_name="Morvan")


@pytest.fixture
def colleague():
    return recruiter(last_name="Meunier")


def due(name="Due", hours=1, **values):
    return CandidateFactory(first_name="", last_name=name, next_action_at=NOW - hours * HOUR, **values)


def names(actor, count=9, now=NOW):
    """Whom the actor is offered, one after the other, passing each on."""
    offered = []
    while len(offered) < count and (person := services.take_next(actor=actor, now=now)):
        offered.append(person.last_name)
        services.pass_on(candidate_id=person.pk, actor=actor, now=now)
    return offered


def test_the_longest_due_comes_first_the_own_and_the_free_ones_alike(me, colleague):
    due("hour", 1)
    due("day", 24, owner=me)
    due("colleague's", 48, owner=colleague)
    due("tomorrow", -24)
    assert names(me) == ["day", "hour"]


def test_what_is_due_by_the_end_of_the_office_day_may_be_done_all_day(me):
    CandidateFactory(last_name="by tonight", next_action_at=end_of_office_day(localdate(NOW)))
    assert names(me, now=NOW - 24 * HOUR) == []
    assert names(me, now=NOW - 8 * HOUR) == ["by tonight"]


def test_nobody_is_called_before_the_hour_that_was_agreed_on(me):
    due("in two hours", -2)
    assert names(me) == [] and services.next_offered(actor=me, now=NOW) is None
    assert names(me, now=NOW + 2 * HOUR) == ["in two hours"]


def test_only_calls_that_are_due_and_open_are_offered(me):
    due("write", next_action=ActionKind.WRITE)
    due("waits", next_action=ActionKind.RESUME, stage=Stage.WAITING)
    due("no phone", phone="")
    due("other team's", team=TeamFactory())
    closed = {"stage": Stage.CLOSED, "closed_reason": ClosedReason.TEST, "next_action": ""}
    CandidateFactory(last_name="closed", **closed, next_action_at=None)
    due("merged", merged_into=due("call"))
    assert names(me) == ["call"]


def test_who_was_reached_is_offered_again_with_consent_alone(me):
    person = due("reached", reached_at=NOW - HOUR, verified_at=NOW - HOUR)
    assert names(me) == []
    consents.say(person, [Purpose.PHONE], given=True, method="phone", now=NOW)
    assert names(me) == ["reached"]
    assert names(me, now=NOW + timedelta(days=366)) == []


def test_a_new_request_with_the_number_may_be_called_about(me):
    ask(email="a@example.org", phone="+33639981240", now=NOW - 5 * HOUR)
    Candidate.objects.update(reached_at=NOW - 4 * HOUR, next_action_at=NOW - HOUR, next_action=ActionKind.CALL)
    assert names(me) == []
    ask(email="a@example.org", phone="+33711111111", message="Autre numéro", now=NOW - 3 * HOUR)
    assert names(me) == []
    ask(email="a@example.org", phone="+33639981240", message="Encore", now=NOW - 2 * HOUR)
    assert len(names(me)) == 1


@pytest.mark.parametrize("phone", ["+33639981240", ""])
@pytest.mark.parametrize("reached", [None, NOW - HOUR])
@pytest.mark.parametrize("verified", [None, NOW])
@pytest.mark.parametrize("given", [None, True, False])
@pytest.mark.parametrize("email", ["a@example.org", ""])
@pytest.mark.parametrize("method", ["form", "phone"])
def test_the_rule_for_one_and_for_a_list_are_one(phone, reached, verified, given, email, method):
    person = CandidateFactory(phone=phone, reached_at=reached, verified_at=verified, email=email)
    if given is not None:
        consents.say(person, [Purpose.PHONE], given=given, method=method, now=NOW)
    assert Candidate.objects.callable_at(NOW).exists() == can_be_called(person, NOW)


def test_nobody_else_is_offered_who_is_held(me, colleague):
    first, second = due("first", 2), due("second", 1)
    assert services.take_next(actor=me, now=NOW) == first
    assert services.take_next(actor=colleague, now=NOW) == second
    assert services.take_next(actor=recruiter(), now=NOW) is None


def test_whoever_asks_again_gets_whom_they_hold(me):
    held = due("first", 2)
    due("second", 1)
    assert [services.take_next(actor=me, now=NOW) for _ in range(2)] == [held, held]


def test_an_outcome_gives_back_and_the_next_follows(me, colleague):
    first, second = due("first", 2), due("second", 1)
    services.take_next(actor=me, now=NOW)
    services.log_outcome(candidate_id=first.pk, outcome=Outcome.VOICEMAIL, actor=me, expected_version=1, now=NOW)
    first.refresh_from_db()
    assert (first.claimed_by, first.claimed_until) == (None, None)
    assert services.take_next(actor=me, now=NOW) == second


def test_time_gives_back(me, colleague):
    person = due()
    services.take_next(actor=me, now=NOW)
    assert services.take_next(actor=colleague, now=NOW + LEASE - timedelta(seconds=1)) is None
    assert services.take_next(actor=colleague, now=NOW + LEASE) == person


def test_who_is_passed_on_goes_to_others_and_not_back_at_once(me, colleague):
    person = due()
    services.take_next(actor=me, now=NOW)
    assert services.pass_on(candidate_id=person.pk, actor=me, now=NOW)
    assert services.take_next(actor=me, now=NOW) is None
    assert services.take_next(actor=colleague, now=NOW) == person
    assert not services.pass_on(candidate_id=person.pk, actor=me, now=NOW)


def test_who_was_passed_on_comes_again_after_a_while(me):
    person = due()
    services.take_next(actor=me, now=NOW)
    services.pass_on(candidate_id=person.pk, actor=me, now=NOW)
    assert services.take_next(actor=me, now=NOW + LEASE) == person


def test_one_of_the_list_is_taken_by_name_unless_a_colleague_holds_them(me, colleague):
    first, second = due("first", 2), due("second", 1)
    services.take_next(actor=me, now=NOW)
    services.take(candidate_id=second.pk, actor=me, now=NOW)
    assert services.take_next(actor=colleague, now=NOW) == first
    with pytest.raises(NotAllowed):
        services.take(candidate_id=second.pk, actor=colleague, now=NOW)
    with pytest.raises(NotFound):
        services.take(candidate_id=second.pk, actor=recruiter(TeamFactory()), now=NOW)
    second.refresh_from_db()
    assert second.claimed_by == me
