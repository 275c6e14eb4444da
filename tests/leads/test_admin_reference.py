"""Contests, sessions, sources for managers; teams and the organisation for superusers."""

import pytest

from leads.models import Contest, ContestSession, Organisation, Source, Team
from tests.leads.factories import ContestFactory, ContestSessionFactory, SourceFactory
from tests.leads.staff import recruiter, staff

pytestmark = pytest.mark.django_db
MANAGERS = ("contest", "contestsession", "source")
SUPERUSERS = ("team", "organisation")


@pytest.fixture
def rows():
    session = ContestSessionFactory()
    return {
        "contest": session.contest,
        "contestsession": session,
        "source": SourceFactory(),
        "team": Team.objects.default(),
        "organisation": Organisation.objects.current(),
    }


def status(client, model, rows, page="change"):
    return client.get(f"/admin/leads/{model}/{rows[model].pk}/{page}/", follow=True).status_code


def test_each_role_opens_what_is_theirs(client, rows):
    client.force_login(staff("managers"))
    assert [status(client, model, rows) for model in (*MANAGERS, *SUPERUSERS)] == [200, 200, 200, 403, 403]
    client.force_login(staff(is_superuser=True))
    assert {status(client, model, rows, page) for model in rows for page in ("change", "history")} == {200}
    client.force_login(recruiter())
    assert [status(client, model, rows) for model in (*MANAGERS, *SUPERUSERS)] == [200, 200, 403, 403, 403]


@pytest.mark.parametrize("model", [*MANAGERS, *SUPERUSERS])
def test_lists_are_open_to_superusers_and_shut_to_speakers(client, rows, model):
    client.force_login(staff(is_superuser=True))
    assert client.get(f"/admin/leads/{model}/", follow=True).status_code == 200
    client.force_login(staff("speakers"))
    assert client.get(f"/admin/leads/{model}/").status_code == 403


def test_a_manager_opens_a_session_and_a_recruiter_does_not(client, rows):
    session = rows["contestsession"]
    values = {"contest": session.contest_id, "year": 2027, "status": "closed", "posts": 300}
    page = f"/admin/leads/contestsession/{session.pk}/change/"
    client.force_login(recruiter())
    assert client.post(page, values).status_code == 403
    client.force_login(staff("managers"))
    assert client.post(page, values).status_code == 302
    session.refresh_from_db()
    assert (session.status, session.posts) == ("closed", 300)


def test_a_session_that_closes_before_it_opens_is_refused(client, rows):
    client.force_login(staff("managers"))
    values = {"contest": ContestFactory().pk, "year": 2028, "status": "open", "opens_on": "2028-02-01"}
    answer = client.post("/admin/leads/contestsession/add/", values | {"closes_on": "2028-01-01"})
    assert answer.context["errors"]
    assert not ContestSession.objects.filter(year=2028).exists()


def test_keys_that_addresses_and_counts_know_stay(client, rows):
    client.force_login(staff("managers"))
    source, contest = rows["source"], rows["contest"]
    client.post(f"/admin/leads/source/{source.pk}/change/", {"key": "new", "label": "Autre"})
    values = {"slug": "new", "title": "Autre", "posting": "idf", "position": 1}
    client.post(f"/admin/leads/contest/{contest.pk}/change/", values)
    assert Source.objects.filter(key=source.key, label="Autre").exists()
    assert Contest.objects.get(slug=contest.slug).posting == "idf"


def test_none_of_them_is_deleted(client, rows):
    client.force_login(staff(is_superuser=True))
    for model, row in rows.items():
        assert client.post(f"/admin/leads/{model}/{row.pk}/delete/", {"post": "yes"}).status_code == 403


@pytest.mark.parametrize(("model", "queries"), [("contest", 6), ("contestsession", 6), ("source", 6)])
@pytest.mark.parametrize("count", [1, 3])
def test_lists_take_as_many_queries_for_three_rows_as_for_one(client, model, queries, count, django_assert_num_queries):
    for _ in range(count):
        ContestSessionFactory()
        SourceFactory()
    client.force_login(staff("managers"))
    client.get(f"/admin/leads/{model}/")
    with django_assert_num_queries(queries):
        client.get(f"/admin/leads/{model}/")
