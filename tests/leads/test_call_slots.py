"""Times to be called: opened by a team, chosen by candidates on their page, never by more than can be called."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from leads import services
from leads.choices import ActionKind, Outcome, Stage
from leads.errors import NotAllowed, NotFound
from leads.models import CallSlot, Team
from leads.tokens import follow_token
from tests.leads.factories import NOW, CandidateFactory, TeamFactory
from tests.leads.staff import recruiter

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")
FRIDAY, MONDAY = date(2026, 11, 20), date(2026, 11, 23)


@pytest.fixture
def me():
    return recruiter()


@pytest.fixture
def candidate():
    return CandidateFactory()


def opened(me, *, first=FRIDAY, last=MONDAY, start=time(17), end=time(18), minutes=20, capacity=1, team=None):
    return services.open_call_slots(
        team=team or Team.objects.default(),
        first=first,
        last=last,
        start=start,
        end=end,
        minutes=minutes,
        capacity=capacity,
        actor=me,
    )


def choose(candidate, slot, *, now=NOW):
    return services.choose_call_slot(candidate_id=candidate.pk, slot_id=slot.pk, now=now)


def offered(candidate, now=NOW):
    candidate.refresh_from_db()
    return services.call_times(candidate, now).free


# --- opening --------------------------------------------------------------------------------------------------------
def test_a_run_opens_times_on_every_working_day(me):
    assert opened(me) == 6  # three on the Friday, three on the Monday, none on the weekend
    starts = [slot.starts_at.astimezone(PARIS) for slot in CallSlot.objects.all()]
    assert starts[0] == datetime(2026, 11, 20, 17, 0, tzinfo=PARIS)
    assert {start.date() for start in starts} == {FRIDAY, MONDAY}


def test_nobody_is_offered_a_call_on_a_holiday(me):
    assert opened(me, first=date(2026, 12, 24), last=date(2026, 12, 25)) == 3
    assert {slot.starts_at.astimezone(PARIS).day for slot in CallSlot.objects.all()} == {24}


def test_a_run_over_the_change_of_the_clock_keeps_to_the_clock(me):
    opened(me, first=date(2027, 3, 26), last=date(2027, 3, 30))
    assert {slot.starts_at.astimezone(PARIS).hour for slot in CallSlot.objects.all()} == {17}
    assert {slot.starts_at.hour for slot in CallSlot.objects.all()} == {15, 16}


def test_opening_again_doubles_nothing(me):
    opened(me)
    assert opened(me) == 0
    assert opened(me, last=date(2026, 11, 24)) == 3


@pytest.mark.parametrize(
    "values", [{"last": date(2026, 11, 19)}, {"last": date(2027, 11, 19)}, {"end": time(17, 10)}, {"end": time(16)}]
)
def test_a_run_without_any_time_in_it_is_refused(me, values):
    with pytest.raises(NotAllowed):
        opened(me, **values)
    assert not CallSlot.objects.exists()


def test_nobody_opens_times_for_another_team(me):
    with pytest.raises(NotFound):
        opened(me, team=TeamFactory())


# --- choosing -------------------------------------------------------------------------------------------------------
def test_a_choice_plans_the_call(me, candidate):
    opened(me)
    slot = offered(candidate)[0]
    choose(candidate, slot)
    candidate.refresh_from_db()
    assert (candidate.next_action, candidate.next_action_at) == (ActionKind.CALL, slot.starts_at)
    assert CallSlot.objects.chosen_by(candidate) == slot


def test_a_time_takes_as_many_as_can_be_called(me, candidate):
    opened(me, capacity=2, last=FRIDAY, end=time(17, 20))
    slot = CallSlot.objects.get()
    choose(candidate, slot)
    choose(CandidateFactory(phone="+33639981241"), slot)
    late = CandidateFactory(phone="+33639981242")
    with pytest.raises(NotAllowed):
        choose(late, slot)
    assert offered(late) == []
    assert services.call_times(late, NOW).are_taken


def test_another_choice_frees_the_one_before(me, candidate):
    opened(me)
    first, second = CallSlot.objects.all()[:2]
    choose(candidate, first)
    choose(candidate, second)
    assert first in offered(CandidateFactory(phone="+33639981241"))
    assert second not in offered(CandidateFactory(phone="+33639981242"))


def test_whatever_changes_the_plan_frees_the_time(me, candidate):
    opened(me, last=FRIDAY, end=time(17, 20))
    slot = CallSlot.objects.get()
    choose(candidate, slot)
    services.log_outcome(candidate_id=candidate.pk, outcome=Outcome.REACHED, actor=me, expected_version=None, now=NOW)
    assert offered(CandidateFactory(phone="+33639981241")) == [slot]


def test_who_finds_no_time_is_called_within_two_working_days(me, candidate):
    opened(me)
    choose(candidate, CallSlot.objects.last())
    assert services.give_up_call_slot(candidate_id=candidate.pk, now=NOW)
    candidate.refresh_from_db()
    assert (candidate.next_action, candidate.next_action_at.astimezone(PARIS).date()) == (ActionKind.CALL, MONDAY)
    assert not services.give_up_call_slot(candidate_id=candidate.pk, now=NOW)


def test_no_time_is_offered_to_who_may_not_be_called(me, candidate):
    opened(me)
    slot = CallSlot.objects.first()
    for other in (
        CandidateFactory(phone=""),
        CandidateFactory(phone="+33639981243", reached_at=NOW),
        CandidateFactory(phone="+33639981244", stage=Stage.REGISTERED, next_action="", next_action_at=None),
        CandidateFactory(phone="+33639981245", team=TeamFactory()),
    ):
        assert offered(other) == []
        with pytest.raises((NotAllowed, NotFound)):
            choose(other, slot)
    assert offered(candidate)


def test_a_time_that_has_passed_is_not_chosen(me, candidate):
    opened(me)
    slot = CallSlot.objects.first()
    with pytest.raises(NotAllowed):
        choose(candidate, slot, now=slot.starts_at + timedelta(minutes=1))


# --- the pages ------------------------------------------------------------------------------------------------------
def page_of(candidate):
    return f"/follow/{follow_token(candidate, now=NOW)}/"


def upcoming(me, **values):
    first = timezone.localdate() + timedelta(days=1)
    opened(me, first=first, last=first + timedelta(days=4), **values)


def test_a_candidate_chooses_on_their_page_and_may_give_it_up(client, me, candidate):
    upcoming(me)
    address = page_of(candidate)
    page = client.get(address, headers={"accept-language": "fr"}).content.decode()
    assert "Quand pouvons-nous vous appeler" in page
    slot = CallSlot.objects.first()
    assert client.post(f"{address}call/", {"slot": slot.pk}).status_code == 303
    page = client.get(address, headers={"accept-language": "fr"}).content.decode()
    assert "Nous vous appelons" in page
    client.post(f"{address}call/none/")
    candidate.refresh_from_db()
    assert CallSlot.objects.chosen_by(candidate) is None


@pytest.mark.parametrize("slot", ["", "x", "999999", "-1", "9" * 40])
def test_a_time_that_there_is_not_is_not_found(client, me, candidate, slot):
    upcoming(me)
    assert client.post(f"{page_of(candidate)}call/", {"slot": slot}).status_code == 404


def test_when_all_is_taken_the_page_says_when_the_call_comes(client, me, candidate):
    upcoming(me, end=time(17, 20))
    for number, slot in enumerate(CallSlot.objects.all()):
        choose(CandidateFactory(phone=f"+3363998130{number}"), slot)
    page = client.get(page_of(candidate), headers={"accept-language": "fr"}).content.decode()
    assert "nous vous appelons sous deux jours ouvrés" in page


def test_recruiters_open_times_in_a_run(client, me):
    client.force_login(me)
    first = timezone.localdate() + timedelta(days=1)
    values = {"team": Team.objects.default().pk, "first": first, "last": first + timedelta(days=6)}
    values |= {"start": "17:00", "end": "18:00", "minutes": 20, "capacity": 2}
    assert client.post("/admin/leads/callslot/add/", values | {"end": "17:10"}).status_code == 422
    assert client.post("/admin/leads/callslot/add/", values).status_code == 303
    assert CallSlot.objects.count() == 15
    assert client.get("/admin/leads/callslot/").status_code == 200


def test_a_chosen_time_is_not_taken_away(client, me, candidate):
    client.force_login(me)
    upcoming(me)
    chosen, free = CallSlot.objects.all()[:2]
    choose(candidate, chosen)
    assert client.post(f"/admin/leads/callslot/{chosen.pk}/delete/", {"post": "yes"}).status_code == 403
    assert client.post(f"/admin/leads/callslot/{free.pk}/delete/", {"post": "yes"}).status_code == 302
    assert set(CallSlot.objects.filter(pk__in=[chosen.pk, free.pk])) == {chosen}
