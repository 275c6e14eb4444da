"""Who sees and does what behind /admin/leads/: one table over all addresses."""

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from leads.choices import FollowUpKind
from leads.models import Candidate, FollowUp, Lead, Team
from tests.leads.factories import (
    NOW,
    CandidateFactory,
    ContestSessionFactory,
    RegistrationFileFactory,
    TeamFactory,
    ask,
)
from tests.leads.staff import recruiter, staff

pytestmark = pytest.mark.django_db
ACTS = ("outcome", "plan", "stage", "wait", "close", "assign", "note", "correct")
LISTS = ("candidate", "lead", "registrationfile", "followup")


@pytest.fixture
def person():
    """A candidate of a team that only one recruiter is in, with a request, a file, a proposal."""
    candidate = CandidateFactory(team=TeamFactory(), email="known@example.org")
    ask(email=candidate.email)
    RegistrationFileFactory(candidate=candidate)
    FollowUp.objects.create(
        candidate=candidate, kind=FollowUpKind.PROPOSAL, at=NOW, data={"fields": {"last_name": ["Courtial", "Durand"]}}
    )
    return candidate


def pages_of(candidate):
    """Every address under which something of one candidate is: (method, address)."""
    lead, file = candidate.leads.get(), candidate.files.get()
    line, proposal = candidate.follow_ups.first(), candidate.follow_ups.get(kind="proposal")
    sheet = f"/admin/leads/candidate/{candidate.pk}/"
    reads = [f"{sheet}change/", f"{sheet}history/"]
    for model, row in (("lead", lead), ("registrationfile", file), ("followup", line)):
        reads += [f"/admin/leads/{model}/{row.pk}/change/", f"/admin/leads/{model}/{row.pk}/history/"]
    writes = [f"{sheet}{act}/" for act in (*ACTS, "take", "pass")]
    writes += [f"{sheet}files/{file.pk}/", f"{sheet}proposals/{proposal.pk}/", f"/admin/leads/lead/{lead.pk}/spam/"]
    return [("get", page) for page in [*reads, *writes]] + [("post", page) for page in [*writes, f"{sheet}change/"]]


def statuses(client, user, pages):
    client.force_login(user)
    return {(method, page): getattr(client, method)(page).status_code for method, page in pages}


def test_every_address_of_a_candidate_is_in_this_table(person):
    named = {page.rstrip("/").rsplit("/", 1)[-1] for _method, page in pages_of(person)}
    from_admin = {reverse(f"admin:leads_candidate_{act}", args=[1]).rstrip("/").rsplit("/", 1)[-1] for act in ACTS}
    assert from_admin <= named


def test_the_own_team_may(client, person):
    found = statuses(client, recruiter(person.team), pages_of(person))
    assert set(found.values()) <= {200, 303, 422}


def test_another_team_finds_nothing_anywhere(client, person):
    found = statuses(client, recruiter(), pages_of(person))
    assert set(found.values()) == {404}


@pytest.mark.parametrize("group", ["managers", "moderators", "speakers"])
def test_other_roles_are_refused(client, person, group):
    user = staff(group, teams=[person.team])
    assert set(statuses(client, user, pages_of(person)).values()) == {403}


def test_nobody_gets_the_login(client, person):
    for method, page in pages_of(person):
        answer = getattr(client, method)(page)
        assert (answer.status_code, "/admin/login/" in answer["Location"]) == (302, True), page


def test_a_row_that_is_none_is_not_found(client, person):
    client.force_login(recruiter(person.team))
    for number in ("999999", "9" * 30):
        for model in LISTS:
            assert client.get(f"/admin/leads/{model}/{number}/change/").status_code == 404
        for part in ("note", f"files/{number}", f"proposals/{number}"):
            assert client.post(f"/admin/leads/candidate/{number}/{part}/").status_code == 404
            assert part == "note" or client.post(f"/admin/leads/candidate/{person.pk}/{part}/").status_code == 404
    assert client.get("/admin/leads/candidate/none/change/").status_code == 404


def test_a_file_of_another_candidate_is_not_found_under_this_one(client, person):
    other = RegistrationFileFactory(candidate=CandidateFactory(team=person.team))
    client.force_login(recruiter(person.team))
    values = {"to": "sent", "expected_version": 1}
    assert client.post(f"/admin/leads/candidate/{person.pk}/files/{other.pk}/", values).status_code == 404
    other.refresh_from_db()
    assert other.status == "requested"


