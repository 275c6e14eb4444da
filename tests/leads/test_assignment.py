"""Who is given whom: by where they live, by who is there and has room; nobody free leaves them to the team's queue."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from leads import services
from leads.batch_words import BatchKind, RowOutcome
from leads.choices import LeadKind
from leads.models import Absence, Batch, BatchRow, Candidate, Capacity, Lead, Team, Territory
from leads.services.assignment import Dealer, free_member, seats_of, team_for
from tests.leads.factories import NOW, CandidateFactory, TeamFactory, ask, typed
from tests.leads.staff import recruiter, staff

PAGE = "/admin/leads/team/assignment/"
TODAY = timezone.localdate(NOW)


def taking(most, *teams, **fields):
    """A recruiter who is given as many."""
    member = recruiter(*teams, **fields)
    Capacity.objects.create(member=member, most=most)
    return member


@pytest.fixture
def north(db):
    team = TeamFactory(name="Nord")
    Territory.objects.create(team=team, department="59")
    return team


# --- the team ---
@pytest.mark.parametrize(("code", "is_north"), [("59000", True), ("59800", True), ("93100", False), ("", False)])
def test_the_departement_decides_on_the_team_and_the_lead_keeps_it(north, code, is_north):
    lead = ask(postal_code=code).lead
    assert lead.team == lead.candidate.team == (north if is_north else Team.objects.default())


def test_abroad_is_the_default_team_s_whatever_the_code_says(north):
    assert ask(postal_code="59000", is_abroad=True).lead.team == Team.objects.default()


def test_who_is_known_already_stays_where_they_are(north):
    first = ask(email="amina@example.org", postal_code="93100").lead
    again = ask(email="amina@example.org", postal_code="59000", message="Autre chose ?").lead
    assert again.candidate == first.candidate
    assert again.team == Team.objects.default()


@pytest.mark.django_db
def test_a_departement_has_one_team_and_changes_hands():
    first, second = TeamFactory(), TeamFactory()
    services.set_territories(team_id=first.pk, departments=["59", "62"])
    services.set_territories(team_id=second.pk, departments=["62"])
    assert (team_for("59"), team_for("62")) == (first, second)
    services.set_territories(team_id=first.pk, departments=[])
    assert team_for("59") == Team.objects.default()


# --- the member ---
def test_the_least_loaded_with_room_is_given_the_next_one(north):
    busy, idle = taking(5, north), taking(5, north)
    CandidateFactory.create_batch(2, team=north, owner=busy)
    person = ask(postal_code="59000").lead.candidate
    assert person.owner == idle
    assert person.follow_ups.filter(kind="assignment", data__to=idle.pk).exists()


def test_closed_sheets_weigh_nothing(north):
    member = taking(1, north)
    CandidateFactory(
        team=north, owner=member, stage="closed", closed_reason="withdrawn", next_action="", next_action_at=None
    )
    assert ask(postal_code="59000").lead.candidate.owner == member


@pytest.mark.parametrize("why", ["full", "absent", "departed", "no capacity", "another team"])
def test_nobody_free_leaves_them_to_the_queue_and_never_to_nobody(north, why):
    member = taking(1, *([TeamFactory()] if why == "another team" else [north]))
    if why == "full":
        CandidateFactory(team=north, owner=member)
    elif why == "absent":
        Absence.objects.create(member=member, since=TODAY)
    elif why == "departed":
        member.is_active = False
        member.save()
    elif why == "no capacity":
        Capacity.objects.all().delete()
    person = ask(postal_code="59000").lead.candidate
    assert (person.owner, person.team) == (None, north)


@pytest.mark.parametrize(
    ("since", "until", "is_away"), [(0, 0, True), (-3, None, True), (-3, -1, False), (1, 5, False), (-1, 1, True)]
)
def test_an_absence_holds_from_its_first_day_to_its_last(north, since, until, is_away):
    member = taking(1, north)
    last = None if until is None else TODAY + timedelta(until)
    Absence.objects.create(member=member, since=TODAY + timedelta(since), until=last)
    assert free_member(north.pk, TODAY) == (None if is_away else member)


def test_a_request_by_phone_is_given_as_those_of_the_site_are(north):
    member = taking(1, north)
    receipt = services.enter_request_by_phone(
        kind=LeadKind.INFORMATION,
        typed=typed(postal_code="59000", phone="+33639981240"),
        request_id="by-phone",
        actor=recruiter(),
        now=NOW,
    )
    assert (receipt.lead.candidate.owner, receipt.lead.team) == (member, north)


def test_seats_take_one_query_however_many_members(north, django_assert_num_queries):
    for _ in range(4):
        taking(3, north)
    with django_assert_num_queries(1):
        assert len(seats_of(north.pk, TODAY)) == 4


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_requests_at_the_same_moment_overfill_nobody():
    team = TeamFactory()
    Territory.objects.create(team=team, department="59")
    members = [taking(3, team), taking(3, team)]

    def send(number):
        try:
            return ask(email=f"c{number}@example.org", postal_code="59000").lead.pk
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as clients:
        assert len(set(clients.map(send, range(12)))) == 12
    loads = sorted(Candidate.objects.filter(owner=member).count() for member in members)
    assert loads == [3, 3]
    assert Candidate.objects.filter(owner=None, team=team).count() == 6
    assert Lead.objects.filter(team=team).count() == 12


# --- shared out, handed over ---
def dealt(ids, actor):
    batch = services.begin_act(kind=BatchKind.DEAL, list_name="candidate", query="", ids=ids, actor=actor, now=NOW)
    services.try_act(batch_id=batch.pk, options={}, actor=actor, now=NOW)
    return batch


def run(batch, actor):
    services.confirm_batch(batch_id=batch.pk, actor=actor, now=NOW)
    services.run_batches(clock=lambda: NOW)


def test_who_is_away_hands_over_what_they_have_and_it_can_be_undone(north):
    boss, away, there = taking(0, north), taking(9, north), taking(2, north)
    kept = CandidateFactory(team=north, owner=there)
    theirs = CandidateFactory.create_batch(2, team=north, owner=away)
    Absence.objects.create(member=away, since=TODAY)
    batch = dealt([p.pk for p in (kept, *theirs)], boss)
    assert Candidate.objects.filter(owner=away).count() == 2  # nothing is written yet
    assert list(batch.rows.order_by("number").values_list("why", flat=True)) == ["followed", "", ""]
    run(batch, boss)
    owners = sorted(Candidate.objects.values_list("owner", flat=True), key=str)
    assert owners == sorted([there.pk, there.pk, None], key=str)  # one place was left; the other is the queue's
    services.undo_batch(batch_id=batch.pk, actor=boss, now=NOW)
    services.run_batches(clock=lambda: NOW)
    assert Candidate.objects.filter(owner=away).count() == 2


def test_the_queue_is_shared_out_evenly_and_the_rest_stays_with_its_reason(north):
    boss = taking(0, north)
    members = [taking(2, north), taking(2, north)]
    queue = CandidateFactory.create_batch(5, team=north)
    batch = dealt([person.pk for person in queue], boss)
    assert BatchRow.objects.filter(batch=batch, why="nobody_free").count() == 1
    run(batch, boss)
    assert [Candidate.objects.filter(owner=member).count() for member in members] == [2, 2]
    assert batch.rows.filter(outcome=RowOutcome.DONE).count() == 4


def test_the_dealer_asks_once_for_a_team(north, django_assert_max_num_queries):
    taking(10, north)
    people = CandidateFactory.create_batch(5, team=north)
    dealer = Dealer(TODAY)
    with django_assert_max_num_queries(2):
        assert all(dealer.place(person) for person in people)


# --- the page ---
def test_the_page_says_who_would_be_given_somebody_from_there_and_why(client, north):
    me = taking(4, north, first_name="Inès", last_name="Morvan")
    away = taking(4, north, first_name="Karim", last_name="Benali")
    Absence.objects.create(member=away, since=timezone.localdate())
    CandidateFactory(team=north, owner=me)
    client.force_login(me)
    page = client.get(PAGE, {"code": "59000"}).content.decode()
    assert "Inès Morvan" in page and "1 sur 4" in page
    assert "absent aujourd’hui" in page
    assert "Nord" in page


@pytest.mark.parametrize("code", ["", "9310", "abcde", "59000; --"])
def test_what_is_no_postal_code_is_told_and_not_looked_up(client, north, code):
    client.force_login(recruiter())
    answer = client.get(PAGE, {"code": code})
    assert answer.status_code == 422
    assert answer.context["place"] is None


def test_handing_over_from_the_page_begins_with_a_trial_run(client, north):
    me, away = taking(4, north), taking(4, north)
    Absence.objects.create(member=away, since=timezone.localdate())
    CandidateFactory(team=north, owner=away)
    client.force_login(me)
    answer = client.post(PAGE, {"member": away.pk})
    batch = Batch.objects.get()
    assert (answer.status_code, batch.kind, batch.state) == (303, "deal", "tried")
    assert Candidate.objects.get().owner == away


def test_another_team_s_sheets_are_not_handed_over(client, north):
    away = taking(4, north)
    Absence.objects.create(member=away, since=timezone.localdate())
    CandidateFactory(team=north, owner=away)
    client.force_login(recruiter(TeamFactory()))
    assert client.post(PAGE, {"member": away.pk}).status_code == 303
    assert not Batch.objects.exists()


def test_a_manager_sees_no_assignment(client, db):
    client.force_login(staff("managers"))
    assert client.get(PAGE).status_code == 403


@pytest.mark.django_db
@pytest.mark.parametrize(("given", "says"), [("59, 62", ""), ("59 999", "999"), ("75", "Paris")])
def test_departements_of_a_team_are_typed_and_checked(client, given, says):
    Territory.objects.create(team=TeamFactory(name="Paris"), department="75")
    team = TeamFactory()
    client.force_login(staff(is_superuser=True))
    answer = client.post(f"/admin/leads/team/{team.pk}/change/", {"name": team.name, "departments": given})
    if says:
        assert says in str(answer.context["errors"])
        assert not team.territories.exists()
    else:
        assert [t.department for t in team.territories.all()] == ["59", "62"]


def test_recruiters_note_absences_of_their_own_team_alone(client, north):
    mine, other = recruiter(north), recruiter(TeamFactory())
    client.force_login(mine)
    add = "/admin/leads/absence/add/"
    assert client.post(add, {"member": mine.pk, "since": "2026-11-24"}).status_code == 302
    assert client.post(add, {"member": other.pk, "since": "2026-11-24"}).status_code == 200
    assert [row.member for row in Absence.objects.all()] == [mine]
