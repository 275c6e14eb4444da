"""A list as somebody has narrowed it, kept under a name: for themselves or for their team."""

import pytest

from leads.models import KeptView
from leads.services.kept import MOST_KEPT
from tests.leads.factories import NOW, CandidateFactory, TeamFactory
from tests.leads.staff import recruiter, staff

pytestmark = pytest.mark.django_db
LIST = "/admin/leads/candidate/"


@pytest.fixture
def me(client):
    user = recruiter(first_name="Inès", last_name="Morvan")
    client.force_login(user)
    return user


def keep(client, name="Dossiers", query="region=11&stage=new", team=0, model="candidate"):
    values = {"name": name, "query": query, "team": team}
    return client.post(f"/admin/leads/{model}/keep/", values, follow=True)


def names(client, model="candidate"):
    return [label for _pk, _query, label, _own in client.get(f"/admin/leads/{model}/").context["kept_views"]]


def test_a_view_is_kept_and_shown_on_its_list_alone(client, me):
    answer = keep(client)
    assert answer.redirect_chain == [(f"{LIST}?region=11&stage=new", 303)]
    assert names(client) == ["Dossiers"] and names(client, "lead") == []
    CandidateFactory(postal_code="93100")
    assert client.get(LIST + "?" + KeptView.objects.get().query).context["cl"].result_count == 1


def test_what_belongs_to_one_page_is_not_kept(client, me):
    keep(client, query="region=11&p=7&q=a%20b")
    assert KeptView.objects.get().query == "region=11&q=a+b"


@pytest.mark.parametrize("values", [{"name": ""}, {"query": ""}, {"query": "p=3"}, {"name": "x" * 41}, {"team": 999}])
def test_what_cannot_be_kept_is_refused_with_a_word(client, me, values):
    answer = keep(client, **values)
    assert [message.level_tag for message in answer.context["messages"]] == ["error"]
    assert not KeptView.objects.exists()


def test_the_same_name_again_replaces_what_it_held(client, me):
    keep(client)
    keep(client, query="stage=closed")
    assert [view.query for view in KeptView.objects.all()] == ["stage=closed"]


def test_a_team_sees_what_is_kept_for_it_and_nobody_else_does(client, me):
    team = me.teams.get()
    keep(client, "Equipe", team=team.pk)
    keep(client, "Moi")
    client.force_login(recruiter())
    assert names(client) == ["Equipe"]
    client.force_login(recruiter(TeamFactory()))
    assert names(client) == []


def test_nobody_keeps_a_view_for_a_team_that_is_not_theirs(client, me):
    answer = keep(client, team=TeamFactory().pk)
    assert "error" in [message.level_tag for message in answer.context["messages"]]
    assert not KeptView.objects.exists()


def test_a_view_is_taken_away_by_its_owner_alone(client, me):
    keep(client, team=me.teams.get().pk)
    forget = f"{LIST}forget/{KeptView.objects.get().pk}/"
    client.force_login(recruiter())
    assert client.post(forget).status_code == 404
    client.force_login(me)
    assert client.post(forget).status_code == 303
    assert not KeptView.objects.exists()


def test_there_is_an_end_to_what_one_person_keeps(client, me):
    KeptView.objects.bulk_create(
        KeptView(owner=me, list_name="candidate", name=f"V{n}", query="stage=new", at=NOW) for n in range(MOST_KEPT)
    )
    answer = keep(client)
    assert str(MOST_KEPT) in str(*answer.context["messages"])
    assert KeptView.objects.count() == MOST_KEPT


def test_a_manager_keeps_views_of_the_requests(client):
    client.force_login(staff("managers"))
    keep(client, model="lead")
    assert names(client, "lead") == ["Dossiers"]
    assert keep(client).status_code == 403
