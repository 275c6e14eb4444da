"""The list that a recruiter works from."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from leads.choices import ClosedReason, LeadKind, Stage
from leads.models import Candidate, Team
from tests.factories import RoomFactory, UserFactory
from tests.leads.factories import (
    CandidateFactory,
    ContestSessionFactory,
    RegistrationFileFactory,
    ask,
    ask_for_file,
    came_from,
)
from tests.leads.staff import recruiter

pytestmark = pytest.mark.django_db
LIST = "/admin/leads/candidate/"


@pytest.fixture
def me(client):
    user = recruiter(first_name="Inès", last_name="Morvan")
    client.force_login(user)
    return user


def found(client, query):
    return {str(row) for row in client.get(LIST, query).context["cl"].result_list}


def somebody(name, **values):
    return CandidateFactory(first_name="", last_name=name, **values)


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_as_many_queries_for_three_candidates_as_for_one(client, me, count, django_assert_num_queries):
    session = ContestSessionFactory()
    for _ in range(count):
        ask_for_file(session, phone="0639981240")
    client.get(LIST)
    with django_assert_num_queries(9):
        client.get(LIST)


def test_a_list_that_one_page_holds_is_not_counted_besides(client, me):
    ask()
    with CaptureQueriesContext(connection) as queries:
        client.get(LIST, {"stage": "new"})
    counts = [query["sql"] for query in queries if "COUNT(*)" in query["sql"] and "SELECT 'view'" not in query["sql"]]
    assert len(counts) == 1 and "next_action_at" in counts[0]  # the menu's figures


@pytest.mark.parametrize(
    "typed",
    [
        "amina courtial",
        "COURTIAL",
        "Amína@example.org",
        "amina@exam",
        "06 39 98 12 40",
        "+33 6.39.98.12.40",
        "0639",
        "93100",
        "Courtial, Amina",
        "Amina COURTIAL <amina@exam>",
        "tel:+33639981240",
    ],
)
def test_a_candidate_is_found_by_whatever_is_typed(client, me, typed):
    CandidateFactory(email="amína@example.org", postal_code="93100")
    CandidateFactory(first_name="Yanis", last_name="Delorme", phone="+33711111111", postal_code="75011")
    assert found(client, {"q": typed}) == {"Amina Courtial"}


@pytest.mark.parametrize("typed", ["d'artagnan", "D’Artagnan", "artagnan"])
@pytest.mark.parametrize("name", ["D’Artagnan", "D'Artagnan"])
def test_a_name_is_found_whatever_its_apostrophe(client, me, name, typed):
    CandidateFactory(first_name="", last_name=name)
    CandidateFactory(first_name="", last_name="Dartagnan")
    assert found(client, {"q": typed}) >= {name}


def test_punctuation_alone_finds_nobody(client, me):
    CandidateFactory()
    assert found(client, {"q": ",;"}) == set()


def test_a_candidate_is_found_by_any_reference_of_theirs(client, me):
    receipt, other = ask(first_name="Amina"), ask(first_name="Yanis", last_name="Delorme")
    for typed in (receipt.reference, receipt.reference.lower().replace("-", " ")):
        assert found(client, {"q": typed}) == {"Amina Courtial"}
    assert found(client, {"q": other.reference}) == {"Yanis Delorme"}


@pytest.mark.parametrize("typed", ["\x00", "%", "_", "'", "9" * 300, "+", "PN-7K3M-9QTX-4", "🙂"])
def test_a_search_for_anything_odd_is_an_empty_list(client, me, typed):
    CandidateFactory()
    answer = client.get(LIST, {"q": typed})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "name", ["stage", "region", "department", "owner", "kind", "contest", "source", "view", "p", "o"]
)
@pytest.mark.parametrize("value", ["\x00", "x" * 200, "9" * 40, "-1"])
def test_an_odd_filter_is_no_fault(client, me, name, value):
    CandidateFactory()
    assert client.get(LIST, {name: value}).status_code in (200, 302)


def test_facets_narrow_the_list(client, me):
    session = ContestSessionFactory()
    ask(last_name="Un", postal_code="93100", touches=came_from("search"))
    ask_for_file(session, last_name="Deux", postal_code="59000")
    CandidateFactory(first_name="Amina", last_name="Trois", owner=me, stage=Stage.QUALIFIED, is_abroad=True)
    assert found(client, {"region": "11"}) == {"Amina Un"}
    assert found(client, {"department": "59"}) == {"Amina Deux"}
    assert found(client, {"region": "abroad"}) == {"Amina Trois"}
    assert found(client, {"kind": LeadKind.REGISTRATION_FILE}) == {"Amina Deux"}
    assert found(client, {"contest": session.contest.slug}) == {"Amina Deux"}
    assert found(client, {"source": "search"}) == {"Amina Un"}
    assert found(client, {"source": "unknown"}) == {"Amina Deux"}
    assert found(client, {"stage": "qualified"}) == found(client, {"owner": me.pk}) == {"Amina Trois"}
    assert found(client, {"owner": "none", "stage": "new"}) == {"Amina Un", "Amina Deux"}


def test_views_are_the_piles_to_start_from(client, me):
    now = timezone.now()
    somebody("due", next_action_at=now - timedelta(days=1))
    somebody("later", next_action_at=now + timedelta(days=3), stage=Stage.QUALIFIED, owner=me)
    somebody("waiting", next_action_at=now + timedelta(days=9), next_action="resume", stage=Stage.WAITING)
    somebody("closed", next_action="", next_action_at=None, stage=Stage.CLOSED, closed_reason=ClosedReason.TEST)
    assert found(client, {"view": "due"}) == {"due"}
    assert found(client, {"view": "new"}) == {"due"}
    assert found(client, {"view": "mine"}) == {"later"}
    assert found(client, {"view": "waiting"}) == {"waiting"}
    assert found(client, {}) == {"due", "later", "waiting", "closed"}


def test_what_is_due_longest_comes_first(client, me):
    now = timezone.now()
    for days in (1, 5, 3):
        somebody(f"{days} days", next_action_at=now - timedelta(days=days))
    rows = client.get(LIST, {"view": "due"}).context["cl"].result_list
    assert [str(row) for row in rows] == ["5 days", "3 days", "1 days"]


def test_a_row_tells_age_e_mail_contest_and_room(client, me):
    today = timezone.localdate()
    born, room = date(today.year - 17, 1, 1), RoomFactory(title="Le renseignement")
    ask_for_file(ContestSessionFactory(), email="lea@example.org", birth_date=born, room_id=room.pk)
    page = client.get(LIST, headers={"accept-language": "fr"}).content.decode()
    for words in ("17\xa0ans", "lea@example.org", "2027", "Le renseignement", "93"):
        assert words in page


def test_those_checked_change_hands(client, me):
    colleague, people = recruiter(last_name="Meunier"), CandidateFactory.create_batch(3)
    ids = [people[0].pk, people[1].pk]
    answer = client.post(LIST, {"action": f"assign_{colleague.pk}", "_selected_action": ids, "index": 0}, follow=True)
    assert Candidate.objects.filter(owner=colleague).count() == 2
    assert "2 candidats" in str(*answer.context["messages"])
    client.post(LIST, {"action": "assign_nobody", "_selected_action": ids[:1], "index": 0})
    assert Candidate.objects.filter(owner=colleague).count() == 1


def test_nobody_outside_the_team_is_given_a_candidate(client, me):
    stranger, candidate = UserFactory(), CandidateFactory()
    client.post(LIST, {"action": f"assign_{stranger.pk}", "_selected_action": [candidate.pk], "index": 0})
    assert Candidate.objects.get().owner is None


def test_a_forged_choice_of_all_rows_changes_those_checked_alone(client, me):
    first, second = CandidateFactory.create_batch(2)
    values = {"action": f"assign_{me.pk}", "_selected_action": [first.pk], "select_across": 1, "index": 0}
    client.post(LIST, values)
    second.refresh_from_db()
    assert second.owner is None


def test_checked_rows_that_are_none_are_no_fault(client, me):
    CandidateFactory()
    values = {"action": f"assign_{me.pk}", "_selected_action": ["9" * 40, "x", "\x00"], "index": 0}
    assert client.post(LIST, values).status_code in (302, 400)


@pytest.mark.parametrize(("model", "queries"), [("lead", 9), ("registrationfile", 9), ("followup", 8)])
@pytest.mark.parametrize("count", [1, 3])
def test_the_other_lists_take_as_many_queries_for_three_rows_as_for_one(
    client, me, model, queries, count, django_assert_num_queries
):
    for _ in range(count):
        ask_for_file(ContestSessionFactory())
    page = f"/admin/leads/{model}/"
    client.get(page)
    with django_assert_num_queries(queries):
        client.get(page)


def test_files_are_found_by_status_contest_and_name(client, me):
    file = RegistrationFileFactory(status="incomplete")
    RegistrationFileFactory(candidate__last_name="Delorme", candidate__phone="")
    page = "/admin/leads/registrationfile/"
    for query in ({"status": "incomplete"}, {"session": file.contest_session_id}, {"q": "courtial"}):
        assert [row.pk for row in client.get(page, query).context["cl"].result_list] == [file.pk]
    assert client.get(page, {"session": "x"}).context["cl"].result_count == 0


def test_follow_ups_say_what_was_done_and_by_whom(client, me):
    ask(message="Quel âge faut-il ?")
    page = client.get("/admin/leads/followup/", {"kind": "request"}, headers={"accept-language": "fr"})
    assert page.context["cl"].result_count == 1
    assert Team.objects.default().members.get() == me