def test_nothing_is_deleted_nor_added_by_a_stock_form(client, person):
    client.force_login(staff(is_superuser=True))
    for model in LISTS:
        assert client.get(f"/admin/leads/{model}/add/").status_code == 403, model
    rows = {"candidate": person, "lead": person.leads.get(), "registrationfile": person.files.get()}
    for model, row in rows.items():
        assert client.post(f"/admin/leads/{model}/{row.pk}/delete/", {"post": "yes"}).status_code == 403, model


@pytest.mark.parametrize("model", LISTS)
def test_lists_and_searches_show_the_own_team_alone(client, person, model):
    page = f"/admin/leads/{model}/?q=Courtial"
    client.force_login(recruiter(person.team))
    assert client.get(page).context["cl"].result_count > 0
    client.force_login(recruiter())
    assert client.get(page).context["cl"].result_count == 0


@pytest.mark.parametrize("query", ["team=", "id=", "owner=", "session=", "role="])
def test_a_number_that_no_column_holds_breaks_no_list(client, person, query):
    client.force_login(staff(is_superuser=True))
    for model in ("leads/candidate", "leads/lead", "leads/registrationfile", "leads/followup", "auth/user"):
        assert client.get(f"/admin/{model}/?{query}{'9' * 25}").status_code in (200, 302), model


PAGES = ("", "?q=Courtial", "?p=2", "?p=-1", "?view=due", "?stage=new&region=11", "?kind=information", "?owner=none")


@pytest.mark.on_postgres
@pytest.mark.parametrize("model", [*LISTS, "duplicategroup"])
def test_who_is_in_no_team_sees_empty_pages_and_no_error(client, person, model):
    nobody = staff("recruiters")
    for user, shown in ((nobody, 0), (recruiter(person.team), None)):
        client.force_login(user)
        for query in PAGES:
            page = client.get(f"/admin/leads/{model}/{query}")
            assert page.status_code in (200, 302), query  # 302: there is no such page, or filter, of this list
            assert shown is None or "cl" not in (page.context or {}) or page.context["cl"].result_count == 0
    client.force_login(nobody)
    assert client.get("/admin/").status_code == 200
    taken = client.post("/admin/leads/candidate/export/", {"reason": "Pour voir", "format": "csv"})
    assert taken["Content-Type"].startswith("text/csv")


def test_the_teams_are_read_once_and_not_again_by_another_list(person, django_assert_num_queries):
    own = User.objects.get(pk=recruiter(person.team).pk)
    with django_assert_num_queries(3):
        found = (Candidate.objects.in_scope_of(own).get(), Lead.objects.in_scope_of(own).get())
    assert found == (person, person.leads.get())
    person.team.members.remove(own)
    again = User.objects.get(pk=own.pk)  # as the next page has them
    assert not Candidate.objects.in_scope_of(again).exists()


@pytest.mark.parametrize("model", ["candidate", "registrationfile", "followup"])
def test_managers_have_no_such_list(client, model):
    client.force_login(staff("managers"))
    assert client.get(f"/admin/leads/{model}/").status_code == 403


def test_actions_leave_other_teams_alone(client, person):
    stranger = recruiter()
    client.force_login(stranger)
    mine = CandidateFactory()
    ids = [mine.pk, person.pk]
    client.post("/admin/leads/candidate/", {"action": f"assign_{stranger.pk}", "_selected_action": ids})
    person.refresh_from_db()
    mine.refresh_from_db()
    assert (mine.owner, person.owner) == (stranger, None)


def test_autocomplete_finds_the_own_team_alone(client, person):
    address = "/admin/autocomplete/?app_label=leads&model_name=lead&field_name=candidate&term=courtial"
    client.force_login(recruiter(person.team))
    assert [row["id"] for row in client.get(address).json()["results"]] == [str(person.pk)]
    client.force_login(recruiter())
    assert client.get(address).json()["results"] == []
    client.force_login(staff("managers"))
    assert client.get(address).status_code == 403


def test_a_superuser_follows_up_everybody(client, person):
    found = statuses(client, staff(is_superuser=True), pages_of(person))
    assert set(found.values()) <= {200, 303, 422}


def test_a_request_by_phone_is_for_recruiters(client):
    ContestSessionFactory()
    page = "/admin/leads/lead/phone/"
    client.force_login(recruiter())
    assert client.get(page).status_code == 200
    for group in ("managers", "moderators", "speakers"):
        client.force_login(staff(group))
        assert client.get(page).status_code == client.post(page).status_code == 403
    client.logout()
    assert "/admin/login/" in client.get(page)["Location"]


def test_the_default_team_is_where_recruiters_start():
    assert recruiter().teams.get() == Team.objects.default()
