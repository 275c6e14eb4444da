"""Lists over a million rows: how they are found, counted, paged, and what each filter would leave."""

import re
from datetime import timedelta
from urllib.parse import parse_qsl

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from leads import services
from leads.admin.lists import WorkList
from leads.admin.paging import BoundedPaginator
from leads.choices import LeadKind, Stage
from leads.facets import count_facets
from leads.found import HITS_BY_ID
from leads.models import Candidate, Lead, RegistrationFile
from tests.leads.factories import (
    NOW,
    CandidateFactory,
    ContestSessionFactory,
    RegistrationFileFactory,
    TeamFactory,
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


@pytest.fixture
def counted_to_three(monkeypatch):
    monkeypatch.setattr(BoundedPaginator, "counted_to", 3)
    monkeypatch.setattr(WorkList, "list_per_page", 2)


def crowd(count, **values):
    """The first asked last, so that a list has them in their order."""
    return [
        CandidateFactory(first_name="", last_name=f"P{number}", asked_at=NOW - timedelta(hours=number), **values)
        for number in range(1, count + 1)
    ]


def shown(client, **query):
    return [str(row) for row in client.get(LIST, query).context["cl"].result_list]


# --- the order ------------------------------------------------------------------------------------------------------
def test_who_asked_last_comes_first_as_the_column_shows(client, me):
    ask(email="a@example.org", last_name="Un", now=NOW - timedelta(days=9))
    ask(email="b@example.org", last_name="Deux", now=NOW - timedelta(days=5))
    ask(email="a@example.org", last_name="Un", message="Encore", now=NOW)
    assert shown(client) == ["Amina Un", "Amina Deux"]
    assert shown(client, o="6") == ["Amina Deux", "Amina Un"]


def test_the_column_tells_the_day_shortly(client, me):
    ask(now=NOW - timedelta(days=9))
    assert "10 nov." in client.get(LIST, headers={"accept-language": "fr"}).content.decode()


def test_what_is_asked_twice_within_a_day_does_not_move_anybody_up(client, me):
    ask(email="a@example.org", now=NOW - timedelta(hours=3))
    asked_at = Candidate.objects.get().asked_at
    ask(email="a@example.org", now=NOW)
    assert Candidate.objects.get().asked_at == asked_at


# --- pages ----------------------------------------------------------------------------------------------------------
def test_a_list_is_counted_so_far_and_says_more_than(client, me, counted_to_three):
    crowd(7)
    page = client.get(LIST, headers={"accept-language": "fr"})
    assert page.context["cl"].result_count == 4
    assert "Plus de 3" in page.content.decode()


def test_a_list_that_ends_before_is_counted_exactly(client, me, counted_to_three):
    crowd(3)
    assert "3 candidats" in client.get(LIST, headers={"accept-language": "fr"}).content.decode()


def test_the_end_of_a_list_that_goes_on_is_reached_from_its_end(client, me, counted_to_three):
    crowd(7)
    assert shown(client, p=-1) == ["P6", "P7"]
    assert shown(client, p=-1, o="-6") == ["P6", "P7"]
    page = client.get(LIST).content.decode()
    assert "?p=-1" in page


def test_pages_of_a_counted_list_meet_without_a_gap_or_a_repeat(client, me, monkeypatch):
    monkeypatch.setattr(WorkList, "list_per_page", 2)
    crowd(7)
    assert [shown(client, p=number) for number in (1, 2, 3, 4)] == [["P1", "P2"], ["P3", "P4"], ["P5", "P6"], ["P7"]]


@pytest.mark.parametrize("number", [0, -2, 99, -99, "x"])
def test_a_page_that_is_none_sends_back_to_the_list(client, me, number, counted_to_three):
    crowd(7)
    assert client.get(LIST, {"p": number}).status_code in (200, 302)


# --- the search -----------------------------------------------------------------------------------------------------
def test_a_whole_address_finds_its_owner_alone(client, me):
    CandidateFactory(email="ana@example.org", last_name="Un")
    CandidateFactory(email="diana@example.org", last_name="Deux")
    assert shown(client, q="ana@example.org") == ["Amina Un"]
    assert sorted(shown(client, q="ana@exam")) == ["Amina Deux", "Amina Un"]


def test_a_search_of_more_hits_than_go_by_id_finds_the_same(client, me, monkeypatch):
    crowd(4)
    CandidateFactory(first_name="", last_name="Autre")
    assert HITS_BY_ID == 2_000
    monkeypatch.setattr("leads.found.HITS_BY_ID", 2)
    for typed, names in (("candidate", 5), ("autre", 1), ("p3", 1)):
        assert len(shown(client, q=typed)) == names


def test_a_search_stays_in_the_own_team(client, me):
    CandidateFactory(email="x@example.org", phone="+33711223344", team=TeamFactory())
    for typed in ("x@example.org", "07 11 22 33 44", "courtial", "x@ex"):
        assert shown(client, q=typed) == []


@pytest.mark.parametrize("typed", ["courtial", "person", "0639981240", "nobody@example.org", "co"])
def test_no_search_takes_more_than_ten_queries(client, me, typed, django_assert_max_num_queries):
    session = ContestSessionFactory()
    for _ in range(3):
        ask_for_file(session, phone="+33639981240")
    client.get(LIST)
    with django_assert_max_num_queries(10):
        client.get(LIST, {"q": typed, "stage": "new", "region": "11", "kind": "registration_file"})


def test_a_search_of_several_pages_takes_no_more_either(client, me, monkeypatch, django_assert_max_num_queries):
    monkeypatch.setattr(WorkList, "list_per_page", 2)
    session = ContestSessionFactory()
    for _ in range(3):
        ask_for_file(session, phone="+33639981240")
    for typed in ("courtial", "06 39 98 12 40"):
        client.get(LIST)
        with django_assert_max_num_queries(10):
            page = client.get(LIST, {"q": typed, "stage": "new"})
        assert page.context["cl"].result_count == 3 and page.context["cl"].facets == {}, "nor are views counted"


# --- facets ---------------------------------------------------------------------------------------------------------
def facets(client, **query):
    return client.get(LIST, query).context["cl"].facets


def test_each_figure_beside_a_filter_is_what_the_filter_leaves(client, me):
    session = ContestSessionFactory()
    ask(postal_code="93100", touches=came_from("search"))
    ask(email="b@example.org", postal_code="59000")
    ask_for_file(session, email="b@example.org", postal_code="59000", now=NOW + timedelta(hours=1))
    CandidateFactory(owner=me, stage=Stage.QUALIFIED, is_abroad=True)
    counted = facets(client)
    assert counted["stage"] == {"new": 2, "qualified": 1}
    del counted["view"]  # which has the whole view, as tested below
    assert counted["kind"]["information"] == 2 and counted["kind"]["registration_file"] == 1
    for name, choices in counted.items():
        for key, rows in choices.items():
            assert key == "" or len(shown(client, **{name: key})) == rows, (name, key)


def test_a_filter_that_is_on_counts_what_its_other_choices_would_leave(client, me):
    CandidateFactory(stage=Stage.QUALIFIED, postal_code="93100")
    CandidateFactory(postal_code="93100")
    CandidateFactory(postal_code="59000")
    counted = facets(client, stage="new")
    assert counted["stage"] == {"new": 2, "qualified": 1}
    assert counted["region"] == {"11": 1, "32": 1}


def test_figures_stand_beside_the_choices(client, me):
    CandidateFactory(stage=Stage.QUALIFIED)
    page = client.get(LIST, headers={"accept-language": "fr"}).content.decode()
    assert 'Qualifiée <span class="num">1</span>' in page
    assert 'Nouvelle <span class="num">0</span>' in page


def test_nothing_is_counted_over_a_list_that_goes_on(client, me, counted_to_three):
    crowd(7)
    page = client.get(LIST)
    assert page.context["cl"].facets.keys() == {"view"}
    assert 'class="num"' not in page.content.decode().split('id="facets"')[1]


def test_a_filter_over_too_many_rows_is_left_out(monkeypatch):
    crowd(4)
    monkeypatch.setattr("leads.facets.COUNTED_TO", 3)
    rows = Candidate.objects.all()
    assert count_facets({"stage": rows, "region": rows.filter(last_name="P1")}) == {"region": {"unknown": 1}}


def test_requests_and_files_have_their_figures_too(client, me):
    ask_for_file(ContestSessionFactory())
    RegistrationFileFactory(status="incomplete")
    leads = client.get("/admin/leads/lead/").context["cl"].facets
    assert leads["kind"] == {LeadKind.REGISTRATION_FILE: 1}
    files = client.get("/admin/leads/registrationfile/").context["cl"].facets
    assert files["status"] == {"incomplete": 1, "requested": 1}
    assert (Lead.objects.count(), RegistrationFile.objects.count()) == (1, 2)


# --- views ----------------------------------------------------------------------------------------------------------
def chips(client, **query):
    """{view: (its figure, whether it is the one shown)} as the page has them."""
    page = client.get(LIST, query, headers={"accept-language": "fr"}).content.decode()
    chip = r'class="chip" href="\?([^"]*)"([^>]*)>(?:<svg.*?</svg>)?[^<]*(?:<span class="num">([^<]*))?'
    found = re.findall(chip, page)
    return {query.replace("&amp;", "&"): (figure, "aria-current" in mark) for query, mark, figure in found}


def test_each_view_shows_how_many_it_holds_whatever_the_list_is_narrowed_to(client, me):
    CandidateFactory(owner=me, next_action_at=timezone.now())
    CandidateFactory(stage=Stage.WAITING, next_action="resume", next_action_at=timezone.now() + timedelta(days=3))
    CandidateFactory(team=TeamFactory(), owner=me)
    assert chips(client, stage="waiting", q="amina") == {
        "": ("2", False),
        "view=due": ("1", False),
        "view=new": ("1", False),
        "view=mine": ("1", False),
        "view=waiting": ("1", False),
    }
    for query, (figure, _is_here) in chips(client).items():
        assert len(shown(client, **dict(parse_qsl(query)))) == int(figure)
    assert [query for query, (_figure, is_here) in chips(client).items() if is_here] == [""]
    assert chips(client, view="new", stage="new")["view=new"] == ("1", True)


def test_whoever_is_in_no_team_has_nobody_in_any_view(client, me):
    CandidateFactory(owner=me)
    me.teams.clear()
    assert {figure for figure, _is_here in chips(client).values()} == {"0"}


def test_views_that_are_kept_show_theirs_where_the_row_itself_decides(client, me):
    CandidateFactory(postal_code="93100")
    for name, query in {"IDF": "region=11&view=new", "Search": "q=amina", "Salon": "source=search"}.items():
        services.keep_view(list_name="candidate", name=name, query=query, team_id=None, actor=me, now=NOW)
    counted = chips(client)
    assert (counted["region=11&view=new"], counted["q=amina"], counted["source=search"]) == (
        ("1", False),
        ("", False),
        ("", False),
    )


def test_views_are_counted_so_far_and_no_further(client, me, monkeypatch):
    monkeypatch.setattr("leads.facets.VIEWS_COUNTED_TO", 2)
    monkeypatch.setattr("leads.admin.piles.VIEWS_COUNTED_TO", 2)
    crowd(4)
    with CaptureQueriesContext(connection) as queries:
        assert chips(client)["view=new"] == ("2+", False)
    counting = [query["sql"] for query in queries if "SELECT 'view'" in query["sql"] and "COUNT(*)" in query["sql"]]
    assert len(counting) == 1, "all of them in one query"
    assert counting[0].count("LIMIT 3") == counting[0].count("SELECT 'view'") == 5


@pytest.mark.parametrize("page", [1, 2])
@pytest.mark.parametrize("views", [0, 12])
def test_with_views_a_list_takes_no_more_than_ten_queries(
    client, me, monkeypatch, page, views, django_assert_max_num_queries
):
    monkeypatch.setattr(WorkList, "list_per_page", 2)
    for number in range(views):
        query = {"query": f"region={number}&stage=new", "team_id": None, "actor": me, "now": NOW}
        services.keep_view(list_name="candidate", name=f"View {number}", **query)
    crowd(4)
    client.get(LIST)
    with django_assert_max_num_queries(10):
        assert client.get(LIST, {"p": page}).context["cl"].facets["view"][""] == 4


# --- a list of its own ----------------------------------------------------------------------------------------------
def test_a_list_that_does_not_say_whose_rows_it_shows_says_so(rf: RequestFactory, admin_user: User):
    class Forgetful(WorkList):
        pass

    request = rf.get("/")
    request.user = admin_user
    with pytest.raises(NotImplementedError, match="Forgetful does not say whose rows"):
        Forgetful(Candidate, None).get_queryset(request)


def test_two_letters_are_looked_for_at_the_beginning_of_words(client, me):
    CandidateFactory(first_name="Amina", last_name="Durand", email="", phone="")
    CandidateFactory(first_name="Inès", last_name="Verdun", email="", phone="")
    assert shown(client, q="du") == ["Amina Durand"]
    assert shown(client, q="dun") == ["Inès Verdun"]
